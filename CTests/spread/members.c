// Two members of the flush layer in one group, through everything a view can do.
//   members PORT@HOST
#include <fl.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include "tap.h"

static char groups[50][MAX_GROUP_NAME], body[200000], sender[MAX_GROUP_NAME];
static int kind, count, mismatch, more;
static int16 type;
static const char *where;

static int receive(mailbox mbox, int asked, int most, int room) {
    kind = asked;
    return FL_receive(mbox, &kind, sender, most, &count, groups, &type, &mismatch, room, body, &more);
}

// The next message for the user, while the other member does its part.
static int next(mailbox mbox, mailbox other) {
    for (int i = 0; i < 1000; i++) {
        int code = receive(mbox, DONT_BLOCK, 50, sizeof body);
        if (code != WOULD_BLOCK) return code;
        struct pollfd entries[2] = {{mbox, POLLIN, 0}, {other, POLLIN, 0}};
        poll(entries, other < 0 ? 1 : 2, 20);
        int quiet = DONT_BLOCK, names, swapped, left;
        int16 what;
        static char far[50][MAX_GROUP_NAME], from[MAX_GROUP_NAME];
        // Without room the message stays: only what is the library's own is done.
        if (other >= 0) FL_receive(other, &quiet, from, 0, &names, far, &what, &swapped, 0, NULL, &left);
    }
    return WOULD_BLOCK;
}

static int changed(const char *who) {
    int listed;
    memcpy(&listed, body + FL_get_num_vs_offset_memb_mess(), sizeof listed);
    return listed == 1 && !strcmp(body + FL_get_vs_set_offset_memb_mess(), who);
}

static void *wait_for_one(void *data) {
    int kind = 0, count, mismatch, more;
    int16 type;
    char sender[MAX_GROUP_NAME], names[1][MAX_GROUP_NAME], room[100];
    long code = FL_receive(*(mailbox *) data, &kind, sender, 1, &count, names, &type, &mismatch, 100, room, &more);
    return (void *) code;
}

static mailbox a, b;
static char pa[MAX_GROUP_NAME], pb[MAX_GROUP_NAME];

static void alone(void) {
    ok(FL_lib_init() == 0 && FL_lib_init() == ILLEGAL_STATE, "FL-1: once");
    ok(FL_connect(where, "fa", 0, &a, pa) == 1 && FL_connect(where, "fb", 0, &b, pb) == 1, "FL-2: connected");
    ok(FL_multicast(a, FIFO_MESS, "fg", 1, 1, "x") == ILLEGAL_GROUP && FL_leave(a, "fg") == ILLEGAL_GROUP
            && FL_flush(a, "fg") == ILLEGAL_GROUP, "FL-52: nothing before the join");
    ok(FL_join(a, "a b") == ILLEGAL_GROUP && FL_join(a, NULL) == ILLEGAL_GROUP && FL_join(a, "fg") == 0, "FL-6: joins");
    ok(FL_join(a, "fg") == ILLEGAL_GROUP && FL_leave(a, "fg") == ILLEGAL_GROUP, "FL-7, FL-8: not twice, not back");
    ok(next(a, -1) == 48 && kind == (REG_MEMB_MESS | CAUSED_BY_JOIN) && !strcmp(sender, "fg") && count == 1,
        "FL-39: its view");
    ok(changed(pa) && type == 0 && mismatch == 0 && more == 0, "C.6: and the joiner in it");
    ok(FL_multicast(a, FIFO_MESS, "fg", 11, 4, "own1") == 4 && next(a, -1) == 4 && type == 11 && !memcmp(body,
        "own1", 4),
        "FL-34: its own message");
    ok(FL_flush(a, "fg") == ILLEGAL_STATE, "FL-13: nobody asked for a flush");
}

