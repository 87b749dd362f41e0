// Reading the key-value store. The futures are the caller's. What they are asked for is lent until the future is reset
// or destroyed. NULL and futures of something else are EINVAL; asking a future that is not ready waits for it.
#ifndef FLUX_CORE_KVS_LOOKUP_H
#define FLUX_CORE_KVS_LOOKUP_H

#include <stddef.h>

#include "kvs_dir.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

// Looks a key up in a namespace; NULL is the one that FLUX_KVS_NAMESPACE in the environment names, else "primary".
// `flags` of kvs.h: what is wanted (FLUX_KVS_READDIR, _READLINK, _TREEOBJ), whether to wait for it (_WAITCREATE), and
// whether there is to be a stream of answers (_WATCH with its kinds, _STREAM), each taken with flux_future_reset.
// EINVAL for flags that do not go together.
flux_future_t *flux_kvs_lookup(flux_t *h, const char *ns, int flags, const char *key);

// Looks a key up below an entry that flux_kvs_lookup_get_treeobj or flux_kvs_getroot_get_treeobj gave. EINVAL for
// flags that wait.
flux_future_t *flux_kvs_lookupat(flux_t *h, int flags, const char *key, const char *treeobj);

// A value as text, a NUL behind it, or as bytes; NULL for an empty one, and for the answer that
// FLUX_KVS_WATCH_INITIAL_SENTINEL asks for. EINVAL for what is no value, EPROTO for an answer that cannot be
// understood, else the answer's error: ENOENT, EISDIR, ENOTDIR, ...
int flux_kvs_lookup_get(flux_future_t *f, const char **value);
int flux_kvs_lookup_get_raw(flux_future_t *f, const void **data, size_t *len);

// A value that is JSON, taken apart as jansson's json_vunpack_ex would. EINVAL also when it is otherwise than the
// format says.
int flux_kvs_lookup_get_unpack(flux_future_t *f, const char *fmt, ...);

// The entry itself as text, a directory, where a link points (in which namespace, or NULL). EINVAL for another kind.
int flux_kvs_lookup_get_treeobj(flux_future_t *f, const char **treeobj);
int flux_kvs_lookup_get_dir(flux_future_t *f, const flux_kvsdir_t **dir);
int flux_kvs_lookup_get_symlink(flux_future_t *f, const char **ns, const char **target);

// The key that was asked for.
const char *flux_kvs_lookup_get_key(flux_future_t *f);

// Asks for the end of a stream, which comes as ENODATA. EINVAL for a lookup that does not wait.
int flux_kvs_lookup_cancel(flux_future_t *f);

#ifdef __cplusplus
}
#endif

#endif
