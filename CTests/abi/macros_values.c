// The macros and inline functions for values, infos, lists of infos, published data, byte objects, buffers and
// environment variables; most of them end in the library.
#include <pmix.h>

#include "tap.h"

static void values(void) {
    pmix_value_t value = PMIX_VALUE_STATIC_INIT, *copy = NULL, *values;
    pmix_status_t rc;
    is_int(value.type, PMIX_UNDEF, "PMIX_VALUE_STATIC_INIT is of no type");
    memset(&value, 'x', sizeof(value));
    PMIX_VALUE_CONSTRUCT(&value);
    ok(PMIX_UNDEF == value.type && NULL == value.data.ptr, "PMIX_VALUE_CONSTRUCT empties");
    is_int(PMIX_VALUE_LOAD(&value, "text", PMIX_STRING), PMIX_SUCCESS, "PMIX_VALUE_LOAD returns a status");
    is_str(value.data.string, "text", "... and copies a string");
    PMIX_VALUE_XFER(rc, copy, &value);
    is_int(rc, PMIX_SUCCESS, "PMIX_VALUE_XFER to nothing");
    ok(NULL != copy && 0 == strcmp(copy->data.string, "text") && copy->data.string != value.data.string,
       "... makes a value with a copy of the string");
    PMIX_VALUE_DESTRUCT(copy);
    is_int(copy->type, PMIX_UNDEF, "PMIX_VALUE_DESTRUCT leaves no type");
    PMIX_VALUE_XFER(rc, copy, &value);
    ok(PMIX_SUCCESS == rc && 0 == strcmp(copy->data.string, "text"), "PMIX_VALUE_XFER into a value");
    PMIX_VALUE_RELEASE(copy);
    ok(NULL == copy, "PMIX_VALUE_RELEASE forgets it");
    pmix_value_t other = PMIX_VALUE_STATIC_INIT;
    PMIX_VALUE_XFER_DIRECT(rc, &other, &value);
    ok(PMIX_SUCCESS == rc && 0 == strcmp(other.data.string, "text"), "PMIX_VALUE_XFER_DIRECT copies");
    char *text = NULL;
    size_t size = 0;
    PMIX_VALUE_UNLOAD(rc, &other, (void **) &text, &size);
    ok(PMIX_SUCCESS == rc && NULL != text && 0 == strcmp(text, "text") && 4 == size, "PMIX_VALUE_UNLOAD of a string");
    free(text);
    PMIX_VALUE_DESTRUCT(&other);
    PMIX_VALUE_DESTRUCT(&value);
    PMIX_VALUE_CREATE(values, 2);
    ok(NULL != values && PMIX_UNDEF == values[1].type, "PMIX_VALUE_CREATE makes an array");
    (void) PMIX_VALUE_LOAD(&values[1], "text", PMIX_STRING);
    PMIX_VALUE_FREE(values, 2);
    ok(NULL == values, "PMIX_VALUE_FREE forgets it");
    PMIX_VALUE_CREATE(values, 0);
    ok(NULL == values, "PMIX_VALUE_CREATE of none is NULL");
}

