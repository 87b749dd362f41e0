// PMIx_Get: what is answered here, what waits, and what the host is asked for.
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"
#include "blob.h"

static pmix_proc_t other;  // whom `get` asks about

static pmix_info_t directives[4];
static size_t ndirectives;

static void with(const char *key, const void *data, pmix_data_type_t type) {
    PMIX_INFO_LOAD(&directives[ndirectives], key, data, type);
    ndirectives++;
}

static void with_flag(const char *key) {
    bool flag = true;
    with(key, &flag, PMIX_BOOL);
}

static void with_none(void) {
    while (ndirectives > 0) PMIX_INFO_DESTRUCT(&directives[--ndirectives]);
}

struct question {
    const char *key;
    pmix_value_t *value;
};

static pmix_status_t ask(void *argument) {
    struct question *question = argument;
    return PMIx_Get(&other, question->key, directives, ndirectives, &question->value);
}

// Compares the status, and the text of a string unless it is NULL; then forgets the directives.
static void get(uint32_t rank, const char *key, pmix_status_t expected, const char *text, const char *what) {
    struct question *question = calloc(1, sizeof *question);
    question->key = key;
    other.rank = rank;
    pmix_status_t rc = client_attempt(ask, question);
    check_int(rc, expected, "%s", what);
    if (rc == PMIX_SUCCESS && text)
        check(question->value && question->value->type == PMIX_STRING
                && strcmp(question->value->data.string, text) == 0, "%s: the value", what);
    if (rc == PMIX_SUCCESS && question->value) PMIX_VALUE_RELEASE(question->value);
    if (rc != LATE) free(question);
    with_none();
}

static void get_number(uint32_t rank, const char *key, uint32_t expected, const char *what) {
    pmix_value_t *value = NULL;
    other.rank = rank;
    pmix_status_t rc = PMIx_Get(&other, key, directives, ndirectives, &value);
    if (!check_int(rc, PMIX_SUCCESS, "%s", what)) return with_none();
    uint32_t got = value->type == PMIX_UINT32 ? value->data.uint32
        : value->type == PMIX_UINT16 ? value->data.uint16
        : value->type == PMIX_PROC_RANK ? value->data.rank : 0xffffff;
    check_int(got, expected, "%s: the number", what);
    PMIX_VALUE_RELEASE(value);
    with_none();
}

static void put(pmix_scope_t scope, const char *key, const char *text) {
    pmix_value_t value;
    PMIX_VALUE_LOAD(&value, text, PMIX_STRING);
    check_int(PMIx_Put(scope, key, &value), PMIX_SUCCESS, "puts %s", key);
    PMIX_VALUE_DESTRUCT(&value);
}

static void start(void) {
    client_start();
    other = me;
}

// ---- ranks

static void about_the_job(void) {
    char here[256] = "";
    gethostname(here, sizeof here - 1);
    start();
    get_number(PMIX_RANK_WILDCARD, PMIX_JOB_SIZE, 3, "GET-2 job size");
    get_number(PMIX_RANK_WILDCARD, PMIX_UNIV_SIZE, 3, "GET-2 universe size");
    get_number(PMIX_RANK_WILDCARD, PMIX_LOCAL_SIZE, 2, "GET-2 local size");
    get_number(PMIX_RANK_WILDCARD, PMIX_NUM_NODES, 2, "GET-2 number of nodes");
    get(PMIX_RANK_WILDCARD, PMIX_LOCAL_PEERS, PMIX_SUCCESS, "0,1", "GET-2 local peers");
    get_number(0, PMIX_LOCAL_RANK, 0, "GET-2 local rank of the first");
    get_number(1, PMIX_LOCAL_RANK, 1, "GET-2 local rank of the second");
    get_number(2, PMIX_NODEID, 1, "GET-2 node of the remote rank");
    get_number(2, PMIX_GLOBAL_RANK, 2, "GET-2 global rank of the remote rank");
    get(1, PMIX_HOSTNAME, PMIX_SUCCESS, here, "GET-2 host of a peer");
    get(2, PMIX_HOSTNAME, PMIX_SUCCESS, "elsewhere", "GET-2 host of the remote rank");
    with_flag(PMIX_OPTIONAL);
    get(PMIX_RANK_WILDCARD, "no.such.key", PMIX_ERR_NOT_FOUND, NULL, "an optional key that is not there");
    get(PMIX_RANK_WILDCARD, PMIX_NSDIR, PMIX_ERR_NOT_FOUND, NULL, "GET-2 a job key that was not registered");
    with_flag(PMIX_IMMEDIATE);
    get(1, "no.such.key", PMIX_ERR_NOT_FOUND, NULL, "GET-5 an immediate get of a local rank's missing key");
    client_stop();
}

