// compare: reference
// What programs ask a broker for: attributes, events, services, the log. The broker is a thread that answers a few
// things.
#include "tap.h"

#include "peer.h"

#include <jansson.h>
#include <syslog.h>

static void serve(struct peer *peer, const struct frame *request) {
    const char *topic = request->topic, *text = (const char *) request->payload;
    if (request->flags & FLAG_NORESPONSE || request->word2 == 0) return;
    if (strcmp(topic, "attr.get") == 0) {
        if (strstr(text, "\"rank\""))
            peer_answer(peer, request, 0, "{\"value\":\"5\",\"flags\":1}");
        else if (strstr(text, "\"size\""))
            peer_answer(peer, request, 0, "{\"value\":\"7\",\"flags\":1}");
        else if (strstr(text, "starttime"))
            peer_answer(peer, request, 0, "{\"value\":\"1234.5\",\"flags\":1}");
        else if (strstr(text, "\"moving\""))
            peer_answer(peer, request, 0, "{\"value\":\"now\",\"flags\":0}");
        else
            peer_answer(peer, request, ENOENT, NULL);
    } else if (strcmp(topic, "attr.set") == 0) {
        peer_answer(peer, request, strstr(text, "fixed") ? EINVAL : 0, strstr(text, "fixed") ? "it is fixed" : NULL);
    } else if (strcmp(topic, "event.publish") == 0) {
        peer_answer(peer, request, 0, "{\"seq\":42}");
    } else {
        peer_answer(peer, request, 0, NULL);
    }
}

static void attributes(flux_t *h, struct peer *peer) {
    uint32_t number = 0;
    double time = 0;
    ok(flux_get_rank(h, &number) == 0 && number == 5, "the rank is a number");
    int asked = peer_count(peer);
    ok(flux_get_rank(h, &number) == 0 && number == 5 && peer_count(peer) == asked, "asked for once");
    ok(flux_get_size(h, &number) == 0 && number == 7, "so is the size");
    const char *value = flux_attr_get(h, "moving");
    is_str(value, "now", "an attribute that changes is a text");
    asked = peer_count(peer);
    ok(flux_attr_get(h, "moving") && peer_count(peer) == asked + 1, "asked for each time");
    errno = 0;
    ok(!flux_attr_get(h, "nosuch") && errno == ENOENT, "one that is not there is ENOENT");
    ok(flux_attr_set(h, "moving", "x") == 0, "one is set");
    is_str((const char *) peer_last(peer).payload, "{\"name\":\"moving\",\"value\":\"x\"}", "by its name");
    flux_error_t error;
    errno = 0;
    ok(flux_attr_set_ex(h, "fixed", "x", true, &error) < 0 && errno == EINVAL, "another is not");
    is_str(error.text, "it is fixed", "in the broker's words");
    is_str((const char *) peer_last(peer).payload, "{\"name\":\"fixed\",\"value\":\"x\",\"force\":true}",
        "even by force");
    ok(flux_attr_set_cacheonly(h, "mine", "1") == 0, "what is known need not be asked for");
    is_str(flux_attr_get(h, "mine"), "1", "then it is known");
    int count = 0;
    for (const char *name = flux_attr_cache_first(h); name; name = flux_attr_cache_next(h)) count++;
    is_int(count, 3, "as are all that never change");
    ok(flux_attr_set_cacheonly(h, "mine", NULL) == 0 && !flux_attr_get(h, "mine"), "until it is forgotten");
    ok(flux_get_instance_starttime(h, &time) == 0 && time == 1234.5, "when the instance began");
    is_int(peer_last(peer).word1, 0, "is asked of rank 0");
    errno = 0;
    ok(!flux_attr_get(NULL, "x") && errno == EINVAL, "no handle");
    errno = 0;
    ok(!flux_attr_get(h, NULL) && errno == EINVAL, "no name");
    errno = 0;
    ok(flux_attr_set(h, "x", NULL) < 0 && errno == EINVAL, "no value");
}

