// For services that keep requests to answer them later: what to do when the sender disconnects or cancels.
#ifndef FLUX_CORE_DISCONNECT_H
#define FLUX_CORE_DISCONNECT_H

#include <stdbool.h>

#include "handle.h"
#include "message.h"
#include "msglist.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

// Whether the disconnect request `msg1` comes from the sender of `msg2`, or rather from somebody who may act for
// them.
bool flux_disconnect_match(const flux_msg_t *msg1, const flux_msg_t *msg2);

// Removes the requests of the sender of `msg`: how many.
int flux_msglist_disconnect(struct flux_msglist *l, const flux_msg_t *msg);

// Whether the cancel request `msg1` ({"matchtag":i}) is about `msg2`.
bool flux_cancel_match(const flux_msg_t *msg1, const flux_msg_t *msg2);

// Answers the first request that `msg` cancels with ENODATA and removes it: 1, 0 when there is none, -1.
int flux_msglist_cancel(flux_t *h, struct flux_msglist *l, const flux_msg_t *msg);

#ifdef __cplusplus
}
#endif

#endif
