// Part of host.c: the module's functions. Each records what it was given and then answers in the configured manner.

enum reply { REPLY_OP, REPLY_MODEX, REPLY_LOOKUP, REPLY_SPAWN, REPLY_INFO, REPLY_TOOL, REPLY_CREDENTIAL, REPLY_VALIDATION };

struct pending {
    struct pending *next;
    enum upcall what;
    enum reply reply;
    void *callback, *cbdata;
    pmix_status_t status;
    char *data;  // modex
    size_t ndata;
    pmix_pdata_t *found;  // lookup
    size_t nfound;
    pmix_info_t *infos;  // group, in place of answer_infos; room for GROUP_INFOS
    size_t ninfos;
};

#define GROUP_INFOS 3

struct publication {
    struct publication *next;
    pmix_proc_t owner;
    pmix_info_t info;
};

static pthread_mutex_t answer_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t answer_due = PTHREAD_COND_INITIALIZER;
static struct pending *answers_due, *answers_held, *answers_nested;
static bool answering, answer_stop;
static pthread_t answer_thread;
static struct answer answer_for[UP_COUNT];
static struct publication *publications;
static char *dmodex_data, *fence_data;
static size_t ndmodex_data, nfence_data;
static pmix_info_t *answer_infos;
static size_t nanswer_infos;
static int lent, given_back;
pmix_status_t (*host_dmodex_hook)(const pmix_proc_t *, pmix_modex_cbfunc_t, void *);
pmix_status_t (*host_fence_hook)(char *data, size_t size, pmix_modex_cbfunc_t, void *);
pmix_status_t (*host_notify_hook)(pmix_status_t, const pmix_proc_t *, pmix_data_range_t, const pmix_info_t *, size_t);

void host_set_answer(enum upcall what, enum manner manner, pmix_status_t status) {
    pthread_mutex_lock(&answer_lock);
    answer_for[what] = (struct answer){manner, status};
    pthread_mutex_unlock(&answer_lock);
}

static void keep(char **kept, size_t *nkept, const char *data, size_t size) {
    free(*kept);
    *kept = data ? malloc(size + 1) : NULL;
    if (*kept) memcpy(*kept, data, size);
    *nkept = data ? size : 0;
}

void host_set_dmodex(const char *data, size_t size) { keep(&dmodex_data, &ndmodex_data, data, size); }
void host_set_fence_data(const char *data, size_t size) { keep(&fence_data, &nfence_data, data, size); }

void host_set_infos(const pmix_info_t *infos, size_t count) {
    if (answer_infos) PMIX_INFO_FREE(answer_infos, nanswer_infos);
    answer_infos = NULL;
    nanswer_infos = count;
    if (count > 0) PMIX_INFO_CREATE(answer_infos, count);
    for (size_t i = 0; i < count; i++) PMIx_Info_xfer(&answer_infos[i], &infos[i]);
}

int host_lent(void) { return __atomic_load_n(&lent, __ATOMIC_SEQ_CST); }
int host_given_back(void) { return __atomic_load_n(&given_back, __ATOMIC_SEQ_CST); }

static void give_back(void *block) {
    __atomic_add_fetch(&given_back, 1, __ATOMIC_SEQ_CST);
    free(block);
}

// A list of its own for each answer, freed when the library gives it back, so that a later look at it is seen.
struct infos {
    pmix_info_t *array;
    size_t count;
};

static void give_back_infos(void *given) {
    struct infos *infos = given;
    PMIX_INFO_FREE(infos->array, infos->count);
    give_back(infos);
}

