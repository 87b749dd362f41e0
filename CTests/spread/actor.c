// A member of harness.py's schedules that is linked with a libspread: joins, leaves, sends, stops reading and dies as
// its seed says, and writes down at once what it sends and gets.
//   actor PORT@HOST NAME SEED INDEX live|kill|deaf LOG
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { GROUPS = 3, STEPS = 25, HEAD = 44, LARGEST = 143000, ROOM = 150000 };
static const char *const colours[GROUPS] = {"red", "green", "blue"};
static const int services[] = {UNRELIABLE_MESS, RELIABLE_MESS, FIFO_MESS, CAUSAL_MESS, AGREED_MESS, SAFE_MESS};
static const int sizes[] = {0, 1, 40, 1000, 5000, 30000};
static uint64_t state;
static mailbox mbox;
static char self[MAX_GROUP_NAME], last[MAX_GROUP_NAME], message[ROOM], body[ROOM];
static int lastNumber, file, number, done, joined[GROUPS], wants;

static unsigned below(unsigned bound) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned) (state >> 33) % bound;
}

// One line, in one piece: what is killed has written what it did.
static void note(const char *format, ...) {
    char line[8192];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (write(file, line, (size_t) length) != length) _exit(3);
}

static void end(const char *how) {
    note("%s\n", how);
    _exit(0);
}

// The same bytes whoever computes them.
static void fill(char *place, const char *sender, int which, int size) {
    char text[64], pattern[32];
    snprintf(text, sizeof text, "%s/%d", sender, which);
    for (int i = 0; i < 4; i++) {
        uint64_t hash = 14695981039346656037u ^ (unsigned) i;
        for (const char *c = text; *c; c++) hash = (hash ^ (unsigned char) *c) * 1099511628211u;
        memcpy(pattern + 8 * i, &hash, 8);
    }
    for (int i = 0; i < size; i += 32) memcpy(place + i, pattern, (size_t) (size - i < 32 ? size - i : 32));
}

static const char *list(int count, char names[][MAX_GROUP_NAME]) {
    static char text[4096];
    text[0] = 0;
    for (int i = 0; i < count; i++) {
        if (i > 0) strcat(text, ",");
        strcat(text, names[i]);
    }
    return text;
}

static void got(int kind, const char *from, int count, char groups[][MAX_GROUP_NAME], int16 type, int size) {
    if (Is_membership_mess(kind)) {
        membership_info info;
        if (!Is_reg_memb_mess(kind)) {
            note("left %s %d\n", from, kind);
        } else if (SP_get_memb_info(body, kind, &info) == 1) {
            note("view %s %d %u %u %u %s %s\n", from, kind, info.gid.id[0], info.gid.id[1], info.gid.id[2],
                list(count, groups), info.changed_member);
        }
        return;
    }
    if (count == 1 && !strcmp(groups[0], self)) {
        done = 1;
        return;
    }
    // What others send to themselves alone is not for this one.
    int which, past, length;
    char seen[MAX_GROUP_NAME];
    static char expected[ROOM];
    memcpy(&which, body, 4);
    memcpy(seen, body + 4, 32);
    memcpy(&past, body + 36, 4);
    memcpy(&length, body + 40, 4);
    int whole = size == HEAD + length && type == which % 1000;
    if (whole) fill(expected, from, which, length);
    whole = whole && !memcmp(expected, body + HEAD, (size_t) length);
    note("data %s %d %d %s %d %s %d\n", from, which, kind, list(count, groups), whole, seen[0] ? seen : "-", past);
    snprintf(last, sizeof last, "%s", from);
    lastNumber = which;
}

