#!/bin/bash
# Every flag of the handshake, against hosts on our library, and the same bytes against hosts on the original (flags.py).
set -u
tests=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath "$1")
original=${MUSTER_ORIGINAL_ROOT:-/usr/lib/$(uname -m)-linux-gnu/pmix2}
. "$tests/pmix/programs/compile.sh"
work=${MUSTER_CASE:-$(mktemp -d)}
compile programs/gatekeeper.c "$work/gatekeeper" "-L$build/lib" -lpmix -lpthread || {
    echo "not ok 1 - the host compiles"
    echo "1..1"
    exit 1
}
other=
if [ -e "$original/lib/libpmix.so" ] && [ -z "${MUSTER_SANITIZE:-}" ]; then
    other=$work/gatekeeper.original
    cp "$work/gatekeeper" "$other"
fi
OURS=$build/lib ORIGINAL=$original/lib PYTHONDONTWRITEBYTECODE=1 timeout -k 5 "${TEST_LIMIT:-170}" \
    python3 "$tests/pmix/flags.py" "$work/gatekeeper" ${other:+"$other"}
status=$?
[ -n "${MUSTER_CASE:-}" ] || rm -rf "$work"
exit $status
