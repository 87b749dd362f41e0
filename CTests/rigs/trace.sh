#!/bin/bash
# MUSTER_TRACE: what goes over the wire is told in words, by our server of ranks on the original, by our ranks of the
# original's server, and by whatever hostile peers are made to talk to. Silent when nobody asks.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/job.sh"
muster=$(realpath "$1/bin/muster")
ours=$(realpath "$1/lib")
original=${MUSTER_ORIGINAL_ROOT:-/usr/lib/$(uname -m)-linux-gnu/pmix2}/lib
mkdir -p "$case_folder/tmp"
export TMPDIR=$case_folder/tmp
unset PMIX_NAMESPACE PMIX_RANK
${CC:-cc} -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE "-I${MUSTER_HEADERS:-Include/pmix}" "$rigs/programs/spoken.c" \
    -o "$case_folder/spoken" "-L$ours" -lpmix
ok $? "spoken.c compiles" || done_testing
line='^muster\[[0-9]+\] [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6} [^ ]+:[0-9]+ (->|<-|--) [^ ]+:[0-9]+ '

# tells WHO FILE TO FROM: the lines of FILE have the whole story; TO and FROM are the arrows of requests and answers.
tells() {
    local text
    text=$(cat "$2")
    like "$text" "^muster.* -- .* connected, release 4\.2" "TRACE-4 $1: who is connected, and of which release"
    like "$text" " $3 .* commit, .*greeting=\"good morning\"" "TRACE-4 $1: the data that are committed"
    like "$text" " $3 .* fence, .*\{[^ ]*:\*\} \{PMIX_COLLECT_DATA=TRUE\}" "TRACE-4 $1: a fence, whose, and how"
    like "$text" " $4 .* answer to fence, .*: SUCCESS" "TRACE-4 $1: its end"
    like "$text" " $3 .* publish, .*user [0-9]+ \{motto=\"say what you do\"" "TRACE-4 $1: what is published"
    like "$text" " $3 .* lookup, .*\"nothing.of.that.name\"" "TRACE-4 $1: what is looked up"
    like "$text" " $4 .* answer to lookup, .*: (NOT-FOUND|PMIX_ERR_NOT_FOUND)" "TRACE-4 $1: and not found"
    like "$text" " $3 .* query, .*PMIX_QUERY_NAMESPACES" "TRACE-4 $1: a question, by its name"
    like "$text" " $3 .* notify, .*: -?[A-Z0-9 -]+" "TRACE-4 $1: an event"
    like "$text" " $3 .* finalize, " "TRACE-4 $1: the end"
    is "$(grep '^muster\[' "$2" | grep -vcE "$line")" 0 "TRACE-4 $1: every line is whole"
    is "$(grep -v '\.\.\.$' "$2" | grep -cE 'cannot be read|nobody knows|and more')" 0 "TRACE-4 $1: all is read"
}

if [ -e "$original/libpmix.so.2" ]; then
    MUSTER_TRACE=wire "$muster" run -n 2 -x LD_LIBRARY_PATH="$original" -x MUSTER_TRACE= "$case_folder/spoken" \
        >"$case_folder/out" 2>"$case_folder/server" </dev/null
    is $? 0 "our server, ranks on the original"
    tells "a server" "$case_folder/server" "<-" "->"
    if [ -n "$mpirun" ]; then
        "$mpirun" --oversubscribe -n 2 env LD_LIBRARY_PATH="$ours" MUSTER_TRACE=wire "$case_folder/spoken" \
            >"$case_folder/out" 2>"$case_folder/ranks" </dev/null
        is $? 0 "the original's server under mpirun, our ranks"
        tells "ranks" "$case_folder/ranks" "->" "<-"
    else
        skip 13 "Open MPI is not installed"
    fi
else
    skip 26 "the original's library is not installed"
fi

# runs WORD: a whole job of ours, and what it says on stderr.
runs() {
    MUSTER_TRACE=$1 LD_LIBRARY_PATH=$ours "$muster" run -n 2 "$case_folder/spoken" 2>&1 >/dev/null </dev/null
}
unasked=$(env -u MUSTER_TRACE LD_LIBRARY_PATH="$ours" "$muster" run -n 2 "$case_folder/spoken" 2>&1)
is "$(runs 0)$(runs '')$unasked" "" "TRACE-5 silent when nobody asks"
is "$(runs reasons)" "" "TRACE-5 reasons are told only where something fails"
like "$(runs 1)" " fence, " "TRACE-5 both kinds are told when both are wanted"
is "$(runs "wire,$case_folder/trace")" "" "TRACE-5 nothing on stderr when a file is named"
is "$(sed -n 's/^muster\[\([0-9]*\)\] .*/\1/p' "$case_folder/trace" | sort -u | wc -l)" 3 \
    "TRACE-5 everybody's lines are in that file"
is "$(grep -vcE "$line" "$case_folder/trace")" 0 "TRACE-5 and are whole"
is "$(stat -c %a "$case_folder/trace")" 600 "TRACE-5 which nobody else may read"
ln -s "$case_folder/elsewhere" "$case_folder/link"
runs "wire,$case_folder/link" >/dev/null
[ ! -e "$case_folder/elsewhere" ]
ok $? "TRACE-5 a link is not followed"
like "$(MUSTER_TRACE=1 "$muster" ps --uri 'gone.0;tcp4://127.0.0.1:1' 2>&1)" \
    "^muster\[[0-9]+\]: cannot be reached, .* gone.0;tcp4://127" "TRACE-5 reasons are told"

# The tests with hostile bytes, with everything told.
for name in hostile raw fakeserver; do
    rm -rf "$case_folder/$name"
    mkdir -p "$case_folder/$name"
    MUSTER_CASE=$case_folder/$name MUSTER_TRACE=wire,$case_folder/$name.trace bash "$rigs/../pmix/$name.sh" "$1" \
        >"$case_folder/$name.log" 2>&1
    is "$?, $(grep -c '^not ok' "$case_folder/$name.log") failed" "0, 0 failed" "TRACE-6 $name with the trace on"
    [ -s "$case_folder/$name.trace" ]
    ok $? "TRACE-6 $name: it was on"
    is "$(LC_ALL=C grep -cavP '^[\x20-\x7e\x80-\xff]*$' "$case_folder/$name.trace")" 0 \
        "TRACE-6 $name: no control characters"
done
LC_ALL=C grep -aq ' what cannot be read$' "$case_folder/hostile.trace"
ok $? "TRACE-6 bytes without a meaning are said to have none"
done_testing
