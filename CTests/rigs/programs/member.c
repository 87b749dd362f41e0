// One rank of a job under `muster run`, doing what its first argument says. It prints `MODE ok RANK` when everything was as
// it should be, and otherwise says on standard error what was not and exits with 9.
#include "member.h"

#include <signal.h>
#include <sys/stat.h>

static void data(void) {
    char key[32];
    pmix_value_t value, *found = NULL;
    bool collects = true;
    pmix_info_t info;
    pmix_proc_t all = everyone(), peer = me;
    want(number(&all, PMIX_LOCAL_SIZE) == size, "every rank is local");
    want(number(&all, PMIX_NUM_NODES) == 1, "there is one node");
    want(number(&all, PMIX_JOB_NUM_APPS) >= 1, "the job has programs");
    want(number(&all, PMIX_UNIV_SIZE) >= size, "the universe holds the job");
    want(number(&me, PMIX_LOCAL_RANK) == me.rank, "the local rank is the rank");
    want(number(&me, PMIX_NODE_RANK) == me.rank, "so is the node rank");
    want(strcmp(getenv("PMIX_NAMESPACE"), me.nspace) == 0, "the environment names the job");
    want_path(&all, PMIX_NSDIR);
    want_path(&me, PMIX_PROCDIR);
    snprintf(key, sizeof key, "key%u", me.rank);
    value.type = PMIX_UINT32;
    value.data.uint32 = 100 + me.rank;
    want(PMIx_Put(PMIX_GLOBAL, key, &value) == PMIX_SUCCESS && PMIx_Commit() == PMIX_SUCCESS, "put and commit");
    PMIX_INFO_LOAD(&info, PMIX_COLLECT_DATA, &collects, PMIX_BOOL);
    want(PMIx_Fence(NULL, 0, &info, 1) == PMIX_SUCCESS, "fence");
    for (peer.rank = 0; peer.rank < size; peer.rank++) {
        snprintf(key, sizeof key, "key%u", peer.rank);
        want(PMIx_Get(&peer, key, NULL, 0, &found) == PMIX_SUCCESS && found->data.uint32 == 100 + peer.rank, "get");
        PMIX_VALUE_RELEASE(found);
    }
}

// MARK: published data

static pmix_status_t publish(const char *key, const char *text, pmix_data_range_t range, pmix_persistence_t lasts) {
    pmix_info_t infos[3];
    PMIX_INFO_LOAD(&infos[0], key, text, PMIX_STRING);
    PMIX_INFO_LOAD(&infos[1], PMIX_RANGE, &range, PMIX_DATA_RANGE);
    PMIX_INFO_LOAD(&infos[2], PMIX_PERSISTENCE, &lasts, PMIX_PERSIST);
    pmix_status_t status = PMIx_Publish(infos, 3);
    PMIX_INFO_DESTRUCT(&infos[0]);
    return status;
}

static pmix_status_t lookup(const char *key, bool waits, char *text, size_t room) {
    pmix_pdata_t found;
    pmix_info_t infos[2];
    int seconds = 20;
    PMIX_PDATA_CONSTRUCT(&found);
    PMIX_LOAD_KEY(found.key, key);
    PMIX_INFO_LOAD(&infos[0], PMIX_WAIT, &waits, PMIX_BOOL);
    PMIX_INFO_LOAD(&infos[1], PMIX_TIMEOUT, &seconds, PMIX_INT);
    pmix_status_t status = PMIx_Lookup(&found, 1, infos, waits ? 2 : 0);
    snprintf(text, room, "%s", status == PMIX_SUCCESS ? found.value.data.string : "");
    PMIX_PDATA_DESTRUCT(&found);
    return status;
}

