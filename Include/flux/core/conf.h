// Configuration objects: what the files of an instance say, as one JSON object. An object counts its users; whoever
// makes one owns a use. One thread at a time per object. `error`, unless NULL, gets a line about a failure that names
// the file and its line.
#ifndef FLUX_CORE_CONF_H
#define FLUX_CORE_CONF_H

#include <stdarg.h>

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct flux_conf flux_conf_t;

// An empty object, or one of its own that says the same. The caller owns it. EINVAL for NULL.
flux_conf_t *flux_conf_create(void);
flux_conf_t *flux_conf_copy(const flux_conf_t *conf);

// One more use, and one less; NULL is allowed. decref keeps errno.
const flux_conf_t *flux_conf_incref(const flux_conf_t *conf);
void flux_conf_decref(const flux_conf_t *conf);

// What a file says: JSON when its name ends with .json, else TOML; or all files *.toml of a folder, in the order of
// their names, where the later one counts. The caller owns it. EINVAL for NULL and for what cannot be understood, else
// as open(2).
flux_conf_t *flux_conf_parse(const char *path, flux_error_t *error);

// Adds to an object: a JSON object when `value` begins with a brace, TOML when it has several lines, NAME.NAME=VALUE
// where VALUE is JSON or else a text, or the path of a file. Errors as above.
int flux_conf_update(flux_conf_t *conf, const char *value, flux_error_t *error);

// Takes the object apart as jansson's json_vunpack_ex would; texts belong to the object. EINVAL.
int flux_conf_vunpack(const flux_conf_t *conf, flux_error_t *error, const char *fmt, va_list ap);
int flux_conf_unpack(const flux_conf_t *conf, flux_error_t *error, const char *fmt, ...);

// An object put together as jansson's json_vpack_ex would; the caller owns it. EINVAL.
flux_conf_t *flux_conf_vpack(const char *fmt, va_list ap);
flux_conf_t *flux_conf_pack(const char *fmt, ...);

#ifdef __cplusplus
}
#endif

#endif