// Takes what is there; now and then first with no room for it.
static void take(int wait) {
    static char groups[100][MAX_GROUP_NAME];
    struct pollfd entry = {mbox, POLLIN, 0};
    while (poll(&entry, 1, wait) > 0) {
        int kind = 0, count, mismatch, code;
        int16 type;
        char from[MAX_GROUP_NAME];
        wait = 0;
        if (below(8) == 0) {
            code = SP_receive(mbox, &kind, from, 0, &count, groups, &type, &mismatch, 0, body);
            if (code == 0 && kind == 0x200) {
                got(kind, from, 0, groups, type, 0);
                continue;
            }
            if (code != GROUPS_TOO_SHORT && code != BUFFER_TOO_SHORT) end(code == CONNECTION_CLOSED ? "cut" : "odd");
        }
        kind = 0;
        code = SP_receive(mbox, &kind, from, 100, &count, groups, &type, &mismatch, ROOM, body);
        if (code < 0) end(code == CONNECTION_CLOSED || code == NET_ERROR_ON_SESSION ? "cut" : "odd");
        got(kind, from, count, groups, type, code);
    }
}

static void post(void) {
    char groups[GROUPS][MAX_GROUP_NAME] = {{0}};
    int order[GROUPS] = {0, 1, 2}, count = below(5) < 3 ? 1 : 2 + (int) below(2), member = 0;
    for (int i = 0; i < count; i++) {
        int other = i + (int) below((unsigned) (GROUPS - i)), swap = order[i];
        order[i] = order[other];
        order[other] = swap;
        strcpy(groups[i], colours[order[i]]);
        member |= joined[order[i]];
    }
    int service = services[below(6)] | (below(7) == 0 ? SELF_DISCARD : 0);
    int size = below(20) == 0 ? LARGEST : sizes[below(6)];
    memset(message, 0, HEAD);
    memcpy(message, &number, 4);
    strcpy(message + 4, last);
    memcpy(message + 36, &lastNumber, 4);
    memcpy(message + 40, &size, 4);
    fill(message + HEAD, self, number, size);
    note("sent %d %d %s %s %d %d\n", number, service, list(count, groups), last[0] ? last : "-", lastNumber, member);
    int16 type = (int16) (number % 1000);
    int code, whole = HEAD + size;
    const char (*to)[MAX_GROUP_NAME] = (const char (*)[MAX_GROUP_NAME]) groups;
    if (below(3) == 0) {
        scatter parts = {3, {{message, 7}, {message + 7, 0}, {message + 7, (size_t) (whole - 7)}}};
        code = SP_multigroup_scat_multicast(mbox, service, count, to, type, &parts);
    } else if (count == 1) {
        code = SP_multicast(mbox, service, groups[0], type, whole, message);
    } else {
        code = SP_multigroup_multicast(mbox, service, count, to, type, whole, message);
    }
    if (code != whole) end("cut");
    number++;
}

static void act(const char *fate) {
    for (int step = 0; step < STEPS; step++) {
        unsigned what = below(100), group = below(GROUPS);
        if (what < 20 && !joined[group]) {
            note("join %s\n", colours[group]);
            joined[group] = SP_join(mbox, colours[group]) == 0;
        } else if (what < 30 && joined[group]) {
            note("leave %s\n", colours[group]);
            SP_leave(mbox, colours[group]);
            joined[group] = below(5) < 2;
            if (!joined[group]) continue;
            note("join %s\n", colours[group]);
            SP_join(mbox, colours[group]);
        } else {
            post();
        }
        if (!strcmp(fate, "kill") && step == 15) raise(SIGKILL);
        if (strcmp(fate, "deaf") || step < 5) take(0);
    }
}

int main(int argc, char **argv) {
    if (argc != 7) return 2;
    alarm(60);
    wants = atoi(argv[4]) != 4;
    state = 0x9e3779b97f4a7c15u * (uint64_t) (atol(argv[3]) * 1000 + atol(argv[4]) + 1);
    file = open(argv[6], O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (file < 0 || SP_connect(argv[1], argv[2], 0, wants, &mbox, self) != ACCEPT_SESSION) return 1;
    note("name %s %d\n", self, wants);
    act(argv[5]);
    // What it was sent before it was cut, or before it woke, counts like everything else.
    if (!strcmp(argv[5], "deaf")) usleep(20000);
    if (SP_multicast(mbox, AGREED_MESS, self, 0, 3, "end") != 3) end("cut");
    while (!done) take(20000);
    note("finished\n");
    SP_disconnect(mbox);
    return 0;
}
