#include "CHwloc.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>

static struct chwloc functions;
static bool is_complete;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    // Never closed: the table outlives every caller, and hwloc's plugins do not survive it.
    void *library = dlopen("libhwloc.so.15", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return;
    is_complete = true;
#define FILL(name) is_complete &= (functions.name = dlsym(library, "hwloc_" #name)) != NULL;
    CHWLOC_FUNCTIONS(FILL)
#undef FILL
}

const struct chwloc *chwloc(void) {
    pthread_once(&once, load);
    return is_complete ? &functions : NULL;
}
