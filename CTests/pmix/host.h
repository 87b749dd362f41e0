// A small PMIx host for the tests: it starts a server, registers a job, runs its local ranks as processes of
// the test's own executable, records every upcall as text, and answers in the manner the test asks for.
// The ranks' side is in client.h. Include tap.h first; one host at a time per process.
#ifndef MUSTER_TEST_HOST_H
#define MUSTER_TEST_HOST_H

#include <pmix.h>
#include <pmix_server.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum upcall {
    UP_CONNECTED, UP_CONNECTED2, UP_FINALIZED, UP_ABORT, UP_FENCE, UP_DMODEX, UP_PUBLISH, UP_LOOKUP, UP_UNPUBLISH,
    UP_SPAWN, UP_CONNECT, UP_DISCONNECT, UP_REGEVENTS, UP_DEREGEVENTS, UP_NOTIFY, UP_QUERY, UP_TOOL, UP_LOG,
    UP_ALLOC, UP_JOBCONTROL, UP_MONITOR, UP_GETCREDENTIAL, UP_VALIDATE, UP_IOFPULL, UP_PUSHSTDIN, UP_GROUP, UP_FABRIC,
    UP_EVENT,  // not an upcall: an event that reached the host's own default handler
    UP_COUNT
};

enum manner {
    LATER,    // success now, the callback from another thread
    NESTED,   // success now, the callback from within the next upcall, on the library's own thread
    INLINE,   // the callback from within the upcall
    DONE,     // PMIX_OPERATION_SUCCEEDED, no callback
    HELD,     // success now, the callback when the test says host_release()
    REFUSED,  // the status as the upcall's own result, no callback
    ABSENT    // no such function in the module
};

struct answer {
    enum manner manner;
    pmix_status_t status;  // what the callback (or the refusal) says
};

struct host_config {
    const char *nspace;  // "testns" if NULL
    uint32_t local;      // how many ranks run here
    uint32_t remote;     // further ranks of the job, on a second node, which need not exist
    uint32_t first;      // the first local rank: 0, or `remote` if the local ranks come last
    struct answer answer[UP_COUNT];
    pmix_info_t *infos;  // for PMIx_server_init, besides the temporary directories
    size_t ninfos;
    uid_t uid_offset;    // added to the uid the clients are registered with
    bool unregistered;   // leave register_nspace to the test (clients are registered)
    bool empty_module;   // hand over a module without any function
};

// One recorded upcall. Procs are written "nspace:rank", infos "key=value", lists with one blank between.
struct seen {
    enum upcall what;
    pmix_proc_t proc;
    int code;            // abort's status, notify's code, spawn's maxprocs, group's operation, ...
    char *procs, *infos, *text;
    char *blob;          // fence's data
    size_t nblob;
    void *object;        // the server object of the client
};

// Jobs are registered with the configuration's `first`.
bool host_start(const struct host_config *config);
void host_stop(void);
void host_stop_late(void);  // the same, and what was held is answered when the server is gone
const char *host_directory(void);  // private, removed by host_stop, which reports what the library left in it
int host_leftovers(void);          // how many entries the library left there at the last host_stop

pmix_status_t host_register_job(const char *nspace, uint32_t local, uint32_t remote);
pmix_status_t host_register_clients(const char *nspace, uint32_t local, uid_t uid_offset);
void host_op_done(pmix_status_t status, void *flag);         // an op callback for host_op_wait
bool host_op_wait(void *flag, pmix_status_t *status);        // `flag` is a struct op
struct op { pmix_status_t status; int done; };
char **host_environment(const char *nspace, uint32_t rank);  // environ plus setup_fork, for execve
void host_free_environment(char **env);

int host_launch(const char *nspace, uint32_t rank, const char *role);  // index of the new process, or -1
int host_launch_with(const char *nspace, uint32_t rank, const char *role, const char *const *variables);
bool host_hear(int client, const char *step);  // waits until that process has said `step`
void host_tell(int client, const char *word);  // what client_hear() in that process waits for
void host_kill(int client);                    // SIGKILL, reaped before it returns
bool host_wait(int client);                    // until it has ended by itself; false at the deadline
bool host_wait_all(void);                      // the same for every process; the late ones are killed
int host_status(int client);                   // wait status
bool host_next_result(bool *passed, const char **text);  // what the processes checked, in order of launch

