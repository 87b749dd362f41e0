// Directories of the key-value store, as they were when they were read. An object counts its users. One thread at a
// time per object; NULL for one has no names.
#ifndef FLUX_CORE_KVS_DIR_H
#define FLUX_CORE_KVS_DIR_H

#include <stdbool.h>

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct flux_kvsdir flux_kvsdir_t;
typedef struct flux_kvsitr flux_kvsitr_t;

// A directory out of the text of its entry, which was read with `handle` under `key`, from the snapshot `rootref` or
// NULL. The caller owns it. EINVAL for what is no directory.
flux_kvsdir_t *flux_kvsdir_create(flux_t *handle, const char *rootref, const char *key, const char *json_str);

// One use less, one more; NULL is allowed. destroy keeps errno.
void flux_kvsdir_destroy(flux_kvsdir_t *dir);
void flux_kvsdir_incref(flux_kvsdir_t *dir);

// One of its own that says the same; the caller owns it. EINVAL for NULL.
flux_kvsdir_t *flux_kvsdir_copy(const flux_kvsdir_t *dir);

// Walks the names of a directory in their order; the caller owns it. next lends a name until the iterator is
// destroyed, NULL behind the last; rewind starts anew. EINVAL for NULL as directory.
flux_kvsitr_t *flux_kvsitr_create(const flux_kvsdir_t *dir);
void flux_kvsitr_destroy(flux_kvsitr_t *itr);
const char *flux_kvsitr_next(flux_kvsitr_t *itr);
void flux_kvsitr_rewind(flux_kvsitr_t *itr);

// How many names there are; -1 with EINVAL for NULL.
int flux_kvsdir_get_size(const flux_kvsdir_t *dir);

// Whether there is a name; whether it is a directory; whether it is a link.
bool flux_kvsdir_exists(const flux_kvsdir_t *dir, const char *name);
bool flux_kvsdir_isdir(const flux_kvsdir_t *dir, const char *name);
bool flux_kvsdir_issymlink(const flux_kvsdir_t *dir, const char *name);

// What it was made with; the directory's.
const char *flux_kvsdir_key(const flux_kvsdir_t *dir);
void *flux_kvsdir_handle(const flux_kvsdir_t *dir);
const char *flux_kvsdir_rootref(const flux_kvsdir_t *dir);

// The whole key of a name in it; the caller frees it. EINVAL for NULL.
char *flux_kvsdir_key_at(const flux_kvsdir_t *dir, const char *key);

#ifdef __cplusplus
}
#endif

#endif
