// Putting what stands under a key of the key-value store under another. Namespaces may be NULL as flux_kvs_lookup has
// them. The futures are the caller's, and fail as a lookup or a commit does. EINVAL for NULL.
#ifndef FLUX_CORE_KVS_COPY_H
#define FLUX_CORE_KVS_COPY_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

// A directory becomes a snapshot of it.
flux_future_t *flux_kvs_copy(
    flux_t *h, const char *srcns, const char *srckey, const char *dstns, const char *dstkey, int commit_flags);

// Removes the source afterwards, which is a transaction of its own.
flux_future_t *flux_kvs_move(
    flux_t *h, const char *srcns, const char *srckey, const char *dstns, const char *dstkey, int commit_flags);

#ifdef __cplusplus
}
#endif

#endif
