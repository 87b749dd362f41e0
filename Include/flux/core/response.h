// Responses as messages, and answering requests. What is read belongs to the message; what is made to the caller, for
// flux_msg_destroy. One thread at a time per message and per handle.
#ifndef FLUX_CORE_RESPONSE_H
#define FLUX_CORE_RESPONSE_H

#include <stddef.h>

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

// The topic, and the text it carries or NULL; either may be of no interest. A response that is an error fails with that
// error as errno. EINVAL for NULL, EPROTO for what is no response, has no topic, or carries something that does not end
// with NUL.
int flux_response_decode(const flux_msg_t *msg, const char **topic, const char **s);

// The same for bytes; NULL and 0 when it carries none.
int flux_response_decode_raw(const flux_msg_t *msg, const char **topic, const void **data, size_t *len);

// What an error says about itself. ENOENT when it says nothing, or is a success; EINVAL for NULL; EPROTO for what is no
// response, or carries something that does not end with NUL.
int flux_response_decode_error(const flux_msg_t *msg, const char **errstr);

// A successful response with this topic, carrying a text, or nothing for NULL. EINVAL without a topic.
flux_msg_t *flux_response_encode(const char *topic, const char *s);

// The same, carrying bytes.
flux_msg_t *flux_response_encode_raw(const char *topic, const void *data, size_t len);

// An error, with what it says about itself or NULL. EINVAL without a topic and for 0.
flux_msg_t *flux_response_encode_error(const char *topic, int errnum, const char *errstr);

// The response to a request: its topic, tag and hops, an error unless `errnum` is 0, carrying nothing. EINVAL for NULL
// and for a request that wants no response.
flux_msg_t *flux_response_derive(const flux_msg_t *request, int errnum);

// Answers a request: with a text or nothing for NULL; with a JSON object put together as flux_msg_pack does; with
// bytes or nothing for NULL; with an error, where 0 means EINVAL, and what it says about itself or NULL. Nothing is
// sent for a request that wants no response. EINVAL for NULL, else as flux_send.
int flux_respond(flux_t *h, const flux_msg_t *request, const char *s);
int flux_respond_pack(flux_t *h, const flux_msg_t *request, const char *fmt, ...);
int flux_respond_raw(flux_t *h, const flux_msg_t *request, const void *data, int len);
int flux_respond_error(flux_t *h, const flux_msg_t *request, int errnum, const char *errstr);

#ifdef __cplusplus
}
#endif

#endif
