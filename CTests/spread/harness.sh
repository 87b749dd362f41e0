#!/bin/bash
# Processes join, leave, send, stop reading and are killed by seeded schedules; what each saw is checked afterwards for
# the order and membership rules (ORD-1..11, MEM-1..8, VS, LIV-1). They speak the wire themselves, on a unix socket, or
# are programs linked with our library, by TCP; with SPREAD_ORIGINAL=prefix also programs linked with Spread's own.
# SPREAD_SEEDS says how many schedules, FIRST_SEED where they begin: one that failed comes back with FIRST_SEED=N
# SPREAD_SEEDS=1.
tests=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath "$1")
. "$tests/tap.sh"
if ! command -v python3 >/dev/null; then
    skip 1 "there is no python3"
    done_testing
fi
. "$tests/spread/daemon-rig.sh"
. "$tests/spread/compile.sh"
# Over a daemon that checks its memory a part of them.
usual=220
[ -z "${MUSTER_SANITIZE:-}" ] || usual=60
seeds=${SPREAD_SEEDS:-$usual} first=${FIRST_SEED:-1}
compile "$folder/ours" "$tests/spread/actor.c"
ok $? "the member linked with our library compiles" || done_testing
programs=("$folder/ours:$build/lib")
if [ -n "${SPREAD_ORIGINAL:-}" ]; then
    gcc -w "-I$SPREAD_ORIGINAL/include" "$tests/spread/actor.c" -o "$folder/original" "-L$SPREAD_ORIGINAL/lib" -lspread
    ok $? "and with Spread's own"
    programs+=("$folder/original:$SPREAD_ORIGINAL/lib")
fi
# A low limit, so that those that stop reading are cut in some of the schedules.
start_daemon --listen 127.0.0.1 --max-session-messages 40
ok $? "the daemon starts" || done_testing
timeout 170 python3 "$raw/harness.py" "$place" "$first" "$seeds" "$port@127.0.0.1" "${programs[@]}"
result=$?
held="$(echo ORD-{1..11}) $(echo MEM-{1..8}) VS LIV-1"
ok $result "$held hold in $seeds schedules from $first on"
state=$("$muster" spread --status --port "$port" --socket-dir "$folder")
like "$state" ' 0 sessions, 0 on their way in, 0 groups' "nobody and nothing is left in the daemon"
stop_daemon
is "$status" 0 "the daemon ends well"
done_testing
