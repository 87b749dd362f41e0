// Job control: what is removed when processes have gone, and what the host is asked.
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"

#include <pmix_tool.h>

#include <fcntl.h>
#include <sys/stat.h>

// ---- ranks

static pmix_info_t directives[6];
static size_t ndirectives;

// The path of a name in the tree the host has made.
static const char *at(const char *name) {
    static char paths[8][700];
    static int next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", getenv("TEST_TREE"), name);
    return path;
}

static void name(const char *key, const char *path) {
    PMIX_INFO_LOAD(&directives[ndirectives], key, at(path), PMIX_STRING);
    ndirectives++;
}

static void flag(const char *key) {
    bool yes = true;
    PMIX_INFO_LOAD(&directives[ndirectives], key, &yes, PMIX_BOOL);
    ndirectives++;
}

static pmix_status_t control(void *targets) {
    pmix_info_t *results = NULL;
    size_t n = 0;
    pmix_status_t rc = PMIx_Job_control(targets, targets ? 1 : 0, directives, ndirectives, &results, &n);
    if (results) PMIX_INFO_FREE(results, n);
    for (size_t i = 0; i < ndirectives; i++) PMIX_INFO_DESTRUCT(&directives[i]);
    ndirectives = 0;
    return rc;
}

static void ask(const pmix_proc_t *targets, long expected, const char *what) {
    check_int(client_attempt(control, (void *) targets), expected, "%s", what);
}

static pmix_status_t status_nb = 1;
static void on_control(pmix_status_t status, pmix_info_t *info, size_t n, void *cbdata,
    pmix_release_cbfunc_t release, void *release_cbdata) {
    (void) info, (void) n;
    status_nb = status;
    if (release) release(release_cbdata);
    done_op(status, cbdata);
}

static void register_by_way(int way) {
    pmix_proc_t all = me;
    all.rank = PMIX_RANK_WILDCARD;
    switch (way) {
    case 0: name(PMIX_REGISTER_CLEANUP, "f"), ask(&me, 0, "JCTRL-3 a file, for this rank"); break;
    case 1: name(PMIX_REGISTER_CLEANUP, "f"), ask(&all, 0, "JCTRL-3 a file, for the job"); break;
    case 2: name(PMIX_REGISTER_CLEANUP, "f"), ask(NULL, 0, "JCTRL-3 a file, without targets"); break;
    case 3: name(PMIX_REGISTER_CLEANUP_DIR, "d"), ask(&me, 0, "JCTRL-7 a directory"); break;
    case 4:
        name(PMIX_REGISTER_CLEANUP_DIR, "d"), flag(PMIX_CLEANUP_RECURSIVE);
        ask(&me, 0, "JCTRL-7 a directory and all below it");
        break;
    case 5:
        name(PMIX_REGISTER_CLEANUP_DIR, "d"), flag(PMIX_CLEANUP_RECURSIVE), flag(PMIX_CLEANUP_LEAVE_TOPDIR);
        ask(&me, 0, "JCTRL-7 all below a directory");
        break;
    case 6:
        name(PMIX_REGISTER_CLEANUP_DIR, "d"), flag(PMIX_CLEANUP_RECURSIVE), flag(PMIX_CLEANUP_EMPTY);
        ask(&me, 0, "JCTRL-7 empty directories");
        break;
    case 7:
        name(PMIX_REGISTER_CLEANUP_DIR, "d"), flag(PMIX_CLEANUP_RECURSIVE), name(PMIX_CLEANUP_IGNORE, "d/keep");
        ask(&me, 0, "JCTRL-7 a directory but for one file");
        break;
    case 8: {
        char both[1500];
        snprintf(both, sizeof both, "%s,%s", at("f"), at("g"));
        PMIX_INFO_LOAD(&directives[ndirectives], PMIX_REGISTER_CLEANUP, both, PMIX_STRING);
        ndirectives++;
        ask(&me, 0, "JCTRL-5 a list of files");
        name(PMIX_REGISTER_CLEANUP, "f"), ask(&me, 0, "JCTRL-5 one of them again");
        name(PMIX_REGISTER_CLEANUP_DIR, "d"), ask(&me, 0, "JCTRL-5 a directory");
        name(PMIX_REGISTER_CLEANUP_DIR, "d"), flag(PMIX_CLEANUP_RECURSIVE);
        ask(&me, 0, "JCTRL-5 again, and all below it");
        break;
    }
    case 10:
        PMIX_LOAD_PROCID(&all, "other", PMIX_RANK_WILDCARD);
        name(PMIX_REGISTER_CLEANUP, "f"), ask(&all, 0, "JCTRL-11 a file, for another job");
        break;
    case 11: {
        pmix_proc_t some[2] = {me, me};
        pmix_info_t *results = NULL;
        size_t n = 0;
        some[0].rank = 1;
        name(PMIX_REGISTER_CLEANUP, "g");
        ask(&some[0], PMIX_ERR_NOT_FOUND, "JCTRL-12 a file, for nobody who is here");
        name(PMIX_REGISTER_CLEANUP, "f");
        check_int(PMIx_Job_control(some, 2, directives, ndirectives, &results, &n), 0,
            "JCTRL-12 a file, for a rank that is not here and for this one");
        if (results) PMIX_INFO_FREE(results, n);
        PMIX_INFO_DESTRUCT(&directives[0]);
        ndirectives = 0;
        break;
    }
    case 9:
        name(PMIX_REGISTER_CLEANUP_DIR, "linkdir"), flag(PMIX_CLEANUP_RECURSIVE);
        ask(&me, 0, "JCTRL-8 a link to a directory");
        break;
    }
}

