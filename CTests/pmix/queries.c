// Queries: what a process and its server know themselves, which attributes functions heed, and what goes to the host.
// compare: original
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"

static pmix_status_t failed;  // PMIX_ARGV_APPEND wants a place for its status
static pmix_info_t *found;
static size_t nfound;

static void question(pmix_query_t *query, const char *key) {
    PMIX_QUERY_CONSTRUCT(query);
    PMIX_ARGV_APPEND(failed, query->keys, key);
}

static struct done asked = DONE_INIT;

// Its cbdata is not looked at: about attributes the original's is not the caller's.
static void on_found(pmix_status_t status, pmix_info_t *infos, size_t n, void *cbdata, pmix_release_cbfunc_t release,
    void *release_cbdata) {
    if (n > 0) PMIX_INFO_CREATE(found, n);
    for (size_t i = 0; i < n; i++) PMIx_Info_xfer(&found[i], &infos[i]);
    (void) cbdata;
    nfound = n;
    if (release) release(release_cbdata);
    done_op(status, &asked);
}

// With a callback: in the original's server a query that blocks hangs.
static pmix_status_t put(pmix_query_t *queries, size_t n) {
    if (found) PMIX_INFO_FREE(found, nfound);
    found = NULL;
    nfound = asked.count = 0;
    pmix_status_t rc = PMIx_Query_info_nb(queries, n, on_found, NULL);
    return rc != PMIX_SUCCESS ? rc : done_wait(&asked) ? asked.status : LATE;
}

// One key with one qualifier.
static pmix_status_t ask(const char *key, const char *qualifier, const void *value, pmix_data_type_t type) {
    pmix_query_t query;
    question(&query, key);
    PMIX_QUERY_QUALIFIERS_CREATE(&query, 1);
    PMIX_INFO_LOAD(&query.qualifiers[0], qualifier, value, type);
    pmix_status_t rc = put(&query, 1);
    PMIX_QUERY_DESTRUCT(&query);
    return rc;
}

static pmix_status_t about(const char *qualifier, const char *functions) {
    bool yes = true;
    if (functions) return ask(PMIX_QUERY_ATTRIBUTE_SUPPORT, qualifier, functions, PMIX_STRING);
    return ask(PMIX_QUERY_ATTRIBUTE_SUPPORT, qualifier, &yes, PMIX_BOOL);
}

// The infos within the first answer; NULL if it is not of the form that answers about attributes have.
static pmix_info_t *inner(size_t *n) {
    if (nfound != 1 || strcmp(found[0].key, PMIX_QUERY_ATTRIBUTE_SUPPORT) != 0) return NULL;
    if (found[0].value.type != PMIX_DATA_ARRAY || found[0].value.data.darray->type != PMIX_INFO) return NULL;
    *n = found[0].value.data.darray->size;
    return found[0].value.data.darray->array;
}

static bool names(const char *qualifier, const char *function) {
    size_t n = 0;
    pmix_info_t *infos = inner(&n);
    return infos && n == 1 && strcmp(infos[0].key, qualifier) == 0 && infos[0].value.type == PMIX_STRING &&
        strstr(infos[0].value.data.string, function);
}

static bool heeds(const char *function, const char *name, const char *string, pmix_data_type_t type) {
    size_t n = 0;
    pmix_info_t *infos = inner(&n);
    for (size_t i = 0; infos && i < n; i++) {
        if (strcmp(infos[i].key, function) != 0 || infos[i].value.type != PMIX_DATA_ARRAY) continue;
        pmix_data_array_t *array = infos[i].value.data.darray;
        pmix_regattr_t *attributes = array->type == PMIX_REGATTR ? array->array : NULL;
        for (size_t k = 0; attributes && k < array->size; k++)
            if (strcmp(attributes[k].string, string) == 0)
                return strcmp(attributes[k].name, name) == 0 && attributes[k].type == type;
    }
    return false;
}

// ---- the server's own process

