// Remote procedure calls: a request to a service, and a future of the response. The getters wait for the response;
// what they return belongs to the future and stays until it is reset or destroyed. Destroying a future early is
// allowed: its matchtag is then taken until the response comes (of a streaming call: until its last, which is an
// error).
#ifndef FLUX_CORE_RPC_H
#define FLUX_CORE_RPC_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "future.h"
#include "handle.h"
#include "message.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    FLUX_RPC_NORESPONSE = 1,  // nothing is expected: the future is ready at once, its value NULL
    FLUX_RPC_STREAMING = 2,   // responses until one is an error: get, reset, get... ENODATA is the usual end
};

// Sends a request to the service that `topic` begins with: to the first one on the way (FLUX_NODEID_ANY), the first
// one beyond this broker (FLUX_NODEID_UPSTREAM) or that of a rank. `s` is the payload, sent with its NUL; NULL sends
// none. The caller destroys the future. EINVAL for missing arguments and flags that mean nothing, ENOSYS when the
// handle cannot send. An unknown service answers with ENOSYS, an unknown rank with EHOSTUNREACH.
flux_future_t *flux_rpc(flux_t *h, const char *topic, const char *s, uint32_t nodeid, int flags);

// The payload is the JSON object that jansson's json_pack() makes of `fmt`; EINVAL when it makes none.
flux_future_t *flux_rpc_pack(flux_t *h, const char *topic, uint32_t nodeid, int flags, const char *fmt, ...);
flux_future_t *flux_rpc_vpack(flux_t *h, const char *topic, uint32_t nodeid, int flags, const char *fmt, va_list ap);

// The payload is `len` bytes of any kind; NULL sends none. N.B. before 0.70 `len` was an int, as was that of
// flux_rpc_get_raw().
flux_future_t *flux_rpc_raw(
    flux_t *h, const char *topic, const void *data, size_t len, uint32_t nodeid, int flags);

// Sends a copy of a request, completed by nodeid, matchtag and flags. EINVAL for other messages.
flux_future_t *flux_rpc_message(flux_t *h, const flux_msg_t *msg, uint32_t nodeid, int flags);

// 0 and the payload's text, NULL when there is none (`s` may be NULL); else -1 and the error that was answered, of
// which flux_future_error_string() says more. EPROTO when the payload is no text.
int flux_rpc_get(flux_future_t *f, const char **s);

// Takes the payload, a JSON object, apart as jansson's json_unpack() does. EPROTO when it is none, or not as `fmt`
// says.
int flux_rpc_get_unpack(flux_future_t *f, const char *fmt, ...);

// The payload's bytes: NULL and 0 when there is none.
int flux_rpc_get_raw(flux_future_t *f, const void **data, size_t *len);

// What the request was sent with; FLUX_MATCHTAG_NONE and FLUX_NODEID_ANY for a future that is no RPC's.
uint32_t flux_rpc_get_matchtag(flux_future_t *f);
uint32_t flux_rpc_get_nodeid(flux_future_t *f);

#ifdef __cplusplus
}
#endif

#endif
