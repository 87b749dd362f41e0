// The library against daemon.py, whose behaviour the private name chooses: a recorded session, and every lie.
//   client PORT@HOST
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sp.h>
#include <unistd.h>

#include "tap.h"

static const char *where;
static char groups[200][MAX_GROUP_NAME], body[200000], sender[MAX_GROUP_NAME];
static int kind, count, mismatch;
static int16 type;

static int dial(const char *name, mailbox *mbox) {
    char group[MAX_GROUP_NAME];
    return SP_connect(where, name, 0, 1, mbox, group);
}

static int receive(mailbox mbox, int asked, int most, int room) {
    kind = asked;
    return SP_receive(mbox, &kind, sender, most, &count, groups, &type, &mismatch, room, body);
}

static void recorded(void) {
    mailbox mbox;
    char group[MAX_GROUP_NAME], to[3][MAX_GROUP_NAME] = {"grp", "nosuch", "#bob#localhost"};
    membership_info info;
    ok(SP_connect(where, "alice", 0, 1, &mbox, group) == 1, "B.2: connects as recorded");
    ok(!strcmp(group, "#alice#localhost"), "the private group");
    ok(SP_join(mbox, "grp") == 0 && receive(mbox, 0, 50, sizeof body) == 56 && kind == 0x1100, "B.7: the join's view");
    ok(count == 1 && type == 0 && mismatch == 0 && !strcmp(sender, "grp"), "and who is in it");
    ok(SP_get_memb_info(body, kind, &info) == 1 && info.gid.id[2] == 1 && info.my_vs_set.members_offset == 24
            && !strcmp(info.changed_member, group), "and its body");
    ok(receive(mbox, 0, 50, sizeof body) == 56 && count == 2, "another one joins");
    vs_set_info set;
    unsigned int own = 9;
    char members[2][MAX_GROUP_NAME];
    ok(SP_get_vs_sets_info(body, &set, 1, &own) == 1 && own == 0 && set.num_members == 1, "its only set");
    ok(SP_get_vs_sets_info(body, &set, 0, &own) == BUFFER_TOO_SHORT, "without room for it");
    ok(SP_get_vs_set_members(body, &set, members, 2) == 1 && !strcmp(members[0], "#bob#localhost"), "its member");
    ok(SP_get_vs_set_members(body, &set, members, 0) == BUFFER_TOO_SHORT, "without room for it");
    ok(SP_multicast(mbox, FIFO_MESS, "grp", 0x1234, 5, "hello") == 5, "ORD-8: sends");
    ok(receive(mbox, 0, 50, sizeof body) == 5 && kind == FIFO_MESS && type == 0x1234 && !memcmp(body, "hello", 5),
        "and gets its own");
    ok(SP_multicast(mbox, AGREED_MESS | SELF_DISCARD, "grp", -2, 5, "world") == 5, "sends to others");
    ok(SP_multigroup_multicast(mbox, SAFE_MESS, 3, to, 7, 3, "abc") == 3, "sends to three groups");
    ok(receive(mbox, 0, 50, sizeof body) == 3 && count == 3 && !strcmp(groups[2], to[2]), "ORD-10: once, naming all");
    scatter out = {2, {{"p", 1}, {"v", 1}}};
    ok(SP_scat_multicast(mbox, CAUSAL_MESS | DROP_RECV | 0x40000000, to[2], 9, &out) == 2, "in pieces, all bits kept");
    ok(SP_multicast(mbox, RELIABLE_MESS, "grp", 0, 0, "") == 0 && receive(mbox, 0, 50, sizeof body) == 0,
        "nothing at all");
    ok(receive(mbox, 0, 50, sizeof body) == 56 && kind == 0x1200, "the other one leaves");
    ok(receive(mbox, 0, 50, sizeof body) == 56 && kind == 0x1100, "comes again");
    ok(receive(mbox, 0, 50, sizeof body) == 56 && kind == 0x1400, "and is gone");
    ok(SP_leave(mbox, "grp") == 0 && receive(mbox, 0, 50, sizeof body) == 0 && Is_self_leave(kind) && type == -1,
        "the self-leave");
    ok(SP_get_memb_info(body, kind, &info) == 1 && info.num_vs_sets == 0, "says no more");
    ok(SP_disconnect(mbox) == 0 && SP_disconnect(mbox) == ILLEGAL_SESSION, "E.17: a goodbye with nothing behind it");
}

