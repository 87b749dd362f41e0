// Events: who hears of them, in which order the handlers of a process run, and what is kept for later.
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"

#define CODE(n) (PMIX_EXTERNAL_ERR_BASE - (n))
#define LAST_CODE CODE(99)

// ---- ranks: every handler notes "<tag><n>" for CODE(n), "<tag>!" for the last one

static pthread_mutex_t noted_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t noted_more = PTHREAD_COND_INITIALIZER;
static char noted[1024];
static size_t handler_ids[8];

static void note(char tag, pmix_status_t code) {
    char word[32];
    if (code == LAST_CODE) snprintf(word, sizeof word, "%c! ", tag);
    else snprintf(word, sizeof word, "%c%d ", tag, PMIX_EXTERNAL_ERR_BASE - code);
    pthread_mutex_lock(&noted_lock);
    strncat(noted, word, sizeof noted - strlen(noted) - 1);
    pthread_cond_broadcast(&noted_more);
    pthread_mutex_unlock(&noted_lock);
}

#define HANDLER(name, tag, verdict) \
    static void name(size_t id, pmix_status_t code, const pmix_proc_t *source, pmix_info_t info[], size_t n, \
        pmix_info_t *results, size_t nresults, pmix_event_notification_cbfunc_fn_t cb, void *cbdata) { \
        (void) id, (void) source, (void) info, (void) n; \
        (void) results, (void) nresults; \
        note(tag, code); \
        if (cb) cb(verdict, NULL, 0, NULL, NULL, cbdata); \
    }

HANDLER(on_any, 'd', PMIX_EVENT_NO_ACTION_TAKEN)
HANDLER(on_one, 's', PMIX_EVENT_NO_ACTION_TAKEN)
HANDLER(on_some, 'm', PMIX_EVENT_NO_ACTION_TAKEN)
HANDLER(on_first, 'F', PMIX_EVENT_NO_ACTION_TAKEN)
HANDLER(on_last, 'L', PMIX_EVENT_NO_ACTION_TAKEN)
HANDLER(on_prepended, 'p', PMIX_EVENT_NO_ACTION_TAKEN)
HANDLER(on_stopper, 'x', PMIX_EVENT_ACTION_COMPLETE)

struct registration {
    struct done done;
    size_t id;
};

static void on_registered(pmix_status_t status, size_t id, void *cbdata) {
    struct registration *registration = cbdata;
    registration->id = id;
    done_op(status, &registration->done);
}

// The status of the registration; its reference goes to handler_ids[slot].
static pmix_status_t listen_with(
    int slot, pmix_notification_fn_t handler, pmix_status_t *codes, size_t n, pmix_info_t *infos, size_t ninfos) {
    static struct registration all[8];
    all[slot] = (struct registration){.done = DONE_INIT};
    pmix_status_t rc = PMIx_Register_event_handler(codes, n, infos, ninfos, handler, on_registered, &all[slot]);
    if (rc < 0) return rc;
    if (!done_wait(&all[slot].done)) return LATE;
    handler_ids[slot] = all[slot].id;
    return all[slot].done.status;
}

static void listen_for(
    int slot, pmix_notification_fn_t handler, pmix_status_t *codes, size_t n, const char *directive) {
    bool flag = true;
    pmix_info_t info;
    if (directive) PMIX_INFO_LOAD(&info, directive, &flag, PMIX_BOOL);
    check_int(listen_with(slot, handler, codes, n, &info, directive ? 1 : 0), PMIX_SUCCESS, "registers a handler");
}

// Waits until as much has been noted as is expected. The chains of two events may interleave, so what is to be told
// apart is awaited before the next event is notified.
static void await(const char *expected, const char *what) {
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    at.tv_sec += client_seconds();
    pthread_mutex_lock(&noted_lock);
    while (strlen(noted) < strlen(expected) && pthread_cond_timedwait(&noted_more, &noted_lock, &at) == 0) {}
    char got[sizeof noted];
    strcpy(got, noted);
    noted[0] = 0;
    pthread_mutex_unlock(&noted_lock);
    check(strcmp(got, expected) == 0, "%s", what);
    if (strcmp(got, expected) != 0) fprintf(stderr, "# %s: noted \"%s\", expected \"%s\"\n", what, got, expected);
}

