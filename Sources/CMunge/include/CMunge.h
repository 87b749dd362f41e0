// munge as a table of the functions we use, filled from libmunge.so.2 by the first caller. Few machines have its header,
// and the three signatures have not changed since its first release, so they are written down here.
#ifndef CMUNGE_H
#define CMUNGE_H

#include <sys/types.h>

// The context is opaque and optional: NULL takes munge's defaults. Results are munge's error numbers, 0 is success.
struct cmunge {
    // The credential is malloc'ed and the caller's to free.
    int (*encode)(char **credential, void *context, const void *payload, int byte_count);
    // The payload is malloc'ed and the caller's to free; any of the last four may be NULL.
    int (*decode)(
        const char *credential, void *context, void **payload, int *byte_count, uid_t *user, gid_t *group);
    // A text that is never freed.
    const char *(*strerror)(int error);
};

// NULL when the library is not installed; decided once, by whichever thread asks first.
const struct cmunge *cmunge(void);

#endif
