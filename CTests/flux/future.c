// compare: reference
// Futures: results in a row, failures, both ways of waiting, what hangs on them, futures of several and one after
// the other.
#include "tap.h"

#include <errno.h>
#include <flux/core.h>
#include <stdlib.h>
#include <string.h>


static char seen[256];

static void note(const char *what) {
    if (strlen(seen) + strlen(what) + 1 < sizeof(seen)) strcat(seen, what);
}

static void freed(void *arg) {
    note(arg);
}

#define REFUSED(what, code, text) errno = 0, ok((what) && errno == (code), text)

static void test_null(void) {
    REFUSED(flux_future_then(NULL, -1, NULL, NULL) == -1, EINVAL, "then: no future");
    REFUSED(flux_future_wait_for(NULL, 0) == -1, EINVAL, "wait_for: no future");
    REFUSED(flux_future_get(NULL, NULL) == -1, EINVAL, "get: no future");
    REFUSED(!flux_future_aux_get(NULL, "x"), EINVAL, "aux_get: no future");
    REFUSED(flux_future_aux_set(NULL, "x", seen, NULL) == -1, EINVAL, "aux_set: no future");
    REFUSED(!flux_future_get_flux(NULL), EINVAL, "get_flux: no future");
    REFUSED(!flux_future_get_reactor(NULL), EINVAL, "get_reactor: no future");
    REFUSED(flux_future_fulfill_with(NULL, NULL) == -1, EINVAL, "fulfill_with: no future");
    REFUSED(flux_future_push(NULL, NULL, NULL) == -1, EINVAL, "push: no future");
    REFUSED(!flux_future_first_child(NULL), EINVAL, "first_child: no future");
    REFUSED(!flux_future_next_child(NULL), EINVAL, "next_child: no future");
    REFUSED(!flux_future_get_child(NULL, "x"), EINVAL, "get_child: no future");
    REFUSED(flux_future_continue(NULL, NULL) == -1, EINVAL, "continue: no future");
    REFUSED(flux_future_fulfill_next(NULL, NULL, NULL) == -1, EINVAL, "fulfill_next: no future");
    flux_future_continue_error(NULL, 1, NULL);
    flux_future_fulfill(NULL, NULL, NULL);
    flux_future_fulfill_error(NULL, 1, NULL);
    flux_future_fatal_error(NULL, 1, NULL);
    flux_future_set_flux(NULL, NULL);
    flux_future_set_reactor(NULL, NULL);
    flux_future_reset(NULL);
    flux_future_incref(NULL);
    flux_future_decref(NULL);
    flux_future_destroy(NULL);
    ok(!flux_future_is_ready(NULL) && !flux_future_has_error(NULL) && !flux_future_error_string(NULL),
        "nothing to say");
#ifndef MUSTER_ORIGINAL // without its assertions it goes on with NULL there
    REFUSED(!flux_future_and_then(NULL, NULL, NULL), EINVAL, "and_then: no future");
    REFUSED(!flux_future_or_then(NULL, NULL, NULL), EINVAL, "or_then: no future");
#endif
}

