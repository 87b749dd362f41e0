#include "CZlib.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>

static struct czlib functions;
static bool is_complete;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = dlopen("libz.so.1", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return;
    is_complete = true;
#define FILL(name) is_complete &= (functions.name = dlsym(library, #name)) != NULL;
    CZLIB_FUNCTIONS(FILL)
#undef FILL
}

const struct czlib *czlib(void) {
    pthread_once(&once, load);
    return is_complete ? &functions : NULL;
}
