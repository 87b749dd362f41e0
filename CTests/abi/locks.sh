#!/bin/bash
# The locks of the ABI: headers, tables, original and library agree.
#   CTests/abi/locks.sh BUILD
# The tables of this folder are compared always, the original where its headers and library are installed.
set -u
cd "$(dirname "$0")/../.." || exit 2
. CTests/tap.sh
export LC_ALL=C
build=$(realpath "${1:?usage: locks.sh BUILD}")
original=${MUSTER_ORIGINAL_ROOT:-/usr/lib/$(uname -m)-linux-gnu/pmix2}
ours=Include/pmix
here=CTests/abi
cc=${CC:-cc}
cxx=${CXX:-c++}
warnings="-Wall -Wextra -Wpedantic -Werror"
sanitizer=
[ -z "${MUSTER_SANITIZE:-}" ] || sanitizer="-fsanitize=$MUSTER_SANITIZE -fno-omit-frame-pointer -fuse-ld=lld"
work=$(mktemp -d "${MUSTER_CASE:-${TMPDIR:-/tmp}}/locks.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT

has_original() {
    [ -e "$original/include/pmix.h" ] && [ -e "$original/lib/libpmix.so" ]
}

# quietly TEXT COMMAND...: passes when the command succeeds; what it says is shown when it does not.
quietly() {
    local text=$1
    shift
    "$@" >"$work/said" 2>&1
    ok $? "$text" || {
        head -n 15 "$work/said" | sed 's/^/# /'
        return 1
    }
}

# relay WHOSE COMMAND...: runs a program that speaks TAP, and makes its checks ours.
relay() {
    local whose=$1 line made=0 plan=none failed=0 status
    shift
    "$@" >"$work/tap" 2>&1
    status=$?
    while IFS= read -r line; do
        case $line in
            "ok "*"# SKIP "*) made=$((made + 1)) && skip 1 "$whose: ${line#*# SKIP }" ;;
            "ok "*) made=$((made + 1)) && ok 0 "$whose: ${line#ok * - }" ;;
            "not ok "*) made=$((made + 1)) failed=1 && ok 1 "$whose: ${line#not ok * - }" ;;
            1..*) plan=${line#1..} ;;
            *) echo "# ${line#\# }" ;;
        esac
    done <"$work/tap"
    if [ "$plan" != "$made" ] || { [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; }; then
        ok 1 "$whose: ended with status $status after $made checks of $plan"
    fi
}

# ---- constants, types, sizes and offsets
build_layout() {
    $cc -std=gnu11 -Wall -Wextra "-I$2" "-I$work/$1" $here/layout.c -o "$work/layout.$1"
}

rows() {
    grep -v '^#' "$here/$1.tsv"
}

# rows_of WHOSE TABLE: the original has not got what later releases add.
rows_of() {
    rows "$2"
    [ "$1" = original ] || rows "$2-later"
}

compare_with_tables() {
    local whose=$1 table
    for table in constants structs; do
        "$work/layout.$whose" $table >"$work/$table.$whose"
        rows_of "$whose" $table >"$work/$table"
        quietly "$(wc -l <"$work/$table") rows of $table are what the headers have: $whose" \
            diff "$work/$table" "$work/$table.$whose"
    done
    "$work/layout.$whose" types >"$work/types.$whose"
}

layouts() {
    mkdir "$work/our" "$work/original"
    bash $here/lists.sh >"$work/our/lists.h"
    ok $? "the lists are made from the tables"
    quietly "every type and signature of our headers is as the tables say" build_layout our $ours &&
        compare_with_tables our
    if has_original; then
        nm -D --defined-only "$original/lib/libpmix.so" | awk '{ print $3 }' >"$work/names.original"
        bash $here/lists.sh "$work/names.original" >"$work/original/lists.h"
        quietly "... and of the original's" build_layout original "$original/include" &&
            compare_with_tables original &&
            quietly "numbers have the same C types in both" diff "$work/types.our" "$work/types.original"
    else
        skip 4 "the original's headers are not installed"
    fi
}

# ---- names of macros and inline functions
# All macros that a program sees, with the number of arguments or - .
macros_of() {
    printf '#include <%s>\n' pmix.h pmix_server.h pmix_tool.h | $cc -E -dM "-I$1" -x c - |
        sed -nE 's/^#define (PMI[Xx]_\w*[A-Za-z0-9])(\(([^)]*)\))?( .*)?$/\1\t\2/p' |
        awk -F'\t' '{ n = "-"; if ($2 != "") { n = $2 == "()" ? 0 : gsub(",", ",", $2) + 1 } print $1 "\t" n }' |
        grep -vE '_H'$'\t''-$' | sort
}

macros_in_tables() {
    rows_of "$1" macros
    rows_of "$1" inline | awk '$2 == "initializer" { print $1 "\t-" }'
    rows_of "$1" constants | awk -F'\t' '$3 !~ /^enum/ { print $1 "\t-" }'
    printf 'PMIX_EXPORT\t-\n'
}

