// Output of processes that is forwarded to others, and input that is pushed to them: pull, push, deregister, the
// cache, spawns.
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"
#include "forward.h"

// ---- ranks

static struct {
    pthread_mutex_t lock;
    pthread_cond_t came;
    char text[4096];
    size_t handler;
} heard = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, "", 0};

static void on_output(size_t handler, pmix_iof_channel_t channel, pmix_proc_t *source, pmix_byte_object_t *payload,
    pmix_info_t infos[], size_t n) {
    (void) infos, (void) n;
    char piece[512];
    snprintf(piece, sizeof piece, "%s:%u/%u %.*s|", source->nspace, source->rank, channel, (int) payload->size,
        payload->size ? payload->bytes : "");
    pthread_mutex_lock(&heard.lock);
    strncat(heard.text, piece, sizeof heard.text - strlen(heard.text) - 1);
    heard.handler = handler;
    pthread_cond_broadcast(&heard.came);
    pthread_mutex_unlock(&heard.lock);
}

static bool hears(const char *expected) {
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    at.tv_sec += client_seconds();
    pthread_mutex_lock(&heard.lock);
    while (strcmp(heard.text, expected) != 0)
        if (pthread_cond_timedwait(&heard.came, &heard.lock, &at) != 0) break;
    bool same = strcmp(heard.text, expected) == 0;
    if (!same) printf("# heard \"%s\"\n", heard.text);
    heard.text[0] = 0;
    pthread_mutex_unlock(&heard.lock);
    return same;
}

static struct done registered = DONE_INIT;
static size_t number;

static void on_registered(pmix_status_t status, size_t id, void *cbdata) {
    number = id;
    done_op(status, cbdata);
}

static bool pull_output(pmix_iof_channel_t channels) {
    pmix_proc_t all = others(PMIX_RANK_WILDCARD);
    pmix_status_t rc = PMIx_IOF_pull(&all, 1, NULL, 0, channels, on_output, on_registered, &registered);
    return check_int(rc, PMIX_SUCCESS, "PMIx_IOF_pull") && check(done_wait(&registered), "pull: the callback comes");
}

static pmix_status_t deregister(void *id) { return PMIx_IOF_deregister((size_t) id, NULL, 0, NULL, NULL); }

// The channel that was asked for, all that waited, nothing after the end.
static void puller(void) {
    struct done gone = DONE_INIT;
    client_start();
    pull_output(PMIX_FWD_STDOUT_CHANNEL);
    check_int(registered.status, PMIX_SUCCESS, "IOF-1 the registration succeeds");
    check(number > 0, "IOF-1 and has a number");
    check(hears("other:3/2 early|other:4/2 later|"), "IOF-3 output that waited comes after the registration, in order");
    check(heard.handler == number, "IOF-1 the handler is told its number");
    client_say("pulled");
    check(hears("other:3/2 live|other:3/2 |"), "IOF-1 output of the channel that was asked for, and its end");
    check_int(PMIx_IOF_deregister(number, NULL, 0, done_op, &gone), PMIX_SUCCESS, "PMIx_IOF_deregister");
    check(done_wait(&gone), "IOF-4 the callback comes");
    check_int(gone.status, PMIX_SUCCESS, "IOF-4 with success");
    client_say("gone");
    client_hear("go on");
    client_round_trip();
    check(heard.text[0] == 0, "IOF-4 nothing is delivered after the end");
    check_int(PMIx_IOF_deregister(number, NULL, 0, done_op, &gone), PMIX_ERR_BAD_PARAM, "IOF-4 a number that has ended");
    check_int(PMIx_IOF_deregister(999, NULL, 0, NULL, NULL), PMIX_ERR_BAD_PARAM, "IOF-4 a number that never was");
    client_stop();
}

static void self(void) {  // pulls what its own job writes
    pmix_proc_t all = {"testns", PMIX_RANK_WILDCARD};
    client_start();
    PMIx_IOF_pull(&all, 1, NULL, 0, BOTH, on_output, on_registered, &registered);
    check(done_wait(&registered), "pull: the callback comes");
    client_say("pulled");
    check(hears("testns:1/2 mine|"), "IOF-2 the output of the others, not one's own");
    client_stop();
}

