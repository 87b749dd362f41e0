// A broker that sends what it should not, or goes: every call ends with an error, none with a crash, a signal or not
// at all.
#include "tap.h"

#include "peer.h"

#include <signal.h>

static const uint8_t *reply;
static size_t reply_size;
static int close_after;

static void serve(struct peer *peer, const struct frame *request) {
    if (!reply) {
        peer_answer(peer, request, 0, "{\"a\":1}");
    } else {
        peer_write(peer, reply, reply_size);
    }
    if (close_after) shutdown(peer->fd, SHUT_RDWR);
}

static int attempt(const void *bytes, size_t size, int is_closed) {
    struct peer peer;
    const char *s;
    reply = bytes;
    reply_size = size;
    close_after = is_closed;
    flux_t *h = peer_open(&peer, serve, NULL);
    if (!h) bail("no handle");
    flux_future_t *f = flux_rpc(h, "x.y", NULL, FLUX_NODEID_ANY, 0);
    errno = 0;
    int found = f && flux_rpc_get(f, &s) == 0 ? 0 : errno;
    flux_future_destroy(f);
    flux_close(h);
    peer_join(&peer);
    return found;
}

static void frames(void) {
    static const uint8_t bad_mark[] = "\x13\0\xee\xff\0\0\0\x18";
    static const uint8_t huge[] = "\x12\0\xee\xff\xff\xff\xff\xff";
    static const uint8_t empty[] = "\x12\0\xee\xff\0\0\0\0";
    static const uint8_t bad_part[] = "\x12\0\xee\xff\0\0\0\4\xff\xff\xff\xff";
    static const uint8_t bad_proto[] = "\x12\0\xee\xff\0\0\0\x15\x14\x8f\1\2\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\1";
    static const uint8_t bad_type[] = "\x12\0\xee\xff\0\0\0\x15\x14\x8e\1\3\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\1";
    static const uint8_t bad_version[] = "\x12\0\xee\xff\0\0\0\x15\x14\x8e\2\2\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\1";
    static const uint8_t no_topic[] = "\x12\0\xee\xff\0\0\0\x15\x14\x8e\1\2\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\1";
    is_int(attempt(bad_mark, sizeof bad_mark - 1, 0), EPROTO, "a wrong mark");
    is_int(attempt(huge, sizeof huge - 1, 1), ECONNRESET, "a length that never comes");
    is_int(attempt(empty, sizeof empty - 1, 0), EPROTO, "a message of nothing");
    ok(attempt(bad_part, sizeof bad_part - 1, 0) != 0, "a part beyond the end");
    is_int(attempt(bad_proto, sizeof bad_proto - 1, 0), EPROTO, "a fixed part that is none");
    is_int(attempt(bad_type, sizeof bad_type - 1, 0), EPROTO, "an unknown type");
    is_int(attempt(bad_version, sizeof bad_version - 1, 0), EPROTO, "an unknown version");
    is_int(attempt(no_topic, sizeof no_topic - 1, 0), EPROTO, "a response without topic");
    is_int(attempt(no_topic, 12, 1), ECONNRESET, "half a message");
    is_int(attempt("", 0, 1), ECONNRESET, "the end of the connection");
    is_int(attempt(NULL, 0, 1), 0, "an end behind the response comes after it");
}

static void texts(void) {
    static const char *bad[] = {"{\"a\":", "[1]", "17", "\"text\"", "{\"a\":1}x", "{\"a\":\"\xff\"}", "", "nul"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct frame f = {.type = 2, .flags = FLAG_TOPIC | FLAG_PAYLOAD | FLAG_ROUTE, .rolemask = 1, .word2 = 1};
        uint8_t bytes[256];
        int a;
        struct peer peer;
        strcpy(f.topic, "x.y");
        f.payload_size = strlen(bad[i]) + 1;
        memcpy(f.payload, bad[i], f.payload_size);
        reply = bytes;
        reply_size = frame_encode(&f, bytes);
        close_after = 0;
        flux_t *h = peer_open(&peer, serve, NULL);
        flux_future_t *future = flux_rpc(h, "x.y", NULL, FLUX_NODEID_ANY, 0);
        errno = 0;
        ok(flux_rpc_get_unpack(future, "{s:i}", "a", &a) < 0 && errno == EPROTO, "no JSON object: %s", bad[i]);
        flux_future_destroy(future);
        flux_close(h);
        peer_join(&peer);
    }
}

