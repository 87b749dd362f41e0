// Monitoring: heartbeats and files, their attributes, and the end of a watch.
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"

#include <fcntl.h>

static pmix_info_t subject, directives[6];
static size_t ndirectives;

static void number(const char *key, uint32_t value) {
    PMIX_INFO_LOAD(&directives[ndirectives], key, &value, PMIX_UINT32);
    ndirectives++;
}

static void flag(const char *key) {
    bool yes = true;
    PMIX_INFO_LOAD(&directives[ndirectives], key, &yes, PMIX_BOOL);
    ndirectives++;
}

static void text(const char *key, const char *value) {
    PMIX_INFO_LOAD(&directives[ndirectives], key, value, PMIX_STRING);
    ndirectives++;
}

static pmix_status_t monitor(void *alert) {
    pmix_info_t *results = NULL;
    size_t n = 0;
    pmix_status_t rc = PMIx_Process_monitor(&subject, (pmix_status_t) (intptr_t) alert, directives, ndirectives,
        &results, &n);
    if (results) PMIX_INFO_FREE(results, n);
    for (size_t i = 0; i < ndirectives; i++) PMIX_INFO_DESTRUCT(&directives[i]);
    PMIX_INFO_DESTRUCT(&subject);
    ndirectives = 0;
    return rc;
}

static void begin(int alert, long expected, const char *what) {
    check_int(client_attempt(monitor, (void *) (intptr_t) alert), expected, "%s", what);
}

static void heart(void) {
    bool yes = true;
    PMIX_INFO_LOAD(&subject, PMIX_MONITOR_HEARTBEAT, &yes, PMIX_BOOL);
}

static void file(void) {
    PMIX_INFO_LOAD(&subject, PMIX_MONITOR_FILE, getenv("TEST_FILE"), PMIX_STRING);
}

// A macro in release 4.2, a function besides in later ones.
void (PMIx_Heartbeat)(void);
#pragma weak PMIx_Heartbeat

static void beat(void) {
    if (PMIx_Heartbeat) (PMIx_Heartbeat)();
    else PMIx_Heartbeat();
}

static void silent(void) {  // one heartbeat, then none
    client_start();
    heart(), begin(PMIX_MONITOR_HEARTBEAT_ALERT, PMIX_ERR_BAD_PARAM, "MONITOR-3 heartbeats without a time");
    heart(), number(PMIX_MONITOR_HEARTBEAT_TIME, 1);
    begin(PMIX_MONITOR_HEARTBEAT_ALERT, 0, "MONITOR-3 heartbeats");
    beat();
    client_round_trip();
    client_say("begun");
    client_hear("leave");
    client_stop();
}

static void frozen(void) {  // a file that does not change
    client_start();
    file(), number(PMIX_MONITOR_FILE_CHECK_TIME, 1);
    begin(PMIX_MONITOR_FILE_ALERT, PMIX_ERR_BAD_PARAM, "MONITOR-2 a file without what is to change");
    file(), flag(PMIX_MONITOR_FILE_SIZE), number(PMIX_MONITOR_FILE_CHECK_TIME, 1), number(PMIX_MONITOR_FILE_DROPS, 1);
    begin(PMIX_MONITOR_FILE_ALERT, 0, "MONITOR-2 a file");
    client_say("begun");
    client_hear("leave");
    client_stop();
}

static void alive(void) {  // beats for as long as the host wants, by every way there is
    client_start();
    heart(), number(PMIX_MONITOR_HEARTBEAT_TIME, 2), number(PMIX_MONITOR_HEARTBEAT_DROPS, 1);
    begin(PMIX_MONITOR_HEARTBEAT_ALERT, 0, "MONITOR-4 heartbeats of which one may be missed");
    PMIX_INFO_LOAD(&subject, PMIX_SEND_HEARTBEAT, NULL, PMIX_POINTER);
    for (int i = 0; i < 20; i++) {
        beat();
        PMIx_Process_monitor_nb(&subject, PMIX_SUCCESS, NULL, 0, NULL, NULL);
        usleep(200000);
    }
    client_say("beaten");
    client_hear("leave");
    client_stop();
}

static void cancelling(void) {
    client_start();
    heart(), number(PMIX_MONITOR_HEARTBEAT_TIME, 1), text(PMIX_MONITOR_ID, "mine");
    begin(PMIX_MONITOR_HEARTBEAT_ALERT, 0, "MONITOR-5 a watch with a name");
    PMIX_INFO_LOAD(&subject, PMIX_MONITOR_CANCEL, "mine", PMIX_STRING);
    begin(PMIX_SUCCESS, 0, "MONITOR-5 it is cancelled");
    heart(), number(PMIX_MONITOR_HEARTBEAT_TIME, 1);
    begin(PMIX_MONITOR_HEARTBEAT_ALERT, 0, "MONITOR-5 another");
    PMIX_INFO_LOAD(&subject, PMIX_MONITOR_CANCEL, NULL, PMIX_STRING);
    begin(PMIX_SUCCESS, 0, "MONITOR-5 all are cancelled");
    client_say("begun");
    client_hear("leave");
    client_stop();
}

