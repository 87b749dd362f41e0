// Connecting and being lost: who is let in, what the host hears of it, and what a rank's death does to the others.
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"

// ---- ranks

static pmix_status_t init(void *unused) {
    (void) unused;
    return PMIx_Init(&me, NULL, 0);
}

static void welcome(void) {
    pmix_value_t *value = NULL;
    check_int(client_attempt(init, NULL), PMIX_SUCCESS, "is let in");
    pmix_proc_t job = me;
    job.rank = PMIX_RANK_WILDCARD;
    if (check_int(PMIx_Get(&job, PMIX_JOB_SIZE, NULL, 0, &value), PMIX_SUCCESS, "gets the job's size"))
        PMIX_VALUE_RELEASE(value);
    client_say("in");
    client_hear("leave");
    client_stop();
}

static void unwelcome(void) {
    check_int(client_attempt(init, NULL), PMIX_ERR_UNREACH, "is refused");
}

static void turned_away(void) {
    pmix_status_t rc = client_attempt(init, NULL);
    check(rc < 0, "CONN-4 is turned away with an error");
}

static void absent_minded(void) {  // leaves without finalizing
    client_start();
    client_say("in");
    client_hear("leave");
}

static struct done fence_done = DONE_INIT;

static void enter_fence(void) {
    bool collect = true;
    pmix_info_t info;
    PMIX_INFO_LOAD(&info, PMIX_COLLECT_DATA, &collect, PMIX_BOOL);
    client_start();
    check_int(PMIx_Fence_nb(NULL, 0, &info, 1, done_op, &fence_done), PMIX_SUCCESS, "enters the fence");
    client_round_trip();
    client_say("inside");
}

static void bereaved_with(pmix_status_t expected, const char *text) {
    enter_fence();
    check(done_wait(&fence_done), "CONN-7 the fence ends for those that remain");
    check_int(fence_done.status, expected, "%s", text);
    client_say("out");
    client_hear("leave");
    client_stop();
}

// The fence loses a participant: resolved here its status says so, resolved by the host the host decides.
static void bereaved(void) { bereaved_with(PMIX_ERR_PARTIAL_SUCCESS, "CONN-7 its status tells of the loss"); }
static void bereaved_wide(void) { bereaved_with(PMIX_SUCCESS, "CONN-7 its status is the host's"); }

static void untouched(void) {  // the fence is with the host already: the loss of a participant changes nothing
    enter_fence();
    check(done_wait(&fence_done), "CONN-8 the fence ends");
    check_int(fence_done.status, PMIX_SUCCESS, "CONN-8 its status is the host's");
    client_stop();
}

static void victim(void) {
    client_start();
    client_say("in");
    client_hear("nothing more");
}

static void victim_inside(void) {
    enter_fence();
    client_hear("nothing more");
}

// ---- hosts

static void meet_one(const char *text, int client) {
    if (ok(host_hear(client, "in"), "%s", text)) host_tell(client, "leave");
}

static void strangers(void) {
    struct host_config config = {.local = 2};
    if (!ok(host_start(&config), "the host starts")) return;
    const char *rank[] = {"PMIX_RANK", "77", NULL}, *nspace[] = {"PMIX_NAMESPACE", "nowhere", NULL};
    host_wait(host_launch_with("testns", 0, "unwelcome", rank));
    is_int(host_saw(UP_CONNECTED2), 0, "CONN-1 the host does not hear of an unknown rank");
    host_wait(host_launch_with("testns", 0, "unwelcome", nspace));
    is_int(host_saw(UP_CONNECTED2), 0, "CONN-1 nor of a rank of an unknown nspace");
    meet_one("CONN-1 a registered rank is served afterwards", host_launch("testns", 0, "welcome"));
    host_report();
    is_int(host_saw(UP_CONNECTED2), 1, "CONN-1 and the host hears of that one");
    host_stop();
}

