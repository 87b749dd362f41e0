#!/bin/bash
# `muster spread` as its clients and its owner see it: the protocol, compared with what a daemon of Spread 4.4.0 was
# seen to do, on a unix socket and on TCP; bad input; signals, the state, the options.
. "$(dirname "$0")/../tap.sh"
if ! command -v python3 >/dev/null; then
    skip 1 "there is no python3"
    done_testing
fi
. "$(dirname "$0")/daemon-rig.sh"

# What is asked of every daemon; with SPREAD_REFERENCE a real one is asked the same at once.
start_daemon --listen 127.0.0.1 --listen ::1
ok $? "the daemon starts" || done_testing
for where in "$place" "127.0.0.1:$port" "[::1]:$port"; do
    if [[ $where == \[* ]] && [ ! -e /proc/net/if_inet6 ]; then
        skip 1 "there is no IPv6"
        continue
    fi
    timeout 60 python3 "$raw/probe.py" "$where" >"$folder/probe" 2>&1
    difference=$(diff "$raw/probe.expected" "$folder/probe")
    is "$difference" "" "B.1-B.7 MEM-1..8 ORD-8..12 on ${where/$folder/DIR} everything is as Spread 4.4.0 does it"
done
if [ -n "${SPREAD_REFERENCE:-}" ]; then
    timeout 60 python3 "$raw/probe.py" "$SPREAD_REFERENCE" >"$folder/reference" 2>&1
    is "$(diff "$folder/reference" "$folder/probe")" "" "the daemon on $SPREAD_REFERENCE does the same"
else
    skip 1 "SPREAD_REFERENCE names no daemon of Spread's"
fi

# ---- the owner's side
"$muster" spread --status --port "$port" --socket-dir "$folder" >"$folder/state"
ok $? "--status finds the daemon"
empty="0 sessions, 0 on their way in, 0 groups"
like "$(cat "$folder/state")" "^daemon localhost on $folder/$port, $empty, [1-9][0-9]* cut$" \
    "--status tells what there is"
python3 - "$place" "$raw" "$muster" "$port" "$folder" "$daemon_pid" "$log" >"$folder/state" <<'P'
import os, signal, subprocess, sys, time
sys.path.insert(0, sys.argv[2])
from wire import *
c = Client(sys.argv[1], 'me')
c.join('here')
c.receive()
print(subprocess.run([sys.argv[3], 'spread', '--status', '--port', sys.argv[4], '--socket-dir', sys.argv[5]],
                     capture_output=True, text=True).stdout)
os.kill(int(sys.argv[6]), signal.SIGUSR1)
while 'group here: #me#localhost' not in open(sys.argv[7]).read():
    time.sleep(0.01)
print('SIGUSR1 answered')
P
like "$(cat "$folder/state")" '^group here: #me#localhost$' "--status lists groups and members"
like "$(cat "$folder/state")" '^session #me#localhost from this machine: 1 messages received, 1 sent, 0 waiting' \
    "--status lists sessions"
like "$(cat "$folder/state")" 'SIGUSR1 answered' "SIGUSR1 puts the state into the log"
"$muster" spread --port "$port" --socket-dir "$folder" --listen none 2>"$folder/second"
ok $((! $?)) "a second daemon on the same socket does not start"
like "$(cat "$folder/second")" "cannot listen on $folder/$port: Address already in use" "and says why"
stop_daemon
is "$status" 0 "SIGTERM is a clean end"
is "$(ls "$folder" | grep "^$port")" "" "no socket is left"

start_daemon --listen none
kill -9 "$daemon_pid"
wait "$daemon_pid" 2>/dev/null
log=$folder/log.again
"$muster" spread --name again --port "$port" --socket-dir "$folder" --listen none --user "$(id -un)" 2>"$log" &
daemon_pid=$!
until grep -qs ' serves on ' "$log" || ! kill -0 "$daemon_pid"; do sleep 0.02; done
ok $? "a socket that a killed daemon left is in nobody's way"
stop_daemon
"$muster" spread --status --port "$port" --socket-dir "$folder" 2>"$folder/err"
ok $((! $?)) "--status without a daemon fails"
like "$(cat "$folder/err")" 'no daemon answers' "and says so"

# ---- what is not there, and what is there already
start_daemon --listen 127.0.0.1 --listen ::1
is "$(awk -v port="$(printf ':%04X$' "$port")" '$2 ~ port' /proc/net/udp /proc/net/udp6 2>/dev/null)" "" \
    "E.18 no port for monitors or other daemons"
stop_daemon
echo precious >"$folder/file"
ln -s "$folder/file" "$folder/$port"
for what in "a link" "a file" "a directory"; do
    case $what in
        "a file") rm "$folder/$port" && cp "$folder/file" "$folder/$port" ;;
        "a directory") rm "$folder/$port" && mkdir "$folder/$port" ;;
    esac
    before=$(stat -c '%F %i' "$folder/$port")
    "$muster" spread --port "$port" --socket-dir "$folder" --listen none 2>"$folder/err"
    ok $((! $?)) "E.19 $what where the socket would be keeps the daemon from starting"
    is "$(stat -c '%F %i' "$folder/$port") $(cat "$folder/file")" "$before precious" "E.19 $what stays as it was"