static void test_results(void) {
    flux_future_t *f = flux_future_create(NULL, NULL);
    const void *value = NULL;
    seen[0] = 0;
    REFUSED(flux_future_wait_for(f, 0) == -1, ETIMEDOUT, "not ready");
    REFUSED(flux_future_wait_for(f, 0.01) == -1, ETIMEDOUT, "nor a little later");
    REFUSED(flux_future_get(f, NULL) == -1, EDEADLK, "nobody will ever fulfill it");
    flux_future_fulfill(f, "one ", freed);
    flux_future_fulfill(f, "two ", freed);
    flux_future_fulfill_error(f, EPERM, "not allowed");
    flux_future_fulfill_error(f, ENOENT, NULL);
    flux_future_fulfill_error(f, 0, NULL);
    flux_future_fulfill(f, "rest ", freed);
    ok(flux_future_is_ready(f) && flux_future_wait_for(f, 0) == 0, "ready");
    ok(flux_future_get(f, &value) == 0 && strcmp(value, "one ") == 0, "the first result");
    ok(flux_future_get(f, NULL) == 0 && !flux_future_has_error(f) && !flux_future_error_string(f), "asked again");
    flux_future_reset(f);
    is_str(seen, "one ", "a result is freed when it goes");
    ok(flux_future_get(f, &value) == 0 && strcmp(value, "two ") == 0, "the second (FUT-1)");
    flux_future_reset(f);
    REFUSED(flux_future_get(f, &value) == -1, EPERM, "the third is a failure");
    is_str(flux_future_error_string(f), "not allowed", "with a text");
    ok(flux_future_has_error(f), "and so is the future");
    flux_future_reset(f);
    REFUSED(flux_future_get(f, &value) == -1, ENOENT, "the fourth has no text");
    is_str(flux_future_error_string(f), strerror(ENOENT), "but that of errno");
    flux_future_reset(f);
    errno = EIO;
    ok(flux_future_get(f, NULL) == -1 && errno == 0, "even 0 is a failure");
    is_str(flux_future_error_string(f), strerror(0), "a strange one");
    flux_future_fatal_error(f, EBADF, "broken");
    flux_future_fatal_error(f, EINTR, "again");
    REFUSED(flux_future_get(f, NULL) == -1, EBADF, "a fatal error comes before them (FUT-2)");
    is_str(flux_future_error_string(f), "broken", "with its text");
    flux_future_fulfill(f, "late ", NULL);
    flux_future_fulfill_error(f, ENOENT, NULL);
    flux_future_reset(f);
    REFUSED(flux_future_get(f, NULL) == -1, EBADF, "and stays");
    errno = ESRCH;
    flux_future_destroy(f);
    ok(errno == ESRCH, "errno is kept");
    is_str(seen, "one two rest ", "everything is freed");
}

static void test_references(void) {
    flux_future_t *f = flux_future_create(NULL, NULL);
    seen[0] = 0;
    ok(flux_future_aux_set(f, NULL, "nameless1 ", freed) == 0, "without a name");
    ok(flux_future_aux_set(f, "a", "a ", freed) == 0, "with one");
    ok(flux_future_aux_set(f, NULL, "nameless2 ", freed) == 0, "without a name again");
    ok(flux_future_aux_set(f, "b", "b ", freed) == 0, "another");
    is_str(flux_future_aux_get(f, "a"), "a ", "found again");
    REFUSED(!flux_future_aux_get(f, "c"), ENOENT, "not there");
    REFUSED(!flux_future_aux_get(f, NULL), EINVAL, "no name");
    REFUSED(flux_future_aux_set(f, NULL, NULL, NULL) == -1, EINVAL, "nothing under no name");
    flux_future_aux_set(f, "b", "B ", freed);
    is_str(seen, "b ", "replaced, it is freed");
    flux_future_incref(f);
    flux_future_destroy(f);
    is_str(seen, "b ", "one user is left");
    flux_future_decref(f);
    is_str(seen, "b B a nameless1 nameless2 ", "named ones first, the newest before the others (FUT-8)");
}

static flux_reactor_t *here;
static int begun;

static void timer_fulfills(flux_reactor_t *r, flux_watcher_t *w, int revents, void *arg) {
    (void) r, (void) w, (void) revents;
    flux_future_fulfill(arg, "timer", NULL);
}

static void begin(flux_future_t *f, void *arg) {
    (void) arg;
    flux_reactor_t *r = flux_future_get_reactor(f);
    begun++;
    note(r == here ? "program's " : "own ");
    flux_watcher_t *w = flux_timer_watcher_create(r, 0.001, 0, timer_fulfills, f);
    flux_watcher_start(w);
    flux_future_aux_set(f, NULL, w, (flux_free_f) flux_watcher_destroy);
}

