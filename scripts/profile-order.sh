#!/bin/bash
# Brings scripts/rank.order up to date: the functions of the library that two ranks of scripts/profile-rank.c run, as callgrind
# sees them. To be run twice, with a `make library` after each: which name a function with several goes by follows from the
# order, so names of the order before stay as long as the objects have them. To begin anew, leave nothing but its comment.
#   scripts/profile-order.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$here/../.build-emb/release
library=$build/libpmix.so
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
strip --strip-debug -o "$work/libpmix.so.2" "$library"
${CC:-cc} -O1 -Wall -Wextra "-I$here/../Include/pmix" "$here/profile-rank.c" -o "$work/rank" "-L$work" -l:libpmix.so.2
mpirun --allow-run-as-root --oversubscribe -n 2 -x LD_LIBRARY_PATH="$work" \
    valgrind --tool=callgrind --dump-instr=yes --compress-pos=no --compress-strings=no \
    --callgrind-out-file="$work/out.%p" "$work/rank" >/dev/null 2>&1
# Addresses say what ran: functions with equal code are one, and callgrind knows it by one of their names.
head -n 2 "$here/rank.order" >"$work/order"
nm --defined-only "$build"/*.build/*.o | awk 'NF == 3 { print $3 }' | sort -u |
    comm -12 - <(grep -v '^#' "$here/rank.order" | sort -u) >"$work/before"
nm --defined-only "$work/libpmix.so.2" | awk '$2 ~ /^[tTwW]$/ { print $1, $3 }' | sort >"$work/symbols"
cat "$work"/out.* | awk '/^ob=/ { ours = /libpmix/ } /^0x/ && ours { print $1 }' | sort -u >"$work/addresses"
python3 - "$work/symbols" "$work/addresses" >"$work/now" <<'PYTHON'
import bisect
import sys

symbols = [(int(address, 16), name) for address, name in (line.split() for line in open(sys.argv[1]))]
starts = sorted({address for address, _ in symbols})
ran = {starts[bisect.bisect(starts, int(line, 16)) - 1] for line in open(sys.argv[2])}
print("\n".join(sorted(name for address, name in symbols if address in ran)))
PYTHON
sort -u "$work/before" "$work/now" >>"$work/order"
mv "$work/order" "$here/rank.order"
