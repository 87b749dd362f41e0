// compare: reference
// Handles: opening and what is said when that fails, clones, options, flags, aux, tags, putting back, readiness,
// counters, two ends in one process, and a connector of the program's own.
#include "tap.h"

#include "peer.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/un.h>

#define fails(call, code, ...) \
    do { \
        errno = 0; \
        bool failed = (call); \
        int found = errno; \
        ok(failed && found == (code), __VA_ARGS__); \
        if (failed && found != (code)) diag("errno %d, not %d", found, (code)); \
    } while (0)

static void refused(const char *uri, int flags, int code, const char *part) {
    flux_error_t error;
    memset(&error, 'x', sizeof error);
    errno = 0;
    flux_t *h = flux_open_ex(uri, flags, &error);
    int found = errno;
    ok(!h && found == code, "opening %s fails", uri ? uri : "nothing");
    if (found != code) diag("errno %d, not %d", found, code);
    ok(strstr(error.text, part) != NULL, "saying %s", part);
    if (!strstr(error.text, part)) diag("%s", error.text);
    flux_close(h);
}

static void opening(void) {
    setenv("FLUX_LOCAL_CONNECTOR_RETRY_COUNT", "0", 1);
    refused("loop://", 1 << 20, EINVAL, "invalid flags");
    refused("nosuch://x", 0, ENOENT, "Unable to find connector name 'nosuch'");
    refused("local:///tmp/no/such/socket", 0, ENOENT, "broker socket /tmp/no/such/socket was not found");
    refused("fd://", 0, EINVAL, "URI path is not set");
    refused("fd://x", 0, EINVAL, "error parsing file descriptor");
    refused("fd://9999", 0, EBADF, strerror(EBADF));
    setenv("FLUX_URI", "loop://", 1);
    refused("/x", 0, EINVAL, "invalid URI");
    refused("./x", 0, EINVAL, "invalid URI path element 'x'");
    flux_t *h = flux_open(NULL, 0);
    ok(h != NULL, "the environment says where the broker is");
    flux_close(h);
    setenv("FLUX_LOCAL_CONNECTOR_RETRY_COUNT", "many", 1);
    fails(!flux_open("local:///tmp/x", 0), EINVAL, "how often to try again must be a number");
    setenv("FLUX_LOCAL_CONNECTOR_RETRY_COUNT", "0", 1);

    struct peer peer;
    char uri[32];
    for (int word = 0; word < 2; word++) {
        peer_init(&peer);
        peer_write(&peer, word ? "\1" : "", word ? 1 : 0);
        if (!word) shutdown(peer.fd, SHUT_WR);
        snprintf(uri, sizeof uri, "fd://%d", peer.client_fd);
        fails(!flux_open(uri, 0), word ? EPERM : ECONNRESET,
            word ? "the other side says why we are not welcome" : "the other side goes away instead of a word");
        close(peer.fd);
        close(peer.client_fd);
    }
}

// A socket that appears after the first attempt.
static void *late(void *arg) {
    struct sockaddr_un *address = arg;
    usleep(60000);
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *) address, sizeof *address) < 0 || listen(listener, 1) < 0) exit(2);
    int fd = accept(listener, NULL, NULL);
    if (write(fd, "", 1) != 1) exit(2);
    char byte;
    while (read(fd, &byte, 1) > 0) continue;
    close(fd);
    close(listener);
    return NULL;
}

static void retrying(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char uri[160];
    pthread_t thread;
    unsetenv("FLUX_LOCAL_CONNECTOR_RETRY_COUNT");
    snprintf(address.sun_path, sizeof address.sun_path, "/tmp/muster-flux-%d", getpid());
    snprintf(uri, sizeof uri, "local://%s", address.sun_path);
    pthread_create(&thread, NULL, late, &address);
    flux_t *h = flux_open(uri, 0);
    ok(h != NULL, "a broker that is still starting is waited for");
    uint32_t user = 7;
    ok(flux_opt_set(h, FLUX_OPT_TESTING_USERID, &user, sizeof user) == 0, "what tests say of the sender is taken");
    fails(flux_opt_set(h, FLUX_OPT_TESTING_USERID, &user, 1) < 0, EINVAL, "not in another size");
    fails(flux_opt_set(h, "nosuch", &user, sizeof user) < 0, EINVAL, "nor another option");
    fails(flux_opt_get(h, "nosuch", &user, sizeof user) < 0, EINVAL, "which cannot be asked for");
    flux_close(h);
    pthread_join(thread, NULL);
    unlink(address.sun_path);
    setenv("FLUX_LOCAL_CONNECTOR_RETRY_COUNT", "0", 1);
}

