#!/bin/bash
# programs/kvs.c against `muster broker`; with FLUX_REFERENCE against the broker of that flux-core too, and the same program with
# its library against ours.
set -u
tests=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath "$1")
root=$(dirname "$tests")
. "$tests/tap.sh"
work=${MUSTER_CASE:-$(mktemp -d)}
muster=${MUSTER_COMMAND:-$build/bin/muster}

# compile PROGRAM FLAGS...
compile() {
    local program=$1
    shift
    ${CC:-cc} -std=gnu11 -g -D_GNU_SOURCE "-I$tests" "$tests/flux/programs/kvs.c" -o "$program" "$@" -lflux-core -lpthread
}

# passes WORDS LIBRARY COMMAND...: the program's own checks, in one
passes() {
    local words=$1 library=$2
    shift 2
    LD_LIBRARY_PATH=$library timeout 100 "$@" >"$work/log" 2>&1
    local status=$?
    grep -q '^1\.\.' "$work/log" && [ "$status" -eq 0 ]
    ok $? "$words ($(grep -c '^ok' "$work/log") checks)" || grep -A3 '^not ok' "$work/log" | sed 's/^/# /'
}

# A sanitized library wants a sanitized program.
# shellcheck disable=SC2086 # words
compile "$work/ours" ${MUSTER_SANITIZE:+-fsanitize=$MUSTER_SANITIZE -fuse-ld=lld} -Wall -Wextra -Werror "-I$root/Include" "-L$build/lib"
is "$?" 0 "the program is compiled with our headers"
passes "our library and our broker" "$build/lib" "$muster" broker --quiet "$work/ours"
if [ -n "${FLUX_REFERENCE:-}" ]; then
    compile "$work/theirs" "-I$FLUX_REFERENCE/include" "-L$FLUX_REFERENCE/lib"
    passes "their library and our broker" "$FLUX_REFERENCE/lib" "$muster" broker --quiet "$work/theirs"
    # The broker has to have its own library, the program ours.
    passes "our library and their broker" "" "$FLUX_REFERENCE/bin/flux" start --test-size=1 \
        env "LD_LIBRARY_PATH=$build/lib" "$work/ours"
    passes "their library and their broker" "" "$FLUX_REFERENCE/bin/flux" start --test-size=1 \
        env "LD_LIBRARY_PATH=$FLUX_REFERENCE/lib" "$work/theirs"
else
    skip 3 "FLUX_REFERENCE names no installed flux-core"
fi
done_testing
