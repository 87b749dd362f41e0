// Part of families.c: jobs started by a job, joined with it, and told what to do.

static char *copy(const char *text) { return strdup(text); }

static void fill_app(pmix_app_t *app, const char *role) {
    char cwd[4096], elder[PMIX_MAX_NSLEN + 16];
    PMIX_APP_CONSTRUCT(app);
    app->cmd = copy(program);
    app->argv = calloc(4, sizeof *app->argv);
    app->argv[0] = copy(program);
    app->argv[1] = copy(folder);
    app->argv[2] = copy(role);
    app->maxprocs = 2;
    app->cwd = getcwd(cwd, sizeof cwd) ? copy(cwd) : NULL;
    app->env = calloc(3, sizeof *app->env);
    app->env[0] = copy("RIG_WORD=handed down");
    snprintf(elder, sizeof elder, "RIG_ELDER=%s", me.nspace);
    app->env[1] = copy(elder);
}

static bool start(const char *role, pmix_nspace_t other) {
    pmix_app_t app;
    fill_app(&app, role);
    pmix_status_t status = PMIx_Spawn(NULL, 0, &app, 1, other);
    say_status("PMIx_Spawn", status);
    PMIX_APP_DESTRUCT(&app);
    return status == PMIX_SUCCESS;
}

// One rank starts two others of the same program.
static void spawn(void) {
    pmix_nspace_t other = "";
    if (me.rank == 0 && start("child", other))
        say("the new job %s",
            other[0] == 0 ? "has no name" : strcmp(other, me.nspace) == 0 ? "is mine" : "has a name of its own");
    meet();
}

static void child(void) {
    const char *word = getenv("RIG_WORD");
    pmix_proc_t neighbour = rank_of_mine(me.rank ^ 1);
    pmix_value_t *value = NULL;
    say("the environment's word: %s", word ? word : "none");
    get("whether it was spawned", &everyone, PMIX_SPAWNED, NULL);
    pmix_status_t status = PMIx_Get(&me, PMIX_PARENT_ID, NULL, 0, &value);
    if (status != PMIX_SUCCESS || value->type != PMIX_PROC) say_status("its parent", status);
    else say("its parent: rank %u of %s", value->data.proc->rank,
        strcmp(value->data.proc->nspace, me.nspace) == 0 ? "this job" : "another job");
    if (value) PMIX_VALUE_RELEASE(value);
    put_text(PMIX_GLOBAL, "rig.child", me.rank == 0 ? "the first" : "the second");
    say_status("PMIx_Commit", PMIx_Commit());
    meet();
    get("its neighbour's word", &neighbour, "rig.child", NULL);
    meet();
}

// The first rank of one job and all of another join, look at each other's words, and part.
static void join(const char *elder, const char *younger) {
    pmix_proc_t both[2], other;
    PMIX_LOAD_PROCID(&both[0], elder, 0);
    PMIX_LOAD_PROCID(&both[1], younger, PMIX_RANK_WILDCARD);
    say_status("PMIx_Connect", PMIx_Connect(both, 2, NULL, 0));
    other = both[strcmp(me.nspace, elder) == 0 ? 1 : 0];
    other.rank = PMIX_RANK_WILDCARD;
    get("the size of the other job", &other, PMIX_JOB_SIZE, NULL);
    other.rank = 0;
    get("the other's word", &other, "rig.word", NULL);
    say_status("PMIx_Disconnect", PMIx_Disconnect(both, 2, NULL, 0));
}

static void joining(void) {
    pmix_nspace_t other = "";
    put_text(PMIX_GLOBAL, "rig.word", "the elder's");
    PMIx_Commit();
    if (me.rank == 0 && start("joined", other)) join(me.nspace, other);
}

static void joined(void) {
    const char *elder = getenv("RIG_ELDER");
    put_text(PMIX_GLOBAL, "rig.word", "the younger's");
    PMIx_Commit();
    if (elder) join(elder, me.nspace);
    else say("no elder");
}

static volatile sig_atomic_t signalled;

static void on_signal(int number) {
    (void) number;
    signalled++;
}

static void order(const char *what, const pmix_proc_t *target, const char *key, int value) {
    pmix_info_t info, *results = NULL;
    size_t n = 0;
    PMIX_INFO_LOAD(&info, key, &value, PMIX_INT);
    say_status(what, PMIx_Job_control(target, 1, &info, 1, &results, &n));
    if (results) PMIX_INFO_FREE(results, n);
}

// Rank 0 has a signal sent to all.
static void control(void) {
    pmix_proc_t target = everyone;
    signal(SIGUSR1, on_signal);
    meet();
    if (me.rank == 0) order("a signal", &target, PMIX_JOB_CTRL_SIGNAL, SIGUSR1);
    for (int i = 0; i < 50 * 5 && !signalled; i++) usleep(20000);
    say("signalled: %s", signalled ? "yes" : "no");
    meet();
}

// Files that are to go when the rank has ended; the rig looks whether they are gone.
static void cleanup(void) {
    char path[4096];
    pmix_info_t infos[2], *results = NULL;
    size_t n = 0;
    snprintf(path, sizeof path, "%s/to-go.%u", folder, me.rank);
    FILE *file = fopen(path, "w");
    if (file) fclose(file);
    PMIX_INFO_LOAD(&infos[0], PMIX_REGISTER_CLEANUP, path, PMIX_STRING);
    say_status("registering a file", PMIx_Job_control(NULL, 0, infos, 1, &results, &n));
    if (results) PMIX_INFO_FREE(results, n);
    meet();
}

// A fence that never ends: the first rank does not come.
static void hang(void) {
    alarm(0);  // the host ends it
    if (me.rank == 0) sleep(600);
    say_status("a fence with one who does not come", PMIx_Fence(&everyone, 1, NULL, 0));
}

static void end_all(void) {
    meet();
    if (me.rank == 0) PMIx_Abort(7, "this job has seen enough", NULL, 0);
    sleep(PATIENCE);
    say("outlived an abort");
}
