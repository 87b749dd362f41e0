// What a host does for ranks and for its own process: allocations, credentials, fabrics, sessions, queries. Each upcall is
// answered in each manner a host may choose.
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"
#include "late.h"

// ---- the host's functions

static char last[1024];

static void say_infos(struct late *late) {
    pmix_info_t info;
    size_t index = 7;
    PMIX_INFO_LOAD(&info, PMIX_FABRIC_INDEX, &index, PMIX_SIZE);
    bool good = late->status == PMIX_SUCCESS;
    ((pmix_info_cbfunc_t) late->callback)(late->status, good ? &info : NULL, good, late->cbdata, NULL, NULL);
}

static void say_credential(struct late *late) {
    pmix_byte_object_t made = {"a credential", 13};
    bool good = late->status == PMIX_SUCCESS;
    ((pmix_credential_cbfunc_t) late->callback)(late->status, good ? &made : NULL, NULL, 0, late->cbdata);
}

static void say_owner(struct late *late) {
    pmix_info_t info;
    uint32_t uid = 4711;
    PMIX_INFO_LOAD(&info, PMIX_USERID, &uid, PMIX_UINT32);
    bool good = late->status == PMIX_SUCCESS;
    ((pmix_validation_cbfunc_t) late->callback)(late->status, good ? &info : NULL, good, late->cbdata);
}

static void note(const char *what, const pmix_proc_t *proc, long number, const pmix_info_t *infos, size_t n) {
    bool ours = strcmp(proc->nspace, "testns") == 0;
    snprintf(last, sizeof last, "%s %s:%d %ld %s", what, ours ? "testns" : "server", ours ? (int) proc->rank : 0, number,
        n ? infos[0].key : "-");
}

static pmix_status_t allocate(const pmix_proc_t *proc, pmix_alloc_directive_t directive, const pmix_info_t infos[],
    size_t n, pmix_info_cbfunc_t cb, void *cbdata) {
    note("allocate", proc, directive, infos, n);
    return answered(say_infos, (void *) cb, cbdata);
}

static pmix_status_t make_credential(
    const pmix_proc_t *proc, const pmix_info_t infos[], size_t n, pmix_credential_cbfunc_t cb, void *cbdata) {
    note("credential", proc, 0, infos, n);
    return answered(say_credential, (void *) cb, cbdata);
}

static pmix_status_t check_credential(const pmix_proc_t *proc, const pmix_byte_object_t *cred, const pmix_info_t infos[],
    size_t n, pmix_validation_cbfunc_t cb, void *cbdata) {
    note("validate", proc, (long) cred->size, infos, n);
    return answered(say_owner, (void *) cb, cbdata);
}

static pmix_status_t know_fabric(const pmix_proc_t *proc, pmix_fabric_operation_t op, const pmix_info_t infos[], size_t n,
    pmix_info_cbfunc_t cb, void *cbdata) {
    note("fabric", proc, op, infos, n);
    return answered(say_infos, (void *) cb, cbdata);
}

static pmix_status_t find_out(
    pmix_proc_t *proc, pmix_query_t *queries, size_t n, pmix_info_cbfunc_t cb, void *cbdata) {
    note("query", proc, (long) n, queries[0].qualifiers, queries[0].nqual);
    return answered(say_infos, (void *) cb, cbdata);
}

static void offer(pmix_server_module_t *module) {
    module->allocate = NULL;
    module->get_credential = NULL;
    module->validate_credential = NULL;
    module->fabric = NULL;
    if (manner_of_all.manner == ABSENT) return;
    module->allocate = allocate;
    module->get_credential = make_credential;
    module->validate_credential = check_credential;
    module->fabric = know_fabric;
    module->query = find_out;
}

// ---- what is asked

#ifdef MUSTER_ORIGINAL
#define DIRECTIVES NULL, 0  // its ranks ask nobody when there is a directive, and succeed without an answer
#define DIRECTIVE "-"
#else
#define DIRECTIVES &info, 1
#define DIRECTIVE "pmix.fab.plane"
#endif

