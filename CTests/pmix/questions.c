// How two values relate, and what values and infos are described as, for every type. With --dump: all answers, for
// compare.sh, where each question is asked in a process of its own, as the original crashes in some.
// libraries: -lhwloc
#include "tap.h"

#include <ctype.h>
#include <pmix.h>
#include <pmix_server.h>
#include <sys/wait.h>
#include <unistd.h>

#include "samples.h"

// A value of the first or the second sample of the type.
static bool value_of(pmix_value_t *value, pmix_data_type_t type, int which) {
    size_t size = samples_of(type);
    const char *object = (char *) &sample + (size_t) which * size;
    if (type == PMIX_STRING || type == PMIX_REGEX) object = sample.strings[which];
    PMIX_VALUE_CONSTRUCT(value);
    return size > 0 && PMIx_Value_load(value, object, type) == PMIX_SUCCESS;
}

static bool no_value_holds(pmix_data_type_t type) {
    static const pmix_data_type_t types[] = {PMIX_VALUE, PMIX_APP, PMIX_INFO, PMIX_PDATA, PMIX_QUERY};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (types[i] == type) return true;
    return false;
}

static void print_text(const char *text) {
    for (; text != NULL && *text != '\0'; text++) {
        // hwloc notes which program has made a description.
        if (strncmp(text, "ProcessName=", 12) == 0) text += strcspn(text, "\n");
        if (isprint((unsigned char) *text)) putchar(*text);
        else printf("\\%02x", (unsigned char) *text);
    }
}

static void ask_compare(pmix_data_type_t type, int first, int second) {
    pmix_value_t one, other;
    value_of(&one, type, first);
    value_of(&other, type, second);
    printf("%s", PMIx_Value_comparison_string(PMIx_Value_compare(&one, &other)));
}

static void ask_value(pmix_data_type_t type, int which, int unused) {
    pmix_value_t value;
    (void) unused;
    value_of(&value, type, which);
    print_text(PMIx_Value_string(&value));
}

static void ask_info(pmix_data_type_t type, int which, int unused) {
    pmix_info_t info;
    (void) unused;
    PMIX_INFO_CONSTRUCT(&info);
    PMIX_LOAD_KEY(info.key, which == 0 ? PMIX_COLLECT_DATA : "a.key.of.mine");
    info.flags = which == 0 ? 0 : PMIX_INFO_REQD | PMIX_INFO_ARRAY_END;
    value_of(&info.value, type, which);
    print_text(PMIx_Info_string(&info));
}

static void ask(const char *words, void (*make)(pmix_data_type_t, int, int), pmix_data_type_t type, int one, int two) {
    int status;
    printf("%s type %u (%d, %d)", words, type, one, two);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        alarm(5);
        if (!freopen("/dev/null", "w", stderr)) _exit(1);
        printf(" = ");
        if (PMIx_server_init(NULL, NULL, 0) != PMIX_SUCCESS) _exit(1);
        make(type, one, two);
        putchar('\n');
        fflush(stdout);
        _exit(0);
    }
    waitpid(child, &status, 0);
    if (status != 0) printf(" crashes\n");
}

static void dump(void) {
    for (pmix_data_type_t type = 1; type <= LAST_TYPE; type++) {
        if (samples_of(type) == 0 || no_value_holds(type)) continue;
        for (int one = 0; one < 2; one++) {
            for (int two = 0; two < 2; two++) ask("compare", ask_compare, type, one, two);
            ask("value string of", ask_value, type, one, 0);
            ask("info string of", ask_info, type, one, 0);
        }
    }
    for (int cmp = 0; cmp < 8; cmp++)
        printf("comparison %d = %s\n", cmp, PMIx_Value_comparison_string((pmix_value_cmp_t) cmp));
}

static void check_comparisons(void) {
    pmix_value_t one, other;
    int equal = 0, types = 0;
    for (pmix_data_type_t type = 1; type <= LAST_TYPE; type++) {
        if (samples_of(type) == 0 || no_value_holds(type)) continue;
        value_of(&one, type, 0);
        value_of(&other, type, 0);
        types++;
        equal += PMIx_Value_compare(&one, &other) == PMIX_EQUAL;
        PMIX_VALUE_DESTRUCT(&one);
        PMIX_VALUE_DESTRUCT(&other);
    }
    is_int(equal, types, "a value of whatever type is equal to its like");
    for (int i = 0; i < 2; i++) {
        uint32_t numbers[] = {1, 256};
        PMIX_VALUE_LOAD(&one, &numbers[i], PMIX_UINT32);
        PMIX_VALUE_LOAD(&other, &numbers[1 - i], PMIX_UINT32);
        pmix_value_cmp_t expected = i == 0 ? PMIX_VALUE2_GREATER : PMIX_VALUE1_GREATER;
        is_int(PMIx_Value_compare(&one, &other), expected, "numbers are in order");
    }
    PMIX_VALUE_LOAD(&one, "abc", PMIX_STRING);
    is_int(PMIx_Value_compare(&one, &other), PMIX_VALUE_TYPE_DIFFERENT, "a string is no number");
    PMIX_VALUE_DESTRUCT(&other);
    PMIX_VALUE_LOAD(&other, "abd", PMIX_STRING);
    is_int(PMIx_Value_compare(&one, &other), PMIX_VALUE2_GREATER, "strings are in order");
    PMIX_VALUE_DESTRUCT(&other);
    other.type = PMIX_STRING;
    is_int(PMIx_Value_compare(&one, &other), PMIX_VALUE1_GREATER, "a string is more than none");
    PMIX_VALUE_DESTRUCT(&one);
    PMIX_VALUE_CONSTRUCT(&other);
    is_int(PMIx_Value_compare(&one, &other), PMIX_EQUAL, "nothing is equal to nothing");
}

static void check_texts(void) {
    pmix_value_t value;
    uint32_t number = 42;
    PMIX_VALUE_LOAD(&value, &number, PMIX_UINT32);
    char *text = PMIx_Value_string(&value);
    is_str(text, " PMIX_VALUE:  Data type: PMIX_UINT32\tValue: 42", "a value is described");
    free(text);
    value.type = 200;
    text = PMIx_Value_string(&value);
    ok(text != NULL && strstr(text, "UNPRINTABLE") != NULL, "... even of no known type");
    free(text);
    text = PMIx_Info_string(&sample_infos[1]);
    is_str(text, " KEY: PMIX_JOB_SIZE\n \t Data type: PMIX_INFO_DIRECTIVES\tValue: REQUIRED\n \t"
           " PMIX_VALUE:  Data type: PMIX_UINT32\tValue: 77", "an info is described by the name of its key");
    free(text);
    is_str(PMIx_Value_comparison_string(PMIX_EQUAL), "EQUAL", "comparisons have texts");
    is_str(PMIx_Value_comparison_string((pmix_value_cmp_t) 77), "UNKNOWN VALUE", "... all of them");
}

int main(int argc, char **argv) {
    setenv("TZ", "UTC", 1);
    setvbuf(stdout, NULL, _IOLBF, 0);
    samples_prepare();
    if (argc > 1 && strcmp(argv[1], "--dump") == 0) {
        dump();
        return 0;
    }
    check_comparisons();
    check_texts();
    return done_testing();
}
