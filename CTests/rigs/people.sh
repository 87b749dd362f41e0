#!/bin/bash
# The sub-commands for people, asked about jobs that hang on purpose: who is missing is named, and so is who was killed.
# Under our own host, under mpirun, which refuses tools and is named, and without any server.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/job.sh"
muster=$(realpath "$1/bin/muster")
ours=$(realpath "$1/lib")
mkdir -p "$case_folder/tmp"
export TMPDIR=$case_folder/tmp
unset PMIX_NAMESPACE PMIX_RANK
${CC:-cc} -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE "-I${MUSTER_HEADERS:-Include/pmix}" "$rigs/programs/hang.c" \
    -o "$case_folder/hang" "-L$ours" -lpmix
ok $? "hang.c compiles"

# asks ARGUMENTS...: leaves $status, $out and $err.
asks() {
    out=$(timeout -k 5 60 "$muster" "$@" 2>"$case_folder/asked")
    status=$?
    err=$(cat "$case_folder/asked")
}

# begin WHAT MISSING RANKS: a job whose rank MISSING stays away; when this returns all others have called. Leaves $pid
# and $job.
begin() {
    LD_LIBRARY_PATH=$ours "$muster" run --timeout 120 -n "$3" "$case_folder/hang" "$1" "$2" \
        >"$case_folder/out" 2>"$case_folder/err" </dev/null &
    pid=$!
    wait_for 60 eval "[ \$('$muster' status --pid $pid 2>'$case_folder/why' | sed -n 's/^    here: //p' | wc -w) -eq \
        $(($3 - 1)) ]"
    ok $? "$1: all others have called" || diag "$(cat "$case_folder/why" "$case_folder/err")"
    asks ps --pid "$pid"
    job=$(awk 'NR == 2 { print $1 }' <<<"$out")
}

# finish MISSING: kills the rank that is waited for, as status names it.
finish() {
    asks status --pid "$pid"
    local victim
    victim=$(sed -n 's/^    missing: .*, pid \([0-9]*\) on .*$/\1/p' <<<"$out")
    [ -n "$victim" ] && kill -9 "$victim"
    ok $? "PEO-2: status names the process of the rank that is missing" || kill "$pid"
    wait "$pid"
    is $? 137 "PEO-2: the job ends with the status of the rank that was killed"
    like "$(cat "$case_folder/err")" "^muster: rank $1 \(.*/hang, pid $victim\) was killed by signal 9" \
        "PEO-2: and the message names it"
}

