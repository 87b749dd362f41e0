// JSON in and out of the key-value store by format.
#include "FluxC.h"

#include <errno.h>
#include <flux/core/kvs.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

int flux_kvs_txn_vpack(flux_kvs_txn_t *txn, int flags, const char *key, const char *fmt, va_list ap) {
    json_t *json = txn && key && fmt ? json_vpack_ex(NULL, 0, fmt, ap) : NULL;
    char *text = json ? json_dumps(json, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
    json_decref(json);
    if (!text) {
        errno = EINVAL;
        return -1;
    }
    int result = flux_kvs_txn_put_raw(txn, flags, key, text, strlen(text));
    free(text);
    return result;
}

int flux_kvs_txn_pack(flux_kvs_txn_t *txn, int flags, const char *key, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    int result = flux_kvs_txn_vpack(txn, flags, key, fmt, ap);
    va_end(ap);
    return result;
}

int flux_kvs_lookup_get_unpack(flux_future_t *f, const char *fmt, ...) {
    json_t *json = muster_kvs_lookup_json(f);
    if (!json) return -1;
    va_list ap;
    va_start(ap, fmt);
    int result = fmt ? json_vunpack_ex(json, NULL, 0, fmt, ap) : -1;
    va_end(ap);
    if (result < 0) errno = EINVAL;
    return result;
}
