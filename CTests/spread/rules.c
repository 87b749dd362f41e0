// What a program of the flush layer may rely on while several groups and threads are about.
//   rules PORT@HOST
#include <fl.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include "tap.h"

static const char *where;
static mailbox a, b;
static char pa[MAX_GROUP_NAME], pb[MAX_GROUP_NAME];
static char groups[50][MAX_GROUP_NAME], body[2000], sender[MAX_GROUP_NAME];
static int kind, count, mismatch, more;
static int16 type;

static int receive(mailbox mbox, int asked) {
    kind = asked;
    return FL_receive(mbox, &kind, sender, 50, &count, groups, &type, &mismatch, sizeof body, body, &more);
}

// The next message for the user, or WOULD_BLOCK when none comes in a while.
static int next(mailbox mbox, int milliseconds) {
    for (;; milliseconds -= 20) {
        int code = receive(mbox, DONT_BLOCK);
        if (code != WOULD_BLOCK || milliseconds <= 0) return code;
        struct pollfd entry = {mbox, POLLIN, 0};
        poll(&entry, 1, 20);
    }
}

static int comes(mailbox mbox, int wanted) {
    return next(mbox, 5000) >= 0 && (kind & wanted) != 0;
}

// Takes all that is on its way.
static void drain(void) {
    for (int i = 0; i < 3; i++) {
        while (next(a, 100) >= 0) continue;
        while (next(b, 100) >= 0) continue;
    }
}

// Both in a group, both with its view.
static int gather(const char *group) {
    drain();
    if (FL_join(a, group) != 0 || !comes(a, REG_MEMB_MESS) || FL_join(b, group) != 0) return 0;
    if (!comes(a, FLUSH_REQ_MESS) || FL_flush(a, group) != 0) return 0;
    // The joiner agrees while it receives, and has its view when the other one's agreement has come.
    if (!comes(b, REG_MEMB_MESS) || count != 2 || !comes(a, REG_MEMB_MESS) || count != 2) return 0;
    drain();
    return 1;
}

static void in_and_out(void) {
    ok(gather("one"), "two members in a group");
    ok(FL_multicast(a, FIFO_MESS, "one", 1, 3, "abc") == 3, "a message");
    ok(next(b, 5000) == 3 && kind == FIFO_MESS, "FL-42: what was asked gives way to what was got");
    ok(receive(b, DONT_BLOCK) == WOULD_BLOCK && kind == DONT_BLOCK, "FL-42: and is the caller's to set again");
}

static void other_groups_go_on(void) {
    ok(gather("two"), "a second group");
    ok(FL_leave(b, "one") == 0 && comes(a, FLUSH_REQ_MESS) && !strcmp(sender, "one"), "one group is asked to flush");
    ok(FL_multicast(b, AGREED_MESS, "two", 5, 3, "two") == 3, "FL-50: in the other one is sent");
    int code = next(a, 5000);
    if (Is_transition_mess(kind)) code = next(a, 5000);
    ok(code == 3 && type == 5 && !strcmp(groups[0], "two"), "FL-50: and received, whatever the first one waits for");
    ok(next(a, 300) == WOULD_BLOCK, "FL-49: without the flush nothing more comes: nobody flushes for the program");
    ok(FL_flush(a, "one") == 0 && comes(a, REG_MEMB_MESS) && !strcmp(sender, "one") && count == 1,
        "FL-49: with it the view does");
}

static void *receive_one(void *data) {
    static char names[5][MAX_GROUP_NAME], room[100], from[MAX_GROUP_NAME];
    int service = 0, number, swapped, left;
    int16 what;
    (void) data;
    long code = FL_receive(a, &service, from, 5, &number, names, &what, &swapped, sizeof room, room, &left);
    return (void *) code;
}

static void one_waits_another_sends(void) {
    pthread_t thread;
    void *code;
    drain();
    pthread_create(&thread, NULL, receive_one, NULL);
    usleep(50000);
    ok(FL_multicast(a, FIFO_MESS, "two", 9, 4, "self") == 4, "FL-48: one sends while another is in a receive");
    pthread_join(thread, &code);
    ok((long) code == 4, "FL-48: which gets it");
}

static void nobody_named(void) {
    mailbox mbox = -1, plain = -1;
    char group[MAX_GROUP_NAME];
    int direct = SP_connect(NULL, "fn", 0, 1, &plain, group);
    if (direct == ACCEPT_SESSION) SP_disconnect(plain);
    is_int(FL_connect(NULL, "fn", 0, &mbox, group), direct, "FLB-7: no daemon's name is the usual daemon");
    if (direct == ACCEPT_SESSION) FL_disconnect(mbox);
    is_int(FL_connect(where, "fn", 0, NULL, group), ILLEGAL_PARAM, "and no place for the mailbox is refused");
}

static void told(void) {
    char text[400] = "";
    int kept, ends[2];
    fflush(stdout);
    if (pipe(ends) != 0 || (kept = dup(1)) < 0) return;
    dup2(ends[1], 1);
    FL_error(ILLEGAL_STATE);
    FL_error(ILLEGAL_GROUP);
    fflush(stdout);
    dup2(kept, 1);
    ssize_t size = read(ends[0], text, sizeof text - 1);
    close(kept);
    close(ends[0]);
    close(ends[1]);
    ok(size > 0 && !strncmp(text, "FL_error: (-27) ", 16), "FL-51: its own codes it tells itself");
    ok(strstr(text, "SP_error: (-14) ") != NULL, "FL-51: others are SP_error's");
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    where = argv[1];
    ok(FL_connect(where, "ra", 0, &a, pa) == 1 && FL_connect(where, "rb", 0, &b, pb) == 1, "connected");
    in_and_out();
    other_groups_go_on();
    one_waits_another_sends();
    nobody_named();
    told();
    ok(FL_disconnect(a) == 0 && FL_disconnect(b) == 0, "disconnected");
    return done_testing();
}
