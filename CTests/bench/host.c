// The benchmark's host: a server with one job, its ranks as processes of this same program, and a module that answers
// every upcall at once, so that what is measured is the library alone.
#define _GNU_SOURCE
#include "bench.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/wait.h>

struct rank {
    pid_t pid;
    int fd;
    double value[FIGURES];
};

static struct rank rank[MAX_RANKS];
static int ranks;
static char directory[256];

static void fail(const char *what) {
    fprintf(stderr, "host of %d: %s\n", ranks, what);
    exit(1);
}

static void require(pmix_status_t rc, const char *what) {
    if (rc == PMIX_SUCCESS) return;
    fprintf(stderr, "host of %d: %s: status %d\n", ranks, what, rc);
    exit(1);
}

// ---- the module

static pmix_status_t accept_client(const pmix_proc_t *proc, void *object, pmix_op_cbfunc_t done, void *cbdata) {
    (void) proc, (void) object;
    if (done) done(PMIX_SUCCESS, cbdata);
    return PMIX_SUCCESS;
}

static pmix_status_t on_fence(const pmix_proc_t procs[], size_t nprocs, const pmix_info_t info[], size_t ninfo,
    char *data, size_t ndata, pmix_modex_cbfunc_t done, void *cbdata) {
    (void) procs, (void) nprocs, (void) info, (void) ninfo;
    done(PMIX_SUCCESS, data, ndata, cbdata, free, data);
    return PMIX_SUCCESS;
}

static pmix_status_t on_direct_modex(const pmix_proc_t *proc, const pmix_info_t info[], size_t ninfo,
    pmix_modex_cbfunc_t done, void *cbdata) {
    (void) proc, (void) info, (void) ninfo;
    done(PMIX_ERR_NOT_FOUND, NULL, 0, cbdata, NULL, NULL);
    return PMIX_SUCCESS;
}

static pmix_server_module_t module = {
    .client_connected = accept_client,
    .client_finalized = accept_client,
    .fence_nb = on_fence,
    .direct_modex = on_direct_modex,
};

// ---- registering

struct op {
    pthread_mutex_t lock;
    pthread_cond_t came;
    bool done;
    pmix_status_t status;
};

static void op_done(pmix_status_t status, void *cbdata) {
    struct op *op = cbdata;
    pthread_mutex_lock(&op->lock);
    op->status = status;
    op->done = true;
    pthread_cond_signal(&op->came);
    pthread_mutex_unlock(&op->lock);
}

static void settle(pmix_status_t rc, struct op *op, const char *what) {
    if (rc == PMIX_OPERATION_SUCCEEDED) return;
    require(rc, what);
    pthread_mutex_lock(&op->lock);
    while (!op->done) pthread_cond_wait(&op->came, &op->lock);
    pthread_mutex_unlock(&op->lock);
    require(op->status, what);
}

#define OP_INIT {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, PMIX_SUCCESS}

static void load_rank(pmix_info_t *info, uint32_t number, const char *here) {
    enum { KEYS = 8 };
    pmix_info_t *one;
    uint16_t local = number;
    uint32_t zero = 0;
    PMIX_INFO_CREATE(one, KEYS);
    PMIX_INFO_LOAD(&one[0], PMIX_RANK, &number, PMIX_PROC_RANK);
    PMIX_INFO_LOAD(&one[1], PMIX_LOCAL_RANK, &local, PMIX_UINT16);
    PMIX_INFO_LOAD(&one[2], PMIX_NODE_RANK, &local, PMIX_UINT16);
    PMIX_INFO_LOAD(&one[3], PMIX_GLOBAL_RANK, &number, PMIX_UINT32);
    PMIX_INFO_LOAD(&one[4], PMIX_APP_RANK, &number, PMIX_UINT32);
    PMIX_INFO_LOAD(&one[5], PMIX_NODEID, &zero, PMIX_UINT32);
    PMIX_INFO_LOAD(&one[6], PMIX_APPNUM, &zero, PMIX_UINT32);
    PMIX_INFO_LOAD(&one[7], PMIX_HOSTNAME, here, PMIX_STRING);
    pmix_data_array_t array = {.type = PMIX_INFO, .size = KEYS, .array = one};
    PMIX_INFO_LOAD(info, PMIX_PROC_DATA, &array, PMIX_DATA_ARRAY);
    PMIX_INFO_FREE(one, KEYS);
}

