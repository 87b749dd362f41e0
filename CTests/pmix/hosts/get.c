// Part of get.c: the hosts.

static bool start_with(uint32_t local, uint32_t remote, enum manner dmodex, pmix_status_t status) {
    struct host_config config = {.local = local, .remote = remote};
    config.answer[UP_DMODEX] = (struct answer){dmodex, status};
    return ok(host_start(&config), "the host starts");
}

static void far_data(const char *text) {
    struct blob blob = {NULL, 0};
    blob_kval(&blob, "k", text);
    blob_kval(&blob, "k.further", "more");
    host_set_dmodex((char *) blob.bytes, blob.size);
    blob_free(&blob);
}

static void job(void) {
    if (!start_with(2, 1, LATER, PMIX_SUCCESS)) return;
    host_launch("testns", 0, "about_the_job");
    int second = host_launch("testns", 1, "late_one");
    host_tell(second, "leave");
    host_report();
    is_int(host_saw(UP_DMODEX), 0, "the host is not asked for what it has registered");
    host_stop();
}

static void own(void) {
    if (!start_with(1, 0, LATER, PMIX_SUCCESS)) return;
    host_launch("testns", 0, "by_every_way");
    host_report();
    host_stop();
}

static void remote_with(enum manner manner) {
    if (!start_with(1, 2, manner, PMIX_SUCCESS)) return;
    far_data("from far away");
    int client = host_launch("testns", 0, "to_the_host");
    ok(host_hear(client, "kept"), "a remote key was got twice");
    is_int(host_saw(UP_DMODEX), 1, "GET-7 the host is asked once for it, and GET-12 not for the immediate one");
    const struct seen *seen = host_await(UP_DMODEX, 1);
    if (ok(seen != NULL, "GET-7 the request is seen")) {
        is_int(seen->proc.rank, 2, "GET-7 the host is told whose data");
        ok(strstr(seen->infos, PMIX_REQUIRED_KEY "=k"), "GET-7 and which key");
    }
    far_data("news");
    host_tell(client, "refresh");
    host_report();
    is_int(host_saw(UP_DMODEX), 2, "GET-10 a refresh is a request of its own");
    host_stop();
}

static void remote_later(void) { remote_with(LATER); }
static void remote_at_once(void) { remote_with(INLINE); }

static void together(pmix_status_t status) {
    if (!start_with(2, 1, HELD, status)) return;
    const char *failing[] = {"TEST_FAILING", "1", NULL};
    far_data("from far away");
    int clients[2];
    for (uint32_t i = 0; i < 2; i++)
        clients[i] = host_launch_with("testns", i, "both_ask", status == PMIX_SUCCESS ? NULL : failing);
    ok(host_hear(clients[0], "asked") && host_hear(clients[1], "asked"), "both have asked");
    is_int(host_saw(UP_DMODEX), 1, "GET-7 one request to the host for both");
    is_int(host_release(UP_DMODEX), 1, "the host answers");
    host_report();
    is_int(host_saw(UP_DMODEX), 1, "GET-7 and no second request");
    host_stop();
}

static void together_good(void) { together(PMIX_SUCCESS); }
static void together_bad(void) { together(PMIX_ERR_NO_PERMISSIONS); }

static void nobody(void) {
    if (!start_with(1, 2, ABSENT, PMIX_SUCCESS)) return;
    host_launch("testns", 0, "alone");
    host_report();
    host_stop();
}

static void refusing(void) {
    if (!start_with(1, 2, REFUSED, PMIX_ERR_NOT_FOUND)) return;
    host_launch("testns", 0, "alone");
    host_report();
    is_int(host_saw(UP_DMODEX), 1, "the host refused");
    host_stop();
}

static void unknown_nspace(void) {
    if (!start_with(1, 0, LATER, PMIX_SUCCESS)) return;
    far_data("from far away");
    int client = host_launch("testns", 0, "abroad");
    ok(host_hear(client, "immediate"), "the immediate get came back");
    is_int(host_saw(UP_DMODEX), 0, "GET-1 the host is not asked for it");
    host_tell(client, "on");
    host_report();
    const struct seen *seen = host_await(UP_DMODEX, 1);
    if (seen) is_str(seen->proc.nspace, "nowhere", "GET-1 the host is told the nspace");
    host_stop();
}

static void late_rank(void) {
    if (!start_with(2, 0, LATER, PMIX_SUCCESS)) return;
    int asker = host_launch("testns", 0, "for_a_late_one");
    ok(host_hear(asker, "asked"), "a get for a rank that is not there");
    int late = host_launch("testns", 1, "late_one");
    host_wait(asker);
    host_tell(late, "leave");
    host_report();
    host_stop();
}

static void late_job(void) {
    if (!start_with(1, 0, HELD, PMIX_SUCCESS)) return;
    is_int(host_register_clients("laterns", 1, 0), PMIX_SUCCESS, "only the clients of a job are registered");
    int asker = host_launch("testns", 0, "for_a_late_job");
    ok(host_hear(asker, "asked"), "a get about it");
    is_int(host_register_job("laterns", 1, 0), PMIX_SUCCESS, "now the job is registered");
    host_report();
    host_stop();
}

static void scopes(void) {
    if (!start_with(2, 1, LATER, PMIX_SUCCESS)) return;
    int owner = host_launch("testns", 0, "scoping"), asker = host_launch("testns", 1, "scoped");
    ok(host_hear(owner, "committed"), "one has committed");
    host_tell(asker, "go");
    host_wait(asker);
    host_tell(owner, "leave");
    host_report();
    host_stop();
}
