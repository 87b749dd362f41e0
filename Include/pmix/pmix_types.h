// The structs that cross the API, and the callbacks. Layouts are ABI, shared with every OpenPMIx from 3.1 on.
// Memory that changes hands comes from malloc() and goes to free(): the macros of pmix_macros.h do it in the
// consumer's own code. Each X_STATIC_INIT initializes a pmix_x_t at its definition.
#ifndef PMIX_TYPES_H
#define PMIX_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/time.h>
#include <sys/types.h>
#include <time.h>

#include "pmix_codes.h"
#include "pmix_status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A process: namespace and rank. N.B. 260 bytes with an alignment of 4. */
typedef struct pmix_proc {
    pmix_nspace_t nspace;
    pmix_rank_t rank;
} pmix_proc_t;
#define PMIX_PROC_STATIC_INIT { {0}, PMIX_RANK_UNDEF }

typedef struct pmix_byte_object {
    char *bytes;
    size_t size;
} pmix_byte_object_t;
#define PMIX_BYTE_OBJECT_STATIC_INIT { NULL, 0 }

/* A change to an environment variable; the separator matters where the value is prepended or appended. */
typedef struct {
    char *envar;
    char *value;
    char separator;
} pmix_envar_t;
#define PMIX_ENVAR_STATIC_INIT { NULL, NULL, '\0' }

typedef struct pmix_data_array {
    pmix_data_type_t type;
    size_t size;
    void *array;
} pmix_data_array_t;
#define PMIX_DATA_ARRAY_STATIC_INIT { PMIX_UNDEF, 0, NULL }

/* A buffer being packed or unpacked: both cursors point into the block at base_ptr, and bytes_used counts from it. */
typedef struct pmix_data_buffer {
    char *base_ptr;
    char *pack_ptr;
    char *unpack_ptr;
    size_t bytes_allocated;
    size_t bytes_used;
} pmix_data_buffer_t;
#define PMIX_DATA_BUFFER_STATIC_INIT { NULL, NULL, NULL, 0, 0 }

/* A row of the process table that queries return. */
typedef struct pmix_proc_info {
    pmix_proc_t proc;
    char *hostname;
    char *executable_name;
    pid_t pid;
    int exit_code;
    pmix_proc_state_t state;
} pmix_proc_info_t;
#define PMIX_PROC_INFO_STATIC_INIT { PMIX_PROC_STATIC_INIT, NULL, NULL, 0, 0, PMIX_PROC_STATE_UNDEF }

/* Hardware. `source` says which library (and version) made the opaque object beside it. */
typedef struct {
    char *source;
    void *bitmap;
} pmix_cpuset_t;
#define PMIX_CPUSET_STATIC_INIT { NULL, NULL }

typedef struct {
    char *source;
    void *topology;
} pmix_topology_t;
#define PMIX_TOPOLOGY_STATIC_INIT { NULL, NULL }

typedef struct pmix_coord {
    pmix_coord_view_t view;
    uint32_t *coord;
    size_t dims;
} pmix_coord_t;
#define PMIX_COORD_STATIC_INIT { PMIX_COORD_VIEW_UNDEF, NULL, 0 }

/* Where a device lies in one fabric: one coordinate per view. */
typedef struct pmix_geometry {
    size_t fabric;
    char *uuid;
    char *osname;
    pmix_coord_t *coordinates;
    size_t ncoords;
} pmix_geometry_t;
#define PMIX_GEOMETRY_STATIC_INIT { 0, NULL, NULL, NULL, 0 }

/* How far a device is from a process; UINT16_MAX where nobody knows. */
typedef struct pmix_device_distance {
    char *uuid;
    char *osname;
    pmix_device_type_t type;
    uint16_t mindist;
    uint16_t maxdist;
} pmix_device_distance_t;
#define PMIX_DEVICE_DIST_STATIC_INIT { NULL, NULL, PMIX_DEVTYPE_UNKNOWN, 0, 0 }

