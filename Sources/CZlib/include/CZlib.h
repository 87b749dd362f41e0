// zlib as a table of the functions we use, filled from libz.so.1 by the first caller: only a peer that compresses costs us
// the library.
#ifndef CZLIB_H
#define CZLIB_H

#include <zlib.h>

#define CZLIB_FUNCTIONS(X) \
    X(compressBound) \
    X(compress2) \
    X(uncompress)

#define CZLIB_FIELD(name) __typeof__(name) *name;
struct czlib {
    CZLIB_FUNCTIONS(CZLIB_FIELD)
};
#undef CZLIB_FIELD

// NULL when the library is not installed; decided once, by whichever thread asks first.
const struct czlib *czlib(void);

#endif
