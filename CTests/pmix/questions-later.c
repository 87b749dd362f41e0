// What values can be asked in releases after 4.2: yes or no, their number, their size; and descriptions and codes by
// name.
// compare: nothing
#include "tap.h"

#include <limits.h>
#include <pmix.h>

static void check_true(void) {
    static const struct { const char *text; pmix_boolean_t means; } texts[] = {
        {"yes", PMIX_BOOL_TRUE}, {"TRUE", PMIX_BOOL_TRUE}, {"1", PMIX_BOOL_TRUE}, {"  12", PMIX_BOOL_TRUE},
        {"", PMIX_BOOL_TRUE}, {"  ", PMIX_BOOL_TRUE}, {NULL, PMIX_BOOL_TRUE}, {"t", PMIX_BOOL_TRUE},
        {"Y", PMIX_BOOL_TRUE}, {"enabled", PMIX_BOOL_TRUE}, {"no", PMIX_BOOL_FALSE}, {"False", PMIX_BOOL_FALSE},
        {"0", PMIX_BOOL_FALSE},
        {"f", PMIX_BOOL_FALSE}, {"N", PMIX_BOOL_FALSE}, {"disable", PMIX_BOOL_FALSE}, {"maybe", PMIX_NON_BOOL},
        {"tr", PMIX_NON_BOOL}, {"-1", PMIX_NON_BOOL}};
    pmix_info_t info;
    PMIX_INFO_CONSTRUCT(&info);
    is_int(PMIx_Value_true(&info.value), PMIX_BOOL_TRUE, "what is only named is true");
    is_int(PMIx_Info_true(&info), PMIX_BOOL_TRUE, "... of an info as well");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        info.value.type = PMIX_STRING;
        info.value.data.string = (char *) texts[i].text;
        is_int(PMIx_Value_true(&info.value), texts[i].means, "\"%s\"", texts[i].text ? texts[i].text : "NULL");
        is_int(PMIx_Info_true(&info), texts[i].means, "... of an info");
    }
    info.value.type = PMIX_BOOL;
    info.value.data.flag = true;
    is_int(PMIx_Value_true(&info.value), PMIX_BOOL_TRUE, "true is true");
    info.value.data.flag = false;
    is_int(PMIx_Info_true(&info), PMIX_BOOL_FALSE, "false is false");
    info.value.type = PMIX_UINT32;
    is_int(PMIx_Value_true(&info.value), PMIX_NON_BOOL, "a number is neither");
    is_int(PMIx_Value_true(NULL), PMIX_NON_BOOL, "nor is nothing");
    is_int(PMIx_Info_true(NULL), PMIX_NON_BOOL, "... at all");
}

static pmix_value_t of_signed(int64_t number) {
    pmix_value_t value;
    PMIX_VALUE_LOAD(&value, &number, PMIX_INT64);
    return value;
}

static pmix_value_t of_unsigned(uint64_t number) {
    pmix_value_t value;
    PMIX_VALUE_LOAD(&value, &number, PMIX_SIZE);
    return value;
}

static pmix_value_t of_real(double number) {
    pmix_value_t value;
    PMIX_VALUE_LOAD(&value, &number, PMIX_DOUBLE);
    return value;
}

static void check_number(pmix_value_t value, pmix_data_type_t type, pmix_status_t status, int64_t number,
                         const char *what) {
    struct { int64_t number; int64_t after; } place = {0, 77};
    is_int(PMIx_Value_get_number(&value, &place, type), status, "%s as %s", what, PMIx_Data_type_string(type));
    if (status == PMIX_SUCCESS) is_int(place.number, number, "... is that number");
    else is_int(place.number, 0, "... leaves all as it was");
    is_int(place.after, 77, "... and nothing behind it changes");
}

