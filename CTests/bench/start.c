// The least a parallel program does: what its start costs is its launcher's doing and its library's.
#include <pmix.h>

int main(void) {
    pmix_proc_t me;
    if (PMIx_Init(&me, NULL, 0) != PMIX_SUCCESS) return 1;
    if (PMIx_Fence(NULL, 0, NULL, 0) != PMIX_SUCCESS) return 2;
    return PMIx_Finalize(NULL, 0) == PMIX_SUCCESS ? 0 : 3;
}
