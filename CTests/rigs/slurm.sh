#!/bin/bash
# The program of families.sh under a private Slurm: its daemons load our library in place of the installed one, and
# then the original. Slurm serves fences, direct modex and abort, and refuses publishing, spawning and job control.
. "$(dirname "$0")/../tap.sh"
original=/usr/lib/$(uname -m)-linux-gnu/pmix2/lib/libpmix.so
why=
for program in munged slurmctld slurmd srun; do
    PATH=$PATH:/usr/sbin command -v $program >/dev/null || why="Slurm is not installed ($program)"
done
[ -e "$original" ] || why="the file that slurmd loads is not installed: $original"
[ "$(id -u)" -eq 0 ] || why="a private Slurm needs root"
[ -n "$why" ] || unshare -m sh -c "mount --bind /dev/null '$(readlink -f "$original")'" 2>/dev/null ||
    why="there is no mount namespace to be had here"
if [ -n "$why" ]; then
    skip 1 "$why"
    done_testing
fi
PATH=$PATH:/usr/sbin
. "$(dirname "$0")/job.sh"
. "$(dirname "$0")/words.sh"
compile_families "$1"
# Slurm's nodes have a /tmp of their own and a socket's path must be short, so all of it lives here.
place=$(mktemp -d /var/tmp/muster-slurm.XXXXXX)
running=
trap stop_all EXIT

stop_all() {
    local name
    for name in $running; do bash "$rigs/slurm-rig.sh" stop "$place/$name"; done
    rm -rf "$place"
}

# start NAME NODES [LIBRARY]: on ports that nobody has, as far as one can tell.
start() {
    local name=$1 tries
    shift
    for tries in 1 2 3; do
        running+=" $name"
        bash "$rigs/slurm-rig.sh" start "$place/$name" $((20000 + RANDOM % 12000)) "$@" 2>"$place/why" && return 0
        rm -rf "${place:?}/$name"
    done
    diag "$(cat "$place/why")"
    return 1
}

stop() {
    bash "$rigs/slurm-rig.sh" stop "$place/$1"
    running=${running//$1/}
}

# run_job LIBRARY-FOLDER FAMILY RANKS ARGUMENTS...: as in families.sh.
run_job() {
    local library=$1 family=$2 ranks=$3 conf=$place/ours/slurm.conf
    shift 3
    [ -n "$library" ] || conf=$place/original/slurm.conf
    rm -rf "$place/words"
    mkdir -p "$place/words"
    env SLURM_CONF="$conf" ${library:+"LD_LIBRARY_PATH=$library"} timeout -k 5 60 \
        srun --mpi=pmix --overcommit --chdir="$place" -n "$ranks" "$@" "$place/families" "$place/words" "$family" \
        >"$case_folder/output" 2>&1 <"$input"
    status=$?
    rm -rf "$case_folder/words"
    cp -r "$place/words" "$case_folder/words"
    collect_words
}

original_of() {
    case $1 in
        group) echo "it has no groups without a host that has them" ;;
        query) echo "it says UNREACHABLE where the host answers no queries" ;;
    esac
}

cp "$families" "$place/families"
start original 1
ok $? "Slurm runs with the original" || done_testing
start ours 1 "$ours/libpmix.so.2"
ok $? "Slurm runs with our library" || done_testing
for family in modex resolve publish spawn control cleanup query output log group; do
    both "$family" 3 0
done
both abort 3 7
skip 1 "events and the alerts of monitors: Slurm ends a step at the first event of any kind"
# What the others get to say before Slurm ends the step is left to chance.
for library in "$ours" ""; do
    run_job "$library" fault 3
    [ "$status" -ne 0 ]
    ok $? "fault: the job fails${library:+ on our library}"
done
stop original
stop ours
start original 2 && start ours 2 "$ours/libpmix.so.2"
ok $? "Slurm runs with two nodes" || done_testing
text="two nodes: "
for family in modex resolve; do both "$family" 4 0 -N 2; done
done_testing
