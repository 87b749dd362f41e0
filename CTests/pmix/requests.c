// The requests a server hands on: spawn, connect, query, log, job control, monitoring; and what a rank resolves itself.
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"

// ---- ranks

static pmix_nspace_t spawned;

static pmix_status_t spawn(void *unused) {
    (void) unused;
    pmix_app_t app;
    PMIX_APP_CONSTRUCT(&app);
    app.cmd = strdup("/bin/true");
    app.argv = calloc(3, sizeof *app.argv);
    app.argv[0] = strdup("true");
    app.argv[1] = strdup("argument");
    app.maxprocs = 3;
    pmix_status_t rc = PMIx_Spawn(NULL, 0, &app, 1, spawned);
    PMIX_APP_DESTRUCT(&app);
    return rc;
}

static pmix_status_t join_all(void *unused) {
    (void) unused;
    pmix_proc_t all = me;
    all.rank = PMIX_RANK_WILDCARD;
    return PMIx_Connect(&all, 1, NULL, 0);
}

static pmix_status_t leave_all(void *unused) {
    (void) unused;
    pmix_proc_t all = me;
    all.rank = PMIX_RANK_WILDCARD;
    return PMIx_Disconnect(&all, 1, NULL, 0);
}

static pmix_status_t query(void *unused) {
    (void) unused;
    pmix_query_t query;
    pmix_info_t *results = NULL;
    size_t n = 0;
    PMIX_QUERY_CONSTRUCT(&query);
    query.keys = calloc(2, sizeof *query.keys);
    query.keys[0] = strdup("some.host.matter");
    pmix_status_t rc = PMIx_Query_info(&query, 1, &results, &n);
    if (results) PMIX_INFO_FREE(results, n);
    PMIX_QUERY_DESTRUCT(&query);
    return rc;
}

static pmix_status_t write_log(void *unused) {
    (void) unused;
    pmix_info_t info;
    PMIX_INFO_LOAD(&info, "app.words", "a line for the log", PMIX_STRING);
    pmix_status_t rc = PMIx_Log(&info, 1, NULL, 0);
    PMIX_INFO_DESTRUCT(&info);
    return rc;
}

static pmix_status_t control(void *unused) {
    (void) unused;
    pmix_info_t info, *results = NULL;
    size_t n = 0;
    int sig = 10;
    PMIX_INFO_LOAD(&info, PMIX_JOB_CTRL_SIGNAL, &sig, PMIX_INT);
    pmix_status_t rc = PMIx_Job_control(&me, 1, &info, 1, &results, &n);
    if (results) PMIX_INFO_FREE(results, n);
    return rc;
}

static pmix_status_t monitor(void *unused) {
    (void) unused;
    pmix_info_t info, *results = NULL;
    size_t n = 0;
    PMIX_INFO_LOAD(&info, "app.monitor", "x", PMIX_STRING);
    pmix_status_t rc = PMIx_Process_monitor(&info, PMIX_ERR_TIMEOUT, NULL, 0, &results, &n);
    if (results) PMIX_INFO_FREE(results, n);
    PMIX_INFO_DESTRUCT(&info);
    return rc;
}

static void asker(void) {
    long expected = atol(getenv("TEST_EXPECT"));
    client_start();
    check_int(client_attempt(spawn, NULL), expected, "SPAWN-1 spawn gets the host's status");
    if (expected == 0) check(strcmp(spawned, "spawnedns") == 0, "and the nspace");
    check_int(client_attempt(control, NULL), expected, "JCTRL-9 job control gets the host's status");
    if (expected == PMIX_ERR_NOT_SUPPORTED) {  // which error, or whether the server logs itself, is left open
        check(client_attempt(query, NULL) < 0, "QUERY-2 a query nobody answers is an error");
        check(client_attempt(monitor, NULL) < 0, "MONITOR-1 monitoring nobody does is an error");
        check(client_attempt(write_log, NULL) != LATE, "LOG-1 a log without a host comes back");
    } else {
        check_int(client_attempt(query, NULL), expected, "QUERY-2 query gets the host's status");
        check_int(client_attempt(monitor, NULL), expected, "MONITOR-1 monitoring gets the host's status");
        check_int(client_attempt(write_log, NULL), expected, "LOG-1 S24 log gets the host's status");
    }
    client_say("asked");
    client_hear("leave");
    client_stop();
}

