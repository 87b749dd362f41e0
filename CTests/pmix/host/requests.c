// Part of host.c: the module's remaining functions, those the host serves without knowing more than who asked.

static pmix_status_t on_spawn(const pmix_proc_t *proc, const pmix_info_t infos[], size_t n, const pmix_app_t apps[],
    size_t napps, pmix_spawn_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_SPAWN, proc);
    one.infos = infos_as_text(infos, n);
    one.code = napps > 0 ? apps[0].maxprocs : -1;
    one.text = napps > 0 && apps[0].cmd ? strdup(apps[0].cmd) : NULL;
    record_add(one);
    return settle_as(UP_SPAWN, REPLY_SPAWN, cb, cbdata);
}

static pmix_status_t on_connect(const pmix_proc_t procs[], size_t nprocs, const pmix_info_t infos[], size_t n,
    pmix_op_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_CONNECT, NULL);
    one.procs = procs_as_text(procs, nprocs);
    one.infos = infos_as_text(infos, n);
    record_add(one);
    return settle_as(UP_CONNECT, REPLY_OP, cb, cbdata);
}

static pmix_status_t on_disconnect(const pmix_proc_t procs[], size_t nprocs, const pmix_info_t infos[], size_t n,
    pmix_op_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_DISCONNECT, NULL);
    one.procs = procs_as_text(procs, nprocs);
    one.infos = infos_as_text(infos, n);
    record_add(one);
    return settle_as(UP_DISCONNECT, REPLY_OP, cb, cbdata);
}

static pmix_status_t on_register_events(pmix_status_t *codes, size_t ncodes, const pmix_info_t infos[], size_t n,
    pmix_op_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_REGEVENTS, NULL);
    one.code = ncodes > 0 ? codes[0] : 0;
    one.infos = infos_as_text(infos, n);
    record_add(one);
    return settle_as(UP_REGEVENTS, REPLY_OP, cb, cbdata);
}

static pmix_status_t on_deregister_events(pmix_status_t *codes, size_t ncodes, pmix_op_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_DEREGEVENTS, NULL);
    one.code = ncodes > 0 ? codes[0] : 0;
    record_add(one);
    return settle_as(UP_DEREGEVENTS, REPLY_OP, cb, cbdata);
}

static pmix_status_t on_notify(pmix_status_t code, const pmix_proc_t *source, pmix_data_range_t range,
    pmix_info_t infos[], size_t n, pmix_op_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_NOTIFY, source);
    struct text text = {NULL, 0};
    text_add(&text, "range %u", range);
    one.code = code;
    one.text = text.bytes;
    one.infos = infos_as_text(infos, n);
    record_add(one);
    if (host_notify_hook) return host_notify_hook(code, source, range, infos, n);
    return settle_as(UP_NOTIFY, REPLY_OP, cb, cbdata);
}

static pmix_status_t on_query(
    pmix_proc_t *proc, pmix_query_t *queries, size_t n, pmix_info_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_QUERY, proc);
    struct text text = {NULL, 0};
    text_add(&text, "%s", "");
    for (size_t i = 0; i < n; i++)
        for (int k = 0; queries[i].keys && queries[i].keys[k]; k++) text_add(&text, " %s", queries[i].keys[k]);
    one.code = (int) n;
    one.text = text.bytes;
    record_add(one);
    return settle_as(UP_QUERY, REPLY_INFO, cb, cbdata);
}

static void on_tool(pmix_info_t *infos, size_t n, pmix_tool_connection_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_TOOL, NULL);
    one.infos = infos_as_text(infos, n);
    record_add(one);
    settle_as(UP_TOOL, REPLY_TOOL, cb, cbdata);
}

static void on_log(const pmix_proc_t *client, const pmix_info_t data[], size_t ndata, const pmix_info_t directives[],
    size_t ndirectives, pmix_op_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_LOG, client);
    one.text = infos_as_text(data, ndata);
    one.infos = infos_as_text(directives, ndirectives);
    record_add(one);
    settle_as(UP_LOG, REPLY_OP, cb, cbdata);
}

