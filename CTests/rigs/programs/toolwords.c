// A tool that does all a tool can with its server and prints how that went. The arguments are infos for PMIx_tool_init,
// "key" for a flag, "key=text", "key=#number"; after "--" the name of a second server to attach to.
#include <pmix.h>
#include <pmix_tool.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static pmix_proc_t me;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t came = PTHREAD_COND_INITIALIZER;
static char output[1024], event[300];
static int events;
static pmix_status_t done = 1;

static bool wait_for(bool (*is_there)(void)) {
    struct timespec deadline;
    bool there;
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += 10;
    pthread_mutex_lock(&lock);
    while (!(there = is_there()) && pthread_cond_timedwait(&came, &lock, &deadline) == 0) continue;
    pthread_mutex_unlock(&lock);
    return there;
}

static void on_done(pmix_status_t status, void *cbdata) {
    (void) cbdata;
    pthread_mutex_lock(&lock);
    done = status;
    pthread_cond_broadcast(&came);
    pthread_mutex_unlock(&lock);
}

static bool has_done(void) { return done != 1; }
static bool has_event(void) { return events > 0; }
static bool has_output(void) { return strchr(output, '\n') != NULL; }

static void on_event(size_t id, pmix_status_t status, const pmix_proc_t *source, pmix_info_t info[], size_t ninfo,
    pmix_info_t results[], size_t nresults, pmix_event_notification_cbfunc_fn_t next, void *cbdata) {
    (void) id, (void) info, (void) ninfo, (void) results, (void) nresults;
    pthread_mutex_lock(&lock);
    snprintf(event, sizeof event, "event %d from %s", status, source->nspace);
    events++;
    pthread_cond_broadcast(&came);
    pthread_mutex_unlock(&lock);
    if (next) next(PMIX_EVENT_ACTION_COMPLETE, NULL, 0, NULL, NULL, cbdata);
}

static void on_output(size_t id, pmix_iof_channel_t channel, pmix_proc_t *source, pmix_byte_object_t *bytes,
    pmix_info_t info[], size_t ninfo) {
    (void) id, (void) info, (void) ninfo;
    if (bytes == NULL || bytes->size == 0 || strcmp(source->nspace, "job") != 0) return;
    pthread_mutex_lock(&lock);
    snprintf(output, sizeof output, "output of %s.%u on %d: %.*s", source->nspace, source->rank, channel,
        (int) bytes->size, bytes->bytes);
    pthread_cond_broadcast(&came);
    pthread_mutex_unlock(&lock);
}

static void load(pmix_info_t *info, char *word) {
    char *equals = strchr(word, '=');
    bool yes = true;
    if (equals) *equals++ = 0;
    if (equals && *equals == '#') {
        uint32_t number = (uint32_t) atoi(equals + 1);
        bool is_pid = strcmp(word, PMIX_SERVER_PIDINFO) == 0;
        PMIX_INFO_LOAD(info, word, &number, is_pid ? PMIX_PID : PMIX_UINT32);
        if (strcmp(word, PMIX_TOOL_RANK) == 0) info->value.type = PMIX_PROC_RANK;
    } else if (equals) {
        PMIX_INFO_LOAD(info, word, equals, PMIX_STRING);
    } else {
        PMIX_INFO_LOAD(info, word, &yes, PMIX_BOOL);
    }
}

static void say(const char *what, pmix_status_t status) {
    if (status == PMIX_OPERATION_SUCCEEDED) status = PMIX_SUCCESS;  // which of the two is the library's choice
    printf("%s: %d\n", what, status);
}

static void say_servers(void) {
    pmix_proc_t *servers = NULL;
    size_t n = 0;
    pmix_status_t status = PMIx_tool_get_servers(&servers, &n);
    printf("servers: %d", status);
    for (size_t i = 0; status == PMIX_SUCCESS && i < n; i++) printf(" %s.%u", servers[i].nspace, servers[i].rank);
    // Later than 4.2.2.
    bool (*is_connected)(void) = (bool (*)(void)) dlsym(RTLD_DEFAULT, "PMIx_tool_is_connected");
    printf("%s\n", (is_connected ? is_connected() : n > 0) ? ", connected" : ", not connected");
    if (servers) free(servers);
}