// Loads `number` as a value of every numeric type and reads it back as a double.
#define READS(code, ctype, number) \
    do { \
        ctype loaded = (ctype) (number); \
        pmix_value_t value; \
        pmix_status_t rc; \
        double read = -1; \
        (void) PMIx_Value_load(&value, &loaded, (code)); \
        PMIX_VALUE_GET_NUMBER(rc, &value, read, double); \
        ok(PMIX_SUCCESS == rc && (double) (number) == read, "PMIX_VALUE_GET_NUMBER of a " #code); \
    } while (0)

static void numbers(void) {
    READS(PMIX_SIZE, size_t, 70000);
    READS(PMIX_INT, int, -70000);
    READS(PMIX_INT8, int8_t, -7);
    READS(PMIX_INT16, int16_t, -700);
    READS(PMIX_INT32, int32_t, -70000);
    READS(PMIX_INT64, int64_t, -7000000000LL);
    READS(PMIX_UINT, unsigned, 4000000000U);
    READS(PMIX_UINT8, uint8_t, 200);
    READS(PMIX_UINT16, uint16_t, 60000);
    READS(PMIX_UINT32, uint32_t, 4000000000U);
    READS(PMIX_UINT64, uint64_t, 7000000000ULL);
    READS(PMIX_FLOAT, float, 1.5);
    READS(PMIX_DOUBLE, double, 2.25);
    READS(PMIX_PID, pid_t, 4711);
    READS(PMIX_PROC_RANK, pmix_rank_t, 12);
    pmix_value_t value;
    pmix_status_t rc;
    uint8_t narrow = 0;
    uint32_t wide = 0x1234;
    (void) PMIx_Value_load(&value, &wide, PMIX_UINT32);
    PMIX_VALUE_GET_NUMBER(rc, &value, narrow, uint8_t);
    ok(PMIX_SUCCESS == rc && 0x34 == narrow, "PMIX_VALUE_GET_NUMBER casts to the type named");
    narrow = 9;
    (void) PMIx_Value_load(&value, NULL, PMIX_STRING);
    PMIX_VALUE_GET_NUMBER(rc, &value, narrow, uint8_t);
    is_int(rc, PMIX_ERR_BAD_PARAM, "PMIX_VALUE_GET_NUMBER of a string");
    is_int(narrow, 9, "... leaves the number alone");
}

static pmix_boolean_t reads_as(const char *text) {
    pmix_value_t value;
    (void) PMIx_Value_load(&value, text, PMIX_STRING);
    pmix_boolean_t answer = pmix_check_true(&value);
    PMIX_VALUE_DESTRUCT(&value);
    return answer;
}

static void booleans(void) {
    const char *yes[] = {"yes", "YES please", "true", "True", "1", " 42", "", "   ", "007"};
    const char *no[] = {"no", "None", "false", "FALSE", "0", " 00"};
    const char *neither[] = {"maybe", "y", "t", "-1", "fals", "on"};
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        is_int(reads_as(yes[i]), PMIX_BOOL_TRUE, "\"%s\" is true", yes[i]);
    }
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
        is_int(reads_as(no[i]), PMIX_BOOL_FALSE, "\"%s\" is false", no[i]);
    }
    for (size_t i = 0; i < sizeof(neither) / sizeof(neither[0]); i++) {
        is_int(reads_as(neither[i]), PMIX_NON_BOOL, "\"%s\" is no boolean", neither[i]);
    }
    is_int(reads_as(NULL), PMIX_BOOL_TRUE, "a NULL string is true");
    pmix_value_t value = PMIX_VALUE_STATIC_INIT;
    ok(PMIX_CHECK_TRUE(&value) && PMIX_CHECK_BOOL(&value), "a value without a type is true");
    bool flag = false;
    (void) PMIX_VALUE_LOAD(&value, &flag, PMIX_BOOL);
    ok(!PMIX_CHECK_TRUE(&value) && PMIX_CHECK_BOOL(&value), "a false boolean is false, and a boolean");
    flag = true;
    (void) PMIX_VALUE_LOAD(&value, &flag, PMIX_BOOL);
    ok(PMIX_CHECK_TRUE(&value), "a true boolean is true");
    int one = 1;
    (void) PMIX_VALUE_LOAD(&value, &one, PMIX_INT);
    ok(!PMIX_CHECK_BOOL(&value) && !PMIX_CHECK_TRUE(&value), "an integer is no boolean");
    pmix_info_t info;
    PMIX_INFO_LOAD(&info, PMIX_IMMEDIATE, NULL, PMIX_BOOL);
    ok(PMIX_INFO_TRUE(&info), "an info that only names a boolean is true");
    flag = false;
    PMIX_INFO_LOAD(&info, PMIX_IMMEDIATE, &flag, PMIX_BOOL);
    ok(!PMIX_INFO_TRUE(&info), "an info that says false is not");
}

