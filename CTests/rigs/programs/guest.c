// What a rank under `muster run` is given by its host, across jobs: guest MODE. As member.c, it prints `MODE ok RANK` when
// everything was as it should be. Jobs are started by rank 0; what the two have to tell each other is published.
#include "member.h"

#include <signal.h>

static const char *program;

static pmix_status_t publish(const char *key, const char *text, pmix_data_range_t range, pmix_persistence_t lasts) {
    pmix_info_t infos[3];
    PMIX_INFO_LOAD(&infos[0], key, text, PMIX_STRING);
    PMIX_INFO_LOAD(&infos[1], PMIX_RANGE, &range, PMIX_DATA_RANGE);
    PMIX_INFO_LOAD(&infos[2], PMIX_PERSISTENCE, &lasts, PMIX_PERSIST);
    pmix_status_t status = PMIx_Publish(infos, 3);
    PMIX_INFO_DESTRUCT(&infos[0]);
    return status;
}

static void tell(const char *key, const char *text) {
    want(publish(key, text, PMIX_RANGE_SESSION, PMIX_PERSIST_SESSION) == PMIX_SUCCESS, key);
}

static pmix_status_t lookup(const char *key, bool waits, char *text, size_t room) {
    pmix_pdata_t found;
    pmix_info_t infos[2];
    int seconds = 20;
    PMIX_PDATA_CONSTRUCT(&found);
    PMIX_LOAD_KEY(found.key, key);
    PMIX_INFO_LOAD(&infos[0], PMIX_WAIT, &waits, PMIX_BOOL);
    PMIX_INFO_LOAD(&infos[1], PMIX_TIMEOUT, &seconds, PMIX_INT);
    pmix_status_t status = PMIx_Lookup(&found, 1, infos, waits ? 2 : 0);
    snprintf(text, room, "%s", status == PMIX_SUCCESS ? found.value.data.string : "");
    PMIX_PDATA_DESTRUCT(&found);
    return status;
}

static bool finds(const char *key, const char *expected) {
    char text[256];
    return lookup(key, false, text, sizeof text) == PMIX_SUCCESS && strcmp(text, expected) == 0;
}

static bool lacks(const char *key) {
    char text[256];
    return lookup(key, false, text, sizeof text) == PMIX_ERR_NOT_FOUND;
}

static void hear_from(const char *key, char *text, size_t room) {
    want(lookup(key, true, text, room) == PMIX_SUCCESS, key);
}

// ---- what is heard

static volatile int heard[8], ends;
static volatile int lastCode;

// Codes -2100 and below stand for the ranges that were named, each a place.
static void hear(size_t registration, pmix_status_t status, const pmix_proc_t *source, pmix_info_t info[], size_t ninfo,
    pmix_info_t results[], size_t nresults, pmix_event_notification_cbfunc_fn_t done, void *cbdata) {
    (void) registration, (void) source, (void) results, (void) nresults;
    if (status == PMIX_ERR_JOB_TERMINATED || status == PMIX_EVENT_JOB_END) {
        for (size_t i = 0; i < ninfo; i++)
            if (PMIX_CHECK_KEY(&info[i], PMIX_JOB_TERM_STATUS)) lastCode = info[i].value.data.status;
        ends++;
    } else if (status <= -2100 && status > -2108) {
        heard[-2100 - status]++;
    }
    done(PMIX_EVENT_ACTION_COMPLETE, NULL, 0, NULL, NULL, cbdata);
}

static void listen_for(pmix_status_t code) {
    want(PMIx_Register_event_handler(&code, 1, NULL, 0, hear, NULL, NULL) >= 0, "register");
}

// ---- starting the other job

static void start(const char *mode, uint32_t ranks, char *nspace) {
    pmix_app_t app;
    pmix_info_t info;
    bool yes = true;
    PMIX_APP_CONSTRUCT(&app);
    app.cmd = strdup(program);
    append(&app.argv, program);
    append(&app.argv, mode);
    app.maxprocs = (int) ranks;
    PMIX_INFO_LOAD(&info, PMIX_NOTIFY_COMPLETION, &yes, PMIX_BOOL);
    want(PMIx_Spawn(&info, 1, &app, 1, nspace) == PMIX_SUCCESS, "spawn");
    PMIX_APP_DESTRUCT(&app);
}

