// The client API, and what clients, tools and servers have in common.
//
// What holds for every function below unless its contract says otherwise:
// - Threads: any thread may call, also several at once. A blocking function called on the library's own progress
//   thread (that is, in a callback) returns an error at once. Callbacks run on that thread.
// - Before PMIx_Init(), or its likes for tools and servers, and after finalize: PMIX_ERR_INIT.
// - Arguments are lent. A blocking function has done with them when it returns; for a function with a callback (_nb)
//   the caller keeps arrays and strings until the callback has run.
// - A function with a callback returns PMIX_SUCCESS when the callback will be run, once. It may also return
//   PMIX_OPERATION_SUCCEEDED, which says that all is done, or an error; in both cases no callback is run.
// - procs == NULL with nprocs == 0 means every process of the caller's namespace. info == NULL with ninfo == 0 means
//   no attributes; an attribute nobody knows is an error (PMIX_ERR_NOT_SUPPORTED) only where it is marked required.
// - PMIX_ERR_BAD_PARAM for arguments that make no sense, PMIX_ERR_NOMEM without memory, PMIX_ERR_UNREACH when there is
//   no server to ask, PMIX_ERR_LOST_CONNECTION when it went away, PMIX_ERR_NOT_SUPPORTED when the host does not offer
//   the operation, PMIX_ERR_TIMEOUT when the attribute PMIX_TIMEOUT (seconds) ran out. Contracts name further ones.
#ifndef PMIX_H
#define PMIX_H

#include "pmix_common.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Life and death of a process in its job. ---- */

/* Joins the job that the environment describes, and fills proc (unless NULL) with the caller's own name. Counted:
 * every further call needs its own finalize. N.B. where no launcher has left an environment it returns
 * PMIX_ERR_UNREACH, and the process is a job of its own all the same, to be finalized. PMIX_ERR_INVALID_CRED when the
 * server refuses it. Blocks for the handshake. */
PMIX_EXPORT pmix_status_t PMIx_Init(pmix_proc_t *proc, pmix_info_t info[], size_t ninfo);

/* Leaves the job, at the last of as many calls as there were inits: tells the server, runs outstanding callbacks with
 * an error, stops the progress thread. PMIX_EMBED_BARRIER in info fences first. Must not be called in a callback. */
PMIX_EXPORT pmix_status_t PMIx_Finalize(const pmix_info_t info[], size_t ninfo);

/* 1 between init and the last finalize of a client, tool or server, else 0. Any time. */
PMIX_EXPORT int PMIx_Initialized(void);

/* The running library's name and version; static text, never freed. Any time. */
PMIX_EXPORT const char *PMIx_Get_version(void);

/* Asks the host to end the given processes with this status, and to show msg (may be NULL) to the user. Returns when
 * the host has taken the request; the caller may itself be among those that end. */
PMIX_EXPORT pmix_status_t PMIx_Abort(int status, const char msg[], pmix_proc_t procs[], size_t nprocs);

/* Runs what has become ready, once, in the calling thread. For processes started with PMIX_EXTERNAL_PROGRESS, which
 * have no progress thread; elsewhere it does nothing. Not to be called from two threads at once. */
PMIX_EXPORT void PMIx_Progress(void);

/* Ends the library's progress thread and waits for its end, with all done that was due until then: the caller drives
 * the library from now on, with PMIx_Progress(). Of info only the key "pmix.evname" counts (char*, the name of one
 * thread): the library's thread has no name, so with it nothing ends. Does nothing before init, a second time, and in
 * a callback of that very thread. */
PMIX_EXPORT void PMIx_Progress_thread_stop(const pmix_info_t *info, size_t ninfo);

/* ---- Values: put, commit, fence, get. ---- */

/* Keeps a copy of val under key for everybody in scope, to be sent by the next PMIx_Commit(). A second put of the key
 * replaces the first. Keys that begin with "pmix" are the library's; programs leave them alone. Does not wait for
 * anybody. */
PMIX_EXPORT pmix_status_t PMIx_Put(pmix_scope_t scope, const char key[], pmix_value_t *val);

/* Sends what was put since the last commit to the local server, and does not wait: a fence after it does. A refusal by
 * the server is what the next commit returns. Others see the values after a fence that collects data, or when they ask
 * for them. */
