// What a host prepares: the environment of a job, resources of the node, inventories, job data for other servers.
// compare: original
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"

#include <sys/stat.h>

static pmix_nspace_t job = "testns";

struct setup {
    struct op op;
    pmix_info_t *infos;
    size_t ninfos;
};

static void on_setup(pmix_status_t status, pmix_info_t infos[], size_t n, void *provided, pmix_op_cbfunc_t cb,
    void *cbdata) {
    struct setup *setup = provided;
    setup->ninfos = n;
    PMIX_INFO_CREATE(setup->infos, n ? n : 1);
    for (size_t i = 0; i < n; i++) PMIx_Info_xfer(&setup->infos[i], &infos[i]);
    if (cb) cb(PMIX_SUCCESS, cbdata);
    host_op_done(status, &setup->op);
}

// The value that the job's ranks are to have of a variable; NULL if none.
static const char *value_of(const struct setup *setup, const char *name) {
    for (size_t i = 0; i < setup->ninfos; i++) {
        if (strcmp(setup->infos[i].key, PMIX_SET_ENVAR) != 0 || setup->infos[i].value.type != PMIX_ENVAR) continue;
        if (strcmp(setup->infos[i].value.data.envar.envar, name) == 0) return setup->infos[i].value.data.envar.value;
    }
    return NULL;
}

static void forget(struct setup *setup) {
    if (setup->infos) PMIX_INFO_FREE(setup->infos, setup->ninfos ? setup->ninfos : 1);
    memset(setup, 0, sizeof *setup);
}

static bool prepare(struct setup *setup, const char *key, const char *model, const char *what) {
    pmix_info_t infos[2];
    bool yes = true;
    PMIX_INFO_LOAD(&infos[0], PMIX_SETUP_APP_ENVARS, &yes, PMIX_BOOL);
    if (model) PMIX_INFO_LOAD(&infos[1], key, model, PMIX_STRING);
    forget(setup);
    pmix_status_t rc = PMIx_server_setup_application(job, infos, model ? 2 : 1, on_setup, setup);
    bool good = is_int(rc, PMIX_SUCCESS, "SETUP-1 %s is prepared", what) &&
        ok(host_op_wait(&setup->op, &rc), "SETUP-1 the callback comes") &&
        is_int(rc, PMIX_SUCCESS, "SETUP-1 with a success");
    if (model) PMIX_INFO_DESTRUCT(&infos[1]);  // looked at until the callback
    return good;
}

static void write_parameters(const char *home) {
    char path[200];
    snprintf(path, sizeof path, "%s/.openmpi", home);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/.openmpi/mca-params.conf", home);
    FILE *file = fopen(path, "w");
    if (file == NULL) return;
    fputs("# a comment\nbtl = self,tcp\n\n", file);
    fclose(file);
}

static void environment(void) {
    struct host_config config = {.local = 1};
    struct setup setup = {{0, 0}, NULL, 0};
    char home[] = "/tmp/muster-home.XXXXXX", command[100];
    if (!ok(mkdtemp(home) != NULL, "a home directory")) return;
    write_parameters(home);
    setenv("HOME", home, 1);
    setenv("PMIX_MCA_some_parameter", "7", 1);
    setenv("OMPI_MCA_other_parameter", "eight", 1);
    setenv("SHMEM_THING", "nine", 1);
    setenv("PMIX_OTHERWISE", "ten", 1);
    if (!ok(host_start(&config), "the host starts")) return;
    if (prepare(&setup, PMIX_PERSONALITY, NULL, "a job of no model")) {
        is_str(value_of(&setup, "PMIX_MCA_some_parameter"), "7", "SETUP-1 the library's parameters go along");
        is_str(value_of(&setup, "OMPI_MCA_other_parameter"), NULL, "SETUP-1 others' do not");
        is_str(value_of(&setup, "PMIX_OTHERWISE"), NULL, "SETUP-1 nor do other variables");
    }
    if (prepare(&setup, PMIX_PERSONALITY, "ompi", "a job of Open MPI")) {
        is_str(value_of(&setup, "OMPI_MCA_other_parameter"), "eight", "SETUP-2 its parameters go along");
        is_str(value_of(&setup, "OMPI_MCA_btl"), "self,tcp", "SETUP-2 and those of the user's file");
        is_str(value_of(&setup, "OPAL_USER_PARAMS_GIVEN"), "1", "SETUP-2 with the mark that it has been read");
        is_str(value_of(&setup, "PMIX_MCA_some_parameter"), "7", "SETUP-2 the library's still do");
        is_str(value_of(&setup, "SHMEM_THING"), NULL, "SETUP-2 others' do not");
    }
    if (prepare(&setup, PMIX_PROGRAMMING_MODEL, "x,ompi5", "a job of Open MPI among others"))
        is_str(value_of(&setup, "OMPI_MCA_other_parameter"), "eight", "SETUP-2 the model may be told by either key");
    if (prepare(&setup, PMIX_PERSONALITY, "oshmem", "a job of OpenSHMEM")) {
        is_str(value_of(&setup, "SHMEM_THING"), "nine", "SETUP-2 its parameters go along");
        is_str(value_of(&setup, "OMPI_MCA_other_parameter"), NULL, "SETUP-2 others' do not");
    }
    struct op local = {0, 0};
    pmix_status_t rc = PMIx_server_setup_local_support(job, setup.infos, setup.ninfos, host_op_done, &local);
    ok(rc == PMIX_SUCCESS && host_op_wait(&local, &rc) && rc == PMIX_SUCCESS, "SETUP-3 a node takes it in");
    forget(&setup);
    host_stop();
    snprintf(command, sizeof command, "rm -rf %s", home);
    if (system(command) != 0) diag("%s is left", home);
}

