// What programs see of a daemon through libspread, in words: every library prints the same on every daemon (probe.sh).
//   talk PORT@HOST
#include <fl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// One call, one line: the order of arguments is nobody's promise.
#define TELL(call) printf(#call ": %d\n", call)

enum { LARGEST = 143120, ROOM = 150000 };
static const char *where;
static char groups[100][MAX_GROUP_NAME], body[ROOM], sent[ROOM], daemonName[MAX_GROUP_NAME];

// Private groups end in the daemon's name, which is not the same everywhere.
static const char *plain(const char *name) {
    static char texts[8][64];
    static int next;
    char *text = texts[next++ % 8];
    const char *end = name[0] == '#' ? strchr(name + 1, '#') : NULL;
    if (end != NULL && !strcmp(end + 1, daemonName)) snprintf(text, 64, "%.*s#D", (int) (end - name), name);
    else snprintf(text, 64, "%s", name);
    return text;
}

static mailbox enter(const char *name, int membership) {
    mailbox mbox = -1;
    char group[MAX_GROUP_NAME] = "";
    int code = SP_connect(where, name, 0, membership, &mbox, group);
    if (code == ACCEPT_SESSION && !daemonName[0]) strcpy(daemonName, strrchr(group, '#') + 1);
    printf("connect '%s': %d %s\n", name, code, code == ACCEPT_SESSION && name[0] ? plain(group) : "");
    return code == ACCEPT_SESSION ? mbox : -1;
}

static void await(mailbox mbox) {
    struct pollfd entry = {mbox, POLLIN, 0};
    if (poll(&entry, 1, 10000) > 0) return;
    printf("nothing comes\n");
    exit(1);
}

static void sets(int kind) {
    membership_info info;
    vs_set_info all[8];
    unsigned own = 99;
    char members[8][MAX_GROUP_NAME];
    int code = SP_get_memb_info(body, kind, &info);
    printf("    info %d", code);
    if (Is_reg_memb_mess(kind)) {
        printf(" index %d changed %s sets %u own of %u at %u", info.gid.id[2], plain(info.changed_member),
            info.num_vs_sets, info.my_vs_set.num_members, info.my_vs_set.members_offset);
        int count = SP_get_vs_sets_info(body, all, 8, &own);
        printf("; %d sets, own %u:", count, own);
        for (int i = 0; i < count; i++) {
            int found = SP_get_vs_set_members(body, &all[i], members, 8);
            for (int m = 0; m < found; m++) printf(" %s", plain(members[m]));
        }
    }
    printf("\n");
}

// Receives once, with so much room.
static void show(const char *who, mailbox mbox, int asked, int names, int room) {
    int kind = asked, count = -99, mismatch = -99;
    int16 type = -99;
    char from[MAX_GROUP_NAME] = "";
    memset(body, 0, 64);
    await(mbox);
    int code = SP_receive(mbox, &kind, from, names, &count, groups, &type, &mismatch, room, body);
    printf("  %s: %d, 0x%x from %s, %d groups", who, code, (unsigned) kind, plain(from), count);
    for (int i = 0; i < count && i < names; i++) printf("%s%s", i == 0 ? ": " : " ", i < 3 ? plain(groups[i]) : ".");
    printf("; type %d mismatch %d", type, mismatch);
    if (code > 0 && Is_regular_mess(kind)) {
        printf(" '%.10s'%s", body, memcmp(body, sent, (size_t) code) ? " other" : "");
    }
    printf("\n");
    if (code >= 0 && Is_membership_mess(kind)) sets(kind);
}

static void whole(const char *who, mailbox mbox) { show(who, mbox, 0, 100, ROOM); }

static void say(mailbox mbox, int service, const char *group, int type, const char *text) {
    strcpy(sent, text);
    int code = SP_multicast(mbox, service, group, (int16) type, (int) strlen(text), sent);
    printf("send 0x%x to %s: %d\n", (unsigned) service, plain(group), code);
}

static void names(void) {
    enter("alice", 1);
    enter("a b", 1);
    enter("a#b", 1);
    mailbox mbox = enter("twelvecharsx", 1);
    TELL(SP_disconnect(mbox));
    TELL(SP_disconnect(mbox));
    mbox = enter("", 1);
    SP_disconnect(mbox);
}

