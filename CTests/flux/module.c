// compare: reference
// A module's talk with its broker, which is a loop here: welcome, states, requests that are left.
#include "tap.h"

#include <errno.h>
#include <flux/core.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define REFUSED(what, code, text) errno = 0, ok((what) && errno == (code), text)

static void test_null(flux_t *h) {
    flux_error_t error = {""};
    REFUSED(flux_module_initialize(NULL, NULL, &error) == -1, EINVAL, "initialize");
    ok(strlen(error.text) > 0, "with a text");
    REFUSED(flux_module_register_handlers(NULL, &error) == -1, EINVAL, "register_handlers");
    REFUSED(flux_module_register_handlers(h, NULL) == -1, EINVAL, "register_handlers before the welcome");
    REFUSED(flux_module_finalize(NULL, 0, &error) == -1, EINVAL, "finalize");
    REFUSED(flux_module_set_running(NULL) == -1, EINVAL, "set_running");
    REFUSED(flux_module_config_request_decode(NULL, NULL) == -1, EINVAL, "config_request_decode");
    int *flags = calloc(1, sizeof(int));
    ok(!flux_module_debug_test(h, 1, false), "no bits yet");
    *flags = 3;
    ok(flux_aux_set(h, "flux::debug_flags", flags, free) == 0, "some bits");
    ok(flux_module_debug_test(h, 1, true) && !flux_module_debug_test(h, 1, false), "one, taken away");
    ok(flux_module_debug_test(h, 2, false) && !flux_module_debug_test(h, 4, false), "another is there, a third is not");
}

static void send_request(flux_t *h, const char *topic, const char *payload) {
    flux_msg_t *msg = flux_request_encode(topic, payload);
    flux_msg_set_rolemask(msg, FLUX_ROLE_OWNER);
    if (!msg || flux_send(h, msg, 0) < 0) bail("no request");
    flux_msg_destroy(msg);
}

// The next request on the loop.
static void is_sent(flux_t *h, const char *topic, const char *expected, const char *text) {
    const char *got = "", *payload = "";
    flux_msg_t *msg = flux_recv(h, FLUX_MATCH_REQUEST, FLUX_O_NONBLOCK);
    if (!msg || flux_request_decode(msg, &got, &payload) < 0) ok(false, "%s: nothing was sent", text);
    is_str(got, topic, "%s: to whom", text);
    is_str(payload, expected, "%s: what", text);
    flux_msg_destroy(msg);
}

static void test_welcome(flux_t *h) {
    flux_error_t error = {""};
    char *args = NULL;
    send_request(h, "welcome", "{\"args\":[]}");
    REFUSED(flux_module_initialize(h, &args, &error) == -1, EPROTO, "half a welcome");
    ok(strlen(error.text) > 0, "with a text");
    send_request(h, "welcome",
        "{\"args\":[\"one\",\"two=2\"],\"attrs\":{\"rank\":\"5\"},\"conf\":{\"a\":{\"b\":7}},\"name\":\"mod\","
        "\"uuid\":\"u-1\"}");
    ok(flux_module_initialize(h, &args, &error) == 0, "a welcome");
    is_str(args, "one two=2", "its arguments");
    free(args);
    is_str(flux_aux_get(h, "flux::name"), "mod", "its name");
    is_str(flux_aux_get(h, "flux::uuid"), "u-1", "its uuid");
    is_str(flux_attr_get(h, "rank"), "5", "an attribute");
    int value = 0;
    ok(flux_conf_unpack(flux_get_conf(h), NULL, "{s:{s:i}}", "a", "b", &value) == 0 && value == 7, "its configuration");
    send_request(h, "welcome", "{\"args\":[],\"attrs\":{},\"conf\":{},\"name\":\"mod\",\"uuid\":\"u-1\"}");
    args = (char *) "x";
    ok(flux_module_initialize(h, &args, NULL) == 0 && args == NULL, "without arguments");
}

static void test_running(flux_t *h) {
    ok(flux_module_set_running(h) == 0, "told");
    is_sent(h, "module.status", "{\"status\":1}", "set_running");
    flux_error_t error = {""};
    ok(flux_module_register_handlers(h, &error) == 0, "handlers: %s", error.text);
    send_request(h, "mod.shutdown", NULL);
    ok(flux_reactor_run(flux_get_reactor(h), 0) >= 0, "a request ends the loop");
}

static void test_configuration(void) {
    flux_conf_t *conf = NULL;
    int value = 0;
    flux_msg_t *msg = flux_request_encode("mod.config-reload", "{\"a\":7}");
    ok(flux_module_config_request_decode(msg, &conf) == 0, "a configuration");
    ok(flux_conf_unpack(conf, NULL, "{s:i}", "a", &value) == 0 && value == 7, "as it was sent");
    flux_conf_decref(conf);
    ok(flux_module_config_request_decode(msg, NULL) == 0, "which nobody wants");
    flux_msg_destroy(msg);
    msg = flux_request_encode("mod.config-reload", NULL);
    REFUSED(flux_module_config_request_decode(msg, &conf) == -1, EPROTO, "none");
    flux_msg_destroy(msg);
}

__attribute__((unused)) static void test_end(void) {
    flux_t *h = flux_open("loop://", FLUX_O_TEST_NOSUB);
    flux_error_t error = {""};
    // The answer is there before the question, whose tag is the first one.
    flux_msg_t *msg = flux_response_encode("module.status", NULL);
    flux_msg_set_matchtag(msg, 1);
    flux_msg_set_rolemask(msg, FLUX_ROLE_OWNER);
    ok(msg && flux_send(h, msg, 0) == 0, "an answer");
    flux_msg_destroy(msg);
    send_request(h, "mod.left", NULL);
    ok(flux_module_finalize(h, 7, &error) == 0, "the end: %s", error.text);
    int count = 0, errnum = 0;
    while ((msg = flux_recv(h, FLUX_MATCH_RESPONSE, FLUX_O_NONBLOCK))) {
        const char *topic = "";
        flux_msg_get_topic(msg, &topic);
        if (strcmp(topic, "mod.left") == 0 && flux_msg_get_errnum(msg, &errnum) == 0 && errnum == ENOSYS) count++;
        flux_msg_destroy(msg);
    }
    ok(count == 1, "a request that was left is answered");
    const char *payload = NULL, *topic = NULL;
    bool told = false;
    while ((msg = flux_recv(h, FLUX_MATCH_REQUEST, FLUX_O_NONBLOCK))) {
        if (flux_request_decode(msg, &topic, &payload) == 0 && strcmp(topic, "module.status") == 0)
            told = told || strcmp(payload, "{\"status\":3,\"errnum\":7}") == 0;
        flux_msg_destroy(msg);
    }
    ok(told, "and it is told how it ended (MOD-1)");
    flux_close(h);
}

int main(void) {
    flux_t *h = flux_open("loop://", FLUX_O_TEST_NOSUB);
    flux_reactor_t *r = flux_reactor_create(0);
    if (!h || flux_set_reactor(h, r) < 0) bail("no loop");
    test_null(h);
    test_welcome(h);
    test_running(h);
    test_configuration();
#ifndef MUSTER_ORIGINAL // it logs what it finds, which finds itself in a loop
    test_end();
#endif
    flux_close(h);
    flux_reactor_destroy(r);
    return done_testing();
}