enum subject { ALLOCATION, CREDENTIAL, VALIDATION, FABRIC, SUBJECTS };
static const char *const subject_names[] = {"ALLOC-1 an allocation", "CRED-1 a credential", "CRED-2 a validation",
    "FABRIC-1 a fabric"};
static const char *const expected_upcalls[] = {"allocate %s 1 pmix.alloc.reqid", "credential %s 0 pmix.sec.ctype",
    "validate %s 3 -", ("fabric %s 0 " DIRECTIVE)};
static pmix_byte_object_t credential;
static pmix_info_t *results;
static size_t nresults;
static pmix_fabric_t fabric;

static void load(pmix_info_t *info, const char *key) { PMIX_INFO_LOAD(info, key, "value", PMIX_STRING); }

static pmix_status_t ask(void *given) {
    pmix_info_t info = {.flags = 0};
    pmix_byte_object_t foreign = {"abc", 3};
    pmix_status_t rc;
    switch ((enum subject) (uintptr_t) given) {
    case ALLOCATION:
        load(&info, PMIX_ALLOC_REQ_ID);
        rc = PMIx_Allocation_request(PMIX_ALLOC_NEW, &info, 1, &results, &nresults);
        break;
    case CREDENTIAL:
        load(&info, PMIX_CRED_TYPE);
        rc = PMIx_Get_credential(&info, 1, &credential);
        break;
    case VALIDATION:
        return PMIx_Validate_credential(&foreign, NULL, 0, &results, &nresults);
    default:
        load(&info, PMIX_FABRIC_PLANE);
        rc = PMIx_Fabric_register(&fabric, DIRECTIVES);
    }
    PMIX_INFO_DESTRUCT(&info);
    return rc;
}

static void on_infos(pmix_status_t status, pmix_info_t *infos, size_t n, void *cbdata, pmix_release_cbfunc_t release,
    void *release_cbdata) {
    struct done *done = cbdata;
    if (status == PMIX_SUCCESS && n == 1) PMIx_Value_xfer(&done->value, &infos[0].value);
    if (release) release(release_cbdata);
    done_op(status, cbdata);
}

static void on_credential(pmix_status_t status, pmix_byte_object_t *made, pmix_info_t infos[], size_t n, void *cbdata) {
    (void) infos, (void) n;
    struct done *done = cbdata;
    if (status == PMIX_SUCCESS && made) PMIx_Value_load(&done->value, made, PMIX_BYTE_OBJECT);
    done_op(status, cbdata);
}

static void on_owner(pmix_status_t status, pmix_info_t infos[], size_t n, void *cbdata) {
    on_infos(status, infos, n, cbdata, NULL, NULL);
}

static pmix_status_t begin(enum subject subject, struct done *done) {
    // As long as the request lasts, and until the next.
    static pmix_info_t info;
    static pmix_byte_object_t foreign = {"abc", 3};
    PMIX_INFO_DESTRUCT(&info);
    PMIX_INFO_CONSTRUCT(&info);
    switch (subject) {
    case ALLOCATION:
        load(&info, PMIX_ALLOC_REQ_ID);
        return PMIx_Allocation_request_nb(PMIX_ALLOC_NEW, &info, 1, on_infos, done);
    case CREDENTIAL:
        load(&info, PMIX_CRED_TYPE);
        return PMIx_Get_credential_nb(&info, 1, on_credential, done);
    case VALIDATION:
        return PMIx_Validate_credential_nb(&foreign, NULL, 0, on_owner, done);
    default:
        load(&info, PMIX_FABRIC_PLANE);
        return PMIx_Fabric_register_nb(&fabric, DIRECTIVES, done_op, done);
    }
}

static bool has_answer(enum subject subject) {
    if (subject == CREDENTIAL) return credential.size == 13 && strcmp(credential.bytes, "a credential") == 0;
    if (subject == FABRIC) return fabric.ninfo == 1 && strcmp(fabric.info[0].key, PMIX_FABRIC_INDEX) == 0;
    if (nresults != 1) return false;
    if (subject == VALIDATION)
        return strcmp(results[0].key, PMIX_USERID) == 0 && results[0].value.data.uint32 == 4711;
    return strcmp(results[0].key, PMIX_FABRIC_INDEX) == 0 && results[0].value.data.size == 7;
}

