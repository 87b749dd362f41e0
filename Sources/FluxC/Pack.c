// JSON in and out of messages by format: jansson's tokens, as every pack and unpack of this library takes them.
#include "FluxC.h"

#include <errno.h>
#include <flux/core/message.h>
#include <flux/core/request.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>

int flux_match_asprintf(struct flux_match *m, const char *topic_glob_fmt, ...) {
    if (!m || !topic_glob_fmt) {
        errno = EINVAL;
        return -1;
    }
    char *topic = NULL;
    va_list ap;
    va_start(ap, topic_glob_fmt);
    int length = vasprintf(&topic, topic_glob_fmt, ap);
    va_end(ap);
    if (length < 0) return -1;
    m->topic_glob = topic;
    return 0;
}

static int refuse(const flux_msg_t *msg, const char *reason, int code) {
    muster_msg_set_last_error(msg, reason);
    errno = code;
    return -1;
}

// Most payloads are small: they are written on the stack and copied once, into the message.
static int set_text_of(flux_msg_t *msg, const json_t *json) {
    char room[1024];
    size_t length = json_dumpb(json, room, sizeof room, JSON_COMPACT);
    if (length == 0) return refuse(msg, "the object has no text", EINVAL);
    if (length <= sizeof room) return muster_msg_set_text(msg, room, length);
    char *text = malloc(length);
    if (!text) return refuse(msg, "no memory for the text", ENOMEM);
    length = json_dumpb(json, text, length, JSON_COMPACT);
    int result = muster_msg_set_text(msg, text, length);
    free(text);
    return result;
}

int flux_msg_vpack(flux_msg_t *msg, const char *fmt, va_list ap) {
    if (!msg) {
        errno = EINVAL;
        return -1;
    }
    muster_msg_set_last_error(msg, NULL);
    if (!fmt || !*fmt) {
        errno = EINVAL;
        return -1;
    }
    json_error_t error;
    json_t *json = json_vpack_ex(&error, 0, fmt, ap);
    if (!json) return refuse(msg, error.text, EINVAL);
    int result = json_is_object(json) ? set_text_of(msg, json) : refuse(msg, "a payload must be an object", EINVAL);
    int code = errno;
    json_decref(json);
    errno = code;
    return result;
}

int flux_msg_pack(flux_msg_t *msg, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    int result = flux_msg_vpack(msg, fmt, ap);
    va_end(ap);
    return result;
}

int flux_msg_vunpack(const flux_msg_t *msg, const char *fmt, va_list ap) {
    if (!msg) {
        errno = EINVAL;
        return -1;
    }
    muster_msg_set_last_error(msg, NULL);
    if (!fmt || !*fmt) {
        errno = EINVAL;
        return -1;
    }
    json_t *json = muster_msg_json(msg);
    if (!json) return -1;
    json_error_t error;
    if (json_vunpack_ex(json, &error, 0, fmt, ap) < 0) return refuse(msg, error.text, EPROTO);
    return 0;
}

int flux_msg_unpack(const flux_msg_t *msg, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    int result = flux_msg_vunpack(msg, fmt, ap);
    va_end(ap);
    return result;
}

int flux_request_unpack(const flux_msg_t *msg, const char **topic, const char *fmt, ...) {
    const char *found;
    if (!fmt) {
        errno = EINVAL;
        return -1;
    }
    if (flux_request_decode(msg, &found, NULL) < 0) return -1;
    va_list ap;
    va_start(ap, fmt);
    int result = flux_msg_vunpack(msg, fmt, ap);
    va_end(ap);
    if (result == 0 && topic) *topic = found;
    return result;
}