// ---- resources

static void user(void) {
    pmix_proc_t all;
    pmix_value_t *value = NULL;
    client_start();
    PMIX_LOAD_PROCID(&all, me.nspace, PMIX_RANK_WILDCARD);
    bool there = PMIx_Get(&all, "our.resource", NULL, 0, &value) == PMIX_SUCCESS && value->type == PMIX_STRING &&
        strcmp(value->data.string, "of the node") == 0;
    check(there == (atoi(getenv("TEST_THERE")) == 1), "RES-1 the node's resources are among the job's data");
    if (value) PMIX_VALUE_RELEASE(value);
    client_stop();
}

static void run_user(const char *nspace, const char *there) {
    const char *variables[] = {"TEST_THERE", there, NULL};
    host_launch_with(nspace, 0, "user", variables);
    host_report();
}

static void resources(void) {
    struct host_config config = {.local = 2, .unregistered = true};
    pmix_info_t info;
    struct op done = {0, 0}, again = {0, 0};
    pmix_status_t rc = PMIX_ERROR;
    PMIX_INFO_LOAD(&info, "our.resource", "of the node", PMIX_STRING);
    if (!ok(host_start(&config), "the host starts")) return;
    is_int(PMIx_server_register_resources(NULL, 0, NULL, NULL), PMIX_OPERATION_SUCCEEDED, "RES-1 none, without waiting");
    rc = PMIx_server_register_resources(&info, 1, host_op_done, &done);
    ok(rc == PMIX_SUCCESS && host_op_wait(&done, &rc) && rc == PMIX_SUCCESS, "RES-1 resources are registered");
    is_int(host_register_job("testns", 2, 0), PMIX_SUCCESS, "RES-1 a job comes after them");
    run_user("testns", "1");
    rc = PMIx_server_deregister_resources(&info, 1, host_op_done, &again);
    ok(rc == PMIX_SUCCESS && host_op_wait(&again, &rc) && rc == PMIX_SUCCESS, "RES-2 resources are deregistered");
    is_int(host_register_job("otherns", 2, 0), PMIX_SUCCESS, "RES-2 a job comes after that");
    is_int(host_register_clients("otherns", 2, 0), PMIX_SUCCESS, "RES-2 with its ranks");
    run_user("otherns", "0");
    is_int(PMIx_server_deregister_resources(&info, 1, NULL, NULL), PMIX_OPERATION_SUCCEEDED,
        "RES-2 what is not there may be deregistered");
    host_stop();
    PMIX_INFO_DESTRUCT(&info);
}

// ---- inventories

struct inventory {
    struct op op;
    pmix_info_t *infos;
    size_t ninfos;
};

static void on_inventory(pmix_status_t status, pmix_info_t *infos, size_t n, void *cbdata, pmix_release_cbfunc_t release,
    void *release_cbdata) {
    struct inventory *inventory = cbdata;
    inventory->ninfos = n;
    PMIX_INFO_CREATE(inventory->infos, n ? n : 1);
    for (size_t i = 0; i < n; i++) PMIx_Info_xfer(&inventory->infos[i], &infos[i]);
    if (release) release(release_cbdata);
    host_op_done(status, &inventory->op);
}

#ifndef MUSTER_ORIGINAL  // whose inventory has nothing in it
static pmix_info_t *in_array(pmix_info_t *array, const char *key) {
    if (array == NULL || array->value.type != PMIX_DATA_ARRAY || array->value.data.darray->type != PMIX_INFO) return NULL;
    pmix_info_t *infos = array->value.data.darray->array;
    for (size_t i = 0; i < array->value.data.darray->size; i++) {
        if (PMIX_CHECK_KEY(&infos[i], key)) return &infos[i];
    }
    return NULL;
}

static bool is_text(const pmix_info_t *info, const char *begin) {
    return info && info->value.type == PMIX_STRING && strncmp(info->value.data.string, begin, strlen(begin)) == 0;
}

