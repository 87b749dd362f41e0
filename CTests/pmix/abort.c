// PMIx_Abort: what the host is told and what the caller gets back.
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"

static pmix_status_t abort_all(void *unused) {
    (void) unused;
    return PMIx_Abort(7, "that is that", NULL, 0);
}

static pmix_status_t abort_some(void *unused) {
    (void) unused;
    pmix_proc_t procs[2];
    PMIX_LOAD_PROCID(&procs[0], me.nspace, 1);
    PMIX_LOAD_PROCID(&procs[1], me.nspace, 2);
    return PMIx_Abort(-3, NULL, procs, 2);
}

static void aborter(void) {
    client_start();
    check_int(client_attempt(abort_all, NULL), PMIX_SUCCESS, "ABORT-1 the host's success comes back");
    check_int(client_attempt(abort_some, NULL), PMIX_SUCCESS, "ABORT-2 an abort without message succeeds");
    client_stop();
}

static void refused(void) {
    client_start();
    check_int(client_attempt(abort_all, NULL), PMIX_ERR_NO_PERMISSIONS, "ABORT-1 the host's refusal comes back");
    client_stop();
}

static void unsupported(void) {
    client_start();
    check_int(client_attempt(abort_all, NULL), PMIX_ERR_NOT_SUPPORTED, "ABORT-1 no abort in the host: NOT_SUPPORTED");
    client_stop();
}

static void abort_with(enum manner manner, pmix_status_t status, const char *role) {
    struct host_config config = {.local = 1, .remote = 2};
    config.answer[UP_ABORT] = (struct answer){manner, status};
    if (!ok(host_start(&config), "the host starts")) return;
    host_launch("testns", 0, role);
    host_report();
}

static void see_both(void) {
    const struct seen *all = host_await(UP_ABORT, 1), *some = host_await(UP_ABORT, 2);
    if (!ok(all && some, "ABORT-1 the host saw both")) return;
    is_int(all->code, 7, "ABORT-1 the status reaches the host");
    is_str(all->text, "that is that", "ABORT-1 the message too");
    is_int(all->proc.rank, 0, "ABORT-1 and who called");
    is_int((uintptr_t) all->object, 1000, "ABORT-1 with its server object");
    is_str(all->procs, "", "ABORT-3 no procs stand for the whole job");
    ok(some->text == NULL, "ABORT-2 no message is NULL for the host");
    is_int(some->code, -3, "ABORT-2 a negative status reaches it");
    is_str(some->procs, "testns:1 testns:2", "ABORT-3 named procs reach it in order");
}

static void later(void) {
    abort_with(LATER, PMIX_SUCCESS, "aborter");
    see_both();
    host_stop();
}

static void at_once(void) {
    abort_with(INLINE, PMIX_SUCCESS, "aborter");
    see_both();
    host_stop();
}

static void done_already(void) {
    abort_with(DONE, PMIX_SUCCESS, "aborter");
    see_both();
    host_stop();
}

static void refusing(void) {
    abort_with(REFUSED, PMIX_ERR_NO_PERMISSIONS, "refused");
    host_stop();
}

static void refusing_later(void) {
    abort_with(LATER, PMIX_ERR_NO_PERMISSIONS, "refused");
    host_stop();
}

static void absent(void) {
    abort_with(ABSENT, PMIX_SUCCESS, "unsupported");
    host_stop();
}

int main(int argc, char **argv) {
    static const struct role roles[] = {
        {"aborter", aborter}, {"refused", refused}, {"unsupported", unsupported}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("the host aborts later", later);
    scenario("the host aborts at once", at_once);
    scenario("the host has aborted already", done_already);
    scenario("the host refuses", refusing);
    scenario("the host fails", refusing_later);
    scenario("no abort in the module", absent);
    return done_testing();
}
