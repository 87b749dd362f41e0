// Ranks that a debugger wants stopped in PMIx_Init: they wait, the host hears of it, a release lets them go.
// sources: host.c
// compare: original
#include "tap.h"
#include "host.h"
#include "client.h"

static void stops(void) {
    client_say("here");
    check_int(PMIx_Init(&me, NULL, 0), PMIX_SUCCESS, "PMIx_Init");
    client_say("through");
    client_hear("go");
    client_stop();
}

static bool start_job(const char *what, pmix_rank_t rank) {
    // Asked to answer later, the original ends with its server waiting for ever.
    struct host_config config = {.local = 2, .unregistered = true, .answer[UP_NOTIFY] = {DONE, PMIX_SUCCESS}};
    char here[256] = "", *nodes, *procs;
    pmix_info_t *infos;
    pmix_nspace_t nspace;
    uint32_t two = 2;
    bool yes = true;
    struct op op = {0, 0};
    setenv("PMIX_MCA_gds", "hash", 1);
    if (!ok(host_start(&config), "the host starts")) return false;
    gethostname(here, sizeof here - 1);
    PMIx_generate_regex(here, &nodes);
    PMIx_generate_ppn("0,1", &procs);
    PMIX_INFO_CREATE(infos, 4);
    PMIX_INFO_LOAD(&infos[0], PMIX_JOB_SIZE, &two, PMIX_UINT32);
    PMIX_INFO_LOAD(&infos[1], PMIX_NODE_MAP, nodes, PMIX_REGEX);
    PMIX_INFO_LOAD(&infos[2], PMIX_PROC_MAP, procs, PMIX_REGEX);
    if (strcmp(what, "bool") == 0) {
        PMIX_INFO_LOAD(&infos[3], PMIX_DEBUG_STOP_IN_INIT, &yes, PMIX_BOOL);
    } else if (strcmp(what, "rank") == 0) {
        PMIX_INFO_LOAD(&infos[3], PMIX_DEBUG_STOP_IN_INIT, &rank, PMIX_PROC_RANK);
    } else {
        pmix_rank_t ranks[] = {rank, 17};
        pmix_data_array_t array = {.type = PMIX_PROC_RANK, .size = 2, .array = ranks};
        PMIX_INFO_LOAD(&infos[3], PMIX_DEBUG_STOP_IN_INIT, &array, PMIX_DATA_ARRAY);
    }
    PMIX_LOAD_NSPACE(nspace, "testns");
    if (PMIx_server_register_nspace(nspace, 2, infos, 4, host_op_done, &op) == PMIX_SUCCESS) host_op_wait(&op, NULL);
    PMIX_INFO_FREE(infos, 4);
    free(nodes), free(procs);
    return true;
}

static void release(void) {
    pmix_info_t infos[2];
    pmix_proc_t all;
    bool yes = true;
    PMIX_LOAD_PROCID(&all, "testns", PMIX_RANK_WILDCARD);
    PMIX_INFO_LOAD(&infos[0], PMIX_EVENT_CUSTOM_RANGE, &all, PMIX_PROC);
    PMIX_INFO_LOAD(&infos[1], PMIX_EVENT_NON_DEFAULT, &yes, PMIX_BOOL);
    is_int(PMIx_Notify_event(PMIX_DEBUGGER_RELEASE, NULL, PMIX_RANGE_CUSTOM, infos, 2, NULL, NULL), PMIX_SUCCESS,
        "DEBUG-1 the release");
    PMIX_INFO_DESTRUCT(&infos[0]);
}

static void check_stop(pmix_rank_t from) {
    const struct seen *seen = host_await(UP_NOTIFY, 1);
    ok(seen && seen->code == PMIX_READY_FOR_DEBUG, "DEBUG-2 the host hears that they are ready");
    ok(seen && strcmp(seen->proc.nspace, "testns") == 0 && seen->proc.rank == from, "DEBUG-2 from the ranks of this node");
    ok(seen && strstr(seen->infos, PMIX_BREAKPOINT "=pmix-init"), "DEBUG-2 and where they are");
    ok(seen && strcmp(seen->text, "range 1") == 0, "DEBUG-2 the event is for the host alone");
}

static void let_go(int first, bool first_waits, int second) {
    release();
    ok((!first_waits || host_hear(first, "through")) && host_hear(second, "through"), "DEBUG-1 which lets them go");
    is_int(host_saw(UP_NOTIFY), 1, "DEBUG-2 one event for all");
    host_tell(first, "go");
    host_tell(second, "go");
    host_report();
    host_stop();
}

static void all_of(const char *what, pmix_rank_t rank) {
    if (!start_job(what, rank)) return;
    int first = host_launch("testns", 0, "stops");
    ok(host_hear(first, "here"), "the first rank");
    int second = host_launch("testns", 1, "stops");
    check_stop(PMIX_RANK_LOCAL_PEERS);
    let_go(first, true, second);
}

static void stop_all(void) { all_of("bool", 0); }
static void stop_every(void) { all_of("rank", PMIX_RANK_WILDCARD); }

#ifndef MUSTER_ORIGINAL  // which stops all ranks whichever are meant
static void one_of(const char *what) {
    if (!start_job(what, 1)) return;
    int first = host_launch("testns", 0, "stops");
    ok(host_hear(first, "through"), "DEBUG-3 a rank that is not meant goes on");
    int second = host_launch("testns", 1, "stops");
    check_stop(PMIX_RANK_LOCAL_PEERS);
    let_go(first, false, second);
}

static void stop_one(void) { one_of("rank"); }
static void stop_listed(void) { one_of("list"); }
#endif

int main(int argc, char **argv) {
    static const struct role roles[] = {{"stops", stops}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("all ranks are stopped", stop_all);
    scenario("all ranks are named", stop_every);
#ifndef MUSTER_ORIGINAL
    scenario("one rank is stopped", stop_one);
    scenario("a list of ranks", stop_listed);
#endif
    return done_testing();
}
