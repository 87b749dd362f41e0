// compare: reference
// Processes: started here, with streams, channels, signals and hooks; and through a service, which is a loop here.
#include "tap.h"

#include <errno.h>
#include <flux/core.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define REFUSED(what, code, text) errno = 0, ok((what) && errno == (code), text)

static char seen[4096];

static void note(const char *what) {
    if (strlen(seen) + strlen(what) + 1 < sizeof(seen)) strcat(seen, what);
}

static void test_null(flux_t *h, flux_reactor_t *r) {
    flux_cmd_t *none = flux_cmd_create(0, NULL, NULL);
    char *argv[] = {"true", NULL};
    flux_cmd_t *cmd = flux_cmd_create(1, argv, NULL);
    const char *text;
    REFUSED(!flux_local_exec(NULL, 0, cmd, NULL), EINVAL, "local_exec: no reactor");
    REFUSED(!flux_local_exec(r, 0, NULL, NULL), EINVAL, "local_exec: no command");
    REFUSED(!flux_local_exec(r, 0, none, NULL), EINVAL, "local_exec: nothing to run");
    REFUSED(!flux_local_exec(r, 1234, cmd, NULL), EINVAL, "local_exec: in no known way");
    REFUSED(!flux_rexec(NULL, 0, 0, cmd, NULL), EINVAL, "rexec: no handle");
    REFUSED(!flux_rexec(h, 0, 0, NULL, NULL), EINVAL, "rexec: no command");
    REFUSED(!flux_rexec(h, 0, 0, none, NULL), EINVAL, "rexec: nothing to run");
    REFUSED(!flux_rexec(h, -10, 0, cmd, NULL), EINVAL, "rexec: nowhere");
    REFUSED(!flux_rexec(h, 0, 1234, cmd, NULL), EINVAL, "rexec: in no known way");
    REFUSED(!flux_rexec_ex(h, NULL, 0, 0, cmd, NULL, NULL, NULL), EINVAL, "rexec_ex: no service");
    REFUSED(!flux_rexec_attach(h, "rexec", 0, 0, -1, NULL, NULL), EINVAL, "rexec_attach: to nothing");
    REFUSED(!flux_rexec_attach(NULL, "rexec", 0, 0, 1, NULL, NULL), EINVAL, "rexec_attach: no handle");
    REFUSED(!flux_rexec_bg(NULL, NULL, 0, 0, cmd), EINVAL, "rexec_bg: no handle");
    REFUSED(!flux_rexec_bg(h, NULL, 0, FLUX_SUBPROCESS_FLAGS_LOCAL_UNBUF, cmd), EINVAL, "rexec_bg: unbuffered");
    REFUSED(!flux_rexec_wait(h, NULL, 0, -1, NULL), EINVAL, "rexec_wait: for nothing");
    REFUSED(!flux_rexec_wait(h, NULL, 0, 1, "x"), EINVAL, "rexec_wait: for two");
    flux_subprocess_destroy(NULL);
    flux_subprocess_stream_start(NULL, "x");
    flux_subprocess_stream_stop(NULL, "x");
    flux_subprocess_channel_incref(NULL, "x");
    flux_subprocess_channel_decref(NULL, "x");
    REFUSED(flux_subprocess_write(NULL, "stdin", "x", 1) == -1, EINVAL, "write");
    REFUSED(flux_subprocess_close(NULL, "stdin") == -1, EINVAL, "close");
    REFUSED(flux_subprocess_read(NULL, "stdout", &text) == -1, EINVAL, "read");
    REFUSED(flux_subprocess_read_line(NULL, "stdout", &text) == -1, EINVAL, "read_line");
    REFUSED(flux_subprocess_read_trimmed_line(NULL, "stdout", &text) == -1, EINVAL, "read_trimmed_line");
    REFUSED(flux_subprocess_getline(NULL, "stdout", &text) == -1, EINVAL, "getline");
    ok(!flux_subprocess_read_stream_closed(NULL, "stdout"), "read_stream_closed");
    REFUSED(!flux_subprocess_kill(NULL, SIGTERM), EINVAL, "kill");
    REFUSED((int) flux_subprocess_state(NULL) == -1, EINVAL, "state");
    ok(!flux_subprocess_active(NULL), "active");
    REFUSED(flux_subprocess_rank(NULL) == -1, EINVAL, "rank");
    REFUSED(flux_subprocess_fail_errno(NULL) == -1, EINVAL, "fail_errno");
    ok(flux_subprocess_fail_error(NULL) != NULL, "fail_error");
    REFUSED(flux_subprocess_status(NULL) == -1, EINVAL, "status");
    REFUSED(flux_subprocess_exit_code(NULL) == -1, EINVAL, "exit_code");
    REFUSED(flux_subprocess_signaled(NULL) == -1, EINVAL, "signaled");
    REFUSED(flux_subprocess_pid(NULL) == -1, EINVAL, "pid");
    REFUSED(!flux_subprocess_get_cmd(NULL), EINVAL, "get_cmd");
    REFUSED(!flux_subprocess_get_reactor(NULL), EINVAL, "get_reactor");
    REFUSED(flux_subprocess_aux_set(NULL, "x", seen, NULL) == -1, EINVAL, "aux_set");
    REFUSED(!flux_subprocess_aux_get(NULL, "x"), EINVAL, "aux_get");
    ok(!flux_subprocess_state_string(99), "no state's name");
    flux_cmd_destroy(cmd);
    flux_cmd_destroy(none);
}