static void publishing(void) {
    char text[64], *keys[] = {"session", NULL};
    if (me.rank == 0) {
        // The others ask before there is anything.
        usleep(100000);
        want(publish("session", "s", PMIX_RANGE_SESSION, PMIX_PERSIST_APP) == PMIX_SUCCESS, "publish");
        want(publish("session", "t", PMIX_RANGE_SESSION, PMIX_PERSIST_APP) == PMIX_ERR_DUPLICATE_KEY, "not twice");
        want(publish("mine", "m", PMIX_RANGE_PROC_LOCAL, PMIX_PERSIST_APP) == PMIX_SUCCESS, "publish for oneself");
        want(publish("once", "o", PMIX_RANGE_NAMESPACE, PMIX_PERSIST_FIRST_READ) == PMIX_SUCCESS, "publish for one");
        want(lookup("mine", false, text, sizeof text) == PMIX_SUCCESS && !strcmp(text, "m"), "look up one's own");
    }
    want(lookup("session", true, text, sizeof text) == PMIX_SUCCESS && !strcmp(text, "s"), "wait for a key");
    fence();
    if (me.rank == 1) {
        want(lookup("mine", false, text, sizeof text) == PMIX_ERR_NOT_FOUND, "another's own is not seen");
        want(lookup("once", false, text, sizeof text) == PMIX_SUCCESS && !strcmp(text, "o"), "the first reads it");
        want(lookup("once", false, text, sizeof text) == PMIX_ERR_NOT_FOUND, "the second does not");
        want(PMIx_Unpublish(keys, NULL, 0) != PMIX_SUCCESS, "nobody unpublishes what is another's");
    }
    fence();
    if (me.rank == 0) {
        want(PMIx_Unpublish(keys, NULL, 0) == PMIX_SUCCESS, "unpublish");
        want(lookup("session", false, text, sizeof text) == PMIX_ERR_NOT_FOUND, "it is gone");
    }
    fence();
}

// MARK: events

static volatile int heard, heardJobEnd, heardByDefault;

static void hear(size_t registration, pmix_status_t status, const pmix_proc_t *source, pmix_info_t info[], size_t ninfo,
                 pmix_info_t results[], size_t nresults, pmix_event_notification_cbfunc_fn_t done, void *cbdata) {
    (void) registration, (void) source, (void) info, (void) ninfo, (void) results, (void) nresults;
    if (status == PMIX_ERR_JOB_TERMINATED) { heardJobEnd++; } else { heard++; }
    done(PMIX_EVENT_ACTION_COMPLETE, NULL, 0, NULL, NULL, cbdata);
}

static void events(void) {
    pmix_status_t code = PMIX_EXTERNAL_ERR_BASE - 1;
    pmix_proc_t target = me;
    pmix_info_t info;
    want(PMIx_Register_event_handler(&code, 1, NULL, 0, hear, NULL, NULL) >= 0, "register");
    fence();
    if (me.rank == 0) {
        want(PMIx_Notify_event(code, &me, PMIX_RANGE_NAMESPACE, NULL, 0, NULL, NULL) >= -157, "notify the job");
    } else {
        want(wait_until(&heard, 1), "the job hears of it");
    }
    fence();
    if (me.rank == 0) {
        target.rank = 1;
        PMIX_INFO_LOAD(&info, PMIX_EVENT_CUSTOM_RANGE, &target, PMIX_PROC);
        want(PMIx_Notify_event(code, &me, PMIX_RANGE_CUSTOM, &info, 1, NULL, NULL) >= -157, "notify one");
    }
    if (me.rank == 1) want(wait_until(&heard, 2), "the one hears of it");
    fence();
    if (me.rank == 2) want(heard == 1, "the others do not");
}

// MARK: jobs of one's own

static void hear_all(size_t registration, pmix_status_t status, const pmix_proc_t *source, pmix_info_t info[],
    size_t ninfo, pmix_info_t results[], size_t nresults, pmix_event_notification_cbfunc_fn_t done, void *cbdata) {
    (void) registration, (void) status, (void) source, (void) info, (void) ninfo, (void) results, (void) nresults;
    heardByDefault++;
    done(PMIX_SUCCESS, NULL, 0, NULL, NULL, cbdata);
}

static void child(void) {
    pmix_proc_t all = everyone(), both[2];
    pmix_value_t *value = NULL;
    char text[64];
    want(PMIx_Get(&all, PMIX_PARENT_ID, NULL, 0, &value) == PMIX_SUCCESS && value->type == PMIX_PROC, "it has a parent");
    both[0] = *value->data.proc;
    both[0].rank = PMIX_RANK_WILDCARD;
    both[1] = all;
    want(getenv("GREETING") && !strcmp(getenv("GREETING"), "hello"), "it has the environment it was given");
    want(PMIx_Connect(both, 2, NULL, 0) == PMIX_SUCCESS, "connect with the parent");
    want(lookup("family", false, text, sizeof text) == PMIX_SUCCESS, "what the parent published for all");
    want(lookup("secret", false, text, sizeof text) == PMIX_ERR_NOT_FOUND, "not what it published for its job");
    want(PMIx_Disconnect(both, 2, NULL, 0) == PMIX_SUCCESS, "disconnect");
    PMIX_VALUE_RELEASE(value);
}

