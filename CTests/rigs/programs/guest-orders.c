// Part of guest.c: orders and questions about another job, and what this host has not got.

static pmix_status_t order(const char *nspace, pmix_rank_t rank, const char *key, int value) {
    pmix_proc_t target;
    pmix_info_t info, *results = NULL;
    size_t count = 0;
    bool yes = true;
    PMIX_LOAD_PROCID(&target, nspace, rank);
    PMIX_INFO_LOAD(&info, key, value ? (void *) &value : (void *) &yes, value ? PMIX_INT : PMIX_BOOL);
    pmix_status_t status = PMIx_Job_control(&target, 1, &info, 1, &results, &count);
    if (results) PMIX_INFO_FREE(results, count);
    return status;
}

// A question about one thing, with at most one qualifier; the answer is the caller's.
static pmix_status_t ask(const char *key, const char *qualifier, const void *value, pmix_data_type_t type,
    pmix_info_t *answer) {
    pmix_query_t query;
    pmix_info_t *results = NULL;
    size_t count = 0;
    PMIX_QUERY_CONSTRUCT(&query);
    append(&query.keys, key);
    if (qualifier) {
        query.qualifiers = malloc(sizeof *query.qualifiers);
        query.nqual = 1;
        PMIX_INFO_LOAD(&query.qualifiers[0], qualifier, value, type);
    }
    pmix_status_t status = PMIx_Query_info(&query, 1, &results, &count);
    PMIX_INFO_CONSTRUCT(answer);
    if (status == PMIX_SUCCESS && count == 1) {
        // It moves: what holds it is freed by nobody, which a test may do.
        *answer = results[0];
    }
    return status == PMIX_SUCCESS && count != 1 ? PMIX_ERR_NOT_FOUND : status;
}

static pmix_proc_info_t *table_of(const char *nspace, size_t expected) {
    pmix_info_t answer;
    want(ask(PMIX_QUERY_PROC_TABLE, PMIX_NSPACE, nspace, PMIX_STRING, &answer) == PMIX_SUCCESS, "the processes");
    want(answer.value.type == PMIX_DATA_ARRAY && answer.value.data.darray->size == expected, "all of them");
    return answer.value.data.darray->array;
}

static bool has_state(pid_t pid, const char *wanted) {
    char path[64], line[512];
    for (int tries = 0; tries < 1000; tries++) {
        snprintf(path, sizeof path, "/proc/%d/stat", (int) pid);
        FILE *file = fopen(path, "r");
        if (!file || !fgets(line, sizeof line, file)) return false;
        fclose(file);
        char *state = strrchr(line, ')');
        if (state && strchr(wanted, state[2])) return true;
        usleep(10000);
    }
    return false;
}

static bool all_have_state(const pmix_proc_info_t *table, size_t count, const char *wanted) {
    for (size_t i = 0; i < count; i++)
        if (!has_state(table[i].pid, wanted)) return false;
    return true;
}

// A job of three is stopped and continued as a whole, signalled, and asked to end, which is no failure of its parent's.
static void orders(void) {
    char nspace[PMIX_MAX_NSLEN + 1] = "", text[64];
    listen_for(PMIX_ERR_JOB_TERMINATED);
    if (me.rank == 0) {
        start("orders-child", 3, nspace);
        hear_from("child.ready", text, sizeof text);
        pmix_proc_info_t *table = table_of(nspace, 3);
        want(order(nspace, PMIX_RANK_WILDCARD, PMIX_JOB_CTRL_PAUSE, 0) == PMIX_SUCCESS, "pause");
        want(all_have_state(table, 3, "T"), "all of the job stands still");
        want(order(nspace, PMIX_RANK_WILDCARD, PMIX_JOB_CTRL_RESUME, 0) == PMIX_SUCCESS, "resume");
        want(all_have_state(table, 3, "SR"), "all of it goes on");
        want(order(nspace, 1, PMIX_JOB_CTRL_SIGNAL, SIGUSR2) == PMIX_SUCCESS, "a signal");
        hear_from("child.signalled", text, sizeof text);
        want(strcmp(text, "1") == 0, "for one of them");
        want(order(nspace, 7, PMIX_JOB_CTRL_SIGNAL, SIGUSR2) != PMIX_SUCCESS, "not for one that is not");
        want(order("no.such.job", 0, PMIX_JOB_CTRL_KILL, 0) != PMIX_SUCCESS, "nor for a job that is not");
        want(order(nspace, PMIX_RANK_WILDCARD, PMIX_JOB_CTRL_SIGNAL, 4711) != PMIX_SUCCESS, "nor a signal that is not");
        want(order(nspace, PMIX_RANK_WILDCARD, PMIX_JOB_CTRL_TERMINATE, 0) == PMIX_SUCCESS, "terminate");
        hear_from("child.asked", text, sizeof text);
        want(wait_until(&ends, 1), "the job has ended");
        want(lastCode == PMIX_SUCCESS, "which is no failure");
    }
    fence();
}

static volatile sig_atomic_t signals, requests;

static void count_signal(int number) {
    if (number == SIGTERM) requests++;
    else signals++;
}

