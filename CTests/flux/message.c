// compare: reference
// Messages: what they start with, what can be set on which type, bytes, hops, and NULL everywhere.
#include "tap.h"

#include <errno.h>
#include <flux/core.h>
#include <jansson.h>

#define fails(call, code, ...) \
    do { \
        errno = 0; \
        bool failed = (call); \
        int found = errno; \
        ok(failed && found == (code), __VA_ARGS__); \
        if (failed && found != (code)) diag("errno %d, not %d", found, (code)); \
    } while (0)

static flux_msg_t *make(int type) {
    flux_msg_t *msg = flux_msg_create(type);
    if (!msg) bail("no message of type %d", type);
    return msg;
}

static void create(void) {
    fails(!flux_msg_create(0), EINVAL, "no type is EINVAL");
    fails(!flux_msg_create(FLUX_MSGTYPE_ANY), EINVAL, "more than one type is EINVAL");
    fails(!flux_msg_create(0x100), EINVAL, "what is no type is EINVAL");
    flux_msg_t *msg = make(FLUX_MSGTYPE_REQUEST);
    int type = 0;
    uint32_t nodeid = 0, tag = 7, userid = 0, roles = 7;
    ok(flux_msg_get_type(msg, &type) == 0 && type == FLUX_MSGTYPE_REQUEST, "a request is one");
    ok(flux_msg_get_nodeid(msg, &nodeid) == 0 && nodeid == FLUX_NODEID_ANY, "to any node");
    ok(flux_msg_get_matchtag(msg, &tag) == 0 && tag == FLUX_MATCHTAG_NONE, "without a tag");
    ok(flux_msg_get_userid(msg, &userid) == 0 && userid == FLUX_USERID_UNKNOWN, "from nobody");
    ok(flux_msg_get_rolemask(msg, &roles) == 0 && roles == FLUX_ROLE_NONE, "with no role");
    ok(flux_msg_incref(msg) == msg, "one more use is the same message");
    flux_msg_decref(msg);
    ok(flux_msg_get_type(msg, NULL) == 0, "which is still there when that is given back");
    errno = 4711;
    flux_msg_destroy(msg);
    flux_msg_destroy(NULL);
    flux_msg_decref(NULL);
    is_int(errno, 4711, "destroying keeps errno");
    is_str(flux_msg_typestr(FLUX_MSGTYPE_REQUEST), "request", "name of a request");
    is_str(flux_msg_typestr(FLUX_MSGTYPE_RESPONSE), "response", "name of a response");
    is_str(flux_msg_typestr(FLUX_MSGTYPE_EVENT), "event", "name of an event");
    is_str(flux_msg_typestr(FLUX_MSGTYPE_CONTROL), "control", "name of a control message");
    is_str(flux_msg_typestr(0), "unknown", "name of nothing");
}

static void types(void) {
    flux_msg_t *msg = make(FLUX_MSGTYPE_REQUEST);
    int number = 0;
    uint32_t word = 0;
    ok(flux_msg_set_nodeid(msg, 42) == 0 && flux_msg_get_nodeid(msg, &word) == 0 && word == 42, "nodeid of a request");
    fails(flux_msg_set_nodeid(msg, FLUX_NODEID_UPSTREAM) < 0, EINVAL, "upstream is no nodeid of a message");
    ok(flux_msg_set_matchtag(msg, 9) == 0 && flux_msg_get_matchtag(msg, &word) == 0 && word == 9, "its tag");
    fails(flux_msg_set_errnum(msg, 1) < 0, EINVAL, "a request is no error");
    fails(flux_msg_get_errnum(msg, &number) < 0, EPROTO, "and says none");
    fails(flux_msg_set_seq(msg, 1) < 0, EINVAL, "a request has no number");
    fails(flux_msg_get_seq(msg, &word) < 0, EPROTO, "and says none");
    fails(flux_msg_set_control(msg, 1, 2) < 0, EINVAL, "a request has no status");
    fails(flux_msg_get_control(msg, &number, &number) < 0, EPROTO, "and says none");
    ok(flux_msg_set_type(msg, FLUX_MSGTYPE_RESPONSE) == 0, "a request becomes a response");
    ok(flux_msg_get_matchtag(msg, &word) == 0 && word == 9, "which keeps the tag");
    ok(flux_msg_get_errnum(msg, &number) == 0 && number == 0, "and is no error");
    ok(flux_msg_set_errnum(msg, ENOSYS) == 0, "then it is one");
    ok(flux_msg_get_errnum(msg, &number) == 0 && number == ENOSYS, "which one");
    fails(flux_msg_get_nodeid(msg, &word) < 0, EPROTO, "a response has no nodeid");
    fails(flux_msg_set_nodeid(msg, 1) < 0, EINVAL, "and gets none");
    fails(flux_msg_set_type(msg, 3) < 0, EINVAL, "two types at once are EINVAL");
    ok(flux_msg_set_type(msg, FLUX_MSGTYPE_EVENT) == 0, "it becomes an event");
    ok(flux_msg_set_seq(msg, 77) == 0 && flux_msg_get_seq(msg, &word) == 0 && word == 77, "with a number");
    fails(flux_msg_set_matchtag(msg, 1) < 0, EINVAL, "an event has no tag");
    fails(flux_msg_get_matchtag(msg, &word) < 0, EPROTO, "and says none");
    ok(flux_msg_set_type(msg, FLUX_MSGTYPE_CONTROL) == 0, "it becomes a control message");
    int status = 0;
    ok(flux_msg_set_control(msg, 3, -1) == 0 && flux_msg_get_control(msg, &number, &status) == 0 && number == 3
            && status == -1,
        "with two numbers");
    fails(flux_msg_set_topic(msg, "x") < 0, EINVAL, "but no topic");
    flux_msg_destroy(msg);
}

