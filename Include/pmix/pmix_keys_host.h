// Keys with which processes, tools and hosts ask for something: servers, tools, spawn, forwarding, queries,
// logging, allocation, job control, monitoring. Behind each stands the type its value has.
#ifndef PMIX_KEYS_HOST_H
#define PMIX_KEYS_HOST_H

/* What a server is told when it starts. */
#define PMIX_BIND_PROGRESS_THREAD              "pmix.bind.pt"           // char*
#define PMIX_BIND_REQUIRED                     "pmix.bind.reqd"         // bool
#define PMIX_EXTERNAL_PROGRESS                 "pmix.evext"             // bool
#define PMIX_HOMOGENEOUS_SYSTEM                "pmix.homo"              // bool
#define PMIX_REQUESTOR_IS_CLIENT               "pmix.req.client"        // bool
#define PMIX_REQUESTOR_IS_TOOL                 "pmix.req.tool"          // bool
#define PMIX_RM_NAME                           "pmix.rm.name"           // char*
#define PMIX_RM_VERSION                        "pmix.rm.version"        // char*
#define PMIX_SERVER_ENABLE_MONITORING          "pmix.srv.monitor"       // bool
#define PMIX_SERVER_GATEWAY                    "pmix.srv.gway"          // bool
#define PMIX_SERVER_NSPACE                     "pmix.srv.nspace"        // char*
#define PMIX_SERVER_RANK                       "pmix.srv.rank"          // pmix_rank_t
#define PMIX_SERVER_REMOTE_CONNECTIONS         "pmix.srvr.remote"       // bool
#define PMIX_SERVER_SCHEDULER                  "pmix.srv.sched"         // bool
#define PMIX_SERVER_SESSION_SUPPORT            "pmix.srvr.sess"         // bool
#define PMIX_SERVER_SHARE_TOPOLOGY             "pmix.srvr.share"        // bool
#define PMIX_SERVER_START_TIME                 "pmix.srv.strtime"       // char*
#define PMIX_SERVER_SYSTEM_SUPPORT             "pmix.srvr.sys"          // bool
#define PMIX_SERVER_TMPDIR                     "pmix.srvr.tmpdir"       // char*
#define PMIX_SERVER_TOOL_SUPPORT               "pmix.srvr.tool"         // bool
#define PMIX_SYSTEM_TMPDIR                     "pmix.sys.tmpdir"        // char*
#define PMIX_TCP_DISABLE_IPV4                  "pmix.tcp.disipv4"       // bool
#define PMIX_TCP_DISABLE_IPV6                  "pmix.tcp.disipv6"       // bool
#define PMIX_TCP_IF_EXCLUDE                    "pmix.tcp.ifexclude"     // char*
#define PMIX_TCP_IF_INCLUDE                    "pmix.tcp.ifinclude"     // char*
#define PMIX_TCP_IPV4_PORT                     "pmix.tcp.ipv4"          // int
#define PMIX_TCP_IPV6_PORT                     "pmix.tcp.ipv6"          // int
#define PMIX_TCP_REPORT_URI                    "pmix.tcp.repuri"        // char*
#define PMIX_TCP_URI                           "pmix.tcp.uri"           // char*
#define PMIX_VERSION_INFO                      "pmix.version"           // char*

