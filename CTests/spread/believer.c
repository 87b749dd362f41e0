// The flush layer against daemon.py, whose behaviour the private name chooses.
//   believer PORT@HOST
#include <fl.h>
#include <malloc.h>
#include <unistd.h>

#include "tap.h"

static const char *where;
static char groups[200][MAX_GROUP_NAME], body[20000], sender[MAX_GROUP_NAME];
static int kind, count, mismatch, more;
static int16 type;

static int dial(const char *name, mailbox *mbox) {
    char group[MAX_GROUP_NAME];
    return FL_connect(where, name, 0, mbox, group);
}

static int receive(mailbox mbox, int room) {
    kind = 0;
    return FL_receive(mbox, &kind, sender, 200, &count, groups, &type, &mismatch, room, body, &more);
}

static void versions(void) {
    mailbox mbox = -1;
    is_int(dial("old", &mbox), REJECT_VERSION, "FL-2: a daemon of 3.0 is refused");
    is_int(dial("old311", &mbox), REJECT_VERSION, "FL-2: as is one of 3.11");
    is_int(dial("old312", &mbox), ACCEPT_SESSION, "FL-2: one of 3.12 is not");
    ok(FL_disconnect(mbox) == 0, "and can be left");
    char group[MAX_GROUP_NAME];
    is_int(SP_connect(where, "old311", 0, 1, &mbox, group), ACCEPT_SESSION, "without the flush layer 3.11 will do");
    SP_disconnect(mbox);
}

static void strays(void) {
    mailbox mbox = -1;
    FILE *errors = freopen("/dev/null", "w", stderr);
    int ends[2];
    if (errors == NULL || pipe(ends) != 0) return;
    dup2(ends[1], 2);
    close(ends[1]);
    is_int(dial("stray", &mbox), ACCEPT_SESSION, "a daemon that delivers what was never asked for");
    is_int(receive(mbox, sizeof body), 2, "FL-38: data of a group one is not in is passed over");
    ok(!strcmp(sender, "#b#d") && !memcmp(body, "me", 2), "and what is for oneself comes");
    FL_disconnect(mbox);
    close(2);
    char said[10];
    ok(read(ends[0], said, sizeof said) == 0, "FL-38: without a word on stderr");
    close(ends[0]);
}

static size_t in_use(void) {
    return mallinfo2().uordblks;
}

static void networks(void) {
    mailbox mbox = -1;
    is_int(dial("nets", &mbox), ACCEPT_SESSION, "a daemon whose network keeps splitting");
    is_int(FL_join(mbox, "g"), 0, "joined");
    int views = 0, trouble = 0;
    size_t before = 0;
    while (views < 600) {
        int code = receive(mbox, sizeof body);
        if (code < 0) { trouble = code; break; }
        if (Is_flush_req_mess(kind)) {
            if (FL_flush(mbox, "g") != 0) trouble++;
        } else if (Is_reg_memb_mess(kind) && ++views == 100) {
            before = in_use();
        }
    }
    ok(views == 600 && trouble == 0, "FLB-1: 600 views of the network, %d with trouble", trouble);
    size_t after = in_use();
    ok(after < before + 20000, "FLB-8: and none of them is kept (%zu bytes, then %zu)", before, after);
    FL_disconnect(mbox);
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    where = argv[1];
    versions();
    strays();
    networks();
    return done_testing();
}
