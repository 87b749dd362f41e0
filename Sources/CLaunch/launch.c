#include "CLaunch.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Runs between vfork and exec, on the parent's memory: only system calls, and nothing the parent reads but the result.
static void become(const struct launch_request *request, pid_t parent, volatile int *reason,
                   volatile enum launch_step *step) {
    (void) setpgid(0, 0);
    (void) prctl(PR_SET_PDEATHSIG, SIGKILL);
    // The parent may have ended before it was said that this one is to end with it.
    if (getppid() != parent) { _exit(127); }
    *step = LAUNCH_STREAMS;
    for (int number = 0; number < 3; number++) {
        if (dup2(request->standard[number], number) < 0) {
            *reason = errno;
            return;
        }
    }
    *step = LAUNCH_DIRECTORY;
    if (request->directory && chdir(request->directory) != 0) {
        *reason = errno;
        return;
    }
    if (request->processors) {
        (void) sched_setaffinity(0, request->processors_size, (const cpu_set_t *) request->processors);
    }
    *step = LAUNCH_EXECUTE;
    (void) setrlimit(RLIMIT_NOFILE, request->descriptors);
    (void) sigprocmask(SIG_SETMASK, request->mask, NULL);
    execve(request->path, request->arguments, request->environment);
    *reason = errno;
}

pid_t launch_start(const struct launch_request *request, int *reason, enum launch_step *step) {
    volatile int failure = 0;
    volatile enum launch_step reached = LAUNCH_FORK;
    pid_t parent = getpid();
    pid_t child = vfork();
    if (child == 0) {
        become(request, parent, &failure, &reached);
        _exit(127);
    }
    if (child < 0) { failure = errno; }
    *reason = failure;
    *step = reached;
    if (child > 0 && failure != 0) {
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
        return -1;
    }
    return child;
}

// MARK: the guard

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place) {
    (void) status;
    (void) kind;
    (void) place;
    (void) remove(path);
    return 0;
}

void launch_remove(const char *directory) {
    (void) nftw(directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

int launch_has_group(pid_t group) {
    return kill(-group, 0) == 0;
}

pid_t launch_guard(void (*watch)(int channel, void *context), void *context, int *channel) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) { return -1; }
    pid_t child = fork();
    if (child == 0) {
        sigset_t all;
        sigfillset(&all);
        (void) sigprocmask(SIG_SETMASK, &all, NULL);
        (void) setpgid(0, 0);
        (void) prctl(PR_SET_NAME, "muster-guard");
        close(ends[1]);
        // Whoever waits for the end of muster's output does not wait for this.
        int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
        for (int number = 0; number < 3 && nothing >= 0; number++) { (void) dup2(nothing, number); }
        watch(ends[0], context);
        _exit(0);
    }
    close(ends[0]);
    if (child < 0) {
        int reason = errno;
        close(ends[1]);
        errno = reason;
        return -1;
    }
    *channel = ends[1];
    return child;
}

// MARK: signals and the rest

int launch_signals(const sigset_t *signals) {
    return signalfd(-1, signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

int launch_next_signal(int descriptor) {
    struct signalfd_siginfo information;
    ssize_t size = read(descriptor, &information, sizeof information);
    return size == (ssize_t) sizeof information ? (int) information.ssi_signo : 0;
}

int launch_signal_group(pid_t group, int number) {
    return group > 1 && kill(-group, number) == 0;
}

size_t launch_processors(unsigned char *processors, size_t size) {
    memset(processors, 0, size);
    return sched_getaffinity(0, size, (cpu_set_t *) processors) == 0 ? size : 0;
}

int launch_watch(pid_t child) {
    return (int) syscall(SYS_pidfd_open, child, 0);
}

int launch_ending(pid_t child, int *value) {
    siginfo_t information = {0};
    if (waitid(P_PID, (id_t) child, &information, WEXITED | WNOHANG | WNOWAIT) != 0) { return 0; }
    if (information.si_pid != child) { return 0; }
    *value = information.si_status;
    return information.si_code == CLD_EXITED ? 1 : 2;
}

void launch_reap(pid_t child) {
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
}

void launch_reserve(size_t count, struct rlimit *before) {
    if (getrlimit(RLIMIT_NOFILE, before) != 0) { return; }
    struct rlimit limit = *before;
    if (limit.rlim_cur < count) { limit.rlim_cur = limit.rlim_max < count ? limit.rlim_max : count; }
    if (limit.rlim_cur != before->rlim_cur) { (void) setrlimit(RLIMIT_NOFILE, &limit); }
    rlim_t last = (count < limit.rlim_cur ? count : limit.rlim_cur) - 1;
    int descriptor = fcntl(0, F_DUPFD_CLOEXEC, (int) last);
    if (descriptor >= 0) { close(descriptor); }
}

int launch_open_standard(void) {
    for (;;) {
        int descriptor = open("/dev/null", O_RDWR);
        if (descriptor < 0) { return -1; }
        if (descriptor > 2) { return close(descriptor); }
    }
}