// ---- ranges and persistence of what is published

static void ranges(void) {
    char nspace[PMIX_MAX_NSLEN + 1] = "", text[64];
    listen_for(PMIX_ERR_JOB_TERMINATED);
    if (me.rank == 0) {
        want(publish("r.global", "g", PMIX_RANGE_GLOBAL, PMIX_PERSIST_APP) == PMIX_SUCCESS, "for all");
        want(publish("r.session", "s", PMIX_RANGE_SESSION, PMIX_PERSIST_APP) == PMIX_SUCCESS, "for the session");
        want(publish("r.local", "l", PMIX_RANGE_LOCAL, PMIX_PERSIST_APP) == PMIX_SUCCESS, "for the node");
        want(publish("r.nspace", "n", PMIX_RANGE_NAMESPACE, PMIX_PERSIST_APP) == PMIX_SUCCESS, "for the job");
        want(publish("r.own", "o", PMIX_RANGE_PROC_LOCAL, PMIX_PERSIST_APP) == PMIX_SUCCESS, "for itself");
        want(finds("r.own", "o") && finds("r.nspace", "n"), "the publisher finds its own");
        start("ranges-child", 2, nspace);
        hear_from("child.ready", text, sizeof text);
        want(finds("p.session", "c") && finds("p.first", "c"), "what the child lets everybody see");
        want(lacks("p.first"), "the first look was the last");
        want(lacks("p.nspace"), "not what is its job's");
        tell("parent.ready", "yes");
        want(wait_until(&ends, 1), "the child has ended");
        want(lacks("p.proc") && lacks("p.app"), "what was to last as long as it has gone with it");
        want(finds("p.session", "c") && finds("p.always", "c"), "what was to outlive it is there");
    }
    fence();
}

static void ranges_child(void) {
    char text[64];
    if (me.rank != 0) return;
    want(finds("r.global", "g") && finds("r.session", "s") && finds("r.local", "l"), "the parent's, for more than its job");
    want(lacks("r.nspace") && lacks("r.own"), "not what is the parent's job's or its own");
    want(publish("p.proc", "c", PMIX_RANGE_SESSION, PMIX_PERSIST_PROC) == PMIX_SUCCESS, "as long as the process");
    want(publish("p.app", "c", PMIX_RANGE_SESSION, PMIX_PERSIST_APP) == PMIX_SUCCESS, "as long as the job");
    want(publish("p.session", "c", PMIX_RANGE_SESSION, PMIX_PERSIST_SESSION) == PMIX_SUCCESS, "as long as the session");
    want(publish("p.always", "c", PMIX_RANGE_SESSION, PMIX_PERSIST_INDEF) == PMIX_SUCCESS, "until it is withdrawn");
    want(publish("p.first", "c", PMIX_RANGE_SESSION, PMIX_PERSIST_FIRST_READ) == PMIX_SUCCESS, "for one look");
    want(publish("p.nspace", "c", PMIX_RANGE_NAMESPACE, PMIX_PERSIST_SESSION) == PMIX_SUCCESS, "for the job");
    tell("child.ready", "yes");
    hear_from("parent.ready", text, sizeof text);
}

// ---- scopes of what is put

static void put(pmix_scope_t scope, const char *key) {
    pmix_value_t value = {.type = PMIX_UINT32, .data.uint32 = me.rank};
    want(PMIx_Put(scope, key, &value) == PMIX_SUCCESS, key);
}

static bool gets(pmix_rank_t rank, const char *key) {
    pmix_proc_t proc = me;
    pmix_value_t *value = NULL;
    pmix_info_t info;
    bool yes = true;
    proc.rank = rank;
    PMIX_INFO_LOAD(&info, PMIX_IMMEDIATE, &yes, PMIX_BOOL);
    if (PMIx_Get(&proc, key, &info, 1, &value) != PMIX_SUCCESS) return false;
    bool isRight = value->type == PMIX_UINT32 && value->data.uint32 == rank;
    PMIX_VALUE_RELEASE(value);
    return isRight;
}

