// Messages: made, read, changed, turned into bytes and back. A message counts its users; whoever makes or copies one
// owns a use and gives it back with flux_msg_destroy or flux_msg_decref, which are the same. Texts, payloads and JSON
// values that a message is asked for belong to it, and are gone when that part of it is replaced or the last use is
// given back.
//
// Unless something else is said: NULL for a message is EINVAL; a function that sets something a message of its type
// does not have fails with EINVAL, one that reads it with EPROTO; an out-parameter may be NULL when the answer is of
// no interest. A message is for one thread at a time.
#ifndef FLUX_CORE_MESSAGE_H
#define FLUX_CORE_MESSAGE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

// What a message is; a mask of these in struct flux_match.
enum {
    FLUX_MSGTYPE_REQUEST = 0x01,
    FLUX_MSGTYPE_RESPONSE = 0x02,
    FLUX_MSGTYPE_EVENT = 0x04,
    FLUX_MSGTYPE_CONTROL = 0x08,
    FLUX_MSGTYPE_ANY = 0x0f,
    FLUX_MSGTYPE_MASK = 0x0f,
};

enum {
    FLUX_MSGFLAG_TOPIC = 0x01,       // has a topic
    FLUX_MSGFLAG_PAYLOAD = 0x02,     // has a payload
    FLUX_MSGFLAG_NORESPONSE = 0x04,  // a request that nobody is to answer
    FLUX_MSGFLAG_ROUTE = 0x08,       // keeps the hops it makes
    FLUX_MSGFLAG_UPSTREAM = 0x10,    // a request to whoever is above the broker that nodeid names
    FLUX_MSGFLAG_PRIVATE = 0x20,     // an event for its sender and the owner of the instance only
    FLUX_MSGFLAG_STREAMING = 0x40,   // a request for many responses, and each of them
    FLUX_MSGFLAG_USER1 = 0x80,       // whatever both ends agree on
};

// Where a request goes: to the nearest broker that has the service, to the one above (for the calls of rpc.h alone; a
// message never has it), or to a rank.
enum {
    FLUX_NODEID_ANY = 0xFFFFFFFF,
    FLUX_NODEID_UPSTREAM = 0xFFFFFFFE
};

enum {
    FLUX_MATCHTAG_NONE = 0,
};

enum {
    FLUX_USERID_UNKNOWN = 0xFFFFFFFF
};

// What the sender of a message is to the instance.
enum {
    FLUX_ROLE_NONE = 0,
    FLUX_ROLE_OWNER = 1,
    FLUX_ROLE_USER = 2,
    FLUX_ROLE_LOCAL = 4,  // has crossed no broker
    FLUX_ROLE_ADMIN = 8,
    FLUX_ROLE_ALL = 0xFFFFFFFF,
};

// Those who see what is private to a user.
#define FLUX_ROLE_PRIVILEGED (FLUX_ROLE_OWNER | FLUX_ROLE_ADMIN)

// ---- Which messages are meant

// Passed by value. 0, FLUX_MATCHTAG_NONE and NULL match all.
struct flux_match {
    int typemask;
    uint32_t matchtag;
    const char *topic_glob;
};

// The three in one; the text stays the caller's. No errors. Any thread.
struct flux_match flux_match_init(int typemask, uint32_t matchtag, const char *topic_glob);

// Frees the text, if flux_match_asprintf made it. Keeps errno. Any thread.
void flux_match_free(struct flux_match m);

// Sets the text to one made as printf would; whoever calls frees it with flux_match_free. What the text was before is
// not freed. EINVAL for NULL. Any thread.
int flux_match_asprintf(struct flux_match *m, const char *topic_glob_fmt, ...)
    __attribute__((format(printf, 2, 3)));

#define FLUX_MATCH_ANY flux_match_init(FLUX_MSGTYPE_ANY, FLUX_MATCHTAG_NONE, NULL)
#define FLUX_MATCH_EVENT flux_match_init(FLUX_MSGTYPE_EVENT, FLUX_MATCHTAG_NONE, NULL)
#define FLUX_MATCH_REQUEST flux_match_init(FLUX_MSGTYPE_REQUEST, FLUX_MATCHTAG_NONE, NULL)
#define FLUX_MATCH_RESPONSE flux_match_init(FLUX_MSGTYPE_RESPONSE, FLUX_MATCHTAG_NONE, NULL)

// Whether the type is in the mask, the tag is the same and the topic fits the pattern (as the shell's). false for NULL.
bool flux_msg_cmp(const flux_msg_t *msg, struct flux_match match);

