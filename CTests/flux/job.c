// compare: reference
// Jobs: their numbers, states and keys, and the requests that a client sends, which come back through a loop here.
#include "tap.h"

#include <errno.h>
#include <flux/core.h>
#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REFUSED(what, code, text) errno = 0, ok((what) && errno == (code), text)

static const flux_jobid_t ids[] = {0, 1, 57, 58, 1625, 1626, 4294967295u, 4294967296u, 6731191091200u, 1ull << 63};

static void test_ids(void) {
    const char *types[] = {"dec", "hex", "kvs", "dothex", "words", "f58plain", "emoji", "f58"};
    char text[128];
    flux_jobid_t id;
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        for (size_t t = 0; t < sizeof(types) / sizeof(types[0]); t++) {
            bool fine = flux_job_id_encode(ids[i], types[t], text, sizeof(text)) == 0;
            diag("%llu %s %s", (unsigned long long) ids[i], types[t], text);
            ok(fine && flux_job_id_parse(text, &id) == 0 && id == ids[i], "%s is read as it was written (JOB-1)", text);
        }
    }
    ok(flux_job_id_encode(1234, NULL, text, sizeof(text)) == 0 && strcmp(text, "1234") == 0, "without a type");
    ok(flux_job_id_encode(1234, "HEX", text, sizeof(text)) == 0 && strcmp(text, "0x4d2") == 0, "in capitals");
    REFUSED(flux_job_id_encode(1, "nonsense", text, sizeof(text)) == -1, EPROTO, "another type");
    REFUSED(flux_job_id_encode(1, "dec", NULL, 10) == -1, EINVAL, "no room");
    REFUSED(flux_job_id_encode(1234, "dec", text, 4) == -1, EOVERFLOW, "too little room");
    REFUSED(flux_job_id_encode(1234, "f58plain", text, 2) == -1, EOVERFLOW, "too little room for base 58");
    const char *wrong[] = {"", "f", "x", "12x", "1.2.3", "1.2.3.4.5", "f0OIl", "academy-academy", "0xg", "job.",
        "-1"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        ok(flux_job_id_parse(wrong[i], &id) == -1, "no number: '%s'", wrong[i]);
    ok(flux_job_id_parse("  42  ", &id) == 0 && id == 42, "spaces around it");
    REFUSED(flux_job_id_parse(NULL, &id) == -1, EINVAL, "nothing");
    REFUSED(flux_job_id_parse("1", NULL) == -1, EINVAL, "nowhere");
}

static void test_names(void) {
    const int states[] = {1, 2, 4, 8, 16, 32, 64, 14, 48, 62};
    const char *formats[] = {"s", "S", "l", "L", NULL};
    flux_job_state_t state;
    flux_job_result_t result;
    for (int i = 0; i < 10; i++)
        for (int f = 0; f < 5; f++) {
            const char *text = flux_job_statetostr(states[i], formats[f]);
            diag("%d %s", states[i], text);
            ok(flux_job_strtostate(text, &state) == 0 && (int) state == states[i], "%s", text);
        }
    for (int i = 1; i <= 8; i *= 2)
        for (int f = 0; f < 5; f++) {
            const char *text = flux_job_resulttostr(i, formats[f]);
            diag("%d %s", i, text);
            ok(flux_job_strtoresult(text, &result) == 0 && (int) result == i, "%s", text);
        }
    is_str(flux_job_statetostr(4711, "L"), "(unknown)", "no state");
    is_str(flux_job_resulttostr(4711, "s"), "?", "no result");
    REFUSED(flux_job_strtostate("nonsense", &state) == -1, EINVAL, "no state's name");
    REFUSED(flux_job_strtostate(NULL, &state) == -1, EINVAL, "no name");
    REFUSED(flux_job_strtoresult("nonsense", NULL) == -1, EINVAL, "no result's name");
    ok(flux_job_strtoresult("cd", NULL) == 0, "nowhere to put it");
}

