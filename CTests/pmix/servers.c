// A tool and its servers: attaching, leaving, choosing; a tool that serves; ending the progress thread.
// sources: host.c
// compare: original
#include "tap.h"
#include "host.h"
#include "client.h"

#include <glob.h>
#include <pmix_tool.h>

#define STRANGER "PMIX_NAMESPACE", NULL, "PMIX_RANK", NULL, "PMIX_SERVER_URI41", NULL, "PMIX_SERVER_URI4", NULL, \
    "PMIX_SERVER_URI3", NULL, "PMIX_SERVER_URI2", NULL, "PMIX_SERVER_URI21", NULL
static const char *const stranger[] = {STRANGER, NULL};

// ---- the second server: a process that can do nothing for anybody, and says so

static void second(void) {
    pmix_server_module_t nothing = {0};
    pmix_info_t infos[4];
    char folder[512];
    bool yes = true;
    pmix_rank_t rank = 5;
    snprintf(folder, sizeof folder, "%s/second", getenv("PMIX_SYSTEM_TMPDIR"));
    PMIX_INFO_LOAD(&infos[0], PMIX_SERVER_TMPDIR, folder, PMIX_STRING);
    PMIX_INFO_LOAD(&infos[1], PMIX_SERVER_TOOL_SUPPORT, &yes, PMIX_BOOL);
    PMIX_INFO_LOAD(&infos[2], PMIX_SERVER_NSPACE, "second", PMIX_STRING);
    PMIX_INFO_LOAD(&infos[3], PMIX_SERVER_RANK, &rank, PMIX_PROC_RANK);
    check_int(PMIx_server_init(&nothing, infos, 4), PMIX_SUCCESS, "a second server");
    PMIX_INFO_DESTRUCT(&infos[0]);
    PMIX_INFO_DESTRUCT(&infos[2]);
    client_say("up");
#ifndef MUSTER_ORIGINAL
    client_hear("tell");
    pmix_proc_t source;
    PMIX_LOAD_PROCID(&source, "second", 5);
    check_int(PMIx_Notify_event(-1234, &source, PMIX_RANGE_LOCAL, NULL, 0, NULL, NULL), PMIX_SUCCESS, "tells of it");
#endif
    client_hear("down");
    check_int(PMIx_server_finalize(), PMIX_SUCCESS, "the second server ends");
}

// ---- the tool

static pmix_proc_t server;

static pmix_status_t attach_to(const char *nspace, const char *key) {
    pmix_info_t infos[2];
    bool yes = true;
    PMIX_INFO_LOAD(&infos[0], PMIX_SERVER_NSPACE, nspace, PMIX_STRING);
    if (key) PMIX_INFO_LOAD(&infos[1], key, &yes, PMIX_BOOL);
    memset(&server, 0, sizeof server);
    memset(&me, 0, sizeof me);
    pmix_status_t rc = PMIx_tool_attach_to_server(&me, &server, infos, key ? 2 : 1);
    PMIX_INFO_DESTRUCT(&infos[0]);
    return rc;
}

static void check_servers(const char *expected, const char *when) {
    pmix_proc_t *found = NULL;
    size_t count = 0;
    char names[600] = "";
    pmix_status_t rc = PMIx_tool_get_servers(&found, &count);
    check_int(rc, expected[0] ? PMIX_SUCCESS : PMIX_ERR_UNREACH, "TOOL-4 PMIx_tool_get_servers %s", when);
    for (size_t i = 0; rc == PMIX_SUCCESS && i < count; i++) {
        snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", i ? " " : "", found[i].nspace);
    }
    check(strcmp(names, expected) == 0, "TOOL-4 they are \"%s\" %s   # got %s", expected, when, names);
    if (rc == PMIX_SUCCESS) free(found);
}

static pmix_status_t publish(void) {
    pmix_info_t info;
    PMIX_INFO_LOAD(&info, "a.key", "x", PMIX_STRING);
    pmix_status_t rc = PMIx_Publish(&info, 1);
    PMIX_INFO_DESTRUCT(&info);
    return rc;
}

static pmix_status_t choose(const char *nspace, pmix_rank_t rank) {
    pmix_proc_t wanted;
    PMIX_LOAD_PROCID(&wanted, nspace, rank);
    return PMIx_tool_set_server(&wanted, NULL, 0);
}

static pmix_status_t leave(const char *nspace, pmix_rank_t rank) {
    pmix_proc_t wanted;
    PMIX_LOAD_PROCID(&wanted, nspace, rank);
    return PMIx_tool_disconnect(&wanted);
}

