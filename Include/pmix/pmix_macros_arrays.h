// The last of pmix_macros.h: data arrays of everything that the other macros make.
#ifndef PMIX_MACROS_ARRAYS_H
#define PMIX_MACROS_ARRAYS_H

#include "pmix_macros.h"
#include "pmix_macros_objects.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What one element of an array of this type takes; 0 for types that programs do not make arrays of. */
static inline size_t pmix_element_size_(pmix_data_type_t type) {
    switch (type) {
    case PMIX_BOOL:
        return sizeof(bool);
    case PMIX_BYTE:
    case PMIX_INT8:
    case PMIX_UINT8:
    case PMIX_PERSIST:
    case PMIX_SCOPE:
    case PMIX_DATA_RANGE:
    case PMIX_PROC_STATE:
    case PMIX_ALLOC_DIRECTIVE:
    case PMIX_LINK_STATE:
        return sizeof(uint8_t);
    case PMIX_INT16:
    case PMIX_UINT16:
    case PMIX_DATA_TYPE:
    case PMIX_IOF_CHANNEL:
        return sizeof(uint16_t);
    case PMIX_INT32:
    case PMIX_UINT32:
    case PMIX_PROC_RANK:
    case PMIX_INFO_DIRECTIVES:
        return sizeof(uint32_t);
    case PMIX_INT64:
    case PMIX_UINT64:
        return sizeof(uint64_t);
    case PMIX_INT:
    case PMIX_UINT:
    case PMIX_STATUS:
        return sizeof(int);
    case PMIX_STRING:
    case PMIX_POINTER:
        return sizeof(char *);
    case PMIX_SIZE:
        return sizeof(size_t);
    case PMIX_PID:
        return sizeof(pid_t);
    case PMIX_FLOAT:
        return sizeof(float);
    case PMIX_DOUBLE:
        return sizeof(double);
    case PMIX_TIMEVAL:
        return sizeof(struct timeval);
    case PMIX_TIME:
        return sizeof(time_t);
    case PMIX_PROC_NSPACE:
        return sizeof(pmix_nspace_t);
    default:
        return 0;
    }
}

static inline size_t pmix_struct_size_(pmix_data_type_t type) {
    switch (type) {
    case PMIX_VALUE:
        return sizeof(pmix_value_t);
    case PMIX_PROC:
        return sizeof(pmix_proc_t);
    case PMIX_APP:
        return sizeof(pmix_app_t);
    case PMIX_INFO:
        return sizeof(pmix_info_t);
    case PMIX_PDATA:
        return sizeof(pmix_pdata_t);
    case PMIX_BYTE_OBJECT:
    case PMIX_COMPRESSED_STRING:
        return sizeof(pmix_byte_object_t);
    case PMIX_PROC_INFO:
        return sizeof(pmix_proc_info_t);
    case PMIX_QUERY:
        return sizeof(pmix_query_t);
    case PMIX_ENVAR:
        return sizeof(pmix_envar_t);
    case PMIX_COORD:
        return sizeof(pmix_coord_t);
    case PMIX_REGATTR:
        return sizeof(pmix_regattr_t);
    case PMIX_PROC_CPUSET:
        return sizeof(pmix_cpuset_t);
    case PMIX_GEOMETRY:
        return sizeof(pmix_geometry_t);
    case PMIX_DEVICE_DIST:
        return sizeof(pmix_device_distance_t);
    case PMIX_ENDPOINT:
        return sizeof(pmix_endpoint_t);
    case PMIX_PROC_STATS:
        return sizeof(pmix_proc_stats_t);
    case PMIX_DISK_STATS:
        return sizeof(pmix_disk_stats_t);
    case PMIX_NET_STATS:
        return sizeof(pmix_net_stats_t);
    case PMIX_NODE_STATS:
        return sizeof(pmix_node_stats_t);
    default:
        return 0;
    }
}

static inline void pmix_data_array_construct_(pmix_data_array_t *array, size_t count, pmix_data_type_t type) {
    size_t scalar = pmix_element_size_(type);
    size_t element = 0 < scalar ? scalar : pmix_struct_size_(type);
    array->type = type;
    array->size = 0 < element ? count : 0;
    if (PMIX_INFO == type) {
        PMIX_INFO_CREATE(array->array, count);
    } else if (PMIX_DEVICE_DIST == type) {
        PMIX_DEVICE_DIST_CREATE(array->array, count);
    } else {
        array->array = 0 < element ? pmix_zeroed_(count, element) : NULL;
    }
}

static inline pmix_data_array_t *pmix_data_array_create_(size_t count, pmix_data_type_t type) {
    pmix_data_array_t *array = (pmix_data_array_t *) pmix_zeroed_(1, sizeof(pmix_data_array_t));
    if (NULL != array) {
        pmix_data_array_construct_(array, count, type);
    }
    return array;
}

/* INIT makes an empty array of type t; CONSTRUCT and CREATE make room for n zeroed elements. */
#define PMIX_DATA_ARRAY_INIT(m, t) pmix_data_array_construct_((m), 0, (t))
#define PMIX_DATA_ARRAY_CONSTRUCT(m, n, t) pmix_data_array_construct_((m), (n), (t))
#define PMIX_DATA_ARRAY_CREATE(m, n, t) ((m) = pmix_data_array_create_((n), (t)))
#define PMIX_DATA_ARRAY_DESTRUCT(m) PMIx_Data_array_destruct(m)
#define PMIX_DATA_ARRAY_FREE(m) \
    do { \
        if (NULL != (m)) { \
            PMIx_Data_array_destruct(m); \
            PMIX_FREE_AND_FORGET_(m); \
        } \
    } while (0)

#ifdef __cplusplus
}
#endif

#endif
