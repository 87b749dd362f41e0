// The structs of the API with their four verbs, as the library's functions and as the macros of the headers.
#ifndef MUSTER_TEST_OBJECTS_H
#define MUSTER_TEST_OBJECTS_H

#include <pmix.h>

#include <stddef.h>

struct verbs {
    const char *name;
    size_t size;
    void (*construct)(void *object);
    void (*destruct)(void *object);
    void *(*create)(size_t count);
    void (*release)(void *objects, size_t count);
};

// EACH(word in functions, struct, word in macros): those that have all eight.
#define OBJECTS(EACH) \
    EACH(App, app, APP) \
    EACH(Byte_object, byte_object, BYTE_OBJECT) \
    EACH(Device_distance, device_distance, DEVICE_DIST) \
    EACH(Disk_stats, disk_stats, DISK_STATS) \
    EACH(Endpoint, endpoint, ENDPOINT) \
    EACH(Envar, envar, ENVAR) \
    EACH(Geometry, geometry, GEOMETRY) \
    EACH(Info, info, INFO) \
    EACH(Net_stats, net_stats, NET_STATS) \
    EACH(Node_stats, node_stats, NODE_STATS) \
    EACH(Pdata, pdata, PDATA) \
    EACH(Proc, proc, PROC) \
    EACH(Proc_info, proc_info, PROC_INFO) \
    EACH(Proc_stats, proc_stats, PROC_STATS) \
    EACH(Query, query, QUERY) \
    EACH(Regattr, regattr, REGATTR) \
    EACH(Value, value, VALUE)

// Those that release 4.2 has no macros or no struct for.
#define LATER_OBJECTS(EACH) \
    EACH(Cpuset, cpuset, ) \
    EACH(Device, device, ) \
    EACH(Node_pid, node_pid, ) \
    EACH(Resource_unit, resource_unit, ) \
    EACH(Topology, topology, )

#define ROW_(prefix, type) \
    {#type, sizeof(pmix_##type##_t), prefix##_construct_##type, prefix##_destruct_##type, prefix##_create_##type, \
     prefix##_release_##type},

#ifndef MUSTER_ORIGINAL
#define FUNCTIONS_(Name, type, MACRO) \
    static void function_construct_##type(void *object) { PMIx_##Name##_construct(object); } \
    static void function_destruct_##type(void *object) { PMIx_##Name##_destruct(object); } \
    static void *function_create_##type(size_t count) { return PMIx_##Name##_create(count); } \
    static void function_release_##type(void *objects, size_t count) { PMIx_##Name##_free(objects, count); }
OBJECTS(FUNCTIONS_)
LATER_OBJECTS(FUNCTIONS_)

#define FUNCTION_ROW_(Name, type, MACRO) ROW_(function, type)
static const struct verbs functions[] = {OBJECTS(FUNCTION_ROW_) LATER_OBJECTS(FUNCTION_ROW_)};
#endif

#define MACROS_(Name, type, MACRO) \
    static void macro_construct_##type(void *object) { \
        pmix_##type##_t *one = object; \
        PMIX_##MACRO##_CONSTRUCT(one); \
    } \
    static void macro_destruct_##type(void *object) { \
        pmix_##type##_t *one = object; \
        (void) one; \
        PMIX_##MACRO##_DESTRUCT(one); \
    } \
    static void *macro_create_##type(size_t count) { \
        pmix_##type##_t *all = NULL; \
        PMIX_##MACRO##_CREATE(all, count); \
        return all; \
    } \
    static void macro_release_##type(void *objects, size_t count) { \
        pmix_##type##_t *all = objects; \
        (void) count; \
        PMIX_##MACRO##_FREE(all, count); \
    }
OBJECTS(MACROS_)

#define MACRO_ROW_(Name, type, MACRO) ROW_(macro, type)
static const struct verbs macros[] = {OBJECTS(MACRO_ROW_)};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#endif