static pmix_status_t on_allocate(const pmix_proc_t *client, pmix_alloc_directive_t directive, const pmix_info_t data[],
    size_t n, pmix_info_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_ALLOC, client);
    one.code = directive;
    one.infos = infos_as_text(data, n);
    record_add(one);
    return settle_as(UP_ALLOC, REPLY_INFO, cb, cbdata);
}

static pmix_status_t on_job_control(const pmix_proc_t *requestor, const pmix_proc_t targets[], size_t ntargets,
    const pmix_info_t directives[], size_t n, pmix_info_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_JOBCONTROL, requestor);
    one.procs = procs_as_text(targets, ntargets);
    one.infos = infos_as_text(directives, n);
    record_add(one);
    return settle_as(UP_JOBCONTROL, REPLY_INFO, cb, cbdata);
}

static pmix_status_t on_monitor(const pmix_proc_t *requestor, const pmix_info_t *monitor, pmix_status_t error,
    const pmix_info_t directives[], size_t n, pmix_info_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_MONITOR, requestor);
    one.code = error;
    one.text = infos_as_text(monitor, 1);
    one.infos = infos_as_text(directives, n);
    record_add(one);
    return settle_as(UP_MONITOR, REPLY_INFO, cb, cbdata);
}

static pmix_status_t on_get_credential(const pmix_proc_t *proc, const pmix_info_t directives[], size_t n,
    pmix_credential_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_GETCREDENTIAL, proc);
    one.infos = infos_as_text(directives, n);
    record_add(one);
    return settle_as(UP_GETCREDENTIAL, REPLY_CREDENTIAL, cb, cbdata);
}

static pmix_status_t on_validate(const pmix_proc_t *proc, const pmix_byte_object_t *credential,
    const pmix_info_t directives[], size_t n, pmix_validation_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_VALIDATE, proc);
    one.infos = infos_as_text(directives, n);
    if (credential) keep(&one.blob, &one.nblob, credential->bytes, credential->size);
    record_add(one);
    return settle_as(UP_VALIDATE, REPLY_VALIDATION, cb, cbdata);
}

static pmix_status_t on_pull(const pmix_proc_t procs[], size_t nprocs, const pmix_info_t directives[], size_t n,
    pmix_iof_channel_t channels, pmix_op_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_IOFPULL, NULL);
    one.code = channels;
    one.procs = procs_as_text(procs, nprocs);
    one.infos = infos_as_text(directives, n);
    record_add(one);
    return settle_as(UP_IOFPULL, REPLY_OP, cb, cbdata);
}

static pmix_status_t on_push(const pmix_proc_t *source, const pmix_proc_t targets[], size_t ntargets,
    const pmix_info_t directives[], size_t n, const pmix_byte_object_t *bytes, pmix_op_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_PUSHSTDIN, source);
    one.procs = procs_as_text(targets, ntargets);
    one.infos = infos_as_text(directives, n);
    if (bytes) keep(&one.blob, &one.nblob, bytes->bytes ? bytes->bytes : "", bytes->size);
    record_add(one);
    return settle_as(UP_PUSHSTDIN, REPLY_OP, cb, cbdata);
}

struct host_group host_group;

static void load_members(pmix_info_t *info, const pmix_proc_t procs[], size_t n) {
    pmix_data_array_t array = {.type = PMIX_PROC, .size = n, .array = (void *) procs};
    PMIX_INFO_LOAD(info, PMIX_GROUP_MEMBERSHIP, &array, PMIX_DATA_ARRAY);
}

static void load_group(struct pending *p, struct seen *one, const pmix_info_t directives[], size_t n) {
    for (size_t i = 0; i < n; i++) {
        bool wants_id = PMIX_CHECK_KEY(&directives[i], PMIX_GROUP_ASSIGN_CONTEXT_ID) && PMIX_INFO_TRUE(&directives[i]);
        if (wants_id && host_group.context_id && p->infos)
            PMIX_INFO_LOAD(&p->infos[p->ninfos++], PMIX_GROUP_CONTEXT_ID, &host_group.context_id, PMIX_SIZE);
        if (!PMIX_CHECK_KEY(&directives[i], PMIX_GROUP_ENDPT_DATA)) continue;
        keep(&one->blob, &one->nblob, directives[i].value.data.bo.bytes, directives[i].value.data.bo.size);
        if (host_group.echoes && p->infos) PMIx_Info_xfer(&p->infos[p->ninfos++], &directives[i]);
    }
}

