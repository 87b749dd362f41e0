// Part of host.c: the ranks. A rank is this executable again with a role; it and the host talk in lines over a
// socket pair of their own ("ok text", "no text", "at step", "end"), so that no test needs a sleep to be in order.

#define PROCESS_LIMIT 256

struct process {
    pid_t pid;
    int fd, status;
    char label[96];
    struct text line, heard;  // unfinished line; steps said but not yet waited for, each ended by '\n'
    char **results;           // "1text" or "0text"
    int nresults, next_result;
    bool ended, killed, said_end, late, told_outcome;
};

static struct process processes[PROCESS_LIMIT];
static int process_count;

static void process_result(struct process *p, bool passed, const char *text) {
    struct text all = {NULL, 0};
    text_add(&all, "%c%s: %s", passed ? '1' : '0', p->label, text);
    p->results = realloc(p->results, (p->nresults + 1) * sizeof *p->results);
    p->results[p->nresults++] = all.bytes;
}

static void process_line(struct process *p, const char *line) {
    if (strncmp(line, "ok ", 3) == 0) process_result(p, true, line + 3);
    else if (strncmp(line, "no ", 3) == 0) process_result(p, false, line + 3);
    else if (strncmp(line, "at ", 3) == 0) text_add(&p->heard, "%s\n", line + 3);
    else if (strcmp(line, "end") == 0) p->said_end = true;
}

// Reads what is there; false at the end of the file.
static bool process_read(struct process *p) {
    char bytes[4096];
    ssize_t n = recv(p->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (n < 0) return errno == EAGAIN || errno == EINTR;
    for (ssize_t i = 0; i < n; i++) {
        if (bytes[i] != '\n') {
            text_add(&p->line, "%c", bytes[i]);
            continue;
        }
        process_line(p, p->line.bytes ? p->line.bytes : "");
        p->line.length = 0;
        if (p->line.bytes) p->line.bytes[0] = 0;
    }
    return n > 0;
}

static void process_reap(struct process *p) {
    if (p->ended || waitpid(p->pid, &p->status, WNOHANG) != p->pid) return;
    p->ended = true;
    if (p->fd >= 0) {
        while (recv(p->fd, &(char){0}, 1, MSG_PEEK | MSG_DONTWAIT) > 0 && process_read(p)) {}
        close(p->fd);
        p->fd = -1;
    }
}

static void process_poll(struct process *p) {
    struct pollfd one = {p->fd, POLLIN, 0};
    bool open = p->fd >= 0 && poll(&one, 1, 10) > 0 ? process_read(p) : true;
    if (!open || p->fd < 0) usleep(2000);
    process_reap(p);
}

static bool is_past(struct timespec at) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec > at.tv_sec || (now.tv_sec == at.tv_sec && now.tv_nsec > at.tv_nsec);
}

static bool process_take(struct process *p, const char *step) {
    size_t n = strlen(step);
    for (char *at = p->heard.bytes; at && *at; at = strchr(at, '\n') + 1) {
        if (strncmp(at, step, n) != 0 || at[n] != '\n') continue;
        memmove(at, at + n + 1, strlen(at + n + 1) + 1);
        p->heard.length -= n + 1;
        return true;
    }
    return false;
}

bool host_hear(int client, const char *step) {
    struct process *p = &processes[client];
    struct timespec at = deadline_after(host_seconds());
    while (!process_take(p, step)) {
        if (is_past(at)) patience_lost = true;
        if (p->ended || patience_lost) return false;
        process_poll(p);
    }
    return true;
}

void host_tell(int client, const char *word) {
    char line[128];
    int n = snprintf(line, sizeof line, "%s\n", word);
    if (processes[client].fd >= 0) send(processes[client].fd, line, n, MSG_NOSIGNAL);
}

void host_kill(int client) {
    struct process *p = &processes[client];
    if (p->ended) return;
    p->killed = true;
    kill(p->pid, SIGKILL);
    while (!p->ended) process_poll(p);
}

bool host_wait(int client) {
    struct process *p = &processes[client];
    struct timespec at = deadline_after(host_seconds());
    while (!p->ended) {
        if (is_past(at)) {
            patience_lost = p->late = true;
            host_kill(client);
            return false;
        }
        process_poll(p);
    }
    return true;
}

