// Descriptions of jobs, as RFC 25 has them. NULL for one gives EINVAL, and destroying allows it.
#ifndef FLUX_CORE_JOBSPEC1_H
#define FLUX_CORE_JOBSPEC1_H

#include <stddef.h>

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct flux_jobspec1 flux_jobspec1_t;
typedef flux_error_t flux_jobspec1_error_t;

// Attributes by their paths, whose names dots separate: taken away (nothing there is no error), set, read, both with
// jansson's formats. ENOENT for none, EINVAL for a path with an empty name, or what does not fit.
int flux_jobspec1_attr_del(flux_jobspec1_t *jobspec, const char *path);
int flux_jobspec1_attr_pack(flux_jobspec1_t *jobspec, const char *path, const char *fmt, ...);
int flux_jobspec1_attr_unpack(flux_jobspec1_t *jobspec, const char *path, const char *fmt, ...);

// Whether the attributes, or all of it, are as the RFC wants: -1 with EINVAL and a text, where `error` is not NULL.
int flux_jobspec1_attr_check(flux_jobspec1_t *jobspec, flux_jobspec1_error_t *error);
int flux_jobspec1_check(flux_jobspec1_t *jobspec, flux_jobspec1_error_t *error);

// Variables of the environment: taken away, or set; without `overwrite` one that is there stays.
int flux_jobspec1_unsetenv(flux_jobspec1_t *jobspec, const char *name);
int flux_jobspec1_setenv(flux_jobspec1_t *jobspec, const char *name, const char *value, int overwrite);

// Files instead of the KVS, and the folder to run in.
int flux_jobspec1_set_stdin(flux_jobspec1_t *jobspec, const char *path);
int flux_jobspec1_set_stdout(flux_jobspec1_t *jobspec, const char *path);
int flux_jobspec1_set_stderr(flux_jobspec1_t *jobspec, const char *path);
int flux_jobspec1_set_cwd(flux_jobspec1_t *jobspec, const char *cwd);

// A text that the caller frees, with jansson's flags of json_dumps; and one of any text that is JSON, which is not
// checked.
char *flux_jobspec1_encode(flux_jobspec1_t *jobspec, size_t flags);
flux_jobspec1_t *flux_jobspec1_decode(const char *s, flux_jobspec1_error_t *error);

// The least one that runs a command: `ntasks` tasks with so many cores and graphics processors each (less than 1: one
// core, no processors), on `nnodes` nodes (0: where there is room), for `duration` seconds (0: as long as it takes).
// `env` may be NULL. EINVAL for more nodes than tasks, or an entry that is no variable. The caller owns it.
flux_jobspec1_t *flux_jobspec1_from_command(
    int argc, char **argv, char **env, int ntasks, int cores_per_task, int gpus_per_task, int nnodes, double duration);

void flux_jobspec1_destroy(flux_jobspec1_t *jobspec);

#ifdef __cplusplus
}
#endif

#endif
