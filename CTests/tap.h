// The smallest TAP there is: a test program includes this once, makes its checks, and returns done_testing().
// Checks may be made from any thread; a line is written whole and at once, so that a crash loses nothing.
#ifndef MUSTER_TAP_H
#define MUSTER_TAP_H

#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t tap_lock = PTHREAD_MUTEX_INITIALIZER;
static int tap_count;
static int tap_failed;

static void tap_diag_line(const char *prefix, const char *format, va_list arguments) {
    printf("# %s", prefix);
    vprintf(format, arguments);
    printf("\n");
    fflush(stdout);
}

// Prints a remark; it counts for nothing.
__attribute__((format(printf, 1, 2), unused)) static void diag(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    pthread_mutex_lock(&tap_lock);
    tap_diag_line("", format, arguments);
    pthread_mutex_unlock(&tap_lock);
    va_end(arguments);
}

__attribute__((format(printf, 4, 0), unused)) static bool tap_vcheck(
    bool passed, const char *file, int line, const char *format, va_list arguments) {
    pthread_mutex_lock(&tap_lock);
    tap_count++;
    printf("%sok %d - ", passed ? "" : "not ", tap_count);
    vprintf(format, arguments);
    printf("\n");
    if (!passed) {
        tap_failed++;
        printf("#   failed at %s:%d\n", file, line);
    }
    fflush(stdout);
    pthread_mutex_unlock(&tap_lock);
    return passed;
}

__attribute__((format(printf, 4, 5), unused)) static bool tap_check(
    bool passed, const char *file, int line, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    tap_vcheck(passed, file, line, format, arguments);
    va_end(arguments);
    return passed;
}

__attribute__((format(printf, 5, 6), unused)) static bool tap_check_int(
    long long got, long long expected, const char *file, int line, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    bool passed = tap_vcheck(got == expected, file, line, format, arguments);
    va_end(arguments);
    if (!passed) {
        diag("       got %lld", got);
        diag("  expected %lld", expected);
    }
    return passed;
}

__attribute__((format(printf, 5, 6), unused)) static bool tap_check_str(
    const char *got, const char *expected, const char *file, int line, const char *format, ...) {
    va_list arguments;
    bool same = got == expected || (got != NULL && expected != NULL && strcmp(got, expected) == 0);
    va_start(arguments, format);
    bool passed = tap_vcheck(same, file, line, format, arguments);
    va_end(arguments);
    if (!passed) {
        diag("       got %s%s%s", got ? "\"" : "", got ? got : "NULL", got ? "\"" : "");
        diag("  expected %s%s%s", expected ? "\"" : "", expected ? expected : "NULL", expected ? "\"" : "");
    }
    return passed;
}

// Each returns whether the check passed, so that what depends on it can be left out.
#define ok(condition, ...) tap_check((condition) ? true : false, __FILE__, __LINE__, __VA_ARGS__)
#define is_int(got, expected, ...) \
    tap_check_int((long long) (got), (long long) (expected), __FILE__, __LINE__, __VA_ARGS__)
#define is_str(got, expected, ...) tap_check_str((got), (expected), __FILE__, __LINE__, __VA_ARGS__)

// Counts `count` checks as skipped, never as passed: run.sh adds them up apart.
__attribute__((format(printf, 2, 3), unused)) static void skip(int count, const char *format, ...) {
    va_list arguments;
    pthread_mutex_lock(&tap_lock);
    for (int i = 0; i < count; i++) {
        tap_count++;
        printf("ok %d # SKIP ", tap_count);
        va_start(arguments, format);
        vprintf(format, arguments);
        va_end(arguments);
        printf("\n");
    }
    fflush(stdout);
    pthread_mutex_unlock(&tap_lock);
}

// For what no check can go on after: one failed check, the plan, and the end of the program.
#define bail(...) \
    do { \
        ok(false, __VA_ARGS__); \
        exit(done_testing()); \
    } while (0)

// The plan comes last; a program that dies earlier leaves none behind, and run.sh takes that as a failure.
__attribute__((unused)) static int done_testing(void) {
    printf("1..%d\n", tap_count);
    fflush(stdout);
    return tap_failed != 0 || tap_count == 0 ? 1 : 0;
}

#endif
