// Processes that a program starts: on this machine, or by a service of the Flux instance. A subprocess belongs to the
// thread of its reactor, which has to run for anything to happen. One that is NULL gives EINVAL, and destroying
// allows it.
#ifndef FLUX_CORE_SUBPROCESS_H
#define FLUX_CORE_SUBPROCESS_H

#include <stdarg.h>
#include <stdbool.h>
#include <sys/types.h>

#include "command.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct flux_subprocess flux_subprocess_t;

// It starts with INIT, runs, and exits; or fails at any time. STOPPED is only reported.
typedef enum {
    FLUX_SUBPROCESS_INIT,
    FLUX_SUBPROCESS_RUNNING,
    FLUX_SUBPROCESS_EXITED,
    FLUX_SUBPROCESS_FAILED,
    FLUX_SUBPROCESS_STOPPED,
} flux_subprocess_state_t;

enum {
    FLUX_SUBPROCESS_FLAGS_STDIO_FALLTHROUGH = 1,  // has the standard streams of its starter
    FLUX_SUBPROCESS_FLAGS_NO_SETPGRP = 2,         // stays in its starter's process group
    FLUX_SUBPROCESS_FLAGS_FORK_EXEC = 4,          // how it is started here anyway
    FLUX_SUBPROCESS_FLAGS_LOCAL_UNBUF = 8,        // remote: output is told as it comes, and kept for that call alone
    FLUX_SUBPROCESS_FLAGS_WAITABLE = 16,          // in the background: flux_rexec_wait will be called
    FLUX_SUBPROCESS_FLAGS_SIGN = 32,              // remote: needs flux-security, which this library does not: ENOTSUP
};

typedef void (*flux_subprocess_f)(flux_subprocess_t *p);
typedef void (*flux_subprocess_output_f)(flux_subprocess_t *p, const char *stream);
typedef void (*flux_subprocess_state_f)(flux_subprocess_t *p, flux_subprocess_state_t state);
typedef void (*flux_subprocess_credit_f)(flux_subprocess_t *p, const char *stream, int bytes);
typedef void (*flux_subprocess_hook_f)(flux_subprocess_t *p, void *arg);

// What the reactor calls; any may be NULL, and may destroy the subprocess. Output is told while there is some (a line
// of it, where lines are wanted) and once more at its end. Credit is what may be written, the whole buffer first.
// Completion comes when it has exited and all output was told, not when it failed.
typedef struct {
    flux_subprocess_f on_completion;
    flux_subprocess_state_f on_state_change;
    flux_subprocess_output_f on_channel_out;
    flux_subprocess_output_f on_stdout;
    flux_subprocess_output_f on_stderr;
    flux_subprocess_credit_f on_credit;
} flux_subprocess_ops_t;

// Called in the new process before its program starts, and in the old one after that; neither may do anything with it.
typedef struct {
    flux_subprocess_hook_f pre_exec;
    void *pre_exec_arg;
    flux_subprocess_hook_f post_fork;
    void *post_fork_arg;
} flux_subprocess_hooks_t;

// Takes a line of a log.
typedef void (*subprocess_log_f)(void *arg, const char *file, int line, const char *func, const char *subsys, int level,
    const char *fmt, va_list args);

// Starts a process here: NULL with the reason when its program cannot be started (ENOENT and its like), with EINVAL
// for unknown flags or a command without arguments. The caller owns the result. Nothing goes to the log.
flux_subprocess_t *flux_local_exec(
    flux_reactor_t *r, int flags, const flux_cmd_t *cmd, const flux_subprocess_ops_t *ops);
flux_subprocess_t *flux_local_exec_ex(flux_reactor_t *r, int flags, const flux_cmd_t *cmd,
    const flux_subprocess_ops_t *ops, const flux_subprocess_hooks_t *hooks, subprocess_log_f log_fn, void *log_data);

// Has a service ("rexec", unless named) of a rank (or FLUX_NODEID_ANY, FLUX_NODEID_UPSTREAM) start one, or takes part
// in one that it runs, known by its id or its label. What goes wrong there is told by the state FAILED.
flux_subprocess_t *flux_rexec(
    flux_t *h, int rank, int flags, const flux_cmd_t *cmd, const flux_subprocess_ops_t *ops);
flux_subprocess_t *flux_rexec_ex(flux_t *h, const char *service_name, int rank, int flags, const flux_cmd_t *cmd,
    const flux_subprocess_ops_t *ops, subprocess_log_f log_fn, void *log_data);
