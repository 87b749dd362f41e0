// A list of messages with a place in it, for services that keep requests to answer them later. The list owns a use of
// each message. One thread at a time per list; NULL for a list is EINVAL.
#ifndef FLUX_CORE_MSGLIST_H
#define FLUX_CORE_MSGLIST_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

struct flux_msglist;

// An empty list; the caller owns it.
struct flux_msglist *flux_msglist_create(void);

// Gives back the list and its uses of messages. NULL is allowed. Keeps errno.
void flux_msglist_destroy(struct flux_msglist *l);

// Adds a message at the front, or at the end, and forgets the place. EINVAL for NULL.
int flux_msglist_push(struct flux_msglist *l, const flux_msg_t *msg);
int flux_msglist_append(struct flux_msglist *l, const flux_msg_t *msg);

// The first, the next, the last message, still the list's, and makes it the place; NULL behind the last, without
// errno, from where the next is the first again.
const flux_msg_t *flux_msglist_first(struct flux_msglist *l);
const flux_msg_t *flux_msglist_next(struct flux_msglist *l);
const flux_msg_t *flux_msglist_last(struct flux_msglist *l);

// Removes the message at the place and steps back, so that flux_msglist_next goes on as if nothing had happened.
// Without a place nothing happens.
void flux_msglist_delete(struct flux_msglist *l);

// The same, but without a place it is the first; the list's use of the message becomes the caller's. NULL when empty.
const flux_msg_t *flux_msglist_pop(struct flux_msglist *l);

// How many; 0 for NULL.
int flux_msglist_count(struct flux_msglist *l);

#ifdef __cplusplus
}
#endif

#endif
