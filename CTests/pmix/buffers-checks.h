// The checks of buffers.c.
#ifndef MUSTER_TEST_BUFFERS_CHECKS_H
#define MUSTER_TEST_BUFFERS_CHECKS_H

static bool has_bytes(const pmix_data_buffer_t *buffer, const void *bytes, size_t count) {
    return buffer->bytes_used == count && memcmp(buffer->base_ptr, bytes, count) == 0;
}

// Types whose objects travel: an address does not.
static void check_type(pmix_data_type_t type) {
    const char *name = PMIx_Data_type_string(type);
    pmix_data_buffer_t buffer = packed(type, 2), copy;
    if (!ok(buffer.bytes_used > 0, "%s is packed", name)) return;
    is_int(buffer.pack_ptr - buffer.base_ptr, buffer.bytes_used, "... and counted");
    int32_t count = 3;
    void *place = room();
    is_int(PMIx_Data_unpack(NULL, &buffer, place, &count, type), PMIX_SUCCESS, "%s is unpacked", name);
    is_int(count, 2, "... both of it");
    is_int(buffer.unpack_ptr - buffer.base_ptr, buffer.bytes_used, "... to the last byte");
    if (type != PMIX_POINTER && type != PMIX_TOPO) {
        copy = again(place, 2, type);
        ok(same_bytes(&copy, &buffer), "... and is the same again");
        PMIX_DATA_BUFFER_DESTRUCT(&copy);
    }
    if (type == PMIX_TOPO) check_machine(place);
    drop(place, 2, type);
    count = 2;
    is_int(PMIx_Data_unpack(NULL, &buffer, place, &count, type), PMIX_ERR_UNPACK_READ_PAST_END_OF_BUFFER,
           "there is no further %s", name);
    is_int(count, 0, "... not one");
    buffer.unpack_ptr = buffer.base_ptr;
    count = 1;
    is_int(PMIx_Data_unpack(NULL, &buffer, room(), &count, type), PMIX_ERR_UNPACK_INADEQUATE_SPACE,
           "two %s do not fit where one does", name);
    is_int(count, 1, "... but the first is there");
    drop(place, 1, type);
    if (is_described) {
        buffer.unpack_ptr = buffer.base_ptr;
        count = 2;
        is_int(PMIx_Data_unpack(NULL, &buffer, room(), &count, type == PMIX_BYTE ? PMIX_INT8 : PMIX_BYTE),
               PMIX_ERR_PACK_MISMATCH, "%s is not unpacked as another type", name);
        is_int(count, 0, "... not one");
    }
    // However much is missing at the end, nothing is read there.
    int past = 0, other = 0, zero = 0;
    for (size_t cut = 1; type != PMIX_TOPO && cut <= buffer.bytes_used; cut++) {
        size_t left = buffer.bytes_used - cut;
        pmix_data_buffer_t part = {buffer.base_ptr, NULL, buffer.base_ptr, left, left};
        count = 2;
        pmix_status_t status = PMIx_Data_unpack(NULL, &part, room(), &count, type);
        past += status == PMIX_ERR_UNPACK_READ_PAST_END_OF_BUFFER;
        other += status == PMIX_SUCCESS;
        zero += count == 0;
    }
    if (type != PMIX_TOPO) {
        is_int(other, 0, "%s cut short is never unpacked", name);
        is_int(zero, buffer.bytes_used, "... not one object of it");
        ok(past > 0, "... and is read past its end");
    }
    PMIX_DATA_BUFFER_DESTRUCT(&buffer);
}

// Bytes that nobody has packed: whatever comes of them, it can be freed, and the buffer says how far it was read.
static void check_mutations(pmix_data_type_t type) {
    static const unsigned char values[] = {0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff};
    pmix_data_buffer_t buffer = packed(type, 2);
    int lost = 0;
    for (size_t at = 0; at < buffer.bytes_used; at++) {
        char before = buffer.base_ptr[at];
        for (size_t i = 0; i < sizeof values; i++) {
            int32_t count = 2;
            buffer.base_ptr[at] = (char) values[i];
            buffer.unpack_ptr = buffer.base_ptr;
            void *place = room();
            pmix_status_t status = PMIx_Data_unpack(NULL, &buffer, place, &count, type);
            // More than there is room for: as many as there is.
            if (status == PMIX_SUCCESS || status == PMIX_ERR_UNPACK_INADEQUATE_SPACE) drop(place, count, type);
            lost += buffer.unpack_ptr < buffer.base_ptr || buffer.unpack_ptr > buffer.base_ptr + buffer.bytes_used
                || count < 0 || count > 2;
        }
        buffer.base_ptr[at] = before;
    }
    is_int(lost, 0, "%s with any byte wrong is read within its bounds", PMIx_Data_type_string(type));
    PMIX_DATA_BUFFER_DESTRUCT(&buffer);
}

