// What loading a library costs a process: the time of one dlopen in a process that has loaded nothing else yet, many
// times over, the libraries in turns.
//   loadtime ROUNDS NAME=LIBRARY...    prints "NAME 0 load MICROSECONDS", the median
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_LIBRARIES = 8, MAX_ROUNDS = 1000 };

static double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * 1e6 + at.tv_nsec / 1e3;
}

static int load_once(const char *library) {
    double before = now();
    void *loaded = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    double took = now() - before;
    if (loaded == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    return write(1, &took, sizeof took) == sizeof took ? 0 : 1;
}

// A new program, not a mere fork: relocations and page faults of a process that has just started count.
static double load_elsewhere(char *library) {
    int ends[2], status = -1;
    double took = -1;
    if (pipe(ends) != 0) exit(1);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], 1);
        close(ends[0]);
        close(ends[1]);
        execl("/proc/self/exe", "loadtime", "once", library, NULL);
        _exit(127);
    }
    close(ends[1]);
    ssize_t got = read(ends[0], &took, sizeof took);
    close(ends[0]);
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0 || got != sizeof took) exit(1);
    return took;
}

static int compare_numbers(const void *a, const void *b) {
    double x = *(const double *) a, y = *(const double *) b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    static double took[MAX_LIBRARIES][MAX_ROUNDS];
    if (argc == 3 && strcmp(argv[1], "once") == 0) return load_once(argv[2]);
    int rounds = argc > 2 ? atoi(argv[1]) : 0;
    if (rounds < 1 || rounds > MAX_ROUNDS || argc - 2 > MAX_LIBRARIES) {
        fprintf(stderr, "usage: loadtime ROUNDS NAME=LIBRARY...\n");
        return 2;
    }
    for (int i = 2; i < argc; i++) {
        if (strchr(argv[i], '=') == NULL) return 2;
        load_elsewhere(strchr(argv[i], '=') + 1);  // brings its pages into memory
    }
    for (int round = 0; round < rounds; round++)
        for (int i = 2; i < argc; i++) took[i - 2][round] = load_elsewhere(strchr(argv[i], '=') + 1);
    for (int i = 2; i < argc; i++) {
        qsort(took[i - 2], rounds, sizeof took[0][0], compare_numbers);
        printf("%.*s 0 load %.1f\n", (int) (strchr(argv[i], '=') - argv[i]), argv[i], took[i - 2][rounds / 2]);
    }
    return 0;
}
