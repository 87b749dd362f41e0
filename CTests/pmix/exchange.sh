#!/bin/bash
# Buffers that one library has packed, unpacked by the other: plain and described, both ways.
set -u
tests=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath "$1")
original=${MUSTER_ORIGINAL_ROOT:-/usr/lib/$(uname -m)-linux-gnu/pmix2}
. "$tests/tap.sh"
. "$tests/pmix/programs/compile.sh"
work=${MUSTER_CASE:-$(mktemp -d)}

if [ ! -e "$original/lib/libpmix.so" ]; then
    skip 1 "the original's library is not installed"
    done_testing
    exit
fi
if [ -n "${MUSTER_SANITIZE:-}" ]; then
    skip 1 "the original is not what a sanitizer is to look at"
    done_testing
    exit
fi
compile buffers.c "$work/buffers" "-L$build/lib" -lpmix -lhwloc
ok $? "the program compiles" || done_testing

# exchange WRITER READER TEXT [VARIABLE=VALUE...]
exchange() {
    local writer=$1 reader=$2 text=$3 line
    shift 3
    rm -f "$work/file"
    env "$@" "LD_LIBRARY_PATH=$writer/lib" timeout -k 5 60 "$work/buffers" --write "$work/file" 2>/dev/null
    ok $? "$text: everything is packed"
    while IFS= read -r line; do
        case $line in
            'ok '*) ok 0 "$text: ${line#* - }" ;;
            'not ok '*) ok 1 "$text: ${line#* - }" ;;
            '#'*) echo "$line" ;;
        esac
    done < <(
        env "$@" "LD_LIBRARY_PATH=$reader/lib" timeout -k 5 60 "$work/buffers" --read "$work/file" 2>/dev/null
        echo "status $?" >"$work/status"
    )
    is "$(cat "$work/status")" "status 0" "$text: all of it is read"
}

exchange "$original" "$build" "theirs, plain, by us"
exchange "$build" "$original" "ours, plain, by them"
described="PMIX_MCA_bfrops_base_default_type=2"
exchange "$original" "$build" "theirs, described, by us" "$described"
exchange "$build" "$original" "ours, described, by them" "$described"
[ -n "${MUSTER_CASE:-}" ] || rm -rf "$work"
done_testing
