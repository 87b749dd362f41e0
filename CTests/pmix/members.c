// Members of a group that die or leave: what the others are told, and what becomes of what they do together.
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"

#include "groups.h"

static pmix_status_t call_leave(void *name) { return PMIx_Group_leave(name, NULL, 0); }

static void bereaved(void) {
    client_start();
    listen_for(PMIX_GROUP_MEMBER_FAILED);
    begin_construct((struct wish){.count = 3});
    client_say("in");
    check_int(end_construct(), PMIX_ERR_PARTIAL_SUCCESS,
        "GROUP-16 a member dies before it calls: the construction fails");
    await("-170 g 2;", "GROUP-16 and the others are told who");
    client_stop();
}

static void content(void) {
    client_start();
    listen_for(PMIX_GROUP_MEMBER_FAILED);
    listen_for(PMIX_GROUP_MEMBERSHIP_UPDATE);
    begin_construct((struct wish){.count = 3, .flag = PMIX_GROUP_OPTIONAL});
    client_say("in");
    check_int(end_construct(), PMIX_SUCCESS,
        "GROUP-16 a member that was optional dies: the group is the others");
    await("-170 g 2;", "GROUP-16 the others are told who");
    await("-164 g+0+1;", "GROUP-16 and the membership");
    check_int(fence_group("g", PMIX_RANK_WILDCARD), PMIX_SUCCESS, "GROUP-16 who fence without it");
    client_stop();
}

static void led(void) {  // rank 0 leads
    client_start();
    listen_for(PMIX_GROUP_MEMBER_FAILED);
    if (me.rank == 1) client_hear("go");
    begin_construct((struct wish){.count = 3, .flag = me.rank == 0 ? PMIX_GROUP_LEADER : NULL});
    client_say("in");
    end_construct();
    if (me.rank == 0) await("-170 g 2;", "GROUP-16 the leader is told who died");
    client_round_trip();
    if (me.rank == 1) check_int(heard_count("-170"), 0, "GROUP-16 and nobody else");
    client_stop();
}

static void survivor(void) {
    client_start();
    listen_for(PMIX_GROUP_MEMBER_FAILED);
    check_int(construct((struct wish){.count = 3, .flag = getenv("TEST_FLAG")}), PMIX_SUCCESS, "a group of three");
    client_say("made");
    client_hear("go");
    if (getenv("TEST_FLAG")) {
        await("-170 g 2;", "GROUP-16 a member dies that has not left: the others are told");
        check_int(destruct("g"), PMIX_SUCCESS, "GROUP-16 and destruct the group without it");
    } else {
        check_int(destruct("g"), PMIX_ERR_PARTIAL_SUCCESS, "GROUP-16 a member has died: destructing tells so");
        check_int(heard_count("-170"), 0, "GROUP-16 without an event that nobody asked for");
    }
    client_stop();
}

static void after_the_fact(void) {
    client_start();
    listen_for(PMIX_GROUP_MEMBER_FAILED);
    client_say("in");
    client_hear("go");
    check_int(construct((struct wish){.count = 3}), PMIX_ERR_PARTIAL_SUCCESS,
        "GROUP-16 a member was dead before anybody called: the construction fails");
    await("-170 g 2;", "GROUP-16 and the others are told who");
    client_stop();
}

static void victim(void) {
    client_start();
    if (getenv("TEST_MEMBER")) {
        construct((struct wish){.count = 3, .flag = getenv("TEST_FLAG")});
        client_say("made");
    }
    client_say("in");
    client_hear("nothing more");
}

static void remaining(void) {
    client_start();
    listen_for(PMIX_GROUP_LEFT);
    check_int(construct((struct wish){.count = 3}), PMIX_SUCCESS, "a group of three");
    await("-160 g 2;", "GROUP-17 who remains hears who left");
    check_int(fence_group("g", PMIX_RANK_WILDCARD), PMIX_SUCCESS, "GROUP-17 the group is the others now");
    check_int(destruct("g"), PMIX_SUCCESS, "GROUP-17 and they destruct it");
    client_stop();
}

static void leaver(void) {
    struct done done = DONE_INIT;
    client_start();
    check_int(construct((struct wish){.count = 3}), PMIX_SUCCESS, "a group of three");
    check_int(client_attempt(call_leave, "g"), PMIX_SUCCESS, "GROUP-17 a member leaves");
    check_int(client_attempt(call_leave, "g"), PMIX_ERR_NOT_FOUND, "GROUP-17 once");
    check_int(client_attempt(call_leave, "nowhere"), PMIX_ERR_NOT_FOUND, "GROUP-17 only what it is in");
    check_int(PMIx_Group_leave_nb("g", NULL, 0, done_op, &done), PMIX_SUCCESS, "PMIx_Group_leave_nb");
    check(done_wait(&done) && done.status == PMIX_ERR_NOT_FOUND, "GROUP-17 tells its callback the same");
    client_stop();
}

