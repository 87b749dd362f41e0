// Every function of the headers with NULL, zero, too much and mailboxes that are none.
//   nothing PORT@HOST
#include <fl.h>
#include <limits.h>
#include <unistd.h>

#include "tap.h"

static const char *where;
static char names[101][MAX_GROUP_NAME], body[100], sender[MAX_GROUP_NAME];
static scatter many = {MAX_CLIENT_SCATTER_ELEMENTS + 1, {{NULL, 0}}}, huge = {1, {{body, (size_t) -1}}};
static scatter astray = {1, {{NULL, 5}}}, countless = {(size_t) -1, {{NULL, 0}}};

// What every call says of a mailbox that is none, whatever else it is given.
static void no_mailbox(mailbox m, const char *which) {
    int kind = 0, count;
    ok(SP_disconnect(m) == ILLEGAL_SESSION && SP_join(m, NULL) == ILLEGAL_SESSION
            && SP_leave(m, "g") == ILLEGAL_SESSION && SP_poll(m) == ILLEGAL_SESSION, "%s: SP: the connection", which);
    SP_kill(m);
    ok(SP_multicast(m, 0, NULL, 0, 0, NULL) == ILLEGAL_SESSION
            && SP_scat_multicast(m, 0, NULL, 0, NULL) == ILLEGAL_SESSION
            && SP_multigroup_multicast(m, 0, -1, NULL, 0, -1, NULL) == ILLEGAL_SESSION
            && SP_multigroup_scat_multicast(m, 0, 1, NULL, 0, NULL) == ILLEGAL_SESSION, "%s: SP: sending", which);
    ok(SP_receive(m, NULL, NULL, -1, NULL, NULL, NULL, NULL, -1, NULL) == ILLEGAL_SESSION
            && SP_scat_receive(m, &kind, sender, 0, &count, names, NULL, NULL, NULL) == ILLEGAL_SESSION,
        "%s: SP: receiving", which);
    ok(FL_disconnect(m) == ILLEGAL_SESSION && FL_join(m, NULL) == ILLEGAL_SESSION
            && FL_leave(m, NULL) == ILLEGAL_SESSION && FL_flush(m, NULL) == ILLEGAL_SESSION
            && FL_poll(m) == ILLEGAL_SESSION && FL_more_msgs(m) == ILLEGAL_SESSION, "FL-3: %s: the connection", which);
    ok(FL_multicast(m, 0, NULL, 0, 0, NULL) == ILLEGAL_SESSION
            && FL_scat_multicast(m, 0, NULL, 0, NULL) == ILLEGAL_SESSION
            && FL_unicast(m, 0, NULL, NULL, 0, 0, NULL) == ILLEGAL_SESSION
            && FL_scat_unicast(m, 0, NULL, NULL, 0, NULL) == ILLEGAL_SESSION
            && FL_subgroupcast(m, 0, NULL, 0, NULL, 0, 0, NULL) == ILLEGAL_SESSION
            && FL_scat_subgroupcast(m, 0, NULL, -1, NULL, 0, NULL) == ILLEGAL_SESSION, "FL-3: %s: sending", which);
    ok(FL_receive(m, NULL, NULL, 0, NULL, NULL, NULL, NULL, 0, NULL, NULL) == ILLEGAL_SESSION
            && FL_scat_receive(m, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL) == ILLEGAL_SESSION,
        "FL-3: %s: receiving", which);
}

