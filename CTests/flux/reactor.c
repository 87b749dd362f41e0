// compare: reference
// The reactor: the order of a turn, who keeps it running, timers. What else is watched is in watchers.c.
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <flux/core.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "turns.h"

static void test_nothing(void) {
    errno = 0;
    ok(!flux_reactor_create(0xffff) && errno == EINVAL, "a reactor has no flags");
    flux_reactor_t *r = flux_reactor_create(0);
    ok(r != NULL, "a reactor");
    ok(flux_reactor_run(r, 0) == 0, "with nothing to do it returns at once");
    errno = 0;
    ok(flux_reactor_run(r, 0xffff) == -1 && errno == EINVAL, "unknown ways of running are refused");
    flux_reactor_incref(r);
    flux_reactor_decref(r);
    ok(flux_reactor_run(r, 0) == 0, "one of two users has gone");
    double before = flux_reactor_time();
    flux_reactor_now_update(r);
    ok(flux_reactor_now(r) >= before - 0.001 && flux_reactor_now(r) <= flux_reactor_time() + 0.001,
        "it knows the time");
    errno = EPERM;
    flux_reactor_destroy(r);
    ok(errno == EPERM, "destroying keeps errno");
    flux_reactor_destroy(NULL);
    flux_reactor_incref(NULL);
    flux_reactor_decref(NULL);
#ifndef MUSTER_ORIGINAL
    errno = 0;
    ok(flux_reactor_run(NULL, 0) == -1 && errno == EINVAL, "no reactor to run");
    flux_reactor_stop(NULL);
    flux_reactor_stop_error(NULL);
    flux_reactor_now_update(NULL);
    errno = 0;
    ok(flux_reactor_now(NULL) == -1 && errno == EINVAL, "no reactor, no time");
#endif
}

static void test_null(void) {
    flux_watcher_start(NULL);
    flux_watcher_stop(NULL);
    flux_watcher_ref(NULL);
    flux_watcher_unref(NULL);
    flux_watcher_destroy(NULL);
    flux_watcher_set_priority(NULL, 1);
    flux_timer_watcher_reset(NULL, 1, 1);
    flux_timer_watcher_again(NULL);
    ok(!flux_watcher_is_active(NULL), "nothing is not active");
    ok(flux_watcher_is_referenced(NULL), "nothing is referenced");
#define REFUSED(what, text) errno = 0, ok(!(what) && errno == EINVAL, text)
    REFUSED(flux_fd_watcher_create(NULL, 0, IN, callback, NULL), "fd: no reactor");
    REFUSED(flux_timer_watcher_create(NULL, 0, 0, callback, NULL), "timer: no reactor");
    REFUSED(flux_periodic_watcher_create(NULL, 0, 0, NULL, callback, NULL), "periodic: no reactor");
    REFUSED(flux_prepare_watcher_create(NULL, callback, NULL), "prepare: no reactor");
    REFUSED(flux_check_watcher_create(NULL, callback, NULL), "check: no reactor");
    REFUSED(flux_idle_watcher_create(NULL, callback, NULL), "idle: no reactor");
    REFUSED(flux_signal_watcher_create(NULL, SIGUSR1, callback, NULL), "signal: no reactor");
    REFUSED(flux_stat_watcher_create(NULL, "/", 0, callback, NULL), "stat: no reactor");
    REFUSED(flux_handle_watcher_create(NULL, NULL, IN, callback, NULL), "handle: no reactor");
    REFUSED(flux_handle_watcher_get_flux(NULL), "handle: no watcher");
    errno = 0;
    ok(flux_fd_watcher_get_fd(NULL) == -1 && errno == EINVAL, "fd of nothing");
    errno = 0;
    ok(flux_signal_watcher_get_signum(NULL) == -1 && errno == EINVAL, "signal of nothing");
    errno = 0;
    ok(flux_watcher_next_wakeup(NULL) == -1 && errno == EINVAL, "nothing is never due");
#ifndef MUSTER_ORIGINAL
    flux_periodic_watcher_reset(NULL, 0, 0, NULL);
    errno = 0;
    ok(flux_stat_watcher_get_rstat(NULL, NULL, NULL) == -1 && errno == EINVAL, "stat of nothing");
    flux_reactor_t *r = flux_reactor_create(0);
    REFUSED(flux_stat_watcher_create(r, NULL, 0, callback, NULL), "stat: no path");
    REFUSED(flux_signal_watcher_create(r, 0, callback, NULL), "signal: none");
    REFUSED(flux_signal_watcher_create(r, 4000, callback, NULL), "signal: no such");
    REFUSED(flux_handle_watcher_create(r, NULL, IN, callback, NULL), "handle: none");
    flux_reactor_destroy(r);
#endif
}

