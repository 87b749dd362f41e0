// For modules of a broker that run in processes of their own (RFC 5): they speak with it over a handle. One that is
// NULL gives EINVAL.
#ifndef FLUX_CORE_MODULE_H
#define FLUX_CORE_MODULE_H

#include <stdbool.h>
#include <stdint.h>

#include "conf.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

// In older modules, their name.
#define MOD_NAME(x) const char *mod_name = x

// Whether a debug bit is set, which `clear` takes away.
bool flux_module_debug_test(flux_t *h, int flag, bool clear);

// Tells the broker that the module runs, before its reactor does.
int flux_module_set_running(flux_t *h);

// The configuration that a config-reload request brings, which the caller owns; NULL where nobody wants it.
int flux_module_config_request_decode(const flux_msg_t *msg, flux_conf_t **conf);

// Waits for the broker's welcome: its configuration and attributes are kept in the handle, the module's name and uuid
// as aux "flux::name" and "flux::uuid". Its arguments, with spaces between them, are the caller's to free; NULL when
// there are none.
int flux_module_initialize(flux_t *h, char **args, flux_error_t *error);

// Adds the methods that every module has, stops the reactor on a shutdown request, and tells the broker that the
// module runs when the reactor does. Until the handle is closed. EINVAL before the welcome.
int flux_module_register_handlers(flux_t *h, flux_error_t *error);

// Tells the broker that no more requests are wanted, answers those that are left with ENOSYS, and says how the module
// ended: 0 or an errno.
int flux_module_finalize(flux_t *h, int errnum, flux_error_t *error);

#ifdef __cplusplus
}
#endif

#endif
