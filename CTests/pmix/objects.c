// Making, filling, emptying and freeing each struct of the API: the library's functions, and the macros of both
// headers, held to the same table.
// compare: original
// libraries: -lhwloc
#include "tap.h"
#include "objects.h"

#include <hwloc.h>

#define LARGEST sizeof(pmix_pdata_t)

// What a type looks like: what is not zero in an empty one, how to fill it, what destruct must leave zero, and a byte
// of what it must leave alone.
struct shape {
    const char *name;
    void (*begin)(void *object);
    void (*fill)(void *object);
    size_t freed[8];  // offsets of pointers and counts, closed by END
    size_t kept;
};
#define END ((size_t) -1)

static char *text(void) { return strdup("text"); }

static pmix_info_t *infos(size_t count) {
    pmix_info_t *made;
    PMIX_INFO_CREATE(made, count);
    for (size_t i = 0; i < count; i++) PMIX_INFO_LOAD(&made[i], "key", "value", PMIX_STRING);
    return made;
}

static char **vector(void) {
    char **made = NULL;
    (void) pmix_argv_append_nosize(&made, "one");
    (void) pmix_argv_append_nosize(&made, "two");
    return made;
}

static void fill_app(void *object) {
    pmix_app_t *app = object;
    app->cmd = text(), app->cwd = text(), app->argv = vector(), app->env = vector();
    app->maxprocs = 7, app->info = infos(2), app->ninfo = 2;
}

static void fill_bytes(void *object) {
    pmix_byte_object_t *bytes = object;
    bytes->bytes = text(), bytes->size = 4;
}

static void begin_distance(void *object) {
    pmix_device_distance_t *distance = object;
    distance->mindist = distance->maxdist = UINT16_MAX;
}

// Device distances and devices, envars: two strings, then a number.
static void fill_two(void *object) {
    char **strings = object;
    strings[0] = text(), strings[1] = text();
    ((char *) object)[16] = 5;
}

static void fill_one(void *object) {
    *(char **) object = text();
    ((char *) object)[8] = 5;
}

static void fill_endpoint(void *object) {
    pmix_endpoint_t *endpoint = object;
    endpoint->uuid = text(), endpoint->osname = text();
    fill_bytes(&endpoint->endpt);
}

static void fill_geometry(void *object) {
    pmix_geometry_t *geometry = object;
    geometry->fabric = 5, geometry->uuid = text(), geometry->osname = text();
    geometry->coordinates = calloc(2, sizeof(pmix_coord_t));
    geometry->ncoords = 2;
    geometry->coordinates[1].coord = calloc(3, sizeof(uint32_t));
    geometry->coordinates[1].dims = 3;
}

static void fill_info(void *object) { PMIX_INFO_LOAD((pmix_info_t *) object, "key", "value", PMIX_STRING); }

static void fill_node(void *object) {
    pmix_node_stats_t *node = object;
    node->node = text(), node->la = 5;
    node->diskstats = calloc(2, sizeof(pmix_disk_stats_t)), node->ndiskstats = 2;
    node->diskstats[1].disk = text();
    node->netstats = calloc(2, sizeof(pmix_net_stats_t)), node->nnetstats = 2;
    node->netstats[1].net_interface = text();
}

static void fill_pdata(void *object) {
    pmix_pdata_t *data = object;
    data->proc.rank = 5;
    (void) PMIx_Value_load(&data->value, "value", PMIX_STRING);
}

static void begin_proc(void *object) { ((pmix_proc_t *) object)->rank = PMIX_RANK_UNDEF; }

static void fill_proc(void *object) { PMIX_LOAD_PROCID((pmix_proc_t *) object, "job", 5); }

static void fill_row(void *object) {
    pmix_proc_info_t *row = object;
    row->hostname = text(), row->executable_name = text();
    PMIX_LOAD_PROCID(&row->proc, "job", 5);
}

static void fill_sample(void *object) {
    pmix_proc_stats_t *sample = object;
    sample->node = text(), sample->cmd = text(), sample->pid = 5;
}

static void fill_query(void *object) {
    pmix_query_t *query = object;
    query->keys = vector(), query->qualifiers = infos(2), query->nqual = 2;
}

