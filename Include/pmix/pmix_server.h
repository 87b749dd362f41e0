// The server API, for hosts: resource managers and launchers that start processes and answer for them.
// What pmix.h says of threads, lending, callbacks and errors goes for these functions as well.
#ifndef PMIX_SERVER_H
#define PMIX_SERVER_H

#include "pmix_common.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- The host's module: upcalls, run on the library's progress thread, so they must not block. A NULL member says
 * that the host does not offer the operation. An upcall returns
 *   PMIX_SUCCESS               - cbfunc will be called, once, from any thread, now or later;
 *   PMIX_OPERATION_SUCCEEDED   - all is done, cbfunc will not be called;
 *   anything else              - it failed, cbfunc will not be called.
 * Arrays, strings and processes passed in stay until cbfunc is called, or until the upcall returns where it will not
 * be. cbfunc may be NULL only in the connection upcalls. What a host passes to cbfunc is lent for the length of that
 * call, except where the callback has a release function. server_object is what PMIx_server_register_client() got.
 * ---- */

/* A client has connected; an error refuses it. The second form, with infos about the client, is preferred. */
typedef pmix_status_t (*pmix_server_client_connected_fn_t)(const pmix_proc_t *proc, void *server_object,
                                                           pmix_op_cbfunc_t cbfunc, void *cbdata);
typedef pmix_status_t (*pmix_server_client_connected2_fn_t)(const pmix_proc_t *proc, void *server_object,
                                                            pmix_info_t info[], size_t ninfo,
                                                            pmix_op_cbfunc_t cbfunc, void *cbdata);

/* A client has called finalize, which returns to it when the host is done. */
typedef pmix_status_t (*pmix_server_client_finalized_fn_t)(const pmix_proc_t *proc, void *server_object,
                                                           pmix_op_cbfunc_t cbfunc, void *cbdata);

/* A client wants these processes (NULL, 0: its whole namespace) ended with this status and message. */
typedef pmix_status_t (*pmix_server_abort_fn_t)(const pmix_proc_t *proc, void *server_object, int status,
                                                const char msg[], pmix_proc_t procs[], size_t nprocs,
                                                pmix_op_cbfunc_t cbfunc, void *cbdata);

/* All local participants have arrived at a fence. The host brings the data of all servers together and hands the
 * whole to cbfunc. N.B. the block `data` is malloc'd and becomes the host's, who frees it. */
typedef pmix_status_t (*pmix_server_fencenb_fn_t)(const pmix_proc_t procs[], size_t nprocs,
                                                  const pmix_info_t info[], size_t ninfo, char *data, size_t ndata,
                                                  pmix_modex_cbfunc_t cbfunc, void *cbdata);

/* A local client asks for data of a process elsewhere. The host has that process's server answer a
 * PMIx_server_dmodex_request() and hands the answer to cbfunc. */
typedef pmix_status_t (*pmix_server_dmodex_req_fn_t)(const pmix_proc_t *proc, const pmix_info_t info[], size_t ninfo,
                                                     pmix_modex_cbfunc_t cbfunc, void *cbdata);

/* Publish, lookup and unpublish, as the functions of these names in pmix.h; proc is who asks. */
typedef pmix_status_t (*pmix_server_publish_fn_t)(const pmix_proc_t *proc, const pmix_info_t info[], size_t ninfo,
                                                  pmix_op_cbfunc_t cbfunc, void *cbdata);
typedef pmix_status_t (*pmix_server_lookup_fn_t)(const pmix_proc_t *proc, char **keys, const pmix_info_t info[],
                                                 size_t ninfo, pmix_lookup_cbfunc_t cbfunc, void *cbdata);
typedef pmix_status_t (*pmix_server_unpublish_fn_t)(const pmix_proc_t *proc, char **keys, const pmix_info_t info[],
                                                    size_t ninfo, pmix_op_cbfunc_t cbfunc, void *cbdata);

