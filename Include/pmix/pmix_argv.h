// Strings, argv arrays and environments, compiled into the consumer: they need nothing but libc.
// An argv is a malloc'd array of malloc'd strings, closed by NULL; a NULL argv is an empty one.
// A trailing underscore marks what only these headers call.
#ifndef PMIX_ARGV_H
#define PMIX_ARGV_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pmix_codes.h"
#include "pmix_status.h"

#ifdef __cplusplus
extern "C" {
#endif

extern char **environ;
#if defined(__STRICT_ANSI__) && !defined(__cplusplus)
/* Strict ISO C hides these two in <stdlib.h>. */
extern int setenv(const char *name, const char *value, int overwrite);
extern int unsetenv(const char *name);
#endif

/* The three through which these headers allocate and free, so that a memory checker has one place to hook. */
static inline void *pmix_malloc(size_t n) {
    return malloc(n);
}

static inline void pmix_free(void *m) {
    free(m);
}

static inline void *pmix_calloc(size_t n, size_t m) {
    return calloc(n, m);
}

static inline size_t pmix_bounded_length_(const char *src, size_t most) {
    size_t length = 0;
    while (NULL != src && length < most && '\0' != src[length]) {
        length++;
    }
    return length;
}

static inline char *pmix_copy_bytes_(const char *src, size_t length) {
    char *copy = (char *) pmix_malloc(length + 1);
    if (NULL != copy) {
        memcpy(copy, src, length);
        copy[length] = '\0';
    }
    return copy;
}

static inline char *pmix_copy_string_(const char *src) {
    return pmix_copy_bytes_(src, strlen(src));
}

/* Copies at most len characters and always ends dest with NUL: dest holds len + 1. */
static inline void pmix_strncpy(char *dest, const char *src, size_t len) {
    size_t length = pmix_bounded_length_(src, len);
    if (0 < length) {
        memmove(dest, src, length);
    }
    dest[length] = '\0';
}

/* The length of a key or a namespace that may lack its NUL; 0 for NULL. */
static inline size_t pmix_keylen(const char *src) {
    return pmix_bounded_length_(src, PMIX_MAX_KEYLEN + 1);
}

static inline size_t pmix_nslen(const char *src) {
    return pmix_bounded_length_(src, PMIX_MAX_NSLEN + 1);
}

static inline int pmix_argv_count(char **argv) {
    int count = 0;
    while (NULL != argv && NULL != argv[count]) {
        count++;
    }
    return count;
}

/* Opens a gap for one string at `where` and takes ownership of it, also when it fails. */
static inline pmix_status_t pmix_argv_adopt_(char ***argv, int where, char *string) {
    int count = pmix_argv_count(*argv);
    char **grown = NULL;
    if (NULL != string) {
        grown = (char **) realloc(*argv, ((size_t) count + 2) * sizeof(char *));
    }
    if (NULL == grown) {
        pmix_free(string);
        return PMIX_ERR_OUT_OF_RESOURCE;
    }
    memmove(grown + where + 1, grown + where, (size_t) (count - where) * sizeof(char *));
    grown[where] = string;
    grown[count + 1] = NULL;
    *argv = grown;
    return PMIX_SUCCESS;
}

/* These three copy arg; *argv may be NULL and may move. PMIX_ERR_OUT_OF_RESOURCE leaves *argv as it was. */
static inline pmix_status_t pmix_argv_append_nosize(char ***argv, const char *arg) {
    return pmix_argv_adopt_(argv, pmix_argv_count(*argv), pmix_copy_string_(arg));
}

static inline pmix_status_t pmix_argv_prepend_nosize(char ***argv, const char *arg) {
    return pmix_argv_adopt_(argv, 0, pmix_copy_string_(arg));
}

static inline pmix_status_t pmix_argv_append_unique_nosize(char ***argv, const char *arg) {
    int i;
    for (i = 0; NULL != *argv && NULL != (*argv)[i]; i++) {
        if (0 == strcmp((*argv)[i], arg)) {
            return PMIX_SUCCESS;
        }
    }
    return pmix_argv_append_nosize(argv, arg);
}

static inline void pmix_argv_free(char **argv) {
    int i;
    for (i = 0; NULL != argv && NULL != argv[i]; i++) {
        pmix_free(argv[i]);
    }
    pmix_free(argv);
}

/* The pieces of src_string between delimiters; NULL where there are none. An empty piece at the end never counts. */
static inline char **pmix_argv_split_inter(const char *src_string, int delimiter, bool include_empty) {
    char **argv = NULL;
    while (NULL != src_string && '\0' != *src_string) {
        size_t length = 0;
        while ('\0' != src_string[length] && delimiter != src_string[length]) {
            length++;
        }
        if ((0 < length || include_empty)
            && PMIX_SUCCESS
                   != pmix_argv_adopt_(&argv, pmix_argv_count(argv), pmix_copy_bytes_(src_string, length))) {
            pmix_argv_free(argv);
            return NULL;
        }
        src_string += length;
        if ('\0' != *src_string) {
            src_string++;
        }
    }
    return argv;
}

static inline char **pmix_argv_split(const char *src_string, int delimiter) {
    return pmix_argv_split_inter(src_string, delimiter, false);
}

static inline char **pmix_argv_split_with_empty(const char *src_string, int delimiter) {
    return pmix_argv_split_inter(src_string, delimiter, true);
}

/* One malloc'd string with the delimiter between the elements; "" for no elements. */
static inline char *pmix_argv_join(char **argv, int delimiter) {
    int count = pmix_argv_count(argv), i;
    size_t total = 1, at = 0;
    char *joined;
    for (i = 0; i < count; i++) {
        total += strlen(argv[i]) + 1;
    }
    joined = (char *) pmix_malloc(total);
    if (NULL == joined) {
        return NULL;
    }
    for (i = 0; i < count; i++) {
        size_t length = strlen(argv[i]);
        if (0 < i) {
            joined[at++] = (char) delimiter;
        }
        memcpy(joined + at, argv[i], length);
        at += length;
    }
    joined[at] = '\0';
    return joined;
}

/* A deep copy: NULL of NULL, an empty array of an empty one. */
static inline char **pmix_argv_copy(char **argv) {
    int count = pmix_argv_count(argv), i;
    char **copy = NULL == argv ? NULL : (char **) pmix_calloc((size_t) count + 1, sizeof(char *));
    for (i = 0; NULL != copy && i < count; i++) {
        copy[i] = pmix_copy_string_(argv[i]);
        if (NULL == copy[i]) {
            pmix_argv_free(copy);
            copy = NULL;
        }
    }
    return copy;
}

/* The longest value pmix_setenv() takes, plus one: a guard against values that lack their NUL. */
#define PMIX_SETENV_LIMIT_ 100000

/* "name=value" in a malloc'd block, and in *prefix how much of it is "name=". */
static inline char *pmix_env_entry_(const char *name, const char *value, size_t *prefix) {
    size_t name_length = strlen(name), value_length = NULL == value ? 0 : strlen(value);
    char *entry = (char *) pmix_malloc(name_length + value_length + 2);
    if (NULL != entry) {
        memcpy(entry, name, name_length);
        entry[name_length] = '=';
        if (0 < value_length) {
            memcpy(entry + name_length + 1, value, value_length);
        }
        entry[name_length + 1 + value_length] = '\0';
        *prefix = name_length + 1;
    }
    return entry;
}

/* Sets name in the environment *env, an argv of "name=value". A NULL value stores "name=". PMIX_ERR_EXISTS where the
 * name is there and overwrite is false. N.B. when *env is the process's own environ, setenv() and unsetenv() do the
 * work: a NULL value then removes the name, and an existing name is no error. */
static inline pmix_status_t pmix_setenv(const char *name, const char *value, bool overwrite, char ***env) {
    size_t prefix = 0;
    char *entry;
    int i;
    if (NULL == env || PMIX_SETENV_LIMIT_ == pmix_bounded_length_(value, PMIX_SETENV_LIMIT_)) {
        return PMIX_ERR_BAD_PARAM;
    }
    if (environ == *env) {
        if (NULL == value) {
            (void) unsetenv(name);
        } else {
            (void) setenv(name, value, overwrite);
        }
        return PMIX_SUCCESS;
    }
    entry = pmix_env_entry_(name, value, &prefix);
    for (i = 0; NULL != entry && NULL != *env && NULL != (*env)[i]; i++) {
        if (0 != strncmp((*env)[i], entry, prefix)) {
            continue;
        }
        pmix_free(overwrite ? (*env)[i] : entry);
        if (overwrite) {
            (*env)[i] = entry;
        }
        return overwrite ? PMIX_SUCCESS : PMIX_ERR_EXISTS;
    }
    return pmix_argv_adopt_(env, pmix_argv_count(*env), entry);
}

/* The macro spellings: r, and for COPY, SPLIT and JOIN the first argument, is assigned the result.
 * N.B. UNIQUE and SETENV take the address of the array, APPEND and PREPEND the array itself. */
#define PMIX_ARGV_COUNT(r, a) ((r) = pmix_argv_count(a))
#define PMIX_ARGV_APPEND(r, a, b) ((r) = pmix_argv_append_nosize(&(a), (b)))
#define PMIX_ARGV_PREPEND(r, a, b) ((r) = pmix_argv_prepend_nosize(&(a), (b)))
#define PMIX_ARGV_APPEND_UNIQUE(r, a, b) ((r) = pmix_argv_append_unique_nosize((a), (b)))
#define PMIX_ARGV_FREE(a) pmix_argv_free(a)
#define PMIX_ARGV_SPLIT(a, b, c) ((a) = pmix_argv_split((b), (c)))
#define PMIX_ARGV_JOIN(a, b, c) ((a) = pmix_argv_join((b), (c)))
#define PMIX_ARGV_COPY(a, b) ((a) = pmix_argv_copy(b))
#define PMIX_SETENV(r, a, b, c) ((r) = pmix_setenv((a), (b), true, (c)))

#ifdef __cplusplus
}
#endif

#endif
