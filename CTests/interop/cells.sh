# The cells of the matrix (bash, sourced by matrix.sh): how a program runs under a host, and what becomes of its words.
passed=0 failed=0 skipped=0
declare -A good=() bad=() reason=() absent=()
columns=(3.2 4.2.2 5.0.11 6.1 ours)
rows=("ours: muster run" "ours: mpirun 4.1.4" "ours: Slurm 22.05" "3.2: mpirun 4.1.8" "4.2.2: mpirun 4.1.4"
    "4.2.2: Slurm 22.05" "5.0.11: prterun" "6.1: prterun" "6.1: recordings")

# check ROW COLUMN STATUS TEXT [MORE]: MORE is what there is to see when it failed.
check() {
    if [ "$3" -eq 0 ]; then
        passed=$((passed + 1)) good[$1|$2]=$((${good[$1|$2]:-0} + 1))
        echo "ok     $1, client $2: $4"
    else
        failed=$((failed + 1)) bad[$1|$2]=$((${bad[$1|$2]:-0} + 1))
        echo "FAILED $1, client $2: $4"
        sed 's/^/       | /' <<<"${5:-}" | head -n 40
    fi
}

# cannot ROW COLUMN WHY
cannot() {
    skipped=$((skipped + 1)) reason[$1|$2]=$3
    echo "SKIP   $1, client $2: $3"
}

# The library is bound to the program, whatever its host's environment says.
build_client() {
    ${CC:-cc} -std=gnu11 -O1 -Wall -Wextra -IInclude/pmix CTests/rigs/programs/families.c -o "$case_folder/client-$1" \
        "-L$ours" -lpmix -lpthread "-Wl,--disable-new-dtags,-rpath,$2"
    check "ours: muster run" "$1" $? "the program for the library in $2 is built"
}

# client RELEASE FOLDER WHY: a program for the library in FOLDER, or the reason that there is none.
client() {
    absent[$1]=$3
    [ ! -e "$2/libpmix.so.2" ] || build_client "$1" "$2"
}

launch_muster() {
    "$muster" run "$@"
}

launch_mpirun() {
    local library=$1
    shift
    env ${library:+"LD_LIBRARY_PATH=$library"} "$mpirun" "$@"
}

launch_other() {
    "$@"
}

# Status names as our release spells them: later ones say PMIX_ERR_NOT_FOUND.
plain_names() {
    sed -E -e '/: PMIX_[A-Z_]*$/s/_/-/g' -e 's/PMIX-(ERR-)?//' -e 's/PMIx-/PMIx_/' -e 's/DUPLICATE KEY/DUPLICATE-KEY/' \
        -e "${blur:-}"
}

words_of() {
    local file
    # What a job that was spawned says comes with what its elder says, all in the order of the names.
    for file in "$1"/child.[0-9]* "$1"/joined.[0-9]* "$1/$2".[0-9]*; do
        [ -e "$file" ] && echo "-- $(basename "$file")" && plain_names <"$file"
    done
}

# run_family FAMILY CLIENT EXPECTED LAUNCH...: fails with the difference in $difference.
run_family() {
    local family=$1 client=$2 expected=$3 blur='' status wanted got
    shift 3
    # Open MPI 4.1.8 tells its ranks of an event again when it comes back to where it was raised, whoever's clients they
    # are; how many of the second ones are in time is left to chance.
    [ "${expected##*/}" != orte ] || blur='s/heard [1-9][0-9]*, and the last [1-9] times/heard/'
    work=$(mktemp -d "$case_folder/XXXXXX")
    mkdir "$work/words"
    (
        export TMPDIR=$case_folder/tmp
        limited 60 "$@" "$case_folder/client-$client" "$work/words" "$family"
    ) >"$work/output" 2>&1 <<<"words from outside"
    status=$?
    got=$(words_of "$work/words" "$family")
    # With INTEROP_RECORD what these clients see becomes what is expected of others: for a host's own clients only.
    [ -z "${INTEROP_RECORD:-}" ] || echo "$got" >"$expected/$family"
    wanted=$(plain_names <"$expected/$family")
    difference="ended with $status
$(diff <(echo "$wanted") <(echo "$got"))
$(head -n 8 "$work/output" | tr -d '\0')"
    [ "$status" -eq 0 ] && [ "$got" = "$wanted" ] || return 1
    [ "$family" = output ] || return 0
    [ "$(grep -c '^rank . of . to the' "$work/output")" -eq 6 ]
}

# A limit for a function of this file.
limited() {
    local seconds=$1 pid guard status
    shift
    "$@" <&0 &
    pid=$!
    { sleep "$seconds"; for one in $(descendants $pid); do kill -9 "$one"; done; } >/dev/null 2>&1 &
    guard=$!
    wait $pid
    status=$?
    kill "$guard" $(descendants $guard) 2>/dev/null
    wait "$guard" 2>/dev/null
    return $status
}