static void flags(void) {
    flux_msg_t *msg = make(FLUX_MSGTYPE_REQUEST);
    ok(!flux_msg_has_flag(msg, 0xff), "no flags at first");
    ok(flux_msg_set_flag(msg, FLUX_MSGFLAG_USER1) == 0 && flux_msg_has_flag(msg, FLUX_MSGFLAG_USER1), "a flag is set");
    ok(flux_msg_clear_flag(msg, FLUX_MSGFLAG_USER1) == 0, "and cleared");
    ok(!flux_msg_has_flag(msg, FLUX_MSGFLAG_USER1), "so that it is not set");
    fails(flux_msg_set_flag(msg, 0x100) < 0, EINVAL, "what is no flag is EINVAL");
    fails(flux_msg_set_flag(msg, -1) < 0, EINVAL, "so is every bit");
    fails(flux_msg_clear_flag(msg, 0x100) < 0, EINVAL, "also for clearing");
    fails(flux_msg_set_flag(msg, FLUX_MSGFLAG_NORESPONSE | FLUX_MSGFLAG_STREAMING) < 0, EINVAL,
        "no response and many exclude each other");
    ok(flux_msg_set_streaming(msg) == 0 && flux_msg_is_streaming(msg), "streaming");
    ok(flux_msg_set_noresponse(msg) == 0 && flux_msg_is_noresponse(msg) && !flux_msg_is_streaming(msg),
        "no response takes streaming away");
    ok(flux_msg_set_streaming(msg) == 0 && !flux_msg_is_noresponse(msg), "and the other way round");
    ok(!flux_msg_is_private(msg) && flux_msg_set_private(msg) == 0 && flux_msg_is_private(msg), "private");
    flux_msg_destroy(msg);
    ok(flux_msg_is_private(NULL) && flux_msg_is_streaming(NULL) && flux_msg_is_noresponse(NULL), "NULL is all of them");
    ok(!flux_msg_has_flag(NULL, 0xff), "but has no flag");
}

