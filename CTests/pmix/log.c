// PMIx_Log: what a server logs itself, and what its host does.
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"

#include <fcntl.h>
#include <syslog.h>

// ---- the system's log, as the library under test writes it

static pthread_mutex_t lines_lock = PTHREAD_MUTEX_INITIALIZER;
static char lines[4096];
static int priority_seen;

static void take_line(int priority, const char *format, va_list arguments) {
    char line[1024];
    vsnprintf(line, sizeof line, format, arguments);
    pthread_mutex_lock(&lines_lock);
    priority_seen = priority;
    strncat(lines, line, sizeof lines - strlen(lines) - 2);
    strcat(lines, "|");
    pthread_mutex_unlock(&lines_lock);
}

void syslog(int priority, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    take_line(priority, format, arguments);
    va_end(arguments);
}

void __syslog_chk(int priority, int flag, const char *format, ...);
void __syslog_chk(int priority, int flag, const char *format, ...) {
    va_list arguments;
    (void) flag;
    va_start(arguments, format);
    take_line(priority, format, arguments);
    va_end(arguments);
}

// ---- ranks

static pmix_info_t data[4], directives[4];
static size_t ndata, ndirectives;

static void say(const char *key, const char *text) {
    PMIX_INFO_LOAD(&data[ndata], key, text, PMIX_STRING);
    ndata++;
}

static void direct(const char *key) {
    bool yes = true;
    PMIX_INFO_LOAD(&directives[ndirectives], key, &yes, PMIX_BOOL);
    ndirectives++;
}

static pmix_status_t log_it(void *unused) {
    (void) unused;
    return PMIx_Log(data, ndata, ndirectives ? directives : NULL, ndirectives);
}

static void prepare(void) {
    int debug = LOG_DEBUG;
    switch (atoi(getenv("TEST_WAY"))) {
    case 0: say(PMIX_LOG_STDOUT, "to output"), say(PMIX_LOG_STDERR, "to errors"); break;
    case 1: say(PMIX_LOG_STDOUT, "labelled"), direct(PMIX_LOG_TAG_OUTPUT); break;
    case 2: say(PMIX_LOG_STDOUT, "<marked>\n"), direct(PMIX_LOG_XML_OUTPUT); break;
    case 3: say(PMIX_LOG_STDOUT, "at a time"), direct(PMIX_LOG_TIMESTAMP_OUTPUT); break;
    case 4: say(PMIX_LOG_SYSLOG, "to the system"), say(PMIX_LOG_LOCAL_SYSLOG, "to this one"); break;
    case 5:
        say(PMIX_LOG_SYSLOG, "of little weight");
        PMIX_INFO_LOAD(&directives[ndirectives], PMIX_LOG_SYSLOG_PRI, &debug, PMIX_INT);
        ndirectives++;
        break;
    case 6: say(PMIX_LOG_STDOUT, "once"), say(PMIX_LOG_SYSLOG, "twice"), direct(PMIX_LOG_ONCE); break;
    case 7: say("app.words", "for the host"), say(PMIX_LOG_STDOUT, "for the server"); break;
    case 8: say("app.words", "timed"), direct(PMIX_LOG_GENERATE_TIMESTAMP); break;
    case 9: say(PMIX_LOG_GLOBAL_SYSLOG, "to the one log"); break;
    }
}

static void logger(void) {
    long expected = atol(getenv("TEST_EXPECT"));
    client_start();
    prepare();
    check_int(client_attempt(log_it, NULL), expected, "PMIx_Log returns what became of it");
    struct done done = DONE_INIT;
    if (getenv("TEST_TWICE")) {
        check_int(PMIx_Log_nb(data, ndata, directives, ndirectives, done_op, &done), PMIX_SUCCESS, "PMIx_Log_nb");
        check(done_wait(&done), "PMIx_Log_nb calls back");
        check_int(done.status, expected, "PMIx_Log_nb: with what became of it");
    }
    check_int(PMIx_Log(NULL, 0, NULL, 0), PMIX_ERR_BAD_PARAM, "PMIx_Log of nothing");
    check_int(PMIx_Log_nb(NULL, 0, NULL, 0, done_op, &done), PMIX_ERR_BAD_PARAM, "PMIx_Log_nb of nothing");
    client_stop();
}

// ---- hosts

static char out[4096], err[4096];

// What this process writes on its descriptor goes to a file of its own until `keep` reads it.
static int turn_away(int descriptor, int *before) {
    int file = open("/tmp", O_TMPFILE | O_RDWR, 0600);
    fflush(NULL);
    *before = dup(descriptor);
    dup2(file, descriptor);
    return file;
}

static void keep(int descriptor, int before, int file, char *text) {
    fflush(NULL);
    dup2(before, descriptor);
    ssize_t n = pread(file, text, 4095, 0);
    text[n > 0 ? n : 0] = 0;
    close(file), close(before);
}

