// One rank of a job that hangs on purpose: the rank that the second argument names never calls what the others call, as the
// first argument says (fence, group, connect), until it is killed. "none": all call, and all is well. It publishes a value first.
#include <pmix.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
    pmix_proc_t me, all;
    pmix_info_t info;
    if (argc != 3 || PMIx_Init(&me, NULL, 0) != PMIX_SUCCESS) return 9;
    PMIX_LOAD_PROCID(&all, me.nspace, PMIX_RANK_WILDCARD);
    if (me.rank == 0) {
        PMIX_INFO_LOAD(&info, "motto", "wait and see", PMIX_STRING);
        pmix_status_t status = PMIx_Publish(&info, 1);
        PMIX_INFO_DESTRUCT(&info);
        if (status != PMIX_SUCCESS && status != PMIX_ERR_NOT_SUPPORTED) return 9;
    }
    if (strcmp(argv[2], "none") != 0 && (pmix_rank_t) atoi(argv[2]) == me.rank) {
        printf("rank %u stays away\n", me.rank);
        fflush(stdout);
        for (;;) pause();
    }
    pmix_status_t status = PMIX_ERROR;
    if (strcmp(argv[1], "fence") == 0) status = PMIx_Fence(NULL, 0, NULL, 0);
    if (strcmp(argv[1], "connect") == 0) status = PMIx_Connect(&all, 1, NULL, 0);
    if (strcmp(argv[1], "group") == 0) {
        pmix_info_t *results = NULL;
        size_t count = 0;
        status = PMIx_Group_construct("crew", &all, 1, NULL, 0, &results, &count);
    }
    if (status != PMIX_SUCCESS) return 9;
    return PMIx_Finalize(NULL, 0) == PMIX_SUCCESS ? 0 : 9;
}
