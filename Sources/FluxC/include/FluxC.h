// The entry points that Swift cannot have: those with variable arguments. Each forms a text or a json_t here and calls one
// entrance without them; what it needs beside the public interface is declared here and defined in FluxABI.
#ifndef MUSTER_FLUXC_H
#define MUSTER_FLUXC_H

#include <stddef.h>
#include <stdint.h>

struct flux_command;
struct flux_subprocess;
struct flux_reactor;
struct flux_future;
struct flux_handle;
struct flux_jobspec1;
struct flux_msg;
struct flux_plugin;
struct flux_plugin_arg;
struct flux_conf;

// The json_t of the object that the payload says, the message's; NULL with errno and the message's last error.
void *muster_msg_json(const struct flux_msg *msg);

// Makes a text of so many bytes, and NUL, the payload. 0, or -1 with errno.
int muster_msg_set_text(struct flux_msg *msg, const char *text, size_t length);

// What flux_msg_last_error is to say; NULL for nothing.
void muster_msg_set_last_error(const struct flux_msg *msg, const char *text);

// Takes over a json_t that was packed into arguments; NULL with the text of why there is none. 0, or -1 with errno.
int muster_plugin_arg_take(struct flux_plugin_arg *args, int flags, void *json, const char *failure);

// The json_t of arguments or results, theirs; NULL when there is none.
void *muster_plugin_arg_value(struct flux_plugin_arg *args, int flags);

// The json_t of a configuration, the plugin's; NULL with errno and the plugin's text when there is none.
void *muster_plugin_conf(struct flux_plugin *p);

// -1 with EINVAL, and a text for flux_plugin_arg_strerror and flux_plugin_strerror.
int muster_plugin_arg_fail(struct flux_plugin_arg *args, const char *failure);
int muster_plugin_fail(struct flux_plugin *p, const char *failure);

int muster_cmd_setenv(struct flux_command *cmd, int overwrite, const char *name, const char *value);

// Sends a request that nobody else has, after completing it. NULL with errno.
struct flux_future *muster_rpc_send(struct flux_handle *h, struct flux_msg *request, uint32_t nodeid, int flags);

// Logs a text, line by line. 0, or -1 with errno.
int muster_log(struct flux_handle *h, int level, const char *text);

// What the level is called.
const char *muster_log_level(int level);

// The json_t of a configuration, still its own; NULL for NULL.
void *muster_conf_json(const struct flux_conf *conf);

// A configuration that takes over a reference to a json_t.
struct flux_conf *muster_conf_adopt(void *json);

// Writes a line into a flux_error_t; NULL for it is allowed.
void muster_error_fill(void *error, const char *text);

// The json_t of an attribute, the description's; NULL with errno when there is none. And a json_t taken over as one.
void *muster_jobspec_attr(struct flux_jobspec1 *jobspec, const char *path);
int muster_jobspec_set_attr(struct flux_jobspec1 *jobspec, const char *path, void *json);

// The json_t that flux_job_result has gathered, the future's; waits for it. NULL with errno.
void *muster_job_result(struct flux_future *f);

// flux_local_exec_ex and flux_rexec_ex without their logs.
struct flux_subprocess *muster_local_exec(struct flux_reactor *r, int flags, const struct flux_command *cmd,
    const void *ops, const void *hooks);
struct flux_subprocess *muster_rexec(struct flux_handle *h, const char *service_name, int rank, int flags,
    const struct flux_command *cmd, const void *ops);

// The json_t that a looked up value says, the future's; NULL with errno.
void *muster_kvs_lookup_json(struct flux_future *f);

// What stands before the names of a handle's numbers.
void muster_stats_set_prefix(struct flux_handle *h, const char *prefix);

#endif
