// Groups that form by invitation: who is asked, who answers, what the group is then, and what becomes of it when somebody
// declines, does not answer, aborts, or dies; be it the leader.
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"

#include "groups.h"

// ---- ranks

static pmix_proc_t inviter;
static size_t membership, context_id;
static pmix_status_t verdict = PMIX_EVENT_NO_ACTION_TAKEN;  // what a handler says of an answer

static void take_results(pmix_status_t rc, pmix_info_t *results, size_t n) {
    membership = context_id = 0;
    for (size_t i = 0; rc == PMIX_SUCCESS && i < n; i++) {
        if (PMIX_CHECK_KEY(&results[i], PMIX_GROUP_MEMBERSHIP)) membership = results[i].value.data.darray->size;
        if (PMIX_CHECK_KEY(&results[i], PMIX_GROUP_CONTEXT_ID)) context_id = results[i].value.data.size;
    }
}

static void free_results(pmix_status_t rc, pmix_info_t *results, size_t n) {
    take_results(rc, results, n);
    if (rc == PMIX_SUCCESS && results) PMIX_INFO_FREE(results, n);
}

static void on_joined(pmix_status_t status, pmix_info_t *results, size_t n, void *cbdata,
    pmix_release_cbfunc_t release, void *release_data) {
    take_results(status, results, n);
    if (release) release(release_data);
    done_op(status, cbdata);
}

static pmix_status_t call_invite(void *unused) {
    pmix_proc_t procs[8];
    pmix_info_t infos[8], *results = NULL;
    size_t n = 0, nprocs = load_members(procs), ninfos = load_wishes(infos);
    (void) unused;
    pmix_status_t rc = PMIx_Group_invite(wish.name, procs, nprocs, infos, ninfos, &results, &n);
    free_results(rc, results, n);
    return rc;
}

static pmix_status_t invite(struct wish wanted) {
    set_wish(wanted);
    return client_attempt(call_invite, NULL);
}

static pmix_status_t call_join(void *option) {
    static struct done joined = DONE_INIT;
    pmix_info_t *results = NULL;
    size_t n = 0;
    pmix_group_opt_t opt = *(pmix_group_opt_t *) option;
    if (me.rank == 2) {  // one of the guests by the call that does not block
        joined.count = 0;
        pmix_status_t rc = PMIx_Group_join_nb("g", &inviter, opt, NULL, 0, on_joined, &joined);
        if (rc != PMIX_SUCCESS) return rc;
        return done_wait(&joined) ? joined.status : LATE;
    }
    pmix_status_t rc = PMIx_Group_join("g", &inviter, opt, NULL, 0, &results, &n);
    free_results(rc, results, n);
    return rc;
}

static pmix_status_t join(pmix_group_opt_t option) { return client_attempt(call_join, &option); }

static void on_invited(size_t id, pmix_status_t code, const pmix_proc_t *source, pmix_info_t info[], size_t n,
    pmix_info_t *results, size_t nresults, pmix_event_notification_cbfunc_fn_t cb, void *cbdata) {
    inviter = *source;
    on_event(id, code, source, info, n, results, nresults, cb, cbdata);
}

static void on_answer(size_t id, pmix_status_t code, const pmix_proc_t *source, pmix_info_t info[], size_t n,
    pmix_info_t *results, size_t nresults, pmix_event_notification_cbfunc_fn_t cb, void *cbdata) {
    on_event(id, code, source, info, n, results, nresults, NULL, NULL);
    cb(verdict, NULL, 0, NULL, NULL, cbdata);
}

// Says that this process leads from here on.
static void on_leader_lost(size_t id, pmix_status_t code, const pmix_proc_t *source, pmix_info_t info[], size_t n,
    pmix_info_t *results, size_t nresults, pmix_event_notification_cbfunc_fn_t cb, void *cbdata) {
    pmix_info_t mine;
    bool on = true;
    on_event(id, code, source, info, n, results, nresults, NULL, NULL);
    PMIX_INFO_LOAD(&mine, PMIX_GROUP_LEADER, &on, PMIX_BOOL);
    if (me.rank == 1) cb(PMIX_EVENT_NO_ACTION_TAKEN, &mine, 1, NULL, NULL, cbdata);
    else cb(PMIX_EVENT_NO_ACTION_TAKEN, NULL, 0, NULL, NULL, cbdata);
}

