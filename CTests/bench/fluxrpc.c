// What remote procedure calls cost the client. fluxrpc COUNT WINDOW [TOPIC]: COUNT calls, one after the other for
// WINDOW 0, else with so many outstanding. Prints calls per second, microseconds of the client's CPU per call, and
// the median latency of single calls.
#include <flux/core.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static const char *topic;
static long left, outstanding;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double) t.tv_sec + 1e-9 * (double) t.tv_nsec;
}

static double used(void) {
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return (double) (r.ru_utime.tv_sec + r.ru_stime.tv_sec) + 1e-6 * (double) (r.ru_utime.tv_usec + r.ru_stime.tv_usec);
}

static void die(const char *what) {
    perror(what);
    exit(1);
}

static flux_future_t *call(flux_t *h) {
    flux_future_t *f = flux_rpc_pack(h, topic, FLUX_NODEID_ANY, 0, "{s:s}", "name", "rank");
    if (!f) die("flux_rpc_pack");
    return f;
}

static void take(flux_future_t *f) {
    const char *value;
    if (flux_rpc_get_unpack(f, "{s?s}", "name", &value) < 0) die("flux_rpc_get_unpack");
    flux_future_destroy(f);
}

static void more(flux_future_t *f, void *arg);

static void begin(flux_t *h) {
    left--;
    outstanding++;
    if (flux_future_then(call(h), -1., more, h) < 0) die("flux_future_then");
}

static void more(flux_future_t *f, void *arg) {
    take(f);
    outstanding--;
    if (left > 0) begin(arg);
}

static int compare(const void *a, const void *b) {
    double difference = *(const double *) a - *(const double *) b;
    return difference < 0 ? -1 : difference > 0;
}

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    long count = atol(argv[1]), window = atol(argv[2]);
    topic = argc > 3 ? argv[3] : "attr.get";
    flux_t *h = flux_open(NULL, 0);
    double *times = calloc((size_t) count, sizeof *times);
    if (!h || !times) die("flux_open");
    for (int i = 0; i < 100; i++) take(call(h));
    double start = now(), cpu = used(), before = start;
    if (window == 0) {
        for (long i = 0; i < count; i++) {
            take(call(h));
            double after = now();
            times[i] = after - before;
            before = after;
        }
    } else {
        for (left = count; left > 0 && outstanding < window;) begin(h);
        if (flux_reactor_run(flux_get_reactor(h), 0) < 0) die("flux_reactor_run");
    }
    double elapsed = now() - start;
    cpu = used() - cpu;
    qsort(times, (size_t) count, sizeof *times, compare);
    printf("%.0f %.3f %.2f\n", (double) count / elapsed, cpu / (double) count * 1e6, times[count / 2] * 1e6);
    flux_close(h);
    free(times);
    return 0;
}
