#!/bin/bash
# Both programs of flux_rpc(3) on this library, against `muster broker` and, where FLUX_REFERENCE names an installed
# flux-core, against its broker.
set -u
tests=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath "$1")
. "$tests/tap.sh"
work=${MUSTER_CASE:-$(mktemp -d)}
muster=${MUSTER_COMMAND:-$build/bin/muster}
for name in rank_sync rank_async; do
    ${CC:-cc} -std=gnu11 -Wall -Wextra -Werror "-I$tests/../Include" "$tests/flux/programs/$name.c" -o "$work/$name" \
        "-L$build/lib" -lflux-core
    ok $? "$name is compiled"
    if [ -x "$muster" ]; then
        said=$(timeout 60 "$muster" broker --quiet env "LD_LIBRARY_PATH=$build/lib" "$work/$name" 2>&1)
        is "$said" "rank is 0" "RPC-21 $name prints the rank of muster broker"
    else
        skip 1 "there is no $muster"
    fi
    if [ -n "${FLUX_REFERENCE:-}" ]; then
        said=$(timeout 60 "$FLUX_REFERENCE/bin/flux" start --test-size=1 env "LD_LIBRARY_PATH=$build/lib" \
            "$work/$name" 2>&1)
        is "$said" "rank is 0" "RPC-21 $name prints the rank of flux-core's broker"
    else
        skip 1 "FLUX_REFERENCE names no installed flux-core"
    fi
done
done_testing