static void check_copies(pmix_data_type_t type) {
    const char *name = PMIx_Data_type_string(type);
    void *copy = NULL;
    char *text = NULL;
    bool is_text = type == PMIX_STRING || type == PMIX_REGEX;
    is_int(PMIx_Data_copy(&copy, first_of(type), type), PMIX_SUCCESS, "%s is copied", name);
    if (type != PMIX_POINTER && type != PMIX_TOPO) {
        pmix_data_buffer_t one = packed(type, 1), other = again(is_text ? &copy : copy, 1, type);
        ok(same_bytes(&one, &other), "... as it was");
        ok(is_text || copy != (void *) &sample, "... to another place");
        PMIX_DATA_BUFFER_DESTRUCT(&one);
        PMIX_DATA_BUFFER_DESTRUCT(&other);
    }
    if (!is_text) drop(copy, 1, type);
    free(copy);
    is_int(PMIx_Data_print(&text, "> ", first_of(type), type), PMIX_SUCCESS, "%s is printed", name);
    ok(text != NULL && strlen(text) > 4 && (type == PMIX_APP || strncmp(text, "> ", 2) == 0), "... behind its prefix");
    free(text);
}

static void check_bytes(void) {
    // A buffer on the wire begins with how many there are; signed numbers are zig-zagged.
    static const unsigned char plain[] = {0x02, 0x5b}, described[] = {0x09, 0x02, 0x14, 0x5b};
    pmix_data_buffer_t buffer;
    pmix_status_t status = PMIX_ERR_NOT_FOUND;
    PMIX_DATA_BUFFER_CONSTRUCT(&buffer);
    is_int(PMIx_Data_pack(NULL, &buffer, &status, 1, PMIX_STATUS), PMIX_SUCCESS, "a status is packed");
    ok(is_described ? has_bytes(&buffer, described, 4) : has_bytes(&buffer, plain, 2), "... as it travels");
    PMIX_DATA_BUFFER_DESTRUCT(&buffer);
}

static void check_sequence(void) {
    pmix_data_buffer_t buffer, other;
    PMIX_DATA_BUFFER_CONSTRUCT(&buffer);
    PMIX_DATA_BUFFER_CONSTRUCT(&other);
    uint32_t numbers[3] = {1, 2, 3}, found[3] = {0};
    char *word = "word", *got = NULL;
    for (uint32_t i = 0; i < 200; i++) {
        if (PMIx_Data_pack(NULL, &buffer, numbers, 3, PMIX_UINT32) != PMIX_SUCCESS) bail("three numbers are packed");
        if (PMIx_Data_pack(NULL, &buffer, &word, 1, PMIX_STRING) != PMIX_SUCCESS) bail("a word is packed");
    }
    ok(buffer.bytes_allocated >= buffer.bytes_used, "a buffer grows");
    int good = 0;
    for (int i = 0; i < 200; i++) {
        int32_t three = 3, one = 1;
        good += PMIx_Data_unpack(NULL, &buffer, found, &three, PMIX_UINT32) == PMIX_SUCCESS && three == 3
            && found[2] == 3;
        if (i == 100) is_int(PMIx_Data_copy_payload(&other, &buffer), PMIX_SUCCESS, "what is left is copied");
        good += PMIx_Data_unpack(NULL, &buffer, &got, &one, PMIX_STRING) == PMIX_SUCCESS && strcmp(got, word) == 0;
        free(got);
    }
    is_int(good, 400, "everything comes out in the order in which it went in");
    int32_t one = 1;
    is_int(PMIx_Data_unpack(NULL, &other, &got, &one, PMIX_STRING), PMIX_SUCCESS, "a copy begins where unpacking was");
    free(got);
    is_int(PMIx_Data_copy_payload(&other, &other), PMIX_SUCCESS, "a buffer is appended to itself");
    pmix_byte_object_t object = {buffer.base_ptr, buffer.bytes_used};
    is_int(PMIx_Data_embed(&other, &object), PMIX_SUCCESS, "bytes are embedded");
    ok(same_bytes(&buffer, &other) && other.base_ptr != buffer.base_ptr, "... as a copy");
    is_int(PMIx_Data_embed(&other, NULL), PMIX_SUCCESS, "nothing is embedded");
    ok(other.base_ptr == NULL && other.bytes_used == 0, "... and nothing is left");
    PMIX_DATA_BUFFER_DESTRUCT(&buffer);
    PMIX_DATA_BUFFER_DESTRUCT(&other);
}

