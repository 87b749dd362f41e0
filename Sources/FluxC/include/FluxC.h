// The entry points that Swift cannot have: those with variable arguments. Each forms a text or a json_t here and calls one
// entrance without them; what it needs beside the public interface is declared here and defined in FluxABI.
#ifndef MUSTER_FLUXC_H
#define MUSTER_FLUXC_H

#include <stddef.h>

struct flux_msg;

// The json_t of the object that the payload says, the message's; NULL with errno and the message's last error.
void *muster_msg_json(const struct flux_msg *msg);

// Makes a text of so many bytes, and NUL, the payload. 0, or -1 with errno.
int muster_msg_set_text(struct flux_msg *msg, const char *text, size_t length);

// What flux_msg_last_error is to say; NULL for nothing.
void muster_msg_set_last_error(const struct flux_msg *msg, const char *text);

#endif
