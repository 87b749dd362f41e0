#!/bin/bash
# The library against a daemon that replays a recording or lies (daemon.py); the program prints the TAP.
set -u
tests=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath "$1")
. "$tests/spread/compile.sh"
work=${MUSTER_CASE:-$(mktemp -d)}
compile "$work/client" "$tests/spread/client.c" || { echo "not ok 1 - the program compiles"; echo "1..1"; exit 1; }
PYTHONDONTWRITEBYTECODE=1 python3 "$tests/spread/daemon.py" "$work/port" \
    "$tests/../Tests/Vectors/spread" >"$work/daemon.log" &
daemon=$!
trap 'kill $daemon 2>/dev/null' EXIT
for _ in $(seq 200); do [ -s "$work/port" ] && break; sleep 0.05; done
# What the daemon missed fails the test after the program's checks: see the conventions of CTests/tap.sh.
LD_LIBRARY_PATH=$build/lib timeout -k 5 100 "$work/client" "$(cat "$work/port")@127.0.0.1" >"$work/out"
status=$?
cat "$work/out"
[ "$(cat "$work/daemon.log")" = replayed ] || { sed 's/^/# daemon: /' "$work/daemon.log"; status=1; }
exit $status
