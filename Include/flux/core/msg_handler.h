// Functions that get messages, called by the handle's reactor. A response goes to the handler of its matchtag, a
// request to the newest handler of exactly its topic; what nobody has that way goes to the newest other handler that
// matches; an event goes to all that match. A request that nobody takes is answered with ENOSYS.
#ifndef FLUX_CORE_MSG_HANDLER_H
#define FLUX_CORE_MSG_HANDLER_H

#include <stdint.h>

#include "handle.h"
#include "message.h"
#include "types.h"
#include "watcher.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct flux_msg_handler flux_msg_handler_t;

// The message is lent for the call; flux_msg_incref() keeps it.
typedef void (*flux_msg_handler_f)(flux_t *h, flux_msg_handler_t *mh, const flux_msg_t *msg, void *arg);

// A handler for what matches, not started; the caller destroys it, before or after the handle. EINVAL, or EEXIST when
// the matchtag of a response has a handler.
flux_msg_handler_t *flux_msg_handler_create(
    flux_t *h, const struct flux_match match, flux_msg_handler_f cb, void *arg);
void flux_msg_handler_destroy(flux_msg_handler_t *mh);

// A stopped handler of a topic gets nothing, and hides no handler but older ones of the same topic.
void flux_msg_handler_start(flux_msg_handler_t *mh);
void flux_msg_handler_stop(flux_msg_handler_t *mh);

// Whose messages it gets: FLUX_ROLE_OWNER always, others when allowed. Other requests are answered with EPERM.
void flux_msg_handler_allow_rolemask(flux_msg_handler_t *mh, uint32_t rolemask);
void flux_msg_handler_deny_rolemask(flux_msg_handler_t *mh, uint32_t rolemask);

struct flux_msg_handler_spec {
    int typemask;
    const char *topic_glob;
    flux_msg_handler_f cb;
    uint32_t rolemask;
};
#define FLUX_MSGHANDLER_TABLE_END {0, NULL, NULL, 0}

// Creates and starts the handlers of a table, with "SERVICE." in front of the topics unless that is NULL. *hp becomes
// an array ended by NULL, for flux_msg_handler_delvec().
int flux_msg_handler_addvec_ex(
    flux_t *h, const char *service_name, const struct flux_msg_handler_spec tab[], void *arg,
    flux_msg_handler_t **hp[]);
int flux_msg_handler_addvec(
    flux_t *h, const struct flux_msg_handler_spec tab[], void *arg, flux_msg_handler_t **msg_handlers[]);
void flux_msg_handler_delvec(flux_msg_handler_t *msg_handlers[]);

// Gives back to the connection what a clone received and no handler wanted. EINVAL for a handle that is no clone.
int flux_dispatch_requeue(flux_t *h);

// The watcher that calls the handlers, the handle's own: for ref and unref.
flux_watcher_t *flux_get_handle_watcher(flux_t *h);

#ifdef __cplusplus
}
#endif

#endif
