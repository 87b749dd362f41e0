// What a subprocess runs. A command belongs to one thread at a time; NULL gives EINVAL, and what destroys allows it.
#ifndef FLUX_CORE_COMMAND_H
#define FLUX_CORE_COMMAND_H

#include <sys/types.h>

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct flux_command flux_cmd_t;

// A command with these arguments and this environment, both ended by NULL and copied; either may be NULL. EINVAL when
// argv has more than argc. The caller owns it, and a copy too.
flux_cmd_t *flux_cmd_create(int argc, char *argv[], char **env);
flux_cmd_t *flux_cmd_copy(const flux_cmd_t *cmd);
void flux_cmd_destroy(flux_cmd_t *cmd);

// Arguments, counted from 0. What is returned is the command's until it changes. EINVAL for one that is not there;
// inserting at 0 is always possible. The line is all of them with spaces between; the caller frees it.
int flux_cmd_argc(const flux_cmd_t *cmd);
const char *flux_cmd_arg(const flux_cmd_t *cmd, int n);
int flux_cmd_argv_append(flux_cmd_t *cmd, const char *arg);
int flux_cmd_argv_appendf(flux_cmd_t *cmd, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int flux_cmd_argv_insert(flux_cmd_t *cmd, int n, const char *arg);
int flux_cmd_argv_delete(flux_cmd_t *cmd, int n);
char *flux_cmd_stringify(const flux_cmd_t *cmd);

// The environment: one variable is set (one that is there only with `overwrite`), taken away (all that match, if the
// name is a pattern), or read: NULL when it is not set. Replacing discards what was there.
int flux_cmd_setenvf(flux_cmd_t *cmd, int overwrite, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void flux_cmd_unsetenv(flux_cmd_t *cmd, const char *name);
const char *flux_cmd_getenv(const flux_cmd_t *cmd, const char *name);
int flux_cmd_env_replace(flux_cmd_t *cmd, char **env);

// The folder to run in; NULL when none was said.
int flux_cmd_setcwd(flux_cmd_t *cmd, const char *cwd);
const char *flux_cmd_getcwd(const flux_cmd_t *cmd);

// A further pair of sockets; the process finds the number of its end in the variable `name`. EEXIST.
int flux_cmd_add_channel(flux_cmd_t *cmd, const char *name);

// A connection for messages: the process finds a fd:// address in the variable `name`, its starter opens `uri`, which
// is an interthread:// address. EEXIST.
int flux_cmd_add_message_channel(flux_cmd_t *cmd, const char *name, const char *uri);

// Options for whoever runs it: NAME_BUFSIZE (bytes, with a suffix of kKMG) and NAME_LINE_BUFFER ("false", "true")
// where NAME is stdin, stdout, stderr or a channel. NULL with no such option.
int flux_cmd_setopt(flux_cmd_t *cmd, const char *var, const char *val);
const char *flux_cmd_getopt(flux_cmd_t *cmd, const char *var);

// A name under which it can be spoken of; NULL takes it away, an empty one is EINVAL.
int flux_cmd_set_label(flux_cmd_t *cmd, const char *label);
const char *flux_cmd_get_label(flux_cmd_t *cmd);

#ifdef __cplusplus
}
#endif

#endif
