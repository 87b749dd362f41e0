// The benchmark's two sides, host and rank, and what they say to one another: the host tells a rank when its next step
// begins (CLOCK_MONOTONIC, in seconds), records come back. Over a socket pair of their own, so that nothing of PMIx is
// used to measure PMIx.
#ifndef MUSTER_BENCH_H
#define MUSTER_BENCH_H

#include <pmix.h>
#include <pmix_server.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define NSPACE "bench"
#define MAX_RANKS 256

enum figure { INIT, PUT, GET_JOB, GET_OWN, GET_PEER, FENCE, BEGAN, ENDED, STEP_DONE, FIGURES };

struct record {
    enum figure figure;
    double value;
};

struct plan {
    int ranks;
    int fences;  // empty fences that count
};

enum { OWN_KEYS = 8, SHARED_KEYS = 20, SHARED_BYTES = 256, PUT_KEYS = 100, TEXT_BYTES = 64 };

static inline double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec + at.tv_nsec / 1e9;
}

// Fewer where a fence takes long, so that a run stays within seconds.
static inline struct plan plan_for(int ranks) {
    return (struct plan){ranks, ranks <= 4 ? 1000 : ranks <= 16 ? 500 : 120};
}

// The bytes a rank shows under its key number `key`: different for every pair, cheap to make and to check.
static inline void fill(char *bytes, size_t size, uint32_t rank, uint32_t key) {
    uint32_t head[2] = {rank + 1, key + 1};
    memset(bytes, 'a' + (rank * SHARED_KEYS + key) % 26, size);
    memcpy(bytes, head, sizeof head);
}

static inline int compare_numbers(const void *a, const void *b) {
    double x = *(const double *) a, y = *(const double *) b;
    return (x > y) - (x < y);
}

static inline double median(double *values, int count) {
    if (count == 0) return 0;
    qsort(values, count, sizeof *values, compare_numbers);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

// Which file the library in this process came from.
const char *library_path(void);

int host_main(const char *what, int ranks);
int rank_main(const char *what, int ranks, int fd);

#endif
