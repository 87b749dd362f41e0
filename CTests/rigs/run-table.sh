#!/bin/bash
# `make run`: an MPI job of four ranks under the installed mpirun, on the library in BUILD/lib. Prints which libpmix each of
# its processes has mapped while it runs, and then what the program said. Fails unless all of them are ours. Then the same
# program under `muster run`.
#   run-table.sh BUILD [RANKS]
set -eu
build=$(realpath "$1")
ranks=${2:-4}
export MUSTER_CASE=$build/run
rm -rf "$MUSTER_CASE"
mkdir -p "$MUSTER_CASE"
. "$(dirname "$0")/job.sh"

compile_mpi hello
job_start "LD_LIBRARY_PATH=$build/lib" -- -n "$ranks" "$case_folder/hello" "$case_folder/hold"
if ! job_wait_ready "$ranks"; then
    cat "$job_output"
    echo "the job ended before its ranks were ready" >&2
    exit 1
fi
table=$(job_table)
status=0
job_finish || status=$?

printf '%-10s %-8s %-10s %s\n' process pid program "libpmix mapped (/proc/PID/maps)"
while IFS=$'\t' read -r role pid program library; do
    printf '%-10s %-8s %-10s %s\n' "$role" "$pid" "$program" "$library"
done <<<"$table"
printf '\n'
cat "$job_output"
[ "$status" -eq 0 ] || { echo "mpirun ended with $status" >&2; exit 1; }

ours=$(awk -F '\t' -v library="$(realpath "$build/lib/libpmix.so.2")" '$4 == library' <<<"$table" | wc -l)
if [ "$ours" -ne $((ranks + 1)) ] || [ "$(wc -l <<<"$table")" -ne "$ours" ]; then
    echo "expected mpirun and $ranks ranks on our library alone" >&2
    exit 1
fi

# The host is muster now; its ranks are looked at in the same way.
printf '\nmuster run -n %s --tag-output hello\n' "$ranks"
rm -rf "$job_hold"
mkdir -p "$job_hold"
LD_LIBRARY_PATH=$build/lib "$build/bin/muster" run -n "$ranks" --tag-output "$case_folder/hello" "$job_hold" \
    >"$job_output" 2>&1 </dev/null &
job_pid=$!
if ! job_wait_ready "$ranks"; then
    cat "$job_output"
    echo "the job ended before its ranks were ready" >&2
    exit 1
fi
while IFS=$'\t' read -r role pid program library; do
    printf '%-10s %-8s %-10s %s\n' "$role" "$pid" "$program" "$library"
done <<<"$(job_table)"
printf '\n'
status=0
job_finish || status=$?
cat "$job_output"
exit "$status"