static void joiner(void) {
    long expected = atol(getenv("TEST_EXPECT"));
    client_start();
    check_int(client_attempt(join_all, NULL), expected,
        "CONNECT-7 CONNECT-8 S1 S2 connect: every caller hears of the outcome");
    check_int(client_attempt(leave_all, NULL), expected, "CONNECT-7 CONNECT-8 S1 S2 disconnect: every caller hears");
    client_stop();
}

static bool has_rank(const pmix_proc_t *procs, size_t n, uint32_t rank) {
    for (size_t i = 0; i < n; i++)
        if (procs[i].rank == rank && strcmp(procs[i].nspace, me.nspace) == 0) return true;
    return false;
}

static void resolve_peers(const char *node, const char *nspace, size_t expected, const char *what) {
    pmix_proc_t *procs = NULL;
    size_t n = 0;
    if (!check_int(PMIx_Resolve_peers(node, nspace, &procs, &n), PMIX_SUCCESS, "%s", what)) return;
    check_int(n, expected, "%s: how many", what);
    check(expected > 1 ? has_rank(procs, n, 0) && has_rank(procs, n, 1) : has_rank(procs, n, 2), "%s: who", what);
    free(procs);
}

static void resolver(void) {
    char here[256] = "", expected[300], *nodes = NULL;
    pmix_proc_t *procs = NULL;
    size_t n = 0;
    gethostname(here, sizeof here - 1);
    snprintf(expected, sizeof expected, "%s,elsewhere", here);
    client_start();
    resolve_peers(here, me.nspace, 2, "the ranks of this node");
    resolve_peers("elsewhere", me.nspace, 1, "the ranks of the other node");
    resolve_peers(NULL, me.nspace, 2, "S24 a NULL node is this node");
    check(PMIx_Resolve_peers("no.such.node", me.nspace, &procs, &n) != PMIX_SUCCESS || n == 0,
        "a node that is none has no ranks");
    check_int(PMIx_Resolve_nodes(me.nspace, &nodes), PMIX_SUCCESS, "the nodes of the job");
    check(nodes && strcmp(nodes, expected) == 0, "their names");
    free(nodes);
    client_stop();
}

static void asking_for_little(void) {
    pmix_info_t *results = NULL;
    size_t n = 0;
    client_start();
    check_int(PMIx_Query_info(NULL, 0, &results, &n), PMIX_ERR_BAD_PARAM, "QUERY-3 a query of nothing is BAD_PARAM");
    check_int(PMIx_Connect(NULL, 0, NULL, 0), PMIX_ERR_BAD_PARAM, "CONNECT/DISCONNECT-1 no procs are BAD_PARAM");
    check_int(PMIx_Disconnect(NULL, 0, NULL, 0), PMIX_ERR_BAD_PARAM, "CONNECT/DISCONNECT-1 the same for disconnect");
    client_stop();
}

// ---- hosts

static void ask_with(enum manner manner, pmix_status_t status, const char *expected) {
    static const enum upcall asked[] = {UP_SPAWN, UP_QUERY, UP_JOBCONTROL, UP_MONITOR, UP_LOG};
    struct host_config config = {.local = 1};
    const char *variables[] = {"TEST_EXPECT", expected, NULL};
    for (size_t i = 0; i < 5; i++) config.answer[asked[i]] = (struct answer){manner, status};
    if (!ok(host_start(&config), "the host starts")) return;
    int client = host_launch_with("testns", 0, "asker", variables);
    ok(host_hear(client, "asked"), "a rank has asked for everything");
    host_tell(client, "leave");
    host_report();
}

