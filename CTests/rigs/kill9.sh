#!/bin/bash
# A rank is killed with SIGKILL while the others wait for it in a fence. mpirun then ends the job; asked to go on without
# the lost rank, it leaves the others to the library, which must not let the fence succeed.
. "$(dirname "$0")/../tap.sh"
if ! command -v mpirun >/dev/null; then
    skip 1 "Open MPI is not installed"
    done_testing
fi
. "$(dirname "$0")/job.sh"
ours=$(realpath "$1/lib/libpmix.so.2")
fence=$case_folder/fence
headers=${MUSTER_HEADERS:-Include/pmix}
# shellcheck disable=SC2086
${CC:-cc} -std=gnu11 -O1 -Wall -Wextra "-I$headers" "$rigs/programs/fence.c" -o "$fence" "-L$1/lib" -lpmix

all_entered() {
    [ -s "$job_hold/victim" ] && [ "$(find "$job_hold" -name 'entered.?' | wc -l)" -eq 3 ]
}
mpirun_ended() {
    ! is_running "$job_pid"
}

# kill_one TEXT ARGUMENTS...: leaves mpirun's exit status in $status.
kill_one() {
    local text=$1 pids
    shift
    job_start "LD_LIBRARY_PATH=$(dirname "$ours")" -- -n 4 "$@" "$fence" "$case_folder/hold"
    wait_for 60 all_entered
    ok $? "$text: three ranks are in the fence and the fourth is not" || diag "$(cat "$job_output")"
    # The file says that a rank is about to enter; its request is at the server well within this.
    sleep 0.3
    pids=$(descendants "$job_pid")
    kill -9 "$(cat "$job_hold/victim")"
    wait_for 60 mpirun_ended
    # shellcheck disable=SC2086 # a list of pids
    ok $? "$text: mpirun ends" || kill -9 $pids
    wait "$job_pid"
    status=$?
    is "$(job_left "$pids")" "" "$text: no process and no file is left behind"
}

kill_one "the job is ended"
[ "$status" -ne 0 ]
ok $? "the job is ended: mpirun's exit status says so"
is "$(cat "$job_hold"/result.? 2>/dev/null | grep -x 0)" "" "the job is ended: nobody came out of the fence with success"

kill_one "the job goes on" --enable-recovery
is "$(grep -lEx -e '-[0-9]+' "$job_hold"/result.? | wc -l)" 3 "the job goes on: the fence gives the other three an error"
done_testing
