// What forward.c and shown.c have in common: jobs that write, and a host that delivers. Include host.h and client.h first.
#ifndef MUSTER_TEST_FORWARD_H
#define MUSTER_TEST_FORWARD_H

#include <pmix_server.h>
#include <pmix_tool.h>

#include <fcntl.h>

#define BOTH (PMIX_FWD_STDOUT_CHANNEL | PMIX_FWD_STDERR_CHANNEL)

#define STRANGER "PMIX_NAMESPACE", NULL, "PMIX_RANK", NULL, "PMIX_SERVER_URI41", NULL, "PMIX_SERVER_URI4", NULL, \
    "PMIX_SERVER_URI3", NULL, "PMIX_SERVER_URI2", NULL, "PMIX_SERVER_URI21", NULL

static pmix_proc_t others(pmix_rank_t rank) {
    pmix_proc_t proc;
    PMIX_LOAD_PROCID(&proc, "other", rank);
    return proc;
}

// What this process writes on its descriptor from now on goes to a file of that name.
__attribute__((unused)) static int redirect(int descriptor, const char *name) {
    char path[600];
    snprintf(path, sizeof path, "%s/%s", getenv("PMIX_SYSTEM_TMPDIR"), name);
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || dup2(file, descriptor) < 0) _exit(5);
    return file;
}

__attribute__((unused)) static bool holds(int file, const char *expected) {
    char text[4096] = "";
    if (pread(file, text, sizeof text - 1, 0) < 0) _exit(5);
    return strcmp(text, expected) == 0;
}

static void deliver(const char *nspace, pmix_rank_t rank, pmix_iof_channel_t channel, const char *text) {
    struct op op = {0, 0};
    pmix_proc_t source;
    pmix_byte_object_t bytes = {(char *) text, strlen(text)};
    PMIX_LOAD_PROCID(&source, nspace, rank);
    pmix_status_t rc = PMIx_server_IOF_deliver(&source, channel, &bytes, NULL, 0, host_op_done, &op);
    if (rc == PMIX_SUCCESS && host_op_wait(&op, &rc) && rc == PMIX_SUCCESS) return;
    if (rc != PMIX_OPERATION_SUCCEEDED) ok(false, "PMIx_server_IOF_deliver: status %d", rc);
}

// A job that writes here: the original's server wants to know of it before anything of it is delivered.
static bool register_writer(const char *nspace, const pmix_info_t *more, size_t nmore) {
    pmix_info_t infos[8];
    struct op op = {0, 0};
    uint32_t one = 1;
    PMIX_INFO_LOAD(&infos[0], PMIX_JOB_SIZE, &one, PMIX_UINT32);
    for (size_t i = 0; i < nmore; i++) PMIx_Info_xfer(&infos[1 + i], &more[i]);
    pmix_nspace_t name = "";
    strncpy(name, nspace, sizeof name - 1);
    pmix_status_t rc = PMIx_server_register_nspace(name, 1, infos, 1 + nmore, host_op_done, &op);
    for (size_t i = 0; i < 1 + nmore; i++) PMIX_INFO_DESTRUCT(&infos[i]);
    if (rc == PMIX_SUCCESS) return host_op_wait(&op, &rc) && rc == PMIX_SUCCESS;
    return rc == PMIX_OPERATION_SUCCEEDED;
}

static bool start(struct host_config *config, bool writes) {
    pmix_info_t infos[2];
    bool yes = true;
    PMIX_INFO_LOAD(&infos[0], PMIX_IOF_LOCAL_OUTPUT, &writes, PMIX_BOOL);
    PMIX_INFO_LOAD(&infos[1], PMIX_SERVER_TOOL_SUPPORT, &yes, PMIX_BOOL);
    config->infos = infos;
    config->ninfos = 2;
    bool started = host_start(config);
    config->infos = NULL;
    return ok(started, "the host starts") && ok(register_writer("other", NULL, 0), "and knows another job");
}

#endif
