// The one view of libc that the Swift targets have, in both configurations (Embedded Swift has no Glibc module).
// Below the headers stand shims, all named clibc_*, for what the importer cannot see: variadic functions, macros
// that are expressions, and globals that Swift 6 refuses to touch.
#ifndef CLIBC_H
#define CLIBC_H

#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <grp.h>
#include <ifaddrs.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <linux/futex.h>
#include <math.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fsuid.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <syslog.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static inline int clibc_errno(void) { return errno; }
static inline void clibc_set_errno(int value) { errno = value; }
static inline char **clibc_environ(void) { return environ; }
static inline const char *clibc_program_name(void) { return program_invocation_short_name; }
static inline FILE *clibc_stdout(void) { return stdout; }
static inline FILE *clibc_stderr(void) { return stderr; }

static inline int clibc_getrusage(int who, struct rusage *usage) { return getrusage(who, usage); }
static inline int clibc_open(const char *path, int flags, mode_t mode) { return open(path, flags, mode); }
static inline int clibc_openat(int folder, const char *name, int flags) { return openat(folder, name, flags); }
// The time of day, to the microsecond; the text's length.
static inline int clibc_clock(char *text, size_t size) {
    struct timespec now;
    struct tm parts;
    clock_gettime(CLOCK_REALTIME, &now);
    localtime_r(&now.tv_sec, &parts);
    return snprintf(
        text, size, "%02d:%02d:%02d.%06ld", parts.tm_hour, parts.tm_min, parts.tm_sec, now.tv_nsec / 1000);
}
static inline int clibc_o_path(void) { return O_PATH; }
// Of the calling thread alone, unlike setuid.
static inline void clibc_setfsuid(uid_t user) { (void) setfsuid(user); }
static inline void clibc_setfsgid(gid_t group) { (void) setfsgid(group); }
static inline int clibc_fcntl(int fd, int command, int argument) { return fcntl(fd, command, argument); }
static inline int clibc_ioctl(int fd, unsigned long request, void *argument) { return ioctl(fd, request, argument); }
static inline void clibc_syslog(int priority, const char *text) { syslog(priority, "%s", text); }
static inline pid_t clibc_gettid(void) { return (pid_t) syscall(SYS_gettid); }

// Waits while *word == expected. `timeout` is relative and may be NULL. 0, or -1 and errno.
static inline long clibc_futex_wait(uint32_t *word, uint32_t expected, const struct timespec *timeout, bool shared) {
    return syscall(SYS_futex, word, shared ? FUTEX_WAIT : FUTEX_WAIT_PRIVATE, expected, timeout, NULL, 0);
}

