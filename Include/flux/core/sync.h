// The instance's heartbeat.
#ifndef FLUX_CORE_SYNC_H
#define FLUX_CORE_SYNC_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

// A future that each heartbeat fulfills, again after flux_future_reset; with `minimum` above 0 not sooner than so many
// seconds after the last time. The caller owns it. EINVAL for NULL, else as flux_event_subscribe_ex.
flux_future_t *flux_sync_create(flux_t *h, double minimum);

#ifdef __cplusplus
}
#endif

#endif
