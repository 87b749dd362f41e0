// A debugger's way with a job: it is spawned stopped, all its ranks are where they should be, and are let go.
//   debugged client|tool exec|init|app|one     one: only rank 1 is stopped, in PMIx_Init
//   debugged rank                              what is debugged
#include <pmix.h>
#include <pmix_tool.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pmix_proc_t me;
static pmix_nspace_t job;

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool came;
    pmix_proc_t from;
    char where[64];
} heard = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void on_event(size_t id, pmix_status_t status, const pmix_proc_t *source, pmix_info_t infos[], size_t n,
    pmix_info_t results[], size_t nresults, pmix_event_notification_cbfunc_fn_t done, void *cbdata) {
    (void) id, (void) status, (void) results, (void) nresults;
    pthread_mutex_lock(&heard.lock);
    heard.came = true;
    heard.from = *source;
    for (size_t i = 0; i < n; i++)
        if (PMIX_CHECK_KEY(&infos[i], PMIX_BREAKPOINT))
            snprintf(heard.where, sizeof heard.where, "%s", infos[i].value.data.string);
    pthread_cond_broadcast(&heard.changed);
    pthread_mutex_unlock(&heard.lock);
    if (done) done(PMIX_EVENT_ACTION_COMPLETE, NULL, 0, NULL, NULL, cbdata);
}

static void listen_for(pmix_status_t code) {
    pmix_status_t rc = PMIx_Register_event_handler(&code, 1, NULL, 0, on_event, NULL, NULL);
    if (rc < 0) printf("listening: %d\n", rc);
}

static void await(void) {
    pthread_mutex_lock(&heard.lock);
    while (!heard.came) pthread_cond_wait(&heard.changed, &heard.lock);
    pthread_mutex_unlock(&heard.lock);
}

static void note(const char *step, const char *about) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s.%s", getenv("DEBUGGED"), step, about);
    FILE *file = fopen(path, "w");
    if (file) fclose(file);
}

static bool noted(const char *step, const char *about) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s.%s", getenv("DEBUGGED"), step, about);
    return access(path, F_OK) == 0;
}

static int rank(void) {
    pmix_proc_t all;
    pmix_value_t *value;
    pmix_info_t infos[2];
    bool yes = true;
    note("main", getenv("PMIX_RANK"));
    if (PMIx_Init(&me, NULL, 0) != PMIX_SUCCESS) return 1;
    note("through", getenv("PMIX_RANK"));
    PMIX_LOAD_PROCID(&all, me.nspace, PMIX_RANK_WILDCARD);
    if (PMIx_Get(&all, PMIX_DEBUG_STOP_IN_APP, NULL, 0, &value) == PMIX_SUCCESS) {
        PMIX_VALUE_RELEASE(value);
        listen_for(PMIX_DEBUGGER_RELEASE);
        PMIX_INFO_LOAD(&infos[0], PMIX_EVENT_NON_DEFAULT, &yes, PMIX_BOOL);
        PMIX_INFO_LOAD(&infos[1], PMIX_BREAKPOINT, "main loop", PMIX_STRING);
        PMIx_Notify_event(PMIX_READY_FOR_DEBUG, &me, PMIX_RANGE_RM, infos, 2, NULL, NULL);
        PMIX_INFO_DESTRUCT(&infos[1]);
        await();
        note("released", getenv("PMIX_RANK"));
    }
    pmix_status_t rc = PMIx_Finalize(NULL, 0);
    note("done", getenv("PMIX_RANK"));
    return rc;
}

// Of how many processes of the job the system says that they are stopped.
static int stopped(void) {
    pmix_query_t query;
    pmix_info_t *answers;
    size_t n;
    int count = 0;
    PMIX_QUERY_CONSTRUCT(&query);
    query.keys = calloc(2, sizeof *query.keys);
    query.keys[0] = strdup(PMIX_QUERY_PROC_TABLE);
    PMIX_QUERY_QUALIFIERS_CREATE(&query, 1);
    PMIX_INFO_LOAD(&query.qualifiers[0], PMIX_NSPACE, job, PMIX_STRING);
    if (PMIx_Query_info(&query, 1, &answers, &n) != PMIX_SUCCESS) return -1;
    pmix_proc_info_t *table = answers[0].value.data.darray->array;
    for (size_t i = 0; i < answers[0].value.data.darray->size; i++) {
        char path[64], state = 0;
        snprintf(path, sizeof path, "/proc/%d/stat", (int) table[i].pid);
        FILE *file = fopen(path, "r");
        // A process is stopped as soon as it has taken the signal.
        for (int tries = 0; file && tries < 1000 && state != 'T'; tries++) {
            rewind(file);
            if (fscanf(file, "%*d %*s %c", &state) != 1) break;
            if (state != 'T') usleep(1000);
            file = freopen(path, "r", file);
        }
        if (file) fclose(file);
        count += state == 'T';
    }
    PMIX_INFO_FREE(answers, n);
    PMIX_QUERY_DESTRUCT(&query);
    return count;
}

