// Types that every other header names.
#ifndef FLUX_CORE_TYPES_H
#define FLUX_CORE_TYPES_H

#ifdef __cplusplus
extern "C" {
#endif

// Frees what was handed over together with it.
typedef void (*flux_free_f)(void *arg);

// One line of text about a failure, ended by NUL, cut when it is longer.
typedef struct {
    char text[160];
} flux_error_t;

typedef struct flux_msg flux_msg_t;
typedef struct flux_handle flux_t;
typedef struct flux_watcher flux_watcher_t;
typedef struct flux_reactor flux_reactor_t;
typedef struct flux_future flux_future_t;

// Around what programs should stop calling; defined empty beforehand, it takes the compiler's warning away.
#ifndef FLUX_DEPRECATED
#define FLUX_DEPRECATED(...) __VA_ARGS__ __attribute__((deprecated))
#endif

#ifdef __cplusplus
}
#endif

#endif
