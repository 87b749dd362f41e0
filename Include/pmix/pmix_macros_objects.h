// More of pmix_macros.h, which says what the verbs mean: applications, queries, attributes, hardware, fabrics, samples.
#ifndef PMIX_MACROS_OBJECTS_H
#define PMIX_MACROS_OBJECTS_H

#include "pmix_macros.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PMIX_APP_CONSTRUCT(m) PMIX_CLEAR_(m, pmix_app_t)
#define PMIX_APP_DESTRUCT(m) pmix_app_free((m), 1)
#define PMIX_APP_CREATE(m, n) PMIX_CREATE_(m, n, pmix_app_t)
#define PMIX_APP_INFO_CREATE(m, n) PMIX_INFO_CREATE((m)->info, (m)->ninfo = (n))
#define PMIX_APP_RELEASE(m) PMIX_APP_FREE(m, 1)
#define PMIX_APP_FREE(m, n) \
    do { \
        pmix_app_free((m), (n)); \
        PMIX_FREE_AND_FORGET_(m); \
    } while (0)

/* Destructs n elements, keeps the array. */
static inline void pmix_app_free(pmix_app_t *ap, size_t n) {
    size_t i;
    for (i = 0; NULL != ap && i < n; i++) {
        pmix_drop_string_(&ap[i].cmd);
        pmix_drop_string_(&ap[i].cwd);
        pmix_argv_free(ap[i].argv);
        pmix_argv_free(ap[i].env);
        ap[i].argv = ap[i].env = NULL;
        PMIX_INFO_FREE(ap[i].info, ap[i].ninfo);
        ap[i].ninfo = 0;
    }
}

#define PMIX_QUERY_CONSTRUCT(m) PMIX_CLEAR_(m, pmix_query_t)
#define PMIX_QUERY_DESTRUCT(m) pmix_queries_clear_((m), 1)
#define PMIX_QUERY_CREATE(m, n) PMIX_CREATE_(m, n, pmix_query_t)
#define PMIX_QUERY_QUALIFIERS_CREATE(m, n) PMIX_INFO_CREATE((m)->qualifiers, (m)->nqual = (n))
#define PMIX_QUERY_RELEASE(m) PMIX_QUERY_FREE(m, 1)
#define PMIX_QUERY_FREE(m, n) \
    do { \
        pmix_queries_clear_((m), (n)); \
        PMIX_FREE_AND_FORGET_(m); \
    } while (0)

static inline void pmix_queries_clear_(pmix_query_t *queries, size_t count) {
    size_t i;
    for (i = 0; NULL != queries && i < count; i++) {
        pmix_argv_free(queries[i].keys);
        queries[i].keys = NULL;
        PMIX_INFO_FREE(queries[i].qualifiers, queries[i].nqual);
        queries[i].nqual = 0;
    }
}

#define PMIX_REGATTR_CONSTRUCT(a) pmix_regattr_construct_(a)
#define PMIX_REGATTR_DESTRUCT(a) pmix_regattrs_clear_((a), 1)
#define PMIX_REGATTR_CREATE(m, n) PMIX_CREATE_(m, n, pmix_regattr_t)
/* N.B. m may be a void pointer. */
#define PMIX_REGATTR_FREE(m, n) \
    do { \
        pmix_regattrs_clear_((pmix_regattr_t *) (m), (n)); \
        PMIX_FREE_AND_FORGET_(m); \
    } while (0)
/* Sets name, key and type and appends one line to the description; a NULL n, k or v leaves that member alone. */
#define PMIX_REGATTR_LOAD(a, n, k, t, v) pmix_regattr_load_((a), (n), (k), (t), (v))
#define PMIX_REGATTR_XFER(a, b) pmix_regattr_copy_((a), (b))

static inline void pmix_regattr_construct_(pmix_regattr_t *attribute) {
    if (NULL != attribute) {
        PMIX_CLEAR_(attribute, pmix_regattr_t);
    }
}

static inline void pmix_regattrs_clear_(pmix_regattr_t *attributes, size_t count) {
    size_t i;
    for (i = 0; NULL != attributes && i < count; i++) {
        pmix_drop_string_(&attributes[i].name);
        pmix_argv_free(attributes[i].description);
        attributes[i].description = NULL;
    }
}

