#include "CSQLite.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>

static struct csqlite functions;
static bool is_complete;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = dlopen("libsqlite3.so.0", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return;
    is_complete = true;
#define FILL(name) is_complete &= (functions.name = dlsym(library, "sqlite3_" #name)) != NULL;
    CSQLITE_FUNCTIONS(FILL)
#undef FILL
}

const struct csqlite *csqlite(void) {
    pthread_once(&once, load);
    return is_complete ? &functions : NULL;
}

sqlite3_destructor_type csqlite_transient(void) { return SQLITE_TRANSIENT; }
