# TAP for scripts (bash): source this, make the checks, end with done_testing. A script in CTests/*/ that sources this
# file is a test and run.sh runs it as `NAME.sh BUILD`; any other script there is a tool of a test.
tap_count=0
tap_failed=0

# ok STATUS TEXT: passes when STATUS is 0.
ok() {
    local status=$1
    shift
    tap_count=$((tap_count + 1))
    if [ "$status" -eq 0 ]; then
        echo "ok $tap_count - $*"
    else
        tap_failed=$((tap_failed + 1))
        echo "not ok $tap_count - $*"
    fi
    return "$status"
}

# is GOT EXPECTED TEXT
is() {
    local got=$1 expected=$2
    shift 2
    [ "$got" = "$expected" ]
    ok $? "$*" || {
        diag "       got: $got"
        diag "  expected: $expected"
        return 1
    }
}

# like GOT REGEX TEXT: an extended regular expression, matched against any line.
like() {
    local got=$1 pattern=$2
    shift 2
    grep -qE -- "$pattern" <<<"$got"
    ok $? "$*" || {
        diag "       got: $got"
        diag "  no match: $pattern"
        return 1
    }
}

# skip COUNT WHY: counted as skipped, never as passed.
skip() {
    local i count=$1
    shift
    for ((i = 0; i < count; i++)); do
        tap_count=$((tap_count + 1))
        echo "ok $tap_count # SKIP $*"
    done
}

diag() {
    sed 's/^/# /' <<<"$*"
}

done_testing() {
    echo "1..$tap_count"
    [ "$tap_failed" -eq 0 ] && [ "$tap_count" -gt 0 ]
    exit
}