static void check_refusals(void) {
    pmix_data_buffer_t buffer, empty;
    uint32_t numbers[2] = {5, 6};
    int32_t count = 2;
    void *copy = NULL;
    char *text = NULL;
    PMIX_DATA_BUFFER_CONSTRUCT(&buffer);
    PMIX_DATA_BUFFER_CONSTRUCT(&empty);
    is_int(PMIx_Data_pack(NULL, NULL, numbers, 1, PMIX_UINT32), PMIX_ERR_BAD_PARAM, "nothing is packed to nowhere");
    is_int(PMIx_Data_pack(NULL, &buffer, NULL, 1, PMIX_UINT32), PMIX_ERR_BAD_PARAM, "... nor without objects");
    is_int(PMIx_Data_pack(NULL, &buffer, numbers, -1, PMIX_UINT32), PMIX_ERR_BAD_PARAM, "... nor less than none");
    is_int(PMIx_Data_pack(NULL, &buffer, numbers, 1, 1234), PMIX_ERR_UNKNOWN_DATA_TYPE, "... nor of no type");
    is_int(PMIx_Data_pack(NULL, &buffer, numbers, 1, PMIX_UNDEF), PMIX_ERR_UNKNOWN_DATA_TYPE, "... nor undefined");
    ok(buffer.base_ptr == NULL, "... and the buffer stays as it was");
    is_int(PMIx_Data_pack(NULL, &buffer, NULL, 0, PMIX_UINT32), PMIX_SUCCESS, "none at all can be packed");
    is_int(PMIx_Data_unpack(NULL, &buffer, numbers, &count, PMIX_UINT32), PMIX_SUCCESS, "... and unpacked");
    is_int(count, 0, "... as none");
    count = 0;
    is_int(PMIx_Data_unpack(NULL, &buffer, numbers, &count, PMIX_UINT32), PMIX_ERR_UNPACK_INADEQUATE_SPACE,
           "nothing is unpacked into nothing");
    count = 2;
    is_int(PMIx_Data_unpack(NULL, NULL, numbers, &count, PMIX_UINT32), PMIX_ERR_BAD_PARAM, "nothing is unpacked");
    is_int(PMIx_Data_unpack(NULL, &buffer, NULL, &count, PMIX_UINT32), PMIX_ERR_BAD_PARAM, "... nor to nowhere");
    is_int(PMIx_Data_unpack(NULL, &buffer, numbers, NULL, PMIX_UINT32), PMIX_ERR_BAD_PARAM, "... nor however many");
    is_int(PMIx_Data_unpack(NULL, &empty, numbers, &count, PMIX_UINT32), PMIX_ERR_UNPACK_READ_PAST_END_OF_BUFFER,
           "an empty buffer is at its end");
    is_int(PMIx_Data_copy(NULL, numbers, PMIX_UINT32), PMIX_ERR_BAD_PARAM, "nothing is copied to nowhere");
    is_int(PMIx_Data_copy(&copy, NULL, PMIX_UINT32), PMIX_ERR_BAD_PARAM, "... nor from nowhere");
    is_int(PMIx_Data_copy(&copy, numbers, 1234), PMIX_ERR_UNKNOWN_DATA_TYPE, "... nor of no type");
    is_int(PMIx_Data_print(&text, NULL, NULL, PMIX_UINT32), PMIX_ERR_BAD_PARAM, "nothing is not printed");
    is_int(PMIx_Data_print(NULL, NULL, numbers, PMIX_UINT32), PMIX_ERR_BAD_PARAM, "... and nothing to nowhere");
    is_int(PMIx_Data_print(&text, NULL, numbers, 1234), PMIX_ERR_UNKNOWN_DATA_TYPE, "... nor of no type");
    is_int(PMIx_Data_copy_payload(NULL, &buffer), PMIX_ERR_BAD_PARAM, "no payload is copied to nowhere");
    is_int(PMIx_Data_copy_payload(&buffer, NULL), PMIX_ERR_BAD_PARAM, "... nor from nowhere");
    is_int(PMIx_Data_embed(NULL, NULL), PMIX_ERR_BAD_PARAM, "nothing is embedded in nothing");
    ok(copy == NULL && text == NULL, "nothing was made where nothing could be");
    PMIX_DATA_BUFFER_DESTRUCT(&buffer);
}

