// Jobs, as a client of an instance sees them. A handle that is NULL gives EINVAL. What returns a future sends one
// request; the caller owns it, and unless a getter is named the answer has no content.
#ifndef FLUX_CORE_JOB_H
#define FLUX_CORE_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

enum job_submit_flags {
    FLUX_JOB_PRE_SIGNED = 1,  // the jobspec is signed already
    FLUX_JOB_DEBUG = 2,
    FLUX_JOB_WAITABLE = 4,    // flux_job_wait will be called
    FLUX_JOB_NOVALIDATE = 8,  // for the owner of the instance
};

enum job_event_watch_flags {
    FLUX_JOB_EVENT_WATCH_WAITCREATE = 1,
    FLUX_JOB_EVENT_WATCH_INITIAL_SENTINEL = 2,  // NULL once between what has been and what will be
};

enum job_lookup_flags {
    FLUX_JOB_LOOKUP_JSON_DECODE = 1,
    FLUX_JOB_LOOKUP_CURRENT = 2,
};

enum job_urgency {
    FLUX_JOB_URGENCY_MIN = 0,
    FLUX_JOB_URGENCY_HOLD = FLUX_JOB_URGENCY_MIN,
    FLUX_JOB_URGENCY_DEFAULT = 16,
    FLUX_JOB_URGENCY_MAX = 31,
    FLUX_JOB_URGENCY_EXPEDITE = FLUX_JOB_URGENCY_MAX,
};

enum job_queue_priority {
    FLUX_JOB_PRIORITY_MIN = 0,
    FLUX_JOB_PRIORITY_MAX = 4294967295,
};

#define FLUX_JOBID_ANY 0xFFFFFFFFFFFFFFFF

typedef enum {
    FLUX_JOB_STATE_NEW = 1,
    FLUX_JOB_STATE_DEPEND = 2,
    FLUX_JOB_STATE_PRIORITY = 4,
    FLUX_JOB_STATE_SCHED = 8,
    FLUX_JOB_STATE_RUN = 16,
    FLUX_JOB_STATE_CLEANUP = 32,
    FLUX_JOB_STATE_INACTIVE = 64,
} flux_job_state_t;

#define FLUX_JOB_NR_STATES 7

// Several states at once.
enum {
    FLUX_JOB_STATE_PENDING = 14,
    FLUX_JOB_STATE_RUNNING = 48,
    FLUX_JOB_STATE_ACTIVE = 62,
};

typedef enum {
    FLUX_JOB_RESULT_COMPLETED = 1,
    FLUX_JOB_RESULT_FAILED = 2,
    FLUX_JOB_RESULT_CANCELED = 4,
    FLUX_JOB_RESULT_TIMEOUT = 8,
} flux_job_result_t;

typedef uint64_t flux_jobid_t;

// A job's number: read in any way it is written, and written as "dec" (NULL too), "hex", "kvs", "dothex", "words",
// "f58", "f58plain" or "emoji". EINVAL for what is none, EPROTO for another way, EOVERFLOW when the buffer is too
// small.
int flux_job_id_parse(const char *s, flux_jobid_t *id);
int flux_job_id_encode(flux_jobid_t id, const char *type, char *buf, size_t bufsz);

// States and results as texts: long or short, in capitals or not ("L", "l", "S", "s"); static, "(unknown)" or "?" for
// others. And back from any of them: EINVAL.
const char *flux_job_statetostr(flux_job_state_t state, const char *fmt);
int flux_job_strtostate(const char *s, flux_job_state_t *state);
const char *flux_job_resulttostr(flux_job_result_t result, const char *fmt);
int flux_job_strtoresult(const char *s, flux_job_result_t *result);

// Hands in a job; then its number. Without FLUX_JOB_PRE_SIGNED it goes in under the caller's user id, unsigned, which
// an instance takes from its owner.
flux_future_t *flux_job_submit(flux_t *h, const char *jobspec, int urgency, int flags);
int flux_job_submit_get_id(flux_future_t *f, flux_jobid_t *id);

