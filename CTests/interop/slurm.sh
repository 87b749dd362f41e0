# The rows of Slurm (bash, sourced by matrix.sh): a private one with two emulated nodes, first on our library, then on
# the original. Its nodes have a /tmp of their own, so all of it lives in a folder elsewhere.
slurm_rows() {
    local why='' place name library row client
    PATH=$PATH:/usr/sbin
    for name in munged slurmctld slurmd srun; do
        command -v $name >/dev/null || why="Slurm is not installed ($name)"
    done
    [ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null || why="a private Slurm needs root"
    if [ -n "$why" ]; then
        cannot "ours: Slurm 22.05" ours "$why"
        cannot "4.2.2: Slurm 22.05" ours "$why"
        return
    fi
    place=$(mktemp -d /var/tmp/muster-interop.XXXXXX)
    for row in "ours: Slurm 22.05" "4.2.2: Slurm 22.05"; do
        name=${row%%:*}
        library=
        [ "$name" != ours ] || library=$ours/libpmix.so.2
        slurm_start "$place/$name" "$library"
        check "$row" ours $? "Slurm comes up with two nodes" "$(cat "$place/why")" || continue
        export SLURM_CONF=$place/$name/slurm.conf
        for client in ours 4.2.2 5.0.11; do
            [ "$name" = ours ] || [ "$client" = ours ] || continue
            slurm_cell "$row" "$client"
        done
        unset SLURM_CONF
        bash CTests/rigs/slurm-rig.sh stop "$place/$name"
    done
    rm -rf "$place"
}

# On ports that nobody has, as far as one can tell.
slurm_start() {
    local tries
    for tries in 1 2 3; do
        bash CTests/rigs/slurm-rig.sh start "$1" $((20000 + RANDOM % 12000)) 2 ${2:+"$2"} 2>"$place/why" && return 0
        rm -rf "$1"
    done
    return 1
}

slurm_cell() {
    local row=$1 client=$2 family status got wanted
    if [ ! -e "$case_folder/client-$client" ]; then
        cannot "$row" "$client" "the library of $client is not here"
        return
    fi
    cp "$case_folder/client-$client" "$place/client"
    for family in modex resolve abort; do
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
        wanted=$(cat "CTests/rigs/expected/slurm/$family.hosts")
        [ "$status" -eq 0 ] && [ "$got" = "$wanted" ]
        check "$row" "$client" $? "INTEROP-1 $family on two nodes" "ended with $status
$(diff <(echo "$wanted") <(echo "$got"))
$(head -n 5 "$case_folder/output")"
    done
}
