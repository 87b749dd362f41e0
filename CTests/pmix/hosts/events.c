// Part of events.c: the hosts.

static bool start_with(uint32_t local, enum manner notify, pmix_status_t status) {
    struct host_config config = {.local = local};
    config.answer[UP_NOTIFY] = (struct answer){notify, status};
    return ok(host_start(&config), "the host starts");
}

static void heard_with(enum manner manner) {
    if (!start_with(3, manner, PMIX_SUCCESS)) return;
    int clients[3] = {host_launch("testns", 0, "by_default"), host_launch("testns", 1, "by_code"), 0};
    ok(host_hear(clients[0], "listening") && host_hear(clients[1], "listening"), "two ranks listen");
    clients[2] = host_launch("testns", 2, "notifier");
    host_tell(clients[2], "notify");
    host_hear(clients[0], "heard"), host_hear(clients[1], "heard");
    host_tell(clients[2], "more");
    ok(host_hear(clients[2], "notified"), "a third notifies");
    for (int i = 0; i < 3; i++) host_tell(clients[i], "leave");
    host_report();
    const struct seen *first = host_await(UP_NOTIFY, 1);
    if (ok(first != NULL, "EVENT-1 the host hears of it")) {
        is_int(first->code, CODE(1), "EVENT-1 the code");
        is_int(first->proc.rank, 2, "EVENT-1 the source");
        is_str(first->text, "range 3", "EVENT-1 the range");
    }
    for (int i = 1; i <= host_saw(UP_NOTIFY); i++) {
        const struct seen *seen = host_await(UP_NOTIFY, i);
        ok(seen->code != CODE(4), "EVENT-1 PROC_LOCAL stays in the process");
        ok(strcmp(seen->text, "range 2") != 0, "EVENT-1 EVREG-10 a LOCAL event does not go beyond the node");
    }
    host_stop();
}

static void heard(void) { heard_with(LATER); }
static void heard_at_once(void) { heard_with(INLINE); }
static void heard_done(void) { heard_with(DONE); }

static pmix_info_t passed[4];
static int passed_count;

static void has_passed(pmix_status_t status, void *unused) {
    (void) unused;
    if (status != PMIX_SUCCESS && status != PMIX_OPERATION_SUCCEEDED) diag("passing on: %d", status);
}

// As Open MPI does: what a rank tells goes to the servers of all nodes, this one included.
static pmix_status_t pass_on(pmix_status_t code, const pmix_proc_t *source, pmix_data_range_t range,
    const pmix_info_t *infos, size_t n) {
    if (passed_count > 0 || n > 4) return PMIX_OPERATION_SUCCEEDED;
    for (passed_count = 0; passed_count < (int) n; passed_count++)
        PMIx_Info_xfer(&passed[passed_count], &infos[passed_count]);
    PMIx_Notify_event(code, source, range, passed, n, has_passed, NULL);
    return PMIX_OPERATION_SUCCEEDED;
}

static void passed_on(void) {
    if (!start_with(2, DONE, PMIX_SUCCESS)) return;
    host_notify_hook = pass_on;
    int clients[2] = {host_launch("testns", 0, "listener"), host_launch("testns", 1, "teller")};
    ok(host_hear(clients[0], "listening"), "a rank listens");
    host_tell(clients[1], "notify");
    ok(host_hear(clients[1], "notified"), "another tells");
    host_tell(clients[1], "more");
    host_report();
    host_stop();
    for (int i = 0; i < passed_count; i++) PMIX_INFO_DESTRUCT(&passed[i]);
}

static void alone(const char *role) {
    if (!start_with(1, LATER, PMIX_SUCCESS)) return;
    host_launch("testns", 0, role);
    host_report();
    host_stop();
}

static void order(void) { alone("orderly"); }
static void deregistered(void) { alone("leaving_handlers"); }
static void affected(void) { alone("choosy"); }
static void lock_held(void) { alone("locked"); }

