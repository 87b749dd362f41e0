#!/bin/bash
# Makes scripts/rank.order anew: the functions of the library that two ranks of scripts/profile-rank.c run, as callgrind sees them.
#   scripts/profile-order.sh [UNSTRIPPED-LIBRARY]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
library=${1:-$here/../.build-emb/release/libpmix.so}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
strip --strip-debug -o "$work/libpmix.so.2" "$library"
${CC:-cc} -O1 -Wall -Wextra "-I$here/../Include/pmix" "$here/profile-rank.c" -o "$work/rank" "-L$work" -l:libpmix.so.2
mpirun --allow-run-as-root --oversubscribe -n 2 -x LD_LIBRARY_PATH="$work" \
    valgrind --tool=callgrind --callgrind-out-file="$work/out.%p" "$work/rank" >/dev/null 2>&1
head -n 2 "$here/rank.order" >"$work/order"
cat "$work"/out.* | sed -n "s/^c\{0,1\}fn=([0-9]*) \([^' ]*\).*/\1/p" | sort -u >"$work/run"
nm --defined-only "$work/libpmix.so.2" | awk '$2 ~ /^[tTwW]$/ { print $3 }' | sort -u | comm -12 - "$work/run" >>"$work/order"
mv "$work/order" "$here/rank.order"