static void complete_with_infos(const struct pending *p) {
    const pmix_info_t *from = p->infos ? p->infos : answer_infos;
    size_t count = p->infos ? p->ninfos : nanswer_infos;
    if (count == 0 || p->status != PMIX_SUCCESS) {
        ((pmix_info_cbfunc_t) p->callback)(p->status, NULL, 0, p->cbdata, NULL, NULL);
        return;
    }
    struct infos *infos = malloc(sizeof *infos);
    infos->count = count;
    PMIX_INFO_CREATE(infos->array, infos->count);
    for (size_t i = 0; i < infos->count; i++) PMIx_Info_xfer(&infos->array[i], &from[i]);
    __atomic_add_fetch(&lent, 1, __ATOMIC_SEQ_CST);
    ((pmix_info_cbfunc_t) p->callback)(p->status, infos->array, infos->count, p->cbdata, give_back_infos, infos);
}

static void complete(struct pending *p) {
    switch (p->reply) {
    case REPLY_OP:
        if (p->callback) ((pmix_op_cbfunc_t) p->callback)(p->status, p->cbdata);
        break;
    case REPLY_MODEX:
        __atomic_add_fetch(&lent, 1, __ATOMIC_SEQ_CST);
        ((pmix_modex_cbfunc_t) p->callback)(p->status, p->data, p->ndata, p->cbdata, give_back, p->data);
        p->data = NULL;
        break;
    case REPLY_LOOKUP: {
        pmix_status_t rc = p->status == PMIX_SUCCESS && p->nfound == 0 ? PMIX_ERR_NOT_FOUND : p->status;
        ((pmix_lookup_cbfunc_t) p->callback)(rc, p->found, p->nfound, p->cbdata);
        break;
    }
    case REPLY_SPAWN: {
        pmix_nspace_t spawned;
        memset(spawned, 0, sizeof spawned);
        if (p->status == PMIX_SUCCESS) strcpy(spawned, "spawnedns");
        ((pmix_spawn_cbfunc_t) p->callback)(p->status, spawned, p->cbdata);
        break;
    }
    case REPLY_INFO:
        complete_with_infos(p);
        break;
    case REPLY_VALIDATION:
        ((pmix_validation_cbfunc_t) p->callback)(p->status, answer_infos, nanswer_infos, p->cbdata);
        break;
    case REPLY_CREDENTIAL: {
        pmix_byte_object_t credential = {"credential", 10};
        ((pmix_credential_cbfunc_t) p->callback)(p->status, &credential, answer_infos, nanswer_infos, p->cbdata);
        break;
    }
    case REPLY_TOOL: {
        pmix_proc_t tool;
        memset(&tool, 0, sizeof tool);
        strcpy(tool.nspace, "toolns");
        ((pmix_tool_connection_cbfunc_t) p->callback)(p->status, &tool, p->cbdata);
        break;
    }
    }
}

static void discard(struct pending *p) {
    free(p->data);
    if (p->found != NULL) PMIX_PDATA_FREE(p->found, p->nfound);
    if (p->infos != NULL) PMIX_INFO_FREE(p->infos, GROUP_INFOS);
}

static void *answer_later(void *unused) {
    (void) unused;
    pthread_mutex_lock(&answer_lock);
    while (!answer_stop || answers_due) {
        struct pending *p = answers_due;
        if (p == NULL) {
            pthread_cond_wait(&answer_due, &answer_lock);
            continue;
        }
        answers_due = p->next;
        pthread_mutex_unlock(&answer_lock);
        complete(p);
        discard(p);
        free(p);
        pthread_mutex_lock(&answer_lock);
    }
    pthread_mutex_unlock(&answer_lock);
    return NULL;
}

static void append(struct pending **list, struct pending *p) {
    while (*list) list = &(*list)->next;
    p->next = NULL;
    *list = p;
    pthread_cond_broadcast(&answer_due);
}

// What waited for this upcall to be answered from.
static void complete_nested(void) {
    pthread_mutex_lock(&answer_lock);
    struct pending *due = answers_nested;
    answers_nested = NULL;
    pthread_mutex_unlock(&answer_lock);
    while (due) {
        struct pending *p = due;
        due = p->next;
        complete(p);
        discard(p);
        free(p);
    }
}