PMIX_EXPORT pmix_status_t PMIx_Commit(void);

/* Keeps a copy of val in this process only, as if proc had put it; keys may be reserved ones. Nothing is sent. */
PMIX_EXPORT pmix_status_t PMIx_Store_internal(const pmix_proc_t *proc, const char key[], pmix_value_t *val);

/* Returns when all given processes have called it with the same set, in any order. PMIX_COLLECT_DATA in info brings
 * along what they committed. The status is the same for all, unless a process is lost. */
PMIX_EXPORT pmix_status_t PMIx_Fence(const pmix_proc_t procs[], size_t nprocs, const pmix_info_t info[],
                                     size_t ninfo);

/* As PMIx_Fence(), and cbfunc (may be NULL) tells the status. */
PMIX_EXPORT pmix_status_t PMIx_Fence_nb(const pmix_proc_t procs[], size_t nprocs, const pmix_info_t info[],
                                        size_t ninfo, pmix_op_cbfunc_t cbfunc, void *cbdata);

/* Looks key up for proc, here, then at the server, which may wait until that process commits it; PMIX_IMMEDIATE and
 * PMIX_OPTIONAL in info forbid the waiting and the asking. Rank PMIX_RANK_WILDCARD asks for data of the job, NULL proc
 * for whoever has the key, NULL key for all keys of proc. *val is a new value the caller releases with
 * PMIX_VALUE_RELEASE, except that PMIX_GET_POINTER_VALUES lends the library's own and PMIX_GET_STATIC_VALUES fills the
 * caller's. PMIX_ERR_NOT_FOUND; PMIX_ERR_EXISTS_OUTSIDE_SCOPE where it is not for the caller. */
PMIX_EXPORT pmix_status_t PMIx_Get(const pmix_proc_t *proc, const char key[], const pmix_info_t info[],
                                   size_t ninfo, pmix_value_t **val);

/* As PMIx_Get(); the value is lent to cbfunc for the length of its call. */
PMIX_EXPORT pmix_status_t PMIx_Get_nb(const pmix_proc_t *proc, const char key[], const pmix_info_t info[],
                                      size_t ninfo, pmix_value_cbfunc_t cbfunc, void *cbdata);

/* ---- Publish and lookup, among jobs. ---- */

/* Publishes every info that is data under its key, in the range and for as long as PMIX_RANGE and PMIX_PERSISTENCE
 * among them say (session, and until the application ends, by default). PMIX_ERR_DUPLICATE_KEY where the range has the
 * key already. */
PMIX_EXPORT pmix_status_t PMIx_Publish(const pmix_info_t info[], size_t ninfo);

/* As PMIx_Publish(), and cbfunc tells the status. */
PMIX_EXPORT pmix_status_t PMIx_Publish_nb(const pmix_info_t info[], size_t ninfo, pmix_op_cbfunc_t cbfunc,
                                          void *cbdata);

/* Finds the keys set in data[] and fills in publisher and value of each; what is not found stays PMIX_UNDEF. The
 * caller destructs data. PMIX_WAIT in info waits for that many keys. PMIX_ERR_NOT_FOUND where none is there,
 * PMIX_ERR_PARTIAL_SUCCESS where some are missing. */
PMIX_EXPORT pmix_status_t PMIx_Lookup(pmix_pdata_t data[], size_t ndata, const pmix_info_t info[], size_t ninfo);

/* As PMIx_Lookup() for a NULL-terminated list of keys; the results are lent to cbfunc. */
PMIX_EXPORT pmix_status_t PMIx_Lookup_nb(char **keys, const pmix_info_t info[], size_t ninfo,
                                         pmix_lookup_cbfunc_t cbfunc, void *cbdata);

/* Withdraws what the caller published under these keys; NULL means all of it. A key that is not there is no error. */
PMIX_EXPORT pmix_status_t PMIx_Unpublish(char **keys, const pmix_info_t info[], size_t ninfo);

/* As PMIx_Unpublish(), and cbfunc tells the status. */
PMIX_EXPORT pmix_status_t PMIx_Unpublish_nb(char **keys, const pmix_info_t info[], size_t ninfo,
                                            pmix_op_cbfunc_t cbfunc, void *cbdata);

