#include "samples.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *word(const char *stem, int seed) {
    char *text = malloc(64);
    snprintf(text, 64, "%s-%d", stem, seed);
    return text;
}

static bool same_text(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_argv(char **a, char **b) {
    if (a == NULL || b == NULL) return a == b;
    for (; *a != NULL && *b != NULL; a++, b++)
        if (!same_text(*a, *b)) return false;
    return *a == *b;
}

static char **argv_of(const char *stem, int seed) {
    char **argv = calloc(3, sizeof *argv);
    argv[0] = word(stem, seed);
    argv[1] = word(stem, seed + 1);
    return argv;
}

// An array of INFO whose second element holds an array, down to `depth`.
static pmix_info_t *infos_of(int seed, int depth) {
    pmix_info_t *infos;
    PMIX_INFO_CREATE(infos, 2);
    char *text = word("info", seed);
    PMIX_INFO_LOAD(&infos[0], "first.key", text, PMIX_STRING);
    free(text);
    PMIX_INFO_REQUIRED(&infos[0]);
    snprintf(infos[1].key, sizeof infos[1].key, "second.key");
    if (depth == 0) {
        infos[1].value.type = PMIX_INT;
        infos[1].value.data.integer = -seed;
        return infos;
    }
    pmix_data_array_t *inner = calloc(1, sizeof *inner);
    *inner = (pmix_data_array_t) {.type = PMIX_INFO, .size = 2, .array = infos_of(seed + 1, depth - 1)};
    infos[1].value.type = PMIX_DATA_ARRAY;
    infos[1].value.data.darray = inner;
    return infos;
}

static bool same_infos(const pmix_info_t *a, size_t na, const pmix_info_t *b, size_t nb) {
    if (na != nb || (a == b && na > 0)) return false;
    for (size_t i = 0; i < na; i++)
        if (!sample_equal(sample_of(PMIX_INFO), &a[i], &b[i])) return false;
    return true;
}

// FILL(name, type) { ... } sees `object`, a pointer to the type; EQUAL sees a and b.
#define FILL(name, type) \
    static void fill_##name##_of(type *object, int seed); \
    __attribute__((unused)) static void fill_##name(void *object, int seed) { fill_##name##_of(object, seed); } \
    static void fill_##name##_of(type *object, int seed)
#define EQUAL(name, type) \
    static bool equal_##name##_of(type const *a, type const *b); \
    __attribute__((unused)) static bool equal_##name(const void *a, const void *b) { return equal_##name##_of(a, b); } \
    static bool equal_##name##_of(type const *a, type const *b)

FILL(string, char *) { *object = word("string", seed); }
EQUAL(string, char *) { return *a != *b && same_text(*a, *b); }

FILL(bool, bool) { *object = seed % 2 == 1; }
EQUAL(bool, bool) { return *a == *b; }

FILL(float, float) { *object = 1.5F * (float) seed; }
EQUAL(float, float) { return *a == *b; }
FILL(double, double) { *object = -2.25 * seed; }
EQUAL(double, double) { return *a == *b; }

FILL(bytes, pmix_byte_object_t) {
    object->size = 3;
    object->bytes = malloc(3);
    memcpy(object->bytes, (char[]) {(char) seed, 0, (char) -1}, 3);
}
EQUAL(bytes, pmix_byte_object_t) {
    return a->size == b->size && a->bytes != b->bytes && memcmp(a->bytes, b->bytes, a->size) == 0;
}

FILL(proc, pmix_proc_t) {
    snprintf(object->nspace, sizeof object->nspace, "nspace-%d", seed);
    object->rank = (pmix_rank_t) seed;
}
EQUAL(proc, pmix_proc_t) { return memcmp(a, b, sizeof *a) == 0; }

FILL(nspace, pmix_nspace_t) { snprintf(*object, sizeof *object, "nspace-%d", seed); }
EQUAL(nspace, pmix_nspace_t) { return memcmp(*a, *b, sizeof *a) == 0; }

FILL(info, pmix_info_t) {
    pmix_info_t *infos = infos_of(seed, 2);
    *object = infos[1];
    object->flags = PMIX_INFO_QUALIFIER;
    PMIX_INFO_DESTRUCT(&infos[0]);
    free(infos);
}
EQUAL(info, pmix_info_t) {
    return a->flags == b->flags && memcmp(a->key, b->key, sizeof a->key) == 0 && values_equal(&a->value, &b->value);
}

FILL(value, pmix_value_t) {
    object->type = PMIX_STRING;
    object->data.string = word("value", seed);
}
EQUAL(value, pmix_value_t) { return values_equal(a, b); }

FILL(pdata, pmix_pdata_t) {
    fill_proc(&object->proc, seed);
    snprintf(object->key, sizeof object->key, "published-%d", seed);
    fill_value(&object->value, seed);
}
EQUAL(pdata, pmix_pdata_t) {
    return equal_proc(&a->proc, &b->proc) && memcmp(a->key, b->key, sizeof a->key) == 0
           && values_equal(&a->value, &b->value);
}

FILL(app, pmix_app_t) {
    *object = (pmix_app_t) {
        .cmd = word("command", seed), .argv = argv_of("argument", seed), .env = argv_of("variable", seed),
        .cwd = word("folder", seed), .maxprocs = seed, .info = infos_of(seed, 1), .ninfo = 2};
}
EQUAL(app, pmix_app_t) {
    return same_text(a->cmd, b->cmd) && same_argv(a->argv, b->argv) && same_argv(a->env, b->env)
           && same_text(a->cwd, b->cwd) && a->maxprocs == b->maxprocs
           && same_infos(a->info, a->ninfo, b->info, b->ninfo);
}

FILL(query, pmix_query_t) {
    *object = (pmix_query_t) {.keys = argv_of("key", seed), .qualifiers = infos_of(seed, 0), .nqual = 2};
}
EQUAL(query, pmix_query_t) {
    return same_argv(a->keys, b->keys) && same_infos(a->qualifiers, a->nqual, b->qualifiers, b->nqual);
}

FILL(pinfo, pmix_proc_info_t) {
    fill_proc(&object->proc, seed);
    object->hostname = word("host", seed);
    object->executable_name = word("program", seed);
    object->pid = 1000 + seed;
    object->exit_code = -seed;
    object->state = PMIX_PROC_STATE_CONNECTED;
}
EQUAL(pinfo, pmix_proc_info_t) {
#ifndef MUSTER_ORIGINAL // which forgets the state
    if (a->state != b->state) return false;
#endif
    return equal_proc(&a->proc, &b->proc) && same_text(a->hostname, b->hostname)
           && same_text(a->executable_name, b->executable_name) && a->pid == b->pid && a->exit_code == b->exit_code;
}

FILL(array, pmix_data_array_t) { *object = sample_array(sample_of(PMIX_APP), (size_t) seed); }
EQUAL(array, pmix_data_array_t) { return arrays_equal(a, b); }

FILL(envar, pmix_envar_t) {
    *object = (pmix_envar_t) {.envar = word("NAME", seed), .value = word("value", seed), .separator = ':'};
}
EQUAL(envar, pmix_envar_t) {
    return same_text(a->envar, b->envar) && same_text(a->value, b->value) && a->separator == b->separator;
}

FILL(coord, pmix_coord_t) {
    object->view = PMIX_COORD_PHYSICAL_VIEW;
    object->dims = 3;
    object->coord = calloc(3, sizeof *object->coord);
    object->coord[2] = (uint32_t) seed;
}
EQUAL(coord, pmix_coord_t) {
    return a->view == b->view && a->dims == b->dims && a->coord != b->coord
           && memcmp(a->coord, b->coord, a->dims * sizeof *a->coord) == 0;
}

FILL(regattr, pmix_regattr_t) {
    object->name = word("PMIX_NAME", seed);
    snprintf(object->string, sizeof object->string, "pmix.name.%d", seed);
    object->type = PMIX_STRING;
    object->description = argv_of("line", seed);
}
EQUAL(regattr, pmix_regattr_t) {
    return same_text(a->name, b->name) && same_text(a->string, b->string) && a->type == b->type
           && same_argv(a->description, b->description);
}

FILL(geometry, pmix_geometry_t) {
    *object = (pmix_geometry_t) {
        .fabric = 7, .uuid = word("uuid", seed), .osname = word("device", seed), .ncoords = 2,
        .coordinates = calloc(2, sizeof *object->coordinates)};
    fill_coord(&object->coordinates[0], seed);
    fill_coord(&object->coordinates[1], seed + 1);
}
EQUAL(geometry, pmix_geometry_t) {
    return a->fabric == b->fabric && same_text(a->uuid, b->uuid) && same_text(a->osname, b->osname)
           && a->ncoords == b->ncoords && equal_coord(&a->coordinates[1], &b->coordinates[1]);
}

FILL(distance, pmix_device_distance_t) {
    *object = (pmix_device_distance_t) {
        .uuid = word("uuid", seed), .osname = word("device", seed), .type = PMIX_DEVTYPE_GPU,
        .mindist = (uint16_t) seed, .maxdist = UINT16_MAX};
}
EQUAL(distance, pmix_device_distance_t) {
    return same_text(a->uuid, b->uuid) && same_text(a->osname, b->osname) && a->type == b->type
           && a->mindist == b->mindist && a->maxdist == b->maxdist;
}

FILL(endpoint, pmix_endpoint_t) {
    object->uuid = word("uuid", seed);
    object->osname = word("device", seed);
    fill_bytes(&object->endpt, seed);
}
EQUAL(endpoint, pmix_endpoint_t) {
    return same_text(a->uuid, b->uuid) && same_text(a->osname, b->osname) && equal_bytes(&a->endpt, &b->endpt);
}

FILL(pstats, pmix_proc_stats_t) {
    object->node = word("node", seed);
    fill_proc(&object->proc, seed);
    object->cmd = word("program", seed);
    object->pid = -seed;
    object->state = 'R';
    object->time = (struct timeval) {seed, 2};
    object->percent_cpu = 0.5F;
    object->num_threads = UINT16_MAX;
    object->peak_vsize = 3.25F;
    object->processor = 40000;
    object->sample_time = (struct timeval) {3, 999999};
}
EQUAL(pstats, pmix_proc_stats_t) {
#ifndef MUSTER_ORIGINAL // which forgets this one
    if (a->percent_cpu != b->percent_cpu) return false;
#endif
    return same_text(a->node, b->node) && equal_proc(&a->proc, &b->proc) && same_text(a->cmd, b->cmd)
           && a->pid == b->pid && a->state == b->state && memcmp(&a->time, &b->time, sizeof a->time) == 0
           && a->num_threads == b->num_threads && a->peak_vsize == b->peak_vsize
           && a->processor == b->processor && memcmp(&a->sample_time, &b->sample_time, sizeof a->time) == 0;
}

FILL(disk, pmix_disk_stats_t) {
    object->disk = word("disk", seed);
    object->num_reads_completed = 1;
    object->weighted_milliseconds_io = UINT64_MAX;
}
EQUAL(disk, pmix_disk_stats_t) {
    return same_text(a->disk, b->disk) && memcmp(&a->num_reads_completed, &b->num_reads_completed, 88) == 0;
}

FILL(net, pmix_net_stats_t) {
    object->net_interface = word("eth", seed);
    object->num_bytes_recvd = 1;
    object->num_send_errs = UINT64_MAX;
}
EQUAL(net, pmix_net_stats_t) {
    return same_text(a->net_interface, b->net_interface)
           && memcmp(&a->num_bytes_recvd, &b->num_bytes_recvd, 48) == 0;
}

FILL(node, pmix_node_stats_t) {
    *object = (pmix_node_stats_t) {
        .node = word("node", seed), .la = 1.5F, .mapped = 11.0F, .sample_time = {4, 5}, .ndiskstats = 2};
    object->nnetstats = 1;
    object->diskstats = calloc(2, sizeof *object->diskstats);
    fill_disk(&object->diskstats[0], seed);
    fill_disk(&object->diskstats[1], seed + 1);
    object->netstats = calloc(1, sizeof *object->netstats);
    fill_net(&object->netstats[0], seed);
}
EQUAL(node, pmix_node_stats_t) {
    return same_text(a->node, b->node) && a->la == b->la && a->mapped == b->mapped
           && memcmp(&a->sample_time, &b->sample_time, sizeof a->sample_time) == 0 && a->ndiskstats == b->ndiskstats
           && a->nnetstats == b->nnetstats && equal_disk(&a->diskstats[1], &b->diskstats[1])
           && equal_net(&a->netstats[0], &b->netstats[0]);
}

FILL(buffer, pmix_data_buffer_t) {
    object->base_ptr = object->unpack_ptr = word("packed", seed);
    object->bytes_allocated = object->bytes_used = strlen(object->base_ptr);
    object->pack_ptr = object->base_ptr + object->bytes_used;
}
EQUAL(buffer, pmix_data_buffer_t) {
    return a->bytes_used == b->bytes_used && a->base_ptr != b->base_ptr && b->unpack_ptr == b->base_ptr
           && b->pack_ptr == b->base_ptr + b->bytes_used && memcmp(a->base_ptr, b->base_ptr, a->bytes_used) == 0;
}

#define PLAIN(type, size) {#type, type, INLINE, size, NULL, NULL}
#define OBJECT(type, place, struct, name) {#type, type, place, sizeof(struct), fill_##name, equal_##name}

const struct sample samples[] = {
    PLAIN(PMIX_BYTE, 1),
    PLAIN(PMIX_SIZE, sizeof(size_t)),
    PLAIN(PMIX_PID, sizeof(pid_t)),
    PLAIN(PMIX_INT, sizeof(int)),
    PLAIN(PMIX_INT8, 1),
    PLAIN(PMIX_INT16, 2),
    PLAIN(PMIX_INT32, 4),
    PLAIN(PMIX_INT64, 8),
    PLAIN(PMIX_UINT, sizeof(unsigned)),
    PLAIN(PMIX_UINT8, 1),
    PLAIN(PMIX_UINT16, 2),
    PLAIN(PMIX_UINT32, 4),
    PLAIN(PMIX_UINT64, 8),
    PLAIN(PMIX_TIMEVAL, sizeof(struct timeval)),
    PLAIN(PMIX_TIME, sizeof(time_t)),
    PLAIN(PMIX_STATUS, sizeof(pmix_status_t)),
    PLAIN(PMIX_PERSIST, sizeof(pmix_persistence_t)),
    PLAIN(PMIX_SCOPE, sizeof(pmix_scope_t)),
    PLAIN(PMIX_DATA_RANGE, sizeof(pmix_data_range_t)),
    PLAIN(PMIX_PROC_RANK, sizeof(pmix_rank_t)),
#ifndef MUSTER_ORIGINAL // which does not copy arrays of these, and has no value of the last four
    PLAIN(PMIX_PROC_STATE, sizeof(pmix_proc_state_t)),
    PLAIN(PMIX_ALLOC_DIRECTIVE, sizeof(pmix_alloc_directive_t)),
    PLAIN(PMIX_JOB_STATE, sizeof(pmix_job_state_t)),
    PLAIN(PMIX_LINK_STATE, sizeof(pmix_link_state_t)),
    PLAIN(PMIX_DEVTYPE, sizeof(pmix_device_type_t)),
    PLAIN(PMIX_LOCTYPE, sizeof(pmix_locality_t)),
    PLAIN(PMIX_STOR_MEDIUM, sizeof(pmix_storage_medium_t)),
    PLAIN(PMIX_STOR_ACCESS, sizeof(pmix_storage_accessibility_t)),
    PLAIN(PMIX_STOR_PERSIST, sizeof(pmix_storage_persistence_t)),
    PLAIN(PMIX_STOR_ACCESS_TYPE, sizeof(pmix_storage_access_type_t)),
    PLAIN(PMIX_COMMAND, 1),
    PLAIN(PMIX_INFO_DIRECTIVES, sizeof(pmix_info_directives_t)),
    PLAIN(PMIX_DATA_TYPE, sizeof(pmix_data_type_t)),
    PLAIN(PMIX_IOF_CHANNEL, sizeof(pmix_iof_channel_t)),
    OBJECT(PMIX_COMPRESSED_BYTE_OBJECT, INLINE, pmix_byte_object_t, bytes),
    OBJECT(PMIX_DATA_BUFFER, BOXED, pmix_data_buffer_t, buffer),
    OBJECT(PMIX_DATA_ARRAY, BOXED, pmix_data_array_t, array),
#endif
    OBJECT(PMIX_BOOL, INLINE, bool, bool),
    OBJECT(PMIX_STRING, INLINE, char *, string),
    OBJECT(PMIX_FLOAT, INLINE, float, float),
    OBJECT(PMIX_DOUBLE, INLINE, double, double),
    OBJECT(PMIX_BYTE_OBJECT, INLINE, pmix_byte_object_t, bytes),
    OBJECT(PMIX_COMPRESSED_STRING, INLINE, pmix_byte_object_t, bytes),
    OBJECT(PMIX_ENVAR, INLINE, pmix_envar_t, envar),
    OBJECT(PMIX_PROC, BOXED, pmix_proc_t, proc),
    OBJECT(PMIX_PROC_NSPACE, BOXED, pmix_nspace_t, nspace),
    OBJECT(PMIX_PROC_INFO, BOXED, pmix_proc_info_t, pinfo),
    OBJECT(PMIX_COORD, BOXED, pmix_coord_t, coord),
    OBJECT(PMIX_REGATTR, BOXED, pmix_regattr_t, regattr),
    OBJECT(PMIX_GEOMETRY, BOXED, pmix_geometry_t, geometry),
    OBJECT(PMIX_DEVICE_DIST, BOXED, pmix_device_distance_t, distance),
    OBJECT(PMIX_ENDPOINT, BOXED, pmix_endpoint_t, endpoint),
    OBJECT(PMIX_PROC_STATS, BOXED, pmix_proc_stats_t, pstats),
    OBJECT(PMIX_DISK_STATS, BOXED, pmix_disk_stats_t, disk),
    OBJECT(PMIX_NET_STATS, BOXED, pmix_net_stats_t, net),
    OBJECT(PMIX_NODE_STATS, BOXED, pmix_node_stats_t, node),
    OBJECT(PMIX_VALUE, ARRAY_ONLY, pmix_value_t, value),
    OBJECT(PMIX_INFO, ARRAY_ONLY, pmix_info_t, info),
    OBJECT(PMIX_PDATA, ARRAY_ONLY, pmix_pdata_t, pdata),
    OBJECT(PMIX_APP, ARRAY_ONLY, pmix_app_t, app),
    OBJECT(PMIX_QUERY, ARRAY_ONLY, pmix_query_t, query),
};
const size_t sample_count = sizeof samples / sizeof samples[0];

const struct sample *sample_of(pmix_data_type_t type) {
    for (size_t i = 0; i < sample_count; i++)
        if (samples[i].type == type) return &samples[i];
    return NULL;
}

pmix_data_array_t sample_array(const struct sample *sample, size_t count) {
    char *block = calloc(count, sample->size);
    for (size_t i = 0; i < count; i++) {
        char *object = block + i * sample->size;
        if (sample->fill != NULL)
            sample->fill(object, (int) i + 1);
        else
            memset(object, 0xc1 + (int) i, sample->size);
    }
    return (pmix_data_array_t) {.type = sample->type, .size = count, .array = block};
}

bool sample_equal(const struct sample *sample, const void *a, const void *b) {
    return sample->equal != NULL ? sample->equal(a, b) : memcmp(a, b, sample->size) == 0;
}

bool arrays_equal(const pmix_data_array_t *a, const pmix_data_array_t *b) {
    const struct sample *sample = sample_of(a->type);
    if (a->type != b->type || a->size != b->size || sample == NULL || (a->array == b->array && a->size > 0))
        return false;
    for (size_t i = 0, at = 0; i < a->size; i++, at += sample->size)
        if (!sample_equal(sample, (char *) a->array + at, (char *) b->array + at)) return false;
    return true;
}

bool values_equal(const pmix_value_t *a, const pmix_value_t *b) {
    if (a->type != b->type) return false;
    if (a->type == PMIX_DATA_ARRAY) return arrays_equal(a->data.darray, b->data.darray);
    const struct sample *sample = sample_of(a->type);
    if (sample == NULL || sample->place == ARRAY_ONLY) return false;
    bool boxed = sample->place == BOXED;
    if (boxed && a->data.ptr == b->data.ptr) return false;
    return sample_equal(sample, boxed ? a->data.ptr : &a->data, boxed ? b->data.ptr : &b->data);
}