// Whether a request or response has this tag and no hops: with hops the tag is one of another sender's. false for NULL.
bool flux_msg_cmp_matchtag(const flux_msg_t *msg, uint32_t matchtag);

// ---- Making

// A message of one type, without topic, payload and routes. The caller owns it. EINVAL for what is not one type.
flux_msg_t *flux_msg_create(int type);

// Gives one use back. NULL is allowed. Keeps errno.
void flux_msg_destroy(flux_msg_t *msg);
void flux_msg_decref(const flux_msg_t *msg);

// One more use; returns its argument.
const flux_msg_t *flux_msg_incref(const flux_msg_t *msg);

// A message of its own that says the same, without payload if that is false, and without what flux_msg_aux_set has hung
// on the other. The caller owns it.
flux_msg_t *flux_msg_copy(const flux_msg_t *msg, bool payload);

// Hangs a value on a message, to be freed by `destroy` (unless NULL) with it, or when the name gets another value.
// NULL for a value frees what the name has. Without a name the value is only freed. EINVAL for neither name nor value,
// and for `destroy` without a value. Not sent, not copied.
int flux_msg_aux_set(const flux_msg_t *msg, const char *name, void *aux, flux_free_f destroy);

// The value of that name; still the message's. ENOENT when there is none.
void *flux_msg_aux_get(const flux_msg_t *msg, const char *name);

// ---- Bytes

// How many bytes flux_msg_encode writes.
ssize_t flux_msg_encode_size(const flux_msg_t *msg);

// Writes the message. EINVAL when `size` is too small, EMSGSIZE for a part that is longer than 4 GiB.
int flux_msg_encode(const flux_msg_t *msg, void *buf, size_t size);

// The message that these bytes are; they are copied. The caller owns it. EINVAL for a part longer than what is left,
// EPROTO for anything else that is no message.
flux_msg_t *flux_msg_decode(const void *buf, size_t size);

// ---- Type and flags

// Makes it a message of that type: a request is then to any node and has no tag, a response is no error and keeps its
// tag, an event has the number 0, a control message is of type and status 0.
int flux_msg_set_type(flux_msg_t *msg, int type);
int flux_msg_get_type(const flux_msg_t *msg, int *type);

// "request", "response", "event", "control" or "unknown"; static. Any thread.
const char *flux_msg_typestr(int type);

// Whether one of the flags is set. false for NULL.
bool flux_msg_has_flag(const flux_msg_t *msg, int flag);

// Sets or clears flags, nothing else. EINVAL for bits that are none, and for NORESPONSE together with STREAMING.
int flux_msg_set_flag(flux_msg_t *msg, int flag);
int flux_msg_clear_flag(flux_msg_t *msg, int flag);

// Single flags by name. STREAMING and NORESPONSE take each other away. The questions answer true for NULL.
int flux_msg_set_private(flux_msg_t *msg);
bool flux_msg_is_private(const flux_msg_t *msg);
int flux_msg_set_streaming(flux_msg_t *msg);
bool flux_msg_is_streaming(const flux_msg_t *msg);
int flux_msg_set_noresponse(flux_msg_t *msg);
bool flux_msg_is_noresponse(const flux_msg_t *msg);

// ---- Topic

// Copies the topic; NULL takes it away. EINVAL for a control message.
int flux_msg_set_topic(flux_msg_t *msg, const char *topic);

// EPROTO without one, EINVAL for NULL.
int flux_msg_get_topic(const flux_msg_t *msg, const char **topic);

// ---- Payload

// Copies the bytes; NULL or no bytes take the payload away. EINVAL for bytes inside the payload the message has,
// unless they are all of it.
int flux_msg_set_payload(flux_msg_t *msg, const void *buf, size_t size);

// EPROTO without one.
int flux_msg_get_payload(const flux_msg_t *msg, const void **buf, size_t *size);

// false for NULL.
bool flux_msg_has_payload(const flux_msg_t *msg);

// Copies the text with its NUL; NULL takes the payload away.
int flux_msg_set_string(flux_msg_t *msg, const char *s);

// The text, NULL without a payload. EPROTO when the payload does not end with NUL.
int flux_msg_get_string(const flux_msg_t *msg, const char **s);

// Makes the payload the text of a JSON object, put together as jansson's json_vpack_ex would. EINVAL for an empty
// format or NULL, what jansson refuses, and what is no object.
int flux_msg_pack(flux_msg_t *msg, const char *fmt, ...);
int flux_msg_vpack(flux_msg_t *msg, const char *fmt, va_list ap);

