// The event loop of sp_events.h: timers, priorities, more than 1024 descriptors; and Alarm.
#include <sp.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tap.h"

void Alarm(int mask, const char *message, ...);
void Alarmp(short priority, int mask, const char *message, ...);
void Alarm_set_realtime_print_handler(void (*handler)(const char *line));

static char order[64];
static int ends[2], high[2], far[2];

static void note(int code, void *data) {
    size_t length = strlen(order);
    if (length + 1 < sizeof order) order[length] = (char) code;
    if (data != NULL) E_exit_events();
}

static void readable(int fd, int code, void *data) {
    char byte;
    if (read(fd, &byte, 1) == 1) note(code, data);
}

static char line[100];
static void keep(const char *text) { snprintf(line, sizeof line, "%s", text); }

int main(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max < 4096 ? limit.rlim_max : 4096;
    setrlimit(RLIMIT_NOFILE, &limit);
    ok(E_init() == 0, "a loop with nothing in it");
    sp_time now = {0, 0}, soon = {0, 20000}, sooner = {0, 10000}, later = {0, 40000};
    ok(E_queue(note, 'b', NULL, soon) == 0 && E_queue(note, 'a', NULL, sooner) == 0, "two timers");
    ok(E_queue(note, 'c', &order, later) == 0 && E_queue(note, 'x', NULL, now) == 0, "and two");
    ok(E_in_queue(note, 'x', NULL) && E_dequeue(note, 'x', NULL) == 0 && E_dequeue(note, 'x', NULL) == -1,
        "one is taken back");
    E_handle_events();
    ok(!strcmp(order, "abc"), "in the order of their time: %s", order);
    ok(pipe(ends) == 0 && pipe(high) == 0 && pipe(far) == 0, "pipes");
    int number = dup2(far[0], 2500);
    ok(E_attach_fd(ends[0], READ_FD, readable, 'l', &order, LOW_PRIORITY) == 0, "a low one");
    ok(E_attach_fd(ends[0], READ_FD, readable, 'l', &order, LOW_PRIORITY) == 1, "takes its own place");
    ok(E_attach_fd(high[0], READ_FD, readable, 'h', NULL, HIGH_PRIORITY) == 0, "a high one");
    ok(E_attach_fd(-1, READ_FD, readable, 0, NULL, 0) == -1 && E_attach_fd(1, 3, readable, 0, NULL, 0) == -1
            && E_attach_fd(1, 0, readable, 0, NULL, 3) == -1 && E_attach_fd(1, 0, NULL, 0, NULL, 0) == -1, "none");
    if (number == 2500) ok(E_attach_fd(number, READ_FD, readable, 'f', NULL, MEDIUM_PRIORITY) == 0, "one beyond 1024");
    else skip(1, "this process may not have so many descriptors");
    ok(E_num_active(HIGH_PRIORITY) == 1 && E_num_active(9) == -1, "are counted");
    memset(order, 0, sizeof order);
    ok(write(ends[1], "x", 1) == 1 && write(high[1], "x", 1) == 1 && write(far[1], "x", 1) == 1, "all are ready");
    E_handle_events();
    if (number == 2500) ok(strchr(order, 'h') == order && strchr(order, 'l') != NULL,
        "the high one is first: %s", order);
    else skip(1, "without the far descriptor");
    ok(E_deactivate_fd(high[0], READ_FD) == 0 && E_num_active(HIGH_PRIORITY) == 0
        && E_activate_fd(high[0], READ_FD) == 0,
        "paused and resumed");
    ok(E_set_active_threshold(HIGH_PRIORITY) == HIGH_PRIORITY && E_set_active_threshold(7) == -1, "a threshold");
    ok(write(ends[1], "x", 1) == 1, "a low one is ready");
    memset(order, 0, sizeof order);
    E_queue(note, 't', &order, soon);
    E_handle_events();
    ok(!strcmp(order, "t"), "and not looked at");
    ok(E_detach_fd_priority(ends[0], READ_FD, HIGH_PRIORITY) == -1 && E_detach_fd(ends[0], READ_FD) == 0
            && E_detach_fd(ends[0], READ_FD) == -1, "taken out");
    sp_time a = {1, 900000}, b = {0, 200000}, sum = E_add_time(a, b), rest = E_sub_time(b, a);
    ok(sum.sec == 2 && sum.usec == 100000 && rest.sec == -2 && rest.usec == 300000, "sums of times");
    ok(E_compare_time(a, b) == 1 && E_compare_time(b, a) == -1 && E_compare_time(a, a) == 0, "times compared");
    sp_time before = E_get_time_monotonic();
    E_delay(sooner);
    ok(E_compare_time(E_sub_time(E_get_time_monotonic(), before), sooner) >= 0, "a delay");
    Alarm_set_realtime_print_handler(keep);
    Alarm(1, "%s %d", "seen", 7);
    ok(!strcmp(line, "seen 7"), "Alarm prints what is asked for: %s", line);
    Alarmp(1, 1, "unseen");
    ok(!strcmp(line, "seen 7"), "Alarmp keeps still below the priority");
    return done_testing();
}
