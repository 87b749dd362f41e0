#!/bin/bash
# Every C program of CTests/pmix, unchanged, as the four ranks of `muster run -n 4`: also those that are hosts themselves
# and have jobs of their own in each rank.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/job.sh"
build=$(realpath "$1")
muster=$build/bin/muster
ours=$build/lib
tests=$rigs/..
mkdir -p "$case_folder/tmp" "$case_folder/bin"
export TMPDIR=$case_folder/tmp MUSTER_BUILD=$build

# program SOURCE: compiles it as run.sh does, which has most likely done so already.
program() {
    local name flags=(-std=gnu11 -g -O1 -w -D_GNU_SOURCE "-I$tests" "-I$rigs/../../Include/pmix") others=() word
    name=$(basename "$1" .c)
    binary=$build/test/bin/pmix/$name
    [ "$binary" -nt "$1" ] && [ "$binary" -nt "$tests/pmix/host.h" ] && return 0
    binary=$case_folder/bin/$name
    for word in $(head -n 20 "$1" | sed -n 's|^// sources: ||p'); do others+=("$(dirname "$1")/$word"); done
    # shellcheck disable=SC2046 # words
    ${CC:-cc} "${flags[@]}" "$1" "${others[@]}" -o "$binary" "-L$ours" -lpmix -lpthread \
        $(head -n 20 "$1" | sed -n 's|^// libraries: ||p')
}

# Why a program cannot be a rank of a job; nothing when it can.
reason() {
    case $1 in
        reach) echo "reach: it looks at processes that nobody started" ;;
        nulls) echo "nulls: it leaves without PMIx_Finalize when PMIx_Init finds a server" ;;
    esac
}

# begin NAME COMMAND...: four ranks in the background, their output in files. At most four jobs, which mostly wait.
names=()
begin() {
    local name=$1 case=$case_folder/jobs/$1
    shift
    names+=("$name")
    mkdir -p "$case/case" "$case/tmp"
    (
        export MUSTER_CASE=$case/case TMPDIR=$case/tmp
        LD_LIBRARY_PATH=$ours timeout -k 5 100 "$muster" run -n 4 --output "$case/output" "$@" \
            >"$case/said" 2>&1 </dev/null
        echo $? >"$case/status"
    ) &
    while [ "$(jobs -rp | wc -l)" -ge 4 ]; do wait -n; done
}

# verdict FOLDER: what TAP of four ranks should come to.
verdict() {
    awk '
        FNR == 1 { files++ }
        /^ok/ { passed++ }
        /^not ok/ { failed++ }
        /^1\.\.[0-9]+/ { planned += substr($0, 4) }
        END { print files + 0, failed + 0, (passed > 0 && planned == passed + failed) ? "as planned" : "not as planned" }
    ' "$1"/rank.*.out
}

for source in "$tests"/pmix/*.c; do
    grep -q '^int main' "$source" || continue
    name=$(basename "$source" .c)
    why=$(reason "$name")
    if [ -n "$why" ]; then
        skip 1 "$why"
    elif program "$source"; then
        begin "$name" "$binary"
    else
        ok 1 "$name compiles"
    fi
done
wait
for name in "${names[@]}"; do
    job=$case_folder/jobs/$name
    is "$(cat "$job/status"): $(verdict "$job/output")" "0: 4 0 as planned" "RUN-1 $name as each of four ranks" ||
        diag "$(head -n 5 "$job/said"; grep -h -A3 '^not ok' "$job"/output/* | head -n 20)"
    is "$(find "$job/tmp" -mindepth 1 -maxdepth 1)" "" "$name: no file is left"
done
done_testing
