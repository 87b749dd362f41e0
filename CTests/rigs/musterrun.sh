#!/bin/bash
# `muster run`: programs of all kinds under it, every operation of a host, all the ways a job can end, and what is left.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/job.sh"
muster=$(realpath "$1/bin/muster")
ours=$(realpath "$1/lib")
original=$(dirname "$(ldconfig -p | sed -n 's/.*libpmix\.so\.2 .*=> //p' | head -n 1)")
headers=${MUSTER_HEADERS:-Include/pmix}
member=$case_folder/member
mkdir -p "$case_folder/tmp"
export TMPDIR=$case_folder/tmp
for program in member asker watcher; do
    ${CC:-cc} -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE "-I$headers" "$rigs/programs/$program.c" \
        -o "$case_folder/$program" "-L$ours" -lpmix
    ok $? "$program.c compiles"
done

# run ARGUMENTS...: leaves $status, $out and $err.
run() {
    LD_LIBRARY_PATH=${library-$ours} timeout -k 5 60 "$muster" run "$@" >"$case_folder/out" 2>"$case_folder/err"
    status=$?
    out=$(cat "$case_folder/out")
    err=$(cat "$case_folder/err")
}

# each MODE RANKS: what RANKS ranks in this mode print when all is well, sorted.
each() {
    local rank
    for ((rank = 0; rank < $2; rank++)); do echo "$1 ok $rank"; done
}

tidy() {
    is "$(find "$case_folder/tmp" -mindepth 1 | head -n 5)" "" "$1: no file is left behind"
}

# ---- what a host does
for library in "$ours" "$original"; do
    whose=ours
    [ "$library" = "$ours" ] || whose=theirs
    for mode in data publish events query group; do
        run -n 4 "$member" "$mode"
        is "$status $(sort "$case_folder/out")" "0 $(each "$mode" 4)" "$whose: $mode" || diag "$err"
        is "$err" "" "$whose: $mode: nothing else is said"
    done
    run -n 3 "$member" spawn
    is "$status $(sort "$case_folder/out")" "0 $(each child 2; each spawn 3)" "$whose: spawn, connect, disconnect" || diag "$err"
    run "$member" show
    is "$status $(sort "$case_folder/out")" "0 $(each show 1; each shown 2)" "$whose: what a spawned job prints comes once" ||
        diag "$err"
    run -n 3 "$member" control
    is "$status $(sort "$case_folder/out")" "0 control ok 0
control ok 2" "$whose: job control" || diag "$err"
done
library=$ours
tidy "a host"

# ---- unmodified programs
if command -v mpicc >/dev/null; then
    compile_mpi hello
    compile_mpi family
    for library in "$ours" "$original"; do
        run -n 4 "$case_folder/hello"
        is "$status" 0 "Open MPI's program ends well on $library" || diag "$err"
        is "$(grep -c 'of 4' <<<"$out")" 4 "each of its ranks knows the others"
        run -n 2 "$case_folder/family"
        is "$status $(sort <<<"$out")" "0 child 0: 6
child 1: 6
parent 0: 6
parent 1: 6" "MPI_Comm_spawn on $library" || diag "$err"
        run -n 3 "$case_folder/family" abort
        is "$status" 6 "MPI_Abort on $library"
        like "$err" 'muster: rank 1 .* status 6;' "muster says who called it"
    done
    library=$ours
    tidy "Open MPI"
else
    skip 11 "Open MPI is not installed"
fi
if /usr/bin/python3 -c 'import pmix' 2>/dev/null; then
    run -n 2 /usr/bin/python3 "$rigs/pmix_client.py"
    is "$status" 0 "Python's pmix ends well" || diag "$err"
else
    skip 1 "python3-pmix is not installed"
fi

# ---- several programs, environment, directory
run -n 2 -x COLOR=red --wdir / sh -c 'echo a $COLOR $PWD $PMIX_RANK' : -n 1 -x COLOR=blue sh -c 'echo b $COLOR $PMIX_RANK'
is "$(sort <<<"$out")" "a red / 0
a red / 1
b blue 2" "each program has its own count, environment and directory"
printf '%s\n' 'echo script $1' >"$case_folder/script"
chmod +x "$case_folder/script"
run "$case_folder/script" word
is "$status $out" "0 script word" "a script that does not name its reader"
run -n 2 --bind-to core sh -c 'grep -c . /proc/self/status >/dev/null; taskset -pc $$ 2>/dev/null || echo bound'
is "$status" 0 "ranks are bound to cores" || diag "$err"

