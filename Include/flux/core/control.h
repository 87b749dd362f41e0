// Control messages, which brokers send each other: two numbers.
#ifndef FLUX_CORE_CONTROL_H
#define FLUX_CORE_CONTROL_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

// The caller owns the message. Any thread.
flux_msg_t *flux_control_encode(int type, int status);

// Either number may be of no interest. EINVAL for NULL, EPROTO for another type of message.
int flux_control_decode(const flux_msg_t *msg, int *type, int *status);

#ifdef __cplusplus
}
#endif

#endif
