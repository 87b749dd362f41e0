// Alarm and its family: lines printed on standard output when their mask and their priority are asked for. In C because
// they are variadic; one lock keeps the lines of several threads apart.
#include "SpreadC.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

enum { EXIT_MASK = 2, PRIORITY_ERROR = 4, PRIORITY_FATAL = 6, PRIORITY_PRINT = 7 };

int16_t Alarm_cur_priority = PRIORITY_ERROR;
int32_t Alarm_type_mask = 0x00000003;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool is_stamped, is_precise, is_interactive;
static char stamp[64] = "[%a %d %b %Y %H:%M:%S]";
static void (*realtime)(const char *line);

static void print_stamp(void) {
    struct timeval now;
    struct tm parts;
    char text[128];
    gettimeofday(&now, NULL);
    if (localtime_r(&now.tv_sec, &parts) == NULL || strftime(text, sizeof text, stamp, &parts) == 0) return;
    if (is_precise) printf("%s.%06ld ", text, (long) now.tv_usec);
    else printf("%s ", text);
}

static void print(int16_t priority, int32_t mask, const char *message, va_list arguments) {
    bool is_last = (mask & EXIT_MASK) != 0 || priority == PRIORITY_FATAL;
    bool is_asked = priority >= Alarm_cur_priority && (mask & Alarm_type_mask) != 0;
    if (message != NULL && (is_asked || is_last)) {
        pthread_mutex_lock(&lock);
        void (*handler)(const char *) = realtime;
        if (handler == NULL) {
            if (is_stamped) print_stamp();
            vprintf(message, arguments);
            fflush(stdout);
        }
        pthread_mutex_unlock(&lock);
        if (handler != NULL) {
            char line[2048];
            vsnprintf(line, sizeof line, message, arguments);
            handler(line);
        }
    }
    if (is_last) exit(EXIT_SUCCESS);
}

void Alarm(int32_t mask, const char *message, ...) {
    va_list arguments;
    va_start(arguments, message);
    print(PRIORITY_PRINT, mask, message, arguments);
    va_end(arguments);
}

void Alarmp(int16_t priority, int32_t mask, const char *message, ...) {
    va_list arguments;
    va_start(arguments, message);
    print(priority, mask, message, arguments);
    va_end(arguments);
}

void Alarm_set_types(int32_t mask) { Alarm_type_mask |= mask; }
void Alarm_clear_types(int32_t mask) { Alarm_type_mask &= ~mask; }
int32_t Alarm_get_types(void) { return Alarm_type_mask; }
void Alarm_set_priority(int16_t priority) { Alarm_cur_priority = priority; }
int16_t Alarm_get_priority(void) { return Alarm_cur_priority; }

void Alarm_set_output(const char *path) {
    if (path == NULL || freopen(path, "a", stdout) == NULL) return;
    setvbuf(stdout, NULL, _IOLBF, 0);
}

static void set_stamp(const char *format, bool precise) {
    pthread_mutex_lock(&lock);
    if (format != NULL) snprintf(stamp, sizeof stamp, "%s", format);
    is_precise = precise;
    is_stamped = true;
    pthread_mutex_unlock(&lock);
}

void Alarm_enable_timestamp(const char *format) { set_stamp(format, false); }
void Alarm_enable_timestamp_high_res(const char *format) { set_stamp(format, true); }
void Alarm_disable_timestamp(void) { is_stamped = false; }
void Alarm_set_interactive(void) { is_interactive = true; }
int Alarm_get_interactive(void) { return is_interactive; }
void Alarm_set_realtime_print_handler(void (*handler)(const char *line)) { realtime = handler; }