# ---- output
run -n 2 --tag-output sh -c 'echo one; printf two'
is "$(sed 's/muster-[^]]*,/X,/' <<<"$out" | sort)" "[X,0] one
[X,0] two
[X,1] one
[X,1] two" "--tag-output says whose each line is"
run -n 2 --output "$case_folder/files/deep" sh -c 'echo out $PMIX_RANK; echo err $PMIX_RANK >&2'
is "$out$err$(cd "$case_folder/files/deep" && head -v -- *)" "==> rank.0.err <==
err 0

==> rank.0.out <==
out 0

==> rank.1.err <==
err 1

==> rank.1.out <==
out 1" "--output makes a file for each rank and stream"
run -n 8 sh -c 'i=0; while [ $i -lt 4000 ]; do echo "$PMIX_RANK $i abcdefghijklmnopqrstuvwxyz"; i=$((i+1)); done'
is "$(sort -u "$case_folder/out" | grep -cE '^[0-7] [0-9]+ abcdefghijklmnopqrstuvwxyz$') $(wc -l <"$case_folder/out")" \
    "32000 32000" "32000 lines of 8 ranks come whole, each once"
LD_LIBRARY_PATH=$ours timeout 60 "$muster" run -n 2 sh -c 'yes 0123456789abcde | head -n 2000000' 2>/dev/null | (sleep 0.3; wc -c) >"$case_folder/out"
is "$(cat "$case_folder/out")" 64000000 "a slow reader gets all of it"
LD_LIBRARY_PATH=$ours timeout 60 "$muster" run -n 2 yes 2>/dev/null | head -n 1 >"$case_folder/out"
is "${PIPESTATUS[0]} $(cat "$case_folder/out")" "141 y" "a reader that leaves ends the job"

# ---- input
seq 100000 >"$case_folder/input"
LD_LIBRARY_PATH=$ours timeout 60 "$muster" run -n 3 --stdin 1 sh -c 'echo $PMIX_RANK $(md5sum)' <"$case_folder/input" | sort >"$case_folder/out"
nothing="$(md5sum </dev/null | tr -s ' ')"
is "$(cat "$case_folder/out")" "0 $nothing
1 $(md5sum <"$case_folder/input" | tr -s ' ')
2 $nothing" "--stdin says who reads the input"
LD_LIBRARY_PATH=$ours timeout 60 "$muster" run -n 2 --stdin all wc -c <"$case_folder/input" | sort -u >"$case_folder/out"
is "$(cat "$case_folder/out")" "$(wc -c <"$case_folder/input")" "--stdin all gives it to everybody"
is "$(seq 3 | timeout 60 "$muster" run -n 2 sh -c '[ $PMIX_RANK = 1 ] || cat')" "$(seq 3)" "a pipe is read by rank 0"

# ---- how a job ends
run sh -c 'exit 7'
is "$status" 7 "RUN-7 the exit status is the rank's"
like "$err" 'rank 0 .* exited with status 7' "the message says so"
run -n 3 "$member" die
is "$status" 137 "RUN-7 a killed rank's is 128 and the signal's"
like "$err" 'rank 2 .*killed by signal 9' "the message names the rank"
run -n 3 "$member" abort
is "$status" 5 "RUN-7 PMIx_Abort decides the status"
like "$err" 'rank 1 .*PMIx_Abort with status 5: on purpose' "and what is said"
run -n 3 "$member" leave
is "$status" 1 "a rank that leaves without PMIx_Finalize ends the job"
like "$err" 'rank 1 .*without PMIx_Finalize' "the message names it"
for when in 0 1; do
    run -n 2 "$member" start : sh -c "sleep $when"
    is "$status" 1 "so does one that leaves without PMIx_Init, which others call"
    like "$err" 'rank 2 .*without PMIx_Init' "the message names it"
done
run -n 3 "$member" turn
is "$status" 1 "so does one that goes on without its connection"
like "$err" 'rank 1 .*broke its connection' "the message names it, too"
run -n 2 "$case_folder/nonexistent"
is "$status" 127 "a program that is not there"
like "$err" 'nonexistent' "is named"
run -n 2 /etc/passwd
is "$status" 126 "what is no program"
run --wdir "$case_folder/nonexistent" true
[ "$status" -ne 0 ] && grep -q nonexistent <<<"$err"
ok $? "a directory that is not there"
run --timeout 1 -n 2 sleep 50
is "$status" 124 "--timeout ends the job"
run -n 2 sh -c 'trap "" TERM; if [ $PMIX_RANK = 1 ]; then sleep 0.2; exit 3; fi; while :; do sleep 1; done'
is "$status" 3 "a rank that does not want to end is killed"
tidy "an end"

