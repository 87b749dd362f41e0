// The machine: its topology, sets of processors, what two of them share, and how far devices are. As a server and as a
// rank; on the original too, as far as that does not crash (its texts of sets are parsed by a component without a name).
// compare: original
// libraries: -lhwloc
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"

#include <hwloc.h>

#define PLACE "hwloc:SK0:L30:L20:L10:CR0:HT0-1:NM0"

static void loading(bool (*look)(bool, const char *, ...)) {
    pmix_topology_t first = {NULL, NULL}, again = {NULL, NULL}, named = {strdup("hwloc"), NULL};
    pmix_topology_t other = {strdup("other"), NULL};
    look(PMIx_Load_topology(&first) == PMIX_SUCCESS, "TOPO-1 the topology of this machine");
    look(first.source && strncmp(first.source, "hwloc:2.", 8) == 0, "TOPO-1 its source is hwloc, with its release");
    look(first.topology && hwloc_get_type_depth(first.topology, HWLOC_OBJ_PU) > 0, "TOPO-1 hwloc can read it");
    look(PMIx_Load_topology(&again) == PMIX_SUCCESS && again.topology == first.topology, "TOPO-1 it is loaded once");
    look(PMIx_Load_topology(&named) == PMIX_SUCCESS && named.topology == first.topology, "TOPO-1 hwloc may be asked for");
    look(strcmp(named.source, "hwloc") == 0, "TOPO-1 and stays what was asked for");
    look(PMIx_Load_topology(&other) < 0 && other.topology == NULL, "TOPO-1 another source is an error");
    free(named.source), free(other.source);
#ifndef MUSTER_ORIGINAL
    PMIX_TOPOLOGY_DESTRUCT(&again);
    look(again.source == NULL && hwloc_get_type_depth(first.topology, HWLOC_OBJ_PU) > 0,
        "TOPO-1 destructing one leaves it to the others");
    PMIX_TOPOLOGY_DESTRUCT(&first);
#endif
}

static bool same_set(pmix_cpuset_t *set, int flags) {
    hwloc_topology_t topology;
    hwloc_bitmap_t expected = hwloc_bitmap_alloc();
    hwloc_topology_init(&topology);
    hwloc_topology_load(topology);
    hwloc_get_cpubind(topology, expected, flags);
    bool same = set->bitmap && hwloc_bitmap_isequal(set->bitmap, expected);
    hwloc_bitmap_free(expected);
    hwloc_topology_destroy(topology);
    return same;
}

static void binding(bool (*look)(bool, const char *, ...)) {
    pmix_cpuset_t process = {NULL, NULL}, thread = {NULL, NULL}, none = {NULL, NULL}, other = {"other", NULL};
    look(PMIx_Get_cpuset(&process, PMIX_CPUBIND_PROCESS) == PMIX_SUCCESS, "TOPO-2 the processors of the process");
    look(process.source && strcmp(process.source, "hwloc") == 0, "TOPO-2 as hwloc has them");
    look(same_set(&process, HWLOC_CPUBIND_PROCESS), "TOPO-2 the same that hwloc says");
    look(PMIx_Get_cpuset(&thread, PMIX_CPUBIND_THREAD) == PMIX_SUCCESS, "TOPO-2 the processors of the thread");
    look(same_set(&thread, HWLOC_CPUBIND_THREAD), "TOPO-2 the same that hwloc says");
    look(PMIx_Get_cpuset(&none, 9) == PMIX_ERR_BAD_PARAM && none.bitmap == NULL, "TOPO-2 of something else: BAD_PARAM");
    look(PMIx_Get_cpuset(&other, PMIX_CPUBIND_PROCESS) < 0, "TOPO-2 of another source: an error");
    PMIx_Cpuset_destruct(&process);
    PMIx_Cpuset_destruct(&thread);
}

