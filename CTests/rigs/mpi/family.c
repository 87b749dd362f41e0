// Parents spawn two children and everybody adds up the ranks, the children counting from 2; with an argument rank 1 aborts
// instead.
#include <mpi.h>
#include <stdio.h>

int main(int argc, char **argv) {
    MPI_Comm parent, others, all;
    int rank, sum = 0;
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_get_parent(&parent);
    if (argc > 1) {
        if (rank == 1) MPI_Abort(MPI_COMM_WORLD, 6);
        MPI_Barrier(MPI_COMM_WORLD);
    }
    if (parent == MPI_COMM_NULL) {
        MPI_Comm_spawn(argv[0], MPI_ARGV_NULL, 2, MPI_INFO_NULL, 0, MPI_COMM_WORLD, &others, MPI_ERRCODES_IGNORE);
    } else {
        others = parent;
    }
    int own = parent == MPI_COMM_NULL ? rank : rank + 2;
    MPI_Intercomm_merge(others, parent != MPI_COMM_NULL, &all);
    MPI_Allreduce(&own, &sum, 1, MPI_INT, MPI_SUM, all);
    printf("%s %d: %d\n", parent == MPI_COMM_NULL ? "parent" : "child", rank, sum);
    MPI_Comm_free(&all);
    MPI_Comm_disconnect(&others);
    MPI_Finalize();
    return 0;
}