# Starts a job in the background whose ranks write FOLDER/ready.RANK.
start() {
    rm -rf "$case_folder/hold"
    mkdir -p "$case_folder/hold"
    "$muster" run -n 2 sh -c "$1" >"$case_folder/out" 2>"$case_folder/err" </dev/null &
    pid=$!
    wait_for 30 eval "[ \$(ls $case_folder/hold | wc -l) -eq 2 ]"
    pids=$(descendants "$pid")
}
# ---- tools, and the terminal
ready=": >$case_folder/hold/ready.\$PMIX_RANK"
for library in "$ours" "$original"; do
    start "$ready; while [ ! -e $case_folder/go ]; do sleep 0.05; done"
    is "$(LD_LIBRARY_PATH=$library timeout 30 "$case_folder/asker" "$pid")" "processes 2
nobody -46" "a tool on $library finds muster by its process, and asks"
    : >"$case_folder/go"
    wait "$pid"
    is "$?" 0 "the job does not mind"
    rm "$case_folder/go"
done
# Its input has to stay open for the tool's word to get through.
rm -rf "$case_folder/hold"
mkdir -p "$case_folder/hold"
mkfifo "$case_folder/fifo"
exec 9<>"$case_folder/fifo"
LD_LIBRARY_PATH=$ours "$muster" run -n 2 sh -c "$ready; if [ \$PMIX_RANK = 0 ]; then read word; : >$case_folder/hold/\$word
else while [ ! -e $case_folder/hold/go ]; do sleep 0.05; done; echo line; echo end; fi" <&9 >"$case_folder/out" 2>&1 &
pid=$!
wait_for 30 eval "[ \$(ls $case_folder/hold | wc -l) -eq 2 ]"
is "$(LD_LIBRARY_PATH=$ours timeout 30 "$case_folder/watcher" "$pid")" "line
end" "a tool sees what a rank prints, and gives another something to read"
# Without the tool's word it would wait for ever.
: >"$case_folder/hold/go"
echo nothing >&9
wait "$pid"
is "$? $(cat "$case_folder/out")" "0 line
end" "and so does whoever started the job"
exec 9>&-

terminal='import os, pty, sys
status = pty.spawn(sys.argv[1:])
sys.exit(os.waitstatus_to_exitcode(status))'
if command -v python3 >/dev/null; then
    out=$(timeout 60 python3 -c "$terminal" "$muster" run -n 3 sh -c 'sleep 1; exit 5' </dev/null | tr -d '\r')
    like "$out" 'muster: 3 of 3 started, 0 in PMIx_Init' "on a terminal a start that takes long is shown"
    like "$out" 'rank [0-2] .*exited with status 5' "and goes before anything is said"
else
    skip 2 "there is no python3 to make a terminal"
fi

# ---- signals
ready=": >$case_folder/hold/ready.\$PMIX_RANK"
start "trap 'echo usr; exit 0' USR1; $ready; while :; do sleep 0.05; done"
kill -USR1 "$pid"
wait "$pid"
is "$? $(cat "$case_folder/out")" "0 usr
usr" "RUN-9 SIGUSR1 is passed on"
# In the background a shell ignores SIGINT for what it starts.
start "trap 'exit 4' TERM; $ready; while :; do sleep 0.05; done"
kill -TERM "$pid"
wait "$pid"
is "$?" 4 "SIGTERM is passed on, and the ranks decide"
start "trap '' TERM; $ready; while :; do sleep 0.05; done"
kill -TERM "$pid"
kill -TERM "$pid"
sleep 0.2
kill -TERM "$pid"
wait "$pid"
is "$?" 143 "the second time they are killed"
is "$(job_left "$pids")" "" "signals: nothing is left behind"
start "sleep 60 & $ready; wait"
kill -9 "$pid"
wait "$pid" 2>/dev/null
is "$(job_left "$pids")" "" "muster is killed: no process and no file is left behind"
tidy "muster is killed"
done_testing
