// Every upcall a client can cause, answered in every manner a host has: before it returns, later from another thread or
// from the library's own, at once without a callback, with an error, never, too late, or not at all because the module
// has no such function. What was lent comes back once, the rank hears once, and both sides can end.
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"

#include <malloc.h>

#include "blob.h"
#include "upcalls-operations.h"

enum {
    WAITS = 1,      // the rank leaves before there is an answer
    KILLED = 2,     // it is killed then
    RELEASED = 4,   // the answer comes when the rank has left
    AFTERWARDS = 8  // or when the server has ended
};

struct way {
    const char *name;
    enum manner manner;
    pmix_status_t status;
    int flags;
};

static const struct way ways[] = {
    {"answered inline", INLINE, PMIX_SUCCESS, 0},
    {"answered from another thread", LATER, PMIX_SUCCESS, 0},
    {"answered from the next upcall", NESTED, PMIX_SUCCESS, 0},
    {"done already", DONE, PMIX_SUCCESS, 0},
    {"refused", REFUSED, PMIX_ERR_NO_PERMISSIONS, 0},
    {"failed inline", INLINE, PMIX_ERR_NO_PERMISSIONS, 0},
    {"failed later", LATER, PMIX_ERR_NO_PERMISSIONS, 0},
    {"absent", ABSENT, PMIX_SUCCESS, 0},
    {"never answered", HELD, PMIX_SUCCESS, WAITS},
    {"never answered to a rank that is killed", HELD, PMIX_SUCCESS, WAITS | KILLED},
    {"answered when the rank has left", HELD, PMIX_SUCCESS, WAITS | RELEASED},
    {"answered when the server has ended", HELD, PMIX_SUCCESS, WAITS | AFTERWARDS},
};
#define WAY_COUNT (sizeof ways / sizeof ways[0])

static const struct operation *operation;
static const struct way *way;

// ---- ranks

static pmix_status_t settled(pmix_status_t rc, struct done *done) {
    if (rc == PMIX_OPERATION_SUCCEEDED) done_op(PMIX_SUCCESS, done);
    else if (rc != PMIX_SUCCESS) return rc;
    return done_wait(done) ? done->status : LATE;
}

static void leave(void) {
    if (operation->flags & TOOL) check_int(PMIx_tool_finalize(), PMIX_SUCCESS, "%s: PMIx_tool_finalize", way->name);
    else check_int(PMIx_Finalize(NULL, 0), PMIX_SUCCESS, "%s: PMIx_Finalize", way->name);
}

static void wait_in_vain(struct done *done) {
    check_int(operation->call(done), PMIX_SUCCESS, "%s: %s goes out", way->name, operation->name);
    client_say("asked");
    client_hear("leave");
    if (!(operation->flags & ENDS)) leave();
    bool quiet = operation->flags & (ENDS | UNHEARD) || done->count == 0 || done->status != PMIX_SUCCESS;
    check(quiet, "%s: %s succeeds for nobody", way->name, operation->name);
    check(done->count < 2, "%s: %s is heard of once at most", way->name, operation->name);
}

static void asker(void) {
    static struct done done = DONE_INIT;
    long expected = atol(getenv("TEST_EXPECT"));
    operation = &operations[atoi(getenv("TEST_OPERATION"))];
    way = &ways[atoi(getenv("TEST_WAY"))];
    if (!(operation->flags & STARTS)) client_start();
    if (operation->prepare) operation->prepare();
    if (way->flags & WAITS) return wait_in_vain(&done);
    pmix_status_t rc = settled(operation->call(&done), &done);
    check_int(rc, expected, "%s: %s hears the outcome", way->name, operation->name);
    if (rc == PMIX_SUCCESS && way->manner != DONE && way->manner != ABSENT && operation->answer)
        check(strcmp(heard, operation->answer) == 0, "%s: %s hears what the host said", way->name, operation->name);
    bool is_up = !(operation->flags & ENDS) && !(operation->flags & STARTS && rc != PMIX_SUCCESS);
    if (is_up) leave();
    check(done.count < 2, "%s: %s is heard of once", way->name, operation->name);
}

static void passer_by(void) {
    client_start();
    client_stop();
}

// ---- hosts

static long expected_status(void) {
    if (way->manner == ABSENT) return operation->absent;
    if (operation->flags & UNHEARD) return PMIX_SUCCESS;
    if (way->manner == DONE) return operation->done;
    if (way->status != PMIX_SUCCESS && operation->flags & STARTS) return PMIX_ERR_UNREACH;
    return way->status;
}