static void start_at(const char *nspace) {
    pmix_info_t info;
    PMIX_INFO_LOAD(&info, PMIX_SERVER_NSPACE, nspace, PMIX_STRING);
    check_int(PMIx_tool_init(&me, &info, 1), PMIX_SUCCESS, "PMIx_tool_init");
    PMIX_INFO_DESTRUCT(&info);
}

static void attaching(void) {
    pmix_rank_t first = (pmix_rank_t) getppid();
    pmix_proc_t *found = NULL;
    size_t count = 0;
    check_int(PMIx_tool_get_servers(&found, &count), PMIX_ERR_INIT, "TOOL-1 no servers before init");
    check_int(attach_to("second", NULL), PMIX_ERR_INIT, "TOOL-1 no attaching before init");
    start_at("pmix-server");
    check_servers("pmix-server", "after init");
    check_int(publish(), PMIX_SUCCESS, "TOOL-3 requests go to the server of init");
    check_int(PMIx_tool_attach_to_server(NULL, NULL, NULL, 0), PMIX_ERR_BAD_PARAM, "TOOL-2 some server must be named");
    check_int(attach_to("nobody", NULL), PMIX_ERR_UNREACH, "TOOL-2 a server that is not there");
    check_servers("pmix-server", "after a failure");
    check_int(attach_to("second", NULL), PMIX_SUCCESS, "TOOL-2 PMIx_tool_attach_to_server");
    check(strcmp(server.nspace, "second") == 0 && server.rank == 5, "TOOL-2 returns the server's name");
    check(strcmp(me.nspace, "toolns") == 0 && me.rank == 0, "TOOL-2 and the tool's, which stays");
    check_servers("pmix-server second", "after attaching");
    check_int(publish(), PMIX_SUCCESS, "TOOL-3 requests still go to the first");
    check_int(choose("nobody", 0), PMIX_ERR_UNREACH, "TOOL-3 a server that is not attached cannot be chosen");
    check_int(choose("second", 5), PMIX_SUCCESS, "TOOL-3 PMIx_tool_set_server");
    check_servers("second pmix-server", "after choosing the second");
    check_int(publish(), PMIX_ERR_NOT_SUPPORTED, "TOOL-3 requests go to the second");
    check_int(choose("pmix-server", first), PMIX_SUCCESS, "TOOL-3 back to the first");
    check_int(publish(), PMIX_SUCCESS, "TOOL-3 requests go to the first again");
    check_int(leave("nobody", 0), PMIX_ERR_NOT_FOUND, "TOOL-5 a server that is not attached cannot be left");
    check_int(leave("second", 5), PMIX_SUCCESS, "TOOL-5 PMIx_tool_disconnect");
    check_servers("pmix-server", "after leaving the second");
    check_int(publish(), PMIX_SUCCESS, "TOOL-5 the first still serves");
    check_int(attach_to("second", PMIX_PRIMARY_SERVER), PMIX_SUCCESS, "TOOL-2 attaching to it again, as the primary");
    check_int(publish(), PMIX_ERR_NOT_SUPPORTED, "TOOL-3 it is the one that requests go to");
    check_int(leave("second", 5), PMIX_SUCCESS, "TOOL-5 leaving the primary server");
    check_int(publish(), PMIX_ERR_UNREACH, "TOOL-5 nobody serves then");
    check_int(choose("pmix-server", first), PMIX_SUCCESS, "TOOL-3 until another is chosen");
    check_int(publish(), PMIX_SUCCESS, "TOOL-3 which does");
    check_int(PMIx_tool_finalize(), PMIX_SUCCESS, "PMIx_tool_finalize");
}

static void connecting(void) {  // the deprecated way
    pmix_info_t info;
    start_at("pmix-server");
    check_int(PMIx_tool_connect_to_server(&me, NULL, 0), PMIX_ERR_BAD_PARAM, "TOOL-6 some server must be named");
    PMIX_INFO_LOAD(&info, PMIX_SERVER_NSPACE, "second", PMIX_STRING);
    memset(&me, 0, sizeof me);
    check_int(PMIx_tool_connect_to_server(&me, &info, 1), PMIX_SUCCESS, "TOOL-6 PMIx_tool_connect_to_server");
    PMIX_INFO_DESTRUCT(&info);
    check(strcmp(me.nspace, "toolns") == 0, "TOOL-6 returns the tool's name");
    check_int(publish(), PMIX_SUCCESS, "TOOL-6 and leaves the primary server what it was");
    check_servers("pmix-server second", "after connecting");
    check_int(PMIx_tool_finalize(), PMIX_SUCCESS, "PMIx_tool_finalize");
}