static void infos(void) {
    pmix_info_t *infos, info = PMIX_INFO_STATIC_INIT, shared;
    ok('\0' == info.key[0] && 0 == info.flags && PMIX_UNDEF == info.value.type, "PMIX_INFO_STATIC_INIT is empty");
    PMIX_INFO_CREATE(infos, 0);
    ok(NULL == infos, "PMIX_INFO_CREATE of none is NULL");
    PMIX_INFO_CREATE(infos, 3);
    ok(NULL != infos && '\0' == infos[0].key[0] && PMIX_UNDEF == infos[2].value.type, "PMIX_INFO_CREATE makes infos");
    ok(PMIX_INFO_IS_END(&infos[2]) && !PMIX_INFO_IS_END(&infos[1]), "... and marks its last element");
    PMIX_INFO_LOAD(&infos[0], "key.0", "text", PMIX_STRING);
    ok(PMIX_CHECK_KEY(&infos[0], "key.0") && 0 == strcmp(infos[0].value.data.string, "text"), "PMIX_INFO_LOAD");
    ok(PMIX_INFO_IS_OPTIONAL(&infos[0]) && !PMIX_INFO_IS_REQUIRED(&infos[0]), "an info is optional at first");
    PMIX_INFO_REQUIRED(&infos[0]);
    ok(PMIX_INFO_IS_REQUIRED(&infos[0]) && !PMIX_INFO_IS_OPTIONAL(&infos[0]), "PMIX_INFO_REQUIRED");
    ok(!PMIX_INFO_WAS_PROCESSED(&infos[0]), "nobody has processed it");
    PMIX_INFO_PROCESSED(&infos[0]);
    ok(PMIX_INFO_WAS_PROCESSED(&infos[0]), "PMIX_INFO_PROCESSED");
    ok(!PMIX_INFO_IS_QUALIFIER(&infos[0]), "it is no qualifier");
    PMIX_INFO_SET_QUALIFIER(&infos[0]);
    ok(PMIX_INFO_IS_QUALIFIER(&infos[0]), "PMIX_INFO_SET_QUALIFIER");
    PMIX_INFO_XFER(&infos[1], &infos[0]);
    ok(PMIX_CHECK_KEY(&infos[1], "key.0") && infos[1].flags == infos[0].flags
           && infos[1].value.data.string != infos[0].value.data.string
           && 0 == strcmp(infos[1].value.data.string, "text"), "PMIX_INFO_XFER copies key, flags and value");
    PMIX_INFO_OPTIONAL(&infos[1]);
    ok(PMIX_INFO_IS_OPTIONAL(&infos[1]) && PMIX_INFO_WAS_PROCESSED(&infos[1]), "PMIX_INFO_OPTIONAL takes one flag");
    PMIX_INFO_SET_END(&infos[1]);
    ok(PMIX_INFO_IS_END(&infos[1]), "PMIX_INFO_SET_END");
    memset(&shared, 'x', sizeof(shared));
    PMIX_INFO_CONSTRUCT(&shared);
    ok('\0' == shared.key[0] && 0 == shared.flags && PMIX_UNDEF == shared.value.type, "PMIX_INFO_CONSTRUCT empties");
    shared = infos[0];
    ok(!PMIX_INFO_IS_PERSISTENT(&shared), "an info is not persistent at first");
    PMIX_INFO_SET_PERSISTENT(&shared);
    ok(PMIX_INFO_IS_PERSISTENT(&shared), "PMIX_INFO_SET_PERSISTENT");
    PMIX_INFO_DESTRUCT(&shared);
    is_str(infos[0].value.data.string, "text", "PMIX_INFO_DESTRUCT leaves a persistent value alone");
    PMIX_INFO_DESTRUCT(&infos[0]);
    is_int(infos[0].value.type, PMIX_UNDEF, "... and frees another");
    PMIX_INFO_FREE(infos, 3);
    ok(NULL == infos, "PMIX_INFO_FREE forgets the array");
}

static void info_lists(void) {
    pmix_status_t rc;
    void *list;
    pmix_data_array_t array = PMIX_DATA_ARRAY_STATIC_INIT;
    pmix_info_t mine;
    uint32_t number = 7;
    PMIX_INFO_LOAD(&mine, "mine", "kept", PMIX_STRING);
    PMIX_INFO_LIST_START(list);
    ok(NULL != list, "PMIX_INFO_LIST_START");
    PMIX_INFO_LIST_CONVERT(rc, list, &array);
    is_int(rc, PMIX_ERR_EMPTY, "PMIX_INFO_LIST_CONVERT of an empty list");
    PMIX_INFO_LIST_ADD(rc, list, "number", &number, PMIX_UINT32);
    is_int(rc, PMIX_SUCCESS, "PMIX_INFO_LIST_ADD");
    PMIX_INFO_LIST_XFER(rc, list, &mine);
    is_int(rc, PMIX_SUCCESS, "PMIX_INFO_LIST_XFER");
    PMIX_INFO_LIST_INSERT(rc, list, &mine);
    is_int(rc, PMIX_SUCCESS, "PMIX_INFO_LIST_INSERT");
    PMIX_INFO_LIST_CONVERT(rc, list, &array);
    ok(PMIX_SUCCESS == rc && PMIX_INFO == array.type && 3 == array.size, "PMIX_INFO_LIST_CONVERT makes an array");
    PMIX_INFO_LIST_RELEASE(list);
    int found = 0;
    for (size_t i = 0; i < array.size; i++) {
        pmix_info_t *info = (pmix_info_t *) array.array + i;
        if (PMIX_CHECK_KEY(info, "number")) {
            found += PMIX_UINT32 == info->value.type && 7 == info->value.data.uint32 ? 1 : 100;
        } else if (PMIX_INFO_IS_PERSISTENT(info)) {
            found += info->value.data.string == mine.value.data.string ? 10 : 100;
        } else {
            found += 0 == strcmp(info->value.data.string, "kept") && info->value.data.string != mine.value.data.string
                         ? 20 : 100;
        }
    }
    is_int(found, 31, "... of the number, a copy, and one that shares its value");
    PMIX_DATA_ARRAY_DESTRUCT(&array);
    ok(NULL == array.array && 0 == array.size, "PMIX_DATA_ARRAY_DESTRUCT empties it");
    is_str(mine.value.data.string, "kept", "what was inserted is still there");
    PMIX_INFO_DESTRUCT(&mine);
}

