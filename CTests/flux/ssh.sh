#!/bin/bash
# `ssh://`, with a stand-in for ssh that writes down how it was called and relays to the broker, as `flux relay`
# does at the other end. With FLUX_REFERENCE the original's library calls it too: the words must be the same.
set -u
tests=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath "$1")
. "$tests/tap.sh"
work=${MUSTER_CASE:-$(mktemp -d)}
muster=${MUSTER_COMMAND:-$build/bin/muster}
${CC:-cc} -std=gnu11 -Wall "-I$tests/../Include" "$tests/flux/programs/rank_sync.c" -o "$work/rank" "-L$build/lib" \
    -lflux-core
ok $? "the program is compiled"
cat >"$work/relay.py" <<'RELAY'
import os, select, socket, sys
with open(os.environ["SSH_WORDS"], "w") as words:
    words.write(" ".join(sys.argv[1:]) + "\n")
if "nowhere" in sys.argv:
    sys.exit("ssh: no such host")
peer = socket.socket(socket.AF_UNIX)
peer.connect(sys.argv[-1])
while True:
    ready = select.select([0, peer], [], [])[0]
    data = os.read(0, 65536) if 0 in ready else b""
    if 0 in ready:
        if not data:
            break
        peer.sendall(data)
    if peer in ready:
        data = peer.recv(65536)
        if not data:
            break
        os.write(1, data)
RELAY
printf '#!/bin/sh\nunset LD_LIBRARY_PATH\nexec python3 %s "$@"\n' "$work/relay.py" >"$work/ssh"
chmod +x "$work/ssh"
"$muster" broker --quiet --socket "$work/socket" >"$work/uri" &
broker=$!
trap 'kill $broker 2>/dev/null' EXIT
for _ in $(seq 200); do [ -s "$work/uri" ] && break; sleep 0.05; done

# rank LIBRARIES URI: what the program says; how ssh was called lies in $work/words.
rank() {
    rm -f "$work/words"
    PATH=/usr/bin:/bin FLUX_SSH=$work/ssh FLUX_SSH_RCMD=${rcmd:-} SSH_WORDS=$work/words FLUX_URI=$2 LD_LIBRARY_PATH=$1 \
        timeout 30 "$work/rank" 2>&1
}
export -n FLUX_SSH_RCMD 2>/dev/null
rcmd=/opt/flux
is "$(rank "$build/lib" "ssh://host$work/socket")" "rank is 0" "URI-1 through ssh the broker answers"
is "$(cat "$work/words")" "host env LD_LIBRARY_PATH=$build/lib /opt/flux relay $work/socket" "URI-1 ssh is told what to run"
is "$(rank "$build/lib" "ssh://me@host:2222$work/socket")" "rank is 0" "as somebody, at a port"
is "$(cat "$work/words")" "-p 2222 me@host env LD_LIBRARY_PATH=$build/lib /opt/flux relay $work/socket" \
    "which ssh hears too"
like "$(rank "$build/lib" "ssh://nowhere$work/socket")" 'flux_open' "what ends at once is an error"
like "$(rank "$build/lib" "ssh://-oProxyCommand=x$work/socket")" "Invalid argument" "an option for a host is refused"
[ ! -e "$work/words" ]
ok $? "and nothing is run for it"
like "$(rank "$build/lib" "ssh://host:0$work/socket")" 'Invalid argument' "a port that is none is refused"
like "$(rank "$build/lib" "ssh://host")" 'Invalid argument' "so is a place without a path"
if [ -n "${FLUX_REFERENCE:-}" ]; then
    for place in host me@host:2222; do
        rank "$build/lib" "ssh://$place$work/socket" >/dev/null
        ours=$(sed "s|$build/lib|LIBRARIES|" "$work/words")
        is "$(rank "$FLUX_REFERENCE/lib" "ssh://$place$work/socket")" "rank is 0" "the original through the same ssh"
        is "$(sed "s|$FLUX_REFERENCE/lib|LIBRARIES|" "$work/words")" "$ours" "$place: calls it with the same words"
    done
else
    skip 4 "FLUX_REFERENCE names no installed flux-core"
fi
done_testing
