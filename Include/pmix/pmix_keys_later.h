// Keys that releases 5 and 6 add to pmix_keys.h and pmix_keys_host.h. Behind each stands the type its value has.
#ifndef PMIX_KEYS_LATER_H
#define PMIX_KEYS_LATER_H

/* Starting, connecting, and the progress thread. */
#define PMIX_EXTERNAL_AUX_EVENT_BASE           "pmix.evaux"            // void*
#define PMIX_SERVER_ALLOW_FOREIGN_TOOLS        "pmix.srvr.ftools"      // bool
#define PMIX_SERVER_SYS_CONTROLLER             "pmix.srv.ctrlr"        // bool
#define PMIX_CONNECT_TO_SCHEDULER              "pmix.cnct.sched"       // bool
#define PMIX_CONNECT_TO_SYS_CONTROLLER         "pmix.cnct.ctrlr"       // bool
#define PMIX_CONNECTION_ORDER                  "pmix.cnct.ord"         // char*
#define PMIX_VERSION_NUMERIC                   "pmix.vers.num"         // uint32_t
#define PMIX_PROGRESS_THREAD_FLUSH             "pmix.evflush"          // bool
#define PMIX_PROGRESS_THREAD_NAME              "pmix.evname"           // char*
#define PMIX_ALLOW_CLIENT_CLONES               "pmix.allow.clones"     // bool

/* Who asks, and where. */
#define PMIX_REALUID                           "pmix.ruid"             // uint32_t
#define PMIX_REALGID                           "pmix.rgid"             // uint32_t
#define PMIX_TOPOLOGY_INDEX                    "pmix.topo.index"       // int
#define PMIX_REQUESTOR                         "pmix.requestor"        // pmix_proc_t*
#define PMIX_EVENT_STAYS_LOCAL                 "pmix.evlocal"          // bool

/* What is to be spawned, and how. X_SEP of these groups: what follows is a child of its own. */
#define PMIX_DISPLAY_PROCESSORS                "pmix.dispcpus"         // char*
#define PMIX_DISPLAY_PARSEABLE_OUTPUT          "pmix.dispparse"        // bool
#define PMIX_SPAWN_CHILD_SEP                   "pmix.spchildsep"       // bool
#define PMIX_REPORT_PHYSICAL_CPUS              "pmix.repphys.cpus"     // bool
#define PMIX_FWD_ENVIRONMENT                   "pmix.fwdenv"           // bool
#define PMIX_SPAWN_PTY                         "pmix.spawn.pty"        // bool
#define PMIX_PTY_TERMIO                        "pmix.pty.termio"       // pmix_byte_object_t
#define PMIX_PTY_WSIZE                         "pmix.pty.wsize"        // pmix_byte_object_t
#define PMIX_MEM_ALLOC_KIND                    "pmix.alloc.mkind"      // char*
#define PMIX_GPU_SUPPORT                       "pmix.gpu.support"      // bool

/* Queries. */
#define PMIX_QUERY_ALLOCATION                  "pmix.query.allc"       // pmix_data_array_t*
#define PMIX_QUERY_AVAILABLE_SLOTS             "pmix.qry.aslots"       // uint32_t
#define PMIX_QUERY_RESOLVE_PEERS               "pmix.qry.peers"        // pmix_data_array_t*
#define PMIX_QUERY_RESOLVE_NODE                "pmix.qry.node"         // char*
#define PMIX_QUERY_MIN_ALLOC_UNIT              "pmix.qry.minau"        // pmix_data_array_t*
#define PMIX_QUERY_RES_BLOCKS                  "pmix.qry.resblks"      // pmix_data_array_t*
#define PMIX_QUERY_RES_BLOCK_DEF               "pmix.qry.resdef"       // pmix_data_array_t*
#define PMIX_QUERY_DEVICES                     "pmix.qry.dev"          // pmix_data_array_t*
#define PMIX_QUERY_PROC_RESOURCE_USAGE         "pmix.qry.pres"         // pmix_proc_t*
#define PMIX_QUERY_NODE_RESOURCE_USAGE         "pmix.qry.nres"         // char*

/* Allocation requests and blocks of resources. */
#define PMIX_ALLOC_EXCLUDE                     "pmix.alloc.exclude"    // char*
#define PMIX_ALLOC_PREEMPTIBLE                 "pmix.alloc.preempt"    // bool
#define PMIX_ALLOC_LEND                        "pmix.alloc.lend"       // char*
#define PMIX_ALLOC_IMAGE                       "pmix.alloc.image"      // char*
#define PMIX_ALLOC_WAIT_ALL_NODES              "pmix.alloc.waitall"    // bool
#define PMIX_ALLOC_SHARE                       "pmix.alloc.share"      // bool
#define PMIX_ALLOC_NOSHELL                     "pmix.alloc.noshell"    // bool
#define PMIX_ALLOC_DEPENDENCY                  "pmix.alloc.depend"     // char*
#define PMIX_ALLOC_BEGIN                       "pmix.alloc.begin"      // char*
#define PMIX_ALLOC_CHILD_SEP                   "pmix.alloc.sep"        // bool
#define PMIX_RESOURCE_BLOCK_NAME               "pmix.resblkname"       // char*
#define PMIX_ALLOC_NOT_WAITING                 "pmix.alloc.notwait"    // bool
#define PMIX_ALLOC_RES_BLOCK                   "pmix.alloc.blk"        // char*
#define PMIX_ALLOC_NUM_BLOCKS                  "pmix.alloc.nblks"      // uint64_t
#define PMIX_ALLOC_MAU                         "pmix.alloc.mau"        // pmix_data_array_t*