static void registered(void) {
    char *attributes[] = {"PMIX_RANK", "PMIX_TIMEOUT", NULL};
    is_int(PMIx_Register_attributes("my_function", attributes), PMIX_SUCCESS, "QUERY-5 a function is registered");
    is_int(PMIx_Register_attributes("my_function", attributes), PMIX_ERR_REPEAT_ATTR_REGISTRATION,
        "QUERY-5 but once only");
    is_int(PMIx_Register_attributes("my_other", NULL), PMIX_SUCCESS, "QUERY-5 a function without attributes");
    is_int(about(PMIX_HOST_FUNCTIONS, NULL), PMIX_SUCCESS, "QUERY-4 the host's functions");
    ok(names(PMIX_HOST_FUNCTIONS, "my_function,my_other"), "QUERY-4 in the order of registration");
    is_int(about(PMIX_HOST_ATTRIBUTES, "my_function"), PMIX_SUCCESS, "QUERY-4 what one of them heeds");
    ok(heeds("my_function", "PMIX_RANK", PMIX_RANK, PMIX_PROC_RANK), "QUERY-4 with name, key and type");
    ok(heeds("my_function", "PMIX_TIMEOUT", PMIX_TIMEOUT, PMIX_INT), "QUERY-4 all that were named");
    is_int(about(PMIX_HOST_ATTRIBUTES, "all"), PMIX_SUCCESS, "QUERY-4 what all of them heed");
    ok(heeds("my_function", "PMIX_RANK", PMIX_RANK, PMIX_PROC_RANK), "QUERY-4 is the same");
    is_int(about(PMIX_HOST_ATTRIBUTES, "nobody"), PMIX_ERR_NOT_FOUND, "QUERY-4 of an unknown function: NOT_FOUND");
}

static void own_process(void) {
    struct host_config config = {.local = 1};
    if (!ok(host_start(&config), "the host starts")) return;
    registered();
    is_int(about(PMIX_SERVER_FUNCTIONS, NULL), PMIX_SUCCESS, "QUERY-4 the server's functions");
    ok(names(PMIX_SERVER_FUNCTIONS, "PMIx_server_init,PMIx_server_finalize"), "QUERY-4 begin with the first");
    is_int(about(PMIX_SERVER_ATTRIBUTES, "PMIx_server_init"), PMIX_SUCCESS, "QUERY-4 what starting a server heeds");
    ok(heeds("PMIx_server_init", "PMIX_SERVER_TMPDIR", PMIX_SERVER_TMPDIR, PMIX_STRING), "QUERY-4 its directory");
    ok(heeds("PMIx_server_init", "PMIX_SERVER_RANK", PMIX_SERVER_RANK, PMIX_PROC_RANK), "QUERY-4 its rank");
    is_int(about(PMIX_CLIENT_FUNCTIONS, NULL), PMIX_ERR_NOT_FOUND, "QUERY-4 a server is no client");
    is_int(put(NULL, 0), PMIX_ERR_BAD_PARAM, "QUERY-3 no query: BAD_PARAM");
    is_int(host_saw(UP_QUERY), 0, "QUERY-4 none of that is the host's affair");
    host_stop();
}

// ---- ranks

#ifndef MUSTER_ORIGINAL
// Every attribute in the answer has a name, a key and a line about it.
static bool described(void) {
    size_t n = 0, count = 0;
    pmix_info_t *infos = inner(&n);
    for (size_t i = 0; infos && i < n; i++) {
        pmix_regattr_t *attributes = infos[i].value.data.darray->array;
        for (size_t k = 0; k < infos[i].value.data.darray->size; k++, count++) {
            char **lines = attributes[k].description;
            if (attributes[k].name && attributes[k].string[0] && lines && lines[0] && lines[0][0]) continue;
            printf("# %s: nothing is said of %s\n", infos[i].key, attributes[k].string);
            return false;
        }
    }
    return count > 0;
}

