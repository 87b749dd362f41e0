// Variadics of plugins and commands.
#include "FluxC.h"

#include <flux/core.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int flux_plugin_arg_vpack(flux_plugin_arg_t *args, int flags, const char *fmt, va_list ap) {
    json_error_t failure = {.text = ""};
    json_t *value = NULL;
    if (args && fmt) value = json_vpack_ex(&failure, 0, fmt, ap);
    return muster_plugin_arg_take(args, flags, value, failure.text);
}

int flux_plugin_arg_pack(flux_plugin_arg_t *args, int flags, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    int result = flux_plugin_arg_vpack(args, flags, fmt, ap);
    va_end(ap);
    return result;
}

int flux_plugin_arg_vunpack(flux_plugin_arg_t *args, int flags, const char *fmt, va_list ap) {
    json_error_t failure = {.text = ""};
    json_t *value = fmt ? muster_plugin_arg_value(args, flags) : NULL;
    if (args && fmt && json_vunpack_ex(value, &failure, 0, fmt, ap) == 0) return 0;
    return muster_plugin_arg_fail(args, failure.text);
}

int flux_plugin_arg_unpack(flux_plugin_arg_t *args, int flags, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    int result = flux_plugin_arg_vunpack(args, flags, fmt, ap);
    va_end(ap);
    return result;
}

int flux_plugin_conf_unpack(flux_plugin_t *p, const char *fmt, ...) {
    json_error_t failure = {.text = ""};
    if (!p || !fmt) return muster_plugin_fail(p, NULL);
    json_t *value = muster_plugin_conf(p);
    if (!value) return -1;
    va_list ap;
    va_start(ap, fmt);
    int result = json_vunpack_ex(value, &failure, 0, fmt, ap);
    va_end(ap);
    return result < 0 ? muster_plugin_fail(p, failure.text) : 0;
}

int flux_cmd_argv_appendf(flux_cmd_t *cmd, const char *fmt, ...) {
    char *text = NULL;
    va_list ap;
    if (!cmd || !fmt) return flux_cmd_argv_append(NULL, NULL);
    va_start(ap, fmt);
    int result = vasprintf(&text, fmt, ap);
    va_end(ap);
    if (result < 0) return -1;
    result = flux_cmd_argv_append(cmd, text);
    free(text);
    return result;
}

int flux_cmd_setenvf(flux_cmd_t *cmd, int overwrite, const char *name, const char *fmt, ...) {
    char *text = NULL;
    va_list ap;
    if (!cmd || !name || !fmt) return muster_cmd_setenv(NULL, overwrite, NULL, NULL);
    va_start(ap, fmt);
    int result = vasprintf(&text, fmt, ap);
    va_end(ap);
    if (result < 0) return -1;
    result = muster_cmd_setenv(cmd, overwrite, name, text);
    free(text);
    return result;
}
