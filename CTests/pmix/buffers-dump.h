// The dump of buffers.c: each question in a process and a server of its own, as the original crashes in some.
#ifndef MUSTER_TEST_BUFFERS_DUMP_H
#define MUSTER_TEST_BUFFERS_DUMP_H

#include <ctype.h>
#include <stddef.h>

typedef void (*question)(pmix_data_type_t type, FILE *answer);

static void print_bytes(FILE *file, const char *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) fprintf(file, "%02x", (unsigned char) bytes[i]);
}

static void print_text(FILE *file, const char *text) {
    for (; *text != '\0'; text++) {
        if (strncmp(text, "ProcessName=", 12) == 0) text += strcspn(text, "\n");
        if (isprint((unsigned char) *text)) fputc(*text, file);
        else fprintf(file, "\\%02x", (unsigned char) *text);
    }
}

// hwloc notes in the description which program has made it: the bytes differ between any two programs.
static void print_packed(FILE *file, pmix_data_type_t type, const pmix_data_buffer_t *buffer) {
    if (type == PMIX_TOPO) fprintf(file, "%s", buffer->bytes_used > 1000 ? "a description" : "none");
    else print_bytes(file, buffer->base_ptr, buffer->bytes_used);
}

static void ask_pack(pmix_data_type_t type, FILE *answer) {
    pmix_data_buffer_t buffer;
    PMIX_DATA_BUFFER_CONSTRUCT(&buffer);
    samples_of(type);
    pmix_status_t status = PMIx_Data_pack(NULL, &buffer, &sample, 2, type);
    fprintf(answer, "%d ", status);
    if (status == PMIX_SUCCESS) print_packed(answer, type, &buffer);
}

static void ask_pack_none(pmix_data_type_t type, FILE *answer) {
    pmix_data_buffer_t buffer;
    PMIX_DATA_BUFFER_CONSTRUCT(&buffer);
    pmix_status_t status = PMIx_Data_pack(NULL, &buffer, &sample, 0, type);
    fprintf(answer, "%d ", status);
    if (status == PMIX_SUCCESS) print_bytes(answer, buffer.base_ptr, buffer.bytes_used);
}

static void unpack_with(pmix_data_type_t type, int32_t count, size_t cut, FILE *answer) {
    pmix_data_buffer_t buffer = packed(type, 2), whole;
    void *place = room();
    if (buffer.bytes_used < cut) cut = buffer.bytes_used;
    buffer.bytes_used -= cut;
    buffer.pack_ptr -= cut;
    pmix_status_t status = PMIx_Data_unpack(NULL, &buffer, place, &count, type);
    fprintf(answer, "%d, %d objects", status, count);
    if (cut > 0) return;
    bool is_all = buffer.unpack_ptr - buffer.base_ptr == (ptrdiff_t) buffer.bytes_used;
    fprintf(answer, ", %s of the bytes ", is_all ? "all" : "some");
    if ((status != PMIX_SUCCESS && status != PMIX_ERR_UNPACK_INADEQUATE_SPACE) || type == PMIX_POINTER) return;
    whole = again(place, count, type);
    print_packed(answer, type, &whole);
}

static void ask_unpack(pmix_data_type_t type, FILE *answer) { unpack_with(type, 2, 0, answer); }
static void ask_unpack_one(pmix_data_type_t type, FILE *answer) { unpack_with(type, 1, 0, answer); }
static void ask_unpack_more(pmix_data_type_t type, FILE *answer) { unpack_with(type, 3, 0, answer); }
static void ask_unpack_none(pmix_data_type_t type, FILE *answer) { unpack_with(type, 0, 0, answer); }
static void ask_unpack_cut(pmix_data_type_t type, FILE *answer) { unpack_with(type, 2, 1, answer); }
static void ask_unpack_empty(pmix_data_type_t type, FILE *answer) { unpack_with(type, 2, 1 << 20, answer); }

static void ask_unpack_other(pmix_data_type_t type, FILE *answer) {
    pmix_data_buffer_t buffer = packed(type, 2);
    int32_t count = 2;
    fprintf(answer, "%d", PMIx_Data_unpack(NULL, &buffer, room(), &count, type == PMIX_BYTE ? PMIX_INT8 : PMIX_BYTE));
    fprintf(answer, ", %d objects, %zd bytes read", count, buffer.unpack_ptr - buffer.base_ptr);
}

static void *first_of(pmix_data_type_t type) {
    samples_of(type);
    return type == PMIX_STRING || type == PMIX_REGEX ? (void *) sample.strings[0] : (void *) &sample;
}

static void ask_copy(pmix_data_type_t type, FILE *answer) {
    void *copy = NULL;
    pmix_status_t status = PMIx_Data_copy(&copy, first_of(type), type);
    fprintf(answer, "%d ", status);
    if (status != PMIX_SUCCESS || type == PMIX_POINTER) return;
    pmix_data_buffer_t whole = again(type == PMIX_STRING || type == PMIX_REGEX ? &copy : copy, 1, type);
    print_packed(answer, type, &whole);
}

static void print_with(pmix_data_type_t type, char *prefix, FILE *answer) {
    char *text = NULL;
    fprintf(answer, "%d ", PMIx_Data_print(&text, prefix, first_of(type), type));
    // Of a pointer, its own address is printed.
    if (text != NULL) print_text(answer, type == PMIX_POINTER ? "an address" : text);
}

static void ask_print(pmix_data_type_t type, FILE *answer) { print_with(type, NULL, answer); }
static void ask_print_prefixed(pmix_data_type_t type, FILE *answer) { print_with(type, "> ", answer); }

static void ask(const char *words, question make, pmix_data_type_t type) {
    char answer[1 << 16];
    int ends[2], status;
    size_t length = 0;
    ssize_t more;
    if (pipe(ends) != 0) exit(1);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        alarm(5);
        close(ends[0]);
        if (!freopen("/dev/null", "w", stderr)) _exit(1);
        FILE *file = fdopen(ends[1], "w");
        if (PMIx_server_init(NULL, NULL, 0) != PMIX_SUCCESS) _exit(1);
        make(type, file);
        _exit(fclose(file));
    }
    close(ends[1]);
    while ((more = read(ends[0], answer + length, sizeof answer - 1 - length)) > 0) length += (size_t) more;
    close(ends[0]);
    waitpid(child, &status, 0);
    answer[length] = '\0';
    const char *kind = is_described ? "described" : "plain";
    if (status != 0) printf("%s: %s type %u crashes\n", kind, words, type);
    else printf("%s: %s type %u = %s\n", kind, words, type, answer);
}

static void dump(void) {
    for (pmix_data_type_t type = 1; type <= LAST_TYPE; type++) {
        if (samples_of(type) == 0) continue;
        ask("pack", ask_pack, type);
        ask("pack none of", ask_pack_none, type);
        ask("unpack", ask_unpack, type);
        ask("unpack one of two of", ask_unpack_one, type);
        ask("unpack up to three of", ask_unpack_more, type);
        ask("unpack into nothing", ask_unpack_none, type);
        ask("unpack a cut", ask_unpack_cut, type);
        ask("unpack an empty buffer as", ask_unpack_empty, type);
        if (is_described) ask("unpack as another type", ask_unpack_other, type);
        if (is_described) continue;
        ask("copy", ask_copy, type);
        ask("print", ask_print, type);
        ask("print with a prefix", ask_print_prefixed, type);
    }
}

#endif