// What a process knows because it is connected.
static void of_connection(void) {
    pmix_value_t *value = NULL;
    struct done done = DONE_INIT;
    check_int(PMIx_Get(&me, PMIX_SERVER_URI, NULL, 0, &value), PMIX_SUCCESS, "GET-13 the address of the server");
    check(value && value->type == PMIX_STRING && strcmp(value->data.string, getenv("PMIX_SERVER_URI41")) == 0,
        "GET-13 which is the one it was given");
    if (value) PMIX_VALUE_RELEASE(value);
    check_int(PMIx_Get(NULL, PMIX_SERVER_NSPACE, NULL, 0, &value), PMIX_SUCCESS, "GET-13 the name of the server");
    check(value && value->type == PMIX_STRING && strcmp(value->data.string, "pmix-server") == 0, "GET-13 as it is");
    if (value) PMIX_VALUE_RELEASE(value);
    check_int(PMIx_Get(&me, PMIX_SERVER_RANK, NULL, 0, &value), PMIX_SUCCESS, "GET-13 its rank");
    check(value && value->type == PMIX_PROC_RANK, "GET-13 which is a rank");
    if (value) PMIX_VALUE_RELEASE(value);
    check_int(PMIx_Get(NULL, PMIX_PROCID, NULL, 0, &value), PMIX_SUCCESS, "GET-13 the process's own name");
    check(value && value->type == PMIX_PROC && PMIX_CHECK_PROCID(value->data.proc, &me), "GET-13 as init told it");
    if (value) PMIX_VALUE_RELEASE(value);
    check_int(PMIx_Get_nb(&me, PMIX_SERVER_URI, NULL, 0, done_value, &done), PMIX_SUCCESS, "GET-13 the address again");
    check(done_wait(&done) && done.status == PMIX_SUCCESS && done.value.type == PMIX_STRING, "GET-13 by a callback");
    PMIX_VALUE_DESTRUCT(&done.value);
}

static void by_every_way(void) {  // one's own data, by the forms the interface has
    pmix_value_t *value = NULL, fixed;
    struct done done = DONE_INIT;
    start();
    put(PMIX_GLOBAL, "k", "mine");
    get(me.rank, "k", PMIX_SUCCESS, "mine", "own data before the commit");
    check_int(PMIx_Get(NULL, PMIX_LOCAL_RANK, NULL, 0, &value), PMIX_SUCCESS, "a NULL proc stands for the caller");
    if (value) PMIX_VALUE_RELEASE(value);
    of_connection();
    check_int(PMIx_Get_nb(&me, "k", NULL, 0, done_value, &done), PMIX_SUCCESS, "PMIx_Get_nb");
    check(done_wait(&done) && done.status == PMIX_SUCCESS && done.value.type == PMIX_STRING, "its callback");
    PMIX_VALUE_DESTRUCT(&done.value);
    PMIX_VALUE_CONSTRUCT(&fixed);
    value = &fixed;
    with_flag(PMIX_GET_STATIC_VALUES);
    check_int(PMIx_Get(&me, "k", directives, 1, &value), PMIX_SUCCESS, "a value into the caller's own storage");
    check(value == &fixed && fixed.type == PMIX_STRING && strcmp(fixed.data.string, "mine") == 0, "it is there");
    PMIX_VALUE_DESTRUCT(&fixed);
    with_none();
    value = NULL;
    with_flag(PMIX_GET_POINTER_VALUES);
    check_int(PMIx_Get(&me, "k", directives, 1, &value), PMIX_SUCCESS, "a pointer into the library's storage");
    check(value && value->type == PMIX_STRING && strcmp(value->data.string, "mine") == 0, "it points to the value");
    with_none();
    put(PMIX_GLOBAL, "k", "changed");
    get(me.rank, "k", PMIX_SUCCESS, "changed", "a later put wins");
    client_stop();
}

static void to_the_host(void) {  // rank 2 lives elsewhere
    start();
    with_flag(PMIX_IMMEDIATE);
    get(2, "absent", PMIX_ERR_NOT_FOUND, NULL, "GET-12 immediate and the remote data are absent");
    get(2, "k", PMIX_SUCCESS, "from far away", "GET-7 a remote key comes through the host");
    get(2, "k", PMIX_SUCCESS, "from far away", "it is kept");
    client_say("kept");
    client_hear("refresh");
    with_flag(PMIX_GET_REFRESH_CACHE);
    get(2, "k", PMIX_SUCCESS, "news", "GET-10 with a refresh the host is asked anew");
    client_stop();
}

static void both_ask(void) {
    struct done done = DONE_INIT;
    start();
    other.rank = 2;
    check_int(PMIx_Get_nb(&other, "k", NULL, 0, done_value, &done), PMIX_SUCCESS, "asks for a remote key");
    client_round_trip();
    client_say("asked");
    check(done_wait(&done), "GET-7 gets an answer");
    bool failing = getenv("TEST_FAILING") != NULL;
    check_int(done.status, failing ? PMIX_ERR_NO_PERMISSIONS : PMIX_SUCCESS, "GET-7 with the host's status");
    PMIX_VALUE_DESTRUCT(&done.value);
    client_stop();
}