// On the machine of the test, which two network devices are described for.
static void check_inventory(const struct inventory *inventory) {
    pmix_info_t *node = inventory->ninfos ? inventory->infos : NULL;
    ok(inventory->ninfos == 1 && PMIX_CHECK_KEY(node, PMIX_NODE_INFO_ARRAY), "INV-1 it is the information of a node");
    ok(is_text(in_array(node, PMIX_HOSTNAME), "node-here"), "INV-1 its name");
    ok(is_text(in_array(node, PMIX_HWLOC_XML_V2), "<?xml"), "INV-1 its machine in hwloc's words");
    pmix_info_t *memory = in_array(node, PMIX_AVAIL_PHYS_MEMORY);
    ok(memory && memory->value.type == PMIX_UINT64 && memory->value.data.uint64 == 2147483648, "INV-1 its memory");
    pmix_info_t *devices = in_array(node, PMIX_FABRIC_DEVICES), *device = in_array(devices, PMIX_FABRIC_DEVICE);
    is_int(devices ? (long long) devices->value.data.darray->size : 0, 3, "INV-1 its network devices");
    ok(is_text(in_array(device, PMIX_FABRIC_DEVICE_NAME), "eth0"), "INV-1 a device's name");
    ok(is_text(in_array(device, PMIX_FABRIC_DEVICE_TYPE), "Ethernet"), "INV-1 a device's type");
    ok(is_text(in_array(device, PMIX_FABRIC_DEVICE_ADDRESS), "02:00:00:00:00:01"), "INV-1 a device's address");
    ok(is_text(in_array(device, PMIX_FABRIC_DEVICE_PCI_DEVID), "0000:01:00:00"), "INV-1 a device's place on the bus");
}

// What the server is asked about a node; NULL when it does not know.
static const char *asked(const char *node, const char *key) {
    static char text[64];
    pmix_query_t query;
    pmix_info_t *found = NULL;
    size_t n = 0;
    pmix_status_t rc = PMIX_SUCCESS;
    PMIX_QUERY_CONSTRUCT(&query);
    PMIX_ARGV_APPEND(rc, query.keys, key);
    PMIX_QUERY_QUALIFIERS_CREATE(&query, 1);
    PMIX_INFO_LOAD(&query.qualifiers[0], PMIX_HOSTNAME, node, PMIX_STRING);
    rc = PMIx_Query_info(&query, 1, &found, &n);
    bool good = rc == PMIX_SUCCESS && n == 1 && found[0].value.type == PMIX_STRING;
    if (good) snprintf(text, sizeof text, "%s", found[0].value.data.string);
    if (found) PMIX_INFO_FREE(found, n);
    PMIX_QUERY_DESTRUCT(&query);
    return good ? text : NULL;
}

static void deliver_of_node(void) {
    pmix_info_t node, *inside;
    struct op delivered = {0, 0};
    pmix_status_t rc;
    PMIX_INFO_CONSTRUCT(&node);
    PMIX_LOAD_KEY(node.key, PMIX_NODE_INFO_ARRAY);
    node.value.type = PMIX_DATA_ARRAY;
    PMIX_DATA_ARRAY_CREATE(node.value.data.darray, 2, PMIX_INFO);
    inside = node.value.data.darray->array;
    PMIX_INFO_LOAD(&inside[0], PMIX_HOSTNAME, "node-there", PMIX_STRING);
    PMIX_INFO_LOAD(&inside[1], PMIX_HWLOC_XML_V2, "<xml of the node there>", PMIX_STRING);
    rc = PMIx_server_deliver_inventory(&node, 1, NULL, 0, host_op_done, &delivered);
    ok(rc == PMIX_SUCCESS && host_op_wait(&delivered, &rc) && rc == PMIX_SUCCESS, "INV-2 what a node has is delivered");
    PMIX_INFO_DESTRUCT(&node);
    is_str(asked("node-there", PMIX_HWLOC_XML_V2), "<xml of the node there>", "INV-2 who asks about the node is told");
    is_str(asked("node-elsewhere", PMIX_HWLOC_XML_V2), NULL, "INV-2 of another one there is nothing");
}
#endif

