#!/bin/bash
# Jobs that are started for a debugger under `muster run`: stopped at exec, in PMIx_Init or where they say, until they
# are released; with ranks on our library and on the original's, and a rank or a tool as the debugger.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/job.sh"
muster=$(realpath "$1/bin/muster")
ours=$(realpath "$1/lib")
original=${MUSTER_ORIGINAL_ROOT:-/usr/lib/$(uname -m)-linux-gnu/pmix2}/lib
mkdir -p "$case_folder/tmp"
export TMPDIR=$case_folder/tmp
${CC:-cc} -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE "-I${MUSTER_HEADERS:-Include/pmix}" "$rigs/programs/debugged.c" \
    -o "$case_folder/debugged" "-L$ours" -lpmix -lpthread
ok $? "debugged.c compiles"

# stops KIND WHERE EXPECTED
stops() {
    export DEBUGGED=$case_folder/steps.$whose.$1.$2
    mkdir -p "$DEBUGGED"
    LD_LIBRARY_PATH=$library timeout -k 5 50 "$muster" run --timeout 40 -n 1 "$case_folder/debugged" "$1" "$2" \
        >"$case_folder/out" 2>"$case_folder/err" </dev/null
    is "$? $(cat "$case_folder/out")" "0 $3
done" "DEBUG-4 $whose: a $1 has a job stopped: $2" || diag "$(cat "$case_folder/err")"
    sed -i 's/^/# /' "$case_folder/err"
}

for library in "$ours" "$original"; do
    whose=ours
    [ "$library" = "$ours" ] || whose=theirs
    for kind in client tool; do
        [ -e "$library/libpmix.so.2" ] || { skip 4 "the original's library is not installed"; continue; }
        stops $kind exec "ready at exec: 2 stopped main 0 through 0 released 0"
        stops $kind init "ready at pmix-init: main 2 through 0 released 0"
        stops $kind app "ready at main loop: main 2 through 2 released 0"
        # The original's ranks stop all of them.
        [ $whose = theirs ] || stops $kind one "ready at pmix-init: main 1 through 0 released 0"
    done
done
done_testing
