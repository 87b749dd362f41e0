// joiner: a rank that uses its server for everything in turn and prints one line "CALL STATUS" each. What it is told by
// the server is not its concern here; that it comes back, in time and in one piece, is.
#include <pmix.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pmix_proc_t me;

static void say(const char *call, pmix_status_t status) {
    printf("%s %d\n", call, status);
    fflush(stdout);
}

static void put_and_commit(void) {
    pmix_value_t value;
    PMIX_VALUE_LOAD(&value, "x", PMIX_STRING);
    say("put", PMIx_Put(PMIX_GLOBAL, "mine", &value));
    PMIX_VALUE_DESTRUCT(&value);
    say("commit", PMIx_Commit());
}

static void fence(void) {
    bool flag = true;
    pmix_info_t collect;
    PMIX_INFO_LOAD(&collect, PMIX_COLLECT_DATA, &flag, PMIX_BOOL);
    say("fence", PMIx_Fence(NULL, 0, &collect, 1));
}

static void get(const char *call, uint32_t rank, const char *key) {
    int seconds = 5;
    pmix_value_t *value = NULL;
    pmix_info_t limit;
    pmix_proc_t proc = me;
    proc.rank = rank;
    PMIX_INFO_LOAD(&limit, PMIX_TIMEOUT, &seconds, PMIX_INT);
    pmix_status_t rc = PMIx_Get(&proc, key, &limit, 1, &value);
    say(call, rc);
    if (rc == PMIX_SUCCESS && value) PMIX_VALUE_RELEASE(value);
}

static void publish_and_look_up(void) {
    pmix_info_t info;
    pmix_pdata_t data;
    PMIX_INFO_LOAD(&info, "published", "x", PMIX_STRING);
    say("publish", PMIx_Publish(&info, 1));
    PMIX_INFO_DESTRUCT(&info);
    PMIX_PDATA_CONSTRUCT(&data);
    strcpy(data.key, "published");
    say("lookup", PMIx_Lookup(&data, 1, NULL, 0));
    PMIX_PDATA_DESTRUCT(&data);
    say("unpublish", PMIx_Unpublish(NULL, NULL, 0));
}

static void on_event(size_t id, pmix_status_t status, const pmix_proc_t *source, pmix_info_t info[], size_t n,
    pmix_info_t *results, size_t nresults, pmix_event_notification_cbfunc_fn_t cb, void *cbdata) {
    (void) id, (void) status, (void) source, (void) info, (void) n, (void) results, (void) nresults;
    if (cb) cb(PMIX_SUCCESS, NULL, 0, NULL, NULL, cbdata);
}

int main(void) {
    alarm(60);
    pmix_status_t rc = PMIx_Init(&me, NULL, 0);
    say("init", rc);
    if (rc == PMIX_SUCCESS) {
        PMIx_Register_event_handler(NULL, 0, NULL, 0, on_event, NULL, NULL);
        get("jobget", PMIX_RANK_WILDCARD, PMIX_JOB_SIZE);
        put_and_commit();
        fence();
        get("get", 1, "theirs");
        publish_and_look_up();
        say("abort", PMIx_Abort(1, "text", NULL, 0));
        say("finalize", PMIx_Finalize(NULL, 0));
    } else if (PMIx_Initialized()) {
        PMIx_Finalize(NULL, 0);
    }
    say("end", 0);
    return 0;
}
