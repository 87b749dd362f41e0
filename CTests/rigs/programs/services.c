// What a rank may ask of its host besides moving data: published values, queries, the log, job control, monitoring,
// spawning, forwarded output. Prints one line for each answer, so that two libraries can be compared.
//   services FILE SPAWNED       FILE.RANK is registered for removal; SPAWNED is a program to spawn
#include <pmix.h>
#include <pmix_tool.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE 20

static pmix_proc_t me;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t came = PTHREAD_COND_INITIALIZER;
static int done;
static pmix_status_t status;
static char text[300];

static void line(const char *what, pmix_status_t rc) { printf("rank %u: %s: %s\n", me.rank, what, PMIx_Error_string(rc)); }

static void finish(pmix_status_t rc) {
    pthread_mutex_lock(&lock);
    done = 1;
    status = rc;
    pthread_cond_broadcast(&came);
    pthread_mutex_unlock(&lock);
}

// The outcome of a call that was begun with `rc`.
static pmix_status_t outcome(pmix_status_t rc) {
    struct timespec at;
    if (rc == PMIX_OPERATION_SUCCEEDED) return PMIX_SUCCESS;
    if (rc != PMIX_SUCCESS) return rc;
    clock_gettime(CLOCK_REALTIME, &at);
    at.tv_sec += PATIENCE;
    pthread_mutex_lock(&lock);
    while (!done && pthread_cond_timedwait(&came, &lock, &at) == 0) {}
    rc = done ? status : PMIX_ERR_TIMEOUT;
    done = 0;
    pthread_mutex_unlock(&lock);
    return rc;
}

static void on_op(pmix_status_t rc, void *cbdata) {
    (void) cbdata;
    finish(rc);
}

static void on_info(pmix_status_t rc, pmix_info_t *info, size_t n, void *cbdata, pmix_release_cbfunc_t release,
    void *release_cbdata) {
    (void) cbdata, (void) info, (void) n;
    if (release) release(release_cbdata);
    finish(rc);
}

static void on_lookup(pmix_status_t rc, pmix_pdata_t found[], size_t n, void *cbdata) {
    (void) cbdata;
    if (rc == PMIX_SUCCESS && n == 1) snprintf(text, sizeof text, "%s", found[0].value.data.string);
    finish(rc);
}

static void on_spawned(pmix_status_t rc, char nspace[], void *cbdata) {
    (void) cbdata;
    snprintf(text, sizeof text, "%s", rc == PMIX_SUCCESS && nspace ? nspace : "");
    finish(rc);
}

static void published(void) {
    pmix_proc_t all;
    pmix_info_t info, wait[2];
    char *keys[] = {"services.key", NULL};
    int one = 1, seconds = PATIENCE;
    PMIX_LOAD_PROCID(&all, me.nspace, PMIX_RANK_WILDCARD);
    if (me.rank == 0) {
        PMIX_INFO_LOAD(&info, keys[0], "a value", PMIX_STRING);
        line("publish", outcome(PMIx_Publish_nb(&info, 1, on_op, NULL)));
        PMIX_INFO_DESTRUCT(&info);
    }
    line("fence", PMIx_Fence(&all, 1, NULL, 0));
    PMIX_INFO_LOAD(&wait[0], PMIX_WAIT, &one, PMIX_INT);
    PMIX_INFO_LOAD(&wait[1], PMIX_TIMEOUT, &seconds, PMIX_INT);
    line("lookup", outcome(PMIx_Lookup_nb(keys, wait, 2, on_lookup, NULL)));
    printf("rank %u: found \"%s\"\n", me.rank, text);
    line("fence", PMIx_Fence(&all, 1, NULL, 0));
    if (me.rank == 0) line("unpublish", outcome(PMIx_Unpublish_nb(keys, NULL, 0, on_op, NULL)));
}

static void controlled(const char *file) {
    char path[700];
    pmix_info_t info;
    snprintf(path, sizeof path, "%s.%u", file, me.rank);
    FILE *made = fopen(path, "w");
    if (made) fclose(made);
    PMIX_INFO_LOAD(&info, PMIX_REGISTER_CLEANUP, path, PMIX_STRING);
    line("cleanup", outcome(PMIx_Job_control_nb(&me, 1, &info, 1, on_info, NULL)));
    PMIX_INFO_DESTRUCT(&info);
}

static void monitored(void) {
    pmix_info_t info, directive;
    uint32_t seconds = PATIENCE;
    bool yes = true;
    PMIX_INFO_LOAD(&info, PMIX_MONITOR_HEARTBEAT, &yes, PMIX_BOOL);
    PMIX_INFO_LOAD(&directive, PMIX_MONITOR_HEARTBEAT_TIME, &seconds, PMIX_UINT32);
    line("monitor", outcome(PMIx_Process_monitor_nb(&info, PMIX_MONITOR_HEARTBEAT_ALERT, &directive, 1, on_info, NULL)));
    PMIx_Heartbeat();
}

static void logged(void) {
    pmix_info_t info;
    if (me.rank != 0) return;
    PMIX_INFO_LOAD(&info, "services.words", "not for any channel", PMIX_STRING);
    line("log", outcome(PMIx_Log_nb(&info, 1, NULL, 0, on_op, NULL)));
    PMIX_INFO_DESTRUCT(&info);
}

static void queried(void) {
    pmix_query_t query;
    PMIX_QUERY_CONSTRUCT(&query);
    PMIX_ARGV_APPEND(status, query.keys, PMIX_QUERY_NAMESPACES);
    line("query", outcome(PMIx_Query_info_nb(&query, 1, on_info, NULL)));
    PMIX_QUERY_DESTRUCT(&query);
}

static void spawned(const char *program) {
    pmix_app_t app;
    if (me.rank != 0) return;
    PMIX_APP_CONSTRUCT(&app);
    app.cmd = strdup(program);
    PMIX_ARGV_APPEND(status, app.argv, program);
    app.maxprocs = 1;
    line("spawn", outcome(PMIx_Spawn_nb(NULL, 0, &app, 1, on_spawned, NULL)));
    printf("rank %u: %s job\n", me.rank, text[0] && strcmp(text, me.nspace) != 0 ? "another" : "no");
    PMIX_APP_DESTRUCT(&app);
}

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    pmix_status_t rc = PMIx_Init(&me, NULL, 0);
    line("init", rc);
    if (rc != PMIX_SUCCESS) return 1;
    published();
    controlled(argv[1]);
    monitored();
    logged();
    queried();
    spawned(argv[2]);
    pmix_proc_t all = me;
    all.rank = PMIX_RANK_WILDCARD;
    line("fence", PMIx_Fence(&all, 1, NULL, 0));
    line("finalize", PMIx_Finalize(NULL, 0));
    return 0;
}
