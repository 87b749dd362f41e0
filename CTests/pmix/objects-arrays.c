// Data arrays of every type, and data buffers, in functions that release 4.2 lacks; and the data the library exports.
// compare: nothing
#include "tap.h"

#include <pmix.h>

#include <malloc.h>

// What an element takes, by type.
static size_t element(pmix_data_type_t type) {
    static const struct {
        pmix_data_type_t type;
        size_t size;
    } sizes[] = {
        {PMIX_BOOL, 1}, {PMIX_BYTE, 1}, {PMIX_STRING, 8}, {PMIX_SIZE, 8}, {PMIX_PID, 4}, {PMIX_INT, 4},
        {PMIX_INT8, 1}, {PMIX_INT16, 2}, {PMIX_INT32, 4}, {PMIX_INT64, 8}, {PMIX_UINT, 4}, {PMIX_UINT8, 1},
        {PMIX_UINT16, 2}, {PMIX_UINT32, 4}, {PMIX_UINT64, 8}, {PMIX_FLOAT, 4}, {PMIX_DOUBLE, 8},
        {PMIX_TIMEVAL, sizeof(struct timeval)}, {PMIX_TIME, sizeof(time_t)}, {PMIX_STATUS, 4},
        {PMIX_VALUE, sizeof(pmix_value_t)}, {PMIX_PROC, sizeof(pmix_proc_t)}, {PMIX_APP, sizeof(pmix_app_t)},
        {PMIX_INFO, sizeof(pmix_info_t)}, {PMIX_PDATA, sizeof(pmix_pdata_t)},
        {PMIX_BYTE_OBJECT, sizeof(pmix_byte_object_t)}, {PMIX_PERSIST, 1}, {PMIX_POINTER, 8}, {PMIX_SCOPE, 1},
        {PMIX_DATA_RANGE, 1}, {PMIX_COMMAND, 1}, {PMIX_INFO_DIRECTIVES, 4}, {PMIX_DATA_TYPE, 2},
        {PMIX_PROC_STATE, 1}, {PMIX_PROC_INFO, sizeof(pmix_proc_info_t)},
        {PMIX_DATA_ARRAY, sizeof(pmix_data_array_t)}, {PMIX_PROC_RANK, 4}, {PMIX_QUERY, sizeof(pmix_query_t)},
        {PMIX_COMPRESSED_STRING, sizeof(pmix_byte_object_t)}, {PMIX_ALLOC_DIRECTIVE, 1}, {PMIX_IOF_CHANNEL, 2},
        {PMIX_ENVAR, sizeof(pmix_envar_t)}, {PMIX_COORD, sizeof(pmix_coord_t)},
        {PMIX_REGATTR, sizeof(pmix_regattr_t)}, {PMIX_REGEX, sizeof(pmix_byte_object_t)}, {PMIX_JOB_STATE, 1},
        {PMIX_LINK_STATE, 1}, {PMIX_PROC_CPUSET, sizeof(pmix_cpuset_t)}, {PMIX_GEOMETRY, sizeof(pmix_geometry_t)},
        {PMIX_DEVICE_DIST, sizeof(pmix_device_distance_t)}, {PMIX_ENDPOINT, sizeof(pmix_endpoint_t)},
        {PMIX_TOPO, sizeof(pmix_topology_t)}, {PMIX_DEVTYPE, 8}, {PMIX_LOCTYPE, 2},
        {PMIX_COMPRESSED_BYTE_OBJECT, sizeof(pmix_byte_object_t)}, {PMIX_PROC_NSPACE, sizeof(pmix_nspace_t)},
        {PMIX_PROC_STATS, sizeof(pmix_proc_stats_t)}, {PMIX_DISK_STATS, sizeof(pmix_disk_stats_t)},
        {PMIX_NET_STATS, sizeof(pmix_net_stats_t)}, {PMIX_NODE_STATS, sizeof(pmix_node_stats_t)},
        {PMIX_DATA_BUFFER, sizeof(pmix_data_buffer_t)}, {PMIX_STOR_MEDIUM, 8}, {PMIX_STOR_ACCESS, 8},
        {PMIX_STOR_PERSIST, 8}, {PMIX_STOR_ACCESS_TYPE, 2}, {PMIX_DEVICE, sizeof(pmix_device_t)},
        {PMIX_RESBLOCK_DIRECTIVE, 1}, {PMIX_RESOURCE_UNIT, sizeof(pmix_resource_unit_t)},
        {PMIX_NODE_PID, sizeof(pmix_node_pid_t)},
    };
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        if (sizes[i].type == type) return sizes[i].size;
    return 0;
}

static void every_type(void) {
    for (unsigned type = 0; type <= PMIX_DATA_TYPE_MAX; type++) {
        size_t size = element((pmix_data_type_t) type), count = size == 0 ? 0 : 20;
        if (size == 0 && type > 100 && type < PMIX_DATA_TYPE_MAX) continue;
        pmix_data_array_t array;
        memset(&array, 0x5a, sizeof array);
        PMIx_Data_array_construct(&array, 20, (pmix_data_type_t) type);
        bool fits = array.type == type && array.size == count && (array.array != NULL) == (count > 0)
                    && malloc_usable_size(array.array) >= count * size
                    && malloc_usable_size(array.array) <= count * size + 24;
        ok(fits, "type %u: twenty elements of %zu bytes", type, size);
        PMIx_Data_array_destruct(&array);
        ok(array.array == NULL && array.size == 0, "... which destruct frees");
    }
}