/* Tools: whom to connect to, and as whom. */
#define PMIX_CONNECT_MAX_RETRIES               "pmix.tool.mretries"     // uint32_t
#define PMIX_CONNECT_RETRY_DELAY               "pmix.tool.retry"        // uint32_t
#define PMIX_CONNECT_SYSTEM_FIRST              "pmix.cnct.sys.first"    // bool
#define PMIX_CONNECT_TO_SYSTEM                 "pmix.cnct.sys"          // bool
#define PMIX_EXEC_AGENT                        "pmix.exec.agnt"         // char*
#define PMIX_FORKEXEC_AGENT                    "pmix.fe.agnt"           // char*
#define PMIX_LAUNCHER                          "pmix.tool.launcher"     // bool
#define PMIX_LAUNCHER_DAEMON                   "pmix.lnch.dmn"          // char*
#define PMIX_LAUNCHER_RENDEZVOUS_FILE          "pmix.tool.lncrnd"       // char*
#define PMIX_LAUNCH_DIRECTIVES                 "pmix.lnch.dirs"         // pmix_data_array_t*
#define PMIX_MYSERVER_URI                      "pmix.mysrvr.uri"        // char*
#define PMIX_NOHUP                             "pmix.nohup"             // bool
#define PMIX_PRIMARY_SERVER                    "pmix.pri.srvr"          // bool
#define PMIX_SERVER_HOSTNAME                   "pmix.srvr.host"         // char*
#define PMIX_SERVER_PIDINFO                    "pmix.srvr.pidinfo"      // pid_t
#define PMIX_SERVER_URI                        "pmix.srvr.uri"          // char*
#define PMIX_TOOL_ATTACHMENT_FILE              "pmix.tool.attach"       // char*
#define PMIX_TOOL_CONNECT_OPTIONAL             "pmix.tool.conopt"       // bool
#define PMIX_TOOL_DO_NOT_CONNECT               "pmix.tool.nocon"        // bool
#define PMIX_TOOL_NSPACE                       "pmix.tool.nspace"       // char*
#define PMIX_TOOL_RANK                         "pmix.tool.rank"         // uint32_t

/* What is to be spawned, where, and how. */
#define PMIX_ABORT_NON_ZERO_TERM               "pmix.abnz"              // bool
#define PMIX_ADD_HOST                          "pmix.addhost"           // char*
#define PMIX_ADD_HOSTFILE                      "pmix.addhostfile"       // char*
#define PMIX_AGGREGATE_HELP                    "pmix.agg.help"          // bool
#define PMIX_APP_ARGV                          "pmix.app.argv"          // char*
#define PMIX_BINDTO                            "pmix.bindto"            // char*
#define PMIX_CMD_LINE                          "pmix.cmd.line"          // char*
#define PMIX_COLOCATE_NPERNODE                 "pmix.colnum.node"       // uint16_t
#define PMIX_COLOCATE_NPERPROC                 "pmix.colnum.proc"       // uint16_t
#define PMIX_COLOCATE_PROCS                    "pmix.colproc"           // pmix_data_array_t*
#define PMIX_COSPAWN_APP                       "pmix.cospawn"           // bool
#define PMIX_CPUS_PER_PROC                     "pmix.cpuperproc"        // uint32_t
#define PMIX_CPU_LIST                          "pmix.cpulist"           // char*
#define PMIX_DEBUGGER_DAEMONS                  "pmix.debugger"          // bool
#define PMIX_DISPLAY_ALLOCATION                "pmix.dispalloc"         // bool
#define PMIX_DISPLAY_MAP                       "pmix.dispmap"           // bool
#define PMIX_DISPLAY_MAP_DETAILED              "pmix.dispmapdet"        // bool
#define PMIX_DISPLAY_TOPOLOGY                  "pmix.disptopo"          // char*
#define PMIX_DO_NOT_LAUNCH                     "pmix.dnl"               // bool
#define PMIX_ENVARS_HARVESTED                  "pmix.evar.hvstd"        // bool
#define PMIX_HOST                              "pmix.host"              // char*
#define PMIX_HOSTFILE                          "pmix.hostfile"          // char*
#define PMIX_INDEX_ARGV                        "pmix.indxargv"          // bool
#define PMIX_JOB_CONTINUOUS                    "pmix.continuous"        // bool
#define PMIX_JOB_RECOVERABLE                   "pmix.recover"           // bool
#define PMIX_JOB_TIMEOUT                       "pmix.job.time"          // int
#define PMIX_MAPBY                             "pmix.mapby"             // char*
#define PMIX_MAX_RESTARTS                      "pmix.maxrestarts"       // uint32_t
#define PMIX_NOTIFY_JOB_EVENTS                 "pmix.note.jev"          // bool
#define PMIX_NOTIFY_PROC_ABNORMAL_TERMINATION  "pmix.noteabproc"        // bool
#define PMIX_NOTIFY_PROC_TERMINATION           "pmix.noteproc"          // bool
#define PMIX_NO_OVERSUBSCRIBE                  "pmix.noover"            // bool
#define PMIX_NO_PROCS_ON_HEAD                  "pmix.nolocal"           // bool
#define PMIX_PERSONALITY                       "pmix.pers"              // char*
#define PMIX_PPR                               "pmix.ppr"               // char*
#define PMIX_PREFIX                            "pmix.prefix"            // char*
#define PMIX_PRELOAD_BIN                       "pmix.preloadbin"        // bool
#define PMIX_PRELOAD_FILES                     "pmix.preloadfiles"      // char*
#define PMIX_RANKBY                            "pmix.rankby"            // char*
#define PMIX_REPORT_BINDINGS                   "pmix.repbind"           // bool
#define PMIX_REPORT_CHILD_SEP                  "pmix.rptchildsep"       // bool
#define PMIX_RUNTIME_OPTIONS                   "pmix.runopt"            // char*
#define PMIX_SET_SESSION_CWD                   "pmix.ssncwd"            // bool
#define PMIX_SHOW_LAUNCH_PROGRESS              "pmix.showprog"          // bool
#define PMIX_SPAWN_TIMEOUT                     "pmix.sp.time"           // int
#define PMIX_SPAWN_TOOL                        "pmix.spwn.tool"         // bool
#define PMIX_STDIN_TGT                         "pmix.stdin"             // pmix_proc_t*
#define PMIX_TIMEOUT_REPORT_STATE              "pmix.tim.state"         // bool
#define PMIX_TIMEOUT_STACKTRACES               "pmix.tim.stack"         // bool
#define PMIX_WDIR                              "pmix.wdir"              // char*
#define PMIX_WDIR_USER_SPECIFIED               "pmix.wdir.user"         // bool

