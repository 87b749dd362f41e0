// How much forwarded output waits for who pulls it, and how much comes at once: the limits PMIx_IOF_pull is given.
// sources: host.c
// compare: nothing
#include "tap.h"
#include "host.h"
#include "client.h"
#include "forward.h"

#define PIECE (64 * 1024)
#define PIECES 640
#define SMALL (3 * PIECE)

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    char text[512];  // of what is short
    size_t bytes;
    bool stuck, is_over;
} heard = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, "", 0, false, false};

static void on_output(size_t handler, pmix_iof_channel_t channel, pmix_proc_t *source, pmix_byte_object_t *payload,
    pmix_info_t infos[], size_t n) {
    (void) handler, (void) infos, (void) n;
    char piece[64] = "";
    if (payload->size < 32)
        snprintf(piece, sizeof piece, "%u/%u %.*s|", source->rank, channel, (int) payload->size,
            payload->size ? payload->bytes : "");
    pthread_mutex_lock(&heard.lock);
    strncat(heard.text, piece, sizeof heard.text - strlen(heard.text) - 1);
    heard.bytes += payload->size;
    if (payload->size == 0) heard.is_over = true;
    pthread_cond_broadcast(&heard.changed);
    while (heard.stuck) pthread_cond_wait(&heard.changed, &heard.lock);
    pthread_mutex_unlock(&heard.lock);
}

static void until(struct timespec *at) {
    clock_gettime(CLOCK_REALTIME, at);
    at->tv_sec += client_seconds();
}

// All that has come since, in so many pieces.
static bool hears(const char *expected) {
    struct timespec at;
    until(&at);
    pthread_mutex_lock(&heard.lock);
    while (strlen(heard.text) < strlen(expected))
        if (pthread_cond_timedwait(&heard.changed, &heard.lock, &at) != 0) break;
    bool same = strcmp(heard.text, expected) == 0;
    if (!same) printf("# heard \"%s\"\n", heard.text);
    heard.text[0] = 0;
    pthread_mutex_unlock(&heard.lock);
    return same;
}

static bool is_over(void) {
    struct timespec at;
    until(&at);
    pthread_mutex_lock(&heard.lock);
    while (!heard.is_over)
        if (pthread_cond_timedwait(&heard.changed, &heard.lock, &at) != 0) break;
    bool over = heard.is_over;
    pthread_mutex_unlock(&heard.lock);
    return over;
}

static size_t pull(const char *first, uint32_t one, const char *second, uint32_t two) {
    pmix_proc_t all = others(PMIX_RANK_WILDCARD);
    pmix_info_t infos[2];
    bool yes = true;
    PMIX_INFO_LOAD(&infos[0], first, &one, PMIX_UINT32);
    if (strcmp(second, PMIX_IOF_BUFFERING_TIME) == 0) PMIX_INFO_LOAD(&infos[1], second, &two, PMIX_UINT32);
    else PMIX_INFO_LOAD(&infos[1], second, &yes, PMIX_BOOL);
    pmix_status_t rc = PMIx_IOF_pull(&all, 1, infos, 2, BOTH, on_output, NULL, NULL);
    check(rc > 0, "PMIx_IOF_pull: %d", rc);
    return rc > 0 ? (size_t) rc : 0;
}

static void late(void) {
    client_start();
    size_t id = pull(PMIX_IOF_CACHE_SIZE, 5, getenv("TEST_DROPS"), 0);
    check(hears(getenv("TEST_EXPECT")), "IOF-7 of each channel so much has waited as was asked for");
    client_say("pulled");
    check(hears("3/2 much more than five|"), "IOF-7 what need not wait is not cut");
    PMIx_IOF_deregister(id, NULL, 0, NULL, NULL);
    client_stop();
}

static void slow(void) {
    client_start();
    heard.stuck = true;
    pull(PMIX_IOF_CACHE_SIZE, SMALL, getenv("TEST_DROPS"), 0);
    client_say("pulled");
    client_hear("read");
    pthread_mutex_lock(&heard.lock);
    heard.stuck = false;
    pthread_cond_broadcast(&heard.changed);
    pthread_mutex_unlock(&heard.lock);
    check(is_over(), "IOF-7 a slow reader hears of the end");
    bool some = heard.bytes > SMALL && heard.bytes < (size_t) PIECES * PIECE;
    check(some, "IOF-7 but not of everything: %zu", heard.bytes);
    bool last = strstr(heard.text, "3/2 last|") != NULL;
    check(last == (strcmp(getenv("TEST_DROPS"), PMIX_IOF_DROP_OLDEST) == 0), "IOF-7 the oldest or the newest went");
    client_stop();
}

