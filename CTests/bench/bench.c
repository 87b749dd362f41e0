// What libpmix costs, measured through the public API alone. The same program runs on any libpmix.so.2: which one, says
// LD_LIBRARY_PATH, for the host and, through it, for its ranks.
//   bench calls N     PMIx_Init, Put, Get, empty Fence, with N local ranks
//   bench exchange N  every rank shows 20 keys and gets those of every peer; memory afterwards
// Prints "figure N value" lines in microseconds or KiB. A wrong or missing answer ends it with status 1.
#define _GNU_SOURCE
#include "bench.h"

#include <dlfcn.h>

const char *library_path(void) {
    static char path[4096];
    Dl_info found;
    void *entry = dlsym(RTLD_DEFAULT, "PMIx_Init");
    if (entry == NULL || dladdr(entry, &found) == 0 || realpath(found.dli_fname, path) == NULL) return "none";
    return path;
}

int main(int argc, char **argv) {
    int ranks = argc >= 3 ? atoi(argv[2]) : 0;
    bool known = argc >= 3 && (strcmp(argv[1], "calls") == 0 || strcmp(argv[1], "exchange") == 0);
    if (!known || ranks < 1 || ranks > MAX_RANKS) {
        fprintf(stderr, "usage: bench calls|exchange RANKS\n");
        return 2;
    }
    if (argc == 4) return rank_main(argv[1], ranks, atoi(argv[3]));
    return host_main(argv[1], ranks);
}
