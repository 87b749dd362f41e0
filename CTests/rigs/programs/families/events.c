// Part of families.c: events from rank to rank, and the loss of a rank.

#define OWN_EVENT (-2001)
#define LAST_EVENT (-2002)

static int heard_own, heard_last;
static bool source_was_right = true;

static void on_event(size_t id, pmix_status_t status, const pmix_proc_t *source, pmix_info_t infos[], size_t n,
    pmix_info_t *results, size_t nresults, pmix_event_notification_cbfunc_fn_t done, void *cbdata) {
    (void) id, (void) infos, (void) n, (void) results, (void) nresults;
    if (source == NULL || source->rank != size - 1 || strcmp(source->nspace, me.nspace) != 0) source_was_right = false;
    count_up(status == OWN_EVENT ? &heard_own : &heard_last);
    if (done) done(PMIX_EVENT_ACTION_COMPLETE, NULL, 0, NULL, NULL, cbdata);
}

static void on_loss(size_t id, pmix_status_t status, const pmix_proc_t *source, pmix_info_t infos[], size_t n,
    pmix_info_t *results, size_t nresults, pmix_event_notification_cbfunc_fn_t done, void *cbdata) {
    (void) id, (void) status, (void) source, (void) infos, (void) n, (void) results, (void) nresults;
    if (done) done(PMIX_EVENT_ACTION_COMPLETE, NULL, 0, NULL, NULL, cbdata);
}

static void listen_for(const char *what, pmix_status_t *codes, size_t ncodes, pmix_notification_fn_t handler,
    struct answer *answer) {
    *answer = (struct answer){0, 0, 0};
    pmix_status_t status = PMIx_Register_event_handler(codes, ncodes, NULL, 0, handler, came_reference, answer);
    // The blocking form returns the reference; this one has to say how it went through the callback.
    say_status(what, outcome(status, answer));
}

static void tell(pmix_status_t code, const char *what, pmix_data_range_t range, uint32_t target) {
    static struct answer answers[8];
    static int count;
    struct answer *answer = &answers[count++];
    pmix_proc_t proc = rank_of_mine(target);
    pmix_info_t info;
    bool custom = range == PMIX_RANGE_CUSTOM;
    if (custom) PMIX_INFO_LOAD(&info, PMIX_EVENT_CUSTOM_RANGE, &proc, PMIX_PROC);
    pmix_status_t status = PMIx_Notify_event(code, &me, range, custom ? &info : NULL, custom ? 1 : 0, came_op, answer);
    say_status(what, outcome(status, answer));
}

// The last rank tells; all others listen. What is heard is counted when the last event of all has come.
static void events(void) {
    static struct answer own, last;
    pmix_status_t codes[] = {OWN_EVENT}, last_codes[] = {LAST_EVENT};
    if (me.rank != size - 1) {
        listen_for("listening", codes, 1, on_event, &own);
        listen_for("listening for the end", last_codes, 1, on_event, &last);
    }
    meet();
    if (me.rank == size - 1) {
        tell(OWN_EVENT, "local", PMIX_RANGE_LOCAL, 0);
        tell(OWN_EVENT, "to the namespace", PMIX_RANGE_NAMESPACE, 0);
        tell(OWN_EVENT, "to the session", PMIX_RANGE_SESSION, 0);
        tell(OWN_EVENT, "to this very process", PMIX_RANGE_PROC_LOCAL, 0);
        tell(OWN_EVENT, "to one rank", PMIX_RANGE_CUSTOM, 0);
        tell(LAST_EVENT, "the last", PMIX_RANGE_NAMESPACE, 0);
    } else {
        wait_count(&heard_last, 1);
        say("heard %d, and the last %d times; from the one who told: %s", heard_own, heard_last,
            source_was_right ? "yes" : "no");
        say_status("no more listening", PMIx_Deregister_event_handler(own.reference, NULL, NULL));
    }
    meet();
}

// The last rank is lost: killed, while the others are in a fence, which must not succeed. The rig tells its host to go
// on.
static void fault(void) {
    static struct answer answer;
    pmix_status_t codes[] = {PMIX_ERR_PROC_ABORTED, PMIX_ERR_PROC_TERM_WO_SYNC, PMIX_ERR_LOST_CONNECTION,
        PMIX_EVENT_PROC_TERMINATED, PMIX_ERR_PROC_ABORTED_BY_SIG};
    listen_for("listening", codes, 5, on_loss, &answer);
    meet();
    if (me.rank == size - 1) {
        sleep(1);  // the original waits for ever for a rank that is lost before the others are in
        raise(SIGKILL);
    }
    pmix_status_t status = PMIx_Fence(&everyone, 1, NULL, 0);
    say("a fence with the lost rank %s", status == PMIX_SUCCESS ? "succeeds" : "fails");
}
