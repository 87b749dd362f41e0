#!/bin/bash
# Peers that speak otherwise than they say (misfits.py).
set -u
tests=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath "$1")
. "$tests/pmix/programs/compile.sh"
work=${MUSTER_CASE:-$(mktemp -d)}
# The program below prints the TAP, with the conventions of CTests/tap.sh.
{ compile programs/joiner.c "$work/joiner" "-L$build/lib" -lpmix &&
    compile programs/serve.c "$work/serve" "$tests/pmix/host.c" "-L$build/lib" -lpmix -lpthread; } || {
    echo "not ok 1 - the programs compile"
    echo "1..1"
    exit 1
}
LD_LIBRARY_PATH=$build/lib PYTHONDONTWRITEBYTECODE=1 timeout -k 5 "${TEST_LIMIT:-170}" \
    python3 "$tests/pmix/misfits.py" "$work/joiner" "$work/serve"
status=$?
[ -n "${MUSTER_CASE:-}" ] || rm -rf "$work"
exit $status