/* Control of jobs and sessions. */
#define PMIX_JOB_CTRL_DEFINE_PSET              "pmix.jctrl.defpset"    // char*
#define PMIX_JOB_CTRL_SEP                      "pmix.jctrl.sep"        // bool
#define PMIX_SESSION_CTRL_ID                   "pmix.ssnctrl.id"       // char*
#define PMIX_SESSION_APP                       "pmix.ssn.app"          // pmix_data_array_t*
#define PMIX_SESSION_PROVISION                 "pmix.ssn.pvn"          // pmix_data_array_t*
#define PMIX_SESSION_PROVISION_NODES           "pmix.ssn.pvnnds"       // char*
#define PMIX_SESSION_PROVISION_IMAGE           "pmix.ssn.pvnimg"       // char*
#define PMIX_SESSION_PAUSE                     "pmix.ssn.pause"        // bool
#define PMIX_SESSION_RESUME                    "pmix.ssn.resume"       // bool
#define PMIX_SESSION_TERMINATE                 "pmix.ssn.terminate"    // bool
#define PMIX_SESSION_PREEMPT                   "pmix.ssn.preempt"      // bool
#define PMIX_SESSION_RESTORE                   "pmix.ssn.restore"      // bool
#define PMIX_SESSION_SIGNAL                    "pmix.ssn.sig"          // int
#define PMIX_SESSION_COMPLETE                  "pmix.ssn.complete"     // bool
#define PMIX_SESSION_INSTANTIATE               "pmix.ssn.inst"         // bool
#define PMIX_SESSION_RESOURCES                 "pmix.ssn.res"          // pmix_data_array_t*
#define PMIX_SESSION_JOB                       "pmix.ssn.job"          // pmix_data_array_t*
#define PMIX_SESSION_SEP                       "pmix.ssn.sep"          // bool
#define PMIX_SESSION_EXTEND                    "pmix.ssn.xtend"        // bool

/* Monitoring: of whom, and of what. */
#define PMIX_MONITOR_PROXY                     "pmix.monitor.proxy"    // pmix_proc_t*
#define PMIX_MONITOR_RESOURCE_RATE             "pmix.monitor.resrate"  // uint32_t
#define PMIX_MONITOR_TARGET_PROCS              "pmix.monitor.tgtproc"  // pmix_data_array_t*
#define PMIX_MONITOR_TARGET_PIDS               "pmix.monitor.tgtpid"   // pmix_data_array_t*
#define PMIX_MONITOR_TARGET_NODES              "pmix.monitor.tgtnode"  // pmix_data_array_t*
#define PMIX_MONITOR_TARGET_NODEIDS            "pmix.monitor.tgtndids" // pmix_data_array_t*
#define PMIX_MONITOR_TARGET_DISKS              "pmix.monitor.tgtdks"   // pmix_data_array_t*
#define PMIX_MONITOR_TARGET_NETS               "pmix.monitor.tgtnets"  // pmix_data_array_t*
#define PMIX_MONITOR_PROC_RESOURCE_USAGE       "pmix.monitor.presuse"  // pmix_data_array_t*
#define PMIX_MONITOR_NODE_RESOURCE_USAGE       "pmix.monitor.ndresuse" // pmix_data_array_t*
#define PMIX_MONITOR_DISK_RESOURCE_USAGE       "pmix.monitor.dkresuse" // pmix_data_array_t*
#define PMIX_MONITOR_NET_RESOURCE_USAGE        "pmix.monitor.netresuse"// pmix_data_array_t*
#define PMIX_MONITOR_LOCAL_ONLY                "pmix.monitor.local"    // bool