static void services(mailbox a, mailbox b, mailbox c, const char *bob) {
    static const int all[] = {UNRELIABLE_MESS, RELIABLE_MESS, FIFO_MESS, CAUSAL_MESS, AGREED_MESS, SAFE_MESS};
    for (int i = 0; i < 6; i++) {
        say(a, all[i], "grp", 100 * i - 250, "each service");
        whole("a", a), whole("b", b), whole("c", c);
    }
    say(a, AGREED_MESS | SELF_DISCARD, "grp", 1, "not to me");
    whole("b", b), whole("c", c);
    say(b, FIFO_MESS | DROP_RECV, bob, 2, "to myself");
    whole("b", b);
    say(c, SAFE_MESS, "grp", 3, "");
    whole("a", a), whole("b", b), whole("c", c);
    scatter out = {3, {{"in ", 3}, {"", 0}, {"pieces", 6}}};
    strcpy(sent, "in pieces");
    printf("scattered: %d\n", SP_scat_multicast(a, CAUSAL_MESS, "grp", 4, &out));
    whole("a", a), whole("b", b), whole("c", c);
    char many[43][MAX_GROUP_NAME];
    for (int i = 0; i < 43; i++) snprintf(many[i], sizeof many[i], "none%d", i);
    strcpy(many[1], "grp");
    strcpy(many[2], bob);
    int code = SP_multigroup_multicast(a, AGREED_MESS, 43, (const char (*)[MAX_GROUP_NAME]) many, 5, 9, sent);
    printf("to 43 groups: %d\n", code);
    whole("a", a), whole("b", b), whole("c", c);
    for (int i = 0; i < LARGEST; i++) sent[i] = (char) (i * 7);
    printf("the largest: %d\n", SP_multicast(a, AGREED_MESS, bob, 6, LARGEST, sent));
    whole("b", b);
}

static void shorts(mailbox a, mailbox b) {
    const char to[2][MAX_GROUP_NAME] = {"grp", "other"};
    strcpy(sent, "0123456789");
    SP_multigroup_multicast(a, FIFO_MESS | SELF_DISCARD, 2, to, 7, 10, sent);
    show("both short", b, 0, 1, 4);
    show("data short", b, 0, 2, 4);
    show("enough", b, 0, 2, 10);
    SP_multigroup_multicast(a, FIFO_MESS | SELF_DISCARD, 2, to, 7, 10, sent);
    show("groups dropped", b, DROP_RECV, 1, 10);
    SP_multigroup_multicast(a, FIFO_MESS | SELF_DISCARD, 2, to, 7, 10, sent);
    show("data dropped", b, DROP_RECV, 2, 4);
}

static void errors(mailbox a) {
    TELL(SP_multicast(a, 0, "grp", 0, 1, "x"));
    TELL(SP_multicast(a, FIFO_MESS, "grp", 0, 144001, sent));
    TELL(SP_join(a, ""));
    TELL(SP_join(a, "a b"));
    TELL(SP_join(a, "#x"));
    TELL(SP_leave(a, ""));
    TELL(SP_join(999, "g"));
    TELL(SP_poll(999));
}

static void comings(mailbox a, mailbox b) {
    TELL(SP_join(a, "grp"));
    TELL(SP_leave(a, "never"));
    TELL(SP_leave(b, "grp"));
    TELL(SP_join(b, "grp"));
    whole("b", b), whole("b", b), whole("a", a), whole("a", a);
    mailbox d = enter("dora", 1);
    SP_join(d, "grp");
    whole("d", d), whole("a", a), whole("b", b);
    SP_kill(d);
    whole("a", a), whole("b", b);
    d = enter("dora", 1);
    SP_join(d, "grp");
    whole("d", d), whole("a", a), whole("b", b);
    TELL(SP_disconnect(d));
    whole("a", a), whole("b", b);
}

