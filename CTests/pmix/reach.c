// How tools, launchers and processes that nobody started reach a server: the parameters of that side, files that come
// late, servers that keep silent, what a parent leaves in the environment.
// compare: original
#include "tap.h"
#include "serve.h"

#include <arpa/inet.h>
#include <pmix_tool.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>

static char folder[64], host[256], answer[4096];

// ---- the other process: a tool or a client that says on a descriptor how it went

static pthread_mutex_t ended_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ended_came = PTHREAD_COND_INITIALIZER;
static bool ended;

static void on_end(size_t id, pmix_status_t status, const pmix_proc_t *source, pmix_info_t info[], size_t ninfo,
    pmix_info_t results[], size_t nresults, pmix_event_notification_cbfunc_fn_t next, void *cbdata) {
    (void) id, (void) status, (void) source, (void) info, (void) ninfo, (void) results, (void) nresults;
    pthread_mutex_lock(&ended_lock);
    ended = true;
    pthread_cond_broadcast(&ended_came);
    pthread_mutex_unlock(&ended_lock);
    if (next) next(PMIX_EVENT_ACTION_COMPLETE, NULL, 0, NULL, NULL, cbdata);
}

static void say_servers(void) {
    pmix_proc_t *servers = NULL;
    size_t count = 0;
    if (PMIx_tool_get_servers(&servers, &count) != PMIX_SUCCESS) return;
    for (size_t i = 0; i < count; i++) dprintf(SAYS, "server %s\n", servers[i].nspace);
    free(servers);
}

static void say_parent(const pmix_proc_t *me) {
    pmix_value_t *value = NULL;
    pmix_info_t optional;
    bool yes = true;
    PMIX_INFO_LOAD(&optional, PMIX_OPTIONAL, &yes, PMIX_BOOL);
    if (PMIx_Get(me, PMIX_PARENT_ID, &optional, 1, &value) != PMIX_SUCCESS) return;
    dprintf(SAYS, "parent %s\n", value->data.proc->nspace);
    PMIX_VALUE_RELEASE(value);
}

static void wait_for_end(void) {
    pmix_status_t code = PMIX_ERR_JOB_TERMINATED;
    PMIx_Register_event_handler(&code, 1, NULL, 0, on_end, NULL, NULL);
    dprintf(SAYS, "ready\n");
    pthread_mutex_lock(&ended_lock);
    while (!ended) pthread_cond_wait(&ended_came, &ended_lock);
    pthread_mutex_unlock(&ended_lock);
    dprintf(SAYS, "parent gone\n");
}

static void other_main(int argc, char **argv) {
    if (argc < 2 || (strcmp(argv[1], "--tool") != 0 && strcmp(argv[1], "--client") != 0)) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(60);
    pmix_info_t infos[8];
    pmix_proc_t me = {"", 0};
    bool is_tool = strcmp(argv[1], "--tool") == 0, waits = false;
    int n = 0, rc;
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "wait") == 0) waits = true;
        else serve_load(&infos[n++], argv[i]);
    }
    rc = is_tool ? PMIx_tool_init(&me, n ? infos : NULL, (size_t) n) : PMIx_Init(&me, n ? infos : NULL, (size_t) n);
    dprintf(SAYS, "rc %d\nname %s\n", rc, me.nspace);
    if (rc != PMIX_SUCCESS) _exit(0);
    if (is_tool) say_servers(), say_parent(&me);
    if (waits) wait_for_end();
    char files[600];
    snprintf(files, sizeof files, "%s/launch", getenv("TEST_FOLDER"));
    if (access(files, F_OK) == 0) dprintf(SAYS, "rendezvous\n");
    rc = is_tool ? PMIx_tool_finalize() : PMIx_Finalize(NULL, 0);
    dprintf(SAYS, "fin %d\n", rc);
    fflush(stdout);
    _exit(0);
}

struct other {
    pid_t process;
    int from;
};

// The other process, with its words to come.
static struct other begin(const char *kind, const char *const *variables, const char *const *infos) {
    struct other other;
    int up[2];
    char *words[16] = {"reach", (char *) kind};
    for (int i = 0; infos && infos[i]; i++) words[2 + i] = (char *) infos[i];
    if (pipe2(up, O_CLOEXEC) != 0) bail("a pipe");
    other.process = fork();
    if (other.process == 0) {
        dup2(up[1], SAYS);
        setenv("TEST_FOLDER", folder, 1);
        setenv("PMIX_SYSTEM_TMPDIR", folder, 1);
        setenv("PMIX_SERVER_TMPDIR", folder, 1);
        for (; variables && *variables; variables++) putenv((char *) *variables);
        execv("/proc/self/exe", words);
        _exit(127);
    }
    close(up[1]);
    other.from = up[0];
    return other;
}