# cell ROW CLIENT EXPECTED FAMILIES LAUNCH...
cell() {
    local row=$1 client=$2 expected=CTests/rigs/expected/$3 family families=$4
    shift 4
    [ -d "$expected" ] || expected=CTests/interop/expected/${expected##*/}
    if [ ! -e "$case_folder/client-$client" ]; then
        cannot "$row" "$client" "${absent[$client]}"
        return
    fi
    for family in $families; do
        run_family "$family" "$client" "$expected" "$@" -n 3
        check "$row" "$client" $? "INTEROP-1 $family" "$difference"
    done
}

# mpi_cell ROW CLIENT WHEEL WHY LAUNCH...: MPI programs of a wheel, with the libpmix it brings.
mpi_cell() {
    local row=$1 client=$2 wheel=$3 why=$4 program out
    shift 4
    [ -n "$wheel" ] || { cannot "$row" "$client" "$why"; return; }
    for program in helloworld ringtest; do
        out=$(TMPDIR=$case_folder/tmp limited 90 "$@" -n 3 env -u LD_LIBRARY_PATH "$wheel/bin/python" \
            -m mpi4py.bench $program 2>&1 </dev/null)
        case $program in
            helloworld) [ "$(grep -c '^Hello, World! I am process . of 3' <<<"$out")" -eq 3 ] ;;
            ringtest) grep -qE '^time for 1 loops = .*\(3 processes' <<<"$out" ;;
        esac
        check "$row" "$client" $? "INTEROP-1 MPI: $program" "$out"
    done
}

# live_row ROW LAUNCH...: a server of 6.1; what its own clients see there is what ours has to see.
live_row() {
    local row=$1 family
    shift
    mkdir -p "$case_folder/expected-live"
    for family in modex direct publish resolve query spawn joining control cleanup log events group; do
        if ! INTEROP_RECORD=1 run_family "$family" 6.1 "$case_folder/expected-live" "$@" -n 3; then
            check "$row" 6.1 1 "INTEROP-7 $family" "$difference"
            continue
        fi
        run_family "$family" ours "$case_folder/expected-live" "$@" -n 3
        check "$row" ours $? "INTEROP-7 $family" "$difference"
    done
}

# at_host LAUNCH... -- TOOL...: what a tool says that finds the server of a job by its contact file, in $said.
at_host() {
    local launch=() pid status
    while [ "$1" != -- ]; do
        launch+=("$1")
        shift
    done
    shift
    work=$(mktemp -d "$case_folder/tXXX")
    TMPDIR=$work "${launch[@]}" -n 1 sleep 30 >"$work/output" 2>&1 </dev/null &
    pid=$!
    wait_for 15 eval "[ -n \"\$(find $work -name 'pmix.*.tool.*')\" ]"
    said=$(TMPDIR=$work timeout -k 2 20 "$@" 2>&1 </dev/null)
    status=$?
    kill "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    return "$status"
}

# Tools of 6.1 at a server of ours, tools of ours at a server of 6.1.
live_tools() {
    at_host "$muster" run -- "$newest/bin/pquery" pmix.qry.ns && grep -q 'muster-' <<<"$said"
    check "ours: muster run" 6.1 $? "INTEROP-7 its tool pquery" "$said"
    at_host "$muster" run -- "$newest/bin/pps" && grep -q 'muster-' <<<"$said"
    check "ours: muster run" 6.1 $? "INTEROP-7 its tool pps" "$said"
    at_host "$MUSTER_PRRTE/bin/prterun" -- "$muster" query pmix.qry.ns && grep -q 'prterun-' <<<"$said"
    check "6.1: prterun" ours $? "INTEROP-7 muster query" "$said"
    at_host "$MUSTER_PRRTE/bin/prterun" -- "$muster" ps && grep -q 'running *[^ ]*sleep' <<<"$said"
    check "6.1: prterun" ours $? "INTEROP-7 muster ps" "$said"
}

