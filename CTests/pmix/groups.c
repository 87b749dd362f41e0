// Groups that all members make and end together: who completes one, what the host is told, and what members learn.
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"

#include "groups.h"

// The original takes who has not connected yet for a process of another node.
static void start_together(void) {
    client_start();
    check_int(PMIx_Fence(NULL, 0, NULL, 0), PMIX_SUCCESS, "all are here");
}

static void made_here(void) {
    start_together();
    check_int(construct((struct wish){0}), PMIX_SUCCESS, "GROUP-1 two ranks construct a group");
    check(outcome.has_id && outcome.id == SIZE_MAX, "GROUP-2 nobody wanted an id, and SIZE_MAX says so");
    check_int(fence_group("g", PMIX_RANK_WILDCARD), PMIX_SUCCESS, "FENCE-3 a fence over the group's name");
    check_int(fence_group("g", 2), PMIX_ERR_BAD_PARAM, "FENCE-3 S8 a place it does not have");
    check_int(destruct("g"), PMIX_SUCCESS, "GROUP-13 both destruct it");
    check_int(destruct("g"), PMIX_ERR_NOT_FOUND, "GROUP-3 and then it is unknown");
    client_stop();
}

static void wants_id(void) {
    client_start();
    check_int(construct((struct wish){.flag = PMIX_GROUP_ASSIGN_CONTEXT_ID}), PMIX_SUCCESS,
        "GROUP-2 a group with an id is constructed");
    check(outcome.has_id && outcome.id == CONTEXT_ID, "GROUP-2 the id is the host's");
    check_int(destruct("g"), PMIX_SUCCESS, "GROUP-13 and destructed");
    check_int(construct((struct wish){.flag = PMIX_GROUP_ASSIGN_CONTEXT_ID}), PMIX_SUCCESS,
        "GROUP-14 S9 the name can be used again");
    client_stop();
}

static void wants_only_local(void) {
    client_start();
    check_int(construct((struct wish){.flag = PMIX_GROUP_LOCAL_ONLY, .other = PMIX_GROUP_ASSIGN_CONTEXT_ID}),
        PMIX_SUCCESS, "GROUP-7 a local group is constructed");
    check(outcome.has_id && outcome.id == SIZE_MAX, "GROUP-7 without an id, whatever was wanted");
    client_stop();
}

static void wide(void) {
    client_start();
    check_int(construct((struct wish){.count = 3}), PMIX_SUCCESS, "GROUP-7 a group with a remote member");
    check_int(fence_group("g", PMIX_RANK_WILDCARD), PMIX_SUCCESS, "FENCE-3 a fence over it");
    check_int(destruct("g"), PMIX_SUCCESS, "GROUP-13 it is destructed");
    client_stop();
}

static void without_barrier(void) {
    client_start();
    check_int(construct((struct wish){.count = 3, .off = PMIX_EMBED_BARRIER}), PMIX_SUCCESS,
        "GROUP-8 a group without a barrier");
    client_stop();
}

static void refused(void) {
    client_start();
    check_int(construct((struct wish){.count = 3}), PMIX_ERR_OUT_OF_RESOURCE,
        "GROUP-11 S18 S19 the host's refusal reaches every member");
    check_int(destruct("g"), PMIX_ERR_NOT_FOUND, "GROUP-11 S18 and there is no such group");
    client_stop();
}

static void unsupported(void) {
    client_start();
    check_int(construct((struct wish){.flag = PMIX_GROUP_ASSIGN_CONTEXT_ID}), PMIX_ERR_NOT_SUPPORTED,
        "GROUP-10 an id without a group function in the host");
    client_stop();
}

static void unsupported_local(void) {
    start_together();
    check_int(construct((struct wish){0}), PMIX_SUCCESS, "GROUP-10 a local group needs no function in the host");
    check_int(destruct("g"), PMIX_SUCCESS, "GROUP-10 nor does its end");
    client_stop();
}