static flux_cmd_t *shell(const char *script) {
    char *argv[] = {"sh", "-c", (char *) script, NULL};
    return flux_cmd_create(3, argv, environ);
}

static void state_changed(flux_subprocess_t *p, flux_subprocess_state_t state) {
    (void) p;
    note("<");
    note(flux_subprocess_state_string(state));
    note(">");
}

static void completed(flux_subprocess_t *p) {
    (void) p;
    note("<completed>");
}

static void line(flux_subprocess_t *p, const char *stream) {
    const char *text = NULL;
    int length = flux_subprocess_getline(p, stream, &text);
    note(stream);
    note(":");
    note(length > 0 ? text : "<end>");
}

static const flux_subprocess_ops_t ops = {
    .on_completion = completed, .on_state_change = state_changed, .on_stdout = line, .on_stderr = line};

static flux_subprocess_t *run(flux_reactor_t *r, flux_cmd_t *cmd, int flags, const flux_subprocess_ops_t *with) {
    seen[0] = 0;
    flux_subprocess_t *p = flux_local_exec(r, flags, cmd, with);
    if (!p) bail("no process: %s", strerror(errno));
    flux_cmd_destroy(cmd);
    return p;
}

static void test_output(flux_reactor_t *r) {
    const flux_subprocess_ops_t only = {.on_completion = completed, .on_state_change = state_changed,
        .on_stdout = line};
    flux_subprocess_t *p = run(r, shell("echo one; echo two; printf three"), 0, &only);
    ok(flux_subprocess_state(p) == FLUX_SUBPROCESS_RUNNING && flux_subprocess_active(p), "it runs at once");
    ok(flux_subprocess_pid(p) > 0 && flux_subprocess_get_reactor(p) == r, "it has an id and a reactor");
    is_str(flux_cmd_arg(flux_subprocess_get_cmd(p), 0), "sh", "and its command");
    REFUSED(flux_subprocess_rank(p) == -1, EINVAL, "but no rank");
    REFUSED(flux_subprocess_exit_code(p) == -1, EINVAL, "and no end");
    ok(flux_reactor_run(r, 0) == 0, "until nothing is left");
    ok(strncmp(seen, "<Running>", 9) == 0 && strstr(seen, "<Exited>"), "it ran and exited");
    ok(strlen(seen) > 11 && strcmp(seen + strlen(seen) - 11, "<completed>") == 0, "complete at last");
    ok(flux_subprocess_state(p) == FLUX_SUBPROCESS_EXITED && !flux_subprocess_active(p), "over");
    ok(flux_subprocess_exit_code(p) == 0 && flux_subprocess_status(p) == 0, "well");
    REFUSED(flux_subprocess_signaled(p) == -1, EINVAL, "by itself");
    REFUSED(flux_subprocess_fail_errno(p) == -1, EINVAL, "without a failure");
    REFUSED(!flux_subprocess_kill(p, SIGTERM), ESRCH, "nobody is there to signal");
    ok(flux_subprocess_read_stream_closed(p, "stdout"), "the stream is over");
    REFUSED(flux_subprocess_read(p, "stderr", NULL) == -1, EINVAL, "this one was not asked for");
    REFUSED(flux_subprocess_write(p, "stdout", "x", 1) == -1, EINVAL, "nor is this one written to");
    flux_subprocess_destroy(p);
    const flux_subprocess_ops_t plain = {.on_completion = completed, .on_stdout = line};
    p = run(r, shell("echo one; echo two; printf three"), 0, &plain);
    flux_reactor_run(r, 0);
    is_str(seen, "stdout:one\nstdout:two\nstdout:threestdout:<end><completed>",
        "line by line, the rest, the end (PROC-1)");
    flux_subprocess_destroy(p);
    p = run(r, shell("echo no >&2; exit 3"), 0, &ops);
    flux_reactor_run(r, 0);
    ok(strstr(seen, "stderr:no\n") && flux_subprocess_exit_code(p) == 3, "another stream, another code");
    flux_subprocess_destroy(p);
    REFUSED(!flux_local_exec(r, 0, NULL, NULL), EINVAL, "nothing");
    char *argv[] = {"/nonexistent/program", NULL};
    flux_cmd_t *cmd = flux_cmd_create(1, argv, environ);
    REFUSED(!flux_local_exec(r, 0, cmd, NULL), ENOENT, "no such program");
    flux_cmd_destroy(cmd);
}