/* A client wants a job started. */
typedef pmix_status_t (*pmix_server_spawn_fn_t)(const pmix_proc_t *proc, const pmix_info_t job_info[], size_t ninfo,
                                                const pmix_app_t apps[], size_t napps, pmix_spawn_cbfunc_t cbfunc,
                                                void *cbdata);

/* All local participants have called connect, or disconnect. */
typedef pmix_status_t (*pmix_server_connect_fn_t)(const pmix_proc_t procs[], size_t nprocs, const pmix_info_t info[],
                                                  size_t ninfo, pmix_op_cbfunc_t cbfunc, void *cbdata);
typedef pmix_status_t (*pmix_server_disconnect_fn_t)(const pmix_proc_t procs[], size_t nprocs,
                                                     const pmix_info_t info[], size_t ninfo, pmix_op_cbfunc_t cbfunc,
                                                     void *cbdata);

/* Somebody here wants to hear of these codes, or nobody any more; the host passes such events to
 * PMIx_Notify_event(). */
typedef pmix_status_t (*pmix_server_register_events_fn_t)(pmix_status_t *codes, size_t ncodes,
                                                          const pmix_info_t info[], size_t ninfo,
                                                          pmix_op_cbfunc_t cbfunc, void *cbdata);
typedef pmix_status_t (*pmix_server_deregister_events_fn_t)(pmix_status_t *codes, size_t ncodes,
                                                            pmix_op_cbfunc_t cbfunc, void *cbdata);

/* An event that is to reach beyond this node. */
typedef pmix_status_t (*pmix_server_notify_event_fn_t)(pmix_status_t code, const pmix_proc_t *source,
                                                       pmix_data_range_t range, pmix_info_t info[], size_t ninfo,
                                                       pmix_op_cbfunc_t cbfunc, void *cbdata);

/* The host does the accepting: it calls cbfunc for each connection on listening_sd. */
typedef void (*pmix_connection_cbfunc_t)(int incoming_sd, void *cbdata);
typedef pmix_status_t (*pmix_server_listener_fn_t)(int listening_sd, pmix_connection_cbfunc_t cbfunc, void *cbdata);

/* A query that the library cannot answer itself. */
typedef pmix_status_t (*pmix_server_query_fn_t)(pmix_proc_t *proct, pmix_query_t *queries, size_t nqueries,
                                                pmix_info_cbfunc_t cbfunc, void *cbdata);

/* A tool has connected; the host gives it a name through cbfunc, or refuses it with an error there. */
typedef void (*pmix_tool_connection_cbfunc_t)(pmix_status_t status, pmix_proc_t *proc, void *cbdata);
typedef void (*pmix_server_tool_connection_fn_t)(pmix_info_t *info, size_t ninfo,
                                                 pmix_tool_connection_cbfunc_t cbfunc, void *cbdata);

/* Something is to be logged. */
typedef void (*pmix_server_log_fn_t)(const pmix_proc_t *client, const pmix_info_t data[], size_t ndata,
                                     const pmix_info_t directives[], size_t ndirs, pmix_op_cbfunc_t cbfunc,
                                     void *cbdata);

/* An allocation is to be made, extended or given back. */
typedef pmix_status_t (*pmix_server_alloc_fn_t)(const pmix_proc_t *client, pmix_alloc_directive_t directive,
                                                const pmix_info_t data[], size_t ndata, pmix_info_cbfunc_t cbfunc,
                                                void *cbdata);

/* The targets are to be controlled, or the requestor to be monitored. */
typedef pmix_status_t (*pmix_server_job_control_fn_t)(const pmix_proc_t *requestor, const pmix_proc_t targets[],
                                                      size_t ntargets, const pmix_info_t directives[], size_t ndirs,
                                                      pmix_info_cbfunc_t cbfunc, void *cbdata);
typedef pmix_status_t (*pmix_server_monitor_fn_t)(const pmix_proc_t *requestor, const pmix_info_t *monitor,
                                                  pmix_status_t error, const pmix_info_t directives[], size_t ndirs,
                                                  pmix_info_cbfunc_t cbfunc, void *cbdata);

