// A server for tools, in a process of its own: it lets everybody in, prints what it is asked, and answers everything in
// one way. FOLDER NSPACE: where its contact files are, and its name. It ends with its standard input.
// Every callback is made by the main thread, in order: what a host does from within an upcall is another test's matter.
#include <pmix.h>
#include <pmix_server.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct task {
    void (*run)(struct task *);
    void *cb, *cbdata;
    char text[512];
    pmix_status_t status;
    pmix_proc_t proc;
    pmix_info_t *infos;
    size_t ninfos;
};

static int tasks[2];  // a pipe of pointers
static pthread_mutex_t store_lock = PTHREAD_MUTEX_INITIALIZER;
static struct { char key[64]; pmix_value_t value; bool used; } store[8];

static struct task *task(void (*run)(struct task *), void *cb, void *cbdata) {
    struct task *made = calloc(1, sizeof *made);
    made->run = run, made->cb = cb, made->cbdata = cbdata;
    return made;
}

static void later(struct task *given) {
    if (write(tasks[1], &given, sizeof given) != sizeof given) _exit(9);
}

static void finish_op(struct task *given) { ((pmix_op_cbfunc_t) given->cb)(given->status, given->cbdata); }

static bool has(const pmix_info_t *infos, size_t n, const char *key) {
    for (size_t i = 0; i < n; i++) {
        if (PMIX_CHECK_KEY(&infos[i], key)) return true;
    }
    return false;
}

// ---- who comes

static void let_in(struct task *given) {
    ((pmix_tool_connection_cbfunc_t) given->cb)(PMIX_SUCCESS, &given->proc, given->cbdata);
}

static void tool_connected(pmix_info_t *infos, size_t n, pmix_tool_connection_cbfunc_t cb, void *cbdata) {
    static int count;
    struct task *made = task(let_in, (void *) cb, cbdata);
    char name[64];
    snprintf(name, sizeof name, "tool%d", ++count);
    PMIX_LOAD_PROCID(&made->proc, name, 0);
    for (size_t i = 0; i < n; i++) {
        if (PMIX_CHECK_KEY(&infos[i], PMIX_NSPACE)) PMIX_LOAD_NSPACE(made->proc.nspace, infos[i].value.data.string);
        if (PMIX_CHECK_KEY(&infos[i], PMIX_RANK)) made->proc.rank = infos[i].value.data.rank;
    }
    printf("tool%s%s%s%s%s\n", has(infos, n, PMIX_VERSION_INFO) ? " version" : "",
        has(infos, n, PMIX_USERID) ? " user" : "", has(infos, n, PMIX_GRPID) ? " group" : "",
        has(infos, n, PMIX_NSPACE) ? " nspace" : "", has(infos, n, PMIX_RANK) ? " rank" : "");
    later(made);
}

// ---- what they ask

static void answer_infos(struct task *given) {
    ((pmix_info_cbfunc_t) given->cb)(given->status, given->infos, given->ninfos, given->cbdata, NULL, NULL);
}

static pmix_status_t query(pmix_proc_t *proc, pmix_query_t *queries, size_t n, pmix_info_cbfunc_t cb, void *cbdata) {
    struct task *made = task(answer_infos, (void *) cb, cbdata);
    (void) proc;
    PMIX_INFO_CREATE(made->infos, 16);
    for (size_t i = 0; i < n; i++) {
        for (char **key = queries[i].keys; key && *key; key++) {
            char text[128];
            snprintf(text, sizeof text, strcmp(*key, PMIX_QUERY_NAMESPACES) ? "about %s" : "job", *key);
            printf("query %s with %zu qualifiers\n", *key, queries[i].nqual);
            PMIX_INFO_LOAD(&made->infos[made->ninfos++], *key, text, PMIX_STRING);
        }
    }
    later(made);
    return PMIX_SUCCESS;
}

static pmix_status_t publish(
    const pmix_proc_t *proc, const pmix_info_t *infos, size_t n, pmix_op_cbfunc_t cb, void *cbdata) {
    (void) proc;
    pthread_mutex_lock(&store_lock);
    for (size_t i = 0, slot = 0; i < n && slot < 8; i++) {
        if (strncmp(infos[i].key, "pmix.", 5) == 0) continue;
        while (store[slot].used && slot < 7) slot++;
        snprintf(store[slot].key, sizeof store[slot].key, "%s", infos[i].key);
        PMIx_Value_xfer(&store[slot].value, &infos[i].value);
        store[slot].used = true;
        printf("publish %s\n", infos[i].key);
    }
    pthread_mutex_unlock(&store_lock);
    later(task(finish_op, (void *) cb, cbdata));
    return PMIX_SUCCESS;
}