static void see_all(void) {
    const struct seen *seen = host_await(UP_SPAWN, 1);
    ok(seen && seen->code == 3 && strcmp(seen->text, "/bin/true") == 0, "SPAWN-1 the host sees the app");
    seen = host_await(UP_QUERY, 1);
    ok(seen && strstr(seen->text, "some.host.matter"), "QUERY-2 the host sees the query's key");
    seen = host_await(UP_JOBCONTROL, 1);
    ok(seen && strcmp(seen->procs, "testns:0") == 0 && strcmp(seen->infos, PMIX_JOB_CTRL_SIGNAL "=10") == 0,
        "JCTRL-9 the host sees target and directive");
    seen = host_await(UP_MONITOR, 1);
    ok(seen && seen->code == PMIX_ERR_TIMEOUT && strcmp(seen->text, "app.monitor=x") == 0,
        "MONITOR-1 the host sees what no sensor here serves");
    seen = host_await(UP_LOG, 1);
    ok(seen && strcmp(seen->text, "app.words=a line for the log") == 0, "LOG-1 the host sees what is to be logged");
    ok(seen && strstr(seen->infos, PMIX_LOG_SOURCE "=testns:0"), "LOG-1 with the source among the directives");
    host_stop();
}

static void later(void) {
    ask_with(LATER, PMIX_SUCCESS, "0");
    see_all();
}

static void at_once(void) {
    ask_with(INLINE, PMIX_SUCCESS, "0");
    see_all();
}

static void absent(void) {
    ask_with(ABSENT, PMIX_SUCCESS, "-47");
    host_stop();
}

static void failed(void) {
    ask_with(LATER, PMIX_ERR_NO_PERMISSIONS, "-23");
    host_stop();
}

static void join_with(enum manner manner, pmix_status_t status, const char *expected) {
    struct host_config config = {.local = 3, .remote = 1};
    const char *variables[] = {"TEST_EXPECT", expected, NULL};
    config.answer[UP_CONNECT] = config.answer[UP_DISCONNECT] = (struct answer){manner, status};
    if (!ok(host_start(&config), "the host starts")) return;
    for (uint32_t i = 0; i < 3; i++) host_launch_with("testns", i, "joiner", variables);
    host_report();
    int calls = manner == ABSENT ? 0 : 1;
    is_int(host_saw(UP_CONNECT), calls, "CONNECT/DISCONNECT the host sees one connect");
    is_int(host_saw(UP_DISCONNECT), calls, "CONNECT/DISCONNECT and one disconnect");
    host_stop();
}

static void joined(void) { join_with(LATER, PMIX_SUCCESS, "0"); }
static void joined_at_once(void) { join_with(INLINE, PMIX_SUCCESS, "0"); }
static void joined_already(void) { join_with(DONE, PMIX_SUCCESS, "0"); }
static void not_joined(void) { join_with(REFUSED, PMIX_ERR_NO_PERMISSIONS, "-23"); }
static void not_joined_later(void) { join_with(LATER, PMIX_ERR_NO_PERMISSIONS, "-23"); }
static void nothing_to_join(void) { join_with(ABSENT, PMIX_SUCCESS, "-47"); }

static void only(const char *role, uint32_t local, uint32_t remote) {
    struct host_config config = {.local = local, .remote = remote};
    if (!ok(host_start(&config), "the host starts")) return;
    host_launch("testns", 0, role);
    host_report();
    host_stop();
}

static void resolved(void) { only("resolver", 2, 1); }
static void little(void) { only("asking_for_little", 1, 0); }

int main(int argc, char **argv) {
    static const struct role roles[] = {{"asker", asker}, {"joiner", joiner}, {"resolver", resolver},
        {"asking_for_little", asking_for_little}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("the host answers later", later);
    scenario("the host answers at once", at_once);
    scenario("nothing in the module", absent);
    scenario("the host fails", failed);
    scenario("connecting", joined);
    scenario("connecting, answered at once", joined_at_once);
    scenario("connecting, done already", joined_already);
    scenario("connecting, refused", not_joined);
    scenario("connecting, failed", not_joined_later);
    scenario("connecting, nothing in the module", nothing_to_join);
    scenario("resolving", resolved);
    scenario("requests for nothing", little);
    return done_testing();
}
