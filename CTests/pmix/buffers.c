// PMIx_Data_pack and its like, with two objects of every data type, in plain and in described buffers. As a test: what
// was packed is unpacked, whole, in parts, past the end, as another type. With --dump: bytes, statuses and texts, for
// compare.sh. --write and --read: one library's buffers for the other, see exchange.sh.
// libraries: -lhwloc
#include "tap.h"

#include <pmix.h>
#include <pmix_server.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "samples.h"

static bool is_described;

static pmix_data_buffer_t packed(pmix_data_type_t type, int32_t count) {
    pmix_data_buffer_t buffer;
    PMIX_DATA_BUFFER_CONSTRUCT(&buffer);
    samples_of(type);
    if (PMIx_Data_pack(NULL, &buffer, &sample, count, type) != PMIX_SUCCESS) PMIX_DATA_BUFFER_DESTRUCT(&buffer);
    return buffer;
}

// Room for six objects of any type, filled with what no object may keep.
static void *room(void) {
    static char *place;
    if (place == NULL) place = malloc(8192 * 3);
    memset(place, 0x5a, 8192 * 3);
    return place;
}

// What was unpacked to `place`, packed again: the same bytes, when nothing was lost on the way.
static pmix_data_buffer_t again(void *place, int32_t count, pmix_data_type_t type) {
    pmix_data_buffer_t buffer;
    PMIX_DATA_BUFFER_CONSTRUCT(&buffer);
    PMIx_Data_pack(NULL, &buffer, place, count, type);
    return buffer;
}

static void check_machine(const pmix_topology_t *topology) {
    is_int(hwloc_get_nbobjs_by_type(topology->topology, HWLOC_OBJ_CORE), 6, "... with its cores");
    const struct hwloc_topology_support *support = hwloc_topology_get_support(topology->topology);
    ok(support->cpubind->set_thisproc_cpubind == 1 && support->membind->bind_membind == 1
           && support->cpubind->set_thread_cpubind == 0, "... and what can be done with it");
}

// What `count` objects at `place` point to, which is left alone; what was not unpacked points to nothing.
static void drop(void *place, int32_t count, pmix_data_type_t type) {
    size_t size = samples_of(type);
    if (type == PMIX_REGEX) {
        for (int32_t i = 0; i < count; i++) free(((char **) place)[i]);
        return;
    }
    if (count <= 0 || type == PMIX_POINTER) return;
    pmix_data_array_t array = {type, (size_t) count, malloc(size * (size_t) count)};
    memcpy(array.array, place, size * (size_t) count);
    PMIX_DATA_ARRAY_DESTRUCT(&array);
}

static bool same_bytes(const pmix_data_buffer_t *a, const pmix_data_buffer_t *b) {
    return a->bytes_used == b->bytes_used && a->bytes_used > 0 && memcmp(a->base_ptr, b->base_ptr, a->bytes_used) == 0;
}

#include "buffers-dump.h"
#include "buffers-checks.h"

// ---- one library's buffers for the other

// Sets of processors it does not pack, samples of processes and the types of attributes it does not read as it writes
// them.
static bool is_broken_in_original(pmix_data_type_t type) {
    return type == PMIX_PROC_CPUSET || type == PMIX_PROC_STATS || type == PMIX_DATA_TYPE || type == PMIX_REGATTR;
}

static void write_all(const char *path) {
    FILE *file = fopen(path, "w");
    if (file == NULL) exit(1);
    for (pmix_data_type_t type = 1; type <= LAST_TYPE; type++) {
        if (samples_of(type) == 0 || is_broken_in_original(type)) continue;
        pmix_data_buffer_t buffer = packed(type, 2);
        fwrite(&type, sizeof type, 1, file);
        fwrite(&buffer.bytes_used, sizeof buffer.bytes_used, 1, file);
        fwrite(buffer.base_ptr, 1, buffer.bytes_used, file);
    }
    fclose(file);
}

static void read_all(const char *path) {
    FILE *file = fopen(path, "r");
    if (file == NULL) bail("the file is there");
    pmix_data_type_t type;
    size_t size;
    while (fread(&type, sizeof type, 1, file) == 1 && fread(&size, sizeof size, 1, file) == 1) {
        pmix_data_buffer_t buffer, whole;
        PMIX_DATA_BUFFER_CONSTRUCT(&buffer);
        char *bytes = malloc(size);
        if (fread(bytes, 1, size, file) != size) bail("the file is whole");
        PMIX_DATA_BUFFER_LOAD(&buffer, bytes, size);
        int32_t count = 2;
        void *place = room();
        pmix_status_t status = PMIx_Data_unpack(NULL, &buffer, place, &count, type);
        if (!is_int(status, PMIX_SUCCESS, "type %u is unpacked", type)) continue;
        is_int(count, 2, "... both of it");
        is_int(buffer.unpack_ptr - buffer.base_ptr, size, "... to the last byte");
        if (type == PMIX_TOPO) {
            check_machine(place);
        } else if (type != PMIX_POINTER) {
            whole = again(place, count, type);
            ok(same_bytes(&whole, &buffer), "... and says the same when it is packed again");
        }
    }
    fclose(file);
}

// Runs this program once more, with buffers of the other kind. Its checks become ours, the rest is passed on.
static void run_described(const char *program, const char *mode) {
    char line[1 << 16], command[4096];
    snprintf(command, sizeof command, "TEST_DESCRIBED=1 PMIX_MCA_bfrops_base_default_type=2 %s %s", program, mode);
    FILE *output = popen(command, "r");
    if (output == NULL) bail("the program runs once more");
    while (fgets(line, sizeof line, output) != NULL) {
        const char *text = strstr(line, " - ");
        line[strcspn(line, "\n")] = '\0';
        if (strcmp(mode, "--dump") == 0) puts(line);
        else if (text != NULL && (strncmp(line, "ok ", 3) == 0 || strncmp(line, "not ok ", 7) == 0))
            ok(line[0] == 'o', "described%s", text);
    }
    int status = pclose(output);
    if (strcmp(mode, "--dump") != 0) is_int(status, 0, "the same with described buffers");
}

int main(int argc, char **argv) {
    const char *mode = argc > 1 ? argv[1] : "";
    is_described = getenv("TEST_DESCRIBED") != NULL;
    setenv("TZ", "UTC", 1);
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (strcmp(mode, "") == 0) check_before_init();
    samples_prepare();
    int result = 0;
    if (strcmp(mode, "--dump") == 0) {
        dump();
        if (!is_described) run_described(argv[0], mode);
        return 0;
    }
    if (PMIx_server_init(NULL, NULL, 0) != PMIX_SUCCESS) bail("a server without directives");
    if (strcmp(mode, "--write") == 0 && argc > 2) {
        write_all(argv[2]);
    } else if (strcmp(mode, "--read") == 0 && argc > 2) {
        read_all(argv[2]);
        result = done_testing();
    } else {
        check_all();
        if (!is_described) run_described(argv[0], "--described");
        result = done_testing();
    }
    PMIx_server_finalize();
    return result;
}