/* A credential is to be made for proc, or checked for it. */
typedef pmix_status_t (*pmix_server_get_cred_fn_t)(const pmix_proc_t *proc, const pmix_info_t directives[],
                                                   size_t ndirs, pmix_credential_cbfunc_t cbfunc, void *cbdata);
typedef pmix_status_t (*pmix_server_validate_cred_fn_t)(const pmix_proc_t *proc, const pmix_byte_object_t *cred,
                                                        const pmix_info_t directives[], size_t ndirs,
                                                        pmix_validation_cbfunc_t cbfunc, void *cbdata);

/* Output of these processes is wanted here: the host passes it to PMIx_server_IOF_deliver(). */
typedef pmix_status_t (*pmix_server_iof_fn_t)(const pmix_proc_t procs[], size_t nprocs,
                                              const pmix_info_t directives[], size_t ndirs,
                                              pmix_iof_channel_t channels, pmix_op_cbfunc_t cbfunc, void *cbdata);

/* Standard input for the targets. */
typedef pmix_status_t (*pmix_server_stdin_fn_t)(const pmix_proc_t *source, const pmix_proc_t targets[],
                                                size_t ntargets, const pmix_info_t directives[], size_t ndirs,
                                                const pmix_byte_object_t *bo, pmix_op_cbfunc_t cbfunc, void *cbdata);

/* All local members have asked for the group to be made, or ended. */
typedef pmix_status_t (*pmix_server_grp_fn_t)(pmix_group_operation_t op, char grp[], const pmix_proc_t procs[],
                                              size_t nprocs, const pmix_info_t directives[], size_t ndirs,
                                              pmix_info_cbfunc_t cbfunc, void *cbdata);

/* Information on a fabric is wanted. */
typedef pmix_status_t (*pmix_server_fabric_fn_t)(const pmix_proc_t *requestor, pmix_fabric_operation_t op,
                                                 const pmix_info_t directives[], size_t ndirs,
                                                 pmix_info_cbfunc_t cbfunc, void *cbdata);

/* The answers to PMIx_server_dmodex_request(), whose data is lent, and to PMIx_server_setup_application(), whose
 * receiver calls cbfunc(status, cbdata) when it has done with info; provided_cbdata is what the host passed. */
typedef void (*pmix_dmodex_response_fn_t)(pmix_status_t status, char *data, size_t sz, void *cbdata);
typedef void (*pmix_setup_application_cbfunc_t)(pmix_status_t status, pmix_info_t info[], size_t ninfo,
                                                void *provided_cbdata, pmix_op_cbfunc_t cbfunc, void *cbdata);

/* N.B. neither version nor size is passed along: a library reads exactly these 28 members, and programs set those
 * they do not offer to NULL. */
typedef struct pmix_server_module_4_0_0_t {
    pmix_server_client_connected_fn_t client_connected;
    pmix_server_client_finalized_fn_t client_finalized;
    pmix_server_abort_fn_t abort;
    pmix_server_fencenb_fn_t fence_nb;
    pmix_server_dmodex_req_fn_t direct_modex;
    pmix_server_publish_fn_t publish;
    pmix_server_lookup_fn_t lookup;
    pmix_server_unpublish_fn_t unpublish;
    pmix_server_spawn_fn_t spawn;
    pmix_server_connect_fn_t connect;
    pmix_server_disconnect_fn_t disconnect;
    pmix_server_register_events_fn_t register_events;
    pmix_server_deregister_events_fn_t deregister_events;
    pmix_server_listener_fn_t listener;
    pmix_server_notify_event_fn_t notify_event;
    pmix_server_query_fn_t query;
    pmix_server_tool_connection_fn_t tool_connected;
    pmix_server_log_fn_t log;
    pmix_server_alloc_fn_t allocate;
    pmix_server_job_control_fn_t job_control;
    pmix_server_monitor_fn_t monitor;
    pmix_server_get_cred_fn_t get_credential;
    pmix_server_validate_cred_fn_t validate_credential;
    pmix_server_iof_fn_t iof_pull;
    pmix_server_stdin_fn_t push_stdin;
    pmix_server_grp_fn_t group;
    pmix_server_fabric_fn_t fabric;
    pmix_server_client_connected2_fn_t client_connected2;
} pmix_server_module_t;