done
rmdir "$folder/$port"

# ---- mistakes
while read -r expected arguments; do
    # shellcheck disable=SC2086 # words
    "$muster" spread --socket-dir "$folder" $arguments >"$folder/err" 2>&1
    is "$?" 64 "$arguments is a mistake"
    like "$(cat "$folder/err")" "$expected" "and is named"
done <<'E'
--port --port 0 --listen none
70000 --port 70000 --listen none
--name --name a#b --listen none
--name --name twenty-characters-long --listen none
nowhere --listen nowhere
KERBEROS --auth KERBEROS --listen none
10.0.0.0/99 --allow 10.0.0.0/99 --listen none
--max-session-messages --max-session-messages 0 --listen none
E

# ---- privileges
if [ "$(id -u)" -eq 0 ]; then
    chmod 755 "$folder"
    port=$((32000 + RANDOM % 500)) log=$folder/log.user
    usual=nobody
    id spread >/dev/null 2>&1 && usual=spread
    for user in "" nobody; do
        rm -f "$log"
        "$muster" spread --port "$port" --socket-dir "$folder" --listen none ${user:+--user "$user"} 2>"$log" &
        daemon_pid=$!
        until grep -qs ' serves on ' "$log" || ! kill -0 "$daemon_pid"; do sleep 0.02; done
        is "$(awk '/^Uid:/ { print $2, $3, $4, $5 }' "/proc/$daemon_pid/status")" \
            "$(id -u "${user:-$usual}" | sed 's/.*/& & & &/')" "E.20 root's daemon becomes ${user:-the usual user}"
        is "$(awk '/^Gid:/ { print $2, $3, $4, $5 }' "/proc/$daemon_pid/status")" \
            "$(id -g "${user:-$usual}" | sed 's/.*/& & & &/')" "E.20 with that one's group"
        is "$(awk '/^CapEff:/ { print $2 }' "/proc/$daemon_pid/status")" 0000000000000000 "E.20 and keeps no capability"
        stop_daemon
    done
    "$muster" spread --port "$port" --socket-dir "$folder" --listen none --user no-such-user 2>"$log"
    ok $((! $?)) "E.20 an unknown user is refused"
    like "$(cat "$log")" 'there is no user no-such-user' "E.20 and named"
else
    skip 8 "not root"
fi

# ---- who may come in
start_daemon --listen 127.0.0.1 --auth NULL --auth IP --allow 10.0.0.0/8
python3 - "$place" "$raw" "$port" >"$folder/auth" <<'P'
import sys
sys.path.insert(0, sys.argv[2])
from wire import *
print(Client(sys.argv[1], 'local', methods=('IP',)).offer)
try:
    Client('127.0.0.1:' + sys.argv[3], 'far')
except Refused as reason:
    print('refused', reason)
P
is "$(cat "$folder/auth")" "b'NULL IP '
refused -9" "B.2 methods are offered as told, and networks that are not allowed are refused"
stop_daemon

# ---- bad input
start_daemon --listen none --max-session-messages 200
tap_of python3 "$raw/hostile.py" "$place" "$log" 200 "$daemon_pid"
stop_daemon
is "$status" 0 "after all of it the daemon ends well"
done_testing