/* Changes to the environment of what is spawned. */
#define PMIX_ADD_ENVAR                         "pmix.envar.add"         // pmix_envar_t*
#define PMIX_APPEND_ENVAR                      "pmix.envar.appnd"       // pmix_envar_t*
#define PMIX_FIRST_ENVAR                       "pmix.envar.first"       // pmix_envar_t*
#define PMIX_PREPEND_ENVAR                     "pmix.envar.prepnd"      // pmix_envar_t*
#define PMIX_SETUP_APP_ALL                     "pmix.setup.all"         // bool
#define PMIX_SETUP_APP_ENVARS                  "pmix.setup.env"         // bool
#define PMIX_SETUP_APP_NONENVARS               "pmix.setup.nenv"        // bool
#define PMIX_SET_ENVAR                         "pmix.envar.set"         // pmix_envar_t*
#define PMIX_UNSET_ENVAR                       "pmix.envar.unset"       // char*

/* Debuggers. */
#define PMIX_BREAKPOINT                        "pmix.brkpnt"            // char*
#define PMIX_DEBUG_DAEMONS_PER_NODE            "pmix.dbg.dpnd"          // uint16_t
#define PMIX_DEBUG_DAEMONS_PER_PROC            "pmix.dbg.dpproc"        // uint16_t
#define PMIX_DEBUG_STOP_IN_APP                 "pmix.dbg.notify"        // varies
#define PMIX_DEBUG_STOP_IN_INIT                "pmix.dbg.init"          // varies
#define PMIX_DEBUG_STOP_ON_EXEC                "pmix.dbg.exec"          // varies
#define PMIX_DEBUG_TARGET                      "pmix.dbg.tgt"           // pmix_proc_t*