typedef struct pmix_endpoint {
    char *uuid;
    char *osname;
    pmix_byte_object_t endpt;
} pmix_endpoint_t;
#define PMIX_ENDPOINT_STATIC_INIT { NULL, NULL, PMIX_BYTE_OBJECT_STATIC_INIT }

/* A device of a node: a name that is unique in the cluster, and the operating system's. */
typedef struct pmix_device {
    char *uuid;
    char *osname;
    pmix_device_type_t type;
} pmix_device_t;
#define PMIX_DEVICE_STATIC_INIT { NULL, NULL, PMIX_DEVTYPE_UNKNOWN }

/* So many devices of a kind, as part of a block of resources. */
typedef struct pmix_resource_unit {
    pmix_device_type_t type;
    size_t count;
} pmix_resource_unit_t;
#define PMIX_RESOURCE_UNIT_STATIC_INIT { PMIX_DEVTYPE_UNKNOWN, 0 }

/* A process as its operating system knows it. The node goes by name or by number; UINT32_MAX and -1 say unset. */
typedef struct pmix_node_pid {
    char *hostname;
    uint32_t nodeid;
    pid_t pid;
} pmix_node_pid_t;
#define PMIX_NODE_PID_STATIC_INIT { NULL, 0xffffffffU, -1 }

/* Samples of a process, a disk, a network interface and a node; memory in megabytes. */
typedef struct pmix_proc_stats {
    char *node;
    pmix_proc_t proc;
    pid_t pid;
    char *cmd;
    char state;
    struct timeval time;
    float percent_cpu;
    int32_t priority;
    uint16_t num_threads;
    float pss;
    float vsize;
    float rss;
    float peak_vsize;
    uint16_t processor;
    struct timeval sample_time;
} pmix_proc_stats_t;
#define PMIX_PROC_STATS_STATIC_INIT \
    { NULL, PMIX_PROC_STATIC_INIT, 0, NULL, '\0', {0, 0}, 0.0f, 0, 0, 0.0f, 0.0f, 0.0f, 0.0f, 0, {0, 0} }

typedef struct {
    char *disk;
    uint64_t num_reads_completed;
    uint64_t num_reads_merged;
    uint64_t num_sectors_read;
    uint64_t milliseconds_reading;
    uint64_t num_writes_completed;
    uint64_t num_writes_merged;
    uint64_t num_sectors_written;
    uint64_t milliseconds_writing;
    uint64_t num_ios_in_progress;
    uint64_t milliseconds_io;
    uint64_t weighted_milliseconds_io;
} pmix_disk_stats_t;
#define PMIX_DISK_STATS_STATIC_INIT { NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

typedef struct {
    char *net_interface;
    uint64_t num_bytes_recvd;
    uint64_t num_packets_recvd;
    uint64_t num_recv_errs;
    uint64_t num_bytes_sent;
    uint64_t num_packets_sent;
    uint64_t num_send_errs;
} pmix_net_stats_t;
#define PMIX_NET_STATS_STATIC_INIT { NULL, 0, 0, 0, 0, 0, 0 }

typedef struct {
    char *node;
    float la;
    float la5;
    float la15;
    float total_mem;
    float free_mem;
    float buffers;
    float cached;
    float swap_cached;
    float swap_total;
    float swap_free;
    float mapped;
    struct timeval sample_time;
    pmix_disk_stats_t *diskstats;
    size_t ndiskstats;
    pmix_net_stats_t *netstats;
    size_t nnetstats;
} pmix_node_stats_t;
#define PMIX_NODE_STATS_STATIC_INIT \
    { NULL, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f, {0, 0}, NULL, 0, NULL, 0 }

/* One value of any type. Arms that are pointers own what they point to, except `ptr`; PMIx_Value_destruct() frees
 * by `type`. Strings, byte objects and envars hold malloc'd blocks inline. */
