// How a host answers the upcalls of a test: all in one manner, at once, from another thread, done already, or refused.
#ifndef MUSTER_TEST_LATE_H
#define MUSTER_TEST_LATE_H

#include "host.h"

static struct answer manner_of_all;
static int upcalls;

struct late {
    void (*run)(struct late *);
    void *callback, *cbdata;
    pmix_status_t status;
};

static void *answer_late(void *given) {
    struct late *late = given;
    usleep(20000);
    late->run(late);
    free(late);
    return NULL;
}

static pmix_status_t answered(void (*run)(struct late *), void *callback, void *cbdata) {
    struct late late = {run, callback, cbdata, manner_of_all.status};
    pthread_t thread;
    upcalls++;
    if (manner_of_all.manner == DONE) return PMIX_OPERATION_SUCCEEDED;
    if (manner_of_all.manner == REFUSED) return manner_of_all.status;
    if (manner_of_all.manner == INLINE) {
        run(&late);
        return PMIX_SUCCESS;
    }
    struct late *kept = malloc(sizeof *kept);
    *kept = late;
    if (pthread_create(&thread, NULL, answer_late, kept) == 0) pthread_detach(thread);
    return PMIX_SUCCESS;
}

#endif