static void all(flux_subprocess_t *p, const char *stream) {
    const char *text = NULL;
    char part[64];
    int length = flux_subprocess_read(p, stream, &text);
    // Without a buffer no NUL stands behind it.
    snprintf(part, sizeof(part), "%.*s", length > 0 ? length : 5, length > 0 ? text : "<end>");
    note(part);
}

static void trimmed(flux_subprocess_t *p, const char *stream) {
    const char *text = NULL;
    if (flux_subprocess_read_trimmed_line(p, stream, &text) > 0) {
        note(text);
        note("|");
    } else if (flux_subprocess_read_stream_closed(p, stream) && flux_subprocess_read(p, stream, &text) > 0) {
        note(text);
    }
}

static int credits;

static void credit(flux_subprocess_t *p, const char *stream, int bytes) {
    (void) p, (void) stream;
    credits += bytes;
}

static void test_input(flux_reactor_t *r) {
    flux_subprocess_ops_t with = {.on_completion = completed, .on_stdout = all, .on_credit = credit};
    flux_cmd_t *cmd = shell("cat");
    flux_cmd_setopt(cmd, "stdin_BUFSIZE", "1K");
    flux_cmd_setopt(cmd, "stdout_LINE_BUFFER", "false");
    flux_subprocess_t *p = run(r, cmd, 0, &with);
    char big[2000] = {0};
    credits = 0;
    REFUSED(flux_subprocess_write(p, "stdin", NULL, 1) == -1, EINVAL, "writing nothing");
    REFUSED(flux_subprocess_write(p, "stdin", "x", 0) == -1, EINVAL, "writing none of it");
    REFUSED(flux_subprocess_write(p, "nowhere", "x", 1) == -1, EINVAL, "writing nowhere");
    REFUSED(flux_subprocess_write(p, "stdin", big, sizeof(big)) == -1, ENOSPC, "writing more than fits");
    ok(flux_subprocess_write(p, "stdin", "hello ", 6) == 6 && flux_subprocess_write(p, "stdin", "world", 5) == 5,
        "written");
    ok(flux_subprocess_close(p, "stdin") == 0 && flux_subprocess_close(p, "stdin") == 0, "closed, twice");
    REFUSED(flux_subprocess_write(p, "stdin", "x", 1) == -1, EPIPE, "nothing goes in any more");
    REFUSED(flux_subprocess_close(p, "stdout") == -1, EINVAL, "this end is the process's");
    ok(flux_reactor_run(r, 0) == 0, "until it is over");
    is_str(seen, "hello world<end><completed>", "what went in came out (PROC-2)");
    ok(credits >= 1024, "it was said how much may be written");
    flux_subprocess_destroy(p);
    with.on_stdout = trimmed;
    p = run(r, shell("printf 'a\\nb\\nc'"), 0, &with);
    flux_reactor_run(r, 0);
    is_str(seen, "a|b|c<completed>", "lines without their ends");
    flux_subprocess_destroy(p);
    cmd = shell("true");
    flux_cmd_setopt(cmd, "stdout_BUFSIZE", "nonsense");
    REFUSED(!flux_local_exec(r, 0, cmd, &with), EINVAL, "no size");
    flux_cmd_setopt(cmd, "stdout_BUFSIZE", "1k");
    flux_cmd_setopt(cmd, "stdout_LINE_BUFFER", "nonsense");
    REFUSED(!flux_local_exec(r, 0, cmd, &with), EINVAL, "neither true nor false");
    flux_cmd_destroy(cmd);
}