begin fence 2 4
asks status --pid "$pid"
is "$status $err" "0 " "PEO-1: status has an answer"
like "$out" "^$job: 4 processes: 4 connected$" "PEO-1: the job is summed up"
like "$out" "^fence of $job:\*, for [0-9]+ s$" "PEO-1: the fence is named, and its time"
is "$(sed -n 's/^    here: //p' <<<"$out" | tr ' ' '\n' | sort | xargs)" "$job:0 $job:1 $job:3" "PEO-1: who has arrived"
missing="^    missing: $job:2 \($case_folder/hang, pid [0-9]+ on [^ ]+, connected\)$"
like "$out" "$missing" "PEO-1: who is missing"
asks status --job "$job"
like "$out" "^    missing: $job:2" "PEO-3: the one server below TMPDIR is found without being named"
rank=$(awk 'NR == 2 { print $3 }' <<<"$(asks ps --pid "$pid"; echo "$out")")
asks status --pid "$rank"
like "$out" "^    missing: $job:2" "PEO-3: the server is found by a rank's process"
asks status --system-first --job "$job"
like "$out" "^    missing: $job:2" "PEO-3: and where there is no server of the whole machine"
kill -STOP "$pid"
asks status --timeout 1 --pid "$rank"
is "$status" 124 "PEO-8: no answer in time has an exit status of its own"
kill -CONT "$pid"
asks status --pid "$pid" --job no-such-job
is "$status $out" "0 nobody waits for anybody" "PEO-1: of another job nothing is pending"
asks status --json --server "${job%.*}"
like "$out" "\"muster.pending.missing\": \[\"$job:2\"\]" "PEO-3: the server is found by its name; JSON has the missing"
asks ps --pid "$pid"
is "$(awk 'NR > 1 { print $1, $2, $5 }' <<<"$out")" "$job 0 connected
$job 1 connected
$job 2 connected
$job 3 connected" "PEO-4: ps lists the ranks"
asks ps --pid "$pid" --json
like "$out" "\{\"job\": \"$job\", \"rank\": 3, \"pid\": [0-9]+, .*\"state\": \"connected\"" "PEO-4: in JSON too"
asks ps --pid "$pid"
programs=$(awk 'NR > 1 { print $3 }' <<<"$out" | while read -r one; do cat "/proc/$one/comm"; done)
is "$(sort <<<"$programs" | uniq -c | xargs)" "4 hang" "PEO-4: with their processes"
asks query --pid "$pid" PMIX_QUERY_NAMESPACES
is "$status $out" "0 PMIX_QUERY_NAMESPACES = $job" "PEO-5: query takes names"
asks query --pid "$pid" --json pmix.job.size --job "$job"
is "$status $out" '0 {"pmix.job.size": 4}' "PEO-5: and keys, with JSON"
asks query --pid "$pid" query_namespaces no.such.key
is "$status $out" "1 PMIX_QUERY_NAMESPACES = $job" "PEO-5: names without their beginning; not everything was there"
asks query --pid "$pid" --qualifier "nspace=$job" job_size
is "$status $out" "0 PMIX_JOB_SIZE = 4" "PEO-5: any qualifier narrows the question"
asks query --pid "$pid" --functions server
like "$status $(tr '\n' ' ' <<<"$out")" "^0 .*PMIx_server_register_nspace" "PEO-5: what functions there are"
asks query --pid "$pid" --attributes PMIx_Fence
like "$status $(tr '\n' ' ' <<<"$out")" "^0 .*PMIX_COLLECT_DATA" "PEO-5: what a function takes"
asks lookup --pid "$pid" motto
is "$status $out" "0 motto = wait and see    ($job:0)" "PEO-6: lookup finds what was published"
asks lookup --pid "$pid" --range namespace motto
is "$status" 1 "PEO-6: not by those who ask for another range"
asks lookup --pid "$pid" --range session --json motto
is "$status $out" '0 {"motto": "wait and see"}' "PEO-6: by those who ask for its own"
asks lookup --pid "$pid" nothing
is "$status" 1 "PEO-6: what was not is said by the exit status"
asks lookup --pid "$pid" --wait 1 nothing
like "$status $err" "^1 muster: .*nothing" "PEO-6: waiting ends"
# hears LISTENER-ARGUMENTS -- SENDER-ARGUMENTS: until what is sent is heard.
hears() {
    local listening=()
    while [ "$1" != -- ]; do
        listening+=("$1")
        shift
    done
    shift
    "$muster" event --pid "$pid" --count 1 --for 30 "${listening[@]}" -- "$code" >"$case_folder/heard" 2>&1 &
    listener=$!
    wait_for 30 eval "'$muster' event --pid $pid --send $* -- $code; ! kill -0 $listener 2>/dev/null"
    wait "$listener"
}
code=-2001
hears --
is $? 0 "PEO-7: an event is heard"
like "$(cat "$case_folder/heard")" "\(-2001\) from ${job%.*}\.tool\.[0-9]+:0$" "PEO-7: in words"
# Another one: those of before that nobody had heard are kept for who comes later.
code=-2002
hears --affected "$job:3" --json -- --affected "$job:3" --info word=hello
is $? 0 "PEO-7: one about a process is heard"
like "$(cat "$case_folder/heard")" "\"code\": -2002, .*\"word\": \"hello\"" "PEO-7: in JSON, with what was sent along"
asks event --pid "$pid" --for 0.1 job_terminated
is "$status" 1 "PEO-7: none came"
finish 2
is "$(find "$TMPDIR" -mindepth 1)" "" "nothing is left"

begin group 1 3
asks status --pid "$pid"
like "$out" "^group construct crew of $job:\*" "PEO-1: a group is named"
like "$out" "^    missing: $job:1" "PEO-1: and its missing member"
finish 1
begin connect 0 3
asks status --pid "$pid"
like "$out" "^connect of $job:\*" "PEO-1: a connect is named"
finish 0

asks status
is "$status" 2 "PEO-8: without a server the exit status is 2"
like "$err" "^muster: cannot reach a server: " "PEO-8: and that is said"
like "$err" " in $TMPDIR" "PEO-8: with where it was looked for"
asks status --pid 4194304
like "$status $(tr '\n' ' ' <<<"$err")" "^2 .*there is no process 4194304 here" \
    "PEO-8: a process that is not there is named"
asks ps --uri 'gone.0;tcp4://127.0.0.1:1'
like "$status $(tr '\n' ' ' <<<"$err")" "^2 .*cannot be reached, .* gone.0;tcp4://127.0.0.1:1," "PEO-8: so is an address"
asks status --pid 1 --uri x
is "$status" 64 "PEO-8: a command line that makes no sense has an exit status of its own"

if [ -n "$mpirun" ]; then
    LD_LIBRARY_PATH=$ours "$mpirun" --mca pmix_session_server 1 -n 2 "$case_folder/hang" fence 1 \
        >"$case_folder/out" 2>&1 </dev/null &
    pid=$!
    wait_for 60 eval "[ -n \"\$(find $TMPDIR -name 'pmix.*.tool.$pid')\" ] && grep -q 'stays away' $case_folder/out"
    for choice in "--pid $pid" ""; do
        # shellcheck disable=SC2086
        asks status $choice
        is "$status" 2 "PEO-9: Open MPI 4's mpirun takes no tools${choice:+, named or not}"
        like "$err" "Open MPI 4" "PEO-9: it is named"
    done
    is_running "$pid"
    ok $? "PEO-9: and it goes on"
    kill -9 "$(descendants "$pid" | while read -r one; do [ "$(role_of "$one")" = "rank 1" ] && echo "$one"; done)"
    wait_for 30 eval "! is_running $pid"
    ok $? "PEO-9: and ends with its job: nobody has knocked"
    wait "$pid" 2>/dev/null
else
    skip 6 "Open MPI is not installed"
fi
done_testing