/* ---- Who is where. ---- */

/* The processes of nspace on the node (NULL or "": on all nodes; empty nspace: of all namespaces). *procs is a
 * malloc'd array the caller frees with PMIX_PROC_FREE, NULL where there are none. */
PMIX_EXPORT pmix_status_t PMIx_Resolve_peers(const char *nodename, const pmix_nspace_t nspace, pmix_proc_t **procs,
                                             size_t *nprocs);

/* The nodes that hold processes of nspace, as malloc'd text with commas between them; the caller frees it. */
PMIX_EXPORT pmix_status_t PMIx_Resolve_nodes(const pmix_nspace_t nspace, char **nodelist);

/* ---- Spawn, connect, disconnect. ---- */

/* Starts the applications as one new job; job_info goes for the whole job, each app's own infos for it. On success
 * nspace (unless NULL; PMIX_MAX_NSLEN + 1 characters) holds the new job's name. PMIX_ERR_JOB_* tell why it failed. */
PMIX_EXPORT pmix_status_t PMIx_Spawn(const pmix_info_t job_info[], size_t ninfo, const pmix_app_t apps[],
                                     size_t napps, pmix_nspace_t nspace);

/* As PMIx_Spawn(), and cbfunc tells status and namespace. */
PMIX_EXPORT pmix_status_t PMIx_Spawn_nb(const pmix_info_t job_info[], size_t ninfo, const pmix_app_t apps[],
                                        size_t napps, pmix_spawn_cbfunc_t cbfunc, void *cbdata);

/* Returns when all given processes have called it. From then on the host treats them as one for the purpose of
 * failures, and each has the job data of the others. */
PMIX_EXPORT pmix_status_t PMIx_Connect(const pmix_proc_t procs[], size_t nprocs, const pmix_info_t info[],
                                       size_t ninfo);

/* As PMIx_Connect(), and cbfunc tells the status. */
PMIX_EXPORT pmix_status_t PMIx_Connect_nb(const pmix_proc_t procs[], size_t nprocs, const pmix_info_t info[],
                                          size_t ninfo, pmix_op_cbfunc_t cbfunc, void *cbdata);

/* Undoes a connect of the same processes, who must all call it. */
PMIX_EXPORT pmix_status_t PMIx_Disconnect(const pmix_proc_t procs[], size_t nprocs, const pmix_info_t info[],
                                          size_t ninfo);

/* As PMIx_Disconnect(), and cbfunc tells the status. */
PMIX_EXPORT pmix_status_t PMIx_Disconnect_nb(const pmix_proc_t ranges[], size_t nprocs, const pmix_info_t info[],
                                             size_t ninfo, pmix_op_cbfunc_t cbfunc, void *cbdata);

/* ---- Events. ---- */

/* Has evhdlr called for these codes; no codes (NULL, 0) makes it a default handler, for what no other takes. info
 * places it in the chain and limits what it sees. With cbfunc the call returns at once and cbfunc tells the reference;
 * without, it blocks and returns the reference (zero or more) or an error (negative). */
PMIX_EXPORT pmix_status_t PMIx_Register_event_handler(pmix_status_t codes[], size_t ncodes, pmix_info_t info[],
                                                      size_t ninfo, pmix_notification_fn_t evhdlr,
                                                      pmix_hdlr_reg_cbfunc_t cbfunc, void *cbdata);

/* Takes the handler out again; blocks where cbfunc is NULL. The handler may still be running when this returns, and is
 * not called again. */
PMIX_EXPORT pmix_status_t PMIx_Deregister_event_handler(size_t evhdlr_ref, pmix_op_cbfunc_t cbfunc, void *cbdata);

/* Tells everybody in range that status has happened; source (NULL: the caller) is whom it is about. The caller's own
 * handlers are run as well. With cbfunc NULL it blocks until the server has taken the event. */
PMIX_EXPORT pmix_status_t PMIx_Notify_event(pmix_status_t status, const pmix_proc_t *source, pmix_data_range_t range,
                                            const pmix_info_t info[], size_t ninfo, pmix_op_cbfunc_t cbfunc,
                                            void *cbdata);

/* ---- Groups: processes under a name of their choice, which collectives take in place of a namespace. Results come as
 * those of a query do; results and nresults may be NULL. ---- */

