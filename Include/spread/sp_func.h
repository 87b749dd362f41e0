// The functions of the Spread client interface. Any thread may call any of them; a mailbox is sent on by one thread
// and received on by one other at a time, later callers wait. A call on a mailbox that is not connected returns
// ILLEGAL_SESSION; one whose connection broke returns CONNECTION_CLOSED once and NET_ERROR_ON_SESSION from then on.
#ifndef INC_SP_FUNC
#define INC_SP_FUNC

// Names in a row, NUL padded to MAX_GROUP_NAME bytes each. Swift has no such type: there it is the same pointer to
// bytes.
#ifdef __swift__
#define SPREAD_NAMES(names) char *names
#else
#define SPREAD_NAMES(names) char names[][MAX_GROUP_NAME]
#endif

#ifdef __cplusplus
extern "C" {
#endif

// The version of the library: 1, or 0 when a place for it is NULL.
int SP_version(int *major_version, int *minor_version, int *patch_version);

// Says how connections made from now on prove who they are: up to three methods, run in this order on the connected
// socket. A function returns 1, or 0 to refuse. 1, or 0 when an argument is no good. The data is lent for good.
int SP_set_auth_method(const char *auth_name, int (*auth_function)(int, void *), void *auth_data);
int SP_set_auth_methods(int num_methods, const char *auth_name[], int (*auth_function[])(int, void *),
    void *auth_data[]);

// Connects to the daemon named "port", "port@host" or NULL (port 4803 of this machine): ACCEPT_SESSION, or the reason
// why not. A private name of NULL or "" lets the daemon choose one. A timeout of zero waits for ever.
int SP_connect(const char *spread_name, const char *private_name, int priority, int group_membership, mailbox *mbox,
    char *private_group);
int SP_connect_timeout(const char *spread_name, const char *private_name, int priority, int group_membership,
    mailbox *mbox, char *private_group, sp_time time_out);

// Ends a connection; a thread that waits in SP_receive returns. SP_kill does it without telling the daemon.
int SP_disconnect(mailbox mbox);
void SP_kill(mailbox mbox);

// 0, or ILLEGAL_GROUP for a name not of 1 to 31 printing characters other than blank ! " and #.
int SP_join(mailbox mbox, const char *group);
int SP_leave(mailbox mbox, const char *group);

// Sends a message to one group or to up to 100. The count of bytes sent, ILLEGAL_SERVICE without a service,
// MESSAGE_TOO_LONG when body and 32 bytes for each group are more than 144000.
int SP_multicast(mailbox mbox, service service_type, const char *group, int16 mess_type, int mess_len,
    const char *mess);
int SP_scat_multicast(mailbox mbox, service service_type, const char *group, int16 mess_type, const scatter *scat_mess);
int SP_multigroup_multicast(mailbox mbox, service service_type, int num_groups, const SPREAD_NAMES(groups),
    int16 mess_type, int mess_len, const char *mess);
int SP_multigroup_scat_multicast(mailbox mbox, service service_type, int num_groups,
    const SPREAD_NAMES(groups), int16 mess_type, const scatter *scat_mess);

// Waits for the next message: the size of its body. `service_type` goes in as 0 or DROP_RECV. Without DROP_RECV a
// message that does not fit stays: GROUPS_TOO_SHORT or BUFFER_TOO_SHORT, with minus the names there are in
// `num_groups` and minus the bytes there are in `endian_mismatch` (0 for what would fit). With it the message is cut:
// BUFFER_TOO_SHORT when bytes were lost, and minus the names there were in `num_groups` when names were.
int SP_receive(mailbox mbox, service *service_type, char sender[MAX_GROUP_NAME], int max_groups, int *num_groups,
    SPREAD_NAMES(groups), int16 *mess_type, int *endian_mismatch, int max_mess_len, char *mess);
int SP_scat_receive(mailbox mbox, service *service_type, char sender[MAX_GROUP_NAME], int max_groups, int *num_groups,
    SPREAD_NAMES(groups), int16 *mess_type, int *endian_mismatch, scatter *scat_mess);

// Reads the body of a membership message: 1 or the count, ILLEGAL_MESSAGE when it is none, BUFFER_TOO_SHORT when the
// caller's room has fewer elements than there are.
int SP_get_memb_info(const char *memb_mess, const service memb_mess_type, membership_info *memb_info);
int SP_get_vs_sets_info(const char *memb_mess, vs_set_info *vs_sets, const unsigned int num_vs_sets,
    unsigned int *my_vs_set_index);
int SP_get_vs_set_members(const char *memb_mess, const vs_set_info *vs_set, SPREAD_NAMES(member_names),
    const unsigned int member_names_count);
int SP_scat_get_memb_info(const scatter *memb_mess_scat, const service memb_mess_type, membership_info *memb_info);
int SP_scat_get_vs_sets_info(const scatter *memb_mess_scat, vs_set_info *vs_sets, const unsigned int num_vs_sets,
    unsigned int *my_vs_set_index);
int SP_scat_get_vs_set_members(const scatter *memb_mess_scat, const vs_set_info *vs_set,
    SPREAD_NAMES(member_names), const unsigned int member_names_count);

// The count of bytes that can be read at once; more than none does not say that a message is complete.
int SP_poll(mailbox mbox);

int SP_equal_group_ids(group_id g1, group_id g2);

// What an error says: printed on standard output; or as a text that stays.
void SP_error(int error);
const char *SP_strerror(int error);

#ifdef __cplusplus
}
#endif

#endif
