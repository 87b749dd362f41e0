// For programs that bring a way of their own to move messages. A connector is a table of functions about an object of
// the program's. Named in a URI, it is a shared object SCHEME.so in FLUX_CONNECTOR_PATH that has the function
// connector_init.
#ifndef FLUX_CORE_CONNECTOR_H
#define FLUX_CORE_CONNECTOR_H

#include <stddef.h>

#include "handle.h"
#include "message.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

// connector_init: gets what follows SCHEME:// (NULL for nothing), returns a handle from flux_handle_create().
typedef flux_t *(connector_init_f)(const char *uri, int flags, flux_error_t *errp);

// Every function gets the object first, and fails with -1 or NULL and errno. Those left NULL the handle cannot do.
struct flux_handle_ops {
    int (*setopt)(void *impl, const char *option, const void *val, size_t len);
    int (*getopt)(void *impl, const char *option, void *val, size_t len);
    // A descriptor whose readiness changes with pollevents; -1 while there is no connection.
    int (*pollfd)(void *impl);
    // Bits FLUX_POLLIN and its siblings.
    int (*pollevents)(void *impl);
    // The message stays the caller's. flags may hold FLUX_O_NONBLOCK: EAGAIN rather than waiting.
    int (*send)(void *impl, const flux_msg_t *msg, int flags);
    // The message passes to the caller.
    flux_msg_t *(*recv)(void *impl, int flags);
    int (*reconnect)(void *impl);
    void (*impl_destroy)(void *impl);
    // Takes the message over and sets *msg to NULL when it succeeds; used instead of send where the caller has no
    // more use for the message.
    int (*send_new)(void *impl, flux_msg_t **msg, int flags);
    void *_pad[4];
};

// A handle on the object, which `ops` must outlive. The caller closes it with flux_close().
flux_t *flux_handle_create(void *impl, const struct flux_handle_ops *ops, int flags);

// The same as flux_close().
void flux_handle_destroy(flux_t *hp);

#ifdef __cplusplus
}
#endif

#endif