static inline void pmix_regattr_load_(pmix_regattr_t *attribute, const char *name, const char *key,
                                      pmix_data_type_t type, const char *line) {
    if (NULL != name) {
        attribute->name = pmix_copy_string_(name);
    }
    if (NULL != key) {
        PMIX_LOAD_KEY(attribute->string, key);
    }
    attribute->type = type;
    if (NULL != line) {
        (void) pmix_argv_append_nosize(&attribute->description, line);
    }
}

static inline void pmix_regattr_copy_(pmix_regattr_t *dest, const pmix_regattr_t *src) {
    PMIX_CLEAR_(dest, pmix_regattr_t);
    pmix_regattr_load_(dest, src->name, src->string, src->type, NULL);
    dest->description = pmix_argv_copy(src->description);
}

#define PMIX_PROC_INFO_CONSTRUCT(m) PMIX_CLEAR_(m, pmix_proc_info_t)
#define PMIX_PROC_INFO_DESTRUCT(m) pmix_proc_infos_clear_((m), 1)
#define PMIX_PROC_INFO_CREATE(m, n) PMIX_CREATE_(m, n, pmix_proc_info_t)
/* N.B. m may be any expression in these two and keeps its value. */
#define PMIX_PROC_INFO_RELEASE(m) pmix_proc_infos_free_((m), 1)
#define PMIX_PROC_INFO_FREE(m, n) pmix_proc_infos_free_((m), (n))

static inline void pmix_proc_infos_clear_(pmix_proc_info_t *rows, size_t count) {
    size_t i;
    for (i = 0; NULL != rows && i < count; i++) {
        pmix_drop_string_(&rows[i].hostname);
        pmix_drop_string_(&rows[i].executable_name);
    }
}

static inline void pmix_proc_infos_free_(pmix_proc_info_t *rows, size_t count) {
    pmix_proc_infos_clear_(rows, count);
    pmix_free(rows);
}

/* ---- Hardware and fabrics. ---- */

#define PMIX_CPUSET_CONSTRUCT(m) PMIX_CLEAR_(m, pmix_cpuset_t)
#define PMIX_CPUSET_CREATE(m, n) PMIX_CREATE_(m, n, pmix_cpuset_t)
#define PMIX_TOPOLOGY_CONSTRUCT(m) PMIX_CLEAR_(m, pmix_topology_t)
#define PMIX_TOPOLOGY_CREATE(m, n) PMIX_CREATE_(m, n, pmix_topology_t)
#define PMIX_TOPOLOGY_DESTRUCT(x) PMIx_Topology_destruct(x)
#define PMIX_FABRIC_CONSTRUCT(x) PMIX_CLEAR_(x, pmix_fabric_t)

#define PMIX_COORD_CONSTRUCT(m) PMIX_CLEAR_(m, pmix_coord_t)
#define PMIX_COORD_DESTRUCT(m) pmix_coords_clear_((m), 1)
/* d coordinates. N.B. only the first gets its n dimensions; the others start empty. */
#define PMIX_COORD_CREATE(m, d, n) ((m) = pmix_coords_create_((d), (n)))
#define PMIX_COORD_FREE(m, n) \
    do { \
        pmix_coords_clear_((m), (n)); \
        PMIX_FREE_AND_FORGET_(m); \
    } while (0)

static inline pmix_coord_t *pmix_coords_create_(size_t count, size_t dims) {
    pmix_coord_t *coords = (pmix_coord_t *) pmix_zeroed_(count, sizeof(pmix_coord_t));
    if (NULL != coords) {
        coords->dims = dims;
        coords->coord = (uint32_t *) pmix_zeroed_(dims, sizeof(uint32_t));
    }
    return coords;
}

static inline void pmix_coords_clear_(pmix_coord_t *coords, size_t count) {
    size_t i;
    for (i = 0; NULL != coords && i < count; i++) {
        pmix_free(coords[i].coord);
        PMIX_CLEAR_(&coords[i], pmix_coord_t);
    }
}

