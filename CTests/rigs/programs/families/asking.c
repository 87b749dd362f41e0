// Part of families.c: what others have shown, looked up, asked for and resolved, word by word. For a server that has
// been recorded (interop/replay.py), not for a host.

static void say_answer(void) {
    pmix_query_t query;
    pmix_info_t *results = NULL;
    size_t n = 0;
    PMIX_QUERY_CONSTRUCT(&query);
    query.keys = calloc(2, sizeof *query.keys);
    query.keys[0] = copy("my.custom");
    pmix_status_t status = PMIx_Query_info(&query, 1, &results, &n);
    say_value("an answer", status, n ? &results[0].value : NULL);
    if (results) PMIX_INFO_FREE(results, n);
    PMIX_QUERY_DESTRUCT(&query);
}

static void asking(void) {
    pmix_proc_t neighbour = rank_of_mine(1), *procs = NULL;
    char *nodes = NULL;
    size_t n = 0;
    get("a neighbour's text", &neighbour, "k.global", NULL);
    say_long(&neighbour, "k.big");
    look_up("what was published", "pub.key", true);
    say_answer();
    pmix_status_t status = PMIx_Resolve_peers("vm", me.nspace, &procs, &n);
    if (status != PMIX_SUCCESS) say_status("the peers", status);
    for (size_t i = 0; i < n; i++) say("a peer: %u", procs[i].rank);
    if (procs) PMIX_PROC_FREE(procs, n);
    status = PMIx_Resolve_nodes(me.nspace, &nodes);
    say("the nodes: %s", status == PMIX_SUCCESS ? nodes : PMIx_Error_string(status));
    free(nodes);
}
