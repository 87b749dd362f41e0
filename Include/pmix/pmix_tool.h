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

/* Connects a tool to one more server, given as for PMIx_tool_init(); some directive is needed. It becomes the primary
 * one, which requests go to, with PMIX_PRIMARY_SERVER and if there is none; events come from all servers. A server that
 * is attached already is not connected to a second time. myproc and server (unless NULL) get this tool's name, which
 * stays the same, and the server's. Blocks. PMIX_ERR_BAD_PARAM without info, PMIX_ERR_UNREACH where there is no such
 * server or it refuses. */
PMIX_EXPORT pmix_status_t PMIx_tool_attach_to_server(pmix_proc_t *myproc, pmix_proc_t *server, pmix_info_t info[],
                                                     size_t ninfo);

/* Leaves a server; the library stays up. If it was the primary one there is none until PMIx_tool_set_server() names
 * another. PMIX_ERR_NOT_FOUND for a server that is not attached. Must not be called in a callback. */
PMIX_EXPORT pmix_status_t PMIx_tool_disconnect(const pmix_proc_t *server);

/* The servers that are connected, the primary one first; free() ends the array. PMIX_ERR_UNREACH, and no array, when
 * there is none. */
PMIX_EXPORT pmix_status_t PMIx_tool_get_servers(pmix_proc_t *servers[], size_t *nservers);

/* Makes an attached server the primary one. This tool's own name leaves it without: what it asks then goes to the
 * functions of PMIx_tool_set_server_module(), if there are any. PMIX_ERR_UNREACH for a server that is not attached;
 * with PMIX_WAIT_FOR_CONNECTION it is waited for until another thread attaches it, PMIX_TIMEOUT seconds at most
 * (PMIX_ERR_TIMEOUT), or for ever. */
PMIX_EXPORT pmix_status_t PMIx_tool_set_server(const pmix_proc_t *server, pmix_info_t info[], size_t ninfo);

/* Whether any server is connected. */
PMIX_EXPORT bool PMIx_tool_is_connected(void);

/* Makes a tool a server as well, with a copy of module as its functions: from now on processes may connect to it, and
 * the functions of pmix_server.h work. A launcher listens from its init on; for it this only brings the functions. A
 * second module replaces the first. Spawn requests of its clients go to the primary server where module has no spawn.
 * PMIX_ERR_INIT before PMIx_tool_init(), PMIX_ERR_BAD_PARAM for NULL and in a process that is no tool. */
struct pmix_server_module_4_0_0_t;
PMIX_EXPORT pmix_status_t PMIx_tool_set_server_module(struct pmix_server_module_4_0_0_t *module);

/* Disconnects and stops, at the last of as many calls as there were inits. Must not be called in a callback. */
PMIX_EXPORT pmix_status_t PMIx_tool_finalize(void);

/* Has what the procs write on the channels forwarded to this process: to cbfunc, or, if that is NULL, to this process's
 * own output and errors, as the PMIX_IOF_* directives say. regcbfunc gets the status and the registration's number;
 * without one the call blocks and returns the number, which is positive. PMIX_ERR_NOT_SUPPORTED: the host cannot.
 * Of each channel at most PMIX_IOF_CACHE_SIZE bytes wait at the server for a caller that is slow, or that comes when
 * there is output already: with PMIX_IOF_DROP_OLDEST the newest, otherwise the oldest. PMIX_IOF_BUFFERING_SIZE bytes of
 * a channel come together, less at the end of a stream and after PMIX_IOF_BUFFERING_TIME seconds. */
PMIX_EXPORT pmix_status_t PMIx_IOF_pull(const pmix_proc_t procs[], size_t nprocs, const pmix_info_t directives[],
                                        size_t ndirs, pmix_iof_channel_t channel, pmix_iof_cbfunc_t cbfunc,
                                        pmix_hdlr_reg_cbfunc_t regcbfunc, void *regcbdata);

/* Ends what PMIx_IOF_pull() began; nothing is delivered any more when it returns, unless it is buffered: then the rest
 * comes before the call, or its cbfunc, is done. PMIX_ERR_BAD_PARAM for a number that is none. Blocks if cbfunc is
 * NULL. */
PMIX_EXPORT pmix_status_t PMIx_IOF_deregister(size_t iofhdlr, const pmix_info_t directives[], size_t ndirs,
                                              pmix_op_cbfunc_t cbfunc, void *cbdata);

/* Gives bo to the targets as their input; NULL or nothing in it is the end of the input. With PMIX_IOF_PUSH_STDIN
 * this process's own input is read and forwarded from now on. Blocks if cbfunc is NULL. */
PMIX_EXPORT pmix_status_t PMIx_IOF_push(const pmix_proc_t targets[], size_t ntargets, pmix_byte_object_t *bo,
                                        const pmix_info_t directives[], size_t ndirs, pmix_op_cbfunc_t cbfunc,
                                        void *cbdata);

#ifdef __cplusplus
}
#endif

#endif