bool host_wait_all(void) {
    bool all = true;
    for (int i = 0; i < process_count; i++) all = host_wait(i) && all;
    return all;
}

int host_status(int client) { return processes[client].status; }

bool host_next_result(bool *passed, const char **text) {
    for (int i = 0; i < process_count; i++) {
        struct process *p = &processes[i];
        if (p->next_result == p->nresults && !p->told_outcome) {
            p->told_outcome = true;
            if (!p->killed || p->late) process_result(p, p->said_end && !p->late && p->status == 0, "ran to its end");
        }
        if (p->next_result == p->nresults) continue;
        const char *result = p->results[p->next_result++];
        *passed = result[0] == '1';
        *text = result + 1;
        return true;
    }
    return false;
}

static void processes_forget(void) {
    for (int i = 0; i < process_count; i++) {
        host_kill(i);
        for (int k = 0; k < processes[i].nresults; k++) free(processes[i].results[k]);
        free(processes[i].results);
        free(processes[i].line.bytes);
        free(processes[i].heard.bytes);
    }
    process_count = 0;
}

// A NULL value removes the name.
static void environment_set(char ***env, const char *name, const char *value) {
    size_t n = 0, length = strlen(name);
    if (value == NULL) {
        for (char **at = *env, **to = *env;; at++) {
            bool named = *at && strncmp(*at, name, length) == 0 && (*at)[length] == '=';
            if (named) free(*at);
            else if ((*to++ = *at) == NULL) return;
        }
    }
    char *entry = malloc(length + strlen(value) + 2);
    sprintf(entry, "%s=%s", name, value);
    for (; (*env)[n]; n++)
        if (strncmp((*env)[n], name, length) == 0 && (*env)[n][length] == '=') {
            free((*env)[n]);
            (*env)[n] = entry;
            return;
        }
    *env = realloc(*env, (n + 2) * sizeof **env);
    (*env)[n] = entry;
    (*env)[n + 1] = NULL;
}

char **host_environment(const char *nspace, uint32_t rank) {
    pmix_proc_t proc;
    size_t n = 0;
    while (environ[n]) n++;
    char **env = calloc(n + 1, sizeof *env);
    for (size_t i = 0; i < n; i++) env[i] = strdup(environ[i]);
    PMIX_LOAD_PROCID(&proc, nspace, rank);
    if (PMIx_server_setup_fork(&proc, &env) == PMIX_SUCCESS) return env;
    host_free_environment(env);
    return NULL;
}

void host_free_environment(char **env) {
    for (size_t i = 0; env && env[i]; i++) free(env[i]);
    free(env);
}

static void become_rank(char **env, const char *role) {
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (n <= 0) _exit(126);
    self[n] = 0;
    execve(self, (char *[]){self, "--role", (char *) role, NULL}, env);
    _exit(127);
}

// `variables` are further NAME, value pairs, ended by NULL; they win over those of setup_fork, a NULL value unsets.
int host_launch_with(const char *nspace, uint32_t rank, const char *role, const char *const *variables) {
    int pair[2];
    char number[16];
    char **env = host_environment(nspace, rank);
    if (env == NULL || process_count == PROCESS_LIMIT) return -1;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return -1;
    struct process *p = &processes[process_count];
    *p = (struct process){.fd = pair[0]};
    snprintf(p->label, sizeof p->label, "%s %u", role, rank);
    snprintf(number, sizeof number, "%d", pair[1]);
    environment_set(&env, "TEST_FD", number);
    if (getenv("TEST_CLIENT_LIBDIR")) environment_set(&env, "LD_LIBRARY_PATH", getenv("TEST_CLIENT_LIBDIR"));
    for (; variables && variables[0]; variables += 2) environment_set(&env, variables[0], variables[1]);
    p->pid = fork();
    if (p->pid == 0) {
        fcntl(pair[1], F_SETFD, 0);
        become_rank(env, role);
    }
    close(pair[1]);
    host_free_environment(env);
    return p->pid > 0 ? process_count++ : -1;
}

int host_launch(const char *nspace, uint32_t rank, const char *role) {
    return host_launch_with(nspace, rank, role, NULL);
}
