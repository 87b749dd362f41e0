// Between two hosts of twohosts.c: fences are joined (each host's blob goes to the other, both get the two together)
// and direct modex requests are carried to the server that has the data.
#ifndef MUSTER_TEST_RELAY_H
#define MUSTER_TEST_RELAY_H

struct relay_header {
    char kind;  // 'F' a fence's blob, 'Q' a request for data, 'A' its answer
    int32_t status;
    uint32_t rank, size;
    uint64_t ticket;
    pmix_nspace_t nspace;
};

struct relay_fence {
    char *data;
    size_t size;
    pmix_modex_cbfunc_t callback;
    void *cbdata;
};

struct relay_ticket {
    pmix_modex_cbfunc_t callback;
    void *cbdata;
};

static int relay_fd = -1;
static pthread_t relay_thread;
static pthread_mutex_t relay_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t relay_changed = PTHREAD_COND_INITIALIZER;
static struct relay_fence relay_mine[8], relay_theirs[8];  // the other node may be a fence ahead
static int relay_mine_count, relay_theirs_count;
static int relay_requests;

static bool relay_write(const void *bytes, size_t n) {
    while (n > 0) {
        ssize_t done = send(relay_fd, bytes, n, MSG_NOSIGNAL);
        if (done <= 0) return false;
        bytes = (const char *) bytes + done;
        n -= (size_t) done;
    }
    return true;
}

static bool relay_read(void *bytes, size_t n) {
    return n == 0 || recv(relay_fd, bytes, n, MSG_WAITALL) == (ssize_t) n;
}

static void relay_send(struct relay_header header, const char *data) {
    pthread_mutex_lock(&relay_lock);
    if (relay_write(&header, sizeof header)) relay_write(data, header.size);
    pthread_mutex_unlock(&relay_lock);
}

static struct relay_fence relay_shift(struct relay_fence *queue, int *count) {
    struct relay_fence first = queue[0];
    memmove(queue, queue + 1, (size_t) (--*count) * sizeof *queue);
    return first;
}

// With both blobs of a fence there, hands them to the server, this node's first.
static void relay_join(void) {
    struct relay_fence mine = {0}, theirs = {0};
    pthread_mutex_lock(&relay_lock);
    bool complete = relay_mine_count > 0 && relay_theirs_count > 0;
    if (complete) {
        mine = relay_shift(relay_mine, &relay_mine_count);
        theirs = relay_shift(relay_theirs, &relay_theirs_count);
    }
    pthread_mutex_unlock(&relay_lock);
    if (!complete) return;
    size_t size = mine.size + theirs.size;
    char *all = malloc(size + 1);
    if (mine.size > 0) memcpy(all, mine.data, mine.size);
    if (theirs.size > 0) memcpy(all + mine.size, theirs.data, theirs.size);
    free(mine.data);
    free(theirs.data);
    mine.callback(PMIX_SUCCESS, all, size, mine.cbdata, free, all);
}

static void relay_push(struct relay_fence *queue, int *count, struct relay_fence one) {
    pthread_mutex_lock(&relay_lock);
    if (*count < 8) queue[(*count)++] = one;
    pthread_mutex_unlock(&relay_lock);
    relay_join();
}

static pmix_status_t relay_fence(char *data, size_t size, pmix_modex_cbfunc_t callback, void *cbdata) {
    struct relay_header header = {.kind = 'F', .size = (uint32_t) size};
    relay_send(header, data);
    relay_push(relay_mine, &relay_mine_count, (struct relay_fence){data, size, callback, cbdata});
    return PMIX_SUCCESS;
}

static pmix_status_t relay_dmodex(const pmix_proc_t *proc, pmix_modex_cbfunc_t callback, void *cbdata) {
    struct relay_ticket *ticket = malloc(sizeof *ticket);
    struct relay_header header = {.kind = 'Q', .rank = proc->rank, .ticket = (uintptr_t) ticket};
    *ticket = (struct relay_ticket){callback, cbdata};
    memcpy(header.nspace, proc->nspace, sizeof header.nspace);
    relay_send(header, NULL);
    return PMIX_SUCCESS;
}

static void relay_found(pmix_status_t status, char *data, size_t size, void *cbdata) {
    struct relay_header *header = cbdata;
    header->kind = 'A';
    header->status = status;
    header->size = data ? (uint32_t) size : 0;
    relay_send(*header, data);
    free(header);
}

static void relay_look_up(const struct relay_header *request) {
    struct relay_header *kept = malloc(sizeof *kept);
    pmix_proc_t proc;
    *kept = *request;
    PMIX_LOAD_PROCID(&proc, request->nspace, request->rank);
    pmix_status_t rc = PMIx_server_dmodex_request(&proc, relay_found, kept);
    if (rc != PMIX_SUCCESS) relay_found(rc, NULL, 0, kept);
    pthread_mutex_lock(&relay_lock);
    relay_requests++;
    pthread_cond_broadcast(&relay_changed);
    pthread_mutex_unlock(&relay_lock);
}

static void relay_take(const struct relay_header *header, char *data) {
    if (header->kind == 'F') {
        relay_push(relay_theirs, &relay_theirs_count, (struct relay_fence){.data = data, .size = header->size});
        return;
    }
    if (header->kind == 'A') {
        struct relay_ticket *ticket = (struct relay_ticket *) (uintptr_t) header->ticket;
        ticket->callback(header->status, data, header->size, ticket->cbdata, free, data);
        free(ticket);
        return;
    }
    relay_look_up(header);
    free(data);
}

static void *relay_run(void *unused) {
    struct relay_header header;
    while (relay_read(&header, sizeof header)) {
        char *data = malloc(header.size + 1);
        if (!relay_read(data, header.size)) {
            free(data);
            break;
        }
        relay_take(&header, data);
    }
    return unused;
}

static bool relay_start(int fd) {
    relay_fd = fd;
    host_fence_hook = relay_fence;
    host_dmodex_hook = relay_dmodex;
    return pthread_create(&relay_thread, NULL, relay_run, NULL) == 0;
}

static bool relay_await_request(void) {
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    at.tv_sec += host_seconds();
    pthread_mutex_lock(&relay_lock);
    int rc = 0;
    while (relay_requests == 0 && rc == 0) rc = pthread_cond_timedwait(&relay_changed, &relay_lock, &at);
    bool came = relay_requests > 0;
    pthread_mutex_unlock(&relay_lock);
    return came;
}

static void relay_stop(void) {
    shutdown(relay_fd, SHUT_RDWR);
    pthread_join(relay_thread, NULL);
    close(relay_fd);
}

#endif
