// compare: reference
// Answers to requests, over a handle that hears itself; and the configuration that a handle keeps.
#include "tap.h"

#include <errno.h>
#include <flux/core.h>

#define fails(call, code, ...) \
    do { \
        errno = 0; \
        bool failed = (call); \
        int found = errno; \
        ok(failed && found == (code), __VA_ARGS__); \
        if (failed && found != (code)) diag("errno %d, not %d", found, (code)); \
    } while (0)

static flux_t *h;

// The next response, whose tag must be 7.
static flux_msg_t *answer(void) {
    flux_msg_t *msg = flux_recv(h, FLUX_MATCH_RESPONSE, FLUX_O_NONBLOCK);
    uint32_t tag = 0;
    ok(msg && flux_msg_get_matchtag(msg, &tag) == 0 && tag == 7, "there is an answer");
    return msg;
}

int main(void) {
    const char *topic = NULL, *text = NULL;
    const void *data = NULL;
    size_t size = 0;
    int number = 0;
    if (!(h = flux_open("loop://", 0))) bail("no handle");
    flux_msg_t *request = flux_request_encode("a.b", "question");
    flux_msg_set_matchtag(request, 7);
    is_int(flux_respond(h, request, "yes"), 0, "a text");
    flux_msg_t *msg = answer();
    ok(flux_response_decode(msg, &topic, &text) == 0 && !strcmp(topic, "a.b"), "with the topic");
    is_str(text, "yes", "and what it says");
    flux_msg_destroy(msg);
    is_int(flux_respond(h, request, NULL), 0, "nothing");
    msg = answer();
    ok(flux_response_decode(msg, NULL, &text) == 0 && !text, "is said");
    flux_msg_destroy(msg);
    is_int(flux_respond_pack(h, request, "{s:i}", "n", 5), 0, "an object");
    msg = answer();
    ok(flux_msg_unpack(msg, "{s:i}", "n", &number) == 0 && number == 5, "is taken apart");
    flux_msg_destroy(msg);
    is_int(flux_respond_raw(h, request, "abc", 3), 0, "bytes");
    msg = answer();
    ok(flux_response_decode_raw(msg, NULL, &data, &size) == 0 && size == 3 && !memcmp(data, "abc", 3), "arrive");
    flux_msg_destroy(msg);
    is_int(flux_respond_error(h, request, ENOENT, "nothing here"), 0, "RPC-15: an error");
    msg = answer();
    fails(flux_response_decode(msg, NULL, NULL) < 0, ENOENT, "is errno");
    ok(flux_response_decode_error(msg, &text) == 0 && !strcmp(text, "nothing here"), "and says why");
    flux_msg_destroy(msg);
    is_int(flux_respond_error(h, request, 0, NULL), 0, "an error that is none");
    msg = answer();
    fails(flux_response_decode(msg, NULL, NULL) < 0, EINVAL, "is EINVAL");
    flux_msg_destroy(msg);
    fails(flux_respond_pack(h, request, "[i]", 1) < 0, EINVAL, "an answer must be an object");
    fails(flux_respond(NULL, request, NULL) < 0, EINVAL, "no handle");
    fails(flux_respond(h, NULL, NULL) < 0, EINVAL, "no request");
    fails(flux_respond_pack(h, request, NULL) < 0, EINVAL, "no format");
    fails(flux_respond_pack(NULL, request, "{}") < 0, EINVAL, "no handle for an object");
    fails(flux_respond_raw(h, NULL, "a", 1) < 0, EINVAL, "no request for bytes");
    fails(flux_respond_error(NULL, NULL, 1, NULL) < 0, EINVAL, "nothing for an error");
    flux_msg_set_noresponse(request);
    ok(flux_respond(h, request, "x") == 0 && flux_respond_pack(h, request, "{}") == 0
            && flux_respond_raw(h, request, "x", 1) == 0 && flux_respond_error(h, request, 1, "x") == 0,
        "RPC-9: who wants no answer");
    ok(!flux_recv(h, FLUX_MATCH_ANY, FLUX_O_NONBLOCK), "gets none");
    flux_msg_destroy(request);

    const flux_conf_t *kept = flux_get_conf(h);
    ok(kept && flux_get_conf(h) == kept, "a handle keeps an empty configuration");
    flux_conf_t *conf = flux_conf_pack("{s:i}", "a", 1);
    ok(flux_set_conf_new(h, conf) == 0 && flux_get_conf(h) == conf, "or what it is given");
    ok(flux_set_conf_new(h, NULL) == 0 && flux_get_conf(h) != NULL, "or an empty one again");
#ifndef MUSTER_ORIGINAL
    fails(!flux_get_conf(NULL), EINVAL, "no handle has none");
    fails(flux_set_conf_new(NULL, NULL) < 0, EINVAL, "and gets none");
#endif
    flux_close(h);
    return done_testing();
}
