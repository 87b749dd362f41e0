// Hosts compiled with later releases: how many members their module has they say with an attribute of ours, and the
// members behind the 28th are called where that release has them. Sessions, blocks of resources, logs, tools.
// compare: nothing
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"
#include "late.h"

#include <pmix_tool.h>

// ---- the host's later functions

static char last[1024];
static int sessions, blocks, logs, tools;

static void say_op(struct late *late) { ((pmix_op_cbfunc_t) late->callback)(late->status, late->cbdata); }

static void say_infos(struct late *late) {
    pmix_info_t info;
    PMIX_INFO_LOAD(&info, "session.answer", "yes", PMIX_STRING);
    bool good = late->status == PMIX_SUCCESS;
    ((pmix_info_cbfunc_t) late->callback)(late->status, good ? &info : NULL, good, late->cbdata, NULL, NULL);
    PMIX_INFO_DESTRUCT(&info);
}

static void say_tool(struct late *late) {
    pmix_proc_t tool;
    PMIX_LOAD_PROCID(&tool, "toolns", 0);
    ((pmix_tool_connection_cbfunc_t) late->callback)(late->status, &tool, late->cbdata);
}

static pmix_status_t control_session(const pmix_proc_t *requestor, uint32_t session, const pmix_info_t directives[],
    size_t n, pmix_info_cbfunc_t cb, void *cbdata) {
    sessions++;
    snprintf(last, sizeof last, "session %s:%u %u %s", requestor->nspace, requestor->rank, session,
        n ? directives[0].key : "-");
    return answered(say_infos, (void *) cb, cbdata);
}

static pmix_status_t change_block(const pmix_proc_t *requestor, pmix_resource_block_directive_t directive,
    const char *block, const pmix_resource_unit_t *units, size_t nunits, const pmix_info_t *infos, size_t n,
    pmix_op_cbfunc_t cb, void *cbdata) {
    blocks++;
    snprintf(last, sizeof last, "block %s:%u %u %s %zu/%lx/%zu %s", requestor->nspace, requestor->rank, directive, block,
        nunits, nunits ? (long) units[nunits - 1].type : 0, nunits ? units[nunits - 1].count : 0, n ? infos[0].key : "-");
    return answered(say_op, (void *) cb, cbdata);
}

static pmix_status_t write_log(const pmix_proc_t *client, const pmix_info_t data[], size_t ndata,
    const pmix_info_t directives[], size_t ndirectives, pmix_op_cbfunc_t cb, void *cbdata) {
    (void) client, (void) data, (void) ndata, (void) directives, (void) ndirectives;
    logs++;
    return answered(say_op, (void *) cb, cbdata);
}

static pmix_status_t let_tool_in(pmix_info_t *infos, size_t n, pmix_tool_connection_cbfunc_t cb, void *cbdata) {
    (void) infos, (void) n;
    tools++;
    return answered(say_tool, (void *) cb, cbdata);
}

static size_t slots;  // what the host says it has; 0: nothing

static void offer(pmix_server_module_t *module) {
    void **member = (void **) module;
    if (slots == 25)
        for (int i = 25; i < 28; i++) member[i] = (void *) 0x5a5a5a5a;  // of no release 3 module
    if (manner_of_all.manner == ABSENT) {
        memset(member + 28, 0, slots > 28 ? (slots - 28) * sizeof *member : 0);
        return;
    }
    if (slots == 29 || slots == 30) member[28] = (void *) control_session;
    if (slots == 30) member[29] = (void *) change_block;
    if (slots < 32) return;
    member[28] = (void *) let_tool_in;
    member[29] = (void *) write_log;
    member[30] = (void *) control_session;
    member[31] = (void *) change_block;
}

// ---- ranks

static pmix_resource_unit_t units[2] = {{PMIX_DEVTYPE_GPU, 1}, {PMIX_DEVTYPE_NETWORK, 3}};

static void on_session(pmix_status_t status, pmix_info_t *infos, size_t n, void *cbdata, pmix_release_cbfunc_t release,
    void *release_cbdata) {
    struct done *done = cbdata;
    if (status == PMIX_SUCCESS && n == 1) PMIx_Value_xfer(&done->value, &infos[0].value);
    if (release) release(release_cbdata);
    done_op(status, cbdata);
}

static pmix_status_t session(void *given) {
    (void) given;
    pmix_info_t info;
    bool yes = true;
    PMIX_INFO_LOAD(&info, "pmix.ssn.pause", &yes, PMIX_BOOL);
    return PMIx_Session_control(77, &info, 1, NULL, NULL);
}

static pmix_status_t block(void *given) {
    (void) given;
    pmix_info_t info;
    PMIX_INFO_LOAD(&info, "some.directive", "x", PMIX_STRING);
    pmix_status_t rc = PMIx_Resource_block(PMIX_RESOURCE_BLOCK_DEFINE, "blk", units, 2, &info, 1);
    PMIX_INFO_DESTRUCT(&info);
    return rc;
}

