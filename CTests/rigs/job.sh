# What the rigs share (bash, sourced): start an MPI job in the background, look at its processes while it is held (see
# mpi/hold.h), let it go. Needs $MUSTER_CASE, an empty folder, which also takes the job's temporary files: whatever is left
# under $MUSTER_CASE/tmp after a job was left behind by it.
rigs=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
case_folder=${MUSTER_CASE:?}
mpirun=$(command -v mpirun || true)
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_btl_vader_backing_directory=$case_folder/tmp
# Without a terminal mpirun would look for one; ranks of one machine need no other network than this.
export OMPI_MCA_btl_tcp_if_include=lo OMPI_MCA_oob_tcp_if_include=lo
fake_hosts=(--mca plm rsh --mca plm_rsh_agent "$rigs/fakersh.sh")

# compile_mpi NAME: $case_folder/NAME from mpi/NAME.c
compile_mpi() {
    mpicc -O1 -Wall -Wextra -o "$case_folder/$1" "$rigs/mpi/$1.c"
}

# job_start [VARIABLE=VALUE...] -- MPIRUN-ARGUMENTS...: the variables are for mpirun and what inherits from it.
job_start() {
    local variables=()
    while [ "$1" != -- ]; do
        variables+=("$1")
        shift
    done
    shift
    job_hold=$case_folder/hold
    job_output=$case_folder/output
    rm -rf "$job_hold" "$case_folder/tmp"
    mkdir -p "$job_hold" "$case_folder/tmp"
    env TMPDIR="$case_folder/tmp" "${variables[@]}" "$mpirun" "$@" >"$job_output" 2>&1 </dev/null &
    job_pid=$!
}

# job_wait_ready RANKS: until every rank is held; fails when mpirun ends before.
job_wait_ready() {
    wait_for 120 eval "! is_running $job_pid || [ \$(find $job_hold -name 'ready.*' | wc -l) -ge $1 ]"
    is_running "$job_pid"
}

# job_finish: lets the ranks go and gives mpirun's exit status.
job_finish() {
    : >"$job_hold/go"
    wait "$job_pid"
}

# descendants PID: PID and everything below it, from /proc alone (no procps on a bare system). One pass over the
# processes in order of their start will do only while pids do not wrap, hence the loop until nothing is added.
descendants() {
    local known=" $1 " stat line pid parent added=1
    local -A parents=()
    for stat in /proc/[0-9]*/stat; do
        line=$(cat "$stat" 2>/dev/null) || continue
        pid=${line%% *}
        line=${line##*) }
        read -r _ parent _ <<<"$line"
        parents[$pid]=$parent
    done
    while [ "$added" -eq 1 ]; do
        added=0
        for pid in "${!parents[@]}"; do
            if [[ $known == *" ${parents[$pid]} "* && $known != *" $pid "* ]]; then
                known+="$pid "
                added=1
            fi
        done
    done
    tr ' ' '\n' <<<"$known" | sort -n | sed '/^$/d'
}

# libpmix_of PID: the libpmix files the process has mapped, one line each; nothing when none.
libpmix_of() {
    sed -n 's|^[^/]*\(/.*/libpmix\.so[^ ]*\)$|\1|p' "/proc/$1/maps" 2>/dev/null | sort -u
}

# role_of PID: `rank 3`, or the name of the program.
role_of() {
    local rank
    rank=$(tr '\0' '\n' <"/proc/$1/environ" 2>/dev/null | sed -n 's/^PMIX_RANK=//p' | head -n 1)
    if [ -n "$rank" ]; then
        echo "rank $rank"
    else
        cat "/proc/$1/comm" 2>/dev/null
    fi
}

# job_table: `ROLE<tab>PID<tab>PROGRAM<tab>LIBPMIX` of each process of the job that has one; shells and wrappers have none.
job_table() {
    local pid library
    for pid in $(descendants "$job_pid"); do
        library=$(libpmix_of "$pid" | paste -sd ' ')
        [ -n "$library" ] || continue
        printf '%s\t%s\t%s\t%s\n' "$(role_of "$pid")" "$pid" "$(cat "/proc/$pid/comm")" "$library"
    done
}

# is_running PID: a zombie is not; whose child it is decides how long it is seen.
is_running() {
    grep -qs '^State:[[:space:]]*[^ZX]' "/proc/$1/status"
}

# wait_for SECONDS CONDITION...
wait_for() {
    local i tries=$(($1 * 50))
    shift
    for ((i = 0; i < tries; i++)); do
        "$@" && return 0
        sleep 0.02
    done
    return 1
}

# job_left PIDS: processes of the job's that go on, and files it left behind, by name; empty when it was tidy. Daemons of
# other hosts end a moment after mpirun.
job_left() {
    local pid
    for pid in $1; do
        wait_for 10 eval "! is_running $pid" || echo "process $pid $(cat "/proc/$pid/comm")"
    done
    find "$case_folder/tmp" -mindepth 1 ! -type d
}