static void handle(pmix_status_t code, pmix_notification_fn_t handler) {
    check(PMIx_Register_event_handler(&code, 1, NULL, 0, handler, NULL, NULL) >= 0, "listens for %d", code);
}

static void start_as_guest(void) {
    client_start();
    handle(PMIX_GROUP_INVITED, on_invited);
    client_say("in");
    await("-159 g;", "GROUP-5 who is invited hears of it");
    check_int(inviter.rank, 0, "GROUP-5 and by whom");
}

static void start_as_leader(void) {
    client_start();
    client_hear("go");
}

static void leads(void) {
    start_as_leader();
    check_int(invite((struct wish){.count = 3}), PMIX_SUCCESS, "GROUP-5 all accept: the group is there");
    check_int(fence_group("g", PMIX_RANK_WILDCARD), PMIX_SUCCESS, "FENCE-3 and can fence");
    client_stop();
}

static void accepts(void) {
    start_as_guest();
    listen_for(PMIX_GROUP_CONSTRUCT_COMPLETE);
    check_int(join(PMIX_GROUP_ACCEPT), PMIX_SUCCESS, "GROUP-5 an invitation is accepted");
    await("-166 g", "GROUP-5 the leader tells when the group is there");
    check_int(fence_group("g", PMIX_RANK_WILDCARD), PMIX_SUCCESS, "FENCE-3 and can fence");
    client_stop();
}

static void leads_and_knows(void) {
    start_as_leader();
    check_int(invite((struct wish){.count = 3, .flag = PMIX_GROUP_ASSIGN_CONTEXT_ID}), PMIX_SUCCESS,
        "GROUP-19 a group with an id by invitation");
    check_int(membership, 3, "GROUP-19 the leader learns the membership");
    check_int(context_id, CONTEXT_ID, "GROUP-19 and the host's id");
    client_stop();
}

static void accepts_and_knows(void) {
    start_as_guest();
    check_int(join(PMIX_GROUP_ACCEPT), PMIX_SUCCESS, "GROUP-19 who joins returns when the group is there");
    check_int(membership, 3, "GROUP-19 with the membership");
    check_int(context_id, CONTEXT_ID, "GROUP-19 and the host's id");
    client_stop();
}

static void leads_fewer(void) {
    start_as_leader();
    handle(PMIX_GROUP_INVITE_DECLINED, on_event);
    check_int(invite((struct wish){.count = 3}), PMIX_SUCCESS, "GROUP-20 one declines: the group is the others");
    check_int(membership, 2, "GROUP-20 without that one");
    await("-162", "GROUP-20 the leader hears of the refusal");
    client_stop();
}

static void accepts_with_fewer(void) {
    start_as_guest();
    check_int(join(PMIX_GROUP_ACCEPT), PMIX_SUCCESS, "GROUP-20 who accepts is in it");
    check_int(membership, 2, "GROUP-20 and knows with whom");
    client_stop();
}

static void declines(void) {
    start_as_guest();
    check_int(join(PMIX_GROUP_DECLINE), PMIX_SUCCESS, "GROUP-20 an invitation is declined");
    client_stop();
}

static void aborts(void) {
    start_as_leader();
    verdict = PMIX_GROUP_CONSTRUCT_ABORT;
    handle(PMIX_GROUP_INVITE_ACCEPTED, on_answer);
    check_int(invite((struct wish){.count = 2}), PMIX_GROUP_CONSTRUCT_ABORT,
        "GROUP-21 the leader's handler aborts the group");
    client_stop();
}

