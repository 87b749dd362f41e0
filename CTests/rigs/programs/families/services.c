// Part of families.c: what a host knows, writes down and looks after.

static int alerts;

static void on_alert(size_t id, pmix_status_t status, const pmix_proc_t *source, pmix_info_t infos[], size_t n,
    pmix_info_t *results, size_t nresults, pmix_event_notification_cbfunc_fn_t done, void *cbdata) {
    (void) id, (void) status, (void) source, (void) infos, (void) n, (void) results, (void) nresults;
    count_up(&alerts);
    if (done) done(PMIX_EVENT_ACTION_COMPLETE, NULL, 0, NULL, NULL, cbdata);
}

// A file that is not touched any more is reported to the one who asked for it.
static void monitor(void) {
    static struct answer answer;
    pmix_status_t code = PMIX_MONITOR_FILE_ALERT;
    char path[4096];
    pmix_info_t what, directives[3], *results = NULL;
    size_t n = 0;
    uint32_t seconds = 1, drops = 2;
    listen_for("listening for an alert", &code, 1, on_alert, &answer);
    snprintf(path, sizeof path, "%s/watched.%u", folder, me.rank);
    FILE *file = fopen(path, "w");
    if (file) fclose(file);
    PMIX_INFO_LOAD(&what, PMIX_MONITOR_FILE, path, PMIX_STRING);
    PMIX_INFO_LOAD(&directives[0], PMIX_MONITOR_FILE_CHECK_TIME, &seconds, PMIX_UINT32);
    PMIX_INFO_LOAD(&directives[1], PMIX_MONITOR_FILE_DROPS, &drops, PMIX_UINT32);
    PMIX_INFO_LOAD(&directives[2], PMIX_MONITOR_FILE_MODIFY, NULL, PMIX_BOOL);
    say_status("watching a file", PMIx_Process_monitor(&what, code, directives, 3, &results, &n));
    if (results) PMIX_INFO_FREE(results, n);
    say("alerted: %s", wait_count(&alerts, 1) ? "yes" : "no");
    meet();
}

// So is a rank that has been silent for too long.
static void heartbeat(void) {
    static struct answer answer;
    pmix_status_t code = PMIX_MONITOR_HEARTBEAT_ALERT;
    pmix_info_t what, directives[2], *results = NULL;
    size_t n = 0;
    uint32_t seconds = 1, drops = 2;
    listen_for("listening for an alert", &code, 1, on_alert, &answer);
    PMIX_INFO_LOAD(&what, PMIX_MONITOR_HEARTBEAT, NULL, PMIX_BOOL);
    PMIX_INFO_LOAD(&directives[0], PMIX_MONITOR_HEARTBEAT_TIME, &seconds, PMIX_UINT32);
    PMIX_INFO_LOAD(&directives[1], PMIX_MONITOR_HEARTBEAT_DROPS, &drops, PMIX_UINT32);
    say_status("to be heard of", PMIx_Process_monitor(&what, code, directives, 2, &results, &n));
    if (results) PMIX_INFO_FREE(results, n);
    for (int i = 0; i < 4; i++) {
        PMIx_Heartbeat();
        usleep(100000);
    }
    say("alerted: %s", wait_count(&alerts, 1) ? "yes" : "no");
    meet();
}

static void ask(const char *what, const char *key) {
    pmix_query_t query;
    pmix_info_t *results = NULL;
    size_t n = 0;
    PMIX_QUERY_CONSTRUCT(&query);
    query.keys = calloc(2, sizeof *query.keys);
    query.keys[0] = copy(key);
    pmix_status_t status = PMIx_Query_info(&query, 1, &results, &n);
    say_status(what, status);
    if (status == PMIX_SUCCESS) {
        say("%s: %zu answers", what, n);
        for (size_t i = 0; i < n; i++) say("%s: of type %u", results[i].key, results[i].value.type);
    }
    if (results) PMIX_INFO_FREE(results, n);
    PMIX_QUERY_DESTRUCT(&query);
}

static void query(void) {
    ask("the namespaces", PMIX_QUERY_NAMESPACES);
    ask("whether it spawns", PMIX_QUERY_SPAWN_SUPPORT);
    ask("whether it debugs", PMIX_QUERY_DEBUG_SUPPORT);
    ask("this job's processes", PMIX_QUERY_PROC_TABLE);
    ask("what nobody knows", "rig.nobody");
    meet();
}

static void write_log(void) {
    pmix_info_t info;
    meet();
    if (me.rank == 0) {
        PMIX_INFO_LOAD(&info, PMIX_LOG_STDERR, "words for the standard error\n", PMIX_STRING);
        say_status("to the standard error", PMIx_Log(&info, 1, NULL, 0));
        PMIX_INFO_LOAD(&info, PMIX_LOG_STDOUT, "words for the standard output\n", PMIX_STRING);
        say_status("to the standard output", PMIx_Log(&info, 1, NULL, 0));
    }
    meet();
}

// What ranks write comes out where their host was started, and what goes in there comes to rank 0.
static void output(void) {
    char line[256] = "";
    printf("rank %u of %u to the output\n", me.rank, size);
    fflush(stdout);
    fprintf(stderr, "rank %u of %u to the errors\n", me.rank, size);
    if (me.rank == 0) say("the input: %s", fgets(line, sizeof line, stdin) ? line : "none");
    meet();
}

// A group of one node's ranks, which needs nothing of the host; and one that asks it for a number.
static void group(void) {
    pmix_info_t *results = NULL, info;
    size_t n = 0;
    pmix_proc_t members;
    bool yes = true;
    say_status("a group of all", PMIx_Group_construct("rig.group", &everyone, 1, NULL, 0, &results, &n));
    if (results) PMIX_INFO_FREE(results, n);
    PMIX_LOAD_PROCID(&members, "rig.group", PMIX_RANK_WILDCARD);
    say_status("a fence of the group", PMIx_Fence(&members, 1, NULL, 0));
    say_status("its end", PMIx_Group_destruct("rig.group", NULL, 0));
    PMIX_INFO_LOAD(&info, PMIX_GROUP_ASSIGN_CONTEXT_ID, &yes, PMIX_BOOL);
    results = NULL;
    say_status("a group with a number", PMIx_Group_construct("rig.numbered", &everyone, 1, &info, 1, &results, &n));
    if (results) PMIX_INFO_FREE(results, n);
    meet();
}

static int order_of_ranks(const void *left, const void *right) {
    const pmix_proc_t *a = left, *b = right;
    return a->rank < b->rank ? -1 : a->rank > b->rank;
}

static void resolve(void) {
    pmix_value_t *name = NULL;
    pmix_proc_t *procs = NULL;
    size_t n = 0;
    char *nodes = NULL;
    say_status("the nodes", PMIx_Resolve_nodes(me.nspace, &nodes));
    if (nodes) {
        int count = nodes[0] != 0;
        for (const char *p = nodes; *p; p++) count += *p == ',';
        say("the nodes: %d", count);
        free(nodes);
    }
    if (PMIx_Get(&me, PMIX_HOSTNAME, NULL, 0, &name) == PMIX_SUCCESS) {
        say_status("the ranks of this node", PMIx_Resolve_peers(name->data.string, me.nspace, &procs, &n));
        if (procs) qsort(procs, n, sizeof *procs, order_of_ranks);
        for (size_t i = 0; i < n; i++) say("rank %u is here", procs[i].rank);
        if (procs) PMIX_PROC_FREE(procs, n);
        PMIX_VALUE_RELEASE(name);
    }
    meet();
}
