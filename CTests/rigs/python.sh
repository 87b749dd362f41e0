#!/bin/bash
# Debian's python3-pmix, a client of 85 functions that knows nothing of us: what its two ranks print on our library is what
# they print on the original.
. "$(dirname "$0")/../tap.sh"
python=/usr/bin/python3
if ! command -v mpirun >/dev/null || ! "$python" -c 'import pmix' 2>/dev/null; then
    skip 1 "Open MPI or python3-pmix is not installed"
    done_testing
fi
. "$(dirname "$0")/job.sh"
ours=$(realpath "$1/lib/libpmix.so.2")

# Each rank's lines in a file of its own: through mpirun they would be cut where the pipe was. The name of the namespace is
# the only thing that changes from job to job; the module talks of its own thread whenever that gets to it.
run_client() {
    job_start "$@" -- -n 2 bash -c "exec $python $rigs/pmix_client.py >$case_folder/lines.\$PMIX_RANK"
    wait "$job_pid"
    status=$?
    lines=$(sed -E "/^CLIENT /d; s/'nspace': '[^']*'/'nspace': 'JOB'/g" "$case_folder"/lines.{0,1})
}

run_client "LD_LIBRARY_PATH=$(dirname "$ours")"
ours_lines=$lines
is "$status" 0 "the job on our library ends with 0"
is "$(grep -c . <<<"$lines")" 18 "both ranks print nine lines"
like "$lines" "^init 0 \{'nspace': 'JOB', 'rank': 0\}" "rank 0 is told who it is"
like "$lines" "^get \(0, \{'value': 101," "rank 0 gets what rank 1 has put"
like "$lines" "^get \(0, \{'value': 100," "rank 1 gets what rank 0 has put"
is "$(grep -c "^job size (0, {'value': 2," <<<"$lines")" 2 "both know the size of the job"
run_client
is "$ours_lines" "$lines" "the original's library makes it print the same"
done_testing