// The original's ranks crash when they are asked what their functions heed.
static void own_functions(void) {
    check_int(about(PMIX_CLIENT_FUNCTIONS, NULL), PMIX_SUCCESS, "QUERY-4 a rank knows its functions");
    check(names(PMIX_CLIENT_FUNCTIONS, "PMIx_Get"), "QUERY-4 among them to get");
    check_int(about(PMIX_CLIENT_ATTRIBUTES, "PMIx_Get,PMIx_Fence"), PMIX_SUCCESS, "QUERY-4 and what they heed");
    check(heeds("PMIx_Get", "PMIX_IMMEDIATE", PMIX_IMMEDIATE, PMIX_BOOL), "QUERY-4 a get");
    check(heeds("PMIx_Fence", "PMIX_COLLECT_DATA", PMIX_COLLECT_DATA, PMIX_BOOL), "QUERY-4 a fence");
    check_int(about(PMIX_TOOL_ATTRIBUTES, "all"), PMIX_SUCCESS, "QUERY-4 as a tool's functions do");
    check(heeds("PMIx_tool_init", "PMIX_TOOL_NSPACE", PMIX_TOOL_NSPACE, PMIX_STRING), "QUERY-4 for its name");
    check_int(about(PMIX_SERVER_ATTRIBUTES, "PMIx_server_init"), PMIX_SUCCESS, "QUERY-4 the server says what it heeds");
    check(heeds("PMIx_server_init", "PMIX_SERVER_TMPDIR", PMIX_SERVER_TMPDIR, PMIX_STRING), "QUERY-4 through its server");
    const char *levels[] = {PMIX_CLIENT_ATTRIBUTES, PMIX_TOOL_ATTRIBUTES, PMIX_SERVER_ATTRIBUTES};
    for (int i = 0; i < 3; i++) {
        check_int(about(levels[i], "all"), PMIX_SUCCESS, "QUERY-8 what all functions heed: %s", levels[i]);
        check(described(), "QUERY-8 is described: %s", levels[i]);
    }
    check_int(about(PMIX_HOST_FUNCTIONS, NULL), PMIX_SUCCESS, "QUERY-4 and its host");
    check(names(PMIX_HOST_FUNCTIONS, "my_function"), "QUERY-4 which has registered one");
    check_int(about(PMIX_HOST_ATTRIBUTES, "all"), PMIX_SUCCESS, "QUERY-4 with its attributes");
    check(heeds("my_function", "PMIX_RANK", PMIX_RANK, PMIX_PROC_RANK), "QUERY-4 as the host named them");
}

static void own_job(void) {
    uint32_t rank = 0;
    pmix_query_t queries[2];
    check_int(ask(PMIX_JOB_SIZE, PMIX_NSPACE, me.nspace, PMIX_STRING), PMIX_SUCCESS, "QUERY-1 what the job data tell");
    check(nfound == 1 && found[0].value.data.uint32 == 1, "QUERY-1 is known");
    check_int(ask(PMIX_LOCAL_RANK, PMIX_RANK, &rank, PMIX_PROC_RANK), PMIX_SUCCESS,
        "QUERY-6 S14 a rank alone is one of the asker's job");
    check(nfound == 1 && strcmp(found[0].key, PMIX_LOCAL_RANK) == 0, "QUERY-6 S14 the answer is of that rank");
    question(&queries[0], PMIX_LOCAL_RANK);
    PMIX_QUERY_QUALIFIERS_CREATE(&queries[0], 1);
    PMIX_INFO_LOAD(&queries[0].qualifiers[0], PMIX_RANK, &rank, PMIX_PROC_RANK);
    question(&queries[1], PMIX_JOB_SIZE);
    PMIX_ARGV_APPEND(failed, queries[1].keys, PMIX_UNIV_SIZE);
    check_int(put(queries, 2), PMIX_SUCCESS, "QUERY-6 S14 whom one query is about is nothing to the next");
    check(nfound == 3 && strcmp(found[1].key, PMIX_JOB_SIZE) == 0, "QUERY-6 S14 every key has its answer");
    PMIX_QUERY_DESTRUCT(&queries[0]);
    PMIX_QUERY_DESTRUCT(&queries[1]);
    PMIX_QUERY_CONSTRUCT(&queries[0]);
    check_int(put(queries, 1), PMIX_ERR_BAD_PARAM, "QUERY-3 S14 a query without keys: BAD_PARAM");
}
#endif

