#!/bin/bash
# A private Slurm on this machine (munged, slurmctld, and a slurmd for each of one or two emulated nodes), on the
# installed libpmix or on another. Needs root and mount namespaces.
#   slurm-rig.sh start DIR PORT NODES [LIBPMIX]   then   SLURM_CONF=DIR/slurm.conf srun --mpi=pmix ...
#   slurm-rig.sh stop DIR
# slurmd loads .../pmix2/lib/libpmix.so by its absolute path, so another library is mounted over that file in a mount
# namespace of its own; nothing outside sees that. With two nodes each has a /tmp of its own, and DIR must not be in it;
# what RIG_KEEP names below /tmp stays where it is.
set -eu
action=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
host=$(hostname -s)
installed=/usr/lib/$(uname -m)-linux-gnu/pmix2/lib/libpmix.so

stop() {
    local file pid
    for file in "$folder"/slurmd.*.pid "$folder/slurmctld.pid" "$folder/munged.pid"; do
        [ -s "$file" ] || continue
        pid=$(cat "$file")
        kill "$pid" 2>/dev/null || continue
        for _ in $(seq 100); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.05
        done
        kill -9 "$pid" 2>/dev/null || true
    done
}

if [ "$action" = stop ]; then
    stop
    exit 0
fi
port=$3 nodes=$4 library=${5:-}

configuration() {
    cat <<END
ClusterName=rig
SlurmctldHost=$host
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
CredType=cred/munge
MpiDefault=none
SlurmctldPort=$port
SlurmdPort=$((port + 1))
StateSaveLocation=$folder/state
SlurmctldPidFile=$folder/slurmctld.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdSpoolDir=$folder/spool/%n
SlurmdPidFile=$folder/slurmd.%n.pid
SlurmdLogFile=$folder/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
ReturnToService=2
KillWait=2
END
    if [ "$nodes" = 1 ]; then
        echo "NodeName=$host NodeAddr=127.0.0.1 CPUs=1 RealMemory=256 State=UNKNOWN"
        echo "PartitionName=p Nodes=$host Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:16"
    else
        for i in 1 2; do
            echo "NodeName=node$i NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1 + i)) CPUs=1 RealMemory=256"
        done
        echo "PartitionName=p Nodes=node1,node2 Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:16"
    fi
}

mkdir -p "$folder/state" "$folder/spool" "$folder/munge"
chmod 700 "$folder/munge"
head -c 1024 /dev/urandom >"$folder/munge/key"
chmod 600 "$folder/munge/key"
configuration >"$folder/slurm.conf"
export SLURM_CONF=$folder/slurm.conf
/usr/sbin/munged --force --key-file="$folder/munge/key" --socket="$folder/munge/socket" \
    --pid-file="$folder/munged.pid" --log-file="$folder/munge/log" --seed-file="$folder/munge/seed" \
    2>"$folder/munge/errors"
setsid nohup slurmctld -D -f "$SLURM_CONF" >/dev/null 2>&1 </dev/null &
mounted=:
[ -z "$library" ] || mounted="mount --bind $(readlink -f "$library") $(readlink -f "$installed")"
if [ "$nodes" = 1 ]; then
    setsid nohup unshare -m sh -c "$mounted; exec slurmd -D -f $SLURM_CONF" >"$folder/slurmd.out" 2>&1 </dev/null &
else
    keep=: back=:
    case ${RIG_KEEP:-} in
        /tmp/*)
            top=/tmp/$(echo "$RIG_KEEP" | cut -d / -f 3)
            keep="mount --bind $top /mnt" back="mkdir $top; mount --bind /mnt $top"
            ;;
    esac
    for i in 1 2; do
        setsid nohup unshare -m -u sh -c "hostname node$i; $mounted; $keep; mount -t tmpfs tmpfs /tmp; $back
            exec slurmd -D -N node$i -f $SLURM_CONF" >"$folder/slurmd.$i.out" 2>&1 </dev/null &
    done
fi
for _ in $(seq 200); do
    [ "$(sinfo -h -N -o %T 2>/dev/null | grep -c idle)" = "$nodes" ] && exit 0
    sleep 0.1
done
stop
echo "Slurm does not come up: $(tail -qn 2 "$folder"/slurm*.log "$folder"/slurmd*.out 2>/dev/null | tail -n 4)" >&2
exit 1
