// Two nodes: two hosts, each with its own server and ranks, joined by a relay that carries what hosts carry: the blobs
// of a fence and direct modex. The second may use another library (TEST_SECOND_LIBDIR).
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"

#include <fcntl.h>

#include "relay.h"

// ---- ranks

static void put(pmix_scope_t scope, const char *prefix, const char *text) {
    char key[32];
    pmix_value_t value;
    snprintf(key, sizeof key, "%s.%u", prefix, me.rank);
    PMIX_VALUE_LOAD(&value, text, PMIX_STRING);
    check_int(PMIx_Put(scope, key, &value), PMIX_SUCCESS, "puts %s", prefix);
    PMIX_VALUE_DESTRUCT(&value);
}

static pmix_status_t get(uint32_t rank, const char *prefix, bool immediate, char *text, size_t size) {
    char key[32];
    pmix_value_t *value = NULL;
    pmix_proc_t proc = me;
    pmix_info_t info;
    proc.rank = rank;
    snprintf(key, sizeof key, "%s.%u", prefix, rank);
    PMIX_INFO_LOAD(&info, PMIX_IMMEDIATE, &immediate, PMIX_BOOL);
    pmix_status_t rc = PMIx_Get(&proc, key, &info, 1, &value);
    if (rc != PMIX_SUCCESS) return rc;
    snprintf(text, size, "%s", value->type == PMIX_STRING ? value->data.string : "no string");
    PMIX_VALUE_RELEASE(value);
    return rc;
}

static void expect(uint32_t rank, const char *prefix, const char *expected, const char *what) {
    char text[64] = "";
    if (check_int(get(rank, prefix, false, text, sizeof text), PMIX_SUCCESS, "%s", what))
        check(strcmp(text, expected) == 0, "%s: the value", what);
}

static pmix_status_t fence(bool collect) {
    pmix_info_t info;
    PMIX_INFO_LOAD(&info, PMIX_COLLECT_DATA, &collect, PMIX_BOOL);
    return PMIx_Fence(NULL, 0, &info, 1);
}

static void rank(void) {
    char text[64], mine[64];
    client_start();
    snprintf(mine, sizeof mine, "from %u", me.rank);
    uint32_t near = me.rank ^ 1, far = me.rank ^ 2;
    put(PMIX_GLOBAL, "global", mine);
    put(PMIX_REMOTE, "remote", mine);
    put(PMIX_LOCAL, "local", mine);
    check_int(PMIx_Commit(), PMIX_SUCCESS, "commits");
    check_int(fence(true), PMIX_SUCCESS, "FENCE-10 a collecting fence over two nodes");
    snprintf(mine, sizeof mine, "from %u", near);
    expect(near, "global", mine, "the neighbour's global key");
    expect(near, "local", mine, "the neighbour's local key");
    snprintf(mine, sizeof mine, "from %u", far);
    expect(far, "global", mine, "FENCE-10 the other node's global key");
    expect(far, "remote", mine, "FENCE-10 the other node's remote key");
    check_int(get(far, "local", true, text, sizeof text), PMIX_ERR_NOT_FOUND, "GET-6 not the other node's local key");
    snprintf(mine, sizeof mine, "later from %u", me.rank);
    put(PMIX_GLOBAL, "later", mine);
    check_int(PMIx_Commit(), PMIX_SUCCESS, "commits again");
    check_int(fence(false), PMIX_SUCCESS, "a fence without data over two nodes");
    snprintf(mine, sizeof mine, "later from %u", far);
    expect(far, "later", mine, "GET-7 a key put since then, by direct modex");
    check_int(fence(false), PMIX_SUCCESS, "a last fence");
    client_stop();
}

static void eager(void) {  // nobody has fenced: everything comes by direct modex, some of it before it is committed
    char mine[64];
    client_start();
    uint32_t far = me.rank ^ 2;
    snprintf(mine, sizeof mine, "from %u", me.rank);
    if (me.rank >= 2) client_hear("commit");
    put(PMIX_GLOBAL, "global", mine);
    check_int(PMIx_Commit(), PMIX_SUCCESS, "commits");
    client_say("committed");
    snprintf(mine, sizeof mine, "from %u", far);
    expect(far, "global", mine, "GET-7 a key of the other node without a fence");
    check_int(fence(false), PMIX_SUCCESS, "a last fence");
    client_stop();
}

// ---- hosts

static bool be_node(uint32_t first, int relay) {
    struct host_config config = {.local = 2, .remote = 2, .first = first};
    if (!ok(host_start(&config), "node %u: the host starts", first / 2)) return false;
    return ok(relay_start(relay), "node %u: the relay runs", first / 2);
}

static void launch_two(uint32_t first, const char *role, int *clients) {
    clients[0] = host_launch("testns", first, role);
    clients[1] = host_launch("testns", first + 1, role);
}

static void end_node(uint32_t first, int fences) {
    host_report();
    is_int(host_saw(UP_FENCE), fences, "node %u: the host saw each fence once", first / 2);
    relay_stop();
    host_stop();
    is_int(host_leftovers(), 0, "node %u: no file is left", first / 2);
}

// The second node is a process of its own executable image, so that it may load another library.
static pid_t start_second(const char *what, int relay) {
    pid_t child = fork();
    if (child != 0) return child;
    char number[16];
    snprintf(number, sizeof number, "%d", relay);
    fcntl(relay, F_SETFD, 0);
    setenv("TEST_RELAY", number, 1);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getenv("TEST_SECOND_LIBDIR")) setenv("LD_LIBRARY_PATH", getenv("TEST_SECOND_LIBDIR"), 1);
    execl("/proc/self/exe", "twohosts", "--second", what, (char *) NULL);
    _exit(127);
}

static int second_node(const char *role) {
    int clients[2];
    setvbuf(stdout, NULL, _IOLBF, 0);
    alarm(3 * host_seconds());
    if (!be_node(2, atoi(getenv("TEST_RELAY")))) return 1;
    launch_two(2, role, clients);
    if (strcmp(role, "eager") == 0) {
        ok(relay_await_request(), "node 1: a request for data comes before there are any");
        host_tell(clients[0], "commit"), host_tell(clients[1], "commit");
    }
    end_node(2, strcmp(role, "eager") == 0 ? 1 : 3);
    return tap_failed != 0;
}

static void both(const char *role, int fences) {
    int ends[2], clients[2], status = -1;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return;
    pid_t second = start_second(role, ends[1]);
    close(ends[1]);
    if (!be_node(0, ends[0])) return;
    launch_two(0, role, clients);
    end_node(0, fences);
    ok(waitpid(second, &status, 0) == second && status == 0, "the second node ended well");
}

static void collected(void) { both("rank", 3); }
static void direct(void) { both("eager", 1); }

int main(int argc, char **argv) {
    static const struct role roles[] = {{"rank", rank}, {"eager", eager}, {NULL, NULL}};
    client_main(argc, argv, roles);
    if (argc == 3 && strcmp(argv[1], "--second") == 0) return second_node(argv[2]);
    scenario("a collecting fence over two nodes", collected);
    scenario("direct modex between two nodes", direct);
    return done_testing();
}