static void test_keys(void) {
    char text[64];
    unsetenv("FLUX_KVS_NAMESPACE");
    ok(flux_job_kvs_key(text, sizeof(text), 1, NULL) == 23, "a job's folder");
    is_str(text, "job.0000.0000.0000.0001", "is this");
    flux_job_kvs_key(text, sizeof(text), 1, "x.y");
    is_str(text, "job.0000.0000.0000.0001.x.y", "a key in it");
    flux_job_kvs_guest_key(text, sizeof(text), 1, "x");
    is_str(text, "job.0000.0000.0000.0001.guest.x", "a key of the job's own");
    setenv("FLUX_KVS_NAMESPACE", "n", 1);
    ok(flux_job_kvs_guest_key(text, sizeof(text), 1, NULL) == 1 && strcmp(text, ".") == 0, "in its namespace");
    ok(flux_job_kvs_guest_key(text, sizeof(text), 1, "x") == 1 && strcmp(text, "x") == 0, "and a key there");
    unsetenv("FLUX_KVS_NAMESPACE");
    ok(flux_job_kvs_namespace(text, sizeof(text), 4711) == 8 && strcmp(text, "job-4711") == 0, "its name");
    REFUSED(flux_job_kvs_key(NULL, 10, 1, NULL) == -1, EINVAL, "key: no room");
    REFUSED(flux_job_kvs_guest_key(text, 0, 1, NULL) == -1, EINVAL, "guest_key: no room");
    REFUSED(flux_job_kvs_namespace(text, -1, 1) == -1, EINVAL, "namespace: no room");
    REFUSED(flux_job_kvs_key(text, 10, 1, NULL) == -1, EOVERFLOW, "key: too little room");
    REFUSED(flux_job_kvs_namespace(text, 4, 1) == -1, EOVERFLOW, "namespace: too little room");
}

static void test_status(void) {
    flux_error_t error = {"old"};
    ok(flux_job_waitstatus_to_exitcode(0, &error) == 0 && error.text[0] == 0, "it went well");
    ok(flux_job_waitstatus_to_exitcode(3 << 8, &error) == 3, "it did not");
    is_str(error.text, "task(s) exited with exit code 3", "in words");
    ok(flux_job_waitstatus_to_exitcode((128 + SIGTERM) << 8, &error) == 128 + SIGTERM, "a task was killed");
    is_str(error.text, "task(s) Terminated", "in words");
    ok(flux_job_waitstatus_to_exitcode(SIGKILL, &error) == 128 + SIGKILL, "the shell was killed");
    is_str(error.text, "job shell Killed", "in words");
    REFUSED(flux_job_waitstatus_to_exitcode(0x137f, NULL) == -1, EINVAL, "it was stopped");
}

static void test_null(flux_t *h) {
    flux_error_t error;
    double left;
    REFUSED(!flux_job_submit(NULL, "{}", 16, 0), EINVAL, "submit");
    REFUSED(!flux_job_submit(h, NULL, 16, 0), EINVAL, "submit nothing");
    REFUSED(flux_job_submit_get_id(NULL, NULL) == -1, EINVAL, "submit_get_id");
    REFUSED(!flux_job_wait(NULL, 1), EINVAL, "wait");
    REFUSED(flux_job_wait_get_status(NULL, NULL, NULL) == -1, EINVAL, "wait_get_status");
    REFUSED(flux_job_wait_get_id(NULL, NULL) == -1, EINVAL, "wait_get_id");
    REFUSED(!flux_job_list_id(NULL, 1, "[]"), EINVAL, "list_id");
    REFUSED(!flux_job_list_id(h, 1, NULL), EINVAL, "list_id of nothing");
    REFUSED(!flux_job_list_id(h, 1, "nonsense"), EINVAL, "list_id of nonsense");
    REFUSED(!flux_job_raise(NULL, 1, "cancel", 0, NULL), EINVAL, "raise");
    REFUSED(!flux_job_raise(h, 1, NULL, 0, NULL), EINVAL, "raise nothing");
    REFUSED(!flux_job_cancel(NULL, 1, NULL), EINVAL, "cancel");
    REFUSED(!flux_job_kill(NULL, 1, SIGTERM), EINVAL, "kill");
    REFUSED(!flux_job_kill(h, 1, 0), EINVAL, "kill with no signal");
    REFUSED(!flux_job_set_urgency(NULL, 1, 16), EINVAL, "set_urgency");
    REFUSED(!flux_job_event_watch(NULL, 1, "eventlog", 0), EINVAL, "event_watch");
    REFUSED(!flux_job_event_watch(h, 1, NULL, 0), EINVAL, "event_watch of nothing");
    REFUSED(!flux_job_event_watch(h, 1, "eventlog", 0xff), EINVAL, "event_watch in another way");
    REFUSED(flux_job_event_watch_get(NULL, NULL) == -1, EINVAL, "event_watch_get");
    REFUSED(flux_job_event_watch_cancel(NULL) == -1, EINVAL, "event_watch_cancel");
    REFUSED(flux_job_result_get(NULL, NULL) == -1, EINVAL, "result_get");
    REFUSED(flux_job_result_get_unpack(NULL, "{}") == -1, EINVAL, "result_get_unpack");
    REFUSED(flux_job_timeleft(NULL, &error, &left) == -1, EINVAL, "timeleft");
    REFUSED(flux_job_timeleft(h, &error, NULL) == -1, EINVAL, "timeleft nowhere");
}

