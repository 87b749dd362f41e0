// The event loop that comes with Spread: descriptors with priorities, timers, and time itself. It belongs to the thread
// that runs it; only E_exit_events_async_safe may be called from elsewhere.
#ifndef INC_SP_EVENTS
#define INC_SP_EVENTS

#ifdef __cplusplus
extern "C" {
#endif

#define MAX_FD_EVENTS 2000
#define NUM_PRIORITY 3
#define NUM_FDTYPES 3
#define READ_FD 0
#define WRITE_FD 1
#define EXCEPT_FD 2

#ifndef LOW_PRIORITY
#define LOW_PRIORITY 0
#define MEDIUM_PRIORITY 1
#define HIGH_PRIORITY 2
#endif

typedef struct dummy_time {
    long sec;
    long usec;
} sp_time;

// Time of day, time since some moment, and arithmetic; results have 0 to 999999 microseconds.
sp_time E_get_time(void);
sp_time E_get_time_monotonic(void);
sp_time E_sub_time(sp_time t, sp_time delta_t);
sp_time E_add_time(sp_time t, sp_time delta_t);
sp_time E_neg_time(sp_time t);
// 1 when the first is later, -1 when it is earlier, 0 when they are equal.
int E_compare_time(sp_time t1, sp_time t2);
// Sleeps.
void E_delay(sp_time t);

// Forgets every descriptor and timer.
int E_init(void);

// Calls a function once, after a time. The same function with the same code and data is queued only once: 0.
int E_queue(void (*func)(int code, void *data), int code, void *data, sp_time delta_time);
int E_in_queue(void (*func)(int code, void *data), int code, void *data);
// 0, or -1 when it is not queued.
int E_dequeue(void (*func)(int code, void *data), int code, void *data);

// Calls a function whenever a descriptor is ready: 0 for a new one, 1 when one was replaced, -1 for a bad argument or
// when there are MAX_FD_EVENTS already.
int E_attach_fd(int fd, int fd_type, void (*func)(int fd, int code, void *data), int code, void *data, int priority);
int E_detach_fd(int fd, int fd_type);
int E_detach_fd_priority(int fd, int fd_type, int priority);
int E_activate_fd(int fd, int fd_type);
int E_deactivate_fd(int fd, int fd_type);
// Only descriptors of this priority and above are looked at: the priority, or -1.
int E_set_active_threshold(int priority);
int E_num_active(int priority);

// Runs until E_exit_events is called; may be called again.
void E_handle_events(void);
void E_exit_events(void);
void E_exit_events_async_safe(void);

#ifdef __cplusplus
}
#endif

#endif
