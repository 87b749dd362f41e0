#!/bin/bash
# The sub-commands for people and a Slurm step whose daemons have our library: Slurm takes no part in tools and answers
# no queries, but its ranks tell where their server is, and the server knows who waits for whom.
. "$(dirname "$0")/../tap.sh"
original=/usr/lib/$(uname -m)-linux-gnu/pmix2/lib/libpmix.so
why=
for program in munged slurmctld slurmd srun; do
    PATH=$PATH:/usr/sbin command -v $program >/dev/null || why="Slurm is not installed ($program)"
done
[ -e "$original" ] || why="the file that slurmd loads is not installed: $original"
[ "$(id -u)" -eq 0 ] || why="a private Slurm needs root"
[ -n "$why" ] || unshare -m sh -c "mount --bind /dev/null '$(readlink -f "$original")'" 2>/dev/null ||
    why="there is no mount namespace to be had here"
if [ -n "$why" ]; then
    skip 1 "$why"
    done_testing
fi
PATH=$PATH:/usr/sbin
. "$(dirname "$0")/job.sh"
muster=$(realpath "$1/bin/muster")
ours=$(realpath "$1/lib")
unset PMIX_NAMESPACE PMIX_RANK
# Slurm's nodes have a /tmp of their own and a socket's path must be short, so all of it lives here.
place=$(mktemp -d /var/tmp/muster-people.XXXXXX)
trap 'bash "$rigs/slurm-rig.sh" stop "$place/slurm"; rm -rf "$place"' EXIT
${CC:-cc} -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE "-I${MUSTER_HEADERS:-Include/pmix}" "$rigs/programs/hang.c" \
    -o "$place/hang" "-L$ours" -lpmix
ok $? "hang.c compiles"
started=1
for tries in 1 2 3; do
    bash "$rigs/slurm-rig.sh" start "$place/slurm" $((20000 + RANDOM % 12000)) 1 "$ours/libpmix.so.2" 2>"$place/why" &&
        started=0 && break
    rm -rf "$place/slurm"
done
ok $started "Slurm runs with our library (try $tries)" || {
    diag "$(cat "$place/why")"
    done_testing
}
export SLURM_CONF=$place/slurm/slurm.conf

# asks ARGUMENTS...: leaves $status, $out and $err.
asks() {
    out=$(timeout -k 5 60 "$muster" "$@" 2>"$case_folder/asked")
    status=$?
    err=$(cat "$case_folder/asked")
}

LD_LIBRARY_PATH=$ours srun --mpi=pmix --overcommit --chdir="$place" -n 3 "$place/hang" fence 1 \
    >"$place/out" 2>&1 </dev/null &
step=$!
wait_for 60 grep -q 'stays away' "$place/out"
ok $? "a step hangs" || diag "$(cat "$place/out")"
processes=$(grep -lzs "^SLURM_CONF=$SLURM_CONF" /proc/[0-9]*/environ)
# shellcheck disable=SC2086 # a list of files
rank=$(grep -lzs '^PMIX_RANK=0' $processes | cut -d/ -f3 | sort -n | head -n 1)
wait_for 60 eval "[ \$('$muster' status --pid $rank 2>/dev/null | sed -n 's/^    here: //p' | wc -w) -eq 2 ]"
ok $? "PEO-10: the two that are there have called, says the server of a rank's process"
asks status --pid "$rank"
job=$(sed -n 's/^fence of \(.*\):\*, for .*/\1/p' <<<"$out")
like "$out" "^$job: 3 processes: 3 connected$" "PEO-10: status sums the step up"
is "$(sed -n 's/^    here: //p' <<<"$out" | tr ' ' '\n' | sort | xargs)" "$job:0 $job:2" "PEO-10: who has arrived"
like "$out" "^    missing: $job:1 \(.*/hang, pid [0-9]+ on [^ ]+, connected\)$" \
    "PEO-10: who is missing, and its process"
victim=$(sed -n 's/^    missing: .*, pid \([0-9]*\) on .*$/\1/p' <<<"$out")
asks ps --pid "$rank"
is "$(awk 'NR > 1 { print $1, $2, $5 }' <<<"$out")" "$job 0 connected
$job 1 connected
$job 2 connected" "PEO-10: ps lists the ranks of the node, though Slurm answers no queries"
is "$(awk 'NR == 3 { print $3 }' <<<"$out")" "$victim" "PEO-10: with their processes"
asks query --pid "$rank" --job "$job" job_size
is "$status $out" "0 PMIX_JOB_SIZE = 3" "PEO-10: query tells what the server knows"
asks ps --pid "$(tr -d ' ' <<<"$(awk '/^PPid:/ { print $2 }' "/proc/$rank/status")")"
is "$status" 2 "PEO-10: the step's own process has no word for tools"
like "$err" "name the process of a rank" "PEO-10: and what to do is said"
is_running "$step"
ok $? "PEO-10: the step goes on"
kill -9 "$victim"
wait "$step"
[ $? -ne 0 ]
ok $? "PEO-10: and ends when the missing rank is killed"

# Asking does nothing to a job that does not hang.
LD_LIBRARY_PATH=$ours srun --mpi=pmix --overcommit --chdir="$place" -n 3 "$place/hang" fence none \
    >"$place/out" 2>&1 </dev/null
is $? 0 "a step that does not hang"
done_testing
