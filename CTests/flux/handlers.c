// compare: reference
// Who gets a message, who may send it, and what services keep for later.
#include "tap.h"

#include <errno.h>
#include <flux/core.h>
#include <jansson.h>
#include <unistd.h>

static char seen[64];
static int seen_count;

static void note(flux_t *h, flux_msg_handler_t *mh, const flux_msg_t *msg, void *arg) {
    (void) h;
    (void) mh;
    (void) msg;
    if (seen_count < 63) seen[seen_count++] = *(const char *) arg;
    seen[seen_count] = 0;
}

static flux_msg_handler_t *handler(flux_t *h, int type, const char *glob, const char *name) {
    struct flux_match match = FLUX_MATCH_ANY;
    match.typemask = type;
    match.topic_glob = glob;
    flux_msg_handler_t *mh = flux_msg_handler_create(h, match, note, (void *) name);
    if (!mh) bail("no handler");
    flux_msg_handler_start(mh);
    return mh;
}

// Sends it to ourselves and lets the loop turn: who got it.
static const char *who(flux_t *h, flux_msg_t *msg) {
    seen_count = 0;
    seen[0] = 0;
    if (!msg || flux_send(h, msg, 0) < 0) bail("not sent");
    flux_msg_destroy(msg);
    for (int i = 0; i < 3; i++) flux_reactor_run(flux_get_reactor(h), FLUX_REACTOR_NOWAIT);
    return seen;
}

static void order(void) {
    flux_t *h = flux_open("loop://", 0);
    flux_msg_handler_t *all = handler(h, FLUX_MSGTYPE_REQUEST, "*", "a");
    flux_msg_handler_t *glob = handler(h, FLUX_MSGTYPE_REQUEST, "x.*", "g");
    flux_msg_handler_t *old = handler(h, FLUX_MSGTYPE_REQUEST, "x.y", "o");
    flux_msg_handler_t *new = handler(h, FLUX_MSGTYPE_REQUEST, "x.y", "n");
    flux_msg_handler_t *one = handler(h, FLUX_MSGTYPE_EVENT, "e*", "1");
    flux_msg_handler_t *two = handler(h, FLUX_MSGTYPE_EVENT, NULL, "2");
    is_str(who(h, flux_request_encode("x.y", NULL)), "n", "the newest handler of a topic");
    flux_msg_handler_stop(new);
    is_str(who(h, flux_request_encode("x.y", NULL)), "g", "stopped, it hides the older one but no pattern");
    flux_msg_handler_destroy(new);
    is_str(who(h, flux_request_encode("x.y", NULL)), "o", "when it has gone the older one");
    is_str(who(h, flux_request_encode("x.z", NULL)), "g", "the newest pattern else");
    is_str(who(h, flux_request_encode("y", NULL)), "a", "or any that matches");
    is_str(who(h, flux_event_encode("e.f", NULL)), "21", "an event goes to all, the newest first");
    is_str(who(h, flux_event_encode("f", NULL)), "2", "whom it matches");
    flux_msg_handler_t *all_handlers[] = {all, glob, old, one, two};
    for (int i = 0; i < 5; i++) flux_msg_handler_destroy(all_handlers[i]);
    is_int(flux_reactor_run(flux_get_reactor(h), 0), 0, "without handlers nothing keeps the loop");
    flux_msg_handler_t *left = handler(h, FLUX_MSGTYPE_EVENT, NULL, "l");
    flux_close(h);
    errno = 4711;
    flux_msg_handler_destroy(left);
    is_int(errno, 4711, "a handler may outlive the handle");
}

static flux_msg_t *take(flux_t *h) {
    struct flux_match match = FLUX_MATCH_RESPONSE;
    for (int i = 0; i < 3; i++) flux_reactor_run(flux_get_reactor(h), FLUX_REACTOR_NOWAIT);
    flux_dispatch_requeue(h);
    return flux_recv(h, match, FLUX_O_NONBLOCK);
}

static void refused(flux_t *h, const char *topic, uint32_t roles, int code, const char *words, const char *what) {
    flux_msg_t *msg = flux_request_encode(topic, NULL);
    struct flux_msg_cred cred = {.userid = 4711, .rolemask = roles};
    const char *text = NULL;
    int errnum = 0;
    if (flux_msg_set_cred(msg, cred) < 0 || flux_send(h, msg, 0) < 0) bail("not sent");
    flux_msg_destroy(msg);
    msg = take(h);
    ok(msg && flux_msg_get_errnum(msg, &errnum) == 0 && errnum == code, "%s", what);
    ok(msg && flux_response_decode_error(msg, &text) == 0, "says why");
    is_str(text, words, "in these words");
    flux_msg_destroy(msg);
}