static size_t total;

static void count(flux_subprocess_t *p, const char *stream) {
    const char *text;
    int length = flux_subprocess_read(p, stream, &text);
    if (length > 0) total += length;
}

static void test_much(flux_reactor_t *r) {
    const flux_subprocess_ops_t with = {.on_completion = completed, .on_stdout = count};
    flux_cmd_t *cmd = shell("head -c 3000000 /dev/zero");
    flux_cmd_setopt(cmd, "stdout_BUFSIZE", "4096");
    total = 0;
    flux_subprocess_t *p = run(r, cmd, 0, &with);
    flux_reactor_run(r, 0);
    ok(total == 3000000, "more than the buffer holds comes in parts: %zu", total);
    flux_subprocess_destroy(p);
}

static void test_signals(flux_reactor_t *r) {
    const flux_subprocess_ops_t with = {.on_completion = completed, .on_state_change = state_changed};
    flux_subprocess_t *p = run(r, shell("exec sleep 100"), 0, &with);
    REFUSED(!flux_subprocess_kill(p, 0), EINVAL, "no signal");
    ok(getpgid(flux_subprocess_pid(p)) == flux_subprocess_pid(p), "it leads a group");
    flux_future_t *f = flux_subprocess_kill(p, SIGTERM);
    ok(f && flux_future_get(f, NULL) == 0, "signaled");
    flux_future_destroy(f);
    flux_reactor_run(r, 0);
    ok(flux_subprocess_signaled(p) == SIGTERM, "that was its end (PROC-3)");
    REFUSED(flux_subprocess_exit_code(p) == -1, EINVAL, "no code");
    is_str(seen, "<Running><Exited><completed>", "its states");
    flux_subprocess_destroy(p);
    p = run(r, shell("exec sleep 100"), FLUX_SUBPROCESS_FLAGS_NO_SETPGRP, &with);
    ok(getpgid(flux_subprocess_pid(p)) == getpgrp(), "or stays in ours");
    flux_future_destroy(flux_subprocess_kill(p, SIGKILL));
    flux_reactor_run(r, 0);
    ok(flux_subprocess_signaled(p) == SIGKILL, "signaled alone");
    flux_subprocess_destroy(p);
}

static void stopped(flux_subprocess_t *p, flux_subprocess_state_t state) {
    state_changed(p, state);
    if (state == FLUX_SUBPROCESS_STOPPED) flux_future_destroy(flux_subprocess_kill(p, SIGKILL));
}

static void test_stopped(flux_reactor_t *r) {
    const flux_subprocess_ops_t with = {.on_completion = completed, .on_state_change = stopped};
    flux_subprocess_t *p = run(r, shell("kill -STOP $$"), 0, &with);
    flux_reactor_run(r, 0);
    ok(strstr(seen, "<Stopped>") && flux_subprocess_signaled(p) == SIGKILL, "a stop is told");
    flux_subprocess_destroy(p);
}

static void channel(flux_subprocess_t *p, const char *stream) {
    line(p, stream);
    if (flux_subprocess_read_stream_closed(p, stream)) return;
    flux_subprocess_close(p, stream);
}

