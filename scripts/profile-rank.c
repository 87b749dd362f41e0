// What a rank does in its life, for scripts/profile-order.sh: init, job data, put, commit, fences, peers' values, an event handler,
// finalize.
#include <pmix.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYS 20

static volatile int fenced;

static void on_fence(pmix_status_t status, void *cbdata) {
    (void) status;
    (void) cbdata;
    fenced = 1;
}

static void on_event(size_t id, pmix_status_t status, const pmix_proc_t *source, pmix_info_t info[], size_t ninfo,
                     pmix_info_t *results, size_t nresults, pmix_event_notification_cbfunc_fn_t cbfunc, void *cbdata) {
    (void) id, (void) status, (void) source, (void) info, (void) ninfo, (void) results, (void) nresults;
    cbfunc(PMIX_EVENT_ACTION_COMPLETE, NULL, 0, NULL, NULL, cbdata);
}

static void get(const pmix_proc_t *proc, const char *key) {
    pmix_value_t *value = NULL;
    if (PMIx_Get(proc, key, NULL, 0, &value) == PMIX_SUCCESS) PMIX_VALUE_RELEASE(value);
}

int main(void) {
    pmix_proc_t me, job, peer;
    pmix_value_t value;
    pmix_info_t info;
    bool yes = true;
    char key[32], bytes[256];
    const char *known[] = {PMIX_JOB_SIZE, PMIX_LOCAL_PEERS, PMIX_LOCAL_SIZE, PMIX_UNIV_SIZE, PMIX_NUM_NODES};
    if (PMIx_Init(&me, NULL, 0) != PMIX_SUCCESS) return 1;
    PMIx_Register_event_handler(NULL, 0, NULL, 0, on_event, NULL, NULL);
    PMIX_LOAD_PROCID(&job, me.nspace, PMIX_RANK_WILDCARD);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) get(&job, known[i]);
    get(&me, PMIX_LOCAL_RANK);
    memset(bytes, 'a', sizeof bytes);
    for (int i = 0; i < KEYS; i++) {
        pmix_byte_object_t object = {bytes, sizeof bytes};
        snprintf(key, sizeof key, "key.%d", i);
        PMIX_VALUE_LOAD(&value, &object, PMIX_BYTE_OBJECT);
        PMIx_Put(PMIX_GLOBAL, key, &value);
        PMIX_VALUE_DESTRUCT(&value);
    }
    PMIX_VALUE_LOAD(&value, "text", PMIX_STRING);
    PMIx_Put(PMIX_LOCAL, "text", &value);
    PMIX_VALUE_DESTRUCT(&value);
    PMIx_Commit();
    PMIX_INFO_LOAD(&info, PMIX_COLLECT_DATA, &yes, PMIX_BOOL);
    PMIx_Fence(NULL, 0, &info, 1);
    for (uint32_t rank = 0; rank < 2; rank++) {
        PMIX_LOAD_PROCID(&peer, me.nspace, rank);
        for (int i = 0; i < KEYS; i++) {
            snprintf(key, sizeof key, "key.%d", i);
            get(&peer, key);
        }
        get(&peer, "text");
        get(&peer, PMIX_HOSTNAME);
    }
    PMIx_Fence_nb(NULL, 0, NULL, 0, on_fence, NULL);
    while (!fenced) { }
    PMIx_Fence(NULL, 0, NULL, 0);
    return PMIx_Finalize(NULL, 0) != PMIX_SUCCESS;
}
