// PMIx_Value_*, PMIx_Info_*, PMIx_Data_load/unload and the info lists, for every data type. As a test: loaded values
// are copies, transferred values are independent, lists convert. With --dump: all the statuses, for compare.sh.
#include "tap.h"

#include <pmix.h>
#include <pmix_server.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define LAST_TYPE 69  // the last one 4.2.2 knows

static union {
    unsigned char bytes[4096];
    uint64_t number;
    double real;
    struct timeval time;
} sample;

static pmix_info_t sample_infos[2];
static pmix_proc_t sample_proc;
static pmix_data_array_t sample_array;
static uint32_t sample_numbers[3] = {7, 8, 9};

static void load_structure(pmix_data_type_t type) {
    memset(&sample, 0, sizeof sample);
    if (type == PMIX_PROC) memcpy(sample.bytes, &sample_proc, sizeof sample_proc);
    if (type == PMIX_PROC_NSPACE) strcpy((char *) sample.bytes, "some.nspace");
    if (type == PMIX_DATA_ARRAY) memcpy(sample.bytes, &sample_array, sizeof sample_array);
    if (type == PMIX_PROC_INFO) {
        pmix_proc_info_t info = {.proc = sample_proc, .hostname = "host", .executable_name = "exe", .pid = 12};
        memcpy(sample.bytes, &info, sizeof info);
    }
    if (type == PMIX_COORD) {
        pmix_coord_t coord = {.view = 1, .coord = sample_numbers, .dims = 3};
        memcpy(sample.bytes, &coord, sizeof coord);
    }
    if (type == PMIX_DEVICE_DIST) {
        pmix_device_distance_t distance = {.uuid = "uuid", .osname = "eth0", .type = 4, .mindist = 1, .maxdist = 2};
        memcpy(sample.bytes, &distance, sizeof distance);
    }
    if (type == PMIX_ENDPOINT) {
        pmix_endpoint_t endpoint = {.uuid = "uuid", .osname = "eth0", .endpt = {.bytes = "abc", .size = 3}};
        memcpy(sample.bytes, &endpoint, sizeof endpoint);
    }
}

// Data to load a value of this type from.
static const void *sample_of(pmix_data_type_t type) {
    static pmix_byte_object_t object = {.bytes = "12345", .size = 5};
    static pmix_envar_t envar = {.envar = "NAME", .value = "value", .separator = ':'};
    switch (type) {
    case PMIX_STRING: return "some text";
    case PMIX_BYTE_OBJECT:
    case PMIX_COMPRESSED_BYTE_OBJECT:
    case PMIX_REGEX: return &object;
    case PMIX_ENVAR: return &envar;
    case PMIX_DOUBLE: sample.real = 2.5; return &sample;
    case PMIX_FLOAT: memcpy(sample.bytes, &(float){2.5F}, sizeof(float)); return &sample;
    case PMIX_TIMEVAL: sample.time = (struct timeval){3, 4}; return &sample;
    case PMIX_BOOL: sample.number = 1; return &sample;
    case PMIX_PROC:
    case PMIX_PROC_NSPACE:
    case PMIX_DATA_ARRAY:
    case PMIX_PROC_INFO:
    case PMIX_COORD:
    case PMIX_DEVICE_DIST:
    case PMIX_ENDPOINT: load_structure(type); return &sample;
    default:  // structures made of pointers are empty
        memset(&sample, 0, sizeof sample);
        bool points = type == PMIX_REGATTR || type == PMIX_PROC_CPUSET || type == PMIX_TOPO || type == PMIX_GEOMETRY
            || (type >= PMIX_PROC_STATS && type <= PMIX_DATA_BUFFER);
        sample.number = points ? 0 : 0x21;
        return &sample;
    }
}

static void prepare(void) {
    PMIX_LOAD_PROCID(&sample_proc, "some.nspace", 3);
    PMIX_INFO_LOAD(&sample_infos[0], "first", "one", PMIX_STRING);
    PMIX_INFO_LOAD(&sample_infos[1], "second", sample_numbers, PMIX_UINT32);
    sample_array = (pmix_data_array_t){.type = PMIX_INFO, .size = 2, .array = sample_infos};
}

// ---- the dump: each step in a process of its own, as the original crashes in some