/* Forwarding of standard input and output. */
#define PMIX_FWD_STDDIAG                       "pmix.fwd.stddiag"       // bool
#define PMIX_FWD_STDERR                        "pmix.fwd.stderr"        // bool
#define PMIX_FWD_STDIN                         "pmix.fwd.stdin"         // bool
#define PMIX_FWD_STDOUT                        "pmix.fwd.stdout"        // bool
#define PMIX_IOF_BUFFERING_SIZE                "pmix.iof.bsize"         // uint32_t
#define PMIX_IOF_BUFFERING_TIME                "pmix.iof.btime"         // uint32_t
#define PMIX_IOF_CACHE_SIZE                    "pmix.iof.csize"         // uint32_t
#define PMIX_IOF_COMPLETE                      "pmix.iof.cmp"           // bool
#define PMIX_IOF_COPY                          "pmix.iof.cpy"           // bool
#define PMIX_IOF_DROP_NEWEST                   "pmix.iof.new"           // bool
#define PMIX_IOF_DROP_OLDEST                   "pmix.iof.old"           // bool
#define PMIX_IOF_FILE_ONLY                     "pmix.iof.fonly"         // bool
#define PMIX_IOF_FILE_PATTERN                  "pmix.iof.fpt"           // bool
#define PMIX_IOF_LOCAL_OUTPUT                  "pmix.iof.local"         // bool
#define PMIX_IOF_MERGE_STDERR_STDOUT           "pmix.iof.mrg"           // bool
#define PMIX_IOF_OUTPUT_RAW                    "pmix.iof.raw"           // bool
#define PMIX_IOF_OUTPUT_TO_DIRECTORY           "pmix.iof.dir"           // char*
#define PMIX_IOF_OUTPUT_TO_FILE                "pmix.iof.file"          // char*
#define PMIX_IOF_PUSH_STDIN                    "pmix.iof.stdin"         // bool
#define PMIX_IOF_RANK_OUTPUT                   "pmix.iof.rank"          // bool
#define PMIX_IOF_REDIRECT                      "pmix.iof.redir"         // bool
#define PMIX_IOF_TAG_DETAILED_OUTPUT           "pmix.iof.tagdet"        // bool
#define PMIX_IOF_TAG_FULLNAME_OUTPUT           "pmix.iof.tagfull"       // bool
#define PMIX_IOF_TAG_OUTPUT                    "pmix.iof.tag"           // bool
#define PMIX_IOF_TIMESTAMP_OUTPUT              "pmix.iof.ts"            // bool
#define PMIX_IOF_XML_OUTPUT                    "pmix.iof.xml"           // bool