static void answer_lookup(struct task *given) {
    pmix_pdata_t found;
    PMIX_PDATA_CONSTRUCT(&found);
    for (int slot = 0; slot < 8; slot++) {
        if (!store[slot].used || strcmp(store[slot].key, given->text) != 0) continue;
        PMIX_LOAD_PROCID(&found.proc, "publisher", 7);
        PMIX_LOAD_KEY(found.key, given->text);
        PMIx_Value_xfer(&found.value, &store[slot].value);
        return ((pmix_lookup_cbfunc_t) given->cb)(PMIX_SUCCESS, &found, 1, given->cbdata);
    }
    ((pmix_lookup_cbfunc_t) given->cb)(PMIX_ERR_NOT_FOUND, NULL, 0, given->cbdata);
}

static pmix_status_t lookup(const pmix_proc_t *proc, char **keys, const pmix_info_t *infos, size_t n,
    pmix_lookup_cbfunc_t cb, void *cbdata) {
    struct task *made = task(answer_lookup, (void *) cb, cbdata);
    (void) proc, (void) infos, (void) n;
    snprintf(made->text, sizeof made->text, "%s", keys[0]);
    printf("lookup %s\n", keys[0]);
    later(made);
    return PMIX_SUCCESS;
}

static pmix_status_t unpublish(const pmix_proc_t *proc, char **keys, const pmix_info_t *infos, size_t n,
    pmix_op_cbfunc_t cb, void *cbdata) {
    (void) proc, (void) infos, (void) n;
    for (int slot = 0; slot < 8; slot++) {
        if (store[slot].used && strcmp(store[slot].key, keys[0]) == 0) store[slot].used = false;
    }
    printf("unpublish %s\n", keys[0]);
    later(task(finish_op, (void *) cb, cbdata));
    return PMIX_SUCCESS;
}

static void answer_spawn(struct task *given) {
    ((pmix_spawn_cbfunc_t) given->cb)(PMIX_SUCCESS, "spawned", given->cbdata);
}

static pmix_status_t spawn(const pmix_proc_t *proc, const pmix_info_t *infos, size_t n, const pmix_app_t apps[],
    size_t napps, pmix_spawn_cbfunc_t cb, void *cbdata) {
    (void) proc;
    for (size_t i = 0; i < napps; i++) {
        printf("spawn %d of %s%s\n", apps[i].maxprocs, apps[i].cmd, has(infos, n, "our.info") ? " with our info" : "");
    }
    later(task(answer_spawn, (void *) cb, cbdata));
    return PMIX_SUCCESS;
}

static pmix_status_t job_control(const pmix_proc_t *proc, const pmix_proc_t targets[], size_t ntargets,
    const pmix_info_t infos[], size_t n, pmix_info_cbfunc_t cb, void *cbdata) {
    (void) proc;
    printf("control %s of %zu%s\n", ntargets ? targets[0].nspace : "nobody", ntargets,
        has(infos, n, PMIX_JOB_CTRL_PAUSE) ? ": pause" : "");
    later(task(answer_infos, (void *) cb, cbdata));
    return PMIX_SUCCESS;
}

// ---- output and events

static void deliver(struct task *given) {
    pmix_proc_t source;
    pmix_byte_object_t bytes = {given->text, strlen(given->text)};
    PMIX_LOAD_PROCID(&source, "job", 1);
    PMIx_server_IOF_deliver(&source, PMIX_FWD_STDOUT_CHANNEL, &bytes, NULL, 0, NULL, NULL);
}

static void tell(struct task *given) {
    pmix_proc_t source;
    PMIX_LOAD_PROCID(&source, "job", 0);
    PMIx_Notify_event(given->status, &source, PMIX_RANGE_GLOBAL, NULL, 0, NULL, NULL);
}

// -2000 asks for the event -2001, -2002 for output.
static pmix_status_t notify(pmix_status_t code, const pmix_proc_t *source, pmix_data_range_t range,
    pmix_info_t infos[], size_t n, pmix_op_cbfunc_t cb, void *cbdata) {
    struct task *made = task(code == -2002 ? deliver : tell, NULL, NULL);
    (void) source, (void) infos, (void) n, (void) cb, (void) cbdata;
    if (code != -2000 && code != -2002) return PMIX_OPERATION_SUCCEEDED;
    printf("event %d of range %d\n", code, range);
    made->status = -2001;
    strcpy(made->text, "printed by a rank\n");
    later(made);
    return PMIX_OPERATION_SUCCEEDED;
}

static pmix_status_t pull(const pmix_proc_t procs[], size_t n, const pmix_info_t infos[], size_t ninfos,
    pmix_iof_channel_t channels, pmix_op_cbfunc_t cb, void *cbdata) {
    (void) cb, (void) cbdata;
    printf("pull %s of %s%s\n", channels & PMIX_FWD_STDOUT_CHANNEL ? "output" : "other", n ? procs[0].nspace : "nobody",
        has(infos, ninfos, PMIX_IOF_STOP) ? ": stop" : "");
    return PMIX_OPERATION_SUCCEEDED;
}

