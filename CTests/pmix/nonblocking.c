// The non-blocking forms of what a rank asks of its host: each calls back once, with what the host said.
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"

static char found[200];

static void on_found(pmix_status_t status, pmix_pdata_t data[], size_t n, void *cbdata) {
    found[0] = 0;
    for (size_t i = 0; status == PMIX_SUCCESS && i < n; i++) {
        char piece[64];
        snprintf(piece, sizeof piece, "%s=%s of %u|", data[i].key, data[i].value.data.string, data[i].proc.rank);
        strcat(found, piece);
    }
    done_op(status, cbdata);
}

static void on_infos(pmix_status_t status, pmix_info_t *info, size_t n, void *cbdata, pmix_release_cbfunc_t release,
    void *release_cbdata) {
    (void) info, (void) n;
    if (release) release(release_cbdata);
    done_op(status, cbdata);
}

static void on_spawned(pmix_status_t status, char nspace[], void *cbdata) {
    snprintf(found, sizeof found, "%s", status == PMIX_SUCCESS && nspace ? nspace : "");
    done_op(status, cbdata);
}

static long expected;

// What became of a call that was begun with `rc`: the host's word comes by the callback, once.
static void comes(pmix_status_t rc, struct done *done, const char *what) {
    if (!check_int(rc, PMIX_SUCCESS, "%s is begun", what) || !check(done_wait(done), "%s: the callback comes", what))
        return;
    check_int(done->status, expected, "%s: with what the host said", what);
    check_int(done->count, 1, "%s: once", what);
}

static void publisher(void) {
    struct done published = DONE_INIT, looked = DONE_INIT, gone = DONE_INIT, missed = DONE_INIT;
    pmix_info_t infos[2];
    char *keys[] = {"nb.b", "nb.a", NULL};
    expected = atol(getenv("TEST_EXPECT"));
    client_start();
    PMIX_INFO_LOAD(&infos[0], "nb.a", "one", PMIX_STRING);
    PMIX_INFO_LOAD(&infos[1], "nb.b", "two", PMIX_STRING);
    comes(PMIx_Publish_nb(infos, 2, done_op, &published), &published, "PUB PMIx_Publish_nb");
    comes(PMIx_Lookup_nb(keys, NULL, 0, on_found, &looked), &looked, "LOOKUP PMIx_Lookup_nb");
    if (expected == 0) check(strcmp(found, "nb.b=two of 0|nb.a=one of 0|") == 0, "LOOKUP-1 in the order of the keys");
    comes(PMIx_Unpublish_nb(keys, NULL, 0, done_op, &gone), &gone, "UNPUB PMIx_Unpublish_nb");
    if (expected == 0) {
        expected = PMIX_ERR_NOT_FOUND;
        comes(PMIx_Lookup_nb(keys, NULL, 0, on_found, &missed), &missed, "LOOKUP-2 PMIx_Lookup_nb of what is gone");
    }
    PMIX_INFO_DESTRUCT(&infos[0]);
    PMIX_INFO_DESTRUCT(&infos[1]);
    client_stop();
}

