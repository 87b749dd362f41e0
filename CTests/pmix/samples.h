// Two objects of every data type, as arrays that PMIx_Data_pack() takes. They live as long as the program.
#ifndef MUSTER_TEST_SAMPLES_H
#define MUSTER_TEST_SAMPLES_H

#include <hwloc.h>
#include <pmix.h>
#include <string.h>

#define LAST_TYPE 69  // the last one 4.2.2 knows

static char *sample_argv[] = {"first", "", "third one", NULL};
static uint32_t sample_numbers[] = {7, 0, 4000000000u};
static pmix_info_t sample_infos[3];
static pmix_proc_t sample_procs[2];
static char *sample_strings[2] = {"some text", NULL};
static hwloc_topology_t sample_machine;
static hwloc_bitmap_t sample_sets[2];
static pmix_value_t sample_values[3];

static void sample_proc(pmix_proc_t *proc, const char *nspace, pmix_rank_t rank) {
    memset(proc, 0, sizeof *proc);
    strcpy(proc->nspace, nspace);
    proc->rank = rank;
}

static void samples_prepare(void) {
    uint32_t number = 77;
    bool no = false;
    sample_proc(&sample_procs[0], "some.nspace", 3);
    sample_proc(&sample_procs[1], "other", PMIX_RANK_WILDCARD);
    PMIX_INFO_LOAD(&sample_infos[0], "pmix.first", "one", PMIX_STRING);
    PMIX_INFO_LOAD(&sample_infos[1], "pmix.job.size", &number, PMIX_UINT32);
    sample_infos[1].flags = PMIX_INFO_REQD;
    PMIX_INFO_LOAD(&sample_infos[2], PMIX_COLLECT_DATA, &no, PMIX_BOOL);
    sample_infos[2].flags = PMIX_INFO_ARRAY_END;
    PMIX_VALUE_LOAD(&sample_values[0], &number, PMIX_UINT32);
    PMIX_VALUE_LOAD(&sample_values[1], &sample_procs[0], PMIX_PROC);
    PMIX_VALUE_LOAD(&sample_values[2], "value", PMIX_STRING);
    for (unsigned i = 0; i < 2; i++) {
        sample_sets[i] = hwloc_bitmap_alloc();
        hwloc_bitmap_set_range(sample_sets[i], 1, 2 + (int) i);
    }
    hwloc_topology_init(&sample_machine);
    hwloc_topology_set_synthetic(sample_machine, "pack:2 core:3 pu:1");
    hwloc_topology_load(sample_machine);
    // What hwloc can do with a machine travels beside its description; with one that was made up it can do nothing.
    hwloc_topology_get_support(sample_machine)->cpubind->set_thisproc_cpubind = 1;
    hwloc_topology_get_support(sample_machine)->membind->bind_membind = 1;
}

static union {
    unsigned char bytes[8192];
    bool flags[2];
    uint8_t bytes8[2];
    uint16_t words[2];
    uint32_t numbers[2];
    uint64_t longs[2];
    float floats[2];
    double doubles[2];
    struct timeval times[2];
    pmix_value_t values[2];
    pmix_app_t apps[2];
    pmix_info_t infos[2];
    pmix_pdata_t pdata[2];
    pmix_byte_object_t objects[2];
    pmix_proc_info_t proc_infos[2];
    pmix_data_array_t arrays[2];
    pmix_query_t queries[2];
    pmix_envar_t envars[2];
    pmix_coord_t coords[2];
    pmix_regattr_t regattrs[2];
    char *strings[2];
    pmix_cpuset_t cpusets[2];
    pmix_geometry_t geometries[2];
    pmix_device_distance_t distances[2];
    pmix_endpoint_t endpoints[2];
    pmix_topology_t topologies[2];
    pmix_nspace_t nspaces[2];
    pmix_proc_stats_t proc_stats[2];
    pmix_disk_stats_t disk_stats[2];
    pmix_net_stats_t net_stats[2];
    pmix_node_stats_t node_stats[2];
    pmix_data_buffer_t buffers[2];
} sample;

static size_t sample_structs(pmix_data_type_t type);
static size_t sample_hardware(pmix_data_type_t type);

