// NULL and zero to every exported function, before PMIx is initialised, in a server, and in a rank: a status, never a
// crash, never a hang. Each call is made in a process of its own. With --dump: the statuses, for compare.sh.
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"
#include <pmix_tool.h>

#include "nulls-calls.h"

#define CRASHED 9000
#define HUNG 9999

static bool dumping;

static void restore_signals(void) {
    signal(SIGALRM, SIG_DFL);
    alarm(5);
}

// What the call returned, or CRASHED plus the signal, or HUNG.
static int outcome_of(int wait_status, int returned) {
    if (WIFSIGNALED(wait_status)) return WTERMSIG(wait_status) == SIGALRM ? HUNG : CRASHED + WTERMSIG(wait_status);
    return WEXITSTATUS(wait_status) == 0 ? returned : CRASHED;
}

enum state { BEFORE, SERVER, RANK };
static const char *const state_names[] = {"before init", "server", "rank"};

// The rank's side: says the status and leaves as a rank should, unless the call made that impossible.
static void caller(void) {
    char word[32];
    restore_signals();
    if (!freopen("/dev/null", "w", stderr)) _exit(1);
    client_start();
    snprintf(word, sizeof word, "%d", (int) calls[atoi(getenv("TEST_CALL"))].make());
    client_say(word);
    while (PMIx_Initialized()) PMIx_Finalize(NULL, 0);
    _exit(0);
}

static int made_by_rank(size_t index) {
    struct host_config config = {.local = 1};
    char word[32];
    const char *variables[] = {"TEST_CALL", word, NULL};
    snprintf(word, sizeof word, "%zu", index);
    if (!host_start(&config)) return CRASHED;
    int client = host_launch_with("testns", 0, "caller", variables), returned = CRASHED;
    host_wait(client);
    for (int status = -200; status <= 200; status++) {
        snprintf(word, sizeof word, "%d", status);
        if (host_hear(client, word)) returned = status;
    }
    returned = outcome_of(host_status(client), returned);
    host_stop();
    return returned;
}

static int make(enum state state, size_t index) {
    if (state == RANK) return made_by_rank(index);
    if (state == SERVER && PMIx_server_init(NULL, NULL, 0) != PMIX_SUCCESS) return CRASHED;
    return (int) calls[index].make();
}

static int run_apart(enum state state, size_t index) {
    int ends[2], status, returned = CRASHED;
    fflush(stdout);
    if (pipe(ends) != 0) return CRASHED;
    pid_t child = fork();
    if (child == 0) {
        restore_signals();
        if (state == RANK) alarm(20);
        if (!freopen("/dev/null", "w", stderr)) _exit(1);
        returned = make(state, index);
        if (write(ends[1], &returned, sizeof returned) != sizeof returned) _exit(1);
        _exit(0);
    }
    close(ends[1]);
    if (read(ends[0], &returned, sizeof returned) != sizeof returned) returned = CRASHED;
    close(ends[0]);
    waitpid(child, &status, 0);
    return outcome_of(status, returned);
}

static void report(enum state state, size_t index, int outcome) {
    const char *text = calls[index].text, *name = state_names[state];
    if (dumping) {
        if (outcome == HUNG) printf("%s: %s hangs\n", name, text);
        else if (outcome >= CRASHED) printf("%s: %s crashes\n", name, text);
        else printf("%s: %s = %d\n", name, text, outcome);
        return;
    }
    ok(outcome < CRASHED, "%s: %s neither crashes nor hangs", name, text);
    if (state == BEFORE && calls[index].before != ANY)
        is_int(outcome, calls[index].before, "%s: %s has the documented status", name, text);
}

int main(int argc, char **argv) {
    static const struct role roles[] = {{"caller", caller}, {NULL, NULL}};
    client_main(argc, argv, roles);
    dumping = argc > 1 && strcmp(argv[1], "--dump") == 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (enum state state = BEFORE; state <= RANK; state++)
        for (size_t i = 0; i < CALL_COUNT; i++) report(state, i, run_apart(state, i));
    return dumping ? 0 : done_testing();
}
