// PMIx_tool_init and PMIx_tool_finalize: who a tool is, which server it finds, and what it does without one.
// sources: host.c
// compare: original
#include "tap.h"
#include "host.h"
#include "client.h"

#include <pmix_tool.h>

#include <fcntl.h>
#include <glob.h>

// What a server gives its ranks; a stranger has none of it. PMIX_SYSTEM_TMPDIR stays: there the server is to be found.
#define STRANGER "PMIX_NAMESPACE", NULL, "PMIX_RANK", NULL, "PMIX_SERVER_URI41", NULL, "PMIX_SERVER_URI4", NULL, \
    "PMIX_SERVER_URI3", NULL, "PMIX_SERVER_URI2", NULL, "PMIX_SERVER_URI21", NULL
static const char *const stranger[] = {STRANGER, NULL};

// ---- tools

static pmix_info_t given[8];
static size_t ngiven;

static void give(const char *key, const void *value, pmix_data_type_t type) {
    PMIX_INFO_LOAD(&given[ngiven], key, value, type);
    ngiven++;
}

static void give_true(const char *key) {
    bool yes = true;
    give(key, &yes, PMIX_BOOL);
}

static void give_name(const char *nspace, pmix_rank_t rank) {
    give(PMIX_TOOL_NSPACE, nspace, PMIX_STRING);
    give(PMIX_TOOL_RANK, &rank, PMIX_PROC_RANK);
}

// With what was given since the last call.
static pmix_status_t start_tool(void) {
    memset(&me, 0, sizeof me);
    strcpy(me.nspace, "untouched");
    pmix_status_t rc = PMIx_tool_init(&me, ngiven ? given : NULL, ngiven);
    for (size_t i = 0; i < ngiven; i++) PMIX_INFO_DESTRUCT(&given[i]);
    ngiven = 0;
    return rc;
}

// Each way has a process of its own, because the original's tool cannot be started again after all of them.
static int way(void) { return atoi(getenv("TEST_WAY")); }

static void check_name(const char *nspace, uint32_t rank, const char *why) {
    bool same = strcmp(me.nspace, nspace) == 0 && me.rank == rank;
    check(same, "%s%s%s", why, same ? "" : "   # got ", same ? "" : me.nspace);
}

static void check_number(const char *nspace, uint32_t rank, const char *key, uint32_t expected) {
    pmix_proc_t proc;
    pmix_value_t *value = NULL;
    PMIX_LOAD_PROCID(&proc, nspace, rank);
    pmix_status_t rc = PMIx_Get(&proc, key, NULL, 0, &value);
    check_int(rc == PMIX_SUCCESS && value->type == PMIX_UINT32 ? (long long) value->data.uint32 : rc, expected,
        "%s of %s is known", key, strcmp(nspace, me.nspace) == 0 ? "its own job" : nspace);
    if (value != NULL) PMIX_VALUE_RELEASE(value);
}

// A file of the server that launched this tool, by the end of its name.
static const char *server_file(const char *name) {
    static char path[512];
    char pattern[512];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s/%s", getenv("PMIX_SYSTEM_TMPDIR"), name);
    bool one = glob(pattern, 0, NULL, &found) == 0 && found.gl_pathc == 1;
    if (!check(one, "the server has one file %s", name)) _exit(5);
    snprintf(path, sizeof path, "%s", found.gl_pathv[0]);
    globfree(&found);
    return path;
}

static const char *server_uri(void) {
    static char line[512];
    FILE *file = fopen(server_file("pmix.*.tool.pmix-server"), "r");
    if (file == NULL || fgets(line, sizeof line, file) == NULL) _exit(5);
    fclose(file);
    line[strcspn(line, "\n")] = 0;
    return line;
}

static void nearby(void) {  // nothing said at all: the one server of this node
    check_int(start_tool(), PMIX_SUCCESS, "PMIx_tool_init finds the server");
    check_name("toolns", 0, "the server assigns the name");
    check(PMIx_Initialized(), "PMIx_Initialized says so");
    check_number("testns", PMIX_RANK_WILDCARD, PMIX_JOB_SIZE, 2);
    check_number("toolns", PMIX_RANK_WILDCARD, PMIX_JOB_SIZE, 1);
    client_round_trip();
    check_int(PMIx_tool_init(&me, NULL, 0), PMIX_SUCCESS, "a second PMIx_tool_init only counts");
    check_name("toolns", 0, "and returns the same name");
    check_int(PMIx_tool_finalize(), PMIX_SUCCESS, "the first of two finalizes");
    check(PMIx_Initialized(), "leaves the library up");
    client_round_trip();
    check_int(PMIx_tool_finalize(), PMIX_SUCCESS, "the last finalize");
    check(!PMIx_Initialized(), "ends it");
}