static void distances(bool (*look)(bool, const char *, ...)) {
    pmix_device_distance_t *all = NULL, *wanted = NULL;
    size_t nall = 99, nwanted = 99;
    pmix_info_t info;
    pmix_device_type_t network = PMIX_DEVTYPE_NETWORK, coprocessor = PMIX_DEVTYPE_COPROC;
    pmix_topology_t topology = {NULL, NULL};
    pmix_cpuset_t set = {NULL, NULL};
    PMIx_Load_topology(&topology);
    PMIx_Get_cpuset(&set, PMIX_CPUBIND_PROCESS);
    pmix_status_t rc = PMIx_Compute_distances(&topology, &set, NULL, 0, &all, &nall);
    look(rc == PMIX_SUCCESS ? all && nall > 0 : nall == 0, "TOPO-5 the distances to devices, if there are any");
    pmix_status_t same = PMIx_Compute_distances(NULL, NULL, NULL, 0, &wanted, &nwanted);
    look(same == rc && nwanted == nall, "TOPO-5 NULL is this machine and this process");
    for (size_t i = 0; i < nall; i++)
        look(strcmp(all[i].uuid, wanted[i].uuid) == 0 && strcmp(all[i].osname, wanted[i].osname) == 0 &&
                all[i].type == wanted[i].type && all[i].mindist == wanted[i].mindist && all[i].mindist <= all[i].maxdist,
            "TOPO-5 the same distances");
    for (size_t i = 0; i < nall; i++)
        printf("# dump %s %s %lx %u %u\n", all[i].uuid, all[i].osname, (long) all[i].type, all[i].mindist, all[i].maxdist);
    if (wanted) PMIX_DEVICE_DIST_FREE(wanted, nwanted);
    PMIX_INFO_LOAD(&info, PMIX_DEVICE_TYPE, &network, PMIX_DEVTYPE);
    look(PMIx_Compute_distances(&topology, &set, &info, 1, &wanted, &nwanted) == rc && nwanted == nall,
        "TOPO-5 network devices are what there is");
    if (wanted) PMIX_DEVICE_DIST_FREE(wanted, nwanted);
    PMIX_INFO_LOAD(&info, PMIX_DEVICE_TYPE, &coprocessor, PMIX_DEVTYPE);
    wanted = NULL;
    look(PMIx_Compute_distances(&topology, &set, &info, 1, &wanted, &nwanted) < 0 && !wanted && nwanted == 0,
        "TOPO-5 devices of a type that there is none of: an error");
    if (all) PMIX_DEVICE_DIST_FREE(all, nall);
#ifndef MUSTER_ORIGINAL
    PMIx_Topology_destruct(&topology);
#endif
    PMIx_Cpuset_destruct(&set);
}

static size_t came;
static void on_distances(pmix_status_t status, pmix_device_distance_t *found, size_t n, void *cbdata,
    pmix_release_cbfunc_t release, void *release_cbdata) {
    came = n > 0 && found[0].uuid ? n : 0;
    if (release) release(release_cbdata);
    done_op(status, cbdata);
}

static void distances_later(bool (*look)(bool, const char *, ...)) {
    pmix_device_distance_t *all = NULL;
    size_t n = 0;
    struct done done = DONE_INIT;
    pmix_status_t rc = PMIx_Compute_distances(NULL, NULL, NULL, 0, &all, &n);
    pmix_status_t begun = PMIx_Compute_distances_nb(NULL, NULL, NULL, 0, on_distances, &done);
    if (begun == PMIX_SUCCESS && look(done_wait(&done), "TOPO-5 the callback comes")) begun = done.status;
    look(begun == rc && came == n, "TOPO-5 with the same distances");
    if (all) PMIX_DEVICE_DIST_FREE(all, n);
}