static void from_host(pmix_status_t code, pmix_data_range_t range) {
    pmix_proc_t source;
    struct op op = {0, 0};
    pmix_status_t rc;
    PMIX_LOAD_PROCID(&source, "hostns", 0);
    rc = PMIx_Notify_event(code, &source, range, NULL, 0, host_op_done, &op);
    if (rc == PMIX_SUCCESS) host_op_wait(&op, &rc);
    ok(rc == PMIX_SUCCESS || rc == PMIX_OPERATION_SUCCEEDED, "the host notifies with range %u", range);
}

static void kept(const char *role_is_default, bool before_connecting) {
    const char *variables[] = {role_is_default, "1", NULL};
    if (!start_with(1, LATER, PMIX_SUCCESS)) return;
    if (before_connecting) from_host(CODE(1), PMIX_RANGE_LOCAL);
    int client = host_launch_with("testns", 0, "unheard", variables);
    ok(host_hear(client, "in"), "a rank connects");
    if (!before_connecting) from_host(CODE(1), PMIX_RANGE_LOCAL);
    from_host(LAST_CODE, PMIX_RANGE_LOCAL);
    ok(host_hear(client, "listening"), "and listens later");
    from_host(LAST_CODE, PMIX_RANGE_LOCAL);
    host_tell(client, "check");
    host_report();
    host_stop();
}

static void kept_for_code(void) { kept(NULL, false); }
static void kept_for_default(void) { kept("TEST_DEFAULT", false); }
static void kept_longer_for_code(void) { kept(NULL, true); }
static void kept_longer_for_default(void) { kept("TEST_DEFAULT", true); }

static void environment_with(enum manner manner) {
    const char *variables[] = {manner == ABSENT ? "TEST_FAILING" : NULL, "1", NULL};
    struct host_config config = {.local = 1};
    config.answer[UP_REGEVENTS].manner = manner;
    if (!ok(host_start(&config), "the host starts")) return;
    int client = host_launch_with("testns", 0, "environmental", variables);
    host_hear(client, "own");
    is_int(host_saw(UP_REGEVENTS), 0, "EVENT-1 the host is not asked about a program's own code");
    host_tell(client, "on");
    host_report();
    const struct seen *seen = manner == ABSENT ? NULL : host_await(UP_REGEVENTS, 1);
    if (manner != ABSENT)
        ok(seen && seen->code == PMIX_EVENT_NODE_DOWN, "EVENT-1 the host is asked to watch for a system event");
    host_stop();
}

static void environment(void) { environment_with(LATER); }
static void environment_done(void) { environment_with(DONE); }
static void environment_absent(void) { environment_with(ABSENT); }

// What each cares about is its own, so that the host is asked each time; the last one's end is told.
static void environment_each(void) {
    struct host_config config = {.local = 3};
    if (!ok(host_start(&config), "the host starts")) return;
    int ranks[3];
    for (uint32_t i = 0; i < 3; i++) {
        char affected[64];
        ranks[i] = host_launch("testns", i, "watcher");
        if (!ok(host_hear(ranks[i], "watching"), "EVREG-4 one more rank watches")) return;
        const struct seen *seen = host_await(UP_REGEVENTS, (int) i + 1);
        snprintf(affected, sizeof affected, PMIX_EVENT_AFFECTED_PROC "=testns:%u", i);
        ok(seen && strstr(seen->infos, affected), "EVREG-4 the host is asked for it, with what it cares about");
    }
    is_int(host_saw(UP_REGEVENTS), 3, "EVREG-4 once for each");
    host_tell(ranks[0], "leave");
    host_wait(ranks[0]);
    host_kill(ranks[1]);
    is_int(host_saw(UP_DEREGEVENTS), 0, "EVREG-8 as long as one watches the host is told nothing");
    host_tell(ranks[2], "leave");
    host_report();
#ifndef MUSTER_ORIGINAL
    const struct seen *seen = host_await(UP_DEREGEVENTS, 1);
    ok(seen && seen->code == PMIX_EVENT_NODE_DOWN, "EVREG-8 when the last has gone it is");
#endif
    host_stop();
}