// ---- the flush layer
static int see(const char *who, mailbox mbox) {
    for (;;) {
        int kind = DONT_BLOCK, count = 0, mismatch = 0, more = 0;
        int16 type = 0;
        char from[MAX_GROUP_NAME] = "";
        int code = FL_receive(mbox, &kind, from, 100, &count, groups, &type, &mismatch, ROOM, body, &more);
        if (code == WOULD_BLOCK) return 0;
        printf("  %s: %d, 0x%x from %s, %d groups", who, code, (unsigned) kind, plain(from), count);
        for (int i = 0; i < count; i++) printf("%s%s", i == 0 ? ": " : " ", plain(groups[i]));
        if (Is_regular_mess(kind)) printf("; type %d '%.*s'", type, code, body);
        if (Is_reg_memb_mess(kind)) printf("; own %d, with %s", type, plain(body + FL_get_vs_set_offset_memb_mess()));
        printf("\n");
        return kind;
    }
}

// Until `who` has seen something of that kind.
static void until(const char *who, mailbox mbox, int wanted) {
    for (int tries = 0; tries < 2000; tries++) {
        if (see(who, mbox) & wanted) return;
        usleep(2000);
    }
    printf("nothing comes\n");
    exit(1);
}

static void flushes(void) {
    mailbox x, y;
    char self[MAX_GROUP_NAME], other[MAX_GROUP_NAME], to[2][MAX_GROUP_NAME];
    TELL(FL_connect(where, "xenia", 0, &x, self));
    TELL(FL_connect(where, "yuri", 0, &y, other));
    TELL(FL_join(x, "fg"));
    until("x", x, REG_MEMB_MESS);
    TELL(FL_join(x, "fg"));
    TELL(FL_flush(x, "fg"));
    TELL(FL_multicast(x, FIFO_MESS, "fg", 1, 3, "one"));
    until("x", x, FIFO_MESS);
    TELL(FL_join(y, "fg"));
    until("x", x, FLUSH_REQ_MESS);
    TELL(FL_multicast(x, FIFO_MESS, "fg", 2, 3, "two"));
    until("x", x, FIFO_MESS);
    TELL(FL_flush(x, "fg"));
    TELL(FL_flush(x, "fg"));
    TELL(FL_multicast(x, FIFO_MESS, "fg", 2, 3, "no"));
    until("y", y, REG_MEMB_MESS);
    until("x", x, REG_MEMB_MESS);
    strcpy(to[0], self);
    strcpy(to[1], other);
    TELL(FL_subgroupcast(x, AGREED_MESS, "fg", 2, to, 3, 3, "sub"));
    until("x", x, AGREED_MESS);
    until("y", y, AGREED_MESS);
    TELL(FL_unicast(x, SAFE_MESS, "fg", other, 4, 3, "uni"));
    until("y", y, SAFE_MESS);
    strcpy(to[0], "#nobody#x");
    TELL(FL_subgroupcast(x, FIFO_MESS, "fg", 1, to, 0, 1, "x"));
    TELL(FL_multicast(x, FIFO_MESS, "fg", -32766, 1, "x"));
    TELL(FL_multicast(x, FIFO_MESS, "nogroup", 0, 1, "x"));
    TELL(FL_multicast(x, FIFO_MESS | REG_MEMB_MESS, "fg", 0, 1, "x"));
    TELL(FL_leave(y, "fg"));
    until("y", y, CAUSED_BY_LEAVE);
    until("x", x, FLUSH_REQ_MESS);
    until("x", x, TRANSITION_MESS);
    TELL(FL_flush(x, "fg"));
    until("x", x, REG_MEMB_MESS);
    TELL(FL_disconnect(y));
    TELL(FL_disconnect(x));
    TELL(FL_disconnect(x));
    TELL(FL_join(x, "fg"));
}

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    where = argv[1];
    setvbuf(stdout, NULL, _IOLBF, 0);
    mailbox a = enter("alice", 1), b = enter("bob", 1), c = enter("carl", 0);
    char bob[MAX_GROUP_NAME + 8];
    snprintf(bob, sizeof bob, "#bob#%s", daemonName);
    names();
    SP_join(a, "grp"), whole("a", a);
    SP_join(b, "grp"), whole("a", a), whole("b", b);
    SP_join(c, "grp"), whole("a", a), whole("b", b);
    services(a, b, c, bob);
    shorts(a, b);
    show("a's own", c, 0, 100, ROOM), show("a's own", c, 0, 100, ROOM), show("a's own", c, 0, 100, ROOM);
    errors(a);
    comings(a, b);
    SP_leave(a, "grp");
    whole("a", a), whole("b", b);
    SP_disconnect(a), SP_disconnect(c);
    flushes();
    return 0;
}
