#!/bin/bash
# Members that come and go, one of them without a word: what two members saw of a view they both left behind is the
# same. Over groups.py; and with SPREAD_REFERENCE=host:port and SPREAD_ORIGINAL=prefix also over a real daemon, with
# every second member linked with the original library.
set -u
tests=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath "$1")
. "$tests/tap.sh"
. "$tests/spread/compile.sh"
work=${MUSTER_CASE:-$(mktemp -d)}
compile "$work/ours" "$tests/spread/member.c"
ok $? "the program compiles" || done_testing
PYTHONDONTWRITEBYTECODE=1 python3 "$tests/spread/groups.py" "$work/port" &
daemon=$!
trap 'kill $daemon 2>/dev/null' EXIT
for _ in $(seq 200); do [ -s "$work/port" ] && break; sleep 0.05; done

# member DELAY NAME MILLISECONDS END PROGRAM LIBRARIES
member() {
    sleep "$1"
    LD_LIBRARY_PATH=$6 timeout -k 5 60 "$5" "$where" "$2" "$3" "$4" >"$work/$2"
    echo "exit status $?" >>"$work/$2"
}

# run WHERE TEXT OTHER-PROGRAM OTHER-LIBRARIES
run() {
    where=$1
    local members=() lines name
    member 0 m1 4000 leave "$work/ours" "$build/lib" & members+=($!)
    member 0.4 m2 3200 disconnect "$3" "$4" & members+=($!)
    member 0.8 m3 1500 die "$work/ours" "$build/lib" & members+=($!)
    member 1.2 m4 700 leave "$3" "$4" & members+=($!)
    wait "${members[@]}"
    for name in m1 m2 m3 m4; do
        is "$(tail -n 1 "$work/$name")" "exit status 0" "$2: $name ends well"
        lines=$(grep -E '^(view|closed)' "$work/$name")
        is "$(grep -vxFf "$work/m1" <<<"$lines")" "" "VS-1, VS-2, VS-3: $2: $name saw nothing else than m1"
    done
    ok $(($(grep -c '^closed' "$work/m1") < 4)) "LIV-1: $2: views come"
    like "$(cat "$work/m1")" '^view [0-9]+ of 1 ' "LIV-1: $2: and go"
}
run "$(cat "$work/port")@127.0.0.1" "groups.py" "$work/ours" "$build/lib"
if [ -n "${SPREAD_REFERENCE:-}" ] && [ -n "${SPREAD_ORIGINAL:-}" ]; then
    gcc -w "-I$SPREAD_ORIGINAL/include" "$tests/spread/member.c" -o "$work/original" "-L$SPREAD_ORIGINAL/lib" -lspread
    run "${SPREAD_REFERENCE##*:}@${SPREAD_REFERENCE%:*}" "with the original" "$work/original" "$SPREAD_ORIGINAL/lib"
else
    skip 1 "SPREAD_REFERENCE and SPREAD_ORIGINAL name no original"
fi
done_testing
