// The macros and inline functions for strings, argv arrays, environments, keys, namespaces, ranks and processes.
// Like its neighbours macros_*.c it is compiled with our headers and with the original's, as C and as C++, and run on
// either library: locks.sh does that.
#include <pmix.h>

#include "tap.h"

static void strings(void) {
    char text[8];
    memset(text, 'x', sizeof(text));
    pmix_strncpy(text, "abcdefghij", 7);
    is_str(text, "abcdefg", "pmix_strncpy cuts at the length and ends the text");
    pmix_strncpy(text, "ab", 7);
    is_str(text, "ab", "pmix_strncpy copies a short text");
    is_int(text[3], 'd', "pmix_strncpy leaves what is behind the end alone");
    is_int(pmix_keylen(NULL), 0, "pmix_keylen of NULL is 0");
    is_int(pmix_keylen(PMIX_RANK), 9, "pmix_keylen counts a key");
    char full[2 * PMIX_MAX_KEYLEN];
    memset(full, 'k', sizeof(full));
    is_int(pmix_keylen(full), PMIX_MAX_KEYLEN + 1, "pmix_keylen stops behind the longest key");
    is_int(pmix_nslen(full), PMIX_MAX_NSLEN + 1, "pmix_nslen stops behind the longest namespace");
    is_int(pmix_nslen("ns"), 2, "pmix_nslen counts a namespace");
    unsigned char *block = (unsigned char *) pmix_calloc(4, 8);
    ok(NULL != block && 0 == block[31], "pmix_calloc gives zeroed memory");
    pmix_free(block);
    block = (unsigned char *) pmix_malloc(32);
    ok(NULL != block, "pmix_malloc gives memory");
    pmix_free(block);
}

static void argv_grows(void) {
    char **argv = NULL;
    pmix_status_t rc;
    int count;
    PMIX_ARGV_COUNT(count, argv);
    is_int(count, 0, "a NULL argv has no elements");
    PMIX_ARGV_APPEND(rc, argv, "b");
    is_int(rc, PMIX_SUCCESS, "PMIX_ARGV_APPEND to nothing");
    PMIX_ARGV_APPEND(rc, argv, "c");
    PMIX_ARGV_PREPEND(rc, argv, "a");
    is_int(rc, PMIX_SUCCESS, "PMIX_ARGV_PREPEND");
    PMIX_ARGV_APPEND_UNIQUE(rc, &argv, "b");
    is_int(rc, PMIX_SUCCESS, "PMIX_ARGV_APPEND_UNIQUE of what is there");
    PMIX_ARGV_COUNT(count, argv);
    is_int(count, 3, "... adds nothing");
    PMIX_ARGV_APPEND_UNIQUE(rc, &argv, "d");
    char *joined;
    PMIX_ARGV_JOIN(joined, argv, ',');
    is_str(joined, "a,b,c,d", "the elements stand in order");
    free(joined);
    char **copy;
    PMIX_ARGV_COPY(copy, argv);
    ok(copy != argv && copy[0] != argv[0], "PMIX_ARGV_COPY copies the strings too");
    PMIX_ARGV_JOIN(joined, copy, ';');
    is_str(joined, "a;b;c;d", "... all of them");
    free(joined);
    PMIX_ARGV_FREE(copy);
    PMIX_ARGV_FREE(argv);
    argv = NULL;
    PMIX_ARGV_PREPEND(rc, argv, "only");
    ok(PMIX_SUCCESS == rc && 0 == strcmp(argv[0], "only") && NULL == argv[1], "PMIX_ARGV_PREPEND to nothing");
    PMIX_ARGV_FREE(argv);
    PMIX_ARGV_COPY(copy, NULL);
    ok(NULL == copy, "PMIX_ARGV_COPY of NULL is NULL");
    PMIX_ARGV_FREE(copy);
    char *none[1] = {NULL};
    PMIX_ARGV_COPY(copy, none);
    ok(NULL != copy && NULL == copy[0], "PMIX_ARGV_COPY of an empty argv is an empty argv");
    PMIX_ARGV_FREE(copy);
    PMIX_ARGV_JOIN(joined, NULL, ',');
    is_str(joined, "", "PMIX_ARGV_JOIN of nothing is an empty string");
    free(joined);
}

