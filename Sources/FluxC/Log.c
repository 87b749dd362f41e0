// Log messages made as printf would.
#include "FluxC.h"

#include <errno.h>
#include <flux/core/flog.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int flux_vlog(flux_t *h, int level, const char *fmt, va_list ap) {
    int code = errno;
    char *text = NULL;
    if (!fmt) {
        errno = EINVAL;
        return -1;
    }
    if (vasprintf(&text, fmt, ap) < 0) {
        errno = ENOMEM;
        return -1;
    }
    int result = h ? muster_log(h, level, text) : fprintf(stderr, "%s: %s\n", muster_log_level(level), text);
    free(text);
    if (result < 0) return -1;
    errno = code;
    return 0;
}

int flux_log(flux_t *h, int level, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    int result = flux_vlog(h, level, fmt, ap);
    va_end(ap);
    return result;
}

void flux_log_verror(flux_t *h, const char *fmt, va_list ap) {
    int code = errno;
    char text[2048];
    vsnprintf(text, sizeof text, fmt ? fmt : "", ap);
    flux_log(h, LOG_ERR, "%s: %s", text, flux_strerror(code));
    errno = code;
}

void flux_log_error(flux_t *h, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    flux_log_verror(h, fmt, ap);
    va_end(ap);
}

void flux_llog(
    void *arg, const char *file, int line, const char *func, const char *subsys, int level, const char *fmt,
    va_list ap) {
    (void) file;
    (void) line;
    (void) func;
    (void) subsys;
    flux_vlog(arg, level, fmt, ap);
}