flux_subprocess_t *flux_rexec_attach(flux_t *h, const char *service_name, int rank, int flags, pid_t pid,
    const char *label, const flux_subprocess_ops_t *ops);

// The same in the background: {"rank":i, "pid":i} for flux_rpc_get_unpack. And its end, by id or by label (the other
// is -1 or NULL): {"status":i}, perhaps with "output". The service is "rexec" for NULL. The caller owns the futures.
flux_future_t *flux_rexec_bg(flux_t *h, const char *service_name, int rank, int flags, const flux_cmd_t *cmd);
flux_future_t *flux_rexec_wait(flux_t *h, const char *service_name, int rank, pid_t pid, const char *label);

// Output of a local process waits, and comes again.
void flux_subprocess_stream_start(flux_subprocess_t *p, const char *stream);
void flux_subprocess_stream_stop(flux_subprocess_t *p, const char *stream);

// Writes all of it or nothing: `len`, or -1 with ENOSPC when the buffer has no room, EPIPE when the stream or the
// process is over, EINVAL for no such stream or nothing to write. Closing takes effect behind what was written.
int flux_subprocess_write(flux_subprocess_t *p, const char *stream, const char *buf, size_t len);
int flux_subprocess_close(flux_subprocess_t *p, const char *stream);

// What has come: all, a line, a line without its end; or a line, and at the end of the stream the rest. The length, 0
// when there is none, and where it is: the subprocess's until the next read, with a NUL behind. A line that does not
// fit into the buffer comes without its end. EINVAL for no such stream; EPERM for lines where they are not kept.
int flux_subprocess_read(flux_subprocess_t *p, const char *stream, const char **bufp);
int flux_subprocess_read_line(flux_subprocess_t *p, const char *stream, const char **bufp);
int flux_subprocess_read_trimmed_line(flux_subprocess_t *p, const char *stream, const char **bufp);
int flux_subprocess_getline(flux_subprocess_t *p, const char *stream, const char **bufp);
bool flux_subprocess_read_stream_closed(flux_subprocess_t *p, const char *stream);

// Signals the process, or its group if it has one of its own. ESRCH when it is over. The caller owns the future.
flux_future_t *flux_subprocess_kill(flux_subprocess_t *p, int signum);

// Takes one user away; a process that still runs goes on without its streams.
void flux_subprocess_destroy(flux_subprocess_t *p);

// What state it is in, which may be further than was reported; as a text, NULL for none; and whether more is to come.
flux_subprocess_state_t flux_subprocess_state(flux_subprocess_t *p);
const char *flux_subprocess_state_string(flux_subprocess_state_t state);
bool flux_subprocess_active(flux_subprocess_t *p);

// The rank of a remote one; EINVAL for others.
int flux_subprocess_rank(flux_subprocess_t *p);

// Why it failed, as errno and as a text. EINVAL when it has not.
int flux_subprocess_fail_errno(flux_subprocess_t *p);
const char *flux_subprocess_fail_error(flux_subprocess_t *p);

// How it ended: as wait(2) has it, its exit code, its signal. EINVAL when it has not, or not so.
int flux_subprocess_status(flux_subprocess_t *p);
int flux_subprocess_exit_code(flux_subprocess_t *p);
int flux_subprocess_signaled(flux_subprocess_t *p);

// Its id, EINVAL while it is not known; its command and reactor, which are its own.
pid_t flux_subprocess_pid(flux_subprocess_t *p);
flux_cmd_t *flux_subprocess_get_cmd(flux_subprocess_t *p);
flux_reactor_t *flux_subprocess_get_reactor(flux_subprocess_t *p);

// Hangs a value on it, as flux_future_aux_set does.
int flux_subprocess_aux_set(flux_subprocess_t *p, const char *name, void *ctx, flux_free_f free);
void *flux_subprocess_aux_get(flux_subprocess_t *p, const char *name);

// While somebody holds an output stream of a local process its end is not told.
void flux_subprocess_channel_incref(flux_subprocess_t *p, const char *name);
void flux_subprocess_channel_decref(flux_subprocess_t *p, const char *name);

// Keeps a log function with the handle, for those who look under "flux::subprocess_llog_fn" and
// "flux::subprocess_llog_data".
int flux_set_default_subprocess_log(flux_t *h, subprocess_log_f log_fn, void *log_data);

#ifdef __cplusplus
}
#endif

#endif