static void impatient(void) {
    client_start();
    check_int(construct((struct wish){.count = 2, .timeout = 1}), PMIX_ERR_TIMEOUT,
        "GROUP-4 a member that does not call: a timeout");
    client_say("out");
    client_hear("leave");
    client_stop();
}

static void idle(void) {
    client_start();
    client_say("in");
    client_hear("leave");
    client_stop();
}

static void by_node(void) {
    client_start();
    check_int(construct((struct wish){.special = PMIX_RANK_LOCAL_PEERS}), PMIX_SUCCESS,
        "GROUP-6 a group of the local peers");
    check_int(fence_group("g", 1), PMIX_ERR_BAD_PARAM, "FENCE-3 a fence of another member alone is not for this one");
    client_stop();
}

static void by_node_first(void) {
    client_start();
    check_int(construct((struct wish){.special = PMIX_RANK_LOCAL_PEERS}), PMIX_SUCCESS,
        "GROUP-6 a group of the local peers");
    check_int(fence_group("g", me.rank), PMIX_SUCCESS, "FENCE-3 a place in it is the member there");
    client_stop();
}

// ---- what members tell each other

static void tell_cid(void) {
    pmix_value_t *value = NULL;
    pmix_proc_t other;
    pmix_info_t qualifier;
    size_t id = CONTEXT_ID;
    client_start();
    PMIX_LOAD_PROCID(&other, me.nspace, 1 - me.rank);
    check_int(construct((struct wish){.flag = PMIX_GROUP_ASSIGN_CONTEXT_ID, .told = 1000 + me.rank}), PMIX_SUCCESS,
        "GROUP-9 members tell their local id");
    PMIX_INFO_LOAD(&qualifier, PMIX_GROUP_CONTEXT_ID, &id, PMIX_SIZE);
    qualifier.flags |= PMIX_INFO_QUALIFIER;
    pmix_status_t rc = PMIx_Get(&other, PMIX_GROUP_LOCAL_CID, &qualifier, 1, &value);
    if (check_int(rc, PMIX_SUCCESS, "GROUP-9 a member's local id is known within the group")) {
        check(value->type == PMIX_SIZE && value->data.size == 1000 + other.rank, "GROUP-9 and it is that member's");
        PMIX_VALUE_RELEASE(value);
    }
    check_int(PMIx_Get(&other, PMIX_GROUP_LOCAL_CID, NULL, 0, &value), PMIX_ERR_NOT_FOUND,
        "GROUP-9 but not without the group");
    id = CONTEXT_ID + 1;
    qualifier.value.data.size = id;
    check_int(PMIx_Get(&other, PMIX_GROUP_LOCAL_CID, &qualifier, 1, &value), PMIX_ERR_NOT_FOUND,
        "GROUP-9 nor within another");
    client_stop();
}

// ---- without blocking

static void two_at_once(void) {
    static struct results one = {DONE_INIT, 0}, two = {DONE_INIT, 0};
    static struct done first = DONE_INIT, second = DONE_INIT;
    pmix_proc_t procs[2];
    client_start();
    for (uint32_t rank = 0; rank < 2; rank++) PMIX_LOAD_PROCID(&procs[rank], me.nspace, rank);
    const char *names[] = {me.rank ? "b" : "a", me.rank ? "a" : "b"};
    check_int(PMIx_Group_construct_nb(names[0], procs, 2, NULL, 0, on_constructed, &one), PMIX_SUCCESS,
        "PMIx_Group_construct_nb");
    check_int(PMIx_Group_construct_nb(names[1], procs, 2, NULL, 0, on_constructed, &two), PMIX_SUCCESS,
        "PMIx_Group_construct_nb of another");
    check(done_wait(&one.done) && one.done.status == PMIX_SUCCESS, "GROUP-1 several groups at a time: one is there");
    check(done_wait(&two.done) && two.done.status == PMIX_SUCCESS, "GROUP-1 several groups at a time: so is the other");
    check(one.id == SIZE_MAX && two.id == SIZE_MAX, "GROUP-2 their callbacks get the ids");
    check_int(PMIx_Group_destruct_nb("a", NULL, 0, done_op, &first), PMIX_SUCCESS, "PMIx_Group_destruct_nb");
    check_int(PMIx_Group_destruct_nb("b", NULL, 0, done_op, &second), PMIX_SUCCESS, "PMIx_Group_destruct_nb of another");
    check(done_wait(&first) && first.status == PMIX_SUCCESS, "GROUP-13 one is destructed");
    check(done_wait(&second) && second.status == PMIX_SUCCESS, "GROUP-13 so is the other");
    client_stop();
}