static bool has_value(enum subject subject, const pmix_value_t *value) {
    if (subject == CREDENTIAL) return value->type == PMIX_BYTE_OBJECT && value->data.bo.size == 13;
    if (subject == VALIDATION) return value->type == PMIX_UINT32 && value->data.uint32 == 4711;
    if (subject == ALLOCATION) return value->type == PMIX_SIZE && value->data.size == 7;
    return fabric.ninfo == 1;
}

static void forget(void) {
    if (results) PMIX_INFO_FREE(results, nresults);
    results = NULL;
    nresults = 0;
    free(credential.bytes);
    credential = (pmix_byte_object_t){NULL, 0};
}

// ---- ranks

static void asker(void) {
    long expected = atol(getenv("TEST_EXPECT"));
    client_start();
    for (enum subject subject = 0; subject < SUBJECTS; subject++) {
        struct done *done = malloc(sizeof *done);
        *done = (struct done) DONE_INIT;
        const char *name = subject_names[subject];
        client_say("ready");
        client_hear("go");
        if (check_int(client_attempt(ask, (void *) (uintptr_t) subject), expected, "%s: the host's status", name))
            check(expected != 0 || has_answer(subject), "%s: the host's answer", name);
        forget();
        PMIx_Fabric_deregister(&fabric);
        pmix_status_t rc = begin(subject, done);
        if (rc == PMIX_SUCCESS && check(done_wait(done), "%s: its callback comes", name)) rc = done->status;
        if (check_int(rc, expected, "%s: the callback has the host's status", name))
            check(expected != 0 || has_value(subject, &done->value), "%s: the callback has the host's answer", name);
        if (rc != LATE) PMIX_VALUE_DESTRUCT(&done->value), free(done);
    }
    client_say("asked");
    client_hear("leave");
    client_stop();
}

static void keeper_of_fabrics(void) {
    client_start();
    check_int(PMIx_Fabric_register(&fabric, NULL, 0), PMIX_SUCCESS, "FABRIC-1 a fabric is registered");
    check(fabric.ninfo == 1, "FABRIC-1 with what the host knows of it");
    check_int(PMIx_Fabric_update(&fabric), PMIX_SUCCESS, "FABRIC-2 it is updated");
    check(fabric.ninfo == 1 && strcmp(fabric.info[0].key, PMIX_FABRIC_INDEX) == 0, "FABRIC-2 what was known is replaced");
    struct done done = DONE_INIT;
    check_int(PMIx_Fabric_update_nb(&fabric, done_op, &done), PMIX_SUCCESS, "FABRIC-2 without waiting");
    check(done_wait(&done) && done.status == PMIX_SUCCESS, "FABRIC-2 the callback says so");
    check_int(PMIx_Fabric_deregister(&fabric), PMIX_SUCCESS, "FABRIC-3 it is deregistered");
    check_int(PMIx_Fabric_deregister_nb(&fabric, done_op, &done), PMIX_OPERATION_SUCCEEDED,
        "FABRIC-3 nobody has to be told");
    client_stop();
}

// ---- hosts

static void drive(int client, bool absent) {
    char expected[128];
    for (enum subject subject = 0; subject < SUBJECTS; subject++) {
        if (!host_hear(client, "ready")) break;
        if (subject > 0 && !absent) {
            snprintf(expected, sizeof expected, expected_upcalls[subject - 1], "testns:0");
            is_str(last, expected, "%s: the host sees who asks, and for what", subject_names[subject - 1]);
        }
        host_tell(client, "go");
    }
    ok(host_hear(client, "asked"), "a rank has asked for everything");
    is_int(upcalls, absent ? 0 : 2 * SUBJECTS, "every request is one upcall");
    host_tell(client, "leave");
}

static void ask_with(enum manner manner, pmix_status_t status, const char *expected) {
    struct host_config config = {.local = 1};
    const char *variables[] = {"TEST_EXPECT", expected, NULL};
    manner_of_all = (struct answer){manner, status};
    host_module_hook = offer;
    if (!ok(host_start(&config), "the host starts")) return;
    drive(host_launch_with("testns", 0, "asker", variables), manner == ABSENT);
    host_report();
    host_stop();
}

