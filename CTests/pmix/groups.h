// What the programs about groups share: constructing one as a test wishes, and hearing of events.
#ifndef MUSTER_TEST_GROUPS_H
#define MUSTER_TEST_GROUPS_H

#define CONTEXT_ID 77

struct wish {
    const char *name;
    uint32_t count;            // ranks 0..count-1
    const char *flag, *other;  // keys that are true
    const char *off;           // a key that is false
    int timeout;
    size_t told;               // PMIX_GROUP_LOCAL_CID, as group info, unless 0
    pmix_rank_t special;       // instead of the ranks: one proc of this rank
};

struct outcome {
    size_t id;
    bool has_id;
};

static struct wish wish;
static struct outcome outcome;

static size_t load_wishes(pmix_info_t *infos) {
    size_t n = 0;
    bool on = true, off = false;
    if (wish.flag) PMIX_INFO_LOAD(&infos[n++], wish.flag, &on, PMIX_BOOL);
    if (wish.other) PMIX_INFO_LOAD(&infos[n++], wish.other, &on, PMIX_BOOL);
    if (wish.off) PMIX_INFO_LOAD(&infos[n++], wish.off, &off, PMIX_BOOL);
    if (wish.timeout) PMIX_INFO_LOAD(&infos[n++], PMIX_TIMEOUT, &wish.timeout, PMIX_INT);
    if (wish.told) {
        pmix_info_t told;
        PMIX_INFO_LOAD(&told, PMIX_GROUP_LOCAL_CID, &wish.told, PMIX_SIZE);
        pmix_data_array_t array = {.type = PMIX_INFO, .size = 1, .array = &told};
        PMIX_INFO_LOAD(&infos[n++], PMIX_GROUP_INFO, &array, PMIX_DATA_ARRAY);
    }
    return n;
}

static size_t load_members(pmix_proc_t *procs) {
    for (uint32_t rank = 0; rank < wish.count; rank++) PMIX_LOAD_PROCID(&procs[rank], me.nspace, rank);
    if (wish.special) PMIX_LOAD_PROCID(&procs[0], me.nspace, wish.special);
    return wish.special ? 1 : wish.count;
}

static pmix_status_t call_construct(void *unused) {
    pmix_proc_t procs[8];
    pmix_info_t infos[8], *results = NULL;
    size_t n = 0, nprocs = load_members(procs), ninfos = load_wishes(infos);
    (void) unused;
    outcome = (struct outcome){0, false};
    pmix_status_t rc = PMIx_Group_construct(wish.name, procs, nprocs, infos, ninfos, &results, &n);
    for (size_t i = 0; i < ninfos; i++) PMIX_INFO_DESTRUCT(&infos[i]);
    for (size_t i = 0; rc == PMIX_SUCCESS && i < n; i++) {
        if (!PMIX_CHECK_KEY(&results[i], PMIX_GROUP_CONTEXT_ID)) continue;
        outcome.has_id = true;
        outcome.id = results[i].value.data.size;
    }
    if (results && rc == PMIX_SUCCESS) PMIX_INFO_FREE(results, n);
    return rc;
}

static void set_wish(struct wish wanted) {
    wish = wanted;
    if (!wish.name) wish.name = "g";
    if (!wish.count) wish.count = 2;
}

__attribute__((unused)) static pmix_status_t construct(struct wish wanted) {
    set_wish(wanted);
    return client_attempt(call_construct, NULL);
}

struct results {
    struct done done;
    size_t id;
};

__attribute__((unused)) static void on_constructed(pmix_status_t status, pmix_info_t *infos, size_t n, void *cbdata,
    pmix_release_cbfunc_t release, void *release_cbdata) {
    struct results *results = cbdata;
    for (size_t i = 0; i < n; i++)
        if (PMIX_CHECK_KEY(&infos[i], PMIX_GROUP_CONTEXT_ID)) results->id = infos[i].value.data.size;
    if (release) release(release_cbdata);
    done_op(status, &results->done);
}

// When it returns the server has the call; end_construct() tells what came of it.
static struct results begun = {DONE_INIT, 0};

__attribute__((unused)) static void begin_construct(struct wish wanted) {
    pmix_proc_t procs[8];
    pmix_info_t infos[8];
    set_wish(wanted);
    size_t nprocs = load_members(procs), ninfos = load_wishes(infos);
    pmix_status_t rc = PMIx_Group_construct_nb(wish.name, procs, nprocs, infos, ninfos, on_constructed, &begun);
    check_int(rc, PMIX_SUCCESS, "calls for a group");
    client_round_trip();
}

__attribute__((unused)) static pmix_status_t end_construct(void) {
    return done_wait(&begun.done) ? begun.done.status : LATE;
}