static void continuation(flux_future_t *f, void *arg) {
    const void *value = NULL;
    if (flux_future_get(f, &value) < 0) {
        note(errno == ETIMEDOUT ? "timeout " : "failure ");
    } else {
        note(arg);
    }
}

static void continuation_destroys(flux_future_t *f, void *arg) {
    note(arg);
    flux_future_destroy(f);
}

static void continuation_resets(flux_future_t *f, void *arg) {
    const void *value = NULL;
    (void) arg;
    if (flux_future_get(f, &value) == 0) note(value);
    flux_future_reset(f);
}

static void test_waiting(void) {
    here = NULL;
    const void *value = NULL;
    flux_future_t *f = flux_future_create(begin, NULL);
    seen[0] = 0;
    begun = 0;
    ok(flux_future_get(f, &value) == 0 && strcmp(value, "timer") == 0, "waits, with a reactor of its own (FUT-3)");
    is_str(seen, "own ", "where it looks");
    REFUSED(!flux_future_get_reactor(f), EINVAL, "afterwards it has none");
    flux_future_destroy(f);
    f = flux_future_create(begin, NULL);
    ok(flux_future_wait_for(f, 10) == 0, "waits a while");
    flux_future_destroy(f);
    ok(begun == 2, "asked once each");
}

static void test_continuing(void) {
    flux_reactor_t *r = here = flux_reactor_create(0);
    flux_future_t *f = flux_future_create(begin, NULL);
    seen[0] = 0;
    REFUSED(flux_future_then(f, -1, continuation, NULL) == -1, EINVAL, "no reactor");
    flux_future_set_reactor(f, r);
    ok(flux_future_get_reactor(f) == r, "now it has one");
    REFUSED(!flux_future_get_flux(f), EINVAL, "but no handle");
    REFUSED(flux_future_then(f, -1, NULL, NULL) == -1, EINVAL, "no callback");
    ok(flux_future_then(f, -1, continuation, "wrong ") == 0, "to be continued");
    ok(flux_future_then(f, -1, continuation_destroys, "right ") == 0, "otherwise");
    ok(flux_reactor_run(r, 0) == 0, "runs until nothing is left");
    is_str(seen, "program's right ", "begun once; the second callback");
    f = flux_future_create(NULL, NULL);
    flux_future_set_reactor(f, r);
    seen[0] = 0;
    flux_future_fulfill(f, "1", NULL);
    ok(flux_future_then(f, -1, continuation, "ready ") == 0, "ready already");
    is_str(seen, "", "but not called at once");
    flux_reactor_run(r, 0);
    is_str(seen, "ready ", "called");
    flux_future_fulfill(f, "2", NULL);
    flux_reactor_run(r, 0);
    is_str(seen, "ready ready ", "and again with each result");
    seen[0] = 0;
    flux_future_then(f, -1, continuation_resets, NULL);
    flux_future_fulfill(f, "3", NULL);
    flux_reactor_run(r, 0);
    is_str(seen, "123", "every result in its turn (FUT-4)");
    flux_future_destroy(f);
    seen[0] = 0;
    f = flux_future_create(NULL, NULL);
    flux_future_set_reactor(f, r);
    flux_reactor_now_update(r);
    ok(flux_future_then(f, 0.01, continuation, "no ") == 0, "with a limit");
    flux_reactor_run(r, 0);
    is_str(seen, "timeout ", "which is a failure");
    REFUSED(flux_future_get(f, NULL) == -1, ETIMEDOUT, "like any other");
    flux_future_reset(f);
    flux_reactor_run(r, 0);
    is_str(seen, "timeout timeout ", "and starts over with a reset");
    flux_future_destroy(f);
    f = flux_future_create(NULL, NULL);
    flux_future_set_reactor(f, r);
    flux_future_then(f, -1, continuation, "no ");
    flux_future_fulfill(f, NULL, NULL);
    flux_future_destroy(f);
    seen[0] = 0;
    flux_reactor_run(r, 0);
    is_str(seen, "", "a future that is gone calls nobody");
    flux_reactor_destroy(r);
}

