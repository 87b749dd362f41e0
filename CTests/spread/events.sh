#!/bin/bash
# The event loop; the program prints the TAP, with the conventions of CTests/tap.sh.
set -u
tests=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath "$1")
. "$tests/spread/compile.sh"
work=${MUSTER_CASE:-$(mktemp -d)}
compile "$work/events" "$tests/spread/loop.c" || { echo "not ok 1 - the program compiles"; echo "1..1"; exit 1; }
LD_LIBRARY_PATH=$build/lib timeout -k 5 100 "$work/events"