static pmix_status_t spawn(char *self, const char *where) {
    pmix_info_t info;
    pmix_app_t app;
    bool yes = true;
    pmix_rank_t one = 1;
    PMIX_APP_CONSTRUCT(&app);
    app.cmd = strdup(self);
    app.argv = calloc(3, sizeof *app.argv);
    app.argv[0] = strdup(self);
    app.argv[1] = strdup("rank");
    app.maxprocs = 2;
    if (strcmp(where, "one") == 0) PMIX_INFO_LOAD(&info, PMIX_DEBUG_STOP_IN_INIT, &one, PMIX_PROC_RANK);
    if (strcmp(where, "init") == 0) PMIX_INFO_LOAD(&info, PMIX_DEBUG_STOP_IN_INIT, &yes, PMIX_BOOL);
    if (strcmp(where, "exec") == 0) PMIX_INFO_LOAD(&info, PMIX_DEBUG_STOP_ON_EXEC, &yes, PMIX_BOOL);
    if (strcmp(where, "app") == 0) PMIX_INFO_LOAD(&info, PMIX_DEBUG_STOP_IN_APP, &yes, PMIX_BOOL);
    pmix_status_t rc = PMIx_Spawn(&info, 1, &app, 1, job);
    PMIX_APP_DESTRUCT(&app);
    return rc;
}

static void let_go(void) {
    pmix_proc_t all;
    pmix_info_t infos[2];
    bool yes = true;
    PMIX_LOAD_PROCID(&all, job, PMIX_RANK_WILDCARD);
    PMIX_INFO_LOAD(&infos[0], PMIX_EVENT_CUSTOM_RANGE, &all, PMIX_PROC);
    PMIX_INFO_LOAD(&infos[1], PMIX_EVENT_NON_DEFAULT, &yes, PMIX_BOOL);
    pmix_status_t rc = PMIx_Notify_event(PMIX_DEBUGGER_RELEASE, &me, PMIX_RANGE_CUSTOM, infos, 2, NULL, NULL);
    if (rc != PMIX_SUCCESS && rc != PMIX_OPERATION_SUCCEEDED) printf("release: %d\n", rc);
    PMIX_INFO_DESTRUCT(&infos[0]);
}

int main(int argc, char **argv) {
    if (argc == 2) return rank();
    bool tool = strcmp(argv[1], "tool") == 0;
    const char *where = argv[2];
    pmix_status_t rc = tool ? PMIx_tool_init(&me, NULL, 0) : PMIx_Init(&me, NULL, 0);
    if (rc != PMIX_SUCCESS) return 1;
    listen_for(PMIX_READY_FOR_DEBUG);
    rc = spawn(argv[0], where);
    if (rc != PMIX_SUCCESS) printf("spawn: %d\n", rc);
    await();
    printf("%s at %s:", strcmp(heard.from.nspace, job) == 0 ? "ready" : "another", heard.where);
    if (strcmp(where, "exec") == 0) printf(" %d stopped", stopped());
    // The rank that is not meant may be anywhere.
    bool both = strcmp(where, "one") != 0;
    printf(" main %d", (both && noted("main", "0")) + noted("main", "1"));
    printf(" through %d", (both && noted("through", "0")) + noted("through", "1"));
    printf(" released %d\n", noted("released", "0") + noted("released", "1"));
    fflush(stdout);
    let_go();
    while (!noted("done", "0") || !noted("done", "1")) usleep(1000);
    printf("done\n");
    return tool ? PMIx_tool_finalize() : PMIx_Finalize(NULL, 0);
}
