#!/bin/bash
# `muster broker`, asked over the wire by a client that is nobody's library: the answers of flux-core 0.88's broker
# (expected/services.txt, taken from it), and what it has to withstand (broker.py).
#   FLUX_REFERENCE=PREFIX   an installed flux-core: its broker is asked the same now, and its commands use ours
set -u
tests=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath "$1")
. "$tests/tap.sh"
work=${MUSTER_CASE:-$(mktemp -d)}
muster=${MUSTER_COMMAND:-$build/bin/muster}
here=$tests/flux
export PYTHONDONTWRITEBYTECODE=1

# The owner is whoever runs this.
expected() {
    sed "s/\"owner\": 0/\"owner\": $(id -u)/; s/\"userid\": 0/\"userid\": $(id -u)/" "$here/expected/services.txt"
}
timeout 60 "$muster" broker --quiet python3 "$here/services.py" >"$work/ours" 2>&1
is "$?" 0 "every service is asked"
is "$(diff "$work/ours" <(expected))" "" "BRK-7 $(grep -c . "$work/ours") answers are those of flux-core 0.88"
if [ -n "${FLUX_REFERENCE:-}" ]; then
    flux=$FLUX_REFERENCE/bin/flux
    timeout 100 "$flux" start --test-size=1 python3 "$here/services.py" >"$work/theirs" 2>/dev/null
    is "$(diff "$work/ours" "$work/theirs")" "" "BRK-7 the reference says the same today"
    for words in "getattr size" "ping --count 2 broker" "kvs put a.b=1" "kvs ls" "lsattr" "dmesg" "module list" \
        "event pub x.y" "logger hello" "kvs namespace list" "getattr local-uri"; do
        # shellcheck disable=SC2086 # words
        timeout 60 "$muster" broker --quiet "$flux" $words >"$work/said" 2>&1
        is "$?" 0 "BRK-8 flux $words" || sed 's/^/# /' "$work/said"
    done
    said=$(timeout 60 "$muster" broker --quiet bash -c "$flux kvs put a.b=42 c=xyz && $flux kvs get a.b &&
        $flux kvs put --append c=more && $flux kvs get c && $flux kvs dir -R && $flux kvs unlink -R a && $flux kvs ls")
    is "$said" $'42\nxyzmore\na.b = 42\nc = xyzmore\nc' "BRK-8 flux kvs puts, gets, appends, lists and unlinks"
else
    skip 13 "FLUX_REFERENCE names no installed flux-core"
fi
timeout 120 python3 "$here/broker.py" "$muster" >"$work/tap" 2>&1
while IFS= read -r line; do
    case $line in
        "ok "*"# SKIP "*) skip 1 "${line#*# SKIP }" ;;
        "ok "*) ok 0 "${line#* - }" ;;
        "not ok "*) ok 1 "${line#* - }" ;;
        1..*) ;;
        *) echo "# $line" ;;
    esac
done <"$work/tap"
grep -q '^1\.\.' "$work/tap"
ok $? "the checks came to their end"
done_testing