static void published_data(void) {
    pmix_pdata_t *data, one = PMIX_LOOKUP_STATIC_INIT;
    pmix_proc_t proc;
    ok('\0' == one.key[0] && PMIX_UNDEF == one.value.type, "PMIX_LOOKUP_STATIC_INIT is empty");
    PMIX_PROC_LOAD(&proc, "job", 3);
    PMIX_PDATA_CREATE(data, 0);
    ok(NULL == data, "PMIX_PDATA_CREATE of none is NULL");
    PMIX_PDATA_CREATE(data, 2);
    ok(NULL != data && PMIX_UNDEF == data[1].value.type, "PMIX_PDATA_CREATE makes an array");
    PMIX_PDATA_LOAD(&data[0], &proc, "key", "text", PMIX_STRING);
    ok(PMIX_CHECK_PROCID(&data[0].proc, &proc) && 3 == data[0].proc.rank && PMIX_CHECK_KEY(&data[0], "key")
           && 0 == strcmp(data[0].value.data.string, "text"), "PMIX_PDATA_LOAD sets all three");
    memset(&one, 'x', sizeof(one));
    PMIX_PDATA_CONSTRUCT(&one);
    ok('\0' == one.key[0] && 0 == one.proc.rank && PMIX_UNDEF == one.value.type, "PMIX_PDATA_CONSTRUCT empties");
    PMIX_PDATA_XFER(&one, &data[0]);
    ok(3 == one.proc.rank && PMIX_CHECK_KEY(&one, "key") && 0 == strcmp(one.value.data.string, "text")
           && one.value.data.string != data[0].value.data.string, "PMIX_PDATA_XFER copies all three");
    PMIX_PDATA_DESTRUCT(&one);
    is_int(one.value.type, PMIX_UNDEF, "PMIX_PDATA_DESTRUCT frees the value");
    PMIX_PDATA_XFER(&data[1], &data[0]);
    pmix_pdata_free(data, 2);
    is_int(data[1].value.type, PMIX_UNDEF, "pmix_pdata_free frees the values and keeps the array");
    PMIX_PDATA_FREE(data, 2);
    ok(NULL == data, "PMIX_PDATA_FREE forgets it");
    PMIX_PDATA_CREATE(data, 1);
    PMIX_PDATA_LOAD(data, &proc, "key", "text", PMIX_STRING);
    PMIX_PDATA_RELEASE(data);
    ok(NULL == data, "PMIX_PDATA_RELEASE forgets one");
}

static void byte_objects(void) {
    pmix_byte_object_t object = PMIX_BYTE_OBJECT_STATIC_INIT, *objects;
    ok(NULL == object.bytes && 0 == object.size, "PMIX_BYTE_OBJECT_STATIC_INIT is empty");
    char *block = (char *) malloc(5), *kept = block;
    size_t size = 5;
    memset(&object, 'x', sizeof(object));
    PMIX_BYTE_OBJECT_CONSTRUCT(&object);
    ok(NULL == object.bytes && 0 == object.size, "PMIX_BYTE_OBJECT_CONSTRUCT empties");
    PMIX_BYTE_OBJECT_LOAD(&object, block, size);
    ok(kept == object.bytes && 5 == object.size && NULL == block && 0 == size, "PMIX_BYTE_OBJECT_LOAD moves the block");
    PMIX_BYTE_OBJECT_DESTRUCT(&object);
    ok(NULL == object.bytes && 0 == object.size, "PMIX_BYTE_OBJECT_DESTRUCT frees it");
    PMIX_BYTE_OBJECT_CREATE(objects, 0);
    ok(NULL == objects, "PMIX_BYTE_OBJECT_CREATE of none is NULL");
    PMIX_BYTE_OBJECT_CREATE(objects, 2);
    ok(NULL != objects && NULL == objects[1].bytes, "PMIX_BYTE_OBJECT_CREATE makes an array");
    objects[1].bytes = strdup("bytes");
    PMIX_BYTE_OBJECT_FREE(objects, 2);
    ok(NULL == objects, "PMIX_BYTE_OBJECT_FREE forgets it");
}