static void test_channels(flux_reactor_t *r) {
    const flux_subprocess_ops_t with = {.on_completion = completed, .on_channel_out = channel, .on_stdout = line};
    char *argv[] = {"/proc/self/exe", "channel", NULL};
    argv[0] = realpath(argv[0], NULL);
    flux_cmd_t *cmd = flux_cmd_create(2, argv, environ);
    free(argv[0]);
    flux_cmd_add_channel(cmd, "CHANNEL");
    flux_subprocess_t *p = run(r, cmd, 0, &with);
    ok(flux_subprocess_write(p, "CHANNEL", "ping\n", 5) == 5, "written to a channel");
    flux_reactor_run(r, 0);
    ok(strstr(seen, "stdout:got ping\n") && strstr(seen, "CHANNEL:reply\n"), "both ways: %s (PROC-4)", seen);
    flux_subprocess_destroy(p);
}

static void test_paused(flux_reactor_t *r) {
    const flux_subprocess_ops_t with = {.on_completion = completed, .on_stdout = line};
    flux_subprocess_t *p = run(r, shell("echo x"), 0, &with);
    flux_subprocess_stream_stop(p, "stdout");
    flux_subprocess_stream_stop(p, "nowhere");
    usleep(20000);
    for (int i = 0; i < 5; i++) flux_reactor_run(r, FLUX_REACTOR_NOWAIT);
    is_str(seen, "", "a paused stream says nothing");
    flux_subprocess_stream_start(p, "stdout");
    flux_reactor_run(r, 0);
    is_str(seen, "stdout:x\nstdout:<end><completed>", "until it goes on");
    flux_subprocess_destroy(p);
    p = run(r, shell("echo x"), 0, &with);
    flux_subprocess_channel_incref(p, "stdout");
    while (!strstr(seen, "x")) flux_reactor_run(r, FLUX_REACTOR_ONCE);
    usleep(20000);
    for (int i = 0; i < 5; i++) flux_reactor_run(r, FLUX_REACTOR_NOWAIT);
    is_str(seen, "stdout:x\n", "an end that somebody holds is not told");
    flux_subprocess_channel_decref(p, "stdout");
    flux_reactor_run(r, 0);
    is_str(seen, "stdout:x\nstdout:<end><completed>", "until it is let go");
    flux_subprocess_destroy(p);
}

static int in_hook = -1;

static void pre(flux_subprocess_t *p, void *arg) {
    const char *text;
    bool refused = flux_subprocess_write(p, "stdin", "x", 1) == -1 && flux_subprocess_read(p, "stdout", &text) == -1;
    dprintf(1, "%s %s\n", (char *) arg, refused ? "refused" : "allowed");
}

static void post(flux_subprocess_t *p, void *arg) {
    flux_subprocess_destroy(p);
    in_hook = *(int *) arg;
}

static void test_hooks(flux_reactor_t *r) {
    int number = 4711;
    const flux_subprocess_ops_t with = {.on_completion = completed, .on_stdout = line};
    const flux_subprocess_hooks_t hooks = {.pre_exec = pre, .pre_exec_arg = "hook", .post_fork = post,
        .post_fork_arg = &number};
    flux_cmd_t *cmd = shell("pwd");
    flux_cmd_setcwd(cmd, "/");
    seen[0] = 0;
    flux_subprocess_t *p = flux_local_exec_ex(r, 0, cmd, &with, &hooks, NULL, NULL);
    ok(p && in_hook == 4711, "called here after the start");
    flux_cmd_destroy(cmd);
    flux_reactor_run(r, 0);
    is_str(seen, "stdout:hook refused\nstdout:/\nstdout:<end><completed>",
        "and there before it; in its folder (PROC-5)");
    seen[0] = 0;
    ok(flux_subprocess_aux_set(p, "a", "<freed>", (flux_free_f) note) == 0, "something hangs on it");
    is_str(flux_subprocess_aux_get(p, "a"), "<freed>", "found again");
    REFUSED(!flux_subprocess_aux_get(p, "b"), ENOENT, "not there");
    flux_subprocess_destroy(p);
    is_str(seen, "<freed>", "freed with it");
}

static void destroys(flux_subprocess_t *p) {
    note("<destroyed>");
    flux_subprocess_destroy(p);
}

static void test_destroyed(flux_reactor_t *r) {
    const flux_subprocess_ops_t with = {.on_completion = destroys, .on_stdout = line};
    run(r, shell("echo x"), 0, &with);
    flux_reactor_run(r, 0);
    is_str(seen, "stdout:x\nstdout:<end><destroyed>", "destroyed when it is complete");
    flux_subprocess_t *p = run(r, shell("sleep 0.01"), 0, &with);
    flux_subprocess_destroy(p);
    flux_reactor_run(r, 0);
    is_str(seen, "", "destroyed before, nobody is called");
}

