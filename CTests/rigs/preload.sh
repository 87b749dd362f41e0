#!/bin/bash
# Our library put in front by LD_PRELOAD: the loader then takes it for the libpmix.so.2 that everything else asks for.
. "$(dirname "$0")/../tap.sh"
if ! command -v mpirun >/dev/null || ! command -v mpicc >/dev/null; then
    skip 1 "Open MPI is not installed"
    done_testing
fi
. "$(dirname "$0")/job.sh"
ours=$(realpath "$1/lib/libpmix.so.2")
compile_mpi traffic
job_start "LD_PRELOAD=$ours" -- -n 2 "$case_folder/traffic" "$case_folder/hold"
job_wait_ready 2
ok $? "every rank is through its traffic"
table=$(job_table)
pids=$(descendants "$job_pid")
job_finish
is $? 0 "mpirun ends with 0"
is "$(cat "$job_output")" "traffic ok 2 ranks" "every result was right, and nothing else was said"
is "$(awk -F '\t' '{ print $1, $4 }' <<<"$table" | sort)" "mpirun $ours
rank 0 $ours
rank 1 $ours" "mpirun and the ranks have ours mapped and no other"
is "$(job_left "$pids")" "" "nothing is left behind"
done_testing