static void connecting(void) {
    mailbox m = -5;
    sp_time never = {0, 0}, negative = {0, -1}, longest = {LONG_MAX, LONG_MAX};
    int (*prove[1])(int, void *) = {NULL};
    const char *method[1] = {"NULL"};
    ok(SP_connect("x", NULL, 0, 0, &m, NULL) == ILLEGAL_SPREAD && SP_connect("@h", "", 0, 0, &m, NULL) == ILLEGAL_SPREAD
            && m == -5, "a daemon's name that is none");
    ok(SP_connect(where, "none", INT_MIN, INT_MIN, NULL, NULL) < 0, "SP_connect: no place for the mailbox");
    ok(FL_connect(where, "none", INT_MAX, NULL, NULL) < 0 && FL_connect("x", NULL, -1, &m, NULL) == ILLEGAL_SPREAD,
        "FL_connect: the same");
    ok(SP_connect_timeout(where, "none", 0, 0, &m, NULL, negative) == ILLEGAL_TIME && m == -5, "a negative time");
    ok(SP_connect_timeout(where, "none", 0, 0, &m, NULL, longest) == ACCEPT_SESSION && SP_disconnect(m) == 0,
        "the longest time there is");
    ok(SP_connect_timeout(where, "none", 0, 0, &m, NULL, never) == ACCEPT_SESSION && SP_disconnect(m) == 0,
        "no private group is asked for");
    ok(SP_set_auth_method(NULL, NULL, NULL) == 0 && SP_set_auth_methods(-1, NULL, NULL, NULL) == 0
            && SP_set_auth_methods(1, NULL, NULL, NULL) == 0 && SP_set_auth_methods(1, method, prove, NULL) == 0
            && SP_set_auth_methods(INT_MAX, method, prove, NULL) == 0, "methods that are none");
    ok(SP_version(NULL, NULL, NULL) == 0, "SP_version");
    FL_version(NULL, NULL, NULL);
    ok(FL_lib_init() == 0, "FL_lib_init");
}

static void sending(mailbox m) {
    ok(SP_join(m, NULL) == ILLEGAL_GROUP && SP_join(m, "") == ILLEGAL_GROUP && SP_leave(m, NULL) == ILLEGAL_GROUP
            && SP_leave(m, "a name of more than thirty-one bytes") == ILLEGAL_GROUP, "no group");
    ok(SP_multicast(m, FIFO_MESS, NULL, 0, 0, NULL) == ILLEGAL_GROUP
            && SP_multicast(m, FIFO_MESS, "g", 0, 1, NULL) == ILLEGAL_MESSAGE
            && SP_multicast(m, FIFO_MESS, "g", 0, INT_MIN, body) == ILLEGAL_MESSAGE
            && SP_multicast(m, FIFO_MESS, "g", 0, INT_MAX, body) == MESSAGE_TOO_LONG
            && SP_multicast(m, 0, "g", 0, 0, NULL) == ILLEGAL_SERVICE, "SP_multicast");
    ok(SP_scat_multicast(m, FIFO_MESS, "g", 0, NULL) == ILLEGAL_MESSAGE
            && SP_scat_multicast(m, FIFO_MESS, "g", 0, &many) == ILLEGAL_MESSAGE
            && SP_scat_multicast(m, FIFO_MESS, "g", 0, &countless) == ILLEGAL_MESSAGE
            && SP_scat_multicast(m, FIFO_MESS, "g", 0, &huge) == ILLEGAL_MESSAGE
            && SP_scat_multicast(m, FIFO_MESS, "g", 0, &astray) == ILLEGAL_MESSAGE, "SP_scat_multicast");
    ok(SP_multigroup_multicast(m, FIFO_MESS, 1, NULL, 0, 0, NULL) == ILLEGAL_GROUP
            && SP_multigroup_multicast(m, FIFO_MESS, INT_MIN, names, 0, 0, NULL) == ILLEGAL_GROUP
            && SP_multigroup_multicast(m, FIFO_MESS, 101, names, 0, 0, NULL) == ILLEGAL_GROUP
            && SP_multigroup_multicast(m, FIFO_MESS, 0, NULL, 0, 0, NULL) == 0, "E.14: SP_multigroup_multicast");
    ok(SP_multigroup_scat_multicast(m, FIFO_MESS, INT_MAX, names, 0, &many) == ILLEGAL_GROUP
            && SP_multigroup_scat_multicast(m, FIFO_MESS, 1, names, 0, &countless) == ILLEGAL_MESSAGE,
        "E.14: SP_multigroup_scat_multicast");
}

