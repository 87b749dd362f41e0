#!/bin/bash
# A broker that is killed under a program with FLUX_O_RPCTRACK, and the next one in its place; with FLUX_REFERENCE the
# original's library says the same.
set -u
tests=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath "$1")
. "$tests/tap.sh"
work=${MUSTER_CASE:-$(mktemp -d)}
muster=${MUSTER_COMMAND:-$build/bin/muster}
${CC:-cc} -std=gnu11 -Wall -Wextra -Werror "-I$tests/../Include" "$tests/flux/programs/reconnect.c" -o "$work/program" \
    "-L$build/lib" -lflux-core
ok $? "the program is compiled"
broker=
trap 'kill $broker 2>/dev/null' EXIT

start() {
    rm -f "$work/uri"
    "$muster" broker --quiet --socket "$work/socket" >"$work/uri" &
    broker=$!
    for _ in $(seq 200); do [ -s "$work/uri" ] && break; sleep 0.05; done
}

# through LIBRARIES: what the program says when its broker is killed.
through() {
    start
    FLUX_URI=local://$work/socket LD_LIBRARY_PATH=$1 timeout 60 "$work/program" >"$work/said" 2>&1 &
    local program=$!
    for _ in $(seq 200); do grep -q waiting "$work/said" && break; sleep 0.05; done
    # The request is on its way when the broker has answered another client.
    FLUX_URI=local://$work/socket python3 -c "import sys
sys.path.insert(0, '$tests/flux')
from wire import Client
Client().rpc('broker.ping', {})"
    { kill -9 $broker && wait $broker; } 2>/dev/null
    start
    wait $program
    echo "exit status $?" >>"$work/said"
    { kill $broker && wait $broker; } 2>/dev/null
}
export PYTHONDONTWRITEBYTECODE=1
through "$build/lib"
is "$(cat "$work/said")" "waiting
lost
connected again
the call ended: ECONNRESET, RPC aborted due to broker reconnect
rank is 0
exit status 0" "TRACK-1 calls end when their broker has gone, and the next one answers"
if [ -n "${FLUX_REFERENCE:-}" ]; then
    cp "$work/said" "$work/ours"
    through "$FLUX_REFERENCE/lib"
    is "$(cat "$work/said")" "$(cat "$work/ours")" "the original's library says the same"
else
    skip 1 "FLUX_REFERENCE names no installed flux-core"
fi
done_testing
