// Many messages through a Spread daemon that many sessions are connected to, and what its memory does meanwhile:
//   spreadsoak PLACE PID MESSAGES     PID: the daemon's
// 500 sessions are in 100 groups, five in each; the messages go to the groups in turns, with bodies of 0 to 1000 bytes
// and now and then 100 KB. Every so often someone comes, joins, leaves and goes. The exit status is 1 when memory grew
// over the second half.
#include <signal.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#include "spreadwire.h"

enum { SESSIONS = 500, GROUPS = 100, MEMBERS = SESSIONS / GROUPS, WINDOW = 4 << 20, VISIT = 5000, LARGE = 100000 };
static char message[HEADER + NAME + LARGE], room[1 << 18];

static long resident(const char *pid) {
    char path[64];
    long pages = 0;
    snprintf(path, sizeof path, "/proc/%s/statm", pid);
    FILE *file = fopen(path, "r");
    if (file == NULL || fscanf(file, "%*d %ld", &pages) != 1) die(path);
    fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static int join(const char *place, int index) {
    char name[16], self[NAME], group[NAME], joining[HEADER + NAME];
    snprintf(name, sizeof name, "s%d", index);
    snprintf(group, sizeof group, "group%d", index % GROUPS);
    int fd = enter(place, name, self);
    make(joining, JOIN, self, group, 0);
    put(fd, joining, sizeof joining);
    // What comes back on the private group comes after the join.
    make(joining, AGREED, self, self, 0);
    put(fd, joining, sizeof joining);
    get(fd, joining, sizeof joining);
    return fd;
}

// Reads for all sessions, and counts.
static void receive(const char *place, _Atomic long *received) {
    struct epoll_event ready[64];
    int all = epoll_create1(0), count;
    for (int i = 0; i < SESSIONS; i++) {
        int fd = join(place, i);
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
        if (epoll_ctl(all, EPOLL_CTL_ADD, fd, &event) != 0) die("epoll_ctl");
    }
    atomic_store(received, 0);
    while ((count = epoll_wait(all, ready, 64, -1)) > 0) {
        for (int i = 0; i < count; i++) {
            ssize_t got = recv(ready[i].data.fd, room, sizeof room, MSG_DONTWAIT);
            if (got <= 0) exit(1);
            atomic_fetch_add(received, got);
        }
    }
}

// Comes, is in a group for a moment, and goes: with a goodbye, or without.
static void visit(const char *place, int number) {
    char self[NAME], words[HEADER + NAME];
    int fd = enter(place, "visitor", self);
    for (int i = 0; i < 2; i++) {
        make(words, i == 0 ? JOIN : LEAVE, self, "lounge", 0);
        put(fd, words, sizeof words);
    }
    make(words, number % 2 == 0 ? (uint32_t) KILL : AGREED, self, self, 0);
    put(fd, words, sizeof words);
    if (number % 2 != 0) get(fd, words, sizeof words);
    // The next one has the same name: this one must be gone.
    shutdown(fd, SHUT_WR);
    while (recv(fd, words, sizeof words, 0) > 0) {}
    close(fd);
}

static void wait_for(pid_t child, _Atomic long *received, long bytes) {
    while (atomic_load(received) < bytes) {
        if (waitpid(child, NULL, WNOHANG) == child) {
            fprintf(stderr, "a session was lost\n");
            exit(1);
        }
        usleep(50);
    }
}

static uint32_t body_size(long number) {
    static uint32_t seed = 1;
    seed = seed * 1664525 + 1013904223;
    return number % 2000 == 1999 ? LARGE : (seed >> 16) % 1001;
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    const char *place = argv[1], *pid = argv[2];
    long count = atol(argv[3]), sent = 0, first = 0, now = 0, step = count / 10 > 0 ? count / 10 : 1;
    _Atomic long *received = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    printf("| messages | memory of the daemon, KiB |\n|---|---|\n| none, no session | %ld |\n", resident(pid));
    atomic_store(received, -1);
    pid_t child = fork();
    if (child == 0) receive(place, received);
    wait_for(child, received, 0);
    char self[NAME];
    int fd = enter(place, "sender", self);
    printf("| none, %d sessions in %d groups | %ld |\n", SESSIONS, GROUPS, resident(pid));
    for (long i = 0; i < count; i++) {
        char group[NAME];
        snprintf(group, sizeof group, "group%ld", i % GROUPS);
        uint32_t size = body_size(i);
        make(message, AGREED, self, group, size);
        put(fd, message, HEADER + NAME + size);
        sent += MEMBERS * (long) (HEADER + NAME + size);
        if (i % VISIT == 0) visit(place, (int) (i / VISIT));
        if (i % 64 == 0) wait_for(child, received, sent - WINDOW);
        if ((i + 1) % step != 0) continue;
        wait_for(child, received, sent);
        now = resident(pid);
        if (first == 0 && i + 1 >= count / 2) first = now;
        printf("| %ld | %ld |\n", i + 1, now);
        fflush(stdout);
    }
    kill(child, SIGKILL);
    printf("\nOver the second half: %+ld KiB.\n", now - first);
    // What the system's allocator keeps moves a little.
    return now - first > 1024;
}