// What was sent, as text; answered with `answer` unless that is NULL.
static flux_msg_t *request;

static char *sent(flux_t *h, const char *topic, const char *text) {
    const char *got, *payload;
    json_t *json = NULL;
    flux_msg_destroy(request);
    request = flux_recv(h, FLUX_MATCH_REQUEST, FLUX_O_NONBLOCK);
    if (!request || flux_request_decode(request, &got, &payload) < 0) {
        ok(false, "%s: nothing was sent", text);
        return strdup("");
    }
    is_str(got, topic, "%s: the service", text);
    json = json_loads(payload, 0, NULL);
    char *sorted = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(json);
    return sorted;
}

static void is_sent(flux_t *h, flux_future_t *f, const char *topic, const char *expected, const char *text) {
    char *got = sent(h, topic, text);
    is_str(got, expected, "%s: the request", text);
    free(got);
    if (!f) ok(false, "%s: no future", text);
}

static void answer(flux_t *h, int errnum, const char *payload) {
    flux_msg_t *response = flux_response_derive(request, errnum);
    flux_msg_set_rolemask(response, FLUX_ROLE_OWNER);
    if (payload) flux_msg_set_string(response, payload);
    if (!response || flux_send(h, response, 0) < 0) bail("no answer");
    flux_msg_destroy(response);
}

static void test_requests(flux_t *h) {
    flux_jobid_t id = 0;
    bool success = true;
    const char *text = NULL;
    flux_future_t *f = flux_job_submit(h, "signed", 10, FLUX_JOB_PRE_SIGNED | FLUX_JOB_WAITABLE);
    is_sent(h, f, "job-ingest.submit", "{\"J\":\"signed\",\"flags\":4,\"urgency\":10}", "submit");
    answer(h, 0, "{\"id\":4711}");
    ok(flux_job_submit_get_id(f, &id) == 0 && id == 4711, "its number");
    ok(flux_job_submit_get_id(f, NULL) == 0, "which nobody has to take");
    flux_future_destroy(f);
    f = flux_job_submit(h, "x", 10, FLUX_JOB_PRE_SIGNED);
    is_sent(h, f, "job-ingest.submit", "{\"J\":\"x\",\"flags\":0,\"urgency\":10}", "a refused one");
    answer(h, EPERM, "not you");
    REFUSED(flux_job_submit_get_id(f, &id) == -1, EPERM, "refused");
    is_str(flux_future_error_string(f), "not you", "for a reason");
    flux_future_destroy(f);
    f = flux_job_wait(h, FLUX_JOBID_ANY);
    is_sent(h, f, "job-manager.wait", "{\"id\":-1}", "wait");
    answer(h, 0, "{\"id\":5,\"success\":false,\"errstr\":\"why\"}");
    ok(flux_job_wait_get_status(f, &success, &text) == 0 && !success, "its end");
    is_str(text, "why", "and why");
    ok(flux_job_wait_get_id(f, &id) == 0 && id == 5, "whose end");
    flux_future_destroy(f);
    f = flux_job_list_id(h, 7, "[\"state\"]");
    is_sent(h, f, "job-list.list-id", "{\"attrs\":[\"state\"],\"id\":7}", "list_id");
    flux_future_destroy(f);
    f = flux_job_raise(h, 7, "test", 3, "note");
    is_sent(h, f, "job-manager.raise", "{\"id\":7,\"note\":\"note\",\"severity\":3,\"type\":\"test\"}", "raise");
    flux_future_destroy(f);
    f = flux_job_cancel(h, 7, NULL);
    is_sent(h, f, "job-manager.raise", "{\"id\":7,\"severity\":0,\"type\":\"cancel\"}", "cancel");
    flux_future_destroy(f);
    f = flux_job_kill(h, 7, SIGTERM);
    is_sent(h, f, "job-manager.kill", "{\"id\":7,\"signum\":15}", "kill");
    flux_future_destroy(f);
    f = flux_job_set_urgency(h, 7, 31);
    is_sent(h, f, "job-manager.urgency", "{\"id\":7,\"urgency\":31}", "set_urgency");
    flux_future_destroy(f);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    f = flux_job_list(h, 9, "[\"id\"]", 1000, 0);
    is_sent(h, f, "job-list.list",
        "{\"attrs\":[\"id\"],\"constraint\":{\"and\":[{\"userid\":[1000]},{\"states\":[126]}]},\"max_entries\":9}",
            "list");
    flux_future_destroy(f);
    f = flux_job_list_inactive(h, 9, 1.5, "[\"id\"]");
    is_sent(h, f, "job-list.list",
        "{\"attrs\":[\"id\"],\"constraint\":{\"states\":[64]},\"max_entries\":9,\"since\":1.5}", "list_inactive");
    flux_future_destroy(f);
    REFUSED(!flux_job_list(h, -1, "[]", 0, 0), EINVAL, "list: less than none");
    REFUSED(!flux_job_list(h, 1, "[]", 0, 1024), EINVAL, "list: no state");
    REFUSED(!flux_job_list_inactive(h, 1, -1, "[]"), EINVAL, "list_inactive: before all times");
#pragma GCC diagnostic pop
}

