# The rows of Slurm (bash, sourced by matrix.sh): a private one with two emulated nodes, first on our library, then on
# the original. Its nodes have a /tmp of their own, so all of it lives in a folder elsewhere.

# Ours is begun before all other rows: a step of a minute's time limit goes on while they run.
slurm_begin() {
    local name
    slurm_why=
    PATH=$PATH:/usr/sbin
    for name in munged slurmctld slurmd srun; do
        command -v $name >/dev/null || slurm_why="Slurm is not installed ($name)"
    done
    [ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null || slurm_why="a private Slurm needs root"
    [ -z "$slurm_why" ] || return
    place=$(mktemp -d /var/tmp/muster-interop.XXXXXX)
    slurm_start "$place/ours" "$ours/libpmix.so.2" || return
    mkdir "$place/limited"
    cp "$case_folder/client-ours" "$place/limited/client"
    SLURM_CONF=$place/ours/slurm.conf srun --mpi=pmix --overcommit --chdir="$place" -t 1 -N 2 -n 4 \
        "$place/limited/client" "$place/limited" hang >"$place/limited/output" 2>&1 </dev/null &
    limited_step=$!
}

slurm_rows() {
    local client family row
    if [ -n "$slurm_why" ]; then
        cannot "ours: Slurm 22.05" ours "$slurm_why"
        cannot "4.2.2: Slurm 22.05" ours "$slurm_why"
        return
    fi
    row="ours: Slurm 22.05"
    export SLURM_CONF=$place/ours/slurm.conf
    [ -n "${limited_step:-}" ]
    check "$row" ours $? "Slurm comes up with two nodes" "$(cat "$place/why")"
    if [ -n "${limited_step:-}" ]; then
        for client in ours 4.2.2 5.0.11 6.1; do slurm_cell "$row" "$client"; done
        mpi_cell "$row" 3.2 "$wheel4" "${why4:-}" launch_srun -N 2
        mpi_cell "$row" 5.0.11 "$wheel5" "${why5:-}" launch_srun -N 2
        replay_ranks "$row" launch_srun -N 1
        step_limit "$row"
        bash CTests/rigs/slurm-rig.sh stop "$place/ours"
    fi
    row="4.2.2: Slurm 22.05"
    export SLURM_CONF=$place/4.2.2/slurm.conf
    slurm_start "$place/4.2.2" ""
    if check "$row" ours $? "Slurm comes up with two nodes" "$(cat "$place/why")"; then
        slurm_cell "$row" ours
        bash CTests/rigs/slurm-rig.sh stop "$place/4.2.2"
    fi
    unset SLURM_CONF
    rm -rf "$place"
}

# On ports that nobody has, as far as one can tell.
slurm_start() {
    local tries
    for tries in 1 2 3; do
        RIG_KEEP=$build bash CTests/rigs/slurm-rig.sh start "$1" $((20000 + RANDOM % 12000)) 2 ${2:+"$2"} \
            2>"$place/why" && return 0
        rm -rf "$1"
    done
    return 1
}

launch_srun() {
    srun --mpi=pmix --overcommit --chdir="$place" "$@"
}

slurm_cell() {
    local row=$1 client=$2 family status got wanted
    if [ ! -e "$case_folder/client-$client" ]; then
        cannot "$row" "$client" "${absent[$client]}"
        return
    fi
    cp "$case_folder/client-$client" "$place/client"
    for family in modex direct collected resolve abort; do
        rm -rf "$place/words"
        mkdir "$place/words"
        timeout -k 5 60 srun --mpi=pmix --overcommit --chdir="$place" -N 2 -n 4 \
            "$place/client" "$place/words" "$family" >"$case_folder/output" 2>&1 </dev/null
        status=$?
        if [ "$family" = abort ]; then
            [ "$status" -ne 0 ] && [ "$status" -ne 124 ]
            check "$row" "$client" $? "INTEROP-1 abort ends the step on both nodes" "ended with $status"
            continue
        fi
        got=$(words_of "$place/words" "$family")
        wanted=$(plain_names <"CTests/rigs/expected/slurm/$family.hosts")
        [ "$status" -eq 0 ] && [ "$got" = "$wanted" ]
        check "$row" "$client" $? "INTEROP-1 $family on two nodes" "ended with $status
$(diff <(echo "$wanted") <(echo "$got"))
$(head -n 5 "$case_folder/output")"
    done
}

# Ranks of which one never comes to the fence: Slurm ends the step, and nobody is left.
step_limit() {
    local row=$1 status guard
    { sleep 150; kill -9 "$limited_step"; } >/dev/null 2>&1 &
    guard=$!
    wait "$limited_step"
    status=$?
    kill "$guard" $(descendants "$guard") 2>/dev/null
    [ "$status" -ne 0 ] && [ "$status" -ne 137 ] && grep -q 'TIME LIMIT' "$place/limited/output"
    check "$row" ours $? "INTEROP-6 a step's time limit ends ranks that wait in a fence" "ended with $status
$(head -n 8 "$place/limited/output")"
    wait_for 10 nobody_runs "$place/limited/client"
    check "$row" ours $? "INTEROP-6 and leaves none of them" "$(ps -ef 2>/dev/null | grep "$place/limited/client")"
}

nobody_runs() {
    local link
    for link in /proc/[0-9]*/exe; do
        [ "$(readlink "$link")" != "$1" ] || return 1
    done
}
