#!/bin/bash
# Makes scripts/rank.order anew: which functions of the library a program run as a rank executes, as callgrind sees them.
#   scripts/profile-order.sh UNSTRIPPED-LIBRARY PROGRAM [ARGUMENT...]     PROGRAM is started under mpirun with two ranks
set -eu
library=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
strip --strip-debug -o "$work/libpmix.so.2" "$library"
mpirun --allow-run-as-root --oversubscribe -n 2 -x LD_LIBRARY_PATH="$work" \
    valgrind --tool=callgrind --callgrind-out-file="$work/out.%p" "$@" >/dev/null 2>&1
head -n 2 "$(dirname "$0")/rank.order" >"$work/order"
cat "$work"/out.* | sed -n "s/^c\{0,1\}fn=([0-9]*) \([^' ]*\).*/\1/p" | sort -u >"$work/run"
nm --defined-only "$work/libpmix.so.2" | awk '$2 ~ /^[tTwW]$/ { print $3 }' | sort -u | comm -12 - "$work/run" >>"$work/order"
mv "$work/order" "$(dirname "$0")/rank.order"
