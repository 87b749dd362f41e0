// The ranks' side of host.h: what a role may do besides calling PMIx. A check made here is reported by the host.
#ifndef MUSTER_TEST_CLIENT_H
#define MUSTER_TEST_CLIENT_H

#include <pmix.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct role {
    const char *name;
    void (*run)(void);
};

static pmix_proc_t me;  // filled by client_start

static inline int client_fd(void) {
    const char *number = getenv("TEST_FD");
    return number ? atoi(number) : -1;
}

static inline int client_seconds(void) {
    const char *given = getenv("TEST_DEADLINE");
    return given && atoi(given) > 0 ? atoi(given) : 15;
}

static inline void client_line(const char *kind, const char *text) {
    char line[1024];
    int n = snprintf(line, sizeof line, "%s %s\n", kind, text);
    if (send(client_fd(), line, n < (int) sizeof line ? n : (int) sizeof line - 1, MSG_NOSIGNAL) < 0) _exit(3);
}

__attribute__((format(printf, 2, 3), unused)) static bool check(bool passed, const char *format, ...) {
    char text[900];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    client_line(passed ? "ok" : "no", text);
    return passed;
}

// The number that was got is printed only with a failure, so that the text of a check never changes.
__attribute__((format(printf, 3, 4), unused)) static bool check_int(
    long long got, long long expected, const char *format, ...) {
    char text[900];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (got == expected) return check(true, "%s", text);
    return check(false, "%s   # got %lld, expected %lld", text, got, expected);
}

__attribute__((unused)) static void client_say(const char *step) { client_line("at", step); }

// Waits for the host's word; a host that is gone ends the rank.
__attribute__((unused)) static void client_hear(const char *word) {
    char line[128];
    size_t n = 0;
    while (n < sizeof line - 1) {
        if (recv(client_fd(), &line[n], 1, 0) != 1) _exit(4);
        if (line[n] == '\n') break;
        n++;
    }
    line[n] = 0;
    if (strcmp(line, word) != 0) check(false, "heard %s where %s was expected", line, word);
}

__attribute__((unused)) static bool client_start(void) {
    return check_int(PMIx_Init(&me, NULL, 0), PMIX_SUCCESS, "PMIx_Init");
}

__attribute__((unused)) static void client_stop(void) {
    check_int(PMIx_Finalize(NULL, 0), PMIX_SUCCESS, "PMIx_Finalize");
}

// A request the server answers after all that this rank sent before it: when it returns, the server has read those.
__attribute__((unused)) static void client_round_trip(void) {
    pmix_info_t info;
    PMIX_INFO_LOAD(&info, "round.trip", "x", PMIX_STRING);
    check_int(PMIx_Publish(&info, 1), PMIX_SUCCESS, "a request after it is served");
    PMIX_INFO_DESTRUCT(&info);
}

// The completion of one non-blocking call.
struct done {
    pthread_mutex_t lock;
    pthread_cond_t came;
    int count;
    pmix_status_t status;
    pmix_value_t value;
};
#define DONE_INIT {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 1, {.type = PMIX_UNDEF}}

__attribute__((unused)) static void done_op(pmix_status_t status, void *cbdata) {
    struct done *done = cbdata;
    pthread_mutex_lock(&done->lock);
    done->status = status;
    done->count++;
    pthread_cond_broadcast(&done->came);
    pthread_mutex_unlock(&done->lock);
}

__attribute__((unused)) static void done_value(pmix_status_t status, pmix_value_t *value, void *cbdata) {
    struct done *done = cbdata;
    if (status == PMIX_SUCCESS && value) PMIx_Value_xfer(&done->value, value);
    done_op(status, cbdata);
}

// False at the deadline; the caller must not let `done` go out of scope then.
__attribute__((unused)) static bool done_wait(struct done *done) {
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    at.tv_sec += client_seconds();
    pthread_mutex_lock(&done->lock);
    int rc = 0;
    while (done->count == 0 && rc == 0) rc = pthread_cond_timedwait(&done->came, &done->lock, &at);
    bool came = done->count > 0;
    pthread_mutex_unlock(&done->lock);
    return came;
}

// A blocking call that may hang in a defective library is made in a thread of its own, so that its absence is seen.
struct attempt {
    struct done done;
    pmix_status_t (*call)(void *argument);
    void *argument;
};

__attribute__((unused)) static void *attempt_thread(void *given) {
    struct attempt *attempt = given;
    done_op(attempt->call(attempt->argument), &attempt->done);
    return NULL;
}

#define LATE 1000  // no status has this number

__attribute__((unused)) static pmix_status_t client_attempt(pmix_status_t (*call)(void *), void *argument) {
    struct attempt *attempt = calloc(1, sizeof *attempt);  // kept if it is late: the thread still refers to it
    pthread_t thread;
    *attempt = (struct attempt){DONE_INIT, call, argument};
    if (pthread_create(&thread, NULL, attempt_thread, attempt) != 0) return LATE;
    if (!done_wait(&attempt->done)) return LATE;
    pthread_join(thread, NULL);
    pmix_status_t status = attempt->done.status;
    free(attempt);
    return status;
}

// If this process is a rank, plays its role and does not return.
__attribute__((unused)) static void client_main(int argc, char **argv, const struct role *roles) {
    if (argc < 3 || strcmp(argv[1], "--role") != 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(3 * client_seconds());
    for (; roles->name; roles++) {
        if (strcmp(roles->name, argv[2]) != 0) continue;
        roles->run();
        if (send(client_fd(), "end\n", 4, MSG_NOSIGNAL) < 0) _exit(3);
        exit(0);
    }
    _exit(2);
}

#endif