static pmix_status_t log_line(void *given) {
    (void) given;
    pmix_info_t info;
    PMIX_INFO_LOAD(&info, "app.words", "a line", PMIX_STRING);
    pmix_status_t rc = PMIx_Log(&info, 1, NULL, 0);
    PMIX_INFO_DESTRUCT(&info);
    return rc;
}

static void ask_for_sessions(long expected) {
    struct done *done = malloc(sizeof *done);
    *done = (struct done) DONE_INIT;
    check_int(client_attempt(session, NULL), expected == 0 ? PMIX_OPERATION_SUCCEEDED : expected,
        "SESSION-1 who blocks has the host's status");
    pmix_status_t rc = PMIx_Session_control(77, NULL, 0, on_session, done);
    if (rc == PMIX_SUCCESS && check(done_wait(done), "SESSION-1 the callback comes")) rc = done->status;
    check_int(rc, expected, "SESSION-1 with the host's status");
    bool answers = atoi(getenv("TEST_ANSWERS")) == 1;
    check(!answers || done->value.type == PMIX_STRING, "SESSION-1 and its answer");
    PMIX_VALUE_DESTRUCT(&done->value);
    free(done);
}

static void ask_for_blocks(long expected) {
    struct done *done = malloc(sizeof *done);
    *done = (struct done) DONE_INIT;
    check_int(client_attempt(block, NULL), expected, "BLOCK-1 who blocks has the host's status");
    pmix_status_t rc = PMIx_Resource_block_nb(PMIX_RESOURCE_BLOCK_DELETE, "blk", NULL, 0, NULL, 0, done_op, done);
    if (rc == PMIX_SUCCESS && check(done_wait(done), "BLOCK-1 the callback comes")) rc = done->status;
    check_int(rc, expected, "BLOCK-1 with the host's status");
    free(done);
    check_int(PMIx_Resource_block(PMIX_RESOURCE_BLOCK_DEFINE, NULL, NULL, 0, NULL, 0), PMIX_ERR_BAD_PARAM,
        "BLOCK-1 a block without a name: BAD_PARAM");
    check_int(PMIx_Resource_block(PMIX_RESOURCE_BLOCK_DEFINE, "blk", NULL, 2, NULL, 0), PMIX_ERR_BAD_PARAM,
        "BLOCK-1 units that are not there: BAD_PARAM");
}

static void asker(void) {
    client_start();
    ask_for_sessions(atol(getenv("TEST_SESSIONS")));
    client_say("sessions");
    client_hear("on");
    ask_for_blocks(atol(getenv("TEST_BLOCKS")));
    client_say("blocks");
    client_hear("on");
    if (getenv("TEST_LOGS")) check_int(client_attempt(log_line, NULL), atol(getenv("TEST_LOGS")), "LOG-8 log2 is asked");
    client_stop();
}

static void fabric_user(void) {
    pmix_fabric_t fabric;
    memset(&fabric, 0, sizeof fabric);
    client_start();
    check_int(PMIx_Fabric_register(&fabric, NULL, 0), PMIX_ERR_NOT_SUPPORTED, "SLOTS-2 a member too far is not called");
    client_stop();
}

static void tool(void) {
    pmix_proc_t name;
    check_int(PMIx_tool_init(&name, NULL, 0), atol(getenv("TEST_TOOL")), "SLOTS-4 a tool has the host's word");
    PMIx_tool_finalize();
}

// ---- hosts

static bool start(size_t count, enum manner manner, pmix_status_t status) {
    static pmix_info_t info;
    struct host_config config = {.local = 1, .infos = &info, .ninfos = count ? 1 : 0};
    manner_of_all = (struct answer){manner, status};
    slots = count;
    if (count) PMIX_INFO_LOAD(&info, MUSTER_SERVER_MODULE_SLOTS, &count, PMIX_SIZE);
    host_module_hook = offer;
    return ok(host_start(&config), "a host with %zu members starts", count);
}

