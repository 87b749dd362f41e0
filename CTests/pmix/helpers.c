// Argv arrays, names of keys and processes, directives of infos, lists of infos: functions that release 4.2 lacks.
// Where its headers have an inline function or a macro for the same, that one is the judge.
// compare: nothing
#include "tap.h"

#include <limits.h>
#include <pmix.h>

static bool same_argv(char **one, char **other) {
    if (one == NULL || other == NULL) return one == other;
    for (int i = 0;; i++) {
        if (one[i] == NULL || other[i] == NULL) return one[i] == other[i];
        if (strcmp(one[i], other[i]) != 0) return false;
    }
}

static void check_splits(void) {
    static const char *const texts[] = {"", "a", "a,b", ",a", "a,", "a,,b", ",", ",,", "no delimiter", "a,,,e,", NULL};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const char *shown = texts[i] != NULL ? texts[i] : "NULL";
        char **ours[] = {PMIx_Argv_split(texts[i], ','), PMIx_Argv_split_with_empty(texts[i], ','),
                         PMIx_Argv_split_inter(texts[i], ',', false), PMIx_Argv_split_inter(texts[i], ',', true)};
        char **theirs[] = {pmix_argv_split(texts[i], ','), pmix_argv_split_with_empty(texts[i], ',')};
        ok(same_argv(ours[0], theirs[0]) && same_argv(ours[2], theirs[0]), "\"%s\" is split", shown);
        ok(same_argv(ours[1], theirs[1]) && same_argv(ours[3], theirs[1]), "... empty pieces and all");
        char *joined = PMIx_Argv_join(ours[1], ':'), *expected = pmix_argv_join(theirs[1], ':');
        is_str(joined, expected, "... and joined");
        free(joined);
        free(expected);
        for (int k = 0; k < 4; k++) PMIx_Argv_free(ours[k]);
        for (int k = 0; k < 2; k++) PMIx_Argv_free(theirs[k]);
    }
}

static void check_argv(void) {
    char **argv = NULL, *joined;
    is_int(PMIx_Argv_count(NULL), 0, "no array has no strings");
    is_int(PMIx_Argv_append_nosize(&argv, "b"), PMIX_SUCCESS, "a string makes an array");
    is_int(PMIx_Argv_append_nosize(&argv, "c"), PMIX_SUCCESS, "... another is appended");
    is_int(PMIx_Argv_prepend_nosize(&argv, "a"), PMIX_SUCCESS, "... one is prepended");
    is_int(PMIx_Argv_append_unique_nosize(&argv, "b"), PMIX_SUCCESS, "... one is there already");
    is_int(PMIx_Argv_append_unique_nosize(&argv, "d"), PMIX_SUCCESS, "... one is not");
    is_int(PMIx_Argv_count(argv), 4, "four strings");
    joined = PMIx_Argv_join(argv, ' ');
    is_str(joined, "a b c d", "... in order");
    char **copy = PMIx_Argv_copy(argv);
    ok(same_argv(copy, argv) && copy != argv && copy[0] != argv[0], "a copy is as deep as can be");
    PMIx_Argv_free(copy);
    PMIx_Argv_free(argv);
    free(joined);
    char *none[] = {NULL};
    copy = PMIx_Argv_copy(none);
    ok(copy != NULL && copy[0] == NULL, "the copy of an empty array is an empty array");
    PMIx_Argv_free(copy);
    argv = NULL;
    ok(PMIx_Argv_copy(NULL) == NULL && PMIx_Argv_split(NULL, ',') == NULL, "NULL stays NULL");
    is_int(PMIx_Argv_append_nosize(NULL, "a"), PMIX_ERR_BAD_PARAM, "nothing is appended to nothing");
    is_int(PMIx_Argv_append_nosize(&argv, NULL), PMIX_ERR_BAD_PARAM, "... nor nothing to anything");
    is_int(PMIx_Argv_prepend_nosize(NULL, NULL), PMIX_ERR_BAD_PARAM, "... nor before it");
    is_int(PMIx_Argv_append_unique_nosize(NULL, NULL), PMIX_ERR_BAD_PARAM, "... nor once");
    ok(argv == NULL, "... and nothing was made");
    PMIx_Argv_free(NULL);
}