// ---- through a service

static flux_msg_t *request;

// What the dispatcher took while the reactor ran.
static const flux_msg_t *caught;

static void is_sent(flux_t *h, const char *topic, const char *expected, const char *text) {
    const char *got = "", *payload = "";
    flux_msg_t *msg = flux_recv(h, FLUX_MATCH_REQUEST, FLUX_O_NONBLOCK);
    if (!msg && caught) msg = flux_msg_copy(caught, true);
    if (!msg || flux_request_decode(msg, &got, &payload) < 0) ok(false, "%s: nothing was sent", text);
    is_str(got, topic, "%s: the service", text);
    json_t *json = json_loads(payload ? payload : "", 0, NULL);
    if (json_object_get(json, "matchtag")) json_object_set_new(json, "matchtag", json_integer(0));
    char *sorted = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
    is_str(sorted, expected, "%s: the request", text);
    free(sorted);
    json_decref(json);
    flux_msg_destroy(request);
    request = msg;
}

static void answer(flux_t *h, flux_msg_t *to, int errnum, const char *payload) {
    flux_msg_t *response = flux_response_derive(to, errnum);
    flux_msg_set_rolemask(response, FLUX_ROLE_OWNER);
    if (payload) flux_msg_set_string(response, payload);
    if (!response || flux_send(h, response, 0) < 0) bail("no answer");
    flux_msg_destroy(response);
}

static void turn(flux_reactor_t *r) {
    for (int i = 0; i < 10; i++) flux_reactor_run(r, FLUX_REACTOR_NOWAIT);
}

#define COMMAND \
    "{\"channels\":[],\"cmdline\":[\"cat\",\"x\"],\"cwd\":\"/tmp\",\"env\":{\"A\":\"1\"},\"label\":\"me\"," \
    "\"msgchan\":[],\"opts\":{}}"

static flux_cmd_t *far_command(void) {
    char *argv[] = {"cat", "x", NULL}, *env[] = {"A=1", NULL};
    flux_cmd_t *cmd = flux_cmd_create(2, argv, env);
    flux_cmd_setcwd(cmd, "/tmp");
    flux_cmd_set_label(cmd, "me");
    return cmd;
}