#ifndef MUSTER_ORIGINAL
static struct done heard = DONE_INIT;
static pmix_proc_t heard_from;

static void on_event(size_t id, pmix_status_t status, const pmix_proc_t *source, pmix_info_t info[], size_t ninfo,
    pmix_info_t results[], size_t nresults, pmix_event_notification_cbfunc_fn_t next, void *cbdata) {
    (void) id, (void) info, (void) ninfo, (void) results, (void) nresults;
    heard_from = *source;
    if (next) next(PMIX_EVENT_ACTION_COMPLETE, NULL, 0, NULL, NULL, cbdata);
    done_op(status, &heard);
}

static void hear(pmix_status_t code) {
    heard.count = 0;
    pmix_status_t rc = PMIx_Register_event_handler(&code, 1, NULL, 0, on_event, NULL, NULL);
    check(rc >= 0, "a handler");
}

static void *attach_later(void *key) {
    attach_to("second", key);
    return NULL;
}

static void several(void) {  // what the original does not do
    pmix_proc_t wanted;
    pmix_info_t infos[2];
    bool yes = true;
    int second_long = 1, long_enough = 60;
    pthread_t thread;
    check(!PMIx_tool_is_connected(), "TOOL-1 not connected before init");
    check_int(PMIx_tool_disconnect(NULL), PMIX_ERR_INIT, "TOOL-1 nothing to leave before init");
    check_int(choose("second", 5), PMIX_ERR_INIT, "TOOL-1 nothing to choose before init");
    start_at("pmix-server");
    check(PMIx_tool_is_connected(), "TOOL-7 PMIx_tool_is_connected");
    check_int(PMIx_tool_disconnect(NULL), PMIX_ERR_BAD_PARAM, "TOOL-5 leaving no server");
    check_int(PMIx_tool_set_server(NULL, NULL, 0), PMIX_ERR_BAD_PARAM, "TOOL-3 choosing no server");
    check_int(PMIx_tool_get_servers(NULL, NULL), PMIX_ERR_BAD_PARAM, "TOOL-4 no place for the servers");
    PMIX_LOAD_PROCID(&wanted, "second", 5);
    PMIX_INFO_LOAD(&infos[0], PMIX_WAIT_FOR_CONNECTION, &yes, PMIX_BOOL);
    PMIX_INFO_LOAD(&infos[1], PMIX_TIMEOUT, &second_long, PMIX_INT);
    check_int(PMIx_tool_set_server(&wanted, infos, 2), PMIX_ERR_TIMEOUT, "TOOL-8 a server that nobody attaches in time");
    PMIX_INFO_LOAD(&infos[1], PMIX_TIMEOUT, &long_enough, PMIX_INT);
    hear(-1234);
    pthread_create(&thread, NULL, attach_later, NULL);
    check_int(PMIx_tool_set_server(&wanted, infos, 2), PMIX_SUCCESS, "TOOL-8 a server that another thread attaches");
    pthread_join(thread, NULL);
    check_servers("second pmix-server", "after waiting for it");
    check_int(attach_to("second", NULL), PMIX_SUCCESS, "TOOL-2 one that is attached already");
    check_servers("second pmix-server", "after attaching twice");
    pmix_value_t *value = NULL;
    check_int(PMIx_Get(&me, PMIX_SERVER_NSPACE, NULL, 0, &value), PMIX_SUCCESS, "TOOL-3 the server's name is known");
    check(value && strcmp(value->data.string, "second") == 0, "TOOL-3 and is the primary's");
    if (value) PMIX_VALUE_RELEASE(value);
    client_say("tell");
    check(done_wait(&heard), "TOOL-9 a server that became the primary tells of what was registered before");
    check(strcmp(heard_from.nspace, "second") == 0, "TOOL-9 it is the source");
    check_int(publish(), PMIX_ERR_NOT_SUPPORTED, "TOOL-3 the second serves");
    check_int(PMIx_tool_set_server(&me, NULL, 0), PMIX_SUCCESS, "TOOL-3 a tool may choose itself");
    check_int(publish(), PMIX_ERR_UNREACH, "TOOL-3 then nobody serves");
    check(PMIx_tool_is_connected(), "TOOL-7 though it is connected");
    hear(PMIX_ERR_LOST_CONNECTION);
    client_say("kill");
    check(done_wait(&heard), "TOOL-9 the loss of a server is an event");
    check(strcmp(heard_from.nspace, "second") == 0, "TOOL-9 that says which");
    check_servers("pmix-server", "after the loss of the second");
    check_int(choose("second", 5), PMIX_ERR_UNREACH, "TOOL-3 a lost server cannot be chosen");
    check_int(PMIx_tool_finalize(), PMIX_SUCCESS, "PMIx_tool_finalize");
    check(!PMIx_tool_is_connected(), "TOOL-7 not connected after finalize");
}

