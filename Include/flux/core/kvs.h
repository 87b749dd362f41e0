// The key-value store of an instance: namespaces and versions, and all headers about it. The futures are the caller's.
// EINVAL for NULL.
#ifndef FLUX_CORE_KVS_H
#define FLUX_CORE_KVS_H

#include <stdint.h>

#include "kvs_commit.h"
#include "kvs_copy.h"
#include "kvs_dir.h"
#include "kvs_getroot.h"
#include "kvs_lookup.h"
#include "kvs_txn.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define KVS_PRIMARY_NAMESPACE "primary"

enum kvs_op {
    FLUX_KVS_READDIR = 1,                    // a directory is wanted
    FLUX_KVS_READLINK = 2,                   // a link is wanted, not what it points to
    FLUX_KVS_WATCH = 4,                      // an answer for every change
    FLUX_KVS_WAITCREATE = 8,                 // not ENOENT, but waiting
    FLUX_KVS_TREEOBJ = 16,                   // the entry itself is wanted
    FLUX_KVS_APPEND = 32,                    // in transactions: adds to what is there
    FLUX_KVS_WATCH_FULL = 64,                // changes are found by looking, also below links
    FLUX_KVS_WATCH_UNIQ = 128,               // no answer that is the same as the one before
    FLUX_KVS_WATCH_APPEND = 256,             // only what was added
    FLUX_KVS_STREAM = 512,                   // a long value in several answers
    FLUX_KVS_WATCH_INITIAL_SENTINEL = 1024,  // an empty answer behind what is there at first
};

// Creates a namespace for a user, empty or with the directory in a blob; removes one. EINVAL for flags, of which there
// are none.
flux_future_t *flux_kvs_namespace_create(flux_t *h, const char *ns, uint32_t owner, int flags);
flux_future_t *flux_kvs_namespace_create_with(
    flux_t *h, const char *ns, const char *rootref, uint32_t owner, int flags);
flux_future_t *flux_kvs_namespace_remove(flux_t *h, const char *ns);

// The version of a namespace (NULL as flux_kvs_lookup has it), and waiting until it is at least that. These wait for
// the broker's answer.
int flux_kvs_get_version(flux_t *h, const char *ns, int *versionp);
int flux_kvs_wait_version(flux_t *h, const char *ns, int version);

#ifdef __cplusplus
}
#endif

#endif