static bool start_host(void) {
    struct host_config config = {.local = 2, .remote = 1};
    struct blob blob = {NULL, 0};
    pmix_info_t info;
    bool yes = true;
    PMIX_INFO_LOAD(&info, PMIX_SERVER_TOOL_SUPPORT, &yes, PMIX_BOOL);
    config.infos = &info;
    config.ninfos = operation->flags & TOOL ? 1 : 0;
    if (operation->upcall == UP_CONNECTED) config.answer[UP_CONNECTED2].manner = ABSENT;
    config.answer[operation->upcall] = (struct answer){way->manner, way->status};
    if (!ok(host_start(&config), "%s: %s: the host starts", way->name, operation->name)) return false;
    PMIX_INFO_LOAD(&info, "host.word", "answered", PMIX_STRING);
    host_set_infos(&info, 1);
    PMIX_INFO_DESTRUCT(&info);
    blob_kval(&blob, "far.key", "far away");
    host_set_dmodex((char *) blob.bytes, blob.size);
    blob_free(&blob);
    return true;
}

static int launch_asker(void) {
    char operation_number[8], way_number[8], status[16];
    snprintf(operation_number, sizeof operation_number, "%d", (int) (operation - operations));
    snprintf(way_number, sizeof way_number, "%d", (int) (way - ways));
    snprintf(status, sizeof status, "%ld", expected_status());
    const char *variables[] = {"TEST_OPERATION", operation_number, "TEST_WAY", way_number, "TEST_EXPECT", status,
        operation->flags & TOOL ? "PMIX_NAMESPACE" : NULL, NULL, "PMIX_RANK", NULL, "PMIX_SERVER_URI41", NULL,
        "PMIX_SERVER_URI4", NULL, "PMIX_SERVER_URI3", NULL, "PMIX_SERVER_URI2", NULL, "PMIX_SERVER_URI21", NULL, NULL};
    return host_launch_with("testns", 0, "asker", variables);
}

static void let_go(int rank) {
    host_await(operation->upcall, 1);
    ok(host_hear(rank, "asked"), "%s: %s: the rank has asked", way->name, operation->name);
    if (way->flags & KILLED) host_kill(rank);
    else host_tell(rank, "leave");
    host_wait(rank);
    if (way->flags & RELEASED) host_release(operation->upcall);
}

static void run(void) {
    if (!start_host()) return;
    int rank = launch_asker();
    if (way->flags & WAITS) let_go(rank);
    if (way->manner == NESTED) {
        host_await(operation->upcall, 1);
        host_set_answer(operation->upcall, LATER, way->status);
        host_launch("testns", 1, "passer_by");
    }
    host_report();
    bool twice = way->manner == NESTED && operation->flags & (STARTS | ENDS) && !(operation->flags & TOOL);
    int asked = way->manner == ABSENT ? 0 : twice ? 2 : 1;  // who passes by starts and ends, too
    is_int(host_saw(operation->upcall), asked, "%s: %s: the host is asked as often as it should", way->name,
        operation->name);
    if (way->flags & AFTERWARDS) host_stop_late();
    else host_stop();
    is_int(host_given_back(), host_lent(), "%s: %s: what was lent comes back once", way->name, operation->name);
    is_int(host_leftovers(), 0, "%s: %s: no file is left", way->name, operation->name);
}

// Servers that come and go without an answer from their host must not pile up.
static bool round_of(enum upcall upcall) {
    struct host_config config = {.local = 1};
    config.answer[upcall] = (struct answer){HELD, PMIX_SUCCESS};
    if (!host_start(&config)) return false;
    int rank = launch_asker();
    bool asked = host_await(upcall, 1) != NULL && host_hear(rank, "asked");
    host_kill(rank);
    host_stop();
    return asked;
}

static void rounds(void) {
    size_t before = 0, kept;
    int good = 0;
    way = &ways[WAY_COUNT - 1];
    for (operation = operations; operation->upcall != UP_ABORT; operation++) {}
    for (int i = 0; i < 60 && good == i; i++) {
        if (i == 10) before = mallinfo2().uordblks;
        good += round_of(operation->upcall);
    }
    is_int(good, 60, "unanswered round after round: every host starts and is asked");
    kept = (mallinfo2().uordblks - before) / 50;
    if (!ok(kept < 4096, "unanswered round after round: a server that waits for its host is not kept"))
        diag("%zu bytes a round", kept);
}

