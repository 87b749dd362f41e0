#!/bin/sh
# Builds the fuzzer with AddressSanitizer and runs it: Tests/Fuzz/run.sh BUILD-DIRECTORY [libFuzzer options, corpus].
# Cases/ holds inputs that once failed; they are run first, and new ones belong there.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
build=$1
shift
mkdir -p "$build/modules"
echo "module CZlib { header \"$root/Sources/CZlib/include/CZlib.h\" export * }" > "$build/modules/czlib.modulemap"
flags="-O -g -wmo -parse-as-library -swift-version 6 -enable-experimental-feature Lifetimes -sanitize=fuzzer,address
    -I $build/modules -Xcc -D_GNU_SOURCE -Xcc -fmodule-map-file=$root/Sources/CLibc/module.modulemap
    -Xcc -fmodule-map-file=$build/modules/czlib.modulemap"
for module in Bytes PMIxWire; do
    # shellcheck disable=SC2086
    swiftc $flags -module-name $module -emit-module-path "$build/modules/$module.swiftmodule" \
        -c "$root/Sources/$module"/*.swift -o "$build/$module.o"
done
clang -g -O1 -D_GNU_SOURCE -fsanitize=address -I "$root/Sources/CZlib/include" -c "$root/Sources/CZlib/CZlib.c" \
    -o "$build/CZlib.o"
# shellcheck disable=SC2086
swiftc $flags -module-name WireFuzz "$here/WireFuzz.swift" "$root/Tests/PMIxWireTests/Conversation.swift" \
    "$build/Bytes.o" "$build/PMIxWire.o" "$build/CZlib.o" -lm -o "$build/wire-fuzz"
cases=$(find "$here/Cases" -type f 2> /dev/null || true)
if [ -n "$cases" ]; then
    # shellcheck disable=SC2086
    "$build/wire-fuzz" -detect_leaks=0 $cases
fi
# LeakSanitizer does not see through the tagged pointers of indirect enums.
exec "$build/wire-fuzz" -detect_leaks=0 "$@"