static pmix_status_t on_group(pmix_group_operation_t operation, char group[], const pmix_proc_t procs[], size_t nprocs,
    const pmix_info_t directives[], size_t n, pmix_info_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_GROUP, NULL);
    one.code = operation;
    one.text = strdup(group);
    one.procs = procs_as_text(procs, nprocs);
    one.infos = infos_as_text(directives, n);
    struct pending p = {.what = UP_GROUP, .reply = REPLY_INFO, .callback = cb, .cbdata = cbdata};
    bool answers = host_group.context_id || host_group.names_members || host_group.echoes;
    if (operation == PMIX_GROUP_CONSTRUCT && answers) PMIX_INFO_CREATE(p.infos, GROUP_INFOS);
    if (p.infos && host_group.names_members) load_members(&p.infos[p.ninfos++], procs, nprocs);
    load_group(&p, &one, directives, n);
    record_add(one);
    return settle(p);
}

static pmix_status_t on_fabric(const pmix_proc_t *requestor, pmix_fabric_operation_t operation,
    const pmix_info_t directives[], size_t n, pmix_info_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_FABRIC, requestor);
    one.code = operation;
    one.infos = infos_as_text(directives, n);
    record_add(one);
    return settle_as(UP_FABRIC, REPLY_INFO, cb, cbdata);
}

// The static module of real hosts has 28 slots and foreign bytes behind them; this one does too.
static struct {
    pmix_server_module_t module;
    void *behind[8];
} served;

void (*host_module_hook)(pmix_server_module_t *);

#define SLOT(what, member, function) \
    if (answer_for[what].manner != ABSENT) served.module.member = function

static pmix_server_module_t *module_as_configured(void) {
    memset(&served.module, 0, sizeof served.module);
    memset(served.behind, 0x5a, sizeof served.behind);
    SLOT(UP_CONNECTED, client_connected, on_connected);
    SLOT(UP_CONNECTED2, client_connected2, on_connected2);
    SLOT(UP_FINALIZED, client_finalized, on_finalized);
    SLOT(UP_ABORT, abort, on_abort);
    SLOT(UP_FENCE, fence_nb, on_fence);
    SLOT(UP_DMODEX, direct_modex, on_dmodex);
    SLOT(UP_PUBLISH, publish, on_publish);
    SLOT(UP_LOOKUP, lookup, on_lookup);
    SLOT(UP_UNPUBLISH, unpublish, on_unpublish);
    SLOT(UP_SPAWN, spawn, on_spawn);
    SLOT(UP_CONNECT, connect, on_connect);
    SLOT(UP_DISCONNECT, disconnect, on_disconnect);
    SLOT(UP_REGEVENTS, register_events, on_register_events);
    SLOT(UP_DEREGEVENTS, deregister_events, on_deregister_events);
    SLOT(UP_NOTIFY, notify_event, on_notify);
    SLOT(UP_QUERY, query, on_query);
    SLOT(UP_TOOL, tool_connected, on_tool);
    SLOT(UP_LOG, log, on_log);
    SLOT(UP_ALLOC, allocate, on_allocate);
    SLOT(UP_JOBCONTROL, job_control, on_job_control);
    SLOT(UP_MONITOR, monitor, on_monitor);
    SLOT(UP_GETCREDENTIAL, get_credential, on_get_credential);
    SLOT(UP_VALIDATE, validate_credential, on_validate);
    SLOT(UP_IOFPULL, iof_pull, on_pull);
    SLOT(UP_PUSHSTDIN, push_stdin, on_push);
    SLOT(UP_GROUP, group, on_group);
    SLOT(UP_FABRIC, fabric, on_fabric);
    if (host_module_hook) host_module_hook(&served.module);
    return &served.module;
}