static void serve(size_t count, enum manner manner, pmix_status_t status, long expected) {
    char of_sessions[20], of_blocks[20];
    bool has_sessions = count > 28 && manner != ABSENT, has_blocks = count > 29 && manner != ABSENT;
    bool answers = has_sessions && expected == 0 && manner != DONE;
    snprintf(of_sessions, sizeof of_sessions, "%ld", has_sessions ? expected : PMIX_ERR_NOT_SUPPORTED);
    snprintf(of_blocks, sizeof of_blocks, "%ld", has_blocks ? expected : PMIX_ERR_NOT_SUPPORTED);
    const char *variables[] = {"TEST_SESSIONS", of_sessions, "TEST_BLOCKS", of_blocks, "TEST_ANSWERS",
        answers ? "1" : "0", count == 32 && has_blocks ? "TEST_LOGS" : NULL, of_blocks, NULL};
    if (!start(count, manner, status)) return;
    int client = host_launch_with("testns", 0, "asker", variables);
    ok(host_hear(client, "sessions"), "SESSION-1 a rank asks for a session");
    is_int(sessions, has_sessions ? 2 : 0, "SESSION-1 the host is asked if it can");
    if (has_sessions) is_str(last, "session testns:0 77 -", "SESSION-1 by whom, for which");
    host_tell(client, "on");
    ok(host_hear(client, "blocks"), "BLOCK-1 and for a block");
    is_int(blocks, has_blocks ? 2 : 0, "BLOCK-1 the host is asked if it can");
    if (has_blocks) is_str(last, "block testns:0 4 blk 0/0/0 -", "BLOCK-1 by whom, for which");
    host_tell(client, "on");
    host_report();
    is_int(logs, count == 32 && has_blocks ? 1 : 0, "LOG-8 log2 is preferred where there is one");
    if (has_blocks && expected == 0) {
        is_int(block(NULL), PMIX_SUCCESS, "BLOCK-1 the host's own process may ask");
        ok(strstr(last, " 1 blk 2/4/3 some.directive"), "BLOCK-1 with all that was said");
        is_int(session(NULL), PMIX_OPERATION_SUCCEEDED, "SESSION-1 so may it for sessions");
    }
    host_stop();
}

static void silent(void) { serve(0, LATER, PMIX_SUCCESS, 0); }
static void five(void) { serve(29, LATER, PMIX_SUCCESS, 0); }
static void six(void) { serve(30, INLINE, PMIX_SUCCESS, 0); }
static void six_one(void) { serve(32, LATER, PMIX_SUCCESS, 0); }
static void at_once(void) { serve(32, INLINE, PMIX_SUCCESS, 0); }
static void done_already(void) { serve(32, DONE, PMIX_SUCCESS, 0); }
static void refused(void) { serve(32, REFUSED, PMIX_ERR_NO_PERMISSIONS, PMIX_ERR_NO_PERMISSIONS); }
static void failed(void) { serve(32, LATER, PMIX_ERR_NO_PERMISSIONS, PMIX_ERR_NO_PERMISSIONS); }
static void absent(void) { serve(32, ABSENT, PMIX_SUCCESS, 0); }

static void three(void) {
    if (!start(25, LATER, PMIX_SUCCESS)) return;
    host_launch("testns", 0, "fabric_user");
    host_report();
    host_stop();
}

static void senseless(void) {
    pmix_server_module_t module;
    pmix_info_t info;
    size_t none = 0;
    memset(&module, 0, sizeof module);
    PMIX_INFO_LOAD(&info, MUSTER_SERVER_MODULE_SLOTS, &none, PMIX_SIZE);
    is_int(PMIx_server_init(&module, &info, 1), PMIX_ERR_BAD_PARAM, "SLOTS-3 a module of no members: BAD_PARAM");
    PMIX_INFO_LOAD(&info, MUSTER_SERVER_MODULE_SLOTS, "many", PMIX_STRING);
    is_int(PMIx_server_init(&module, &info, 1), PMIX_ERR_BAD_PARAM, "SLOTS-3 a number that is none: BAD_PARAM");
    PMIX_INFO_DESTRUCT(&info);
    is_int(PMIx_Session_control(1, NULL, 0, NULL, NULL), PMIX_ERR_INIT, "SESSION-1 before init: ERR_INIT");
    is_int(PMIx_Resource_block(1, "x", NULL, 0, NULL, 0), PMIX_ERR_INIT, "BLOCK-1 before init: ERR_INIT");
    is_int(PMIx_Resource_block_nb(1, "x", NULL, 0, NULL, 0, NULL, NULL), PMIX_ERR_INIT, "BLOCK-1 the same without waiting");
}

static void meet_tool(enum manner manner, pmix_status_t status, const char *expected) {
    const char *variables[] = {"TEST_TOOL", expected, NULL};
    if (!start(32, manner, status)) return;
    host_launch_with("testns", 0, "tool", variables);
    host_report();
    is_int(tools, 1, "SLOTS-4 tool_connected2 is asked");
    host_stop();
}

static void tool_welcome(void) { meet_tool(LATER, PMIX_SUCCESS, "0"); }
static void tool_refused(void) { meet_tool(REFUSED, PMIX_ERR_NO_PERMISSIONS, "-25"); }

int main(int argc, char **argv) {
    static const struct role roles[] = {{"asker", asker}, {"fabric_user", fabric_user}, {"tool", tool}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("SLOTS-1 a host that says nothing", silent);
    scenario("SLOTS-1 a host of release 5", five);
    scenario("SLOTS-1 a host of release 6.0", six);
    scenario("SLOTS-1 a host of release 6.1", six_one);
    scenario("at once", at_once);
    scenario("already done", done_already);
    scenario("refused", refused);
    scenario("failed", failed);
    scenario("nothing in the later members", absent);
    scenario("SLOTS-2 a host of release 3", three);
    scenario("SLOTS-3 a senseless number", senseless);
    scenario("SLOTS-4 a tool", tool_welcome);
    scenario("SLOTS-4 a tool that is refused", tool_refused);
    return done_testing();
}