// In a clone, which keeps the responses that nobody here handles.
static void rights(void) {
    flux_t *h = flux_open("loop://", 0), *clone = flux_clone(h);
    flux_msg_handler_t *mh = handler(clone, FLUX_MSGTYPE_REQUEST, "x.y", "m");
    refused(clone, "x.y", FLUX_ROLE_USER, EPERM, "Request requires owner credentials", "a guest's request is refused");
    flux_msg_handler_allow_rolemask(mh, FLUX_ROLE_LOCAL);
    refused(clone, "x.y", FLUX_ROLE_USER, EPERM, "Request rejected due to insufficient privilege",
        "others too, when some are allowed");
    flux_msg_handler_allow_rolemask(mh, FLUX_ROLE_USER);
    flux_msg_t *msg = flux_request_encode("x.y", NULL);
    struct flux_msg_cred cred = {.userid = 4711, .rolemask = FLUX_ROLE_USER};
    flux_msg_set_cred(msg, cred);
    is_str(who(clone, msg), "m", "allowed, it is let through");
    flux_msg_handler_deny_rolemask(mh, FLUX_ROLE_ALL);
    is_str(who(clone, flux_request_encode("x.y", NULL)), "m", "the owner cannot be denied");
    flux_msg_handler_destroy(mh);
    flux_close(clone);
    flux_close(h);
}

static void unknown(void) {
    flux_t *one = flux_open("interthread://handlers", 0), *other = flux_open("interthread://handlers", 0);
    flux_msg_handler_t *mh = handler(other, FLUX_MSGTYPE_REQUEST, "t.known", "k");
    flux_future_t *f = flux_rpc(one, "t.unknown", NULL, FLUX_NODEID_ANY, 0);
    for (int i = 0; i < 4; i++) flux_reactor_run(flux_get_reactor(other), FLUX_REACTOR_NOWAIT);
    errno = 0;
    ok(flux_rpc_get(f, NULL) < 0 && errno == ENOSYS, "RPC-8 a method that nobody has is ENOSYS");
    is_str(flux_future_error_string(f), "Unknown service method 't.unknown'", "RPC-8 by name");
    flux_future_destroy(f);
    flux_msg_handler_destroy(mh);
    flux_close(one);
    flux_close(other);
}

static const struct flux_msg_handler_spec table[] = {
    {FLUX_MSGTYPE_REQUEST, "first", note, 0},
    {FLUX_MSGTYPE_REQUEST, "second", note, FLUX_ROLE_USER},
    FLUX_MSGHANDLER_TABLE_END,
};

static void tables(void) {
    flux_t *h = flux_open("loop://", 0);
    flux_msg_handler_t **handlers = NULL;
    ok(flux_msg_handler_addvec_ex(h, "svc", table, "t", &handlers) == 0 && handlers[0] && handlers[1] && !handlers[2],
        "a table makes its handlers");
    is_str(who(h, flux_request_encode("svc.first", NULL)), "t", "under the name of the service");
    flux_msg_handler_delvec(handlers);
    ok(flux_msg_handler_addvec(h, table, "t", &handlers) == 0, "or under none");
    is_str(who(h, flux_request_encode("second", NULL)), "t", "as it says");
    flux_msg_handler_delvec(handlers);
    flux_msg_handler_delvec(NULL);
    errno = 0;
    ok(flux_msg_handler_addvec(h, NULL, NULL, &handlers) < 0 && errno == EINVAL, "no table is EINVAL");
    errno = 0;
    ok(flux_msg_handler_addvec(NULL, table, NULL, &handlers) < 0 && errno == EINVAL, "no handle too");
    errno = 0;
    ok(flux_dispatch_requeue(h) < 0 && errno == EINVAL, "only clones give back what they did not want");
    ok(flux_get_handle_watcher(h) != NULL, "the handle's watcher can be had");
    struct flux_match match = FLUX_MATCH_RESPONSE;
    match.matchtag = 5;
    flux_msg_handler_t *mh = flux_msg_handler_create(h, match, note, "r");
    errno = 0;
    ok(mh && !flux_msg_handler_create(h, match, note, "r") && errno == EEXIST, "a tag has one handler");
    flux_msg_handler_destroy(mh);
    errno = 0;
    ok(!flux_msg_handler_create(h, match, NULL, NULL) && errno == EINVAL, "a handler without a function is none");
    flux_close(h);
}

