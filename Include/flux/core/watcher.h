// What a reactor watches. A new watcher is stopped; its callback runs on the thread that runs the reactor, and may
// stop or destroy any watcher, its own too. What makes one returns NULL with EINVAL for a reactor that is NULL, and
// the caller owns the result. A callback that is NULL is never called, but the watcher counts.
#ifndef FLUX_CORE_WATCHER_H
#define FLUX_CORE_WATCHER_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

// `revents` are FLUX_POLLIN, FLUX_POLLOUT and FLUX_POLLERR for descriptors and handles, 0 for others.
typedef void (*flux_watcher_f)(flux_reactor_t *r, flux_watcher_t *w, int revents, void *arg);

// From -2 to 2, numbers beyond are cut; 0 to begin with. For stopped check watchers; others ignore it.
void flux_watcher_set_priority(flux_watcher_t *w, int priority);

// Each may be called at any time and again, with NULL too. Destroying stops, frees, and leaves errno as it was.
void flux_watcher_start(flux_watcher_t *w);
void flux_watcher_stop(flux_watcher_t *w);
void flux_watcher_destroy(flux_watcher_t *w);

// A watcher that is unreferenced does not keep flux_reactor_run from returning.
void flux_watcher_ref(flux_watcher_t *w);
void flux_watcher_unref(flux_watcher_t *w);
bool flux_watcher_is_active(flux_watcher_t *w);
bool flux_watcher_is_referenced(flux_watcher_t *w);

// When a timer or a periodic watcher is due, in seconds since 1970. -1 with EINVAL for others.
double flux_watcher_next_wakeup(flux_watcher_t *w);

// A handle, for FLUX_POLLIN or FLUX_POLLOUT; errors are always reported. Calls back as long as the condition holds.
// The handle has to live as long as the watcher. flux_handle_watcher_get_flux: the handle; NULL with EINVAL for other
// watchers.
flux_watcher_t *flux_handle_watcher_create(flux_reactor_t *r, flux_t *h, int events, flux_watcher_f cb, void *arg);
flux_t *flux_handle_watcher_get_flux(flux_watcher_t *w);

// A descriptor, for FLUX_POLLIN or FLUX_POLLOUT; it stays the caller's. Calls back as long as the condition holds.
// One that is not open is reported once, with FLUX_POLLERR. flux_fd_watcher_get_fd: -1 with EINVAL for other
// watchers.
flux_watcher_t *flux_fd_watcher_create(flux_reactor_t *r, int fd, int events, flux_watcher_f cb, void *arg);
int flux_fd_watcher_get_fd(flux_watcher_t *w);

// So many seconds after its start, then again and again if `repeat` is not 0; otherwise it stops by itself. EINVAL
// for less than 0. Reset: new values for its next start; again: its repetition begins anew now, and without one it
// stops.
flux_watcher_t *flux_timer_watcher_create(flux_reactor_t *r, double after, double repeat, flux_watcher_f cb, void *arg);
void flux_timer_watcher_reset(flux_watcher_t *w, double after, double repeat);
void flux_timer_watcher_again(flux_watcher_t *w);

// Says when a periodic watcher is due next; a time before `now` ends it. It must not touch watchers.
typedef double (*flux_reschedule_f)(flux_watcher_t *w, double now, void *arg);

// At times of day, whatever is done to the clock: at `offset` (seconds since 1970); at `offset` plus any number of
// intervals; or when `reschedule_cb` says. EINVAL for less than 0. Reset gives it new values, and starts it.
flux_watcher_t *flux_periodic_watcher_create(
    flux_reactor_t *r, double offset, double interval, flux_reschedule_f reschedule_cb, flux_watcher_f cb, void *arg);
void flux_periodic_watcher_reset(
    flux_watcher_t *w, double next_wakeup, double interval, flux_reschedule_f reschedule_cb);

// Each turn before the loop waits, each turn after it, and each turn in which nothing else is due; the loop does not
// wait while an idle watcher is active.
flux_watcher_t *flux_prepare_watcher_create(flux_reactor_t *r, flux_watcher_f cb, void *arg);
flux_watcher_t *flux_check_watcher_create(flux_reactor_t *r, flux_watcher_f cb, void *arg);
flux_watcher_t *flux_idle_watcher_create(flux_reactor_t *r, flux_watcher_f cb, void *arg);

// A signal, which stays blocked in the thread while the watcher is active; no handler is installed. One reactor of a
// process watches a signal. EINVAL for what is no signal's number. flux_signal_watcher_get_signum: -1 with EINVAL for
// other watchers.
flux_watcher_t *flux_signal_watcher_create(flux_reactor_t *r, int signum, flux_watcher_f cb, void *arg);
int flux_signal_watcher_get_signum(flux_watcher_t *w);

// What lstat(2) says of a path: looked at every `interval` seconds (0: a usual one), and when the system reports a
// change. A path that does not exist has st_nlink 0. flux_stat_watcher_get_rstat: what it is and what it was before
// the last callback, where not NULL; -1 with EINVAL for other watchers.
flux_watcher_t *flux_stat_watcher_create(
    flux_reactor_t *r, const char *path, double interval, flux_watcher_f cb, void *arg);
int flux_stat_watcher_get_rstat(flux_watcher_t *w, struct stat *stat, struct stat *prev);

#ifdef __cplusplus
}
#endif

#endif