static void buffers(void) {
    pmix_data_buffer_t buffer = PMIX_DATA_BUFFER_STATIC_INIT, *made;
    ok(NULL == buffer.base_ptr && 0 == buffer.bytes_used, "PMIX_DATA_BUFFER_STATIC_INIT is empty");
    memset(&buffer, 'x', sizeof(buffer));
    PMIX_DATA_BUFFER_CONSTRUCT(&buffer);
    ok(NULL == buffer.base_ptr && 0 == buffer.bytes_used && 0 == buffer.bytes_allocated, "PMIX_DATA_BUFFER_CONSTRUCT");
    char *block = strdup("0123456789"), *taken = NULL;
    size_t size = 0;
    PMIX_DATA_BUFFER_LOAD(&buffer, block, 11);
    ok(block == buffer.base_ptr && 11 == buffer.bytes_used && block == buffer.unpack_ptr
           && block + 11 == buffer.pack_ptr, "PMIX_DATA_BUFFER_LOAD hands the block over");
    buffer.unpack_ptr += 4;
    PMIX_DATA_BUFFER_UNLOAD(&buffer, taken, size);
    ok(7 == size && NULL != taken && 0 == strcmp(taken, "456789"), "PMIX_DATA_BUFFER_UNLOAD takes the rest");
    ok(NULL == buffer.base_ptr && 0 == buffer.bytes_used, "... and empties the buffer");
    free(taken);
    PMIX_DATA_BUFFER_UNLOAD(&buffer, taken, size);
    ok(NULL == taken && 0 == size, "PMIX_DATA_BUFFER_UNLOAD of an empty buffer");
    PMIX_DATA_BUFFER_LOAD(&buffer, strdup("x"), 2);
    PMIX_DATA_BUFFER_DESTRUCT(&buffer);
    ok(NULL == buffer.base_ptr && NULL == buffer.unpack_ptr && 0 == buffer.bytes_used, "PMIX_DATA_BUFFER_DESTRUCT");
    PMIX_DATA_BUFFER_CREATE(made);
    ok(NULL != made && NULL == made->base_ptr && 0 == made->bytes_used, "PMIX_DATA_BUFFER_CREATE");
    PMIX_DATA_BUFFER_LOAD(made, strdup("x"), 2);
    PMIX_DATA_BUFFER_RELEASE(made);
    ok(NULL == made, "PMIX_DATA_BUFFER_RELEASE forgets it");
}

static void envars(void) {
    pmix_envar_t envar = PMIX_ENVAR_STATIC_INIT, *envars;
    const char *nothing = NULL;
    ok(NULL == envar.envar && NULL == envar.value && '\0' == envar.separator, "PMIX_ENVAR_STATIC_INIT is empty");
    memset(&envar, 'x', sizeof(envar));
    PMIX_ENVAR_CONSTRUCT(&envar);
    ok(NULL == envar.envar && NULL == envar.value && '\0' == envar.separator, "PMIX_ENVAR_CONSTRUCT empties");
    PMIX_ENVAR_LOAD(&envar, "PATH", "/bin", ':');
    ok(0 == strcmp(envar.envar, "PATH") && 0 == strcmp(envar.value, "/bin") && ':' == envar.separator,
       "PMIX_ENVAR_LOAD sets all three");
    PMIX_ENVAR_LOAD(&envar, nothing, nothing, ';');
    ok(0 == strcmp(envar.envar, "PATH") && ';' == envar.separator, "... and leaves what it is given no string for");
    PMIX_ENVAR_DESTRUCT(&envar);
    ok(NULL == envar.envar && NULL == envar.value, "PMIX_ENVAR_DESTRUCT frees the strings");
    PMIX_ENVAR_CREATE(envars, 2);
    ok(NULL != envars && NULL == envars[1].envar, "PMIX_ENVAR_CREATE makes an array");
    PMIX_ENVAR_LOAD(&envars[1], "A", "B", ',');
    PMIX_ENVAR_FREE(envars, 2);
    PMIX_ENVAR_CREATE(envars, 0);
    ok(NULL == envars, "PMIX_ENVAR_CREATE of none is NULL");
}

int main(void) {
    values();
    numbers();
    booleans();
    infos();
    info_lists();
    published_data();
    byte_objects();
    buffers();
    envars();
    return done_testing();
}
