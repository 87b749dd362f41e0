#!/bin/bash
# Debian's python3-pmix knows nothing of us and refers to 85 functions, all of which Python binds at once: what its ranks
# and its servers print on our library is what they print on the original.
. "$(dirname "$0")/../tap.sh"
python=/usr/bin/python3
if ! command -v mpirun >/dev/null || ! "$python" -W ignore -c 'import pmix' 2>/dev/null; then
    skip 1 "Open MPI or python3-pmix is not installed"
    done_testing
fi
. "$(dirname "$0")/job.sh"
ours=$(dirname "$(realpath "$1/lib/libpmix.so.2")")
export PYTHONDONTWRITEBYTECODE=1 PYTHONWARNINGS=ignore

mapped=$(LD_LIBRARY_PATH=$ours "$python" -c 'import pmix; print(open("/proc/self/maps").read())' |
    grep -o '/.*libpmix\.so.*' | sort -u)
is "$mapped" "$ours/libpmix.so.2" "the module finds all its names in our library"

# Each rank's lines in a file of its own: through mpirun they would be cut where the pipe was. The name of the namespace is
# the only thing that changes from job to job; the module talks of its own thread whenever that gets to it.
# run_ranks SCRIPT [VARIABLE=VALUE...]: leaves $status and $lines.
run_ranks() {
    local script=$1
    shift
    job_start "$@" -- -n 2 bash -c "exec $python $rigs/$script >$case_folder/lines.\$PMIX_RANK"
    wait "$job_pid"
    status=$?
    lines=$(sed -E "/^CLIENT /d; s/'nspace': '[^']*'/'nspace': 'JOB'/g" "$case_folder"/lines.{0,1})
}

run_ranks pmix_client.py "LD_LIBRARY_PATH=$ours"
ours_lines=$lines
is "$status" 0 "client: the job on our library ends with 0"
is "$(grep -c . <<<"$lines")" 18 "client: both ranks print nine lines"
like "$lines" "^init 0 \{'nspace': 'JOB', 'rank': 0\}" "client: rank 0 is told who it is"
like "$lines" "^get \(0, \{'value': 101," "client: rank 0 gets what rank 1 has put"
like "$lines" "^get \(0, \{'value': 100," "client: rank 1 gets what rank 0 has put"
is "$(grep -c "^job size (0, {'value': 2," <<<"$lines")" 2 "client: both know the size of the job"
run_ranks pmix_client.py
is "$ours_lines" "$lines" "client: the original's library makes it print the same"

run_ranks pmix_calls.py "LD_LIBRARY_PATH=$ours"
ours_lines=$lines
is "$status" 0 "calls: the job on our library ends with 0"
is "$(grep -c '^finalize 0' <<<"$lines")" 2 "calls: both ranks come to the end"
is "$(grep '^# group' <<<"$lines" | sort | uniq -c | sed 's/^ *//')" "2 # group_construct 0
2 # group_destruct 0" "calls: a group comes and goes"
run_ranks pmix_calls.py
is "$(sed '/^# /d' <<<"$ours_lines")" "$(sed '/^# /d' <<<"$lines")" \
    "calls: the original's library makes it print the same"

# run_server [VARIABLE=VALUE...]: the server and its ranks have the same library.
run_server() {
    env TMPDIR="$case_folder" "$@" timeout -k 5 60 "$python" "$rigs/pmix_server.py" "$rigs/pmix_client.py" \
        >"$case_folder/server" 2>"$case_folder/server.errors" </dev/null
    status=$?
    lines=$(sed -E '/(CLIENT|SERVER) /d' "$case_folder/server")
}

run_server "LD_LIBRARY_PATH=$ours"
ours_lines=$lines
is "$status" 0 "server: it ends with 0 on our library" || diag "$(tail -n 5 "$case_folder/server.errors")"
like "$lines" "^init 0" "server: it starts"
like "$lines" "^ranks ended with \[0, 0\]" "server: both of its ranks end well"
like "$lines" "^seen \['connected', 'connected', 'finalized', 'finalized'\]" "server: its upcalls are made"
run_server
is "$ours_lines" "$lines" "server: the original's library makes it print the same"
done_testing
