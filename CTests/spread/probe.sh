#!/bin/bash
# A program linked with libspread tells what it sees of a daemon (talk.c). With our library on our daemon it prints what
# it printed with Spread 4.4.0's library on Spread 4.4.0's daemon (talk.expected); with SPREAD_REFERENCE=host:port on
# that daemon too, and with SPREAD_ORIGINAL=prefix linked with that library too, on both.
tests=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath "$1")
. "$tests/tap.sh"
. "$tests/spread/daemon-rig.sh"
. "$tests/spread/compile.sh"
# talk PROGRAM LIBRARIES PORT@HOST TEXT
talk() {
    LD_LIBRARY_PATH=$2 timeout 60 "$1" "$3" >"$folder/out" 2>&1
    is "$(diff "$raw/talk.expected" "$folder/out")" "" "B.1-B.9 FL-3..39: $4: as Spread 4.4.0's on Spread 4.4.0's"
}
compile "$folder/ours" "$tests/spread/talk.c"
ok $? "the program compiles" || done_testing
start_daemon --listen 127.0.0.1
ok $? "the daemon starts" || done_testing
if [ -n "${SPREAD_ORIGINAL:-}" ]; then
    gcc -w "-I$SPREAD_ORIGINAL/include" "$tests/spread/talk.c" -o "$folder/original" "-L$SPREAD_ORIGINAL/lib" -lspread
    ok $? "the program compiles with Spread's own library"
    talk "$folder/original" "$SPREAD_ORIGINAL/lib" "$port@127.0.0.1" "Spread's library on our daemon"
else
    skip 1 "SPREAD_ORIGINAL names no library of Spread's"
fi
talk "$folder/ours" "$build/lib" "$port@127.0.0.1" "our library on our daemon"
if [ -n "${SPREAD_REFERENCE:-}" ]; then
    reference=${SPREAD_REFERENCE##*:}@${SPREAD_REFERENCE%:*}
    talk "$folder/ours" "$build/lib" "$reference" "our library on $SPREAD_REFERENCE"
    [ -z "${SPREAD_ORIGINAL:-}" ] ||
        talk "$folder/original" "$SPREAD_ORIGINAL/lib" "$reference" "Spread's library on $SPREAD_REFERENCE"
else
    skip 1 "SPREAD_REFERENCE names no daemon of Spread's"
fi
stop_daemon
is "$status" 0 "the daemon ends well"
done_testing