static void scopes(void) {
    uint32_t next = (me.rank + 1) % size;
    put(PMIX_LOCAL, "s.local");
    put(PMIX_GLOBAL, "s.global");
    put(PMIX_REMOTE, "s.remote");
    put(PMIX_INTERNAL, "s.internal");
    want(PMIx_Commit() == PMIX_SUCCESS, "commit");
    fence();
    want(gets(next, "s.local") && gets(next, "s.global"), "a neighbour's, for the node and for all");
    want(!gets(next, "s.remote") && !gets(next, "s.internal"), "not what is for other nodes, or nobody");
    want(gets(me.rank, "s.internal"), "one's own");
    fence();
}

// ---- events to every range

static const struct {
    pmix_data_range_t range;
    int child;  // how often a rank of the other job hears of it
} eventRanges[] = {
    {PMIX_RANGE_LOCAL, 1}, {PMIX_RANGE_NAMESPACE, 0}, {PMIX_RANGE_SESSION, 1}, {PMIX_RANGE_GLOBAL, 1},
    {PMIX_RANGE_CUSTOM, 1}, {PMIX_RANGE_PROC_LOCAL, 0}, {PMIX_RANGE_SESSION, 1},
};
enum { RANGES = sizeof eventRanges / sizeof eventRanges[0] };

static void events(void) {
    char nspace[PMIX_MAX_NSLEN + 1] = "", text[64];
    for (int i = 0; i < RANGES; i++) listen_for(-2100 - i);
    fence();
    if (me.rank == 0) {
        start("events-child", 1, nspace);
        hear_from("child.listens", text, sizeof text);
        pmix_proc_t target;
        pmix_info_t info;
        PMIX_LOAD_PROCID(&target, nspace, PMIX_RANK_WILDCARD);
        PMIX_INFO_LOAD(&info, PMIX_EVENT_CUSTOM_RANGE, &target, PMIX_PROC);
        for (int i = 0; i < RANGES; i++) {
            bool isCustom = eventRanges[i].range == PMIX_RANGE_CUSTOM;
            pmix_status_t status = PMIx_Notify_event(-2100 - i, &me, eventRanges[i].range, isCustom ? &info : NULL,
                isCustom ? 1 : 0, NULL, NULL);
            want(status == PMIX_SUCCESS || status == PMIX_OPERATION_SUCCEEDED, "notify");
        }
        hear_from("child.heard", text, sizeof text);
        want(strcmp(text, "1 0 1 1 1 0 1") == 0, text);
    }
    if (me.rank == 1) {
        // The last of them comes last.
        want(wait_until(&heard[RANGES - 1], 1), "the last event");
        want(heard[0] == 1 && heard[1] == 1 && heard[2] == 1 && heard[3] == 1, "ranges the neighbour is in");
        want(heard[4] == 0 && heard[5] == 0, "ranges it is not in");
    }
    fence();
}

static void events_child(void) {
    char text[64] = "";
    for (int i = 0; i < RANGES; i++) listen_for(-2100 - i);
    tell("child.listens", "yes");
    want(wait_until(&heard[RANGES - 1], 1), "the last event");
    for (int i = 0; i < RANGES; i++) sprintf(text + strlen(text), i ? " %d" : "%d", heard[i]);
    tell("child.heard", text);
}

#include "guest-orders.c"

int main(int argc, char **argv) {
    const struct {
        const char *name;
        void (*run)(void);
    } modes[] = {
        {"ranges", ranges}, {"ranges-child", ranges_child}, {"scopes", scopes}, {"events", events},
        {"events-child", events_child}, {"orders", orders}, {"orders-child", orders_child},
        {"questions", questions}, {"questions-child", questions_child}, {"declined", declined},
    };
    program = argv[0];
    begin();
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
        if (argc > 1 && strcmp(modes[i].name, argv[1]) == 0) modes[i].run();
    printf("%s ok %u\n", argc > 1 ? argv[1] : "", me.rank);
    PMIx_Finalize(NULL, 0);
    return 0;
}