static void named(void) {
    give_name("mytool", 3);
    check_int(start_tool(), PMIX_SUCCESS, "PMIx_tool_init with a name of its own");
    check_name("mytool", 3, "keeps it");
    check_int(PMIx_tool_finalize(), PMIX_SUCCESS, "PMIx_tool_finalize");
}

static void half_named(void) {
    uint32_t rank = 3;
    if (way() == 0) give(PMIX_TOOL_NSPACE, "mytool", PMIX_STRING);
    else give(PMIX_TOOL_RANK, &rank, PMIX_PROC_RANK);
    check_int(start_tool(), PMIX_ERR_BAD_PARAM, "%s is refused", way() == 0 ? "a namespace alone" : "a rank alone");
    check_name("untouched", 0, "nothing is returned then");
    check(!PMIx_Initialized(), "and the library is not up");
}

static void launcher(void) {
    give_true(PMIX_LAUNCHER);
    give_name("mylauncher", 0);
    check_int(start_tool(), PMIX_SUCCESS, "PMIx_tool_init of a launcher");
    check_int(PMIx_tool_finalize(), PMIX_SUCCESS, "PMIx_tool_finalize");
}

static void rank_as_tool(void) {  // with all a rank has in its environment
    check_int(start_tool(), PMIX_SUCCESS, "PMIx_tool_init of a rank");
    check_name("testns", 1, "it is that rank");
    check_number("testns", PMIX_RANK_WILDCARD, PMIX_JOB_SIZE, 2);
    check_int(PMIx_tool_finalize(), PMIX_SUCCESS, "PMIx_tool_finalize");
}

static void reach(const char *how) {
    check_int(start_tool(), PMIX_SUCCESS, "the server is found by %s", how);
    if (strcmp(me.nspace, "toolns") == 0) PMIx_tool_finalize();
    else check(false, "the server found by %s assigns a name", how);
}

static void unreached(const char *what) {
    check_int(start_tool(), PMIX_ERR_UNREACH, "%s is unreachable", what);
    check_name("untouched", 0, "and nothing is returned");
}

static void directed(void) {
    pid_t host = getppid();
    char name[600];
    switch (way()) {
    case 0: return give_true(PMIX_CONNECT_TO_SYSTEM), reach("its system file");
    case 1: return give_true(PMIX_CONNECT_SYSTEM_FIRST), reach("its system file, preferred");
    case 2: return give(PMIX_SERVER_PIDINFO, &host, PMIX_PID), reach("its process");
    case 3: return give(PMIX_SERVER_NSPACE, "pmix-server", PMIX_STRING), reach("its namespace");
    case 4: return give(PMIX_SERVER_URI, server_uri(), PMIX_STRING), reach("its address");
    case 5: return give(PMIX_TCP_URI, server_uri(), PMIX_STRING), reach("its address, under the older key");
    case 6:
        snprintf(name, sizeof name, "file:%s", server_file("pmix.sys.*"));
        return give(PMIX_SERVER_URI, name, PMIX_STRING), reach("a file named as an address");
    case 7:
        give(PMIX_TOOL_ATTACHMENT_FILE, server_file("pmix.sys.*"), PMIX_STRING);
        return reach("the attachment file");
    }
}

static void misdirected(void) {  // what was said is what counts, though a server could be found
    pid_t nobody = 0x7ffffffe;  // the original takes a pid that begins so for the one that was named
    const char *closed = "gone.1;tcp4://127.0.0.1:1", *absent = "/nonexistent/file";
    switch (way()) {
    case 0: return give_true(PMIX_CONNECT_TO_SYSTEM), unreached("an absent system server");
    case 1: return give(PMIX_SERVER_PIDINFO, &nobody, PMIX_PID), unreached("the server of a process that has none");
    case 2: return give(PMIX_SERVER_NSPACE, "nobody", PMIX_STRING), unreached("a namespace that has no server");
    case 3: return give(PMIX_TOOL_ATTACHMENT_FILE, absent, PMIX_STRING), unreached("an absent attachment file");
    case 4: return give(PMIX_SERVER_URI, closed, PMIX_STRING), unreached("an address where nobody listens");
    case 5:
        give(PMIX_SERVER_URI, "nonsense", PMIX_STRING);
        check_int(start_tool(), PMIX_ERR_BAD_PARAM, "an address that is none is refused");
        check(!PMIx_Initialized(), "and the library is not up");
#ifndef MUSTER_ORIGINAL  // which cannot be started again after a failure
        reach("looking around, after a failure");
#endif
        return;
    }
}

