// Doing what a transaction says. The future is the caller's; what it is asked for is lent until it is destroyed.
// EINVAL for NULL and for futures of something else; EPROTO, or the answer's error.
#ifndef FLUX_CORE_KVS_COMMIT_H
#define FLUX_CORE_KVS_COMMIT_H

#include "kvs_txn.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

enum kvs_commit_flags {
    FLUX_KVS_NO_MERGE = 1,     // not together with those of others
    FLUX_KVS_TXN_COMPACT = 2,  // what is added to one key becomes one operation first
    FLUX_KVS_SYNC = 4,         // is on disk when the answer comes
};

// In a namespace, NULL as flux_kvs_lookup has it. The transaction stays the caller's. EINVAL also when
// FLUX_KVS_TXN_COMPACT meets a key that something is added to and then something else is done to.
flux_future_t *flux_kvs_commit(flux_t *h, const char *ns, int flags, flux_kvs_txn_t *txn);

// The new root: its entry as text, its blob, its version.
int flux_kvs_commit_get_treeobj(flux_future_t *f, const char **treeobj);
int flux_kvs_commit_get_rootref(flux_future_t *f, const char **rootref);
int flux_kvs_commit_get_sequence(flux_future_t *f, int *rootseq);

#ifdef __cplusplus
}
#endif

#endif
