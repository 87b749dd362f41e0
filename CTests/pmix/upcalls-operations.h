// The rank's side of upcalls.c: for every function of the module the call that makes the server use it.
#ifndef MUSTER_TEST_UPCALLS_OPERATIONS_H
#define MUSTER_TEST_UPCALLS_OPERATIONS_H

#include <pmix_tool.h>

enum {
    STARTS = 1,    // the call is the process's init
    TOOL = 2,      // of a tool
    ENDS = 4,      // the call is the rank's finalize
    UNHEARD = 8,   // nothing that the host says reaches the caller
    UNASKED = 16,  // the host's function returns nothing: it can neither be done nor refuse
    BLOCKS = 32    // there is no such call without blocking
};

struct operation {
    const char *name;
    enum upcall upcall;
    pmix_status_t (*call)(struct done *done);
    int flags;
    pmix_status_t absent;  // what the caller hears when the module has no such function
    pmix_status_t done;    // when the host says PMIX_OPERATION_SUCCEEDED
    const char *answer;    // what `heard` holds after a success
    void (*prepare)(void);
};

// ---- what the answers bring

static char heard[64];

static void hear_infos(const pmix_info_t *infos, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(infos[i].key, "host.word") == 0 && infos[i].value.type == PMIX_STRING)
            snprintf(heard, sizeof heard, "%s", infos[i].value.data.string);
}

static void done_infos(pmix_status_t status, pmix_info_t *infos, size_t n, void *cbdata, pmix_release_cbfunc_t release,
    void *release_data) {
    if (status == PMIX_SUCCESS) hear_infos(infos, n);
    if (release) release(release_data);
    done_op(status, cbdata);
}

static void done_get(pmix_status_t status, pmix_value_t *value, void *cbdata) {
    if (status == PMIX_SUCCESS && value && value->type == PMIX_STRING)
        snprintf(heard, sizeof heard, "%s", value->data.string);
    done_op(status, cbdata);
}

static void done_lookup(pmix_status_t status, pmix_pdata_t found[], size_t n, void *cbdata) {
    if (status == PMIX_SUCCESS && n == 1 && found[0].value.type == PMIX_STRING)
        snprintf(heard, sizeof heard, "%s", found[0].value.data.string);
    done_op(status, cbdata);
}

static void done_spawn(pmix_status_t status, pmix_nspace_t nspace, void *cbdata) {
    if (status == PMIX_SUCCESS && nspace) snprintf(heard, sizeof heard, "%s", nspace);
    done_op(status, cbdata);
}

static void done_reference(pmix_status_t status, size_t reference, void *cbdata) {
    (void) reference;
    done_op(status, cbdata);
}

static void done_credential(pmix_status_t status, pmix_byte_object_t *credential, pmix_info_t infos[], size_t n,
    void *cbdata) {
    (void) infos, (void) n;
    if (status == PMIX_SUCCESS && credential && credential->size < sizeof heard)
        snprintf(heard, sizeof heard, "%.*s", (int) credential->size, credential->bytes ? credential->bytes : "");
    done_op(status, cbdata);
}

static void done_validation(pmix_status_t status, pmix_info_t infos[], size_t n, void *cbdata) {
    if (status == PMIX_SUCCESS) hear_infos(infos, n);
    done_op(status, cbdata);
}

// ---- the calls; what they are given has to last until the answer

static pmix_proc_t pair[2];  // this rank and the one on the other node: nobody else has to call
static pmix_info_t word;
static char *keys[] = {"app.key", NULL};

static const pmix_proc_t *two(void) {
    pair[0] = pair[1] = me;
    pair[1].rank = 2;
    return pair;
}

static pmix_info_t *a_word(const char *key, const char *text) {
    PMIX_INFO_DESTRUCT(&word);
    PMIX_INFO_LOAD(&word, key, text, PMIX_STRING);
    return &word;
}

static void *blocking(void *given) {
    struct done *done = given;
    pmix_status_t (*call)(void) = (pmix_status_t (*)(void)) (uintptr_t) done->value.data.ptr;
    done_op(call(), done);
    return NULL;
}

static pmix_status_t in_thread(struct done *done, pmix_status_t (*call)(void)) {
    pthread_t thread;
    done->value.data.ptr = (void *) (uintptr_t) call;
    if (pthread_create(&thread, NULL, blocking, done) != 0) return PMIX_ERROR;
    pthread_detach(thread);
    return PMIX_SUCCESS;
}

static pmix_status_t blocking_init(void) { return PMIx_Init(&me, NULL, 0); }
static pmix_status_t blocking_finalize(void) { return PMIx_Finalize(NULL, 0); }
static pmix_status_t blocking_tool(void) { return PMIx_tool_init(&me, NULL, 0); }
static pmix_status_t blocking_abort(void) { return PMIx_Abort(7, "enough", NULL, 0); }

