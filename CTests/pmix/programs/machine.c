// What a server says about its machine, in lines that any library that has the functions should print alike: the
// machine, the places of sets of processors and what two of them share, and how far devices are.
#include <pmix.h>
#include <pmix_server.h>

#include <hwloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pmix_topology_t machine;
static const char *const sets[] = {"0", "1", "0-1", "0-3", "2,3", "4", "4-7", "0-7", "0,4", "1-2", "999"};
enum { SETS = sizeof sets / sizeof sets[0] };

static void show(const char *what, pmix_topology_t *topology, pmix_cpuset_t *set, pmix_info_t *infos, size_t n) {
    pmix_device_distance_t *found = NULL;
    size_t count = 99;
    pmix_status_t rc = PMIx_Compute_distances(topology, set, infos, n, &found, &count);
    printf("distances %s: %d, %zu devices\n", what, rc, count);
    for (size_t i = 0; rc == PMIX_SUCCESS && i < count; i++) {
        printf("  %s %s %#lx %u %u\n", found[i].uuid, found[i].osname, (long) found[i].type, found[i].mindist,
            found[i].maxdist);
    }
}

static void places(void) {
    char *all[SETS] = {NULL};
    for (int i = 0; i < SETS; i++) {
        pmix_cpuset_t set = {"hwloc", hwloc_bitmap_alloc()}, parsed = {NULL, NULL};
        char text[64], *list = NULL;
        hwloc_bitmap_list_sscanf(set.bitmap, sets[i]);
        snprintf(text, sizeof text, "hwloc:%s", sets[i]);
        pmix_status_t rc = PMIx_Parse_cpuset_string(text, &parsed);
        printf("%s: parsed %d %s", text, rc, hwloc_bitmap_isequal(parsed.bitmap, set.bitmap) ? "the same" : "another");
        rc = PMIx_server_generate_cpuset_string(&set, &list);
        printf(", as text %d %s", rc, list);
        rc = PMIx_server_generate_locality_string(&set, &all[i]);
        printf(", place %d %s\n", rc, all[i] ? all[i] : "none");
        show(sets[i], &machine, &set, NULL, 0);
    }
    // The original's status is the one its components use among each other, whatever the answer; and it takes a place only
    // with its source.
    for (int i = 0; i < SETS * SETS; i++) {
        const char *first = all[i / SETS], *second = all[i % SETS];
        char here[300], there[300];
        pmix_locality_t shared = 0;
        if (first == NULL || second == NULL) continue;
        snprintf(here, sizeof here, "hwloc:%s", first);
        snprintf(there, sizeof there, "hwloc:%s", second);
        PMIx_Get_relative_locality(here, there, &shared);
        printf("%s and %s share %#x\n", first, second, shared);
    }
}

static void devices(void) {
    static const pmix_device_type_t types[] = {0, 1, 2, 4, 8, 16, 32, 64, 2 | 32, 4 | 8, 0x3f};
    pmix_cpuset_t set = {"hwloc", hwloc_bitmap_alloc()};
    pmix_device_type_t network = PMIX_DEVTYPE_NETWORK, fabric = PMIX_DEVTYPE_OPENFABRICS;
    pmix_info_t infos[2];
    hwloc_bitmap_set_range(set.bitmap, 0, 1);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        char name[32];
        snprintf(name, sizeof name, "of type %#lx", (long) types[i]);
        PMIX_INFO_LOAD(&infos[0], PMIX_DEVICE_TYPE, &types[i], PMIX_DEVTYPE);
        show(name, &machine, &set, infos, 1);
    }
    PMIX_INFO_LOAD(&infos[0], PMIX_DEVICE_TYPE, &network, PMIX_DEVTYPE);
    PMIX_INFO_LOAD(&infos[1], PMIX_DEVICE_TYPE, &fabric, PMIX_DEVTYPE);
    show("of two types", &machine, &set, infos, 2);
    show("from here", NULL, NULL, NULL, 0);
}

static void copies(void) {
    pmix_data_buffer_t buffer;
    pmix_topology_t copy = {NULL, NULL};
    int32_t one = 1;
    PMIX_DATA_BUFFER_CONSTRUCT(&buffer);
    int packed = PMIx_Data_pack(NULL, &buffer, &machine, 1, PMIX_TOPO);
    int unpacked = PMIx_Data_unpack(NULL, &buffer, &copy, &one, PMIX_TOPO);
    printf("packed %d, unpacked %d: %d processors, %d devices\n", packed, unpacked,
        hwloc_get_nbobjs_by_type(copy.topology, HWLOC_OBJ_PU), hwloc_get_nbobjs_by_type(copy.topology, HWLOC_OBJ_OS_DEVICE));
    PMIX_DATA_BUFFER_DESTRUCT(&buffer);
}

int main(void) {
    static pmix_server_module_t nothing;
    alarm(60);
    if (PMIx_server_init(&nothing, NULL, 0) != PMIX_SUCCESS) return 1;
    if (PMIx_Load_topology(&machine) != PMIX_SUCCESS) return 2;
    printf("machine of %.7s: depth %d, %d processors, %d devices\n", machine.source,
        hwloc_topology_get_depth(machine.topology), hwloc_get_nbobjs_by_type(machine.topology, HWLOC_OBJ_PU),
        hwloc_get_nbobjs_by_type(machine.topology, HWLOC_OBJ_OS_DEVICE));
    places();
    devices();
    copies();
    return PMIx_server_finalize() == PMIX_SUCCESS ? 0 : 3;
}