static void flushing(mailbox m) {
    ok(FL_join(m, NULL) == ILLEGAL_GROUP && FL_join(m, "") == ILLEGAL_GROUP && FL_leave(m, NULL) == ILLEGAL_GROUP
            && FL_leave(m, "g") == ILLEGAL_GROUP && FL_flush(m, NULL) == ILLEGAL_GROUP
            && FL_flush(m, "g") == ILLEGAL_GROUP, "no group of the flush layer");
    ok(FL_multicast(m, FIFO_MESS, NULL, 0, 0, NULL) == ILLEGAL_GROUP
            && FL_multicast(m, FIFO_MESS, "g", SHRT_MIN, 0, NULL) == ILLEGAL_MESSAGE_TYPE
            && FL_multicast(m, -1, "g", 0, 0, NULL) == ILLEGAL_SERVICE
            && FL_multicast(m, FIFO_MESS, "#g#x", 0, INT_MIN, NULL) == ILLEGAL_MESSAGE
            && FL_multicast(m, FIFO_MESS, "#g#x", 0, INT_MAX, body) == MESSAGE_TOO_LONG, "FL-24: FL_multicast");
    ok(FL_scat_multicast(m, FIFO_MESS, "#g#x", 0, NULL) == ILLEGAL_MESSAGE
            && FL_scat_multicast(m, FIFO_MESS, "#g#x", 0, &countless) == ILLEGAL_MESSAGE
            && FL_scat_multicast(m, FIFO_MESS, "#g#x", 0, &astray) == ILLEGAL_MESSAGE, "FL-24: FL_scat_multicast");
    ok(FL_unicast(m, FIFO_MESS, "#g#x", NULL, 0, 0, NULL) == ILLEGAL_RECEIVERS
            && FL_scat_unicast(m, FIFO_MESS, "#g#x", NULL, 0, &many) < 0
            && FL_unicast(m, FIFO_MESS, "#g#x", "#h#x", 0, 0, NULL) == ILLEGAL_RECEIVERS, "FL-24: to nobody");
    ok(FL_subgroupcast(m, FIFO_MESS, "g", INT_MIN, names, 0, 0, NULL) == ILLEGAL_PARAM
            && FL_subgroupcast(m, FIFO_MESS, "g", 1, NULL, 0, 0, NULL) == ILLEGAL_PARAM
            && FL_subgroupcast(m, FIFO_MESS, "#g#x", INT_MAX, names, 0, 0, NULL) < 0
            && FL_scat_subgroupcast(m, FIFO_MESS, "#g#x", 0, NULL, 0, NULL) == ILLEGAL_MESSAGE,
        "FL-24: FL_subgroupcast");
    int kind = DONT_BLOCK;
    ok(FL_receive(m, &kind, NULL, INT_MIN, NULL, NULL, NULL, NULL, 0, NULL, NULL) == ILLEGAL_PARAM
            && FL_receive(m, &kind, NULL, 0, NULL, NULL, NULL, NULL, INT_MIN, NULL, NULL) == ILLEGAL_PARAM
            && FL_scat_receive(m, &kind, NULL, 0, NULL, NULL, NULL, NULL, &countless, NULL) == ILLEGAL_MESSAGE
            && FL_scat_receive(m, &kind, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL) == ILLEGAL_MESSAGE
            && FL_receive(m, &kind, NULL, INT_MAX, NULL, NULL, NULL, NULL, INT_MAX, NULL, NULL) == WOULD_BLOCK,
        "FL-40: receiving");
}

