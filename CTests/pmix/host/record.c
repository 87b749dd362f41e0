// Part of host.c: the record of what the host was asked, kept as text so that a test can compare it.

#define RECORD_LIMIT 4096

static pthread_mutex_t record_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t record_grew = PTHREAD_COND_INITIALIZER;
static struct seen record[RECORD_LIMIT];
static int record_count;

// Once a deadline has passed the scenario has failed; what follows need not wait as long to say so.
static bool patience_lost;

int host_seconds(void) {
    const char *given = getenv("TEST_DEADLINE");
    int seconds = given ? atoi(given) : 0;
    return patience_lost ? 1 : seconds > 0 ? seconds : 15;
}

static struct timespec deadline_after(int seconds) {
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    at.tv_sec += seconds;
    return at;
}

// Text that grows; what does not fit in memory ends the test.
struct text {
    char *bytes;
    size_t length;
};

__attribute__((format(printf, 2, 3))) static void text_add(struct text *text, const char *format, ...) {
    char piece[1200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(piece, sizeof piece, format, arguments);
    va_end(arguments);
    size_t more = strlen(piece);
    text->bytes = realloc(text->bytes, text->length + more + 1);
    if (text->bytes == NULL) abort();
    memcpy(text->bytes + text->length, piece, more + 1);
    text->length += more;
}

static void text_add_value(struct text *text, const pmix_value_t *value) {
    switch (value->type) {
    case PMIX_BOOL: text_add(text, "%s", value->data.flag ? "true" : "false"); break;
    case PMIX_STRING: text_add(text, "%s", value->data.string ? value->data.string : "(null)"); break;
    case PMIX_INT: text_add(text, "%d", value->data.integer); break;
    case PMIX_INT32: text_add(text, "%d", (int) value->data.int32); break;
    case PMIX_UINT: text_add(text, "%u", value->data.uint); break;
    case PMIX_UINT16: text_add(text, "%u", value->data.uint16); break;
    case PMIX_UINT32: text_add(text, "%u", value->data.uint32); break;
    case PMIX_UINT64: text_add(text, "%llu", (unsigned long long) value->data.uint64); break;
    case PMIX_SIZE: text_add(text, "%zu", value->data.size); break;
    case PMIX_STATUS: text_add(text, "%d", value->data.status); break;
    case PMIX_PROC_RANK: text_add(text, "%u", value->data.rank); break;
    case PMIX_DATA_RANGE: text_add(text, "%u", value->data.range); break;
    case PMIX_PERSIST: text_add(text, "%u", value->data.persist); break;
    case PMIX_PROC:
        if (value->data.proc == NULL) text_add(text, "(null)");
        else text_add(text, "%s:%u", value->data.proc->nspace, value->data.proc->rank);
        break;
    case PMIX_BYTE_OBJECT: text_add(text, "<%zu>", value->data.bo.size); break;
    case PMIX_DATA_ARRAY: text_add(text, "[%zu]", value->data.darray ? value->data.darray->size : 0); break;
    default: text_add(text, "type %u", value->type); break;
    }
}

static char *infos_as_text(const pmix_info_t *infos, size_t count) {
    struct text text = {NULL, 0};
    text_add(&text, "%s", "");
    for (size_t i = 0; i < count; i++) {
        text_add(&text, "%s%s=", i ? " " : "", infos[i].key);
        text_add_value(&text, &infos[i].value);
    }
    return text.bytes;
}

static char *procs_as_text(const pmix_proc_t *procs, size_t count) {
    struct text text = {NULL, 0};
    text_add(&text, "%s", "");
    for (size_t i = 0; procs != NULL && i < count; i++) {
        const char *blank = i ? " " : "";
        if (procs[i].rank == PMIX_RANK_WILDCARD) text_add(&text, "%s%s:*", blank, procs[i].nspace);
        else text_add(&text, "%s%s:%u", blank, procs[i].nspace, procs[i].rank);
    }
    return text.bytes;
}

// Takes over the strings and the blob of `one`.
static void record_add(struct seen one) {
    pthread_mutex_lock(&record_lock);
    if (record_count < RECORD_LIMIT) record[record_count++] = one;
    pthread_cond_broadcast(&record_grew);
    pthread_mutex_unlock(&record_lock);
}

static struct seen seen_from(enum upcall what, const pmix_proc_t *proc) {
    struct seen one;
    memset(&one, 0, sizeof one);
    one.what = what;
    if (proc != NULL) one.proc = *proc;
    return one;
}

static const struct seen *record_find(enum upcall what, int count) {
    for (int i = 0; i < record_count; i++)
        if (record[i].what == what && --count == 0) return &record[i];
    return NULL;
}

const struct seen *host_await(enum upcall what, int count) {
    struct timespec at = deadline_after(host_seconds());
    const struct seen *found;
    pthread_mutex_lock(&record_lock);
    while ((found = record_find(what, count)) == NULL)
        if (pthread_cond_timedwait(&record_grew, &record_lock, &at) == ETIMEDOUT) break;
    if (found == NULL) patience_lost = true;
    pthread_mutex_unlock(&record_lock);
    return found;
}

int host_saw(enum upcall what) {
    int count = 0;
    pthread_mutex_lock(&record_lock);
    for (int i = 0; i < record_count; i++) count += record[i].what == what;
    pthread_mutex_unlock(&record_lock);
    return count;
}

void host_forget(void) {
    pthread_mutex_lock(&record_lock);
    for (int i = 0; i < record_count; i++) {
        free(record[i].procs);
        free(record[i].infos);
        free(record[i].text);
        free(record[i].blob);
    }
    record_count = 0;
    pthread_mutex_unlock(&record_lock);
}
