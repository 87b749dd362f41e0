// The calls of nulls.c: every function of the library with NULL and zero, some with one argument good.
#ifndef MUSTER_TEST_NULLS_CALLS_H
#define MUSTER_TEST_NULLS_CALLS_H

#define ANY 12345  // no status is documented for the call before PMIx_Init

struct call {
    const char *text;
    long (*make)(void);
    int before;
};

static void *nothing;
static size_t zero;
static pmix_nspace_t no_nspace;
static pmix_proc_t no_proc;
static pmix_value_t no_value;
static pmix_info_t no_info;
static pmix_byte_object_t no_object;
static pmix_fabric_t no_fabric;
static pmix_topology_t no_topology;
static pmix_cpuset_t no_cpuset;
static pmix_data_buffer_t no_buffer;

static void ignore_op(pmix_status_t status, void *cbdata) { (void) status, (void) cbdata; }

// CALL(name, status before init, expression); VOID the same for functions without result.
#define CALL(name, expected, expression) \
    static long call_##name(void) { return (long) (expression); }
#define VOID(name, expected, expression) \
    static long call_##name(void) { \
        expression; \
        return 0; \
    }
#define PTR (void *)
#include "nulls-list.h"
#undef CALL
#undef VOID

#define CALL(name, expected, expression) {#expression, call_##name, expected},
#define VOID(name, expected, expression) {#expression, call_##name, expected},
static const struct call calls[] = {
#include "nulls-list.h"
};
#undef CALL
#undef VOID
#undef PTR

#define CALL_COUNT (sizeof calls / sizeof calls[0])

#endif
