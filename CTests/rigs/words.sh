# What families.sh, musterfamilies.sh and slurm.sh share (bash, sourced after job.sh): the program of
# programs/families.c, whose ranks leave their words in files, and what these words should be.
family_host=$(basename "$0" .sh)
case $family_host in
    slurm) ;;
    musterfamilies) family_host=muster ;;
    *) family_host=mpirun ;;
esac
families=$case_folder/families
input=$case_folder/input
text=
echo "words from outside" >"$input"
original_library=${MUSTER_ORIGINAL_ROOT:-/usr/lib/$(uname -m)-linux-gnu/pmix2}/lib/libpmix.so.2

# compile_families BUILD: where the library lacks a function the program still starts, and says so when it needs it.
compile_families() {
    ours=$(realpath "$1/lib")
    # shellcheck disable=SC2086
    ${CC:-cc} -std=gnu11 -O1 -Wall -Wextra -Werror "-I${MUSTER_HEADERS:-Include/pmix}" "$rigs/programs/families.c" \
        -o "$families" "-L$ours" -lpmix -lpthread
    ok $? "the program compiles" || done_testing
}

# All words of a job in $words, each file under its name.
collect_words() {
    local file
    words=$(
        for file in "$case_folder"/words/*.[0-9]*; do
            [ -e "$file" ] || continue
            case $(basename "$file") in
                to-go.* | watched.*) ;;
                *) echo "-- $(basename "$file")" && cat "$file" ;;
            esac
        done
    )
    # A host's daemon may clean up after the launcher has ended.
    for _ in {1..50}; do
        remains=$(find "$case_folder/words" -name 'to-go.*' -printf '%f ')
        [ -n "$remains" ] || break
        sleep 0.1
    done
}

# Why there is no original to compare with; nothing when there is.
original_here() {
    [ -e "$original_library" ] || echo "the original's library is not installed"
}

# both FAMILY RANKS STATUS ARGUMENTS...: on ours, then on the original. With RIG_RECORD what ours says becomes what is
# expected.
both() {
    local family=$1 ranks=$2 expected=$3 why file
    shift 3
    file=$rigs/expected/$family_host/$family
    [ -z "$text" ] || file+=.hosts
    run_job "$ours" "$family" "$ranks" "$@"
    [ -z "${RIG_RECORD:-}" ] || echo "$words" >"$file"
    is "$status" "$expected" "$text$family: the job ends with $expected" || diag "$(head -n 20 "$case_folder/output")"
    is "$words" "$(cat "$file")" "$text$family: the ranks see what they should"
    is "$remains" "" "$text$family: what was to go is gone"
    check_output "$family" "ours"
    why=$(original_of "$family")
    if [ -n "$why" ]; then
        skip 1 "$text$family on the original: $why"
        return
    fi
    # The original hangs now and then, which says nothing about what it does otherwise.
    for _ in 1 2 3; do
        run_job "" "$family" "$ranks" "$@"
        [ "$status" -eq 124 ] || [ "$status" -eq 137 ] || break
        diag "$text$family: the original hangs"
    done
    is "$status" "$expected" "$text$family: the original ends with $expected, too" ||
        diag "$(head -n 20 "$case_folder/output")"
    is "$words" "$(cat "$file")" "$text$family: the same on the original"
    check_output "$family" "the original"
}

# What the ranks and the host wrote comes out, in whatever order.
check_output() {
    local expected=
    case $1 in
        output) expected=$(printf 'rank %d of 3 to the %s\n' 0 errors 0 output 1 errors 1 output 2 errors 2 output) ;;
        log) [ "$family_host" = slurm ] || expected=$(printf 'words for the standard %s\n' error output) ;;
    esac
    [ -n "$expected" ] || return 0
    is "$(grep -E '^(rank|words) ' "$case_folder/output" | sort)" "$expected" \
        "$text$1: what was written comes out, $2"
}