typedef struct pmix_value {
    pmix_data_type_t type;
    union {
        bool flag;
        uint8_t byte;
        char *string;
        size_t size;
        pid_t pid;
        int integer;
        int8_t int8;
        int16_t int16;
        int32_t int32;
        int64_t int64;
        unsigned int uint;
        uint8_t uint8;
        uint16_t uint16;
        uint32_t uint32;
        uint64_t uint64;
        float fval;
        double dval;
        struct timeval tv;
        time_t time;
        pmix_status_t status;
        pmix_rank_t rank;
        pmix_nspace_t *nspace;
        pmix_proc_t *proc;
        pmix_byte_object_t bo;
        pmix_persistence_t persist;
        pmix_scope_t scope;
        pmix_data_range_t range;
        pmix_proc_state_t state;
        pmix_proc_info_t *pinfo;
        pmix_data_array_t *darray;
        void *ptr;
        pmix_alloc_directive_t adir;
        pmix_resource_block_directive_t rbdir;
        pmix_envar_t envar;
        pmix_coord_t *coord;
        pmix_link_state_t linkstate;
        pmix_job_state_t jstate;
        pmix_topology_t *topo;
        pmix_cpuset_t *cpuset;
        pmix_locality_t locality;
        pmix_geometry_t *geometry;
        pmix_device_type_t devtype;
        pmix_device_t *device;
        pmix_device_distance_t *devdist;
        pmix_endpoint_t *endpoint;
        pmix_data_buffer_t *dbuf;
        pmix_resource_unit_t *resunit;
        pmix_node_pid_t *nodepid;
        pmix_proc_stats_t *pstats;
        pmix_disk_stats_t *dkstats;
        pmix_net_stats_t *netstats;
        pmix_node_stats_t *ndstats;
    } data;
} pmix_value_t;
#ifdef __cplusplus
#define PMIX_VALUE_STATIC_INIT { PMIX_UNDEF, { false } }
#else
#define PMIX_VALUE_STATIC_INIT { PMIX_UNDEF, { .ptr = NULL } }
#endif

/* A key with its value: an attribute of a request, a directive, a result. */
typedef struct pmix_info {
    pmix_key_t key;
    pmix_info_directives_t flags;
    pmix_value_t value;
} pmix_info_t;
#define PMIX_INFO_STATIC_INIT { {0}, 0, PMIX_VALUE_STATIC_INIT }

/* What a lookup asks for (key) and gets (proc, value). */
typedef struct pmix_pdata {
    pmix_proc_t proc;
    pmix_key_t key;
    pmix_value_t value;
} pmix_pdata_t;
#define PMIX_LOOKUP_STATIC_INIT { PMIX_PROC_STATIC_INIT, {0}, PMIX_VALUE_STATIC_INIT }

/* One application of a job to spawn; argv and env are NULL-terminated. */
typedef struct pmix_app {
    char *cmd;
    char **argv;
    char **env;
    char *cwd;
    int maxprocs;
    pmix_info_t *info;
    size_t ninfo;
} pmix_app_t;
#define PMIX_APP_STATIC_INIT { NULL, NULL, NULL, NULL, 0, NULL, 0 }

/* A NULL-terminated list of keys to ask for, and what narrows them. */
typedef struct pmix_query {
    char **keys;
    pmix_info_t *qualifiers;
    size_t nqual;
} pmix_query_t;
#define PMIX_QUERY_STATIC_INIT { NULL, NULL, 0 }

/* An attribute that a function supports: name in C, key, type, and a NULL-terminated description. */
typedef struct pmix_regattr_t {
    char *name;
    pmix_key_t string;
    pmix_data_type_t type;
    char **description;
} pmix_regattr_t;
#define PMIX_REGATTR_STATIC_INIT { NULL, {0}, PMIX_UNDEF, NULL }

/* A registered fabric; `module` belongs to the library. */
typedef struct pmix_fabric_s {
    char *name;
    size_t index;
    pmix_info_t *info;
    size_t ninfo;
    void *module;
} pmix_fabric_t;
#define PMIX_FABRIC_STATIC_INIT { NULL, 0, NULL, 0, NULL }