static void test_order(void) {
    flux_reactor_t *r = flux_reactor_create(0);
    struct act names[] = {{.name = "p1 "}, {.name = "p2 "}, {.name = "c1 "}, {.name = "c2 "},
        {.name = "high "}, {.name = "i1 "}, {.name = "i2 "}, {.name = "timer "}};
    flux_watcher_t *w[8];
    w[0] = flux_prepare_watcher_create(r, callback, &names[0]);
    w[1] = flux_prepare_watcher_create(r, callback, &names[1]);
    w[2] = flux_check_watcher_create(r, callback, &names[2]);
    w[3] = flux_check_watcher_create(r, callback, &names[3]);
    w[4] = flux_check_watcher_create(r, callback, &names[4]);
    w[5] = flux_idle_watcher_create(r, callback, &names[5]);
    w[6] = flux_idle_watcher_create(r, callback, &names[6]);
    w[7] = flux_timer_watcher_create(r, 0, 0, callback, &names[7]);
    check_states(w[0], "prepare");
    check_states(w[2], "check");
    check_states(w[5], "idle");
    check_states(w[7], "timer");
    flux_watcher_set_priority(w[4], 2);
    for (int i = 0; i < 8; i++) flux_watcher_start(w[i]);
    run(r, 1);
    is_str(seen, "p2 p1 high c2 c1 timer ", "the first turn (LOOP-1)");
    run(r, 1);
    is_str(seen, "p2 p1 high c2 c1 i2 i1 ", "idle ones only when nothing else is due (LOOP-2)");
    flux_watcher_stop(w[1]);
    flux_watcher_stop(w[2]);
    flux_watcher_stop(w[6]);
    flux_watcher_start(w[2]);
    run(r, 1);
    is_str(seen, "p1 high c1 c2 i1 ", "started anew is the newest");
    names[4].stop = w[5];
    run(r, 1);
    is_str(seen, "p1 high c1 c2 ", "one that is stopped before its turn is not called");
    for (int i = 0; i < 8; i++) flux_watcher_destroy(w[i]);
    flux_reactor_destroy(r);
}

static void test_places(void) {
    flux_reactor_t *r = flux_reactor_create(0);
    struct act names[] = {{.name = "a"}, {.name = "b"}, {.name = "c"}, {.name = "d"}, {.name = "e"}};
    flux_watcher_t *w[5];
    for (int i = 0; i < 5; i++) {
        w[i] = flux_check_watcher_create(r, callback, &names[i]);
        flux_watcher_start(w[i]);
    }
    flux_watcher_stop(w[1]);
    run(r, 1);
    is_str(seen, "dcea", "the newest takes the place of one that leaves");
    flux_watcher_start(w[1]);
    run(r, 1);
    is_str(seen, "bdcea", "which comes back as the newest");
    const int priorities[] = {0, -2, 1, 2, -1};
    for (int i = 0; i < 5; i++) {
        flux_watcher_stop(w[i]);
        flux_watcher_set_priority(w[i], priorities[i]);
    }
    for (int i = 0; i < 5; i++) flux_watcher_start(w[i]);
    run(r, 1);
    is_str(seen, "dcaeb", "five priorities");
    flux_watcher_stop(w[0]);
    flux_watcher_set_priority(w[0], 99);
    flux_watcher_start(w[0]);
    run(r, 1);
    is_str(seen, "adceb", "a priority beyond the highest is the highest");
    for (int i = 0; i < 5; i++) flux_watcher_destroy(w[i]);
    flux_reactor_destroy(r);
}

static void test_references(void) {
    flux_reactor_t *r = flux_reactor_create(0);
    struct act idle = {.name = "i", .left = 3};
    struct act stop = {.name = "s", .stop_loop = true};
    struct act fail = {.name = "f", .fail_loop = true};
    flux_watcher_t *w = flux_idle_watcher_create(r, callback, &idle);
    flux_watcher_start(w);
    seen[0] = 0;
    ok(flux_reactor_run(r, 0) == 0, "runs until nothing is active");
    is_str(seen, "iii", "which is after three turns");
    flux_watcher_unref(w);
    flux_watcher_start(w);
    seen[0] = 0;
    ok(flux_reactor_run(r, 0) == 0, "an unreferenced one does not keep it running (LOOP-3)");
    is_str(seen, "i", "but had its turn");
    flux_watcher_destroy(w);
    w = flux_check_watcher_create(r, callback, &stop);
    flux_watcher_start(w);
    flux_watcher_t *other = flux_timer_watcher_create(r, 0.001, 0.001, callback, &stop);
    flux_watcher_start(other);
    ok(flux_reactor_run(r, 0) > 0, "stopped, it says that some are active");
    flux_watcher_destroy(w);
    w = flux_timer_watcher_create(r, 0, 0, callback, &fail);
    flux_watcher_start(w);
    flux_watcher_stop(other);
    errno = 0;
    ok(flux_reactor_run(r, 0) == -1 && errno == ESRCH, "stopped with an error, it returns the error (LOOP-4)");
    ok(flux_reactor_run(r, 0) == 0, "and runs again");
    flux_watcher_destroy(w);
    flux_watcher_destroy(other);
    w = flux_idle_watcher_create(r, NULL, NULL);
    flux_watcher_start(w);
    ok(flux_reactor_run(r, FLUX_REACTOR_ONCE) > 0, "one turn, with a watcher that calls nobody");
    flux_reactor_destroy(r);
    flux_watcher_destroy(w);
    ok(true, "a reactor may be destroyed before its watchers");
}