static long step_load(pmix_data_type_t type) {
    pmix_value_t value;
    memset(&value, 0, sizeof value);
    pmix_status_t rc = PMIx_Value_load(&value, sample_of(type), type);
    return rc * 1000L - value.type;
}

static long step_null(pmix_data_type_t type) {
    pmix_value_t value;
    memset(&value, 0x5a, sizeof value);
    pmix_status_t rc = PMIx_Value_load(&value, NULL, type);
    bool zero = true;
    for (size_t i = 0; i < sizeof value.data.size; i++) zero = zero && ((unsigned char *) &value.data)[i] == 0;
    return rc * 1000L - value.type - (type == PMIX_BOOL ? 0 : zero ? 0 : 500);
}

static long step_xfer(pmix_data_type_t type) {
    pmix_value_t value, copy;
    memset(&value, 0, sizeof value);
    memset(&copy, 0, sizeof copy);
    if (PMIx_Value_load(&value, sample_of(type), type) != PMIX_SUCCESS) return 1;
    return PMIx_Value_xfer(&copy, &value) * 1000L - copy.type;
}

static long step_unload(pmix_data_type_t type) {
    pmix_value_t value;
    unsigned char storage[4096];
    void *data = storage;  // scalars go where it points, the rest changes the pointer
    size_t size = 0;
    memset(&value, 0, sizeof value);
    if (PMIx_Value_load(&value, sample_of(type), type) != PMIX_SUCCESS) return 1;
    pmix_status_t rc = PMIx_Value_unload(&value, &data, &size);
    return rc * 1000L - (long) size;
}

static long step_destruct(pmix_data_type_t type) {
    pmix_value_t value;
    memset(&value, 0, sizeof value);
    if (PMIx_Value_load(&value, sample_of(type), type) != PMIX_SUCCESS) return 1;
    PMIx_Value_destruct(&value);
    return -value.type;
}

static void dump_step(const char *name, long (*step)(pmix_data_type_t), pmix_data_type_t type) {
    int ends[2], status;
    long result = 0;
    if (pipe(ends) != 0) exit(1);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        alarm(5);
        if (!freopen("/dev/null", "w", stderr)) _exit(1);
        result = step(type);
        _exit(write(ends[1], &result, sizeof result) == sizeof result ? 0 : 1);
    }
    close(ends[1]);
    bool came = read(ends[0], &result, sizeof result) == sizeof result;
    close(ends[0]);
    waitpid(child, &status, 0);
    if (!came || status != 0) printf("%s of type %u crashes\n", name, type);
    else if (result > 0) printf("%s of type %u needs a load\n", name, type);
    else printf("%s of type %u: status %ld, then %ld\n", name, type, result / 1000, -(result % 1000));
}

// Types of the wire, or of nothing: the original lets them be loaded, without any data, and can do nothing with them.
static bool no_value_holds(pmix_data_type_t type) {
    static const pmix_data_type_t types[] = {PMIX_VALUE, PMIX_APP, PMIX_INFO, PMIX_PDATA, PMIX_BUFFER, PMIX_KVAL, 29,
        PMIX_QUERY, 44};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (types[i] == type) return true;
    return false;
}

static void dump(void) {
    for (pmix_data_type_t type = 0; type <= LAST_TYPE; type++) {
        if (no_value_holds(type)) continue;
        dump_step("Value_load", step_load, type);
        dump_step("Value_load of NULL", step_null, type);
        dump_step("Value_xfer", step_xfer, type);
        dump_step("Value_unload", step_unload, type);
        dump_step("Value_destruct", step_destruct, type);
    }
}

#include "values-checks.h"

int main(int argc, char **argv) {
    if (PMIx_server_init(NULL, NULL, 0) != PMIX_SUCCESS) bail("a server without directives");
    prepare();
    if (argc > 1 && strcmp(argv[1], "--dump") == 0) {
        dump();
    } else {
        check_scalars();
        check_strings();
        check_structures();
        check_infos();
        check_lists();
        check_buffers();
    }
    for (int i = 0; i < 2; i++) PMIX_INFO_DESTRUCT(&sample_infos[i]);
    PMIx_server_finalize();
    return argc > 1 ? 0 : done_testing();
}
