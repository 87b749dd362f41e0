// Part of fence.c: the hosts.

static bool start_with(uint32_t local, uint32_t remote, enum manner fence, pmix_status_t status) {
    struct host_config config = {.local = local, .remote = remote};
    config.answer[UP_FENCE] = (struct answer){fence, status};
    return ok(host_start(&config), "the host starts");
}

static int launch(uint32_t rank, const char *about, const char *const *more) {
    const char *variables[20] = {"TEST_ABOUT", about};
    int n = 2;
    while (more && more[n - 2]) {
        variables[n] = more[n - 2];
        n++;
    }
    return host_launch_with("testns", rank, "member", variables);
}

#define WITH(...) ((const char *const[]){__VA_ARGS__, NULL})

static bool inside(const int *clients, int n) {
    bool all = true;
    for (int i = 0; i < n; i++) all = host_hear(clients[i], "inside") && all;
    return all;
}

static void tell_all(const int *clients, int n, const char *step, const char *word) {
    for (int i = 0; i < n; i++) host_hear(clients[i], step);
    for (int i = 0; i < n; i++) host_tell(clients[i], word);
}

static void see_off(const int *clients, int n) {
    tell_all(clients, n, "out", "on");
    tell_all(clients, n, "done", "leave");
    host_report();
    host_stop();
}

static void all_hear(enum manner manner, pmix_status_t status, const char *expected, const char *about) {
    int clients[3];
    if (!start_with(3, 1, manner, status)) return;
    for (uint32_t i = 0; i < 3; i++) clients[i] = launch(i, about, WITH("TEST_COLLECT", "1", "TEST_EXPECT", expected));
    inside(clients, 3);
    see_off(clients, 3);
}

static void later(void) { all_hear(LATER, PMIX_SUCCESS, "0", "FENCE-4 the host answers later"); }
static void at_once(void) { all_hear(INLINE, PMIX_SUCCESS, "0", "FENCE-4 the host answers at once"); }
static void done_already(void) { all_hear(DONE, PMIX_SUCCESS, "0", "FENCE-9 S2 the host is done already"); }
static void refused(void) { all_hear(REFUSED, PMIX_ERR_NO_PERMISSIONS, "-23", "S1 the host refuses"); }
static void failed(void) { all_hear(LATER, PMIX_ERR_NO_PERMISSIONS, "-23", "S1 the host fails later"); }
static void failed_at_once(void) { all_hear(INLINE, PMIX_ERR_NO_PERMISSIONS, "-23", "S1 the host fails at once"); }
static void absent(void) { all_hear(ABSENT, PMIX_SUCCESS, "-47", "FENCE-8 no fence in the host"); }

static void identity(void) {
    int clients[4];
    if (!start_with(4, 1, LATER, PMIX_SUCCESS)) return;
    clients[0] = launch(0, "FENCE-2 first order", WITH("TEST_MEMBERS", "0,1,4"));
    clients[1] = launch(2, "FENCE-2 another set", WITH("TEST_MEMBERS", "2,3,4"));
    ok(inside(clients, 2), "two fences are open at once");
    is_int(host_saw(UP_FENCE), 0, "FENCE-4 neither is complete");
    clients[2] = launch(1, "FENCE-2 second order", WITH("TEST_MEMBERS", "4,1,0"));
    ok(inside(clients + 2, 1) && host_await(UP_FENCE, 1), "FENCE-2 the order of the procs does not matter");
    is_int(host_saw(UP_FENCE), 1, "FENCE-2 another set is another fence");
    clients[3] = launch(3, "FENCE-2 the other set completed", WITH("TEST_MEMBERS", "2,3,4"));
    ok(inside(clients + 3, 1) && host_await(UP_FENCE, 2), "FENCE-2 it is complete with its own members");
    see_off(clients, 4);
}

