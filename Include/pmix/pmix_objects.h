// The functions that make, empty and free the structs of the API, as programs written for releases 5 and 6 call them.
// For a struct X:
//   PMIx_X_construct(p)  makes *p empty; what stood there is overwritten unseen.
//   PMIx_X_destruct(p)   frees what *p holds, not p; what was freed becomes NULL and its count 0, the rest stays.
//   PMIx_X_create(n)     returns an array of n empty ones, the caller's to free; NULL for n == 0 and without memory.
//   PMIx_X_free(p, n)    destructs n elements and frees p.     PMIx_X_release(p)  does it for one.
// Empty is all zero, except where a comment says otherwise. NULL for p does nothing. They touch nothing but their
// arguments: any thread may call them, before init and after finalize. All memory is malloc's, so that these functions
// and the macros of pmix_macros.h can be mixed. The destructs of values, data arrays and topologies are in
// pmix_deprecated.h and pmix.h.
#ifndef PMIX_OBJECTS_H
#define PMIX_OBJECTS_H

#include <stddef.h>

#include "pmix_export.h"
#include "pmix_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- What requests and answers are made of. ---- */

PMIX_EXPORT void PMIx_App_construct(pmix_app_t *p);
PMIX_EXPORT void PMIx_App_destruct(pmix_app_t *p);
PMIX_EXPORT pmix_app_t *PMIx_App_create(size_t n);
PMIX_EXPORT void PMIx_App_free(pmix_app_t *p, size_t n);
/* Gives *p an array of n empty infos, in place of the one it had, which is not freed. */
PMIX_EXPORT void PMIx_App_info_create(pmix_app_t *p, size_t n);
PMIX_EXPORT void PMIx_App_release(pmix_app_t *p);

/* N.B. the last info of an array is marked PMIX_INFO_ARRAY_END. The value of an info marked PMIX_INFO_PERSISTENT is
 * somebody else's, and destruct and free leave it alone. */
PMIX_EXPORT void PMIx_Info_construct(pmix_info_t *p);
PMIX_EXPORT void PMIx_Info_destruct(pmix_info_t *p);
PMIX_EXPORT pmix_info_t *PMIx_Info_create(size_t n);
PMIX_EXPORT void PMIx_Info_free(pmix_info_t *p, size_t n);

PMIX_EXPORT void PMIx_Pdata_construct(pmix_pdata_t *p);
PMIX_EXPORT void PMIx_Pdata_destruct(pmix_pdata_t *p);
PMIX_EXPORT pmix_pdata_t *PMIx_Pdata_create(size_t n);
PMIX_EXPORT void PMIx_Pdata_free(pmix_pdata_t *p, size_t n);
/* Overwrites *dest unseen with proc, key and a copy of the value, which PMIx_Value_load() makes; what is NULL stays
 * empty. */
PMIX_EXPORT void PMIx_Pdata_load(pmix_pdata_t *dest, const pmix_proc_t *p, const char *key, const void *value,
                                 pmix_data_type_t type);
/* Overwrites *dest unseen with a copy of *src and its value. */
PMIX_EXPORT void PMIx_Pdata_xfer(pmix_pdata_t *dest, pmix_pdata_t *src);

/* N.B. the rank of an empty process is PMIX_RANK_UNDEF; the macros leave it 0. These two structs are all empty after
 * destruct. */
PMIX_EXPORT void PMIx_Proc_construct(pmix_proc_t *p);
PMIX_EXPORT void PMIx_Proc_destruct(pmix_proc_t *p);
PMIX_EXPORT pmix_proc_t *PMIx_Proc_create(size_t n);
PMIX_EXPORT void PMIx_Proc_free(pmix_proc_t *p, size_t n);
/* A namespace that is too long is cut, a NULL one is empty. */
PMIX_EXPORT void PMIx_Proc_load(pmix_proc_t *p, const char *nspace, pmix_rank_t rank);

PMIX_EXPORT void PMIx_Proc_info_construct(pmix_proc_info_t *p);
PMIX_EXPORT void PMIx_Proc_info_destruct(pmix_proc_info_t *p);
PMIX_EXPORT pmix_proc_info_t *PMIx_Proc_info_create(size_t n);
PMIX_EXPORT void PMIx_Proc_info_free(pmix_proc_info_t *p, size_t n);