/* Makes a group of the processes, all of which must call; a process lost before that is told as
 * PMIX_GROUP_MEMBER_FAILED and makes it fail unless PMIX_GROUP_OPTIONAL. results hold PMIX_GROUP_CONTEXT_ID, SIZE_MAX
 * where none was asked for. */
PMIX_EXPORT pmix_status_t PMIx_Group_construct(const char grp[], const pmix_proc_t procs[], size_t nprocs,
                                               const pmix_info_t directives[], size_t ndirs, pmix_info_t **results,
                                               size_t *nresults);

/* As PMIx_Group_construct(), to cbfunc. */
PMIX_EXPORT pmix_status_t PMIx_Group_construct_nb(const char grp[], const pmix_proc_t procs[], size_t nprocs,
                                                  const pmix_info_t info[], size_t ninfo, pmix_info_cbfunc_t cbfunc,
                                                  void *cbdata);

/* Ends the group when all members have called; PMIX_ERR_NOT_FOUND where there is none of that name. */
PMIX_EXPORT pmix_status_t PMIx_Group_destruct(const char grp[], const pmix_info_t info[], size_t ninfo);

/* As PMIx_Group_destruct(), and cbfunc tells the status. */
PMIX_EXPORT pmix_status_t PMIx_Group_destruct_nb(const char grp[], const pmix_info_t info[], size_t ninfo,
                                                 pmix_op_cbfunc_t cbfunc, void *cbdata);

/* Takes the caller out of the group; the others get PMIX_GROUP_LEFT. Returns when that is under way,
 * PMIX_ERR_NOT_FOUND where it is no member. */
PMIX_EXPORT pmix_status_t PMIx_Group_leave(const char grp[], const pmix_info_t info[], size_t ninfo);

/* As PMIx_Group_leave(), and cbfunc tells the status. */
PMIX_EXPORT pmix_status_t PMIx_Group_leave_nb(const char grp[], const pmix_info_t info[], size_t ninfo,
                                              pmix_op_cbfunc_t cbfunc, void *cbdata);

/* Asks the processes, who must listen for PMIX_GROUP_INVITED, to form a group that the caller leads. Done when all have
 * answered or are lost: results hold PMIX_GROUP_MEMBERSHIP, and PMIX_GROUP_CONTEXT_ID where one was asked for.
 * PMIX_GROUP_CONSTRUCT_ABORT from a handler of PMIX_GROUP_INVITE_ACCEPTED or _DECLINED ends it, and is its status. */
PMIX_EXPORT pmix_status_t PMIx_Group_invite(const char grp[], const pmix_proc_t procs[], size_t nprocs,
                                            const pmix_info_t info[], size_t ninfo, pmix_info_t **results,
                                            size_t *nresult);

/* As PMIx_Group_invite(), to cbfunc. */
PMIX_EXPORT pmix_status_t PMIx_Group_invite_nb(const char grp[], const pmix_proc_t procs[], size_t nprocs,
                                               const pmix_info_t info[], size_t ninfo, pmix_info_cbfunc_t cbfunc,
                                               void *cbdata);

/* Answers an invitation of leader (NULL: of whoever sent it). Who accepts waits until the group is there, so this must
 * not be called from an event handler; results as of PMIx_Group_invite(). PMIX_GROUP_LEADER_FAILED where the leader is
 * lost and the caller does not listen for that event; a handler of it that returns PMIX_GROUP_LEADER makes its process
 * the leader. */
PMIX_EXPORT pmix_status_t PMIx_Group_join(const char grp[], const pmix_proc_t *leader, pmix_group_opt_t opt,
                                          const pmix_info_t info[], size_t ninfo, pmix_info_t **results,
                                          size_t *nresult);

/* As PMIx_Group_join(), to cbfunc; from event handlers, too. */
PMIX_EXPORT pmix_status_t PMIx_Group_join_nb(const char grp[], const pmix_proc_t *leader, pmix_group_opt_t opt,
                                             const pmix_info_t info[], size_t ninfo, pmix_info_cbfunc_t cbfunc,
                                             void *cbdata);

/* ---- Questions to the host, and orders. Results come as a malloc'd array of infos, NULL where there are none, which
 * the caller frees with PMIX_INFO_FREE; to a cbfunc they are lent as pmix_info_cbfunc_t says. ---- */