// Fills `sample` with two objects and returns the size of one; 0 for what is no type of objects.
static size_t samples_of(pmix_data_type_t type) {
    memset(&sample, 0, sizeof sample);
    switch (type) {
    case PMIX_BOOL: sample.flags[0] = true; return sizeof(bool);
    case PMIX_BYTE: case PMIX_UINT8: case PMIX_PERSIST: case PMIX_SCOPE: case PMIX_DATA_RANGE: case PMIX_COMMAND:
    case PMIX_PROC_STATE: case PMIX_ALLOC_DIRECTIVE: case PMIX_JOB_STATE: case PMIX_LINK_STATE:
        sample.bytes8[0] = 2;
        sample.bytes8[1] = 254;
        return 1;
    case PMIX_INT8: sample.bytes8[0] = 100; sample.bytes8[1] = 156; return 1;
    case PMIX_INT16: sample.words[0] = 300; sample.words[1] = (uint16_t) -300; return 2;
    case PMIX_DATA_TYPE: sample.words[0] = 24; sample.words[1] = 3; return 2;
    case PMIX_UINT16: case PMIX_IOF_CHANNEL: case PMIX_LOCTYPE: case PMIX_STOR_ACCESS_TYPE:
        sample.words[0] = 0x13;
        sample.words[1] = 0x8001;
        return 2;
    case PMIX_INT: case PMIX_INT32: case PMIX_STATUS:
        sample.numbers[0] = 1000000;
        sample.numbers[1] = (uint32_t) -27;
        return 4;
    case PMIX_UINT: case PMIX_UINT32: case PMIX_PID: case PMIX_PROC_RANK: case PMIX_INFO_DIRECTIVES:
        sample.numbers[0] = 9;
        sample.numbers[1] = 4294967294u;
        return 4;
    case PMIX_INT64: sample.longs[0] = 1ull << 40; sample.longs[1] = (uint64_t) -5; return 8;
    case PMIX_SIZE: case PMIX_UINT64: case PMIX_DEVTYPE: case PMIX_STOR_MEDIUM: case PMIX_STOR_ACCESS:
    case PMIX_STOR_PERSIST:
        sample.longs[0] = 6;
        sample.longs[1] = 0x1122334455667788u;
        return 8;
    case PMIX_TIME: sample.longs[0] = 1600000000; sample.longs[1] = 1; return 8;
    case PMIX_FLOAT: sample.floats[0] = 2.5f; sample.floats[1] = -0.1f; return 4;
    case PMIX_DOUBLE: sample.doubles[0] = 1e10 / 3; sample.doubles[1] = -2.000001; return 8;
    case PMIX_TIMEVAL:
        sample.times[0] = (struct timeval){12, 34};
        sample.times[1].tv_sec = -1;
        return sizeof(struct timeval);
    case PMIX_STRING: memcpy(sample.strings, sample_strings, sizeof sample_strings); return sizeof(char *);
    case PMIX_REGEX:
        sample.strings[0] = "pmix[node[1:1-3]]";
        sample.strings[1] = "raw:a,b";
        return sizeof(char *);
    case PMIX_POINTER: sample.strings[0] = "here"; return sizeof(char *);
    default: return sample_structs(type);
    }
}

static size_t sample_structs(pmix_data_type_t type) {
    switch (type) {
    case PMIX_VALUE: memcpy(&sample, sample_values, 2 * sizeof(pmix_value_t)); return sizeof(pmix_value_t);
    case PMIX_PROC: memcpy(&sample, sample_procs, sizeof sample_procs); return sizeof(pmix_proc_t);
    case PMIX_PROC_NSPACE:
        strcpy(sample.nspaces[0], "some.nspace");
        strcpy(sample.nspaces[1], "b");
        return sizeof(pmix_nspace_t);
    case PMIX_APP:
        sample.apps[0] = (pmix_app_t){"cmd", sample_argv, sample_argv + 1, "/dir", 4, sample_infos, 3};
        sample.apps[1].cmd = "x";
        sample.apps[1].maxprocs = -1;
        return sizeof(pmix_app_t);
    case PMIX_INFO: memcpy(&sample, sample_infos, 2 * sizeof(pmix_info_t)); return sizeof(pmix_info_t);
    case PMIX_PDATA:
        sample.pdata[0].proc = sample_procs[0];
        strcpy(sample.pdata[0].key, "a.key");
        sample.pdata[0].value = sample_values[2];
        sample.pdata[1].proc = sample_procs[1];
        strcpy(sample.pdata[1].key, "pmix.rank");
        return sizeof(pmix_pdata_t);
    case PMIX_BYTE_OBJECT: case PMIX_COMPRESSED_STRING: case PMIX_COMPRESSED_BYTE_OBJECT:
        sample.objects[0] = (pmix_byte_object_t){"12\0" "45", 5};
        return sizeof(pmix_byte_object_t);
    case PMIX_PROC_INFO:
        sample.proc_infos[0] = (pmix_proc_info_t){sample_procs[0], "host", "exe", 123, 0, PMIX_PROC_STATE_RUNNING};
        sample.proc_infos[1] = (pmix_proc_info_t){sample_procs[1], "h", "/bin/x", 0, 0, 0};
        return sizeof(pmix_proc_info_t);
    case PMIX_DATA_ARRAY:
        sample.arrays[0] = (pmix_data_array_t){PMIX_INFO, 3, sample_infos};
        sample.arrays[1] = (pmix_data_array_t){PMIX_UINT32, 3, sample_numbers};
        return sizeof(pmix_data_array_t);
    case PMIX_QUERY:
        sample.queries[0] = (pmix_query_t){sample_argv, sample_infos, 2};
        return sizeof(pmix_query_t);
    case PMIX_ENVAR:
        sample.envars[0] = (pmix_envar_t){"NAME", "value", ':'};
        sample.envars[1] = (pmix_envar_t){"N", NULL, 0};
        return sizeof(pmix_envar_t);
    case PMIX_DATA_BUFFER:
        sample.buffers[0].base_ptr = sample.buffers[0].unpack_ptr = (char *) "abcd";
        sample.buffers[0].pack_ptr = sample.buffers[0].base_ptr + 4;
        sample.buffers[0].bytes_allocated = sample.buffers[0].bytes_used = 4;
        return sizeof(pmix_data_buffer_t);
    default: return sample_hardware(type);
    }
}