static void is_aborted(void) {
    start_as_guest();
    check_int(join(PMIX_GROUP_ACCEPT), PMIX_GROUP_CONSTRUCT_ABORT, "GROUP-21 who had accepted is told");
    client_stop();
}

static void loses_patience(void) {
    start_as_leader();
    check_int(invite((struct wish){.count = 3, .timeout = 2}), PMIX_ERR_TIMEOUT,
        "GROUP-21 somebody does not answer: a timeout");
    client_stop();
}

static void ignores(void) {
    start_as_guest();
    client_say("asked");
    client_hear("leave");
    client_stop();
}

static void goes_on(void) {
    start_as_leader();
    handle(PMIX_GROUP_MEMBER_FAILED, on_event);
    check_int(invite((struct wish){.count = 3}), PMIX_SUCCESS, "GROUP-22 one dies before it answers: the group is the others");
    check_int(membership, 2, "GROUP-22 without that one");
    await("-170 g 2;", "GROUP-22 the leader is told who died");
    client_stop();
}

static void dies_as_leader(void) {
    static struct results results = {DONE_INIT, 0};
    pmix_proc_t procs[3];
    start_as_leader();
    handle(PMIX_GROUP_INVITE_ACCEPTED, on_event);
    set_wish((struct wish){.count = 3});
    load_members(procs);
    PMIx_Group_invite_nb("g", procs, 3, NULL, 0, on_constructed, &results);
    await("-161 g;", "GROUP-5 the leader hears of an answer");
    client_say("answered");
    client_hear("nothing more");
}

static void is_forsaken(void) {
    start_as_guest();
    check_int(join(PMIX_GROUP_ACCEPT), PMIX_GROUP_LEADER_FAILED, "GROUP-23 the leader dies: nobody leads the group");
    client_stop();
}

static void answers_later(void) {
    start_as_guest();
    handle(PMIX_GROUP_LEADER_FAILED, on_leader_lost);
    handle(PMIX_GROUP_LEADER_SELECTED, on_event);
    if (me.rank == 2) client_hear("go");
    check_int(join(PMIX_GROUP_ACCEPT), PMIX_SUCCESS, "GROUP-23 the leader dies, one of the others leads: the group is there");
    check_int(membership, 2, "GROUP-23 with those that remain");
    if (me.rank == 2) await("-167 g;", "GROUP-23 and the new leader is known");
    client_stop();
}

static void errs(void) {
    pmix_proc_t proc;
    client_start();
    proc = me;
    check_int(PMIx_Group_invite("g", NULL, 0, NULL, 0, NULL, NULL), PMIX_ERR_BAD_PARAM, "GROUP-24 nobody is invited");
    check_int(PMIx_Group_invite(NULL, &proc, 1, NULL, 0, NULL, NULL), PMIX_ERR_BAD_PARAM, "GROUP-24 to no group");
    check_int(PMIx_Group_join(NULL, &proc, PMIX_GROUP_ACCEPT, NULL, 0, NULL, NULL), PMIX_ERR_BAD_PARAM,
        "GROUP-24 joining no group");
    check_int(PMIx_Group_join("g", &proc, (pmix_group_opt_t) 7, NULL, 0, NULL, NULL), PMIX_ERR_BAD_PARAM,
        "GROUP-24 neither accepted nor declined");
    check_int(PMIx_Group_join("g", NULL, PMIX_GROUP_ACCEPT, NULL, 0, NULL, NULL), PMIX_ERR_BAD_PARAM,
        "GROUP-24 an invitation of nobody that never came");
    check_int(invite((struct wish){.count = 1}), PMIX_SUCCESS, "GROUP-5 a group of its leader alone");
    client_stop();
}

// ---- hosts

static int clients[3];