// Answers `given` in the manner configured for it; the result is what the upcall returns.
static pmix_status_t settle(struct pending given) {
    complete_nested();
    pthread_mutex_lock(&answer_lock);
    struct answer answer = answer_for[given.what];
    given.status = answer.status;
    bool kept = answer.manner == LATER || answer.manner == HELD || answer.manner == NESTED;
    if (kept) {
        struct pending *copy = malloc(sizeof *copy);
        *copy = given;
        append(answer.manner == HELD ? &answers_held : answer.manner == NESTED ? &answers_nested : &answers_due, copy);
    }
    pthread_mutex_unlock(&answer_lock);
    if (kept) return PMIX_SUCCESS;
    if (answer.manner == INLINE) complete(&given);
    discard(&given);
    return answer.manner == INLINE ? PMIX_SUCCESS : answer.manner == DONE ? PMIX_OPERATION_SUCCEEDED : answer.status;
}

int host_release(enum upcall what) {
    int count = 0;
    pthread_mutex_lock(&answer_lock);
    for (struct pending **at = &answers_held; *at;) {
        struct pending *p = *at;
        if (p->what != what) {
            at = &p->next;
            continue;
        }
        *at = p->next;
        p->status = answer_for[what].status;
        append(&answers_due, p);
        count++;
    }
    pthread_mutex_unlock(&answer_lock);
    return count;
}

static pmix_status_t settle_as(enum upcall what, enum reply reply, void *callback, void *cbdata) {
    return settle((struct pending){.what = what, .reply = reply, .callback = callback, .cbdata = cbdata});
}

static pmix_status_t on_connected(const pmix_proc_t *proc, void *object, pmix_op_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_CONNECTED, proc);
    one.object = object;
    record_add(one);
    return settle_as(UP_CONNECTED, REPLY_OP, cb, cbdata);
}

static pmix_status_t on_connected2(
    const pmix_proc_t *proc, void *object, pmix_info_t *infos, size_t n, pmix_op_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_CONNECTED2, proc);
    one.object = object;
    one.infos = infos_as_text(infos, n);
    record_add(one);
    return settle_as(UP_CONNECTED2, REPLY_OP, cb, cbdata);
}

static pmix_status_t on_finalized(const pmix_proc_t *proc, void *object, pmix_op_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_FINALIZED, proc);
    one.object = object;
    record_add(one);
    return settle_as(UP_FINALIZED, REPLY_OP, cb, cbdata);
}

static pmix_status_t on_abort(const pmix_proc_t *proc, void *object, int status, const char message[],
    pmix_proc_t procs[], size_t n, pmix_op_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_ABORT, proc);
    one.object = object;
    one.code = status;
    one.procs = procs_as_text(procs, n);
    one.text = message ? strdup(message) : NULL;
    record_add(one);
    return settle_as(UP_ABORT, REPLY_OP, cb, cbdata);
}

static pmix_status_t on_fence(const pmix_proc_t procs[], size_t nprocs, const pmix_info_t infos[], size_t ninfos,
    char *data, size_t ndata, pmix_modex_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_FENCE, NULL);
    one.procs = procs_as_text(procs, nprocs);
    one.infos = infos_as_text(infos, ninfos);
    keep(&one.blob, &one.nblob, data ? data : "", ndata);
    record_add(one);
    if (host_fence_hook) return host_fence_hook(data, ndata, cb, cbdata);
    if (fence_data) {
        free(data);
        data = NULL;
        keep(&data, &ndata, fence_data, nfence_data);
    }
    return settle((struct pending){
        .what = UP_FENCE, .reply = REPLY_MODEX, .callback = cb, .cbdata = cbdata, .data = data, .ndata = ndata});
}