# The ranks of one job with a library each: what each shows the others can read, and nobody is told of compression.
mixed() {
    local row="ours: muster run" family names=() name n=0
    for name in ours 4.2.2 5.0.11 6.1; do
        [ ! -e "$case_folder/client-$name" ] || names+=("$case_folder/client-$name")
    done
    printf '#!/bin/bash\nclients=(%s)\nexec "${clients[$PMIX_RANK]}" "$@"\n' "${names[*]}" >"$case_folder/client-mixed"
    chmod +x "$case_folder/client-mixed"
    for family in direct collected group; do
        work=$(mktemp -d "$case_folder/XXXXXX")
        mkdir "$work/words"
        limited 60 launch_muster -n "${#names[@]}" "$case_folder/client-mixed" "$work/words" "$family" \
            >"$work/output" 2>&1 </dev/null
        n=$?
        # Each of them says as much, and nothing but values and successes.
        [ "$n" -eq 0 ] && [ "$(ls "$work/words" | wc -l)" -eq "${#names[@]}" ] &&
            [ "$(wc -l <"$work/words/$family.0")" -ge 5 ] &&
            [ "$(awk 'FNR == 1 { files++ } END { print NR % files }' "$work/words/$family".*)" -eq 0 ] &&
            ! words_of "$work/words" "$family" | grep -qvE '^-- |: SUCCESS$|= (said directly by|collected from) |of A$'
        check "$row" ours $? "INTEROP-8 $family, each of ${#names[@]} ranks with another library" "$n
$(words_of "$work/words" "$family")"
    done
}

# replay_ranks ROW LAUNCH...: two recorded ranks of 6.1 as the ranks of a job.
replay_ranks() {
    local row=$1 status rank
    shift
    work=$(mktemp -d "$case_folder/XXXXXX")
    PYTHONDONTWRITEBYTECODE=1 limited 60 "$@" -n 2 python3 "$PWD/CTests/interop/recorded.py" "$work" \
        >"$work/output" 2>&1 </dev/null
    status=$?
    for rank in 0 1; do
        [ "$status" -eq 0 ] && grep -qE '^(1[0-9]|2[0-9]|[5-9]) answers' "$work/replay.$rank" &&
            ! grep -q '^wrong' "$work/replay.$rank"
        check "$row" 6.1 $? "INTEROP-3 rank $rank of a recorded job: $(head -n 1 "$work/replay.$rank" 2>/dev/null)" \
            "ended with $status
$(cat "$work/replay.$rank" 2>/dev/null)
$(head -n 5 "$work/output")"
    done
}

# Ranks with processes, mounts, a host name and a /tmp of their own, as in a container.
container() {
    local client=$1 row="ours: muster run" family
    [ -e "$case_folder/client-$client" ] || return
    if [ "$(id -u)" -ne 0 ] || ! unshare -p -m -u --fork true 2>/dev/null; then
        cannot "$row" "$client" "namespaces need root"
        return
    fi
    for family in modex publish group; do
        run_family "$family" "$client" CTests/rigs/expected/muster launch_muster -n 3 \
            unshare -p -m -u --fork --mount-proc sh CTests/interop/box.sh "$build"
        check "$row" "$client" $? "INTEROP-2 $family across a container's boundary" "$difference"
    done
}

# What replay.py says of itself.
replay() {
    local line status text column row
    ${CC:-cc} -std=gnu11 -O1 -D_GNU_SOURCE -ICTests -ICTests/pmix -IInclude/pmix CTests/interop/host61.c \
        CTests/pmix/host.c -o "$case_folder/host61" "-L$ours" -lpmix -lpthread
    LD_LIBRARY_PATH=$ours PYTHONDONTWRITEBYTECODE=1 timeout -k 5 150 python3 CTests/interop/replay.py \
        "$case_folder/host61" "$case_folder/client-ours" "$case_folder" >"$case_folder/replay.log" 2>&1 </dev/null
    status=$?
    while IFS= read -r line; do
        text=${line#*- }
        row="ours: muster run" column=6.1
        case $text in "a server of 6.1"*) row="6.1: recordings" column=ours ;; esac
        case $line in
            "ok "*) check "$row" "$column" 0 "$text" ;;
            "not ok "*) check "$row" "$column" 1 "$text" "$(grep -A3 -F "$line" "$case_folder/replay.log")" ;;
        esac
    done <"$case_folder/replay.log"
    grep -q '^1\.\.' "$case_folder/replay.log"
    check "ours: muster run" 6.1 $? "the replay comes to its end ($status)" "$(tail -n 5 "$case_folder/replay.log")"
}

print_matrix() {
    local row column text
    printf '\n| server \\ client |'
    printf ' %s |' "${columns[@]}"
    printf '\n|---|---|---|---|---|---|\n'
    for row in "${rows[@]}"; do
        printf '| %s |' "$row"
        for column in "${columns[@]}"; do
            text=
            [ -z "${good[$row|$column]:-}" ] || text="${good[$row|$column]} ok"
            [ -z "${bad[$row|$column]:-}" ] || text+=" ${bad[$row|$column]} FAILED"
            [ -z "${reason[$row|$column]:-}" ] || text+=" SKIP: ${reason[$row|$column]}"
            text=${text# }
            printf ' %s |' "${text:--}"
        done
        printf '\n'
    done
    printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
}
