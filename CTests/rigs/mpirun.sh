#!/bin/bash
# An unmodified MPI program under the installed mpirun, with our library in mpirun, in the daemons and in the ranks, and
# with ours and the original's mixed. /proc/PID/maps says who really had which.
. "$(dirname "$0")/../tap.sh"
if ! command -v mpirun >/dev/null || ! command -v mpicc >/dev/null; then
    skip 1 "Open MPI is not installed"
    done_testing
fi
. "$(dirname "$0")/job.sh"
ours=$(realpath "$1/lib/libpmix.so.2")
original=$(ldconfig -p | sed -n 's/.*libpmix\.so\.2 .*=> //p' | head -n 1)
original=$(realpath "${original:-/nonexistent}" 2>/dev/null)
compile_mpi traffic
traffic=$case_folder/traffic
table=

# run_traffic TEXT RANKS LIBRARY-OF-MPIRUN LIBRARY-OF-RANKS ARGUMENTS...: the daemons have what mpirun has.
run_traffic() {
    local text=$1 ranks=$2 host_library=$3 rank_library=$4 status pids
    shift 4
    local variables=() wrapper=()
    [ "$host_library" = "$original" ] || variables=("LD_LIBRARY_PATH=$(dirname "$host_library")")
    if [ "$rank_library" != "$host_library" ]; then
        wrapper=(env -u LD_LIBRARY_PATH)
        [ "$rank_library" = "$original" ] || wrapper=(env "LD_LIBRARY_PATH=$(dirname "$rank_library")")
    fi
    job_start "${variables[@]}" -- "$@" -n "$ranks" "${wrapper[@]}" "$traffic" "$case_folder/hold"
    job_wait_ready "$ranks"
    ok $? "$text: every rank is through its traffic"
    table=$(job_table)
    pids=$(descendants "$job_pid")
    job_finish
    status=$?
    is "$status" 0 "$text: mpirun ends with 0"
    # Open MPI's own parent and child both set the process group, and it complains when the child was faster.
    is "$(grep -v 'plm:rsh: Warning: setpgid' "$job_output")" "traffic ok $ranks ranks" \
        "$text: every result was right, and nothing else was said"
    is "$(awk -F '\t' '$1 !~ /^rank/ { print $3, $4 }' <<<"$table" | sort -u)" "$(hosts_with "$host_library" "$@")" \
        "$text: mpirun and its daemons have the library they should have"
    is "$(awk -F '\t' '$1 ~ /^rank/ { print $4 }' <<<"$table" | sort | uniq -c | sed 's/^ *//')" "$ranks $rank_library" \
        "$text: so has each of the $ranks ranks"
    is "$(job_left "$pids")" "" "$text: nothing is left behind"
}

# What the table should say of the host's side, given mpirun's arguments.
hosts_with() {
    local library=$1
    shift
    echo "mpirun $library"
    if [[ " $* " == *" -H "* ]]; then
        echo "orted $library"
    fi
}

run_traffic "4 ranks" 4 "$ours" "$ours"
run_traffic "64 ranks" 64 "$ours" "$ours"
if [ "$(id -u)" -eq 0 ] && unshare -u true 2>/dev/null; then
    run_traffic "two hosts" 5 "$ours" "$ours" "${fake_hosts[@]}" -H nodeA:2,nodeB:3
    is "$(grep -c . <<<"$(awk -F '\t' '$1 == "orted"' <<<"$table")")" 2 "two hosts: there were two daemons"
else
    skip 7 "a second host needs root and a UTS namespace"
fi
if [ -n "$original" ] && [ "$original" != "$ours" ]; then
    run_traffic "our host, their ranks" 4 "$ours" "$original"
    run_traffic "their host, our ranks" 4 "$original" "$ours"
else
    skip 12 "the original's library is not installed"
fi
done_testing