// A message is on its way; what is wrong with the call leaves it there.
static void receiving(mailbox m) {
    int kind = 0;
    ok(SP_receive(m, NULL, NULL, INT_MIN, NULL, NULL, NULL, NULL, 0, NULL) < 0
            && SP_receive(m, NULL, NULL, 0, NULL, NULL, NULL, NULL, INT_MIN, NULL) == ILLEGAL_MESSAGE
            && SP_scat_receive(m, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL) == ILLEGAL_MESSAGE
            && SP_scat_receive(m, NULL, NULL, 0, NULL, NULL, NULL, NULL, &many) == ILLEGAL_MESSAGE
            && SP_scat_receive(m, NULL, NULL, 0, NULL, NULL, NULL, NULL, &countless) == ILLEGAL_MESSAGE
            && SP_scat_receive(m, NULL, NULL, 0, NULL, NULL, NULL, NULL, &huge) == ILLEGAL_MESSAGE
            && SP_scat_receive(m, NULL, NULL, 0, NULL, NULL, NULL, NULL, &astray) == ILLEGAL_MESSAGE,
        "E.16: receiving where nothing can be");
    ok(SP_receive(m, NULL, NULL, 100, NULL, NULL, NULL, NULL, 100, NULL) == GROUPS_TOO_SHORT,
        "no place for the groups");
    ok(SP_receive(m, NULL, NULL, 2, NULL, names, NULL, NULL, 100, NULL) == BUFFER_TOO_SHORT, "none for the body");
    ok(SP_receive(m, &kind, NULL, 2, NULL, names, NULL, NULL, 100, body) == 10, "none for what else there is to tell");
}

static void parsing(void) {
    membership_info info;
    vs_set_info set = {UINT_MAX, UINT_MAX}, small = {1, UINT_MAX}, sets[2];
    unsigned own;
    // Sets without end, at an offset without end.
    unsigned view[25] = {1, 2, 3, UINT_MAX, UINT_MAX, UINT_MAX};
    scatter whole = {1, {{(char *) view, sizeof view}}}, none = {0, {{NULL, 0}}};
    ok(SP_get_memb_info(NULL, REG_MEMB_MESS, &info) < 0 && SP_get_memb_info((char *) view, 0, &info) < 0
            && SP_get_memb_info((char *) view, REG_MEMB_MESS, NULL) < 0, "E.16: SP_get_memb_info");
    ok(SP_get_vs_sets_info(NULL, sets, 2, &own) < 0 && SP_get_vs_sets_info((char *) view, NULL, UINT_MAX, NULL) < 0
            && SP_get_vs_sets_info((char *) view, sets, 2, &own) == BUFFER_TOO_SHORT, "E.16: SP_get_vs_sets_info");
    ok(SP_get_vs_set_members(NULL, &set, names, 1) < 0 && SP_get_vs_set_members((char *) view, NULL, names, 1) < 0
            && SP_get_vs_set_members((char *) view, &set, names, UINT_MAX) < 0
            && SP_get_vs_set_members((char *) view, &small, names, 1) < 0, "E.16: SP_get_vs_set_members");
    ok(SP_scat_get_memb_info(NULL, REG_MEMB_MESS, &info) < 0 && SP_scat_get_memb_info(&none, REG_MEMB_MESS, &info) < 0
            && SP_scat_get_memb_info(&countless, REG_MEMB_MESS, &info) < 0
            && SP_scat_get_memb_info(&whole, REG_MEMB_MESS | CAUSED_BY_JOIN, &info) == ILLEGAL_MESSAGE,
        "E.16: SP_scat_get_memb_info");
    ok(SP_scat_get_vs_sets_info(NULL, sets, 2, &own) < 0 && SP_scat_get_vs_sets_info(&none, sets, 2, &own) < 0
            && SP_scat_get_vs_sets_info(&whole, sets, 2, &own) == BUFFER_TOO_SHORT, "E.16: SP_scat_get_vs_sets_info");
    ok(SP_scat_get_vs_set_members(NULL, &small, names, 1) < 0 && SP_scat_get_vs_set_members(&none, &small, names, 1) < 0
            && SP_scat_get_vs_set_members(&whole, &small, names, 1) == ILLEGAL_MESSAGE
            && SP_scat_get_vs_set_members(&whole, NULL, NULL, 0) < 0, "E.16: SP_scat_get_vs_set_members");
    group_id zero = {{0}};
    ok(SP_equal_group_ids(zero, zero) == 1, "SP_equal_group_ids");
    ok(SP_strerror(INT_MIN) != NULL && SP_strerror(INT_MAX) != NULL && SP_strerror(0) != NULL, "SP_strerror");
    ok(FL_get_gid_offset_memb_mess() == 0 && FL_get_num_vs_offset_memb_mess() == 12
            && FL_get_vs_set_offset_memb_mess() == 16, "offsets");
}