static void payload(void) {
    flux_msg_t *msg = make(FLUX_MSGTYPE_REQUEST);
    const void *data = msg;
    const char *text = "x", *topic = NULL;
    size_t size = 1;
    fails(flux_msg_get_payload(msg, &data, &size) < 0, EPROTO, "no payload at first");
    ok(!flux_msg_has_payload(msg), "which can be asked");
    ok(flux_msg_get_string(msg, &text) == 0 && text == NULL, "as text it is NULL");
    ok(flux_msg_set_payload(msg, NULL, 0) == 0 && !flux_msg_has_payload(msg), "taking none away is fine");
    ok(flux_msg_set_payload(msg, "abcd", 4) == 0 && flux_msg_has_payload(msg), "bytes");
    ok(flux_msg_get_payload(msg, &data, &size) == 0 && size == 4 && memcmp(data, "abcd", 4) == 0, "are got back");
    fails(flux_msg_get_string(msg, &text) < 0, EPROTO, "they are no text");
    fails(flux_msg_set_payload(msg, (const char *) data + 1, 2) < 0, EINVAL, "a part of the payload cannot replace it");
    ok(flux_msg_set_payload(msg, data, size) == 0, "all of it can");
    ok(flux_msg_set_string(msg, "hello") == 0 && flux_msg_get_string(msg, &text) == 0, "a text");
    is_str(text, "hello", "is got back");
    ok(flux_msg_get_payload(msg, NULL, &size) == 0 && size == 6, "with its NUL");
    ok(flux_msg_get_payload(msg, NULL, NULL) == 0 && flux_msg_get_string(msg, NULL) == 0, "nobody has to take it");
    ok(flux_msg_set_string(msg, "") == 0 && flux_msg_get_payload(msg, NULL, &size) == 0, "an empty text is a payload");
    ok(flux_msg_set_string(msg, NULL) == 0 && !flux_msg_has_payload(msg), "no text is none");
    fails(flux_msg_get_topic(msg, &topic) < 0, EPROTO, "no topic at first");
    ok(flux_msg_set_topic(msg, "a.b") == 0 && flux_msg_get_topic(msg, &topic) == 0, "a topic");
    is_str(topic, "a.b", "is got back");
    ok(flux_msg_set_topic(msg, "c") == 0 && flux_msg_get_topic(msg, &topic) == 0, "another");
    is_str(topic, "c", "replaces it");
    fails(flux_msg_get_topic(msg, NULL) < 0, EINVAL, "nowhere to put it is EINVAL");
    ok(flux_msg_set_topic(msg, NULL) == 0 && flux_msg_get_topic(msg, &topic) < 0, "and taken away");
    flux_msg_destroy(msg);
}

static void shorter(void) {
#ifdef MUSTER_ORIGINAL
    skip(1, "the original keeps the length of a longer payload before");
#else
    flux_msg_t *msg = make(FLUX_MSGTYPE_REQUEST);
    size_t size = 0;
    ok(flux_msg_set_payload(msg, "abcdef", 6) == 0 && flux_msg_set_payload(msg, "xy", 2) == 0
            && flux_msg_get_payload(msg, NULL, &size) == 0 && size == 2,
        "a shorter payload replaces a longer one");
    flux_msg_destroy(msg);
#endif
}

static void pack(void) {
    flux_msg_t *msg = make(FLUX_MSGTYPE_REQUEST);
    const char *text = NULL;
    int number = 0;
    fails(flux_msg_unpack(msg, "{}") < 0, EPROTO, "nothing to take apart");
    ok(strlen(flux_msg_last_error(msg)) > 0, "and why");
    ok(flux_msg_pack(msg, "{s:i s:s s:[b,n,f]}", "a", 42, "b", "text", "c", 1, 0.5) == 0, "an object");
    is_str(flux_msg_last_error(msg), "", "leaves no complaint");
    ok(flux_msg_get_string(msg, &text) == 0, "is a text");
    is_str(text, "{\"a\":42,\"b\":\"text\",\"c\":[true,null,0.5]}", "RPC-2: without spaces, in the order given");
    ok(flux_msg_unpack(msg, "{s:i s:s}", "a", &number, "b", &text) == 0 && number == 42, "RPC-13: taken apart");
    is_str(text, "text", "with its text");
    fails(flux_msg_unpack(msg, "{s:s}", "a", &text) < 0, EPROTO, "of another kind");
    ok(strlen(flux_msg_last_error(msg)) > 0, "and why");
    fails(flux_msg_unpack(msg, "{s:i}", "z", &number) < 0, EPROTO, "a member that is missing");
    number = 5;
    ok(flux_msg_unpack(msg, "{s?i}", "z", &number) == 0 && number == 5, "unless it may");
    fails(flux_msg_unpack(msg, "{s:i !}", "a", &number) < 0, EPROTO, "more members than wanted");
    json_t *borrowed = NULL, *owned = NULL;
    ok(flux_msg_unpack(msg, "{s:o s:O}", "c", &borrowed, "c", &owned) == 0 && borrowed == owned, "RPC-20: values");
    fails(flux_msg_pack(msg, "[i]", 1) < 0, EINVAL, "no object");
    fails(flux_msg_pack(msg, "{s:i", "a", 1) < 0, EINVAL, "a format that does not end");
    fails(flux_msg_pack(msg, "{s:s}", "a", NULL) < 0, EINVAL, "NULL for a text");
    fails(flux_msg_pack(msg, "") < 0, EINVAL, "an empty format");
    fails(flux_msg_pack(msg, NULL) < 0, EINVAL, "no format");
    fails(flux_msg_unpack(msg, "") < 0, EINVAL, "an empty format to take apart by");
    fails(flux_msg_unpack(msg, NULL) < 0, EINVAL, "no format to take apart by");
    flux_msg_destroy(msg);
    ok(json_is_array(owned) && json_array_size(owned) == 3, "what is owned outlives the message");
    json_decref(owned);
}