static void wrong_uid(void) {
    struct host_config config = {.local = 1, .uid_offset = 1};
    if (!ok(host_start(&config), "the host starts")) return;
    host_wait(host_launch("testns", 0, "unwelcome"));
    is_int(host_saw(UP_CONNECTED2), 0, "CONN-2 the host does not hear of a rank with another uid than registered");
    struct op op = {0, 0};
    pmix_proc_t zero;
    PMIX_LOAD_PROCID(&zero, "testns", 0);
    PMIx_server_deregister_client(&zero, host_op_done, &op);
    ok(host_op_wait(&op, NULL), "CONN-2 the rank can be deregistered");
    is_int(host_register_clients("testns", 1, 0), PMIX_SUCCESS, "CONN-2 and registered again with its uid");
    int client = host_launch("testns", 0, "welcome");
    meet_one("S24 after a refused credential the same rank can connect", client);
    host_report();
    host_stop();
}

static void twice(void) {
    struct host_config config = {.local = 1};
    if (!ok(host_start(&config), "the host starts")) return;
    int one = host_launch("testns", 0, "welcome");
    ok(host_hear(one, "in"), "CONN-3 one process of a rank is served");
    int two = host_launch("testns", 0, "welcome");
    ok(host_hear(two, "in"), "CONN-3 a second process of the same rank is served beside it");
    host_tell(two, "leave");
    host_wait(two);
    host_tell(one, "leave");
    host_report();
    host_stop();
}

static void connected_with(enum manner first, enum manner second, pmix_status_t status, const char *role) {
    struct host_config config = {.local = 1};
    config.answer[UP_CONNECTED] = (struct answer){first, status};
    config.answer[UP_CONNECTED2] = (struct answer){second, status};
    if (!ok(host_start(&config), "the host starts")) return;
    int client = host_launch("testns", 0, role);
    if (strcmp(role, "welcome") == 0) meet_one("CONN-4 the rank comes in", client);
    host_report();
}

static void told_by_second(void) {
    connected_with(LATER, LATER, PMIX_SUCCESS, "welcome");
    is_int(host_saw(UP_CONNECTED2), 1, "CONN-4 client_connected2 is called when there are both");
    is_int(host_saw(UP_CONNECTED), 0, "CONN-4 client_connected is not");
    const struct seen *seen = host_await(UP_CONNECTED2, 1);
    if (seen) is_int((uintptr_t) seen->object, 1000, "CONN-4 it gets the object of register_client");
    host_stop();
}

static void told_by_first(void) {
    connected_with(LATER, ABSENT, PMIX_SUCCESS, "welcome");
    is_int(host_saw(UP_CONNECTED), 1, "CONN-4 client_connected is called when it is the only one");
    host_stop();
}

static void told_by_first_done(void) {
    connected_with(DONE, ABSENT, PMIX_SUCCESS, "welcome");
    is_int(host_saw(UP_CONNECTED), 1, "CONN-4 client_connected may answer OPERATION_SUCCEEDED");
    host_stop();
}

static void told_by_none(void) {
    connected_with(ABSENT, ABSENT, PMIX_SUCCESS, "welcome");
    host_stop();
}

static void refused_by_host(void) {
    connected_with(REFUSED, ABSENT, PMIX_ERR_NO_PERMISSIONS, "turned_away");
    is_int(host_saw(UP_CONNECTED), 1, "CONN-4 a rank the host does not want is refused");
    host_stop();
}

static bool inside(const int *clients, int n) {
    for (int i = 0; i < n; i++)
        if (!host_hear(clients[i], "inside")) return false;
    return true;
}