static void elements(void) {
    pmix_data_array_t *array = PMIx_Data_array_create(2, PMIX_INFO);
    pmix_info_t *infos = array->array;
    ok(array->size == 2 && PMIX_INFO_IS_END(&infos[1]), "an array of infos is marked at its end");
    PMIX_INFO_LOAD(&infos[0], "key", "value", PMIX_STRING);
    PMIx_Data_array_free(array);
    array = PMIx_Data_array_create(2, PMIX_PROC);
    is_int(((pmix_proc_t *) array->array)[1].rank, PMIX_RANK_UNDEF, "the ranks of processes are undefined");
    PMIx_Data_array_free(array);
    array = PMIx_Data_array_create(2, PMIX_DEVICE_DIST);
    is_int(((pmix_device_distance_t *) array->array)[1].maxdist, UINT16_MAX, "distances are unknown");
    PMIx_Data_array_free(array);
    array = PMIx_Data_array_create(2, PMIX_DATA_ARRAY);
    PMIx_Data_array_construct(array->array, 2, PMIX_STRING);
    ((char **) ((pmix_data_array_t *) array->array)->array)[1] = strdup("deep down");
    PMIx_Data_array_free(array);
    ok(PMIx_Data_array_create(0, PMIX_INFO) == NULL, "an array without elements is NULL");
    array = PMIx_Data_array_create(3, PMIX_KVAL);
    ok(array != NULL && array->size == 0 && array->array == NULL, "a type without elements gives an empty array");
    PMIx_Data_array_free(array);
    pmix_data_array_t one;
    memset(&one, 0x5a, sizeof one);
    PMIx_Data_array_init(&one, PMIX_INFO);
    ok(one.type == PMIX_INFO && one.size == 0 && one.array == NULL, "PMIx_Data_array_init makes an empty array");
    PMIx_Data_array_construct(&one, (size_t) -1, PMIX_INFO);
    ok(one.size == 0 && one.array == NULL, "without memory an array is empty");
    ok(PMIx_Data_array_create((size_t) -1, PMIX_INFO) == NULL, "... or NULL");
    PMIx_Data_array_init(NULL, PMIX_INFO), PMIx_Data_array_construct(NULL, 2, PMIX_INFO), PMIx_Data_array_free(NULL);
}

static void buffers(void) {
    pmix_data_buffer_t *buffer = PMIx_Data_buffer_create(), empty = PMIX_DATA_BUFFER_STATIC_INIT;
    char *block = strdup("some bytes"), *bytes = NULL;
    size_t size = 0;
    ok(memcmp(buffer, &empty, sizeof empty) == 0, "a new buffer is empty");
    PMIx_Data_buffer_load(buffer, block, 11);
    ok(buffer->base_ptr == block && buffer->unpack_ptr == block && buffer->pack_ptr == block + 11
           && buffer->bytes_used == 11 && buffer->bytes_allocated >= 11,
       "PMIx_Data_buffer_load takes the block over");
    buffer->unpack_ptr += 5;
    PMIx_Data_buffer_unload(buffer, &bytes, &size);
    is_int(size, 6, "PMIx_Data_buffer_unload gives what is not unpacked");
    is_str(bytes, "bytes", "... as a block of its own");
    ok(memcmp(buffer, &empty, sizeof empty) == 0, "... and leaves the buffer empty");
    free(bytes);
    bytes = block, size = 9;
    PMIx_Data_buffer_unload(buffer, &bytes, &size);
    ok(bytes == NULL && size == 0, "an empty buffer has nothing to unload");
    PMIx_Data_buffer_load(buffer, strdup("first"), 6);
    PMIx_Data_buffer_load(buffer, strdup("second"), 7);
    is_str(buffer->base_ptr, "second", "loading again frees what was there");
    PMIx_Data_buffer_load(buffer, NULL, 7);
    ok(memcmp(buffer, &empty, sizeof empty) == 0, "no bytes leave it empty");
    PMIx_Data_buffer_load(buffer, strdup("third"), 6);
    PMIx_Data_buffer_destruct(buffer);
    ok(memcmp(buffer, &empty, sizeof empty) == 0, "PMIx_Data_buffer_destruct frees");
    PMIx_Data_buffer_destruct(buffer);
    memset(buffer, 0x5a, sizeof *buffer);
    PMIx_Data_buffer_construct(buffer);
    ok(memcmp(buffer, &empty, sizeof empty) == 0, "PMIx_Data_buffer_construct empties");
    PMIx_Data_buffer_load(buffer, strdup("fourth"), 7);
    PMIx_Data_buffer_release(buffer);
    PMIx_Data_buffer_construct(NULL), PMIx_Data_buffer_destruct(NULL), PMIx_Data_buffer_release(NULL);
    PMIx_Data_buffer_load(NULL, NULL, 0), PMIx_Data_buffer_unload(NULL, NULL, NULL);
    bytes = block, size = 9;
    PMIx_Data_buffer_unload(NULL, &bytes, &size);
    ok(bytes == NULL && size == 0, "no buffer has nothing to unload");
}

static void frameworks(void) {
    size_t count = 0;
    bool found = false;
    for (; pmix_framework_names[count] != NULL; count++)
        found = found || strcmp(pmix_framework_names[count], "gds") == 0;
    is_int(count, 16, "the frameworks are named, and closed by NULL");
    ok(found, "... gds among them");
}

int main(void) {
    every_type();
    elements();
    buffers();
    frameworks();
    return done_testing();
}
