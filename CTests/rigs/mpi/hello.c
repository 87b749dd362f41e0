// The program of `make run`: each rank says who it is, after one reduction over all of them.
#include <mpi.h>
#include <stdio.h>

#include "hold.h"

int main(int argc, char **argv) {
    int rank, count, sum = 0, length;
    char host[MPI_MAX_PROCESSOR_NAME];
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &count);
    MPI_Get_processor_name(host, &length);
    MPI_Allreduce(&rank, &sum, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    hold(argc > 1 ? argv[1] : NULL, rank);
    printf("rank %d of %d on %s: the ranks add up to %d\n", rank, count, host, sum);
    MPI_Finalize();
    return 0;
}