static int freed;

static void count_free(void *arg) {
    (void) arg;
    freed++;
}

static void properties(void) {
    flux_t *h = flux_open("loop://", FLUX_O_MATCHDEBUG);
    char value[] = "x";
    ok(flux_flags_get(h) == FLUX_O_MATCHDEBUG, "flags are as it was opened");
    flux_flags_set(h, FLUX_O_NONBLOCK | FLUX_O_RPCTRACK);
    ok(flux_flags_get(h) == (FLUX_O_MATCHDEBUG | FLUX_O_NONBLOCK), "some may be set later, tracking not");
    flux_flags_unset(h, FLUX_O_NONBLOCK | FLUX_O_MATCHDEBUG);
    is_int(flux_flags_get(h), 0, "all may be unset");
    ok(flux_aux_set(h, "a", value, count_free) == 0 && flux_aux_get(h, "a") == value, "aux is found by its name");
    fails(!flux_aux_get(h, "b"), ENOENT, "another is not");
    flux_t *clone = flux_clone(h);
    ok(clone && flux_flags_get(clone) == FLUX_O_CLONE, "a clone says that it is one");
    ok(flux_aux_get(clone, "a") == NULL, "its aux is its own");
    ok(flux_get_reactor(clone) != flux_get_reactor(h), "so is its reactor");
    flux_reactor_t *r = flux_reactor_create(0);
    fails(flux_set_reactor(h, r) < 0, EEXIST, "a second reactor is refused");
    flux_reactor_destroy(r);
    flux_close(h);
    is_int(freed, 0, "a handle lives as long as its clone");
    uint32_t tag = flux_matchtag_alloc(clone);
    is_int(tag, 1, "and the clone on its connection");
    flux_matchtag_free(clone, tag);
    flux_close(clone);
    is_int(freed, 1, "then its aux is freed");
    fails(!flux_clone(NULL), EINVAL, "nothing cannot be cloned");
    ok(flux_incref(NULL) == NULL, "nor used once more");
}

static void tags(void) {
    flux_t *h = flux_open("loop://", 0);
    is_int(flux_matchtag_avail(h), 1023, "a handle has 1023 tags");
    int wrong = 0;
    uint32_t got[1100];
    for (int i = 0; i < 1100; i++) {
        got[i] = flux_matchtag_alloc(h);
        // One goes to the log message about more tags, while it is on its way.
        if (i < 1023 && got[i] != (uint32_t) i + 1) wrong++;
    }
    is_int(wrong, 0, "the lowest comes first");
    is_int(flux_matchtag_avail(h), 947, "then there are twice as many");
    flux_matchtag_free(h, got[17]);
    is_int(flux_matchtag_alloc(h), got[17], "one that was given back is the next");
    for (int i = 0; i < 1100; i++) flux_matchtag_free(h, got[i]);
    is_int(flux_matchtag_avail(h), 2047, "all can be given back");
    flux_matchtag_free(h, 0);
    is_int(flux_matchtag_avail(h), 2047, "none is no tag");
    flux_close(h);
    fails(flux_matchtag_alloc(NULL) == 0, EINVAL, "nor is there one for nothing");
}

static int readable(int fd) {
    struct pollfd entry = {.fd = fd, .events = POLLIN};
    return poll(&entry, 1, 0);
}

static flux_msg_t *request(const char *topic) {
    flux_msg_t *msg = flux_request_encode(topic, NULL);
    if (!msg) bail("no request");
    return msg;
}

static void expect(flux_t *h, const char *topic, const char *what) {
    struct flux_match any = FLUX_MATCH_ANY;
    flux_msg_t *msg = flux_recv(h, any, FLUX_O_NONBLOCK);
    const char *found = NULL;
    if (msg) flux_msg_get_topic(msg, &found);
    is_str(found, topic, "%s", what);
    flux_msg_destroy(msg);
}

