// A server in a process of its own, begun with the infos and variables a test gives it: what it says of itself, what it
// writes, and what it leaves. Include tap.h first; serve_main() comes first in main.
#ifndef MUSTER_TEST_SERVE_H
#define MUSTER_TEST_SERVE_H

#include <pmix.h>
#include <pmix_server.h>

#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SAYS = 100, HEARS = 101 };  // descriptors of the other process, beyond those that are in use

struct served {
    pid_t process;
    FILE *from;
    int to, rc, finalized;
    char uri[700], output[4096], errors[8192];
    int out, err;
};

// A text that lives as long as the program.
static char *text_of(const char *format, ...) __attribute__((format(printf, 1, 2), unused));
static char *text_of(const char *format, ...) {
    static char *texts[256];
    static size_t count;
    va_list arguments;
    if (count == sizeof texts / sizeof texts[0]) bail("too many texts");
    va_start(arguments, format);
    if (vasprintf(&texts[count], format, arguments) < 0) bail("no memory");
    va_end(arguments);
    return texts[count++];
}

static void serve_load(pmix_info_t *info, const char *text) {
    char key[PMIX_MAX_KEYLEN + 1];
    const char *equals = strchr(text, '=');
    size_t length = equals ? (size_t) (equals - text) : strlen(text);
    bool yes = true;
    memcpy(key, text, length);
    key[length] = 0;
    if (equals == NULL) {
        PMIX_INFO_LOAD(info, key, &yes, PMIX_BOOL);
    } else if (equals[1] == '#') {
        int number = atoi(equals + 2);
        PMIX_INFO_LOAD(info, key, &number, PMIX_INT);
    } else {
        PMIX_INFO_LOAD(info, key, equals + 1, PMIX_STRING);
    }
}

// A host that lets in whoever has a name.
static void serve_tool(pmix_info_t *infos, size_t ninfos, pmix_tool_connection_cbfunc_t cb, void *cbdata) {
    pmix_proc_t proc = {"", PMIX_RANK_UNDEF};
    for (size_t i = 0; i < ninfos; i++) {
        if (PMIX_CHECK_KEY(&infos[i], PMIX_NSPACE)) PMIX_LOAD_NSPACE(proc.nspace, infos[i].value.data.string);
        if (PMIX_CHECK_KEY(&infos[i], PMIX_RANK)) proc.rank = infos[i].value.data.rank;
    }
    cb(proc.nspace[0] ? PMIX_SUCCESS : PMIX_ERR_NOT_SUPPORTED, &proc, cbdata);
}

// "key" is true, "key=#5" a number, "key=text" a text.
__attribute__((unused)) static void serve_main(int argc, char **argv) {
    if (argc < 2 || strcmp(argv[1], "--serve") != 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(60);
    pmix_server_module_t nothing = {.tool_connected = serve_tool};
    pmix_info_t infos[8];
    char **env = NULL, byte;
    for (int i = 2; i < argc; i++) serve_load(&infos[i - 2], argv[i]);
    pmix_status_t rc = PMIx_server_init(&nothing, argc > 2 ? infos : NULL, (size_t) argc - 2);
    dprintf(SAYS, "rc %d\n", rc);
    if (rc != PMIX_SUCCESS) _exit(0);
    pmix_proc_t child;
    PMIX_LOAD_PROCID(&child, "child", 0);
    PMIx_server_setup_fork(&child, &env);
    for (char **one = env; one && *one; one++) {
        if (strncmp(*one, "PMIX_SERVER_URI41=", 18) == 0) dprintf(SAYS, "uri %s\n", *one + 18);
    }
    dprintf(SAYS, "up\n");
    if (read(HEARS, &byte, 1) < 0) _exit(1);
    dprintf(SAYS, "fin %d\n", PMIx_server_finalize());
    fflush(stdout);
    _exit(0);
}

// Reads up to `word`.
static void serve_hear(struct served *served, const char *word) {
    char line[700];
    while (served->from && fgets(line, sizeof line, served->from)) {
        line[strcspn(line, "\n")] = 0;
        if (sscanf(line, "rc %d", &served->rc) == 1 && served->rc != 0) return;
        if (strncmp(line, "uri ", 4) == 0) snprintf(served->uri, sizeof served->uri, "%s", line + 4);
        sscanf(line, "fin %d", &served->finalized);
        if (strncmp(line, word, strlen(word)) == 0) return;
    }
}

// Both lists end with NULL; variables are "NAME=value".
__attribute__((unused)) static struct served serve(const char *const *variables, const char *const *infos) {
    struct served served = {.rc = 12345, .finalized = 12345};
    int up[2], down[2];
    char *words[16] = {"serve", "--serve"};
    for (int i = 0; infos && infos[i]; i++) words[2 + i] = (char *) infos[i];
    served.out = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    served.err = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (pipe2(up, O_CLOEXEC) != 0 || pipe2(down, O_CLOEXEC) != 0) return served;
    served.process = fork();
    if (served.process == 0) {
        dup2(served.out, 1);
        dup2(served.err, 2);
        dup2(up[1], SAYS);
        dup2(down[0], HEARS);
        for (; variables && *variables; variables++) putenv((char *) *variables);
        execv("/proc/self/exe", words);
        _exit(127);
    }
    close(up[1]);
    close(down[0]);
    served.to = down[1];
    served.from = fdopen(up[0], "r");
    serve_hear(&served, "up");
    return served;
}

static void serve_text(int file, char *text, size_t size) {
    ssize_t n = pread(file, text, size - 1, 0);
    text[n > 0 ? n : 0] = 0;
    close(file);
}

__attribute__((unused)) static void serve_end(struct served *served) {
    signal(SIGPIPE, SIG_IGN);
    if (served->rc == 0 && write(served->to, "x", 1) == 1) serve_hear(served, "fin");
    if (served->from) fclose(served->from);
    close(served->to);
    waitpid(served->process, NULL, 0);
    serve_text(served->out, served->output, sizeof served->output);
    serve_text(served->err, served->errors, sizeof served->errors);
}

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

#endif