static void asker(void) {
    struct done asked = DONE_INIT, controlled = DONE_INIT, logged = DONE_INIT, spawned = DONE_INIT;
    pmix_query_t query;
    pmix_info_t info;
    pmix_app_t app;
    bool yes = true;
    expected = atol(getenv("TEST_EXPECT"));
    client_start();
    PMIX_QUERY_CONSTRUCT(&query);
    query.keys = calloc(2, sizeof *query.keys);
    query.keys[0] = strdup("some.host.matter");
    comes(PMIx_Query_info_nb(&query, 1, on_infos, &asked), &asked, "QUERY PMIx_Query_info_nb");
    PMIX_QUERY_DESTRUCT(&query);
    PMIX_INFO_LOAD(&info, PMIX_JOB_CTRL_PAUSE, &yes, PMIX_BOOL);
    comes(PMIx_Job_control_nb(&me, 1, &info, 1, on_infos, &controlled), &controlled, "JCTRL-9 PMIx_Job_control_nb");
    PMIX_INFO_LOAD(&info, "app.words", "said", PMIX_STRING);
    comes(PMIx_Log_nb(&info, 1, NULL, 0, done_op, &logged), &logged, "LOG-1 PMIx_Log_nb");
    PMIX_INFO_DESTRUCT(&info);
    PMIX_APP_CONSTRUCT(&app);
    app.cmd = strdup("/bin/true");
    app.maxprocs = 1;
    comes(PMIx_Spawn_nb(NULL, 0, &app, 1, on_spawned, &spawned), &spawned, "SPAWN-1 PMIx_Spawn_nb");
    check(strcmp(found, expected == 0 ? "spawnedns" : "") == 0, "SPAWN-4 PMIx_Spawn_nb: the new job's name, if any");
    PMIX_APP_DESTRUCT(&app);
    client_stop();
}

static void little(void) {
    struct done never = DONE_INIT;
    client_start();
    check_int(PMIx_Publish_nb(NULL, 0, done_op, &never), PMIX_ERR_BAD_PARAM, "PMIx_Publish_nb of nothing");
    check_int(PMIx_Lookup_nb(NULL, NULL, 0, on_found, &never), PMIX_ERR_BAD_PARAM, "PMIx_Lookup_nb of nothing");
    check_int(PMIx_Query_info_nb(NULL, 0, on_infos, &never), PMIX_ERR_BAD_PARAM, "QUERY-3 PMIx_Query_info_nb of nothing");
    client_round_trip();
    check_int(never.count, 0, "and nothing is called back");
    client_stop();
}

// ---- hosts

static void run(const char *role, enum manner manner, pmix_status_t status, const char *expect) {
    static const enum upcall all[] = {
        UP_PUBLISH, UP_LOOKUP, UP_UNPUBLISH, UP_QUERY, UP_JOBCONTROL, UP_LOG, UP_SPAWN};
    struct host_config config = {.local = 1};
    const char *variables[] = {"TEST_EXPECT", expect, NULL};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) config.answer[all[i]] = (struct answer){manner, status};
    if (!ok(host_start(&config), "the host starts")) return;
    host_launch_with("testns", 0, role, variables);
    host_report();
    host_stop();
}

static void published_later(void) { run("publisher", LATER, PMIX_SUCCESS, "0"); }
static void published_inline(void) { run("publisher", INLINE, PMIX_SUCCESS, "0"); }
static void published_refused(void) { run("publisher", REFUSED, PMIX_ERR_NO_PERMISSIONS, "-23"); }
static void published_failed(void) { run("publisher", LATER, PMIX_ERR_NO_PERMISSIONS, "-23"); }
static void published_absent(void) { run("publisher", ABSENT, PMIX_SUCCESS, "-47"); }
static void asked_later(void) { run("asker", LATER, PMIX_SUCCESS, "0"); }
static void asked_inline(void) { run("asker", INLINE, PMIX_SUCCESS, "0"); }
static void asked_failed(void) { run("asker", LATER, PMIX_ERR_NO_PERMISSIONS, "-23"); }
static void asked_for_little(void) { run("little", LATER, PMIX_SUCCESS, "0"); }

int main(int argc, char **argv) {
    static const struct role roles[] = {{"publisher", publisher}, {"asker", asker}, {"little", little}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("published, answered later", published_later);
    scenario("published, answered at once", published_inline);
    scenario("published, refused", published_refused);
    scenario("published, failed", published_failed);
    scenario("published, nothing in the module", published_absent);
    scenario("asked, answered later", asked_later);
    scenario("asked, answered at once", asked_inline);
    scenario("asked, failed", asked_failed);
    scenario("asked for nothing", asked_for_little);
    return done_testing();
}
