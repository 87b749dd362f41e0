#!/bin/bash
# What `muster spread` costs: AGREED messages from one sender to one and to four receivers on this machine, as a table.
#   CTests/bench/spread.sh BUILD     SPREAD_REFERENCE=/path/of/its/socket or host:port measures a daemon of Spread's in turns with ours
# Without one the column beside ours holds what a daemon of Spread 4.4.0 did on the machine where the goals were set: two
# shared cores, so good for an order of magnitude. A figure that misses its goal is no failure.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../spread/daemon-rig.sh"
reference=${SPREAD_REFERENCE:-}
rounds=${BENCH_ROUNDS:-5}
${CC:-cc} -std=gnu11 -O2 -Wall -Wextra "$here/spreadload.c" -o "$folder/load" || exit 2

median() {
    sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# row TITLE GOAL BASELINE WHAT SIZE RECEIVERS: in turns, the medians.
row() {
    local title=$1 goal=$2 theirs=$3 round
    shift 3
    : >"$folder/ours"
    : >"$folder/theirs"
    for ((round = 0; round < rounds; round++)); do
        $pin timeout 60 "$folder/load" "$place" "$@" >>"$folder/ours" || exit 1
        [ -z "$reference" ] || timeout 60 $pin "$folder/load" "$reference" "$@" >>"$folder/theirs" || exit 1
    done
    [ -z "$reference" ] || theirs=$(median <"$folder/theirs")
    awk -v t="$title" -v g="$goal" -v o="$(median <"$folder/ours")" -v r="$theirs" \
        'BEGIN { if (r == "") printf "| %s | %s | | | %s |\n", t, o, g; else printf "| %s | %s | %s | %.2f | %s |\n", t, o, r, o / r, g }'
}

pin=
start_daemon --listen none || exit 1
echo "| AGREED, unix socket | Muster | $([ -n "$reference" ] && echo "Spread" || echo "Spread 4.4.0, elsewhere") | ratio | goal |"
echo "|---|---|---|---|---|"
row "1 KiB, 1 to 1, messages/s" "at least 3" 87006 rate 1024 1
row "1 KiB, 1 to 4, messages/s" "at least 3" 36989 rate 1024 4
row "16 KiB, 1 to 4, messages/s" "at least 2" 12089 rate 16384 4
row "100 KB, 1 to 4, messages/s" "at least 2" 2558 rate 100000 4
row "1 KiB, to the last of 4, p50 us" "" "$([ -n "$reference" ] || echo 83.5)" latency 1024 4
stop_daemon
# All on one core: on two idle ones it is their waking that is measured. A reference has to be pinned by who started it.
if command -v taskset >/dev/null; then
    pin="taskset -c 0"
    muster_program=$muster
    printf '#!/bin/sh\nexec taskset -c 0 "%s" "$@"\n' "$muster_program" >"$folder/pinned"
    chmod +x "$folder/pinned"
    muster=$folder/pinned
    start_daemon --listen none || exit 1
    row "the same on one core, p50 us" "at most 0.6" "" latency 1024 4
    stop_daemon
    muster=$muster_program
fi
# Memory with many sessions.
start_daemon --listen none || exit 1
python3 - "$place" "$raw" "$daemon_pid" <<'P'
import sys
sys.path.insert(0, sys.argv[2])
from wire import *
def resident():
    return int(open(f'/proc/{sys.argv[3]}/statm').read().split()[1]) * 4
before = resident()
clients = [Client(sys.argv[1], f'm{i}', membership=0) for i in range(500)]
for i, c in enumerate(clients):
    c.join(f'group{i % 100}')
for c in clients:
    c.send(AGREED, c.private, b'')
    c.receive()
print(f'\nThe daemon with 500 sessions in 100 groups holds {resident()} KiB, {before} KiB with none.')
P
stop_daemon
