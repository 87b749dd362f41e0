#!/bin/bash
# Compiles and runs the C tests and the rigs against the library in BUILD/lib, and adds their TAP up.
#   CTests/run.sh BUILD [FOLDER/NAME...]        no names: everything in CTests/pmix, CTests/rigs, CTests/spread and
#                                               CTests/flux
# Lines among the first twenty of a program steer it: `// compare: original` runs it with the original's headers and
# library too, `// compare: nothing` keeps it from compare.sh because it calls what the original lacks, `// libraries:
# -lx` links what it names, `// sources: host/host.c` compiles the named files with it.
# `// compare: reference` runs a program of Flux with the headers and library of the flux-core in FLUX_REFERENCE too.
# The time limit is only a guard against hangs.
set -u
cd "$(dirname "$0")/.." || exit 2
[ $# -ge 1 ] || { echo "usage: CTests/run.sh BUILD [FOLDER/NAME...]" >&2; exit 2; }
build=$(realpath "$1") || exit 2
shift
original=${MUSTER_ORIGINAL_ROOT:-/usr/lib/$(uname -m)-linux-gnu/pmix2}
limit=${MUSTER_TEST_LIMIT:-180}
output=$build/test
cflags="-std=gnu11 -g -O1 -Wall -Wextra -Werror -D_GNU_SOURCE -ICTests"
sanitizer=
if [ -n "${MUSTER_SANITIZE:-}" ]; then
    sanitizer="-fsanitize=$MUSTER_SANITIZE -fno-omit-frame-pointer -fuse-ld=lld"
fi
export MUSTER_BUILD=$build
passed=0 failed=0 skipped=0
mkdir -p "$output" || exit 2

# Adds one log to the totals and prints what is worth reading of it. run_one's last words are in $status.
tally() {
    local name=$1 log=$2 status=$3 counts p f s plan
    counts=$(awk '
        /^not ok/ { f++; next }
        /^ok [0-9]+ # SKIP/ { s++; next }
        /^ok/ { p++ }
        /^1\.\.[0-9]+/ { plan = substr($0, 4) + 0 }
        END { print p + 0, f + 0, s + 0, plan == "" ? "none" : plan }' "$log")
    read -r p f s plan <<<"$counts"
    local why=
    if [ "$status" -eq 124 ]; then
        why="did not end within $limit s"
    elif [ "$plan" = none ]; then
        why="ended without a plan (exit status $status)"
    elif [ "$plan" -ne $((p + f + s)) ]; then
        why="planned $plan checks and made $((p + f + s))"
    elif [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then
        why="exit status $status"
    fi
    [ -z "$why" ] || f=$((f + 1))
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    printf '%-6s %-36s %4d passed %3d failed %3d skipped\n' \
        "$([ "$f" -eq 0 ] && echo pass || echo FAIL)" "$name" "$p" "$f" "$s"
    grep -E '^ok [0-9]+ # SKIP' "$log" | sed 's/^ok [0-9]* # /       /' | sort | uniq -c | sed 's/^ */       /'
    if [ "$f" -ne 0 ]; then
        [ -z "$why" ] || echo "       $why"
        grep -A4 '^not ok' "$log" | grep -E '^(not ok|#)' | sed 's/^/       /'
        tail -n 5 "$log" | sed 's/^/       | /'
        echo "       whole log: $log"
    fi
}

# run_one NAME LIBRARY-DIRECTORY COMMAND...
run_one() {
    local name=$1 library=$2
    shift 2
    local log=$output/${name//\//-}.log
    export MUSTER_CASE=$output/case/${name//\//-}
    rm -rf "$MUSTER_CASE"
    mkdir -p "$MUSTER_CASE"
    if [ -n "$library" ]; then
        LD_LIBRARY_PATH=$library timeout -k 10 "$limit" "$@" >"$log" 2>&1 </dev/null
    else
        timeout -k 10 "$limit" "$@" >"$log" 2>&1 </dev/null
    fi
    local status=$?
    tally "$name" "$log" "$status"
    [ "$status" -ne 0 ] || rm -rf "$MUSTER_CASE"
}

# The words after `// TAG: ` near the top of a source.
directive() {
    head -n 20 "$2" | sed -n "s|^// $1: ||p"
}

# What a program of this name is linked with.
library_of() {
    case $1 in
        flux/*) echo "-lflux-core -ljansson" ;;
        *) echo -lpmix ;;
    esac
}

# compile SOURCE PROGRAM NAME FLAGS...: on failure the compiler's words become the test's log.
compile() {
    local source=$1 program=$2 name=$3 file others=()
    shift 3
    for file in $(directive sources "$source"); do
        others+=("$(dirname "$source")/$file")
    done
    # shellcheck disable=SC2046,SC2086 # lists of words, all of them
    if ! ${CC:-cc} $cflags "$@" "$source" "${others[@]}" -o "$program" \
        $(library_of "$name") -lpthread $(directive libraries "$source") >"$program.log" 2>&1; then
        tally "$name" "$program.log" 1
        return 1
    fi
}

headers_of() {
    case $1 in
        flux/*) echo -IInclude ;;
        *) echo -IInclude/pmix ;;
    esac
}

run_reference() {
    local source=$1 name=$2 program=$3
    if [ -z "${FLUX_REFERENCE:-}" ]; then
        echo "ok 1 # SKIP FLUX_REFERENCE names no flux-core
1..1" >"$output/${name//\//-}.reference.log"
        tally "$name (reference)" "$output/${name//\//-}.reference.log" 0
    elif compile "$source" "$program" "$name.reference" -DMUSTER_ORIGINAL -w "-I$FLUX_REFERENCE/include" \
        "-L$FLUX_REFERENCE/lib"; then
        run_one "$name.reference" "$FLUX_REFERENCE/lib" "$program"
    fi
}

run_program() {
    local source=$1 name=$2 program=$output/bin/$2
    mkdir -p "$(dirname "$program")"
    # shellcheck disable=SC2086
    if compile "$source" "$program" "$name" $sanitizer "$(headers_of "$name")" "-L$build/lib"; then
        run_one "$name" "$build/lib" "$program"
    fi
    [ -z "$sanitizer" ] || return 0
    if [ "$(directive compare "$source")" = reference ]; then
        run_reference "$source" "$name" "$program.reference"
        return 0
    fi
    [ "$(directive compare "$source")" = original ] || return 0
    if [ ! -e "$original/lib/libpmix.so" ]; then
        echo "ok 1 # SKIP the original's library and headers are not installed
1..1" >"$output/$name.original.log"
        tally "$name (original)" "$output/$name.original.log" 0
        return 0
    fi
    if compile "$source" "$program.original" "$name.original" -DMUSTER_ORIGINAL -w \
        "-I$original/include" "-I$original/include/pmix" "-L$original/lib"; then
        run_one "$name.original" "$original/lib" "$program.original"
    fi
}

run_test() {
    local name=$1
    if [ -f "CTests/$name.c" ]; then
        run_program "CTests/$name.c" "$name"
    elif [ -f "CTests/$name.sh" ]; then
        run_one "$name" "" bash "CTests/$name.sh" "$build"
    else
        echo "no such test: $name" >&2
        exit 2
    fi
}

every_test() {
    local file
    for file in CTests/abi/locks.sh CTests/pmix/*.c CTests/pmix/*.sh CTests/spread/*.sh CTests/flux/*.c \
        CTests/flux/*.sh CTests/rigs/*.sh; do
        [ -f "$file" ] || continue
        # What has no main or does not speak TAP is a part or a tool of a test.
        case $file in
            *.c) grep -q '^int main' "$file" || continue ;;
            *) grep -q "/tap\.sh\|/flags\.py" "$file" || continue ;;
        esac
        # The locks are of the shipped library, and the peers of the rigs are not built with a sanitizer.
        [[ -n $sanitizer && $file != CTests/@(pmix|spread|flux)/* ]] && continue
        # Other libraries run the program of topologies.
        [[ -n $sanitizer && $file == CTests/pmix/topologies.sh ]] && continue
        file=${file#CTests/}
        echo "${file%.*}"
    done
}

names=("$@")
[ $# -gt 0 ] || mapfile -t names < <(every_test)
for name in "${names[@]}"; do
    run_test "$name"
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