static void register_job(void) {
    struct op op = OP_INIT;
    char here[256] = "", list[MAX_RANKS * 4] = "", *nodes = NULL, *procs = NULL;
    uint32_t size = ranks, one = 1, zero = 0;
    enum { KEYS = 11 };
    pmix_info_t *info;
    pmix_nspace_t nspace = NSPACE;
    gethostname(here, sizeof here - 1);
    for (int i = 0; i < ranks; i++) sprintf(list + strlen(list), "%s%d", i ? "," : "", i);
    require(PMIx_generate_regex(here, &nodes), "PMIx_generate_regex");
    require(PMIx_generate_ppn(list, &procs), "PMIx_generate_ppn");
    PMIX_INFO_CREATE(info, KEYS + ranks);
    PMIX_INFO_LOAD(&info[0], PMIX_NODE_MAP, nodes, PMIX_STRING);
    PMIX_INFO_LOAD(&info[1], PMIX_PROC_MAP, procs, PMIX_STRING);
    PMIX_INFO_LOAD(&info[2], PMIX_LOCAL_PEERS, list, PMIX_STRING);
    PMIX_INFO_LOAD(&info[3], PMIX_UNIV_SIZE, &size, PMIX_UINT32);
    PMIX_INFO_LOAD(&info[4], PMIX_JOB_SIZE, &size, PMIX_UINT32);
    PMIX_INFO_LOAD(&info[5], PMIX_MAX_PROCS, &size, PMIX_UINT32);
    PMIX_INFO_LOAD(&info[6], PMIX_LOCAL_SIZE, &size, PMIX_UINT32);
    PMIX_INFO_LOAD(&info[7], PMIX_NUM_NODES, &one, PMIX_UINT32);
    PMIX_INFO_LOAD(&info[8], PMIX_JOB_NUM_APPS, &one, PMIX_UINT32);
    PMIX_INFO_LOAD(&info[9], PMIX_LOCALLDR, &zero, PMIX_PROC_RANK);
    PMIX_INFO_LOAD(&info[10], PMIX_JOBID, NSPACE, PMIX_STRING);
    for (int i = 0; i < ranks; i++) load_rank(&info[KEYS + i], i, here);
    settle(PMIx_server_register_nspace(nspace, ranks, info, KEYS + ranks, op_done, &op), &op, "register_nspace");
    PMIX_INFO_FREE(info, KEYS + ranks);
    free(nodes);
    free(procs);
}

static void start_server(void) {
    pmix_info_t *info;
    PMIX_INFO_CREATE(info, 2);
    PMIX_INFO_LOAD(&info[0], PMIX_SERVER_TMPDIR, directory, PMIX_STRING);
    PMIX_INFO_LOAD(&info[1], PMIX_SYSTEM_TMPDIR, directory, PMIX_STRING);
    require(PMIx_server_init(&module, info, 2), "PMIx_server_init");
    PMIX_INFO_FREE(info, 2);
    register_job();
    for (int i = 0; i < ranks; i++) {
        struct op op = OP_INIT;
        pmix_proc_t proc;
        PMIX_LOAD_PROCID(&proc, NSPACE, i);
        settle(PMIx_server_register_client(&proc, geteuid(), getegid(), NULL, op_done, &op), &op, "register_client");
    }
}

// ---- the ranks

static char **environment_of(int number) {
    char **env = calloc(1, sizeof *env);
    size_t n = 0;
    pmix_proc_t proc;
    for (; environ[n]; n++) {
        env = realloc(env, (n + 2) * sizeof *env);
        env[n] = strdup(environ[n]);
    }
    env[n] = NULL;
    PMIX_LOAD_PROCID(&proc, NSPACE, number);
    require(PMIx_server_setup_fork(&proc, &env), "PMIx_server_setup_fork");
    return env;
}

static void launch(int number, const char *what) {
    int pair[2];
    char count[16], fd[16];
    char **env = environment_of(number);
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) fail("no socket pair");
    snprintf(count, sizeof count, "%d", ranks);
    snprintf(fd, sizeof fd, "%d", pair[1]);
    rank[number].fd = pair[0];
    rank[number].pid = fork();
    if (rank[number].pid < 0) fail("no process");
    if (rank[number].pid == 0) {
        fcntl(pair[1], F_SETFD, 0);
        execve("/proc/self/exe", (char *[]){"bench", (char *) what, count, fd, NULL}, env);
        _exit(127);
    }
    close(pair[1]);
    for (char **entry = env; *entry; entry++) free(*entry);
    free(env);
}

static void begin(int number, double start) {
    if (send(rank[number].fd, &start, sizeof start, MSG_NOSIGNAL) != sizeof start) fail("a rank is gone");
}