static void on_answer(pmix_status_t status, pmix_info_t *info, size_t n, void *cbdata,
    pmix_release_cbfunc_t release, void *release_cbdata) {
    (void) info, (void) n;
    if (release) release(release_cbdata);
    done_op(status, cbdata);
}

static void asking(void) {
    struct done done = DONE_INIT;
    long expected = atol(getenv("TEST_EXPECT"));
    client_start();
    PMIX_INFO_LOAD(&subject, "app.monitor", "x", PMIX_STRING);
    pmix_status_t rc = PMIx_Process_monitor_nb(&subject, PMIX_ERR_TIMEOUT, NULL, 0, on_answer, &done);
    if (check_int(rc, PMIX_SUCCESS, "PMIx_Process_monitor_nb") && check(done_wait(&done), "its callback comes"))
        check_int(done.status, expected, "MONITOR-6 S15 with the host's status");
    check_int(PMIx_Process_monitor_nb(NULL, 0, NULL, 0, on_answer, &done), PMIX_ERR_BAD_PARAM, "nothing to monitor");
    client_stop();
}

// ---- hosts

static char path[600];

static int launch(const char *role, const char *expected) {
    const char *variables[] = {"TEST_FILE", path, "TEST_EXPECT", expected, NULL};
    snprintf(path, sizeof path, "%s/signs", host_directory());
    close(open(path, O_WRONLY | O_CREAT, 0600));
    return host_launch_with("testns", 0, role, variables);
}

static const struct seen *alert(int code) {
    const struct seen *seen;
    for (int i = 1; (seen = host_await(UP_EVENT, i)) != NULL; i++)
        if (seen->code == code) break;
    return seen;
}

static int alerts(void) {
    int count = 0;
    for (int i = 1; i <= host_saw(UP_EVENT); i++) {
        int code = host_await(UP_EVENT, i)->code;
        count += code == PMIX_MONITOR_HEARTBEAT_ALERT || code == PMIX_MONITOR_FILE_ALERT;
    }
    return count;
}

static void watch(const char *role, int code, const char *what) {
    struct host_config config = {.local = 1};
    if (!ok(host_start(&config), "the host starts")) return;
    int client = launch(role, NULL);
    ok(host_hear(client, "begun"), "a rank is watched");
    const struct seen *seen = alert(code);
    ok(seen && strcmp(seen->proc.nspace, "testns") == 0 && seen->proc.rank == 0, "%s: an alert, of this rank", what);
    is_int(host_saw(UP_MONITOR), 0, "%s: the host is not asked to watch", what);
    host_tell(client, "leave");
    host_report();
    host_stop();
}

static void watched(void) { watch("silent", PMIX_MONITOR_HEARTBEAT_ALERT, "MONITOR-3 no heartbeat"); }
static void looked_at(void) { watch("frozen", PMIX_MONITOR_FILE_ALERT, "MONITOR-2 no change"); }

static void unalarmed(const char *role, const char *step, const char *what, int seconds) {
    struct host_config config = {.local = 1};
    if (!ok(host_start(&config), "the host starts")) return;
    int client = launch(role, NULL);
    ok(host_hear(client, step), "a rank is watched");
    // Longer than what would be an alert.
    sleep((unsigned) seconds);
    is_int(alerts(), 0, "%s", what);
    host_tell(client, "leave");
    host_report();
    host_stop();
}

static void living(void) { unalarmed("alive", "beaten", "MONITOR-4 no alert while hearts beat", 0); }
static void cancelled(void) { unalarmed("cancelling", "begun", "MONITOR-5 no alert of what was cancelled", 2); }

static void ask(enum manner manner, pmix_status_t status, const char *expected) {
    struct host_config config = {.local = 1, .answer[UP_MONITOR] = {manner, status}};
    if (!ok(host_start(&config), "the host starts")) return;
    launch("asking", expected);
    host_report();
    if (manner != ABSENT) {
        const struct seen *seen = host_await(UP_MONITOR, 1);
        ok(seen && seen->code == PMIX_ERR_TIMEOUT && strcmp(seen->text, "app.monitor=x") == 0,
            "MONITOR-6 S15 the host sees what is to be monitored");
    }
    host_stop();
}

static void later(void) { ask(LATER, PMIX_SUCCESS, "0"); }
static void at_once(void) { ask(INLINE, PMIX_SUCCESS, "0"); }
static void done_already(void) { ask(DONE, PMIX_SUCCESS, "0"); }
static void refused(void) { ask(REFUSED, PMIX_ERR_NO_PERMISSIONS, "-23"); }
static void absent(void) { ask(ABSENT, PMIX_SUCCESS, "-47"); }

int main(int argc, char **argv) {
    static const struct role roles[] = {{"silent", silent}, {"frozen", frozen}, {"alive", alive},
        {"cancelling", cancelling}, {"asking", asking}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("no heartbeat", watched);
    scenario("a file that does not change", looked_at);
    scenario("heartbeats", living);
    scenario("cancelled", cancelled);
    scenario("the host monitors, later", later);
    scenario("the host monitors, at once", at_once);
    scenario("the host monitors, done already", done_already);
    scenario("the host refuses to monitor", refused);
    scenario("nobody monitors", absent);
    return done_testing();
}
