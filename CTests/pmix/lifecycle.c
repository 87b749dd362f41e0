// Starting and ending: counted init and finalize, rounds of them, life without a server, and fork.
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"

#include <dirent.h>

// ---- ranks

static pmix_status_t fence(void) {
    bool flag = true;
    pmix_info_t collect;
    PMIX_INFO_LOAD(&collect, PMIX_COLLECT_DATA, &flag, PMIX_BOOL);
    return PMIx_Fence(NULL, 0, &collect, 1);
}

static void nested(void) {
    pmix_proc_t again;
    pmix_info_t infos[2];
    check(!PMIx_Initialized(), "PMIx_Initialized is 0 before PMIx_Init");
    client_start();
    check(PMIx_Initialized() == 1, "and 1 after it");
    check_int(PMIx_Init(&again, NULL, 0), PMIX_SUCCESS, "a second PMIx_Init succeeds");
    check(strcmp(again.nspace, me.nspace) == 0 && again.rank == me.rank, "with the same identity");
    check_int(PMIx_Init(NULL, NULL, 0), PMIX_SUCCESS, "a third, with a NULL proc");
    PMIX_INFO_LOAD(&infos[0], PMIX_PROGRAMMING_MODEL, "MPI", PMIX_STRING);
    PMIX_INFO_LOAD(&infos[1], PMIX_MODEL_LIBRARY_NAME, "some library", PMIX_STRING);
    check_int(PMIx_Init(NULL, infos, 2), PMIX_SUCCESS, "a fourth, declaring a programming model");
    for (int i = 0; i < 3; i++) {
        check_int(PMIx_Finalize(NULL, 0), PMIX_SUCCESS, "an inner PMIx_Finalize");
        check(PMIx_Initialized() == 1, "it leaves PMIx initialised");
    }
    check_int(fence(), PMIX_SUCCESS, "the connection still serves");
    client_stop();
    check(!PMIx_Initialized(), "PMIx_Initialized is 0 after the last PMIx_Finalize");
    check_int(PMIx_Commit(), PMIX_ERR_INIT, "a call after it says so");
    PMIX_INFO_DESTRUCT(&infos[0]);
    PMIX_INFO_DESTRUCT(&infos[1]);
}

static int open_files(void) {
    int count = 0;
    DIR *open = opendir("/proc/self/fd");
    while (open && readdir(open)) count++;
    if (open) closedir(open);
    return count;
}

static int threads(void) {
    int count = 0;
    DIR *open = opendir("/proc/self/task");
    while (open && readdir(open)) count++;
    if (open) closedir(open);
    return count;
}

static void one_cycle(int cycle) {
    char key[32], text[32];
    pmix_value_t value, *got = NULL;
    pmix_proc_t peer;
    check_int(PMIx_Init(&me, NULL, 0), PMIX_SUCCESS, "cycle %d: PMIx_Init", cycle);
    snprintf(key, sizeof key, "k%d", cycle);
    snprintf(text, sizeof text, "%u in cycle %d", me.rank, cycle);
    PMIX_VALUE_LOAD(&value, text, PMIX_STRING);
    check_int(PMIx_Put(PMIX_GLOBAL, key, &value), PMIX_SUCCESS, "cycle %d: put", cycle);
    PMIX_VALUE_DESTRUCT(&value);
    check_int(PMIx_Commit(), PMIX_SUCCESS, "cycle %d: commit", cycle);
    check_int(fence(), PMIX_SUCCESS, "cycle %d: fence", cycle);
    peer = me;
    peer.rank = 1 - me.rank;
    snprintf(text, sizeof text, "%u in cycle %d", peer.rank, cycle);
    check_int(PMIx_Get(&peer, key, NULL, 0, &got), PMIX_SUCCESS, "cycle %d: get", cycle);
    check(got && got->type == PMIX_STRING && strcmp(got->data.string, text) == 0, "cycle %d: the value", cycle);
    if (got) PMIX_VALUE_RELEASE(got);
    check_int(PMIx_Finalize(NULL, 0), PMIX_SUCCESS, "cycle %d: PMIx_Finalize", cycle);
}

static void cycling(void) {
    int files = open_files(), tasks = threads();
    for (int cycle = 0; cycle < 3; cycle++) {
        one_cycle(cycle);
        client_say("cycle");
        client_hear("next");
    }
    check_int(open_files(), files, "no file is left open after three cycles");
    for (int i = 0; i < 200 && threads() != tasks; i++) usleep(10 * 1000);  // /proc shows a joined one for a moment
    check_int(threads(), tasks, "no thread is left after three cycles");
}

static void alone(void) {  // no server is named
    char host[256] = "", expected[300];
    pmix_value_t value, *got = NULL;
    gethostname(host, sizeof host - 1);
    snprintf(expected, sizeof expected, "singleton.%s.%d", host, (int) getpid());
    check_int(PMIx_Init(&me, NULL, 0), PMIX_ERR_UNREACH, "a singleton's PMIx_Init is UNREACH");
    check(strcmp(me.nspace, expected) == 0, "its nspace is made of host and process");
    check_int(me.rank, 0, "its rank is 0");
    check(PMIx_Initialized() == 1, "it is initialised all the same");
    PMIX_VALUE_LOAD(&value, "x", PMIX_STRING);
    check_int(PMIx_Put(PMIX_GLOBAL, "k", &value), PMIX_SUCCESS, "it can put");
    PMIX_VALUE_DESTRUCT(&value);
    check_int(PMIx_Get(&me, "k", NULL, 0, &got), PMIX_SUCCESS, "and get its own");
    if (got) PMIX_VALUE_RELEASE(got);
    check_int(PMIx_Finalize(NULL, 0), PMIX_SUCCESS, "it finalizes");
}