static void gathering(void) {
    client_start();
    size_t id = pull(PMIX_IOF_BUFFERING_SIZE, 8, PMIX_IOF_DROP_NEWEST, 0);
    client_say("pulled");
    check(hears("3/2 abcdefgh|4/2 x|3/2 y|3/2 |"),
        "IOF-8 what is less than was asked for waits for more, or for the end of the stream");
    client_say("more");
    client_hear("end");
    check_int(PMIx_IOF_deregister(id, NULL, 0, NULL, NULL), PMIX_SUCCESS, "PMIx_IOF_deregister");
    check(hears("3/4 rest|"), "IOF-8 and so does the end of the registration");
    check_int(PMIx_IOF_deregister(id, NULL, 0, NULL, NULL), PMIX_ERR_BAD_PARAM, "IOF-8 which there is once");
    id = pull(PMIX_IOF_BUFFERING_SIZE, 1000, PMIX_IOF_BUFFERING_TIME, 1);
    client_say("again");
    check(hears("3/4 in time|"), "IOF-8 nothing waits longer than was asked for");
    client_say("in time");
    check(hears("3/4 and again|"), "IOF-8 each time");
    client_stop();
}

// ---- hosts

static int begin(const char *role, const char *drops, const char *expected) {
    const char *variables[] = {"TEST_DROPS", drops, "TEST_EXPECT", expected, NULL};
    int client = host_launch_with("testns", 0, role, variables);
    ok(host_hear(client, "pulled"), "a rank has pulled");
    return client;
}

static void waited(const char *drops, const char *expected) {
    struct host_config config = {.local = 1, .answer[UP_IOFPULL] = {DONE, 0}};
    if (!start(&config, false)) return;
    deliver("other", 3, PMIX_FWD_STDOUT_CHANNEL, "abcd");
    deliver("other", 3, PMIX_FWD_STDERR_CHANNEL, "err");
    deliver("other", 3, PMIX_FWD_STDOUT_CHANNEL, "efgh");
    begin("late", drops, expected);
    deliver("other", 3, PMIX_FWD_STDOUT_CHANNEL, "much more than five");
    host_report();
    host_stop();
}

static void oldest_waited(void) { waited(PMIX_IOF_DROP_NEWEST, "3/2 abcd|3/4 err|3/2 e|"); }
static void newest_waited(void) { waited(PMIX_IOF_DROP_OLDEST, "3/2 d|3/4 err|3/2 efgh|"); }

static void slow_with(const char *drops) {
    struct host_config config = {.local = 1, .answer[UP_IOFPULL] = {DONE, 0}};
    char *piece = malloc(PIECE + 1);
    if (!start(&config, false)) return;
    int client = begin("slow", drops, "");
    memset(piece, 'x', PIECE);
    piece[PIECE] = 0;
    for (int i = 0; i < PIECES; i++) deliver("other", 3, PMIX_FWD_STDOUT_CHANNEL, piece);
    deliver("other", 3, PMIX_FWD_STDOUT_CHANNEL, "last");
    deliver("other", 3, PMIX_FWD_STDOUT_CHANNEL, "");
    host_tell(client, "read");
    free(piece);
    host_report();
    host_stop();
}

static void slow_oldest(void) { slow_with(PMIX_IOF_DROP_OLDEST); }
static void slow_newest(void) { slow_with(PMIX_IOF_DROP_NEWEST); }

static void gathered(void) {
    struct host_config config = {.local = 1, .answer[UP_IOFPULL] = {DONE, 0}};
    if (!start(&config, false)) return;
    int client = begin("gathering", "", "");
    deliver("other", 3, PMIX_FWD_STDOUT_CHANNEL, "abc");
    deliver("other", 3, PMIX_FWD_STDOUT_CHANNEL, "def");
    deliver("other", 3, PMIX_FWD_STDOUT_CHANNEL, "gh");
    deliver("other", 4, PMIX_FWD_STDOUT_CHANNEL, "x");
    deliver("other", 3, PMIX_FWD_STDOUT_CHANNEL, "y");
    deliver("other", 3, PMIX_FWD_STDOUT_CHANNEL, "");
    ok(host_hear(client, "more"), "which has heard what was gathered");
    deliver("other", 3, PMIX_FWD_STDERR_CHANNEL, "re");
    deliver("other", 3, PMIX_FWD_STDERR_CHANNEL, "st");
    host_tell(client, "end");
    ok(host_hear(client, "again"), "and pulls again");
    deliver("other", 3, PMIX_FWD_STDERR_CHANNEL, "in time");
    ok(host_hear(client, "in time"), "which has heard what was not enough");
    deliver("other", 3, PMIX_FWD_STDERR_CHANNEL, "and again");
    host_report();
    host_stop();
}

int main(int argc, char **argv) {
    static const struct role roles[] = {{"late", late}, {"slow", slow}, {"gathering", gathering}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("the oldest waited", oldest_waited);
    scenario("the newest waited", newest_waited);
    scenario("a slow reader of the newest", slow_oldest);
    scenario("a slow reader of the oldest", slow_newest);
    scenario("pieces that are gathered", gathered);
    return done_testing();
}
