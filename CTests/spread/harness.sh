#!/bin/bash
# Processes join, leave, send, stop reading and are killed by seeded schedules; what each saw is checked afterwards for
# the order and membership rules (ORD-1, 3, 4, 5, 8-11, MEM-1..8, VS, LIV-1). SPREAD_SEEDS says how many schedules, FIRST_SEED where
# they begin: one that failed comes back with FIRST_SEED=N SPREAD_SEEDS=1.
. "$(dirname "$0")/../tap.sh"
if ! command -v python3 >/dev/null; then
    skip 1 "there is no python3"
    done_testing
fi
. "$(dirname "$0")/daemon-rig.sh"
seeds=${SPREAD_SEEDS:-220} first=${FIRST_SEED:-1}
# A low limit, so that those that stop reading are cut in some of the schedules.
start_daemon --listen none --max-session-messages 40
ok $? "the daemon starts" || done_testing
timeout 170 python3 "$raw/harness.py" "$place" "$first" "$seeds"
ok $? "ORD-1 ORD-3 ORD-4 ORD-5 ORD-8..11 MEM-1..8 VS LIV-1 hold in $seeds schedules from $first on"
state=$("$muster" spread --status --port "$port" --socket-dir "$folder")
like "$state" ' 0 sessions, 0 on their way in, 0 groups' "nobody and nothing is left in the daemon"
stop_daemon
is "$status" 0 "the daemon ends well"
done_testing
