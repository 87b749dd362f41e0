#!/bin/bash
# A program of ours, one family of operations at a time, as the ranks of a job under Debian's mpirun: what they see is
# what stands in expected/mpirun, on our library and on the original.
. "$(dirname "$0")/../tap.sh"
if ! command -v mpirun >/dev/null; then
    skip 1 "Open MPI is not installed"
    done_testing
fi
. "$(dirname "$0")/job.sh"
. "$(dirname "$0")/words.sh"
compile_families "$1"

# run_job LIBRARY-FOLDER FAMILY RANKS ARGUMENTS...: no folder for the original. Leaves $status, $words, $remains.
run_job() {
    local library=$1 family=$2 ranks=$3 limit=60
    shift 3
    [ -n "$library" ] || limit=25
    rm -rf "$case_folder/tmp" "$case_folder/words"
    mkdir -p "$case_folder/tmp" "$case_folder/words"
    env TMPDIR="$case_folder/tmp" ${library:+"LD_LIBRARY_PATH=$library"} timeout -k 5 $limit \
        "$mpirun" "$@" -n "$ranks" "$families" "$case_folder/words" "$family" >"$case_folder/output" 2>&1 <"$input"
    status=$?
    collect_words
}

original_of() {
    case $1 in
        events) echo "the original's mpirun hangs when a rank notifies: it replies twice" ;;
        group) echo "the original has no groups without a host that has them" ;;
        *) original_here ;;
    esac
}

for family in publish modex spawn joining control cleanup monitor heartbeat query log output resolve; do
    both "$family" 3 0
done
both events 3 0
both group 3 0
both fault 3 0 --enable-recovery
both abort 3 7
if [ "$(id -u)" -eq 0 ] && unshare -u true 2>/dev/null; then
    text="two hosts: "
    both modex 3 0 "${fake_hosts[@]}" -H nodeA:1,nodeB:2
    both publish 3 0 "${fake_hosts[@]}" -H nodeA:1,nodeB:2
    both resolve 3 0 "${fake_hosts[@]}" -H nodeA:1,nodeB:2
else
    skip 1 "a second host needs root and a UTS namespace"
fi
done_testing