static pmix_status_t call_init(struct done *done) { return in_thread(done, blocking_init); }
static pmix_status_t call_finalize(struct done *done) { return in_thread(done, blocking_finalize); }
static pmix_status_t call_tool(struct done *done) { return in_thread(done, blocking_tool); }
static pmix_status_t call_abort(struct done *done) { return in_thread(done, blocking_abort); }

static pmix_status_t call_fence(struct done *done) { return PMIx_Fence_nb(two(), 2, NULL, 0, done_op, done); }

static pmix_status_t call_get(struct done *done) {
    return PMIx_Get_nb(&two()[1], "far.key", NULL, 0, done_get, done);
}

static pmix_status_t call_publish(struct done *done) {
    return PMIx_Publish_nb(a_word("app.key", "published"), 1, done_op, done);
}

static void publish_first(void) {
    check_int(PMIx_Publish(a_word("app.key", "published"), 1), PMIX_SUCCESS, "something is published first");
}

static pmix_status_t call_lookup(struct done *done) { return PMIx_Lookup_nb(keys, NULL, 0, done_lookup, done); }
static pmix_status_t call_unpublish(struct done *done) { return PMIx_Unpublish_nb(keys, NULL, 0, done_op, done); }

static pmix_status_t call_spawn(struct done *done) {
    static char *argv[] = {"true", NULL};
    static pmix_app_t app = {.cmd = "/bin/true", .argv = argv, .maxprocs = 1};
    return PMIx_Spawn_nb(NULL, 0, &app, 1, done_spawn, done);
}

static pmix_status_t call_connect(struct done *done) { return PMIx_Connect_nb(two(), 2, NULL, 0, done_op, done); }
static pmix_status_t call_disconnect(struct done *done) { return PMIx_Disconnect_nb(two(), 2, NULL, 0, done_op, done); }

static size_t registered;

static void on_node_down(size_t id, pmix_status_t status, const pmix_proc_t *source, pmix_info_t infos[], size_t n,
    pmix_info_t *results, size_t nresults, pmix_event_notification_cbfunc_fn_t cb, void *cbdata) {
    (void) id, (void) status, (void) source, (void) infos, (void) n, (void) results, (void) nresults;
    if (cb) cb(PMIX_EVENT_ACTION_COMPLETE, NULL, 0, NULL, NULL, cbdata);
}

static void done_registered(pmix_status_t status, size_t reference, void *cbdata) {
    registered = reference;
    done_op(status, cbdata);
}

// The loss of a node is what only a host can know of: for such codes it is asked.
static pmix_status_t call_register(struct done *done) {
    static pmix_status_t code = PMIX_EVENT_NODE_DOWN;
    return PMIx_Register_event_handler(&code, 1, NULL, 0, on_node_down, done_registered, done);
}

static void register_first(void) {
    static struct done done = DONE_INIT;
    call_register(&done);
    check(done_wait(&done) && done.status == PMIX_SUCCESS, "a handler is registered first");
}

static pmix_status_t call_deregister(struct done *done) {
    return PMIx_Deregister_event_handler(registered, done_op, done);
}

static pmix_status_t call_notify(struct done *done) {
    return PMIx_Notify_event(-2001, &me, PMIX_RANGE_GLOBAL, NULL, 0, done_op, done);
}

static pmix_status_t call_query(struct done *done) {
    static pmix_query_t query = {.keys = keys};
    return PMIx_Query_info_nb(&query, 1, done_infos, done);
}

static pmix_status_t call_log(struct done *done) {
    return PMIx_Log_nb(a_word("app.words", "for the log"), 1, NULL, 0, done_op, done);
}

static pmix_status_t call_allocate(struct done *done) {
    return PMIx_Allocation_request_nb(PMIX_ALLOC_NEW, a_word("app.nodes", "many"), 1, done_infos, done);
}

static pmix_status_t call_control(struct done *done) {
    static int number = 10;
    PMIX_INFO_LOAD(&word, PMIX_JOB_CTRL_SIGNAL, &number, PMIX_INT);
    return PMIx_Job_control_nb(&me, 1, &word, 1, done_infos, done);
}

static pmix_status_t call_monitor(struct done *done) {
    return PMIx_Process_monitor_nb(a_word("app.monitor", "x"), PMIX_ERR_TIMEOUT, NULL, 0, done_infos, done);
}

static pmix_status_t call_get_credential(struct done *done) {
    return PMIx_Get_credential_nb(a_word("app.cred", "x"), 1, done_credential, done);
}

