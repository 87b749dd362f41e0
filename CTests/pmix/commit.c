// Putting and committing: which scope reaches whom, and who is waiting for a commit.
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"

static void put(pmix_scope_t scope, const char *key, const char *text) {
    pmix_value_t value;
    PMIX_VALUE_LOAD(&value, text, PMIX_STRING);
    check_int(PMIx_Put(scope, key, &value), PMIX_SUCCESS, "puts %s", key);
    PMIX_VALUE_DESTRUCT(&value);
}

static void expect(uint32_t rank, const char *key, const char *text, const char *what) {
    pmix_value_t *value = NULL;
    pmix_proc_t proc = me;
    proc.rank = rank;
    if (!check_int(PMIx_Get(&proc, key, NULL, 0, &value), PMIX_SUCCESS, "%s", what)) return;
    check(value->type == PMIX_STRING && strcmp(value->data.string, text) == 0, "%s: its value", what);
    PMIX_VALUE_RELEASE(value);
}

static void expect_none(uint32_t rank, const char *key, const char *what) {
    bool immediate = true;
    pmix_info_t info;
    pmix_value_t *value = NULL;
    pmix_proc_t proc = me;
    proc.rank = rank;
    PMIX_INFO_LOAD(&info, PMIX_IMMEDIATE, &immediate, PMIX_BOOL);
    check_int(PMIx_Get(&proc, key, &info, 1, &value), PMIX_ERR_NOT_FOUND, "%s", what);
}

static void fence(void) {
    bool collect = true;
    pmix_info_t info;
    PMIX_INFO_LOAD(&info, PMIX_COLLECT_DATA, &collect, PMIX_BOOL);
    check_int(PMIx_Fence(NULL, 0, &info, 1), PMIX_SUCCESS, "fence");
}

static void putter(void) {
    client_start();
    put(PMIX_LOCAL, "k.local", "for neighbours");
    put(PMIX_REMOTE, "k.remote", "for others");
    put(PMIX_GLOBAL, "k.global", "for all");
    put(PMIX_INTERNAL, "k.internal", "for myself");
    check_int(PMIx_Commit(), PMIX_SUCCESS, "COMMIT-1 commits three scopes");
    fence();
    expect(0, "k.local", "for neighbours", "a process gets its own local key");
    expect(0, "k.remote", "for others", "its own remote key");
    expect(0, "k.global", "for all", "its own global key");
    expect(0, "k.internal", "for myself", "its own internal key");
    fence();
    client_stop();
}

static void neighbour(void) {
    client_start();
    check_int(PMIx_Commit(), PMIX_SUCCESS, "COMMIT-4 a commit of nothing succeeds");
    fence();
    expect(0, "k.local", "for neighbours", "COMMIT-1 a local peer gets the local key");
    expect(0, "k.global", "for all", "COMMIT-1 and the global key");
    expect_none(0, "k.remote", "GET-6 but not the remote key");
    expect_none(0, "k.internal", "and not the internal key");
    fence();
    client_stop();
}

static void slow(void) {  // commits only when told
    client_start();
    put(PMIX_LOCAL, "k.local", "near");
    put(PMIX_GLOBAL, "k.global", "late");
    client_say("put");
    client_hear("commit");
    check_int(PMIx_Commit(), PMIX_SUCCESS, "commits");
    client_say("committed");
    client_hear("again");
    put(PMIX_GLOBAL, "k.second", "later still");
    check_int(PMIx_Commit(), PMIX_SUCCESS, "commits again");
    client_say("committed");
    client_hear("leave");
    client_stop();
}

static void waiting(void) {  // asks before the commit
    struct done first = DONE_INIT, second = DONE_INIT;
    int seconds = 60;
    pmix_proc_t proc;
    pmix_info_t info;
    client_start();
    proc = me;
    proc.rank = 0;
    PMIX_INFO_LOAD(&info, PMIX_TIMEOUT, &seconds, PMIX_INT);
    check_int(PMIx_Get_nb(&proc, "k.global", &info, 1, done_value, &first), PMIX_SUCCESS, "asks before the commit");
    client_round_trip();
    client_say("asked");
    check(done_wait(&first) && first.status == PMIX_SUCCESS, "COMMIT-3 a commit answers the get that waits for it");
    check_int(PMIx_Get_nb(&proc, "k.second", &info, 1, done_value, &second), PMIX_SUCCESS, "asks for a later key");
    client_round_trip();
    client_say("asked again");
    check(done_wait(&second) && second.status == PMIX_SUCCESS, "COMMIT-3 a second commit answers its get");
    check(second.value.type == PMIX_STRING && strcmp(second.value.data.string, "later still") == 0,
        "COMMIT-3 with the value");
    PMIX_VALUE_DESTRUCT(&first.value);
    PMIX_VALUE_DESTRUCT(&second.value);
    client_stop();
}

