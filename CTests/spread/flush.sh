#!/bin/bash
# The flush layer over a daemon that keeps groups (groups.py), and over a real one: SPREAD_REFERENCE=host:port.
set -u
tests=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath "$1")
. "$tests/tap.sh"
. "$tests/spread/compile.sh"
work=${MUSTER_CASE:-$(mktemp -d)}
for program in members rules; do
    compile "$work/$program" "$tests/spread/$program.c"
    ok $? "the program compiles: $program" || done_testing
done
PYTHONDONTWRITEBYTECODE=1 python3 "$tests/spread/groups.py" "$work/port" &
daemon=$!
trap 'kill $daemon 2>/dev/null' EXIT
for _ in $(seq 200); do [ -s "$work/port" ] && break; sleep 0.05; done

# Each check of the program is one here.
run() {
    local line
    LD_LIBRARY_PATH=$build/lib timeout -k 5 60 "$work/$3" "$1" >"$work/out" 2>&1
    local status=$?
    while read -r line; do
        case $line in
            "ok "*) ok 0 "$2: ${line#*- }" ;;
            "not ok "*) ok 1 "$2: ${line#*- }" ;;
        esac
    done <"$work/out"
    ok $status "$2: the program ends well" || diag "$(grep -A5 '^not ok' "$work/out")"
}
for program in members rules; do
    run "$(cat "$work/port")@127.0.0.1" "groups.py" "$program"
done
if [ -n "${SPREAD_REFERENCE:-}" ]; then
    for program in members rules; do
        run "${SPREAD_REFERENCE##*:}@${SPREAD_REFERENCE%:*}" "the reference" "$program"
    done
else
    skip 1 "SPREAD_REFERENCE names no daemon"
fi
done_testing
