// host61: the host that the sessions of release 6.1 were recorded with, as far as its answers can be told apart: two
// ranks here, one elsewhere, functions for sessions and blocks of resources. It prints the environment of rank 0 and
// "ready", then answers one line per line read.
#include "tap.h"
#include "host.h"

#include <sys/prctl.h>

static void say_sessions(pmix_info_cbfunc_t cb, void *cbdata) {
    pmix_info_t info;
    PMIX_INFO_LOAD(&info, "sess.key", "sv", PMIX_STRING);
    cb(PMIX_SUCCESS, &info, 1, cbdata, NULL, NULL);
    PMIX_INFO_DESTRUCT(&info);
}

static pmix_status_t control_session(const pmix_proc_t *requestor, uint32_t session, const pmix_info_t directives[],
    size_t n, pmix_info_cbfunc_t cb, void *cbdata) {
    (void) requestor;
    if (session != 5 || n != 1 || strcmp(directives[0].key, "pmix.ssnctrl.x") != 0) return PMIX_ERR_BAD_PARAM;
    say_sessions(cb, cbdata);
    return PMIX_SUCCESS;
}

static pmix_status_t change_block(const pmix_proc_t *requestor, pmix_resource_block_directive_t directive,
    const char *block, const pmix_resource_unit_t *units, size_t nunits, const pmix_info_t *infos, size_t n,
    pmix_op_cbfunc_t cb, void *cbdata) {
    (void) requestor, (void) infos;
    bool is_it = directive == 1 && strcmp(block, "blk0") == 0 && n == 1;
    cb(is_it && nunits == 1 && units[0].type == 2 && units[0].count == 3 ? PMIX_SUCCESS : PMIX_ERR_BAD_PARAM, cbdata);
    return PMIX_SUCCESS;
}

static void offer(pmix_server_module_t *module) {
    void **member = (void **) module;
    member[28] = (void *) control_session;
    member[29] = (void *) change_block;
}

static void set_infos(const char *key, const char *text) {
    pmix_info_t info;
    if (key[0] == 0) return host_set_infos(NULL, 0);
    PMIX_INFO_LOAD(&info, key, text, PMIX_STRING);
    host_set_infos(&info, 1);
    PMIX_INFO_DESTRUCT(&info);
}

static void set_dmodex(const char *hex) {
    static char data[256];  // the host keeps no copy
    size_t n = 0;
    unsigned byte;
    for (; n < sizeof data && sscanf(hex + 2 * n, "%2x", &byte) == 1; n++) data[n] = (char) byte;
    host_set_dmodex(data, n);
}

static void answer(const char *line) {
    char word[64] = "", first[256] = "", second[64] = "";
    sscanf(line, "%63s %255s %63s", word, first, second);
    if (strcmp(word, "infos") == 0) set_infos(first, second);
    if (strcmp(word, "dmodex") == 0) set_dmodex(first);
    if (strcmp(word, "register") == 0) {
        host_register_clients(first, 1, 0);
        host_register_job(first, 1, 0);
    }
    printf("done\n");
}

int main(void) {
    static pmix_info_t info;
    struct host_config config = {.local = 2, .remote = 1, .infos = &info, .ninfos = 1};
    size_t slots = 30;
    char line[512];
    PMIX_INFO_LOAD(&info, MUSTER_SERVER_MODULE_SLOTS, &slots, PMIX_SIZE);
    host_module_hook = offer;
    host_group.context_id = 99;
    host_group.names_members = true;
    setvbuf(stdout, NULL, _IOLBF, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(170);
    if (!host_start(&config)) return 1;
    char **env = host_environment("testns", 0);
    for (size_t i = 0; env[i]; i++)
        if (strncmp(env[i], "PMIX_", 5) == 0) printf("env %s\n", env[i]);
    host_free_environment(env);
    printf("ready\n");
    while (fgets(line, sizeof line, stdin) && strncmp(line, "quit", 4) != 0) answer(line);
    host_stop();
    return host_leftovers() == 0 ? 0 : 3;
}
