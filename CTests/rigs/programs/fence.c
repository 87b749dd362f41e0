// One rank of a job that loses another in the middle of a fence. The last rank never enters it: it writes its pid into
// FOLDER/victim and waits to be killed. The others write FOLDER/entered.RANK, enter, and leave the fence's status in
// FOLDER/result.RANK: whatever the host does to them before, they do not come out of it with success.
#include <pmix.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void leave(const char *folder, const char *name, const char *text) {
    char path[4096], draft[4200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    snprintf(draft, sizeof draft, "%s.draft", path);
    FILE *file = fopen(draft, "w");
    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0 || rename(draft, path) != 0) {
        perror(path);
        exit(1);
    }
}

static uint32_t job_size(const pmix_proc_t *me) {
    pmix_proc_t everyone = *me;
    pmix_value_t *value = NULL;
    everyone.rank = PMIX_RANK_WILDCARD;
    if (PMIx_Get(&everyone, PMIX_JOB_SIZE, NULL, 0, &value) != PMIX_SUCCESS) exit(2);
    uint32_t size = value->data.uint32;
    PMIX_VALUE_RELEASE(value);
    return size;
}

int main(int argc, char **argv) {
    pmix_proc_t me;
    char name[64], text[64];
    if (argc != 2) return 64;
    if (PMIx_Init(&me, NULL, 0) != PMIX_SUCCESS) return 2;
    if (me.rank == job_size(&me) - 1) {
        snprintf(text, sizeof text, "%d", (int) getpid());
        leave(argv[1], "victim", text);
        pause();
        return 0;
    }
    snprintf(name, sizeof name, "entered.%u", me.rank);
    leave(argv[1], name, "");
    pmix_proc_t everyone = me;
    everyone.rank = PMIX_RANK_WILDCARD;
    pmix_status_t status = PMIx_Fence(&everyone, 1, NULL, 0);
    snprintf(name, sizeof name, "result.%u", me.rank);
    snprintf(text, sizeof text, "%d", status);
    leave(argv[1], name, text);
    PMIx_Finalize(NULL, 0);
    return 0;
}
