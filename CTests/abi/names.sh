#!/bin/bash
# One set of names in four places: declared in Include/pmix, listed in Include/libpmix.so.2.symbols, exported by the
# built library, implemented with @c in Sources/PMIxABI or in C in Sources/PMIxC.
#   CTests/abi/names.sh BUILD
set -u
cd "$(dirname "$0")/../.." || exit 2
. CTests/tap.sh
export LC_ALL=C
build=${1:?usage: names.sh BUILD}
library=$build/lib/libpmix.so.2

# What the public headers declare as the library's own; the attribute of PMIX_EXPORT tells it from inline functions.
# The name stands before the parenthesis of a function, or before the brackets of data.
declared() {
    printf '#include <%s>\n' pmix.h pmix_server.h pmix_tool.h | ${CC:-cc} -E -P -IInclude/pmix -x c - | tr '\n' ' ' |
        grep -oE '__visibility__\("default"\)\)\) [^();]*[[(]' | grep -oE '\w+ *[[(]$' | tr -d ' [(' | sort -u
}

listed() {
    awk '!/^#/ && NF { print $1 }' Include/libpmix.so.2.symbols
}

exported() {
    nm -D --defined-only "$library" | awk '{ print $NF }' | sort -u
}

# The function behind each @c, whose argument, if any, is the name in C; and what is data, in C.
implemented() {
    {
        find Sources/PMIxABI -name '*.swift' -exec cat {} + | sed 's|//.*||' | tr '\n' ' ' |
            grep -oE '@c(\(\w+\))? [^{=;]*\bfunc +\w+' | sed -E 's/^@c\((\w+)\).*/\1/; t; s/.*func +//'
        cat Sources/PMIxC/*.c | sed -nE 's/^const char \*const (\w+)\[\] = .*/\1/p'
    } | sort -u
}

# same NAME-A NAME-B TEXT: both files hold the same names.
same() {
    local only_left only_right
    only_left=$(comm -23 "$1" "$2" | tr '\n' ' ')
    only_right=$(comm -13 "$1" "$2" | tr '\n' ' ')
    [ -z "$only_left$only_right" ]
    ok $? "$3" || {
        [ -z "$only_left" ] || diag "  only in $(basename "$1"): $only_left"
        [ -z "$only_right" ] || diag "  only in $(basename "$2"): $only_right"
        return 1
    }
}

work=$(mktemp -d "${MUSTER_CASE:-${TMPDIR:-/tmp}}/names.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
declared >"$work/declared"
listed >"$work/listed"
diag "declared $(wc -l <"$work/declared"), listed $(wc -l <"$work/listed")"
[ -s "$work/listed" ]
ok $? "Include/libpmix.so.2.symbols lists functions"
sort -cu "$work/listed" 2>/dev/null
ok $? "... sorted, each once"
[ "$(awk '!/^#/ && NF && NF != 2' Include/libpmix.so.2.symbols | wc -l)" -eq 0 ]
ok $? "... each with who imports it"
same "$work/declared" "$work/listed" "what is declared is what is listed"
grep -v '^#' CTests/abi/functions.tsv | cut -f1 | sort >"$work/signatures"
same "$work/signatures" "$work/listed" "... and what the table has signatures of"
if [ -e "$library" ]; then
    exported >"$work/exported"
    diag "exported $(wc -l <"$work/exported")"
    same "$work/exported" "$work/listed" "what $(basename "$library") exports is what is listed, and nothing else"
else
    skip 1 "the library is not built: $library"
fi
if compgen -G 'Sources/PMIxABI/*.swift' >/dev/null; then
    implemented >"$work/implemented"
    diag "implemented $(wc -l <"$work/implemented")"
    same "$work/implemented" "$work/listed" "what is implemented is what is listed"
else
    skip 1 "there are no sources in Sources/PMIxABI"
fi
python3 CTests/abi/called.py >"$work/called" || echo "called.py: failed" >>"$work/called"
is "$(awk 'NF == 1 || /failed/' "$work/called" | tr '\n' ' ')" "" "every function is called by a test that gives it something"
python3 scripts/functions.py --check
ok $? "the table of functions in README.md has them all (scripts/functions.py brings it up to date)"
done_testing