// Ranks 1 and 2 wait for the invitation of rank 0.
static bool gather(const char *leader, const char *one, const char *two, uint32_t local) {
    struct host_config config = {.local = local};
    // The original's server answers a client twice, and dies of it, where the host does otherwise.
    config.answer[UP_NOTIFY].manner = DONE;
    host_group.context_id = CONTEXT_ID;
    if (!ok(host_start(&config), "the host starts")) return false;
    clients[0] = host_launch("testns", 0, leader);
    if (one) clients[1] = host_launch("testns", 1, one);
    if (two) clients[2] = host_launch("testns", 2, two);
    bool all = (!one || host_hear(clients[1], "in")) && (!two || host_hear(clients[2], "in"));
    ok(all, "the guests are there");
    host_tell(clients[0], "go");
    return all;
}

static void finish(void) {
    host_report();
    host_stop();
}

static void all_accept(void) {
    if (!gather("leads", "accepts", "accepts", 3)) return;
    host_report();
    int invited = 0, complete = 0;
    for (int i = 1; i <= host_saw(UP_NOTIFY); i++) {
        const struct seen *seen = host_await(UP_NOTIFY, i);
        invited += seen->code == PMIX_GROUP_INVITED && strcmp(seen->text, "range 6") == 0;
        complete += seen->code == PMIX_GROUP_CONSTRUCT_COMPLETE;
    }
    is_int(invited, 1, "GROUP-5 the host is asked to carry the invitation");
    is_int(complete, 1, "GROUP-5 and the end of it");
    host_stop();
}

static void identified(void) {
    if (!gather("leads_and_knows", "accepts_and_knows", "accepts_and_knows", 3)) return;
    host_report();
    const struct seen *seen = host_await(UP_GROUP, 1);
    ok(seen && strstr(seen->infos, PMIX_GROUP_MEMBERSHIP "=[3]"), "GROUP-19 the host hears for whom the id is");
    host_stop();
}

static void one_declines(void) {
    if (gather("leads_fewer", "accepts_with_fewer", "declines", 3)) finish();
}

static void aborted(void) {
    if (gather("aborts", "is_aborted", NULL, 2)) finish();
}

static void timed_out(void) {
    if (!gather("loses_patience", "is_aborted", "ignores", 3)) return;
    host_wait(clients[0]);
    host_tell(clients[2], "leave");
    finish();
}

static void one_dies(void) {
    if (!gather("goes_on", "accepts_with_fewer", "ignores", 3)) return;
    host_await(UP_NOTIFY, 2);  // the invitation and the other's answer
    ok(host_hear(clients[2], "asked"), "one is asked and does not answer");
    host_kill(clients[2]);
    finish();
}

static void leader_dies(const char *role) {
    if (!gather("dies_as_leader", role, strcmp(role, "is_forsaken") ? role : "ignores", 3)) return;
    ok(host_hear(clients[0], "answered"), "one has answered");
    host_kill(clients[0]);
    if (strcmp(role, "is_forsaken")) host_tell(clients[2], "go");
    else host_tell(clients[2], "leave");
    finish();
}

static void unled(void) { leader_dies("is_forsaken"); }
static void led_anew(void) { leader_dies("answers_later"); }

static void wrong(void) {
    if (gather("errs", NULL, NULL, 1)) finish();
}

int main(int argc, char **argv) {
    static const struct role roles[] = {{"leads", leads}, {"accepts", accepts}, {"leads_and_knows", leads_and_knows},
        {"accepts_and_knows", accepts_and_knows}, {"leads_fewer", leads_fewer},
        {"accepts_with_fewer", accepts_with_fewer}, {"declines", declines}, {"aborts", aborts},
        {"is_aborted", is_aborted}, {"loses_patience", loses_patience}, {"ignores", ignores}, {"goes_on", goes_on},
        {"dies_as_leader", dies_as_leader}, {"is_forsaken", is_forsaken}, {"answers_later", answers_later},
        {"errs", errs}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("all accept", all_accept);
    scenario("a group with an id", identified);
    scenario("one declines", one_declines);
    scenario("the leader aborts", aborted);
    scenario("one does not answer", timed_out);
    scenario("one dies", one_dies);
    scenario("the leader dies", unled);
    scenario("the leader dies and another leads", led_anew);
    scenario("wrong arguments", wrong);
    return done_testing();
}
