// Variadics of jobs and their descriptions.
#include "FluxC.h"

#include <errno.h>
#include <flux/core.h>
#include <jansson.h>
#include <stdarg.h>

int flux_jobspec1_attr_unpack(flux_jobspec1_t *jobspec, const char *path, const char *fmt, ...) {
    json_t *value = muster_jobspec_attr(fmt ? jobspec : NULL, path);
    if (!value) return -1;
    va_list ap;
    va_start(ap, fmt);
    int result = json_vunpack_ex(value, NULL, 0, fmt, ap);
    va_end(ap);
    if (result < 0) errno = EINVAL;
    return result;
}

int flux_jobspec1_attr_pack(flux_jobspec1_t *jobspec, const char *path, const char *fmt, ...) {
    json_t *value = NULL;
    if (jobspec && path && fmt) {
        va_list ap;
        va_start(ap, fmt);
        value = json_vpack_ex(NULL, 0, fmt, ap);
        va_end(ap);
    }
    return muster_jobspec_set_attr(jobspec, path, value);
}

int flux_job_result_get_unpack(flux_future_t *f, const char *fmt, ...) {
    json_t *value = muster_job_result(fmt ? f : NULL);
    if (!value) return -1;
    va_list ap;
    va_start(ap, fmt);
    int result = json_vunpack_ex(value, NULL, 0, fmt, ap);
    va_end(ap);
    if (result < 0) errno = EINVAL;
    return result;
}