PMIX_EXPORT void PMIx_Query_construct(pmix_query_t *p);
PMIX_EXPORT void PMIx_Query_destruct(pmix_query_t *p);
PMIX_EXPORT pmix_query_t *PMIx_Query_create(size_t n);
PMIX_EXPORT void PMIx_Query_free(pmix_query_t *p, size_t n);
/* Gives *p an array of n empty qualifiers, in place of the one it had, which is not freed. */
PMIX_EXPORT void PMIx_Query_qualifiers_create(pmix_query_t *p, size_t n);
PMIX_EXPORT void PMIx_Query_release(pmix_query_t *p);

PMIX_EXPORT void PMIx_Regattr_construct(pmix_regattr_t *p);
PMIX_EXPORT void PMIx_Regattr_destruct(pmix_regattr_t *p);
PMIX_EXPORT pmix_regattr_t *PMIx_Regattr_create(size_t n);
PMIX_EXPORT void PMIx_Regattr_free(pmix_regattr_t *p, size_t n);
/* Sets name, key and type, and appends one line to the description, all of them copies; a NULL one leaves its member
 * alone. The name that was there is not freed. */
PMIX_EXPORT void PMIx_Regattr_load(pmix_regattr_t *info, const char *name, const char *key, pmix_data_type_t type,
                                   const char *description);
/* Overwrites *dest unseen with a copy of *src. */
PMIX_EXPORT void PMIx_Regattr_xfer(pmix_regattr_t *dest, const pmix_regattr_t *src);

PMIX_EXPORT void PMIx_Value_construct(pmix_value_t *p);
PMIX_EXPORT pmix_value_t *PMIx_Value_create(size_t n);
PMIX_EXPORT void PMIx_Value_free(pmix_value_t *p, size_t n);

/* ---- What holds blocks of memory. ---- */

PMIX_EXPORT void PMIx_Byte_object_construct(pmix_byte_object_t *b);
PMIX_EXPORT void PMIx_Byte_object_destruct(pmix_byte_object_t *b);
PMIX_EXPORT pmix_byte_object_t *PMIx_Byte_object_create(size_t n);
PMIX_EXPORT void PMIx_Byte_object_free(pmix_byte_object_t *b, size_t n);
/* Hands the malloc'd block d of sz bytes over to *b; what *b held is overwritten unseen. */
PMIX_EXPORT void PMIx_Byte_object_load(pmix_byte_object_t *b, char *d, size_t sz);

PMIX_EXPORT void PMIx_Envar_construct(pmix_envar_t *e);
PMIX_EXPORT void PMIx_Envar_destruct(pmix_envar_t *e);
PMIX_EXPORT pmix_envar_t *PMIx_Envar_create(size_t n);
PMIX_EXPORT void PMIx_Envar_free(pmix_envar_t *e, size_t n);
/* Copies both strings; a NULL one leaves its member alone. What was there is not freed. */
PMIX_EXPORT void PMIx_Envar_load(pmix_envar_t *e, char *var, char *value, char separator);

/* Elements of a data array are made as PMIx_X_create() makes them. Of a type that has no elements the array stays
 * empty: array NULL, size 0. init makes an array without elements. */
PMIX_EXPORT void PMIx_Data_array_init(pmix_data_array_t *p, pmix_data_type_t type);
PMIX_EXPORT void PMIx_Data_array_construct(pmix_data_array_t *p, size_t num, pmix_data_type_t type);
/* NULL for n == 0 and without memory. */
PMIX_EXPORT pmix_data_array_t *PMIx_Data_array_create(size_t n, pmix_data_type_t type);
PMIX_EXPORT void PMIx_Data_array_free(pmix_data_array_t *p);