static void spawn_children(const char *program, char *nspace) {
    pmix_app_t app;
    pmix_info_t info;
    bool yes = true;
    PMIX_APP_CONSTRUCT(&app);
    app.cmd = strdup("/nonexistent/program");
    app.maxprocs = 1;
    want(PMIx_Spawn(NULL, 0, &app, 1, nspace) == PMIX_ERR_JOB_EXE_NOT_FOUND, "a program that is not there");
    // The original has put the command into the arguments.
    PMIX_APP_DESTRUCT(&app);
    PMIX_APP_CONSTRUCT(&app);
    app.cmd = strdup(program);
    append(&app.argv, program);
    append(&app.argv, "child");
    append(&app.env, "GREETING=hello");
    app.maxprocs = 2;
    PMIX_INFO_LOAD(&info, PMIX_NOTIFY_COMPLETION, &yes, PMIX_BOOL);
    want(PMIx_Spawn(&info, 1, &app, 1, nspace) == PMIX_SUCCESS, "spawn");
    PMIX_APP_DESTRUCT(&app);
}

// The children's output is asked for; whoever started this job is to see it once.
static void showing(const char *program) {
    pmix_app_t app;
    pmix_info_t infos[2];
    pmix_status_t code = PMIX_ERR_JOB_TERMINATED;
    bool yes = true;
    char nspace[PMIX_MAX_NSLEN + 1] = "";
    want(PMIx_Register_event_handler(&code, 1, NULL, 0, hear, NULL, NULL) >= 0, "register");
    PMIX_APP_CONSTRUCT(&app);
    app.cmd = strdup(program);
    append(&app.argv, program);
    append(&app.argv, "shown");
    app.maxprocs = 2;
    PMIX_INFO_LOAD(&infos[0], PMIX_FWD_STDOUT, &yes, PMIX_BOOL);
    PMIX_INFO_LOAD(&infos[1], PMIX_NOTIFY_COMPLETION, &yes, PMIX_BOOL);
    want(PMIx_Spawn(infos, 2, &app, 1, nspace) == PMIX_SUCCESS, "spawn");
    PMIX_APP_DESTRUCT(&app);
    want(wait_until(&heardJobEnd, 1), "hear that the children have ended");
    // Whatever this library writes of it comes before the news of their end, but from another thread.
    usleep(200000);
}

// A job that ends at once, whose parent has not asked to be told.
static void spawn_nothing(void) {
    pmix_app_t app;
    char nspace[PMIX_MAX_NSLEN + 1] = "";
    PMIX_APP_CONSTRUCT(&app);
    app.cmd = strdup("/bin/true");
    append(&app.argv, "true");
    app.maxprocs = 1;
    want(PMIx_Spawn(NULL, 0, &app, 1, nspace) == PMIX_SUCCESS, "spawn a job that ends at once");
    PMIX_APP_DESTRUCT(&app);
}