static void fill_attribute(void *object) {
    pmix_regattr_t *attribute = object;
    attribute->name = text(), attribute->description = vector(), attribute->type = 5;
}

static void fill_value(void *object) { (void) PMIx_Value_load(object, "value", PMIX_STRING); }

#ifndef MUSTER_ORIGINAL
static void begin_node_pid(void *object) {
    pmix_node_pid_t *node = object;
    node->nodeid = UINT32_MAX, node->pid = -1;
}

static void fill_node_pid(void *object) {
    pmix_node_pid_t *node = object;
    node->hostname = text(), node->pid = 5;
}

static void fill_unit(void *object) { ((pmix_resource_unit_t *) object)->count = 5; }
#endif

static void fill_cpuset(void *object) {
    pmix_cpuset_t *cpuset = object;
    hwloc_bitmap_t bitmap = hwloc_bitmap_alloc();
    hwloc_bitmap_set(bitmap, 3);
    cpuset->source = strdup("hwloc"), cpuset->bitmap = bitmap;
}

static void fill_topology(void *object) {
    pmix_topology_t *made = object;
    hwloc_topology_t topology;
    hwloc_topology_init(&topology);
    hwloc_topology_set_synthetic(topology, "node:1 core:2 pu:1");
    hwloc_topology_load(topology);
    made->source = strdup("hwloc:2.0"), made->topology = topology;
}

#define AT(type, member) offsetof(pmix_##type##_t, member)
static const struct shape shapes[] = {
    {"app", NULL, fill_app, {0, 8, 16, 24, AT(app, info), AT(app, ninfo), END}, AT(app, maxprocs)},
    {"byte_object", NULL, fill_bytes, {0, 8, END}, END},
    {"device_distance", begin_distance, fill_two, {0, 8, END}, 16},
    {"disk_stats", NULL, fill_one, {0, END}, 8},
    {"endpoint", NULL, fill_endpoint, {0, 8, 16, 24, END}, END},
    {"envar", NULL, fill_two, {0, 8, END}, 16},
    {"geometry", NULL, fill_geometry, {8, 16, 24, 32, END}, 0},
    {"info", NULL, fill_info, {AT(info, value), AT(info, value.data), END}, 0},
    {"net_stats", NULL, fill_one, {0, END}, 8},
    {"node_stats", NULL, fill_node, {0, AT(node_stats, diskstats), 80, 88, 96, END}, AT(node_stats, la) + 3},
    {"pdata", NULL, fill_pdata, {AT(pdata, value), AT(pdata, value.data), END}, AT(pdata, proc.rank)},
    {"proc", begin_proc, fill_proc, {0, END}, END},
    {"proc_info", NULL, fill_row, {0, AT(proc_info, hostname), AT(proc_info, executable_name), END}, END},
    {"proc_stats", NULL, fill_sample, {0, AT(proc_stats, cmd), END}, AT(proc_stats, pid)},
    {"query", NULL, fill_query, {0, 8, 16, END}, END},
    {"regattr", NULL, fill_attribute, {0, AT(regattr, description), END}, AT(regattr, type)},
    {"value", NULL, fill_value, {0, 8, END}, END},
    {"cpuset", NULL, fill_cpuset, {0, 8, END}, END},
    {"topology", NULL, fill_topology, {0, 8, END}, END},
#ifndef MUSTER_ORIGINAL
    {"device", NULL, fill_two, {0, 8, END}, 16},
    {"node_pid", begin_node_pid, fill_node_pid, {0, END}, AT(node_pid, pid)},
    {"resource_unit", NULL, fill_unit, {END}, AT(resource_unit, count)},
#endif
};

static const struct shape *shape_of(const char *name) {
    for (size_t i = 0; i < LENGTH(shapes); i++)
        if (strcmp(shapes[i].name, name) == 0) return &shapes[i];
    bail("there is no shape of %s", name);
}

// N.B. a macro leaves the rank of an empty process 0.
static void expect_empty(unsigned char *expected, const struct verbs *verbs, bool of_macro) {
    const struct shape *shape = shape_of(verbs->name);
    memset(expected, 0, LARGEST);
    if (shape->begin != NULL && !(of_macro && shape->begin == begin_proc)) shape->begin(expected);
}