static void without_rank(void) {
    check_int(PMIx_Init(&me, NULL, 0), PMIX_ERR_DATA_VALUE_NOT_FOUND, "an nspace without a rank is an error");
}

static void unreachable(void) {
    check_int(PMIx_Init(&me, NULL, 0), PMIX_ERR_UNREACH, "a server that is not there is UNREACH");
    check_int(PMIx_Finalize(NULL, 0), PMIX_SUCCESS, "and one can finalize");
}

static void forking(void) {  // a child made by fork alone neither disturbs the parent nor is disturbed by it
    int status = -1;
    client_start();
    check_int(fence(), PMIX_SUCCESS, "a fence before the fork");
    pid_t child = fork();
    if (child == 0) _exit(7);
    check(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 7, "a forked child ends by itself");
    check_int(fence(), PMIX_SUCCESS, "a fence after it");
    client_stop();
}

static void forking_first(void) {  // PMIx in a child of a process that has used and left it
    int status = -1;
    client_start();
    client_stop();
    pid_t child = fork();
    if (child == 0) {
        pmix_proc_t proc;
        alarm(client_seconds());
        _exit(PMIx_Init(&proc, NULL, 0) == PMIX_SUCCESS && PMIx_Finalize(NULL, 0) == PMIX_SUCCESS ? 7 : 1);
    }
    check(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 7, "a forked child can use PMIx again");
}

// ---- hosts

static bool start_with(uint32_t local) {
    struct host_config config = {.local = local};
    return ok(host_start(&config), "the host starts");
}

static void run_one(const char *role, const char *const *variables) {
    if (!start_with(1)) return;
    host_launch_with("testns", 0, role, variables);
    host_report();
    int ends = strcmp(role, "forking_first") == 0 ? 2 : 1;
    is_int(host_saw(UP_FINALIZED), ends, "the host saw as many ends as there were");
    host_stop();
    is_int(host_leftovers(), 0, "no file is left behind");
}

static void counted(void) { run_one("nested", NULL); }
static void forked(void) { run_one("forking", NULL); }
static void forked_first(void) { run_one("forking_first", NULL); }

static void cycles(void) {
    if (!start_with(2)) return;
    int clients[2] = {host_launch("testns", 0, "cycling"), host_launch("testns", 1, "cycling")};
    for (int cycle = 0; cycle < 3; cycle++) {
        ok(host_hear(clients[0], "cycle") && host_hear(clients[1], "cycle"), "both have done cycle %d", cycle);
        host_tell(clients[0], "next"), host_tell(clients[1], "next");
    }
    host_report();
    is_int(host_saw(UP_FINALIZED), 6, "each end was seen");
    is_int(host_saw(UP_EVENT), 0, "and none was taken for a loss");
    host_stop();
}

static void outside(const char *role, bool named) {
    struct host_config config = {.local = 1};
    if (!ok(host_start(&config), "a host starts, to launch with")) return;
    char **env = host_environment("testns", 0);
    const char *variables[40] = {NULL};
    int n = 0;
    for (size_t i = 0; env[i]; i++) {
        bool uri = strncmp(env[i], "PMIX_SERVER_URI", 15) == 0, rank = strncmp(env[i], "PMIX_RANK=", 10) == 0;
        if (!named || (strcmp(role, "without_rank") == 0 ? rank : uri)) {
            if (strncmp(env[i], "PMIX_", 5) != 0) continue;
            env[i][strcspn(env[i], "=")] = 0;
            variables[n++] = env[i];
            variables[n++] = uri && named ? "nobody.0;tcp4://127.0.0.1:1" : NULL;
        }
    }
    host_launch_with("testns", 0, role, variables);
    host_report();
    host_free_environment(env);
    host_stop();
}

static void singleton(void) { outside("alone", false); }
static void no_rank(void) { outside("without_rank", true); }
static void no_server(void) { outside("unreachable", true); }

static void servers(void) {  // the server's own rounds in one process
    for (int round = 0; round < 3; round++) {
        struct host_config config = {.local = 1};
        ok(host_start(&config), "round %d: the server starts", round);
        host_launch("testns", 0, "forking");
        host_report();
        host_stop();
        is_int(host_leftovers(), 0, "round %d: it leaves no file behind", round);
    }
}

int main(int argc, char **argv) {
    static const struct role roles[] = {{"nested", nested}, {"cycling", cycling}, {"alone", alone},
        {"without_rank", without_rank}, {"unreachable", unreachable}, {"forking", forking},
        {"forking_first", forking_first}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("counted init and finalize", counted);
    scenario("three cycles", cycles);
    scenario("a singleton", singleton);
    scenario("no rank", no_rank);
    scenario("no server", no_server);
    scenario("fork", forked);
    scenario("fork after use", forked_first);
    scenario("rounds of a server", servers);
    return done_testing();
}
