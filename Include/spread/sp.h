// The Spread client interface: everything a program needs to join groups, multicast and receive. Programs include this
// file alone; it brings sp_events.h and sp_func.h along.
#ifndef INC_SP
#define INC_SP

#include <stddef.h>

#define SPREAD_VERSION 0x05000000
#define DEFAULT_SPREAD_PORT 4803

// Names are NUL terminated within MAX_GROUP_NAME bytes; a private name has at most MAX_PRIVATE_NAME bytes without it.
#define MAX_GROUP_NAME 32
#define MAX_PRIVATE_NAME 10
#define MAX_PROC_NAME 20
#define MAX_CLIENT_SCATTER_ELEMENTS 100

#define LOW_PRIORITY 0
#define MEDIUM_PRIORITY 1
#define HIGH_PRIORITY 2

#ifndef int16
#define int16 short
#endif
#ifndef int32
#define int32 int
#endif

// How a message is ordered and delivered: exactly one of these for each multicast.
#define UNRELIABLE_MESS 0x00000001
#define RELIABLE_MESS 0x00000002
#define FIFO_MESS 0x00000004
#define CAUSAL_MESS 0x00000008
#define AGREED_MESS 0x00000010
#define SAFE_MESS 0x00000020
#define REGULAR_MESS 0x0000003f

// With a multicast: the sender does not get its own message. With a receive: what does not fit is thrown away.
#define SELF_DISCARD 0x00000040
#define DROP_RECV 0x01000000

// What a received membership message says, and why.
#define REG_MEMB_MESS 0x00001000
#define TRANSITION_MESS 0x00002000
#define CAUSED_BY_JOIN 0x00000100
#define CAUSED_BY_LEAVE 0x00000200
#define CAUSED_BY_DISCONNECT 0x00000400
#define CAUSED_BY_NETWORK 0x00000800
#define MEMBERSHIP_MESS 0x00003f00

#define ENDIAN_RESERVED 0x80000080
#define RESERVED 0x003fc000
#define REJECT_MESS 0x00400000

// What calls return.
#define ACCEPT_SESSION 1
#define ILLEGAL_SPREAD -1
#define COULD_NOT_CONNECT -2
#define REJECT_QUOTA -3
#define REJECT_NO_NAME -4
#define REJECT_ILLEGAL_NAME -5
#define REJECT_NOT_UNIQUE -6
#define REJECT_VERSION -7
#define CONNECTION_CLOSED -8
#define REJECT_AUTH -9
#define ILLEGAL_SESSION -11
#define ILLEGAL_SERVICE -12
#define ILLEGAL_MESSAGE -13
#define ILLEGAL_GROUP -14
#define BUFFER_TOO_SHORT -15
#define GROUPS_TOO_SHORT -16
#define MESSAGE_TOO_LONG -17
#define NET_ERROR_ON_SESSION -18
#define SP_BUG -19
#define ILLEGAL_TIME -20

#define Is_unreliable_mess(type) ((type) & UNRELIABLE_MESS)
#define Is_reliable_mess(type) ((type) & RELIABLE_MESS)
#define Is_fifo_mess(type) ((type) & FIFO_MESS)
#define Is_causal_mess(type) ((type) & CAUSAL_MESS)
#define Is_agreed_mess(type) ((type) & AGREED_MESS)
#define Is_safe_mess(type) ((type) & SAFE_MESS)
#define Is_regular_mess(type) (((type) & REGULAR_MESS) && !((type) & REJECT_MESS))
#define Is_self_discard(type) ((type) & SELF_DISCARD)
#define Is_reg_memb_mess(type) (((type) & REG_MEMB_MESS) && !((type) & REJECT_MESS))
#define Is_transition_mess(type) (((type) & TRANSITION_MESS) && !((type) & REJECT_MESS))
#define Is_caused_join_mess(type) (((type) & CAUSED_BY_JOIN) && !((type) & REJECT_MESS))
#define Is_caused_leave_mess(type) (((type) & CAUSED_BY_LEAVE) && !((type) & REJECT_MESS))
#define Is_caused_disconnect_mess(type) (((type) & CAUSED_BY_DISCONNECT) && !((type) & REJECT_MESS))
#define Is_caused_network_mess(type) (((type) & CAUSED_BY_NETWORK) && !((type) & REJECT_MESS))
#define Is_membership_mess(type) (((type) & MEMBERSHIP_MESS) && !((type) & REJECT_MESS))
#define Is_reject_mess(type) ((type) & REJECT_MESS)
#define Is_self_leave(type) \
    (((type) & CAUSED_BY_LEAVE) && !((type) & (REG_MEMB_MESS | TRANSITION_MESS | REJECT_MESS)))

// A connection. It is the socket's descriptor, so that select, poll and epoll work with it.
typedef int mailbox;
typedef int service;

typedef struct {
    char *buf;
    size_t len;
} scat_element;

typedef struct {
    size_t num_elements;
    scat_element elements[MAX_CLIENT_SCATTER_ELEMENTS];
} scatter;

// The identity of a view. A group that became empty and began anew may have an identity again that it had before.
typedef struct {
    int32 id[3];
} group_id;

// A set of members that came together; the offset counts from the start of the membership message's body.
typedef struct {
    unsigned int num_members;
    unsigned int members_offset;
} vs_set_info;

typedef struct {
    group_id gid;
    char changed_member[MAX_GROUP_NAME];
    unsigned int num_vs_sets;
    vs_set_info my_vs_set;
} membership_info;

#include "sp_events.h"
#include "sp_func.h"

#endif