static void check_setenv(void) {
    char **env = NULL, *huge = malloc(100001);
    is_int(PMIx_Setenv("NAME", "value", false, &env), PMIX_SUCCESS, "a variable makes an environment");
    is_str(env[0], "NAME=value", "... of its own form");
    is_int(PMIx_Setenv("NAME", "other", false, &env), PMIX_ERR_EXISTS, "it is not overwritten unasked");
    is_str(env[0], "NAME=value", "... and stays");
    is_int(PMIx_Setenv("NAME", "other", true, &env), PMIX_SUCCESS, "... but when asked to");
    is_str(env[0], "NAME=other", "... it goes");
    is_int(PMIx_Setenv("NAME2", NULL, true, &env), PMIX_SUCCESS, "a variable needs no value");
    is_str(env[1], "NAME2=", "... and then has an empty one");
    is_int(PMIx_Argv_count(env), 2, "two variables");
    memset(huge, 'x', 100000);
    huge[100000] = '\0';
    is_int(PMIx_Setenv("HUGE", huge, true, &env), PMIX_SUCCESS, "a value may be as long as it likes");
    is_int(strlen(env[2]), 100005, "... and is there");
    is_int(PMIx_Setenv(NULL, "value", true, &env), PMIX_ERR_BAD_PARAM, "no name");
    is_int(PMIx_Setenv("NAME", "value", true, NULL), PMIX_ERR_BAD_PARAM, "no environment");
    PMIx_Argv_free(env);
    free(huge);
    is_int(PMIx_Setenv("MUSTER_HELPER", "1", false, &environ), PMIX_SUCCESS, "the process's own environment");
    is_str(getenv("MUSTER_HELPER"), "1", "... is changed");
    is_int(PMIx_Setenv("MUSTER_HELPER", "2", false, &environ), PMIX_SUCCESS, "... where what is there is no error");
    is_str(getenv("MUSTER_HELPER"), "1", "... and stays");
    is_int(PMIx_Setenv("MUSTER_HELPER", NULL, true, &environ), PMIX_SUCCESS, "... and no value");
    ok(getenv("MUSTER_HELPER") == NULL, "... removes it");
}

