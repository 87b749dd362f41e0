// An ordinary MPI program that checks every result it gets: Allreduce, Alltoall, Comm_split, a ring of messages of
// several sizes (small ones are sent at once, large ones by rendezvous). Rank 0 says `traffic ok N ranks`.
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

#include "hold.h"

static int rank, count;

static void require(int condition, const char *what) {
    if (condition) return;
    fprintf(stderr, "rank %d of %d: %s went wrong\n", rank, count, what);
    MPI_Abort(MPI_COMM_WORLD, 1);
}

static void check_allreduce(void) {
    long own = rank + 1, sum = 0, largest = 0;
    MPI_Allreduce(&own, &sum, 1, MPI_LONG, MPI_SUM, MPI_COMM_WORLD);
    MPI_Allreduce(&own, &largest, 1, MPI_LONG, MPI_MAX, MPI_COMM_WORLD);
    require(sum == (long) count * (count + 1) / 2, "Allreduce of a sum");
    require(largest == count, "Allreduce of a maximum");
}

static void check_alltoall(void) {
    int *sent = malloc(sizeof(int) * count), *received = malloc(sizeof(int) * count);
    require(sent != NULL && received != NULL, "malloc");
    for (int i = 0; i < count; i++) sent[i] = rank * 1000 + i;
    MPI_Alltoall(sent, 1, MPI_INT, received, 1, MPI_INT, MPI_COMM_WORLD);
    for (int i = 0; i < count; i++) require(received[i] == i * 1000 + rank, "Alltoall");
    free(sent);
    free(received);
}

static void check_split(void) {
    MPI_Comm half;
    int half_rank, half_count, sum = 0, expected = 0;
    MPI_Comm_split(MPI_COMM_WORLD, rank % 2, -rank, &half);
    MPI_Comm_rank(half, &half_rank);
    MPI_Comm_size(half, &half_count);
    MPI_Allreduce(&rank, &sum, 1, MPI_INT, MPI_SUM, half);
    for (int i = rank % 2; i < count; i += 2) expected += i;
    require(half_count == (count + 1 - rank % 2) / 2, "the size after Comm_split");
    require(half_rank == half_count - 1 - rank / 2, "the order of Comm_split");
    require(sum == expected, "Allreduce over half of the ranks");
    MPI_Comm_free(&half);
}

static void check_ring(int length) {
    int next = (rank + 1) % count, previous = (rank + count - 1) % count;
    int *sent = malloc(sizeof(int) * length), *received = calloc(length, sizeof(int));
    require(sent != NULL && received != NULL, "malloc");
    for (int i = 0; i < length; i++) sent[i] = rank + i;
    MPI_Request requests[2];
    MPI_Irecv(received, length, MPI_INT, previous, length, MPI_COMM_WORLD, &requests[0]);
    MPI_Isend(sent, length, MPI_INT, next, length, MPI_COMM_WORLD, &requests[1]);
    MPI_Waitall(2, requests, MPI_STATUSES_IGNORE);
    for (int i = 0; i < length; i++) require(received[i] == previous + i, "the ring");
    free(sent);
    free(received);
}

int main(int argc, char **argv) {
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &count);
    check_allreduce();
    check_alltoall();
    check_split();
    check_ring(1);
    check_ring(1000);
    check_ring(100000);
    hold(argc > 1 ? argv[1] : NULL, rank);
    MPI_Barrier(MPI_COMM_WORLD);
    if (rank == 0) printf("traffic ok %d ranks\n", count);
    MPI_Finalize();
    return 0;
}