/* Queries, and the ways to narrow them. */
#define PMIX_QUERY_ALLOC_STATUS                "pmix.query.alloc"       // char*
#define PMIX_QUERY_ATTRIBUTE_SUPPORT           "pmix.qry.attrs"         // pmix_data_array_t*
#define PMIX_QUERY_AUTHORIZATIONS              "pmix.qry.auths"         // pmix_data_array_t*
#define PMIX_QUERY_AVAIL_SERVERS               "pmix.qry.asrvrs"        // pmix_data_array_t*
#define PMIX_QUERY_DEBUG_SUPPORT               "pmix.qry.debug"         // char*
#define PMIX_QUERY_GROUP_MEMBERSHIP            "pmix.qry.pgrpmems"      // pmix_data_array_t*
#define PMIX_QUERY_GROUP_NAMES                 "pmix.qry.pgrp"          // pmix_data_array_t*
#define PMIX_QUERY_JOB_STATUS                  "pmix.qry.jst"           // pmix_status_t
#define PMIX_QUERY_LOCAL_ONLY                  "pmix.qry.local"         // bool
#define PMIX_QUERY_LOCAL_PROC_TABLE            "pmix.qry.lptable"       // pmix_data_array_t*
#define PMIX_QUERY_MEMORY_USAGE                "pmix.qry.mem"           // pmix_data_array_t*
#define PMIX_QUERY_NAMESPACES                  "pmix.qry.ns"            // char*
#define PMIX_QUERY_NAMESPACE_INFO              "pmix.qry.nsinfo"        // pmix_data_array_t*
#define PMIX_QUERY_NUM_GROUPS                  "pmix.qry.pgrpnum"       // size_t
#define PMIX_QUERY_NUM_PSETS                   "pmix.qry.psetnum"       // size_t
#define PMIX_QUERY_PROC_TABLE                  "pmix.qry.ptable"        // pmix_data_array_t*
#define PMIX_QUERY_PROVISIONAL_ABI_VERSION     "pmix.qry.prabiver"      // char*
#define PMIX_QUERY_PSET_MEMBERSHIP             "pmix.qry.pmems"         // pmix_data_array_t*
#define PMIX_QUERY_PSET_NAMES                  "pmix.qry.psets"         // char*
#define PMIX_QUERY_QUALIFIERS                  "pmix.qry.quals"         // pmix_data_array_t*
#define PMIX_QUERY_QUEUE_LIST                  "pmix.qry.qlst"          // char*
#define PMIX_QUERY_QUEUE_STATUS                "pmix.qry.qst"           // pmix_data_array_t*
#define PMIX_QUERY_REFRESH_CACHE               "pmix.qry.rfsh"          // bool
#define PMIX_QUERY_REPORT_AVG                  "pmix.qry.avg"           // bool
#define PMIX_QUERY_REPORT_MINMAX               "pmix.qry.minmax"        // bool
#define PMIX_QUERY_RESULTS                     "pmix.qry.res"           // pmix_data_array_t*
#define PMIX_QUERY_SPAWN_SUPPORT               "pmix.qry.spawn"         // char*
#define PMIX_QUERY_STABLE_ABI_VERSION          "pmix.qry.stabiver"      // char*
#define PMIX_QUERY_SUPPORTED_KEYS              "pmix.qry.keys"          // char*
#define PMIX_QUERY_SUPPORTED_QUALIFIERS        "pmix.qry.quals"         // bool
#define PMIX_TIME_REMAINING                    "pmix.time.remaining"    // uint32_t

/* What a library, a host or an attribute supports. */
#define PMIX_CLIENT_ATTRIBUTES                 "pmix.client.attrs"      // char*
#define PMIX_CLIENT_FUNCTIONS                  "pmix.client.fns"        // char*
#define PMIX_ENUM_VALUE                        "pmix.descr.enum"        // char*
#define PMIX_HOST_ATTRIBUTES                   "pmix.host.attrs"        // char*
#define PMIX_HOST_FUNCTIONS                    "pmix.host.fns"          // char*
#define PMIX_MAX_VALUE                         "pmix.descr.maxval"      // varies
#define PMIX_MIN_VALUE                         "pmix.descr.minval"      // varies
#define PMIX_SERVER_ATTRIBUTES                 "pmix.srvr.attrs"        // char*
#define PMIX_SERVER_FUNCTIONS                  "pmix.srvr.fns"          // char*
#define PMIX_TOOL_ATTRIBUTES                   "pmix.tool.attrs"        // char*
#define PMIX_TOOL_FUNCTIONS                    "pmix.tool.fns"          // char*