static void alone(void) {
    start();
    get(2, "k", PMIX_ERR_NOT_FOUND, NULL, "GET-9 nobody to ask for a remote key");
    client_stop();
}

static void abroad(void) {  // another nspace altogether
    int seconds = 60;
    start();
    PMIX_LOAD_NSPACE(other.nspace, "nowhere");
    with_flag(PMIX_IMMEDIATE);
    get(0, "k", PMIX_ERR_NOT_FOUND, NULL, "GET-1 immediate, about an unknown nspace");
    client_say("immediate");
    client_hear("on");
    with(PMIX_TIMEOUT, &seconds, PMIX_INT);
    get(0, "k", PMIX_SUCCESS, "from far away", "GET-1 the host is asked about an unknown nspace");
    client_stop();
}

static void for_a_late_one(void) {
    int seconds = 60, one = 1;
    struct done done = DONE_INIT;
    start();
    other.rank = 1;
    with(PMIX_TIMEOUT, &seconds, PMIX_INT);
    check_int(PMIx_Get_nb(&other, "k", directives, 1, done_value, &done), PMIX_SUCCESS, "asks for a rank to come");
    with_none();
    client_round_trip();
    client_say("asked");
    check(done_wait(&done) && done.status == PMIX_SUCCESS, "GET-4 the get waits until the rank is there and commits");
    PMIX_VALUE_DESTRUCT(&done.value);
    with(PMIX_TIMEOUT, &one, PMIX_INT);
    get(1, "never", PMIX_ERR_TIMEOUT, NULL, "GET-5 a key that never comes times out");
    get(1, "never", PMIX_ERR_TIMEOUT, NULL, "GET-5 also after the server's own patience, without PMIX_TIMEOUT");
    client_say("served");
    client_stop();
}

static void late_one(void) {
    start();
    put(PMIX_GLOBAL, "k", "at last");
    check_int(PMIx_Commit(), PMIX_SUCCESS, "commits");
    client_hear("leave");
    client_stop();
}

static void for_a_late_job(void) {
    int seconds = 60;
    struct done done = DONE_INIT;
    start();
    PMIX_LOAD_PROCID(&other, "laterns", PMIX_RANK_WILDCARD);
    with(PMIX_TIMEOUT, &seconds, PMIX_INT);
    check_int(PMIx_Get_nb(&other, PMIX_JOB_SIZE, directives, 1, done_value, &done), PMIX_SUCCESS,
        "asks about a job that is not registered yet");
    with_none();
    client_round_trip();
    client_say("asked");
    check(done_wait(&done) && done.status == PMIX_SUCCESS, "GET-3 the get waits until the job is registered");
    check_int(done.value.type == PMIX_UINT32 ? done.value.data.uint32 : 0, 1, "GET-3 the job's size");
    client_stop();
}

static void scoped(void) {  // the other has put one key in each scope
    uint8_t scope = PMIX_LOCAL;
    start();
    client_hear("go");
    with(PMIX_DATA_SCOPE, &scope, PMIX_SCOPE);
    get(0, "k.local", PMIX_SUCCESS, "near", "GET-11 scope local finds the local key");
    scope = PMIX_REMOTE;
    with_flag(PMIX_IMMEDIATE);
    with(PMIX_DATA_SCOPE, &scope, PMIX_SCOPE);
    get(0, "k.remote", PMIX_SUCCESS, "far", "GET-11 scope remote finds the remote key of a local rank");
    with_flag(PMIX_GET_REFRESH_CACHE);
    get(0, "k.local", PMIX_SUCCESS, "near", "GET-10 a refresh of a local rank's key succeeds");
    client_stop();
}

static void scoping(void) {
    start();
    put(PMIX_LOCAL, "k.local", "near");
    put(PMIX_REMOTE, "k.remote", "far");
    check_int(PMIx_Commit(), PMIX_SUCCESS, "commits");
    client_say("committed");
    client_hear("leave");
    client_stop();
}

#include "hosts/get.c"

int main(int argc, char **argv) {
    static const struct role roles[] = {{"about_the_job", about_the_job}, {"by_every_way", by_every_way},
        {"to_the_host", to_the_host}, {"both_ask", both_ask}, {"alone", alone}, {"abroad", abroad},
        {"for_a_late_one", for_a_late_one}, {"late_one", late_one}, {"for_a_late_job", for_a_late_job},
        {"scoped", scoped}, {"scoping", scoping}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("job data", job);
    scenario("one's own data", own);
    scenario("remote data, the host answers later", remote_later);
    scenario("remote data, the host answers at once", remote_at_once);
    scenario("two ask for the same", together_good);
    scenario("two ask and the host fails", together_bad);
    scenario("no direct_modex", nobody);
    scenario("direct_modex refuses", refusing);
    scenario("an unknown nspace", unknown_nspace);
    scenario("a late rank", late_rank);
    scenario("a late job", late_job);
    scenario("scopes", scopes);
    return done_testing();
}