// A set of processors is a text in the buffer, and a bit for each number in memory.
static void check_processors(void) {
    char *lists[] = {"0-3,7", "0-4000000000", "99999999999999999999", "nonsense"};
    pmix_data_buffer_t buffer;
    pmix_cpuset_t set;
    for (int i = 0; i < 4 && !is_described; i++) {
        int32_t one = 1;
        PMIX_DATA_BUFFER_CONSTRUCT(&buffer);
        if (PMIx_Data_pack(NULL, &buffer, &lists[i], 1, PMIX_STRING) != PMIX_SUCCESS) bail("a list is packed");
        pmix_status_t status = PMIx_Data_unpack(NULL, &buffer, &set, &one, PMIX_PROC_CPUSET);
        is_int(status, PMIX_SUCCESS, "processors \"%s\"", lists[i]);
        ok((set.bitmap != NULL) == (i == 0), "... %s", i == 0 ? "are some" : "are none");
        drop(&set, 1, PMIX_PROC_CPUSET);
        PMIX_DATA_BUFFER_DESTRUCT(&buffer);
    }
}

static void check_targets(void) {
    pmix_data_buffer_t buffer;
    uint32_t number = 5;
    int32_t count = 1;
    pmix_proc_t stranger;
    PMIX_DATA_BUFFER_CONSTRUCT(&buffer);
    PMIX_LOAD_PROCID(&stranger, "nobody.knows", 0);
    is_int(PMIx_Data_pack(&stranger, &buffer, &number, 1, PMIX_UINT32), PMIX_ERR_NOT_FOUND,
           "nobody knows how a stranger reads");
    is_int(PMIx_Data_unpack(&stranger, &buffer, &number, &count, PMIX_UINT32), PMIX_ERR_NOT_FOUND,
           "... nor how it writes");
    ok(buffer.base_ptr == NULL, "... and nothing was packed");
}

static void check_compression(void) {
    static uint8_t input[20000];
    uint8_t *packed = NULL, *original = NULL;
    size_t count = 1, size = 1;
    for (size_t i = 0; i < sizeof input; i++) input[i] = (uint8_t) (i % 100);
    if (ok(PMIx_Data_compress(input, sizeof input, &packed, &count), "a long block is compressed")) {
        ok(packed != NULL && count > 4 && count < sizeof input, "... and is shorter");
        uint32_t length;
        memcpy(&length, packed, sizeof length);
        is_int(length, sizeof input, "... and says how long it was");
        ok(PMIx_Data_decompress(packed, count, &original, &size), "it is decompressed");
        ok(size == sizeof input && memcmp(original, input, size) == 0, "... to what it was");
        free(original);
        memset(packed, 0xff, 4);
        ok(!PMIx_Data_decompress(packed, count, &original, &size), "a lie about the length is none");
        ok(original == NULL && size == 0, "... and makes nothing");
        ok(!PMIx_Data_decompress(packed, 3, &original, &size), "a block cut short is none");
    }
    free(packed);
    ok(!PMIx_Data_compress(input, 100, &packed, &count), "a short block is not worth it");
    ok(packed == NULL && count == 0, "... and nothing is made");
    uint32_t noise = 1;
    for (size_t i = 0; i < sizeof input; i++) input[i] = (uint8_t) ((noise = noise * 1664525 + 1013904223) >> 24);
    ok(!PMIx_Data_compress(input, sizeof input, &packed, &count), "noise does not become shorter");
    ok(!PMIx_Data_compress(NULL, 5000, &packed, &count), "nothing is not compressed");
    ok(!PMIx_Data_decompress(NULL, 5000, &packed, &count), "... nor decompressed");
}

static void check_before_init(void) {
    pmix_data_buffer_t buffer;
    uint32_t number = 5, found = 0;
    int32_t count = 1;
    PMIX_DATA_BUFFER_CONSTRUCT(&buffer);
    is_int(PMIx_Data_pack(NULL, &buffer, &number, 1, PMIX_UINT32), PMIX_SUCCESS, "buffers need no init");
    is_int(PMIx_Data_unpack(NULL, &buffer, &found, &count, PMIX_UINT32), PMIX_SUCCESS, "... both ways");
    is_int(found, 5, "... with what was put in");
    PMIX_DATA_BUFFER_DESTRUCT(&buffer);
}

static void check_all(void) {
    for (pmix_data_type_t type = 1; type <= LAST_TYPE; type++) {
        if (samples_of(type) == 0) continue;
        check_type(type);
        check_copies(type);
        // A description is read by hwloc, which trusts it.
        if (type != PMIX_TOPO) check_mutations(type);
    }
    check_bytes();
    check_sequence();
    check_refusals();
    check_targets();
    check_processors();
    check_compression();
}

#endif
