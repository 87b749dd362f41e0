// A result that comes later, or several results, one after the other. A future belongs to the thread of its reactor.
// A future that is NULL gives EINVAL; what destroys allows NULL and leaves errno as it was.
#ifndef FLUX_CORE_FUTURE_H
#define FLUX_CORE_FUTURE_H

#include <stdbool.h>

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

// ---- for whoever wants the result

typedef void (*flux_continuation_f)(flux_future_t *f, void *arg);

// Has `cb` called by the future's reactor once there is a result, never from within this call; it is called again for
// further results after flux_future_reset, and may destroy the future. After `timeout` seconds without a result (if
// it is more than 0) the future fails with ETIMEDOUT. A second call replaces callback and timeout. EINVAL without a
// reactor or cb.
int flux_future_then(flux_future_t *f, double timeout, flux_continuation_f cb, void *arg);

// Waits for a result, at most `timeout` seconds if that is not negative: 0, or -1 with ETIMEDOUT, after which the
// future is what it was; EDEADLK when nothing will ever bring one; ECONNRESET and its like when the connection is
// lost.
int flux_future_wait_for(flux_future_t *f, double timeout);

bool flux_future_is_ready(flux_future_t *f);

// Drops the current result; the next one, if it has come already, takes its place.
void flux_future_reset(flux_future_t *f);

// Takes one user away; the last one frees, inside the call. A new future has one.
void flux_future_destroy(flux_future_t *f);
void flux_future_incref(flux_future_t *f);
void flux_future_decref(flux_future_t *f);

// Hangs `aux` on the future, to be freed with it (or when replaced under its name). Without a name it cannot be found
// again; without a value the name is cleared. flux_future_aux_get: ENOENT. A future fulfilled with another also finds
// that one's.
void *flux_future_aux_get(flux_future_t *f, const char *name);
int flux_future_aux_set(flux_future_t *f, const char *name, void *aux, flux_free_f destroy);

// ---- for whoever brings it

// Called once before somebody waits for the future, in each of the two ways; sets up what will fulfill it on the
// reactor that flux_future_get_reactor returns, or the handle of flux_future_get_flux.
typedef void (*flux_future_init_f)(flux_future_t *f, void *arg);

// A new future without a result; the caller owns it. `cb` may be NULL.
flux_future_t *flux_future_create(flux_future_init_f cb, void *arg);

// Waits for the result and stores it, where `result` is not NULL: it is the future's. -1 with the errno of a failure.
int flux_future_get(flux_future_t *f, const void **result);

// Brings a result, or a failure with its reason and a text that may be NULL. While there is one already the next
// waits for flux_future_reset. After a fatal error all others are ignored, and freed.
void flux_future_fulfill(flux_future_t *f, void *result, flux_free_f free_fn);
void flux_future_fulfill_error(flux_future_t *f, int errnum, const char *errstr);
void flux_future_fatal_error(flux_future_t *f, int errnum, const char *errstr);

// Brings the result of `p`, which is kept as long as `f`. EAGAIN when it has none, EEXIST when an earlier result of f
// was that of another future, EINVAL for the same.
int flux_future_fulfill_with(flux_future_t *f, flux_future_t *p);

// Whether it has failed, and why, as a text: that of the failure, or errno's; NULL when it has not. Valid until the
// result goes.
bool flux_future_has_error(flux_future_t *f);
const char *flux_future_error_string(flux_future_t *f);
#define future_strerror(__f, __errno) \
    (flux_future_has_error((__f)) ? flux_future_error_string((__f)) : flux_strerror ((__errno)))

// Where it works. Both are kept as long as the future. A handle brings its reactor if the future has none. While
// somebody waits, the getters return those that the wait runs; without any they return NULL with EINVAL.
void flux_future_set_flux(flux_future_t *f, flux_t *h);
flux_t *flux_future_get_flux(flux_future_t *f);
void flux_future_set_reactor(flux_future_t *f, flux_reactor_t *r);
flux_reactor_t *flux_future_get_reactor(flux_future_t *f);

// ---- futures of several

// Fulfilled when all children are, with the errno of one that failed if any did (without children at once); and each
// time one of the children is.
flux_future_t *flux_future_wait_all_create(void);
flux_future_t *flux_future_wait_any_create(void);

// Gives a child to `cf`, which destroys it. Children without a name get numbers for names. EEXIST for a name that is
// taken, EINVAL when cf is not of several. The first child with a handle gives it to a cf without one. The child
// finds cf as its aux "flux::parent".
int flux_future_push(flux_future_t *cf, const char *name, flux_future_t *f);

// The names of the children, one after the other, NULL after the last: the children's. And a child by its name; NULL
// with ENOENT. EINVAL when cf is not of several.
const char *flux_future_first_child(flux_future_t *cf);
const char *flux_future_next_child(flux_future_t *cf);
flux_future_t *flux_future_get_child(flux_future_t *cf, const char *name);

// ---- one after the other

// The future that comes after `f`: the same for both calls. `cb` is called when f succeeds, or when it fails; it may
// say with the calls below how the next one is fulfilled, otherwise that takes f's result. It has to destroy f, which
// goes by itself where there is no callback. Destroying the next future destroys f.
flux_future_t *flux_future_and_then(flux_future_t *f, flux_continuation_f cb, void *arg);
flux_future_t *flux_future_or_then(flux_future_t *f, flux_continuation_f cb, void *arg);

// The one after `prev` is fulfilled when `f` is; f is taken over. NULL: it is not fulfilled yet. EINVAL when none
// comes after.
int flux_future_continue(flux_future_t *prev, flux_future_t *f);

// The one after `prev` fails.
void flux_future_continue_error(flux_future_t *prev, int errnum, const char *errstr);

// The one after `prev` gets this result. EINVAL when none comes after.
int flux_future_fulfill_next(flux_future_t *prev, void *result, flux_free_f free_fn);

#ifdef __cplusplus
}
#endif

#endif