static void spawning(const char *program) {
    pmix_proc_t both[2];
    pmix_status_t code = PMIX_ERR_JOB_TERMINATED;
    char nspace[PMIX_MAX_NSLEN + 1] = "", text[PMIX_MAX_NSLEN + 1];
    want(PMIx_Register_event_handler(NULL, 0, NULL, 0, hear_all, NULL, NULL) >= 0, "register for everything");
    if (me.rank == 0) {
        want(PMIx_Register_event_handler(&code, 1, NULL, 0, hear, NULL, NULL) >= 0, "register");
        want(publish("family", "f", PMIX_RANGE_SESSION, PMIX_PERSIST_APP) == PMIX_SUCCESS, "publish for all");
        want(publish("secret", "s", PMIX_RANGE_NAMESPACE, PMIX_PERSIST_APP) == PMIX_SUCCESS, "publish for the job");
        spawn_children(program, nspace);
        want(strcmp(nspace, me.nspace) != 0 && nspace[0], "the new job has a name of its own");
        want(publish("children", nspace, PMIX_RANGE_NAMESPACE, PMIX_PERSIST_APP) == PMIX_SUCCESS, "tell the others");
    }
    want(lookup("children", true, text, sizeof text) == PMIX_SUCCESS, "hear of the new job");
    both[0] = everyone();
    PMIX_LOAD_PROCID(&both[1], text, PMIX_RANK_WILDCARD);
    want(PMIx_Connect(both, 2, NULL, 0) == PMIX_SUCCESS, "connect with the children");
    want(number(&both[1], PMIX_JOB_SIZE) == 2, "the children's data are known");
    want(PMIx_Disconnect(both, 2, NULL, 0) == PMIX_SUCCESS, "disconnect");
    if (me.rank == 0) {
        want(wait_until(&heardJobEnd, 1), "hear that the children have ended");
        spawn_nothing();
        want(wait_until(&heardJobEnd, 2), "hear of the end of a job, not having asked for it");
    }
    fence();
    want(heardByDefault == 0, "which is no affair of a handler of everything");
}

// MARK: questions and orders

static void queries(void) {
    pmix_query_t query;
    pmix_info_t *results = NULL;
    size_t count = 0;
    PMIX_QUERY_CONSTRUCT(&query);
    append(&query.keys, PMIX_QUERY_NAMESPACES);
    append(&query.keys, PMIX_QUERY_PROC_TABLE);
    want(PMIx_Query_info(&query, 1, &results, &count) == PMIX_SUCCESS && count == 2, "query");
    want(strstr(results[0].value.data.string, me.nspace) != NULL, "the job is among the jobs");
    pmix_data_array_t *table = results[1].value.data.darray;
    want(table->type == PMIX_PROC_INFO && table->size == size, "the table has every process");
    pmix_proc_info_t *own = &((pmix_proc_info_t *) table->array)[me.rank];
    want(own->pid == getpid() && own->state == PMIX_PROC_STATE_CONNECTED, "it says who they are and how far");
    PMIX_INFO_FREE(results, count);
    PMIX_QUERY_DESTRUCT(&query);
    fence();
}

// MARK: groups

// Numbers that the host gives are different for different groups, and the same for each member.
static void groups(void) {
    pmix_proc_t all = everyone(), half[2];
    pmix_info_t info, *results = NULL;
    size_t count = 0, ids[2] = {0, 0};
    bool yes = true;
    char text[64], key[32];
    PMIX_INFO_LOAD(&info, PMIX_GROUP_ASSIGN_CONTEXT_ID, &yes, PMIX_BOOL);
    PMIX_LOAD_PROCID(&half[0], me.nspace, me.rank & ~1u);
    PMIX_LOAD_PROCID(&half[1], me.nspace, me.rank | 1u);
    for (int which = 0; which < 2; which++) {
        snprintf(text, sizeof text, which ? "half%u" : "all", me.rank / 2);
        want(PMIx_Group_construct(text, which ? half : &all, which ? 2 : 1, &info, 1, &results, &count) == PMIX_SUCCESS,
             "construct");
        for (size_t place = 0; place < count; place++) {
            if (PMIX_CHECK_KEY(&results[place], PMIX_GROUP_CONTEXT_ID)) ids[which] = results[place].value.data.size;
        }
        PMIX_INFO_FREE(results, count);
    }
    want(ids[0] > 0 && ids[1] > 0 && ids[0] != ids[1], "each group has a number of its own");
    if (me.rank % 2 == 0) {
        snprintf(key, sizeof key, "id%u", me.rank);
        snprintf(text, sizeof text, "%zu", ids[1]);
        want(publish(key, text, PMIX_RANGE_NAMESPACE, PMIX_PERSIST_APP) == PMIX_SUCCESS, "tell the number");
    }
    snprintf(key, sizeof key, "id%u", me.rank & ~1u);
    want(lookup(key, true, text, sizeof text) == PMIX_SUCCESS && (size_t) atol(text) == ids[1], "both know the same");
    snprintf(key, sizeof key, "id%u", (me.rank & ~1u) ^ 2u);
    want(lookup(key, true, text, sizeof text) == PMIX_SUCCESS && (size_t) atol(text) != ids[1], "the others another");
    snprintf(text, sizeof text, "half%u", me.rank / 2);
    want(PMIx_Group_destruct(text, NULL, 0) == PMIX_SUCCESS, "destruct");
    want(PMIx_Group_destruct("all", NULL, 0) == PMIX_SUCCESS, "destruct");
}