static void asker(void) {
    bool yes = true;
    client_start();
#ifndef MUSTER_ORIGINAL
    own_functions();
    own_job();
#endif
    check_int(put(NULL, 0), PMIX_ERR_BAD_PARAM, "QUERY-3 no query: BAD_PARAM");
    pmix_query_t query;
    question(&query, PMIX_QUERY_STABLE_ABI_VERSION);
    check_int(put(&query, 1), PMIX_SUCCESS, "QUERY-2 the version of the ABI is known");
    check(nfound == 1 && strcmp(found[0].value.data.string, "0.0") == 0, "QUERY-2 as none that is stable");
    PMIX_QUERY_DESTRUCT(&query);
    client_say("known");
    client_hear("on");
    check_int(ask(PMIX_JOB_SIZE, PMIX_QUERY_REFRESH_CACHE, &yes, PMIX_BOOL), PMIX_SUCCESS,
        "QUERY-2 what is to be refreshed is asked anew");
    client_say("refreshed");
    client_hear("on");
    check_int(ask(PMIX_JOB_SIZE, PMIX_HOSTNAME, "elsewhere", PMIX_STRING), PMIX_SUCCESS,
        "QUERY-2 another node's affairs are asked for");
    client_say("asked");
    client_hear("leave");
    client_stop();
}

static void ranks(void) {
    struct host_config config = {.local = 1};
    char *attributes[] = {"PMIX_RANK", NULL};
    config.answer[UP_QUERY] = (struct answer){LATER, PMIX_SUCCESS};
    if (!ok(host_start(&config), "the host starts")) return;
    PMIx_Register_attributes("my_function", attributes);
    int client = host_launch("testns", 0, "asker");
    ok(host_hear(client, "known"), "QUERY-1 a rank asks what is known");
    is_int(host_saw(UP_QUERY), 0, "QUERY-1 the host is not asked for that");
    host_tell(client, "on");
    ok(host_hear(client, "refreshed"), "QUERY-2 and anew");
    is_int(host_saw(UP_QUERY), 1, "QUERY-2 a refresh goes to the host");
    host_tell(client, "on");
    ok(host_hear(client, "asked"), "QUERY-2 and of elsewhere");
    is_int(host_saw(UP_QUERY), 2, "QUERY-2 another node goes to the host");
    host_tell(client, "leave");
    host_report();
    host_stop();
}

// ---- servers that can be found

static const pmix_value_t *told(const pmix_info_t *server, const char *key) {
    if (server->value.type != PMIX_DATA_ARRAY || server->value.data.darray->type != PMIX_INFO) return NULL;
    const pmix_info_t *infos = server->value.data.darray->array;
    for (size_t i = 0; i < server->value.data.darray->size; i++)
        if (PMIX_CHECK_KEY(&infos[i], key)) return &infos[i].value;
    return NULL;
}

static bool is_number(const pmix_value_t *value, uint32_t expected) {
    return value && value->type == PMIX_UINT32 && value->data.uint32 == expected;
}

static void find_servers(bool (*look)(bool, const char *, ...), pid_t pid, pmix_status_t expected) {
    pmix_query_t query;
    pmix_info_t *servers = NULL;
    size_t n = 0;
    question(&query, PMIX_QUERY_AVAIL_SERVERS);
    look(PMIx_Query_info(&query, 1, &servers, &n) == expected, "QUERY-9 the servers that can be found");
    PMIX_QUERY_DESTRUCT(&query);
    if (expected != PMIX_SUCCESS) return;
    bool is_one = n == 1 && PMIX_CHECK_KEY(&servers[0], PMIX_SERVER_INFO_ARRAY);
    if (!look(is_one, "QUERY-9 one, however many files it has")) return;
    const pmix_value_t *name = told(servers, PMIX_SERVER_NSPACE), *rank = told(servers, PMIX_SERVER_RANK);
    const pmix_value_t *version = told(servers, PMIX_VERSION_INFO), *time = told(servers, PMIX_SERVER_START_TIME);
    look(name && name->type == PMIX_STRING && strcmp(name->data.string, "pmix-server") == 0, "QUERY-9 its name");
    look(rank && rank->type == PMIX_PROC_RANK && rank->data.rank == (pmix_rank_t) pid, "QUERY-9 its rank");
    look(version && version->type == PMIX_STRING && version->data.string[0] == '4', "QUERY-9 its release");
    look(is_number(told(servers, PMIX_SERVER_PIDINFO), (uint32_t) pid), "QUERY-9 its process");
    look(is_number(told(servers, PMIX_USERID), geteuid()), "QUERY-9 its user");
    look(is_number(told(servers, PMIX_GRPID), getegid()), "QUERY-9 its group");
    look(time && time->type == PMIX_STRING && strlen(time->data.string) == 24, "QUERY-9 when it began");
    PMIX_INFO_FREE(servers, n);
}

