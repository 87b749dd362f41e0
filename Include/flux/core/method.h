// What every service answers in the same way.
#ifndef FLUX_CORE_METHOD_H
#define FLUX_CORE_METHOD_H

#include "msg_handler.h"

#ifdef __cplusplus
extern "C" {
#endif

// Registers under SERVICE_NAME: ping (for users; the handle's aux item "flux::uuid", a text, names the last hop),
// stats-get (for everybody) and stats-clear (a request, and an event of the same name), rusage (for users), debug
// (sets the int that is the aux item "flux::debug_flags"), config-reload and config-update (replace what
// flux_get_conf() returns). *msg_handlers becomes an array for flux_msg_handler_delvec(). Include <flux/core.h>
// first.
int flux_register_default_methods(flux_t *h, const char *service_name, flux_msg_handler_t **msg_handlers[]);

#ifdef __cplusplus
}
#endif

#endif
