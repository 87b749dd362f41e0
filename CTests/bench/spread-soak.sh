#!/bin/bash
# What `muster spread` keeps of the messages that go through it: its memory with no session, with 500 sessions in 100
# groups, and after each tenth of MESSAGES, as a table. Fails when memory grew over the second half.
#   CTests/bench/spread-soak.sh BUILD [MESSAGES]     ten million take about ten minutes
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../spread/daemon-rig.sh"
${CC:-cc} -std=gnu11 -O2 -Wall -Wextra "$here/spreadsoak.c" -o "$folder/soak" || exit 2
start_daemon --listen none || exit 1
"$folder/soak" "$place" "$daemon_pid" "${2:-10000000}"
grew=$?
stop_daemon
[ "$status" -eq 0 ] && exit "$grew"