static void methods(void) {
    flux_t *client = flux_open("interthread://methods", 0), *h = flux_open("interthread://methods", 0);
    flux_msg_handler_t **handlers = NULL;
    ok(flux_attr_set_cacheonly(h, "rank", "3") == 0 && flux_aux_set(h, "flux::uuid", "0123456789", NULL) == 0
        && flux_register_default_methods(h, "svc", &handlers) == 0, "what all services answer is registered");
    flux_opt_set(client, FLUX_OPT_ROUTER_NAME, "client", 7);
    flux_future_t *ping = flux_rpc_pack(client, "svc.ping", 0, 0, "{s:i}", "seq", 7);
    flux_future_t *debug = flux_rpc_pack(client, "svc.debug", 0, 0, "{s:s s:i}", "op", "setbit", "flags", 6);
    flux_future_t *usage = flux_rpc(client, "svc.rusage", NULL, 0, 0);
    flux_future_t *stats = flux_rpc(client, "svc.stats-get", NULL, 0, 0);
    flux_future_t *bare = flux_rpc(client, "svc.ping", NULL, 0, 0);
    flux_future_t *config = flux_rpc_pack(client, "svc.config-reload", 0, 0, "{s:{s:i}}", "table", "key", 9);
    for (int i = 0; i < 16; i++) flux_reactor_run(flux_get_reactor(h), FLUX_REACTOR_NOWAIT);
    int seq = 0, rank = 0, flags = 0, user = 0, count = 0;
    double time = -1;
    const char *route = NULL;
    ok(flux_rpc_get_unpack(ping, "{s:i s:i s:s s:i}", "seq", &seq, "rank", &rank, "route", &route, "userid", &user) == 0
        && seq == 7 && rank == 3 && user == (int) getuid(), "ping answers with what it got");
    is_str(route, "client!01234567", "and the way it took");
    ok(flux_rpc_get_unpack(debug, "{s:i}", "flags", &flags) == 0 && flags == 6, "debug sets bits");
    int *bits = flux_aux_get(h, "flux::debug_flags");
    ok(bits && *bits == 6, "where the service finds them");
    ok(flux_rpc_get_unpack(usage, "{s:f}", "utime", &time) == 0 && time >= 0, "rusage says what was used");
    ok(flux_rpc_get_unpack(stats, "{s:{s:i}}", "rx", "request", &count) == 0 && count == 4, "stats-get counts");
    errno = 0;
    ok(flux_rpc_get(bare, NULL) < 0 && errno == EPROTO, "a ping needs a payload");
    int key = 0;
    ok(flux_rpc_get(config, NULL) == 0
        && flux_conf_unpack(flux_get_conf(h), NULL, "{s:{s:i}}", "table", "key", &key) == 0 && key == 9, "config-reload replaces the configuration");
    flux_future_t *all[] = {ping, debug, usage, stats, bare, config};
    for (int i = 0; i < 6; i++) flux_future_destroy(all[i]);
    flux_msg_handler_delvec(handlers);
    flux_close(client);
    flux_close(h);
}

static flux_msg_t *from(const char *topic, const char *sender, uint32_t tag, const char *payload) {
    flux_msg_t *msg = flux_request_encode(topic, payload);
    struct flux_msg_cred cred = {.userid = 100, .rolemask = FLUX_ROLE_USER};
    flux_msg_route_enable(msg);
    if (flux_msg_route_push(msg, sender) < 0 || flux_msg_set_cred(msg, cred) < 0 || flux_msg_set_matchtag(msg, tag) < 0)
        bail("no request");
    return msg;
}

static void disconnects(void) {
    flux_t *h = flux_open("loop://", 0);
    struct flux_msglist *list = flux_msglist_create();
    flux_msg_t *one = from("s.x", "one", 1, NULL), *two = from("s.x", "one", 2, NULL);
    flux_msg_t *other = from("s.x", "b", 1, NULL);
    flux_msg_t *gone = from("s.disconnect", "one", 0, NULL), *cancel = from("s.cancel", "one", 0, "{\"matchtag\":2}");
    flux_msglist_append(list, one);
    flux_msglist_append(list, two);
    flux_msglist_append(list, other);
    ok(flux_disconnect_match(gone, one) && !flux_disconnect_match(gone, other), "a disconnect is about its sender");
    ok(flux_cancel_match(cancel, two) && !flux_cancel_match(cancel, one), "a cancel is about a tag too");
    is_int(flux_msglist_cancel(h, list, cancel), 1, "one request is cancelled");
    flux_msg_t *response = take(h);
    int errnum = 0;
    ok(response && flux_msg_get_errnum(response, &errnum) == 0 && errnum == ENODATA, "its sender hears ENODATA");
    flux_msg_destroy(response);
    is_int(flux_msglist_cancel(h, list, cancel), 0, "the next time none");
    is_int(flux_msglist_disconnect(list, gone), 1, "the sender's others go with them");
    is_int(flux_msglist_count(list), 1, "somebody else's stays");
    ok(!flux_disconnect_match(NULL, one) && !flux_cancel_match(NULL, one), "nothing matches nothing");
    flux_msg_t *all[] = {one, two, other, gone, cancel};
    for (int i = 0; i < 5; i++) flux_msg_destroy(all[i]);
    flux_msglist_destroy(list);
    flux_close(h);
}

int main(void) {
    order();
    rights();
    unknown();
    tables();
    methods();
    disconnects();
    return done_testing();
}
