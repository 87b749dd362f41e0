// jansson as its public header declares it. The library is named in Package.swift on the target JSON: link lines of a
// module map are ignored in the embedded link.
#include <jansson.h>

// Inline in jansson in a way that Swift does not import.
static inline void muster_json_decref(json_t *value) { json_decref(value); }
static inline json_t *muster_json_incref(json_t *value) { return json_incref(value); }
static inline size_t muster_json_any(void) { return JSON_DECODE_ANY | JSON_ALLOW_NUL; }
static inline size_t muster_json_compact(int sorted) {
    return JSON_COMPACT | JSON_ENCODE_ANY | (sorted ? JSON_SORT_KEYS : 0);
}
