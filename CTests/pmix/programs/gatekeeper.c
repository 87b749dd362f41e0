// gatekeeper MANNER: a host that is asked about tools, and answers all of them in one manner: none (it has no function for
// that), inline, later, never, error, unnamed. It prints its address, then a line per tool it was asked about.
#include <pmix.h>
#include <pmix_server.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <signal.h>
#include <unistd.h>

static const char *manner;
static int asked;

struct question {
    pmix_tool_connection_cbfunc_t answer;
    void *cbdata;
    pmix_proc_t proc;
};

static void *answer(void *given) {
    struct question *question = given;
    if (strcmp(manner, "later") == 0) usleep(20000);
    if (strcmp(manner, "error") == 0) {
        question->answer(PMIX_ERR_NO_PERMISSIONS, NULL, question->cbdata);
    } else {
        question->answer(PMIX_SUCCESS, &question->proc, question->cbdata);
    }
    free(question);
    return NULL;
}

static void on_tool(pmix_info_t *infos, size_t n, pmix_tool_connection_cbfunc_t callback, void *cbdata) {
    struct question *question = calloc(1, sizeof *question);
    char nspace[64], version[64] = "-";
    pthread_t thread;
    bool is_named = false;
    long uid = -1, gid = -1;
    if (question == NULL) abort();
    question->answer = callback;
    question->cbdata = cbdata;
    snprintf(nspace, sizeof nspace, "assigned.%d", ++asked);
    PMIX_LOAD_PROCID(&question->proc, strcmp(manner, "unnamed") ? nspace : "", 7);
    for (size_t i = 0; i < n; i++) {
        if (PMIX_CHECK_KEY(&infos[i], PMIX_NSPACE)) {
            is_named = true;
            PMIX_LOAD_NSPACE(question->proc.nspace, infos[i].value.data.string);
        }
        if (PMIX_CHECK_KEY(&infos[i], PMIX_RANK)) question->proc.rank = infos[i].value.data.rank;
        if (PMIX_CHECK_KEY(&infos[i], PMIX_USERID)) uid = infos[i].value.data.uint32;
        if (PMIX_CHECK_KEY(&infos[i], PMIX_GRPID)) gid = infos[i].value.data.uint32;
        if (PMIX_CHECK_KEY(&infos[i], PMIX_VERSION_INFO))
            snprintf(version, sizeof version, "%s", infos[i].value.data.string);
    }
    if (is_named) {
        printf("asked %s:%u", question->proc.nspace, question->proc.rank);
    } else {
        printf("asked nobody");
    }
    printf(" %s %s\n", version, uid == (long) geteuid() && gid == (long) getegid() ? "mine" : "another's");
    if (strcmp(manner, "never") == 0) {
        free(question);
    } else if (strcmp(manner, "later") == 0) {
        if (pthread_create(&thread, NULL, answer, question) == 0) pthread_detach(thread);
    } else {
        answer(question);
    }
}

static void done(pmix_status_t status, void *cbdata) {
    (void) status;
    *(volatile int *) cbdata = 1;
}

int main(int argc, char **argv) {
    pmix_server_module_t module;
    pmix_proc_t rank;
    pmix_info_t info;
    bool yes = true;
    char **env = NULL, line[16];
    volatile int registered = 0;
    if (argc < 2) return 2;
    manner = argv[1];
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(120);
    setvbuf(stdout, NULL, _IOLBF, 0);
    memset(&module, 0, sizeof module);
    if (strcmp(manner, "none") != 0) module.tool_connected = on_tool;
    PMIX_INFO_LOAD(&info, PMIX_SERVER_TOOL_SUPPORT, &yes, PMIX_BOOL);
    if (PMIx_server_init(&module, &info, 1) != PMIX_SUCCESS) return 1;
    PMIX_LOAD_PROCID(&rank, "testns", 0);
    pmix_status_t rc = PMIx_server_register_client(&rank, geteuid(), getegid(), NULL, done, (void *) &registered);
    while (rc == PMIX_SUCCESS && !registered) usleep(1000);
    registered = 0;
    rc = PMIx_server_register_nspace(rank.nspace, 1, NULL, 0, done, (void *) &registered);
    while (rc == PMIX_SUCCESS && !registered) usleep(1000);
    if (PMIx_server_setup_fork(&rank, &env) != PMIX_SUCCESS) return 1;
    for (size_t i = 0; env && env[i]; i++)
        if (strncmp(env[i], "PMIX_", 5) == 0) printf("env %s\n", env[i]);
    for (size_t i = 0; env && env[i]; i++) free(env[i]);
    free(env);
    printf("ready\n");
    while (fgets(line, sizeof line, stdin) && strcmp(line, "quit\n") != 0) printf("total %d\n", asked);
    return PMIx_server_finalize() == PMIX_SUCCESS ? 0 : 1;
}
