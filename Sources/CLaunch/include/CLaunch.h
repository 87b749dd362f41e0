// What starting processes needs and Swift cannot write: processes that share memory until they execute, the signals they
// must not meet, and the guard that outlives a launcher that was killed.
#ifndef CLAUNCH_H
#define CLAUNCH_H

#include <signal.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/types.h>

// A process to start. It leads a process group of its own and is killed when the calling thread ends. What is pointed at
// is the new process's until launch_has_left.
struct launch_request {
    const char *path;
    char *const *arguments;
    char *const *shell_arguments;    // for /bin/sh, should the path be a script that does not say who reads it
    char *const *environment;
    const char *directory;           // NULL: the caller's
    int standard[3];                 // become 0, 1 and 2; all above 2
    sigset_t mask;                   // signals it starts with blocked
    struct rlimit descriptors;       // how many it may open
    const unsigned char *processors; // a bit for each it may run on; NULL: as the caller
    size_t processors_size;          // in bytes
    int stops;                       // whether it is to stop before its program's first instruction: see launch_hold
};

enum launch_step { LAUNCH_FORK, LAUNCH_DIRECTORY, LAUNCH_STREAMS, LAUNCH_EXECUTE };

// A process on its way from the launcher's memory to its own.
struct launch;

// Does not wait for the process to execute, which takes until the system lets it run. Its id, and *launch, which the
// caller owns; or -1 and errno. The calling thread must have all signals blocked.
pid_t launch_start(const struct launch_request *request, struct launch **launch);

// Whether it uses nothing of the launcher's memory any more: it has executed its program, or ended.
int launch_has_left(const struct launch *launch);

// errno's value if it ended without having executed its program, and at which step that was; otherwise 0. Ask when it
// has ended.
int launch_failure(const struct launch *launch, enum launch_step *step);

// Waits until a process that is to stop has executed its program, and leaves it stopped, traced by nobody, until it gets
// SIGCONT. 0: it has ended instead. From the thread that started it.
int launch_hold(pid_t child);

// Only when it has left.
void launch_free(struct launch *launch);

// Forks a process that outlives this one: it reads what is written to *channel, which ends when this process does, however
// it ends. Call before there are threads. -1 and errno, or its id.
pid_t launch_guard(void (*watch)(int channel, void *context), void *context, int *channel);

// Removes a directory with all that is in it. What lies two levels below is removed by several threads, as far as there are
// any to be had.
void launch_remove(const char *directory);

// Whether there are processes in a group, zombies among them.
int launch_has_group(pid_t group);

// Makes room for so many descriptors, as far as the system allows; *before becomes what was allowed. A table that grows
// when there are threads makes the thread wait until every processor has been through its scheduler.
void launch_reserve(size_t count, struct rlimit *before);

// A descriptor that tells of these signals, which the caller has blocked. -1 and errno.
int launch_signals(const sigset_t *signals);

// The next signal, 0 when there is none.
int launch_next_signal(int descriptor);

// Whether a group's processes could be sent the signal.
int launch_signal_group(pid_t group, int number);

// The processors the caller may run on, a bit each: how many bytes were written, 0 when that cannot be told.
size_t launch_processors(unsigned char *processors, size_t size);

// A descriptor that becomes readable when the child has ended. -1 and errno.
int launch_watch(pid_t child);

// Whether the child has ended: 1 with its exit status, 2 with the signal that killed it, 0 when it runs. It stays a
// zombie, so that its number cannot be anybody else's.
int launch_ending(pid_t child, int *value);

// Lets go of a child that has ended.
void launch_reap(pid_t child);

// From now on whoever loses its parent among this process's descendants becomes its child, whatever group or session it
// has made for itself.
void launch_adopt(void);

// This process's children, at most so many: how many were written. 0 where the system does not tell.
size_t launch_children(pid_t *children, size_t most);

// Lets go of a child if it has ended, and does not wait: whether it had.
int launch_reap_ended(pid_t child);

// Whether a process was started with this in its environment, NAME=VALUE.
int launch_was_given(pid_t process, const char *variable);

// Kills every process that was started with a variable whose text begins so, but the caller: how many there were.
size_t launch_kill_given(const char *beginning);

// Makes sure that 0, 1 and 2 are open, so that no other descriptor gets their number.
int launch_open_standard(void);

#endif