static void check_names(void) {
    static char name[600];
    struct { pmix_key_t key; char after; } key = {.after = 'x'};
    struct { pmix_nspace_t nspace; char after; } nspace = {.after = 'x'};
    pmix_proc_t proc, other;
    memset(name, 'n', sizeof name - 1);
    memset(key.key, 'z', sizeof key.key);
    PMIx_Load_key(key.key, "a.key");
    int zeros = 0;
    for (size_t i = 5; i < sizeof key.key; i++) zeros += key.key[i] == 0;
    ok(strcmp(key.key, "a.key") == 0 && zeros == PMIX_MAX_KEYLEN + 1 - 5, "a key is loaded to the end of its field");
    PMIx_Load_key(key.key, name);
    ok(strlen(key.key) == PMIX_MAX_KEYLEN && key.after == 'x', "... and cut there");
    PMIx_Load_key(key.key, NULL);
    ok(key.key[0] == 0, "... and emptied");
    PMIx_Load_nspace(nspace.nspace, name);
    ok(strlen(nspace.nspace) == PMIX_MAX_NSLEN && nspace.after == 'x', "a namespace is cut at the end of its field");
    PMIx_Load_procid(&proc, "some.nspace", 3);
    ok(strcmp(proc.nspace, "some.nspace") == 0 && proc.rank == 3, "a process is loaded");
    PMIx_Xfer_procid(&other, &proc);
    ok(memcmp(&proc, &other, sizeof proc) == 0, "... and copied");
    ok(PMIx_Check_procid(&proc, &other), "... and is itself");
    other.rank = 4;
    ok(!PMIx_Check_procid(&proc, &other), "... and no other rank");
    other.rank = PMIX_RANK_WILDCARD;
    ok(PMIx_Check_procid(&proc, &other) && PMIx_Check_procid(&other, &proc), "... but any rank");
    PMIx_Load_nspace(other.nspace, "other");
    ok(!PMIx_Check_procid(&proc, &other), "... of its own namespace");
    PMIx_Load_nspace(other.nspace, NULL);
    ok(PMIx_Check_procid(&proc, &other), "... or of any");
    ok(PMIx_Check_nspace("a", "a") && PMIx_Check_nspace("a", "") && PMIx_Check_nspace(NULL, "a"), "namespaces match");
    ok(!PMIx_Check_nspace("a", "ab"), "... or do not");
    ok(PMIx_Check_rank(1, 1) && PMIx_Check_rank(PMIX_RANK_WILDCARD, 1) && !PMIx_Check_rank(1, 2), "ranks match or not");
    ok(PMIx_Check_key("pmix.rank", PMIX_RANK) && !PMIx_Check_key("pmix.rank", "pmix.ran"), "keys are the same or not");
    ok(PMIx_Check_reserved_key("pmix.x") && !PMIx_Check_reserved_key("pmi.x"), "some keys are the library's");
    ok(PMIx_Nspace_invalid("") && PMIx_Nspace_invalid(NULL) && !PMIx_Nspace_invalid("a"), "no namespace is no name");
    ok(!PMIx_Procid_invalid(&proc), "a process is valid");
    proc.rank = PMIX_RANK_INVALID;
    ok(PMIx_Procid_invalid(&proc), "... but not with the invalid rank");
    ok(PMIx_Procid_invalid(NULL), "... nor without anything");
    ok(PMIx_Rank_valid(0) && PMIx_Rank_valid(PMIX_RANK_VALID - 1), "ranks are valid");
    ok(!PMIx_Rank_valid(PMIX_RANK_VALID) && !PMIx_Rank_valid(PMIX_RANK_UNDEF), "... reserved ones are not");
    ok(!PMIx_Check_key(NULL, "a") && !PMIx_Check_key("a", NULL) && !PMIx_Check_reserved_key(NULL), "no key is no key");
    ok(!PMIx_Check_procid(NULL, &proc) && !PMIx_Check_procid(&proc, NULL), "no process is no process");
    PMIx_Load_key(NULL, "a");
    PMIx_Load_nspace(NULL, "a");
    PMIx_Load_procid(NULL, "a", 0);
    PMIx_Xfer_procid(NULL, &proc);
    PMIx_Xfer_procid(&proc, NULL);
}

static void check_clusters(void) {
    static char name[PMIX_MAX_NSLEN + 1];
    pmix_nspace_t target, cluster, nspace, expected;
    PMIx_Load_nspace(cluster, "cluster");
    PMIx_Load_nspace(nspace, "job");
    PMIx_Multicluster_nspace_construct(target, cluster, nspace);
    PMIX_MULTICLUSTER_NSPACE_CONSTRUCT(expected, cluster, nspace);
    is_str(target, "cluster:job", "a namespace spans clusters");
    ok(memcmp(target, expected, sizeof target) == 0, "... as the macro has it");
    memset(cluster, 'z', sizeof cluster);
    memset(nspace, 'z', sizeof nspace);
    PMIx_Multicluster_nspace_parse(target, cluster, nspace);
    is_str(cluster, "cluster", "... and is taken apart");
    is_str(nspace, "job", "... both of it");
    PMIx_Load_nspace(target, "alone");
    PMIx_Multicluster_nspace_parse(target, cluster, nspace);
    ok(strcmp(cluster, "alone") == 0 && nspace[0] == 0, "a name alone is a cluster");
    memset(name, 'n', PMIX_MAX_NSLEN);
    PMIx_Multicluster_nspace_construct(target, name, nspace);
    ok(target[0] == 0, "what does not fit stays empty");
    PMIx_Multicluster_nspace_construct(NULL, cluster, nspace);
    PMIx_Multicluster_nspace_parse(target, NULL, NULL);
    PMIx_Multicluster_nspace_parse(NULL, cluster, nspace);
    ok(cluster[0] == 0 && nspace[0] == 0, "nothing is taken apart into nothing");
}

