// Finalizing: the host is asked once, and the rank gets away whatever the host says.
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"

static pmix_status_t finalize(void *unused) {
    (void) unused;
    return PMIx_Finalize(NULL, 0);
}

static void leaver(void) {
    client_start();
    check_int(client_attempt(finalize, NULL), PMIX_SUCCESS, "FINAL-2 PMIx_Finalize comes back with success");
    check(!PMIx_Initialized(), "PMIx_Initialized is 0 afterwards");
}

static void embraced(void) {  // the last thing before leaving is a fence with the others
    bool barrier = true;
    pmix_info_t info;
    PMIX_INFO_LOAD(&info, PMIX_EMBED_BARRIER, &barrier, PMIX_BOOL);
    client_start();
    if (me.rank == 1) client_hear("follow");
    else client_say("first");
    check_int(PMIx_Finalize(&info, 1), PMIX_SUCCESS, "PMIx_Finalize with an embedded barrier");
}

static void registered(void) {  // finalizes with an event handler and uncommitted data still there
    pmix_value_t value;
    struct done done = DONE_INIT;
    client_start();
    PMIX_VALUE_LOAD(&value, "never committed", PMIX_STRING);
    check_int(PMIx_Put(PMIX_GLOBAL, "k", &value), PMIX_SUCCESS, "puts");
    PMIX_VALUE_DESTRUCT(&value);
    check_int(PMIx_Fence_nb(NULL, 0, NULL, 0, done_op, &done), PMIX_SUCCESS, "enters a fence nobody else enters");
    check_int(client_attempt(finalize, NULL), PMIX_SUCCESS, "PMIx_Finalize does not wait for it");
}

static void leave_with(enum manner manner, pmix_status_t status) {
    struct host_config config = {.local = 2};
    config.answer[UP_FINALIZED] = (struct answer){manner, status};
    if (!ok(host_start(&config), "the host starts")) return;
    int clients[2] = {host_launch("testns", 0, "leaver"), host_launch("testns", 1, "leaver")};
    host_wait(clients[0]), host_wait(clients[1]);
    host_report();
    is_int(host_saw(UP_FINALIZED), manner == ABSENT ? 0 : 2, "FINAL-2 the host is asked once for each rank");
    const struct seen *seen = host_await(UP_FINALIZED, manner == ABSENT ? 0 : 1);
    if (seen) is_int((uintptr_t) seen->object, 1000 + seen->proc.rank, "FINAL-2 with the object of register_client");
    is_int(host_saw(UP_EVENT), 0, "FINAL-3 the closed connections are no event");
    host_stop();
}

static void later(void) { leave_with(LATER, PMIX_SUCCESS); }
static void at_once(void) { leave_with(INLINE, PMIX_SUCCESS); }
static void done_already(void) { leave_with(DONE, PMIX_SUCCESS); }
static void refused(void) { leave_with(REFUSED, PMIX_ERR_NO_PERMISSIONS); }
static void failed(void) { leave_with(LATER, PMIX_ERROR); }
static void unasked(void) { leave_with(ABSENT, PMIX_SUCCESS); }

static void embedded(void) {
    struct host_config config = {.local = 2, .remote = 1};
    if (!ok(host_start(&config), "the host starts")) return;
    int clients[2] = {host_launch("testns", 0, "embraced"), host_launch("testns", 1, "embraced")};
    host_hear(clients[0], "first");
    is_int(host_saw(UP_FENCE), 0, "no fence before both are in it");
    host_tell(clients[1], "follow");
    host_report();
    is_int(host_saw(UP_FENCE), 1, "the embedded barrier is a fence for the host");
    host_stop();
}

static void in_the_middle(void) {
    struct host_config config = {.local = 2};
    if (!ok(host_start(&config), "the host starts")) return;
    host_wait(host_launch("testns", 0, "registered"));
    int other = host_launch("testns", 1, "leaver");
    host_wait(other);
    host_report();
    is_int(host_saw(UP_FINALIZED), 2, "both were seen to finalize");
    host_stop();
}

int main(int argc, char **argv) {
    static const struct role roles[] = {
        {"leaver", leaver}, {"embraced", embraced}, {"registered", registered}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("the host answers later", later);
    scenario("the host answers at once", at_once);
    scenario("the host is done already", done_already);
    scenario("the host refuses", refused);
    scenario("the host fails", failed);
    scenario("no client_finalized", unasked);
    scenario("a barrier within finalize", embedded);
    scenario("with a fence under way", in_the_middle);
    return done_testing();
}