/* Upcalls that the modules of later releases have behind these, each release in places of its own, so that no size of
 * the module above could hold them: tool_connected and log with a status, control of a session, and of blocks of
 * resources. */
typedef pmix_status_t (*pmix_server_tool_connection2_fn_t)(pmix_info_t *info, size_t ninfo,
                                                           pmix_tool_connection_cbfunc_t cbfunc, void *cbdata);
typedef pmix_status_t (*pmix_server_log2_fn_t)(const pmix_proc_t *client, const pmix_info_t data[], size_t ndata,
                                               const pmix_info_t directives[], size_t ndirs, pmix_op_cbfunc_t cbfunc,
                                               void *cbdata);
typedef pmix_status_t (*pmix_server_session_control_fn_t)(const pmix_proc_t *requestor, uint32_t session_id,
                                                          const pmix_info_t directives[], size_t ndirs,
                                                          pmix_info_cbfunc_t cbfunc, void *cbdata);
typedef pmix_status_t (*pmix_server_resource_block_fn_t)(const pmix_proc_t *requestor,
                                                         pmix_resource_block_directive_t directive,
                                                         const char *block, const pmix_resource_unit_t *units,
                                                         size_t nunits, const pmix_info_t *info, size_t ninfo,
                                                         pmix_op_cbfunc_t cbfunc, void *cbdata);

/* The number of members the module of PMIx_server_init() has (pmix_server_module_t of 4.2 has 28): an attribute of
 * this library's for programs compiled with another release. 25 is 3.2; 29 is 5.0, with session_control last; 30 is
 * 6.0, with resource_block behind that; 32 is 6.1: tool_connected2, log2, session_control, resource_block. Exactly that
 * many members are read; tool_connected2 and log2 are preferred to their elders. PMIX_ERR_BAD_PARAM for 0. */
#define MUSTER_SERVER_MODULE_SLOTS "muster.server.module.slots"  // size_t

/* A key for PMIx_Query_info(), of this library: what processes wait for each other in. The answer is an array of
 * PMIX_INFO, one MUSTER_PENDING_COLLECTIVE for each fence, connect, disconnect or group that has begun and not ended, the
 * oldest first; PMIX_NSPACE among the qualifiers keeps to one job. Each is an array of PMIX_INFO again: the operation
 * ("fence", "connect", "disconnect", "group construct", "group destruct"), PMIX_GROUP_ID where there is one, the
 * processes as they were named, those of this node that have called and those that have not, the seconds since the first
 * call, whether this node is complete and it is the host's turn, and how many participants are on other nodes. */
#define MUSTER_PENDING "muster.pending"                        // pmix_data_array_t of pmix_info_t
#define MUSTER_PENDING_COLLECTIVE "muster.pending.collective"  // pmix_data_array_t of pmix_info_t
#define MUSTER_PENDING_OPERATION "muster.pending.operation"    // char*
#define MUSTER_PENDING_PROCS "muster.pending.procs"            // pmix_data_array_t of pmix_proc_t
#define MUSTER_PENDING_ARRIVED "muster.pending.arrived"        // pmix_data_array_t of pmix_proc_t
#define MUSTER_PENDING_MISSING "muster.pending.missing"        // pmix_data_array_t of pmix_proc_t
#define MUSTER_PENDING_SECONDS "muster.pending.seconds"        // uint32_t
#define MUSTER_PENDING_AT_HOST "muster.pending.at.host"        // bool
#define MUSTER_PENDING_ELSEWHERE "muster.pending.elsewhere"    // size_t

/* Another: the processes of this node that the server has been told of, of the job that PMIX_NSPACE among the qualifiers
 * names or of all, with their states as far as the server knows them and without process ids. Of a host that answers no
 * queries there is no more to be had. */
#define MUSTER_PROCESSES "muster.processes"                    // pmix_data_array_t of pmix_proc_info_t

