#!/bin/bash
# The C programs of CTests/pmix on the original and on ours: same outcomes, same texts, but for known-differences.txt.
#   CTests/compare.sh BUILD [NAME...]
set -u
tests=$(cd "$(dirname "$0")" && pwd)
build=$(realpath "$1") || exit 2
shift
original=${MUSTER_ORIGINAL_ROOT:-/usr/lib/$(uname -m)-linux-gnu/pmix2}
if [ ! -e "$original/lib/libpmix.so" ] || [ ! -f "$original/include/pmix.h" ]; then
    echo "ok 1 # SKIP the original's library and headers are not installed"
    echo "1..1"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PYTHONDONTWRITEBYTECODE=1 python3 "$tests/pmix/compare.py" "$build" "$original" "$work" "$@"
