// A chat room of Flush Spread: prints what one member sees. In each view the members speak in turn; when a room of
// three has become smaller and all of it have spoken, its first member leaves.
//   chat DAEMON NAME
#include <fl.h>
#include <stdio.h>
#include <string.h>

static const char *const room = "room";
static const char *name;
static char members[20][MAX_GROUP_NAME];
static int count, place, spoken, largest;

static void say(mailbox mbox) {
    char text[64];
    int length = snprintf(text, sizeof text, "%s is here, one of %d", name, count);
    int sent = FL_multicast(mbox, AGREED_MESS, room, 1, length, text);
    if (sent < 0) FL_error(sent);
}

static void on_view(mailbox mbox, service kind, int16 mine, const char *body) {
    int changed;
    memcpy(&changed, body + FL_get_num_vs_offset_memb_mess(), sizeof changed);
    place = mine;
    spoken = 0;
    if (count > largest) largest = count;
    printf("%s: a view of %d:", name, count);
    for (int i = 0; i < count; i++) printf(" %s", members[i]);
    const char *cause = Is_caused_join_mess(kind) ? "joined"
        : Is_caused_leave_mess(kind) ? "left"
        : Is_caused_disconnect_mess(kind) ? "is gone"
                                          : "came along";
    for (int i = 0; i < changed; i++)
        printf("%s %s", i ? "," : ";", body + FL_get_vs_set_offset_memb_mess() + i * MAX_GROUP_NAME);
    printf(" %s\n", cause);
    if (place == 0) say(mbox);
}

static void on_message(mailbox mbox, const char *sender, const char *body, int length) {
    printf("%s: %s says: %.*s\n", name, sender, length, body);
    spoken++;
    if (spoken == place) say(mbox);
    if (spoken < count) return;
    printf("%s: all %d have spoken\n", name, count);
    if (largest == 3 && count < 3 && place == 0) FL_leave(mbox, room);
}

// Whether there is more to come.
static int step(mailbox mbox) {
    service kind = 0;
    char sender[MAX_GROUP_NAME], body[4096];
    int groups, mismatch, more;
    int16 type;
    int code =
        FL_receive(mbox, &kind, sender, 20, &groups, members, &type, &mismatch, (int) sizeof body, body, &more);
    if (code < 0) {
        FL_error(code);
        return 0;
    }
    if (Is_flush_req_mess(kind)) {
        printf("%s: asked to flush\n", name);
        FL_flush(mbox, sender);
    } else if (Is_reg_memb_mess(kind)) {
        count = groups;
        on_view(mbox, kind, type, body);
    } else if (Is_transition_mess(kind)) {
        printf("%s: somebody is missing from here on\n", name);
    } else if (Is_self_leave(kind)) {
        printf("%s: has left\n", name);
        return 0;
    } else {
        on_message(mbox, sender, body, code);
    }
    return 1;
}

int main(int argc, char **argv) {
    mailbox mbox;
    char mine[MAX_GROUP_NAME];
    if (argc < 3) return 2;
    name = argv[2];
    setvbuf(stdout, NULL, _IOLBF, 0);
    int code = FL_connect(argv[1], name, 0, &mbox, mine);
    if (code != ACCEPT_SESSION || (code = FL_join(mbox, room)) != 0) {
        FL_error(code);
        return 1;
    }
    printf("%s: joins as %s\n", name, mine);
    while (step(mbox)) {}
    return FL_disconnect(mbox) != 0;
}