static void tokens(void) {
    flux_msg_t *msg = make(FLUX_MSGTYPE_REQUEST);
    const char *text = NULL;
    json_t *value = json_pack("[i]", 3);
    ok(flux_msg_pack(msg, "{s:s# s:s% s:s+ s:b s:n s:I s:f s:O s:o s:{s:[]}}", "a", "xyz", 2, "b", "xyz", (size_t) 1,
           "c", "p", "q", "d", 0, "e", "f", (json_int_t) 1 << 40, "g", 1.5, "h", value, "i", value, "j", "k") == 0,
        "RPC-20: the tokens of the page");
    ok(flux_msg_get_string(msg, &text) == 0, "are a text");
    is_str(text,
        "{\"a\":\"xy\",\"b\":\"x\",\"c\":\"pq\",\"d\":false,\"e\":null,\"f\":1099511627776,\"g\":1.5,\"h\":[3],"
        "\"i\":[3],\"j\":{\"k\":[]}}",
        "which is right");
    ok(flux_msg_pack(msg, "{s:s?}", "a", NULL) == 0 && flux_msg_get_string(msg, &text) == 0, "a text that may be NULL");
    is_str(text, "{\"a\":null}", "is null then");
    char large[5000];
    memset(large, 'x', sizeof large);
    large[sizeof large - 1] = 0;
    const char *back = NULL;
    ok(flux_msg_pack(msg, "{s:s}", "a", large) == 0 && flux_msg_unpack(msg, "{s:s}", "a", &back) == 0, "a long text");
    ok(back && strcmp(back, large) == 0, "comes back");
    ok(flux_msg_set_string(msg, "[1,2]") == 0, "a text that is no object");
    fails(flux_msg_unpack(msg, "[i]", (int[1]){0}) < 0, EPROTO, "cannot be taken apart");
    ok(flux_msg_set_payload(msg, "{}", 2) == 0, "nor can one without NUL");
    fails(flux_msg_unpack(msg, "{}") < 0, EPROTO, "which is EPROTO");
    flux_msg_destroy(msg);
}

static void routes(void) {
    flux_msg_t *msg = make(FLUX_MSGTYPE_REQUEST), *other = make(FLUX_MSGTYPE_REQUEST);
    fails(flux_msg_route_count(msg) < 0, EPROTO, "hops have to be enabled to be counted");
    fails(flux_msg_route_push(msg, "a") < 0, EPROTO, "or added");
    fails(flux_msg_route_delete_last(msg) < 0, EPROTO, "or removed");
    fails(!flux_msg_route_string(msg), EPROTO, "or shown");
    ok(!flux_msg_route_first(msg) && !flux_msg_route_last(msg), "and there are none");
    ok(flux_msg_route_match_first(msg, other), "two without hops are alike");
    flux_msg_route_enable(msg);
    is_int(flux_msg_route_count(msg), 0, "then there are none");
    fails(flux_msg_route_push(msg, NULL) < 0, EINVAL, "NULL is no hop");
    ok(flux_msg_route_push(msg, "sender") == 0 && flux_msg_route_push(msg, "0123456789abcdef") == 0, "two hops");
    is_int(flux_msg_route_count(msg), 2, "are counted");
    is_str(flux_msg_route_first(msg), "sender", "the first");
    is_str(flux_msg_route_last(msg), "0123456789abcdef", "the last");
    char *text = flux_msg_route_string(msg);
    is_str(text, "sender!01234567", "for people");
    free(text);
    ok(!flux_msg_route_match_first(msg, other), "with and without hops are not alike");
    flux_msg_route_enable(other);
    flux_msg_route_push(other, "sender");
    ok(flux_msg_route_match_first(msg, other), "the same sender is alike");
    ok(flux_msg_route_delete_last(msg) == 0 && flux_msg_route_count(msg) == 1, "the last goes first");
    flux_msg_route_clear(msg);
    is_int(flux_msg_route_count(msg), 0, "all go");
    ok(flux_msg_route_delete_last(msg) == 0, "removing none is fine");
    flux_msg_route_push(msg, "x");
    flux_msg_route_disable(msg);
    ok(flux_msg_route_count(msg) < 0 && !flux_msg_has_flag(msg, FLUX_MSGFLAG_ROUTE), "disabled again");
    flux_msg_destroy(msg);
    flux_msg_destroy(other);
}