static void finder(void) {
    client_start();
    find_servers(check, getppid(), atoi(getenv("TEST_EXPECT")));
    client_stop();
}

static bool looked(bool passed, const char *format, ...) { return ok(passed, "%s", format); }

static void find_with(bool can_be_found) {
    static pmix_info_t infos[2];
    bool yes = true;
    char expected[16];
    pmix_status_t status = can_be_found ? PMIX_SUCCESS : PMIX_ERR_NOT_FOUND;
    const char *variables[] = {"TEST_EXPECT", expected, NULL};
    snprintf(expected, sizeof expected, "%d", status);
    PMIX_INFO_LOAD(&infos[0], PMIX_SERVER_TOOL_SUPPORT, &yes, PMIX_BOOL);
    PMIX_INFO_LOAD(&infos[1], PMIX_SERVER_SYSTEM_SUPPORT, &yes, PMIX_BOOL);
    struct host_config config = {.local = 1, .infos = infos, .ninfos = can_be_found ? 2 : 0};
    if (!ok(host_start(&config), "the host starts")) return;
    host_launch_with("testns", 0, "finder", variables);
    host_report();
    is_int(host_saw(UP_QUERY), 0, "QUERY-9 the host is not asked");
    find_servers(looked, getpid(), status);
    host_stop();
}

static void can_be_found(void) { find_with(true); }
static void cannot_be_found(void) { find_with(false); }

#ifndef MUSTER_ORIGINAL
// A host that has found a part of it: the part arrives, and that it is one.
static pmix_status_t half(pmix_proc_t *proc, pmix_query_t *queries, size_t n, pmix_info_cbfunc_t cb, void *cbdata) {
    (void) proc, (void) queries, (void) n;
    pmix_info_t info;
    PMIX_INFO_LOAD(&info, "some.thing", "found", PMIX_STRING);
    cb(PMIX_QUERY_PARTIAL_SUCCESS, &info, 1, cbdata, NULL, NULL);
    PMIX_INFO_DESTRUCT(&info);
    return PMIX_SUCCESS;
}

static void offer(pmix_server_module_t *module) { module->query = half; }

static void partly(bool (*look)(bool, const char *, ...)) {
    pmix_query_t query;
    pmix_info_t *blocking = NULL;
    size_t n = 0;
    question(&query, "some.thing");
    PMIX_ARGV_APPEND(failed, query.keys, "another.thing");
    look(put(&query, 1) == PMIX_QUERY_PARTIAL_SUCCESS, "QUERY-7 a part of the answer is told to be one");
    look(nfound == 1 && strcmp(found[0].key, "some.thing") == 0, "QUERY-7 and is there");
    look(PMIx_Query_info(&query, 1, &blocking, &n) == PMIX_QUERY_PARTIAL_SUCCESS, "QUERY-7 also to who blocks for it");
    look(n == 1 && strcmp(blocking[0].key, "some.thing") == 0, "QUERY-7 it is the same");
    if (blocking) PMIX_INFO_FREE(blocking, n);
    PMIX_QUERY_DESTRUCT(&query);
}

static void half_asker(void) {
    client_start();
    partly(check);
    client_stop();
}

static void parts(void) {
    struct host_config config = {.local = 1};
    host_module_hook = offer;
    if (!ok(host_start(&config), "the host starts")) return;
    partly(looked);
    host_launch("testns", 0, "half_asker");
    host_report();
    host_stop();
}
#endif

int main(int argc, char **argv) {
    static const struct role roles[] = {{"asker", asker}, {"finder", finder},
#ifndef MUSTER_ORIGINAL
        {"half_asker", half_asker},
#endif
        {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("the server's own process", own_process);
    scenario("ranks", ranks);
    scenario("servers that can be found", can_be_found);
    scenario("no server that can be found", cannot_be_found);
#ifndef MUSTER_ORIGINAL
    scenario("a part of the answer", parts);
#endif
    return done_testing();
}