static void drops(void) {
    mailbox mbox;
    ok(dial("short", &mbox) == 1, "a daemon that sends byte by byte");
    ok(receive(mbox, 0, 1, 4) == GROUPS_TOO_SHORT && count == -2 && mismatch == -10, "B.9: both are short");
    ok(kind == FIFO_MESS && !strcmp(sender, "#a#d"), "the kind and the sender are told");
    ok(receive(mbox, 0, 2, 4) == BUFFER_TOO_SHORT && count == 0 && mismatch == -10, "B.9: the data is short");
    ok(receive(mbox, DROP_RECV, 2, 4) == BUFFER_TOO_SHORT && count == 2 && mismatch == 0, "B.9: dropped while short");
    ok(!memcmp(body, "0123", 4), "what fits is there");
    ok(receive(mbox, 0, 2, 100) == 4 && !memcmp(body, "next", 4) && !strcmp(sender, "#b#d"),
        "B.9: and the stream is in step");
    SP_kill(mbox);
    dial("short1", &mbox);
    ok(receive(mbox, DROP_RECV, 1, 100) == 10 && count == -2 && !strcmp(groups[0], "g"), "B.9: only groups are short");
    ok(receive(mbox, 0, 2, 100) == 4, "and the next follows");
    SP_disconnect(mbox);
    dial("short2", &mbox);
    scatter in = {3, {{body, 3}, {body + 100, 0}, {body + 200, 100}}};
    kind = 0;
    ok(SP_scat_receive(mbox, &kind, sender, 2, &count, groups, &type, &mismatch, &in) == 10, "scattered");
    ok(!memcmp(body, "012", 3) && !memcmp(body + 200, "3456789", 7), "over the pieces in order");
    SP_disconnect(mbox);
}

static void otherOrder(void) {
    mailbox mbox;
    vs_set_info sets[2];
    unsigned int own;
    dial("big", &mbox);
    ok(receive(mbox, 0, 5, 100) == 3 && mismatch != 0 && type == 0x1234, "B.3: data of the other byte order");
    ok(receive(mbox, 0, 5, 200) > 0 && mismatch == 0 && type == 0, "B.7: a view of the other byte order");
    ok(SP_get_vs_sets_info(body, sets, 2, &own) == 2 && own == 1 && sets[0].num_members == 2, "its sets");
    scatter split = {0};
    for (int i = 0; i < 100; i++) split.elements[i] = (scat_element){body + 2 * i, 2};
    split.num_elements = 100;
    char members[2][MAX_GROUP_NAME];
    ok(SP_scat_get_vs_sets_info(&split, sets, 2, &own) == 2 && own == 1, "B.9: from fields that are split");
    ok(SP_scat_get_vs_set_members(&split, &sets[0], members, 2) == 2 && !strcmp(members[1], "#c#x"), "and names");
    SP_disconnect(mbox);
}