// `remote` decides whether the fence is resolved by the server alone or goes to the host.
static void lost_before(uint32_t remote) {
    struct host_config config = {.local = 3, .remote = remote};
    if (!ok(host_start(&config), "the host starts")) return;
    const char *role = remote ? "bereaved_wide" : "bereaved";
    int clients[3] = {host_launch("testns", 0, role), host_launch("testns", 1, role), 0};
    clients[2] = host_launch("testns", 2, "victim");
    if (!ok(host_hear(clients[2], "in") && inside(clients, 2), "two of three are in the fence")) return;
    host_kill(clients[2]);
    const struct seen *lost = host_await(UP_EVENT, 1);
    ok(lost && lost->code == PMIX_ERR_LOST_CONNECTION, "CONN-7 the host gets the event LOST_CONNECTION");
    if (lost) is_int(lost->proc.rank, 2, "CONN-7 from the rank that was lost");
    host_hear(clients[0], "out"), host_hear(clients[1], "out");
    if (remote) {
        const struct seen *fence = host_await(UP_FENCE, 1);
        ok(fence && strstr(fence->infos, PMIX_LOCAL_COLLECTIVE_STATUS "=-52"),
            "CONN-7 the host's fence gets PARTIAL_SUCCESS as local collective status");
        is_int(host_saw(UP_FENCE), 1, "CONN-7 the host is called once");
    }
    host_tell(clients[0], "leave"), host_tell(clients[1], "leave");
    host_report();
    host_stop();
}

static void lost_locally(void) { lost_before(0); }
static void lost_from_many(void) { lost_before(1); }

static void lost_with_host(void) {
    struct host_config config = {.local = 2, .remote = 1};
    config.answer[UP_FENCE].manner = HELD;
    if (!ok(host_start(&config), "the host starts")) return;
    int clients[2] = {host_launch("testns", 0, "untouched"), host_launch("testns", 1, "victim_inside")};
    if (!ok(inside(clients, 2) && host_await(UP_FENCE, 1), "CONN-8 the fence is with the host")) return;
    host_kill(clients[1]);
    ok(host_await(UP_EVENT, 1) != NULL, "CONN-8 a participant is lost");
    is_int(host_release(UP_FENCE), 1, "CONN-8 the host answers");
    host_wait(clients[0]);
    is_int(host_saw(UP_FENCE), 1, "CONN-8 the host is not called again");
    host_report();
    host_stop();
}

static void leaving(void) {
    struct host_config config = {.local = 2};
    if (!ok(host_start(&config), "the host starts")) return;
    int one = host_launch("testns", 0, "absent_minded"), two = host_launch("testns", 1, "welcome");
    meet_one("one rank leaves without a word", one);
    const struct seen *lost = host_await(UP_EVENT, 1);
    ok(lost && lost->code == PMIX_ERR_LOST_CONNECTION && lost->proc.rank == 0,
        "CONN-7 an end without finalize is an event for the host");
    meet_one("another rank finalizes", two);
    host_wait(two);
    ok(host_await(UP_FINALIZED, 1) != NULL, "FINAL-2 the host hears of it");
    is_int(host_register_clients("other", 1, 0), PMIX_SUCCESS, "the server has done later work");
    is_int(host_saw(UP_EVENT), 1, "FINAL-3 the end of its connection is no event");
    host_report();
    host_stop();
    is_int(host_leftovers(), 0, "the server leaves no file behind");
}

int main(int argc, char **argv) {
    static const struct role roles[] = {{"welcome", welcome}, {"unwelcome", unwelcome},
        {"turned_away", turned_away}, {"bereaved", bereaved}, {"bereaved_wide", bereaved_wide},
        {"untouched", untouched}, {"victim", victim}, {"victim_inside", victim_inside},
        {"absent_minded", absent_minded}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("strangers", strangers);
    scenario("wrong uid", wrong_uid);
    scenario("two processes of one rank", twice);
    scenario("client_connected2", told_by_second);
    scenario("client_connected", told_by_first);
    scenario("client_connected, done at once", told_by_first_done);
    scenario("nobody to tell", told_by_none);
    scenario("refused by the host", refused_by_host);
    scenario("a rank lost before a local fence is complete", lost_locally);
    scenario("a rank lost before a wider fence is complete", lost_from_many);
    scenario("a rank lost while the host has the fence", lost_with_host);
    scenario("leaving", leaving);
    return done_testing();
}