// As many brackets as fit: must not be followed down.
static void depth(void) {
    static uint8_t bytes[70000];
    static char text[60000];
    memset(text, '[', sizeof text - 1);
    memcpy(text, "{\"a\":", 5);
    uint8_t *at = bytes + 8;
    *at++ = 0;
    put_part(&at, "x.y", 3);
    put_part(&at, text, sizeof text);
    memcpy(at, "\x14\x8e\1\2\x0b\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\1", 21);
    at += 21;
    uint32_t mark = 0xffee0012, length = htonl((uint32_t) (at - bytes - 8));
    memcpy(bytes, &mark, 4);
    memcpy(bytes + 4, &length, 4);
    struct peer peer;
    int a;
    reply = bytes;
    reply_size = (size_t) (at - bytes);
    flux_t *h = peer_open(&peer, serve, NULL);
    flux_future_t *f = flux_rpc(h, "x.y", NULL, FLUX_NODEID_ANY, 0);
    errno = 0;
    ok(flux_rpc_get_unpack(f, "{s:i}", "a", &a) < 0 && errno == EPROTO, "brackets without end");
    flux_future_destroy(f);
    flux_close(h);
    peer_join(&peer);
}

static void drip(struct peer *peer, const struct frame *request) {
    struct frame f = *request;
    uint8_t bytes[512];
    f.type = 2;
    f.rolemask = 1;
    f.word1 = 0;
    size_t size = frame_encode(&f, bytes);
    for (size_t i = 0; i < size; i++) {
        peer_write(peer, bytes + i, 1);
        usleep(200);
    }
}

static void called(flux_future_t *f, void *arg) {
    (void) f;
    ++*(int *) arg;
}

static void vanishing(void) {
    struct peer peer;
    flux_t *h = peer_open(&peer, drip, NULL);
    flux_future_t *f = flux_rpc(h, "x.y", "slow", FLUX_NODEID_ANY, 0);
    const char *s = NULL;
    ok(flux_rpc_get(f, &s) == 0 && s && strcmp(s, "slow") == 0, "a slow broker is waited for, byte by byte");
    flux_future_destroy(f);
    shutdown(peer.fd, SHUT_RDWR);
    errno = 0;
    f = flux_rpc(h, "x.y", NULL, FLUX_NODEID_ANY, 0);
    ok(!f && errno == EPIPE, "to one that has gone nothing is sent");
    flux_future_destroy(f);
    flux_close(h);
    peer_join(&peer);

    reply = (const uint8_t *) "";
    reply_size = 0;
    close_after = 1;
    h = peer_open(&peer, serve, NULL);
    int count = 0;
    f = flux_rpc(h, "x.y", NULL, FLUX_NODEID_ANY, 0);
    ok(f && flux_future_then(f, -1., called, &count) == 0, "a continuation waits");
    errno = 0;
    ok(flux_reactor_run(flux_get_reactor(h), 0) < 0 && errno == ECONNRESET, "the loop ends with the connection");
    is_int(count, 0, "the continuation is not called");
    errno = 0;
    ok(flux_future_wait_for(f, 5.) < 0 && errno == ECONNRESET, "waiting for it ends too");
    ok(flux_pollevents(h) & FLUX_POLLERR, "the events say so");
    flux_future_destroy(f);
    flux_close(h);
    peer_join(&peer);
}

static void ignore(struct peer *peer, const struct frame *frame) {
    (void) peer;
    (void) frame;
}

static void exits(void) {
    struct peer peer;
    flux_t *h = peer_open(&peer, ignore, NULL);
    flux_future_destroy(flux_rpc(h, "x.y", "last words", FLUX_NODEID_ANY, FLUX_RPC_NORESPONSE));
    struct frame got = peer_got(&peer, 0);
    is_str((const char *) got.payload, "last words", "what wants no response has left when the call returns");
    flux_close(h);
    peer_join(&peer);
}

int main(void) {
    frames();
    texts();
    depth();
    vanishing();
    exits();
    return done_testing();
}