/* Samples of processes; memory in megabytes. */
#define PMIX_PROC_RESOURCE_USAGE               "pmix.proc.res"         // pmix_data_array_t*
#define PMIX_PROC_OS_STATE                     "pmix.proc.osstate"     // char*
#define PMIX_PROC_TIME                         "pmix.proc.time"        // struct timeval
#define PMIX_PROC_PERCENT_CPU                  "pmix.proc.pcpu"        // float
#define PMIX_PROC_PRIORITY                     "pmix.proc.pri"         // int32_t
#define PMIX_PROC_NUM_THREADS                  "pmix.proc.nthr"        // uint16_t
#define PMIX_PROC_PSS                          "pmix.proc.pss"         // float
#define PMIX_PROC_VSIZE                        "pmix.proc.vsize"       // float
#define PMIX_PROC_RSS                          "pmix.proc.rss"         // float
#define PMIX_PROC_PEAK_VSIZE                   "pmix.proc.pkvsize"     // float
#define PMIX_PROC_CPU                          "pmix.proc.cpu"         // uint16_t
#define PMIX_PROC_SAMPLE_TIME                  "pmix.proc.samptime"    // time_t

/* Samples of disks. */
#define PMIX_DISK_RESOURCE_USAGE               "pmix.disk.res"         // pmix_data_array_t*
#define PMIX_DISK_ID                           "pmix.disk.id"          // char*
#define PMIX_DISK_READ_COMPLETED               "pmix.disk.rdscomp"     // uint64_t
#define PMIX_DISK_READ_MERGED                  "pmix.disk.rdsmrgd"     // uint64_t
#define PMIX_DISK_READ_SECTORS                 "pmix.disk.rdsct"       // uint64_t
#define PMIX_DISK_READ_MILLISEC                "pmix.disk.rdms"        // uint64_t
#define PMIX_DISK_WRITE_COMPLETED              "pmix.disk.wtscomp"     // uint64_t
#define PMIX_DISK_WRITE_MERGED                 "pmix.disk.wtsmrgd"     // uint64_t
#define PMIX_DISK_WRITE_SECTORS                "pmix.disk.wtsct"       // uint64_t
#define PMIX_DISK_WRITE_MILLISEC               "pmix.disk.wtms"        // uint64_t
#define PMIX_DISK_IO_IN_PROGRESS               "pmix.disk.ios"         // uint64_t
#define PMIX_DISK_IO_MILLISEC                  "pmix.disk.ioms"        // uint64_t
#define PMIX_DISK_IO_WEIGHTED                  "pmix.disk.iowght"      // uint64_t
#define PMIX_DISK_SAMPLE_TIME                  "pmix.disk.samptime"    // time_t

/* Samples of network interfaces. */
#define PMIX_NETWORK_RESOURCE_USAGE            "pmix.net.res"          // pmix_data_array_t*
#define PMIX_NETWORK_ID                        "pmix.net.id"           // char*
#define PMIX_NET_RECVD_BYTES                   "pmix.net.rcb"          // uint64_t
#define PMIX_NET_RECVD_PCKTS                   "pmix.net.rcp"          // uint64_t
#define PMIX_NET_RECVD_ERRS                    "pmix.net.rcerr"        // uint64_t
#define PMIX_NET_SENT_BYTES                    "pmix.net.sntb"         // uint64_t
#define PMIX_NET_SENT_PCKTS                    "pmix.net.sntp"         // uint64_t
#define PMIX_NET_SENT_ERRS                     "pmix.net.snterr"       // uint64_t
#define PMIX_NET_SAMPLE_TIME                   "pmix.net.samptime"     // time_t

/* Samples of nodes; memory in megabytes. */
#define PMIX_NODE_RESOURCE_USAGE               "pmix.node.res"         // pmix_data_array_t*
#define PMIX_NODE_LOAD_AVG                     "pmix.node.la"          // float
#define PMIX_NODE_LOAD_AVG5                    "pmix.node.la5"         // float
#define PMIX_NODE_LOAD_AVG15                   "pmix.node.la15"        // float
#define PMIX_NODE_MEM_TOTAL                    "pmix.node.mtot"        // float
#define PMIX_NODE_MEM_FREE                     "pmix.node.mfree"       // float
#define PMIX_NODE_MEM_BUFFERS                  "pmix.node.mbuf"        // float
#define PMIX_NODE_MEM_CACHED                   "pmix.node.mcache"      // float
#define PMIX_NODE_MEM_SWAP_CACHED              "pmix.node.mswpc"       // float
#define PMIX_NODE_SWAP_TOTAL                   "pmix.node.mswpt"       // float
#define PMIX_NODE_MEM_SWAP_FREE                "pmix.node.mswpfree"    // float
#define PMIX_NODE_MEM_MAPPED                   "pmix.node.mmap"        // float
#define PMIX_NODE_SAMPLE_TIME                  "pmix.node.samptime"    // time_t

/* Groups of processes. */
#define PMIX_GROUP_INFO_ARRAY                  "pmix.grp.infoarray"    // pmix_data_array_t*
#define PMIX_GROUP_BOOTSTRAP                   "pmix.grp.btstrp"       // size_t
#define PMIX_GROUP_JOB_INFO                    "pmix.grp.jinfo"        // pmix_byte_object_t
#define PMIX_GROUP_FINAL_MEMBERSHIP_ORDER      "pmix.grp.finord"       // pmix_data_array_t*

#endif