static pmix_status_t pull_blocking(void *unused) {
    (void) unused;
    pmix_proc_t all = others(PMIX_RANK_WILDCARD);
    return PMIx_IOF_pull(&all, 1, NULL, 0, BOTH, on_output, NULL, NULL);
}

static void blocking(void) {
    long expected = atol(getenv("TEST_EXPECT"));
    client_start();
    pmix_status_t rc = client_attempt(pull_blocking, NULL);
    if (expected != 0) {
        check_int(rc, expected, "IOF-1 a blocking pull gets the host's status");
        client_say("pulled");
        client_stop();
        return;
    }
    check(rc > 0 && rc != LATE, "IOF-1 S16 S17 S24 a blocking pull returns its number");
    client_say("pulled");
    check(hears("other:3/4 blocked|"), "S16 output comes by it");
    check_int(client_attempt(deregister, (void *) (size_t) rc), PMIX_SUCCESS, "IOF-4 S24 a blocking deregister returns");
    client_stop();
}

static pmix_status_t push(void *bytes) {
    pmix_proc_t targets[] = {others(0), others(2)};
    return PMIx_IOF_push(targets, 2, bytes, NULL, 0, NULL, NULL);
}

static void pusher(void) {
    long expected = atol(getenv("TEST_EXPECT"));
    struct done pushed = DONE_INIT;
    pmix_proc_t target = others(PMIX_RANK_WILDCARD);
    pmix_byte_object_t bytes = {"typed\n", 6};
    client_start();
    check_int(client_attempt(push, &bytes), expected, "IOF-5 a blocking push gets the host's status");
    bytes.size = 5;
    check_int(PMIx_IOF_push(&target, 1, &bytes, NULL, 0, done_op, &pushed), PMIX_SUCCESS, "IOF-5 PMIx_IOF_push");
    check(done_wait(&pushed), "IOF-5 its callback comes");
    check_int(pushed.status, expected, "IOF-5 with the host's status");
    check_int(client_attempt(push, NULL), expected, "IOF-5 no bytes are pushed");
    client_stop();
}

static void typist(void) {  // its own input, by the library
    pmix_proc_t target = others(0);
    pmix_info_t info;
    bool yes = true;
    int ends[2];
    if (pipe(ends) != 0) _exit(5);
    dup2(ends[0], 0);
    close(ends[0]);
    client_start();
    PMIX_INFO_LOAD(&info, PMIX_IOF_PUSH_STDIN, &yes, PMIX_BOOL);
    pmix_status_t rc = PMIx_IOF_push(&target, 1, NULL, &info, 1, NULL, NULL);
    check(rc == PMIX_SUCCESS || rc == PMIX_OPERATION_SUCCEEDED, "IOF-5 PMIX_IOF_PUSH_STDIN is taken");
    check(write(ends[1], "by hand\n", 8) == 8, "something is typed");
    client_say("typed");
    client_hear("end");
    close(ends[1]);
    client_say("ended");
    client_hear("leave");
    client_stop();
}

static void spawner(void) {
    int out = redirect(1, "out");
    pmix_app_t app;
    pmix_info_t info;
    pmix_nspace_t name;
    bool yes = true;
    client_start();
    PMIX_APP_CONSTRUCT(&app);
    app.cmd = strdup("/bin/true");
    app.maxprocs = 1;
    PMIX_INFO_LOAD(&info, PMIX_FWD_STDOUT, &yes, PMIX_BOOL);
    check_int(PMIx_Spawn(&info, 1, &app, 1, name), PMIX_SUCCESS, "SPAWN-3 a spawn that asks for the job's output");
    PMIX_APP_DESTRUCT(&app);
    client_say("spawned");
    client_hear("leave");
    client_round_trip();
    client_stop();
    check(holds(out, "before\nafter\n"), "SPAWN-3 SPAWN-5 output from before the answer and after it, one channel only");
}

static void launcher(void) {  // a tool, which says nothing of forwarding
    int out = redirect(1, "out"), err = redirect(2, "err");
    pmix_app_t app;
    pmix_nspace_t name;
    check_int(PMIx_tool_init(&me, NULL, 0), PMIX_SUCCESS, "PMIx_tool_init");
    PMIX_APP_CONSTRUCT(&app);
    app.cmd = strdup("/bin/true");
    app.maxprocs = 1;
    check_int(PMIx_Spawn(NULL, 0, &app, 1, name), PMIX_SUCCESS, "a tool spawns");
    PMIX_APP_DESTRUCT(&app);
    client_say("spawned");
    client_hear("leave");
    check_int(PMIx_tool_finalize(), PMIX_SUCCESS, "PMIx_tool_finalize");
    check(holds(out, "said\n") && holds(err, "wrong\n"), "SPAWN-3 a tool that says nothing gets all channels");
}

