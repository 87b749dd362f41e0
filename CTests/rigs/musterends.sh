#!/bin/bash
# What is left behind by a job of `muster run` that does not end well: nothing. Ranks, muster and its guard are killed
# where they stand; processes, files, sockets and shared memory are looked for, also where only the ranks had any.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/job.sh"
build=$(realpath "$1")
muster=$build/bin/muster
ours=$build/lib
original=${MUSTER_ORIGINAL_ROOT:-/usr/lib/$(uname -m)-linux-gnu/pmix2}/lib
mkdir -p "$case_folder/tmp"
export TMPDIR=$case_folder/tmp
folder=$case_folder/promised
${CC:-cc} -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE "-I${MUSTER_HEADERS:-Include/pmix}" "$rigs/programs/promise.c" \
    -o "$case_folder/promise" "-L$ours" -lpmix
ok $? "promise.c compiles"

# begin RANKS PROGRAM...: a job whose ranks say in $folder that they are ready. Leaves $pid and $pids.
begin() {
    local ranks=$1
    shift
    rm -rf "$folder"
    mkdir -p "$folder"
    LD_LIBRARY_PATH=${library-$ours} "$muster" run -n "$ranks" "$@" >"$case_folder/out" 2>"$case_folder/err" </dev/null &
    pid=$!
    wait_for 60 eval "[ \$(ls $folder | grep -c '^ready') -eq $ranks ]"
    ok $? "the ranks are ready" || diag "$(cat "$case_folder/err")"
    pids=$(descendants "$pid")
    port=$(tr '\0' '\n' <"/proc/$(of_rank 0)/environ" | sed -n 's/^PMIX_SERVER_URI[0-9]*=.*:\([0-9]*\)$/\1/p' | head -n 1)
    [ "$(listeners)" -eq 1 ]
    ok $? "muster listens where the ranks have been told"
}

# listeners: how many sockets wait for connections where muster does.
listeners() {
    grep -ciE "^ *[0-9]+: [0-9A-F]+:$(printf %04X "${port:-0}") [0-9A-F:]+ 0A " /proc/net/tcp
}

# gone TEXT: no process runs, nothing is left of muster's, and of the ranks' only what they wanted to stay.
gone() {
    is "$(job_left "$pids")" "" "RUN-8 $1: no process is left, nor a file of muster's"
    is "$(find "$TMPDIR" -mindepth 1)" "" "RUN-8 $1: nor a folder"
    wait_for 10 eval "[ -z \"\$(ls $folder | grep -vE '^(ready|stays)')\" ]"
    is "$(ls "$folder" | grep -vE '^(ready|stays)')" "" "RUN-8 $1: what the ranks have promised is gone"
    is "$(ls "$folder" | grep -c '^stays')" 3 "$1: what they have not is there"
    is "$(listeners)" 0 "$1: no socket is left"
}

# of_rank RANK: its process.
of_rank() {
    local one
    for one in $pids; do
        [ "$(role_of "$one")" = "rank $1" ] && [ "$(cut -d' ' -f5 "/proc/$one/stat")" = "$one" ] && echo "$one"
    done
}

for library in "$ours" "$original"; do
    [ -e "$library/libpmix.so.2" ] || { skip 21 "the original's library is not installed"; continue; }
    begin 3 "$case_folder/promise" "$folder"
    kill -9 "$pid"
    wait "$pid" 2>/dev/null
    gone "muster is killed"
    begin 3 "$case_folder/promise" "$folder"
    kill -9 "$(of_rank 1)"
    wait "$pid" 2>/dev/null
    is "$?" 137 "a rank is killed: the status says so"
    like "$(cat "$case_folder/err")" 'rank 1 .*was killed by signal 9' "and the message whose it is"
    gone "a rank is killed"
    begin 3 "$case_folder/promise" "$folder"
    kill -TERM "$pid"
    wait "$pid" 2>/dev/null
    is "$?" 143 "muster is asked to end: so are the ranks"
    gone "muster is asked to end"
done
library=$ours

# The guard is gone before anybody needs it: muster does the work itself.
begin 3 "$case_folder/promise" "$folder"
kill -9 "$(for one in $pids; do grep -qs '^muster-guard' "/proc/$one/comm" && echo "$one"; done)"
kill -TERM "$pid"
wait "$pid" 2>/dev/null
gone "the guard is killed"

# A rank and muster at once.
begin 3 "$case_folder/promise" "$folder"
kill -9 "$(of_rank 2)" "$pid"
wait "$pid" 2>/dev/null
gone "both are killed"

# What ranks start in sessions of its own, with its environment and without: it ends with the job, however that ends.
cat >"$case_folder/strays.sh" <<'END'
echo "$PMIX_RANK" >"$1/ready.$PMIX_RANK"
setsid sleep 86399 </dev/null >/dev/null 2>&1 &
(setsid sh -c 'sleep 86399; :' </dev/null >/dev/null 2>&1 &)
[ "$2" = marked ] || setsid env -i "$(command -v sleep)" 86399 </dev/null >/dev/null 2>&1 &
[ "$3" = goes ] || exec sleep 600
END
strays() {
    grep -lsz '^86399$' /proc/[0-9]*/cmdline | wc -l
}
# stray RANKS WHICH WHAT: a job of so many ranks that leave something behind. Leaves $pid.
stray() {
    rm -rf "$folder"
    mkdir -p "$folder"
    "$muster" run -n "$1" sh "$case_folder/strays.sh" "$folder" "$2" "$3" >"$case_folder/out" 2>&1 </dev/null &
    pid=$!
    [ "$3" = goes ] || wait_for 60 eval "[ \$(strays) -eq $4 ]"
}
# none TEXT: nothing of it runs.
none() {
    wait_for 10 eval "[ \$(strays) -eq 0 ]"
    is "$(strays)" 0 "RUN-11 $1: nothing in a session of its own is left"
}
stray 3 all goes
wait "$pid"
is "$?" 0 "ranks that leave something behind and are done"
none "all is well"
stray 3 all stays 9
ok $? "ranks that leave something behind"
kill -TERM "$pid"
wait "$pid" 2>/dev/null
none "muster is asked to end"
stray 3 all stays 9
pids=$(descendants "$pid")
kill -9 "$(of_rank 1 | head -n 1)"
wait "$pid" 2>/dev/null
is "$?" 137 "a rank that leaves something behind is killed"
none "a rank is killed"
stray 3 marked stays 6
kill -9 "$pid"
wait "$pid" 2>/dev/null
none "muster is killed"

# Open MPI's ranks have shared memory, which their host is to remove.
segments() {
    find /dev/shm -mindepth 1 \( -name 'vader_segment*' -o -name 'sm_segment*' \) 2>/dev/null | sort
}
if command -v mpicc >/dev/null; then
    unset OMPI_MCA_btl_vader_backing_directory
    compile_mpi hello
    before=$(segments)
    begin 3 "$case_folder/hello" "$folder"
    isnt=$(comm -13 <(echo "$before") <(segments) | grep -c .)
    [ "$isnt" -ge 1 ]
    ok $? "Open MPI's ranks share memory"
    kill -9 "$pid"
    wait "$pid" 2>/dev/null
    is "$(job_left "$pids")" "" "muster is killed: none of Open MPI's processes is left, nor a file"
    is "$(comm -13 <(echo "$before") <(segments))" "" "nor their shared memory"
else
    skip 4 "Open MPI is not installed"
fi
done_testing