static void check_numbers(void) {
    static const struct { pmix_data_type_t type; bool is_unsigned; int bits; } types[] = {
        {PMIX_INT8, false, 8}, {PMIX_INT16, false, 16}, {PMIX_INT32, false, 32}, {PMIX_INT, false, 32},
        {PMIX_INT64, false, 64}, {PMIX_UINT8, true, 8}, {PMIX_UINT16, true, 16}, {PMIX_UINT32, true, 32},
        {PMIX_UINT, true, 32}, {PMIX_UINT64, true, 64}, {PMIX_SIZE, true, 64}, {PMIX_PROC_RANK, true, 32}};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        pmix_data_type_t type = types[i].type;
        int bits = types[i].bits;
        check_number(of_unsigned(100), type, PMIX_SUCCESS, 100, "a hundred");
        check_number(of_real(99.9), type, PMIX_SUCCESS, 99, "less than a hundred");
        // What is smaller than 64 bits is written over the first bytes of a zero.
        int64_t minus_five = bits == 64 ? -5 : -5 & ((1ll << bits) - 1);
        pmix_status_t negative = types[i].is_unsigned ? PMIX_ERR_CHANGE_SIGN : PMIX_SUCCESS;
        check_number(of_signed(-5), type, negative, minus_five, "minus five");
        check_number(of_real(-5.5), type, negative, minus_five, "minus five and a half");
        if (!types[i].is_unsigned)
            check_number(of_unsigned(1ull << (bits - 1)), type, PMIX_ERR_LOST_PRECISION, 0, "one too many");
        else if (bits < 64) check_number(of_unsigned(1ull << bits), type, PMIX_ERR_LOST_PRECISION, 0, "one too many");
        check_number(of_real(1e30), type, PMIX_ERR_LOST_PRECISION, 0, "very many");
    }
    pmix_value_t value = of_signed(-3);
    double real = 0;
    float narrow = 0;
    pid_t process = 0;
    is_int(PMIx_Value_get_number(&value, &real, PMIX_DOUBLE), PMIX_SUCCESS, "a number is real");
    ok(real == -3.0, "... and the same");
    is_int(PMIx_Value_get_number(&value, &process, PMIX_PID), PMIX_SUCCESS, "... or of a process");
    is_int(process, -3, "... and the same");
    value = of_real(1e300);
    is_int(PMIx_Value_get_number(&value, &narrow, PMIX_FLOAT), PMIX_ERR_LOST_PRECISION, "a very large one is no float");
    is_int(PMIx_Value_get_number(&value, &real, PMIX_DOUBLE), PMIX_SUCCESS, "... but what it is");
    is_int(PMIx_Value_get_number(&value, &real, PMIX_STRING), PMIX_ERR_BAD_PARAM, "a string is no number");
    PMIX_VALUE_LOAD(&value, "12", PMIX_STRING);
    is_int(PMIx_Value_get_number(&value, &real, PMIX_DOUBLE), PMIX_ERR_BAD_PARAM, "... nor has one");
    PMIX_VALUE_DESTRUCT(&value);
    is_int(PMIx_Value_get_number(NULL, &real, PMIX_DOUBLE), PMIX_ERR_BAD_PARAM, "nothing has none");
    value = of_real(1);
    is_int(PMIx_Value_get_number(&value, NULL, PMIX_DOUBLE), PMIX_ERR_BAD_PARAM, "... and nowhere to be put");
}

static void check_sizes(void) {
    pmix_info_t info;
    size_t size = 7;
    PMIX_INFO_CONSTRUCT(&info);
    is_int(PMIx_Value_get_size(&info.value, &size), PMIX_ERR_UNKNOWN_DATA_TYPE, "nothing has no size");
    is_int(size, 7, "... and none is written");
    PMIX_INFO_LOAD(&info, "abc", "text", PMIX_STRING);
    is_int(PMIx_Value_get_size(&info.value, &size), PMIX_SUCCESS, "a string has a size");
    is_int(size, sizeof(pmix_value_t) + 5, "... with its NUL and its value");
    is_int(PMIx_Info_get_size(&info, &size), PMIX_SUCCESS, "an info has a size");
    is_int(size, sizeof(pmix_info_t) + 4 + sizeof(pmix_value_t) + 5, "... with its key");
    pmix_data_array_t array = {PMIX_INFO, 1, &info};
    pmix_value_t value;
    PMIX_VALUE_LOAD(&value, &array, PMIX_DATA_ARRAY);
    is_int(PMIx_Value_get_size(&value, &size), PMIX_SUCCESS, "an array has a size");
    is_int(size, sizeof(pmix_value_t) + sizeof(pmix_data_array_t) + sizeof(pmix_info_t) + 4 + sizeof(pmix_value_t) + 5,
           "... with its elements");
    PMIX_VALUE_DESTRUCT(&value);
    PMIX_INFO_DESTRUCT(&info);
    pmix_envar_t envar = {"NAME", NULL, ':'};
    PMIX_VALUE_LOAD(&value, &envar, PMIX_ENVAR);
    is_int(PMIx_Value_get_size(&value, &size), PMIX_SUCCESS, "a variable has a size");
    is_int(size, sizeof(pmix_value_t) + sizeof(pmix_envar_t) + 5 + 1, "... with its strings");
    is_int(PMIx_Value_get_size(NULL, &size), PMIX_ERR_BAD_PARAM, "no value");
    is_int(PMIx_Value_get_size(&value, NULL), PMIX_ERR_BAD_PARAM, "... nowhere");
    is_int(PMIx_Info_get_size(NULL, &size), PMIX_ERR_BAD_PARAM, "no info");
    is_int(PMIx_Info_get_size(&info, NULL), PMIX_ERR_BAD_PARAM, "... nowhere");
    PMIX_VALUE_DESTRUCT(&value);
}