static void notify(pmix_status_t code, pmix_data_range_t range, pmix_info_t *infos, size_t n) {
    struct done done = DONE_INIT;
    pmix_status_t rc = PMIx_Notify_event(code, &me, range, infos, n, done_op, &done);
    if (rc == PMIX_SUCCESS && done_wait(&done)) rc = done.status;
    if (rc == PMIX_OPERATION_SUCCEEDED) rc = PMIX_SUCCESS;
    check_int(rc, PMIX_SUCCESS, "notifies with range %u", range);
}

static void notify_custom(pmix_status_t code, uint32_t rank) {
    pmix_proc_t target = me;
    pmix_info_t info;
    target.rank = rank;
    PMIX_INFO_LOAD(&info, PMIX_EVENT_CUSTOM_RANGE, &target, PMIX_PROC);
    notify(code, PMIX_RANGE_CUSTOM, &info, 1);
    PMIX_INFO_DESTRUCT(&info);
}

static void notify_flagged(pmix_status_t code, const char *key) {
    bool flag = true;
    pmix_info_t info;
    PMIX_INFO_LOAD(&info, key, &flag, PMIX_BOOL);
    notify(code, PMIX_RANGE_NAMESPACE, &info, 1);
}

static void by_default(void) {
    client_start();
    listen_for(0, on_any, NULL, 0, NULL);
    client_say("listening");
    await("d1 ", "S20 a rank with only a default handler hears of an event");
    client_say("heard");
    await("d3 d! ", "EVENT-1 neither of one for another rank, nor of a NON_DEFAULT one, nor of a PROC_LOCAL one");
    client_hear("leave");
    client_stop();
}

static void by_code(void) {
    pmix_status_t codes[] = {CODE(1), CODE(2), LAST_CODE};
    client_start();
    listen_for(0, on_some, codes, 3, NULL);
    client_say("listening");
    await("m1 ", "EVENT-1 EVREG-1 a rank hears of a code it asked for");
    client_say("heard");
    await("m2 m1 m! ", "EVENT-1 of one meant for it alone, of a NON_DEFAULT one, and of none it did not ask for");
    client_hear("leave");
    client_stop();
}

static void notifier(void) {
    client_start();
    listen_for(0, on_any, NULL, 0, NULL);
    client_hear("notify");
    notify(CODE(1), PMIX_RANGE_NAMESPACE, NULL, 0);
    await("d1 ", "EVENT-1 the source's own handler hears of it");
    client_hear("more");
    notify(CODE(3), PMIX_RANGE_LOCAL, NULL, 0);
    await("d3 ", "EVENT-1 once");
    notify_custom(CODE(2), 1);
    notify(CODE(4), PMIX_RANGE_PROC_LOCAL, NULL, 0);
    await("d4 ", "EVENT-1 an event for another rank is not for the source's handler, a PROC_LOCAL one is");
    notify_flagged(CODE(1), PMIX_EVENT_NON_DEFAULT);
    notify(LAST_CODE, PMIX_RANGE_NAMESPACE, NULL, 0);
    await("d! ", "EVENT-1 a NON_DEFAULT event is not for its default handler");
    client_round_trip();
    client_say("notified");
    client_hear("leave");
    client_stop();
}

