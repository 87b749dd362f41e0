// PMIx_Fence: who takes part, what the host is handed, and that every caller hears of the outcome.
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"
#include "blob.h"

// ---- ranks; what a role does is steered by variables, so that one role serves many scenarios

static pmix_info_t directives[4];
static size_t ndirectives;
static pmix_proc_t members[8];
static size_t nmembers;

static long number(const char *name, long otherwise) { return getenv(name) ? atol(getenv(name)) : otherwise; }

// TEST_MEMBERS is a list of ranks; "all" stands for the job testns, "later" for the job laterns.
static void read_members(void) {
    char *list = getenv("TEST_MEMBERS") ? strdup(getenv("TEST_MEMBERS")) : NULL, *rest = NULL;
    for (char *word = list ? strtok_r(list, ",", &rest) : NULL; word; word = strtok_r(NULL, ",", &rest)) {
        bool later = strcmp(word, "later") == 0, all = later || strcmp(word, "all") == 0;
        uint32_t rank = all ? PMIX_RANK_WILDCARD : (uint32_t) atoi(word);
        PMIX_LOAD_PROCID(&members[nmembers], later ? "laterns" : "testns", rank);
        nmembers++;
    }
    free(list);
}

static void read_timeout(void) {
    static const pmix_data_type_t types[] = {PMIX_INT, PMIX_UINT32, PMIX_INT64, PMIX_SIZE, PMIX_UINT8};
    uint64_t seconds = number("TEST_TIMEOUT", 0);  // little-endian, so it serves every width
    pmix_data_type_t type = types[number("TEST_TIMEOUT_TYPE", 0)];
    if (seconds > 0) PMIX_INFO_LOAD(&directives[ndirectives], PMIX_TIMEOUT, &seconds, type);
    ndirectives += seconds > 0;
}

static void read_directives(void) {
    bool collect = number("TEST_COLLECT", 0) == 1;
    if (getenv("TEST_COLLECT")) {
        PMIX_INFO_LOAD(&directives[ndirectives], PMIX_COLLECT_DATA, &collect, PMIX_BOOL);
        ndirectives++;
    }
    read_timeout();
    if (getenv("TEST_NOTE")) {
        PMIX_INFO_LOAD(&directives[ndirectives], "note", getenv("TEST_NOTE"), PMIX_STRING);
        ndirectives++;
    }
    read_members();
}

static void put(const char *key, const char *text) {
    pmix_value_t value;
    PMIX_VALUE_LOAD(&value, text, PMIX_STRING);
    check_int(PMIx_Put(PMIX_GLOBAL, key, &value), PMIX_SUCCESS, "puts %s", key);
    PMIX_VALUE_DESTRUCT(&value);
    check_int(PMIx_Commit(), PMIX_SUCCESS, "commits");
}

static void expect(uint32_t rank, const char *key, const char *text, const char *what) {
    pmix_value_t *value = NULL;
    pmix_proc_t proc = me;
    proc.rank = rank;
    if (!check_int(PMIx_Get(&proc, key, NULL, 0, &value), PMIX_SUCCESS, "%s", what)) return;
    check(value->type == PMIX_STRING && strcmp(value->data.string, text) == 0, "%s: the value", what);
    PMIX_VALUE_RELEASE(value);
}

static struct done outcome = DONE_INIT;

// Enters the fence as configured; the host knows that the server has seen it.
static void enter(void) {
    client_start();
    put("mine", "given");
    read_directives();
    check_int(PMIx_Fence_nb(nmembers ? members : NULL, nmembers, directives, ndirectives, done_op, &outcome),
        PMIX_SUCCESS, "enters");
    client_round_trip();
    client_say("inside");
}

static void leave(void) {
    while (ndirectives > 0) PMIX_INFO_DESTRUCT(&directives[--ndirectives]);
    client_stop();
}

