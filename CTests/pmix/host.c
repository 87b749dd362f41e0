// The test host: starting, registering and stopping. Its other parts are in host/ and become one file here, so that
// every test is built from two.
#include "tap.h"
#include "host.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host/record.c"
#include "host/upcalls.c"
#include "host/requests.c"
#include "host/processes.c"

static char directory[64];
static int leftovers;
static uint32_t first_local;

const char *host_directory(void) { return directory; }
int host_leftovers(void) { return leftovers; }

void host_op_done(pmix_status_t status, void *flag) {
    struct op *op = flag;
    pthread_mutex_lock(&record_lock);
    op->status = status;
    op->done++;
    pthread_cond_broadcast(&record_grew);
    pthread_mutex_unlock(&record_lock);
}

bool host_op_wait(void *flag, pmix_status_t *status) {
    struct op *op = flag;
    struct timespec at = deadline_after(host_seconds());
    pthread_mutex_lock(&record_lock);
    while (!op->done && pthread_cond_timedwait(&record_grew, &record_lock, &at) != ETIMEDOUT) {}
    bool done = op->done > 0;
    if (!done) patience_lost = true;
    if (status) *status = op->status;
    pthread_mutex_unlock(&record_lock);
    return done;
}

// A library may answer at once (PMIX_OPERATION_SUCCEEDED) or through the callback; the result is the final status.
static pmix_status_t settled(pmix_status_t rc, struct op *op) {
    if (rc == PMIX_OPERATION_SUCCEEDED) return PMIX_SUCCESS;
    if (rc != PMIX_SUCCESS) return rc;
    return host_op_wait(op, &rc) ? rc : PMIX_ERR_TIMEOUT;
}

static void on_event(size_t id, pmix_status_t status, const pmix_proc_t *source, pmix_info_t info[], size_t n,
    pmix_info_t *results, size_t nresults, pmix_event_notification_cbfunc_fn_t cb, void *cbdata) {
    (void) id, (void) results, (void) nresults;
    struct seen one = seen_from(UP_EVENT, source);
    one.code = status;
    one.infos = infos_as_text(info, n);
    record_add(one);
    if (cb) cb(PMIX_SUCCESS, NULL, 0, NULL, NULL, cbdata);
}

static void on_event_registered(pmix_status_t status, size_t id, void *cbdata) {
    (void) id;
    host_op_done(status, cbdata);
}

static void load_rank(pmix_info_t *info, uint32_t rank, uint32_t local, const char *here) {
    pmix_info_t *one;
    pmix_data_array_t array = {.type = PMIX_INFO, .size = 7};
    bool is_local = rank >= first_local && rank < first_local + local;
    uint16_t on_node = is_local ? rank - first_local : first_local > 0 ? rank : rank - local;
    uint32_t node = is_local == (first_local == 0) ? 0 : 1, zero = 0;
    const char *where = is_local ? here : "elsewhere";
    PMIX_INFO_CREATE(one, array.size);
    PMIX_INFO_LOAD(&one[0], PMIX_RANK, &rank, PMIX_PROC_RANK);
    PMIX_INFO_LOAD(&one[1], PMIX_LOCAL_RANK, &on_node, PMIX_UINT16);
    PMIX_INFO_LOAD(&one[2], PMIX_NODE_RANK, &on_node, PMIX_UINT16);
    PMIX_INFO_LOAD(&one[3], PMIX_GLOBAL_RANK, &rank, PMIX_UINT32);
    PMIX_INFO_LOAD(&one[4], PMIX_NODEID, &node, PMIX_UINT32);
    PMIX_INFO_LOAD(&one[5], PMIX_APPNUM, &zero, PMIX_UINT32);
    PMIX_INFO_LOAD(&one[6], PMIX_HOSTNAME, where, PMIX_STRING);
    array.array = one;
    PMIX_INFO_LOAD(info, PMIX_PROC_DATA, &array, PMIX_DATA_ARRAY);
    PMIX_INFO_FREE(one, array.size);
}

static char *rank_list(uint32_t first, uint32_t count) {
    struct text list = {NULL, 0};
    text_add(&list, "%s", "");
    for (uint32_t i = 0; i < count; i++) text_add(&list, "%s%u", i ? "," : "", first + i);
    return list.bytes;
}

static void load_maps(pmix_info_t *info, uint32_t local, uint32_t remote, const char *here) {
    char *nodes = NULL, *procs = NULL, names[600];
    struct text map = {NULL, 0};
    bool last = first_local > 0;  // the local ranks, and with them this node, come last
    char *near = rank_list(first_local, local), *far = rank_list(last ? 0 : local, remote);
    const char *one = last ? far : near, *two = last ? near : far;
    text_add(&map, "%s", "");  // long jobs have long maps
    for (const char *p = one; *p; p++) text_add(&map, "%c", *p);
    for (const char *p = two; remote && *p; p++) text_add(&map, "%s%c", p == two ? ";" : "", *p);
    snprintf(names, sizeof names, "%s%s", last ? "elsewhere," : here, last ? here : remote ? ",elsewhere" : "");
    PMIx_generate_regex(names, &nodes);
    PMIx_generate_ppn(map.bytes, &procs);
    PMIX_INFO_LOAD(&info[0], PMIX_NODE_MAP, nodes, PMIX_STRING);
    PMIX_INFO_LOAD(&info[1], PMIX_PROC_MAP, procs, PMIX_STRING);
    PMIX_INFO_LOAD(&info[2], PMIX_LOCAL_PEERS, near, PMIX_STRING);
    free(nodes), free(procs), free(near), free(far), free(map.bytes);
}