static void match(void) {
    flux_msg_t *msg = make(FLUX_MSGTYPE_RESPONSE);
    ok(flux_msg_cmp(msg, FLUX_MATCH_ANY), "any is every one");
    ok(flux_msg_cmp(msg, FLUX_MATCH_RESPONSE) && !flux_msg_cmp(msg, FLUX_MATCH_EVENT), "by type");
    struct flux_match match = flux_match_init(FLUX_MSGTYPE_RESPONSE, 5, NULL);
    ok(match.typemask == FLUX_MSGTYPE_RESPONSE && match.matchtag == 5 && !match.topic_glob, "by value");
    ok(!flux_msg_cmp(msg, match) && flux_msg_set_matchtag(msg, 5) == 0 && flux_msg_cmp(msg, match), "by tag");
    ok(flux_msg_cmp_matchtag(msg, 5) && !flux_msg_cmp_matchtag(msg, 6), "by tag alone");
    flux_msg_route_enable(msg);
    flux_msg_route_push(msg, "x");
    ok(!flux_msg_cmp_matchtag(msg, 5), "a tag of somebody else is none");
    match = flux_match_init(0, FLUX_MATCHTAG_NONE, "a.*");
    ok(!flux_msg_cmp(msg, match), "a pattern needs a topic");
    flux_msg_set_topic(msg, "a.b");
    ok(flux_msg_cmp(msg, match), "and fits it");
    is_int(flux_match_asprintf(&match, "%s.%d", "a", 1), 0, "a text made as printf would");
    is_str(match.topic_glob, "a.1", "is the topic");
    ok(!flux_msg_cmp(msg, match), "which is another");
    flux_match_free(match);
    ok(!flux_msg_cmp(NULL, FLUX_MATCH_ANY) && !flux_msg_cmp_matchtag(NULL, 0), "NULL fits nothing");
    flux_msg_destroy(msg);
}

static void bytes(void) {
    flux_msg_t *msg = make(FLUX_MSGTYPE_REQUEST);
    const unsigned char expected[] = {3, 'm', 'e', '2', 2, 'm', 'e', 0, 3, 'a', '.', 'b', 2, 'x', 0, 20, 0x8e, 1, 1,
        0x0b, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 9};
    flux_msg_set_topic(msg, "a.b");
    flux_msg_set_string(msg, "x");
    flux_msg_set_nodeid(msg, 3);
    flux_msg_set_matchtag(msg, 9);
    flux_msg_route_enable(msg);
    flux_msg_route_push(msg, "me");
    flux_msg_route_push(msg, "me2");
    ssize_t size = flux_msg_encode_size(msg);
    is_int(size, sizeof expected, "how many bytes");
    unsigned char room[100];
    fails(flux_msg_encode(msg, room, size - 1) < 0, EINVAL, "one too few");
    ok(flux_msg_encode(msg, room, size) == 0 && memcmp(room, expected, size) == 0, "which bytes");
    flux_msg_t *back = flux_msg_decode(room, size);
    ok(back != NULL, "and back");
    const char *topic = NULL, *text = NULL;
    ok(flux_msg_get_topic(back, &topic) == 0 && !strcmp(topic, "a.b"), "with the topic");
    ok(flux_msg_get_string(back, &text) == 0 && !strcmp(text, "x"), "the payload");
    is_str(flux_msg_route_last(back), "me2", "the last hop");
    is_str(flux_msg_route_first(back), "me", "and the first");
    flux_msg_t *copy = flux_msg_copy(back, false);
    ok(copy && !flux_msg_has_payload(copy) && flux_msg_route_count(copy) == 2, "a copy without payload");
    flux_msg_destroy(copy);
    copy = flux_msg_copy(back, true);
    flux_msg_destroy(back);
    ok(flux_msg_get_string(copy, &text) == 0 && !strcmp(text, "x"), "a copy outlives what it was made from");
    flux_msg_destroy(copy);
    fails(!flux_msg_decode(room, size - 1), EINVAL, "bytes that are cut");
    fails(!flux_msg_decode("\0", 1), EPROTO, "bytes that are no message");
    flux_msg_destroy(msg);
}