static void test_destroy_inside(void) {
    flux_reactor_t *r = flux_reactor_create(0);
    struct act first = {.name = "1"}, second = {.name = "2"}, own = {.name = "own"};
    flux_watcher_t *a = flux_timer_watcher_create(r, 0, 0, callback, &first);
    flux_watcher_t *b = flux_check_watcher_create(r, callback, &second);
    second.destroy = a;
    flux_watcher_start(a);
    flux_watcher_start(b);
    run(r, 1);
    is_str(seen, "2", "a due timer that is destroyed is not called");
    flux_watcher_destroy(b);
    own.destroy = b = flux_check_watcher_create(r, callback, &own);
    flux_watcher_start(b);
    run(r, 2);
    is_str(seen, "own", "a watcher destroys itself");
    flux_reactor_destroy(r);
}

static void test_timers(void) {
    flux_reactor_t *r = flux_reactor_create(0);
    struct act once = {.name = "t"}, thrice = {.name = "r", .left = 3}, late = {.name = "late "},
        soon = {.name = "soon "};
    errno = 0;
    ok(!flux_timer_watcher_create(r, -1, 0, callback, NULL) && errno == EINVAL, "timer: not before now");
    errno = 0;
    ok(!flux_timer_watcher_create(r, 0, -1, callback, NULL) && errno == EINVAL, "timer: not backwards");
    flux_watcher_t *w = flux_timer_watcher_create(r, 0.01, 0, callback, &once);
    double start = flux_reactor_time();
    flux_reactor_now_update(r);
    flux_watcher_start(w);
    double due = flux_watcher_next_wakeup(w) - flux_reactor_now(r);
    ok(due > 0.009 && due < 0.011, "it says when it is due");
    seen[0] = 0;
    ok(flux_reactor_run(r, 0) == 0 && !flux_watcher_is_active(w), "once, and it stops by itself");
    ok(strcmp(seen, "t") == 0 && flux_reactor_time() - start >= 0.0099, "not too early");
    flux_timer_watcher_again(w);
    ok(!flux_watcher_is_active(w), "without a repetition there is none");
    flux_timer_watcher_reset(w, 0.002, 0.003);
    flux_timer_watcher_again(w);
    due = flux_watcher_next_wakeup(w) - flux_reactor_now(r);
    ok(flux_watcher_is_active(w) && due > 0.0025 && due < 0.0035, "with one it starts with that");
    flux_watcher_stop(w);
    flux_watcher_destroy(w);
    w = flux_timer_watcher_create(r, 0.001, 0.001, callback, &thrice);
    flux_watcher_start(w);
    seen[0] = 0;
    ok(flux_reactor_run(r, 0) == 0, "again and again, until it is stopped");
    is_str(seen, "rrr", "three times");
    flux_watcher_destroy(w);
    w = flux_timer_watcher_create(r, 0.002, 0, callback, &late);
    flux_watcher_t *v = flux_timer_watcher_create(r, 0.001, 0, callback, &soon);
    flux_watcher_start(w);
    flux_watcher_start(v);
    usleep(5000);
    run(r, 2);
    is_str(seen, "soon late ", "timers due in one turn run in the order of their times (LOOP-5)");
    flux_watcher_destroy(w);
    flux_watcher_destroy(v);
    w = flux_timer_watcher_create(r, 100, 0, callback, &late);
    flux_watcher_unref(w);
    flux_watcher_start(w);
    ok(flux_reactor_run(r, 0) == 0, "nobody waits for an unreferenced timer");
    flux_watcher_destroy(w);
    flux_reactor_destroy(r);
}

static void nested(flux_reactor_t *r, flux_watcher_t *w, int revents, void *arg) {
    (void) revents, (void) arg;
    note("out ");
    flux_watcher_stop(w);
    flux_reactor_run(r, FLUX_REACTOR_NOWAIT);
    note("back ");
}

static void test_nested(void) {
    flux_reactor_t *r = flux_reactor_create(0);
    struct act inner = {.name = "in "};
    flux_watcher_t *w = flux_check_watcher_create(r, nested, NULL);
    flux_watcher_t *v = flux_check_watcher_create(r, callback, &inner);
    flux_watcher_start(v);
    flux_watcher_start(w);
    run(r, 1);
    is_str(seen, "out in in back ", "a callback runs the loop: what was due runs there");
    flux_watcher_destroy(w);
    flux_watcher_destroy(v);
    flux_reactor_destroy(r);
}

int main(void) {
    test_nothing();
    test_null();
    test_order();
    test_places();
    test_references();
    test_destroy_inside();
    test_timers();
    test_nested();
    return done_testing();
}
