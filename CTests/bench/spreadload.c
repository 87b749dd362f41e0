// A load for a Spread daemon, speaking the wire itself so that any daemon is measured with the same client:
//   spreadload PLACE rate SIZE RECEIVERS     messages sent a second, each delivered to all receivers
//   spreadload PLACE latency SIZE RECEIVERS  median microseconds from a send until the last receiver has said it has it
// PLACE is the path of a unix socket or HOST:PORT. The sender is not a member; no more than two windows are on their way.
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "spreadwire.h"

// Reads messages of `size` bytes and writes a byte for every `window` of them.
static void receive(const char *place, int index, size_t size, int window, int ready, int acks) {
    char name[16], self[NAME], join[HEADER + NAME];
    snprintf(name, sizeof name, "r%d", index);
    int fd = enter(place, name, self);
    make(join, JOIN, self, "bench", 0);
    put(fd, join, sizeof join);
    // What comes back on the private group comes after the join.
    make(join, AGREED, self, self, 0);
    put(fd, join, sizeof join);
    get(fd, join, sizeof join);
    if (write(ready, "r", 1) != 1) die("write");
    size_t capacity = 1 << 18, whole = HEADER + NAME + size, have = 0;
    char *buffer = malloc(capacity);
    for (int count = 0;;) {
        ssize_t got = recv(fd, buffer, capacity, 0);
        if (got <= 0) exit(0);
        for (have += (size_t) got; have >= whole; have -= whole) {
            if (++count % window == 0 && write(acks, "a", 1) != 1) exit(0);
        }
    }
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double) time.tv_sec + (double) time.tv_nsec * 1e-9;
}

static int compare(const void *a, const void *b) {
    double x = *(const double *) a, y = *(const double *) b;
    return (x > y) - (x < y);
}

static void wait_for(int *acks, int receivers) {
    char byte;
    for (int i = 0; i < receivers; i++) {
        if (read(acks[i], &byte, 1) != 1) die("a receiver was lost");
    }
}

static void measure_rate(int fd, const char *message, size_t whole, int window, int *acks, int receivers) {
    double limit = 0.7;
    long windows = 0;
    double begin = now();
    do {
        for (int i = 0; i < window; i++) put(fd, message, whole);
        if (++windows > 1) wait_for(acks, receivers);
    } while (now() - begin < limit);
    wait_for(acks, receivers);
    printf("%.0f\n", (double) windows * window / (now() - begin));
}

static void measure_latency(int fd, const char *message, size_t whole, int *acks, int receivers) {
    enum { ROUNDS = 4000 };
    static double took[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        double begin = now();
        put(fd, message, whole);
        wait_for(acks, receivers);
        took[i] = now() - begin;
    }
    qsort(took, ROUNDS, sizeof took[0], compare);
    printf("%.1f\n", took[ROUNDS / 2] * 1e6);
}

int main(int argc, char **argv) {
    if (argc != 5) return 2;
    const char *place = argv[1];
    size_t size = (size_t) atol(argv[3]);
    int receivers = atoi(argv[4]), acks[64], ready[2], latency = strcmp(argv[2], "latency") == 0;
    int window = latency ? 1 : size >= 50000 ? 20 : 100;
    pid_t children[64];
    if (receivers < 1 || receivers > 64 || pipe(ready) != 0) return 2;
    for (int i = 0; i < receivers; i++) {
        int ends[2];
        if (pipe(ends) != 0) die("pipe");
        children[i] = fork();
        if (children[i] == 0) receive(place, i, size, window, ready[1], ends[1]);
        close(ends[1]);
        acks[i] = ends[0];
    }
    close(ready[1]);
    char byte, self[NAME];
    for (int i = 0; i < receivers; i++) {
        if (read(ready[0], &byte, 1) != 1) die("read");
    }
    int fd = enter(place, "sender", self);
    char *message = calloc(1, HEADER + NAME + size);
    make(message, AGREED, self, "bench", (uint32_t) size);
    if (latency) measure_latency(fd, message, HEADER + NAME + size, acks, receivers);
    else measure_rate(fd, message, HEADER + NAME + size, window, acks, receivers);
    for (int i = 0; i < receivers; i++) kill(children[i], 9);
    while (wait(NULL) > 0) {}
    return 0;
}