// The number of threads woken.
static inline long clibc_futex_wake(uint32_t *word, int count, bool shared) {
    return syscall(SYS_futex, word, shared ? FUTEX_WAKE : FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

// strtod as in the C locale, whatever the program has set. (glibc's C locale object costs nothing to get.)
static inline double clibc_strtod(const char *text, char **end) {
    locale_t locale = newlocale(LC_NUMERIC_MASK, "C", (locale_t) 0);
    double value = strtod_l(text, end, locale);
    freelocale(locale);
    return value;
}

// The socket calls take a transparent union of pointers, which the importer cannot pass.
static inline int clibc_connect(int fd, const struct sockaddr *to, socklen_t size) { return connect(fd, to, size); }
static inline int clibc_bind(int fd, const struct sockaddr *to, socklen_t size) { return bind(fd, to, size); }
static inline int clibc_accept(int fd, int flags) { return accept4(fd, NULL, NULL, flags); }
static inline int clibc_getsockname(int fd, struct sockaddr *name, socklen_t *size) {
    return getsockname(fd, name, size);
}
static inline int clibc_getpeername(int fd, struct sockaddr *name, socklen_t *size) {
    return getpeername(fd, name, size);
}

// One send of two pieces: neither is written to.
static inline ssize_t clibc_send_two(int fd, const void *a, size_t a_size, const void *b, size_t b_size, int flags) {
    struct iovec parts[2] = {{(void *) a, a_size}, {(void *) b, b_size}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    return sendmsg(fd, &message, flags);
}

// A number with so many digits behind the point.
static inline int clibc_format_fixed(char *room, size_t size, int digits, double number) {
    return snprintf(room, size, "%.*f", digits, number);
}

// Whether the program's locale writes UTF-8 (the macro is an expression).
static inline bool clibc_is_utf8_locale(void) {
    return MB_CUR_MAX > 1 && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

// A process to start: what its program is, what its first descriptors become (-1: as they are), which others it keeps open,
// and what runs in it before the program.
struct clibc_process {
    char *const *arguments;
    char *const *environment;
    const char *folder;
    const int *kept;
    size_t kept_count;
    int standard[3];
    bool leads_group;
    void (*hook)(void *);
    void *hook_argument;
};

// In the new process: makes it what is asked for. Returns when that fails.
static inline void clibc_become(const struct clibc_process *process) {
    sigset_t none;
    if (process->leads_group) (void) setpgid(0, 0);
    for (int i = 0; i < 3; i++)
        if (process->standard[i] >= 0 && dup2(process->standard[i], i) < 0) return;
    // All others close with the program's start; descriptors that it keeps do not.
    if (syscall(SYS_close_range, 3, ~0U, 1U << 2) < 0)
        for (int fd = 3; fd < 1024; fd++) (void) fcntl(fd, F_SETFD, FD_CLOEXEC);
    for (size_t i = 0; i < process->kept_count; i++) (void) fcntl(process->kept[i], F_SETFD, 0);
    if (process->folder && chdir(process->folder) < 0) return;
    sigemptyset(&none);
    (void) sigprocmask(SIG_SETMASK, &none, NULL);
    if (process->hook) process->hook(process->hook_argument);
    (void) execvpe(process->arguments[0], process->arguments, process->environment);
}

// Its id once it runs its program, or -1 and errno with the reason why it does not.
static inline pid_t clibc_start_process(const struct clibc_process *process) {
    int report[2], reason = 0;
    sigset_t all, before;
    if (pipe2(report, O_CLOEXEC) < 0) return -1;
    sigfillset(&all);
    // No handler of the program may run in the child.
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t child = fork();
    if (child == 0) {
        clibc_become(process);
        reason = errno;
        (void) !write(report[1], &reason, sizeof reason);
        _exit(127);
    }
    int failure = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(report[1]);
    ssize_t count = 0;
    if (child > 0)
        while ((count = read(report[0], &reason, sizeof reason)) < 0 && errno == EINTR) {}
    close(report[0]);
    if (child > 0 && count == (ssize_t) sizeof reason) {
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
        child = -1;
        failure = reason;
    }
    if (child < 0) errno = failure;
    return child;
}

// A descriptor that becomes readable when the child has ended, or -1.
static inline int clibc_pidfd(pid_t child) { return (int) syscall(SYS_pidfd_open, child, 0); }
static inline bool clibc_was_stopped(int status) { return WIFSTOPPED(status); }

static inline bool clibc_is_map_failed(const void *mapping) { return mapping == MAP_FAILED; }
static inline bool clibc_is_regular(mode_t mode) { return S_ISREG(mode); }
static inline bool clibc_is_directory(mode_t mode) { return S_ISDIR(mode); }
static inline bool clibc_is_socket(mode_t mode) { return S_ISSOCK(mode); }
static inline bool clibc_exited(int status) { return WIFEXITED(status); }
static inline int clibc_exit_status(int status) { return WEXITSTATUS(status); }
static inline bool clibc_was_signaled(int status) { return WIFSIGNALED(status); }
static inline int clibc_term_signal(int status) { return WTERMSIG(status); }

#endif
