// What is to be done to the key-value store at once, in order. Keys, values and texts are copied. EINVAL for NULL, an
// empty key, flags other than FLUX_KVS_APPEND where that is allowed, and what cannot be understood. One thread at a
// time.
#ifndef FLUX_CORE_KVS_TXN_H
#define FLUX_CORE_KVS_TXN_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct flux_kvs_txn flux_kvs_txn_t;

// An empty one; the caller owns it. destroy takes NULL and keeps errno.
flux_kvs_txn_t *flux_kvs_txn_create(void);
void flux_kvs_txn_destroy(flux_kvs_txn_t *txn);

// A value: text without its NUL (NULL is an empty value), bytes, or JSON put together as jansson's json_vpack_ex
// would, of any kind. FLUX_KVS_APPEND adds it to what is there.
int flux_kvs_txn_put(flux_kvs_txn_t *txn, int flags, const char *key, const char *value);
int flux_kvs_txn_put_raw(flux_kvs_txn_t *txn, int flags, const char *key, const void *data, size_t len);
int flux_kvs_txn_vpack(flux_kvs_txn_t *txn, int flags, const char *key, const char *fmt, va_list ap);
int flux_kvs_txn_pack(flux_kvs_txn_t *txn, int flags, const char *key, const char *fmt, ...);

// An entry as flux_kvs_lookup_get_treeobj gives it (EPROTO for what is none); an empty directory; nothing any more; a
// link to a key, in a namespace or NULL for the same.
int flux_kvs_txn_put_treeobj(flux_kvs_txn_t *txn, int flags, const char *key, const char *treeobj);
int flux_kvs_txn_mkdir(flux_kvs_txn_t *txn, int flags, const char *key);
int flux_kvs_txn_unlink(flux_kvs_txn_t *txn, int flags, const char *key);
int flux_kvs_txn_symlink(flux_kvs_txn_t *txn, int flags, const char *key, const char *ns, const char *target);

// Forgets everything; whether there is anything (NULL has nothing).
int flux_kvs_txn_clear(flux_kvs_txn_t *txn);
bool flux_kvs_txn_is_empty(flux_kvs_txn_t *txn);

#ifdef __cplusplus
}
#endif

#endif