static void check_flags(void) {
    static const struct {
        void (*set)(pmix_info_t *);
        bool (*has)(const pmix_info_t *);
        pmix_info_directives_t bit;
    } flags[] = {{PMIx_Info_required, PMIx_Info_is_required, PMIX_INFO_REQD},
                 {PMIx_Info_processed, PMIx_Info_was_processed, PMIX_INFO_REQD_PROCESSED},
                 {PMIx_Info_set_end, PMIx_Info_is_end, PMIX_INFO_ARRAY_END},
                 {PMIx_Info_qualifier, PMIx_Info_is_qualifier, PMIX_INFO_QUALIFIER},
                 {PMIx_Info_persistent, PMIx_Info_is_persistent, PMIX_INFO_PERSISTENT}};
    pmix_info_t info;
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        PMIX_INFO_CONSTRUCT(&info);
        ok(!flags[i].has(&info), "flag %u is not set", flags[i].bit);
        flags[i].set(&info);
        ok(flags[i].has(&info) && info.flags == flags[i].bit, "... and then is, alone");
        info.flags = ~flags[i].bit;
        ok(!flags[i].has(&info), "... and is no other");
        ok(!flags[i].has(NULL), "... and nothing has it");
        flags[i].set(NULL);
    }
    info.flags = PMIX_INFO_REQD | PMIX_INFO_ARRAY_END;
    ok(!PMIx_Info_is_optional(&info), "what is required is not optional");
    PMIx_Info_optional(&info);
    ok(PMIx_Info_is_optional(&info) && info.flags == PMIX_INFO_ARRAY_END, "... until it is");
    PMIx_Info_optional(NULL);
    ok(!PMIx_Info_is_optional(NULL), "nothing is nothing");
}

static uint32_t number_of(void *list, const char *key) {
    void *next = NULL;
    pmix_info_t *info = PMIx_Info_list_get_info(list, NULL, &next);
    for (; info != NULL; info = next != NULL ? PMIx_Info_list_get_info(list, next, &next) : NULL)
        if (PMIX_CHECK_KEY(info, key)) return info->value.type == PMIX_UINT32 ? info->value.data.uint32 : 1000;
    return 2000;
}

