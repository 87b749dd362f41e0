#!/bin/bash
# The locks of libspread.so.3: what it exports is its list, what its headers declare is implemented, and their layouts
# and constants are those of the tables.
set -u
tests=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath "$1")
root=$(dirname "$tests")
. "$tests/tap.sh"
. "$tests/spread/compile.sh"
work=${MUSTER_CASE:-$(mktemp -d)}
library=$build/lib/libspread.so.3
if [ -n "${MUSTER_SANITIZE:-}" ]; then
    skip 1 "the locks are of the shipped library"
    done_testing
fi
listed=$(awk '!/^#/ && NF { print $1 }' "$root/Include/libspread.so.3.symbols")
is "$(LC_ALL=C sort -u <<<"$listed")" "$listed" "the list is sorted and says nothing twice"
is "$(nm -D --defined-only "$library" | awk '{ print $3 }' | LC_ALL=C sort)" "$listed" "exported is what is listed"
declared=$(cat "$root"/Include/spread/*.h | grep -oE '\b(SP|E|FL)_[a-z_]+\(' | tr -d '(' | LC_ALL=C sort -u)
is "$(comm -23 <(echo "$declared") <(echo "$listed"))" "" "declared is listed"
is "$(objdump -p "$library" | awk '/NEEDED/ { print $2 }' | grep -vE '^(libc|libm)\.so\.6$')" "" \
    "needs libc and libm alone"
is "$(objdump -p "$library" | awk '/SONAME/ { print $2 }')" libspread.so.3 "its name"
size=$(stat -c %s "$library")
[ "$size" -le 307200 ]
ok $? "has $size bytes, at most 300 KB"
for name in libspread.so libspread-core.so.3 libtspread-core.so.3 libtspread.so; do
    is "$(readlink -f "$build/lib/$name")" "$(readlink -f "$library")" "is also $name"
done
{
    echo '#include <stdio.h>'
    echo '#include <sp.h>'
    [ ! -e "$root/Include/spread/fl.h" ] || echo '#include <fl.h>'
    echo 'int main(void) {'
    awk -F'\t' '!/^#/ && $2 == "sizeof" {
            printf "printf(\"%s\\tsizeof\\t-\\t%%zu\\t%%zu\\n\", sizeof(%s), _Alignof(%s));\n", $1, $1, $1
        }
        !/^#/ && $2 != "sizeof" {
            printf "printf(\"%s\\t%s\\t%%zu\\t%%zu\\t-\\n\", offsetof(%s, %s), sizeof(((%s *) 0)->%s));\n",
                $1, $2, $1, $2, $1, $2
        }' "$tests/abi/spread-structs.tsv"
    echo 'return 0; }'
} >"$work/layout.c"
compile "$work/layout" "$work/layout.c" && LD_LIBRARY_PATH=$build/lib "$work/layout" >"$work/layout.out"
is "$(diff "$work/layout.out" <(grep -v '^#' "$tests/abi/spread-structs.tsv"))" "" "layouts are those of the table"
constants=$(grep -v '^#' "$tests/abi/spread-constants.tsv")
[ -e "$root/Include/spread/fl.h" ] || constants=$(grep -v 'fl\.h' <<<"$constants")
{
    echo '#include <stdio.h>'
    echo '#include <sp.h>'
    [ ! -e "$root/Include/spread/fl.h" ] || echo '#include <fl.h>'
    echo 'int main(void) {'
    awk -F'\t' '{ printf "printf(\"%s\\t%%d\\t%s\\n\", (int) (%s));\n", $1, $3, $1 }' <<<"$constants"
    echo 'return 0; }'
} >"$work/constants.c"
compile "$work/constants" "$work/constants.c" && LD_LIBRARY_PATH=$build/lib "$work/constants" >"$work/constants.out"
is "$(diff "$work/constants.out" <(echo "$constants"))" "" "constants are those of the table"
printf '#include <sp.h>\nint main() { return SP_poll(-1) == ILLEGAL_SESSION ? 0 : 1; }\n' >"$work/plus.cc"
g++ -Wall -Wextra -Werror "-I$root/Include/spread" "$work/plus.cc" -o "$work/plus" "-L$build/lib" -lspread &&
    LD_LIBRARY_PATH=$build/lib "$work/plus"
ok $? "the headers are C++ too"
done_testing
