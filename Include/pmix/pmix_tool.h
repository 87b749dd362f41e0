// The tool API: for debuggers, launchers and other programs that no job contains.
// What pmix.h says of threads, lending, callbacks and errors goes for these functions as well.
#ifndef PMIX_TOOL_H
#define PMIX_TOOL_H

#include "pmix.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Receives output that was pulled: iofhdlr is the reference of the registration, source who wrote it. Everything is
 * lent for the length of the call. */
typedef void (*pmix_iof_cbfunc_t)(size_t iofhdlr, pmix_iof_channel_t channel, pmix_proc_t *source,
                                  pmix_byte_object_t *payload, pmix_info_t info[], size_t ninfo);

/* Starts the library as a tool and connects it to the server that info or the environment names, or that is found on
 * this node; PMIX_TOOL_DO_NOT_CONNECT leaves that out. proc (unless NULL) gets the tool's name. Counted like
 * PMIx_Init(). PMIX_ERR_UNREACH where there is no server and one is needed. */
PMIX_EXPORT pmix_status_t PMIx_tool_init(pmix_proc_t *proc, pmix_info_t info[], size_t ninfo);

/* Disconnects and stops, at the last of as many calls as there were inits. Must not be called in a callback. */
PMIX_EXPORT pmix_status_t PMIx_tool_finalize(void);

#ifdef __cplusplus
}
#endif

#endif