static void together(void) {
    ok(FL_join(b, "fg") == 0 && next(a, -1) == 0 && kind == FLUSH_REQ_MESS && !strcmp(sender, "fg") && count == 0,
        "FL-11: one request");
    ok(FL_multicast(a, FIFO_MESS, "fg", 12, 4, "auth") == 4 && FL_multicast(a, AGREED_MESS, "fg", 13, 4, "agrd") == 4,
        "FL-26, FL-27, FL-28: sends before the flush");
    ok(FL_flush(a, "fg") == 0 && FL_multicast(a, FIFO_MESS, "fg", 1, 1, "x") == ILLEGAL_STATE
            && FL_flush(a, "fg") == ILLEGAL_STATE, "FL-13: and not after it");
    ok(next(a, b) == 4 && type == 12 && !memcmp(body, "auth", 4), "FL-34: a vulnerable message is as it was");
    ok(next(a, b) == 4 && type == 13, "VS-1: in the view it was sent in");
    ok(next(a, b) == 48 && count == 2 && type == 0 && changed(pb), "FL-14: the view with both");
    ok(next(b, a) == 48 && count == 2 && type == 1 && changed(pb),
        "FL-12, FL-35: the same for the joiner, with nothing before it");
    ok(FL_multicast(b, FIFO_MESS, "fg", 15, 4, "stdy") == 4 && next(a, b) == 4 && next(b, a) == 4 && type == 15,
        "VS-2: for both");
    char to[2][MAX_GROUP_NAME] = {"", ""};
    strcpy(to[0], pa);
    strcpy(to[1], pb);
    ok(FL_subgroupcast(b, AGREED_MESS, "fg", 2, to, 16, 10, "0123456789") == 10, "FL-31: to some");
    ok(receive(a, 0, 3, 9) == BUFFER_TOO_SHORT && mismatch == -10 && count == 0, "FL-43: how much room it needs");
    ok(receive(a, 0, 2, 10) == GROUPS_TOO_SHORT && count == -3 && mismatch == 0, "FL-43: and how many names");
    ok(receive(a, DROP_RECV, 1, 4) == GROUPS_TOO_SHORT && count == -3 && !strcmp(groups[0], "fg") && !memcmp(body,
        "0123", 4),
        "FL-45: dropped, the group is the last name");
    ok(next(b, a) == 10 && count == 3 && !strcmp(groups[2], "fg") && (kind & SUBGROUP_CAST),
        "FL-36, FL-44: all receivers");
    ok(FL_unicast(b, FIFO_MESS, "fg", "#zz#localhost", 1, 1, "x") == ILLEGAL_RECEIVERS, "FL-30: to a stranger");
    ok(FL_unicast(b, FIFO_MESS, "fg", pa, 17, 3, "uni") == 3 && next(a, b) == 3 && count == 2, "FL-31: to one");
    ok(FL_multicast(a, SAFE_MESS, pb, 18, 4, "priv") == 4 && next(b, a) == 4 && !strcmp(groups[0], pb),
        "FL-29, FL-37: to a private group");
    scatter pieces = {2, {{"ab", 2}, {"c", 1}}};
    ok(FL_scat_multicast(a, CAUSAL_MESS, "fg", 5, &pieces) == 3 && pieces.num_elements == 2 && next(b, a) == 3
            && !memcmp(body, "abc", 3), "FL-28: in pieces, which stay as they are");
    ok(next(a, b) == 3, "and for the sender");
}