static size_t sample_statistics(pmix_data_type_t type) {
    switch (type) {
    case PMIX_PROC_STATS:
        sample.proc_stats[0] = (pmix_proc_stats_t){.node = "n", .proc = sample_procs[0], .pid = 5, .cmd = "c",
            .state = 'R', .time = {1, 2}, .percent_cpu = 12.5f, .priority = 3, .num_threads = 4, .pss = 1.5f,
            .vsize = 1000.126f, .rss = 3.0f, .peak_vsize = 9.0f, .processor = 2, .sample_time = {5, 6}};
        sample.proc_stats[1] = sample.proc_stats[0];
        return sizeof(pmix_proc_stats_t);
    case PMIX_DISK_STATS:
        sample.disk_stats[0] = (pmix_disk_stats_t){"sda", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 171};
        sample.disk_stats[1].disk = "x";
        return sizeof(pmix_disk_stats_t);
    case PMIX_NET_STATS:
        sample.net_stats[0] = (pmix_net_stats_t){"eth0", 1, 2, 3, 4, 5, 171};
        sample.net_stats[1].net_interface = "x";
        return sizeof(pmix_net_stats_t);
    case PMIX_NODE_STATS:
        sample.node_stats[0] = (pmix_node_stats_t){.node = "n", .la = 0.25f, .la5 = 1.005f, .la15 = 2,
            .total_mem = 123456.789f, .mapped = 1, .sample_time = {5, 6}};
        sample.node_stats[1].node = "m";
        return sizeof(pmix_node_stats_t);
    default: return 0;
    }
}

static size_t sample_hardware(pmix_data_type_t type) {
    static pmix_coord_t places[1];
    places[0] = (pmix_coord_t){.view = PMIX_COORD_PHYSICAL_VIEW, .coord = sample_numbers, .dims = 2};
    switch (type) {
    case PMIX_COORD:
        sample.coords[0] = (pmix_coord_t){.view = PMIX_COORD_LOGICAL_VIEW, .coord = sample_numbers, .dims = 3};
        return sizeof(pmix_coord_t);
    case PMIX_REGATTR:
        sample.regattrs[0] = (pmix_regattr_t){.name = "NAME", .type = PMIX_STRING, .description = sample_argv};
        strcpy(sample.regattrs[0].string, "a.key");
        sample.regattrs[1].name = "N";
        return sizeof(pmix_regattr_t);
    case PMIX_PROC_CPUSET:
        for (int i = 0; i < 2; i++) sample.cpusets[i] = (pmix_cpuset_t){"hwloc", sample_sets[i]};
        return sizeof(pmix_cpuset_t);
    case PMIX_GEOMETRY:
        sample.geometries[0] = (pmix_geometry_t){1, "uuid", "eth0", places, 1};
        return sizeof(pmix_geometry_t);
    case PMIX_DEVICE_DIST:
        sample.distances[0] = (pmix_device_distance_t){"uuid", "eth0", PMIX_DEVTYPE_NETWORK, 1, 65535};
        return sizeof(pmix_device_distance_t);
    case PMIX_ENDPOINT:
        sample.endpoints[0] = (pmix_endpoint_t){"uuid", "eth0", {"abc", 3}};
        return sizeof(pmix_endpoint_t);
    case PMIX_TOPO:
        for (int i = 0; i < 2; i++) sample.topologies[i] = (pmix_topology_t){"hwloc", sample_machine};
        return sizeof(pmix_topology_t);
    default: return sample_statistics(type);
    }
}

#endif