/* Answers the queries, from here where possible, else from the host. PMIX_QUERY_PARTIAL_SUCCESS where some keys have
 * no answer, PMIX_ERR_NOT_FOUND where none has. */
PMIX_EXPORT pmix_status_t PMIx_Query_info(pmix_query_t queries[], size_t nqueries, pmix_info_t **results,
                                          size_t *nresults);

/* As PMIx_Query_info(), to cbfunc. */
PMIX_EXPORT pmix_status_t PMIx_Query_info_nb(pmix_query_t queries[], size_t nqueries, pmix_info_cbfunc_t cbfunc,
                                             void *cbdata);

/* Has the targets paused, resumed, signalled, killed, checkpointed, or their files cleaned up, as the directives say;
 * no targets (NULL, 0) means the caller's namespace. results and nresults may be NULL. */
PMIX_EXPORT pmix_status_t PMIx_Job_control(const pmix_proc_t targets[], size_t ntargets,
                                           const pmix_info_t directives[], size_t ndirs, pmix_info_t **results,
                                           size_t *nresults);

/* As PMIx_Job_control(), to cbfunc. */
PMIX_EXPORT pmix_status_t PMIx_Job_control_nb(const pmix_proc_t targets[], size_t ntargets,
                                              const pmix_info_t directives[], size_t ndirs, pmix_info_cbfunc_t cbfunc,
                                              void *cbdata);

/* Has this process watched, by heartbeat or by a file, as monitor and the directives say; `error` is the code of the
 * event that is raised when it falls silent. PMIX_SEND_HEARTBEAT as monitor is one heartbeat. */
PMIX_EXPORT pmix_status_t PMIx_Process_monitor(const pmix_info_t *monitor, pmix_status_t error,
                                               const pmix_info_t directives[], size_t ndirs, pmix_info_t **results,
                                               size_t *nresults);

/* As PMIx_Process_monitor(), to cbfunc, which may be NULL for a heartbeat. */
PMIX_EXPORT pmix_status_t PMIx_Process_monitor_nb(const pmix_info_t *monitor, pmix_status_t error,
                                                  const pmix_info_t directives[], size_t ndirs,
                                                  pmix_info_cbfunc_t cbfunc, void *cbdata);

/* Asks the host for resources, or for more, or gives some back, as directive and info say; the answers name what was
 * granted. results and nresults may be NULL. */
PMIX_EXPORT pmix_status_t PMIx_Allocation_request(pmix_alloc_directive_t directive, pmix_info_t *info, size_t ninfo,
                                                  pmix_info_t **results, size_t *nresults);

/* As PMIx_Allocation_request(), to cbfunc. */
PMIX_EXPORT pmix_status_t PMIx_Allocation_request_nb(pmix_alloc_directive_t directive, pmix_info_t *info,
                                                     size_t ninfo, pmix_info_cbfunc_t cbfunc, void *cbdata);

/* Has a session set up, paused, resumed, extended or ended by the host, as the directives say. With cbfunc NULL it
 * blocks and a success is PMIX_OPERATION_SUCCEEDED. PMIX_ERR_NOT_SUPPORTED by hosts of release 4, which cannot. */
PMIX_EXPORT pmix_status_t PMIx_Session_control(uint32_t sessionID, const pmix_info_t directives[], size_t ndirs,
                                               pmix_info_cbfunc_t cbfunc, void *cbdata);

/* Has the named block of resources defined, extended, reduced or deleted by the host, as the directive says; units may
 * be NULL where none are meant. PMIX_ERR_NOT_SUPPORTED by hosts of release 4 and 5, which cannot. */
PMIX_EXPORT pmix_status_t PMIx_Resource_block(pmix_resource_block_directive_t directive, char *block,
                                              const pmix_resource_unit_t *units, size_t nunits,
                                              const pmix_info_t *info, size_t ninfo);

/* As PMIx_Resource_block(), and cbfunc tells the status. */
PMIX_EXPORT pmix_status_t PMIx_Resource_block_nb(pmix_resource_block_directive_t directive, char *block,
                                                 const pmix_resource_unit_t *units, size_t nunits,
                                                 const pmix_info_t *info, size_t ninfo, pmix_op_cbfunc_t cbfunc,
                                                 void *cbdata);