static void alone(void) {
    char *nobody = getenv("MUSTER_CASE");
    if (nobody) setenv("PMIX_SYSTEM_TMPDIR", nobody, 1), setenv("PMIX_SERVER_TMPDIR", nobody, 1);
    switch (way()) {
    case 0: return unreached("a server where there is none");
    case 1:
        give_true(PMIX_TOOL_DO_NOT_CONNECT);
        check_int(start_tool(), PMIX_SUCCESS, "a tool that is not to connect needs no server");
        check(strcmp(me.nspace, "untouched") != 0 && me.nspace[0] && me.rank == 0, "it names itself");
        check_number(me.nspace, PMIX_RANK_WILDCARD, PMIX_JOB_SIZE, 1);
        break;
    case 2:
        give_true(PMIX_TOOL_DO_NOT_CONNECT);
        give_name("hermit", 7);
        check_int(start_tool(), PMIX_SUCCESS, "or is named by its caller");
        check_name("hermit", 7, "and keeps that name");
        break;
    case 3:  // the original waits forever here
        give_true(PMIX_TOOL_CONNECT_OPTIONAL);
        check_int(start_tool(), PMIX_SUCCESS, "a tool that need not connect starts without a server");
        break;
    }
    check_int(PMIx_tool_finalize(), PMIX_SUCCESS, "PMIx_tool_finalize");
    check(!PMIx_Initialized(), "ends it");
#ifndef MUSTER_ORIGINAL  // whose count goes below zero
    check_int(PMIx_tool_finalize(), PMIX_ERR_INIT, "a finalize without an init is refused");
#endif
}

static void client_first(void) {
    client_start();
    check_int(start_tool(), PMIX_SUCCESS, "PMIx_tool_init of a client");
    check_name("testns", 0, "returns the client's name");
    check_int(PMIx_tool_finalize(), PMIX_SUCCESS, "PMIx_tool_finalize");
    check(PMIx_Initialized(), "leaves the client up");
    client_round_trip();
    client_stop();
    check(!PMIx_Initialized(), "whose finalize ends it");
}

#ifndef MUSTER_ORIGINAL
static void refused(void) {
    unreached("a server that refuses the tool");
    check(!PMIx_Initialized(), "the library is not up");
}

static void put_file(const char *name, const char *text) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", getenv("PMIX_SYSTEM_TMPDIR"), name);
    FILE *file = fopen(path, "w");
    if (file == NULL) _exit(5);
    fputs(text, file);
    fclose(file);
}

// What PMIx_tool_init writes on stderr while it fails.
static void check_trace(const char *first, const char *second, const char *why) {
    int before = dup(2), file = open("/tmp", O_TMPFILE | O_RDWR, 0600);
    char text[4096] = "";
    dup2(file, 2);
    pmix_status_t rc = start_tool();
    dup2(before, 2);
    check_int(rc, PMIX_ERR_UNREACH, "%s: unreachable", why);
    if (pread(file, text, sizeof text - 1, 0) < 0) _exit(5);
    char *end = strchr(text, '\n');
    check(end != NULL && end[1] == 0, "%s: one line of trace", why);
    check(strstr(text, first) && strstr(text, second), "%s: which says so", why);
    close(before), close(file);
}

static void several(void) {
    char host[256] = "", name[300], link_path[512];
    gethostname(host, sizeof host - 1);
    host[strcspn(host, ".")] = 0;
    snprintf(name, sizeof name, "pmix.%s.tool.torn", host);
    put_file(name, "torn.1;tcp4://127.0.0.1");  // no end of line: never finished
    reach("looking around, past a file that is torn");
    put_file(name, "twin.1;tcp4://127.0.0.1:1\n4.2.2\n1\n0:0\n");
    check_trace("twin.1", server_uri(), "two servers");
    snprintf(link_path, sizeof link_path, "%s/pmix.%s.tool.link", getenv("PMIX_SYSTEM_TMPDIR"), host);
    check(symlink(server_file("pmix.sys.*"), link_path) == 0, "a link to a contact file");
    give(PMIX_SERVER_NSPACE, "link", PMIX_STRING);
    unreached("a server known by a link only");
    give(PMIX_TOOL_ATTACHMENT_FILE, link_path, PMIX_STRING);
    reach("a link that the caller named");
}
#endif

// ---- hosts

static bool start_host(struct host_config *config) {
    pmix_info_t infos[2];
    bool yes = true;
    PMIX_INFO_LOAD(&infos[0], PMIX_SERVER_TOOL_SUPPORT, &yes, PMIX_BOOL);
    PMIX_INFO_LOAD(&infos[1], PMIX_SERVER_SYSTEM_SUPPORT, &yes, PMIX_BOOL);
    config->local = 2;
    config->ninfos = config->infos ? 1 : 2;  // one that is set already: without the system file
    config->infos = infos;
    bool started = host_start(config);
    config->infos = NULL;
    return ok(started, "the host starts");
}

static bool was_told(int number, const char *what) {
    const struct seen *seen = host_await(UP_TOOL, number);
    return seen != NULL && strstr(seen->infos, what) != NULL;
}

