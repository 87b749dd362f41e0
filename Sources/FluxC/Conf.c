// JSON in and out of configurations by format.
#include "FluxC.h"

#include <errno.h>
#include <flux/core/conf.h>
#include <jansson.h>
#include <string.h>

int flux_conf_vunpack(const flux_conf_t *conf, flux_error_t *error, const char *fmt, va_list ap) {
    json_error_t reason;
    json_t *object = muster_conf_json(conf);
    if (!object || !fmt || !*fmt) {
        muster_error_fill(error, strerrordesc_np(EINVAL));
    } else if (json_vunpack_ex(object, &reason, 0, fmt, ap) < 0) {
        muster_error_fill(error, reason.text);
    } else {
        return 0;
    }
    errno = EINVAL;
    return -1;
}

int flux_conf_unpack(const flux_conf_t *conf, flux_error_t *error, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    int result = flux_conf_vunpack(conf, error, fmt, ap);
    va_end(ap);
    return result;
}

flux_conf_t *flux_conf_vpack(const char *fmt, va_list ap) {
    json_t *object = fmt ? json_vpack_ex(NULL, 0, fmt, ap) : NULL;
    if (!object) {
        errno = EINVAL;
        return NULL;
    }
    return muster_conf_adopt(object);
}

flux_conf_t *flux_conf_pack(const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    flux_conf_t *conf = flux_conf_vpack(fmt, ap);
    va_end(ap);
    return conf;
}
