#!/bin/bash
# What goes through `muster run`: much of it from many ranks at once, half lines, bytes of every kind, a terminal on either
# side, input for one, all or none; and what is said to mistakes on the command line.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/job.sh"
muster=$(realpath "$1/bin/muster")
mkdir -p "$case_folder/tmp"
export TMPDIR=$case_folder/tmp

# run ARGUMENTS...: leaves $status, and what was written in $case_folder/out and err; reads $input.
input=/dev/null
run() {
    timeout -k 5 60 "$muster" run "$@" >"$case_folder/out" 2>"$case_folder/err" <"$input"
    status=$?
}

# ---- a lot of it: 16 ranks, 20000 lines each on both streams, of every length up to 200
cat >"$case_folder/writer.py" <<'END'
import os, sys
rank = int(os.environ["PMIX_RANK"])
for number in range(20000):
    line = b"%d %d %s\n" % (rank, number, b"x" * (number * 7 % 190))
    sys.stdout.buffer.write(line)
    if number % 4 == 0:
        sys.stderr.buffer.write(b"e" + line)
END
cat >"$case_folder/reader.py" <<'END'
"""Every line of every rank, whole, once and in its order."""
import sys
path, prefix, step = sys.argv[1], sys.argv[2].encode(), int(sys.argv[3])
due = [0] * 16
for line in open(path, "rb"):
    rank, number, rest = line.removeprefix(prefix).split(b" ", 2)
    rank, number = int(rank), int(number)
    if not line.startswith(prefix) or number != due[rank] or rest != b"x" * (number * 7 % 190) + b"\n":
        sys.exit(f"rank {rank}, line {number}, due {due[rank]}: {line[:80]}")
    due[rank] += step
print(*sorted(set(due)))
END
run -n 16 /usr/bin/python3 "$case_folder/writer.py"
is "$status $(/usr/bin/python3 "$case_folder/reader.py" "$case_folder/out" '' 1)" "0 20000" \
    "RUN-3 16 ranks: each of 320000 lines comes once, whole, in order"
is "$(/usr/bin/python3 "$case_folder/reader.py" "$case_folder/err" e 4)" "20000" "so does each of 80000 on the other stream"
timeout -k 5 60 "$muster" run -n 16 --output "$case_folder/files" /usr/bin/python3 "$case_folder/writer.py" </dev/null
is "$? $(cat "$case_folder"/files/rank.*.out | wc -l) $(cat "$case_folder"/files/rank.*.err | wc -l)" "0 320000 80000" \
    "--output has all of it"
is "$(cut -d' ' -f1 "$case_folder/files/rank.7.out" | sort -u) $(ls "$case_folder/files" | wc -l)" "7 32" \
    "each rank's in a file of its own"

# ---- half lines
cat >"$case_folder/halves.sh" <<'END'
for i in 1 2 3 4 5 6 7 8; do printf "$PMIX_RANK-"; sleep 0.02; printf "$i-"; sleep 0.01; echo "$PMIX_RANK"; done
printf "$PMIX_RANK-end"
END
run -n 8 sh "$case_folder/halves.sh"
is "$(grep -cE '^([0-7])-[1-8]-\1$' "$case_folder/out") $(grep -cE '^[0-7]-end$' "$case_folder/out")" "64 8" \
    "RUN-3 what ranks write in pieces comes out in lines, the last one too"
run -n 2 --tag-output sh -c 'printf "a\n\nb"'
is "$(sed 's/^\[muster-.*,\([01]\)\]/\1/' "$case_folder/out" | sort)" "0 
0 a
0 b
1 
1 a
1 b" "an empty line has its tag, and so has what ends without a newline"

# ---- bytes of every kind
head -c 3000000 /dev/urandom >"$case_folder/noise"
run -n 1 cat "$case_folder/noise"
cmp "$case_folder/out" "$case_folder/noise"
ok $? "RUN-3 one rank's bytes pass as they are"
run -n 1 sh -c "cat $case_folder/noise >&2"
cmp "$case_folder/err" "$case_folder/noise"
ok $? "on the other stream, too"
run -n 3 --output "$case_folder/noises" cat "$case_folder/noise"
cmp "$case_folder/noises/rank.2.out" "$case_folder/noise"
ok $? "and into files"
run -n 2 sh -c "[ \$PMIX_RANK = 0 ] || cat $case_folder/noise"
cmp "$case_folder/out" "$case_folder/noise"
ok $? "of several ranks the only one that writes, lines of any length, NULs and all"
head -c 5000000 /dev/zero | tr '\0' z >"$case_folder/long"
run -n 2 sh -c "[ \$PMIX_RANK = 0 ] || cat $case_folder/long"
is "$(head -c 5000000 "$case_folder/out" | cmp - "$case_folder/long" && echo same)" same "a line of five million bytes is whole"