/* Logging. */
#define PMIX_LOG_AGG                           "pmix.log.agg"           // bool
#define PMIX_LOG_COMPLETION                    "pmix.logcomp"           // bool
#define PMIX_LOG_EMAIL                         "pmix.log.email"         // pmix_data_array_t*
#define PMIX_LOG_EMAIL_ADDR                    "pmix.log.emaddr"        // char*
#define PMIX_LOG_EMAIL_MSG                     "pmix.log.emmsg"         // char*
#define PMIX_LOG_EMAIL_SENDER_ADDR             "pmix.log.emfaddr"       // char*
#define PMIX_LOG_EMAIL_SERVER                  "pmix.log.esrvr"         // char*
#define PMIX_LOG_EMAIL_SRVR_PORT               "pmix.log.esrvrprt"      // int32_t
#define PMIX_LOG_EMAIL_SUBJECT                 "pmix.log.emsub"         // char*
#define PMIX_LOG_GENERATE_TIMESTAMP            "pmix.log.gtstmp"        // bool
#define PMIX_LOG_GLOBAL_DATASTORE              "pmix.log.gstore"        // bool
#define PMIX_LOG_GLOBAL_SYSLOG                 "pmix.log.gsys"          // char*
#define PMIX_LOG_JOB_EVENTS                    "pmix.log.jev"           // bool
#define PMIX_LOG_JOB_RECORD                    "pmix.log.jrec"          // bool
#define PMIX_LOG_KEY                           "pmix.log.key"           // char*
#define PMIX_LOG_LOCAL_SYSLOG                  "pmix.log.lsys"          // char*
#define PMIX_LOG_MSG                           "pmix.log.msg"           // pmix_byte_object_t
#define PMIX_LOG_ONCE                          "pmix.log.once"          // bool
#define PMIX_LOG_PROC_ABNORMAL_TERMINATION     "pmix.logabproc"         // bool
#define PMIX_LOG_PROC_TERMINATION              "pmix.logproc"           // bool
#define PMIX_LOG_SOURCE                        "pmix.log.source"        // pmix_proc_t*
#define PMIX_LOG_STDERR                        "pmix.log.stderr"        // char*
#define PMIX_LOG_STDOUT                        "pmix.log.stdout"        // char*
#define PMIX_LOG_SYSLOG                        "pmix.log.syslog"        // char*
#define PMIX_LOG_SYSLOG_PRI                    "pmix.log.syspri"        // int
#define PMIX_LOG_TAG_OUTPUT                    "pmix.log.tag"           // bool
#define PMIX_LOG_TIMESTAMP                     "pmix.log.tstmp"         // time_t
#define PMIX_LOG_TIMESTAMP_OUTPUT              "pmix.log.tsout"         // bool
#define PMIX_LOG_VAL                           "pmix.log.val"           // char*
#define PMIX_LOG_XML_OUTPUT                    "pmix.log.xml"           // bool

/* Allocation requests. */
#define PMIX_ALLOC_BANDWIDTH                   "pmix.alloc.bw"          // float
#define PMIX_ALLOC_CPU_LIST                    "pmix.alloc.cpulist"     // char*
#define PMIX_ALLOC_FABRIC                      "pmix.alloc.net"         // pmix_data_array_t*
#define PMIX_ALLOC_FABRIC_ENDPTS               "pmix.alloc.endpts"      // size_t
#define PMIX_ALLOC_FABRIC_ENDPTS_NODE          "pmix.alloc.endpts.nd"   // size_t
#define PMIX_ALLOC_FABRIC_ID                   "pmix.alloc.netid"       // char*
#define PMIX_ALLOC_FABRIC_PLANE                "pmix.alloc.netplane"    // char*
#define PMIX_ALLOC_FABRIC_QOS                  "pmix.alloc.netqos"      // char*
#define PMIX_ALLOC_FABRIC_SEC_KEY              "pmix.alloc.nsec"        // pmix_byte_object_t
#define PMIX_ALLOC_FABRIC_TYPE                 "pmix.alloc.nettype"     // char*
#define PMIX_ALLOC_ID                          "pmix.alloc.id"          // char*
#define PMIX_ALLOC_MEM_SIZE                    "pmix.alloc.msize"       // float
#define PMIX_ALLOC_NODE_LIST                   "pmix.alloc.nlist"       // char*
#define PMIX_ALLOC_NUM_CPUS                    "pmix.alloc.ncpus"       // uint64_t
#define PMIX_ALLOC_NUM_CPU_LIST                "pmix.alloc.ncpulist"    // char*
#define PMIX_ALLOC_NUM_NODES                   "pmix.alloc.nnodes"      // uint64_t
#define PMIX_ALLOC_QUEUE                       "pmix.alloc.queue"       // char*
#define PMIX_ALLOC_REQ_ID                      "pmix.alloc.reqid"       // char*
#define PMIX_ALLOC_TIME                        "pmix.alloc.time"        // uint32_t

