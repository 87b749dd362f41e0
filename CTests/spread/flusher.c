// A member of flush.py's schedules, on the flush layer: joins, sends, flushes, leaves and dies as its seed says, and
// writes down at once what it does and sees.
//   flusher PORT@HOST NAME SEED INDEX live|leave|kill LOG
#include <fcntl.h>
#include <fl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { GROUPS = 2, STEPS = 40, LARGEST = 30000, ROOM = 40000, MEMBERS = 64 };
static const char *const names[GROUPS] = {"ice", "sea"};
static const int services[] = {UNRELIABLE_MESS, RELIABLE_MESS, FIFO_MESS, CAUSAL_MESS, AGREED_MESS, SAFE_MESS};
static const int sizes[] = {0, 1, 100, 3000, LARGEST};
typedef struct {
    int number, group, gid[3], size, isSub;
} head;
static struct {
    // Wanted: from the join until the leave. In: from the first view until the self-leave.
    int wanted, in, asked, flushed, leaving, count, gid[3];
    char members[MEMBERS][MAX_GROUP_NAME];
} groups[GROUPS];
static uint64_t state;
static mailbox mbox;
static char self[MAX_GROUP_NAME], message[ROOM], body[ROOM], expected[ROOM];
static int file, number;

static unsigned below(unsigned bound) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned) (state >> 33) % bound;
}

static void note(const char *format, ...) {
    char line[8192];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (write(file, line, (size_t) length) != length) _exit(3);
}

static void odd(const char *what, int code) {
    note("odd %s %d\n", what, code);
    _exit(0);
}

static void fill(char *place, const char *sender, int which, int size) {
    for (int i = 0; i < size; i++) place[i] = (char) (sender[1 + i % 3] + which * 7 + i);
}

static const char *list(int count, char some[][MAX_GROUP_NAME]) {
    static char text[4096];
    strcpy(text, count > 0 ? "" : "-");
    for (int i = 0; i < count; i++) {
        if (i > 0) strcat(text, ",");
        strcat(text, some[i]);
    }
    return text;
}

static int find(const char *name) {
    for (int i = 0; i < GROUPS; i++) {
        if (!strcmp(names[i], name)) return i;
    }
    odd("group", 0);
    return 0;
}

static void moved(int group, int kind, int count, char members[][MAX_GROUP_NAME], int size) {
    char set[MEMBERS][MAX_GROUP_NAME];
    int together;
    if (count > MEMBERS || size < 16) odd("view", size);
    memcpy(&together, body + FL_get_num_vs_offset_memb_mess(), 4);
    if (together < 0 || together > MEMBERS || size != 16 + 32 * together) odd("set", together);
    memcpy(set, body + FL_get_vs_set_offset_memb_mess(), (size_t) together * 32);
    memcpy(groups[group].gid, body + FL_get_gid_offset_memb_mess(), 12);
    memcpy(groups[group].members, members, (size_t) count * 32);
    groups[group].count = count;
    groups[group].in = 1;
    groups[group].asked = groups[group].flushed = 0;
    int *gid = groups[group].gid;
    note("view %s %d %u.%u.%u %s ", names[group], kind, gid[0], gid[1], gid[2], list(count, members));
    note("%s\n", list(together, set));
}

static void got(int kind, const char *from, int count, char to[][MAX_GROUP_NAME], int16 type, int size) {
    if (Is_regular_mess(kind)) {
        head h;
        if (size < (int) sizeof h || count < 1) odd("data", size);
        memcpy(&h, body, sizeof h);
        int whole = size == (int) sizeof h + h.size && h.size >= 0 && type == h.number % 100
            && !strcmp(to[count - 1], names[h.group % GROUPS]);
        if (whole) fill(expected, from, h.number, h.size);
        whole = whole && !memcmp(expected, body + sizeof h, (size_t) h.size);
        note("data %s %d %d %s %u.%u.%u %d\n", from, h.number, kind, names[h.group % GROUPS], h.gid[0], h.gid[1],
            h.gid[2], whole);
    } else if (Is_flush_req_mess(kind)) {
        groups[find(from)].asked = 1;
        note("ask %s\n", from);
    } else if (Is_reg_memb_mess(kind)) {
        moved(find(from), kind, count, to, size);
    } else if (Is_self_leave(kind)) {
        memset(&groups[find(from)], 0, sizeof groups[0]);
        note("left %s\n", from);
    } else if (!Is_transition_mess(kind)) {
        odd("kind", kind);
    }
}