static void check_codes(void) {
    int wrong = 0, named = 0;
    for (pmix_status_t status = 0; status > -4000; status--) {
        const char *text = PMIx_Error_string(status);
        if (strcmp(text, "ERROR STRING NOT FOUND") == 0) continue;
        named++;
        if (strcmp(PMIx_Error_string(PMIx_Error_code(text)), text) != 0) wrong++;
    }
    ok(named > 100, "many codes have texts");
    is_int(wrong, 0, "... which lead back to them");
    is_int(PMIx_Error_code("PMIX_ERR_NOMEM"), PMIX_ERR_NOMEM, "a constant's name has its code");
    is_int(PMIx_Error_code("PMIX_SUCCESS"), PMIX_SUCCESS, "... also without error");
    is_int(PMIx_Error_code("pmix_err_unpack_read_past_end_of_buffer"), PMIX_ERR_UNPACK_READ_PAST_END_OF_BUFFER,
           "... in either case");
    is_int(PMIx_Error_code("PMIX_ERR_BAD_PARAM"), PMIX_ERR_BAD_PARAM, "... with its own dashes");
    is_int(PMIx_Error_code("PMIX_OPERATION_SUCCEEDED"), PMIX_OPERATION_SUCCEEDED, "... and events as well");
    is_int(PMIx_Error_code("nothing"), INT32_MIN, "what is no code has none");
    is_int(PMIx_Error_code(""), INT32_MIN, "... nor an empty text");
    is_int(PMIx_Error_code("PMIX_ERR_"), INT32_MIN, "... nor half a name");
    is_int(PMIx_Error_code(NULL), INT32_MIN, "... nor nothing");
}

static void check_texts(void) {
    char *argv[] = {"a", "b c", NULL}, *text;
    pmix_info_t info;
    uint32_t number = 5;
    PMIX_INFO_LOAD(&info, "a.key", &number, PMIX_UINT32);
    pmix_app_t app = {"cmd", argv, NULL, NULL, 3, &info, 1};
    text = PMIx_App_string(&app);
    is_str(text, "CMD: cmd\n    ARGV:\n        ARGV[0]: a\n        ARGV[1]: b c\n    ENV:\n        NONE\n"
           "    CWD: NULL\n    MAXPROCS: 3\n    INFO:\n        INFO[0]:  KEY: a.key\n \t"
           " Data type: PMIX_INFO_DIRECTIVES\tValue: OPTIONAL\n \t PMIX_VALUE:  Data type: PMIX_UINT32\tValue: 5",
           "a program to spawn is described");
    free(text);
    pmix_proc_t proc;
    PMIX_LOAD_PROCID(&proc, "some.nspace", 7);
    text = PMIx_Proc_string(&proc);
    is_str(text, "[some.nspace,7]", "a process is described");
    free(text);
    proc.rank = PMIX_RANK_WILDCARD;
    text = PMIx_Proc_string(&proc);
    is_str(text, "[some.nspace,WILDCARD]", "... also all of a job");
    free(text);
    pmix_resource_unit_t unit = {PMIX_DEVTYPE_GPU, 4};
    text = PMIx_Resource_unit_string(&unit);
    is_str(text, "TYPE: GPU  COUNT: 4", "resources are described");
    free(text);
    ok(PMIx_App_string(NULL) == NULL && PMIx_Proc_string(NULL) == NULL && PMIx_Resource_unit_string(NULL) == NULL,
       "nothing has no description");
    is_str(PMIx_Group_operation_string(PMIX_GROUP_CONSTRUCT), "CONSTRUCT", "operations have names");
    is_str(PMIx_Group_operation_string(PMIX_GROUP_NONE), "NONE", "... each its own");
    is_str(PMIx_Group_operation_string((pmix_group_operation_t) 9), "UNKNOWN VALUE", "... and none is without");
    is_str(PMIx_Resource_block_directive_string(PMIX_RESOURCE_BLOCK_DEFINE), "DEFINE", "directives have names");
    is_str(PMIx_Resource_block_directive_string(PMIX_RESOURCE_BLOCK_DELETE), "DELETE", "... each its own");
    is_str(PMIx_Resource_block_directive_string(200), "UNSPECIFIED", "... and none is without");
}

int main(void) {
    check_true();
    check_numbers();
    check_sizes();
    check_codes();
    check_texts();
    return done_testing();
}
