// Whether a client grows: fluxgrowth COUNT. Makes COUNT calls, then COUNT more whose futures go before their responses come;
// prints the resident KiB after a tenth of each and at its end.
#include <flux/core.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static long left;

static long resident(void) {
    char line[256];
    long size = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file) exit(1);
    if (!fgets(line, sizeof line, file) || sscanf(line, "%*d %ld", &size) != 1) exit(1);
    fclose(file);
    return size * (sysconf(_SC_PAGESIZE) / 1024);
}

static flux_future_t *call(flux_t *h) {
    flux_future_t *f = flux_rpc_pack(h, "attr.get", FLUX_NODEID_ANY, 0, "{s:s}", "name", "rank");
    if (!f) {
        perror("flux_rpc_pack");
        exit(1);
    }
    return f;
}

// Every 32nd future is waited for; the loop reads what comes for those that have gone.
static void burst(flux_future_t *f, void *arg) {
    flux_t *h = arg;
    if (f) {
        if (flux_future_get(f, NULL) < 0) exit(1);
        flux_future_destroy(f);
    }
    if (left <= 0) return;
    for (int i = 0; i < 31; i++) flux_future_destroy(call(h));
    left -= 32;
    flux_future_then(call(h), -1., burst, h);
}

int main(int argc, char **argv) {
    long count = argc > 1 ? atol(argv[1]) : 1000000, early = 0;
    flux_t *h = flux_open(NULL, 0);
    if (!h) return 1;
    for (long i = 0; i < count; i++) {
        flux_future_t *f = call(h);
        if (flux_rpc_get(f, NULL) < 0) return 1;
        flux_future_destroy(f);
        if (i == count / 10) early = resident();
    }
    printf("%ld calls: %ld KiB after a tenth, %ld KiB at the end\n", count, early, resident());
    for (int part = 0; part < 10; part++) {
        left = count / 10;
        burst(NULL, h);
        if (flux_reactor_run(flux_get_reactor(h), 0) < 0) return 1;
        if (part == 0) early = resident();
    }
    printf("%ld futures destroyed early: %ld KiB after a tenth, %ld KiB at the end\n", count, early, resident());
    flux_close(h);
    return 0;
}