static void events(flux_t *h, struct peer *peer) {
    ok(flux_event_subscribe(h, "a.b") == 0, "a subscription is made");
    struct frame got = peer_last(peer);
    is_str(got.topic, "event.subscribe", "by the broker");
    is_str((const char *) got.payload, "{\"topic\":\"a.b\"}", "for a topic");
    ok(flux_event_unsubscribe(h, "a.b") == 0, "and undone");
    errno = 0;
    ok(flux_event_subscribe(h, NULL) < 0 && errno == EINVAL, "no topic");
    errno = 0;
    ok(flux_event_subscribe(NULL, "x") < 0 && errno == EINVAL, "no handle");
    flux_flags_set(h, FLUX_O_TEST_NOSUB);
    int count = peer_count(peer);
    ok(flux_event_subscribe(h, "x") == 0 && peer_count(peer) == count, "a test may do without");
    flux_flags_unset(h, FLUX_O_TEST_NOSUB);
    flux_future_t *f = flux_event_subscribe_ex(h, "y", 0);
    ok(f && flux_future_get(f, NULL) == 0, "one may wait for it later");
    flux_future_destroy(f);

    int seq = 0;
    f = flux_event_publish(h, "t", 0, "{\"x\":1}");
    ok(f && flux_event_publish_get_seq(f, &seq) == 0 && seq == 42, "an event has a number");
    flux_future_destroy(f);
    is_str((const char *) peer_last(peer).payload, "{\"topic\":\"t\",\"flags\":0,\"payload\":\"eyJ4IjoxfQA=\"}",
        "its payload goes in base64, with its NUL");
    f = flux_event_publish_pack(h, "t", FLUX_MSGFLAG_PRIVATE, "{s:i}", "x", 1);
    ok(f && flux_future_get(f, NULL) == 0, "a private one");
    flux_future_destroy(f);
    is_str((const char *) peer_last(peer).payload, "{\"topic\":\"t\",\"flags\":32,\"payload\":\"eyJ4IjoxfQA=\"}",
        "says so");
    f = flux_event_publish_raw(h, "t", 0, NULL, 0);
    ok(f && flux_future_get(f, NULL) == 0, "one without payload");
    flux_future_destroy(f);
    is_str((const char *) peer_last(peer).payload, "{\"topic\":\"t\",\"flags\":0}", "has none");
    errno = 0;
    ok(!flux_event_publish(h, "t", 1, NULL) && errno == EINVAL, "other flags are none");
    errno = 0;
    ok(!flux_event_publish_pack(h, "t", 0, "{") && errno == EINVAL, "nor is half a format");

    flux_msg_t *event = flux_event_pack("t.x", "{s:s}", "a", "b");
    const char *topic = NULL, *s = NULL;
    const void *data;
    size_t length;
    ok(event && flux_event_unpack(event, &topic, "{s:s}", "a", &s) == 0 && strcmp(s, "b") == 0
        && strcmp(topic, "t.x") == 0, "an event is taken apart");
    ok(flux_event_decode(event, NULL, &s) == 0 && strcmp(s, "{\"a\":\"b\"}") == 0, "as a text");
    ok(flux_event_decode_raw(event, NULL, &data, &length) == 0 && length == 10, "and as bytes");
    flux_msg_destroy(event);
    event = flux_event_encode_raw("t", "\1\2", 2);
    errno = 0;
    ok(flux_event_decode(event, NULL, NULL) < 0 && errno == EPROTO, "bytes are no text");
    flux_msg_destroy(event);
    event = flux_request_encode("t", NULL);
    errno = 0;
    ok(flux_event_decode(event, NULL, NULL) < 0 && errno == EPROTO, "a request is no event");
    flux_msg_destroy(event);
    errno = 0;
    ok(!flux_event_encode(NULL, NULL) && errno == EINVAL, "an event needs a topic");
}

static void services(flux_t *h, struct peer *peer) {
    flux_future_t *f = flux_service_register(h, "mine");
    ok(f && flux_future_get(f, NULL) == 0, "a service is registered");
    flux_future_destroy(f);
    struct frame got = peer_last(peer);
    ok(strcmp(got.topic, "service.add") == 0 && strcmp((char *) got.payload, "{\"service\":\"mine\"}") == 0, "by name");
    f = flux_service_unregister(h, "mine");
    ok(f && flux_future_get(f, NULL) == 0 && strcmp(peer_last(peer).topic, "service.remove") == 0, "and no more");
    flux_future_destroy(f);
    errno = 0;
    ok(!flux_service_register(h, NULL) && errno == EINVAL, "no name");
    errno = 0;
    ok(!flux_service_unregister(NULL, "x") && errno == EINVAL, "no handle");
}

static char logged[512];

static void keep(const char *buf, int len, void *arg) {
    (void) arg;
    snprintf(logged, sizeof logged, "%.*s", len, buf);
}

// The line behind its time.
static const char *line(const char *text) {
    const char *space = strchr(text, ' ');
    space = space ? strchr(space + 1, ' ') : NULL;
    return space ? space + 1 : text;
}

static void logs(flux_t *h, struct peer *peer) {
    int count = peer_count(peer);
    flux_log_set_appname(h, "app");
    flux_log_set_procid(h, "17");
    errno = 4711;
    ok(flux_log(h, LOG_INFO, "hello %s\n", "you") == 0 && errno == 4711, "a message is logged; errno stays");
    struct frame got = peer_got(peer, count);
    got.payload[got.payload_size] = 0;
    ok(strcmp(got.topic, "log.append") == 0 && got.word2 == 0, "it wants no answer");
    ok(strncmp((char *) got.payload, "<48>1 20", 8) == 0, "it says how bad and when");
    is_str(line((char *) got.payload), "5 app 17 - - hello you", "who and what");
    flux_log_set_redirect(h, keep, NULL);
    flux_log_set_hostname(h, "host");
    ok(flux_log(h, LOG_ERR, "one\ntwo") == 0, "lines can be had by the program");
    is_str(line(logged), "host app 17 - - two", "each for itself");
    errno = EPERM;
    flux_log_error(h, "that");
    char expected[128];
    snprintf(expected, sizeof expected, "host app 17 - - that: %s", strerror(EPERM));
    is_str(line(logged), expected, "what errno means is added");
    is_int(errno, EPERM, "errno stays");
    is_str(flux_strerror(ENOENT), strerror(ENOENT), "errors have the system's words");
    flux_log_set_appname(h, "a234567890b234567890c234567890d234567890e234567890");
    flux_log(h, LOG_DEBUG, "x");
    is_str(line(logged), "host a234567890b234567890c234567890d234567890e2345678 17 - - x", "long names are cut");
}

int main(void) {
    struct peer peer;
    flux_t *h = peer_open(&peer, serve, NULL);
    if (!h) bail("no handle");
    attributes(h, &peer);
    events(h, &peer);
    services(h, &peer);
    logs(h, &peer);
    flux_close(h);
    peer_join(&peer);
    return done_testing();
}