static void check_lists(void) {
    void *list = PMIx_Info_list_start(), *next = &next;
    uint32_t one = 1, two = 2, three = 3;
    pmix_value_t value;
    pmix_info_t info, lent;
    pmix_data_array_t array;
    ok(PMIx_Info_list_get_info(list, NULL, &next) == NULL && next == NULL, "an empty list has no first info");
    is_int(PMIx_Info_list_get_size(list), 0, "... and no size");
    is_int(PMIx_Info_list_add(list, "b", &one, PMIX_UINT32), PMIX_SUCCESS, "one is added");
    PMIX_VALUE_LOAD(&value, &two, PMIX_UINT32);
    is_int(PMIx_Info_list_add_value(list, "c", &value), PMIX_SUCCESS, "a value is added");
    is_int(PMIx_Info_list_prepend(list, "a", "text", PMIX_STRING), PMIX_SUCCESS, "one is put before them");
    is_int(PMIx_Info_list_get_size(list), 3, "three infos");
    pmix_info_t *found = PMIx_Info_list_get_info(list, NULL, &next);
    ok(found != NULL && PMIX_CHECK_KEY(found, "a") && next != NULL, "the first is the one before");
    found = PMIx_Info_list_get_info(list, next, &next);
    ok(found != NULL && PMIX_CHECK_KEY(found, "b") && next != NULL, "... then the second");
    found = PMIx_Info_list_get_info(list, next, &next);
    ok(found != NULL && PMIX_CHECK_KEY(found, "c") && next == NULL, "... then the last");
    is_int(PMIx_Info_list_add_unique(list, "b", &three, PMIX_UINT32, false), PMIX_SUCCESS, "a key that is there");
    is_int(number_of(list, "b"), 1, "... keeps its value");
    is_int(PMIx_Info_list_add_unique(list, "b", &three, PMIX_UINT32, true), PMIX_SUCCESS, "... unless told otherwise");
    is_int(number_of(list, "b"), 3, "... and then has another");
    is_int(PMIx_Info_list_add_value_unique(list, "b", &value, false), PMIX_SUCCESS, "the same with a value");
    is_int(number_of(list, "b"), 3, "... that is not wanted");
    is_int(PMIx_Info_list_add_value_unique(list, "b", &value, true), PMIX_SUCCESS, "... that is");
    is_int(number_of(list, "b"), 2, "... and is there");
    PMIX_INFO_LOAD(&info, "a", &three, PMIX_UINT32);
    is_int(PMIx_Info_list_xfer_unique(list, &info, false), PMIX_SUCCESS, "the same with an info");
    is_int(number_of(list, "a"), 1000, "... that is not wanted");
    is_int(PMIx_Info_list_xfer_unique(list, &info, true), PMIX_SUCCESS, "... that is");
    is_int(number_of(list, "a"), 3, "... and is there");
    is_int(PMIx_Info_list_get_size(list), 3, "still three infos");
    is_int(PMIx_Info_list_add_unique(list, "d", &one, PMIX_UINT32, false), PMIX_SUCCESS, "a new key is added");
    is_int(PMIx_Info_list_add_value_unique(list, "e", &value, false), PMIX_SUCCESS, "... with a value");
    PMIX_LOAD_KEY(info.key, "f");
    is_int(PMIx_Info_list_xfer_unique(list, &info, false), PMIX_SUCCESS, "... and an info");
    PMIX_INFO_LOAD(&lent, "g", "lent", PMIX_STRING);
    is_int(PMIx_Info_list_insert(list, &lent), PMIX_SUCCESS, "a lent value is inserted");
    is_int(PMIx_Info_list_add_unique(list, "g", &two, PMIX_UINT32, true), PMIX_SUCCESS, "... and replaced");
    is_str(lent.value.data.string, "lent", "... but not freed");
    PMIX_INFO_DESTRUCT(&lent);
    is_int(PMIx_Info_list_get_size(list), 7, "seven infos");
    is_int(PMIx_Info_list_convert(list, &array), PMIX_SUCCESS, "they become an array");
    is_int(array.size, 7, "... of seven");
    PMIX_DATA_ARRAY_DESTRUCT(&array);
    is_int(PMIx_Info_list_add_value(list, "x", NULL), PMIX_ERR_BAD_PARAM, "no value is added");
    is_int(PMIx_Info_list_add_value(list, NULL, &value), PMIX_ERR_BAD_PARAM, "... nor under no key");
    is_int(PMIx_Info_list_prepend(list, NULL, &one, PMIX_UINT32), PMIX_ERR_BAD_PARAM, "... nor before");
    is_int(PMIx_Info_list_add_unique(list, NULL, &one, PMIX_UINT32, true), PMIX_ERR_BAD_PARAM, "... nor once");
    is_int(PMIx_Info_list_xfer_unique(list, NULL, true), PMIX_ERR_BAD_PARAM, "... nor no info");
    is_int(PMIx_Info_list_get_size(list), 7, "... so that there are seven");
    PMIx_Info_list_release(list);
    is_int(PMIx_Info_list_prepend(NULL, "a", &one, PMIX_UINT32), PMIX_ERR_BAD_PARAM, "without a list");
    is_int(PMIx_Info_list_add_value(NULL, "a", &value), PMIX_ERR_BAD_PARAM, "... nothing");
    is_int(PMIx_Info_list_add_unique(NULL, "a", &one, PMIX_UINT32, true), PMIX_ERR_BAD_PARAM, "... is");
    is_int(PMIx_Info_list_add_value_unique(NULL, "a", &value, true), PMIX_ERR_BAD_PARAM, "... added");
    is_int(PMIx_Info_list_xfer_unique(NULL, &info, true), PMIX_ERR_BAD_PARAM, "... at all");
    ok(PMIx_Info_list_get_info(NULL, NULL, NULL) == NULL && PMIx_Info_list_get_size(NULL) == 0, "... nor found");
}

int main(void) {
    check_splits();
    check_argv();
    check_setenv();
    check_names();
    check_clusters();
    check_flags();
    check_lists();
    return done_testing();
}
