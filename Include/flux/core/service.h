// Programs as services: requests to topics NAME.* come to the handle that registered NAME.
#ifndef FLUX_CORE_SERVICE_H
#define FLUX_CORE_SERVICE_H

#include "future.h"
#include "handle.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

// The future fails with EEXIST when the name is taken, EINVAL when it is none (no dots), EPERM for a guest whose name
// does not begin with their user id and a dash. The caller destroys it.
flux_future_t *flux_service_register(flux_t *h, const char *name);

// The future fails with ENOENT when this handle has not registered the name. Closing the handle unregisters too.
flux_future_t *flux_service_unregister(flux_t *h, const char *name);

#ifdef __cplusplus
}
#endif

#endif
