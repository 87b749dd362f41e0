// A name made as printf would.
#include "FluxC.h"

#include <flux/core/stats.h>
#include <stdarg.h>
#include <stdio.h>

void flux_stats_set_prefix(flux_t *h, const char *fmt, ...) {
    char prefix[128];
    if (!fmt) return;
    va_list ap;
    va_start(ap, fmt);
    int length = vsnprintf(prefix, sizeof prefix, fmt, ap);
    va_end(ap);
    if (length >= 0 && (size_t) length < sizeof prefix) muster_stats_set_prefix(h, prefix);
}
