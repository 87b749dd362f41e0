// Does a little of everything, for whoever reads the trace; or does not read until it is cut.
//   traced DAEMON talk|slow
#include <fl.h>
#include <string.h>

#include "tap.h"

static const char *where;
static char groups[20][MAX_GROUP_NAME], body[20000], sender[MAX_GROUP_NAME];
static int kind, count, mismatch, more;
static int16 type;

static int receive(mailbox mbox, int room) {
    kind = 0;
    return SP_receive(mbox, &kind, sender, 20, &count, groups, &type, &mismatch, room, body);
}

static int flushed(mailbox mbox) {
    kind = 0;
    return FL_receive(mbox, &kind, sender, 20, &count, groups, &type, &mismatch, sizeof body, body, &more);
}

static void talk(void) {
    mailbox mbox, other;
    char mine[MAX_GROUP_NAME], to[2][MAX_GROUP_NAME] = {"words", "nobody"};
    ok(SP_connect(where, "talker", 0, 1, &mbox, mine) == ACCEPT_SESSION, "connects");
    ok(SP_connect(where, "talker", 0, 1, &other, mine) == REJECT_NOT_UNIQUE, "not twice");
    ok(SP_join(mbox, "words") == 0 && receive(mbox, sizeof body) == 56, "joins");
    ok(SP_multicast(mbox, FIFO_MESS, "words", 17, 5, "hello") == 5, "speaks");
    ok(receive(mbox, 2) == BUFFER_TOO_SHORT && receive(mbox, 100) == 5, "hears, when it has room");
    ok(SP_multigroup_multicast(mbox, SAFE_MESS | SELF_DISCARD, 2, to, -3, 1, "x") == 1, "speaks to others");
    ok(SP_leave(mbox, "words") == 0 && receive(mbox, 100) == 0, "leaves");
    ok(SP_disconnect(mbox) == 0, "goes");
    ok(FL_connect(where, "flusher", 0, &mbox, mine) == ACCEPT_SESSION && FL_join(mbox, "views") == 0, "a flush layer");
    ok(flushed(mbox) == 48 && FL_multicast(mbox, AGREED_MESS, "views", 1, 3, "abc") == 3 && flushed(mbox) == 3,
        "speaks in its view");
    ok(FL_disconnect(mbox) == 0, "goes too");
}

// Never reads while another one speaks to it.
static void slow(void) {
    mailbox mbox, other;
    char mine[MAX_GROUP_NAME];
    ok(SP_connect(where, "slow", 0, 1, &mbox, mine) == ACCEPT_SESSION && SP_join(mbox, "words") == 0
            && receive(mbox, sizeof body) == 56, "one that joins");
    ok(SP_connect(where, "fast", 0, 0, &other, mine) == ACCEPT_SESSION, "and one that speaks");
    int sent = 0, heard = 0, code;
    for (int i = 0; i < 600; i++) sent += SP_multicast(other, FIFO_MESS, "words", 0, 10000, body) == 10000;
    ok(sent == 600, "all is said");
    // The daemon has dealt with what it was sent when this comes back.
    ok(SP_multicast(other, FIFO_MESS, mine, 0, 1, "x") == 1 && receive(other, 10) == 1, "and has arrived");
    while ((code = receive(mbox, sizeof body)) == 10000) heard++;
    ok(code == CONNECTION_CLOSED && heard < 600, "the slow one is cut");
    SP_disconnect(mbox);
    SP_disconnect(other);
}

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    where = argv[1];
    if (!strcmp(argv[2], "talk")) talk(); else slow();
    return done_testing();
}