static void registrar(void) {
    client_start();
    register_by_way(atoi(getenv("TEST_WAY")));
    client_say("registered");
    client_hear("leave");
    client_stop();
}

// A process that no host has started: a launcher, which is a job of its own.
static void launcher(void) {
    pmix_info_t infos[3];
    pmix_rank_t rank = 0;
    bool yes = true;
    PMIX_INFO_LOAD(&infos[0], PMIX_LAUNCHER, &yes, PMIX_BOOL);
    PMIX_INFO_LOAD(&infos[1], PMIX_TOOL_NSPACE, getenv("TEST_TOOL"), PMIX_STRING);
    PMIX_INFO_LOAD(&infos[2], PMIX_TOOL_RANK, &rank, PMIX_PROC_RANK);
    check_int(PMIx_tool_init(&me, infos, 3), PMIX_SUCCESS, "a launcher");
    PMIX_INFO_DESTRUCT(&infos[1]);
    name(PMIX_REGISTER_CLEANUP, "f");
    ask(getenv("TEST_ITSELF") ? &me : NULL, 0, "JCTRL-10 a launcher registers a file");
    client_say("registered");
    client_hear("leave");
    check_int(PMIx_tool_finalize(), PMIX_SUCCESS, "PMIx_tool_finalize");
}

static void conflicting(void) {
    client_start();
    int number = 1;
    PMIX_INFO_LOAD(&directives[0], PMIX_REGISTER_CLEANUP, &number, PMIX_INT);
    ndirectives = 1;
    ask(&me, PMIX_ERR_BAD_PARAM, "JCTRL-4 a file whose name is a number");
    name(PMIX_REGISTER_CLEANUP, "f"), name(PMIX_CLEANUP_IGNORE, "f");
    ask(&me, PMIX_ERR_CONFLICTING_CLEANUP_DIRECTIVES, "JCTRL-6 a file to be removed and to be left");
    name(PMIX_REGISTER_CLEANUP_DIR, "d"), name(PMIX_CLEANUP_IGNORE, "d");
    ask(&me, PMIX_ERR_CONFLICTING_CLEANUP_DIRECTIVES, "JCTRL-6 the same of a directory");
    name(PMIX_CLEANUP_IGNORE, "g"), ask(&me, 0, "JCTRL-6 a file to be left");
    name(PMIX_REGISTER_CLEANUP, "g");
    ask(&me, PMIX_ERR_CONFLICTING_CLEANUP_DIRECTIVES, "JCTRL-6 that is to be removed afterwards");
    client_say("registered");
    client_hear("leave");
    client_stop();
}