static int freed[3], freed_count;

static void note_free(void *value) {
    freed[freed_count++ % 3] = *(int *) value;
}

static void aux(void) {
    flux_msg_t *msg = make(FLUX_MSGTYPE_EVENT);
    int one = 1, two = 2, three = 3;
    fails(!flux_msg_aux_get(msg, "a"), ENOENT, "nothing hangs there");
    fails(flux_msg_aux_set(msg, NULL, NULL, NULL) < 0, EINVAL, "neither name nor value");
    ok(flux_msg_aux_set(msg, "a", &one, note_free) == 0 && flux_msg_aux_get(msg, "a") == &one, "a value");
    ok(flux_msg_aux_set(msg, "a", &two, note_free) == 0 && freed_count == 1 && freed[0] == 1, "replaced and freed");
    ok(flux_msg_aux_set(msg, NULL, &three, note_free) == 0, "one without a name");
    flux_msg_t *copy = flux_msg_copy(msg, true);
    fails(!flux_msg_aux_get(copy, "a"), ENOENT, "copies have none of it");
    flux_msg_destroy(copy);
    flux_msg_destroy(msg);
    ok(freed_count == 3 && freed[1] == 2 && freed[2] == 3, "all are freed with the message, the named one first");
}

static void credentials(void) {
    flux_msg_t *msg = make(FLUX_MSGTYPE_REQUEST);
    struct flux_msg_cred cred = {.userid = 5, .rolemask = FLUX_ROLE_USER | FLUX_ROLE_LOCAL}, found;
    ok(!flux_msg_is_local(msg), "not local at first");
    ok(flux_msg_set_cred(msg, cred) == 0 && flux_msg_get_cred(msg, &found) == 0, "credentials");
    ok(found.userid == 5 && found.rolemask == cred.rolemask && flux_msg_is_local(msg), "are got back");
    fails(flux_msg_get_cred(msg, NULL) < 0, EINVAL, "nowhere to put them");
    ok(flux_msg_authorize(msg, 5) == 0, "a user may what is their own");
    fails(flux_msg_authorize(msg, 6) < 0, EPERM, "and not what is another's");
    ok(flux_msg_set_rolemask(msg, FLUX_ROLE_OWNER) == 0 && flux_msg_authorize(msg, 6) == 0, "the owner may all");
    ok(flux_msg_set_userid(msg, 8) == 0, "a user is set");
    cred = (struct flux_msg_cred){.userid = FLUX_USERID_UNKNOWN, .rolemask = FLUX_ROLE_USER};
    fails(flux_msg_cred_authorize(cred, FLUX_USERID_UNKNOWN) < 0, EPERM, "nobody may nothing");
    flux_msg_destroy(msg);
}

static char *printed(const flux_msg_t *msg, double timestamp) {
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);
    flux_msg_fprint_ts(f, msg, timestamp);
    fclose(f);
    return text;
}

static void print(void) {
    flux_msg_t *msg = make(FLUX_MSGTYPE_REQUEST);
    flux_msg_set_topic(msg, "a.b");
    flux_msg_set_string(msg, "{}");
    flux_msg_route_enable(msg);
    flux_msg_route_push(msg, "me");
    flux_msg_set_rolemask(msg, 0x15);
    char *text = printed(msg, 1.5);
    is_str(text,
        "--------------------------------------\n> 1.50000\n> a.b\n> flags=topic,payload,route userid=unknown "
        "rolemask=owner,local,0x10 nodeid=any matchtag=0\n> |me|\n> {}\n",
        "a request for people");
    free(text);
    unsigned char raw[50];
    memset(raw, 0xab, sizeof raw);
    flux_msg_t *response = make(FLUX_MSGTYPE_RESPONSE);
    flux_msg_set_payload(response, raw, sizeof raw);
    text = printed(response, -1);
    ok(strstr(text, "< flags=payload userid=unknown rolemask=none errnum=0 matchtag=0\n< ABAB"), "bytes for people");
    ok(strstr(text, "AB...\n"), "cut to a line");
    free(text);
    text = printed(NULL, -1);
    ok(strstr(text, "NULL") != NULL, "nothing for people");
    free(text);
    flux_msg_destroy(response);
    flux_msg_destroy(msg);
}