# same_macros WHOSE HEADERS TEXT
same_macros() {
    macros_in_tables "$1" | sort >"$work/macros"
    macros_of "$2" >"$work/macros.$1"
    quietly "$3 define the $(wc -l <"$work/macros") macros of the tables, and no other" \
        diff "$work/macros" "$work/macros.$1"
}

macro_names() {
    same_macros our $ours "our headers"
    if has_original; then
        same_macros original "$original/include" "... and the original's"
    else
        skip 1 "the original's headers are not installed"
    fi
    local name missing=
    for name in $(rows macros | cut -f1) $(rows inline | cut -f1); do
        grep -qw "$name" $here/macros_*.c || missing+=" $name"
    done
    for name in $(rows macros-later | cut -f1) $(rows inline-later | cut -f1); do
        grep -qw "$name" CTests/pmix/objects*.c || missing+=" $name"
    done
    is "$missing" "" "every macro and inline function is exercised"
}

# ---- the headers alone, in every language a program may be written in
headers_alone() {
    local standard header
    for standard in c99 c11 gnu17; do
        for header in "$ours"/pmix*.h; do
            printf '#include "%s"\nextern int alone;\n' "$(basename "$header")" >"$work/one.c"
            # shellcheck disable=SC2086
            $cc -std=$standard $warnings -I$ours -fsyntax-only "$work/one.c" || return 1
        done
    done
    for standard in c++11 c++17 gnu++20; do
        for header in "$ours"/pmix*.h; do
            printf '#include "%s"\nextern int alone;\n' "$(basename "$header")" >"$work/one.cc"
            # shellcheck disable=SC2086
            $cxx -std=$standard $warnings -I$ours -fsyntax-only "$work/one.cc" || return 1
        done
    done
}

# ---- behaviour of the macros: each program with both headers, on both libraries
# The 17 functions that compiled macros of OpenPMIx 4.2 ask for; a further one would break programs on that library.
macro_functions="PMIx_Data_array_destruct PMIx_Data_load PMIx_Data_unload PMIx_Info_list_add PMIx_Info_list_convert \
PMIx_Info_list_insert PMIx_Info_list_release PMIx_Info_list_start PMIx_Info_list_xfer PMIx_Info_load PMIx_Info_xfer \
PMIx_Process_monitor_nb PMIx_Topology_destruct PMIx_Value_destruct PMIx_Value_load PMIx_Value_unload PMIx_Value_xfer"

compile_macros() {
    local name=$1
    # shellcheck disable=SC2086
    $cc -std=gnu11 -g -D_GNU_SOURCE $warnings $sanitizer -ICTests -I$ours -c $here/$name.c -o "$work/$name.our.o" &&
        $cc -std=c99 -D_POSIX_C_SOURCE=200809L $warnings -ICTests -I$ours -fsyntax-only $here/$name.c &&
        $cxx -std=gnu++17 $warnings -ICTests -I$ours -fsyntax-only -x c++ $here/$name.c
}

compile_original_macros() {
    $cc -std=gnu11 -g -w -D_GNU_SOURCE -DMUSTER_ORIGINAL -ICTests "-I$original/include" -c $here/$1.c \
        -o "$work/$1.original.o"
}

# run_macros NAME HEADERS LIBRARY DIRECTORY
run_macros() {
    # shellcheck disable=SC2086
    quietly "$1 with $2 headers links with $3 library" \
        $cc $sanitizer "$work/$1.$2.o" -o "$work/$1" "-L$4" -lpmix -lpthread &&
        relay "$1, $2 headers, $3 library" env "LD_LIBRARY_PATH=$4" timeout -k 5 60 "$work/$1"
}

behaviour() {
    local source name
    for source in $here/macros_*.c; do
        name=$(basename "$source" .c)
        quietly "$name compiles without a warning as C and as C++" compile_macros "$name" || continue
        if [ -e "$build/lib/libpmix.so" ]; then
            run_macros "$name" our our "$build/lib"
        else
            skip 1 "the library is not built: $build/lib/libpmix.so"
        fi
        # The original is not what a sanitizer is to look at.
        if [ -n "$sanitizer" ] || ! has_original; then
            skip 3 "the original's headers and library are not installed, or a sanitizer is on"
            continue
        fi
        run_macros "$name" our original "$original/lib"
        quietly "$name compiles with the original's headers" compile_original_macros "$name" || continue
        run_macros "$name" original original "$original/lib"
        [ -e "$build/lib/libpmix.so" ] && run_macros "$name" original our "$build/lib"
    done
    local asked
    asked=$(nm "$work"/macros_*.our.o | grep -oE 'PMIx_\w+' | sort -u | tr '\n' ' ')
    is "$asked" "$macro_functions " "the macros ask for exactly these functions of the library"
}

layouts
macro_names
quietly "every header compiles alone and without a warning: C99, C11, C17, C++11, C++17, C++20" headers_alone
behaviour
relay "names" bash $here/names.sh "$build"
quietly "every requirement of the server stands in the tests that its row names" python3 $here/requirements.py
done_testing
