// Functions whose parameters Swift cannot name: a log function has variable arguments. Nothing is written to a log.
#include "FluxC.h"

#include <flux/core.h>

flux_subprocess_t *flux_local_exec_ex(flux_reactor_t *r, int flags, const flux_cmd_t *cmd,
    const flux_subprocess_ops_t *ops, const flux_subprocess_hooks_t *hooks, subprocess_log_f log_fn, void *log_data) {
    (void) log_fn, (void) log_data;
    return muster_local_exec(r, flags, cmd, ops, hooks);
}

flux_subprocess_t *flux_rexec_ex(flux_t *h, const char *service_name, int rank, int flags, const flux_cmd_t *cmd,
    const flux_subprocess_ops_t *ops, subprocess_log_f log_fn, void *log_data) {
    (void) log_fn, (void) log_data;
    return muster_rexec(h, service_name, rank, flags, cmd, ops);
}

int flux_set_default_subprocess_log(flux_t *h, subprocess_log_f log_fn, void *log_data) {
    if (flux_aux_set(h, "flux::subprocess_llog_fn", (void *) log_fn, NULL) < 0) return -1;
    return flux_aux_set(h, "flux::subprocess_llog_data", log_data, NULL);
}