/* Makes a credential that others can check: the host's, or, in a server whose host makes none, munge's.
 * PMIX_CRED_TYPE in info names the kinds that are of use. credential's bytes are malloc'd and the caller's. */
PMIX_EXPORT pmix_status_t PMIx_Get_credential(const pmix_info_t info[], size_t ninfo,
                                              pmix_byte_object_t *credential);

/* As PMIx_Get_credential(); the credential is lent to cbfunc. */
PMIX_EXPORT pmix_status_t PMIx_Get_credential_nb(const pmix_info_t info[], size_t ninfo,
                                                 pmix_credential_cbfunc_t cbfunc, void *cbdata);

/* Checks somebody's credential, by the host, or, in a server whose host does not, by munge; results say whose it is.
 * PMIX_ERR_INVALID_CRED for one that proves nothing. */
PMIX_EXPORT pmix_status_t PMIx_Validate_credential(const pmix_byte_object_t *cred, const pmix_info_t info[],
                                                   size_t ninfo, pmix_info_t **results, size_t *nresults);

/* As PMIx_Validate_credential(); the results are lent to cbfunc. */
PMIX_EXPORT pmix_status_t PMIx_Validate_credential_nb(const pmix_byte_object_t *cred, const pmix_info_t info[],
                                                      size_t ninfo, pmix_validation_cbfunc_t cbfunc, void *cbdata);

/* Writes the data to the channels that their keys name (standard error, syslog, mail, ...). */
PMIX_EXPORT pmix_status_t PMIx_Log(const pmix_info_t data[], size_t ndata, const pmix_info_t directives[],
                                   size_t ndirs);

/* As PMIx_Log(), and cbfunc tells the status. */
PMIX_EXPORT pmix_status_t PMIx_Log_nb(const pmix_info_t data[], size_t ndata, const pmix_info_t directives[],
                                      size_t ndirs, pmix_op_cbfunc_t cbfunc, void *cbdata);

/* ---- Fabrics: what the host tells of one hangs on the caller's pmix_fabric_t, zeroed before it is registered. Its
 * info is the library's: an update replaces it, deregistering frees it. ---- */

/* Asks what there is to know of the fabric that the directives describe. */
PMIX_EXPORT pmix_status_t PMIx_Fabric_register(pmix_fabric_t *fabric, const pmix_info_t directives[], size_t ndirs);

/* As PMIx_Fabric_register(), and cbfunc tells the status; fabric stays in place until then. */
PMIX_EXPORT pmix_status_t PMIx_Fabric_register_nb(pmix_fabric_t *fabric, const pmix_info_t directives[],
                                                  size_t ndirs, pmix_op_cbfunc_t cbfunc, void *cbdata);

/* Asks again, for a fabric that is registered. */
PMIX_EXPORT pmix_status_t PMIx_Fabric_update(pmix_fabric_t *fabric);

/* As PMIx_Fabric_update(), and cbfunc tells the status. */
PMIX_EXPORT pmix_status_t PMIx_Fabric_update_nb(pmix_fabric_t *fabric, pmix_op_cbfunc_t cbfunc, void *cbdata);

/* Lets go of what is known of it. The second is done when it returns, with PMIX_OPERATION_SUCCEEDED. */
PMIX_EXPORT pmix_status_t PMIx_Fabric_deregister(pmix_fabric_t *fabric);
PMIX_EXPORT pmix_status_t PMIx_Fabric_deregister_nb(pmix_fabric_t *fabric, pmix_op_cbfunc_t cbfunc, void *cbdata);

/* ---- This machine. The first of these calls loads hwloc; where it is not installed they are not supported, and
 * neither is any other source that a caller names. Nobody is asked, except as PMIx_Compute_distances() says. ---- */

/* Fills in the topology, with its source (a malloc'd text) where the caller left that NULL. The topology is the
 * library's and the same in every call: PMIX_TOPOLOGY_DESTRUCT frees the source only. */
PMIX_EXPORT pmix_status_t PMIx_Load_topology(pmix_topology_t *topo);

/* The processors this process, or the calling thread, is bound to, as a set that the caller destructs. */
PMIX_EXPORT pmix_status_t PMIx_Get_cpuset(pmix_cpuset_t *cpuset, pmix_bind_envelope_t ref);