static void finish(struct other *other) {
    size_t n = 0;
    ssize_t got;
    while (n < sizeof answer - 1 && (got = read(other->from, answer + n, sizeof answer - 1 - n)) > 0) n += (size_t) got;
    answer[n] = 0;
    close(other->from);
    waitpid(other->process, NULL, 0);
}

static void run(const char *kind, const char *const *variables, const char *const *infos) {
    struct other other = begin(kind, variables, infos);
    finish(&other);
}

static bool answered(const char *line) {
    return strncmp(answer, line, strlen(line)) == 0 || strstr(answer, line) != NULL;
}

static void told(const char *line, const char *what) {
    if (!ok(answered(line), "%s", what)) diag("%s", answer);
}

// ---- finding

static struct served system_server(const char *nspace) {
    return serve(NULL, LIST(text_of(PMIX_SYSTEM_TMPDIR "=%s", folder), text_of(PMIX_SERVER_TMPDIR "=%s", folder),
        text_of(PMIX_SERVER_NSPACE "=%s", nspace), PMIX_SERVER_SYSTEM_SUPPORT));
}

static const char *const named[] = {PMIX_TOOL_NSPACE "=mine", PMIX_TOOL_RANK "=#0", NULL};

static void late(void) {  // the tool is there before its server
    const char *const *patient = LIST("PMIX_MCA_ptl_tcp_max_retries=50", "PMIX_MCA_ptl_tcp_connection_wait_time=1");
    struct other tool = begin("--tool", patient, LIST(named[0], named[1], PMIX_CONNECT_TO_SYSTEM));
    struct pollfd silence = {tool.from, POLLIN, 0};
    poll(&silence, 1, 1500);
    struct served served = system_server("late");
    finish(&tool);
    told("rc 0\n", "TRANS-8 a server that comes later is found by retrying");
    serve_end(&served);
    run("--tool", LIST("PMIX_MCA_ptl_tcp_max_retries=1"), LIST(named[0], named[1], PMIX_CONNECT_TO_SYSTEM));
    told("rc -25\n", "TRANS-8 one that does not come is given up");
}

static void *accept_all(void *given) {
    int *listener = given, count = 0;
    struct pollfd ready = {listener[0], POLLIN, 0};
    while (poll(&ready, 1, 100) >= 0 && listener[1] == 0) {
        if (ready.revents && accept4(listener[0], NULL, NULL, SOCK_CLOEXEC) >= 0) count++;
        ready.revents = 0;
    }
    listener[2] = count;
    return NULL;
}

static void silent(void) {  // somebody listens and says nothing
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener[3] = {socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), 0, 0};
    pthread_t thread;
    if (bind(listener[0], (struct sockaddr *) &address, length) != 0 || listen(listener[0], 8) != 0) bail("a socket");
    getsockname(listener[0], (struct sockaddr *) &address, &length);
    pthread_create(&thread, NULL, accept_all, listener);
    char *uri = text_of(PMIX_SERVER_URI "=silent.0;tcp4://127.0.0.1:%d", ntohs(address.sin_port));
    run("--tool", LIST("PMIX_MCA_ptl_tcp_handshake_wait_time=1", "PMIX_MCA_ptl_tcp_handshake_max_retries=2"),
        LIST(named[0], named[1], uri));
    listener[1] = 1;
    pthread_join(thread, NULL);
    close(listener[0]);
#ifndef MUSTER_ORIGINAL  // which takes the silence for an answer
    told("rc -25\n", "TRANS-9 a server that says nothing is unreachable after handshake_wait_time");
    is_int(listener[2], 3, "TRANS-9 and handshake_max_retries");
#endif
}

static void singleton(void) {
    run("--client", NULL, NULL);
    told("rc -25\n", "TRANS-32 a process that nobody started, without a server");
    struct served served = system_server("sys");
    run("--client", NULL, NULL);
    told("rc 0\n", "TRANS-32 it joins the system's server");
    told(text_of("name singleton.%s.", host), "TRANS-32 under a name of its own");
    told("fin 0\n", "TRANS-32 and leaves it");
#ifndef MUSTER_ORIGINAL  // which crashes
    run("--client", LIST("PMIX_SYSTEM_TMPDIR=/nonexistent"), LIST(text_of(PMIX_SERVER_URI "=%s", served.uri)));
    told("rc 0\n", "TRANS-32 it joins the server it was told");
    char *list = text_of(PMIX_SERVER_URI "=PMIX_SERVER_URI41:PMIX_SERVER_URI4;%s", served.uri);
    run("--client", LIST("PMIX_SYSTEM_TMPDIR=/nonexistent"), LIST(list));
    told("rc 0\n", "TRANS-32 with the variables' names before it");
#endif
    serve_end(&served);
}

