// Part of groups.c: the hosts.

static void local(void) {
    if (!play("made_here", 2, 0, LATER, PMIX_SUCCESS)) return;
    is_int(host_saw(UP_GROUP), 1, "GROUP-7 the host does not hear of the making of a local group");
    const struct seen *seen = host_await(UP_GROUP, 1);
    if (ok(seen && seen->code == PMIX_GROUP_DESTRUCT, "GROUP-13 but of its end")) {
        is_str(seen->text, "g", "GROUP-13 the name");
        is_str(seen->procs, "testns:0 testns:1", "GROUP-13 the members");
        is_str(seen->infos, PMIX_LOCAL_COLLECTIVE_STATUS "=0", "GROUP-13 the local status");
    }
    host_stop();
}

static void identified(void) {
    if (!play("wants_id", 2, 0, LATER, PMIX_SUCCESS)) return;
    is_int(host_saw(UP_GROUP), 3, "GROUP-1 the host is called once for each operation");
    const struct seen *seen = host_await(UP_GROUP, 1);
    if (ok(seen && seen->code == PMIX_GROUP_CONSTRUCT, "GROUP-1 when all members have called")) {
        is_str(seen->procs, "testns:0 testns:1", "GROUP-1 with the members");
        ok(strstr(seen->infos, PMIX_GROUP_ASSIGN_CONTEXT_ID "=true " PMIX_SORTED_PROC_ARRAY "=true "
                PMIX_LOCAL_COLLECTIVE_STATUS "=0 " PMIX_GROUP_ENDPT_DATA "=") != NULL,
            "GROUP-8 with the callers' infos and those of every collective");
    }
    host_stop();
}

static void identified_at_once(void) {
    if (!start_with(2, 0, INLINE, PMIX_SUCCESS)) return;
    launch("wants_id", 2);
    host_report();
    host_stop();
}

static void forced_local(void) {
    if (!play("wants_only_local", 2, 0, LATER, PMIX_SUCCESS)) return;
    is_int(host_saw(UP_GROUP), 0, "GROUP-7 the host does not hear of a group that is to be local");
    host_stop();
}

static void wider(void) {
    if (!play("wide", 2, 1, LATER, PMIX_SUCCESS)) return;
    const struct seen *made = host_await(UP_GROUP, 1), *fence = host_await(UP_FENCE, 1);
    ok(made && made->nblob > 0, "GROUP-1 the host carries what the members have committed");
    ok(fence && strcmp(fence->procs, "testns:0 testns:1 testns:2") == 0, "FENCE-3 the host's fence names the members");
    host_stop();
}

static void barrierless(void) {
    if (!play("without_barrier", 2, 1, LATER, PMIX_SUCCESS)) return;
    const struct seen *made = host_await(UP_GROUP, 1);
    ok(made && !strstr(made->infos, PMIX_GROUP_ENDPT_DATA), "GROUP-8 there is nothing for the host to carry");
    host_stop();
}

static void refusing(void) {
    if (play("refused", 2, 1, REFUSED, PMIX_ERR_OUT_OF_RESOURCE)) host_stop();
}

static void failing(void) {
    if (play("refused", 2, 1, LATER, PMIX_ERR_OUT_OF_RESOURCE)) host_stop();
}

static void functionless(void) {
    if (play("unsupported", 2, 0, ABSENT, PMIX_SUCCESS)) host_stop();
}

static void functionless_local(void) {
    if (play("unsupported_local", 2, 0, ABSENT, PMIX_SUCCESS)) host_stop();
}

static void timing_out(void) {
    if (!start_with(2, 0, LATER, PMIX_SUCCESS)) return;
    int one = host_launch("testns", 0, "impatient"), two = host_launch("testns", 1, "idle");
    ok(host_hear(one, "out"), "GROUP-4 who waits is told");
    host_tell(one, "leave"), host_tell(two, "leave");
    host_report();
    host_stop();
}

static void peers(void) {
    if (!start_with(2, 1, LATER, PMIX_SUCCESS)) return;
    host_launch("testns", 0, "by_node");
    host_launch("testns", 1, "by_node_first");
    host_report();
    is_int(host_saw(UP_GROUP), 0, "GROUP-6 and it needs no host");
    host_stop();
}

static void places(void) {
    if (play("by_node_first", 2, 0, LATER, PMIX_SUCCESS)) host_stop();
}

static void disagreeing(void) {
    if (!start_with(2, 1, LATER, PMIX_SUCCESS)) return;
    int one = host_launch("testns", 0, "patient"), two = host_launch("testns", 1, "contrary");
    ok(host_hear(one, "in"), "one member has called");
    host_tell(two, "go");
    host_report();
    host_stop();
}

static void telling(void) {
    if (play("tell_cid", 2, 0, LATER, PMIX_SUCCESS)) host_stop();
}

static void several(void) {
    if (play("two_at_once", 2, 0, LATER, PMIX_SUCCESS)) host_stop();
}

static void wrong(void) {
    if (play("in_error", 1, 0, LATER, PMIX_SUCCESS)) host_stop();
}