static void test_remote(flux_t *h, flux_reactor_t *r) {
    const flux_subprocess_ops_t with = {.on_completion = completed, .on_state_change = state_changed,
        .on_stdout = line,
        .on_credit = credit};
    flux_cmd_t *cmd = far_command();
    seen[0] = 0;
    credits = 0;
    flux_subprocess_t *p = flux_rexec(h, 3, 0, cmd, &with);
    is_sent(h, "rexec.exec", "{\"cmd\":" COMMAND ",\"flags\":9,\"local_flags\":0}", "exec");
    uint32_t rank = 0;
    ok(flux_msg_get_nodeid(request, &rank) == 0 && rank == 3 && flux_subprocess_rank(p) == 3, "to that rank");
    flux_msg_t *exec = request;
    request = NULL;
    ok(flux_subprocess_state(p) == FLUX_SUBPROCESS_INIT && flux_subprocess_active(p), "not running yet");
    REFUSED(flux_subprocess_pid(p) == -1, EINVAL, "no id yet");
    ok(flux_subprocess_write(p, "stdin", "in\n", 3) == 3, "written already");
    is_sent(h, "rexec.write", "{\"io\":{\"data\":\"in\\n\",\"rank\":\"0\",\"stream\":\"stdin\"},\"matchtag\":0}",
        "write");
    flux_subprocess_write(p, "stdin", "\377", 1);
    is_sent(h, "rexec.write",
        "{\"io\":{\"data\":\"/w==\",\"encoding\":\"base64\",\"rank\":\"0\",\"stream\":\"stdin\"},\"matchtag\":0}",
            "bytes");
    ok(flux_subprocess_close(p, "stdin") == 0, "closed");
    is_sent(h, "rexec.write", "{\"io\":{\"eof\":true,\"rank\":\"0\",\"stream\":\"stdin\"},\"matchtag\":0}", "close");
    flux_future_t *f = flux_subprocess_kill(p, SIGUSR1);
    ok(f && !flux_future_is_ready(f), "a signal waits for the process");
    answer(h, exec, 0, "{\"type\":\"started\",\"pid\":77}");
    turn(r);
    is_str(seen, "<Running>", "it runs");
    ok(flux_subprocess_pid(p) == 77, "with this id");
    is_sent(h, "rexec.kill", "{\"pid\":77,\"signum\":10}", "the signal");
    answer(h, request, 0, NULL);
    turn(r);
    ok(flux_future_is_ready(f) && flux_future_get(f, NULL) == 0, "was sent");
    flux_future_destroy(f);
    answer(h, exec, 0, "{\"type\":\"add-credit\",\"channels\":{\"stdin\":100}}");
    answer(h, exec, 0, "{\"type\":\"stopped\"}");
    answer(h, exec, 0,
        "{\"type\":\"output\",\"io\":{\"stream\":\"stdout\",\"rank\":\"3\",\"data\":\"one\\ntwo\\nthr\"}}");
    turn(r);
    ok(credits == 100, "credit");
    is_str(seen, "<Running><Stopped>stdout:one\nstdout:two\n", "lines of what has come");
    answer(h, exec, 0,
        "{\"type\":\"output\",\"io\":{\"stream\":\"stdout\",\"rank\":\"3\",\"encoding\":\"base64\",\"data\":\"ZWU=\","
        "\"eof\":true}}");
    answer(h, exec, 0, "{\"type\":\"finished\",\"status\":256}");
    turn(r);
    is_str(seen, "<Running><Stopped>stdout:one\nstdout:two\nstdout:threestdout:<end><Exited>",
        "the rest, and the end");
    ok(flux_subprocess_active(p), "which the service has to confirm (PROC-6)");
    answer(h, exec, ENODATA, NULL);
    turn(r);
    ok(strstr(seen, "<Exited><completed>") && !flux_subprocess_active(p), "complete");
    ok(flux_subprocess_exit_code(p) == 1, "its code");
    flux_subprocess_destroy(p);
    flux_msg_destroy(exec);
    flux_cmd_destroy(cmd);
}

static void fails(flux_t *h, flux_reactor_t *r, int errnum, const char *payload, int expected, const char *text) {
    const flux_subprocess_ops_t with = {.on_completion = completed, .on_state_change = state_changed,
        .on_stdout = line};
    flux_cmd_t *cmd = far_command();
    seen[0] = 0;
    flux_subprocess_t *p = flux_rexec(h, FLUX_NODEID_ANY, 0, cmd, &with);
    flux_msg_destroy(request);
    request = flux_recv(h, FLUX_MATCH_REQUEST, FLUX_O_NONBLOCK);
    answer(h, request, errnum, payload);
    turn(r);
    is_str(seen, "<Failed>", "%s: fails", text);
    ok(flux_subprocess_fail_errno(p) == expected, "%s: for this reason", text);
    diag("%s", flux_subprocess_fail_error(p) ? text : "no text");
    if (errnum && errnum != ENODATA) is_str(flux_subprocess_fail_error(p), payload ? payload : strerror(errnum),
        "%s: in words", text);
    ok(!flux_subprocess_active(p), "%s: it is over", text);
    REFUSED(flux_subprocess_write(p, "stdin", "x", 1) == -1, EPIPE, "nothing goes in");
    flux_subprocess_destroy(p);
    flux_cmd_destroy(cmd);
}

