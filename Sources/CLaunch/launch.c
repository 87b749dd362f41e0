#include "CLaunch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// The new process runs on the launcher's memory, at the same time as the launcher, with a stack of its own but the same
// errno: therefore system calls without the C library, which would write to it.
#if defined(__x86_64__)
static long call(long number, long first, long second, long third, long fourth) {
    long result;
    register long in_r10 __asm__("r10") = fourth;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(first), "S"(second), "d"(third), "r"(in_r10)
                     : "rcx", "r11", "memory");
    return result;
}
#elif defined(__aarch64__)
static long call(long number, long first, long second, long third, long fourth) {
    register long in_x8 __asm__("x8") = number;
    register long in_x0 __asm__("x0") = first;
    register long in_x1 __asm__("x1") = second;
    register long in_x2 __asm__("x2") = third;
    register long in_x3 __asm__("x3") = fourth;
    __asm__ volatile("svc 0" : "+r"(in_x0) : "r"(in_x8), "r"(in_x1), "r"(in_x2), "r"(in_x3) : "memory");
    return in_x0;
}
#else
#error "launch.c knows the system calls of x86-64 and of 64-bit ARM only"
#endif

enum { STACK = 16384, KERNEL_SIGSET = 8 };

struct launch {
    struct launch_request request;
    pid_t parent;
    // Set to 0 by the kernel when the process has left.
    _Atomic pid_t process;
    _Atomic int reason;
    _Atomic int step;
    _Alignas(16) char stack[STACK];
};

// What went wrong, as errno has it; it returns only then.
static int become(struct launch *launch) {
    const struct launch_request *request = &launch->request;
    long result;
    (void) call(SYS_setpgid, 0, 0, 0, 0);
    (void) call(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0);
    // The parent may have ended before it was said that this one is to end with it.
    if (call(SYS_getppid, 0, 0, 0, 0) != launch->parent) { return 0; }
    launch->step = LAUNCH_STREAMS;
    for (int number = 0; number < 3; number++) {
        if ((result = call(SYS_dup3, request->standard[number], number, 0, 0)) < 0) { return (int) -result; }
    }
    launch->step = LAUNCH_DIRECTORY;
    if (request->directory && (result = call(SYS_chdir, (long) request->directory, 0, 0, 0)) < 0) { return (int) -result; }
    if (request->processors) {
        (void) call(SYS_sched_setaffinity, 0, (long) request->processors_size, (long) request->processors, 0);
    }
    launch->step = LAUNCH_EXECUTE;
    (void) call(SYS_prlimit64, 0, RLIMIT_NOFILE, (long) &request->descriptors, 0);
    if (request->stops && (result = call(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0)) < 0) { return (int) -result; }
    (void) call(SYS_rt_sigprocmask, SIG_SETMASK, (long) &request->mask, 0, KERNEL_SIGSET);
    result = call(SYS_execve, (long) request->path, (long) request->arguments, (long) request->environment, 0);
    if (result == -ENOEXEC) {
        const long shell = (long) "/bin/sh";
        result = call(SYS_execve, shell, (long) request->shell_arguments, (long) request->environment, 0);
    }
    return (int) -result;
}

static int start(void *context) {
    struct launch *launch = context;
    launch->reason = become(launch);
    (void) call(SYS_exit_group, 127, 0, 0, 0);
    return 127;
}

pid_t launch_start(const struct launch_request *request, struct launch **result) {
    struct launch *launch = malloc(sizeof *launch);
    if (!launch) { return -1; }
    launch->request = *request;
    launch->parent = getpid();
    launch->process = 1;
    launch->reason = 0;
    launch->step = LAUNCH_FORK;
    pid_t child = clone(start, launch->stack + STACK, CLONE_VM | CLONE_CHILD_CLEARTID | SIGCHLD, launch, NULL, NULL,
                        &launch->process);
    if (child < 0) {
        int reason = errno;
        free(launch);
        errno = reason;
        return -1;
    }
    // Whoever of the two comes first: both can signal the group from now on.
    (void) setpgid(child, child);
    *result = launch;
    return child;
}

int launch_has_left(const struct launch *launch) {
    return launch->process == 0;
}

int launch_failure(const struct launch *launch, enum launch_step *step) {
    *step = (enum launch_step) launch->step;
    return launch->reason;
}