static void orders_child(void) {
    char text[16];
    signal(SIGUSR2, count_signal);
    signal(SIGTERM, count_signal);
    fence();
    if (me.rank == 0) tell("child.ready", "yes");
    snprintf(text, sizeof text, "%u", me.rank);
    for (bool told = false; !requests; usleep(5000)) {
        if (signals && !told) tell("child.signalled", text);
        told = told || signals;
    }
    if (me.rank == 2) tell("child.asked", "yes");
    // One that does not end is killed in the end.
    while (me.rank == 2) pause();
}

// ---- questions about jobs, nodes and processes

static void questions(void) {
    char nspace[PMIX_MAX_NSLEN + 1] = "", text[64], host[256] = "";
    pmix_info_t answer;
    pmix_proc_t one = me;
    one.rank = 1;
    if (me.rank == 0) {
        start("questions-child", 2, nspace);
        hear_from("child.ready", text, sizeof text);
        want(ask(PMIX_QUERY_NAMESPACES, NULL, NULL, 0, &answer) == PMIX_SUCCESS, "the jobs");
        want(strstr(answer.value.data.string, nspace) && strstr(answer.value.data.string, me.nspace), "both of them");
        pmix_proc_info_t *table = table_of(nspace, 2);
        want(table[1].proc.rank == 1 && strcmp(table[1].proc.nspace, nspace) == 0, "who they are");
        want(table[1].pid == atoi(text) && table[1].state == PMIX_PROC_STATE_CONNECTED, "their process, and how far");
        want(strstr(table[1].executable_name, "guest") != NULL, "what they run");
        gethostname(host, sizeof host - 1);
        want(strcmp(table[1].hostname, host) == 0, "where");
        want(ask(PMIX_QUERY_LOCAL_PROC_TABLE, PMIX_NSPACE, nspace, PMIX_STRING, &answer) == PMIX_SUCCESS, "here");
        want(answer.value.data.darray->size == 2, "all are here");
        // By its rank alone the original loses its way.
        want(ask(PMIX_QUERY_PROC_TABLE, PMIX_PROCID, &one, PMIX_PROC, &answer) == PMIX_SUCCESS, "one of mine");
        want(answer.value.data.darray->size == 1, "only that one");
        want(ask(PMIX_QUERY_JOB_STATUS, PMIX_NSPACE, nspace, PMIX_STRING, &answer) == PMIX_SUCCESS, "how it is");
        want(ask(PMIX_QUERY_NAMESPACE_INFO, NULL, NULL, 0, &answer) == PMIX_SUCCESS, "facts of the jobs");
        want(answer.value.type == PMIX_DATA_ARRAY && answer.value.data.darray->size == 2, "of each");
        want(ask(PMIX_JOB_SIZE, PMIX_NSPACE, nspace, PMIX_STRING, &answer) == PMIX_SUCCESS, "its size");
        want(answer.value.data.uint32 == 2, "which is two");
        want(ask(PMIX_NUM_NODES, NULL, NULL, 0, &answer) == PMIX_SUCCESS && answer.value.data.uint32 == 1, "one node");
        want(ask(PMIX_HOSTNAME, NULL, NULL, 0, &answer) == PMIX_SUCCESS, "its name");
        want(strcmp(answer.value.data.string, host) == 0, "is this machine's");
        want(ask(PMIX_QUERY_SPAWN_SUPPORT, NULL, NULL, 0, &answer) == PMIX_SUCCESS, "what a spawn may say");
        want(strstr(answer.value.data.string, PMIX_WDIR) != NULL, "among it the directory");
        want(ask(PMIX_QUERY_PROC_TABLE, PMIX_NSPACE, "no.such.job", PMIX_STRING, &answer) != PMIX_SUCCESS, "no such job");
        want(ask("guest.unknown", NULL, NULL, 0, &answer) != PMIX_SUCCESS, "what nobody knows");
        want(ask(PMIX_TIME_REMAINING, NULL, NULL, 0, &answer) == PMIX_SUCCESS, "the time that is left");
        want(answer.value.type == PMIX_UINT32 && answer.value.data.uint32 <= 50 && answer.value.data.uint32 > 0,
            "is less than what was given");
        tell("parent.done", "yes");
    }
    fence();
}

static void questions_child(void) {
    char text[64];
    fence();
    snprintf(text, sizeof text, "%d", (int) getpid());
    if (me.rank == 1) tell("child.ready", text);
    hear_from("parent.done", text, sizeof text);
}

// ---- what one machine has not got is said to be so, and nothing else happens

static void declined(void) {
    pmix_info_t info, *results = NULL;
    size_t count = 0;
    uint64_t nodes = 4;
    PMIX_INFO_LOAD(&info, PMIX_ALLOC_NUM_NODES, &nodes, PMIX_UINT64);
    want(PMIx_Allocation_request(PMIX_ALLOC_NEW, &info, 1, &results, &count) == PMIX_ERR_NOT_SUPPORTED, "more nodes");
    want(PMIx_Allocation_request(PMIX_ALLOC_EXTEND, &info, 1, &results, &count) == PMIX_ERR_NOT_SUPPORTED, "longer");
    want(PMIx_Allocation_request(PMIX_ALLOC_RELEASE, NULL, 0, &results, &count) == PMIX_ERR_NOT_SUPPORTED, "less");
    fence();
}
