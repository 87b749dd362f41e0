// Events: messages to everybody who subscribed to the beginning of their topic, in one order everywhere.
#ifndef FLUX_CORE_EVENT_H
#define FLUX_CORE_EVENT_H

#include <stddef.h>

#include "future.h"
#include "handle.h"
#include "message.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

enum event_flags {
    FLUX_EVENT_PRIVATE = 1,
};

// Waits until the broker has noted the subscription; each counts, and is undone by as many of the other. "" is all
// events.
int flux_event_subscribe(flux_t *h, const char *topic);
int flux_event_unsubscribe(flux_t *h, const char *topic);

// The same without waiting; flags are those of flux_rpc(). The caller destroys the future.
flux_future_t *flux_event_subscribe_ex(flux_t *h, const char *topic, int flags);
flux_future_t *flux_event_unsubscribe_ex(flux_t *h, const char *topic, int flags);

// Takes an event apart; topic and payload belong to the message and may be NULL here. EPROTO for other messages and
// payloads that are no text.
int flux_event_decode(const flux_msg_t *msg, const char **topic, const char **s);

// The payload, a JSON object, as jansson's json_unpack() takes it apart.
int flux_event_unpack(const flux_msg_t *msg, const char **topic, const char *fmt, ...);

// NULL and 0 without a payload; `data` and `len` are not NULL.
int flux_event_decode_raw(const flux_msg_t *msg, const char **topic, const void **data, size_t *len);

// An event with a text, a JSON object, or bytes; without a payload for NULL. The caller destroys it.
flux_msg_t *flux_event_encode(const char *topic, const char *s);
flux_msg_t *flux_event_pack(const char *topic, const char *fmt, ...);
flux_msg_t *flux_event_encode_raw(const char *topic, const void *data, size_t len);

// Publishes an event. The future is ready when it has its number, which does not say that everybody has it. flags are
// 0 or FLUX_MSGFLAG_PRIVATE: for the owner and the sender alone. The caller destroys the future.
flux_future_t *flux_event_publish(flux_t *h, const char *topic, int flags, const char *s);
flux_future_t *flux_event_publish_pack(flux_t *h, const char *topic, int flags, const char *fmt, ...);
flux_future_t *flux_event_publish_raw(flux_t *h, const char *topic, int flags, const void *data, size_t len);

// The event's number; waits for it.
int flux_event_publish_get_seq(flux_future_t *f, int *seq);

#ifdef __cplusplus
}
#endif

#endif