static void controller(void) {
    struct done done = DONE_INIT;
    client_start();
    name(PMIX_REGISTER_CLEANUP, "f"), flag(PMIX_JOB_CTRL_TERMINATE);
    ask(&me, 0, "JCTRL-2 a file and something for the host");
    flag(PMIX_JOB_CTRL_PAUSE);
    check_int(PMIx_Job_control_nb(&me, 1, directives, ndirectives, on_control, &done), PMIX_SUCCESS,
        "JCTRL-9 PMIx_Job_control_nb");
    check(done_wait(&done), "JCTRL-9 its callback comes");
    check_int(status_nb, 0, "JCTRL-9 with the host's status");
    check_int(PMIx_Job_control_nb(NULL, 0, NULL, 0, on_control, &done), PMIX_ERR_BAD_PARAM, "no directives");
    client_say("registered");
    client_hear("leave");
    client_stop();
}

// ---- hosts

static char tree[500];

static void put(const char *path) {
    char whole[700];
    snprintf(whole, sizeof whole, "%s/%s", tree, path);
    int file = open(whole, O_WRONLY | O_CREAT, 0600);
    if (file < 0) bail("%s", whole);
    close(file);
}

static void make(const char *path) {
    char whole[700];
    snprintf(whole, sizeof whole, "%s/%s", tree, path);
    if (mkdir(whole, 0700) != 0) bail("%s", whole);
}

static void link_to(const char *path, const char *to) {
    char whole[700], target[700];
    snprintf(whole, sizeof whole, "%s/%s", tree, path);
    snprintf(target, sizeof target, "%s/%s", tree, to);
    if (symlink(target, whole) != 0) bail("%s", whole);
}

static void make_tree(void) {
    snprintf(tree, sizeof tree, "%s/tree", host_directory());
    if (mkdir(tree, 0700) != 0) bail("%s", tree);
    make("d"), make("d/sub"), make("d/sub/deep"), make("d/empty"), make("other");
    put("f"), put("g"), put("d/a"), put("d/keep"), put("d/sub/b"), put("d/sub/deep/c"), put("other/o");
    link_to("d/link", "other/o"), link_to("d/sub/linkdir", "other"), link_to("linkdir", "other");
}

static bool is_there(const char *path) {
    char whole[700];
    struct stat status;
    snprintf(whole, sizeof whole, "%s/%s", tree, path);
    return lstat(whole, &status) == 0;
}

static bool all_there(const char *const *paths) {
    for (; *paths; paths++) {
        if (is_there(*paths)) continue;
        diag("%s is gone", *paths);
        return false;
    }
    return true;
}

static bool none_there(const char *const *paths) {
    for (; *paths; paths++) {
        if (!is_there(*paths)) continue;
        diag("%s is there", *paths);
        return false;
    }
    return true;
}

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

// The library learns of a rank's end behind the test's back.
static bool goes(const char *const *paths) {
    for (int i = 0; i < 500; i++) {
        bool gone = true;
        for (const char *const *path = paths; *path; path++) gone = gone && !is_there(*path);
        if (gone) return true;
        usleep(10000);
    }
    return none_there(paths);
}

static int launch(const char *role, int way) {
    static char number[16], where[520];
    const char *variables[] = {"TEST_WAY", number, "TEST_TREE", where, NULL};
    snprintf(number, sizeof number, "%d", way);
    snprintf(where, sizeof where, "%s", tree);
    return host_launch_with("testns", 0, role, variables);
}

// A rank registers, and ends as it should or by force.
static bool leave_with(int way, bool killed) {
    struct host_config config = {.local = 1};
    if (!ok(host_start(&config), "the host starts")) return false;
    make_tree();
    int client = launch("registrar", way);
    if (!ok(host_hear(client, "registered"), "a rank registers")) return false;
    ok(all_there(LIST("f", "g", "d/a", "d/sub/deep/c", "d/empty", "linkdir")), "nothing goes before it does");
    if (killed) host_kill(client);
    else host_tell(client, "leave");
    host_report();
    return true;
}

static void deregister_job(const char *name) {
    struct op op = {0, 0};
    pmix_nspace_t nspace;
    PMIX_LOAD_NSPACE(nspace, name);
    PMIx_server_deregister_nspace(nspace, host_op_done, &op);
    host_op_wait(&op, NULL);
}

