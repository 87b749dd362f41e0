#!/bin/bash
# What `muster spread` costs: AGREED messages from one sender to one and to four receivers on this machine, as a table.
#   CTests/bench/spread.sh BUILD
# SPREAD_REFERENCE=/path/of/its/socket measures a daemon of Spread's in turns with ours, on the same cores. Without one
# the column beside ours holds what a daemon of Spread 4.4.0 did on the machine where the goals were set: two shared
# cores, so good for an order of magnitude. A figure that misses its goal is no failure.
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
        'BEGIN {
            if (r == "") printf "| %s | %s | | | %s |\n", t, o, g
            else printf "| %s | %s | %s | %.2f | %s |\n", t, o, r, o / r, g
        }'
}

pin=
start_daemon --listen none || exit 1
whose="Spread 4.4.0, elsewhere"
[ -z "$reference" ] || whose=Spread
echo "| AGREED, unix socket | Muster | $whose | ratio | goal |"
echo "|---|---|---|---|---|"
row "1 KiB, 1 to 1, messages/s" "at least 3" 87006 rate 1024 1
row "1 KiB, 1 to 4, messages/s" "at least 3" 36989 rate 1024 4
row "16 KiB, 1 to 4, messages/s" "at least 2" 12089 rate 16384 4
row "100 KB, 1 to 4, messages/s" "at least 2" 2558 rate 100000 4
row "1 KiB, to the last of 4, p50 us" "" "$([ -n "$reference" ] || echo 83.5)" latency 1024 4
stop_daemon
# The process that listens on a socket, and where it may run.
listener() {
    python3 -c 'import socket, struct, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
print(struct.unpack("iii", s.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0])' "$1"
}
cores_of() {
    taskset -cp "$1" | sed 's/.*: //'
}

# All on one core: on two idle ones it is their waking that is measured.
if command -v taskset >/dev/null; then
    pin="taskset -c 0"
    muster_program=$muster
    printf '#!/bin/sh\nexec taskset -c 0 "%s" "$@"\n' "$muster_program" >"$folder/pinned"
    chmod +x "$folder/pinned"
    muster=$folder/pinned
    start_daemon --listen none || exit 1
    if [[ $reference == /* ]]; then
        theirs=$(listener "$reference") && before=$(cores_of "$theirs") && taskset -cp 0 "$theirs" >/dev/null
    fi
    row "the same on one core, p50 us" "at most 0.6" "" latency 1024 4
    stop_daemon
    [[ $reference != /* ]] || taskset -cp "$before" "$theirs" >/dev/null
    muster=$muster_program
fi
