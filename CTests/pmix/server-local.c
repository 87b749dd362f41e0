// The server's process as a user of its own library: what it can get, store and resolve without any rank.
// sources: host.c
#include "tap.h"
#include "host.h"

static bool start_with(uint32_t local, uint32_t remote) {
    struct host_config config = {.local = local, .remote = remote};
    return ok(host_start(&config), "the host starts");
}

static pmix_status_t get(const char *nspace, uint32_t rank, const char *key, pmix_value_t **value) {
    pmix_proc_t proc;
    bool flag = true;
    pmix_info_t optional;
    PMIX_LOAD_PROCID(&proc, nspace, rank);
    PMIX_INFO_LOAD(&optional, PMIX_OPTIONAL, &flag, PMIX_BOOL);
    *value = NULL;
    return PMIx_Get(&proc, key, &optional, 1, value);
}

static void expect_number(uint32_t rank, const char *key, uint32_t expected) {
    pmix_value_t *value;
    if (!is_int(get("testns", rank, key, &value), PMIX_SUCCESS, "the server gets %s", key)) return;
    uint32_t got = value->type == PMIX_UINT32 ? value->data.uint32
        : value->type == PMIX_UINT16 ? value->data.uint16
        : value->type == PMIX_PROC_RANK ? value->data.rank : 0xffffff;
    is_int(got, expected, "%s is as registered", key);
    PMIX_VALUE_RELEASE(value);
}

static void registered(void) {
    pmix_value_t *value;
    if (!start_with(2, 1)) return;
    is_int(PMIx_Initialized(), 1, "a server is initialised");
    expect_number(PMIX_RANK_WILDCARD, PMIX_JOB_SIZE, 3);
    expect_number(PMIX_RANK_WILDCARD, PMIX_LOCAL_SIZE, 2);
    expect_number(1, PMIX_LOCAL_RANK, 1);
    expect_number(2, PMIX_GLOBAL_RANK, 2);
    is_int(get("testns", 2, PMIX_HOSTNAME, &value), PMIX_SUCCESS, "the host of a remote rank");
    is_str(value ? value->data.string : NULL, "elsewhere", "its name");
    if (value) PMIX_VALUE_RELEASE(value);
    char self[32];
    value = NULL;
    snprintf(self, sizeof self, "pmix-server.%d;", getpid());
    is_int(get("pmix-server", (uint32_t) getpid(), PMIX_SERVER_URI, &value), PMIX_SUCCESS, "GET-13 a server's own address");
    bool named = value && value->type == PMIX_STRING && strncmp(value->data.string, self, strlen(self)) == 0;
    ok(named, "GET-13 names it");
    if (value) PMIX_VALUE_RELEASE(value);
    is_int(PMIx_Get(NULL, PMIX_PROCID, NULL, 0, &value), PMIX_SUCCESS, "GET-13 and its own name");
    ok(value && value->type == PMIX_PROC && value->data.proc->rank == (pmix_rank_t) getpid(), "GET-13 as it is");
    if (value) PMIX_VALUE_RELEASE(value);
    is_int(get("testns", 0, "no.such.key", &value), PMIX_ERR_NOT_FOUND, "a key that was never put");
    ok(get("nowhere", PMIX_RANK_WILDCARD, PMIX_JOB_SIZE, &value) != PMIX_SUCCESS, "a job that was never registered");
    host_stop();
}

static void stored(void) {
    pmix_value_t value, *got;
    pmix_proc_t proc;
    if (!start_with(1, 0)) return;
    PMIX_LOAD_PROCID(&proc, "testns", 0);
    PMIX_VALUE_LOAD(&value, "kept here", PMIX_STRING);
    is_int(PMIx_Store_internal(&proc, "my.key", &value), PMIX_SUCCESS, "PMIx_Store_internal");
    PMIX_VALUE_DESTRUCT(&value);
    is_int(get("testns", 0, "my.key", &got), PMIX_SUCCESS, "what was stored can be got");
    is_str(got ? got->data.string : NULL, "kept here", "with its value");
    if (got) PMIX_VALUE_RELEASE(got);
    host_stop();
}

static void resolved(void) {
    char here[256] = "", expected[300], *nodes = NULL;
    pmix_proc_t *procs = NULL;
    pmix_nspace_t nspace = "testns";
    size_t n = 0;
    if (!start_with(2, 1)) return;
    gethostname(here, sizeof here - 1);
    snprintf(expected, sizeof expected, "%s,elsewhere", here);
    is_int(PMIx_Resolve_nodes(nspace, &nodes), PMIX_SUCCESS, "the nodes of a job");
    is_str(nodes, expected, "their names");
    free(nodes);
    is_int(PMIx_Resolve_peers("elsewhere", nspace, &procs, &n), PMIX_SUCCESS, "the ranks of a node");
    ok(n == 1 && procs[0].rank == 2, "which they are");
    free(procs);
    host_stop();
}