static void patient(void) {
    client_start();
    begin_construct((struct wish){0});
    client_say("in");
    check_int(end_construct(), PMIX_SUCCESS, "GROUP-15 the group is as its first caller said");
    client_stop();
}

static void contrary(void) {  // means another group of the same name
    client_start();
    client_hear("go");
    check_int(construct((struct wish){.count = 3}), PMIX_ERR_INVALID_ARG, "GROUP-15 S18 other members are refused");
    check_int(construct((struct wish){0}), PMIX_SUCCESS, "GROUP-15 and the same are not");
    client_stop();
}

static void in_error(void) {
    pmix_proc_t proc;
    char name[PMIX_MAX_NSLEN + 8];
    client_start();
    proc = me;
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = 0;
    check_int(PMIx_Group_construct("g", NULL, 0, NULL, 0, NULL, NULL), PMIX_ERR_BAD_PARAM, "GROUP-12 S18 no members");
    check_int(PMIx_Group_construct(NULL, &proc, 1, NULL, 0, NULL, NULL), PMIX_ERR_BAD_PARAM, "GROUP-12 no name");
    check_int(PMIx_Group_construct(name, &proc, 1, NULL, 0, NULL, NULL), PMIX_ERR_BAD_PARAM, "GROUP-12 a long name");
    check_int(PMIx_Group_destruct(NULL, NULL, 0), PMIX_ERR_BAD_PARAM, "GROUP-12 no name to destruct");
    check_int(PMIx_Group_leave(NULL, NULL, 0), PMIX_ERR_BAD_PARAM, "GROUP-12 no name to leave");
    check_int(PMIx_Group_construct("g", &proc, 1, NULL, 0, NULL, NULL), PMIX_SUCCESS, "GROUP-1 a group of one");
    check_int(PMIx_Group_destruct("g", NULL, 0), PMIX_SUCCESS, "GROUP-13 which it can destruct");
    client_stop();
}

#include "hosts/groups.c"

int main(int argc, char **argv) {
    static const struct role roles[] = {{"made_here", made_here}, {"wants_id", wants_id},
        {"wants_only_local", wants_only_local}, {"wide", wide}, {"without_barrier", without_barrier},
        {"refused", refused}, {"unsupported", unsupported}, {"unsupported_local", unsupported_local},
        {"impatient", impatient}, {"idle", idle}, {"by_node", by_node}, {"by_node_first", by_node_first},
        {"patient", patient}, {"contrary", contrary}, {"tell_cid", tell_cid}, {"two_at_once", two_at_once},
        {"in_error", in_error}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("a local group", local);
    scenario("a group with an id", identified);
    scenario("a group with an id, the host is done at once", identified_at_once);
    scenario("local whatever is wanted", forced_local);
    scenario("a group with a remote member", wider);
    scenario("no barrier", barrierless);
    scenario("the host refuses", refusing);
    scenario("the host fails", failing);
    scenario("no group function", functionless);
    scenario("no group function, a local group", functionless_local);
    scenario("a timeout", timing_out);
    scenario("the local peers", peers);
    scenario("the place of a member", places);
    scenario("who is meant", disagreeing);
    scenario("what members tell", telling);
    scenario("several groups at a time", several);
    scenario("wrong arguments", wrong);
    return done_testing();
}