// Takes what is there; waits a little for it.
static void take(int wait) {
    static char to[MEMBERS][MAX_GROUP_NAME];
    for (;;) {
        int kind = DONT_BLOCK, count, mismatch, more;
        int16 type;
        char from[MAX_GROUP_NAME];
        int code = FL_receive(mbox, &kind, from, MEMBERS, &count, to, &type, &mismatch, ROOM, body, &more);
        if (code >= 0) {
            got(kind, from, count, to, type, code);
            continue;
        }
        if (code == CONNECTION_CLOSED || code == ILLEGAL_SESSION) {
            note("cut\n");
            _exit(0);
        }
#ifdef MUSTER_ORIGINAL
        // Now and then the original's library says this of a group that is being left, also on its own daemon.
        if (code == ILLEGAL_GROUP) continue;
#endif
        if (code != WOULD_BLOCK) odd("receive", code);
        struct pollfd entry = {mbox, POLLIN, 0};
        if (poll(&entry, 1, wait) <= 0) return;
        wait = 0;
    }
}

static void post(int group) {
    char to[MEMBERS][MAX_GROUP_NAME];
    head h = {number, group, {0}, sizes[below(5)], below(5) == 0};
    memcpy(h.gid, groups[group].gid, sizeof h.gid);
    memcpy(message, &h, sizeof h);
    fill(message + sizeof h, self, number, h.size);
    int service = services[below(6)] | (below(8) == 0 ? SELF_DISCARD : 0), count = 0, code;
    int whole = (int) sizeof h + h.size;
    int16 type = (int16) (number % 100);
    for (int i = 0; h.isSub && i < groups[group].count; i++) {
        if (below(2) == 0) strcpy(to[count++], groups[group].members[i]);
    }
    note("sent %d %d %s %u.%u.%u %s\n", number, service, names[group], h.gid[0], h.gid[1], h.gid[2],
        h.isSub ? list(count, to) : "*");
    if (!h.isSub) {
        code = FL_multicast(mbox, service, names[group], type, whole, message);
    } else if (count == 1) {
        code = FL_unicast(mbox, service, names[group], to[0], type, whole, message);
    } else {
        code = FL_subgroupcast(mbox, service, names[group], count, to, type, whole, message);
    }
    if (code != whole) odd("send", code);
    number++;
}

static void answer(int group) {
    if (!groups[group].asked || groups[group].flushed || groups[group].leaving) return;
    note("flush %s\n", names[group]);
    int code = FL_flush(mbox, names[group]);
    if (code != 0) odd("flush", code);
    groups[group].flushed = 1;
}

static void join(int group) {
    note("join %s\n", names[group]);
    int code = FL_join(mbox, names[group]);
    if (code != 0) odd("join", code);
    groups[group].wanted = 1;
}

static void leave(int group) {
    note("leave %s\n", names[group]);
    int code = FL_leave(mbox, names[group]);
    if (code != 0) odd("leave", code);
    groups[group].leaving = 1;
}

static void act(int dies) {
    join(0);
    for (int step = 0; step < STEPS; step++) {
        int group = (int) below(GROUPS), canSend = groups[group].in && !groups[group].flushed && !groups[group].leaving;
        unsigned what = below(100);
        if (!groups[group].wanted) {
            if (what < 30) join(group);
        } else if (canSend && what < 4) {
            leave(group);
        } else if (canSend) {
            post(group);
        }
        // A member may take its time, and send on before it flushes.
        for (int i = 0; i < GROUPS; i++) {
            if (below(3) > 0) answer(i);
        }
        if (dies && step == 25) raise(SIGKILL);
        take((int) below(2));
    }
}

// Leaves what it is in, once it is in it.
static void out(void) {
    for (;;) {
        int left = 0;
        for (int i = 0; i < GROUPS; i++) {
            if (groups[i].in && !groups[i].leaving) leave(i);
            left += groups[i].wanted;
            answer(i);
        }
        if (left == 0) return;
        take(100);
    }
}

int main(int argc, char **argv) {
    if (argc != 7) return 2;
    alarm(60);
    state = 0x9e3779b97f4a7c15u * (uint64_t) (atol(argv[3]) * 1000 + atol(argv[4]) + 1);
    file = open(argv[6], O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (file < 0 || FL_connect(argv[1], argv[2], 0, &mbox, self) != ACCEPT_SESSION) return 1;
    note("name %s\n", self);
    act(!strcmp(argv[5], "kill"));
    if (!strcmp(argv[5], "leave")) out();
    // Who goes without a word has flushed what it was asked to, so that the others get on.
    note("finished\n");
    FL_disconnect(mbox);
    return 0;
}
