// Part of values.c: the checks.

static const pmix_data_type_t scalars[] = {PMIX_BOOL, PMIX_BYTE, PMIX_SIZE, PMIX_PID, PMIX_INT, PMIX_INT8, PMIX_INT16,
    PMIX_INT32, PMIX_INT64, PMIX_UINT, PMIX_UINT8, PMIX_UINT16, PMIX_UINT32, PMIX_UINT64, PMIX_FLOAT, PMIX_DOUBLE,
    PMIX_TIMEVAL, PMIX_TIME, PMIX_STATUS, PMIX_PROC_RANK, PMIX_PERSIST, PMIX_SCOPE, PMIX_DATA_RANGE, PMIX_PROC_STATE,
    PMIX_ALLOC_DIRECTIVE, PMIX_LINK_STATE, PMIX_JOB_STATE, PMIX_LOCTYPE, PMIX_DEVTYPE};
static const size_t sizes[] = {1, 1, 8, 4, 4, 1, 2, 4, 8, 4, 1, 2, 4, 8, 4, 8, 16, 8, 4, 4, 1, 1, 1, 1, 1, 1, 1, 2, 8};

static void check_scalars(void) {
    for (size_t i = 0; i < sizeof scalars / sizeof scalars[0]; i++) {
        pmix_value_t value, copy;
        unsigned char storage[16];
        void *data = storage;
        size_t size = 0;
        const char *name = PMIx_Data_type_string(scalars[i]);
        memset(&value, 0, sizeof value);
        memset(&copy, 0, sizeof copy);
        const void *from = sample_of(scalars[i]);
        is_int(PMIx_Value_load(&value, from, scalars[i]), PMIX_SUCCESS, "%s can be loaded", name);
        ok(value.type == scalars[i] && memcmp(&value.data, from, sizes[i]) == 0, "%s: the value is there", name);
        is_int(PMIx_Value_xfer(&copy, &value), PMIX_SUCCESS, "%s can be transferred", name);
        ok(copy.type == value.type && memcmp(&copy.data, &value.data, sizes[i]) == 0, "%s: it is the same", name);
        is_int(PMIx_Value_unload(&value, &data, &size), PMIX_SUCCESS, "%s can be unloaded", name);
        ok(data == storage && size == sizes[i] && memcmp(storage, from, sizes[i]) == 0,
            "%s: into the caller's storage", name);
        PMIx_Value_destruct(&value);
        PMIx_Value_destruct(&copy);
    }
}

static void check_strings(void) {
    pmix_value_t value, copy;
    char text[16] = "changing";
    memset(&copy, 0, sizeof copy);
    is_int(PMIx_Value_load(&value, text, PMIX_STRING), PMIX_SUCCESS, "a string can be loaded");
    text[0] = 'C';
    is_str(value.data.string, "changing", "it is a copy");
    is_int(PMIx_Value_xfer(&copy, &value), PMIX_SUCCESS, "a string can be transferred");
    ok(copy.data.string != value.data.string, "into a copy");
    PMIx_Value_destruct(&value);
    is_str(copy.data.string, "changing", "that outlives the first");
    PMIx_Value_destruct(&copy);
    is_int(PMIx_Value_load(&value, NULL, PMIX_STRING), PMIX_SUCCESS, "a NULL string can be loaded");
    ok(value.type == PMIX_STRING && value.data.string == NULL, "and stays NULL");
    PMIx_Value_destruct(&value);
    PMIx_Value_load(&value, NULL, PMIX_BOOL);
    ok(value.type == PMIX_BOOL && value.data.flag, "a BOOL loaded from NULL is true");
}

// Loads, transfers, releases the first, and leaves the second for the caller to look at.
static void through_copy(pmix_data_type_t type, pmix_value_t *copy) {
    pmix_value_t value;
    const char *name = PMIx_Data_type_string(type);
    memset(&value, 0, sizeof value);
    memset(copy, 0, sizeof *copy);
    is_int(PMIx_Value_load(&value, sample_of(type), type), PMIX_SUCCESS, "%s can be loaded", name);
    is_int(PMIx_Value_xfer(copy, &value), PMIX_SUCCESS, "%s can be transferred", name);
    is_int(copy->type, type, "%s keeps its type", name);
    PMIx_Value_destruct(&value);
}

static void check_structures(void) {
    pmix_value_t copy;
    through_copy(PMIX_PROC, &copy);
    ok(copy.data.proc && memcmp(copy.data.proc, &sample_proc, sizeof sample_proc) == 0, "a proc is the same");
    PMIx_Value_destruct(&copy);
    through_copy(PMIX_BYTE_OBJECT, &copy);
    ok(copy.data.bo.size == 5 && memcmp(copy.data.bo.bytes, "12345", 5) == 0, "a byte object is the same");
    PMIx_Value_destruct(&copy);
    through_copy(PMIX_ENVAR, &copy);
    is_str(copy.data.envar.envar, "NAME", "an envar's name");
    is_str(copy.data.envar.value, "value", "an envar's value");
    is_int(copy.data.envar.separator, ':', "an envar's separator");
    PMIx_Value_destruct(&copy);
    through_copy(PMIX_PROC_INFO, &copy);
    ok(copy.data.pinfo && strcmp(copy.data.pinfo->hostname, "host") == 0 && copy.data.pinfo->pid == 12,
        "a proc info is the same");
    PMIx_Value_destruct(&copy);
    through_copy(PMIX_COORD, &copy);
    ok(copy.data.coord && copy.data.coord->dims == 3 && copy.data.coord->coord[2] == 9, "a coordinate is the same");
    PMIx_Value_destruct(&copy);
    through_copy(PMIX_DATA_ARRAY, &copy);
    const pmix_data_array_t *array = copy.data.darray;
    if (ok(array && array->type == PMIX_INFO && array->size == 2, "an array of infos is the same")) {
        const pmix_info_t *infos = array->array;
        ok(infos != sample_infos && strcmp(infos[0].key, "first") == 0, "its elements are copies");
        is_str(infos[0].value.data.string, "one", "with copies of their strings");
        is_int(infos[1].value.data.uint32, 7, "and their numbers");
    }
    PMIx_Value_destruct(&copy);
}