/* Job control and clean-up. */
#define PMIX_CLEANUP_EMPTY                     "pmix.clnup.empty"       // bool
#define PMIX_CLEANUP_IGNORE                    "pmix.clnup.ignore"      // char*
#define PMIX_CLEANUP_LEAVE_TOPDIR              "pmix.clnup.lvtop"       // bool
#define PMIX_CLEANUP_RECURSIVE                 "pmix.clnup.recurse"     // bool
#define PMIX_JOB_CTRL_CANCEL                   "pmix.jctrl.cancel"      // char*
#define PMIX_JOB_CTRL_CHECKPOINT               "pmix.jctrl.ckpt"        // char*
#define PMIX_JOB_CTRL_CHECKPOINT_EVENT         "pmix.jctrl.ckptev"      // bool
#define PMIX_JOB_CTRL_CHECKPOINT_METHOD        "pmix.jctrl.ckmethod"    // pmix_data_array_t*
#define PMIX_JOB_CTRL_CHECKPOINT_SIGNAL        "pmix.jctrl.ckptsig"     // int
#define PMIX_JOB_CTRL_CHECKPOINT_TIMEOUT       "pmix.jctrl.ckptsig"     // int
#define PMIX_JOB_CTRL_ID                       "pmix.jctrl.id"          // char*
#define PMIX_JOB_CTRL_KILL                     "pmix.jctrl.kill"        // bool
#define PMIX_JOB_CTRL_PAUSE                    "pmix.jctrl.pause"       // bool
#define PMIX_JOB_CTRL_PREEMPTIBLE              "pmix.jctrl.preempt"     // bool
#define PMIX_JOB_CTRL_PROVISION                "pmix.jctrl.pvn"         // char*
#define PMIX_JOB_CTRL_PROVISION_IMAGE          "pmix.jctrl.pvnimg"      // char*
#define PMIX_JOB_CTRL_RESTART                  "pmix.jctrl.restart"     // char*
#define PMIX_JOB_CTRL_RESUME                   "pmix.jctrl.resume"      // bool
#define PMIX_JOB_CTRL_SIGNAL                   "pmix.jctrl.sig"         // int
#define PMIX_JOB_CTRL_TERMINATE                "pmix.jctrl.term"        // bool
#define PMIX_REGISTER_CLEANUP                  "pmix.reg.cleanup"       // char*
#define PMIX_REGISTER_CLEANUP_DIR              "pmix.reg.cleanupdir"    // char*

/* Monitoring. */
#define PMIX_MONITOR_APP_CONTROL               "pmix.monitor.appctrl"   // bool
#define PMIX_MONITOR_CANCEL                    "pmix.monitor.cancel"    // char*
#define PMIX_MONITOR_FILE                      "pmix.monitor.fmon"      // char*
#define PMIX_MONITOR_FILE_ACCESS               "pmix.monitor.faccess"   // char*
#define PMIX_MONITOR_FILE_CHECK_TIME           "pmix.monitor.ftime"     // uint32_t
#define PMIX_MONITOR_FILE_DROPS                "pmix.monitor.fdrop"     // uint32_t
#define PMIX_MONITOR_FILE_MODIFY               "pmix.monitor.fmod"      // char*
#define PMIX_MONITOR_FILE_SIZE                 "pmix.monitor.fsize"     // bool
#define PMIX_MONITOR_HEARTBEAT                 "pmix.monitor.mbeat"     // bool
#define PMIX_MONITOR_HEARTBEAT_DROPS           "pmix.monitor.bdrop"     // uint32_t
#define PMIX_MONITOR_HEARTBEAT_TIME            "pmix.monitor.btime"     // uint32_t
#define PMIX_MONITOR_ID                        "pmix.monitor.id"        // char*
#define PMIX_SEND_HEARTBEAT                    "pmix.monitor.beat"      // bool

#endif