/* The set that a text such as "hwloc:0-3,8" means; the caller destructs it. PMIX_ERR_BAD_PARAM for what is no such
 * text, PMIX_ERR_NOT_SUPPORTED for one of another source. */
PMIX_EXPORT pmix_status_t PMIx_Parse_cpuset_string(const char *cpuset_string, pmix_cpuset_t *cpuset);

/* What two processes of this node share, from their PMIX_LOCALITY_STRINGs. */
PMIX_EXPORT pmix_status_t PMIx_Get_relative_locality(const char *locality1, const char *locality2,
                                                     pmix_locality_t *locality);

/* How far devices are from the processors of cpuset (NULL: those this process is bound to) in topo (NULL: this
 * machine): the graphics, network and fabric devices, or those that PMIX_DEVICE_TYPE and PMIX_DEVICE_ID in info name.
 * Where none is found here the server is asked. distances is a malloc'd array the caller frees with PMIX_DEVICE_DIST_FREE. */
PMIX_EXPORT pmix_status_t PMIx_Compute_distances(pmix_topology_t *topo, pmix_cpuset_t *cpuset, pmix_info_t info[],
                                                 size_t ninfo, pmix_device_distance_t *distances[], size_t *ndist);

/* As PMIx_Compute_distances(), to cbfunc. */
PMIX_EXPORT pmix_status_t PMIx_Compute_distances_nb(pmix_topology_t *topo, pmix_cpuset_t *cpuset,
                                                    pmix_info_t info[], size_t ninfo,
                                                    pmix_device_dist_cbfunc_t cbfunc, void *cbdata);

/* ---- Buffers and topologies, for the macros. Any time; an object belongs to one thread at a time. ---- */

/* Makes payload's block the content of buffer, ready to be unpacked: the block moves, payload is left empty, what the
 * buffer held is freed. */
PMIX_EXPORT pmix_status_t PMIx_Data_load(pmix_data_buffer_t *buffer, pmix_byte_object_t *payload);

/* Moves what has not been unpacked out of buffer into payload, which the caller frees; the buffer is left empty. */
PMIX_EXPORT pmix_status_t PMIx_Data_unload(pmix_data_buffer_t *buffer, pmix_byte_object_t *payload);

/* Packs num_vals objects of one type, an array at src, behind what buffer holds (a zeroed struct is an empty buffer).
 * Each call is one item, to be unpacked by one call. The bytes are those that target reads: a process of the caller's
 * job, its server or another job; NULL stands for the caller's like. src is the address of the first object; for
 * PMIX_STRING and PMIX_REGEX that is of a char *. PMIX_ERR_UNKNOWN_DATA_TYPE; PMIX_ERR_NOT_FOUND where nobody knows how
 * target reads. */
PMIX_EXPORT pmix_status_t PMIx_Data_pack(const pmix_proc_t *target, pmix_data_buffer_t *buffer, void *src,
                                         int32_t num_vals, pmix_data_type_t type);

/* Unpacks the next item, which source has packed, into the array at dest, whose *max_num_values objects are overwritten
 * unseen; *max_num_values becomes their number. What they point to is the caller's to free. N.B. what an item has more
 * is lost: PMIX_ERR_UNPACK_INADEQUATE_SPACE, and dest is full. PMIX_ERR_UNPACK_READ_PAST_END_OF_BUFFER at the end, and
 * for what was cut; PMIX_ERR_PACK_MISMATCH where the buffer says that it has another type, PMIX_ERR_UNPACK_FAILURE for
 * bytes that are none of this type; of these nothing is written. */
PMIX_EXPORT pmix_status_t PMIx_Data_unpack(const pmix_proc_t *source, pmix_data_buffer_t *buffer, void *dest,
                                           int32_t *max_num_values, pmix_data_type_t type);

/* A deep copy of one object into a block *dest of its own, which the caller frees. A PMIX_STRING or PMIX_REGEX is given
 * by its own address, not by that of a pointer. */
PMIX_EXPORT pmix_status_t PMIx_Data_copy(void **dest, void *src, pmix_data_type_t type);

