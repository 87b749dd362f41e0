// A rank of the benchmark. Times are the caller's: from before the call until it has returned and, for gets, until the
// value has been checked and released.
#include "bench.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/prctl.h>

static pmix_proc_t me;
static int host;
static int ranks;

__attribute__((format(printf, 1, 2), noreturn)) static void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "rank %u of %d: ", me.rank, ranks);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
    va_end(arguments);
    _exit(1);
}

static void require(pmix_status_t rc, const char *what) {
    if (rc != PMIX_SUCCESS) fail("%s: status %d", what, rc);
}

static void report(enum figure figure, double value) {
    struct record record = {figure, value};
    if (send(host, &record, sizeof record, MSG_NOSIGNAL) != sizeof record) _exit(1);
}

static void next_step(void) {
    double start;
    if (recv(host, &start, sizeof start, 0) != sizeof start) _exit(1);
    struct timespec at = {(time_t) start, (long) ((start - (time_t) start) * 1e9)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR) {}
}

// ---- one call of each kind

static void put_text(const char *key, const char *text) {
    pmix_value_t value = {.type = PMIX_STRING, .data.string = (char *) text};
    require(PMIx_Put(PMIX_GLOBAL, key, &value), "PMIx_Put");
}

static void get_number(uint32_t rank, const char *key, uint32_t expected) {
    pmix_value_t *value = NULL;
    pmix_proc_t proc = me;
    proc.rank = rank;
    require(PMIx_Get(&proc, key, NULL, 0, &value), key);
    if (value->type != PMIX_UINT32 || value->data.uint32 != expected) fail("%s is wrong", key);
    PMIX_VALUE_RELEASE(value);
}

static void get_text(uint32_t rank, const char *key, const char *expected) {
    pmix_value_t *value = NULL;
    pmix_proc_t proc = me;
    proc.rank = rank;
    require(PMIx_Get(&proc, key, NULL, 0, &value), key);
    if (value->type != PMIX_STRING || strcmp(value->data.string, expected) != 0) fail("%s is wrong", key);
    PMIX_VALUE_RELEASE(value);
}

static void get_bytes(uint32_t rank, const char *key, const char *expected) {
    pmix_value_t *value = NULL;
    pmix_proc_t proc = me;
    proc.rank = rank;
    require(PMIx_Get(&proc, key, NULL, 0, &value), key);
    if (value->type != PMIX_BYTE_OBJECT || value->data.bo.size != SHARED_BYTES) fail("%s has no such bytes", key);
    if (memcmp(value->data.bo.bytes, expected, SHARED_BYTES) != 0) fail("%s of %u is wrong", key, rank);
    PMIX_VALUE_RELEASE(value);
}

static void fence(bool collect) {
    pmix_info_t info;
    PMIX_INFO_LOAD(&info, PMIX_COLLECT_DATA, &collect, PMIX_BOOL);
    require(PMIx_Fence(NULL, 0, collect ? &info : NULL, collect), "PMIx_Fence");
    PMIX_INFO_DESTRUCT(&info);
}

// ---- many of them

enum { BATCHES = 10, BATCH = 100 };

// The mean of a call in microseconds: the median over batches, so that one preemption does not decide.
#define MEASURE(call)                                                        \
    ({                                                                       \
        double means[BATCHES];                                               \
        for (int batch = 0; batch < BATCHES; batch++) {                      \
            double before = now();                                           \
            for (int i = 0; i < BATCH; i++) call;                            \
            means[batch] = (now() - before) / BATCH * 1e6;                   \
        }                                                                    \
        median(means, BATCHES);                                              \
    })

static void text_for(char *text, uint32_t rank, int number) {
    memset(text, 'x', TEXT_BYTES);
    text[TEXT_BYTES] = 0;
    text[snprintf(text, TEXT_BYTES, "rank %u shows %d ", rank, number)] = 'x';
}

static void show_own(void) {
    char key[32], text[TEXT_BYTES + 1];
    for (int i = 0; i < OWN_KEYS; i++) {
        snprintf(key, sizeof key, "own.%d", i);
        text_for(text, me.rank, i);
        put_text(key, text);
    }
    require(PMIx_Commit(), "PMIx_Commit");
    fence(true);
}