// Takes the JSON object apart that the payload says, as jansson's json_vunpack_ex would. It is parsed once and kept:
// texts and values (`s`, `o`) belong to the message, those asked for with `O` to the caller. EINVAL for an empty
// format or NULL, EPROTO when there is no such payload or it is not as the format says.
int flux_msg_unpack(const flux_msg_t *msg, const char *fmt, ...);
int flux_msg_vunpack(const flux_msg_t *msg, const char *fmt, va_list ap);

// Why the last of these four failed on this message; an empty text when it did not. The message's, until the next of
// them.
const char *flux_msg_last_error(const flux_msg_t *msg);

// ---- What single types have

// Requests. EINVAL for FLUX_NODEID_UPSTREAM.
int flux_msg_set_nodeid(flux_msg_t *msg, uint32_t nodeid);
int flux_msg_get_nodeid(const flux_msg_t *msg, uint32_t *nodeid);

// Responses; 0 is success.
int flux_msg_set_errnum(flux_msg_t *msg, int errnum);
int flux_msg_get_errnum(const flux_msg_t *msg, int *errnum);

// Events, which the broker numbers.
int flux_msg_set_seq(flux_msg_t *msg, uint32_t seq);
int flux_msg_get_seq(const flux_msg_t *msg, uint32_t *seq);

// Control messages.
int flux_msg_set_control(flux_msg_t *msg, int type, int status);
int flux_msg_get_control(const flux_msg_t *msg, int *type, int *status);

// Requests and responses.
int flux_msg_set_matchtag(flux_msg_t *msg, uint32_t matchtag);
int flux_msg_get_matchtag(const flux_msg_t *msg, uint32_t *matchtag);

// ---- Who sent it

// What the broker knows about the sender; clients leave it unset.
struct flux_msg_cred {
    uint32_t userid;
    uint32_t rolemask;
};

int flux_msg_set_userid(flux_msg_t *msg, uint32_t userid);
int flux_msg_get_userid(const flux_msg_t *msg, uint32_t *userid);
int flux_msg_set_rolemask(flux_msg_t *msg, uint32_t rolemask);
int flux_msg_get_rolemask(const flux_msg_t *msg, uint32_t *rolemask);

// Both at once. EINVAL for NULL.
int flux_msg_get_cred(const flux_msg_t *msg, struct flux_msg_cred *cred);
int flux_msg_set_cred(flux_msg_t *msg, struct flux_msg_cred cred);

// 0 for the owner of the instance, and for a user who is `userid`; else EPERM. Any thread.
int flux_msg_cred_authorize(struct flux_msg_cred cred, uint32_t userid);
int flux_msg_authorize(const flux_msg_t *msg, uint32_t userid);

// Whether it has crossed no broker. false for NULL.
bool flux_msg_is_local(const flux_msg_t *msg);

// ---- The hops it has made

// Lets the message keep hops; no longer, and forgets them; forgets them only. No errors.
void flux_msg_route_enable(flux_msg_t *msg);
void flux_msg_route_disable(flux_msg_t *msg);
void flux_msg_route_clear(flux_msg_t *msg);

// Adds a copy of `id` as the last hop, or removes the last if there is one. EPROTO unless enabled.
int flux_msg_route_push(flux_msg_t *msg, const char *id);
int flux_msg_route_delete_last(flux_msg_t *msg);

// The first hop is a request's sender or a response's receiver, the last is the neighbour. NULL when there is none.
const char *flux_msg_route_first(const flux_msg_t *msg);
const char *flux_msg_route_last(const flux_msg_t *msg);

// EPROTO unless enabled.
int flux_msg_route_count(const flux_msg_t *msg);

// The hops for people, first to last, eight characters of each, '!' between them. The caller frees it. EPROTO unless
// enabled.
char *flux_msg_route_string(const flux_msg_t *msg);

// Whether both have the same first hop, or none.
bool flux_msg_route_match_first(const flux_msg_t *msg1, const flux_msg_t *msg2);

// ---- For people

// Prints what the message is, in several lines; the second puts a time in front unless it is negative. NULL for `f`
// prints nothing.
void flux_msg_fprint(FILE *f, const flux_msg_t *msg);
void flux_msg_fprint_ts(FILE *f, const flux_msg_t *msg, double timestamp);

#ifdef __cplusplus
}
#endif

#endif