// Waits until a job, or any that can be waited for, is over; ECHILD without one. Then whether it went well, a text
// that is the future's, and its number; NULL where nobody asks.
flux_future_t *flux_job_wait(flux_t *h, flux_jobid_t id);
int flux_job_wait_get_status(flux_future_t *f, bool *success, const char **errstr);
int flux_job_wait_get_id(flux_future_t *f, flux_jobid_t *id);

// Asks for attributes of jobs: of all in some states (0: any), of those that have ended since, of one.
// `attrs_json_str` is an array of names. The answer is JSON, for flux_rpc_get and flux_rpc_get_unpack. EINVAL for
// what is no JSON.
FLUX_DEPRECATED(flux_future_t *flux_job_list(
    flux_t *h, int max_entries, const char *attrs_json_str, uint32_t userid, int states));
FLUX_DEPRECATED(flux_future_t *flux_job_list_inactive(
    flux_t *h, int max_entries, double since, const char *attrs_json_str));
flux_future_t *flux_job_list_id(flux_t *h, flux_jobid_t id, const char *attrs_json_str);

// Raises an exception, cancels (which is one), signals, or changes the urgency. Texts of reasons may be NULL.
flux_future_t *flux_job_raise(flux_t *h, flux_jobid_t id, const char *type, int severity, const char *note);
flux_future_t *flux_job_cancel(flux_t *h, flux_jobid_t id, const char *reason);
flux_future_t *flux_job_kill(flux_t *h, flux_jobid_t id, int signum);
flux_future_t *flux_job_set_urgency(flux_t *h, flux_jobid_t id, int urgency);

// The name in the KVS of a job's folder, or of `key` in it; the same for what the job sees, which is the root when
// FLUX_KVS_NAMESPACE is set; and the job's namespace. The length, or -1 with EINVAL or EOVERFLOW.
int flux_job_kvs_key(char *buf, int bufsz, flux_jobid_t id, const char *key);
int flux_job_kvs_guest_key(char *buf, int bufsz, flux_jobid_t id, const char *key);
int flux_job_kvs_namespace(char *buf, int bufsz, flux_jobid_t id);

// Watches a job's log of events: one result for each, then ENODATA. The event is the future's. Canceling ends it.
flux_future_t *flux_job_event_watch(flux_t *h, flux_jobid_t id, const char *path, int flags);
int flux_job_event_watch_get(flux_future_t *f, const char **event);
int flux_job_event_watch_cancel(flux_future_t *f);

// Waits for the end of a job, and gathers what its events say: an object with id, result, t_submit, t_run, t_cleanup,
// waitstatus, exception_occurred, exception_severity, exception_type and exception_note, those that there are. The
// text and what is unpacked are the future's; EINVAL for a format that does not fit.
flux_future_t *flux_job_result(flux_t *h, flux_jobid_t id, int flags);
int flux_job_result_get(flux_future_t *f, const char **json_str);
int flux_job_result_get_unpack(flux_future_t *f, const char *fmt, ...);

// The seconds left to the job that this process is part of (FLUX_JOB_ID), or else to the instance: infinite without a
// limit, 0 when it is over. -1 with a text. Waits for the answer.
int flux_job_timeleft(flux_t *h, flux_error_t *errp, double *timeleft);

// The text in what flux_job_submit hands in unsigned, for the caller to free, and who claims to have handed it in;
// with `verify` that has to be this process's user. NULL with EINVAL and a text.
char *flux_unwrap_string(const char *in, bool verify, uint32_t *userid, flux_error_t *error);

// The exit code that the status of a job's `finish` event means, and a text if it is not 0. -1 with EINVAL for none.
int flux_job_waitstatus_to_exitcode(int waitstatus, flux_error_t *errp);

#ifdef __cplusplus
}
#endif

#endif