static void spawn_failed(pmix_status_t status, char nspace[], void *cbdata) {
    check(nspace == NULL || nspace[0] == 0, "SPAWN-4 there is no name of a job");
    done_op(status, cbdata);
}

static void spawner_nb(void) {
    struct done spawned = DONE_INIT;
    pmix_app_t app;
    client_start();
    PMIX_APP_CONSTRUCT(&app);
    app.cmd = strdup("/bin/true");
    app.maxprocs = 1;
    check_int(PMIx_Spawn_nb(NULL, 0, &app, 1, spawn_failed, &spawned), PMIX_SUCCESS, "PMIx_Spawn_nb");
    check(done_wait(&spawned), "PMIx_Spawn_nb calls back");
    check_int(spawned.status, PMIX_ERR_NO_PERMISSIONS, "SPAWN-4 with the host's refusal");
    check_int(PMIx_Spawn_nb(NULL, 0, NULL, 0, spawn_failed, &spawned), PMIX_ERR_BAD_PARAM, "a spawn of nothing");
    PMIX_APP_DESTRUCT(&app);
    client_stop();
}

// ---- hosts

static void pulled(void) {
    struct host_config config = {.local = 1, .answer[UP_IOFPULL] = {DONE, 0}};
    if (!start(&config, false)) return;
    deliver("other", 3, PMIX_FWD_STDOUT_CHANNEL, "early");
    deliver("other", 4, PMIX_FWD_STDOUT_CHANNEL, "later");
    deliver("third", 3, PMIX_FWD_STDOUT_CHANNEL, "of somebody else");
    int client = host_launch("testns", 0, "puller");
    ok(host_hear(client, "pulled"), "a rank has pulled");
    deliver("other", 3, PMIX_FWD_STDERR_CHANNEL, "not asked for");
    deliver("other", 3, PMIX_FWD_STDOUT_CHANNEL, "live");
    deliver("other", 3, PMIX_FWD_STDOUT_CHANNEL, "");
    ok(host_hear(client, "gone"), "and let go");
    deliver("other", 3, PMIX_FWD_STDOUT_CHANNEL, "too late");
    host_tell(client, "go on");
    host_report();
    const struct seen *seen = host_await(UP_IOFPULL, 1);
    ok(seen && seen->code == PMIX_FWD_STDOUT_CHANNEL && strcmp(seen->procs, "other:*") == 0,
        "IOF-1 the host sees what is pulled");
    seen = host_await(UP_IOFPULL, 2);
    ok(seen && strcmp(seen->infos, PMIX_IOF_STOP "=true") == 0, "IOF-4 and that it is to stop");
    host_stop();
}

static void pulled_by_itself(void) {
    struct host_config config = {.local = 2, .answer[UP_IOFPULL] = {DONE, 0}};
    if (!start(&config, false)) return;
    int client = host_launch("testns", 0, "self");
    ok(host_hear(client, "pulled"), "a rank has pulled");
    deliver("testns", 0, PMIX_FWD_STDOUT_CHANNEL, "own");
    deliver("testns", 1, PMIX_FWD_STDOUT_CHANNEL, "mine");
    host_report();
    host_stop();
}

static void block_with(enum manner manner, pmix_status_t status, const char *expected) {
    struct host_config config = {.local = 1, .answer[UP_IOFPULL] = {manner, status}};
    const char *variables[] = {"TEST_EXPECT", expected, NULL};
    if (!start(&config, false)) return;
    int client = host_launch_with("testns", 0, "blocking", variables);
    ok(host_hear(client, "pulled"), "a rank has pulled");
    if (strcmp(expected, "0") == 0) deliver("other", 3, PMIX_FWD_STDERR_CHANNEL, "blocked");
    host_report();
    host_stop();
}

