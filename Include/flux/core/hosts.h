// Which rank is on which host, as the broker's attribute "hostlist" says. It is read once for a handle.
#ifndef FLUX_CORE_HOSTS_H
#define FLUX_CORE_HOSTS_H

#include <stdint.h>

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

// The host of a rank, the handle's; "any" and "upstream" for FLUX_NODEID_ANY and _UPSTREAM, "(null)" when it cannot be
// said. Never NULL.
const char *flux_get_hostbyrank(flux_t *h, uint32_t rank);

// The lowest rank on a host; -1 with ENOENT for a host that is not there, EINVAL for NULL.
int flux_get_rankbyhost(flux_t *h, const char *host);

// The hosts of a set of ranks ("0-3,7"), or the ranks of a list of hosts ("node[0-3]"); the caller frees it. NULL with
// a line in `errp`, unless that is NULL, and errno.
char *flux_hostmap_lookup(flux_t *h, const char *targets, flux_error_t *errp);

#ifdef __cplusplus
}
#endif

#endif