static void lies(void) {
    static const struct { const char *name; int code; } greetings[] = {{"refused", REJECT_NOT_UNIQUE},
        {"early", CONNECTION_CLOSED}, {"len0", CONNECTION_CLOSED}, {"len32", CONNECTION_CLOSED},
        {"len200", CONNECTION_CLOSED}, {"old", REJECT_VERSION}, {"denied", REJECT_AUTH}, {"odd", CONNECTION_CLOSED}};
    static const struct { const char *name; int code; } streams[] = {{"negdata", ILLEGAL_MESSAGE},
        {"neggroup", ILLEGAL_MESSAGE}, {"huge", GROUPS_TOO_SHORT}, {"badview", ILLEGAL_MESSAGE},
        {"badoffset", ILLEGAL_MESSAGE}, {"cut", CONNECTION_CLOSED}};
    mailbox mbox = -7;
    for (size_t i = 0; i < sizeof greetings / sizeof *greetings; i++) {
        int code = dial(greetings[i].name, &mbox);
        ok(code == greetings[i].code && mbox == -7, "E.15: a greeting: %s: %d", greetings[i].name, code);
    }
    for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
        dial(streams[i].name, &mbox);
        int code = receive(mbox, 0, 200, sizeof body);
        ok(code == streams[i].code, "E.16: a message: %s: %d", streams[i].name, code);
        if (!strncmp(streams[i].name, "bad", 3)) {
            ok(receive(mbox, 0, 200, sizeof body) == 4, "and the next one is good");
        } else if (code == CONNECTION_CLOSED) {
            ok(receive(mbox, 0, 2, 2) == NET_ERROR_ON_SESSION && SP_join(mbox, "g") == NET_ERROR_ON_SESSION,
                "A.7: told once, then the session is in error");
        }
        ok(SP_disconnect(mbox) == 0, "and it can be ended");
    }
    dial("huge", &mbox);
    ok(receive(mbox, DROP_RECV, 200, sizeof body) < 0, "E.16: the huge one dropped");
    SP_disconnect(mbox);
    dial("forged", &mbox);
    ok(receive(mbox, 0, 5, 100) == 1 && kind == FIFO_MESS, "E.8: data is no membership, whatever its bits say");
    SP_disconnect(mbox);
    dial("reject", &mbox);
    ok(receive(mbox, 0, 5, 100) == 3 && Is_reject_mess(kind) && (kind & FIFO_MESS) && type == 5 && !strcmp(groups[0],
        "g"),
        "B.6: a message that came back");
    SP_disconnect(mbox);
    dial("names", &mbox);
    ok(receive(mbox, 0, 5, 100) == 0 && strlen(groups[0]) == 31, "E.4: a name without an end gets one");
    SP_disconnect(mbox);
}

static void arguments(void) {
    static char many[400][MAX_GROUP_NAME];
    mailbox mbox;
    char group[MAX_GROUP_NAME];
    scatter bad = {MAX_CLIENT_SCATTER_ELEMENTS + 1, {{0}}};
    int a = 0, b, c;
    ok(SP_connect("nonsense", "a", 0, 1, &mbox, group) == ILLEGAL_SPREAD, "B.1: no port");
    ok(SP_connect("1@127.0.0.1", "a", 0, 1, &mbox, group) == COULD_NOT_CONNECT, "nobody listens");
    ok(SP_connect(where, "none", 0, 1, NULL, group) < 0, "no place for the mailbox");
    sp_time brief = {0, 200000}, negative = {-1, 0};
    int code = SP_connect_timeout(where, "silent", 0, 1, &mbox, group, brief);
    ok(code == CONNECTION_CLOSED || code == COULD_NOT_CONNECT, "a daemon that says nothing");
    ok(SP_connect_timeout(where, "none", 0, 1, &mbox, group, negative) == ILLEGAL_TIME, "a negative time");
    ok(dial("none", &mbox) == 1 && SP_poll(mbox) == 0, "connected");
    ok(SP_multigroup_multicast(mbox, FIFO_MESS, 312, many, 0, 0, "") == ILLEGAL_GROUP, "E.14: too many groups");
    ok(SP_multigroup_multicast(mbox, FIFO_MESS, -1, many, 0, 0, "") == ILLEGAL_GROUP, "E.14: less than none");
    ok(SP_multicast(mbox, 0, "g", 0, 1, "x") == ILLEGAL_SERVICE, "no service");
    ok(SP_multicast(mbox, FIFO_MESS, "g", 0, 143969, body) == MESSAGE_TOO_LONG, "one byte too many");
    ok(SP_multicast(mbox, FIFO_MESS, "g", 0, 143968, body) == 143968, "the largest there is");
    ok(SP_multicast(mbox, FIFO_MESS, "g", 0, -1, body) == ILLEGAL_MESSAGE, "a negative length");
    ok(SP_multicast(mbox, FIFO_MESS, NULL, 0, 0, NULL) == ILLEGAL_GROUP, "no group");
    ok(SP_scat_multicast(mbox, FIFO_MESS, "g", 0, &bad) == ILLEGAL_MESSAGE, "too many pieces");
    ok(SP_scat_multicast(mbox, FIFO_MESS, "g", 0, NULL) == ILLEGAL_MESSAGE, "no pieces");
    ok(SP_join(mbox, "a b") == ILLEGAL_GROUP && SP_join(mbox, NULL) == ILLEGAL_GROUP, "a name nobody may join");
    ok(receive(mbox, 0, -1, 0) < 0 && receive(mbox, 0, 0, -1) < 0, "less than no room");
    SP_disconnect(mbox);
    ok(SP_join(999, "g") == ILLEGAL_SESSION && SP_poll(-1) == ILLEGAL_SESSION, "no such mailbox");
    ok(SP_receive(999, NULL, NULL, 0, NULL, NULL, NULL, NULL, 0, NULL) == ILLEGAL_SESSION, "nothing but NULL");
    SP_kill(999);
    ok(SP_get_memb_info(NULL, 0x1100, NULL) == ILLEGAL_MESSAGE && SP_get_vs_sets_info(NULL, NULL, 0, NULL) < 0
            && SP_get_vs_set_members(NULL, NULL, NULL, 0) < 0, "E.16: no body");
    ok(SP_version(&a, &b, &c) == 1 && a == 5 && SP_version(NULL, &b, &c) == 0, "the version");
    ok(SP_set_auth_method(NULL, NULL, NULL) == 0 && SP_set_auth_methods(4, NULL, NULL, NULL) == 0, "no methods");
    group_id one = {{1, 2, 3}}, two = {{1, 2, 4}};
    ok(SP_equal_group_ids(one, one) == 1 && SP_equal_group_ids(one, two) == 0, "identities");
    ok(strlen(SP_strerror(-12345)) > 0 && strcmp(SP_strerror(-1), SP_strerror(-2)), "texts");
}

