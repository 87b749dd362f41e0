// The macros and inline functions for samples of processes, disks, networks and nodes, and for data arrays.
#include <pmix.h>

#include "tap.h"

static void proc_samples(void) {
    pmix_proc_stats_t sample, *samples;
#ifdef MUSTER_ORIGINAL
    skip(1, "the original's PMIX_PROC_STATS_STATIC_INIT does not compile");
#else
    pmix_proc_stats_t empty = PMIX_PROC_STATS_STATIC_INIT;
    ok(NULL == empty.node && PMIX_RANK_UNDEF == empty.proc.rank && NULL == empty.cmd && 0 == empty.sample_time.tv_sec,
       "PMIX_PROC_STATS_STATIC_INIT is empty");
#endif
    memset(&sample, 'x', sizeof(sample));
    PMIX_PROC_STATS_CONSTRUCT(&sample);
    ok(NULL == sample.node && NULL == sample.cmd && 0 == sample.pid, "PMIX_PROC_STATS_CONSTRUCT empties");
    sample.node = strdup("node");
    sample.cmd = strdup("a.out");
    PMIX_PROC_STATS_DESTRUCT(&sample);
    ok(NULL == sample.node && NULL == sample.cmd, "PMIX_PROC_STATS_DESTRUCT frees the strings");
    PMIX_PROC_STATS_CREATE(samples, 0);
    ok(NULL == samples, "PMIX_PROC_STATS_CREATE of none is NULL");
    PMIX_PROC_STATS_CREATE(samples, 2);
    ok(NULL != samples && NULL == samples[1].node, "PMIX_PROC_STATS_CREATE makes an array");
    samples[1].node = strdup("node");
    pmix_proc_stats_free(samples, 2);
    ok(NULL == samples[1].node, "pmix_proc_stats_free destructs the elements");
    PMIX_PROC_STATS_FREE(samples, 2);
    ok(NULL == samples, "PMIX_PROC_STATS_FREE forgets them");
    PMIX_PROC_STATS_CREATE(samples, 1);
    samples->cmd = strdup("a.out");
    PMIX_PROC_STATS_RELEASE(samples);
    ok(NULL == samples, "PMIX_PROC_STATS_RELEASE forgets one");
}

static void disk_samples(void) {
    pmix_disk_stats_t sample = PMIX_DISK_STATS_STATIC_INIT, *samples;
    ok(NULL == sample.disk && 0 == sample.weighted_milliseconds_io, "PMIX_DISK_STATS_STATIC_INIT is empty");
    memset(&sample, 'x', sizeof(sample));
    PMIX_DISK_STATS_CONSTRUCT(&sample);
    ok(NULL == sample.disk && 0 == sample.milliseconds_io, "PMIX_DISK_STATS_CONSTRUCT empties");
    sample.disk = strdup("sda");
    PMIX_DISK_STATS_DESTRUCT(&sample);
    ok(NULL == sample.disk, "PMIX_DISK_STATS_DESTRUCT frees the name");
    PMIX_DISK_STATS_CREATE(samples, 0);
    ok(NULL == samples, "PMIX_DISK_STATS_CREATE of none is NULL");
    PMIX_DISK_STATS_CREATE(samples, 2);
    ok(NULL != samples && NULL == samples[1].disk, "PMIX_DISK_STATS_CREATE makes an array");
    samples[1].disk = strdup("sda");
    pmix_disk_stats_free(samples, 2);
    ok(NULL == samples[1].disk, "pmix_disk_stats_free destructs the elements");
    PMIX_DISK_STATS_FREE(samples, 2);
    ok(NULL == samples, "PMIX_DISK_STATS_FREE forgets them");
    PMIX_DISK_STATS_CREATE(samples, 1);
    PMIX_DISK_STATS_RELEASE(samples);
    ok(NULL == samples, "PMIX_DISK_STATS_RELEASE forgets one");
}

static void net_samples(void) {
    pmix_net_stats_t sample = PMIX_NET_STATS_STATIC_INIT, *samples;
    ok(NULL == sample.net_interface && 0 == sample.num_send_errs, "PMIX_NET_STATS_STATIC_INIT is empty");
    memset(&sample, 'x', sizeof(sample));
    PMIX_NET_STATS_CONSTRUCT(&sample);
    ok(NULL == sample.net_interface && 0 == sample.num_bytes_recvd, "PMIX_NET_STATS_CONSTRUCT empties");
    sample.net_interface = strdup("eth0");
    PMIX_NET_STATS_DESTRUCT(&sample);
    ok(NULL == sample.net_interface, "PMIX_NET_STATS_DESTRUCT frees the name");
    PMIX_NET_STATS_CREATE(samples, 0);
    ok(NULL == samples, "PMIX_NET_STATS_CREATE of none is NULL");
    PMIX_NET_STATS_CREATE(samples, 2);
    ok(NULL != samples && NULL == samples[1].net_interface, "PMIX_NET_STATS_CREATE makes an array");
    samples[1].net_interface = strdup("eth0");
    pmix_net_stats_free(samples, 2);
    ok(NULL == samples[1].net_interface, "pmix_net_stats_free destructs the elements");
    PMIX_NET_STATS_FREE(samples, 2);
    ok(NULL == samples, "PMIX_NET_STATS_FREE forgets them");
    PMIX_NET_STATS_CREATE(samples, 1);
    PMIX_NET_STATS_RELEASE(samples);
    ok(NULL == samples, "PMIX_NET_STATS_RELEASE forgets one");
}