static volatile sig_atomic_t signals;

static void count_signal(int number) {
    (void) number;
    signals++;
}

static pmix_status_t order(pmix_rank_t rank, const char *key, int value) {
    pmix_proc_t target = me;
    pmix_info_t info;
    bool yes = true;
    target.rank = rank;
    PMIX_INFO_LOAD(&info, key, value ? (void *) &value : (void *) &yes, value ? PMIX_INT : PMIX_BOOL);
    return PMIx_Job_control(&target, 1, &info, 1, NULL, NULL);
}

static bool has_state(pid_t pid, char wanted) {
    char path[64], line[256];
    for (int tries = 0; tries < 1000; tries++) {
        snprintf(path, sizeof path, "/proc/%d/stat", (int) pid);
        FILE *file = fopen(path, "r");
        if (!file || !fgets(line, sizeof line, file)) return false;
        fclose(file);
        char *state = strrchr(line, ')');
        if (state && state[2] == wanted) return true;
        usleep(10000);
    }
    return false;
}

// Rank 1 is given orders by rank 0: signalled, stopped, continued, and ended, which is no failure.
static void control(void) {
    char text[64];
    signal(SIGUSR1, count_signal);
    if (me.rank == 1) {
        snprintf(text, sizeof text, "%d", (int) getpid());
        want(publish("pid", text, PMIX_RANGE_NAMESPACE, PMIX_PERSIST_APP) == PMIX_SUCCESS, "tell the pid");
        while (!signals) usleep(10000);
        want(publish("signalled", "yes", PMIX_RANGE_NAMESPACE, PMIX_PERSIST_APP) == PMIX_SUCCESS, "it was signalled");
        for (;;) pause();
    }
    if (me.rank != 0) return;
    want(lookup("pid", true, text, sizeof text) == PMIX_SUCCESS, "learn the pid");
    pid_t pid = atoi(text);
    want(order(1, PMIX_JOB_CTRL_SIGNAL, SIGUSR1) == PMIX_SUCCESS, "signal");
    want(lookup("signalled", true, text, sizeof text) == PMIX_SUCCESS, "it has come");
    want(order(1, PMIX_JOB_CTRL_PAUSE, 0) == PMIX_SUCCESS && has_state(pid, 'T'), "pause");
    want(order(1, PMIX_JOB_CTRL_RESUME, 0) == PMIX_SUCCESS && has_state(pid, 'S'), "resume");
    want(order(1, PMIX_JOB_CTRL_KILL, 0) == PMIX_SUCCESS, "kill");
}

// MARK: ways to end

static void ending(const char *how) {
    fence();
    if (!strcmp(how, "leave") && me.rank == 1) _exit(0);
    if (!strcmp(how, "abort") && me.rank == 1) PMIx_Abort(5, "on purpose", NULL, 0);
    // What is executed instead of it has no connection.
    if (!strcmp(how, "turn") && me.rank == 1) execlp("sleep", "sleep", "60", NULL);
    if (!strcmp(how, "die") && me.rank == 2) kill(getpid(), SIGKILL);
    // The others wait for one that does not come.
    fence();
    want(false, "the job goes on");
}

int main(int argc, char **argv) {
    const char *mode = argc > 1 ? argv[1] : "data";
    begin();
    if (!strcmp(mode, "data")) data();
    else if (!strcmp(mode, "publish")) publishing();
    else if (!strcmp(mode, "events")) events();
    else if (!strcmp(mode, "spawn")) spawning(argv[0]);
    else if (!strcmp(mode, "show")) showing(argv[0]);
    else if (!strcmp(mode, "child")) child();
    else if (!strcmp(mode, "query")) queries();
    else if (!strcmp(mode, "group")) groups();
    else if (!strcmp(mode, "control")) control();
    else if (!strcmp(mode, "start") || !strcmp(mode, "shown")) fence();
    else ending(mode);
    if (strcmp(mode, "start")) printf("%s ok %u\n", mode, me.rank);
    PMIx_Finalize(NULL, 0);
    return 0;
}
