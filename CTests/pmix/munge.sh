#!/bin/bash
# Credentials of munge, and the handshake that shows them, with a daemon of our own: in a mount namespace, where munge's
# usual socket is ours.
set -u
tests=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath "$1")
. "$tests/tap.sh"
. "$tests/pmix/programs/compile.sh"
work=${MUSTER_CASE:-$(mktemp -d)}
munged=$(command -v munged || ls /usr/sbin/munged 2>/dev/null)

if [ -z "$munged" ] || ! unshare -m true 2>/dev/null; then
    skip 1 "no munged here, or no right to a mount namespace"
    done_testing
    exit
fi
compile programs/munge.c "$work/munge" "$tests/pmix/host.c" "-L$build/lib" -lpmix -lpthread
ok $? "the program compiles" || done_testing
compile programs/serve.c "$work/serve" "$tests/pmix/host.c" "-L$build/lib" -lpmix -lpthread
ok $? "the host compiles" || done_testing
original=${MUSTER_ORIGINAL_ROOT:-/usr/lib/$(uname -m)-linux-gnu/pmix2}/lib
[ -e "$original/libpmix.so" ] && [ -z "${MUSTER_SANITIZE:-}" ] || original=

# What the namespace mounts over stays as it is for everybody else; the daemon ends with the script.
cat >"$work/inside.sh" <<'INSIDE'
set -eu
work=$1 munged=$2
mkdir -p /run/munge "$work/keys"
mount -t tmpfs -o mode=0755 tmpfs /run/munge
mount -t tmpfs -o mode=0700 tmpfs "$work/keys"
head -c 1024 /dev/urandom >"$work/keys/munge.key"
chmod 0400 "$work/keys/munge.key"
"$munged" --foreground --force --key-file="$work/keys/munge.key" --log-file="$work/keys/log" \
    --seed-file="$work/keys/seed" --pid-file=/run/munge/pid >/dev/null 2>&1 &
daemon=$!
trap 'kill $daemon 2>/dev/null' EXIT
for _ in $(seq 100); do
    [ ! -S /run/munge/munge.socket.2 ] || break
    sleep 0.1
done
[ -S /run/munge/munge.socket.2 ] || { echo "munged does not start" >&2; exit 9; }
timeout -k 5 60 "$work/munge"
export PMIX_MCA_psec=munge
ours=$LD_LIBRARY_PATH original=$3
for server in "$ours" $original; do
    for rank in "$ours" $original; do
        # The text of a test names libraries, not folders.
        who=ours whose=ours
        [ "$rank" = "$ours" ] || who="the original"
        [ "$server" = "$ours" ] || whose="the original"
        answer=$(printf 'rank 0\nquit\n' | LD_LIBRARY_PATH=$server TEST_RANK_LIBRARY=$rank timeout -k 5 60 \
            "$work/serve" 1 0 | tail -n 1)
        word="not ok"
        [ "$answer" != good ] || word=ok
        echo "$word - CRED-5 munge vouches for a rank: server $whose, rank $who"
    done
done
PYTHONDONTWRITEBYTECODE=1 python3 "$4/munge.py" "$work/serve"
INSIDE
while IFS= read -r line; do
    case $line in
        'ok '*) ok 0 "${line#* - }" ;;
        'not ok '*) ok 1 "${line#* - }" ;;
        '#'*) echo "$line" ;;
    esac
done < <(
    LD_LIBRARY_PATH="$build/lib" unshare -m bash "$work/inside.sh" "$work" "$munged" "$original" "$tests/pmix" 2>"$work/errors"
    echo $? >"$work/status"
)
is "$(cat "$work/status")" 0 "the program ends well"
[ -n "$original" ] || skip 1 "the handshake with the original: it is not installed, or a sanitizer looks on"
sed 's/^/# /' "$work/errors" | head -n 5
[ -n "${MUSTER_CASE:-}" ] || rm -rf "$work"
done_testing