/* ---- Callbacks. Unless a line says otherwise the arguments are lent for the length of the call, and the callback
 * runs on the library's progress thread: it must not block, nor call a blocking function of this library. ---- */

/* Tells whoever passed data along that it is no longer needed. */
typedef void (*pmix_release_cbfunc_t)(void *cbdata);

/* An operation without a result has ended. */
typedef void (*pmix_op_cbfunc_t)(pmix_status_t status, void *cbdata);

/* A get has ended; kv is NULL unless status is PMIX_SUCCESS. */
typedef void (*pmix_value_cbfunc_t)(pmix_status_t status, pmix_value_t *kv, void *cbdata);

/* A lookup has ended. */
typedef void (*pmix_lookup_cbfunc_t)(pmix_status_t status, pmix_pdata_t data[], size_t ndata, void *cbdata);

/* A spawn has ended; nspace names the new job. */
typedef void (*pmix_spawn_cbfunc_t)(pmix_status_t status, pmix_nspace_t nspace, void *cbdata);

/* A host answers a fence or a direct modex; the blob stays its own until release_fn(release_cbdata) is called. */
typedef void (*pmix_modex_cbfunc_t)(pmix_status_t status, const char *data, size_t ndata, void *cbdata,
                                    pmix_release_cbfunc_t release_fn, void *release_cbdata);

/* A query, job control, monitor or allocation request has ended. The receiver calls release_fn(release_cbdata),
 * where it is given one, when it has done with info; that may be after returning. */
typedef void (*pmix_info_cbfunc_t)(pmix_status_t status, pmix_info_t *info, size_t ninfo, void *cbdata,
                                   pmix_release_cbfunc_t release_fn, void *release_cbdata);

/* Device distances have been computed; release_fn as for pmix_info_cbfunc_t. */
typedef void (*pmix_device_dist_cbfunc_t)(pmix_status_t status, pmix_device_distance_t *dist, size_t ndist,
                                          void *cbdata, pmix_release_cbfunc_t release_fn, void *release_cbdata);

/* A credential has been made; its bytes are lent. */
typedef void (*pmix_credential_cbfunc_t)(pmix_status_t status, pmix_byte_object_t *credential, pmix_info_t info[],
                                         size_t ninfo, void *cbdata);

/* A credential has been checked; info says what it proves. */
typedef void (*pmix_validation_cbfunc_t)(pmix_status_t status, pmix_info_t info[], size_t ninfo, void *cbdata);

/* An event handler or an output handler is registered; refid is what deregistering takes. The second name is the
 * older spelling of the same type. */
typedef void (*pmix_hdlr_reg_cbfunc_t)(pmix_status_t status, size_t refid, void *cbdata);
typedef void (*pmix_evhdlr_reg_cbfunc_t)(pmix_status_t status, size_t refid, void *cbdata);

/* What an event handler calls when it has done, to hand the event to the next handler of the chain. results are
 * shown to that one; the library calls cbfunc(status, thiscbdata) once it has copied them. notification_cbdata is the
 * cbdata the handler was called with. */
typedef void (*pmix_event_notification_cbfunc_fn_t)(pmix_status_t status, pmix_info_t *results, size_t nresults,
                                                    pmix_op_cbfunc_t cbfunc, void *thiscbdata,
                                                    void *notification_cbdata);

/* An event handler. results are those of the handlers before it. It must call cbfunc exactly once, now or later;
 * info and results stay until then. */
typedef void (*pmix_notification_fn_t)(size_t evhdlr_registration_id, pmix_status_t status,
                                       const pmix_proc_t *source, pmix_info_t info[], size_t ninfo,
                                       pmix_info_t *results, size_t nresults,
                                       pmix_event_notification_cbfunc_fn_t cbfunc, void *cbdata);

#ifdef __cplusplus
}
#endif

#endif
