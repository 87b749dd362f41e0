// Requests, responses and events whose payload a format says.
#include "FluxC.h"

#include <errno.h>
#include <flux/core/event.h>
#include <flux/core/future.h>
#include <flux/core/message.h>
#include <flux/core/request.h>
#include <flux/core/handle.h>
#include <flux/core/response.h>
#include <flux/core/rpc.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

flux_future_t *flux_rpc_vpack(
    flux_t *h, const char *topic, uint32_t nodeid, int flags, const char *fmt, va_list ap) {
    if (!h || flags & ~(FLUX_RPC_NORESPONSE | FLUX_RPC_STREAMING)) {
        errno = EINVAL;
        return NULL;
    }
    flux_msg_t *request = flux_request_encode(topic, NULL);
    if (!request) return NULL;
    flux_future_t *f = NULL;
    if (flux_msg_vpack(request, fmt, ap) == 0) f = muster_rpc_send(h, request, nodeid, flags);
    flux_msg_destroy(request);
    return f;
}

flux_future_t *flux_rpc_pack(flux_t *h, const char *topic, uint32_t nodeid, int flags, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    flux_future_t *f = flux_rpc_vpack(h, topic, nodeid, flags, fmt, ap);
    va_end(ap);
    return f;
}

int flux_rpc_get_unpack(flux_future_t *f, const char *fmt, ...) {
    const void *response;
    if (flux_future_get(f, &response) < 0) return -1;
    va_list ap;
    va_start(ap, fmt);
    int result = flux_msg_vunpack(response, fmt, ap);
    va_end(ap);
    return result;
}

flux_msg_t *flux_event_pack(const char *topic, const char *fmt, ...) {
    flux_msg_t *event = flux_event_encode(topic, NULL);
    if (!event) return NULL;
    va_list ap;
    va_start(ap, fmt);
    int result = flux_msg_vpack(event, fmt, ap);
    va_end(ap);
    if (result == 0) return event;
    flux_msg_destroy(event);
    return NULL;
}

int flux_event_unpack(const flux_msg_t *msg, const char **topic, const char *fmt, ...) {
    const char *found;
    const void *data;
    size_t length;
    if (flux_event_decode_raw(msg, &found, &data, &length) < 0) return -1;
    va_list ap;
    va_start(ap, fmt);
    int result = flux_msg_vunpack(msg, fmt, ap);
    va_end(ap);
    if (result == 0 && topic) *topic = found;
    return result;
}

flux_future_t *flux_event_publish_pack(flux_t *h, const char *topic, int flags, const char *fmt, ...) {
    if (!h || !topic || !fmt) {
        errno = EINVAL;
        return NULL;
    }
    va_list ap;
    va_start(ap, fmt);
    json_t *json = json_vpack_ex(NULL, 0, fmt, ap);
    va_end(ap);
    if (!json) {
        errno = EINVAL;
        return NULL;
    }
    char *text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    if (!text) {
        errno = EINVAL;
        return NULL;
    }
    flux_future_t *f = flux_event_publish_raw(h, topic, flags, text, strlen(text) + 1);
    free(text);
    return f;
}

int flux_respond_pack(flux_t *h, const flux_msg_t *request, const char *fmt, ...) {
    if (!h || !request || !fmt) {
        errno = EINVAL;
        return -1;
    }
    if (flux_msg_is_noresponse(request)) return 0;
    flux_msg_t *response = flux_response_derive(request, 0);
    if (!response) return -1;
    va_list ap;
    va_start(ap, fmt);
    int result = flux_msg_vpack(response, fmt, ap);
    va_end(ap);
    if (result == 0) result = flux_send_new(h, &response, 0);
    flux_msg_destroy(response);
    return result;
}
