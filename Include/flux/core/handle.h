// A handle: the connection to a broker, through which everything else goes. A handle, its clones and what was made
// from them belong to one thread at a time. What is sent from a callback of the handle's reactor, while more messages
// are at hand, may leave with what is sent a moment later; everything has left when the reactor waits or returns,
// when a call waits for something, and after flux_pollevents().
#ifndef FLUX_CORE_HANDLE_H
#define FLUX_CORE_HANDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf.h"
#include "message.h"
#include "reactor.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

// Messages that went each way since the handle was opened or the counters were cleared.
typedef struct {
    int request_tx;
    int request_rx;
    int response_tx;
    int response_rx;
    int event_tx;
    int event_rx;
    int control_tx;
    int control_rx;
} flux_msgcounters_t;

// Called when a message could not be sent or received, with errno saying why. 0 has it tried again, for instance
// after flux_reconnect(); -1 lets the call fail. Not called for errors within itself.
typedef int (*flux_comms_error_f)(flux_t *h, void *arg);

// How a handle is opened, and what flux_flags_set() and flux_flags_unset() change.
enum {
    FLUX_O_TRACE = 1,        // writes every message to stderr
    FLUX_O_CLONE = 2,        // says of a handle that it is a clone
    FLUX_O_NONBLOCK = 4,     // sending and receiving fail with EAGAIN instead of waiting
    FLUX_O_MATCHDEBUG = 8,   // writes to stderr what goes wrong with matchtags
    FLUX_O_TEST_NOSUB = 16,  // for tests: subscriptions succeed without being made
    FLUX_O_RPCTRACK = 32,    // pending requests fail with ECONNRESET when flux_reconnect() succeeds; at opening only
    FLUX_O_NOREQUEUE = 64,   // saves a descriptor, but flux_requeue() fails
};

// Where flux_requeue() puts a message.
enum {
    FLUX_RQ_HEAD = 1,
    FLUX_RQ_TAIL = 2,
};

// What flux_pollevents() says.
enum {
    FLUX_POLLIN = 1,
    FLUX_POLLOUT = 2,
    FLUX_POLLERR = 4,
};

// Names of options that the connectors here know; each says in parentheses what the value is.
#define FLUX_OPT_TESTING_USERID "flux::testing_userid"      // (uint32_t) local, loop
#define FLUX_OPT_TESTING_ROLEMASK "flux::testing_rolemask"  // (uint32_t) local, loop
#define FLUX_OPT_ROUTER_NAME "flux::router_name"            // (text) interthread: a hop in the routes of what passes
#define FLUX_OPT_SEND_QUEUE_COUNT "flux::send_queue_count"  // (size_t) interthread
#define FLUX_OPT_RECV_QUEUE_COUNT "flux::recv_queue_count"  // (size_t) interthread
#define FLUX_OPT_POLLFD_EVENTS "flux::pollfd_events"        // (int) poll(2)'s events that matter on the connector

// Opens a handle; the caller closes it. NULL stands for the environment's FLUX_URI, or the system's instance. A URI
// is local://PATH (a broker's socket), fd://N (a connected descriptor, closed with the handle),
// ssh://[USER@]HOST[:PORT]/PATH, interthread://NAME (two handles of one process), loop:// (what is sent comes back),
// SCHEME://... with SCHEME.so in FLUX_CONNECTOR_PATH, or a path through the instances from FLUX_URI: "." this one,
// ".." the one around it, "/" the outermost. EINVAL for flags or URIs that mean nothing, ENOENT for an unknown scheme
// or a missing socket (which is tried again for half a second; FLUX_LOCAL_CONNECTOR_RETRY_COUNT says how often),
// EPERM and others as the broker says.
flux_t *flux_open(const char *uri, int flags);

// As above. A failure is also told in words, unless `error` is NULL.
flux_t *flux_open_ex(const char *uri, int flags, flux_error_t *error);

// Gives back the caller's use; the last one closes the connection, after everything was sent. errno stays.
void flux_close(flux_t *h);

// Counts one more user, who calls flux_decref() or flux_close(). Returns `h`, which may be NULL.
flux_t *flux_incref(flux_t *h);
void flux_decref(flux_t *h);

// Another handle on the same connection, with a reactor, message handlers and aux items of its own. Closed by the
// caller; the original stays in use that long.
flux_t *flux_clone(flux_t *orig);

// The reactor of the handle, which owns it: made at the first call unless one was set.
flux_reactor_t *flux_get_reactor(flux_t *h);

// EEXIST when the handle has a reactor.
int flux_set_reactor(flux_t *h, flux_reactor_t *r);

// Makes a new connection in place of the old one. ENOSYS when the connector cannot.
int flux_reconnect(flux_t *h);

// `len` is the size of what `val` points to. EINVAL for an option that the connector does not have, or another size.
int flux_opt_set(flux_t *h, const char *option, const void *val, size_t len);
int flux_opt_get(flux_t *h, const char *option, void *val, size_t len);

// For the connection, so for all clones; NULL takes it away.
void flux_comms_error_set(flux_t *h, flux_comms_error_f fun, void *arg);

// What a program hangs on a handle: freed by `destroy`, if that is not NULL, with the handle or when another takes
// its name. A NULL name cannot be asked for. ENOENT when nothing is there.
void *flux_aux_get(flux_t *h, const char *name);
int flux_aux_set(flux_t *h, const char *name, void *aux, flux_free_f destroy);

// FLUX_O_RPCTRACK and FLUX_O_NOREQUEUE cannot be set any more.
void flux_flags_set(flux_t *h, int flags);
void flux_flags_unset(flux_t *h, int flags);
int flux_flags_get(flux_t *h);

// The configuration that the handle keeps, still its own; an empty one when it was given none. EINVAL for NULL.
const flux_conf_t *flux_get_conf(flux_t *h);

// Gives the handle a configuration, or none for NULL: the caller's use of it becomes the handle's. EINVAL for NULL as
// handle.
int flux_set_conf_new(flux_t *h, const flux_conf_t *conf);

// Tags for requests, the lowest free one first; FLUX_MATCHTAG_NONE and errno when there is none.
uint32_t flux_matchtag_alloc(flux_t *h);
void flux_matchtag_free(flux_t *h, uint32_t matchtag);
uint32_t flux_matchtag_avail(flux_t *h);

// Sends a copy; flags are 0 or FLUX_O_NONBLOCK. ENOSYS when the connector cannot send, EAGAIN.
int flux_send(flux_t *h, const flux_msg_t *msg, int flags);

// As above, and takes the message, setting *msg to NULL, when it succeeds. EINVAL when somebody else uses it too.
int flux_send_new(flux_t *h, flux_msg_t **msg, int flags);

// The next message that matches, which the caller destroys; others stay for later. flags are 0 or FLUX_O_NONBLOCK.
// EAGAIN when nothing is there and waiting is not wanted, ECONNRESET at the end of the connection.
flux_msg_t *flux_recv(flux_t *h, struct flux_match match, int flags);

// Puts a message back, to be received again.
int flux_requeue(flux_t *h, const flux_msg_t *msg, int flags);

// What can be done now: bits FLUX_POLLIN and its siblings.
int flux_pollevents(flux_t *h);

// A descriptor, the handle's own, for other event loops: it becomes readable when what flux_pollevents() says
// changes, and calling that makes it unreadable. Ask flux_pollevents() before waiting.
int flux_pollfd(flux_t *h);

// NULL is no place.
void flux_get_msgcounters(flux_t *h, flux_msgcounters_t *mcs);
void flux_clr_msgcounters(flux_t *h);

#ifdef __cplusplus
}
#endif

#endif
