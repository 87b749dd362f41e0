// compare: reference
// Requests, responses and control messages made and taken apart, and lists of messages.
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

static void requests(void) {
    const char *topic = NULL, *text = "x";
    const void *data = "x";
    size_t size = 1;
    int number = 0;
    fails(!flux_request_encode(NULL, "x"), EINVAL, "a request needs a topic");
    fails(!flux_request_encode_raw(NULL, "x", 1), EINVAL, "also one of bytes");
    flux_msg_t *msg = flux_request_encode("a.b", NULL);
    ok(msg && flux_msg_has_flag(msg, FLUX_MSGFLAG_ROUTE) && !flux_msg_has_payload(msg), "a request keeps its hops");
    ok(flux_request_decode(msg, &topic, &text) == 0 && !strcmp(topic, "a.b") && text == NULL, "and says nothing");
    ok(flux_request_decode_raw(msg, NULL, &data, &size) == 0 && data == NULL && size == 0, "in no bytes");
    ok(flux_request_decode(msg, NULL, NULL) == 0, "nobody has to listen");
    fails(flux_request_unpack(msg, NULL, "{}") < 0, EPROTO, "there is no object");
    fails(flux_request_unpack(msg, NULL, NULL) < 0, EINVAL, "there is no format");
    fails(flux_request_decode_raw(msg, NULL, NULL, &size) < 0, EINVAL, "nowhere to put bytes");
    fails(flux_request_decode_raw(msg, NULL, &data, NULL) < 0, EINVAL, "nor their number");
    flux_msg_destroy(msg);
    msg = flux_request_encode("a.b", "{\"n\":3}");
    ok(flux_request_decode(msg, NULL, &text) == 0 && !strcmp(text, "{\"n\":3}"), "a text");
    topic = NULL;
    ok(flux_request_unpack(msg, &topic, "{s:i}", "n", &number) == 0 && number == 3, "an object");
    is_str(topic, "a.b", "and its topic");
    fails(flux_request_unpack(msg, &topic, "{s:s}", "n", &text) < 0, EPROTO, "of another kind");
    flux_msg_destroy(msg);
    msg = flux_request_encode_raw("a.b", "abc", 3);
    ok(flux_request_decode_raw(msg, &topic, &data, &size) == 0 && size == 3 && !memcmp(data, "abc", 3), "bytes");
    fails(flux_request_decode(msg, &topic, &text) < 0, EPROTO, "which are no text");
    flux_msg_destroy(msg);
    msg = flux_msg_create(FLUX_MSGTYPE_EVENT);
    fails(flux_request_decode(msg, &topic, &text) < 0, EPROTO, "an event is no request");
    fails(flux_response_decode(msg, &topic, &text) < 0, EPROTO, "and no response");
    flux_msg_set_type(msg, FLUX_MSGTYPE_REQUEST);
    fails(flux_request_decode(msg, &topic, &text) < 0, EPROTO, "no topic, no request");
    flux_msg_destroy(msg);
    fails(flux_request_decode(NULL, &topic, &text) < 0, EINVAL, "NULL");
    fails(flux_request_decode_raw(NULL, &topic, &data, &size) < 0, EINVAL, "NULL for bytes");
    fails(flux_request_unpack(NULL, &topic, "{}") < 0, EINVAL, "NULL for an object");
}

static void responses(void) {
    const char *topic = NULL, *text = NULL;
    const void *data = NULL;
    size_t size = 0;
    fails(!flux_response_encode(NULL, "x"), EINVAL, "a response needs a topic");
    fails(!flux_response_encode_raw(NULL, "x", 1), EINVAL, "also one of bytes");
    fails(!flux_response_encode_error(NULL, 1, "x"), EINVAL, "also an error");
    fails(!flux_response_encode_error("a", 0, "x"), EINVAL, "success is no error");
    flux_msg_t *msg = flux_response_encode("a.b", "hi");
    ok(flux_response_decode(msg, &topic, &text) == 0 && !strcmp(topic, "a.b") && !strcmp(text, "hi"), "a response");
    fails(flux_response_decode_error(msg, &text) < 0, ENOENT, "is no error");
    flux_msg_destroy(msg);
    msg = flux_response_encode_raw("a.b", "abc", 3);
    ok(flux_response_decode_raw(msg, &topic, &data, &size) == 0 && size == 3, "one of bytes");
    ok(flux_response_decode(msg, &topic, NULL) == 0, "nobody has to take a text");
    fails(flux_response_decode(msg, &topic, &text) < 0, EPROTO, "which it has not");
    ok(flux_response_decode_raw(msg, NULL, NULL, NULL) == 0, "nor bytes");
    flux_msg_destroy(msg);
    msg = flux_response_encode("a.b", NULL);
    data = "x";
    size = 1;
    ok(flux_response_decode_raw(msg, NULL, &data, &size) == 0 && !data && size == 0, "RPC-14: nothing is NULL and 0");
    flux_msg_destroy(msg);
    msg = flux_response_encode_error("a.b", ENOTBLK, "because");
    topic = text = NULL;
    fails(flux_response_decode(msg, &topic, &text) < 0, ENOTBLK, "RPC-15: an error is errno");
    ok(!topic && !text, "and nothing else");
    fails(flux_response_decode_raw(msg, &topic, &data, &size) < 0, ENOTBLK, "also in bytes");
    ok(flux_response_decode_error(msg, &text) == 0 && !strcmp(text, "because"), "it says why");
    fails(flux_response_decode_error(msg, NULL) < 0, EINVAL, "nowhere to put that");
    flux_msg_destroy(msg);
    msg = flux_response_encode_error("a.b", ENOTBLK, NULL);
    fails(flux_response_decode_error(msg, &text) < 0, ENOENT, "or does not");
    flux_msg_destroy(msg);
    fails(flux_response_decode(NULL, &topic, &text) < 0, EINVAL, "NULL");
    fails(flux_response_decode_raw(NULL, &topic, &data, &size) < 0, EINVAL, "NULL for bytes");
    fails(flux_response_decode_error(NULL, &text) < 0, EINVAL, "NULL for errors");
}

