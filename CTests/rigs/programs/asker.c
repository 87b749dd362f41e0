// A tool that finds a server by the process it runs in and prints how many processes the job there has, and what became of
// a question about a job that does not exist.
#include <pmix.h>
#include <pmix_tool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
    pmix_proc_t me;
    pmix_info_t info, *results = NULL;
    pmix_query_t query;
    size_t count = 0;
    pmix_status_t status;
    pid_t pid = argc > 1 ? atoi(argv[1]) : 0;
    PMIX_INFO_LOAD(&info, PMIX_SERVER_PIDINFO, &pid, PMIX_PID);
    status = PMIx_tool_init(&me, &info, 1);
    if (status != PMIX_SUCCESS) {
        printf("no server: %d\n", status);
        return 1;
    }
    PMIX_QUERY_CONSTRUCT(&query);
    PMIX_ARGV_APPEND(status, query.keys, PMIX_QUERY_NAMESPACES);
    status = PMIx_Query_info(&query, 1, &results, &count);
    PMIX_QUERY_DESTRUCT(&query);
    if (status != PMIX_SUCCESS || count != 1) return 2;
    char *nspace = strdup(results[0].value.data.string);
    nspace[strcspn(nspace, ",")] = 0;  // hosts of tools list them behind their jobs
    PMIX_INFO_FREE(results, count);
    PMIX_QUERY_CONSTRUCT(&query);
    PMIX_ARGV_APPEND(status, query.keys, PMIX_QUERY_PROC_TABLE);
    PMIX_QUERY_QUALIFIERS_CREATE(&query, 1);
    PMIX_INFO_LOAD(&query.qualifiers[0], PMIX_NSPACE, nspace, PMIX_STRING);
    status = PMIx_Query_info(&query, 1, &results, &count);
    if (status != PMIX_SUCCESS || count != 1) return 3;
    printf("processes %zu\n", results[0].value.data.darray->size);
    PMIX_INFO_FREE(results, count);
    PMIX_INFO_DESTRUCT(&query.qualifiers[0]);
    PMIX_INFO_LOAD(&query.qualifiers[0], PMIX_NSPACE, "nobody", PMIX_STRING);
    status = PMIx_Query_info(&query, 1, &results, &count);
    printf("nobody %d\n", status);
    free(nspace);
    return PMIx_tool_finalize() == PMIX_SUCCESS ? 0 : 4;
}
