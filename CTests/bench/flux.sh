#!/bin/bash
# What calls cost on libflux-core.so.2: the client against a responder that does nothing, and `muster broker`, in a table.
#   CTests/bench/flux.sh BUILD
# FLUX_REFERENCE=PREFIX measures an installed flux-core, library and broker, in turns with ours. All processes of a row run
# on one core; the rows without a goal leave them free. A figure that misses its goal is no failure.
set -u
here=$(cd "$(dirname "$0")" && pwd)
build=$(realpath "$1")
reference=${FLUX_REFERENCE:-}
rounds=${BENCH_ROUNDS:-5}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
pinned="taskset -c 0"
command -v taskset >/dev/null || pinned=
cc=${CC:-cc}
$cc -std=gnu11 -O2 -Wall "$here/fluxecho.c" -o "$folder/echo" || exit 2
flags=(-std=gnu11 -O2 -Wall "-I$here/../../Include" "-L$build/lib")
$cc "${flags[@]}" "$here/fluxrpc.c" -o "$folder/ours" -lflux-core || exit 2
if [ -n "$reference" ]; then
    $cc -std=gnu11 -O2 -w "-I$reference/include" "$here/fluxrpc.c" -o "$folder/theirs" "-L$reference/lib" -lflux-core ||
        exit 2
fi

libraries() {
    if [ "$1" = ours ]; then echo "$build/lib"; else echo "$reference/lib"; fi
}

# echoed WHOSE PIN COUNT WINDOW: calls per second, CPU and median latency of a call against the responder.
echoed() {
    rm -f "$folder/socket"
    $2 "$folder/echo" "$folder/socket" &
    local pid=$!
    until [ -S "$folder/socket" ]; do sleep 0.02; done
    FLUX_URI=local://$folder/socket LD_LIBRARY_PATH=$(libraries "$1") timeout 120 $2 "$folder/$1" "$3" "$4" svc.x
    kill $pid 2>/dev/null
    wait $pid 2>/dev/null
}

# brokered WHOSE PIN COUNT WINDOW: the same program, of our library, against a broker.
brokered() {
    local run=("$build/bin/muster" broker --quiet)
    [ "$1" = ours ] || run=("$reference/bin/flux" start --test-size=1)
    timeout 120 $2 "${run[@]}" env "LD_LIBRARY_PATH=$build/lib" "$folder/ours" "$3" "$4"
}

median() {
    sort -g "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# row TITLE GOAL COLUMN HOW PIN COUNT WINDOW
row() {
    local title=$1 goal=$2 column=$3 round whose
    shift 3
    : >"$folder/ours.figures"
    : >"$folder/theirs.figures"
    for ((round = 0; round < rounds; round++)); do
        for whose in ours ${reference:+theirs}; do
            "$1" "$whose" "$2" "$3" "$4" | awk -v c="$column" '{ print $c }' >>"$folder/$whose.figures"
        done
    done
    awk -v t="$title" -v g="$goal" -v o="$(median "$folder/ours.figures")" -v r="$(median "$folder/theirs.figures")" \
        'BEGIN {
            if (r == "") printf "| %s | %s | | | %s |\n", t, o, g
            else printf "| %s | %s | %s | %.2f | %s |\n", t, o, r, o / r, g
        }'
}

echo "| Flux, one core | Muster | flux-core | ratio | goal |"
echo "|---|---|---|---|---|"
row "client, blocking: CPU us per call" "at most 0.5" 2 echoed "$pinned" 30000 0
row "client, blocking: calls/s" "at least 1.5" 1 echoed "$pinned" 30000 0
row "client, 128 outstanding: CPU us per call" "at most 0.5" 2 echoed "$pinned" 60000 128
row "client, 128 outstanding: calls/s" "at least 2" 1 echoed "$pinned" 60000 128
row "broker, one after the other: p50 us" "at most 0.5" 3 brokered "$pinned" 10000 0
row "broker, 128 outstanding: calls/s" "at least 3" 1 brokered "$pinned" 40000 128
row "broker, free: p50 us" "" 3 brokered "" 10000 0
row "broker, free, 128 outstanding: calls/s" "" 1 brokered "" 40000 128
$cc "${flags[@]}" "$here/fluxgrowth.c" -o "$folder/growth" -lflux-core || exit 2
printf '\n'
"$build/bin/muster" broker --quiet env "LD_LIBRARY_PATH=$build/lib" "$folder/growth" "${GROWTH_CALLS:-1000000}"