static void alone(void) {
    pmix_info_t info;
    bool yes = true;
    PMIX_INFO_LOAD(&info, PMIX_TOOL_DO_NOT_CONNECT, &yes, PMIX_BOOL);
    check_int(PMIx_tool_init(&me, &info, 1), PMIX_SUCCESS, "a tool without a server");
    check(!PMIx_tool_is_connected(), "TOOL-7 is not connected");
    check_servers("", "without a server");
    char name[PMIX_MAX_NSLEN + 1];
    strcpy(name, me.nspace);
    check_int(attach_to("pmix-server", NULL), PMIX_SUCCESS, "TOOL-2 attaches to one");
    check(strcmp(me.nspace, name) == 0, "TOOL-2 under the name it has");
    check_int(publish(), PMIX_SUCCESS, "TOOL-3 which is the primary, being the only one");
    check_int(PMIx_tool_finalize(), PMIX_SUCCESS, "PMIx_tool_finalize");
}

// ---- a tool that serves

static pthread_mutex_t served_lock = PTHREAD_MUTEX_INITIALIZER;
static int served[2];

static pmix_status_t serve_publish(int which, pmix_op_cbfunc_t cb, void *cbdata) {
    (void) cb, (void) cbdata;
    pthread_mutex_lock(&served_lock);
    served[which]++;
    pthread_mutex_unlock(&served_lock);
    return PMIX_OPERATION_SUCCEEDED;
}

static pmix_status_t publish_first(
    const pmix_proc_t *proc, const pmix_info_t info[], size_t n, pmix_op_cbfunc_t cb, void *cbdata) {
    (void) proc, (void) info, (void) n;
    return serve_publish(0, cb, cbdata);
}

static pmix_status_t publish_second(
    const pmix_proc_t *proc, const pmix_info_t info[], size_t n, pmix_op_cbfunc_t cb, void *cbdata) {
    (void) proc, (void) info, (void) n;
    return serve_publish(1, cb, cbdata);
}

// Registers a job of one and runs it: this executable as `role`, whose exit status is the result.
static int run_child(const char *role) {
    char **env = NULL;
    pmix_proc_t child;
    pmix_info_t *size = NULL;
    uint32_t one = 1;
    int status = -1;
    PMIX_LOAD_PROCID(&child, "children", 0);
    PMIX_INFO_CREATE(size, 1);
    PMIX_INFO_LOAD(&size[0], PMIX_JOB_SIZE, &one, PMIX_UINT32);
    PMIx_server_register_nspace(child.nspace, 1, size, 1, NULL, NULL);
    PMIX_INFO_FREE(size, 1);
    PMIx_server_register_client(&child, geteuid(), getegid(), NULL, NULL, NULL);
    for (char **own = environ; *own; own++) {
        if (strncmp(*own, "PMIX_", 5) != 0) PMIX_ARGV_APPEND(status, env, *own);
    }
    if (PMIx_server_setup_fork(&child, &env) != PMIX_SUCCESS) return -1;
    pid_t process = fork();
    if (process == 0) {
        execle("/proc/self/exe", "servers", "--child", role, (char *) NULL, env);
        _exit(127);
    }
    waitpid(process, &status, 0);
    for (char **one = env; *one; one++) free(*one);
    free(env);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + status;
}

static int child_publishes(void) {
    if (PMIx_Init(&me, NULL, 0) != PMIX_SUCCESS) return 1;
    if (publish() != PMIX_SUCCESS) return 2;
    return PMIx_Finalize(NULL, 0) == PMIX_SUCCESS ? 0 : 3;
}

static int child_spawns(void) {
    pmix_nspace_t made;
    pmix_app_t app;
    PMIX_APP_CONSTRUCT(&app);
    app.cmd = strdup("program");
    app.maxprocs = 1;
    if (PMIx_Init(&me, NULL, 0) != PMIX_SUCCESS) return 1;
    pmix_status_t rc = PMIx_Spawn(NULL, 0, &app, 1, made);
    PMIX_APP_DESTRUCT(&app);
    if (rc != PMIX_SUCCESS) return 2;
    if (made[0] == 0) return 3;
    return PMIx_Finalize(NULL, 0) == PMIX_SUCCESS ? 0 : 4;
}