static void test_order(void) {
    flux_reactor_t *r = flux_reactor_create(0);
    flux_future_t *f[4];
    const char *names[] = {"0", "1", "2", "3"};
    for (int i = 0; i < 4; i++) {
        f[i] = flux_future_create(NULL, NULL);
        flux_future_set_reactor(f[i], r);
        flux_future_then(f[i], -1, continuation, (void *) names[i]);
    }
    seen[0] = 0;
    for (int i = 0; i < 4; i++) flux_future_fulfill(f[i], NULL, NULL);
    flux_reactor_run(r, 0);
    is_str(seen, "3210", "of four that are ready at once the last comes first");
    for (int i = 0; i < 4; i++) flux_future_destroy(f[i]);
    flux_reactor_destroy(r);
}

static void test_with(void) {
    flux_future_t *f = flux_future_create(NULL, NULL), *p = flux_future_create(NULL, NULL);
    flux_future_t *other = flux_future_create(NULL, NULL);
    const void *value = NULL;
    seen[0] = 0;
    REFUSED(flux_future_fulfill_with(f, p) == -1, EAGAIN, "with: nothing there yet");
    REFUSED(flux_future_fulfill_with(f, f) == -1, EINVAL, "with: itself");
    flux_future_fulfill(p, "value ", freed);
    flux_future_aux_set(p, "name", "thing", NULL);
    ok(flux_future_fulfill_with(f, p) == 0, "with another");
    ok(flux_future_get(f, &value) == 0 && strcmp(value, "value ") == 0, "has its result");
    is_str(flux_future_aux_get(f, "name"), "thing", "and finds what hangs on it (FUT-5)");
    flux_future_fulfill(other, NULL, NULL);
    REFUSED(flux_future_fulfill_with(f, other) == -1, EEXIST, "with: a third one");
    flux_future_destroy(p);
    is_str(seen, "", "the other is kept");
    flux_future_destroy(f);
    is_str(seen, "value ", "freed once");
    f = flux_future_create(NULL, NULL);
    p = flux_future_create(NULL, NULL);
    flux_future_fulfill_error(p, EPERM, "why");
    ok(flux_future_fulfill_with(f, p) == 0, "with a failure");
    REFUSED(flux_future_get(f, NULL) == -1, EPERM, "which it has now");
    is_str(flux_future_error_string(f), "why", "with its text");
    flux_future_destroy(f);
    flux_future_destroy(p);
    f = flux_future_create(NULL, NULL);
    p = flux_future_create(NULL, NULL);
    flux_future_fatal_error(p, EPERM, "fatal");
    ok(flux_future_fulfill_with(f, p) == 0, "with a fatal error");
    flux_future_reset(f);
    REFUSED(flux_future_get(f, NULL) == -1, EPERM, "which it keeps");
    is_str(flux_future_error_string(f), "fatal", "with its text");
    flux_future_destroy(f);
    flux_future_destroy(p);
    flux_future_destroy(other);
}

static int count_children(flux_future_t *cf) {
    int count = 0;
    for (const char *name = flux_future_first_child(cf); name; name = flux_future_next_child(cf)) count++;
    return count;
}