static void deregister(void) { deregister_job("testns"); }

// What a launcher registers for itself or for all of its job goes with it, however it goes; nothing of it is left to
// whoever has that name next.
static void launcher_leaves(bool itself, bool killed) {
    static char where[520];
    static pmix_info_t info;
    bool yes = true;
    PMIX_INFO_LOAD(&info, PMIX_SERVER_TOOL_SUPPORT, &yes, PMIX_BOOL);
    struct host_config config = {.local = 1, .infos = &info, .ninfos = 1};
    config.answer[UP_TOOL].manner = ABSENT;
    const char *variables[] = {"PMIX_NAMESPACE", NULL, "PMIX_RANK", NULL, "PMIX_SERVER_URI41", NULL, "PMIX_SERVER_URI4",
        NULL, "PMIX_SERVER_URI3", NULL, "PMIX_SERVER_URI21", NULL, "PMIX_SERVER_URI2", NULL, "TEST_TOOL", "launcher.1", "TEST_TREE", where,
        itself ? "TEST_ITSELF" : NULL, "1", NULL};
    if (!ok(host_start(&config), "the host starts")) return;
    make_tree();
    snprintf(where, sizeof where, "%s", tree);
    int tool = host_launch_with("testns", 0, "launcher", variables);
    if (!ok(host_hear(tool, "registered"), "a launcher registers")) return;
    ok(is_there("f"), "JCTRL-10 nothing goes before it does");
    if (killed) host_kill(tool);
    else host_tell(tool, "leave");
    host_report();
    ok(goes(LIST("f")), "JCTRL-10 the file goes with the launcher");
    ok(all_there(LIST("g", "d")), "JCTRL-10 and no other");
    is_int(host_saw(UP_EVENT), 0, "TOOL-17 a host that knows nothing of tools hears of no loss");
    host_stop();
}

static void of_launcher(void) { launcher_leaves(true, false); }
static void of_launchers_job(void) { launcher_leaves(false, false); }
static void of_killed_launcher(void) { launcher_leaves(false, true); }

static void file_of_rank(void) {
    if (!leave_with(0, false)) return;
    ok(goes(LIST("f")), "JCTRL-3 the file goes with the rank");
    ok(all_there(LIST("g", "d")), "and no other");
    is_int(host_saw(UP_JOBCONTROL), 0, "JCTRL-1 the host is not asked");
    host_stop();
}

static void file_of_killed(void) {
    if (!leave_with(0, true)) return;
    ok(goes(LIST("f")), "JCTRL-3 the file goes however the rank went");
    host_stop();
}

static void job_file(int way, const char *what) {
    if (!leave_with(way, false)) return;
    ok(is_there("f"), "JCTRL-3 %s: the file is there while the job is known", what);
    deregister();
    ok(goes(LIST("f")), "JCTRL-3 %s: it goes with the job", what);
    host_stop();
}

static void file_of_job(void) { job_file(1, "for the job"); }
static void file_of_nobody(void) { job_file(2, "without targets"); }

static void for_absent(void) {
    if (!leave_with(11, false)) return;
    ok(goes(LIST("f")), "JCTRL-12 the file goes with the one that is here");
    ok(all_there(LIST("g", "d")), "and nothing else");
    host_stop();
}

// The end of a job may be waited for by others, before it is known here, too.
static void for_other(void) {
    if (!leave_with(10, false)) return;
    deregister_job("testns");
    ok(is_there("f"), "JCTRL-11 it stays when the job of who registered it goes");
    is_int(host_register_job("other", 1, 0), PMIX_SUCCESS, "the other job");
    ok(is_there("f"), "JCTRL-11 and when the other one comes");
    deregister_job("other");
    ok(goes(LIST("f")), "JCTRL-11 it goes with the other one");
    ok(all_there(LIST("g", "d")), "and nothing else");
    host_stop();
}

static void directory(void) {
    if (!leave_with(3, false)) return;
    ok(goes(LIST("d/a", "d/keep", "d/link")), "JCTRL-7 the files of the directory go");
    ok(all_there(LIST("d", "d/sub/b", "d/empty")), "JCTRL-7 what is below it stays, and so does it");
    ok(all_there(LIST("other", "other/o")), "JCTRL-8 what a link points to stays");
    host_stop();
}

