#!/bin/bash
# What the host behind `muster run` does for jobs that have to do with each other: ranges, scopes and persistence of data,
# events to every range, orders, questions, what is declined; with ranks on our library and on the original's.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/job.sh"
muster=$(realpath "$1/bin/muster")
ours=$(realpath "$1/lib")
original=${MUSTER_ORIGINAL_ROOT:-/usr/lib/$(uname -m)-linux-gnu/pmix2}/lib
mkdir -p "$case_folder/tmp"
export TMPDIR=$case_folder/tmp
${CC:-cc} -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE "-I${MUSTER_HEADERS:-Include/pmix}" "$rigs/programs/guest.c" \
    -o "$case_folder/guest" "-L$ours" -lpmix
ok $? "guest.c compiles"

# asks MODE RANKS EXPECTED: the sorted output and the status are what they should be, and nothing else is said.
asks() {
    LD_LIBRARY_PATH=$library timeout -k 5 80 "$muster" run --timeout 50 -n "$2" "$case_folder/guest" "$1" \
        >"$case_folder/out" 2>"$case_folder/err" </dev/null
    is "$? $(sort "$case_folder/out")" "0 $3" "RUN-2 $whose: $1" || diag "$(cat "$case_folder/err")"
    is "$(cat "$case_folder/err")" "" "$whose: $1: nothing else is said"
    is "$(find "$TMPDIR" -mindepth 1)" "" "$whose: $1: no file is left"
}

for library in "$ours" "$original"; do
    whose=ours
    [ "$library" = "$ours" ] || whose=theirs
    [ -e "$library/libpmix.so.2" ] || { skip 18 "the original's library is not installed"; continue; }
    asks ranges 2 "ranges ok 0
ranges ok 1
ranges-child ok 0
ranges-child ok 1"
    asks scopes 3 "scopes ok 0
scopes ok 1
scopes ok 2"
    asks events 2 "events ok 0
events ok 1
events-child ok 0"
    asks orders 2 "orders ok 0
orders ok 1
orders-child ok 0
orders-child ok 1"
    asks questions 3 "questions ok 0
questions ok 1
questions ok 2
questions-child ok 0
questions-child ok 1"
    asks declined 2 "declined ok 0
declined ok 1"
done
done_testing
