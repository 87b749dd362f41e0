// One family of operations as the ranks of a job use it: families FOLDER FAMILY. Each rank leaves what it saw in
// FOLDER/FAMILY.RANK, in words that are the same for every job, so that libraries can be compared line by line.
#include <pmix.h>
#include <pmix_tool.h>

#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE 20  // seconds that anything may take; only what hangs takes them

static const char *folder, *family, *program;
static pmix_proc_t me, everyone;
static uint32_t size;
static FILE *words;

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(words, format, arguments);
    va_end(arguments);
    fputc('\n', words);
    fflush(words);
}

// A status by name: a number that the other side calls otherwise would not be noticed.
static void say_status(const char *what, pmix_status_t status) { say("%s: %s", what, PMIx_Error_string(status)); }

static pmix_proc_t rank_of_mine(pmix_rank_t rank) {
    pmix_proc_t proc = me;
    proc.rank = rank;
    return proc;
}

static void meet(void) {
    pmix_status_t status = PMIx_Fence(&everyone, 1, NULL, 0);
    if (status != PMIX_SUCCESS) say_status("a fence", status);
}

static void put_text(pmix_scope_t scope, const char *key, const char *text) {
    pmix_value_t value;
    PMIX_VALUE_LOAD(&value, text, PMIX_STRING);
    pmix_status_t status = PMIx_Put(scope, key, &value);
    if (status != PMIX_SUCCESS) say_status(key, status);
    PMIX_VALUE_DESTRUCT(&value);
}

// Prints what a get brings: text and small numbers as they are, anything else by its type.
static void say_value(const char *what, pmix_status_t status, const pmix_value_t *value) {
    if (status != PMIX_SUCCESS) return say_status(what, status);
    switch (value->type) {
    case PMIX_STRING: say("%s = %s", what, value->data.string); break;
    case PMIX_UINT32: say("%s = %u", what, value->data.uint32); break;
    case PMIX_UINT16: say("%s = %u", what, value->data.uint16); break;
    case PMIX_BOOL: say("%s = %s", what, value->data.flag ? "true" : "false"); break;
    default: say("%s = a value of type %u", what, value->type);
    }
}

static void get(const char *what, const pmix_proc_t *proc, const char *key, const char *directive) {
    pmix_value_t *value = NULL;
    pmix_info_t info;
    bool yes = true;
    if (directive) PMIX_INFO_LOAD(&info, directive, &yes, PMIX_BOOL);
    pmix_status_t status = PMIx_Get(proc, key, directive ? &info : NULL, directive ? 1 : 0, &value);
    say_value(what, status, value);
    if (value) PMIX_VALUE_RELEASE(value);
}

// ---- waiting for what callbacks do

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void count_up(int *count) {
    pthread_mutex_lock(&lock);
    ++*count;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

// Until the count is reached, or patience has run out; the count then.
static int wait_count(const int *count, int wanted) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE;
    pthread_mutex_lock(&lock);
    while (*count < wanted && pthread_cond_timedwait(&changed, &lock, &until) == 0) {}
    int reached = *count;
    pthread_mutex_unlock(&lock);
    return reached;
}

struct answer {
    int came;
    pmix_status_t status;
    size_t reference;
};

static void came_op(pmix_status_t status, void *cbdata) {
    struct answer *answer = cbdata;
    answer->status = status;
    count_up(&answer->came);
}

static void came_reference(pmix_status_t status, size_t reference, void *cbdata) {
    struct answer *answer = cbdata;
    answer->reference = reference;
    came_op(status, cbdata);
}

// The outcome of a non-blocking call that returned `status` and calls back with `answer`, which must not go away.
static pmix_status_t outcome(pmix_status_t status, const struct answer *answer) {
    if (status == PMIX_OPERATION_SUCCEEDED) return PMIX_SUCCESS;
    if (status != PMIX_SUCCESS) return status;
    return wait_count(&answer->came, 1) ? answer->status : PMIX_ERR_TIMEOUT;
}

#include "families/events.c"
#include "families/data.c"
#include "families/jobs.c"
#include "families/services.c"
#include "families/asking.c"

static const struct {
    const char *name;
    void (*run)(void);
} families[] = {
    {"events", events}, {"fault", fault}, {"publish", publish}, {"modex", modex}, {"spawn", spawn},
    {"child", child}, {"joining", joining}, {"joined", joined}, {"control", control}, {"cleanup", cleanup},
    {"monitor", monitor}, {"heartbeat", heartbeat}, {"query", query}, {"log", write_log}, {"output", output},
    {"group", group}, {"resolve", resolve}, {"abort", end_all}, {"direct", direct}, {"collected", collected},
    {"asking", asking}, {"hang", hang},
};

static void open_words(void) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.%u", folder, family, me.rank);
    words = fopen(path, "w");
    if (words == NULL) exit(3);
}

int main(int argc, char **argv) {
    pmix_value_t *value = NULL;
    if (argc != 3) return 64;
    program = argv[0];
    folder = argv[1];
    family = argv[2];
    alarm(4 * PATIENCE);
    if (PMIx_Init(&me, NULL, 0) != PMIX_SUCCESS) return 2;
    everyone = rank_of_mine(PMIX_RANK_WILDCARD);
    open_words();
    if (PMIx_Get(&everyone, PMIX_JOB_SIZE, NULL, 0, &value) != PMIX_SUCCESS) return 4;
    size = value->data.uint32;
    PMIX_VALUE_RELEASE(value);
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
        if (strcmp(families[i].name, family) == 0) families[i].run();
    say_status("PMIx_Finalize", PMIx_Finalize(NULL, 0));
    return 0;
}
