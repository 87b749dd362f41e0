// What fills the structs of the API, and arrays and buffers of them, in functions that release 4.2 lacks.
// compare: nothing
#include "tap.h"
#include "objects.h"

static void apps_and_queries(void) {
    pmix_app_t *app = PMIx_App_create(1);
    PMIx_App_info_create(app, 2);
    ok(app->ninfo == 2 && app->info != NULL && PMIX_INFO_IS_END(&app->info[1]) && !PMIX_INFO_IS_END(&app->info[0]),
       "PMIx_App_info_create makes infos");
    PMIX_INFO_LOAD(&app->info[0], PMIX_WDIR, "/tmp", PMIX_STRING);
    PMIx_App_release(app);
    pmix_app_t none = PMIX_APP_STATIC_INIT;
    PMIx_App_info_create(&none, 0);
    ok(none.ninfo == 0 && none.info == NULL, "... also none");
    PMIx_App_info_create(&none, (size_t) -1);
    ok(none.ninfo == 0 && none.info == NULL, "... and none where there is no memory");

    pmix_query_t *query = PMIx_Query_create(1);
    PMIx_Query_qualifiers_create(query, 2);
    ok(query->nqual == 2 && query->qualifiers != NULL && PMIX_INFO_IS_END(&query->qualifiers[1]),
       "PMIx_Query_qualifiers_create makes qualifiers");
    PMIX_INFO_LOAD(&query->qualifiers[1], PMIX_NSPACE, "job", PMIX_STRING);
    (void) pmix_argv_append_nosize(&query->keys, PMIX_QUERY_NAMESPACES);
    PMIx_Query_release(query);
    PMIx_App_release(NULL), PMIx_Query_release(NULL);
    PMIx_App_info_create(NULL, 1), PMIx_Query_qualifiers_create(NULL, 1);
}

static void infos(void) {
    char borrowed[] = "somebody else's";
    pmix_info_t *all = PMIx_Info_create(2);
    PMIX_INFO_LOAD(&all[0], "key", "value", PMIX_STRING);
    PMIX_LOAD_KEY(all[1].key, "lent");
    all[1].value.type = PMIX_STRING, all[1].value.data.string = borrowed;
    PMIX_INFO_SET_PERSISTENT(&all[1]);
    PMIx_Info_destruct(&all[1]);
    ok(all[1].value.data.string == borrowed, "a persistent info keeps its value");
    PMIx_Info_free(all, 2);
    is_str(borrowed, "somebody else's", "... and it is not freed with the array");
}

static void processes(void) {
    pmix_proc_t proc, expected;
    char name[PMIX_MAX_NSLEN + 20];
    memset(name, 'n', sizeof name);
    name[sizeof name - 1] = '\0';
    memset(&proc, 0x5a, sizeof proc);
    PMIx_Proc_load(&proc, "job", 3);
    PMIX_LOAD_PROCID(&expected, "job", 3);
    ok(memcmp(&proc, &expected, sizeof proc) == 0, "PMIx_Proc_load does what the macro does");
    PMIx_Proc_load(&proc, name, 4);
    is_int(strlen(proc.nspace), PMIX_MAX_NSLEN, "a namespace that is too long is cut");
    is_int(proc.rank, 4, "... and the rank is not touched by it");
    PMIx_Proc_load(&proc, NULL, 5);
    PMIX_LOAD_PROCID(&expected, NULL, 5);
    ok(memcmp(&proc, &expected, sizeof proc) == 0, "without a namespace it is empty");
    PMIx_Proc_load(NULL, "job", 3);
}

static void published(void) {
    pmix_pdata_t data, copy, expected;
    pmix_proc_t proc;
    uint32_t number = 77;
    PMIX_LOAD_PROCID(&proc, "job", 3);
    memset(&data, 0x5a, sizeof data);
    PMIx_Pdata_load(&data, &proc, "a key", &number, PMIX_UINT32);
    PMIX_PDATA_LOAD(&expected, &proc, "a key", &number, PMIX_UINT32);
    ok(memcmp(&data, &expected, sizeof data) == 0, "PMIx_Pdata_load does what the macro does");
    PMIx_Pdata_load(&data, &proc, "a key", "some text", PMIX_STRING);
    memset(&copy, 0x5a, sizeof copy);
    PMIx_Pdata_xfer(&copy, &data);
    ok(PMIX_CHECK_PROCID(&copy.proc, &proc) && strcmp(copy.key, "a key") == 0 && copy.value.type == PMIX_STRING
           && copy.value.data.string != data.value.data.string,
       "PMIx_Pdata_xfer copies");
    PMIx_Pdata_destruct(&data);
    is_str(copy.value.data.string, "some text", "... and the copy has a value of its own");
    PMIx_Pdata_xfer(&data, &copy);
    PMIx_Pdata_destruct(&copy), PMIx_Pdata_destruct(&data);
    PMIx_Pdata_load(&data, NULL, NULL, NULL, PMIX_STRING);
    PMIX_PDATA_CONSTRUCT(&expected);
    expected.value.type = PMIX_STRING;
    ok(memcmp(&data, &expected, sizeof data) == 0, "what is NULL stays empty");
    PMIx_Pdata_load(NULL, &proc, "a key", &number, PMIX_UINT32);
    PMIx_Pdata_xfer(NULL, &data), PMIx_Pdata_xfer(&data, NULL);
}