#define PMIX_GEOMETRY_CONSTRUCT(m) PMIX_CLEAR_(m, pmix_geometry_t)
#define PMIX_GEOMETRY_DESTRUCT(m) pmix_geometries_clear_((m), 1)
#define PMIX_GEOMETRY_CREATE(m, n) PMIX_CREATE_(m, n, pmix_geometry_t)
#define PMIX_GEOMETRY_FREE(m, n) \
    do { \
        pmix_geometries_clear_((m), (n)); \
        PMIX_FREE_AND_FORGET_(m); \
    } while (0)

static inline void pmix_geometries_clear_(pmix_geometry_t *geometries, size_t count) {
    size_t i;
    for (i = 0; NULL != geometries && i < count; i++) {
        pmix_drop_string_(&geometries[i].uuid);
        pmix_drop_string_(&geometries[i].osname);
        PMIX_COORD_FREE(geometries[i].coordinates, geometries[i].ncoords);
    }
}

#define PMIX_ENDPOINT_CONSTRUCT(m) PMIX_CLEAR_(m, pmix_endpoint_t)
#define PMIX_ENDPOINT_DESTRUCT(m) pmix_endpoints_clear_((m), 1)
#define PMIX_ENDPOINT_CREATE(m, n) PMIX_CREATE_(m, n, pmix_endpoint_t)
#define PMIX_ENDPOINT_FREE(m, n) \
    do { \
        pmix_endpoints_clear_((m), (n)); \
        PMIX_FREE_AND_FORGET_(m); \
    } while (0)

static inline void pmix_endpoints_clear_(pmix_endpoint_t *endpoints, size_t count) {
    size_t i;
    for (i = 0; NULL != endpoints && i < count; i++) {
        pmix_drop_string_(&endpoints[i].uuid);
        pmix_drop_string_(&endpoints[i].osname);
        pmix_byte_objects_clear_(&endpoints[i].endpt, 1);
    }
}

/* N.B. both distances start at UINT16_MAX, which means unknown. */
#define PMIX_DEVICE_DIST_CONSTRUCT(m) pmix_device_dists_construct_((m), 1)
#define PMIX_DEVICE_DIST_DESTRUCT(m) pmix_device_dists_clear_((m), 1)
#define PMIX_DEVICE_DIST_CREATE(m, n) ((m) = pmix_device_dists_create_(n))
#define PMIX_DEVICE_DIST_FREE(m, n) \
    do { \
        pmix_device_dists_clear_((m), (n)); \
        PMIX_FREE_AND_FORGET_(m); \
    } while (0)

static inline void pmix_device_dists_construct_(pmix_device_distance_t *dists, size_t count) {
    size_t i;
    for (i = 0; NULL != dists && i < count; i++) {
        PMIX_CLEAR_(&dists[i], pmix_device_distance_t);
        dists[i].mindist = dists[i].maxdist = 0xffff;
    }
}

static inline pmix_device_distance_t *pmix_device_dists_create_(size_t count) {
    pmix_device_distance_t *dists = (pmix_device_distance_t *) pmix_zeroed_(count, sizeof(pmix_device_distance_t));
    pmix_device_dists_construct_(dists, count);
    return dists;
}

static inline void pmix_device_dists_clear_(pmix_device_distance_t *dists, size_t count) {
    size_t i;
    for (i = 0; NULL != dists && i < count; i++) {
        pmix_drop_string_(&dists[i].uuid);
        pmix_drop_string_(&dists[i].osname);
    }
}

/* ---- Samples. The four pmix_x_stats_free() destruct n elements and keep the array. ---- */

static inline void pmix_proc_stats_free(pmix_proc_stats_t *ps, size_t n) {
    size_t i;
    for (i = 0; NULL != ps && i < n; i++) {
        pmix_drop_string_(&ps[i].node);
        pmix_drop_string_(&ps[i].cmd);
    }
}

static inline void pmix_disk_stats_free(pmix_disk_stats_t *d, size_t n) {
    size_t i;
    for (i = 0; NULL != d && i < n; i++) {
        pmix_drop_string_(&d[i].disk);
    }
}

static inline void pmix_net_stats_free(pmix_net_stats_t *nst, size_t n) {
    size_t i;
    for (i = 0; NULL != nst && i < n; i++) {
        pmix_drop_string_(&nst[i].net_interface);
    }
}