static void serving(void) {
    pmix_server_module_t module = {.publish = publish_first}, other = {.publish = publish_second};
    pmix_info_t infos[3];
    pmix_rank_t rank = 0;
    check_int(PMIx_tool_set_server_module(&module), PMIX_ERR_INIT, "TOOL-10 no functions before init");
    bool yes = true;
    PMIX_INFO_LOAD(&infos[0], PMIX_TOOL_DO_NOT_CONNECT, &yes, PMIX_BOOL);
    PMIX_INFO_LOAD(&infos[1], PMIX_TOOL_NSPACE, "serving", PMIX_STRING);
    PMIX_INFO_LOAD(&infos[2], PMIX_TOOL_RANK, &rank, PMIX_PROC_RANK);
    check_int(PMIx_tool_init(&me, infos, 3), PMIX_SUCCESS, "a tool");
    PMIX_INFO_DESTRUCT(&infos[1]);
    check_int(PMIx_tool_set_server_module(NULL), PMIX_ERR_BAD_PARAM, "TOOL-10 no module is no module");
    check_int(PMIx_tool_set_server_module(&module), PMIX_SUCCESS, "TOOL-10 PMIx_tool_set_server_module");
    check_int(run_child("publishes"), 0, "TOOL-10 a process is served");
    check(served[0] == 1 && served[1] == 0, "TOOL-10 by the module");
    check_int(PMIx_tool_set_server_module(&other), PMIX_SUCCESS, "TOOL-10 another module");
    check_int(run_child("publishes"), 0, "TOOL-10 the next process is served");
    check(served[0] == 1 && served[1] == 1, "TOOL-10 by that one");
    check_int(attach_to("pmix-server", NULL), PMIX_SUCCESS, "TOOL-10 a tool that serves attaches to a server");
    check_int(run_child("publishes"), 0, "TOOL-10 and serves on");
    check(served[1] == 2, "TOOL-10 itself");
    check_int(run_child("spawns"), 0, "TOOL-11 what it cannot start its own server does");
    check_int(PMIx_tool_finalize(), PMIX_SUCCESS, "PMIx_tool_finalize");
    check(!PMIx_Initialized(), "ends it");
}

// Serves, with files to be found by, until it is killed.
static void doomed(void) {
    pmix_server_module_t module = {.publish = publish_first};
    pmix_info_t infos[4];
    pmix_rank_t rank = 0;
    bool yes = true;
    PMIX_INFO_LOAD(&infos[0], PMIX_TOOL_NSPACE, "doomed", PMIX_STRING);
    PMIX_INFO_LOAD(&infos[1], PMIX_TOOL_RANK, &rank, PMIX_PROC_RANK);
    PMIX_INFO_LOAD(&infos[2], PMIX_SERVER_TOOL_SUPPORT, &yes, PMIX_BOOL);
    PMIX_INFO_LOAD(&infos[3], PMIX_SERVER_TMPDIR, getenv("PMIX_SYSTEM_TMPDIR"), PMIX_STRING);
    check_int(PMIx_tool_init(&me, infos, 4), PMIX_SUCCESS, "a tool that is connected");
    PMIX_INFO_DESTRUCT(&infos[0]);
    PMIX_INFO_DESTRUCT(&infos[3]);
    check_int(PMIx_tool_set_server_module(&module), PMIX_SUCCESS, "TOOL-18 becomes a server");
    client_say("serves");
    client_hear("for ever");
}

// ---- the progress thread