// Joins the pieces with '|', closing each, so that empty ones show.
static void splits_to(const char *text, bool with_empty, const char *expected) {
    char shown[128] = "";
    char **argv;
    if (with_empty) {
        argv = pmix_argv_split_with_empty(text, ',');
    } else {
        PMIX_ARGV_SPLIT(argv, text, ',');
    }
    for (int i = 0; NULL != argv && NULL != argv[i]; i++) {
        strcat(shown, argv[i]);
        strcat(shown, "|");
    }
    is_str(shown, expected, "\"%s\" split, %s empty pieces", NULL == text ? "(null)" : text,
           with_empty ? "with" : "without");
    if ('\0' == *expected) {
        ok(NULL == argv, "... which is a NULL argv");
    }
    PMIX_ARGV_FREE(argv);
}

static void argv_splits(void) {
    splits_to("a,b,c", false, "a|b|c|");
    splits_to(",a,,b,", false, "a|b|");
    splits_to(",a,,b,", true, "|a||b|");
    splits_to("one", true, "one|");
    splits_to("", true, "");
    splits_to(NULL, false, "");
    splits_to(",,", false, "");
    char long_text[1400];
    memset(long_text, 'x', sizeof(long_text));
    long_text[700] = ',';
    long_text[1399] = '\0';
    char **argv = pmix_argv_split_inter(long_text, ',', false);
    ok(NULL != argv && 700 == strlen(argv[0]) && 698 == strlen(argv[1]) && NULL == argv[2], "long pieces stay whole");
    PMIX_ARGV_FREE(argv);
}

// The functions under their own names, as programs call them too.
static void argv_functions(void) {
    char **argv = pmix_argv_split("b:c", ':');
    is_int(pmix_argv_count(argv), 2, "pmix_argv_split and pmix_argv_count");
    is_int(pmix_argv_prepend_nosize(&argv, "a"), PMIX_SUCCESS, "pmix_argv_prepend_nosize");
    is_int(pmix_argv_append_nosize(&argv, "d"), PMIX_SUCCESS, "pmix_argv_append_nosize");
    is_int(pmix_argv_append_unique_nosize(&argv, "a"), PMIX_SUCCESS, "pmix_argv_append_unique_nosize");
    char **copy = pmix_argv_copy(argv), *joined = pmix_argv_join(copy, '-');
    is_str(joined, "a-b-c-d", "pmix_argv_copy and pmix_argv_join");
    pmix_free(joined);
    pmix_argv_free(copy);
    pmix_argv_free(argv);
}

static void environments(void) {
    char **env = NULL;
    pmix_status_t rc;
    PMIX_SETENV(rc, "A", "1", &env);
    is_int(rc, PMIX_SUCCESS, "PMIX_SETENV in an empty environment");
    PMIX_SETENV(rc, "AB", "2", &env);
    PMIX_SETENV(rc, "A", "3", &env);
    is_int(rc, PMIX_SUCCESS, "PMIX_SETENV of a name that is there");
    ok(NULL != env && 0 == strcmp(env[0], "A=3") && 0 == strcmp(env[1], "AB=2") && NULL == env[2], "... replaces it");
    is_int(pmix_setenv("A", "4", false, &env), PMIX_ERR_EXISTS, "pmix_setenv without overwriting");
    is_str(env[0], "A=3", "... leaves the old value");
    is_int(pmix_setenv("C", NULL, true, &env), PMIX_SUCCESS, "pmix_setenv of NULL");
    is_str(env[2], "C=", "... sets an empty value");
    is_int(pmix_setenv("A", "1", true, NULL), PMIX_ERR_BAD_PARAM, "pmix_setenv without an environment");
    char *huge = (char *) malloc(100001);
    memset(huge, 'h', 100000);
    huge[100000] = '\0';
    is_int(pmix_setenv("H", huge, true, &env), PMIX_ERR_BAD_PARAM, "pmix_setenv refuses 100000 characters");
    free(huge);
    PMIX_ARGV_FREE(env);
    is_int(pmix_setenv("MUSTER_MACROS", "here", true, &environ), PMIX_SUCCESS, "pmix_setenv in the own environment");
    is_str(getenv("MUSTER_MACROS"), "here", "... sets it");
    is_int(pmix_setenv("MUSTER_MACROS", "there", false, &environ), PMIX_SUCCESS, "... and reports no old value");
    is_str(getenv("MUSTER_MACROS"), "here", "... but respects it");
    is_int(pmix_setenv("MUSTER_MACROS", NULL, true, &environ), PMIX_SUCCESS, "... NULL");
    ok(NULL == getenv("MUSTER_MACROS"), "... removes it");
}

