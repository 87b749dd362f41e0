#!/bin/bash
# A daemon and three members of a chat, one of which is killed with `kill -9`: prints what each of them saw. `make run`
# shows it, room.sh checks it.
#   chat-room.sh BUILD
set -u
tests=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath "$1")
. "$tests/spread/compile.sh"
. "$tests/spread/daemon-rig.sh"
start_daemon --listen none || exit 1
compile "$folder/chat" "$tests/spread/chat.c" || exit 1
export MUSTER_SPREAD_SOCKET_DIR=$folder LD_LIBRARY_PATH=$build/lib

# joins NAME: leaves its process in $last.
joins() {
    timeout -k 5 60 "$folder/chat" "$port" "$1" >"$folder/$1" 2>&1 &
    last=$!
}

# until_said COUNT NAME...: waits until each of them has seen all of a view of COUNT speak.
until_said() {
    local count=$1 try name
    shift
    for name in "$@"; do
        for ((try = 0; try < 1500; try++)); do
            grep -qs "all $count have spoken" "$folder/$name" && break
            sleep 0.02
        done
        [ "$try" -lt 1500 ] || { echo "$name has not heard all of $count"; cat "$folder/$name"; exit 1; }
    done
}

joins alice
first=$last
until_said 1 alice
joins bob
second=$last
until_said 2 alice bob
joins carol
third=$last
until_said 3 alice bob carol
# Not timeout's process, but its child. The shell would print what became of a job that is its own.
disown "$second"
kill -9 "$(cat "/proc/$second/task/$second/children")"
wait "$first" || echo "alice ends with $?"
wait "$third" || echo "carol ends with $?"
for name in alice bob carol; do
    cat "$folder/$name"
    [ "$name" != bob ] || echo "bob: killed with kill -9"
    echo
done
stop_daemon
exit "$status"