static void unthreaded(void) {
    pmix_info_t info, named;
    struct done published = DONE_INIT;
    PMIx_Progress_thread_stop(NULL, 0);
    check(!PMIx_Initialized(), "PROGRESS-1 there is no thread before init");
    client_start();
    PMIX_INFO_LOAD(&named, "pmix.evname", "another", PMIX_STRING);
    PMIX_INFO_LOAD(&info, "a.key", "x", PMIX_STRING);
    PMIx_Progress_thread_stop(&named, 1);
    check_int(PMIx_Publish_nb(&info, 1, done_op, &published), PMIX_SUCCESS, "a request");
    check(done_wait(&published), "PROGRESS-1 another thread than the library's is not ended");
    PMIx_Progress_thread_stop(NULL, 0);
    PMIx_Progress_thread_stop(NULL, 0);
    published.count = 0;
    check_int(PMIx_Publish_nb(&info, 1, done_op, &published), PMIX_SUCCESS, "a request without the thread");
    time_t end = time(NULL) + client_seconds();
    while (published.count == 0 && time(NULL) < end) PMIx_Progress();
    check_int(published.status, PMIX_SUCCESS, "PROGRESS-1 is completed by PMIx_Progress");
    check_int(publish(), PMIX_SUCCESS, "PROGRESS-1 a blocking request needs nobody's help");
    PMIX_INFO_DESTRUCT(&named);
    PMIX_INFO_DESTRUCT(&info);
    client_stop();
}
#endif

// ---- hosts

static bool start_host(void) {
    static pmix_info_t info;
    bool yes = true;
    PMIX_INFO_LOAD(&info, PMIX_SERVER_TOOL_SUPPORT, &yes, PMIX_BOOL);
    struct host_config config = {.local = 1, .infos = &info, .ninfos = 1};
    return ok(host_start(&config), "the host starts");
}

// A tool, with a second server beside the host's.
static void with_second(const char *role) {
    if (!start_host()) return;
    int other = host_launch_with("testns", 0, "second", stranger);
    ok(host_hear(other, "up"), "the second server is up");
    int tool = host_launch_with("testns", 0, role, stranger);
#ifndef MUSTER_ORIGINAL
    if (strcmp(role, "several") == 0) {
        host_hear(tool, "tell");
        host_tell(other, "tell");
        host_hear(tool, "kill");
        host_kill(other);
    } else {
        host_tell(other, "tell");
    }
#endif
    host_wait(tool);
    host_tell(other, "down");
    host_report();
    host_stop();
}

static void to_attach(void) { with_second("attaching"); }
static void to_connect(void) { with_second("connecting"); }

#ifndef MUSTER_ORIGINAL
static void to_several(void) { with_second("several"); }

static void one(const char *role, const char *const *variables) {
    if (!start_host()) return;
    host_launch_with("testns", 0, role, variables);
    host_report();
    host_stop();
}

static void to_alone(void) { one("alone", stranger); }
static void to_unthreaded(void) { one("unthreaded", NULL); }

// How many files there are that tools find this namespace's server by.
static size_t contacts(const char *nspace) {
    char pattern[512];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s/pmix.*.tool.%s", host_directory(), nspace);
    size_t count = glob(pattern, 0, NULL, &found) == 0 ? found.gl_pathc : 0;
    if (count) globfree(&found);
    return count;
}

static void to_be_killed(void) {
    if (!start_host()) return;
    int tool = host_launch_with("testns", 0, "doomed", stranger);
    if (!ok(host_hear(tool, "serves"), "a tool serves")) return;
    is_int(contacts("doomed"), 1, "TOOL-18 and can be found");
    host_kill(tool);
    for (int i = 0; i < 500 && contacts("doomed") > 0; i++) usleep(10000);
    is_int(contacts("doomed"), 0, "TOOL-18 its server removes the files when it is killed");
    host_report();
    host_stop();
}

static void to_serve(void) {
    if (!start_host()) return;
    host_launch_with("testns", 0, "serving", stranger);
    host_report();
    is_int(host_saw(UP_SPAWN), 1, "TOOL-11 the host is asked to spawn");
    host_stop();
}
#endif

int main(int argc, char **argv) {
    static const struct role roles[] = {
        {"second", second}, {"attaching", attaching}, {"connecting", connecting},
#ifndef MUSTER_ORIGINAL
        {"several", several}, {"alone", alone}, {"serving", serving}, {"doomed", doomed}, {"unthreaded", unthreaded},
#endif
        {NULL, NULL}};
#ifndef MUSTER_ORIGINAL
    if (argc == 3 && strcmp(argv[1], "--child") == 0) {
        return strcmp(argv[2], "publishes") == 0 ? child_publishes() : child_spawns();
    }
#endif
    client_main(argc, argv, roles);
    scenario("two servers", to_attach);
    scenario("two servers, the older way", to_connect);
#ifndef MUSTER_ORIGINAL
    scenario("what only ours does with servers", to_several);
    scenario("a tool that attaches later", to_alone);
    scenario("a tool that serves", to_serve);
    scenario("a tool that serves and is killed", to_be_killed);
    scenario("the end of the progress thread", to_unthreaded);
#endif
    return done_testing();
}