static void derive(void) {
    flux_msg_t *request = flux_request_encode("a.b", "text");
    flux_msg_set_matchtag(request, 12);
    flux_msg_set_userid(request, 3);
    flux_msg_route_push(request, "me");
    flux_msg_set_streaming(request);
    flux_msg_t *msg = flux_response_derive(request, 0);
    uint32_t tag = 0, userid = 0;
    const char *topic = NULL, *text = "x";
    ok(msg && flux_msg_get_matchtag(msg, &tag) == 0 && tag == 12, "RPC-23: the response has the tag");
    ok(flux_response_decode(msg, &topic, &text) == 0 && !strcmp(topic, "a.b") && !text, "the topic and nothing to say");
    is_str(flux_msg_route_first(msg), "me", "the hops");
    ok(flux_msg_get_userid(msg, &userid) == 0 && userid == FLUX_USERID_UNKNOWN, "is from nobody yet");
    ok(flux_msg_is_streaming(msg), "and one of many");
    flux_msg_destroy(msg);
    msg = flux_response_derive(request, ENODATA);
    fails(flux_response_decode(msg, NULL, NULL) < 0, ENODATA, "or an error");
    flux_msg_destroy(msg);
    flux_msg_set_noresponse(request);
    fails(!flux_response_derive(request, 0), EINVAL, "RPC-9: unless nobody wants one");
    flux_msg_destroy(request);
    fails(!flux_response_derive(NULL, 0), EINVAL, "NULL");
}

static void control(void) {
    flux_msg_t *msg = flux_control_encode(4, 5);
    int type = 0, status = 0;
    ok(flux_control_decode(msg, &type, &status) == 0 && type == 4 && status == 5, "a control message");
    ok(flux_control_decode(msg, NULL, NULL) == 0, "nobody has to take its numbers");
    flux_msg_destroy(msg);
    msg = flux_request_encode("a", NULL);
    fails(flux_control_decode(msg, &type, &status) < 0, EPROTO, "a request is none");
    flux_msg_destroy(msg);
    fails(flux_control_decode(NULL, &type, &status) < 0, EINVAL, "NULL");
}

static void list(void) {
    struct flux_msglist *l = flux_msglist_create();
    flux_msg_t *m[4];
    for (int i = 0; i < 4; i++) m[i] = flux_msg_create(FLUX_MSGTYPE_REQUEST);
    ok(l && flux_msglist_count(l) == 0 && !flux_msglist_first(l) && !flux_msglist_last(l), "an empty list");
    ok(flux_msglist_pop(l) == NULL, "nothing to take");
    flux_msglist_delete(l);
    ok(flux_msglist_append(l, m[1]) == 0 && flux_msglist_append(l, m[2]) == 0, "added at the end");
    ok(flux_msglist_push(l, m[0]) == 0 && flux_msglist_count(l) == 3, "and in front");
    ok(flux_msglist_first(l) == m[0] && flux_msglist_next(l) == m[1] && flux_msglist_next(l) == m[2], "in order");
    ok(flux_msglist_next(l) == NULL && flux_msglist_next(l) == m[0], "and over again");
    ok(flux_msglist_next(l) == m[1], "to the second");
    flux_msglist_delete(l);
    ok(flux_msglist_count(l) == 2 && flux_msglist_next(l) == m[2], "which is removed on the way");
    ok(flux_msglist_last(l) == m[2] && flux_msglist_pop(l) == m[2], "the last is taken");
    flux_msg_decref(m[2]);
    ok(flux_msglist_append(l, m[3]) == 0 && flux_msglist_pop(l) == m[0], "without a place the first is taken");
    flux_msg_decref(m[0]);
    is_int(flux_msglist_count(l), 1, "one is left");
    errno = 4711;
    flux_msglist_destroy(l);
    flux_msglist_destroy(NULL);
    is_int(errno, 4711, "destroying keeps errno");
    for (int i = 0; i < 4; i++) flux_msg_destroy(m[i]);
    is_int(flux_msglist_count(NULL), 0, "NULL has none");
#ifndef MUSTER_ORIGINAL
    fails(flux_msglist_append(NULL, NULL) < 0 && flux_msglist_push(NULL, NULL) < 0, EINVAL, "NULL gets none");
    fails(!flux_msglist_first(NULL) && !flux_msglist_pop(NULL), EINVAL, "and gives none");
#endif
}

int main(void) {
    requests();
    responses();
    derive();
    control();
    list();
    return done_testing();
}
