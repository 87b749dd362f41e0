// Requests as messages: for services that read them, and for senders that do not use rpc.h. What is read belongs to the
// message; what is made to the caller, for flux_msg_destroy. One thread at a time per message.
#ifndef FLUX_CORE_REQUEST_H
#define FLUX_CORE_REQUEST_H

#include <stddef.h>

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

// The topic, and the text it carries or NULL; either may be of no interest. EINVAL for NULL, EPROTO for what is no
// request, has no topic, or carries something that does not end with NUL.
int flux_request_decode(const flux_msg_t *msg, const char **topic, const char **s);

// The topic, and the members of the JSON object it carries, as flux_msg_unpack takes them apart. EINVAL also for NULL
// as the format, EPROTO also without such an object.
int flux_request_unpack(const flux_msg_t *msg, const char **topic, const char *fmt, ...);

// The topic, and the bytes it carries or NULL and 0. EINVAL also for NULL in the last two.
int flux_request_decode_raw(const flux_msg_t *msg, const char **topic, const void **data, size_t *len);

// A request to any node with this topic, carrying a text or nothing for NULL. EINVAL without a topic.
flux_msg_t *flux_request_encode(const char *topic, const char *s);

// The same, carrying bytes.
flux_msg_t *flux_request_encode_raw(const char *topic, const void *data, size_t len);

#ifdef __cplusplus
}
#endif

#endif