static void ask(void) {
    pmix_query_t query;
    pmix_info_t *found = NULL, qualifier;
    pmix_status_t status;
    size_t n = 0;
    PMIX_QUERY_CONSTRUCT(&query);
    PMIX_ARGV_APPEND(status, query.keys, PMIX_QUERY_NAMESPACES);
    PMIX_ARGV_APPEND(status, query.keys, "our.question");
    PMIX_INFO_LOAD(&qualifier, PMIX_NSPACE, "job", PMIX_STRING);
    query.qualifiers = &qualifier;
    query.nqual = 1;
    status = PMIx_Query_info(&query, 1, &found, &n);
    say("query", status);
    for (size_t i = 0; status == PMIX_SUCCESS && i < n; i++) printf("  %s: %s\n", found[i].key, found[i].value.data.string);
}

static void look(const char *when) {
    pmix_pdata_t wanted;
    PMIX_PDATA_CONSTRUCT(&wanted);
    PMIX_LOAD_KEY(wanted.key, "our.key");
    pmix_status_t status = PMIx_Lookup(&wanted, 1, NULL, 0);
    say(when, status);
    if (status == PMIX_SUCCESS) printf("  %s by %s.%u\n", wanted.value.data.string, wanted.proc.nspace, wanted.proc.rank);
}

static void publish(void) {
    char *keys[] = {"our.key", NULL};
    pmix_info_t info;
    PMIX_INFO_LOAD(&info, "our.key", "our value", PMIX_STRING);
    say("publish", PMIx_Publish(&info, 1));
    look("lookup");
    say("unpublish", PMIx_Unpublish(keys, NULL, 0));
    look("lookup again");
}

static void job_data(void) {
    pmix_proc_t job;
    pmix_value_t *value = NULL;
    PMIX_LOAD_PROCID(&job, "job", PMIX_RANK_WILDCARD);
    pmix_status_t status = PMIx_Get(&job, PMIX_JOB_SIZE, NULL, 0, &value);
    say("job size", status);
    if (status == PMIX_SUCCESS) printf("  %u\n", value->data.uint32);
    status = PMIx_Get(&job, "no.such.key", NULL, 0, &value);
    say("no such key", status);
}

static void listen_and_tell(void) {
    pmix_status_t code = -2001;
    pmix_status_t id = PMIx_Register_event_handler(&code, 1, NULL, 0, on_event, NULL, NULL);
    say("handler", id < 0 ? id : PMIX_SUCCESS);
    say("notify", PMIx_Notify_event(-2000, &me, PMIX_RANGE_GLOBAL, NULL, 0, NULL, NULL));
    printf("%s\n", wait_for(has_event) ? event : "no event");
    if (id >= 0) say("handler gone", PMIx_Deregister_event_handler((size_t) id, NULL, NULL));
}

static void forward(void) {
    pmix_proc_t job;
    pmix_byte_object_t words = {"words for a rank", 16};
    pmix_status_t status;
    PMIX_LOAD_PROCID(&job, "job", PMIX_RANK_WILDCARD);
    pmix_status_t id = PMIx_IOF_pull(&job, 1, NULL, 0, PMIX_FWD_STDOUT_CHANNEL, on_output, NULL, NULL);
    say("pull", id < 0 ? id : PMIX_SUCCESS);
    say("notify", PMIx_Notify_event(-2002, &me, PMIX_RANGE_GLOBAL, NULL, 0, NULL, NULL));
    printf("%s", wait_for(has_output) ? output : "no output\n");
    job.rank = 0;
    // A push that blocks never ends in the original.
    status = PMIx_IOF_push(&job, 1, &words, NULL, 0, on_done, NULL);
    say("push", status == PMIX_SUCCESS && wait_for(has_done) ? done : status);
}