// The texts are what the host must be told of the tool.
static void one_tool(const char *role, const char *first, const char *second) {
    struct host_config config = {.local = 0};
    if (!start_host(&config)) return;
    host_launch_with("testns", 0, role, stranger);
    host_report();
    ok(was_told(1, first), "the host is told %s", first);
    ok(was_told(1, second), "the host is told %s", second);
    ok(was_told(1, PMIX_VERSION_INFO "=4.2.2"), "the host is told the tool's release");
    is_int(host_saw(UP_TOOL), 1, "the host is asked once");
    is_int(host_saw(UP_FINALIZED), 0, "a tool that leaves is no client that finalizes");
    host_stop();
}

static void found_nearby(void) { one_tool("nearby", PMIX_USERID "=", PMIX_GRPID "="); }
static void found_named(void) { one_tool("named", PMIX_NSPACE "=mytool", PMIX_RANK "=3"); }
static void found_launcher(void) { one_tool("launcher", PMIX_NSPACE "=mylauncher", PMIX_RANK "=0"); }

// `ways` processes, one after the other; without the system file if `system` is false.
static void ways_of(const char *role, int ways, bool system) {
    static pmix_info_t none;
    struct host_config config = {.infos = system ? NULL : &none};
    if (!start_host(&config)) return;
    for (int i = 0; i < ways; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", i);
        const char *const variables[] = {STRANGER, "TEST_WAY", number, "MUSTER_TRACE", NULL, NULL};
        int tool = host_launch_with("testns", 0, role, variables);
        host_wait(tool);
    }
    host_report();
    host_stop();
}

static void found_directed(void) { ways_of("directed", 8, true); }
static void found_not(void) { ways_of("misdirected", 6, false); }
static void found_half(void) { ways_of("half_named", 2, true); }
#ifdef MUSTER_ORIGINAL
static void found_none(void) { ways_of("alone", 3, true); }
#else
static void found_none(void) { ways_of("alone", 4, true); }
#endif

// A process with what `variables` leave of a rank's environment.
static void one_rank(const char *role, uint32_t rank, const char *const *variables) {
    struct host_config config = {.local = 0};
    if (!start_host(&config)) return;
    host_launch_with("testns", rank, role, variables);
    host_report();
    host_stop();
}

static void as_client(void) { one_rank("client_first", 0, NULL); }
static void as_rank(void) { one_rank("rank_as_tool", 1, NULL); }

static void as_server(void) {
    struct host_config config = {.local = 0};
    pmix_proc_t name = {"untouched", 0};
    if (!start_host(&config)) return;
    is_int(PMIx_tool_init(&name, NULL, 0), PMIX_SUCCESS, "PMIx_tool_init of a server");
    is_str(name.nspace, "pmix-server", "returns the server's name");
    is_int(PMIx_tool_finalize(), PMIX_SUCCESS, "PMIx_tool_finalize");
    ok(PMIx_Initialized(), "leaves the server up");
    host_stop();
    ok(!PMIx_Initialized(), "whose finalize ends it");
}

#ifndef MUSTER_ORIGINAL  // whose server ends with the tool its host refuses, and whose tools believe any file
static void unwanted(void) {
    struct host_config config = {.answer[UP_TOOL] = {LATER, PMIX_ERR_NO_PERMISSIONS}};
    if (!start_host(&config)) return;
    host_launch_with("testns", 0, "refused", stranger);
    host_report();
    is_int(host_saw(UP_TOOL), 1, "the host was asked");
    host_stop();
}

static void found_several(void) {
    const char *const traced[] = {STRANGER, "MUSTER_TRACE", "1", NULL};
    one_rank("several", 0, traced);
}
#endif

int main(int argc, char **argv) {
    static const struct role roles[] = {
        {"nearby", nearby}, {"named", named}, {"half_named", half_named}, {"launcher", launcher},
        {"rank_as_tool", rank_as_tool}, {"directed", directed}, {"misdirected", misdirected},
        {"alone", alone}, {"client_first", client_first},
#ifndef MUSTER_ORIGINAL
        {"refused", refused}, {"several", several},
#endif
        {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("a tool that says nothing", found_nearby);
    scenario("a tool with a name", found_named);
    scenario("half a name", found_half);
    scenario("a launcher", found_launcher);
    scenario("every way to name a server", found_directed);
    scenario("servers that are not there", found_not);
    scenario("no server at all", found_none);
    scenario("a rank that is a tool", as_rank);
    scenario("a client that becomes a tool", as_client);
    scenario("a server that becomes a tool", as_server);
#ifndef MUSTER_ORIGINAL
    scenario("a tool the host refuses", unwanted);
    scenario("several servers", found_several);
#endif
    return done_testing();
}