pmix_status_t host_register_job(const char *nspace, uint32_t local, uint32_t remote) {
    struct op op = {0, 0};
    char here[256] = "";
    pmix_info_t *info;
    uint32_t size = local + remote, leader = first_local, one = 1, nodes = remote ? 2 : 1;
    size_t n = 11 + size;
    gethostname(here, sizeof here - 1);
    PMIX_INFO_CREATE(info, n);
    load_maps(info, local, remote, here);
    PMIX_INFO_LOAD(&info[3], PMIX_UNIV_SIZE, &size, PMIX_UINT32);
    PMIX_INFO_LOAD(&info[4], PMIX_JOB_SIZE, &size, PMIX_UINT32);
    PMIX_INFO_LOAD(&info[5], PMIX_MAX_PROCS, &size, PMIX_UINT32);
    PMIX_INFO_LOAD(&info[6], PMIX_LOCAL_SIZE, &local, PMIX_UINT32);
    PMIX_INFO_LOAD(&info[7], PMIX_NUM_NODES, &nodes, PMIX_UINT32);
    PMIX_INFO_LOAD(&info[8], PMIX_JOB_NUM_APPS, &one, PMIX_UINT32);
    PMIX_INFO_LOAD(&info[9], PMIX_LOCALLDR, &leader, PMIX_PROC_RANK);
    PMIX_INFO_LOAD(&info[10], PMIX_JOBID, nspace, PMIX_STRING);
    for (uint32_t rank = 0; rank < size; rank++) load_rank(&info[11 + rank], rank, local, here);
    pmix_status_t rc = PMIx_server_register_nspace(nspace, (int) local, info, n, host_op_done, &op);
    rc = settled(rc, &op);
    PMIX_INFO_FREE(info, n);
    return rc;
}

pmix_status_t host_register_clients(const char *nspace, uint32_t local, uid_t uid_offset) {
    for (uint32_t rank = first_local; rank < first_local + local; rank++) {
        struct op op = {0, 0};
        pmix_proc_t proc;
        PMIX_LOAD_PROCID(&proc, nspace, rank);
        void *object = (void *) (uintptr_t) (1000 + rank);
        pmix_status_t rc = PMIx_server_register_client(
            &proc, geteuid() + uid_offset, getegid(), object, host_op_done, &op);
        if ((rc = settled(rc, &op)) != PMIX_SUCCESS) return rc;
    }
    return PMIX_SUCCESS;
}

static pmix_status_t start_server(const struct host_config *config) {
    static pmix_server_module_t empty;
    size_t n = config->ninfos + 2;
    pmix_info_t *infos;
    PMIX_INFO_CREATE(infos, n);
    PMIX_INFO_LOAD(&infos[0], PMIX_SERVER_TMPDIR, directory, PMIX_STRING);
    PMIX_INFO_LOAD(&infos[1], PMIX_SYSTEM_TMPDIR, directory, PMIX_STRING);
    for (size_t i = 0; i < config->ninfos; i++) PMIx_Info_xfer(&infos[2 + i], &config->infos[i]);
    pmix_server_module_t *module = config->empty_module ? &empty : module_as_configured();
    pmix_status_t rc = PMIx_server_init(module, infos, n);
    PMIX_INFO_FREE(infos, n);
    return rc;
}

bool host_start(const struct host_config *config) {
    const char *nspace = config->nspace ? config->nspace : "testns";
    struct op op = {0, 0};
    setenv("PMIX_MCA_gds", getenv("TEST_GDS") ? getenv("TEST_GDS") : "hash", 1);
    strcpy(directory, "/tmp/muster-test.XXXXXX");
    if (mkdtemp(directory) == NULL) return false;
    first_local = config->first;
    memcpy(answer_for, config->answer, sizeof answer_for);
    answer_stop = false;
    answering = pthread_create(&answer_thread, NULL, answer_later, NULL) == 0;
    if (start_server(config) != PMIX_SUCCESS) return false;
    PMIx_Register_event_handler(NULL, 0, NULL, 0, on_event, on_event_registered, &op);
    if (!host_op_wait(&op, NULL)) return false;
    if (host_register_clients(nspace, config->local, config->uid_offset) != PMIX_SUCCESS) return false;
    return config->unregistered || host_register_job(nspace, config->local, config->remote) == PMIX_SUCCESS;
}

static int count_and_remove(const char *path) {
    int count = 0;
    DIR *open = opendir(path);
    struct dirent *entry;
    while (open && (entry = readdir(open)) != NULL) {
        char name[512];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (unlink(name) != 0) count += count_and_remove(name);
        count++;
    }
    if (open) closedir(open);
    rmdir(path);
    return count;
}

static void drop(struct pending **list) {
    while (*list) {
        struct pending *p = *list;
        *list = p->next;
        discard(p);
        free(p);
    }
}

static void stop_answering(void) {
    pthread_mutex_lock(&answer_lock);
    answer_stop = true;
    pthread_cond_broadcast(&answer_due);
    pthread_mutex_unlock(&answer_lock);
    if (answering) pthread_join(answer_thread, NULL);
    answering = false;
}

static void forget_all(void) {
    drop(&answers_due);  // their callbacks point into a server that is gone
    drop(&answers_held);
    drop(&answers_nested);
    host_set_infos(NULL, 0);
    withdraw(NULL, NULL);
    host_set_dmodex(NULL, 0);
    host_set_fence_data(NULL, 0);
    host_dmodex_hook = NULL;
    host_fence_hook = NULL;
    host_notify_hook = NULL;
    host_forget();
    leftovers = count_and_remove(directory);
}

void host_stop(void) {
    processes_forget();
    stop_answering();
    PMIx_server_finalize();
    forget_all();
}

void host_stop_late(void) {
    processes_forget();
    PMIx_server_finalize();
    for (enum upcall what = 0; what < UP_COUNT; what++) host_release(what);
    stop_answering();
    forget_all();
}
