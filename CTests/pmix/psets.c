// Process sets, which a host defines, and what queries tell about them and about groups.
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"

#include "groups.h"

static pmix_status_t ask(const char *key, const char *qualifier, const char *name, pmix_value_t *answer) {
    pmix_query_t *query;
    pmix_info_t *results = NULL;
    size_t n = 0;
    PMIX_QUERY_CREATE(query, 1);
    query->keys = calloc(2, sizeof *query->keys);
    query->keys[0] = strdup(key);
    if (qualifier) {
        PMIX_QUERY_QUALIFIERS_CREATE(query, 1);
        PMIX_INFO_LOAD(&query->qualifiers[0], qualifier, name, PMIX_STRING);
    }
    pmix_status_t rc = PMIx_Query_info(query, 1, &results, &n);
    PMIX_QUERY_FREE(query, 1);
    if (rc == PMIX_SUCCESS && n == 0) rc = PMIX_ERR_NOT_FOUND;
    if (rc == PMIX_SUCCESS) PMIx_Value_xfer(answer, &results[0].value);
    if (results) PMIX_INFO_FREE(results, n);
    return rc;
}

static void expect_count(const char *key, size_t expected, const char *what) {
    pmix_value_t value = {.type = PMIX_UNDEF};
    if (check_int(ask(key, NULL, NULL, &value), PMIX_SUCCESS, "%s", what))
        check(value.type == PMIX_SIZE && value.data.size == expected, "%s: how many", what);
    PMIX_VALUE_DESTRUCT(&value);
}

static void expect_members(
    const char *key, const char *qualifier, const char *name, size_t expected, const char *what) {
    pmix_value_t value = {.type = PMIX_UNDEF};
    if (check_int(ask(key, qualifier, name, &value), PMIX_SUCCESS, "%s", what))
        check(value.type == PMIX_DATA_ARRAY && value.data.darray->type == PMIX_PROC &&
                value.data.darray->size == expected, "%s: the members", what);
    PMIX_VALUE_DESTRUCT(&value);
}

static void curious(void) {
    pmix_value_t value = {.type = PMIX_UNDEF};
    client_start();
    check_int(construct((struct wish){.name = "one"}), PMIX_SUCCESS, "a group");
    check_int(construct((struct wish){.name = "two"}), PMIX_SUCCESS, "another group");
    expect_count(PMIX_QUERY_NUM_GROUPS, 2, "GROUP-18 the number of groups");
    expect_members(PMIX_QUERY_GROUP_MEMBERSHIP, PMIX_GROUP_ID, "one", 2, "GROUP-18 who is in a group");
    check(ask(PMIX_QUERY_GROUP_MEMBERSHIP, PMIX_GROUP_ID, "three", &value) != PMIX_SUCCESS, "GROUP-18 if it exists");
    if (check_int(ask(PMIX_QUERY_GROUP_NAMES, NULL, NULL, &value), PMIX_SUCCESS, "GROUP-18 the names of groups"))
        check(value.type == PMIX_DATA_ARRAY && value.data.darray->size == 2 &&
                strcmp(((char **) value.data.darray->array)[0], "one") == 0, "GROUP-18 in order");
    PMIX_VALUE_DESTRUCT(&value);
    expect_count(PMIX_QUERY_NUM_PSETS, 2, "PSET-3 the number of process sets");
    expect_members(PMIX_QUERY_PSET_MEMBERSHIP, PMIX_PSET_NAME, "left", 1, "PSET-3 who is in a process set");
    if (check_int(ask(PMIX_QUERY_PSET_NAMES, NULL, NULL, &value), PMIX_SUCCESS, "PSET-3 the names of process sets"))
        check(value.type == PMIX_STRING && strcmp(value.data.string, "both,left") == 0, "PSET-3 in order");
    PMIX_VALUE_DESTRUCT(&value);
    client_stop();
}

static void watcher(void) {
    client_start();
    listen_for(PMIX_PROCESS_SET_DEFINE);
    listen_for(PMIX_PROCESS_SET_DELETE);
    client_say("in");
    await("-55 both+0+1;", "PSET-1 a process set is told to who listens");
    await("-56 both;", "PSET-2 and its end");
    client_round_trip();
    check_int(heard_count("-55 both+0+1;"), 1, "PSET-1 once");
    client_stop();
}

static void latecomer(void) {
    client_start();
    client_round_trip();
    listen_for(PMIX_PROCESS_SET_DEFINE);
    await("-55 both+0+1;", "PSET-1 a process set is told to who listens later");
    client_stop();
}

// ---- hosts

static void define(const char *name, uint32_t count) {
    pmix_proc_t procs[4];
    for (uint32_t rank = 0; rank < count; rank++) PMIX_LOAD_PROCID(&procs[rank], "testns", rank);
    pmix_status_t rc = PMIx_server_define_process_set(procs, count, name);
    ok(rc == PMIX_SUCCESS || rc == PMIX_OPERATION_SUCCEEDED, "PSET-1 a process set is defined");
}

static void asking(void) {
    if (!start_with(2, 0, LATER, PMIX_SUCCESS)) return;
    define("left", 1);
    define("both", 1);
    define("both", 2);
    launch("curious", 2);
    host_report();
    host_stop();
}

static void sets(void) {
    char both[] = "both", none[] = "nothing";
    if (!start_with(2, 0, LATER, PMIX_SUCCESS)) return;
    int client = host_launch("testns", 0, "watcher");
    ok(host_hear(client, "in"), "a rank listens");
    define("both", 2);
    int late = host_launch("testns", 1, "latecomer");
    ok(host_wait(late), "PSET-1 a rank that comes later hears of it, too");
    pmix_status_t rc = PMIx_server_delete_process_set(both);
    ok(rc == PMIX_SUCCESS || rc == PMIX_OPERATION_SUCCEEDED, "PSET-2 a process set is deleted");
    is_int(PMIx_server_delete_process_set(none), PMIX_ERR_NOT_FOUND, "PSET-2 if there is one");
    host_report();
    host_stop();
}

int main(int argc, char **argv) {
    static const struct role roles[] = {{"curious", curious}, {"watcher", watcher}, {"latecomer", latecomer},
        {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("queries", asking);
    scenario("process sets", sets);
    return done_testing();
}