static void directories(void) {
    if (!leave_with(4, false)) return;
    ok(goes(LIST("d")), "JCTRL-7 the directory goes");
    ok(all_there(LIST("f", "other", "other/o")), "JCTRL-8 what links in it point to stays");
    host_stop();
}

static void top(void) {
    if (!leave_with(5, false)) return;
    ok(goes(LIST("d/a", "d/keep", "d/sub", "d/empty", "d/link")), "JCTRL-7 all in the directory goes");
    ok(is_there("d"), "JCTRL-7 it stays itself");
    host_stop();
}

static void only_empty(void) {
    if (!leave_with(6, false)) return;
    ok(goes(LIST("d/empty")), "JCTRL-7 the empty directory goes");
    ok(all_there(LIST("d/a", "d/sub/b", "d/sub/deep/c")), "JCTRL-7 what holds something stays");
    host_stop();
}

static void ignored(void) {
    if (!leave_with(7, false)) return;
    ok(goes(LIST("d/a", "d/sub", "d/empty")), "JCTRL-7 the rest of the directory goes");
    ok(is_there("d/keep"), "JCTRL-7 the file that is to be left stays");
    host_stop();
}

static void listed(void) {
    if (!leave_with(8, false)) return;
    ok(goes(LIST("f", "g", "d")), "JCTRL-5 all that was named goes, by the stronger directives");
    host_stop();
}

static void linked(void) {
    if (!leave_with(9, false)) return;
    deregister();
    ok(all_there(LIST("linkdir", "other", "other/o")), "JCTRL-8 a link to a directory is no directory");
    host_stop();
}

static void conflicts(void) {
    struct host_config config = {.local = 1, .answer[UP_JOBCONTROL] = {ABSENT, 0}};
    if (!ok(host_start(&config), "the host starts")) return;
    make_tree();
    int client = launch("conflicting", 0);
    ok(host_hear(client, "registered"), "a rank registers");
    host_tell(client, "leave");
    host_report();
    deregister();
    ok(all_there(LIST("f", "g", "d/a")), "JCTRL-6 what is contradicted removes nothing");
    host_stop();
}

static void mixed(void) {
    struct host_config config = {.local = 1};
    if (!ok(host_start(&config), "the host starts")) return;
    make_tree();
    int client = launch("controller", 0);
    ok(host_hear(client, "registered"), "a rank asks");
    host_tell(client, "leave");
    host_report();
    const struct seen *seen = host_await(UP_JOBCONTROL, 1);
    ok(seen && strstr(seen->infos, PMIX_JOB_CTRL_TERMINATE "=true") && strcmp(seen->procs, "testns:0") == 0,
        "JCTRL-2 the host sees what is for it");
    seen = host_await(UP_JOBCONTROL, 2);
    ok(seen && strcmp(seen->infos, PMIX_JOB_CTRL_PAUSE "=true") == 0, "JCTRL-9 and what is for it alone");
    ok(goes(LIST("f")), "JCTRL-2 the file goes all the same");
    host_stop();
}

int main(int argc, char **argv) {
    static const struct role roles[] = {
        {"registrar", registrar}, {"conflicting", conflicting}, {"controller", controller},
        {"launcher", launcher}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("a file of a rank", file_of_rank);
    scenario("a file of a rank that is killed", file_of_killed);
    scenario("a file of a job", file_of_job);
    scenario("a file without targets", file_of_nobody);
    scenario("a file of another job", for_other);
    scenario("a file of a rank elsewhere", for_absent);
    scenario("a directory", directory);
    scenario("directories", directories);
    scenario("all but the top", top);
    scenario("empty ones only", only_empty);
    scenario("but for one", ignored);
    scenario("lists and repetitions", listed);
    scenario("a link", linked);
    scenario("conflicts", conflicts);
    scenario("a file, and the host", mixed);
    scenario("a file of a launcher", of_launcher);
    scenario("a file of a launcher's job", of_launchers_job);
    scenario("a file of a launcher that is killed", of_killed_launcher);
    return done_testing();
}
