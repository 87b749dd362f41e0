// PMIx_server_dmodex_request: what another node's server is given of a local rank's data, and when.
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"
#include "blob.h"

static void put(pmix_scope_t scope, const char *key, const char *text) {
    pmix_value_t value;
    PMIX_VALUE_LOAD(&value, text, PMIX_STRING);
    check_int(PMIx_Put(scope, key, &value), PMIX_SUCCESS, "puts %s", key);
    PMIX_VALUE_DESTRUCT(&value);
}

static void owner(void) {
    client_start();
    put(PMIX_LOCAL, "k.local", "near");
    put(PMIX_REMOTE, "k.remote", "far");
    check_int(PMIx_Commit(), PMIX_SUCCESS, "commits");
    client_say("committed");
    client_hear("leave");
    client_stop();
}

struct modex {
    struct op op;
    char data[4096];
    size_t size;
};

static void on_modex(pmix_status_t status, char *data, size_t size, void *cbdata) {
    struct modex *modex = cbdata;
    modex->size = size < sizeof modex->data ? size : sizeof modex->data;
    if (data) memcpy(modex->data, data, modex->size);
    host_op_done(status, &modex->op);
}

static pmix_status_t request(const char *nspace, uint32_t rank, struct modex *modex) {
    pmix_proc_t proc;
    memset(modex, 0, sizeof *modex);
    PMIX_LOAD_PROCID(&proc, nspace, rank);
    return PMIx_server_dmodex_request(&proc, on_modex, modex);
}

static void committed(void) {
    static struct modex modex;
    struct host_config config = {.local = 1, .remote = 1};
    struct blob expected = {NULL, 0};
    pmix_status_t rc = PMIX_ERROR;
    if (!ok(host_start(&config), "the host starts")) return;
    int client = host_launch("testns", 0, "owner");
    ok(host_hear(client, "committed"), "a rank has committed");
    is_int(request("testns", 0, &modex), PMIX_SUCCESS, "its data are asked for");
    ok(host_op_wait(&modex.op, &rc) && rc == PMIX_SUCCESS, "and given");
    blob_kval(&expected, "k.remote", "far");
    ok(modex.size == expected.size && memcmp(modex.data, expected.bytes, expected.size) == 0,
        "the remote key alone, in the bytes every server reads");
    blob_free(&expected);
    is_int(request("testns", PMIX_RANK_WILDCARD, &modex), PMIX_SUCCESS, "the job's data are asked for");
    ok(host_op_wait(&modex.op, &rc) && rc == PMIX_SUCCESS, "and given");
    ok(memmem(modex.data, modex.size, PMIX_JOB_SIZE, strlen(PMIX_JOB_SIZE)), "with the job's size");
    host_tell(client, "leave");
    host_report();
    host_stop();
}

static void early(void) {
    static struct modex silent, unknown;
    struct host_config config = {.local = 1};
    pmix_status_t rc = PMIX_ERROR;
    if (!ok(host_start(&config), "the host starts")) return;
    is_int(request("testns", 0, &silent), PMIX_SUCCESS, "data of a rank that is not there yet are asked for");
    is_int(request("laterns", 0, &unknown), PMIX_SUCCESS, "and of a job that is not there yet");
    is_int(silent.op.done + unknown.op.done, 0, "COMMIT-2 neither is answered before there is something");
    int first = host_launch("testns", 0, "owner");
    ok(host_op_wait(&silent.op, &rc) && rc == PMIX_SUCCESS, "COMMIT-2 the first commit answers");
    is_int(unknown.op.done, 0, "but not for the other job");
    is_int(host_register_clients("laterns", 1, 0), PMIX_SUCCESS, "the other job's client is registered");
    is_int(host_register_job("laterns", 1, 0), PMIX_SUCCESS, "the other job is registered");
    int second = host_launch("laterns", 0, "owner");
    ok(host_op_wait(&unknown.op, &rc) && rc == PMIX_SUCCESS, "its first commit answers for it");
    host_tell(first, "leave"), host_tell(second, "leave");
    host_report();
    host_stop();
}

static void pending_at_the_end(void) {
    static struct modex modex;
    struct host_config config = {.local = 1};
    if (!ok(host_start(&config), "the host starts")) return;
    is_int(request("testns", 0, &modex), PMIX_SUCCESS, "data that will never be there are asked for");
    host_stop();
    ok(modex.op.done <= 1, "the server ends with the request open");
}

static void deregistered(void) {
    static struct modex modex;
    struct host_config config = {.local = 1};
    struct op op = {0, 0};
    if (!ok(host_start(&config), "the host starts")) return;
    int client = host_launch("testns", 0, "owner");
    ok(host_hear(client, "committed"), "a rank has committed");
    host_tell(client, "leave");
    host_report();
    pmix_nspace_t nspace = "testns";
    PMIx_server_deregister_nspace(nspace, host_op_done, &op);
    ok(host_op_wait(&op, NULL), "the job is deregistered");
    is_int(request("testns", 0, &modex), PMIX_SUCCESS, "its data can be asked for like those of any unknown job");
    is_int(host_register_clients("other", 1, 0), PMIX_SUCCESS, "the server has done later work");
    ok(!memmem(modex.data, modex.size, "k.remote", 8), "and the old data are not given");
    host_stop();
}

int main(int argc, char **argv) {
    static const struct role roles[] = {{"owner", owner}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("committed data", committed);
    scenario("asked for too early", early);
    scenario("never there", pending_at_the_end);
    scenario("after deregistration", deregistered);
    return done_testing();
}
