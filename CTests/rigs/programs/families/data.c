// Part of families.c: data that find their reader by name, and data that are fetched from the one who has them.

static void look_up(const char *what, const char *key, bool waiting) {
    pmix_pdata_t found;
    pmix_info_t infos[2];
    int patience = PATIENCE;
    PMIX_PDATA_CONSTRUCT(&found);
    snprintf(found.key, sizeof found.key, "%s", key);
    PMIX_INFO_LOAD(&infos[0], PMIX_WAIT, NULL, PMIX_BOOL);
    PMIX_INFO_LOAD(&infos[1], PMIX_TIMEOUT, &patience, PMIX_INT);
    pmix_status_t status = PMIx_Lookup(&found, 1, waiting ? infos : NULL, waiting ? 2 : 0);
    say_value(what, status, &found.value);
    if (status == PMIX_SUCCESS) say("%s: from rank %u", what, found.proc.rank);
    PMIX_PDATA_DESTRUCT(&found);
}

static void publish(void) {
    pmix_info_t infos[3];
    pmix_data_range_t range = PMIX_RANGE_NAMESPACE;
    char *keys[] = {"rig.session", NULL};
    uint32_t number = 4711;
    if (me.rank == 0) {
        PMIX_INFO_LOAD(&infos[0], "rig.session", "for all", PMIX_STRING);
        PMIX_INFO_LOAD(&infos[1], "rig.number", &number, PMIX_UINT32);
        say_status("publishing two keys", PMIx_Publish(infos, 2));
        say_status("publishing one again", PMIx_Publish(infos, 1));
        PMIX_INFO_LOAD(&infos[0], "rig.namespace", "for the namespace", PMIX_STRING);
        PMIX_INFO_LOAD(&infos[1], PMIX_RANGE, &range, PMIX_DATA_RANGE);
        say_status("publishing for the namespace", PMIx_Publish(infos, 2));
    }
    meet();
    look_up("what is for all", "rig.session", false);
    look_up("a number", "rig.number", false);
    look_up("what is for the namespace", "rig.namespace", false);
    look_up("what nobody has published", "rig.nobody", false);
    meet();
    if (me.rank == 0) say_status("withdrawing one", PMIx_Unpublish(keys, NULL, 0));
    meet();
    look_up("what is withdrawn", "rig.session", false);
    look_up("what is not", "rig.number", false);
    meet();
    if (me.rank == 0) say_status("withdrawing all", PMIx_Unpublish(NULL, NULL, 0));
    meet();
    look_up("what was there", "rig.number", false);
    meet();
}

// Without any fence: what a rank wants is asked for before or after it is there, and waited for at its server.
static void direct(void) {
    char text[64], key[64];
    snprintf(text, sizeof text, "said directly by %u", me.rank);
    put_text(PMIX_GLOBAL, "rig.direct", text);
    put_text(PMIX_REMOTE, "rig.far", text);
    if (me.rank % 2) say_status("PMIx_Commit", PMIx_Commit());
    for (uint32_t rank = 1; rank < size; rank += 2) {
        pmix_proc_t proc = rank_of_mine(rank);
        snprintf(key, sizeof key, "of %u", rank);
        get(key, &proc, "rig.direct", NULL);
    }
    if (me.rank % 2 == 0) say_status("PMIx_Commit", PMIx_Commit());
    for (uint32_t rank = 0; rank < size; rank += 2) {
        pmix_proc_t proc = rank_of_mine(rank);
        snprintf(key, sizeof key, "of %u", rank);
        get(key, &proc, "rig.direct", NULL);
    }
    meet();
}

// Libraries of later releases compress long texts.
static void put_long(const char *key, size_t length) {
    char *text = malloc(length + 1);
    memset(text, 'A', length);
    text[length] = 0;
    put_text(PMIX_GLOBAL, key, text);
    free(text);
}

static void say_long(const pmix_proc_t *proc, const char *key) {
    pmix_value_t *value = NULL;
    pmix_status_t status = PMIx_Get(proc, key, NULL, 0, &value);
    if (status != PMIX_SUCCESS) return say_status("a long text", status);
    if (value->type == PMIX_STRING) say("a long text: %zu of A", strspn(value->data.string, "A"));
    if (value->type != PMIX_STRING) say("a long text is a value of type %u", value->type);
    PMIX_VALUE_RELEASE(value);
}

// A fence brings all data along: then nobody has to be asked but the own server.
static void collected(void) {
    pmix_info_t info;
    bool yes = true;
    char text[64], key[64];
    snprintf(text, sizeof text, "collected from %u", me.rank);
    put_text(PMIX_GLOBAL, "rig.collected", text);
    put_long("rig.long", 9000 + me.rank);
    say_status("PMIx_Commit", PMIx_Commit());
    PMIX_INFO_LOAD(&info, PMIX_COLLECT_DATA, &yes, PMIX_BOOL);
    say_status("a fence that collects", PMIx_Fence(&everyone, 1, &info, 1));
    for (uint32_t rank = 0; rank < size; rank++) {
        pmix_proc_t proc = rank_of_mine(rank);
        snprintf(key, sizeof key, "at once of %u", rank);
        get(key, &proc, "rig.collected", PMIX_IMMEDIATE);
        if (rank != me.rank) say_long(&proc, "rig.long");  // its own is the library's own affair
    }
    meet();
}

// Nothing is collected: what a rank wants to know of another is asked for, on this node and on others.
static void modex(void) {
    char text[64], key[64];
    snprintf(text, sizeof text, "said by %u", me.rank);
    put_text(PMIX_GLOBAL, "rig.global", text);
    put_text(PMIX_LOCAL, "rig.local", text);
    put_text(PMIX_REMOTE, "rig.remote", text);
    say_status("PMIx_Commit", PMIx_Commit());
    meet();
    for (uint32_t rank = 0; rank < size; rank++) {
        pmix_proc_t proc = rank_of_mine(rank);
        snprintf(key, sizeof key, "global of %u", rank);
        get(key, &proc, "rig.global", NULL);
    }
    pmix_proc_t first = rank_of_mine(0), absent = rank_of_mine(size + 7);
    get("of rank 0 what nobody has put, at once", &first, "rig.nothing", PMIX_IMMEDIATE);
    get("of a rank that is not", &absent, "rig.global", PMIX_IMMEDIATE);
    get("of the job, what is not", &everyone, "pmix.rig.nothing", PMIX_IMMEDIATE);
    get("the number of nodes", &everyone, PMIX_NUM_NODES, NULL);
    get("the size of the universe, if known", &everyone, PMIX_JOB_SIZE, PMIX_OPTIONAL);
    meet();
}