PMIX_EXPORT void PMIx_Data_buffer_construct(pmix_data_buffer_t *b);
PMIX_EXPORT void PMIx_Data_buffer_destruct(pmix_data_buffer_t *b);
PMIX_EXPORT pmix_data_buffer_t *PMIx_Data_buffer_create(void);
PMIX_EXPORT void PMIx_Data_buffer_release(pmix_data_buffer_t *b);
/* Hands the malloc'd block of sz bytes over to *b, to be unpacked; what *b held is freed. */
PMIX_EXPORT void PMIx_Data_buffer_load(pmix_data_buffer_t *b, char *bytes, size_t sz);
/* Takes the bytes that are not unpacked yet out of *b, as a block that the caller frees, and leaves *b empty; NULL and
 * 0 where there are none. */
PMIX_EXPORT void PMIx_Data_buffer_unload(pmix_data_buffer_t *b, char **bytes, size_t *sz);

/* ---- Hardware and fabrics. ---- */

PMIX_EXPORT void PMIx_Coord_construct(pmix_coord_t *m);
PMIX_EXPORT void PMIx_Coord_destruct(pmix_coord_t *m);
/* N.B. only the first coordinate gets its dims dimensions; the others start empty. */
PMIX_EXPORT pmix_coord_t *PMIx_Coord_create(size_t dims, size_t number);
PMIX_EXPORT void PMIx_Coord_free(pmix_coord_t *m, size_t n);

/* N.B. these free what hwloc made, and leave the object of any other source alone. */
PMIX_EXPORT void PMIx_Cpuset_construct(pmix_cpuset_t *cpuset);
PMIX_EXPORT void PMIx_Cpuset_destruct(pmix_cpuset_t *cpuset);
PMIX_EXPORT pmix_cpuset_t *PMIx_Cpuset_create(size_t n);
PMIX_EXPORT void PMIx_Cpuset_free(pmix_cpuset_t *cpuset, size_t n);
PMIX_EXPORT void PMIx_Topology_construct(pmix_topology_t *t);
PMIX_EXPORT pmix_topology_t *PMIx_Topology_create(size_t n);
PMIX_EXPORT void PMIx_Topology_free(pmix_topology_t *t, size_t n);

PMIX_EXPORT void PMIx_Device_construct(pmix_device_t *d);
PMIX_EXPORT void PMIx_Device_destruct(pmix_device_t *d);
PMIX_EXPORT pmix_device_t *PMIx_Device_create(size_t n);
PMIX_EXPORT void PMIx_Device_free(pmix_device_t *d, size_t n);

/* N.B. both distances start at UINT16_MAX, which means unknown. */
PMIX_EXPORT void PMIx_Device_distance_construct(pmix_device_distance_t *d);
PMIX_EXPORT void PMIx_Device_distance_destruct(pmix_device_distance_t *d);
PMIX_EXPORT pmix_device_distance_t *PMIx_Device_distance_create(size_t n);
PMIX_EXPORT void PMIx_Device_distance_free(pmix_device_distance_t *d, size_t n);

PMIX_EXPORT void PMIx_Endpoint_construct(pmix_endpoint_t *e);
PMIX_EXPORT void PMIx_Endpoint_destruct(pmix_endpoint_t *e);
PMIX_EXPORT pmix_endpoint_t *PMIx_Endpoint_create(size_t n);
PMIX_EXPORT void PMIx_Endpoint_free(pmix_endpoint_t *e, size_t n);

PMIX_EXPORT void PMIx_Geometry_construct(pmix_geometry_t *g);
PMIX_EXPORT void PMIx_Geometry_destruct(pmix_geometry_t *g);
PMIX_EXPORT pmix_geometry_t *PMIx_Geometry_create(size_t n);
PMIX_EXPORT void PMIx_Geometry_free(pmix_geometry_t *g, size_t n);

/* N.B. the number of an unknown node is UINT32_MAX, the id of an unknown process -1. */
PMIX_EXPORT void PMIx_Node_pid_construct(pmix_node_pid_t *d);
PMIX_EXPORT void PMIx_Node_pid_destruct(pmix_node_pid_t *d);
PMIX_EXPORT pmix_node_pid_t *PMIx_Node_pid_create(size_t n);
PMIX_EXPORT void PMIx_Node_pid_free(pmix_node_pid_t *d, size_t n);