static void wildcard(void) {
    int clients[3];
    if (!start_with(3, 1, LATER, PMIX_SUCCESS)) return;
    for (uint32_t i = 0; i < 2; i++) clients[i] = launch(i, "FENCE-4 the whole job", NULL);
    inside(clients, 2);
    is_int(host_saw(UP_FENCE), 0, "FENCE-4 a wildcard waits for every local rank");
    clients[2] = launch(2, "FENCE-4 the whole job by name", WITH("TEST_MEMBERS", "all"));
    const struct seen *fence = host_await(UP_FENCE, 1);
    if (ok(fence != NULL, "FENCE-4 it is complete with the last")) {
        is_str(fence->procs, "testns:*", "FENCE-4 the host is given the procs");
        is_int(fence->nblob, 0, "FENCE-6 and no data when none is to be collected");
    }
    inside(clients + 2, 1);
    see_off(clients, 3);
}

static void later_nspace(void) {
    int clients[2];
    if (!start_with(1, 0, LATER, PMIX_SUCCESS)) return;
    is_int(host_register_clients("laterns", 1, 0), PMIX_SUCCESS, "a second job has its client registered, no more");
    clients[0] = launch(0, "FENCE-4 with a job to come", WITH("TEST_MEMBERS", "all,later"));
    inside(clients, 1);
    is_int(host_saw(UP_FENCE), 0, "FENCE-4 a fence waits until all its nspaces are registered");
    is_int(host_register_job("laterns", 1, 1), PMIX_SUCCESS, "the job is registered");
    const char *variables[] = {"TEST_ABOUT", "FENCE-4 of that job", "TEST_MEMBERS", "later,all", NULL};
    clients[1] = host_launch_with("laterns", 0, "member", variables);
    const struct seen *fence = host_await(UP_FENCE, 1);
    ok(fence && strstr(fence->procs, "laterns:*"), "FENCE-4 and the fence is complete with its rank");
    inside(clients + 1, 1);
    see_off(clients, 2);
}

static void first_infos(void) {
    int clients[2];
    if (!start_with(2, 1, LATER, PMIX_SUCCESS)) return;
    clients[0] = launch(0, "FENCE-5 the first", WITH("TEST_COLLECT", "1", "TEST_NOTE", "first"));
    inside(clients, 1);
    clients[1] = launch(1, "FENCE-5 the second", WITH("TEST_COLLECT", "1", "TEST_NOTE", "second"));
    const struct seen *fence = host_await(UP_FENCE, 1);
    if (ok(fence != NULL, "FENCE-5 the host sees the fence"))
        is_str(fence->infos, "pmix.collect=true note=first pmix.sorted.parr=true pmix.loc.col.st=0",
            "FENCE-5 the first caller's infos and the two appended ones");
    inside(clients + 1, 1);
    see_off(clients, 2);
}

static void not_collecting(void) {
    int clients[2];
    if (!start_with(2, 1, LATER, PMIX_SUCCESS)) return;
    for (uint32_t i = 0; i < 2; i++) clients[i] = launch(i, "S5 collect is false", WITH("TEST_COLLECT", "0"));
    const struct seen *fence = host_await(UP_FENCE, 1);
    if (ok(fence != NULL, "FENCE-6 the host sees the fence")) {
        ok(strstr(fence->infos, "pmix.collect=false"), "FENCE-6 the directive reaches it by value");
        ok(!memmem(fence->blob, fence->nblob, "given", 5), "S5 a false COLLECT_DATA collects nothing");
    }
    inside(clients, 2);
    see_off(clients, 2);
}

static void disagreeing(void) {
    int clients[2];
    if (!start_with(2, 1, LATER, PMIX_SUCCESS)) return;
    clients[0] = launch(0, "FENCE-6 S3 wants data", WITH("TEST_COLLECT", "1", "TEST_EXPECT", "-33", "TEST_AGAIN", "1"));
    inside(clients, 1);
    clients[1] = launch(1, "FENCE-6 S3 wants none", WITH("TEST_COLLECT", "0", "TEST_EXPECT", "-33", "TEST_AGAIN", "1"));
    inside(clients + 1, 1);
    see_off(clients, 2);
}

// Two of three enter, the first with a time limit of one second; then all three fence without trouble.
static void timing_out(const char *type, const char *about) {
    int clients[3];
    if (!start_with(3, 0, LATER, PMIX_SUCCESS)) return;
    clients[0] = launch(0, about,
        WITH("TEST_TIMEOUT", "1", "TEST_TIMEOUT_TYPE", type, "TEST_EXPECT", "-24", "TEST_AGAIN", "1"));
    inside(clients, 1);
    clients[1] = launch(1, about, WITH("TEST_EXPECT", "-24", "TEST_AGAIN", "1"));
    inside(clients + 1, 1);
    tell_all(clients, 2, "out", "on");
    clients[2] = launch(2, "FENCE-7 all three after a timeout", NULL);
    inside(clients + 2, 1);
    tell_all(clients + 2, 1, "out", "on");
    tell_all(clients, 3, "done", "leave");
    host_report();
    host_stop();
}