static void queueing(void) {
    flux_t *h = flux_open("loop://", 0);
    flux_msg_t *a = request("a"), *b = request("b"), *c = request("c");
    int fd = flux_pollfd(h);
    ok(fd >= 0 && (flux_pollevents(h) & FLUX_POLLIN) == 0, "nothing is there at first");
    is_int(readable(fd), 0, "so the descriptor is quiet");
    ok(flux_send(h, a, 0) == 0, "something is sent");
    is_int(readable(fd), 1, "the descriptor says so");
    ok(flux_pollevents(h) & FLUX_POLLIN, "the events say what");
    is_int(readable(fd), 0, "which quiets the descriptor");
    expect(h, "a", "it is received");
    ok((flux_pollevents(h) & FLUX_POLLIN) == 0, "then nothing is left");
    ok(flux_requeue(h, a, FLUX_RQ_TAIL) == 0 && flux_requeue(h, b, FLUX_RQ_TAIL) == 0
        && flux_requeue(h, c, FLUX_RQ_HEAD) == 0, "messages are put back");
    is_int(readable(fd), 1, "the descriptor says so too");
    ok(flux_pollevents(h) & FLUX_POLLIN, "and the events");
    expect(h, "c", "one at the head comes first");
    struct flux_match match = FLUX_MATCH_REQUEST;
    match.topic_glob = "b";
    flux_msg_t *msg = flux_recv(h, match, 0);
    ok(msg != NULL, "one that matches is found behind others");
    flux_msg_destroy(msg);
    expect(h, "a", "which stay");
    struct flux_match any = FLUX_MATCH_ANY;
    fails(!flux_recv(h, any, FLUX_O_NONBLOCK), EWOULDBLOCK, "at last nothing is there");
    fails(flux_requeue(h, a, 0) < 0, EINVAL, "there is no third place");
    fails(flux_requeue(h, NULL, FLUX_RQ_HEAD) < 0, EINVAL, "nothing cannot be put back");
    fails(flux_send(h, NULL, 0) < 0, EINVAL, "nor sent");
    fails(flux_send(NULL, a, 0) < 0, EINVAL, "nor to nobody");
    fails(flux_send(h, a, 0x1000) < 0, EINVAL, "nor in an unknown way");
    fails(!flux_recv(NULL, any, 0), EINVAL, "nobody has nothing");
    flux_msgcounters_t counters;
    flux_get_msgcounters(h, &counters);
    ok(counters.request_tx == 1 && counters.request_rx == 4 && counters.event_tx == 0, "messages are counted");
    flux_clr_msgcounters(h);
    flux_get_msgcounters(h, &counters);
    ok(counters.request_tx == 0 && counters.request_rx == 0, "until they are not");
    flux_msg_incref(b);
    fails(flux_send_new(h, &b, 0) < 0, EINVAL, "a message that others use cannot be given away");
    flux_msg_decref(b);
    ok(flux_send_new(h, &b, 0) == 0 && b == NULL, "another can");
    flux_msg_destroy(a);
    flux_msg_destroy(c);
    flux_close(h);
    h = flux_open("loop://", FLUX_O_NOREQUEUE);
    a = request("a");
    fails(flux_requeue(h, a, FLUX_RQ_HEAD) < 0, EINVAL, "a handle without that place refuses");
    ok(flux_send(h, a, 0) == 0 && flux_pollevents(h) & FLUX_POLLIN, "but else is one");
    flux_msg_destroy(a);
    flux_close(h);
}

static void pair(void) {
    flux_error_t error;
    flux_t *one = flux_open("interthread://pair", 0), *other = flux_open("interthread://pair", 0);
    ok(one && other, "two ends find each other by name");
    fails(!flux_open_ex("interthread://pair", 0, &error), EADDRINUSE, "a third is refused");
    ok(strstr(error.text, "pair is already paired") != NULL, "by name");
    ok(flux_opt_set(one, FLUX_OPT_ROUTER_NAME, "one", 4) == 0, "an end may name itself in the routes");
    flux_msg_t *msg = request("t.x");
    ok(flux_send(one, msg, 0) == 0, "it sends");
    flux_msg_destroy(msg);
    size_t count = 0;
    ok(flux_opt_get(one, FLUX_OPT_SEND_QUEUE_COUNT, &count, sizeof count) == 0 && count == 1, "one is on its way");
    struct flux_match any = FLUX_MATCH_ANY;
    msg = flux_recv(other, any, 0);
    const char *hop = msg ? flux_msg_route_last(msg) : NULL;
    is_str(hop, "one", "it says where it came from");
    uint32_t roles = 0, user = 0;
    ok(msg && flux_msg_get_rolemask(msg, &roles) == 0 && roles == (FLUX_ROLE_OWNER | FLUX_ROLE_LOCAL)
        && flux_msg_get_userid(msg, &user) == 0 && user == getuid(), "and from whom");
    flux_msg_t *response = flux_response_derive(msg, 0);
    ok(response && flux_send(other, response, 0) == 0, "it is answered");
    flux_msg_destroy(response);
    flux_msg_destroy(msg);
    flux_close(other);
    msg = flux_recv(one, any, 0);
    ok(msg && flux_msg_route_count(msg) == 0, "the answer finds its way, even when the other end has gone");
    flux_msg_destroy(msg);
    flux_close(one);
}

