// Plugins: handlers under topics, from a shared object or not, and the arguments they are called with. NULL for a
// plugin or arguments gives EINVAL, and what destroys allows it.
#ifndef FLUX_CORE_PLUGIN_H
#define FLUX_CORE_PLUGIN_H

#include <stdarg.h>

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

// How flux_plugin_load_dso opens; lazily, unless told otherwise. DEEPBIND is ignored while FLUX_LOAD_WITH_DEEPBIND=0.
enum {
    FLUX_PLUGIN_RTLD_LAZY = 1,
    FLUX_PLUGIN_RTLD_NOW = 2,
    FLUX_PLUGIN_RTLD_GLOBAL = 4,
    FLUX_PLUGIN_RTLD_DEEPBIND = 8,
};

typedef struct flux_plugin flux_plugin_t;
typedef struct flux_plugin_arg flux_plugin_arg_t;

// A handler; less than 0 is a failure.
typedef int (*flux_plugin_f)(flux_plugin_t *p, const char *topic, flux_plugin_arg_t *args, void *data);

// What a shared object exports as flux_plugin_init.
typedef int (*flux_plugin_init_f)(flux_plugin_t *p);

struct flux_plugin_handler {
    const char *topic;
    flux_plugin_f cb;
    void *data;
};

// A new plugin, which the caller owns. Destroying frees what hangs on it, then unloads its code.
flux_plugin_t *flux_plugin_create(void);
void flux_plugin_destroy(flux_plugin_t *p);

// EINVAL for unknown ones.
int flux_plugin_get_flags(flux_plugin_t *p);
int flux_plugin_set_flags(flux_plugin_t *p, int flags);

// Why the last call failed: the plugin's, until its next call.
const char *flux_plugin_strerror(flux_plugin_t *p);

// Its name (by itself the path it was loaded from), an identifier of its own, and the path; NULL without.
int flux_plugin_set_name(flux_plugin_t *p, const char *name);
const char *flux_plugin_get_name(flux_plugin_t *p);
const char *flux_plugin_get_uuid(flux_plugin_t *p);
const char *flux_plugin_get_path(flux_plugin_t *p);

// Adds a handler after those that are there; the topic may be a pattern. Without `cb`, or with the other call, the
// first of exactly this topic goes.
int flux_plugin_add_handler(flux_plugin_t *p, const char *topic, flux_plugin_f cb, void *arg);
int flux_plugin_remove_handler(flux_plugin_t *p, const char *topic);

// The first handler of exactly this topic, and the first whose pattern matches; NULL when there is none.
flux_plugin_f flux_plugin_get_handler(flux_plugin_t *p, const char *topic);
flux_plugin_f flux_plugin_match_handler(flux_plugin_t *p, const char *topic);

// Sets the name, if there is one, and adds handlers up to one without a topic.
int flux_plugin_register(flux_plugin_t *p, const char *name, const struct flux_plugin_handler t[]);

// Hangs a value on it, as flux_future_aux_set does. Deleting frees the first with this value.
int flux_plugin_aux_set(flux_plugin_t *p, const char *key, void *val, flux_free_f free_fn);
void *flux_plugin_aux_get(flux_plugin_t *p, const char *key);
void flux_plugin_aux_delete_value(flux_plugin_t *p, const void *val);
FLUX_DEPRECATED(void flux_plugin_aux_delete(flux_plugin_t *p, const void *val));

// Its configuration: an object or array of JSON. EINVAL for other texts, ENOENT when there is none. The text is the
// plugin's. Unpacking takes jansson's formats; EINVAL when it does not fit.
int flux_plugin_set_conf(flux_plugin_t *p, const char *json_str);
const char *flux_plugin_get_conf(flux_plugin_t *p);
int flux_plugin_conf_unpack(flux_plugin_t *p, const char *fmt, ...);

// Arguments and results of a call, which the caller owns, and why a call on them failed.
flux_plugin_arg_t *flux_plugin_arg_create(void);
void flux_plugin_arg_destroy(flux_plugin_arg_t *args);
const char *flux_plugin_arg_strerror(flux_plugin_arg_t *args);

enum {
    FLUX_PLUGIN_ARG_IN = 0,
    FLUX_PLUGIN_ARG_OUT = 1,
    FLUX_PLUGIN_ARG_REPLACE = 2,
};

// Adds members to the arguments or the results, or with REPLACE takes their place; NULL replaces by nothing. Getting:
// a text that the caller frees, ENOENT when there are none. Packing and unpacking take jansson's formats; unpacked
// texts are the arguments'. EINVAL for what is no JSON or does not fit.
int flux_plugin_arg_set(flux_plugin_arg_t *args, int flags, const char *json_str);
int flux_plugin_arg_get(flux_plugin_arg_t *args, int flags, char **json_str);
int flux_plugin_arg_pack(flux_plugin_arg_t *args, int flags, const char *fmt, ...);
int flux_plugin_arg_vpack(flux_plugin_arg_t *args, int flags, const char *fmt, va_list ap);
int flux_plugin_arg_unpack(flux_plugin_arg_t *args, int flags, const char *fmt, ...);
int flux_plugin_arg_vunpack(flux_plugin_arg_t *args, int flags, const char *fmt, va_list ap);

// Calls the first handler that matches: 1, -1 when it failed, 0 when there is none.
int flux_plugin_call(flux_plugin_t *p, const char *name, flux_plugin_arg_t *args);

// Loads a shared object and calls its flux_plugin_init, if it has one. -1 with the errno of either, and a text.
int flux_plugin_load_dso(flux_plugin_t *p, const char *path);

#ifdef __cplusplus
}
#endif

#endif