# ---- where it cannot be written
timeout 60 "$muster" run -n 2 echo words >/dev/full 2>"$case_folder/err" </dev/null
is "$? $(cat "$case_folder/err")" "1 muster: the output could not be written: No space left on device" \
    "RUN-3 output that is lost is no success"
mkdir "$case_folder/full"
ln -s /dev/full "$case_folder/full/rank.1.out"
run -n 2 --output "$case_folder/full" echo words
is "$status $(cat "$case_folder/err")" \
    "1 muster: $case_folder/full/rank.1.out could not be written: No space left on device" "nor is it into files"
is "$(cat "$case_folder/full/rank.0.out")" words "the other rank's is there"

# ---- input
seq 200000 >"$case_folder/numbers"
input=$case_folder/numbers
run -n 3 --stdin none cat
is "$status $(wc -c <"$case_folder/out")" "0 0" "RUN-4 --stdin none: nobody reads anything"
run -n 3 --stdin 2 sh -c 'echo $PMIX_RANK $(wc -l)'
is "$(sort "$case_folder/out")" "0 0
1 0
2 200000" "RUN-4 --stdin 2: one rank reads it"
run -n 3 --stdin all sh -c 'echo $PMIX_RANK $(md5sum)'
is "$(cut -d' ' -f2 "$case_folder/out" | sort | uniq -c | tr -s ' ')" " 3 $(md5sum <"$input" | cut -d' ' -f1)" \
    "RUN-4 --stdin all: everybody reads all of it"
run -n 2 true
is "$status" 0 "input that nobody reads is no obstacle"
input=/dev/null
is "$( (sleep 0.2; echo late) | timeout 20 "$muster" run cat)" late "input may come late"

# ---- a terminal
cat >"$case_folder/terminal.py" <<'END'
"""Runs a program with a terminal as the streams that are named, and prints what the terminal got: terminal.py 012 PROGRAM..."""
import os, pty, subprocess, sys
names, command = sys.argv[1], sys.argv[2:]
master, slave = pty.openpty()
streams = [slave if str(number) in names else subprocess.DEVNULL for number in range(3)]
process = subprocess.Popen(command, stdin=streams[0], stdout=streams[1], stderr=streams[2], start_new_session=True)
os.close(slave)
got = b""
try:
    while more := os.read(master, 65536):
        got += more
except OSError:
    pass
sys.stdout.buffer.write(got.replace(b"\r\n", b"\n"))
sys.exit(process.wait())
END
terminal() { timeout 60 /usr/bin/python3 "$case_folder/terminal.py" "$@" >"$case_folder/out"; }
terminal 1 "$muster" run -n 4 sh -c 'seq 5000; ! test -t 1'
is "$? $(sort "$case_folder/out" | uniq -c | awk '{ print $1 }' | sort -u) $(wc -l <"$case_folder/out")" "0 4 20000" \
    "a terminal as output gets every line; the ranks have a pipe"
terminal 1 "$muster" run -n 3 sleep 1
is "$(cat "$case_folder/out")" "" "RUN-5 no progress is shown where only the output is a terminal"
terminal 2 "$muster" run -n 3 sleep 2
like "$(tr '\r' '\n' <"$case_folder/out")" '3 of 3 started, 0 in PMIx_Init' "RUN-5 it is where errors go to one"
is "$(tr '\r' '\n' <"$case_folder/out" | tail -c 4 | od -An -c | tr -d ' \n')" '\n033[K' "and is wiped away at the end"
timeout 60 "$muster" run -n 3 sleep 1 >"$case_folder/out" 2>&1 </dev/null
is "$(cat "$case_folder/out")" "" "nor is anything into a file"
cat >"$case_folder/session.py" <<'END'
"""A program on a terminal of its own: session.py hang|say PROGRAM...; hang: the terminal goes when it has said ready."""
import os, pty, sys
process, master = pty.fork()
if process == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
got = b""
while b"ready" not in got:
    got += os.read(master, 4096)
if sys.argv[1] == "say":
    os.write(master, b"a word\n")
    try:
        while more := os.read(master, 4096):
            got += more
    except OSError:
        pass
    print(got.decode().replace("\r\n", "\n").split("ready\n")[-1].strip())
else:
    os.close(master)
status = os.waitpid(process, 0)[1]
print(os.waitstatus_to_exitcode(status))
END
is "$(timeout 60 /usr/bin/python3 "$case_folder/session.py" say "$muster" run -n 2 \
    sh -c '[ $PMIX_RANK = 0 ] || exit 0; echo ready; read words; echo "got $words"')" "a word