static void orderly(void) {  // all within one process
    pmix_status_t one[] = {CODE(1)}, some[] = {CODE(1), CODE(2), LAST_CODE}, stop[] = {CODE(3)};
    pmix_status_t two[] = {CODE(3), CODE(4)};
    client_start();
    listen_for(0, on_last, one, 1, PMIX_EVENT_HDLR_LAST);
    listen_for(1, on_any, NULL, 0, NULL);
    listen_for(2, on_some, some, 3, NULL);
    listen_for(3, on_one, one, 1, NULL);
    listen_for(4, on_first, one, 1, PMIX_EVENT_HDLR_FIRST);
    listen_for(5, on_prepended, one, 1, PMIX_EVENT_HDLR_PREPEND);
    listen_for(6, on_stopper, stop, 1, NULL);
    listen_for(7, on_some, two, 2, NULL);
    notify(CODE(1), PMIX_RANGE_PROC_LOCAL, NULL, 0);
    await("F1 p1 s1 m1 d1 L1 ", "EVENT-1 the order of handlers: first, single, several, default, last");
    notify(CODE(3), PMIX_RANGE_PROC_LOCAL, NULL, 0);
    await("x3 ", "EVENT-1 a single-code handler comes before the others");
    notify(LAST_CODE, PMIX_RANGE_PROC_LOCAL, NULL, 0);
    await("m! d! ", "EVENT-1 ACTION_COMPLETE ends the chain");
    client_stop();
}

static void leaving_handlers(void) {
    struct done done = DONE_INIT;
    pmix_status_t one[] = {CODE(1)};
    client_start();
    listen_for(0, on_any, NULL, 0, NULL);
    listen_for(1, on_one, one, 1, NULL);
    notify(CODE(1), PMIX_RANGE_PROC_LOCAL, NULL, 0);
    await("s1 d1 ", "both handlers run");
    pmix_status_t rc = PMIx_Deregister_event_handler(handler_ids[1], done_op, &done);
    check(rc == PMIX_OPERATION_SUCCEEDED || (rc == PMIX_SUCCESS && done_wait(&done) && done.status == PMIX_SUCCESS),
        "a handler is deregistered");
    notify(CODE(1), PMIX_RANGE_PROC_LOCAL, NULL, 0);
    await("d1 ", "and runs no more");
    client_stop();
}

static void unheard(void) {  // an event that came before there was a handler for it
    pmix_status_t marker[] = {LAST_CODE}, code[] = {CODE(1)};
    client_start();
    listen_for(0, on_some, marker, 1, NULL);
    client_say("in");
    await("m! ", "a first event is heard");
    if (getenv("TEST_DEFAULT")) {
        listen_for(1, on_any, NULL, 0, NULL);
        await("d1 ", "EVENT-1 S21 an event from before it is delivered to a default handler");
    } else {
        listen_for(1, on_one, code, 1, NULL);
        await("s1 ", "EVENT-1 EVREG-5 an event from before it is delivered to a handler");
    }
    client_say("listening");
    client_hear("check");
    await(getenv("TEST_DEFAULT") ? "m! d! " : "m! ", "EVENT-1 and only once");
    client_stop();
}

static void choosy(void) {  // only events about rank 1 matter to it
    pmix_proc_t affected;
    pmix_status_t code[] = {CODE(1)};
    pmix_info_t info;
    client_start();
    affected = me;
    affected.rank = 1;
    PMIX_INFO_LOAD(&info, PMIX_EVENT_AFFECTED_PROC, &affected, PMIX_PROC);
    check_int(listen_with(0, on_one, code, 1, &info, 1), PMIX_SUCCESS, "registers for events about rank 1");
    listen_for(1, on_any, NULL, 0, NULL);
    notify(CODE(1), PMIX_RANGE_PROC_LOCAL, &info, 1);
    await("s1 d1 ", "EVENT-1 a handler sees an event about the proc it named");
    affected.rank = 0;
    PMIX_INFO_DESTRUCT(&info);
    PMIX_INFO_LOAD(&info, PMIX_EVENT_AFFECTED_PROC, &affected, PMIX_PROC);
    notify(CODE(1), PMIX_RANGE_PROC_LOCAL, &info, 1);
    await("d1 ", "EVENT-1 and not one about another");
    PMIX_INFO_DESTRUCT(&info);
    client_stop();
}

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static void on_turn(size_t id, pmix_status_t status, const pmix_proc_t *source, pmix_info_t info[], size_t ninfo,
    pmix_info_t *results, size_t nresults, pmix_event_notification_cbfunc_fn_t done, void *cbdata) {
    pthread_mutex_lock(&turn);
    pthread_mutex_unlock(&turn);
    on_one(id, status, source, info, ninfo, results, nresults, done, cbdata);
}

