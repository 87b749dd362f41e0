#!/bin/bash
# A real rank and a server that lies to it (fakeserver.py).
set -u
tests=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath "$1")
. "$tests/pmix/programs/compile.sh"
work=${MUSTER_CASE:-$(mktemp -d)}
# The program below prints the TAP, with the conventions of CTests/tap.sh.
compile programs/joiner.c "$work/joiner" "-L$build/lib" -lpmix || {
    echo "not ok 1 - the rank compiles"
    echo "1..1"
    exit 1
}
LD_LIBRARY_PATH=$build/lib PYTHONDONTWRITEBYTECODE=1 timeout -k 5 "${TEST_LIMIT:-170}" \
    python3 "$tests/pmix/fakeserver.py" "$work/joiner"
status=$?
[ -n "${MUSTER_CASE:-}" ] || rm -rf "$work"
exit $status
