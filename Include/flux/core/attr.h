// What a broker says of itself: named texts, each broker's own.
#ifndef FLUX_CORE_ATTR_H
#define FLUX_CORE_ATTR_H

#include <stdbool.h>
#include <stdint.h>

#include "handle.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

// The value, which belongs to the handle: for good if it never changes, else until the next call for the same name.
// Asks the broker, and waits, unless the value is known and never changes. ENOENT.
const char *flux_attr_get(flux_t *h, const char *name);

// Waits for the broker. EINVAL for an attribute that may not be changed at run time, ENOENT for one that does not
// exist.
int flux_attr_set(flux_t *h, const char *name, const char *val);

// `force` changes also what may not be changed. A failure is told in words unless `errp` is NULL.
int flux_attr_set_ex(flux_t *h, const char *name, const char *val, bool force, flux_error_t *errp);

// Makes the value known to this handle as one that never changes, or forgets it when NULL, without asking the broker.
int flux_attr_set_cacheonly(flux_t *h, const char *name, const char *val);

// The names of the values that are known; NULL at the end. The names stay until the next flux_attr_cache_first().
const char *flux_attr_cache_first(flux_t *h);
const char *flux_attr_cache_next(flux_t *h);

// The attributes of these names, as numbers.
int flux_get_rank(flux_t *h, uint32_t *rank);
int flux_get_size(flux_t *h, uint32_t *size);

// When the instance began, or began again: seconds since 1970, by the clock of rank 0.
int flux_get_instance_starttime(flux_t *h, double *starttime);

#ifdef __cplusplus
}
#endif

#endif