static void refused(void) {
    char to[1][MAX_GROUP_NAME] = {""};
    scatter many = {FL_MAX_SCATTER_ELEMENTS + 1, {{0}}};
    ok(FL_multicast(a, FIFO_MESS, "fg", -32766, 1, "x") == ILLEGAL_MESSAGE_TYPE, "FL-24: a type of the library's own");
    ok(FL_multicast(a, FIFO_MESS | REG_MEMB_MESS, "fg", 1, 1, "x") == ILLEGAL_SERVICE
            && FL_multicast(a, FIFO_MESS | FLUSH_REQ_MESS, "fg", 1, 1, "x") == ILLEGAL_SERVICE
            && FL_multicast(a, FIFO_MESS | AGREED_MESS, "fg", 1, 1, "x") == ILLEGAL_SERVICE
            && FL_multicast(a, 0, "fg", 1, 1, "x") == ILLEGAL_SERVICE, "FL-24, FL-25: services nobody may ask for");
    ok(FL_subgroupcast(a, FIFO_MESS, "fg", -1, to, 1, 1, "x") == ILLEGAL_PARAM, "FL-24: less than no receivers");
    ok(FL_scat_multicast(a, FIFO_MESS, "fg", 1, &many) == ILLEGAL_MESSAGE, "FL-24: too many pieces");
    ok(FL_multicast(a, AGREED_MESS, "fg", 1, 150000, body) == MESSAGE_TOO_LONG, "FL-32: too long");
    ok(receive(a, 0, -1, 0) == ILLEGAL_PARAM && receive(a, DONT_BLOCK, 1, 10) == WOULD_BLOCK && kind == DONT_BLOCK,
        "FL-40, FL-41: no room, nothing there");
    ok(FL_receive(a, NULL, NULL, -1, NULL, NULL, NULL, NULL, 0, NULL, NULL) == ILLEGAL_PARAM, "nothing but NULL");
    ok(FL_join(9999, "g") == ILLEGAL_SESSION && FL_poll(9999) == ILLEGAL_SESSION
        && FL_more_msgs(9999) == ILLEGAL_SESSION
            && FL_disconnect(9999) == ILLEGAL_SESSION, "FL-3: no such mailbox");
}

static void apart(void) {
    ok(FL_leave(b, "fg") == 0 && FL_leave(b, "fg") == ILLEGAL_GROUP && FL_multicast(b, FIFO_MESS, "fg", 1, 1,
        "x") == ILLEGAL_GROUP,
        "FL-8: leaves once");
    ok(next(b, -1) == 0 && kind == CAUSED_BY_LEAVE && type == -1 && !strcmp(sender, "fg") && count == 0,
        "FL-9: the self-leave");
    ok(next(a, -1) == 0 && kind == FLUSH_REQ_MESS && more == 1 && FL_more_msgs(a) == 1 && FL_poll(a) > 0,
        "FL-21, FL-46, FL-47: asked");
    ok(next(a, -1) == 0 && kind == TRANSITION_MESS && more == 0, "FL-22: then told of the loss");
    ok(FL_flush(a, "fg") == 0 && next(a, -1) == 48 && kind == (REG_MEMB_MESS | CAUSED_BY_LEAVE) && changed(pb),
        "FL-21: then the view");
    ok(FL_join(b, "fg") == 0 && next(a, b) == 0 && kind == FLUSH_REQ_MESS && FL_flush(a, "fg") == 0,
        "FL-9: comes again");
    ok(next(a, b) == 48 && next(b, a) == 48 && count == 2, "FLB-6: a view for both");
    ok(FL_disconnect(b) == 0 && FL_disconnect(b) == ILLEGAL_SESSION, "FL-4: gone");
    ok(next(a, -1) == 0 && kind == FLUSH_REQ_MESS && next(a, -1) == 0 && kind == TRANSITION_MESS,
        "FL-21: the other one is told");
    ok(FL_flush(a, "fg") == 0 && next(a, -1) == 48 && kind == (REG_MEMB_MESS | CAUSED_BY_DISCONNECT),
        "and has its view");
    ok(FL_leave(a, "fg") == 0 && receive(a, DROP_RECV, 0, 0) == 0 && kind == CAUSED_BY_LEAVE, "FLB-2: no room at all");
    pthread_t thread;
    void *code;
    pthread_create(&thread, NULL, wait_for_one, &a);
    usleep(20000);
    ok(FL_disconnect(a) == 0, "FL-4: a disconnect while one waits");
    pthread_join(thread, &code);
    ok((long) code == CONNECTION_CLOSED || (long) code == ILLEGAL_SESSION, "FL-5: wakes it: %ld", (long) code);
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    where = argv[1];
    alone();
    together();
    refused();
    apart();
    return done_testing();
}