static pmix_status_t call_destruct(void *name) { return PMIx_Group_destruct(name, NULL, 0); }
__attribute__((unused)) static pmix_status_t destruct(const char *name) { return client_attempt(call_destruct, (void *) name); }

static pmix_status_t call_fence(void *proc) { return PMIx_Fence(proc, 1, NULL, 0); }

__attribute__((unused)) static pmix_status_t fence_group(const char *name, pmix_rank_t rank) {
    pmix_proc_t proc;
    PMIX_LOAD_PROCID(&proc, name, rank);
    return client_attempt(call_fence, &proc);
}

static pthread_mutex_t heard_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t heard_more = PTHREAD_COND_INITIALIZER;
static char heard[2048];

static void note_procs(char *text, size_t size, const pmix_info_t *info) {
    const pmix_data_array_t *array = info->value.data.darray;
    for (size_t i = 0; array && i < array->size; i++)
        snprintf(text + strlen(text), size - strlen(text), "+%u", ((pmix_proc_t *) array->array)[i].rank);
}

// Notes "<code> <group or set> <affected rank> +<members>;"
static void on_event(size_t id, pmix_status_t code, const pmix_proc_t *source, pmix_info_t info[], size_t n,
    pmix_info_t *results, size_t nresults, pmix_event_notification_cbfunc_fn_t cb, void *cbdata) {
    char text[256];
    (void) id, (void) source, (void) results, (void) nresults;
    snprintf(text, sizeof text, "%d", code);
    for (size_t i = 0; i < n; i++) {
        size_t used = strlen(text);
        if (PMIX_CHECK_KEY(&info[i], PMIX_GROUP_ID) || PMIX_CHECK_KEY(&info[i], PMIX_PSET_NAME))
            snprintf(text + used, sizeof text - used, " %s", info[i].value.data.string);
        if (PMIX_CHECK_KEY(&info[i], PMIX_EVENT_AFFECTED_PROC))
            snprintf(text + used, sizeof text - used, " %u", info[i].value.data.proc->rank);
        if (PMIX_CHECK_KEY(&info[i], PMIX_GROUP_MEMBERSHIP) || PMIX_CHECK_KEY(&info[i], PMIX_PSET_MEMBERS))
            note_procs(text, sizeof text, &info[i]);
    }
    pthread_mutex_lock(&heard_lock);
    snprintf(heard + strlen(heard), sizeof heard - strlen(heard), "%s;", text);
    pthread_cond_broadcast(&heard_more);
    pthread_mutex_unlock(&heard_lock);
    if (cb) cb(PMIX_EVENT_NO_ACTION_TAKEN, NULL, 0, NULL, NULL, cbdata);
}

__attribute__((unused)) static void listen_for(pmix_status_t code) {
    check(PMIx_Register_event_handler(&code, 1, NULL, 0, on_event, NULL, NULL) >= 0, "listens for %d", code);
}

// Waits for the event; what else has been heard does not matter.
__attribute__((unused)) static void await(const char *event, const char *what) {
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    at.tv_sec += client_seconds();
    pthread_mutex_lock(&heard_lock);
    int rc = 0;
    while (!strstr(heard, event) && rc == 0) rc = pthread_cond_timedwait(&heard_more, &heard_lock, &at);
    bool came = strstr(heard, event) != NULL;
    if (!came) fprintf(stderr, "# %s: heard \"%s\"\n", what, heard);
    pthread_mutex_unlock(&heard_lock);
    check(came, "%s", what);
}

__attribute__((unused)) static int heard_count(const char *event) {
    int count = 0;
    pthread_mutex_lock(&heard_lock);
    for (const char *p = heard; (p = strstr(p, event)) != NULL; p++) count++;
    pthread_mutex_unlock(&heard_lock);
    return count;
}

// ---- hosts

static bool start_with(uint32_t local, uint32_t remote, enum manner manner, pmix_status_t status) {
    struct host_config config = {.local = local, .remote = remote};
    config.answer[UP_GROUP] = (struct answer){manner, status};
    host_group.context_id = CONTEXT_ID;
    host_group.names_members = true;
    host_group.echoes = true;
    return ok(host_start(&config), "the host starts");
}

__attribute__((unused)) static void launch(const char *role, uint32_t count) {
    for (uint32_t rank = 0; rank < count; rank++) host_launch("testns", rank, role);
}

__attribute__((unused)) static bool play(const char *role, uint32_t local, uint32_t remote, enum manner manner, pmix_status_t status) {
    if (!start_with(local, remote, manner, status)) return false;
    launch(role, local);
    host_report();
    return true;
}

#endif
