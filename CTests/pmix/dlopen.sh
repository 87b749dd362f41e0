#!/bin/bash
# The library as a plugin loads it: by dlopen, RTLD_LOCAL, into a process that knows nothing of it.
set -u
tests=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath "$1")
. "$tests/tap.sh"
. "$tests/pmix/programs/compile.sh"
work=${MUSTER_CASE:-$(mktemp -d)}

if [ -n "${MUSTER_SANITIZE:-}" ]; then
    skip 1 "a sanitizer's runtime sets signal handlers of its own and cannot be unloaded"
    done_testing
    exit
fi

# What a library keeps for its own lifetime counts as lost once it is unloaded; the other tests look for leaks.
export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0

compile programs/load.c "$work/load" -ldl -lpthread
ok $? "the loading program compiles" || done_testing

# Repeats the program's checks as this script's.
run() {
    local line status
    while IFS= read -r line; do
        case $line in
            'ok '*) ok 0 "$1: ${line#* - }" ;;
            'not ok '*) ok 1 "$1: ${line#* - }" ;;
            '#'*) echo "$line" ;;
        esac
    done < <(
        timeout -k 5 60 "$work/load" "$build/lib/libpmix.so.2" "$1" 2>"$work/errors"
        echo "status $?" >"$work/status"
    )
    status=$(cat "$work/status")
    is "$status" "status 0" "$1: the program ends well"
    is "$(grep -v '^#' "$work/errors")" "" "$1: nothing is printed"
}

run quiet
run client
run server
[ -n "${MUSTER_CASE:-}" ] || rm -rf "$work"
done_testing