static void measure_gets(void) {
    uint32_t peer = (me.rank + 1) % ranks;
    char mine[TEXT_BYTES + 1], theirs[TEXT_BYTES + 1];
    text_for(mine, me.rank, 3);
    text_for(theirs, peer, 3);
    get_number(PMIX_RANK_WILDCARD, PMIX_JOB_SIZE, ranks);
    get_text(me.rank, "own.3", mine);
    get_text(peer, "own.3", theirs);  // fetches them if they are not here yet
    report(GET_JOB, MEASURE(get_number(PMIX_RANK_WILDCARD, PMIX_JOB_SIZE, ranks)));
    report(GET_OWN, MEASURE(get_text(me.rank, "own.3", mine)));
    if (ranks > 1) report(GET_PEER, MEASURE(get_text(peer, "own.3", theirs)));
}

static void measure_puts(void) {
    char keys[PUT_KEYS][32], text[TEXT_BYTES + 1];
    text_for(text, me.rank, 0);
    for (int i = 0; i < PUT_KEYS; i++) snprintf(keys[i], sizeof keys[i], "put.%d", i);
    report(PUT, MEASURE(put_text(keys[i % PUT_KEYS], text)));
    get_text(me.rank, keys[PUT_KEYS - 1], text);
}

static void measure_fences(int count) {
    double *times = malloc(count * sizeof *times);
    for (int i = 0; i < count / 10; i++) fence(false);
    for (int i = 0; i < count; i++) {
        double before = now();
        fence(false);
        times[i] = (now() - before) * 1e6;
    }
    report(FENCE, median(times, count));
    free(times);
}

// ---- the two programs

static void init(void) {
    double before = now();
    pmix_status_t rc = PMIx_Init(&me, NULL, 0);
    report(INIT, (now() - before) * 1e6);
    require(rc, "PMIx_Init");
    if (strcmp(me.nspace, NSPACE) != 0 || me.rank >= (uint32_t) ranks) fail("PMIx_Init: %s is not me", me.nspace);
}

static void calls(void) {
    next_step();
    init();
    report(STEP_DONE, 0);
    next_step();
    show_own();
    report(STEP_DONE, 0);
    next_step();
    measure_gets();
    report(STEP_DONE, 0);
    next_step();
    measure_fences(plan_for(ranks).fences);
    report(STEP_DONE, 0);
    next_step();
    measure_puts();
    report(STEP_DONE, 0);
}

static void show_shared(char keys[][32]) {
    char bytes[SHARED_BYTES];
    pmix_value_t value = {.type = PMIX_BYTE_OBJECT, .data.bo = {bytes, SHARED_BYTES}};
    for (int i = 0; i < SHARED_KEYS; i++) {
        snprintf(keys[i], sizeof keys[i], "shared.%d", i);
        fill(bytes, SHARED_BYTES, me.rank, i);
        require(PMIx_Put(PMIX_GLOBAL, keys[i], &value), "PMIx_Put");
    }
}

static void exchange(void) {
    char keys[SHARED_KEYS][32], expected[SHARED_BYTES];
    next_step();
    init();
    show_shared(keys);
    report(STEP_DONE, 0);
    next_step();
    double began = now();
    require(PMIx_Commit(), "PMIx_Commit");
    fence(true);
    for (int peer = 1; peer < ranks; peer++) {
        uint32_t rank = (me.rank + peer) % ranks;
        for (int i = 0; i < SHARED_KEYS; i++) {
            fill(expected, SHARED_BYTES, rank, i);
            get_bytes(rank, keys[i], expected);
        }
    }
    double ended = now();
    report(BEGAN, began * 1e6);
    report(ENDED, ended * 1e6);
    report(STEP_DONE, 0);
}

int rank_main(const char *what, int count, int fd) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    host = fd;
    ranks = count;
    const char *expected = getenv("BENCH_LIBRARY");
    if (expected == NULL || strcmp(expected, library_path()) != 0) fail("the library is %s", library_path());
    if (strcmp(what, "calls") == 0) calls();
    else exchange();
    next_step();
    require(PMIx_Finalize(NULL, 0), "PMIx_Finalize");
    return 0;
}