static void blocked_later(void) { block_with(LATER, PMIX_SUCCESS, "0"); }
static void blocked_inline(void) { block_with(INLINE, PMIX_SUCCESS, "0"); }
static void blocked_done(void) { block_with(DONE, PMIX_SUCCESS, "0"); }
static void blocked_failed(void) { block_with(LATER, PMIX_ERR_NO_PERMISSIONS, "-23"); }
static void blocked_refused(void) { block_with(REFUSED, PMIX_ERR_NO_PERMISSIONS, "-23"); }
static void blocked_absent(void) { block_with(ABSENT, PMIX_SUCCESS, "-47"); }

static void push_with(enum manner manner, pmix_status_t status, const char *expected) {
    struct host_config config = {.local = 1, .answer[UP_PUSHSTDIN] = {manner, status}};
    const char *variables[] = {"TEST_EXPECT", expected, NULL};
    if (!start(&config, false)) return;
    host_launch_with("testns", 0, "pusher", variables);
    host_report();
    if (manner == ABSENT) return host_stop();
    const struct seen *seen = host_await(UP_PUSHSTDIN, 1);
    ok(seen && seen->nblob == 6 && memcmp(seen->blob, "typed\n", 6) == 0 && strcmp(seen->procs, "other:0 other:2") == 0,
        "IOF-5 the host sees bytes and targets");
    ok(seen && strcmp(seen->proc.nspace, "testns") == 0 && seen->proc.rank == 0, "IOF-5 and whose they are");
    seen = host_await(UP_PUSHSTDIN, 2);
    ok(seen && seen->nblob == 5 && strcmp(seen->procs, "other:*") == 0, "IOF-5 and those that follow");
    seen = host_await(UP_PUSHSTDIN, 3);
    ok(seen && seen->nblob == 0, "IOF-5 no bytes are the end");
    host_stop();
}

static void pushed_later(void) { push_with(LATER, PMIX_SUCCESS, "0"); }
static void pushed_inline(void) { push_with(INLINE, PMIX_SUCCESS, "0"); }
static void pushed_done(void) { push_with(DONE, PMIX_SUCCESS, "0"); }
static void pushed_refused(void) { push_with(REFUSED, PMIX_ERR_NO_PERMISSIONS, "-23"); }
static void pushed_absent(void) { push_with(ABSENT, PMIX_SUCCESS, "-47"); }

static void typed(void) {
    struct host_config config = {.local = 1};
    if (!start(&config, false)) return;
    int client = host_launch("testns", 0, "typist");
    ok(host_hear(client, "typed"), "a rank's input comes");
    const struct seen *seen = host_await(UP_PUSHSTDIN, 1);
    ok(seen && seen->nblob == 8 && memcmp(seen->blob, "by hand\n", 8) == 0, "IOF-5 the host gets it");
    host_tell(client, "end");
    ok(host_hear(client, "ended"), "the input ends");
    seen = host_await(UP_PUSHSTDIN, 2);
    ok(seen && seen->nblob == 0, "IOF-5 the host gets the end");
    host_tell(client, "leave");
    host_report();
    host_stop();
}

// The host's own process as one that pulls and pushes.
static void own_with(enum manner manner) {
    struct host_config config = {.local = 1, .answer[UP_IOFPULL] = {manner, 0}};
    pmix_proc_t all = others(PMIX_RANK_WILDCARD);
    pmix_byte_object_t bytes = {"typed", 5};
    if (!start(&config, false)) return;
    deliver("other", 3, PMIX_FWD_STDOUT_CHANNEL, "early");
    pmix_status_t rc = PMIx_IOF_pull(&all, 1, NULL, 0, BOTH, on_output, on_registered, &registered);
    is_int(rc, PMIX_SUCCESS, "IOF-1 the host's own process pulls");
    ok(done_wait(&registered) && registered.status == PMIX_SUCCESS, "IOF-1 its callback comes");
    deliver("other", 3, PMIX_FWD_STDERR_CHANNEL, "live");
    ok(hears("other:3/2 early|other:3/4 live|"), "IOF-1 IOF-3 what waited, and what comes");
    is_int(PMIx_IOF_deregister(number, NULL, 0, NULL, NULL), PMIX_SUCCESS, "IOF-4 and lets go");
    deliver("other", 3, PMIX_FWD_STDOUT_CHANNEL, "late");
    ok(heard.text[0] == 0, "IOF-4 nothing comes after that");
    is_int(PMIx_IOF_deregister(number, NULL, 0, NULL, NULL), PMIX_ERR_BAD_PARAM, "IOF-4 the number has ended");
    is_int(PMIx_IOF_push(&all, 1, &bytes, NULL, 0, NULL, NULL), PMIX_SUCCESS, "IOF-5 it pushes");
    const struct seen *seen = host_await(UP_PUSHSTDIN, 1);
    ok(seen && seen->nblob == 5 && strcmp(seen->procs, "other:*") == 0, "IOF-5 to itself as to any host");
    host_stop();
}