static void events(void) {
    sp_time past = {LONG_MIN, LONG_MIN}, end = {LONG_MAX, LONG_MAX};
    ok(E_init() == 0 && E_queue(NULL, 0, NULL, end) == -1 && E_in_queue(NULL, 0, NULL) == 0
            && E_dequeue(NULL, 0, NULL) == -1, "timers");
    ok(E_attach_fd(0, READ_FD, NULL, 0, NULL, 0) == -1 && E_attach_fd(-1, READ_FD, NULL, 0, NULL, 0) == -1,
        "nobody to call");
    ok(E_detach_fd(-1, -1) == -1 && E_detach_fd(INT_MAX, INT_MAX) == -1 && E_detach_fd_priority(0, 0, INT_MIN) == -1
            && E_activate_fd(-1, 9) == -1 && E_deactivate_fd(INT_MIN, 0) == -1, "descriptors that are none");
    ok(E_set_active_threshold(-1) == -1 && E_set_active_threshold(INT_MAX) == -1 && E_num_active(INT_MIN) == -1
            && E_num_active(INT_MAX) == -1, "priorities that are none");
    sp_time sum = E_add_time(end, end), rest = E_sub_time(past, end), turned = E_neg_time(past);
    ok(sum.usec >= 0 && sum.usec < 1000000 && rest.usec >= 0 && rest.usec < 1000000 && turned.usec >= 0
            && turned.usec < 1000000 && E_compare_time(past, end) == -1, "times beyond all");
    ok(E_compare_time(E_get_time(), past) == 1 && E_compare_time(E_get_time_monotonic(), past) == 1, "the time it is");
    E_delay(past);
    E_exit_events();
    E_exit_events_async_safe();
    // Without anything to wait for and told to leave, it returns; a loop that is left may be entered again.
    sp_time now = {0, 0};
    ok(E_queue((void (*)(int, void *)) E_exit_events_async_safe, 0, NULL, now) == 0, "a timer that leaves");
    E_handle_events();
    ok(E_init() == 0, "the loop was left");
}

int main(int argc, char **argv) {
    mailbox m;
    if (argc < 2) return 2;
    where = argv[1];
    no_mailbox(-1, "-1");
    no_mailbox(0, "0");
    no_mailbox(INT_MIN, "the least");
    no_mailbox(INT_MAX, "the most");
    connecting();
    parsing();
    events();
    ok(SP_connect(where, "none", 0, 1, &m, NULL) == ACCEPT_SESSION, "a connection");
    sending(m);
    ok(FL_join(m, "g") == ILLEGAL_SESSION && FL_receive(m, NULL, NULL, 0, NULL, NULL, NULL, NULL, 0, NULL, NULL)
            == ILLEGAL_SESSION, "FL-3: is none of the flush layer's");
    ok(SP_disconnect(m) == 0 && SP_connect(where, "short1", 0, 1, &m, NULL) == ACCEPT_SESSION, "one with a message");
    receiving(m);
    ok(SP_disconnect(m) == 0 && FL_connect(where, "none", 0, &m, NULL) == ACCEPT_SESSION, "one of the flush layer");
    flushing(m);
    ok(FL_disconnect(m) == 0, "and its end");
    SP_error(INT_MIN);
    FL_error(INT_MIN);
    FL_error(ILLEGAL_STATE);
    return done_testing();
}