static void check_infos(void) {
    pmix_info_t info, copy;
    char key[700];
    memset(&info, 0, sizeof info);
    memset(&copy, 0, sizeof copy);
    is_int(PMIx_Info_load(&info, "some.key", "text", PMIX_STRING), PMIX_SUCCESS, "an info can be loaded");
    ok(strcmp(info.key, "some.key") == 0 && info.flags == 0, "its key is there, no flag is");
    PMIX_INFO_REQUIRED(&info);
    is_int(PMIx_Info_xfer(&copy, &info), PMIX_SUCCESS, "an info can be transferred");
    ok(strcmp(copy.key, "some.key") == 0 && PMIX_INFO_IS_REQUIRED(&copy), "with key and flags");
    ok(copy.value.data.string != info.value.data.string, "and a copy of the value");
    PMIX_INFO_DESTRUCT(&info);
    PMIX_INFO_DESTRUCT(&copy);
    memset(key, 'k', sizeof key - 1);
    key[sizeof key - 1] = 0;
    memset(&info, 0, sizeof info);
    PMIx_Info_load(&info, key, "text", PMIX_STRING);
    ok(memchr(info.key, 0, sizeof info.key) != NULL, "a key too long is cut, with its end in place");
    PMIX_INFO_DESTRUCT(&info);
}

static void check_lists(void) {
    void *list = PMIx_Info_list_start();
    pmix_data_array_t array = {0};
    uint32_t number = 5;
    pmix_info_t info;
    if (!ok(list != NULL, "an info list can be started")) return;
    is_int(PMIx_Info_list_convert(list, &array), PMIX_ERR_EMPTY, "an empty one does not convert");
    is_int(PMIx_Info_list_add(list, "a", "text", PMIX_STRING), PMIX_SUCCESS, "a string is added");
    is_int(PMIx_Info_list_add(list, "b", &number, PMIX_UINT32), PMIX_SUCCESS, "a number is added");
    is_int(PMIx_Info_list_xfer(list, &sample_infos[0]), PMIX_SUCCESS, "an info is copied into it");
    PMIX_INFO_LOAD(&info, "moved", "text of its own", PMIX_STRING);
    is_int(PMIx_Info_list_insert(list, &info), PMIX_SUCCESS, "an info is lent to it");
    is_int(PMIx_Info_list_convert(list, &array), PMIX_SUCCESS, "it converts to an array");
    PMIx_Info_list_release(list);
    const pmix_info_t *infos = array.array;
    if (ok(array.type == PMIX_INFO && array.size == 4, "of four infos")) {
        ok(strcmp(infos[0].key, "a") == 0 && strcmp(infos[1].key, "b") == 0 && strcmp(infos[2].key, "first") == 0
                && strcmp(infos[3].key, "moved") == 0, "in the order they came");
        is_str(infos[0].value.data.string, "text", "a string is its own copy");
        is_str(infos[3].value.data.string, "text of its own", "what was lent can be read");
        ok(infos[3].flags & PMIX_INFO_PERSISTENT, "and is marked as not to be released with the array");
    }
    PMIX_DATA_ARRAY_DESTRUCT(&array);
    is_str(info.value.data.string, "text of its own", "it is still the lender's");
    PMIX_INFO_DESTRUCT(&info);
}

static void check_buffers(void) {
    pmix_data_buffer_t buffer;
    pmix_byte_object_t payload = {.bytes = malloc(4), .size = 4}, back = {0};
    memcpy(payload.bytes, "abc", 4);
    char *given = payload.bytes;
    PMIX_DATA_BUFFER_CONSTRUCT(&buffer);
    is_int(PMIx_Data_load(&buffer, &payload), PMIX_SUCCESS, "a buffer is loaded");
    ok(buffer.base_ptr == given && buffer.bytes_used == 4, "it takes the memory over");
    ok(buffer.unpack_ptr == buffer.base_ptr && buffer.pack_ptr == buffer.base_ptr + 4, "its pointers point into it");
    ok(payload.bytes == NULL && payload.size == 0, "the giver has nothing left");
    is_int(PMIx_Data_unload(&buffer, &back), PMIX_SUCCESS, "a buffer is unloaded");
    ok(back.bytes == given && back.size == 4, "the memory is handed on");
    ok(buffer.base_ptr == NULL && buffer.bytes_used == 0, "the buffer has nothing left");
    free(back.bytes);
    PMIX_DATA_BUFFER_DESTRUCT(&buffer);
}