static void attributes(void) {
    pmix_regattr_t one, copy;
    PMIx_Regattr_construct(&one);
    PMIx_Regattr_load(&one, "PMIX_RANK", PMIX_RANK, PMIX_PROC_RANK, "first line");
    PMIx_Regattr_load(&one, NULL, NULL, PMIX_UINT32, "second line");
    ok(strcmp(one.name, "PMIX_RANK") == 0 && strcmp(one.string, PMIX_RANK) == 0 && one.type == PMIX_UINT32,
       "PMIx_Regattr_load sets what it is given");
    ok(pmix_argv_count(one.description) == 2 && strcmp(one.description[0], "first line") == 0
           && strcmp(one.description[1], "second line") == 0,
       "... and appends to the description");
    memset(&copy, 0x5a, sizeof copy);
    PMIx_Regattr_xfer(&copy, &one);
    ok(copy.name != one.name && strcmp(copy.name, "PMIX_RANK") == 0 && strcmp(copy.string, PMIX_RANK) == 0
           && copy.type == PMIX_UINT32,
       "PMIx_Regattr_xfer copies");
    PMIx_Regattr_destruct(&one);
    ok(pmix_argv_count(copy.description) == 2 && strcmp(copy.description[1], "second line") == 0,
       "... with a description of its own");
    PMIx_Regattr_destruct(&copy);
    PMIx_Regattr_xfer(&copy, &one);
    ok(copy.name == NULL && copy.description == NULL, "an empty one copies to an empty one");
    PMIx_Regattr_construct(&copy);
    PMIx_Regattr_load(NULL, "n", "k", PMIX_INT, "d"), PMIx_Regattr_load(&copy, NULL, NULL, PMIX_INT, NULL);
    ok(copy.name == NULL && copy.string[0] == '\0' && copy.type == PMIX_INT && copy.description == NULL,
       "NULL leaves the members alone");
    PMIx_Regattr_xfer(NULL, &one), PMIx_Regattr_xfer(&one, NULL);
}

static void blocks(void) {
    pmix_byte_object_t bytes;
    char *block = strdup("a block");
    PMIx_Byte_object_load(&bytes, block, 8);
    ok(bytes.bytes == block && bytes.size == 8, "PMIx_Byte_object_load takes the block over");
    PMIx_Byte_object_destruct(&bytes);
    PMIx_Byte_object_load(&bytes, NULL, 8);
    ok(bytes.bytes == NULL && bytes.size == 0, "no block is no bytes");
    PMIx_Byte_object_load(NULL, NULL, 0);

    char name[] = "PATH", value[] = "/bin";
    pmix_envar_t envar, untouched;
    PMIx_Envar_construct(&envar);
    PMIx_Envar_load(&envar, name, value, ':');
    ok(strcmp(envar.envar, name) == 0 && envar.envar != name && strcmp(envar.value, value) == 0
           && envar.value != value && envar.separator == ':',
       "PMIx_Envar_load copies");
    untouched = envar;
    PMIx_Envar_load(&envar, NULL, NULL, ';');
    ok(envar.envar == untouched.envar && envar.value == untouched.value && envar.separator == ';',
       "... and leaves what it is not given");
    PMIx_Envar_destruct(&envar);
    PMIx_Envar_load(NULL, name, value, ':');
}

static void coordinates(void) {
    pmix_coord_t *coords = PMIx_Coord_create(3, 2);
    ok(coords != NULL && coords[0].dims == 3 && coords[0].coord != NULL && coords[0].coord[2] == 0,
       "PMIx_Coord_create gives the first its dimensions");
    ok(coords[1].dims == 0 && coords[1].coord == NULL, "... and leaves the others empty");
    coords[1].coord = calloc(2, sizeof(uint32_t));
    PMIx_Coord_free(coords, 2);
    coords = PMIx_Coord_create(0, 1);
    ok(coords != NULL && coords->dims == 0 && coords->coord == NULL, "a coordinate without dimensions");
    coords->coord = calloc(2, sizeof(uint32_t)), coords->dims = 2;
    PMIx_Coord_destruct(coords);
    ok(coords->dims == 0 && coords->coord == NULL, "PMIx_Coord_destruct frees them");
    coords->view = PMIX_COORD_LOGICAL_VIEW;
    PMIx_Coord_construct(coords);
    is_int(coords->view, PMIX_COORD_VIEW_UNDEF, "PMIx_Coord_construct empties");
    PMIx_Coord_free(coords, 1);
    ok(PMIx_Coord_create(3, 0) == NULL, "no coordinates are NULL");
    PMIx_Coord_construct(NULL), PMIx_Coord_destruct(NULL), PMIx_Coord_free(NULL, 1);
    pmix_fabric_t fabric;
    memset(&fabric, 0x5a, sizeof fabric);
    PMIx_Fabric_construct(&fabric), PMIx_Fabric_construct(NULL);
    ok(fabric.name == NULL && fabric.index == 0 && fabric.info == NULL && fabric.ninfo == 0 && fabric.module == NULL,
       "PMIx_Fabric_construct empties");
}

