// PMIx_server_setup_fork: the variables a rank finds its server by.
// sources: host.c
#include "tap.h"
#include "host.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

static const char *value_of(char **env, const char *name) {
    size_t n = strlen(name);
    for (size_t i = 0; env && env[i]; i++)
        if (strncmp(env[i], name, n) == 0 && env[i][n] == '=') return env[i] + n + 1;
    return NULL;
}

static size_t length_of(char **env) {
    size_t n = 0;
    while (env && env[n]) n++;
    return n;
}

static bool can_connect(const char *uri) {
    const char *at = strstr(uri, ";tcp4://");
    struct sockaddr_in address = {.sin_family = AF_INET};
    char host[64];
    int port;
    if (at == NULL || sscanf(at, ";tcp4://%63[0-9.]:%d", host, &port) != 2) return false;
    address.sin_port = htons((uint16_t) port);
    inet_pton(AF_INET, host, &address.sin_addr);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool connected = connect(fd, (struct sockaddr *) &address, sizeof address) == 0;
    close(fd);
    return connected;
}

static void check_uris(char **env, const char *server) {
    static const char *const others[] = {
        "PMIX_SERVER_URI4", "PMIX_SERVER_URI3", "PMIX_SERVER_URI2", "PMIX_SERVER_URI21"};
    const char *uri = value_of(env, "PMIX_SERVER_URI41");
    if (!ok(uri != NULL, "PMIX_SERVER_URI41 is set")) return;
    for (size_t i = 0; i < 4; i++) is_str(value_of(env, others[i]), uri, "%s has the same value", others[i]);
    ok(strncmp(uri, server, strlen(server)) == 0, "it begins with the server's own identity");
    ok(strncmp(uri + strlen(server), ";tcp4://127.0.0.1:", 18) == 0, "an address of this machine follows");
    ok(can_connect(uri), "somebody listens there");
    ok(strchr(uri, ';') == strrchr(uri, ';'), "it has exactly two parts");
}

static void check_others(char **env) {
    char host[256] = "";
    gethostname(host, sizeof host - 1);
    is_str(value_of(env, "PMIX_NAMESPACE"), "testns", "PMIX_NAMESPACE");
    is_str(value_of(env, "PMIX_RANK"), "1", "PMIX_RANK");
    ok(value_of(env, "PMIX_SECURITY_MODE") && strstr(value_of(env, "PMIX_SECURITY_MODE"), "native"),
        "PMIX_SECURITY_MODE offers native");
    is_str(value_of(env, "PMIX_BFROP_BUFFER_TYPE"), "PMIX_BFROP_BUFFER_NON_DESC", "PMIX_BFROP_BUFFER_TYPE");
    ok(value_of(env, "PMIX_GDS_MODULE") && strstr(value_of(env, "PMIX_GDS_MODULE"), "hash"),
        "PMIX_GDS_MODULE offers hash");
    is_str(value_of(env, "PMIX_HOSTNAME"), host, "PMIX_HOSTNAME");
    ok(value_of(env, "PMIX_VERSION") && strncmp(value_of(env, "PMIX_VERSION"), "4.2.2", 5) == 0, "PMIX_VERSION");
    is_str(value_of(env, "PMIX_SERVER_TMPDIR"), host_directory(), "PMIX_SERVER_TMPDIR is the one given to the server");
    is_str(value_of(env, "PMIX_SYSTEM_TMPDIR"), host_directory(), "PMIX_SYSTEM_TMPDIR too");
}

static void usual(void) {
    struct host_config config = {.local = 2};
    char **env = NULL, server[64];
    pmix_proc_t proc;
    unsetenv("PMIX_SERVER_NAMESPACE"), unsetenv("PMIX_SERVER_RANK");
    if (!ok(host_start(&config), "the host starts")) return;
    PMIX_LOAD_PROCID(&proc, "testns", 1);
    is_int(PMIx_server_setup_fork(&proc, &env), PMIX_SUCCESS, "an environment is made of nothing");
    snprintf(server, sizeof server, "pmix-server.%d", (int) getpid());
    check_uris(env, server);
    check_others(env);
    size_t n = length_of(env);
    is_int(PMIx_server_setup_fork(&proc, &env), PMIX_SUCCESS, "the same environment again");
    is_int(length_of(env), n, "nothing stands in it twice");
    host_free_environment(env);  // each entry and the array are the caller's to free
    env = calloc(2, sizeof *env);
    env[0] = strdup("PMIX_RANK=77");
    is_int(PMIx_server_setup_fork(&proc, &env), PMIX_SUCCESS, "an environment with a rank in it");
    is_str(value_of(env, "PMIX_RANK"), "1", "the old rank is replaced");
    is_int(length_of(env), n, "and not kept beside the new one");
    host_free_environment(env);
    host_stop();
}

static void named(void) {
    pmix_info_t infos[2];
    pmix_rank_t rank = 3;
    struct host_config config = {.local = 2, .infos = infos, .ninfos = 2};
    char **env = NULL;
    pmix_proc_t proc;
    PMIX_INFO_LOAD(&infos[0], PMIX_SERVER_NSPACE, "daemons", PMIX_STRING);
    PMIX_INFO_LOAD(&infos[1], PMIX_SERVER_RANK, &rank, PMIX_PROC_RANK);
    if (!ok(host_start(&config), "a host with an identity of its own starts")) return;
    PMIX_LOAD_PROCID(&proc, "testns", 1);
    is_int(PMIx_server_setup_fork(&proc, &env), PMIX_SUCCESS, "an environment");
    check_uris(env, "daemons.3");
    host_free_environment(env);
    PMIX_INFO_DESTRUCT(&infos[0]);
    host_stop();
}

static void by_environment(void) {
    struct host_config config = {.local = 2};
    char **env = NULL;
    pmix_proc_t proc;
    setenv("PMIX_SERVER_NAMESPACE", "envdaemons", 1);
    setenv("PMIX_SERVER_RANK", "5", 1);
    if (!ok(host_start(&config), "a host with an identity from its environment starts")) return;
    PMIX_LOAD_PROCID(&proc, "testns", 1);
    is_int(PMIx_server_setup_fork(&proc, &env), PMIX_SUCCESS, "an environment");
    check_uris(env, "envdaemons.5");
    host_free_environment(env);
    host_stop();
}

// Slurm forks first and asks then.
static void in_a_child(void) {
    struct host_config config = {.local = 2};
    pmix_proc_t proc;
    int status = -1;
    if (!ok(host_start(&config), "a host starts")) return;
    PMIX_LOAD_PROCID(&proc, "testns", 1);
    pid_t child = fork();
    if (child == 0) {
        char **env = NULL;
        alarm(10);
        bool good = PMIx_server_setup_fork(&proc, &env) == PMIX_SUCCESS && value_of(env, "PMIX_SERVER_URI41");
        _exit(good && strcmp(value_of(env, "PMIX_RANK"), "1") == 0 ? 0 : 1);
    }
    waitpid(child, &status, 0);
    is_int(status, 0, "a forked child of the server's process gets the environment, too");
    host_stop();
}

int main(void) {
    scenario("the usual", usual);
    scenario("an identity from the directives", named);
    scenario("an identity from the environment", by_environment);
    scenario("in a forked child", in_a_child);
    return done_testing();
}
