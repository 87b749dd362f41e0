// A tool that attaches to the server in the process PID, asks to see what rank 1 of the job there prints, and gives rank 0
// something to read. It prints what rank 1 printed up to `end`.
#include <pmix.h>
#include <pmix_tool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char seen[4096];
static volatile size_t length;

static void show(size_t registration, pmix_iof_channel_t channel, pmix_proc_t *source, pmix_byte_object_t *payload,
                 pmix_info_t info[], size_t ninfo) {
    (void) registration, (void) info, (void) ninfo;
    if (channel != PMIX_FWD_STDOUT_CHANNEL || source->rank != 1 || !payload || !payload->bytes) return;
    size_t room = sizeof seen - 1 - length, size = payload->size < room ? payload->size : room;
    memcpy(seen + length, payload->bytes, size);
    length += size;
}

int main(int argc, char **argv) {
    pmix_proc_t me, target;
    pmix_info_t info, *results = NULL;
    pmix_query_t query;
    pmix_status_t status;
    size_t count = 0;
    pid_t pid = argc > 1 ? atoi(argv[1]) : 0;
    PMIX_INFO_LOAD(&info, PMIX_SERVER_PIDINFO, &pid, PMIX_PID);
    if (PMIx_tool_init(&me, &info, 1) != PMIX_SUCCESS) return 1;
    PMIX_QUERY_CONSTRUCT(&query);
    PMIX_ARGV_APPEND(status, query.keys, PMIX_QUERY_NAMESPACES);
    if (PMIx_Query_info(&query, 1, &results, &count) != PMIX_SUCCESS) return 2;
    PMIX_LOAD_PROCID(&target, results[0].value.data.string, 1);
    status = PMIx_IOF_pull(&target, 1, NULL, 0, PMIX_FWD_STDOUT_CHANNEL, show, NULL, NULL);
    if (status < 0) {
        printf("pull: %d\n", status);
        return 3;
    }
    target.rank = 0;
    pmix_byte_object_t word = {"go\n", 3};
    status = PMIx_IOF_push(&target, 1, &word, NULL, 0, NULL, NULL);
    if (status != PMIX_SUCCESS && status != PMIX_OPERATION_SUCCEEDED) {
        printf("push: %d\n", status);
        return 4;
    }
    for (int tries = 0; tries < 2000 && !strstr(seen, "end\n"); tries++) usleep(10000);
    printf("%s", seen);
    return PMIx_tool_finalize() == PMIX_SUCCESS ? 0 : 5;
}
