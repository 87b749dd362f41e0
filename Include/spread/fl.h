// Flush Spread: virtual synchrony over Spread. Every message is delivered in the view it was sent in; before a group
// moves to a new view its members are asked to flush. Every member of a group must be a Flush Spread connection.
#ifndef INC_FL
#define INC_FL

#include "sp.h"

#define FL_MAX_SCATTER_ELEMENTS 99
#define FL_MIN_LEGAL_MESS_TYPE -32765

// For FL_receive: do not wait.
#define DONT_BLOCK 0x10000000
// Received: this connection is asked to FL_flush the group named as the sender.
#define FLUSH_REQ_MESS 0x20000000
// Received: sent to some members only, who are named before the group.
#define SUBGROUP_CAST 0x40000000

#define ILLEGAL_PARAM -24
#define WOULD_BLOCK -25
#define ILLEGAL_MESSAGE_TYPE -26
#define ILLEGAL_STATE -27
#define ILLEGAL_RECEIVERS -28

#define Is_flush_req_mess(type) ((type) & FLUSH_REQ_MESS)
#define Is_subgroup_cast(type) ((type) & SUBGROUP_CAST)

#ifdef __cplusplus
extern "C" {
#endif

// 0 the first time, ILLEGAL_STATE later. Nothing depends on it.
int FL_lib_init(void);
void FL_version(int *major_version, int *minor_version, int *patch_version);

// As SP_connect, always with memberships. A connection that breaks is disconnected by the call that finds out.
int FL_connect(const char *daemon_name, const char *user, int priority, mailbox *mbox, char *private_group);
// Wakes the thread that waits in FL_receive and returns after it.
int FL_disconnect(mailbox mbox);

// ILLEGAL_GROUP when the group's name is no good, or one is in it (FL_join) or not (FL_leave).
int FL_join(mailbox mbox, const char *group);
int FL_leave(mailbox mbox, const char *group);

// Answers a FLUSH_REQ_MESS: nothing can be sent to the group until its next view. ILLEGAL_STATE when nobody asked.
int FL_flush(mailbox mbox, const char *group);

// The count of the user's bytes, or an error. Types below FL_MIN_LEGAL_MESS_TYPE are the library's own; receivers
// must be members of the current view. A private group may be sent to at any time.
int FL_unicast(mailbox mbox, service serv_type, const char *group, const char *receiver, int16 mess_type, int mess_len,
    const char *mess);
int FL_scat_unicast(mailbox mbox, service serv_type, const char *group, const char *receiver, int16 mess_type,
    const scatter *scat_mess);
int FL_subgroupcast(mailbox mbox, service serv_type, const char *group, int num_receivers, SPREAD_NAMES(receivers),
    int16 mess_type, int mess_len, const char *mess);
int FL_scat_subgroupcast(mailbox mbox, service serv_type, const char *group, int num_receivers,
    SPREAD_NAMES(receivers), int16 mess_type, const scatter *scat_mess);
int FL_multicast(mailbox mbox, service serv_type, const char *group, int16 mess_type, int mess_len, const char *mess);
int FL_scat_multicast(mailbox mbox, service serv_type, const char *group, int16 mess_type, const scatter *scat_mess);

// As SP_receive, with DONT_BLOCK and DROP_RECV; `more_messes` is how many more are ready in the library, where select
// does not see them. After a FLUSH_REQ_MESS it may wait until FL_flush is called.
int FL_receive(mailbox mbox, service *serv_type, char sender[MAX_GROUP_NAME], int max_groups, int *num_groups,
    SPREAD_NAMES(groups), int16 *mess_type, int *endian_mismatch, int max_mess_len, char *mess, int *more_messes);
int FL_scat_receive(mailbox mbox, service *serv_type, char sender[MAX_GROUP_NAME], int max_groups, int *num_groups,
    SPREAD_NAMES(groups), int16 *mess_type, int *endian_mismatch, scatter *scat_mess, int *more_messes);

// Bytes there are to receive; how many messages are ready in the library.
int FL_poll(mailbox mbox);
int FL_more_msgs(mailbox mbox);

// Where the parts of a view's body begin: its identity, the count of names, the names.
int FL_get_gid_offset_memb_mess(void);
int FL_get_num_vs_offset_memb_mess(void);
int FL_get_vs_set_offset_memb_mess(void);

void FL_error(int error);

#ifdef __cplusplus
}
#endif

#endif