static void member(void) {
    enter();
    pmix_status_t expected = (pmix_status_t) number("TEST_EXPECT", PMIX_SUCCESS);
    const char *about = getenv("TEST_ABOUT");
    check(done_wait(&outcome), "%s: hears of the outcome", about);
    check_int(outcome.status, expected, "%s: the status", about);
    client_say("out");
    client_hear("on");
    if (getenv("TEST_GET")) expect(2, "far", "fetched", "FENCE-10 the data of a remote rank is there");
    if (getenv("TEST_AGAIN")) check_int(PMIx_Fence(NULL, 0, NULL, 0), PMIX_SUCCESS, "a new fence of all succeeds");
    client_say("done");
    client_hear("leave");
    leave();
}

static pmix_status_t fence_round(const pmix_info_t *collect, int round) {
    char text[32], key[32];
    pmix_value_t value;
    snprintf(key, sizeof key, "k%d", round);
    snprintf(text, sizeof text, "%u in round %d", me.rank, round);
    PMIX_VALUE_LOAD(&value, text, PMIX_STRING);
    pmix_status_t rc = PMIx_Put(PMIX_GLOBAL, key, &value);
    PMIX_VALUE_DESTRUCT(&value);
    if (rc == PMIX_SUCCESS) rc = PMIx_Commit();
    return rc == PMIX_SUCCESS ? PMIx_Fence(NULL, 0, collect, 1) : rc;
}

static int data_seen(int round, uint32_t size) {
    int good = 0;
    for (uint32_t rank = 0; rank < size; rank++) {
        char text[32], key[32];
        pmix_value_t *value = NULL;
        pmix_proc_t proc = me;
        proc.rank = rank;
        snprintf(key, sizeof key, "k%d", round);
        snprintf(text, sizeof text, "%u in round %d", rank, round);
        if (PMIx_Get(&proc, key, NULL, 0, &value) != PMIX_SUCCESS) continue;
        good += value->type == PMIX_STRING && strcmp(value->data.string, text) == 0;
        PMIX_VALUE_RELEASE(value);
    }
    return good;
}

static void many(void) {  // new data in each round, seen by every peer
    bool flag = true;
    pmix_info_t collect;
    int good = 0, rounds = 0;
    uint32_t size = (uint32_t) number("TEST_SIZE", 0);
    client_start();
    PMIX_INFO_LOAD(&collect, PMIX_COLLECT_DATA, &flag, PMIX_BOOL);
    for (int round = 0; round < 10; round++) {
        rounds += fence_round(&collect, round) == PMIX_SUCCESS;
        good += data_seen(round, size);
    }
    check_int(rounds, 10, "ten fences one after another");
    check_int(good, 10 * size, "each time every peer's new data is there");
    client_stop();
}

#include "hosts/fence.c"

int main(int argc, char **argv) {
    static const struct role roles[] = {{"member", member}, {"many", many}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("the host answers later", later);
    scenario("the host answers at once", at_once);
    scenario("the host is done already", done_already);
    scenario("the host refuses", refused);
    scenario("the host fails", failed);
    scenario("the host fails at once", failed_at_once);
    scenario("no fence in the module", absent);
    scenario("which fence is which", identity);
    scenario("the whole job", wildcard);
    scenario("a job to come", later_nspace);
    scenario("the first caller's infos", first_infos);
    scenario("collect is false", not_collecting);
    scenario("no agreement on collecting", disagreeing);
    scenario("a time limit", timeout_int);
    scenario("a time limit, UINT32", timeout_uint32);
    scenario("a time limit, INT64", timeout_int64);
    scenario("a time limit, SIZE", timeout_size);
    scenario("a time limit, UINT8", timeout_uint8);
    scenario("a time limit and a slow host", timeout_with_host);
    scenario("data in the keymap shape", collected_keymap);
    scenario("data in the native shape", collected_native);
    scenario("rubbish from the host", rubbish);
    scenario("local ranks only", locally);
    scenario("a series of local fences", series_local);
    scenario("a series of wider fences", series_wide);
    return done_testing();
}