static void begin_job(void) {
    pmix_app_t app;
    pmix_info_t info;
    pmix_nspace_t name = "";
    pmix_status_t status;
    PMIX_APP_CONSTRUCT(&app);
    app.cmd = strdup("/bin/true");
    PMIX_ARGV_APPEND(status, app.argv, "true");
    app.maxprocs = 3;
    PMIX_INFO_LOAD(&info, "our.info", "x", PMIX_STRING);
    status = PMIx_Spawn(&info, 1, &app, 1, name);
    say("spawn", status);
    printf("  %s\n", name);
}

static void control(void) {
    pmix_proc_t job;
    pmix_info_t info, *results = NULL;
    size_t n = 0;
    bool yes = true;
    PMIX_LOAD_PROCID(&job, "job", PMIX_RANK_WILDCARD);
    PMIX_INFO_LOAD(&info, PMIX_JOB_CTRL_PAUSE, &yes, PMIX_BOOL);
    say("control", PMIx_Job_control(&job, 1, &info, 1, &results, &n));
}

static void second_server(char *name) {
    pmix_info_t info;
    pmix_proc_t first, server;
    pmix_proc_t *servers = NULL;
    size_t n = 0;
    if (PMIx_tool_get_servers(&servers, &n) != PMIX_SUCCESS) return;
    first = servers[0];
    PMIX_INFO_LOAD(&info, PMIX_SERVER_NSPACE, name, PMIX_STRING);
    say("attach", PMIx_tool_attach_to_server(NULL, &server, &info, 1));
    printf("  %s.%u\n", server.nspace, server.rank);
    say_servers();
    look("lookup at the first");
    say("set server", PMIx_tool_set_server(&server, NULL, 0));
    look("lookup at the second");
    say("disconnect", PMIx_tool_disconnect(&first));
    say_servers();
}

static bool is_alone(void) {
    pmix_proc_t *servers = NULL;
    size_t n = 0;
    pmix_status_t status = PMIx_tool_get_servers(&servers, &n);
    if (servers) free(servers);
    return status != PMIX_SUCCESS || n == 0;
}

// Its server ends when this is said, and another takes its place before a word comes in.
static void reconnect(char *name) {
    char word;
    pmix_info_t info;
    pmix_proc_t server = {"", 0};
    printf("ready\n");
    if (read(0, &word, 1) != 1) return;
    for (int tries = 0; tries < 1000 && !is_alone(); tries++) usleep(10000);
    say_servers();
    look("lookup of nobody");
    PMIX_INFO_LOAD(&info, PMIX_SERVER_NSPACE, name, PMIX_STRING);
    say("attach", PMIx_tool_attach_to_server(NULL, &server, &info, 1));
    say_servers();
    look("lookup at the next");
}

int main(int argc, char **argv) {
    pmix_info_t infos[8];
    int n = 0;
    alarm(30);
    setvbuf(stdout, NULL, _IOLBF, 0);
    while (n + 1 < argc && n < 8 && strcmp(argv[n + 1], "--") != 0) load(&infos[n], argv[n + 1]), n++;
    pmix_status_t status = PMIx_tool_init(&me, n ? infos : NULL, (size_t) n);
    say("init", status);
    if (status != PMIX_SUCCESS) return 0;
    printf("  %s.%u\n", me.nspace, me.rank);
    say_servers();
    if (getenv("TOOL_RECONNECTS")) {
        reconnect("one");
    } else if (getenv("TOOL_ONLY_INIT") == NULL) {
        ask();
        publish();
        job_data();
        listen_and_tell();
        forward();
        begin_job();
        control();
        if (n + 2 < argc) second_server(argv[n + 2]);
    }
    say("finalize", PMIx_tool_finalize());
    return 0;
}
