#!/bin/bash
# Every function with NULL, zero and mailboxes that are none, on a connection that works (daemon.py); the program prints
# the TAP, with the conventions of CTests/tap.sh.
set -u
tests=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath "$1")
. "$tests/spread/compile.sh"
work=${MUSTER_CASE:-$(mktemp -d)}
compile "$work/nothing" "$tests/spread/nothing.c" || { echo "not ok 1 - the program compiles"; echo "1..1"; exit 1; }
# A function that the headers declare and the program does not call is a check that is missing.
for name in $(grep -ohE '\b(SP|FL|E)_[a-z0-9_]+\(' "$tests"/../Include/spread/{sp_func,sp_events,fl}.h | tr -d '('); do
    grep -q "\b$name(" "$tests/spread/nothing.c" || echo "# not called: $name"
done >"$work/missing"
PYTHONDONTWRITEBYTECODE=1 python3 "$tests/spread/daemon.py" "$work/port" >"$work/daemon.log" &
daemon=$!
trap 'kill $daemon 2>/dev/null' EXIT
for _ in $(seq 200); do [ -s "$work/port" ] && break; sleep 0.05; done
LD_LIBRARY_PATH=$build/lib timeout -k 5 100 "$work/nothing" "$(cat "$work/port")@127.0.0.1"
status=$?
[ ! -s "$work/missing" ] || { cat "$work/missing"; status=1; }
exit $status