#ifndef MUSTER_ORIGINAL
static void localities(bool (*look)(bool, const char *, ...)) {
    static const struct {
        const char *first, *second;
        int shared;
    } cases[] = {
        {PLACE, PLACE, 0x407f}, {PLACE, "hwloc:SK0:L30:L20:L11:CR1:HT2-3:NM0", 0x4078}, {"hwloc:SK0", "SK0", 0x4020},
        {"hwloc:SK0-3", "hwloc:SK2,5", 0x4020}, {"hwloc:SK0:XX3", "hwloc:SK0:XX3", 0x4020}, {"", "", 0x4000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pmix_locality_t shared = 0;
        look(PMIx_Get_relative_locality(cases[i].first, cases[i].second, &shared) == PMIX_SUCCESS &&
                shared == cases[i].shared,
            "TOPO-4 what %s and %s share", cases[i].first, cases[i].second);
    }
    pmix_locality_t none = 9;
    look(PMIx_Get_relative_locality("other:SK0", PLACE, &none) == PMIX_ERR_NOT_SUPPORTED && none == 9,
        "TOPO-4 a place of another source");
}

static void texts(bool (*look)(bool, const char *, ...)) {
    static const char *const good[] = {"hwloc:0", "hwloc:0-3,8", "hwloc:1,3,5"};
    for (size_t i = 0; i < 3; i++) {
        pmix_cpuset_t set = {NULL, NULL};
        char *text = NULL;
        look(PMIx_Parse_cpuset_string(good[i], &set) == PMIX_SUCCESS && set.bitmap, "TOPO-3 %s is a set", good[i]);
        look(PMIx_server_generate_cpuset_string(&set, &text) == PMIX_SUCCESS && text && strcmp(text, good[i]) == 0,
            "TOPO-3 and comes back as it was");
        free(text);
        PMIx_Cpuset_destruct(&set);
        look(PMIx_server_generate_cpuset(good[i], &set) == PMIX_SUCCESS && set.bitmap, "TOPO-3 the host's way as well");
        PMIx_Cpuset_destruct(&set);
    }
    pmix_cpuset_t set = {NULL, NULL};
    look(PMIx_server_generate_cpuset(NULL, &set) == PMIX_ERR_BAD_PARAM &&
            PMIx_server_generate_cpuset("hwloc:0", NULL) == PMIX_ERR_BAD_PARAM,
        "TOPO-3 NULL is none: BAD_PARAM");
    look(PMIx_Parse_cpuset_string("hwloc:x", &set) == PMIX_ERR_BAD_PARAM, "TOPO-3 hwloc:x is none");
    look(PMIx_Parse_cpuset_string("hwloc:0-4000000000", &set) == PMIX_ERR_BAD_PARAM, "TOPO-3 nor are 4000000000");
    look(PMIx_Parse_cpuset_string("other:0", &set) == PMIX_ERR_NOT_SUPPORTED, "TOPO-3 other:0 is of another source");
}
#endif

static void bad_texts(bool (*look)(bool, const char *, ...)) {
    pmix_cpuset_t set = {NULL, NULL}, empty = {"hwloc", NULL}, other = {"other", &set};
    char *text = NULL;
    look(PMIx_Parse_cpuset_string("0-1", &set) == PMIX_ERR_BAD_PARAM, "TOPO-3 without a source: BAD_PARAM");
    look(PMIx_Parse_cpuset_string("", &set) == PMIX_ERR_BAD_PARAM, "TOPO-3 the empty text: BAD_PARAM");
    look(PMIx_server_generate_cpuset_string(&empty, &text) == PMIX_ERR_BAD_PARAM, "TOPO-3 no set: BAD_PARAM");
    look(PMIx_server_generate_cpuset_string(&other, &text) < 0, "TOPO-3 a set of another source: an error");
    look(PMIx_server_generate_locality_string(&empty, &text) == PMIX_SUCCESS && text == NULL,
        "TOPO-4 not bound: no place");
    look(PMIx_server_generate_locality_string(&other, &text) < 0, "TOPO-4 a set of another source: an error");
}

static void places(bool (*look)(bool, const char *, ...)) {
    pmix_cpuset_t all = {NULL, NULL}, one = {"hwloc", hwloc_bitmap_alloc()};
    char *text = NULL;
    PMIx_Get_cpuset(&all, PMIX_CPUBIND_PROCESS);
    look(PMIx_server_generate_cpuset_string(&all, &text) == PMIX_SUCCESS && strncmp(text, "hwloc:", 6) == 0,
        "TOPO-3 the set of this process as text");
    printf("# dump set %s\n", text);
    free(text);
    look(PMIx_server_generate_locality_string(&all, &text) == PMIX_SUCCESS && text, "TOPO-4 its place");
    printf("# dump place %s\n", text);
    free(text);
    hwloc_bitmap_set(one.bitmap, hwloc_bitmap_first(all.bitmap));
    look(PMIx_server_generate_locality_string(&one, &text) == PMIX_SUCCESS && text, "TOPO-4 the place of one processor");
    printf("# dump place %s\n", text);
    free(text);
    hwloc_bitmap_free(one.bitmap);
    PMIx_Cpuset_destruct(&all);
}

static void everything(bool (*look)(bool, const char *, ...)) {
    loading(look);
    binding(look);
    distances(look);
    distances_later(look);
    bad_texts(look);
#ifndef MUSTER_ORIGINAL
    localities(look);
    texts(look);
#endif
}

static void rank(void) {
    client_start();
    everything(check);
    client_stop();
}

static bool looked(bool passed, const char *format, ...) {
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return ok(passed, "%s", text);
}

static void as_rank(void) {
    struct host_config config = {.local = 1};
    if (!ok(host_start(&config), "the host starts")) return;
    host_launch("testns", 0, "rank");
    host_report();
    host_stop();
}

static void as_server(void) {
    struct host_config config = {.local = 1};
    if (!ok(host_start(&config), "the host starts")) return;
    everything(looked);
    places(looked);
    host_stop();
}

#ifndef MUSTER_ORIGINAL
// A host that has its own idea of the machine. The original crashes when it looks at that.
static void other_machine(void) {
    pmix_info_t info;
    pmix_topology_t brought = {strdup("hwloc"), NULL};
    pmix_cpuset_t set = {"hwloc", hwloc_bitmap_alloc()};
    struct host_config config = {.local = 1, .infos = &info, .ninfos = 1};
    char *text = NULL;
    hwloc_topology_init((hwloc_topology_t *) &brought.topology);
    hwloc_topology_set_synthetic(brought.topology, "pack:2 numa:1 l3:1 l2:2 l1:2 core:1 pu:2");
    hwloc_topology_load(brought.topology);
    PMIX_INFO_CONSTRUCT(&info);
    PMIX_LOAD_KEY(info.key, PMIX_TOPOLOGY2);
    info.value.type = PMIX_TOPO;
    info.value.data.topo = &brought;
    hwloc_bitmap_set(set.bitmap, 8);
    if (!ok(host_start(&config), "the host starts")) return;
    is_int(PMIx_server_generate_locality_string(&set, &text), PMIX_SUCCESS, "TOPO-6 a place in the host's machine");
    is_str(text, "SK1:L31:L22:L14:CR4:HT8:NM1", "TOPO-6 is one of that machine's");
    free(text);
    hwloc_bitmap_free(set.bitmap);
    host_stop();
    free(brought.source);
    hwloc_topology_destroy(brought.topology);
}

// A rank that sees no device asks its server, which may: command 32.
static void without_devices(void) {
    pmix_device_distance_t *found = NULL;
    size_t n = 0;
    pmix_device_type_t coprocessor = PMIX_DEVTYPE_COPROC;
    pmix_info_t info;
    struct done done = DONE_INIT;
    long expected = atol(getenv("TEST_DISTANCES"));
    client_start();
    pmix_status_t rc = PMIx_Compute_distances(NULL, NULL, NULL, 0, &found, &n);
    check_int(rc, expected > 0 ? PMIX_SUCCESS : PMIX_ERR_NOT_FOUND, "TOPO-7 who sees no device asks the server");
    check_int(n, expected, "TOPO-7 which sees its own");
    check(n == 0 || (found[0].uuid && found[0].osname && found[0].mindist <= found[0].maxdist), "TOPO-7 whole");
    if (found) PMIX_DEVICE_DIST_FREE(found, n);
    rc = PMIx_Compute_distances_nb(NULL, NULL, NULL, 0, on_distances, &done);
    check(rc == PMIX_SUCCESS && done_wait(&done), "TOPO-7 without waiting");
    check_int(came, expected, "TOPO-7 they are the same");
    PMIX_INFO_LOAD(&info, PMIX_DEVICE_TYPE, &coprocessor, PMIX_DEVTYPE);
    check_int(PMIx_Compute_distances(NULL, NULL, &info, 1, &found, &n), PMIX_ERR_NOT_FOUND,
        "TOPO-7 what the server does not have either is NOT_FOUND");
    client_stop();
}

static void asked_server(void) {
    struct host_config config = {.local = 1};
    pmix_device_distance_t *found = NULL;
    size_t n = 0;
    char expected[20];
    const char *variables[] = {"HWLOC_SYNTHETIC", "pack:1 core:2 pu:1", "TEST_DISTANCES", expected, NULL};
    if (!ok(host_start(&config), "the host starts")) return;
    PMIx_Compute_distances(NULL, NULL, NULL, 0, &found, &n);
    if (found) PMIX_DEVICE_DIST_FREE(found, n);
    snprintf(expected, sizeof expected, "%zu", n);
    host_launch_with("testns", 0, "without_devices", variables);
    host_report();
    host_stop();
}
#endif

int main(int argc, char **argv) {
    static const struct role roles[] = {{"rank", rank},
#ifndef MUSTER_ORIGINAL
        {"without_devices", without_devices},
#endif
        {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("a server", as_server);
    scenario("a rank", as_rank);
#ifndef MUSTER_ORIGINAL
    scenario("a host's own machine", other_machine);
    scenario("a rank that sees less than its server", asked_server);
#endif
    return done_testing();
}