static void inventories(void) {
    struct host_config config = {.local = 1};
    struct inventory collected = {{0, 0}, NULL, 0};
    struct op delivered = {0, 0};
    pmix_info_t info;
    pmix_status_t rc;
    PMIX_INFO_LOAD(&info, "some.inventory", "of a node", PMIX_STRING);
    if (!ok(host_start(&config), "the host starts")) return;
    rc = PMIx_server_collect_inventory(NULL, 0, on_inventory, &collected);
    ok(rc == PMIX_SUCCESS && host_op_wait(&collected.op, &rc) && rc == PMIX_SUCCESS, "INV-1 the inventory is collected");
    rc = PMIx_server_deliver_inventory(&info, 1, NULL, 0, host_op_done, &delivered);
    ok(rc == PMIX_SUCCESS && host_op_wait(&delivered, &rc) && rc == PMIX_SUCCESS, "INV-2 another one is taken in");
    is_int(PMIx_server_deliver_inventory(&info, 1, NULL, 0, NULL, NULL), PMIX_OPERATION_SUCCEEDED,
        "INV-2 also without a callback");
#ifndef MUSTER_ORIGINAL
    deliver_of_node();
#endif
    PMIX_INFO_DESTRUCT(&info);
    if (collected.infos) PMIX_INFO_FREE(collected.infos, collected.ninfos ? collected.ninfos : 1);
    host_stop();
}

#ifndef MUSTER_ORIGINAL
static void described(void) {
    struct inventory collected = {{0, 0}, NULL, 0};
    pmix_info_t name;
    struct host_config config = {.local = 1, .infos = &name, .ninfos = 1};
    pmix_status_t rc;
    char path[512] = __FILE__;
    strcpy(strrchr(path, '/'), "/vectors/devices.xml");
    setenv("HWLOC_XMLFILE", path, 1);
    PMIX_INFO_LOAD(&name, PMIX_HOSTNAME, "node-here", PMIX_STRING);
    if (!ok(host_start(&config), "the host starts")) return;
    rc = PMIx_server_collect_inventory(NULL, 0, on_inventory, &collected);
    ok(rc == PMIX_SUCCESS && host_op_wait(&collected.op, &rc) && rc == PMIX_SUCCESS, "INV-1 the inventory is collected");
    check_inventory(&collected);
    rc = PMIx_server_deliver_inventory(collected.infos, collected.ninfos, NULL, 0, NULL, NULL);
    is_int(rc, PMIX_OPERATION_SUCCEEDED, "INV-2 it is delivered as it was collected");
    const char *text = asked("node-here", PMIX_HWLOC_XML_V2);
    ok(text && strncmp(text, "<?xml", 5) == 0, "INV-2 and what it says can be asked for");
    PMIX_INFO_DESTRUCT(&name);
    if (collected.infos) PMIX_INFO_FREE(collected.infos, collected.ninfos ? collected.ninfos : 1);
    host_stop();
}
#endif

#ifndef MUSTER_ORIGINAL
// ---- job data for other servers

static void job_data(void) {
    struct host_config config = {.local = 2, .remote = 1};
    pmix_proc_t procs[3];
    pmix_data_buffer_t buffer = {NULL, NULL, NULL, 0, 0};
    for (uint32_t i = 0; i < 3; i++) PMIX_LOAD_PROCID(&procs[i], "testns", i);
    if (!ok(host_start(&config), "the host starts")) return;
    is_int(PMIx_server_collect_job_info(procs, 3, &buffer), PMIX_SUCCESS, "INV-3 the data of a job for another server");
    ok(buffer.base_ptr && buffer.bytes_used > 100, "INV-3 is as long as it must be");
    ok(buffer.base_ptr && memmem(buffer.base_ptr, buffer.bytes_used, "testns", 7), "INV-3 tells whose they are");
    const char *first = memmem(buffer.base_ptr, buffer.bytes_used, PMIX_JOB_SIZE, sizeof PMIX_JOB_SIZE);
    ok(first != NULL, "INV-3 has the job's keys");
    ok(first && !memmem(first + 1, buffer.base_ptr + buffer.bytes_used - first - 1, PMIX_JOB_SIZE, sizeof PMIX_JOB_SIZE),
        "INV-3 once for a job, however many of its processes are named");
    PMIX_DATA_BUFFER_DESTRUCT(&buffer);
    PMIX_LOAD_PROCID(&procs[1], "nobody", 0);
    is_int(PMIx_server_collect_job_info(procs, 2, &buffer), PMIX_ERR_NOT_FOUND, "INV-3 of an unknown job: NOT_FOUND");
    is_int(PMIx_server_collect_job_info(NULL, 1, &buffer), PMIX_ERR_BAD_PARAM, "INV-3 of NULL: BAD_PARAM");
    is_int(PMIx_server_collect_job_info(procs, 1, NULL), PMIX_ERR_BAD_PARAM, "INV-3 into NULL: BAD_PARAM");
    is_int(PMIx_server_collect_job_info(procs, 0, &buffer), PMIX_ERR_BAD_PARAM, "INV-3 of none: BAD_PARAM");
    host_stop();
}
#endif

int main(int argc, char **argv) {
    static const struct role roles[] = {{"user", user}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("the environment of a job", environment);
    scenario("resources", resources);
    scenario("inventories", inventories);
#ifndef MUSTER_ORIGINAL
    scenario("the inventory of a machine", described);
    scenario("job data for other servers", job_data);
#endif
    return done_testing();
}