// ---- hosts

static void scopes(void) {
    struct host_config config = {.local = 2, .remote = 1};
    if (!ok(host_start(&config), "the host starts")) return;
    host_launch("testns", 0, "putter");
    host_launch("testns", 1, "neighbour");
    host_report();
    const struct seen *fence = host_await(UP_FENCE, 1);
    if (!ok(fence && fence->nblob > 0, "the host is handed a blob")) return;
    ok(memmem(fence->blob, fence->nblob, "k.remote", 8), "COMMIT-1 the blob has the remote key");
    ok(memmem(fence->blob, fence->nblob, "k.global", 8), "COMMIT-1 and the global key");
    ok(!memmem(fence->blob, fence->nblob, "k.local", 7), "COMMIT-1 it has no local key");
    ok(!memmem(fence->blob, fence->nblob, "k.internal", 10), "and no internal key");
    host_stop();
}

struct modex {
    struct op op;
    char data[512];
    size_t size;
    struct modex *next;  // asked for from within the callback
};

static pmix_proc_t zero;

static void on_modex(pmix_status_t status, char *data, size_t size, void *cbdata) {
    struct modex *modex = cbdata;
    modex->size = size < sizeof modex->data ? size : sizeof modex->data;
    if (data) memcpy(modex->data, data, modex->size);
    if (modex->next) {
        pmix_status_t rc = PMIx_server_dmodex_request(&zero, on_modex, modex->next);
        if (rc != PMIX_SUCCESS) host_op_done(rc, &modex->next->op);
    }
    host_op_done(status, &modex->op);
}

static bool modex_holds(const struct modex *modex, const char *text) {
    return memmem(modex->data, modex->size, text, strlen(text)) != NULL;
}

static void answered(void) {
    struct host_config config = {.local = 2, .remote = 1};
    static struct modex modex[3];
    pmix_status_t rc = PMIX_ERROR;
    if (!ok(host_start(&config), "the host starts")) return;
    PMIX_LOAD_PROCID(&zero, "testns", 0);
    int owner = host_launch("testns", 0, "slow"), asker = host_launch("testns", 1, "waiting");
    if (!ok(host_hear(owner, "put") && host_hear(asker, "asked"), "one has put, the other has asked")) return;
    modex[0].next = &modex[1];
    is_int(PMIx_server_dmodex_request(&zero, on_modex, &modex[0]), PMIX_SUCCESS, "the host asks for remote data");
    is_int(PMIx_server_dmodex_request(&zero, on_modex, &modex[2]), PMIX_SUCCESS, "and a second time");
    is_int(modex[0].op.done + modex[2].op.done, 0, "COMMIT-2 nothing is answered before the commit");
    host_tell(owner, "commit");
    ok(host_op_wait(&modex[0].op, &rc) && rc == PMIX_SUCCESS, "COMMIT-3 the commit answers the waiting host");
    ok(host_op_wait(&modex[2].op, &rc) && rc == PMIX_SUCCESS, "COMMIT-3 both times");
    ok(host_op_wait(&modex[1].op, &rc) && rc == PMIX_SUCCESS, "S13 a request from within the callback is answered");
    is_int(modex[0].op.done, 1, "S13 no callback comes twice");
    ok(modex_holds(&modex[0], "k.global"), "COMMIT-1 the host gets the global key");
    ok(!modex_holds(&modex[0], "k.local"), "COMMIT-1 but not the local one");
    ok(host_hear(asker, "asked again"), "the local waiter goes on");
    host_tell(owner, "again");
    ok(host_hear(owner, "committed"), "a second commit");
    host_wait(asker);
    host_tell(owner, "leave");
    host_report();
    host_stop();
}

int main(int argc, char **argv) {
    static const struct role roles[] = {
        {"putter", putter}, {"neighbour", neighbour}, {"slow", slow}, {"waiting", waiting}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("scopes", scopes);
    scenario("who waits for a commit", answered);
    return done_testing();
}