static pmix_status_t push(const pmix_proc_t *source, const pmix_proc_t targets[], size_t n, const pmix_info_t infos[],
    size_t ninfos, const pmix_byte_object_t *bytes, pmix_op_cbfunc_t cb, void *cbdata) {
    (void) source, (void) infos, (void) ninfos;
    if (bytes && bytes->size > 0) printf("push to %s: %.*s\n", n ? targets[0].nspace : "nobody", (int) bytes->size, bytes->bytes);
    else printf("push to %s: the end\n", n ? targets[0].nspace : "nobody");
    later(task(finish_op, (void *) cb, cbdata));
    return PMIX_SUCCESS;
}

static pmix_status_t yes(const pmix_proc_t *proc, void *object, pmix_op_cbfunc_t cb, void *cbdata) {
    (void) proc, (void) object, (void) cb, (void) cbdata;
    return PMIX_OPERATION_SUCCEEDED;
}

// ---- the whole

// Larger than any release's, so that functions of later ones are NULL.
static struct { pmix_server_module_t module; void *later[16]; } host = {{
    .client_connected = yes, .client_finalized = yes, .tool_connected = tool_connected, .query = query,
    .publish = publish, .lookup = lookup, .unpublish = unpublish, .spawn = spawn, .job_control = job_control,
    .notify_event = notify, .iof_pull = pull, .push_stdin = push}, {NULL}};

static void register_job(void) {
    pmix_info_t infos[3];
    pmix_nspace_t job;
    pmix_proc_t proc;
    uint32_t size = 2;
    char *map = NULL, *ranks = NULL, name[256] = "";
    gethostname(name, sizeof name - 1);
    PMIx_generate_regex(name, &map);
    PMIx_generate_ppn("0,1", &ranks);
    PMIX_LOAD_NSPACE(job, "job");
    PMIX_INFO_LOAD(&infos[0], PMIX_JOB_SIZE, &size, PMIX_UINT32);
    PMIX_INFO_LOAD(&infos[1], PMIX_NODE_MAP, map, PMIX_REGEX);
    PMIX_INFO_LOAD(&infos[2], PMIX_PROC_MAP, ranks, PMIX_REGEX);
    PMIx_server_register_nspace(job, 0, infos, 3, NULL, NULL);
    // Whom a tool can be that has a rank's environment.
    PMIX_LOAD_PROCID(&proc, "job", 0);
    PMIx_server_register_client(&proc, getuid(), getgid(), NULL, NULL, NULL);
    free(map), free(ranks);
}

int main(int argc, char **argv) {
    pmix_info_t infos[7];
    bool is_true = true, is_false = false;
    pmix_rank_t rank = 0;
    struct task *next;
    char byte;
    if (argc < 3 || pipe(tasks) != 0) return 1;
    setvbuf(stdout, NULL, _IOLBF, 0);
    PMIX_INFO_LOAD(&infos[0], PMIX_SERVER_TMPDIR, argv[1], PMIX_STRING);
    PMIX_INFO_LOAD(&infos[1], PMIX_SYSTEM_TMPDIR, argv[1], PMIX_STRING);
    PMIX_INFO_LOAD(&infos[2], PMIX_SERVER_TOOL_SUPPORT, &is_true, PMIX_BOOL);
    PMIX_INFO_LOAD(&infos[3], PMIX_SERVER_SYSTEM_SUPPORT, &is_true, PMIX_BOOL);
    PMIX_INFO_LOAD(&infos[4], PMIX_SERVER_NSPACE, argv[2], PMIX_STRING);
    PMIX_INFO_LOAD(&infos[5], PMIX_SERVER_RANK, &rank, PMIX_PROC_RANK);
    // The original's server crashes when it is to write output itself.
    PMIX_INFO_LOAD(&infos[6], PMIX_IOF_LOCAL_OUTPUT, &is_false, PMIX_BOOL);
    if (PMIx_server_init(&host.module, infos, 7) != PMIX_SUCCESS) return 2;
    register_job();
    printf("ready\n");
    for (;;) {
        struct pollfd ready[2] = {{0, POLLIN, 0}, {tasks[0], POLLIN, 0}};
        if (poll(ready, 2, 100000) <= 0) return 3;
        if (ready[1].revents && read(tasks[0], &next, sizeof next) == sizeof next) next->run(next);
        else if (ready[0].revents && read(0, &byte, 1) <= 0) break;
    }
    printf("end %d\n", PMIx_server_finalize());
    fflush(stdout);
    _exit(0);
}