static void timeout_int(void) { timing_out("0", "FENCE-7 S7 a time limit"); }
static void timeout_uint32(void) { timing_out("1", "S6 a time limit of type UINT32"); }
static void timeout_int64(void) { timing_out("2", "S6 a time limit of type INT64"); }
static void timeout_size(void) { timing_out("3", "S6 a time limit of type SIZE"); }
static void timeout_uint8(void) { timing_out("4", "S6 a time limit of type UINT8"); }

static void timeout_with_host(void) {
    int clients[2];
    if (!start_with(2, 1, HELD, PMIX_SUCCESS)) return;
    for (uint32_t i = 0; i < 2; i++)
        clients[i] = launch(i, "FENCE-7 the host has the fence", WITH("TEST_TIMEOUT", "1"));
    ok(inside(clients, 2) && host_await(UP_FENCE, 1), "the host has the fence");
    usleep(1600 * 1000);  // longer than the time limit: nothing may come of it
    is_int(host_release(UP_FENCE), 1, "it answers after the time limit");
    see_off(clients, 2);
}

static void collected(int keymap) {
    int clients[2];
    struct blob blob = {NULL, 0};
    if (!start_with(2, 1, LATER, PMIX_SUCCESS)) return;
    blob_fence(&blob, keymap, 2, "far", "fetched");
    host_set_fence_data((char *) blob.bytes, blob.size);
    blob_free(&blob);
    for (uint32_t i = 0; i < 2; i++)
        clients[i] = launch(i, "FENCE-10 data from elsewhere", WITH("TEST_COLLECT", "1", "TEST_GET", "1"));
    inside(clients, 2);
    tell_all(clients, 2, "out", "on");
    host_hear(clients[0], "done"), host_hear(clients[1], "done");
    is_int(host_saw(UP_DMODEX), 0, "FENCE-10 the host is not asked for what the fence brought");
    host_tell(clients[0], "leave"), host_tell(clients[1], "leave");
    host_report();
    host_stop();
}

static void collected_keymap(void) { collected(1); }
static void collected_native(void) { collected(0); }

static void rubbish(void) {  // the host hands back what no server wrote
    int clients[2];
    if (!start_with(2, 1, LATER, PMIX_SUCCESS)) return;
    host_set_fence_data("\x02\xff\xff\xff\x7fnot a blob at all", 22);
    for (uint32_t i = 0; i < 2; i++)
        clients[i] = launch(i, "a malformed blob from the host", WITH("TEST_COLLECT", "1", "TEST_EXPECT", "-50"));
    inside(clients, 2);
    see_off(clients, 2);
}

static void locally(void) {
    int clients[2];
    if (!start_with(2, 0, LATER, PMIX_SUCCESS)) return;
    for (uint32_t i = 0; i < 2; i++) clients[i] = launch(i, "a fence of local ranks only", WITH("TEST_COLLECT", "1"));
    inside(clients, 2);
    host_hear(clients[0], "out");
    is_int(host_saw(UP_FENCE), 0, "a fence of local ranks only does not bother the host");
    host_tell(clients[0], "on");
    host_hear(clients[1], "out"), host_tell(clients[1], "on");
    tell_all(clients, 2, "done", "leave");
    host_report();
    host_stop();
}

static void series(uint32_t remote) {
    const char *size[] = {"TEST_SIZE", "6", NULL};
    if (!start_with(6, remote, LATER, PMIX_SUCCESS)) return;
    for (uint32_t i = 0; i < 6; i++) host_launch_with("testns", i, "many", size);
    host_report();
    is_int(host_saw(UP_FENCE), remote ? 10 : 0, "the host saw each fence of the series that concerns it");
    host_stop();
}

static void series_local(void) { series(0); }
static void series_wide(void) { series(1); }