// Values of the structs that release 6 adds.
static void later_values(void) {
    char host[] = "node7";
    pmix_node_pid_t node = {host, 7, 4711}, *copied;
    pmix_resource_unit_t unit = {PMIX_DEVTYPE_GPU, 4};
    pmix_value_t value, copy;
    is_int(PMIx_Value_load(&value, &node, PMIX_NODE_PID), PMIX_SUCCESS, "a value takes a process of a node");
    is_int(PMIx_Value_xfer(&copy, &value), PMIX_SUCCESS, "... and copies it");
    PMIx_Value_destruct(&value);
    copied = copy.data.nodepid;
    ok(strcmp(copied->hostname, host) == 0 && copied->hostname != host && copied->nodeid == 7 && copied->pid == 4711,
       "... with all it holds");
    PMIx_Value_destruct(&copy);
    pmix_value_t *values = PMIx_Value_create(2);
    is_int(PMIx_Value_load(&values[0], &unit, PMIX_RESOURCE_UNIT), PMIX_SUCCESS, "a value takes a unit of resources");
    ok(values[0].data.resunit->type == PMIX_DEVTYPE_GPU && values[0].data.resunit->count == 4, "... with both members");
    pmix_device_t device = {host, host, PMIX_DEVTYPE_CPU};
    is_int(PMIx_Value_load(&values[1], &device, PMIX_DEVICE), PMIX_SUCCESS, "a value takes a device");
    ok(strcmp(values[1].data.device->osname, host) == 0 && values[1].data.device->type == PMIX_DEVTYPE_CPU,
       "... with all three");
    PMIx_Value_free(values, 2);
    pmix_resource_block_directive_t directive = PMIX_RESOURCE_BLOCK_EXTEND;
    is_int(PMIx_Value_load(&value, &directive, PMIX_RESBLOCK_DIRECTIVE), PMIX_SUCCESS, "a value takes a directive");
    is_int(value.data.rbdir, PMIX_RESOURCE_BLOCK_EXTEND, "... unchanged");
    pmix_device_t no_device = PMIX_DEVICE_STATIC_INIT;
    pmix_resource_unit_t no_unit = PMIX_RESOURCE_UNIT_STATIC_INIT;
    pmix_node_pid_t no_node = PMIX_NODE_PID_STATIC_INIT;
    ok(no_device.uuid == NULL && no_device.type == PMIX_DEVTYPE_UNKNOWN && no_unit.count == 0 && no_node.pid == -1
           && no_node.nodeid == UINT32_MAX && no_node.hostname == NULL,
       "the initializers of the later structs are empty");
}

static void later_macros(void) {
    char host[] = "node7";
    pmix_device_t device, *devices;
    PMIX_DEVICE_CONSTRUCT(&device);
    device.uuid = strdup(host);
    PMIX_DEVICE_DESTRUCT(&device);
    ok(device.uuid == NULL && device.osname == NULL, "PMIX_DEVICE_CONSTRUCT and PMIX_DEVICE_DESTRUCT");
    PMIX_DEVICE_CREATE(devices, 2);
    devices[1].osname = strdup(host);
    PMIX_DEVICE_FREE(devices, 2);
    ok(devices == NULL, "PMIX_DEVICE_CREATE, and PMIX_DEVICE_FREE forgets");
    pmix_resource_unit_t unit, *units;
    PMIX_RESOURCE_UNIT_CONSTRUCT(&unit);
    PMIX_RESOURCE_UNIT_DESTRUCT(&unit);
    ok(unit.type == PMIX_DEVTYPE_UNKNOWN && unit.count == 0, "PMIX_RESOURCE_UNIT_CONSTRUCT and _DESTRUCT");
    PMIX_RESOURCE_UNIT_CREATE(units, 2);
    PMIX_RESOURCE_UNIT_FREE(units, 2);
    ok(units == NULL, "PMIX_RESOURCE_UNIT_CREATE, and PMIX_RESOURCE_UNIT_FREE forgets");
    pmix_cpuset_t *cpusets;
    pmix_topology_t *topologies;
    PMIX_CPUSET_CREATE(cpusets, 2);
    PMIX_CPUSET_DESTRUCT(&cpusets[0]);
    PMIX_CPUSET_FREE(cpusets, 2);
    PMIX_TOPOLOGY_CREATE(topologies, 2);
    PMIX_TOPOLOGY_FREE(topologies, 2);
    ok(cpusets == NULL && topologies == NULL, "PMIX_CPUSET_FREE and PMIX_TOPOLOGY_FREE forget");
}

int main(void) {
    apps_and_queries();
    infos();
    processes();
    published();
    attributes();
    blocks();
    coordinates();
    later_values();
    later_macros();
    return done_testing();
}