static void deregistered(void) {
    struct op op = {0, 0};
    pmix_value_t *value;
    pmix_nspace_t nspace = "testns";
    if (!start_with(1, 0)) return;
    PMIx_server_deregister_nspace(nspace, host_op_done, &op);
    ok(host_op_wait(&op, NULL), "a job is deregistered");
    ok(get("testns", PMIX_RANK_WILDCARD, PMIX_JOB_SIZE, &value) != PMIX_SUCCESS, "its data are gone");
    is_int(host_register_clients("testns", 2, 0), PMIX_SUCCESS, "the name can be used again");
    is_int(host_register_job("testns", 2, 2), PMIX_SUCCESS, "with another size");
    expect_number(PMIX_RANK_WILDCARD, PMIX_JOB_SIZE, 4);
    host_stop();
}

static void without_callbacks(void) {  // NULL callbacks make the calls blocking
    pmix_proc_t proc;
    pmix_nspace_t nspace = "blocking";
    pmix_info_t info;
    pmix_value_t *value;
    uint32_t size = 1;
    if (!start_with(1, 0)) return;
    PMIX_LOAD_PROCID(&proc, nspace, 0);
    pmix_status_t rc = PMIx_server_register_client(&proc, geteuid(), getegid(), NULL, NULL, NULL);
    ok(rc == PMIX_SUCCESS || rc == PMIX_OPERATION_SUCCEEDED, "register_client without a callback blocks until done");
    PMIX_INFO_LOAD(&info, PMIX_JOB_SIZE, &size, PMIX_UINT32);
    rc = PMIx_server_register_nspace(nspace, 1, &info, 1, NULL, NULL);
    ok(rc == PMIX_SUCCESS || rc == PMIX_OPERATION_SUCCEEDED, "register_nspace without a callback blocks until done");
    is_int(get(nspace, PMIX_RANK_WILDCARD, PMIX_JOB_SIZE, &value), PMIX_SUCCESS, "the data are there at once");
    if (value) PMIX_VALUE_RELEASE(value);
    PMIx_server_deregister_client(&proc, NULL, NULL);
    PMIx_server_deregister_nspace(nspace, NULL, NULL);
    ok(get(nspace, PMIX_RANK_WILDCARD, PMIX_JOB_SIZE, &value) != PMIX_SUCCESS, "and gone after deregister_nspace");
    host_stop();
}

static void on_setup(
    pmix_status_t status, pmix_info_t info[], size_t n, void *provided, pmix_op_cbfunc_t cb, void *cbdata) {
    (void) info, (void) n;
    if (cb) cb(PMIX_SUCCESS, cbdata);
    host_op_done(status, provided);
}

static void prepared(void) {
    struct op application = {0, 0}, local = {0, 0}, output = {0, 0};
    pmix_status_t rc = PMIX_ERROR;
    pmix_proc_t source;
    pmix_byte_object_t text = {.bytes = "", .size = 0};
    pmix_nspace_t nspace = "testns";
    if (!start_with(1, 0)) return;
    is_int(PMIx_server_setup_application(nspace, NULL, 0, on_setup, &application), PMIX_SUCCESS, "setup_application");
    ok(host_op_wait(&application, &rc), "its callback comes");
    rc = PMIx_server_setup_local_support(nspace, NULL, 0, host_op_done, &local);
    ok(rc == PMIX_OPERATION_SUCCEEDED || (rc == PMIX_SUCCESS && host_op_wait(&local, &rc) && rc == PMIX_SUCCESS),
        "setup_local_support succeeds");
    PMIX_LOAD_PROCID(&source, nspace, 0);
    rc = PMIx_server_IOF_deliver(&source, PMIX_FWD_STDOUT_CHANNEL, &text, NULL, 0, host_op_done, &output);
    ok(rc != PMIX_SUCCESS || host_op_wait(&output, &rc), "S24 output nobody asked for is taken and kept");
    host_stop();
}

int main(void) {
    scenario("registered data", registered);
    scenario("stored data", stored);
    scenario("resolving", resolved);
    scenario("deregistered", deregistered);
    scenario("without callbacks", without_callbacks);
    scenario("preparing an application", prepared);
    return done_testing();
}