/* ---- Starting and stopping. ---- */

/* Starts the server: the progress thread and the listening socket. The module is copied; NULL offers nothing. info
 * names the server, its directories and what it allows. Counted like PMIx_Init(). */
PMIX_EXPORT pmix_status_t PMIx_server_init(pmix_server_module_t *module, pmix_info_t info[], size_t ninfo);

/* Stops it, at the last of as many calls as there were inits: disconnects clients, removes its files. Must not be
 * called in a callback. */
PMIX_EXPORT pmix_status_t PMIx_server_finalize(void);

/* ---- Jobs and their processes. ---- */

/* Compresses "node1,node2,node3" to a form that PMIX_NODE_MAP takes; *regex is malloc'd and the caller's, and may
 * hold NULs before its end where it does not begin with "pmix" or "raw". Any time after init. */
PMIX_EXPORT pmix_status_t PMIx_generate_regex(const char *input, char **regex);

/* The same for the ranks of each node, "0,1;2,3", as PMIX_PROC_MAP takes it. */
PMIX_EXPORT pmix_status_t PMIx_generate_ppn(const char *input, char **ppn);

/* Makes a job known, with nlocalprocs processes on this node and the data that they will get; before any of them is
 * registered or started. A second call for the namespace adds data. */
PMIX_EXPORT pmix_status_t PMIx_server_register_nspace(const pmix_nspace_t nspace, int nlocalprocs,
                                                      pmix_info_t info[], size_t ninfo, pmix_op_cbfunc_t cbfunc,
                                                      void *cbdata);

/* Forgets the job and its processes. cbfunc (NULL: block) is told PMIX_SUCCESS when that is done, also where there
 * was no such job. */
PMIX_EXPORT void PMIx_server_deregister_nspace(const pmix_nspace_t nspace, pmix_op_cbfunc_t cbfunc, void *cbdata);

/* Lets this process connect, as this user and group; server_object comes back in the upcalls about it. */
PMIX_EXPORT pmix_status_t PMIx_server_register_client(const pmix_proc_t *proc, uid_t uid, gid_t gid,
                                                      void *server_object, pmix_op_cbfunc_t cbfunc, void *cbdata);

/* Forgets the process and closes its connection; cbfunc as for PMIx_server_deregister_nspace(). */
PMIX_EXPORT void PMIx_server_deregister_client(const pmix_proc_t *proc, pmix_op_cbfunc_t cbfunc, void *cbdata);

/* Adds to *env, an argv the host owns and which may move, what the process needs to find this server. Does not wait. */
PMIX_EXPORT pmix_status_t PMIx_server_setup_fork(const pmix_proc_t *proc, char ***env);

/* Where the head of a job collects what all its nodes will need (environment, fabric); the infos handed to cbfunc
 * stay until cbfunc calls back, and travel to PMIx_server_setup_local_support() on each node. */
PMIX_EXPORT pmix_status_t PMIx_server_setup_application(const pmix_nspace_t nspace, pmix_info_t info[],
                                                        size_t ninfo, pmix_setup_application_cbfunc_t cbfunc,
                                                        void *cbdata);

/* Takes those infos in on a node, before its processes are started. */
PMIX_EXPORT pmix_status_t PMIx_server_setup_local_support(const pmix_nspace_t nspace, pmix_info_t info[],
                                                          size_t ninfo, pmix_op_cbfunc_t cbfunc, void *cbdata);

/* ---- What the host says of itself and of the node. ---- */

/* Says which attributes (NULL-terminated names) a function of the host heeds, for queries with
 * PMIX_QUERY_ATTRIBUTE_SUPPORT. PMIX_ERR_REPEAT_ATTR_REGISTRATION for a function that is registered already. */
PMIX_EXPORT pmix_status_t PMIx_Register_attributes(char *function, char *attrs[]);

/* Data of no job in particular: every job that is registered from now on has them among its own. */
PMIX_EXPORT pmix_status_t PMIx_server_register_resources(pmix_info_t info[], size_t ninfo, pmix_op_cbfunc_t cbfunc,
                                                         void *cbdata);