static pmix_status_t call_validate(struct done *done) {
    static pmix_byte_object_t credential = {"credential", 10};
    return PMIx_Validate_credential_nb(&credential, a_word("app.cred", "x"), 1, done_validation, done);
}

static void on_output(size_t handler, pmix_iof_channel_t channel, pmix_proc_t *source, pmix_byte_object_t *bytes,
    pmix_info_t infos[], size_t n) {
    (void) handler, (void) channel, (void) source, (void) bytes, (void) infos, (void) n;
}

static pmix_status_t call_pull(struct done *done) {
    return PMIx_IOF_pull(&two()[1], 1, NULL, 0, PMIX_FWD_STDOUT_CHANNEL, on_output, done_reference, done);
}

static pmix_status_t call_push(struct done *done) {
    static pmix_byte_object_t bytes = {"input", 5};
    return PMIx_IOF_push(&two()[1], 1, &bytes, NULL, 0, done_op, done);
}

static pmix_status_t call_group(struct done *done) {
    return PMIx_Group_construct_nb("app.group", two(), 2, NULL, 0, done_infos, done);
}

static pmix_status_t call_fabric(struct done *done) {
    static pmix_fabric_t fabric;
    return PMIx_Fabric_register_nb(&fabric, NULL, 0, done_op, done);
}

#define NONE PMIX_ERR_NOT_SUPPORTED
#define FINE PMIX_SUCCESS

static const struct operation operations[] = {
    {"client_connected", UP_CONNECTED, call_init, STARTS | BLOCKS, FINE, FINE, NULL, NULL},
    {"client_connected2", UP_CONNECTED2, call_init, STARTS | BLOCKS, FINE, FINE, NULL, NULL},
    {"tool_connected", UP_TOOL, call_tool, STARTS | TOOL | BLOCKS | UNASKED, PMIX_ERR_UNREACH, FINE, NULL, NULL},
    {"client_finalized", UP_FINALIZED, call_finalize, ENDS | BLOCKS | UNHEARD, FINE, FINE, NULL, NULL},
    {"abort", UP_ABORT, call_abort, BLOCKS, NONE, FINE, NULL, NULL},
    {"fence_nb", UP_FENCE, call_fence, 0, NONE, FINE, NULL, NULL},
    {"direct_modex", UP_DMODEX, call_get, 0, PMIX_ERR_NOT_FOUND, PMIX_ERR_NOT_FOUND, "far away", NULL},
    {"publish", UP_PUBLISH, call_publish, 0, NONE, FINE, NULL, NULL},
    {"lookup", UP_LOOKUP, call_lookup, 0, NONE, PMIX_ERR_NOT_FOUND, "published", publish_first},
    {"unpublish", UP_UNPUBLISH, call_unpublish, 0, NONE, FINE, NULL, publish_first},
    {"spawn", UP_SPAWN, call_spawn, 0, NONE, FINE, "spawnedns", NULL},
    {"connect", UP_CONNECT, call_connect, 0, NONE, FINE, NULL, NULL},
    {"disconnect", UP_DISCONNECT, call_disconnect, 0, NONE, FINE, NULL, NULL},
    {"register_events", UP_REGEVENTS, call_register, 0, NONE, FINE, NULL, NULL},
    {"deregister_events", UP_DEREGEVENTS, call_deregister, UNHEARD, FINE, FINE, NULL, register_first},
    {"notify_event", UP_NOTIFY, call_notify, 0, FINE, FINE, NULL, NULL},
    {"query", UP_QUERY, call_query, 0, NONE, FINE, "answered", NULL},
    {"log", UP_LOG, call_log, UNASKED, NONE, FINE, NULL, NULL},
    {"allocate", UP_ALLOC, call_allocate, 0, NONE, FINE, "answered", NULL},
    {"job_control", UP_JOBCONTROL, call_control, 0, NONE, FINE, "answered", NULL},
    {"monitor", UP_MONITOR, call_monitor, 0, NONE, FINE, "answered", NULL},
    {"get_credential", UP_GETCREDENTIAL, call_get_credential, 0, NONE, FINE, "credential", NULL},
    {"validate_credential", UP_VALIDATE, call_validate, 0, NONE, FINE, "answered", NULL},
    {"iof_pull", UP_IOFPULL, call_pull, 0, NONE, FINE, NULL, NULL},
    {"push_stdin", UP_PUSHSTDIN, call_push, 0, NONE, FINE, NULL, NULL},
    {"group", UP_GROUP, call_group, 0, NONE, FINE, NULL, NULL},
    {"fabric", UP_FABRIC, call_fabric, 0, NONE, FINE, NULL, NULL},
};
#undef NONE
#undef FINE
#define OPERATION_COUNT (sizeof operations / sizeof operations[0])

#endif