static void test_unsigned(flux_t *h) {
    flux_error_t error = {""};
    uint32_t user = 0;
    flux_future_t *f = flux_job_submit(h, "{\"version\":1}", 16, 0);
    char *got = sent(h, "job-ingest.submit", "unsigned");
    json_t *json = json_loads(got, 0, NULL);
    const char *wrapped = json_string_value(json_object_get(json, "J"));
    diag("wrapped %s", wrapped);
    char *text = flux_unwrap_string(wrapped, true, &user, &error);
    is_str(text, "{\"version\":1}", "the jobspec in it");
    ok(user == getuid(), "and its user");
    free(text);
    json_decref(json);
    free(got);
    flux_future_destroy(f);
    const char *other = "dmVyc2lvbgBpMQB1c2VyaWQAaTQ3MTEAbWVjaGFuaXNtAHNub25lAA==.eA==.none";
    text = flux_unwrap_string(other, false, &user, &error);
    ok(text && strcmp(text, "x") == 0 && user == 4711, "another user's");
    free(text);
    ok(!flux_unwrap_string(other, true, &user, &error) && error.text[0], "which is not believed");
    ok(!flux_unwrap_string("nonsense", false, NULL, &error), "not wrapped");
    ok(!flux_unwrap_string("a.b.none", false, NULL, NULL), "wrapped wrongly");
}

#define EVENT(text) "{\"event\":\"" text "\\n\"}"

static void test_events(flux_t *h) {
    const char *event = "x";
    flux_future_t *f = flux_job_event_watch(h, 7, "eventlog", FLUX_JOB_EVENT_WATCH_INITIAL_SENTINEL);
    is_sent(h, f, "job-info.eventlog-watch", "{\"flags\":2,\"id\":7,\"path\":\"eventlog\"}", "event_watch");
    ok(flux_msg_is_streaming(request), "a stream");
    answer(h, 0, EVENT("one"));
    ok(flux_job_event_watch_get(f, &event) == 0 && strcmp(event, "one\n") == 0, "an event");
    flux_future_reset(f);
    answer(h, 0, NULL);
    ok(flux_job_event_watch_get(f, &event) == 0 && event == NULL, "the end of what has been");
    flux_future_reset(f);
    flux_msg_t *watch = request;
    request = NULL;
    ok(flux_job_event_watch_cancel(f) == 0, "canceled");
    char expected[64];
    snprintf(expected, sizeof(expected), "{\"matchtag\":%u}", flux_rpc_get_matchtag(f));
    is_sent(h, f, "job-info.eventlog-watch-cancel", expected, "event_watch_cancel");
    ok(flux_msg_is_noresponse(request), "without an answer");
    flux_msg_destroy(request);
    request = watch;
    answer(h, ENODATA, NULL);
    REFUSED(flux_job_event_watch_get(f, &event) == -1, ENODATA, "the end");
    flux_future_destroy(f);
}

