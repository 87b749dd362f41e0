// The root of a namespace of the key-value store. The future is the caller's; what it is asked for is lent until it is
// reset or destroyed. EINVAL for NULL and for futures of something else; EPROTO, or the answer's error.
#ifndef FLUX_CORE_KVS_GETROOT_H
#define FLUX_CORE_KVS_GETROOT_H

#include <stdint.h>

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

// Of a namespace, NULL as flux_kvs_lookup has it. EINVAL for flags, of which there are none.
flux_future_t *flux_kvs_getroot(flux_t *h, const char *ns, int flags);

// Its entry as text, the blob it is in, its version, and its owner.
int flux_kvs_getroot_get_treeobj(flux_future_t *f, const char **treeobj);
int flux_kvs_getroot_get_blobref(flux_future_t *f, const char **blobref);
int flux_kvs_getroot_get_sequence(flux_future_t *f, int *seq);
int flux_kvs_getroot_get_owner(flux_future_t *f, uint32_t *owner);

#ifdef __cplusplus
}
#endif

#endif