/* Takes the data with these keys out again; the values are not looked at. */
PMIX_EXPORT pmix_status_t PMIx_server_deregister_resources(pmix_info_t info[], size_t ninfo,
                                                           pmix_op_cbfunc_t cbfunc, void *cbdata);

/* What this node has, for the head of the system: one PMIX_NODE_INFO_ARRAY with PMIX_HOSTNAME and, where there is hwloc,
 * PMIX_HWLOC_XML_V2, PMIX_AVAIL_PHYS_MEMORY and PMIX_FABRIC_DEVICES, an array of PMIX_FABRIC_DEVICE, each an array of
 * what is known of the device. The callback comes from the library's thread. */
PMIX_EXPORT pmix_status_t PMIx_server_collect_inventory(pmix_info_t directives[], size_t ndirs,
                                                        pmix_info_cbfunc_t cbfunc, void *cbdata);

/* Takes in what a node has collected. From now on a query of one of its keys with PMIX_HOSTNAME, which this server does
 * not know otherwise, is answered from it; what comes later of a node replaces what was said before, key by key. */
PMIX_EXPORT pmix_status_t PMIx_server_deliver_inventory(pmix_info_t info[], size_t ninfo, pmix_info_t directives[],
                                                        size_t ndirs, pmix_op_cbfunc_t cbfunc, void *cbdata);

/* Where the processors of cpuset lie, as the text that a host gives each rank as PMIX_LOCALITY_STRING; malloc'd, the
 * caller's, and NULL for a set without a bitmap. */
PMIX_EXPORT pmix_status_t PMIx_server_generate_locality_string(const pmix_cpuset_t *cpuset, char **locality);

/* The set as text, "hwloc:0-3"; malloc'd and the caller's. The second is the way back, as
 * PMIx_Parse_cpuset_string(). */
PMIX_EXPORT pmix_status_t PMIx_server_generate_cpuset_string(const pmix_cpuset_t *cpuset, char **cpuset_string);
PMIX_EXPORT pmix_status_t PMIx_server_generate_cpuset(const char *cpuset_string, pmix_cpuset_t *cpuset);

/* ---- Data that crosses nodes. ---- */

/* The data of these processes' jobs as the server would give them to a rank, packed into dbuf for another server: for
 * each job an object of its namespace and then its keys. PMIX_ERR_NOT_FOUND where one is not registered. */
PMIX_EXPORT pmix_status_t PMIx_server_collect_job_info(pmix_proc_t *procs, size_t nprocs, pmix_data_buffer_t *dbuf);

/* Asks for what the local process proc has committed, waiting for it to commit: cbfunc gets the blob that the asking
 * node's direct_modex takes. */
PMIX_EXPORT pmix_status_t PMIx_server_dmodex_request(const pmix_proc_t *proc, pmix_dmodex_response_fn_t cbfunc,
                                                     void *cbdata);

/* Passes output of source on to whoever here has asked for it; the bytes are copied. */
PMIX_EXPORT pmix_status_t PMIx_server_IOF_deliver(const pmix_proc_t *source, pmix_iof_channel_t channel,
                                                  const pmix_byte_object_t *bo, const pmix_info_t info[],
                                                  size_t ninfo, pmix_op_cbfunc_t cbfunc, void *cbdata);

/* ---- Process sets. ---- */

/* Calls these processes pset_name, in place of what was called so before; who listens for PMIX_PROCESS_SET_DEFINE is
 * told. Blocks until that is under way and returns PMIX_OPERATION_SUCCEEDED. */
PMIX_EXPORT pmix_status_t PMIx_server_define_process_set(const pmix_proc_t *members, size_t nmembers,
                                                         const char *pset_name);

/* Takes the name back, which is told as PMIX_PROCESS_SET_DELETE; PMIX_ERR_NOT_FOUND where there is no such set. */
PMIX_EXPORT pmix_status_t PMIx_server_delete_process_set(char *pset_name);

#ifdef __cplusplus
}
#endif

#endif
