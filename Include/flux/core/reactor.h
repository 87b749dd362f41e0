// The event loop. A turn of it: prepare watchers; then it waits for descriptors and times; idle watchers are due only
// when nothing else is; then check watchers, highest priority first, and what else is due. Among equals the one
// started last runs first. A reactor belongs to one thread at a time.
#ifndef FLUX_CORE_REACTOR_H
#define FLUX_CORE_REACTOR_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

// How flux_reactor_run runs.
enum {
    FLUX_REACTOR_NOWAIT = 1,  // one turn, without waiting for anything
    FLUX_REACTOR_ONCE = 2,    // one turn, which waits until something is due
};

// A new reactor; `flags` is 0, otherwise NULL with EINVAL. The caller owns it. flux_reactor_destroy and
// flux_reactor_decref are the same: the last of them frees. Watchers keep their reactor. errno stays as it was; NULL
// is allowed.
flux_reactor_t *flux_reactor_create(int flags);
void flux_reactor_destroy(flux_reactor_t *r);
void flux_reactor_incref(flux_reactor_t *r);
void flux_reactor_decref(flux_reactor_t *r);

// Runs callbacks until no referenced watcher is active: 0. Stopped before: how many still are. After
// flux_reactor_stop_error: -1 with the errno that it was called with. EINVAL for other flags, or NULL. May be called
// from a callback.
int flux_reactor_run(flux_reactor_t *r, int flags);

// From a callback: the run ends after what is due in this turn, with success or with an error whose reason is errno.
void flux_reactor_stop(flux_reactor_t *r);
void flux_reactor_stop_error(flux_reactor_t *r);

// Seconds since 1970: when the current turn woke up, which is what times of watchers count from; the same brought up
// to date; and by the clock itself. -1 with EINVAL for NULL.
double flux_reactor_now(flux_reactor_t *r);
void flux_reactor_now_update(flux_reactor_t *r);
double flux_reactor_time(void);

#ifdef __cplusplus
}
#endif

#endif
