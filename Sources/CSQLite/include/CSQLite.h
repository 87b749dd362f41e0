// SQLite as a table of the functions we use, filled from libsqlite3.so.0 by the first caller: only a broker that keeps its
// state needs the library.
#ifndef CSQLITE_H
#define CSQLITE_H

#include <sqlite3.h>

#define CSQLITE_FUNCTIONS(X) \
    X(open_v2) \
    X(close_v2) \
    X(exec) \
    X(prepare_v2) \
    X(bind_text) \
    X(bind_blob) \
    X(bind_int64) \
    X(step) \
    X(reset) \
    X(clear_bindings) \
    X(finalize) \
    X(column_text) \
    X(column_blob) \
    X(column_bytes) \
    X(column_int64) \
    X(errmsg) \
    X(extended_result_codes)

#define CSQLITE_FIELD(name) __typeof__(sqlite3_##name) *name;
struct csqlite {
    CSQLITE_FUNCTIONS(CSQLITE_FIELD)
};
#undef CSQLITE_FIELD

// NULL when the library is not installed; decided once, by whichever thread asks first.
const struct csqlite *csqlite(void);

// For binding what the statement is to copy: a macro that Swift does not import.
sqlite3_destructor_type csqlite_transient(void);

#endif