static void test_several(void) {
    flux_reactor_t *r = flux_reactor_create(0);
    flux_future_t *all = flux_future_wait_all_create(), *any, *f1, *f2, *f3;
    seen[0] = 0;
    ok(!flux_future_first_child(all) && !flux_future_next_child(all), "no children");
    f1 = flux_future_create(NULL, NULL);
    f2 = flux_future_create(NULL, NULL);
    f3 = flux_future_create(NULL, NULL);
    flux_future_aux_set(f1, NULL, "f1 ", freed);
    REFUSED(flux_future_push(all, "one", NULL) == -1, EINVAL, "push: no child");
    REFUSED(flux_future_push(f1, "one", f2) == -1, EINVAL, "push: not of several");
    REFUSED(!flux_future_get_child(f1, "one"), EINVAL, "get_child: not of several");
    REFUSED(!flux_future_get_child(all, NULL), EINVAL, "get_child: no name");
    ok(flux_future_push(all, "one", f1) == 0 && flux_future_push(all, NULL, f2) == 0, "two children");
    REFUSED(flux_future_push(all, "one", f3) == -1, EEXIST, "push: the name is taken");
    ok(flux_future_push(all, NULL, f3) == 0, "a third");
    ok(count_children(all) == 3, "three children");
    ok(flux_future_get_child(all, "one") == f1 && flux_future_get_child(all, "0") == f2
           && flux_future_get_child(all, "1") == f3,
        "by their names");
    ok(!flux_future_get_child(all, "2"), "no more");
    ok(flux_future_aux_get(f2, "flux::parent") == all, "a child knows whose it is");
    flux_future_set_reactor(all, r);
    flux_future_then(all, -1, continuation, "all ");
    flux_future_fulfill(f1, NULL, NULL);
    flux_future_fulfill_error(f2, EPERM, "because");
    flux_reactor_run(r, 0);
    is_str(seen, "", "one is missing");
    flux_future_fulfill(f3, NULL, NULL);
    flux_reactor_run(r, 0);
    is_str(seen, "failure ", "all are there, one has failed (FUT-6)");
    REFUSED(flux_future_get(all, NULL) == -1, EPERM, "for its reason");
    is_str(flux_future_error_string(all), strerror(EPERM), "without its text");
    flux_future_destroy(all);
    is_str(seen, "failure f1 ", "the children go with it");

    all = flux_future_wait_all_create();
    ok(flux_future_get(all, NULL) == 0, "all of none are there");
    flux_future_destroy(all);
    any = flux_future_wait_any_create();
    REFUSED(flux_future_get(any, NULL) == -1, EDEADLK, "one of none never is");
    flux_future_destroy(any);

    here = NULL;
    any = flux_future_wait_any_create();
    f1 = flux_future_create(NULL, NULL);
    f2 = flux_future_create(begin, NULL);
    flux_future_push(any, "never", f1);
    flux_future_push(any, "timer", f2);
    ok(flux_future_get(any, NULL) == 0 && flux_future_is_ready(f2) && !flux_future_is_ready(f1),
        "one of two, waited for");
    flux_future_destroy(any);
    flux_reactor_destroy(r);
}

// ---- one after the other

static flux_future_t *later(const char *value, int failure) {
    flux_future_t *f = flux_future_create(NULL, NULL);
    if (failure) flux_future_fulfill_error(f, failure, value);
    else flux_future_fulfill(f, (void *) value, NULL);
    return f;
}

static void go_on(flux_future_t *f, void *arg) {
    note("and ");
    flux_future_continue(f, later(arg, 0));
    flux_future_destroy(f);
}

static void go_wrong(flux_future_t *f, void *arg) {
    note("and ");
    flux_future_continue_error(f, EXDEV, arg);
    flux_future_destroy(f);
}

static void go_at_once(flux_future_t *f, void *arg) {
    note("and ");
    flux_future_fulfill_next(f, arg, NULL);
    flux_future_destroy(f);
}

static void say_nothing(flux_future_t *f, void *arg) {
    note(arg);
    flux_future_destroy(f);
}

static void test_chain(const char *text, flux_future_t *first, flux_continuation_f and_cb, flux_continuation_f or_cb,
    const char *expected, const char *value, int failure, const char *why) {
    flux_future_t *next = NULL, *same = NULL;
    const void *got = NULL;
    seen[0] = 0;
    if (and_cb) next = flux_future_and_then(first, and_cb, "value");
    if (or_cb) same = flux_future_or_then(first, or_cb, "or ");
    if (next && same && next != same) ok(false, "%s: one future comes next", text);
    if (!next) next = same;
    int result = flux_future_get(next, &got);
    int reason = errno;
    ok(result == (failure ? -1 : 0) && (!failure || reason == failure), "%s: ends as it should", text);
    if (failure) is_str(flux_future_error_string(next), why, "%s: why", text);
    else is_str(got, value, "%s: the result", text);
    is_str(seen, expected, "%s: who was called", text);
    flux_future_destroy(next);
}