static pmix_status_t on_dmodex(
    const pmix_proc_t *proc, const pmix_info_t infos[], size_t n, pmix_modex_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_DMODEX, proc);
    one.infos = infos_as_text(infos, n);
    record_add(one);
    if (host_dmodex_hook) return host_dmodex_hook(proc, cb, cbdata);
    struct pending p = {.what = UP_DMODEX, .reply = REPLY_MODEX, .callback = cb, .cbdata = cbdata};
    keep(&p.data, &p.ndata, dmodex_data, ndmodex_data);
    return settle(p);
}

static pmix_status_t on_publish(
    const pmix_proc_t *proc, const pmix_info_t infos[], size_t n, pmix_op_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_PUBLISH, proc);
    one.infos = infos_as_text(infos, n);
    record_add(one);
    pthread_mutex_lock(&answer_lock);
    for (size_t i = 0; i < n; i++) {
        if (strncmp(infos[i].key, "pmix", 4) == 0) continue;
        struct publication *p = calloc(1, sizeof *p);
        p->owner = *proc;
        PMIx_Info_xfer(&p->info, &infos[i]);
        p->next = publications;
        publications = p;
    }
    pthread_mutex_unlock(&answer_lock);
    return settle_as(UP_PUBLISH, REPLY_OP, cb, cbdata);
}

static char *keys_as_text(char **keys) {
    struct text text = {NULL, 0};
    if (keys == NULL) return NULL;
    text_add(&text, "%s", "");
    for (int i = 0; keys[i]; i++) text_add(&text, "%s%s", i ? " " : "", keys[i]);
    return text.bytes;
}

static void find_published(const char *key, struct pending *into) {
    for (struct publication *p = publications; p; p = p->next) {
        if (strcmp(p->info.key, key) != 0) continue;
        pmix_pdata_t *slot = &into->found[into->nfound++];
        slot->proc = p->owner;
        strcpy(slot->key, key);
        PMIx_Value_xfer(&slot->value, &p->info.value);
        return;
    }
}

static pmix_status_t on_lookup(const pmix_proc_t *proc, char **keys, const pmix_info_t infos[], size_t n,
    pmix_lookup_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_LOOKUP, proc);
    one.text = keys_as_text(keys);
    one.infos = infos_as_text(infos, n);
    record_add(one);
    struct pending p = {.what = UP_LOOKUP, .reply = REPLY_LOOKUP, .callback = cb, .cbdata = cbdata};
    size_t wanted = 0;
    while (keys && keys[wanted]) wanted++;
    PMIX_PDATA_CREATE(p.found, wanted ? wanted : 1);
    pthread_mutex_lock(&answer_lock);
    for (size_t i = 0; i < wanted; i++) find_published(keys[i], &p);
    pthread_mutex_unlock(&answer_lock);
    return settle(p);
}

static bool is_withdrawn(const struct publication *p, const pmix_proc_t *owner, char **keys) {
    if (strcmp(p->owner.nspace, owner->nspace) != 0 || p->owner.rank != owner->rank) return false;
    if (keys == NULL) return true;
    for (int i = 0; keys[i]; i++)
        if (strcmp(keys[i], p->info.key) == 0) return true;
    return false;
}

static void withdraw(const pmix_proc_t *owner, char **keys) {
    pthread_mutex_lock(&answer_lock);
    for (struct publication **at = &publications; *at;) {
        struct publication *p = *at;
        if (owner != NULL && !is_withdrawn(p, owner, keys)) {
            at = &p->next;
            continue;
        }
        *at = p->next;
        PMIX_INFO_DESTRUCT(&p->info);
        free(p);
    }
    pthread_mutex_unlock(&answer_lock);
}

static pmix_status_t on_unpublish(const pmix_proc_t *proc, char **keys, const pmix_info_t infos[], size_t n,
    pmix_op_cbfunc_t cb, void *cbdata) {
    struct seen one = seen_from(UP_UNPUBLISH, proc);
    one.text = keys_as_text(keys);
    one.infos = infos_as_text(infos, n);
    record_add(one);
    withdraw(proc, keys);
    return settle_as(UP_UNPUBLISH, REPLY_OP, cb, cbdata);
}