static void keys_and_nspaces(void) {
    pmix_info_t info;
    memset(&info, 'x', sizeof(info));
    PMIX_LOAD_KEY(info.key, "pmix.rank");
    ok(PMIX_CHECK_KEY(&info, PMIX_RANK), "PMIX_LOAD_KEY sets what PMIX_CHECK_KEY finds");
    ok(!PMIX_CHECK_KEY(&info, PMIX_LOCAL_RANK), "PMIX_CHECK_KEY tells keys apart");
    is_int(info.key[PMIX_MAX_KEYLEN], 0, "PMIX_LOAD_KEY pads to the end");
    const char *no_key = NULL;
    PMIX_LOAD_KEY(info.key, no_key);
    is_int(info.key[0], 0, "PMIX_LOAD_KEY of NULL empties the key");
    ok(PMIX_CHECK_RESERVED_KEY("pmix.anything"), "keys of the library are reserved");
    ok(!PMIX_CHECK_RESERVED_KEY("my.pmix"), "other keys are not");
    pmix_nspace_t a, b;
    memset(a, 'x', sizeof(a));
    PMIX_LOAD_NSPACE(a, "job");
    is_str(a, "job", "PMIX_LOAD_NSPACE sets a namespace");
    is_int(a[PMIX_MAX_NSLEN], 0, "... padded to the end");
    PMIX_LOAD_NSPACE(b, "job2");
    ok(!PMIX_CHECK_NSPACE(a, b), "PMIX_CHECK_NSPACE tells namespaces apart");
    ok(PMIX_CHECK_NSPACE(a, "job"), "... and finds equal ones");
    const char *nobody = NULL;
    PMIX_LOAD_NSPACE(b, nobody);
    ok(PMIX_CHECK_NSPACE(a, b) && PMIX_CHECK_NSPACE(nobody, a), "... and an empty or NULL one matches any");
    ok(PMIX_NSPACE_INVALID(b) && PMIX_NSPACE_INVALID(nobody), "an empty or NULL namespace is invalid");
    ok(!PMIX_NSPACE_INVALID(a), "another is not");
    pmix_nspace_t joined, cluster = {0}, nspace = {0};
    PMIX_MULTICLUSTER_NSPACE_CONSTRUCT(joined, "east", "job.7");
    is_str(joined, "east:job.7", "PMIX_MULTICLUSTER_NSPACE_CONSTRUCT joins cluster and namespace");
    PMIX_MULTICLUSTER_NSPACE_PARSE(joined, cluster, nspace);
    is_str(cluster, "east", "PMIX_MULTICLUSTER_NSPACE_PARSE finds the cluster");
    is_str(nspace, "job.7", "... and the namespace");
    char wide[PMIX_MAX_NSLEN + 1];
    memset(wide, 'w', PMIX_MAX_NSLEN);
    wide[PMIX_MAX_NSLEN] = '\0';
    PMIX_MULTICLUSTER_NSPACE_CONSTRUCT(joined, wide, "n");
    is_str(joined, "", "what does not fit leaves it empty");
    memset(wide, 'w', PMIX_MAX_NSLEN - 2);
    wide[PMIX_MAX_NSLEN - 2] = '\0';
    PMIX_MULTICLUSTER_NSPACE_CONSTRUCT(joined, wide, "n");
    is_int(strlen(joined), PMIX_MAX_NSLEN, "what just fits is there whole");
}