static void finish(flux_t *h, const char *const events[], int end) {
    for (int i = 0; events[i]; i++) answer(h, 0, events[i]);
    answer(h, end, NULL);
}

static void is_result(flux_t *h, const char *const events[], int end, const char *expected, const char *text) {
    const char *got = NULL;
    flux_future_t *f = flux_job_result(h, 7, 0);
    // Asked for first: the request goes when somebody has asked.
    char *asked = sent(h, "job-info.eventlog-watch", text);
    free(asked);
    finish(h, events, end);
    if (expected) {
        ok(flux_job_result_get(f, &got) == 0, "%s: gathered", text);
        json_t *json = json_loads(got ? got : "{}", 0, NULL);
        char *sorted = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
        is_str(sorted, expected, "%s: this (JOB-2)", text);
        free(sorted);
        json_decref(json);
        int result = 0, id = 0;
        ok(flux_job_result_get_unpack(f, "{s:i s:i}", "result", &result, "id", &id) == 0 && id == 7, "%s: unpacked",
            text);
        REFUSED(flux_job_result_get_unpack(f, "{s:s}", "id", &got) == -1, EINVAL, "unpacked as what it is not");
    } else {
        ok(flux_job_result_get(f, &got) == -1, "%s: fails", text);
    }
    flux_future_destroy(f);
}

#define AT(time, name, context) \
    "{\"event\":\"{\\\"timestamp\\\":" time ",\\\"name\\\":\\\"" name "\\\"" context "}\\n\"}"
#define WITH(text) ",\\\"context\\\":{" text "}"
#define EXCEPTION(type, severity) \
    WITH("\\\"type\\\":\\\"" type "\\\",\\\"severity\\\":" severity ",\\\"note\\\":\\\"n\\\"")

static void test_results(flux_t *h) {
    const char *good[] = {AT("1.0", "submit", ""), AT("2.0", "alloc", ""), AT("2.5", "start", ""),
        AT("3.0", "finish", WITH("\\\"status\\\":0")), NULL};
    is_result(h, good, ENODATA,
        "{\"exception_occurred\":false,\"id\":7,\"result\":1,\"t_cleanup\":3.0,\"t_run\":2.0,\"t_submit\":1.0,"
        "\"waitstatus\":0}",
        "completed");
    const char *bad[] = {AT("2.0", "alloc", ""), AT("3.0", "finish", WITH("\\\"status\\\":256")), NULL};
    is_result(h, bad, ENODATA,
        "{\"exception_occurred\":false,\"id\":7,\"result\":2,\"t_cleanup\":3.0,\"t_run\":2.0,\"waitstatus\":256}",
            "failed");
    const char *canceled[] = {AT("2.0", "exception", EXCEPTION("cancel", "0")), NULL};
    is_result(h, canceled, ENODATA,
        "{\"exception_note\":\"n\",\"exception_occurred\":true,\"exception_severity\":0,\"exception_type\":\"cancel\","
        "\"id\":7,\"result\":4}",
        "canceled");
    const char *late[] = {AT("2.0", "exception", EXCEPTION("timeout", "1")), AT("3.0", "exception", EXCEPTION("x",
        "5")),
        NULL};
    is_result(h, late, ENODATA,
        "{\"exception_note\":\"n\",\"exception_occurred\":true,\"exception_severity\":1,\"exception_type\":\"timeout\","
        "\"id\":7,\"result\":8}",
        "too late");
    const char *none[] = {NULL};
    is_result(h, none, EPERM, NULL, "not allowed");
    const char *nonsense[] = {EVENT("nonsense"), NULL};
    is_result(h, nonsense, ENODATA, NULL, "nonsense");
}

int main(void) {
    flux_t *h = flux_open("loop://", 0);
    if (!h) bail("no loop");
    test_ids();
    test_names();
    test_keys();
    test_status();
    test_null(h);
    test_requests(h);
    test_unsigned(h);
    test_events(h);
    test_results(h);
    flux_msg_destroy(request);
    flux_close(h);
    return done_testing();
}
