// load LIBRARY quiet|client|server: what dlopen of the library does to a process, and rounds of use after it.
#include "tap.h"

#include <dirent.h>
#include <dlfcn.h>
#include <pmix.h>
#include <pmix_server.h>
#include <signal.h>
#include <unistd.h>

extern char **environ;

static int entries(const char *path) {
    int count = 0;
    DIR *open = opendir(path);
    while (open && readdir(open)) count++;
    if (open) closedir(open);
    return count;
}

struct process {
    int threads, files, variables;
    void (*handlers[65])(int);
    sigset_t blocked;
};

static void look(struct process *p) {
    memset(p, 0, sizeof *p);
    p->threads = entries("/proc/self/task");
    p->files = entries("/proc/self/fd");
    for (char **at = environ; *at; at++) p->variables++;
    for (int number = 1; number < 65; number++) {
        struct sigaction action;
        if (sigaction(number, NULL, &action) == 0) p->handlers[number] = action.sa_handler;
    }
    pthread_sigmask(SIG_BLOCK, NULL, &p->blocked);
}

// A thread that has been joined may stay in /proc for a moment longer.
static void compare(const struct process *before, const char *when) {
    struct process now;
    look(&now);
    for (int i = 0; i < 200 && now.threads != before->threads; i++) {
        usleep(10 * 1000);
        look(&now);
    }
    is_int(now.threads, before->threads, "%s: no thread more", when);
    is_int(now.files, before->files, "%s: no file more", when);
    is_int(now.variables, before->variables, "%s: no variable more", when);
    ok(memcmp(now.handlers, before->handlers, sizeof now.handlers) == 0, "%s: signal handlers as before", when);
    ok(memcmp(&now.blocked, &before->blocked, sizeof now.blocked) == 0, "%s: signal mask as before", when);
}

// POSIX promises that a function pointer fits; C does not.
static void *find(void *library, const char *name) {
    void *found = dlsym(library, name);
    ok(found != NULL, "%s is there", name);
    if (found == NULL) exit(done_testing());
    return found;
}

static void client_round(void *library) {
    pmix_status_t (*init)(pmix_proc_t *, pmix_info_t *, size_t);
    pmix_status_t (*finalize)(const pmix_info_t *, size_t);
    pmix_proc_t proc;
    *(void **) &init = find(library, "PMIx_Init");
    *(void **) &finalize = find(library, "PMIx_Finalize");
    is_int(init(&proc, NULL, 0), PMIX_ERR_UNREACH, "PMIx_Init of a singleton");
    is_int(finalize(NULL, 0), PMIX_SUCCESS, "PMIx_Finalize");
}

static void server_round(void *library) {
    pmix_status_t (*init)(pmix_server_module_t *, pmix_info_t *, size_t);
    pmix_status_t (*finalize)(void);
    *(void **) &init = find(library, "PMIx_server_init");
    *(void **) &finalize = find(library, "PMIx_server_finalize");
    is_int(init(NULL, NULL, 0), PMIX_SUCCESS, "PMIx_server_init");
    is_int(finalize(), PMIX_SUCCESS, "PMIx_server_finalize");
}

int main(int argc, char **argv) {
    struct process before;
    if (argc < 3) return 2;
    alarm(50);
    setvbuf(stdout, NULL, _IOLBF, 0);
    look(&before);
    for (int round = 0; round < 3; round++) {
        void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
        if (!ok(library != NULL, "round %d: the library loads", round)) return diag("%s", dlerror()), done_testing();
        compare(&before, "after loading");
        if (strcmp(argv[2], "client") == 0) client_round(library);
        if (strcmp(argv[2], "server") == 0) server_round(library);
        compare(&before, "after use");
        is_int(dlclose(library), 0, "round %d: it can be closed", round);
    }
    return done_testing();
}