static int asked;
static int prove(int fd, void *data) {
    asked += fd >= 0 && data == &asked;
    return asked < 2;
}

static void *wait_for_one(void *data) {
    static __thread char room[100];
    int kind = 0, count, mismatch;
    int16 type;
    char sender[MAX_GROUP_NAME], names[1][MAX_GROUP_NAME];
    long code = SP_receive(*(mailbox *) data, &kind, sender, 1, &count, names, &type, &mismatch, sizeof room, room);
    return (void *) code;
}

static void threads(void) {
    mailbox mbox, other;
    ok(SP_set_auth_method("NULL", prove, &asked) == 1 && dial("none1", &mbox) == 1 && asked == 1,
        "a method of ours runs");
    ok(dial("none2", &other) == REJECT_AUTH, "and may refuse");
    asked = -9;
    SP_set_auth_methods(0, NULL, NULL, NULL);
    pthread_t thread;
    void *code;
    pthread_create(&thread, NULL, wait_for_one, &mbox);
    struct pollfd entry = {mbox, POLLIN, 0};
    ok(poll(&entry, 1, 50) == 0, "nothing to read");
    ok(SP_disconnect(mbox) == 0, "a disconnect while one waits");
    pthread_join(thread, &code);
    ok((long) code == CONNECTION_CLOSED || (long) code == ILLEGAL_SESSION,
        "wakes the one that waits: %ld", (long) code);
    mailbox many[1024];
    int made = 0;
    for (int i = 0; i < 20; i++) {
        char name[11];
        snprintf(name, sizeof name, "none%d", i);
        made += dial(name, &many[i]) == 1;
    }
    ok(made == 20, "twenty connections");
    for (int i = 0; i < 20; i++) SP_disconnect(many[i]);
    ok(dial("none", &mbox) == 1, "one whose descriptor the program closes itself");
    close(mbox);
    ok(dial("none", &other) == 1 && other == mbox && SP_join(other, "g") == 0 && SP_disconnect(other) == 0,
        "does not harm the next of that number");
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    where = argv[1];
    recorded();
    drops();
    otherOrder();
    lies();
    arguments();
    threads();
    return done_testing();
}