// A connector of the program's: what is sent is kept for receiving.
struct own {
    flux_msg_t *kept;
    int closed, reconnects, told;
};

static int own_send(void *impl, const flux_msg_t *msg, int flags) {
    struct own *own = impl;
    (void) flags;
    if (own->kept) {
        errno = EPIPE;
        return -1;
    }
    own->kept = flux_msg_copy(msg, true);
    return 0;
}

static flux_msg_t *own_recv(void *impl, int flags) {
    struct own *own = impl;
    flux_msg_t *msg = own->kept;
    (void) flags;
    own->kept = NULL;
    if (!msg) errno = EWOULDBLOCK;
    return msg;
}

static int own_set(void *impl, const char *option, const void *val, size_t len) {
    (void) impl;
    (void) val;
    if (strcmp(option, "own::size") == 0 && len == 4) return 0;
    errno = EINVAL;
    return -1;
}

static int own_reconnect(void *impl) {
    struct own *own = impl;
    own->reconnects++;
    return 0;
}

static void own_close(void *impl) {
    struct own *own = impl;
    own->closed++;
}

static int on_error(flux_t *h, void *arg) {
    struct own *own = arg;
    (void) h;
    own->told = errno;
    flux_msg_destroy(own->kept);
    own->kept = NULL;
    return 0;
}

static void connectors(void) {
    struct own own = {0};
    struct flux_handle_ops ops = {
        .send = own_send, .recv = own_recv, .setopt = own_set, .reconnect = own_reconnect, .impl_destroy = own_close};
    struct flux_handle_ops none = {0};
    flux_t *h = flux_handle_create(&own, &ops, 0);
    flux_msg_t *msg = request("own.x");
    struct flux_match any = FLUX_MATCH_ANY;
    ok(h && flux_send(h, msg, 0) == 0 && own.kept, "a program's own connector sends");
    fails(flux_send(h, msg, 0) < 0, EPIPE, "or says why not");
    flux_comms_error_set(h, on_error, &own);
    ok(flux_send(h, msg, 0) == 0 && own.told == EPIPE, "who is told of it may set it right");
    flux_msg_t *got = flux_recv(h, any, 0);
    const char *topic = NULL;
    ok(got && flux_msg_get_topic(got, &topic) == 0 && strcmp(topic, "own.x") == 0, "it receives");
    flux_msg_destroy(got);
    fails(!flux_recv(h, any, FLUX_O_NONBLOCK), EWOULDBLOCK, "or not");
    int size = 1;
    ok(flux_opt_set(h, "own::size", &size, sizeof size) == 0, "it has options");
    fails(flux_opt_set(h, "own::other", &size, sizeof size) < 0, EINVAL, "of its own");
    ok(flux_pollfd(h) >= 0 && flux_reconnect(h) == 0 && own.reconnects == 1, "it makes a new connection");
    flux_close(h);
    is_int(own.closed, 1, "it is closed with the handle");
    h = flux_handle_create(&own, &none, 0);
    fails(flux_send(h, msg, 0) < 0, ENOSYS, "one that cannot send says so");
    fails(!flux_rpc(h, "x", NULL, 0, 0), ENOSYS, "RPC-8 also to calls");
    fails(!flux_recv(h, any, 0), ENOSYS, "one that cannot receive too");
    fails(flux_reconnect(h) < 0, ENOSYS, "or not connect anew");
    flux_handle_destroy(h);
    flux_msg_destroy(msg);
}

int main(void) {
    opening();
    retrying();
    properties();
    tags();
    queueing();
    pair();
    connectors();
    return done_testing();
}