static void end(int number) {
    struct record record;
    do {
        if (recv(rank[number].fd, &record, sizeof record, 0) != sizeof record) fail("a rank is gone");
        rank[number].value[record.figure] = record.value;
    } while (record.figure != STEP_DONE);
}

// All ranks at once, as a job makes its collective calls: at a moment when all of them have heard of it and the host
// is out of their way.
static void step_together(void) {
    double start = now() + 0.001 + 0.0001 * ranks;
    for (int i = 0; i < ranks; i++) begin(i, start);
    for (int i = 0; i < ranks; i++) end(i);
}

// One after the other: with more ranks than processors a local call would otherwise measure the scheduler.
static void step_in_turn(void) {
    for (int i = 0; i < ranks; i++) {
        begin(i, 0);
        end(i);
    }
}

static void finish(void) {
    for (int i = 0; i < ranks; i++) begin(i, 0);
    for (int i = 0; i < ranks; i++) {
        int status = -1;
        waitpid(rank[i].pid, &status, 0);
        if (status != 0) fail("a rank failed");
    }
}

// ---- what is printed

static void print_figure(const char *name, enum figure figure) {
    double all[MAX_RANKS];
    for (int i = 0; i < ranks; i++) all[i] = rank[i].value[figure];
    printf("%s %d %.3f\n", name, ranks, median(all, ranks));
}

static double memory_of(pid_t pid, const char *file, const char *field) {
    char path[64], line[256];
    double kib = -1;
    snprintf(path, sizeof path, "/proc/%d/%s", (int) pid, file);
    FILE *from = fopen(path, "r");
    while (from && fgets(line, sizeof line, from)) {
        if (strncmp(line, field, strlen(field)) == 0) kib = atof(line + strlen(field));
    }
    if (from) fclose(from);
    if (kib <= 0) fail("no memory figures");
    return kib;
}

static void print_memory(void) {
    double rss[MAX_RANKS], pss[MAX_RANKS];
    for (int i = 0; i < ranks; i++) {
        rss[i] = memory_of(rank[i].pid, "status", "VmRSS:");
        pss[i] = memory_of(rank[i].pid, "smaps_rollup", "Pss:");
    }
    printf("client_rss %d %.0f\n", ranks, median(rss, ranks));
    printf("client_pss %d %.0f\n", ranks, median(pss, ranks));
    printf("server_rss %d %.0f\n", ranks, memory_of(getpid(), "status", "VmRSS:"));
    printf("server_pss %d %.0f\n", ranks, memory_of(getpid(), "smaps_rollup", "Pss:"));
}

static void print_exchange(void) {
    double began = rank[0].value[BEGAN], ended = 0;
    for (int i = 0; i < ranks; i++) {
        if (rank[i].value[BEGAN] < began) began = rank[i].value[BEGAN];
        if (rank[i].value[ENDED] > ended) ended = rank[i].value[ENDED];
    }
    printf("exchange %d %.3f\n", ranks, ended - began);
}

static void calls(void) {
    step_together();
    step_together();
    step_in_turn();
    step_together();
    step_in_turn();
    print_figure("init", INIT);
    print_figure("put", PUT);
    print_figure("get_job", GET_JOB);
    print_figure("get_own", GET_OWN);
    if (ranks > 1) print_figure("get_peer", GET_PEER);
    print_figure("fence", FENCE);
}

static void exchange(void) {
    step_together();
    step_together();
    print_memory();
    print_exchange();
}

// The original leaves a folder behind for each namespace if a run fails; nothing of ours may stay in /tmp.
static void remove_all(const char *path) {
    DIR *open = opendir(path);
    struct dirent *entry;
    while (open && (entry = readdir(open)) != NULL) {
        char name[512];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (unlink(name) != 0) remove_all(name);
    }
    if (open) closedir(open);
    rmdir(path);
}

static void remove_directory(void) { remove_all(directory); }

int host_main(const char *what, int count) {
    ranks = count;
    const char *parent = getenv("TMPDIR");
    snprintf(directory, sizeof directory, "%s/muster-bench.XXXXXX", parent ? parent : "/tmp");
    if (mkdtemp(directory) == NULL) fail("no temporary directory");
    atexit(remove_directory);
    setenv("BENCH_LIBRARY", library_path(), 1);
    printf("# %s\n", library_path());
    start_server();
    for (int i = 0; i < ranks; i++) launch(i, what);
    if (strcmp(what, "calls") == 0) calls();
    else exchange();
    finish();
    require(PMIx_server_finalize(), "PMIx_server_finalize");
    return 0;
}
