# What the tests of the daemon share: source it after tap.sh. Leaves $muster, $folder, $raw; start_daemon and
# stop_daemon.
muster=$(realpath "$1/bin/muster")
raw=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/raw
folder=$(mktemp -d)
export PYTHONDONTWRITEBYTECODE=1
daemon_pid=
# What is freed is kept from use for a while, but not so much of it that memory could not be measured.
[ -z "${MUSTER_SANITIZE:-}" ] || export ASAN_OPTIONS="${ASAN_OPTIONS:-}:quarantine_size_mb=8"
# A child that is killed before it is another program would run it too.
trap '[ "$BASHPID" = "$$" ] || exit; [ -z "$daemon_pid" ] || kill -9 "$daemon_pid" 2>/dev/null; rm -rf "$folder"' EXIT

# start_daemon OPTIONS...: on $place (a unix socket) with its log in $log; the port is one that is free for TCP too.
start_daemon() {
    local try user=()
    # Files in a folder of root's could not be removed by another user.
    [ "$(id -u)" -ne 0 ] || user=(--user root)
    for try in 1 2 3 4 5 6 7 8; do
        port=$((20000 + (RANDOM * 7 + $$) % 12000))
        log=$folder/log.$port
        place=$folder/$port
        "$muster" spread --name localhost --port "$port" --socket-dir "$folder" "${user[@]}" "$@" 2>"$log" >&2 &
        daemon_pid=$!
        while kill -0 "$daemon_pid" 2>/dev/null; do
            if grep -qs ' serves on ' "$log"; then return 0; fi
            sleep 0.02
        done
        wait "$daemon_pid"
        daemon_pid=
        grep -q 'Address already in use' "$log" || break
    done
    cat "$log"
    return 1
}

# Leaves $status.
stop_daemon() {
    kill -TERM "$daemon_pid"
    wait "$daemon_pid"
    status=$?
    daemon_pid=
}

# tap_of COMMAND...: a program's own checks become this test's; one that ends early is a failure.
tap_of() {
    local line planned=none made=0
    while IFS= read -r line; do
        case $line in
            "ok "* | "not ok "*)
                made=$((made + 1))
                ok "$([[ $line == ok* ]] && echo 0 || echo 1)" "${line#*- }"
                ;;
            1..*) planned=${line#1..} ;;
            *) echo "# $line" ;;
        esac
    done < <(timeout 170 "$@" 2>&1)
    is "$made" "$planned" "it came to its end"
}
