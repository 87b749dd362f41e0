#include "CMunge.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

static struct cmunge functions;
static bool is_complete;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = dlopen("libmunge.so.2", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return;
    functions.encode = dlsym(library, "munge_encode");
    functions.decode = dlsym(library, "munge_decode");
    functions.strerror = dlsym(library, "munge_strerror");
    is_complete = functions.encode != NULL && functions.decode != NULL && functions.strerror != NULL;
}

const struct cmunge *cmunge(void) {
    pthread_once(&once, load);
    return is_complete ? &functions : NULL;
}