static void locked(void) {  // as an interpreter does, with one lock for all its threads
    pmix_status_t code[] = {CODE(1)};
    client_start();
    listen_for(0, on_turn, code, 1, NULL);
    pthread_mutex_lock(&turn);
    check_int(PMIx_Notify_event(CODE(1), &me, PMIX_RANGE_PROC_LOCAL, NULL, 0, NULL, NULL), PMIX_SUCCESS,
        "notifies without a callback");
    pthread_mutex_unlock(&turn);
    await("s1 ", "EVENT-1 who tells its own process need not let go of what the handler waits for");
    client_stop();
}

static void environmental(void) {
    pmix_status_t system[] = {PMIX_EVENT_NODE_DOWN}, own[] = {CODE(1)};
    client_start();
    check_int(listen_with(0, on_one, own, 1, NULL, 0), PMIX_SUCCESS, "a code of the program's own");
    client_say("own");
    client_hear("on");
    pmix_status_t rc = listen_with(1, on_some, system, 1, NULL, 0);
    if (getenv("TEST_FAILING")) check(rc < 0, "EVENT-1 EVREG-3 a system event cannot be registered with such a host");
    else check_int(rc, PMIX_SUCCESS, "EVENT-1 a system event can be registered");
    client_stop();
}

// Listens to a system event of its own process, until it is told to leave in one of several ways.
static void watcher(void) {
    pmix_status_t system[] = {PMIX_EVENT_NODE_DOWN};
    pmix_info_t mine;
    client_start();
    PMIX_INFO_LOAD(&mine, PMIX_EVENT_AFFECTED_PROC, &me, PMIX_PROC);
    check_int(listen_with(0, on_some, system, 1, &mine, 1), PMIX_SUCCESS, "EVREG-4 a rank watches for a system event");
    PMIX_INFO_DESTRUCT(&mine);
    client_say("watching");
    client_hear("leave");
    client_stop();
}

static void listener(void) {
    pmix_status_t own[] = {CODE(1), LAST_CODE};
    client_start();
    listen_for(0, on_one, own, 2, NULL);
    client_say("listening");
    await("s1 s! ", "EVENT-1 what a host tells its own server again is heard once");
    client_stop();
}

static void teller(void) {
    client_start();
    client_hear("notify");
    notify(CODE(1), PMIX_RANGE_NAMESPACE, NULL, 0);
    client_say("notified");
    client_hear("more");
    notify(LAST_CODE, PMIX_RANGE_NAMESPACE, NULL, 0);
    client_stop();
}

#include "hosts/events.c"

int main(int argc, char **argv) {
    static const struct role roles[] = {{"by_default", by_default}, {"by_code", by_code}, {"notifier", notifier},
        {"orderly", orderly}, {"leaving_handlers", leaving_handlers}, {"unheard", unheard}, {"choosy", choosy},
        {"locked", locked},
        {"environmental", environmental}, {"watcher", watcher}, {"listener", listener}, {"teller", teller}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("who hears", heard);
    scenario("who hears, the host answers at once", heard_at_once);
    scenario("who hears, the host is done already", heard_done);
    scenario("the host passes on to its own server", passed_on);
    scenario("the order of handlers", order);
    scenario("a handler deregistered", deregistered);
    scenario("affected procs", affected);
    scenario("a lock held", lock_held);
    scenario("an event before the rank listens", kept_for_code);
    scenario("an event before the rank listens by default", kept_for_default);
    scenario("an event before the rank connects", kept_longer_for_code);
    scenario("an event before the rank connects and listens by default", kept_longer_for_default);
    scenario("system events", environment);
    scenario("system events, done at once", environment_done);
    scenario("system events, no register_events", environment_absent);
    scenario("system events, of several ranks", environment_each);
    return done_testing();
}
