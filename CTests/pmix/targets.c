// Buffers for somebody: a rank packs for itself, for its server and for a job nobody knows; the server for its ranks.
// They exchange the bytes through files of the host's folder.
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"

static void save(const char *name, const pmix_data_buffer_t *buffer) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", getenv("TEST_FILES"), name);
    FILE *file = fopen(path, "w");
    if (file == NULL || fwrite(buffer->base_ptr, 1, buffer->bytes_used, file) != buffer->bytes_used) exit(1);
    fclose(file);
}

static pmix_data_buffer_t load(const char *name) {
    char path[512], *bytes = malloc(4096);
    pmix_data_buffer_t buffer;
    PMIX_DATA_BUFFER_CONSTRUCT(&buffer);
    snprintf(path, sizeof path, "%s/%s", getenv("TEST_FILES"), name);
    FILE *file = fopen(path, "r");
    size_t size = file == NULL ? 0 : fread(bytes, 1, 4096, file);
    if (file != NULL) fclose(file);
    PMIX_DATA_BUFFER_LOAD(&buffer, bytes, size);
    return buffer;
}

static pmix_status_t pack(const pmix_proc_t *target, pmix_data_buffer_t *buffer, uint32_t number) {
    char *word = "word";
    PMIX_DATA_BUFFER_CONSTRUCT(buffer);
    pmix_status_t status = PMIx_Data_pack(target, buffer, &number, 1, PMIX_UINT32);
    return status != PMIX_SUCCESS ? status : PMIx_Data_pack(target, buffer, &word, 1, PMIX_STRING);
}

static bool unpacks(const pmix_proc_t *source, pmix_data_buffer_t *buffer, uint32_t number) {
    uint32_t found = 0;
    char *word = NULL;
    int32_t one = 1;
    bool good = PMIx_Data_unpack(source, buffer, &found, &one, PMIX_UINT32) == PMIX_SUCCESS && found == number;
    one = 1;
    good = good && PMIx_Data_unpack(source, buffer, &word, &one, PMIX_STRING) == PMIX_SUCCESS
        && strcmp(word, "word") == 0;
    free(word);
    PMIX_DATA_BUFFER_DESTRUCT(buffer);
    return good;
}

static void packer(void) {
    pmix_data_buffer_t buffer;
    pmix_proc_t target;
    client_start();
    target = me;
    check_int(pack(&target, &buffer, 1), PMIX_SUCCESS, "a rank packs for itself");
    check(unpacks(&target, &buffer, 1), "... and reads it");
    target.rank = 1;
    check_int(pack(&target, &buffer, 2), PMIX_SUCCESS, "a rank packs for its neighbour");
    save("for-neighbour", &buffer);
    check(unpacks(NULL, &buffer, 2), "... as for itself");
    PMIX_LOAD_PROCID(&target, getenv("TEST_SERVER"), 0);
    check_int(pack(&target, &buffer, 3), PMIX_SUCCESS, "a rank packs for its server");
    save("for-server", &buffer);
    PMIX_DATA_BUFFER_DESTRUCT(&buffer);
    PMIX_LOAD_PROCID(&target, "nobody.knows", 0);
    check_int(pack(&target, &buffer, 4), PMIX_ERR_NOT_FOUND, "a rank cannot pack for a job nobody knows");
    check(buffer.base_ptr == NULL, "... and does not");
    client_say("packed");
    client_hear("read");
    buffer = load("from-server");
    PMIX_LOAD_PROCID(&target, getenv("TEST_SERVER"), 0);
    check(unpacks(&target, &buffer, 5), "a rank reads what its server has packed");
    client_stop();
}

static void reader(void) {
    pmix_data_buffer_t buffer;
    pmix_proc_t source;
    client_start();
    source = me;
    source.rank = 0;
    client_hear("read");
    buffer = load("for-neighbour");
    check(unpacks(&source, &buffer, 2), "a rank reads what its neighbour has packed");
    client_stop();
}

static void exchange(const char *kind) {
    struct host_config config = {.local = 2};
    const char *variables[] = {"TEST_FILES", NULL, "TEST_SERVER", "pmix-server", NULL};
    pmix_data_buffer_t buffer;
    pmix_proc_t proc;
    setenv("PMIX_MCA_bfrops_base_default_type", kind, 1);
    if (!ok(host_start(&config), "the host starts")) return;
    variables[1] = host_directory();
    setenv("TEST_FILES", host_directory(), 1);
    int first = host_launch_with("testns", 0, "packer", variables);
    int second = host_launch_with("testns", 1, "reader", variables);
    if (!ok(host_hear(first, "packed"), "a rank has packed")) return;
    PMIX_LOAD_PROCID(&proc, "testns", 0);
    buffer = load("for-server");
    ok(unpacks(&proc, &buffer, 3), "the server reads what a rank has packed for it");
    is_int(pack(&proc, &buffer, 5), PMIX_SUCCESS, "the server packs for a rank");
    save("from-server", &buffer);
    PMIX_DATA_BUFFER_DESTRUCT(&buffer);
    PMIX_LOAD_PROCID(&proc, "nobody.knows", 0);
    is_int(pack(&proc, &buffer, 6), PMIX_ERR_NOT_FOUND, "the server cannot pack for a job nobody knows");
    host_tell(first, "read");
    host_tell(second, "read");
    host_wait_all();
    host_report();
    for (int i = 0; i < 3; i++) {
        static const char *const names[] = {"for-neighbour", "for-server", "from-server"};
        char path[512];
        snprintf(path, sizeof path, "%s/%s", host_directory(), names[i]);
        unlink(path);
    }
    host_stop();
}

static void plain(void) { exchange("1"); }
static void described(void) { exchange("2"); }

int main(int argc, char **argv) {
    static const struct role roles[] = {{"packer", packer}, {"reader", reader}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("plain buffers", plain);
    scenario("described buffers", described);
    return done_testing();
}
