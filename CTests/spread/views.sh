#!/bin/bash
# Members of the flush layer by seeded schedules, on our daemon: VS-1..4 and what goes with them, checked over the logs
# of all. SPREAD_FLUSH_SEEDS says how many schedules, FIRST_SEED where they begin; with SPREAD_ORIGINAL=prefix members
# linked with Spread's own library are among them.
tests=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath "$1")
. "$tests/tap.sh"
if ! command -v python3 >/dev/null; then
    skip 1 "there is no python3"
    done_testing
fi
. "$tests/spread/daemon-rig.sh"
. "$tests/spread/compile.sh"
usual=200
[ -z "${MUSTER_SANITIZE:-}" ] || usual=60
seeds=${SPREAD_FLUSH_SEEDS:-$usual} first=${FIRST_SEED:-1}
compile "$folder/ours" "$tests/spread/flusher.c"
ok $? "the member linked with our library compiles" || done_testing
start_daemon --listen 127.0.0.1
ok $? "the daemon starts" || done_testing
timeout 170 python3 "$raw/flush.py" "$port@127.0.0.1" "$first" "$seeds" "$folder/ours:$build/lib"
result=$?
held="VS-1 VS-2 VS-3 VS-4 FL-11 FL-33 FL-39 ORD-3 ORD-5 ORD-8 ORD-10 ORD-11 LIV-1"
ok $result "$held hold in $seeds schedules from $first on"
if [ -n "${SPREAD_ORIGINAL:-}" ]; then
    gcc -w -DMUSTER_ORIGINAL "-I$SPREAD_ORIGINAL/include" "$tests/spread/flusher.c" -o "$folder/original" \
        "-L$SPREAD_ORIGINAL/lib" -lspread
    ok $? "the member linked with Spread's library compiles"
    timeout 170 python3 "$raw/flush.py" "$port@127.0.0.1" "$first" 60 "$folder/ours:$build/lib" \
        "$folder/original:$SPREAD_ORIGINAL/lib" 2>"$folder/warnings"
    ok $? "and with both libraries in one group"
else
    skip 1 "SPREAD_ORIGINAL names no Spread's own library"
fi
like "$("$muster" spread --status --port "$port" --socket-dir "$folder")" ' 0 sessions, 0 on their way in, 0 groups' \
    "nobody and nothing is left in the daemon"
stop_daemon
is "$status" 0 "the daemon ends well"
done_testing
