#!/bin/bash
# Both programs of flux_rpc(3) on the library in BUILD/lib, each with a broker of its own: what `make run` shows of Flux.
#   show.sh BUILD
set -eu
build=$(realpath "$1")
tests=$(cd "$(dirname "$0")/.." && pwd)
folder=$build/run
mkdir -p "$folder"
for name in rank_sync rank_async; do
    ${CC:-cc} -std=gnu11 -Wall "-I$tests/../Include" "$tests/flux/programs/$name.c" -o "$folder/$name" "-L$build/lib" \
        -lflux-core
    said=$(LD_LIBRARY_PATH=$build/lib "$build/bin/muster" broker "$folder/$name")
    printf 'muster broker %s: %s\n' "$name" "$said"
    [ "$said" = "rank is 0" ] || exit 1
done
