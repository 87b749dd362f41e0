// The log: lines that the broker keeps and shows. N.B. the first message asks the broker for its rank, and waits,
// unless a host name was set.
#ifndef FLUX_CORE_FLOG_H
#define FLUX_CORE_FLOG_H

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <syslog.h>

#include "handle.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

// Gets a line, not ended by NUL.
typedef void (*flux_log_f)(const char *buf, int len, void *arg);

// Who logs: cut after 48, 128 and 255 bytes. At first the program's name, the process id and the rank; the latter
// again when the host name is NULL or empty.
void flux_log_set_appname(flux_t *h, const char *s);
void flux_log_set_procid(flux_t *h, const char *s);
void flux_log_set_hostname(flux_t *h, const char *s);

// Logs a text, each of its lines for itself, at a level of syslog(3); to stderr when `h` is NULL. Nothing is awaited.
// errno stays when it succeeds.
int flux_vlog(flux_t *h, int level, const char *fmt, va_list ap);
int flux_log(flux_t *h, int level, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

// Logs a text and what errno means, at level LOG_ERR. errno stays.
void flux_log_verror(flux_t *h, const char *fmt, va_list ap);
void flux_log_error(flux_t *h, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define FLUX_LOG_ERROR(h) (void) flux_log_error((h), "%s::%d[%s]", __FILE__, __LINE__, __FUNCTION__)

// From now on the lines of this handle go to `fun`, and to the broker again when it is NULL.
void flux_log_set_redirect(flux_t *h, flux_log_f fun, void *arg);

// As strerror(3).
const char *flux_strerror(int errnum);

// For libraries that log through a function of this kind, `arg` being a handle; file, line, func and subsys are not
// used.
void flux_llog(
    void *arg, const char *file, int line, const char *func, const char *subsys, int level, const char *fmt,
    va_list ap);

#ifdef __cplusplus
}
#endif

#endif
