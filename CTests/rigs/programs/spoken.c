// One rank of a job that says a little of everything: data, published data, an event, a question, and an error. What is
// said about it on the wire is what the test looks at.
#include <pmix.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failed(const char *what, pmix_status_t status) {
    fprintf(stderr, "%s: %d\n", what, status);
    return 9;
}

static pmix_status_t ask(void) {
    pmix_query_t query;
    pmix_info_t *results = NULL;
    size_t count = 0;
    PMIX_QUERY_CONSTRUCT(&query);
    PMIX_ARGV_APPEND(count, query.keys, PMIX_QUERY_NAMESPACES);
    count = 0;
    pmix_status_t status = PMIx_Query_info(&query, 1, &results, &count);
    if (results != NULL) PMIX_INFO_FREE(results, count);
    PMIX_QUERY_DESTRUCT(&query);
    return status;
}

int main(void) {
    pmix_proc_t me, all, other;
    pmix_value_t value, *found = NULL;
    pmix_info_t info;
    pmix_pdata_t data;
    pmix_status_t status = PMIx_Init(&me, NULL, 0);
    if (status != PMIX_SUCCESS) return failed("init", status);
    PMIX_VALUE_LOAD(&value, "good morning", PMIX_STRING);
    PMIx_Put(PMIX_GLOBAL, "greeting", &value);
    PMIX_VALUE_DESTRUCT(&value);
    PMIx_Commit();
    PMIX_LOAD_PROCID(&all, me.nspace, PMIX_RANK_WILDCARD);
    PMIX_INFO_LOAD(&info, PMIX_COLLECT_DATA, NULL, PMIX_BOOL);
    status = PMIx_Fence(&all, 1, &info, 1);
    if (status != PMIX_SUCCESS) return failed("fence", status);
    PMIX_LOAD_PROCID(&other, me.nspace, 1 - me.rank);
    status = PMIx_Get(&other, "greeting", NULL, 0, &found);
    if (status != PMIX_SUCCESS) return failed("get", status);
    PMIX_VALUE_RELEASE(found);
    if (me.rank == 0) {
        PMIX_INFO_LOAD(&info, "motto", "say what you do", PMIX_STRING);
        PMIx_Publish(&info, 1);
        PMIX_INFO_DESTRUCT(&info);
    }
    PMIX_PDATA_CONSTRUCT(&data);
    PMIX_LOAD_KEY(data.key, "nothing.of.that.name");
    PMIx_Lookup(&data, 1, NULL, 0);
    PMIX_PDATA_DESTRUCT(&data);
    ask();
    PMIx_Notify_event(-2001, &me, PMIX_RANGE_LOCAL, NULL, 0, NULL, NULL);
    status = PMIx_Fence(NULL, 0, NULL, 0);
    if (status != PMIX_SUCCESS) return failed("fence", status);
    return PMIx_Finalize(NULL, 0) == PMIX_SUCCESS ? 0 : 9;
}