static void test_chains(void) {
    test_chain("success and more", later("1", 0), go_on, NULL, "and ", "value", 0, NULL);
    test_chain("success and a failure", later("1", 0), go_wrong, NULL, "and ", NULL, EXDEV, "value");
    test_chain("success and a result", later("1", 0), go_at_once, NULL, "and ", "value", 0, NULL);
    test_chain("success and nothing said", later("1", 0), say_nothing, NULL, "value", "1", 0, NULL);
    test_chain("success or else", later("1", 0), NULL, say_nothing, "", "1", 0, NULL);
    test_chain("failure and more", later("no", EPERM), go_on, NULL, "", NULL, EPERM, "no");
    test_chain("failure or else", later("no", EPERM), go_on, say_nothing, "or ", NULL, EPERM, "no");
    flux_future_t *f = later("2", 0);
    REFUSED(flux_future_continue(f, NULL) == -1, EINVAL, "nothing comes after this one");
    REFUSED(flux_future_fulfill_next(f, NULL, NULL) == -1, EINVAL, "so nothing to fulfill");
    flux_future_t *next = flux_future_and_then(f, go_on, "x");
    ok(next != NULL && next != f, "now something does");
    seen[0] = 0;
    flux_future_aux_set(f, NULL, "first ", freed);
    flux_future_aux_set(next, NULL, "next ", freed);
    flux_future_destroy(next);
    ok(strstr(seen, "first ") && strstr(seen, "next "), "destroying the next destroys the first");
}

static void go_thrice(flux_future_t *f, void *arg) {
    const void *value = NULL;
    (void) arg;
    if (flux_future_get(f, &value) == 0) note(value);
    if (value && strcmp(value, "3") == 0) {
        flux_future_fulfill_next(f, "end", NULL);
        flux_future_destroy(f);
    } else {
        flux_future_continue(f, NULL);
        flux_future_reset(f);
    }
}

static void test_long_chains(void) {
    const void *value = NULL;
    flux_reactor_t *r = flux_reactor_create(0);
    flux_future_t *f = later("1", 0);
    flux_future_fulfill(f, "2", NULL);
    flux_future_fulfill(f, "3", NULL);
    flux_future_t *next = flux_future_and_then(f, go_thrice, NULL);
    seen[0] = 0;
    ok(flux_future_get(next, &value) == 0, "after three results");
    is_str(value, "end", "the next one has its own");
    is_str(seen, "123", "all three were seen");
    flux_future_destroy(next);
    f = flux_future_create(NULL, NULL);
    flux_future_set_reactor(f, r);
    next = flux_future_and_then(f, go_on, "one");
    flux_future_t *last = flux_future_and_then(next, go_on, "two");
    ok(flux_future_get_reactor(last) == r, "the reactor is handed on");
    seen[0] = 0;
    flux_future_then(last, -1, continuation, "then ");
    flux_future_fulfill(f, NULL, NULL);
    ok(flux_reactor_run(r, 0) == 0, "a chain of three");
    is_str(seen, "and and then ", "in its order (FUT-7)");
    ok(flux_future_get(last, &value) == 0 && strcmp(value, "two") == 0, "the last result");
    flux_future_destroy(last);
    flux_reactor_destroy(r);
}

static void test_many(void) {
    for (int i = 0; i < 100000; i++) {
        flux_future_t *f = flux_future_create(NULL, NULL);
        if (i % 2) flux_future_fulfill(f, f, NULL);
        flux_future_destroy(f);
    }
    ok(true, "a hundred thousand futures come and go");
}

int main(void) {
    test_null();
    test_results();
    test_references();
    test_waiting();
    test_continuing();
    test_order();
    test_with();
    test_several();
    test_chains();
    test_long_chains();
    test_many();
    return done_testing();
}