// As Slurm does: the answer is given with a lock held that the release function takes, too.
static pthread_mutex_t host_lock = PTHREAD_MUTEX_INITIALIZER;
static int released;

static void release_locked(void *block) {
    pthread_mutex_lock(&host_lock);
    released++;
    pthread_mutex_unlock(&host_lock);
    free(block);
}

static pmix_status_t fence_locked(char *data, size_t size, pmix_modex_cbfunc_t callback, void *cbdata) {
    pthread_mutex_lock(&host_lock);
    callback(PMIX_SUCCESS, data, size, cbdata, release_locked, data);
    pthread_mutex_unlock(&host_lock);
    return PMIX_SUCCESS;
}

static void locked(void) {
    way = &ways[0];
    for (operation = operations; operation->upcall != UP_FENCE; operation++) {}
    if (!start_host()) return;
    host_fence_hook = fence_locked;
    launch_asker();
    host_report();
    host_stop();
    is_int(released, 1, "answered under a lock: what was lent comes back once, and not from within the answer");
}

// ---- several at a time: the original hangs in many of these

#define AT_ONCE 16

struct running {
    FILE *output;
    pid_t pid;
    int status;
    const struct operation *operation;
    const struct way *way;
};

static struct running begin(const struct operation *what, const struct way *how) {
    struct running one = {tmpfile(), 0, -1, what, how};
    fflush(stdout);
    if (one.output == NULL) bail("a file for the output");
    one.pid = fork();
    if (one.pid != 0) return one;
    tap_count = tap_failed = 0;
    dup2(fileno(one.output), 1);
    alarm((unsigned) host_seconds() + 10);
    operation = what;
    way = how;
    run();
    exit(0);
}

static void finish(struct running *one) {
    char line[4096];
    rewind(one->output);
    while (fgets(line, sizeof line, one->output)) {
        line[strcspn(line, "\n")] = 0;
        if (!scenario_line(line)) printf("%s%s\n", line[0] == '#' ? "" : "# ", line);
    }
    fclose(one->output);
    one->output = NULL;
    if (!ok(one->status == 0, "%s: %s: the host ended by itself", one->way->name, one->operation->name))
        diag("wait status %#x", (unsigned) one->status);
}

static struct running running[AT_ONCE];

// Whichever ends first; NULL when none is left.
static struct running *next_end(void) {
    int status;
    pid_t pid = waitpid(-1, &status, 0);
    for (size_t i = 0; i < AT_ONCE; i++) {
        if (running[i].output == NULL || running[i].pid != pid) continue;
        running[i].status = status;
        finish(&running[i]);
        return &running[i];
    }
    return NULL;
}

static bool is_possible(const struct operation *what, const struct way *how) {
    if (what->flags & UNASKED && (how->manner == DONE || how->manner == REFUSED)) return false;
    // Whether a rank is welcome is said at once: there is no callback to answer later with.
    bool at_once = what->flags & STARTS && !(what->flags & TOOL);
    if (at_once && how->status != PMIX_SUCCESS && how->manner != REFUSED) return false;
    if (at_once && how->flags & WAITS) return false;
    // A tool that is not answered waits; it can only be killed.
    return !(what->flags & TOOL && how->flags & WAITS && !(how->flags & KILLED));
}

static void run_all(const char *only) {
    size_t count = 0;
    for (size_t i = 0; i < OPERATION_COUNT * WAY_COUNT; i++) {
        const struct operation *what = &operations[i / WAY_COUNT];
        const struct way *how = &ways[i % WAY_COUNT];
        if (!is_possible(what, how) || (only && strcmp(only, what->name) != 0)) continue;
        struct running *slot = count < AT_ONCE ? &running[count++] : next_end();
        if (slot) *slot = begin(what, how);
    }
    while (next_end()) {}
}

// The argument, if any, is the one function of the module to try.
int main(int argc, char **argv) {
    static const struct role roles[] = {{"asker", asker}, {"passer_by", passer_by}, {NULL, NULL}};
    client_main(argc, argv, roles);
    run_all(argc > 1 ? argv[1] : NULL);
    if (argc == 1) scenario("answered under a lock", locked);
    if (argc == 1) scenario("unanswered round after round", rounds);
    return done_testing();
}
