// Numbers for a collector of the statsd kind at the address HOST:PORT that FLUX_FRIPP_STATSD has in the environment
// when they are first used with a handle; without it none of these does anything. They go out as UDP from the handle's
// reactor, those that changed, once a period; nobody learns whether they arrive. No errors; NULL does nothing.
#ifndef FLUX_CORE_STATS_H
#define FLUX_CORE_STATS_H

#include <stdbool.h>
#include <sys/types.h>

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

// A number that only grows; one that goes up and down, set or changed; how many milliseconds something took.
void flux_stats_count(flux_t *h, const char *name, ssize_t count);
void flux_stats_gauge_set(flux_t *h, const char *name, ssize_t value);
void flux_stats_gauge_inc(flux_t *h, const char *name, ssize_t inc);
void flux_stats_timing(flux_t *h, const char *name, double ms);

// The period in seconds, 1 at first; 0 sends each at once.
void flux_stats_set_period(flux_t *h, double period);

// What stands before every name, "flux.RANK" at first; 127 characters at most, else nothing changes.
void flux_stats_set_prefix(flux_t *h, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

// Whether there is a collector.
bool flux_stats_enabled(flux_t *h, const char *metric);

#ifdef __cplusplus
}
#endif

#endif