static void at_once(void) { ask_with(INLINE, PMIX_SUCCESS, "0"); }
static void later(void) { ask_with(LATER, PMIX_SUCCESS, "0"); }
static void refused(void) { ask_with(REFUSED, PMIX_ERR_NO_PERMISSIONS, "-23"); }
static void failed(void) { ask_with(LATER, PMIX_ERR_NO_PERMISSIONS, "-23"); }
static void failed_at_once(void) { ask_with(INLINE, PMIX_ERR_NO_PERMISSIONS, "-23"); }

static void absent(void) {
    // An unanswered validation is told apart: a credential that proves nothing is no missing function.
    ask_with(ABSENT, PMIX_SUCCESS, "-47");
}

static void kept(void) {
    struct host_config config = {.local = 1};
    manner_of_all = (struct answer){INLINE, PMIX_SUCCESS};
    host_module_hook = offer;
    if (!ok(host_start(&config), "the host starts")) return;
    host_launch("testns", 0, "keeper_of_fabrics");
    host_report();
    is_str(last, "fabric testns:0 1 pmix.fab.idx", "FABRIC-2 the host sees which fabric is updated");
    host_stop();
}

// The host's own process asks itself.
static void own_process(void) {
    struct host_config config = {.local = 1};
    char expected[128];
    manner_of_all = (struct answer){LATER, PMIX_SUCCESS};
    host_module_hook = offer;
    if (!ok(host_start(&config), "the host starts")) return;
    for (enum subject subject = 0; subject < SUBJECTS; subject++) {
        const char *name = subject_names[subject];
        is_int(ask((void *) (uintptr_t) subject), PMIX_SUCCESS, "%s: the host's own process may ask", name);
        ok(has_answer(subject), "%s: and has its answer", name);
        snprintf(expected, sizeof expected, expected_upcalls[subject], "server:0");
        is_str(last, expected, "%s: the host sees that it is the server", name);
        forget();
    }
    host_stop();
}

static void own_process_alone(void) {
    struct host_config config = {.local = 1};
    manner_of_all = (struct answer){ABSENT, PMIX_SUCCESS};
    host_module_hook = offer;
    pmix_info_t info;
    pmix_byte_object_t forged = {"12345678", 8};
    if (!ok(host_start(&config), "the host starts")) return;
    is_int(ask((void *) ALLOCATION), PMIX_ERR_NOT_SUPPORTED, "ALLOC-1 without a function in the host: NOT_SUPPORTED");
    is_int(ask((void *) FABRIC), PMIX_ERR_NOT_SUPPORTED, "FABRIC-1 without a function in the host: NOT_SUPPORTED");
    PMIX_INFO_LOAD(&info, PMIX_CRED_TYPE, "native", PMIX_STRING);
    is_int(PMIx_Get_credential(&info, 1, &credential), PMIX_ERR_NOT_SUPPORTED, "CRED-3 native makes no credentials");
    PMIX_INFO_DESTRUCT(&info);
    is_int(PMIx_Validate_credential(&forged, NULL, 0, &results, &nresults), PMIX_ERR_INVALID_CRED,
        "CRED-3 bytes that nobody made prove nothing");
    PMIX_INFO_LOAD(&info, PMIX_CRED_TYPE, "unheard-of", PMIX_STRING);
    is_int(PMIx_Validate_credential(&forged, &info, 1, &results, &nresults), PMIX_ERR_NOT_SUPPORTED,
        "CRED-3 a kind of credential that nobody here knows");
    host_stop();
    PMIX_INFO_DESTRUCT(&info);
}

int main(int argc, char **argv) {
    static const struct role roles[] = {{"asker", asker}, {"keeper_of_fabrics", keeper_of_fabrics}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("the host answers at once", at_once);
    scenario("the host answers later", later);
    scenario("the host refuses", refused);
    scenario("the host fails", failed);
    scenario("the host fails at once", failed_at_once);
    scenario("nothing in the module", absent);
    scenario("fabrics", kept);
    scenario("the host's own process", own_process);
    scenario("the host's own process alone", own_process_alone);
    return done_testing();
}