static void nulls(void) {
    int number;
    uint32_t word;
    fails(!flux_msg_incref(NULL), EINVAL, "incref");
    fails(!flux_msg_copy(NULL, true), EINVAL, "copy");
    fails(flux_msg_encode_size(NULL) < 0, EINVAL, "encode_size");
    fails(flux_msg_encode(NULL, &number, 4) < 0, EINVAL, "encode");
    fails(flux_msg_aux_set(NULL, "a", &number, NULL) < 0, EINVAL, "aux_set");
    fails(!flux_msg_aux_get(NULL, "a"), EINVAL, "aux_get");
    fails(flux_msg_set_type(NULL, 1) < 0, EINVAL, "set_type");
    fails(flux_msg_get_type(NULL, &number) < 0, EINVAL, "get_type");
    fails(flux_msg_set_flag(NULL, 1) < 0 && flux_msg_clear_flag(NULL, 1) < 0, EINVAL, "flags");
    fails(flux_msg_set_private(NULL) < 0 && flux_msg_set_streaming(NULL) < 0, EINVAL, "single flags");
    fails(flux_msg_set_noresponse(NULL) < 0, EINVAL, "no response");
    fails(flux_msg_set_topic(NULL, "a") < 0 && flux_msg_get_topic(NULL, &(const char *){0}) < 0, EINVAL, "topic");
    fails(flux_msg_set_payload(NULL, "a", 1) < 0 && flux_msg_get_payload(NULL, NULL, NULL) < 0, EINVAL, "payload");
    fails(flux_msg_set_string(NULL, "a") < 0 && flux_msg_get_string(NULL, NULL) < 0, EINVAL, "string");
    fails(flux_msg_pack(NULL, "{}") < 0, EINVAL, "pack");
    fails(flux_msg_unpack(NULL, "{}") < 0, EINVAL, "unpack");
    ok(flux_msg_last_error(NULL) != NULL, "last_error");
    fails(flux_msg_set_nodeid(NULL, 1) < 0 && flux_msg_get_nodeid(NULL, &word) < 0, EINVAL, "nodeid");
    fails(flux_msg_set_errnum(NULL, 1) < 0 && flux_msg_get_errnum(NULL, &number) < 0, EINVAL, "errnum");
    fails(flux_msg_set_seq(NULL, 1) < 0 && flux_msg_get_seq(NULL, &word) < 0, EINVAL, "seq");
    fails(flux_msg_set_control(NULL, 1, 1) < 0 && flux_msg_get_control(NULL, &number, &number) < 0, EINVAL, "control");
    fails(flux_msg_set_matchtag(NULL, 1) < 0 && flux_msg_get_matchtag(NULL, &word) < 0, EINVAL, "matchtag");
    fails(flux_msg_set_userid(NULL, 1) < 0 && flux_msg_get_userid(NULL, &word) < 0, EINVAL, "userid");
    fails(flux_msg_set_rolemask(NULL, 1) < 0 && flux_msg_get_rolemask(NULL, &word) < 0, EINVAL, "rolemask");
    fails(flux_msg_authorize(NULL, 1) < 0, EINVAL, "authorize");
    fails(flux_msg_route_push(NULL, "a") < 0 && flux_msg_route_count(NULL) < 0, EINVAL, "routes");
    fails(!flux_msg_route_string(NULL), EINVAL, "route_string");
    ok(!flux_msg_has_payload(NULL) && !flux_msg_is_local(NULL), "what is asked of NULL");
    flux_msg_route_enable(NULL);
    flux_msg_route_disable(NULL);
    flux_msg_route_clear(NULL);
    ok(!flux_msg_route_first(NULL) && !flux_msg_route_last(NULL), "no hops either");
}

int main(void) {
    create();
    types();
    flags();
    payload();
    shorter();
    pack();
    tokens();
    routes();
    match();
    bytes();
    aux();
    credentials();
    print();
    nulls();
    return done_testing();
}