PMIX_EXPORT void PMIx_Resource_unit_construct(pmix_resource_unit_t *d);
PMIX_EXPORT void PMIx_Resource_unit_destruct(pmix_resource_unit_t *d);
PMIX_EXPORT pmix_resource_unit_t *PMIx_Resource_unit_create(size_t n);
PMIX_EXPORT void PMIx_Resource_unit_free(pmix_resource_unit_t *d, size_t n);

PMIX_EXPORT void PMIx_Fabric_construct(pmix_fabric_t *d);

/* ---- Samples. ---- */

PMIX_EXPORT void PMIx_Disk_stats_construct(pmix_disk_stats_t *p);
PMIX_EXPORT void PMIx_Disk_stats_destruct(pmix_disk_stats_t *p);
PMIX_EXPORT pmix_disk_stats_t *PMIx_Disk_stats_create(size_t n);
PMIX_EXPORT void PMIx_Disk_stats_free(pmix_disk_stats_t *p, size_t n);

PMIX_EXPORT void PMIx_Net_stats_construct(pmix_net_stats_t *p);
PMIX_EXPORT void PMIx_Net_stats_destruct(pmix_net_stats_t *p);
PMIX_EXPORT pmix_net_stats_t *PMIx_Net_stats_create(size_t n);
PMIX_EXPORT void PMIx_Net_stats_free(pmix_net_stats_t *p, size_t n);

PMIX_EXPORT void PMIx_Node_stats_construct(pmix_node_stats_t *p);
PMIX_EXPORT void PMIx_Node_stats_destruct(pmix_node_stats_t *p);
PMIX_EXPORT pmix_node_stats_t *PMIx_Node_stats_create(size_t n);
PMIX_EXPORT void PMIx_Node_stats_free(pmix_node_stats_t *p, size_t n);

PMIX_EXPORT void PMIx_Proc_stats_construct(pmix_proc_stats_t *ps);
PMIX_EXPORT void PMIx_Proc_stats_destruct(pmix_proc_stats_t *ps);
PMIX_EXPORT pmix_proc_stats_t *PMIx_Proc_stats_create(size_t n);
PMIX_EXPORT void PMIx_Proc_stats_free(pmix_proc_stats_t *ps, size_t n);

/* ---- Macros that release 4.2 lacks. Those that assign NULL to m want a variable there. ---- */

#define PMIX_CPUSET_DESTRUCT(m) PMIx_Cpuset_destruct(m)
#define PMIX_CPUSET_FREE(m, n) PMIX_FREE_OBJECTS_(PMIx_Cpuset_free, m, n)
#define PMIX_TOPOLOGY_FREE(m, n) PMIX_FREE_OBJECTS_(PMIx_Topology_free, m, n)
#define PMIX_DEVICE_CONSTRUCT(m) PMIx_Device_construct(m)
#define PMIX_DEVICE_DESTRUCT(m) PMIx_Device_destruct(m)
#define PMIX_DEVICE_CREATE(m, n) ((m) = PMIx_Device_create(n))
#define PMIX_DEVICE_FREE(m, n) PMIX_FREE_OBJECTS_(PMIx_Device_free, m, n)
#define PMIX_RESOURCE_UNIT_CONSTRUCT(m) PMIx_Resource_unit_construct(m)
#define PMIX_RESOURCE_UNIT_DESTRUCT(m) PMIx_Resource_unit_destruct(m)
#define PMIX_RESOURCE_UNIT_CREATE(m, n) ((m) = PMIx_Resource_unit_create(n))
#define PMIX_RESOURCE_UNIT_FREE(m, n) PMIX_FREE_OBJECTS_(PMIx_Resource_unit_free, m, n)

#define PMIX_FREE_OBJECTS_(function, m, n) \
    do { \
        function((m), (n)); \
        (m) = NULL; \
    } while (0)

/* ---- Data. ---- */

/* The frameworks of OpenPMIx, closed by NULL. Open MPI 5 looks up here which of its parameters it hands on as
 * PMIX_MCA_<framework>_... in the environment. */
PMIX_EXPORT extern const char *const pmix_framework_names[];

#ifdef __cplusplus
}
#endif

#endif