got a word
0" "what is typed at a terminal comes to rank 0"
is "$(timeout 60 /usr/bin/python3 "$case_folder/session.py" hang "$muster" run -n 2 \
    sh -c 'echo ready; while :; do sleep 0.1; done')" 129 "a terminal that goes away takes the job along, with SIGHUP"

# Stopped and continued with everything it has started, as from a terminal.
timeout 60 "$muster" run -n 2 sh -c 'echo $$; while :; do sleep 0.1; done' >"$case_folder/out" 2>/dev/null </dev/null &
outer=$!
wait_for 20 eval "[ \$(wc -l <$case_folder/out) -eq 2 ]"
pid=$(descendants "$outer" | while read -r one; do grep -qs '^muster$' "/proc/$one/comm" && echo "$one"; done | head -n 1)
in_state() { for one in $pid $(cat "$case_folder/out"); do [[ $(sed 's/.*) //' "/proc/$one/stat") == [$1]* ]] || return 1; done; }
kill -TSTP "$pid"
wait_for 10 in_state T
ok $? "RUN-9 SIGTSTP stops muster and the ranks"
kill -CONT "$pid"
wait_for 10 in_state SR
ok $? "SIGCONT continues them"
kill -INT "$pid"
wait "$outer"
is "$?" 130 "RUN-9 SIGINT is passed on"

# ---- mistakes: what is said names them
# mistake STATUS REGEX ARGUMENTS...
mistake() {
    local expected=$1 pattern=$2
    shift 2
    run "$@"
    is "$status" "$expected" "RUN-6 muster run $*: status $expected"
    like "$(cat "$case_folder/err")" "$pattern" "what is said names it"
}
mkdir "$case_folder/closed"
: >"$case_folder/file"
mistake 64 'there is no option --nonsense' --nonsense true
mistake 64 'there is no program to run'
mistake 64 '0 is no number of processes' -n 0 true
mistake 64 "'many' is invalid for '-n" -n many true
mistake 64 "'socket' is invalid for '--bind-to" --bind-to socket true
mistake 64 "'soon' is invalid for '--timeout" --timeout soon true
mistake 64 'stdin 2: the job has no such rank, only 0 to 1' --stdin 2 -n 2 true
mistake 64 'stdin takes a rank, all or none' --stdin some true
mistake 64 'there is no program after the colon' true :
mistake 64 '--timeout cannot stand after a colon' true : --timeout 3 true
mistake 64 'NO_SUCH_VARIABLE_HERE: there is no such variable' -x NO_SUCH_VARIABLE_HERE true
mistake 127 '^muster: nosuchprogram: there is no such program' -n 4 nosuchprogram
mistake 127 '^muster: nosuchprogram: there is no such program' true : nosuchprogram
mistake 126 "$case_folder: this is no program" "$case_folder"
mistake 1 "$case_folder/none: there is no such directory" --wdir "$case_folder/none" true
mistake 1 "$case_folder/file: Not a directory" --output "$case_folder/file" true
mistake 1 '/proc/nowhere: No such file' --output /proc/nowhere true
if [ "$(id -u)" -eq 0 ]; then
    chmod 700 "$case_folder/closed"
    # As nobody, who has to get at the command first.
    cp "$muster" /tmp/muster-as-nobody.$$
    said=$(cd / && TMPDIR=/tmp setpriv --reuid 65534 --regid 65534 --clear-groups \
        "/tmp/muster-as-nobody.$$" run --wdir "$case_folder/closed" true 2>&1 </dev/null)
    is "$?" 126 "a directory that may not be entered"
    like "$said" "Permission denied" "is said to be one"
    rm "/tmp/muster-as-nobody.$$"
else
    skip 2 "only root can become somebody else"
fi
run --help
like "$status $(cat "$case_folder/out")" '^0 OVERVIEW: Run a parallel job' "--help helps"
run --timeout 1 -n 6 sleep 50
is "$status" 124 "--timeout ends the job"
like "$(cat "$case_folder/err")" 'did not end within 1 s: rank 0, 1, 2, 3 and 2 more still ran' "and says who still ran"
run --bind-to core -n 2 /usr/bin/python3 -c 'import os; print(len(os.sched_getaffinity(0)))'
cores=$(lscpu -p=core 2>/dev/null | grep -v '^#' | sort -u | wc -l)
threads=$(nproc)
is "$status $(sort -u "$case_folder/out")" "0 $((threads / (cores > 0 ? cores : 1)))" "--bind-to core: each rank has one core"
run --bind-to core -n 2 grep Cpus_allowed_list /proc/self/status
is "$(sort -u "$case_folder/out" | wc -l)" "$((cores > 1 ? 2 : 1))" "of its own, if there are enough"
is "$(find "$TMPDIR" -mindepth 1)" "" "no file is left behind"
done_testing
