#!/bin/bash
# The program of programs/families.c, one family of operations at a time, as the ranks of a job under `muster run`: what
# they see is what stands in expected/muster, with ranks on our library and with ranks on the original's.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/job.sh"
. "$(dirname "$0")/words.sh"
muster=$(realpath "$1/bin/muster")
compile_families "$1"

# run_job LIBRARY-FOLDER FAMILY RANKS ARGUMENTS...: no folder for the original. Leaves $status, $words, $remains.
run_job() {
    local library=$1 family=$2 ranks=$3
    shift 3
    rm -rf "$case_folder/tmp" "$case_folder/words"
    mkdir -p "$case_folder/tmp" "$case_folder/words"
    env TMPDIR="$case_folder/tmp" LD_LIBRARY_PATH="${library:-$(dirname "$original_library")}" timeout -k 5 60 \
        "$muster" run "$@" -n "$ranks" "$families" "$case_folder/words" "$family" >"$case_folder/output" 2>&1 <"$input"
    status=$?
    collect_words
    is "$(find "$case_folder/tmp" -mindepth 1)" "" "$family: no file of muster's is left"
}

original_of() {
    original_here
}

for family in publish modex spawn joining control cleanup events monitor heartbeat query log output group resolve; do
    both "$family" 3 0
done
both abort 3 7
done_testing