static void ranks_and_procs(void) {
    ok(PMIX_RANK_IS_VALID(0) && PMIX_RANK_IS_VALID(PMIX_RANK_VALID - 1), "ranks below the limit are valid");
    ok(!PMIX_RANK_IS_VALID(PMIX_RANK_WILDCARD) && !PMIX_RANK_IS_VALID(PMIX_RANK_LOCAL_PEERS), "the named ones are not");
    ok(PMIX_CHECK_RANK(3, 3) && !PMIX_CHECK_RANK(3, 4), "PMIX_CHECK_RANK compares");
    ok(PMIX_CHECK_RANK(3, PMIX_RANK_WILDCARD) && PMIX_CHECK_RANK(PMIX_RANK_WILDCARD, 4), "the wildcard matches any");
    ok(PMIX_SYSTEM_EVENT(PMIX_EVENT_NODE_DOWN) && PMIX_SYSTEM_EVENT(PMIX_EVENT_SYS_BASE)
           && PMIX_SYSTEM_EVENT(PMIX_EVENT_SYS_OTHER), "events of the system are such");
    ok(!PMIX_SYSTEM_EVENT(PMIX_ERR_JOB_ABORTED) && !PMIX_SYSTEM_EVENT(PMIX_EVENT_ACTION_COMPLETE), "others are not");
    pmix_proc_t a, b = PMIX_PROC_STATIC_INIT;
    ok('\0' == b.nspace[0] && PMIX_RANK_UNDEF == b.rank, "PMIX_PROC_STATIC_INIT names nobody");
    memset(&a, 'x', sizeof(a));
    PMIX_PROC_CONSTRUCT(&a);
    ok('\0' == a.nspace[0] && 0 == a.rank, "PMIX_PROC_CONSTRUCT empties");
    PMIX_PROC_LOAD(&a, "job", 5);
    PMIX_LOAD_PROCID(&b, "job", PMIX_RANK_WILDCARD);
    ok(0 == strcmp(a.nspace, "job") && 5 == a.rank, "PMIX_PROC_LOAD sets both");
    ok(PMIX_CHECK_PROCID(&a, &b), "a wildcard rank matches the process");
    PMIX_XFER_PROCID(&b, &a);
    ok(0 == memcmp(&a, &b, sizeof(a)), "PMIX_XFER_PROCID copies");
    b.rank = 6;
    ok(!PMIX_CHECK_PROCID(&a, &b), "another rank does not match");
    PMIX_PROCID_XFER(&b, &a);
    ok(PMIX_CHECK_PROCID(&a, &b), "PMIX_PROCID_XFER copies as well");
    PMIX_LOAD_PROCID(&b, "other", 5);
    ok(!PMIX_CHECK_PROCID(&a, &b), "another namespace does not match");
    ok(!PMIX_PROCID_INVALID(&a), "a named process is valid");
    b.rank = PMIX_RANK_INVALID;
    ok(PMIX_PROCID_INVALID(&b), "an invalid rank is not");
    PMIX_PROC_CONSTRUCT(&b);
    ok(PMIX_PROCID_INVALID(&b), "an empty namespace is not");
    PMIX_PROC_DESTRUCT(&b);
    pmix_proc_t *procs;
    PMIX_PROC_CREATE(procs, 3);
    ok(NULL != procs && '\0' == procs[2].nspace[0], "PMIX_PROC_CREATE makes an array");
    PMIX_PROC_FREE(procs, 3);
    ok(NULL == procs, "PMIX_PROC_FREE forgets it");
    PMIX_PROC_CREATE(procs, 0);
    ok(NULL == procs, "PMIX_PROC_CREATE of none is NULL");
    PMIX_PROC_CREATE(procs, 1);
    PMIX_PROC_RELEASE(procs);
    ok(NULL == procs, "PMIX_PROC_RELEASE forgets one");
}

int main(void) {
    strings();
    argv_grows();
    argv_splits();
    argv_functions();
    environments();
    keys_and_nspaces();
    ranks_and_procs();
    return done_testing();
}
