#!/bin/bash
# The locks of libflux-core.so.2: what it exports is its list, what its headers declare is implemented, and nothing else
# is needed than the jansson that callers share with it.
set -u
tests=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath "$1")
root=$(dirname "$tests")
. "$tests/tap.sh"
if [ -n "${MUSTER_SANITIZE:-}" ]; then
    skip 1 "the locks are of the shipped library"
    done_testing
fi
library=$build/lib/libflux-core.so.2
listed=$(awk '!/^#/ && NF { print $1 }' "$root/Include/libflux-core.so.2.symbols")
is "$(LC_ALL=C sort -u <<<"$listed")" "$listed" "the list is sorted and says nothing twice"
is "$(nm -D --defined-only "$library" | awk '{ print $3 }' | LC_ALL=C sort)" "$listed" "exported is what is listed"
declared=$(cat "$root"/Include/flux/core/*.h | sed 's|//.*||' | grep -v '^#' | grep -oE '\bflux_[a-z0-9_]+\(' |
    tr -d '(' | LC_ALL=C sort -u)
is "$(comm -23 <(echo "$declared") <(echo "$listed"))" "" "declared is listed"
is "$(comm -13 <(echo "$declared") <(echo "$listed"))" "" "listed is declared"
is "$(objdump -p "$library" | awk '/NEEDED/ { print $2 }' | sort | tr '\n' ' ')" "libc.so.6 libjansson.so.4 " \
    "needs libc and jansson alone"
is "$(objdump -p "$library" | awk '/SONAME/ { print $2 }')" libflux-core.so.2 "its name"
size=$(stat -c %s "$library")
[ "$size" -le 716800 ]
ok $? "has $size bytes, at most 700 KB"
work=${MUSTER_CASE:-$(mktemp -d)}
printf '#include <flux/core.h>\nint main() { return flux_core_version(nullptr, nullptr, nullptr) == 0; }\n' \
    >"$work/plus.cc"
g++ -Wall -Wextra -Werror "-I$root/Include" "$work/plus.cc" -o "$work/plus" "-L$build/lib" -lflux-core &&
    LD_LIBRARY_PATH=$build/lib "$work/plus"
ok $? "the headers are C++ too"
done_testing