static void test_more_remote(flux_t *h, flux_reactor_t *r) {
    const flux_subprocess_ops_t with = {.on_completion = completed, .on_state_change = state_changed,
        .on_stdout = all};
    flux_cmd_t *cmd = far_command();
    flux_subprocess_t *p = flux_rexec_ex(h, "other", 0, FLUX_SUBPROCESS_FLAGS_LOCAL_UNBUF, cmd, &with, NULL, NULL);
    is_sent(h, "other.exec", "{\"cmd\":" COMMAND ",\"flags\":1,\"local_flags\":0}", "another service");
    seen[0] = 0;
    const char *text;
    REFUSED(flux_subprocess_read_line(p, "stdout", &text) == -1, EPERM, "no lines without a buffer");
    answer(h, request, 0, "{\"type\":\"started\",\"pid\":77}");
    turn(r);
    answer(h, request, 0,
        "{\"type\":\"output\",\"io\":{\"stream\":\"stdout\",\"rank\":\"0\",\"data\":\"x\",\"eof\":true}}");
    turn(r);
    ok(strcmp(seen, "<Running>x<end>") == 0, "told as it comes: %s", seen);
    flux_subprocess_destroy(p);
    p = flux_rexec_attach(h, "rexec", 0, 0, 77, NULL, &with);
    is_sent(h, "rexec.attach", "{\"flags\":1,\"pid\":77}", "attach");
    seen[0] = 0;
    answer(h, request, 0, "{\"type\":\"attached\",\"pid\":77,\"cmd\":" COMMAND "}");
    turn(r);
    is_str(seen, "<Running>", "attached (PROC-7)");
    is_str(flux_cmd_get_label(flux_subprocess_get_cmd(p)), "me", "to this command");
    flux_subprocess_destroy(p);
    p = flux_rexec_attach(h, "rexec", 0, 0, -1, "me", &with);
    is_sent(h, "rexec.attach", "{\"flags\":1,\"label\":\"me\",\"pid\":-1}", "attach by label");
    flux_subprocess_destroy(p);
    int pid = 0;
    flux_future_t *f = flux_rexec_bg(h, NULL, 0, FLUX_SUBPROCESS_FLAGS_WAITABLE, cmd);
    is_sent(h, "rexec.exec", "{\"cmd\":" COMMAND ",\"flags\":16,\"local_flags\":0}", "in the background");
    answer(h, request, 0, "{\"rank\":0,\"pid\":78}");
    ok(flux_rpc_get_unpack(f, "{s:i}", "pid", &pid) == 0 && pid == 78, "started");
    flux_future_destroy(f);
    f = flux_rexec_wait(h, NULL, 0, 78, NULL);
    is_sent(h, "rexec.wait", "{\"pid\":78}", "waited for");
    flux_future_destroy(f);
    f = flux_rexec_wait(h, NULL, 0, -1, "me");
    is_sent(h, "rexec.wait", "{\"label\":\"me\",\"pid\":-1}", "waited for by label");
    flux_future_destroy(f);
    flux_cmd_destroy(cmd);
}

// What test_channels starts.
static int talk(void) {
    char text[16] = "";
    int fd = atoi(getenv("CHANNEL"));
    ssize_t length = read(fd, text, sizeof(text) - 1);
    if (length > 0) printf("got %.*s", (int) length, text);
    return write(fd, "reply\n", 6) == 6 ? 0 : 1;
}

static void catch_request(flux_t *h, flux_msg_handler_t *mh, const flux_msg_t *msg, void *arg) {
    (void) h, (void) mh, (void) arg;
    flux_msg_decref(caught);
    caught = flux_msg_incref(msg);
}

int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "channel") == 0) return talk();
    flux_reactor_t *r = flux_reactor_create(0);
    flux_t *h = flux_open("loop://", 0);
    if (!h || flux_set_reactor(h, r) < 0) bail("no loop");
    test_null(h, r);
    test_output(r);
    test_input(r);
    test_much(r);
    test_signals(r);
    test_stopped(r);
    test_channels(r);
    test_paused(r);
    test_hooks(r);
    test_destroyed(r);
    flux_msg_handler_t *mh = flux_msg_handler_create(h, FLUX_MATCH_REQUEST, catch_request, NULL);
    flux_msg_handler_start(mh);
    test_remote(h, r);
    fails(h, r, EPERM, "not you", EPERM, "refused");
    fails(h, r, ENOENT, NULL, ENOENT, "no program");
    fails(h, r, 0, "{\"type\":\"nonsense\"}", EPROTO, "nonsense");
    fails(h, r, 0, "[]", EPROTO, "no object");
    fails(h, r, ENODATA, NULL, EPROTO, "an end before the start");
    test_more_remote(h, r);
    flux_msg_destroy(request);
    flux_msg_decref(caught);
    flux_msg_handler_destroy(mh);
    flux_close(h);
    flux_reactor_destroy(r);
    return done_testing();
}