static bool is_emptied(const struct shape *shape, const unsigned char *object) {
    static const unsigned char zeros[sizeof(void *)];
    size_t width = strcmp(shape->name, "value") == 0 ? sizeof(pmix_data_type_t) : sizeof zeros;
    bool emptied = true;
    for (size_t i = 0; shape->freed[i] != END; i++)
        emptied = emptied && memcmp(object + shape->freed[i], zeros, i == 0 ? width : sizeof zeros) == 0;
    return emptied && (shape->kept == END || object[shape->kept] != 0);
}

static void check_one(const char *kind, const struct verbs *verbs, bool of_macro) {
    const struct shape *shape = shape_of(verbs->name);
    _Alignas(max_align_t) unsigned char object[LARGEST + 1];
    unsigned char expected[LARGEST];
    expect_empty(expected, verbs, of_macro);
    memset(object, 0, sizeof object);
    shape->fill(object);
    verbs->destruct(object);
    if (!of_macro) {
        ok(is_emptied(shape, object), "%s %s: destruct frees, and leaves the rest alone", kind, verbs->name);
        verbs->destruct(object);
        ok(is_emptied(shape, object), "%s %s: destructing twice does no harm", kind, verbs->name);
    }
    memset(object, 0x5a, sizeof object);
    verbs->construct(object);
#ifdef MUSTER_ORIGINAL
    // Some of its macros leave padding as it is.
    for (size_t i = 0; i < verbs->size; i++)
        if (object[i] == 0x5a) object[i] = 0;
#endif
    ok(memcmp(object, expected, verbs->size) == 0, "%s %s: construct empties", kind, verbs->name);
    ok(object[verbs->size] == 0x5a, "%s %s: ... and nothing else", kind, verbs->name);
}

static void check_arrays(const char *kind, const struct verbs *verbs, bool of_macro) {
    const struct shape *shape = shape_of(verbs->name);
    unsigned char expected[LARGEST];
    expect_empty(expected, verbs, of_macro);
    unsigned char *all = verbs->create(3);
    if (!ok(all != NULL, "%s %s: create makes an array", kind, verbs->name)) return;
    bool empty = true;
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(verbs->name, "info") == 0 && i == 2) ((pmix_info_t *) expected)->flags = PMIX_INFO_ARRAY_END;
        empty = empty && memcmp(all + i * verbs->size, expected, verbs->size) == 0;
    }
    ok(empty, "%s %s: ... of empty ones", kind, verbs->name);
    for (size_t i = 0; i < 3; i++) shape->fill(all + i * verbs->size);
    verbs->release(all, 3);
    ok(verbs->create(0) == NULL, "%s %s: no objects are NULL", kind, verbs->name);
}

static void check_nulls(const struct verbs *verbs) {
    verbs->construct(NULL);
    verbs->destruct(NULL);
    verbs->release(NULL, 0);
    verbs->release(NULL, 3);
    verbs->release(verbs->create(2), 0);
    ok(verbs->create((size_t) -1) == NULL, "%s: NULL is left alone, and nothing is made without memory", verbs->name);
}

// A cpuset and a topology of a source that nobody here knows.
static void foreign(void) {
    char source[] = "foreign", object;
    pmix_cpuset_t cpuset = {source, &object};
    pmix_topology_t topology = {source, &object};
    PMIx_Cpuset_destruct(&cpuset);
    PMIx_Topology_destruct(&topology);
    ok(cpuset.source == source && cpuset.bitmap == &object, "the cpuset of a foreign source is left alone");
    ok(topology.source == source && topology.topology == &object, "... and its topology");
    PMIx_Cpuset_destruct(NULL);
}

int main(void) {
    for (size_t i = 0; i < LENGTH(macros); i++) {
        check_one("macros of", &macros[i], true);
        check_arrays("macros of", &macros[i], true);
    }
#ifndef MUSTER_ORIGINAL
    for (size_t i = 0; i < LENGTH(functions); i++) {
        check_one("functions of", &functions[i], false);
        check_arrays("functions of", &functions[i], false);
        check_nulls(&functions[i]);
    }
#else
    (void) check_nulls;
#endif
    foreign();
    return done_testing();
}
