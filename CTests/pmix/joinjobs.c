// Connecting jobs: what the members of one learn about the other, who has to be asked, and for how long one waits.
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"

// ---- ranks

static pmix_proc_t everybody[2];
static pmix_info_t patience;

static void start(void) {
    int seconds = 1;
    client_start();
    PMIX_LOAD_PROCID(&everybody[0], "testns", PMIX_RANK_WILDCARD);
    PMIX_LOAD_PROCID(&everybody[1], "otherns", PMIX_RANK_WILDCARD);
    PMIX_INFO_LOAD(&patience, PMIX_TIMEOUT, &seconds, PMIX_INT);
}

static pmix_status_t call_connect(void *infos) { return PMIx_Connect(everybody, 2, infos, infos ? 1 : 0); }
static pmix_status_t call_disconnect(void *infos) { return PMIx_Disconnect(everybody, 2, infos, infos ? 1 : 0); }

static void expect_size(const char *nspace, uint32_t size, const char *what) {
    pmix_value_t *value = NULL;
    pmix_proc_t job;
    bool optional = true;
    pmix_info_t info;
    PMIX_LOAD_PROCID(&job, nspace, PMIX_RANK_WILDCARD);
    PMIX_INFO_LOAD(&info, PMIX_OPTIONAL, &optional, PMIX_BOOL);
    if (!check_int(PMIx_Get(&job, PMIX_JOB_SIZE, &info, 1, &value), PMIX_SUCCESS, "%s", what)) return;
    check_int(value->data.uint32, size, "%s: and it is right", what);
    PMIX_VALUE_RELEASE(value);
}

static void meets(void) {
    bool first = strcmp(getenv("PMIX_NAMESPACE"), "testns") == 0;
    struct done done = DONE_INIT;
    start();
    check_int(client_attempt(call_connect, NULL), PMIX_SUCCESS, "CONNECT/DISCONNECT-4 two jobs connect");
    expect_size(first ? "otherns" : "testns", first ? 1 : 2, "CONNECT/DISCONNECT-2 the other job's size came along");
    check_int(client_attempt(call_disconnect, NULL), PMIX_SUCCESS, "CONNECT/DISCONNECT-4 and disconnect");
    check_int(PMIx_Connect_nb(everybody, 2, NULL, 0, done_op, &done), PMIX_SUCCESS, "PMIx_Connect_nb");
    check(done_wait(&done) && done.status == PMIX_SUCCESS, "CONNECT/DISCONNECT-4 they can connect again");
    client_stop();
}

static void waits(void) {
    start();
    check_int(client_attempt(call_connect, &patience), PMIX_ERR_TIMEOUT,
        "CONNECT/DISCONNECT-3 the other job does not call: a timeout");
    check_int(client_attempt(call_disconnect, &patience), PMIX_ERR_TIMEOUT,
        "CONNECT/DISCONNECT-3 nor to disconnect: a timeout");
    client_say("out");
    client_hear("leave");
    client_stop();
}

static void stands_by(void) {
    client_start();
    client_say("in");
    client_hear("leave");
    client_stop();
}

// ---- hosts

static bool start_jobs(uint32_t remote, enum manner manner) {
    struct host_config config = {.local = 2, .remote = remote};
    config.answer[UP_CONNECT].manner = config.answer[UP_DISCONNECT].manner = manner;
    if (!ok(host_start(&config), "the host starts")) return false;
    ok(host_register_clients("otherns", 1, 0) == PMIX_SUCCESS && host_register_job("otherns", 1, 0) == PMIX_SUCCESS,
        "another job is registered");
    return true;
}

static void together(void) {
    if (!start_jobs(0, LATER)) return;
    host_launch("testns", 0, "meets"), host_launch("testns", 1, "meets");
    host_launch("otherns", 0, "meets");
    host_report();
    is_int(host_saw(UP_CONNECT), 0, "CONNECT/DISCONNECT-4 where all live here the host is not asked");
    is_int(host_saw(UP_DISCONNECT), 0, "CONNECT/DISCONNECT-4 neither way");
    host_stop();
}

static void waiting(void) {
    if (!start_jobs(0, LATER)) return;
    int clients[3] = {host_launch("testns", 0, "waits"), host_launch("testns", 1, "waits"), 0};
    clients[2] = host_launch("otherns", 0, "stands_by");
    ok(host_hear(clients[0], "out") && host_hear(clients[1], "out"), "CONNECT/DISCONNECT-3 all who wait are told");
    for (int i = 0; i < 3; i++) host_tell(clients[i], "leave");
    host_report();
    host_stop();
}

int main(int argc, char **argv) {
    static const struct role roles[] = {
        {"meets", meets}, {"waits", waits}, {"stands_by", stands_by}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("two jobs", together);
    scenario("two jobs, one does not call", waiting);
    return done_testing();
}
