// What the tests of the reactor share: watchers that say their name when they are called.
#ifndef MUSTER_TURNS_H
#define MUSTER_TURNS_H

#include "tap.h"

#include <errno.h>
#include <flux/core.h>
#include <stdbool.h>
#include <string.h>

#define IN 1
#define OUT 2
#define ERR 4

static char seen[256];

static void note(const char *what) {
    if (strlen(seen) + strlen(what) + 1 < sizeof(seen)) strcat(seen, what);
}

// What a callback does besides saying its name.
struct act {
    const char *name;
    int left;  // stops its watcher when it reaches 0
    flux_watcher_t *start, *stop, *destroy;
    bool stop_loop, fail_loop;
};

static void callback(flux_reactor_t *r, flux_watcher_t *w, int revents, void *arg) {
    struct act *act = arg;
    (void) revents;
    note(act->name);
    if (act->left > 0 && --act->left == 0) flux_watcher_stop(w);
    flux_watcher_start(act->start);
    flux_watcher_stop(act->stop);
    flux_watcher_destroy(act->destroy);
    act->destroy = NULL;
    if (act->stop_loop) flux_reactor_stop(r);
    if (act->fail_loop) {
        errno = ESRCH;
        flux_reactor_stop_error(r);
    }
}

static void run(flux_reactor_t *r, int turns) {
    seen[0] = 0;
    for (int i = 0; i < turns; i++) flux_reactor_run(r, FLUX_REACTOR_NOWAIT);
}

// Start and stop, referenced and not, of any kind.
static void check_states(flux_watcher_t *w, const char *kind) {
    bool fine = w && !flux_watcher_is_active(w) && flux_watcher_is_referenced(w);
    flux_watcher_unref(w);
    fine = fine && !flux_watcher_is_referenced(w) && !flux_watcher_is_active(w);
    flux_watcher_start(w);
    fine = fine && flux_watcher_is_active(w) && !flux_watcher_is_referenced(w);
    flux_watcher_ref(w);
    fine = fine && flux_watcher_is_active(w) && flux_watcher_is_referenced(w);
    flux_watcher_start(w);
    flux_watcher_stop(w);
    flux_watcher_stop(w);
    fine = fine && !flux_watcher_is_active(w) && flux_watcher_is_referenced(w);
    ok(fine, "%s: started, stopped, referenced, unreferenced", kind);
}

#endif