const struct seen *host_await(enum upcall what, int count);  // the count-th one (from 1), waiting; NULL if late
int host_saw(enum upcall what);                              // how many so far
void host_forget(void);                                      // clears the record (not published data)
int host_release(enum upcall what);                          // answers all HELD ones; how many
void host_set_answer(enum upcall what, enum manner manner, pmix_status_t status);
int host_seconds(void);                                      // the deadline every wait here has

// What an info callback brings (nothing at first), and how many blocks that the library has to give back were lent and
// came back.
void host_set_infos(const pmix_info_t *infos, size_t count);
int host_lent(void);
int host_given_back(void);

// What the host's direct_modex and fence return; NULL fence data means: exactly what was handed in.
void host_set_dmodex(const char *data, size_t size);
void host_set_fence_data(const char *data, size_t size);
extern pmix_status_t (*host_dmodex_hook)(const pmix_proc_t *, pmix_modex_cbfunc_t, void *);
extern pmix_status_t (*host_fence_hook)(char *data, size_t size, pmix_modex_cbfunc_t, void *);
// What notify_event does besides being recorded; its result is the upcall's, and nothing is called back.
extern pmix_status_t (*host_notify_hook)(
    pmix_status_t, const pmix_proc_t *, pmix_data_range_t, const pmix_info_t *, size_t);
extern void (*host_module_hook)(pmix_server_module_t *);  // puts functions of the test's own into the module

// What the host's group function brings back; nothing of all this: what host_set_infos() says.
extern struct host_group {
    size_t context_id;   // for who asks for one, unless 0
    bool names_members;  // the membership, as it was given
    bool echoes;         // the endpoint data, as they were given
} host_group;

// Reports what the processes checked, and that each ended by itself and in time.
__attribute__((unused)) static bool host_report(void) {
    bool passed, good = ok(host_wait_all(), "every rank ended before the deadline");
    const char *text;
    while (host_next_result(&passed, &text)) good = ok(passed, "%s", text) && good;
    return good;
}

// Repeats a scenario's check as one of this program; false if the line was none.
__attribute__((unused)) static bool scenario_line(const char *line) {
    int number, length = 0;
    if (sscanf(line, "ok %d - %n", &number, &length) == 1 && length > 0) return ok(true, "%s", line + length);
    if (sscanf(line, "not ok %d - %n", &number, &length) == 1 && length > 0) {
        ok(false, "%s", line + length);
        return true;
    }
    return false;
}

// Runs one scenario in a process of its own, with its own server: what one leaves behind cannot reach the next, a
// crash costs one scenario, and the original, whose server cannot be started twice in a process, takes part.
__attribute__((unused)) static void scenario(const char *name, void (*run)(void)) {
    int ends[2], status = -1;
    char line[4096];
    fflush(stdout);
    if (pipe(ends) != 0) bail("a pipe for %s", name);
    pid_t child = fork();
    if (child == 0) {
        tap_count = tap_failed = 0;
        dup2(ends[1], 1);
        close(ends[0]);
        close(ends[1]);
        alarm(2 * (unsigned) host_seconds() + 8);
        run();
        exit(0);  // not _exit: a leak check of the library counts here too
    }
    close(ends[1]);
    FILE *from = fdopen(ends[0], "r");
    while (from && fgets(line, sizeof line, from)) {
        line[strcspn(line, "\n")] = 0;
        if (!scenario_line(line)) printf("%s%s\n", line[0] == '#' ? "" : "# ", line);
    }
    if (from) fclose(from);
    waitpid(child, &status, 0);
    if (!ok(status == 0, "the host of \"%s\" ended by itself", name)) diag("wait status %#x", (unsigned) status);
}

#endif