#ifndef MUSTER_ORIGINAL
static void told_where(void) {  // releases from 4 on have no such parameter
    const char *const *nowhere = LIST(named[0], named[1]);
    struct served served = serve(NULL, LIST(PMIX_SERVER_NSPACE "=far"));
    run("--tool", LIST(text_of("PMIX_MCA_ptl_tcp_server_uri=%s", served.uri)), nowhere);
    told("rc 0\n", "TRANS-1 server_uri");
    told("server far\n", "TRANS-1 is the server");
    char *path = text_of("%s/far", folder);
    FILE *file = fopen(path, "w");
    if (file == NULL) bail("a file");
    fprintf(file, "%s\n4.2.2\n", served.uri);
    fclose(file);
    run("--tool", LIST(text_of("PMIX_MCA_ptl_base_server_uri=file:%s", path)), nowhere);
    told("server far\n", "TRANS-1 or the file it is in");
    run("--tool", LIST(text_of("PMIX_MCA_ptl_tcp_server_uri=%s", served.uri)),
        LIST(named[0], named[1], PMIX_SERVER_NSPACE "=nobody"));
    told("rc -25\n", "TRANS-11 an info goes before a variable");
    serve_end(&served);
}

static void parents(void) {
    struct served near = system_server("near"), far = serve(NULL, LIST(PMIX_SERVER_NSPACE "=far"));
    char *variable = text_of("PMIX_LAUNCHER_RNDZ_URI=%s", far.uri);
    run("--tool", LIST(variable), LIST(named[0], named[1], PMIX_CONNECT_TO_SYSTEM));
    told("server near\nserver far\n", "TRANS-31 PMIX_LAUNCHER_RNDZ_URI is one more server");
    told("parent far\n", "TRANS-31 and the parent");
    run("--tool", LIST(variable), LIST(named[0], named[1], PMIX_TOOL_DO_NOT_CONNECT));
    told("server far\n", "TRANS-31 or the only one");
    serve_end(&far);
    run("--tool", LIST(variable), LIST(named[0], named[1], PMIX_CONNECT_TO_SYSTEM));
    told("rc 0\n", "TRANS-31 a parent that is gone harms nobody");
    serve_end(&near);
}

static void launching(void) {
    char *file = text_of(PMIX_LAUNCHER_RENDEZVOUS_FILE "=%s/launch", folder);
    run("--tool", NULL, LIST(named[0], named[1], PMIX_TOOL_DO_NOT_CONNECT, PMIX_LAUNCHER, file));
    told("rc 0\n", "TRANS-31 a launcher");
    told("rendezvous\n", "TRANS-14 writes the file it is given");
    told("fin 0\n", "TRANS-31 and ends");
    ok(access(text_of("%s/launch", folder), F_OK) != 0, "TRANS-14 with which the file goes");
}
#endif

static void keeping(void) {  // a parent that ends
    int pipe_ends[2];
    if (pipe(pipe_ends) != 0) bail("a pipe");
    fcntl(pipe_ends[1], F_SETFD, FD_CLOEXEC);
    struct other tool = begin("--tool", LIST(text_of("PMIX_KEEPALIVE_PIPE=%d", pipe_ends[0])),
        LIST(named[0], named[1], PMIX_TOOL_DO_NOT_CONNECT, "wait"));
    close(pipe_ends[0]);
    char word[512] = "";
    while (!strstr(word, "ready")) {
        size_t length = strlen(word);
        ssize_t got = read(tool.from, word + length, sizeof word - 1 - length);
        if (got <= 0) break;
        word[length + (size_t) got] = 0;
    }
    close(pipe_ends[1]);
    finish(&tool);
    told("parent gone\n", "TRANS-31 the end of PMIX_KEEPALIVE_PIPE is an event");
}

int main(int argc, char **argv) {
    serve_main(argc, argv);
    other_main(argc, argv);
    snprintf(folder, sizeof folder, "/tmp/muster-reach-XXXXXX");
    if (mkdtemp(folder) == NULL) bail("a folder");
    gethostname(host, sizeof host - 1);
    host[strcspn(host, ".")] = 0;
    late();
    silent();
    singleton();
    keeping();
#ifndef MUSTER_ORIGINAL
    told_where();
    parents();
    launching();
#endif
    return done_testing();
}