static bool run(const char *way, const char *expected, enum manner manner, const char *twice) {
    struct host_config config = {.local = 1, .answer[UP_LOG] = {manner, PMIX_SUCCESS}};
    const char *variables[] = {"TEST_WAY", way, "TEST_EXPECT", expected, "TEST_TWICE", twice, NULL};
    int before_out, before_err;
    if (!ok(host_start(&config), "the host starts")) return false;
    int to_out = turn_away(1, &before_out), to_err = turn_away(2, &before_err);
    int client = host_launch_with("testns", 0, "logger", variables);
    host_wait(client);
    keep(1, before_out, to_out, out);
    keep(2, before_err, to_err, err);
    host_report();
    return true;
}

static bool is(const char *got, const char *expected) {
    if (strcmp(got, expected) != 0) diag("got \"%s\"", got);
    return strcmp(got, expected) == 0;
}

static void streams(void) {
    if (!run("0", "0", ABSENT, "1")) return;
    ok(is(out, "to output\nto output\n"), "LOG-2 PMIX_LOG_STDOUT is the server's output");
    ok(is(err, "to errors\nto errors\n"), "LOG-2 PMIX_LOG_STDERR is the server's errors");
    host_stop();
}

static void labelled(void) {
    if (!run("1", "0", ABSENT, NULL)) return;
    ok(is(out, "[testns,0]<stdout>: labelled\n"), "LOG-5 PMIX_LOG_TAG_OUTPUT");
    host_stop();
}

static void marked(void) {
    if (!run("2", "0", ABSENT, NULL)) return;
    ok(is(out, "<stdout rank=\"0\">&lt;marked&gt;&#010;</stdout>\n"), "LOG-5 PMIX_LOG_XML_OUTPUT");
    host_stop();
}

static void timed(void) {
    if (!run("3", "0", ABSENT, NULL)) return;
    const char *end = strstr(out, "]<stdout>: at a time\n");
    ok(out[0] == '[' && end != NULL && end - out == 25, "LOG-5 PMIX_LOG_TIMESTAMP_OUTPUT");
    host_stop();
}

static void system_log(void) {
    lines[0] = 0;
    if (!run("4", "0", ABSENT, NULL)) return;
    ok(strstr(lines, "to the system|") && strstr(lines, "to this one|"), "LOG-3 both go to the system's log");
    ok(strstr(lines, "testns"), "LOG-3 with who says so");
    is_int(LOG_PRI(priority_seen), LOG_ERR, "LOG-3 as an error");
    host_stop();
}

static void light(void) {
    lines[0] = 0;
    if (!run("5", "0", ABSENT, NULL)) return;
    ok(strstr(lines, "of little weight|") != NULL, "LOG-3 PMIX_LOG_SYSLOG_PRI");
    is_int(LOG_PRI(priority_seen), LOG_DEBUG, "LOG-3 with the weight that was asked for");
    host_stop();
}

static void once(void) {
    lines[0] = 0;
    if (!run("6", "0", LATER, NULL)) return;
    ok(is(out, "once\n") && lines[0] == 0, "LOG-4 PMIX_LOG_ONCE: the first that can, no other");
    is_int(host_saw(UP_LOG), 0, "LOG-4 nor the host");
    host_stop();
}

static void shared_with(enum manner manner) {
    if (!run("7", "0", manner, NULL)) return;
    const struct seen *seen = host_await(UP_LOG, 1);
    ok(is(out, "for the server\n"), "LOG-6 the server logs what it can");
    ok(seen && strcmp(seen->text, "app.words=for the host") == 0, "LOG-6 the host gets the rest");
    ok(seen && strcmp(seen->infos, PMIX_LOG_SOURCE "=testns:0") == 0, "LOG-1 the source, and no time nobody asked for");
    host_stop();
}

static void shared(void) { shared_with(LATER); }
static void shared_inline(void) { shared_with(INLINE); }

static void unshared(void) {
    if (!run("7", "-52", ABSENT, NULL)) return;
    ok(is(out, "for the server\n"), "LOG-6 the server logs what it can, and says that this was not all");
    host_stop();
}

static void stamped(void) {
    if (!run("8", "0", LATER, "1")) return;
    const struct seen *seen = host_await(UP_LOG, 2);
    ok(seen && strstr(seen->infos, PMIX_LOG_TIMESTAMP "="), "LOG-7 a time that was asked for is appended");
    host_stop();
}

static void global(void) {
    if (!run("9", "0", LATER, NULL)) return;
    const struct seen *seen = host_await(UP_LOG, 1);
    ok(seen && strcmp(seen->text, PMIX_LOG_GLOBAL_SYSLOG "=to the one log") == 0,
        "LOG-3 the log of the whole machine is the host's matter");
    host_stop();
}

int main(int argc, char **argv) {
    static const struct role roles[] = {{"logger", logger}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("output and errors", streams);
    scenario("labels", labelled);
    scenario("XML", marked);
    scenario("times", timed);
    scenario("the system's log", system_log);
    scenario("the system's log, a weight", light);
    scenario("once", once);
    scenario("server and host", shared);
    scenario("server and host, at once", shared_inline);
    scenario("server without a host's log", unshared);
    scenario("a time of its own", stamped);
    scenario("the machine's log", global);
    return done_testing();
}