static void fill_node(pmix_node_stats_t *sample) {
    sample->node = strdup("node");
    PMIX_DISK_STATS_CREATE(sample->diskstats, 2);
    sample->ndiskstats = 2;
    sample->diskstats[1].disk = strdup("sda");
    PMIX_NET_STATS_CREATE(sample->netstats, 1);
    sample->nnetstats = 1;
    sample->netstats[0].net_interface = strdup("eth0");
}

static void node_samples(void) {
    pmix_node_stats_t sample = PMIX_NODE_STATS_STATIC_INIT, *samples;
    ok(NULL == sample.node && NULL == sample.diskstats && 0 == sample.nnetstats, "PMIX_NODE_STATS_STATIC_INIT");
    memset(&sample, 'x', sizeof(sample));
    PMIX_NODE_STATS_CONSTRUCT(&sample);
    ok(NULL == sample.node && NULL == sample.diskstats && NULL == sample.netstats, "PMIX_NODE_STATS_CONSTRUCT empties");
    fill_node(&sample);
    PMIX_NODE_STATS_DESTRUCT(&sample);
    ok(NULL == sample.node && NULL == sample.diskstats && NULL == sample.netstats, "PMIX_NODE_STATS_DESTRUCT frees");
    PMIX_NODE_STATS_CREATE(samples, 0);
    ok(NULL == samples, "PMIX_NODE_STATS_CREATE of none is NULL");
    PMIX_NODE_STATS_CREATE(samples, 2);
    ok(NULL != samples && NULL == samples[1].node, "PMIX_NODE_STATS_CREATE makes an array");
    fill_node(&samples[1]);
    pmix_node_stats_free(samples, 2);
    ok(NULL == samples[1].node && NULL == samples[1].diskstats, "pmix_node_stats_free destructs the elements");
    PMIX_NODE_STATS_FREE(samples, 2);
    ok(NULL == samples, "PMIX_NODE_STATS_FREE forgets them");
    PMIX_NODE_STATS_CREATE(samples, 1);
    fill_node(samples);
    PMIX_NODE_STATS_RELEASE(samples);
    ok(NULL != samples && NULL == samples->node, "PMIX_NODE_STATS_RELEASE, alone among its kind, keeps the memory");
    free(samples);
}

// Every type that arrays can be made of, with the size of an element; of pointers the original makes too little room.
static const struct {
    pmix_data_type_t type;
    size_t size;
} elements[] = {
    {PMIX_BOOL, sizeof(bool)}, {PMIX_BYTE, 1}, {PMIX_STRING, sizeof(char *)}, {PMIX_SIZE, sizeof(size_t)},
    {PMIX_PID, sizeof(pid_t)}, {PMIX_INT, sizeof(int)}, {PMIX_INT8, 1}, {PMIX_INT16, 2}, {PMIX_INT32, 4},
    {PMIX_INT64, 8}, {PMIX_UINT, sizeof(unsigned)}, {PMIX_UINT8, 1}, {PMIX_UINT16, 2}, {PMIX_UINT32, 4},
    {PMIX_UINT64, 8}, {PMIX_FLOAT, sizeof(float)}, {PMIX_DOUBLE, sizeof(double)},
    {PMIX_TIMEVAL, sizeof(struct timeval)}, {PMIX_TIME, sizeof(time_t)}, {PMIX_STATUS, sizeof(pmix_status_t)},
    {PMIX_VALUE, sizeof(pmix_value_t)}, {PMIX_PROC, sizeof(pmix_proc_t)}, {PMIX_APP, sizeof(pmix_app_t)},
    {PMIX_PDATA, sizeof(pmix_pdata_t)}, {PMIX_BYTE_OBJECT, sizeof(pmix_byte_object_t)},
    {PMIX_COMPRESSED_STRING, sizeof(pmix_byte_object_t)}, {PMIX_PERSIST, 1}, {PMIX_SCOPE, 1}, {PMIX_DATA_RANGE, 1},
    {PMIX_PROC_STATE, 1}, {PMIX_ALLOC_DIRECTIVE, 1}, {PMIX_LINK_STATE, 1}, {PMIX_POINTER, 1},
    {PMIX_INFO_DIRECTIVES, 4}, {PMIX_DATA_TYPE, 2}, {PMIX_IOF_CHANNEL, 2}, {PMIX_PROC_RANK, 4},
    {PMIX_PROC_INFO, sizeof(pmix_proc_info_t)}, {PMIX_QUERY, sizeof(pmix_query_t)},
    {PMIX_ENVAR, sizeof(pmix_envar_t)}, {PMIX_COORD, sizeof(pmix_coord_t)}, {PMIX_REGATTR, sizeof(pmix_regattr_t)},
    {PMIX_PROC_CPUSET, sizeof(pmix_cpuset_t)}, {PMIX_GEOMETRY, sizeof(pmix_geometry_t)},
    {PMIX_ENDPOINT, sizeof(pmix_endpoint_t)}, {PMIX_PROC_NSPACE, sizeof(pmix_nspace_t)},
    {PMIX_PROC_STATS, sizeof(pmix_proc_stats_t)}, {PMIX_DISK_STATS, sizeof(pmix_disk_stats_t)},
    {PMIX_NET_STATS, sizeof(pmix_net_stats_t)}, {PMIX_NODE_STATS, sizeof(pmix_node_stats_t)},
};

