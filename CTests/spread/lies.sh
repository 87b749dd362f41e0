#!/bin/bash
# The flush layer against a daemon that lies (daemon.py); the program prints the TAP.
set -u
tests=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath "$1")
. "$tests/spread/compile.sh"
work=${MUSTER_CASE:-$(mktemp -d)}
# What /tap.sh would say, the program says itself.
compile "$work/believer" "$tests/spread/believer.c" || { echo "not ok 1 - the program compiles"; echo "1..1"; exit 1; }
PYTHONDONTWRITEBYTECODE=1 python3 "$tests/spread/daemon.py" "$work/port" >"$work/daemon.log" &
daemon=$!
trap 'kill $daemon 2>/dev/null' EXIT
for _ in $(seq 200); do [ -s "$work/port" ] && break; sleep 0.05; done
LD_LIBRARY_PATH=$build/lib timeout -k 5 100 "$work/believer" "$(cat "$work/port")@127.0.0.1"