static inline void pmix_node_stats_free(pmix_node_stats_t *nd, size_t n) {
    size_t i;
    for (i = 0; NULL != nd && i < n; i++) {
        pmix_drop_string_(&nd[i].node);
        pmix_disk_stats_free(nd[i].diskstats, nd[i].ndiskstats);
        pmix_net_stats_free(nd[i].netstats, nd[i].nnetstats);
        PMIX_FREE_AND_FORGET_(nd[i].diskstats);
        PMIX_FREE_AND_FORGET_(nd[i].netstats);
    }
}

#define PMIX_PROC_STATS_CONSTRUCT(m) PMIX_CLEAR_(m, pmix_proc_stats_t)
#define PMIX_PROC_STATS_DESTRUCT(m) pmix_proc_stats_free((m), 1)
#define PMIX_PROC_STATS_CREATE(m, n) PMIX_CREATE_(m, n, pmix_proc_stats_t)
#define PMIX_PROC_STATS_RELEASE(m) PMIX_PROC_STATS_FREE(m, 1)
#define PMIX_PROC_STATS_FREE(m, n) \
    do { \
        pmix_proc_stats_free((m), (n)); \
        PMIX_FREE_AND_FORGET_(m); \
    } while (0)

#define PMIX_DISK_STATS_CONSTRUCT(m) PMIX_CLEAR_(m, pmix_disk_stats_t)
#define PMIX_DISK_STATS_DESTRUCT(m) pmix_disk_stats_free((m), 1)
#define PMIX_DISK_STATS_CREATE(m, n) PMIX_CREATE_(m, n, pmix_disk_stats_t)
#define PMIX_DISK_STATS_RELEASE(m) PMIX_DISK_STATS_FREE(m, 1)
#define PMIX_DISK_STATS_FREE(m, n) \
    do { \
        pmix_disk_stats_free((m), (n)); \
        PMIX_FREE_AND_FORGET_(m); \
    } while (0)

#define PMIX_NET_STATS_CONSTRUCT(m) PMIX_CLEAR_(m, pmix_net_stats_t)
#define PMIX_NET_STATS_DESTRUCT(m) pmix_net_stats_free((m), 1)
#define PMIX_NET_STATS_CREATE(m, n) PMIX_CREATE_(m, n, pmix_net_stats_t)
#define PMIX_NET_STATS_RELEASE(m) PMIX_NET_STATS_FREE(m, 1)
#define PMIX_NET_STATS_FREE(m, n) \
    do { \
        pmix_net_stats_free((m), (n)); \
        PMIX_FREE_AND_FORGET_(m); \
    } while (0)

#define PMIX_NODE_STATS_CONSTRUCT(m) PMIX_CLEAR_(m, pmix_node_stats_t)
#define PMIX_NODE_STATS_DESTRUCT(m) pmix_node_stats_free((m), 1)
#define PMIX_NODE_STATS_CREATE(m, n) PMIX_CREATE_(m, n, pmix_node_stats_t)
/* N.B. unlike the other releases this one does not free m: programs count on it and free m themselves. */
#define PMIX_NODE_STATS_RELEASE(m) pmix_node_stats_free((m), 1)
#define PMIX_NODE_STATS_FREE(m, n) \
    do { \
        pmix_node_stats_free((m), (n)); \
        PMIX_FREE_AND_FORGET_(m); \
    } while (0)

/* Tells the monitoring set up with PMIX_MONITOR_HEARTBEAT that this process is alive. A function since release 6; what
 * is compiled here takes the macro, as with the headers before. */
PMIX_EXPORT void PMIx_Heartbeat(void);
#define PMIx_Heartbeat() \
    do { \
        pmix_info_t pmix_beat_; \
        PMIX_INFO_LOAD(&pmix_beat_, PMIX_SEND_HEARTBEAT, NULL, PMIX_POINTER); \
        (void) PMIx_Process_monitor_nb(&pmix_beat_, PMIX_SUCCESS, NULL, 0, NULL, NULL); \
        PMIX_INFO_DESTRUCT(&pmix_beat_); \
    } while (0)

#ifdef __cplusplus
}
#endif

#endif