/* Describes one object for people, in a malloc'd text *output; prefix (NULL: a blank) begins each line. src as for
 * PMIx_Data_copy(). The text is meant for logs and may change. */
PMIX_EXPORT pmix_status_t PMIx_Data_print(char **output, char *prefix, void *src, pmix_data_type_t type);

/* Appends what has not been unpacked of src to dest; src stays as it is. */
PMIX_EXPORT pmix_status_t PMIx_Data_copy_payload(pmix_data_buffer_t *dest, pmix_data_buffer_t *src);

/* Makes a copy of payload the content of buffer; what buffer held is freed. */
PMIX_EXPORT pmix_status_t PMIx_Data_embed(pmix_data_buffer_t *buffer, const pmix_byte_object_t *payload);

/* True when *outbytes is a smaller block that the caller frees, of *nbytes bytes; false, and NULL, when the input is
 * short, does not become smaller, or there is no zlib. */
PMIX_EXPORT bool PMIx_Data_compress(const uint8_t *inbytes, size_t size, uint8_t **outbytes, size_t *nbytes);

/* The way back; false for bytes that PMIx_Data_compress() has not made. */
PMIX_EXPORT bool PMIx_Data_decompress(const uint8_t *inbytes, size_t size, uint8_t **outbytes, size_t *nbytes);

/* Frees what topo holds, not topo itself, by the library that its source names; one nobody here knows stays. */
PMIX_EXPORT void PMIx_Topology_destruct(pmix_topology_t *topo);

/* ---- Names of codes. Any time, any thread, never NULL. The text is static and never freed, but for
 * PMIx_Info_directives_string(), whose malloc'd text the caller frees. ---- */

PMIX_EXPORT const char *PMIx_Error_string(pmix_status_t status);
PMIX_EXPORT const char *PMIx_Proc_state_string(pmix_proc_state_t state);
PMIX_EXPORT const char *PMIx_Job_state_string(pmix_job_state_t state);
PMIX_EXPORT const char *PMIx_Scope_string(pmix_scope_t scope);
PMIX_EXPORT const char *PMIx_Persistence_string(pmix_persistence_t persist);
PMIX_EXPORT const char *PMIx_Data_range_string(pmix_data_range_t range);
PMIX_EXPORT const char *PMIx_Data_type_string(pmix_data_type_t type);
PMIX_EXPORT const char *PMIx_Alloc_directive_string(pmix_alloc_directive_t directive);
PMIX_EXPORT const char *PMIx_IOF_channel_string(pmix_iof_channel_t channel);
PMIX_EXPORT const char *PMIx_Link_state_string(pmix_link_state_t state);
PMIX_EXPORT const char *PMIx_Device_type_string(pmix_device_type_t type);
PMIX_EXPORT const char *PMIx_Value_comparison_string(pmix_value_cmp_t cmp);
PMIX_EXPORT const char *PMIx_Group_operation_string(pmix_group_operation_t op);
PMIX_EXPORT const char *PMIx_Resource_block_directive_string(pmix_resource_block_directive_t directive);
PMIX_EXPORT char *PMIx_Info_directives_string(pmix_info_directives_t directives);

/* From a text of PMIx_Error_string(), or the name of the constant, back to the code, in upper or lower case; INT32_MIN
 * for any other text, and for NULL. */
PMIX_EXPORT pmix_status_t PMIx_Error_code(const char *errname);

/* Descriptions for people, malloc'd; NULL for what cannot be described, for NULL and without memory. */
PMIX_EXPORT char *PMIx_Value_string(const pmix_value_t *value);
PMIX_EXPORT char *PMIx_Info_string(const pmix_info_t *info);
PMIX_EXPORT char *PMIx_App_string(const pmix_app_t *app);
PMIX_EXPORT char *PMIx_Proc_string(const pmix_proc_t *proc);
PMIX_EXPORT char *PMIx_Resource_unit_string(const pmix_resource_unit_t *p);

/* From a key ("pmix.rank") to its name in C ("PMIX_RANK"), and back; what is unknown is returned as it came. The text
 * is static, or the argument itself. */
PMIX_EXPORT const char *PMIx_Get_attribute_name(const char *attrstring);
PMIX_EXPORT const char *PMIx_Get_attribute_string(const char *attribute);

#ifdef __cplusplus
}
#endif

#endif