int launch_hold(pid_t child) {
    siginfo_t information = {0};
    // Its end, should it come to that, is for whoever watches it.
    while (waitid(P_PID, (id_t) child, &information, WEXITED | WSTOPPED | WNOWAIT) != 0) {
        if (errno != EINTR) { return 0; }
    }
    if (information.si_code != CLD_TRAPPED && information.si_code != CLD_STOPPED) { return 0; }
    return ptrace(PTRACE_DETACH, child, NULL, (void *) SIGSTOP) == 0;
}

void launch_free(struct launch *launch) {
    free(launch);
}

// MARK: the guard

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place) {
    (void) status;
    (void) kind;
    (void) place;
    (void) remove(path);
    return 0;
}

static void remove_tree(const char *directory) {
    (void) nftw(directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

enum { MOST_THREADS = 16, MOST_TREES = 1024 };

struct trees {
    _Atomic size_t next;
    size_t count;
    char *paths[MOST_TREES];
};

static void *remove_trees(void *context) {
    struct trees *trees = context;
    for (;;) {
        size_t place = trees->next++;
        if (place >= trees->count) { return NULL; }
        remove_tree(trees->paths[place]);
    }
}

// Notes what lies so many levels below; what there is no room for is left to who removes the rest.
static void find_trees(struct trees *trees, const char *directory, int levels) {
    DIR *entries = opendir(directory);
    if (!entries) { return; }
    for (struct dirent *entry; (entry = readdir(entries)) != NULL && trees->count < MOST_TREES;) {
        char *path = NULL;
        if (entry->d_type != DT_DIR || !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) { continue; }
        if (asprintf(&path, "%s/%s", directory, entry->d_name) < 0) { break; }
        if (levels > 1) {
            find_trees(trees, path, levels - 1);
            free(path);
        } else {
            trees->paths[trees->count++] = path;
        }
    }
    closedir(entries);
}

void launch_remove(const char *directory) {
    struct trees *trees = calloc(1, sizeof *trees);
    pthread_t threads[MOST_THREADS];
    size_t running = 0;
    if (trees) {
        find_trees(trees, directory, 2);
        while (running + 1 < trees->count && running < MOST_THREADS
               && pthread_create(&threads[running], NULL, remove_trees, trees) == 0) { running++; }
        (void) remove_trees(trees);
        for (size_t place = 0; place < running; place++) { (void) pthread_join(threads[place], NULL); }
        for (size_t place = 0; place < trees->count; place++) { free(trees->paths[place]); }
        free(trees);
    }
    remove_tree(directory);
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

// MARK: what hides

void launch_adopt(void) {
    (void) prctl(PR_SET_CHILD_SUBREAPER, 1);
}

size_t launch_children(pid_t *children, size_t most) {
    size_t count = 0;
    DIR *threads = opendir("/proc/self/task");
    if (!threads) { return 0; }
    for (struct dirent *entry; (entry = readdir(threads)) != NULL;) {
        char path[64];
        long child;
        if (entry->d_name[0] == '.') { continue; }
        (void) snprintf(path, sizeof path, "/proc/self/task/%.20s/children", entry->d_name);
        FILE *list = fopen(path, "re");
        if (!list) { continue; }
        while (count < most && fscanf(list, "%ld", &child) == 1) { children[count++] = (pid_t) child; }
        (void) fclose(list);
    }
    closedir(threads);
    return count;
}

int launch_reap_ended(pid_t child) {
    return waitpid(child, NULL, WNOHANG) == child;
}

// Whether its environment has a variable that is `text`, or begins so.
static int has_variable(long process, const char *text, int whole) {
    char path[64], *variable = NULL;
    size_t room = 0, length = strlen(text);
    ssize_t size;
    int found = 0;
    (void) snprintf(path, sizeof path, "/proc/%ld/environ", process);
    FILE *variables = fopen(path, "re");
    if (!variables) { return 0; }
    while (!found && (size = getdelim(&variable, &room, 0, variables)) > 0) {
        found = whole ? strcmp(variable, text) == 0 : strncmp(variable, text, length) == 0;
    }
    free(variable);
    (void) fclose(variables);
    return found;
}

int launch_was_given(pid_t process, const char *variable) {
    return has_variable(process, variable, 1);
}

size_t launch_kill_given(const char *beginning) {
    size_t count = 0;
    DIR *processes = opendir("/proc");
    if (!processes) { return 0; }
    for (struct dirent *entry; (entry = readdir(processes)) != NULL;) {
        long process = strtol(entry->d_name, NULL, 10);
        if (process <= 1 || process == getpid() || !has_variable(process, beginning, 0)) { continue; }
        if (kill((pid_t) process, SIGKILL) == 0) { count++; }
    }
    closedir(processes);
    return count;
}
