#!/bin/bash
# MUSTER_TRACE in a program on libspread: nothing unless it is set; with it, what goes over the wire in words, and
# why the daemon ended the connection.
. "$(dirname "$0")/../tap.sh"
tests=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath "$1")
. "$tests/spread/compile.sh"
. "$tests/spread/daemon-rig.sh"
start_daemon --listen 127.0.0.1 --max-session-messages 100
ok $? "the daemon starts" || done_testing
compile "$folder/traced" "$tests/spread/traced.c"
ok $? "the program compiles" || done_testing
export MUSTER_SPREAD_SOCKET_DIR=$folder LD_LIBRARY_PATH=$build/lib

# traced WORDS DAEMON MODE: the program's checks; what it says on stderr is in $folder/said.
traced() {
    tap_of env MUSTER_TRACE="$1" sh -c 'exec "$@" 2>"$0"' "$folder/said" "$folder/traced" "$2" "$3"
}

# Without what is different each time: who and when, descriptors, the ids of views, the port.
plain() {
    sed -E -e 's/^muster\[[0-9]+\] [0-9:.]{15} //' -e 's/^([^ ]*)\([0-9]+\)/\1/' \
        -e 's/[0-9]+\.[0-9]{9,}\.([0-9]+)(,|:|$)/ID.\1\2/' -e "s/$port/PORT/" "$folder/said"
}

traced "" "$port" talk
is "$(cat "$folder/said")" "" "TRACE-SP-1 without it, not a word"
traced 0 "$port" talk
is "$(cat "$folder/said")" "" "TRACE-SP-1 nor with 0"
traced wire "$port" talk
is "$(diff "$tests/spread/raw/trace.expected" <(plain))" "" "TRACE-SP-2 each message is a line"
traced reasons "$port" talk
is "$(plain)" "talker -- not connected to PORT: the private name is in use already" "TRACE-SP-3 reasons alone"
traced "wire,$folder/file" "$port" talk
is "$(cat "$folder/said")" "" "TRACE-SP-4 with a path, nothing on stderr"
mv "$folder/file" "$folder/said"
is "$(diff "$tests/spread/raw/trace.expected" <(plain))" "" "TRACE-SP-4 and all of it in the file"
traced reasons "$port" slow
ended='^#slow#localhost -- the daemon ended the connection(, in the middle of a message)?'
like "$(plain)" "$ended; it says: it does not read: [0-9]+ messages of [0-9]+ bytes wait for it\$" \
    "TRACE-SP-5 who is cut for being slow is told so"
traced reasons "$port@127.0.0.1" slow
like "$(plain)" "$ended; [0-9]+ bytes waited for this program: a daemon cuts who reads too slowly\$" \
    "TRACE-SP-5 by TCP too"
stop_daemon
is "$status" 0 "the daemon ends well"
done_testing