static void own_later(void) { own_with(LATER); }
static void own_inline(void) { own_with(INLINE); }
static void own_absent(void) { own_with(ABSENT); }

static void spawned(void) {
    struct host_config config = {.local = 1, .answer[UP_SPAWN] = {HELD, 0}};
    if (!start(&config, false)) return;
    ok(register_writer("spawnedns", NULL, 0), "the job to come");
    int client = host_launch("testns", 0, "spawner");
    ok(host_await(UP_SPAWN, 1) != NULL, "a rank spawns");
    deliver("spawnedns", 0, PMIX_FWD_STDOUT_CHANNEL, "before\n");
    deliver("spawnedns", 0, PMIX_FWD_STDERR_CHANNEL, "not asked for\n");
    host_release(UP_SPAWN);
    ok(host_hear(client, "spawned"), "the spawn is answered");
    deliver("spawnedns", 0, PMIX_FWD_STDOUT_CHANNEL, "after\n");
    host_tell(client, "leave");
    host_report();
    const struct seen *seen = host_await(UP_SPAWN, 1);
    ok(seen && strstr(seen->infos, PMIX_FWD_STDOUT "=true"), "SPAWN-3 the host sees what is to be forwarded");
    ok(seen && strstr(seen->infos, PMIX_REQUESTOR_IS_CLIENT "=true"), "SPAWN-2 and that a client asks");
    host_stop();
}

static void launched(void) {
    struct host_config config = {.local = 1};
    const char *variables[] = {STRANGER, NULL};
    if (!start(&config, false)) return;
    ok(register_writer("spawnedns", NULL, 0), "the job to come");
    int client = host_launch_with("testns", 0, "launcher", variables);
    ok(host_hear(client, "spawned"), "a tool has spawned");
    deliver("spawnedns", 0, PMIX_FWD_STDOUT_CHANNEL, "said\n");
    deliver("spawnedns", 0, PMIX_FWD_STDERR_CHANNEL, "wrong\n");
    host_tell(client, "leave");
    host_report();
    const struct seen *seen = host_await(UP_SPAWN, 1);
    ok(seen && strstr(seen->infos, PMIX_REQUESTOR_IS_TOOL "=true"), "SPAWN-2 the host is told that a tool asks");
    host_stop();
}

static void not_spawned(void) {
    struct host_config config = {.local = 1, .answer[UP_SPAWN] = {LATER, PMIX_ERR_NO_PERMISSIONS}};
    if (!start(&config, false)) return;
    host_launch("testns", 0, "spawner_nb");
    host_report();
    host_stop();
}

int main(int argc, char **argv) {
    static const struct role roles[] = {{"puller", puller}, {"self", self}, {"blocking", blocking}, {"pusher", pusher},
        {"typist", typist}, {"spawner", spawner}, {"launcher", launcher},
        {"spawner_nb", spawner_nb}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("pull and deregister", pulled);
    scenario("one's own output", pulled_by_itself);
    scenario("a blocking pull, answered later", blocked_later);
    scenario("a blocking pull, answered at once", blocked_inline);
    scenario("a blocking pull, done already", blocked_done);
    scenario("a blocking pull, failed", blocked_failed);
    scenario("a blocking pull, refused", blocked_refused);
    scenario("a blocking pull, nothing in the module", blocked_absent);
    scenario("push, answered later", pushed_later);
    scenario("push, answered at once", pushed_inline);
    scenario("push, done already", pushed_done);
    scenario("push, refused", pushed_refused);
    scenario("push, nothing in the module", pushed_absent);
    scenario("a rank's input", typed);
    scenario("the host's own, answered later", own_later);
    scenario("the host's own, answered at once", own_inline);
    scenario("the host's own, nothing in the module", own_absent);
    scenario("spawn with forwarding", spawned);
    scenario("spawn by a tool", launched);
    scenario("spawn refused", not_spawned);
    return done_testing();
}
