// promise FOLDER: each rank makes files in FOLDER that are to go when it or its job ends, however that happens,
// and some that are not; says so by FOLDER/ready.RANK, and waits in a fence that never ends, rank 0 outside of it. The
// last rank leaves a child of its own behind.
#include <pmix.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static pmix_proc_t me, everyone;
static char folder[2048];

static char *place(const char *name) {
    static char path[4096];
    snprintf(path, sizeof path, "%s/%s.%u", folder, name, me.rank);
    return path;
}

static void make(const char *name) {
    FILE *file = fopen(place(name), "w");
    if (!file || fclose(file) != 0) exit(3);
}

static void promise(const pmix_proc_t *whose, const char *key, const char *name, bool recursively) {
    pmix_info_t infos[2], *results = NULL;
    size_t count = 0;
    bool yes = true;
    PMIX_INFO_LOAD(&infos[0], key, place(name), PMIX_STRING);
    PMIX_INFO_LOAD(&infos[1], PMIX_CLEANUP_RECURSIVE, &yes, PMIX_BOOL);
    pmix_status_t status = PMIx_Job_control(whose, whose ? 1 : 0, infos, recursively ? 2 : 1, &results, &count);
    if (status != PMIX_SUCCESS) {
        fprintf(stderr, "%s: %s\n", name, PMIx_Error_string(status));
        exit(4);
    }
    PMIX_INFO_DESTRUCT(&infos[0]);
}

static void fill(void) {
    make("own");
    promise(&me, PMIX_REGISTER_CLEANUP, "own", false);
    make("shared");
    promise(NULL, PMIX_REGISTER_CLEANUP, "shared", false);
    mkdir(place("deep"), 0700);
    char inner[4200];
    snprintf(inner, sizeof inner, "%s/inner", place("deep"));
    mkdir(inner, 0700);
    promise(&everyone, PMIX_REGISTER_CLEANUP_DIR, "deep", true);
    make("stays");
}

int main(int argc, char **argv) {
    pmix_value_t *value = NULL;
    if (argc < 2) return 64;
    snprintf(folder, sizeof folder, "%s", argv[1]);
    if (PMIx_Init(&me, NULL, 0) != PMIX_SUCCESS) return 2;
    everyone = me;
    everyone.rank = PMIX_RANK_WILDCARD;
    if (PMIx_Get(&everyone, PMIX_JOB_SIZE, NULL, 0, &value) != PMIX_SUCCESS) return 2;
    bool isLast = me.rank + 1 == value->data.uint32;
    PMIX_VALUE_RELEASE(value);
    fill();
    if (isLast && fork() == 0) {
        pause();
        return 0;
    }
    make("ready");
    if (me.rank == 0) pause();
    return PMIx_Fence(&everyone, 1, NULL, 0) == PMIX_SUCCESS ? 5 : 6;
}