static const pmix_data_type_t no_elements[] = {
    PMIX_UNDEF, PMIX_KVAL, PMIX_COMMAND, PMIX_DATA_ARRAY, PMIX_REGEX, PMIX_JOB_STATE, PMIX_TOPO, PMIX_DEVTYPE,
    PMIX_LOCTYPE, PMIX_COMPRESSED_BYTE_OBJECT, PMIX_DATA_BUFFER, PMIX_STOR_MEDIUM, PMIX_DATA_TYPE_MAX,
};

static void arrays_of_every_type(void) {
    pmix_data_array_t array;
    for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++) {
        memset(&array, 'x', sizeof(array));
        PMIX_DATA_ARRAY_CONSTRUCT(&array, 3, elements[i].type);
        size_t zeros = 0;
        while (NULL != array.array && zeros < 3 * elements[i].size && 0 == ((char *) array.array)[zeros]) {
            zeros++;
        }
        ok(elements[i].type == array.type && 3 == array.size && 3 * elements[i].size == zeros,
           "an array of type %d has its elements, all zero", elements[i].type);
        free(array.array);
    }
    for (size_t i = 0; i < sizeof(no_elements) / sizeof(no_elements[0]); i++) {
        memset(&array, 'x', sizeof(array));
        PMIX_DATA_ARRAY_CONSTRUCT(&array, 3, no_elements[i]);
        ok(NULL == array.array && 0 == array.size && no_elements[i] == array.type, "there is no array of type %d",
           no_elements[i]);
    }
}

static void arrays(void) {
    pmix_data_array_t array = PMIX_DATA_ARRAY_STATIC_INIT, *made;
    ok(PMIX_UNDEF == array.type && 0 == array.size && NULL == array.array, "PMIX_DATA_ARRAY_STATIC_INIT is empty");
    memset(&array, 'x', sizeof(array));
    PMIX_DATA_ARRAY_INIT(&array, PMIX_PROC);
    ok(PMIX_PROC == array.type && 0 == array.size && NULL == array.array, "PMIX_DATA_ARRAY_INIT has only a type");
    PMIX_DATA_ARRAY_CONSTRUCT(&array, 0, PMIX_INFO);
    ok(PMIX_INFO == array.type && 0 == array.size && NULL == array.array, "an array of no elements has none");
    PMIX_DATA_ARRAY_CREATE(made, 2, PMIX_INFO);
    pmix_info_t *infos = NULL == made ? NULL : (pmix_info_t *) made->array;
    ok(NULL != infos && 2 == made->size && PMIX_INFO == made->type, "PMIX_DATA_ARRAY_CREATE makes array and elements");
    ok(PMIX_INFO_IS_END(&infos[1]) && !PMIX_INFO_IS_END(&infos[0]), "... the last info marked");
    PMIX_INFO_LOAD(&infos[0], "key", "text", PMIX_STRING);
    PMIX_DATA_ARRAY_FREE(made);
    ok(NULL == made, "PMIX_DATA_ARRAY_FREE forgets it");
    PMIX_DATA_ARRAY_FREE(made);
    ok(NULL == made, "PMIX_DATA_ARRAY_FREE of NULL");
    PMIX_DATA_ARRAY_CONSTRUCT(&array, 2, PMIX_DEVICE_DIST);
    pmix_device_distance_t *distances = (pmix_device_distance_t *) array.array;
    ok(2 == array.size && NULL != distances && UINT16_MAX == distances[1].maxdist, "device distances start unknown");
    PMIX_DATA_ARRAY_DESTRUCT(&array);
    ok(NULL == array.array && 0 == array.size, "PMIX_DATA_ARRAY_DESTRUCT empties it");
    PMIX_DATA_ARRAY_CONSTRUCT(&array, 2, PMIX_STRING);
    ((char **) array.array)[1] = strdup("text");
    PMIX_DATA_ARRAY_DESTRUCT(&array);
    ok(NULL == array.array && 0 == array.size, "PMIX_DATA_ARRAY_DESTRUCT of strings, one of them NULL");
}

int main(void) {
    proc_samples();
    disk_samples();
    net_samples();
    node_samples();
    arrays_of_every_type();
    arrays();
    return done_testing();
}