// A fence waits for one that leaves instead; `flag` says whether that matters. Rank 1 calls when that one has left.
static void forsaken(void) {
    static struct done done = DONE_INIT;
    pmix_proc_t group;
    pmix_info_t info;
    bool on = true;
    size_t n = getenv("TEST_FLAG") ? 1 : 0;
    client_start();
    check_int(construct((struct wish){.count = 3}), PMIX_SUCCESS, "a group of three");
    PMIX_LOAD_PROCID(&group, "g", PMIX_RANK_WILDCARD);
    PMIX_INFO_LOAD(&info, PMIX_GROUP_FT_COLLECTIVE, &on, PMIX_BOOL);
    if (me.rank == 1) {
        client_say("in");
        client_hear("go");
    }
    check_int(PMIx_Fence_nb(&group, 1, &info, n, done_op, &done), PMIX_SUCCESS, "enters a fence");
    client_round_trip();
    client_say("in");
    check(done_wait(&done), "GROUP-17 the fence ends");
    check_int(done.status, n ? PMIX_SUCCESS : PMIX_ERR_PARTIAL_SUCCESS,
        n ? "GROUP-17 a fence that bears it goes on without who leaves" : "GROUP-17 another one tells of it");
    client_stop();
}

static void leaves_others_waiting(void) {
    client_start();
    check_int(construct((struct wish){.count = 3}), PMIX_SUCCESS, "a group of three");
    client_say("in");
    client_hear("go");
    check_int(client_attempt(call_leave, "g"), PMIX_SUCCESS, "GROUP-17 a member leaves while the others fence");
    client_say("left");
    client_stop();
}

// ---- hosts

// Two members wait for a third, which is killed.
static void lose(const char *role) {
    if (!start_with(3, 0, LATER, PMIX_SUCCESS)) return;
    int dead = host_launch("testns", 2, "victim"), one = host_launch("testns", 0, role);
    int two = host_launch("testns", 1, role);
    if (!ok(host_hear(dead, "in") && host_hear(one, "in"), "two of three call")) return;
    if (strcmp(role, "led") == 0) host_tell(two, "go");
    host_hear(two, "in");
    host_kill(dead);
    host_report();
    host_stop();
}

static void lost_before(void) {
    if (!start_with(3, 0, LATER, PMIX_SUCCESS)) return;
    int dead = host_launch("testns", 2, "victim"), one = host_launch("testns", 0, "after_the_fact");
    int two = host_launch("testns", 1, "after_the_fact");
    for (int i = 0; i < 3; i++) host_hear(i == 0 ? dead : i == 1 ? one : two, "in");
    host_kill(dead);
    ok(host_await(UP_EVENT, 1) != NULL, "a member dies");
    host_tell(one, "go"), host_tell(two, "go");
    host_report();
    host_stop();
}

static void losing(void) { lose("bereaved"); }
static void losing_optional(void) { lose("content"); }
static void losing_led(void) { lose("led"); }

static void lose_member(const char *flag) {
    const char *survivor[] = {flag ? "TEST_FLAG" : NULL, flag, NULL};
    const char *victim[] = {"TEST_MEMBER", "1", flag ? "TEST_FLAG" : NULL, flag, NULL};
    int clients[3];
    if (!start_with(3, 0, LATER, PMIX_SUCCESS)) return;
    for (uint32_t rank = 0; rank < 2; rank++) clients[rank] = host_launch_with("testns", rank, "survivor", survivor);
    clients[2] = host_launch_with("testns", 2, "victim", victim);
    for (int i = 0; i < 3; i++) ok(host_hear(clients[i], "made"), "member %d is in the group", i);
    host_kill(clients[2]);
    ok(host_await(UP_EVENT, 1) != NULL, "a member dies");
    host_tell(clients[0], "go"), host_tell(clients[1], "go");
    host_report();
    host_stop();
}

static void losing_later(void) { lose_member(NULL); }
static void losing_told(void) { lose_member(PMIX_GROUP_NOTIFY_TERMINATION); }

static void leaving(void) {
    if (!start_with(3, 0, LATER, PMIX_SUCCESS)) return;
    launch("remaining", 2);
    host_launch("testns", 2, "leaver");
    host_report();
    host_stop();
}

static void leave_fence(const char *flag) {
    const char *variables[] = {flag ? "TEST_FLAG" : NULL, "1", NULL};
    int clients[3];
    if (!start_with(3, 0, LATER, PMIX_SUCCESS)) return;
    for (uint32_t rank = 0; rank < 2; rank++) clients[rank] = host_launch_with("testns", rank, "forsaken", variables);
    clients[2] = host_launch("testns", 2, "leaves_others_waiting");
    for (int i = 0; i < 3; i++) host_hear(clients[i], "in");
    host_tell(clients[2], "go");
    ok(host_hear(clients[2], "left"), "one of three has left");
    host_tell(clients[1], "go");
    host_report();
    host_stop();
}

static void leaving_fence(void) { leave_fence(NULL); }
static void leaving_tolerant(void) { leave_fence("yes"); }

int main(int argc, char **argv) {
    static const struct role roles[] = {{"bereaved", bereaved}, {"content", content}, {"led", led},
        {"survivor", survivor}, {"after_the_fact", after_the_fact}, {"victim", victim}, {"remaining", remaining}, {"leaver", leaver},
        {"forsaken", forsaken}, {"leaves_others_waiting", leaves_others_waiting}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("a member lost while constructing", losing);
    scenario("a member lost before", lost_before);
    scenario("an optional member lost", losing_optional);
    scenario("a member lost, with a leader", losing_led);
    scenario("a member lost later", losing_later);
    scenario("a member lost later, to be told", losing_told);
    scenario("leaving", leaving);
    scenario("leaving a fence", leaving_fence);
    scenario("leaving a fence that bears it", leaving_tolerant);
    return done_testing();
}
