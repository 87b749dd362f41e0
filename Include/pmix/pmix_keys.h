// Keys of what a process puts, gets, publishes and is told. Behind each stands the type its value has;
// keys never change their text, because both ends of a job compare them byte by byte.
#ifndef PMIX_KEYS_H
#define PMIX_KEYS_H

/* Names of environment variables that a launcher sets for its children; these three are no keys. */
#define PMIX_KEEPALIVE_PIPE                    "PMIX_KEEPALIVE_PIPE"
#define PMIX_LAUNCHER_RNDZ_FILE                "PMIX_LAUNCHER_RNDZ_FILE"
#define PMIX_LAUNCHER_RNDZ_URI                 "PMIX_LAUNCHER_RNDZ_URI"

/* The key that stands for "no key". */
#define PMIX_ATTR_UNDEF                        "pmix.undef"

/* Who a process is: ids and ranks. */
#define PMIX_APPLDR                            "pmix.aldr"              // pmix_rank_t
#define PMIX_APPNUM                            "pmix.appnum"            // uint32_t
#define PMIX_APP_RANK                          "pmix.apprank"           // pmix_rank_t
#define PMIX_CLUSTER_ID                        "pmix.clid"              // char*
#define PMIX_CREDENTIAL                        "pmix.cred"              // char*
#define PMIX_CRED_TYPE                         "pmix.sec.ctype"         // char*
#define PMIX_CRYPTO_KEY                        "pmix.sec.key"           // pmix_byte_object_t
#define PMIX_EXIT_CODE                         "pmix.exit.code"         // int
#define PMIX_GLOBAL_RANK                       "pmix.grank"             // pmix_rank_t
#define PMIX_GRPID                             "pmix.egid"              // uint32_t
#define PMIX_JOBID                             "pmix.jobid"             // char*
#define PMIX_LOCALLDR                          "pmix.lldr"              // pmix_rank_t
#define PMIX_LOCAL_RANK                        "pmix.lrank"             // uint16_t
#define PMIX_NODE_RANK                         "pmix.nrank"             // uint16_t
#define PMIX_NPROC_OFFSET                      "pmix.offset"            // pmix_rank_t
#define PMIX_NSPACE                            "pmix.nspace"            // char*
#define PMIX_PACKAGE_RANK                      "pmix.pkgrank"           // uint16_t
#define PMIX_PARENT_ID                         "pmix.parent"            // pmix_proc_t*
#define PMIX_PROCID                            "pmix.procid"            // pmix_proc_t*
#define PMIX_PROC_PID                          "pmix.ppid"              // pid_t
#define PMIX_PSET_MEMBERS                      "pmix.pset.mems"         // pmix_data_array_t*
#define PMIX_PSET_NAME                         "pmix.pset.nm"           // char*
#define PMIX_PSET_NAMES                        "pmix.pset.nms"          // pmix_data_array_t*
#define PMIX_RANK                              "pmix.rank"              // pmix_rank_t
#define PMIX_REINCARNATION                     "pmix.reinc"             // uint32_t
#define PMIX_SESSION_ID                        "pmix.session.id"        // uint32_t
#define PMIX_SINGLETON                         "pmix.singleton"         // char*
#define PMIX_SPAWNED                           "pmix.spawned"           // bool
#define PMIX_USERID                            "pmix.euid"              // uint32_t

/* Where it is: nodes, peers, cpus and directories. */
#define PMIX_ALLOCATED_NODELIST                "pmix.alist"             // char*
#define PMIX_CPUSET                            "pmix.cpuset"            // char*
#define PMIX_CPUSET_BITMAP                     "pmix.bitmap"            // pmix_cpuset_t*
#define PMIX_DEVICE_DISTANCES                  "pmix.dev.dist"          // pmix_data_array_t*
#define PMIX_DEVICE_ID                         "pmix.dev.id"            // char*
#define PMIX_DEVICE_TYPE                       "pmix.dev.type"          // pmix_device_type_t
#define PMIX_HOSTNAME                          "pmix.hname"             // char*
#define PMIX_HOSTNAME_ALIASES                  "pmix.alias"             // char*
#define PMIX_HOSTNAME_KEEP_FQDN                "pmix.fqdn"              // bool
#define PMIX_LOCALITY_STRING                   "pmix.locstr"            // char*
#define PMIX_LOCAL_CPUSETS                     "pmix.lcpus"             // char*
#define PMIX_LOCAL_PEERS                       "pmix.lpeers"            // char*
#define PMIX_LOCAL_PROCS                       "pmix.lprocs"            // pmix_data_array_t*
#define PMIX_NODEID                            "pmix.nodeid"            // uint32_t
#define PMIX_NODE_LIST                         "pmix.nlist"             // char*
#define PMIX_NODE_OVERSUBSCRIBED               "pmix.ndosub"            // bool
#define PMIX_NSDIR                             "pmix.nsdir"             // char*
#define PMIX_PROCDIR                           "pmix.pdir"              // char*
#define PMIX_TDIR_RMCLEAN                      "pmix.tdir.rmclean"      // bool
#define PMIX_TMPDIR                            "pmix.tmpdir"            // char*
#define PMIX_TOPOLOGY2                         "pmix.topo2"             // pmix_topology_t*

/* How many: sizes and memory. */
#define PMIX_APP_SIZE                          "pmix.app.size"          // uint32_t
#define PMIX_AVAIL_PHYS_MEMORY                 "pmix.pmem"              // uint64_t
#define PMIX_CLIENT_AVG_MEMORY                 "pmix.cl.mem.avg"        // float
#define PMIX_DAEMON_MEMORY                     "pmix.dmn.mem"           // float
#define PMIX_JOB_NUM_APPS                      "pmix.job.napps"         // uint32_t
#define PMIX_JOB_SIZE                          "pmix.job.size"          // uint32_t
#define PMIX_LOCAL_SIZE                        "pmix.local.size"        // uint32_t
#define PMIX_MAX_PROCS                         "pmix.max.size"          // uint32_t
#define PMIX_NODE_SIZE                         "pmix.node.size"         // uint32_t
#define PMIX_NUM_ALLOCATED_NODES               "pmix.num.anodes"        // uint32_t
#define PMIX_NUM_NODES                         "pmix.num.nodes"         // uint32_t
#define PMIX_NUM_SLOTS                         "pmix.num.slots"         // uint32_t
#define PMIX_UNIV_SIZE                         "pmix.univ.size"         // uint32_t

/* Which realm a request or an array of infos speaks of. */
#define PMIX_APP_INFO                          "pmix.app.info"          // bool
#define PMIX_APP_INFO_ARRAY                    "pmix.app.arr"           // pmix_data_array_t*
#define PMIX_JOB_INFO                          "pmix.job.info"          // bool
#define PMIX_JOB_INFO_ARRAY                    "pmix.job.arr"           // pmix_data_array_t*
#define PMIX_NODE_INFO                         "pmix.node.info"         // bool
#define PMIX_NODE_INFO_ARRAY                   "pmix.node.arr"          // pmix_data_array_t*
#define PMIX_PROC_INFO_ARRAY                   "pmix.pdata"             // pmix_data_array_t*
#define PMIX_SERVER_INFO_ARRAY                 "pmix.srv.arr"           // pmix_data_array_t*
#define PMIX_SESSION_INFO                      "pmix.ssn.info"          // bool
#define PMIX_SESSION_INFO_ARRAY                "pmix.ssn.arr"           // pmix_data_array_t*

/* Maps of a job that a host hands to the server. */
#define PMIX_ANL_MAP                           "pmix.anlmap"            // char*
#define PMIX_APP_MAP_REGEX                     "pmix.apmap.regex"       // char*
#define PMIX_APP_MAP_TYPE                      "pmix.apmap.type"        // char*
#define PMIX_NODE_MAP                          "pmix.nmap"              // char*
#define PMIX_NODE_MAP_RAW                      "pmix.nmap.raw"          // char*
#define PMIX_PROC_MAP                          "pmix.pmap"              // char*
#define PMIX_PROC_MAP_RAW                      "pmix.pmap.raw"          // char*

/* How put, get, fence, publish, lookup and spawn are to behave. */
#define PMIX_ACCESS_GRPIDS                     "pmix.agids"             // pmix_data_array_t*
#define PMIX_ACCESS_PERMISSIONS                "pmix.aperms"            // pmix_data_array_t*
#define PMIX_ACCESS_USERIDS                    "pmix.auids"             // pmix_data_array_t*
#define PMIX_ALL_CLONES_PARTICIPATE            "pmix.clone.part"        // bool
#define PMIX_COLLECT_DATA                      "pmix.collect"           // bool
#define PMIX_COLLECT_GENERATED_JOB_INFO        "pmix.collect.gen"       // bool
#define PMIX_DATA_SCOPE                        "pmix.scope"             // pmix_scope_t
#define PMIX_EMBED_BARRIER                     "pmix.embed.barrier"     // bool
#define PMIX_GET_POINTER_VALUES                "pmix.get.pntrs"         // bool
#define PMIX_GET_REFRESH_CACHE                 "pmix.get.refresh"       // bool
#define PMIX_GET_STATIC_VALUES                 "pmix.get.static"        // bool
#define PMIX_IMMEDIATE                         "pmix.immediate"         // bool
#define PMIX_JOB_TERM_STATUS                   "pmix.job.term.status"   // pmix_status_t
#define PMIX_LOCAL_COLLECTIVE_STATUS           "pmix.loc.col.st"        // pmix_status_t
#define PMIX_NOTIFY_COMPLETION                 "pmix.notecomp"          // bool
#define PMIX_OPTIONAL                          "pmix.optional"          // bool
#define PMIX_PERSISTENCE                       "pmix.persist"           // pmix_persistence_t
#define PMIX_PROC_STATE_STATUS                 "pmix.proc.state"        // pmix_proc_state_t
#define PMIX_PROC_TERM_STATUS                  "pmix.proc.term.status"  // pmix_status_t
#define PMIX_QUALIFIED_VALUE                   "pmix.qual.val"          // pmix_data_array_t*
#define PMIX_RANGE                             "pmix.range"             // pmix_data_range_t
#define PMIX_REGISTER_NODATA                   "pmix.reg.nodata"        // bool
#define PMIX_REQUIRED_KEY                      "pmix.req.key"           // char*
#define PMIX_SORTED_PROC_ARRAY                 "pmix.sorted.parr"       // bool
#define PMIX_TIMEOUT                           "pmix.timeout"           // int
#define PMIX_WAIT                              "pmix.wait"              // int
#define PMIX_WAIT_FOR_CONNECTION               "pmix.wait.conn"         // bool

/* Events: where a handler stands, and what comes with a notification. */
#define PMIX_EVENT_ACTION_TIMEOUT              "pmix.evtimeout"         // int
#define PMIX_EVENT_AFFECTED_PROC               "pmix.evproc"            // pmix_proc_t*
#define PMIX_EVENT_AFFECTED_PROCS              "pmix.evaffected"        // pmix_data_array_t*
#define PMIX_EVENT_CUSTOM_RANGE                "pmix.evrange"           // pmix_data_array_t*
#define PMIX_EVENT_DO_NOT_CACHE                "pmix.evnocache"         // bool
#define PMIX_EVENT_HDLR_AFTER                  "pmix.evafter"           // char*
#define PMIX_EVENT_HDLR_APPEND                 "pmix.evappend"          // bool
#define PMIX_EVENT_HDLR_BEFORE                 "pmix.evbefore"          // char*
#define PMIX_EVENT_HDLR_FIRST                  "pmix.evfirst"           // bool
#define PMIX_EVENT_HDLR_FIRST_IN_CATEGORY      "pmix.evfirstcat"        // bool
#define PMIX_EVENT_HDLR_LAST                   "pmix.evlast"            // bool
#define PMIX_EVENT_HDLR_LAST_IN_CATEGORY       "pmix.evlastcat"         // bool
#define PMIX_EVENT_HDLR_NAME                   "pmix.evname"            // char*
#define PMIX_EVENT_HDLR_PREPEND                "pmix.evprepend"         // bool
#define PMIX_EVENT_NON_DEFAULT                 "pmix.evnondef"          // bool
#define PMIX_EVENT_ONESHOT                     "pmix.evone"             // bool
#define PMIX_EVENT_PROXY                       "pmix.evproxy"           // pmix_proc_t*
#define PMIX_EVENT_RETURN_OBJECT               "pmix.evobject"          // void*
#define PMIX_EVENT_SILENT_TERMINATION          "pmix.evsilentterm"      // bool
#define PMIX_EVENT_TERMINATE_JOB               "pmix.evterm.job"        // bool
#define PMIX_EVENT_TERMINATE_NODE              "pmix.evterm.node"       // bool
#define PMIX_EVENT_TERMINATE_PROC              "pmix.evterm.proc"       // bool
#define PMIX_EVENT_TERMINATE_SESSION           "pmix.evterm.sess"       // bool
#define PMIX_EVENT_TEXT_MESSAGE                "pmix.evtext"            // char*
#define PMIX_EVENT_TIMESTAMP                   "pmix.evtstamp"          // time_t

/* Groups of processes. */
#define PMIX_GROUP_ADD_MEMBERS                 "pmix.grp.add"           // pmix_data_array_t*
#define PMIX_GROUP_ASSIGN_CONTEXT_ID           "pmix.grp.actxid"        // bool
#define PMIX_GROUP_CONTEXT_ID                  "pmix.grp.ctxid"         // size_t
#define PMIX_GROUP_ENDPT_DATA                  "pmix.grp.endpt"         // pmix_byte_object_t
#define PMIX_GROUP_FT_COLLECTIVE               "pmix.grp.ftcoll"        // bool
#define PMIX_GROUP_ID                          "pmix.grp.id"            // char*
#define PMIX_GROUP_INFO                        "pmix.grp.info"          // pmix_data_array_t*
#define PMIX_GROUP_LEADER                      "pmix.grp.ldr"           // bool
#define PMIX_GROUP_LOCAL_CID                   "pmix.grp.lclid"         // size_t
#define PMIX_GROUP_LOCAL_ONLY                  "pmix.grp.lcl"           // bool
#define PMIX_GROUP_MEMBERSHIP                  "pmix.grp.mbrs"          // pmix_data_array_t*
#define PMIX_GROUP_NAMES                       "pmix.pgrp.nm"           // pmix_data_array_t*
#define PMIX_GROUP_NOTIFY_TERMINATION          "pmix.grp.notterm"       // bool
#define PMIX_GROUP_OPTIONAL                    "pmix.grp.opt"           // bool

/* Fabrics and their devices. */
#define PMIX_FABRIC_COORDINATES                "pmix.fab.coord"         // pmix_data_array_t*
#define PMIX_FABRIC_COST_MATRIX                "pmix.fab.cm"            // pointer
#define PMIX_FABRIC_DEVICE                     "pmix.fabdev"            // pmix_data_array_t*
#define PMIX_FABRIC_DEVICES                    "pmix.fab.devs"          // pmix_data_array_t*
#define PMIX_FABRIC_DEVICE_ADDRESS             "pmix.fabdev.addr"       // char*
#define PMIX_FABRIC_DEVICE_BUS_TYPE            "pmix.fabdev.btyp"       // char*
#define PMIX_FABRIC_DEVICE_COORDINATES         "pmix.fab.coord"         // pmix_geometry_t
#define PMIX_FABRIC_DEVICE_DRIVER              "pmix.fabdev.driver"     // char*
#define PMIX_FABRIC_DEVICE_FIRMWARE            "pmix.fabdev.fmwr"       // char*
#define PMIX_FABRIC_DEVICE_INDEX               "pmix.fabdev.idx"        // uint32_t
#define PMIX_FABRIC_DEVICE_MTU                 "pmix.fabdev.mtu"        // size_t
#define PMIX_FABRIC_DEVICE_NAME                "pmix.fabdev.nm"         // char*
#define PMIX_FABRIC_DEVICE_PCI_DEVID           "pmix.fabdev.pcidevid"   // char*
#define PMIX_FABRIC_DEVICE_SPEED               "pmix.fabdev.speed"      // size_t
#define PMIX_FABRIC_DEVICE_STATE               "pmix.fabdev.state"      // pmix_link_state_t
#define PMIX_FABRIC_DEVICE_TYPE                "pmix.fabdev.type"       // char*
#define PMIX_FABRIC_DEVICE_VENDOR              "pmix.fabdev.vndr"       // char*
#define PMIX_FABRIC_DEVICE_VENDORID            "pmix.fabdev.vendid"     // char*
#define PMIX_FABRIC_DIMS                       "pmix.fab.dims"          // uint32_t
#define PMIX_FABRIC_ENDPT                      "pmix.fab.endpt"         // pmix_data_array_t*
#define PMIX_FABRIC_GROUPS                     "pmix.fab.grps"          // char*
#define PMIX_FABRIC_IDENTIFIER                 "pmix.fab.id"            // char*
#define PMIX_FABRIC_INDEX                      "pmix.fab.idx"           // size_t
#define PMIX_FABRIC_NUM_DEVICES                "pmix.fab.nverts"        // size_t
#define PMIX_FABRIC_PLANE                      "pmix.fab.plane"         // char*
#define PMIX_FABRIC_SHAPE                      "pmix.fab.shape"         // pmix_data_array_t*
#define PMIX_FABRIC_SHAPE_STRING               "pmix.fab.shapestr"      // char*
#define PMIX_FABRIC_SWITCH                     "pmix.fab.switch"        // char*
#define PMIX_FABRIC_VENDOR                     "pmix.fab.vndr"          // char*
#define PMIX_SWITCH_PEERS                      "pmix.speers"            // char*

/* Storage systems. */
#define PMIX_QUERY_STORAGE_LIST                "pmix.strg.list"         // char*
#define PMIX_STORAGE_ACCESSIBILITY             "pmix.strg.access"       // pmix_storage_accessibility_t
#define PMIX_STORAGE_ACCESS_TYPE               "pmix.strg.atype"        // pmix_storage_access_type_t
#define PMIX_STORAGE_BW_CUR                    "pmix.strg.bwcur"        // double
#define PMIX_STORAGE_BW_MAX                    "pmix.strg.bwmax"        // double
#define PMIX_STORAGE_CAPACITY_LIMIT            "pmix.strg.cap"          // uint64_t
#define PMIX_STORAGE_CAPACITY_USED             "pmix.strg.capuse"       // double
#define PMIX_STORAGE_ID                        "pmix.strg.id"           // char*
#define PMIX_STORAGE_IOPS_CUR                  "pmix.strg.iopscur"      // double
#define PMIX_STORAGE_IOPS_MAX                  "pmix.strg.iopsmax"      // double
#define PMIX_STORAGE_MEDIUM                    "pmix.strg.medium"       // pmix_storage_medium_t
#define PMIX_STORAGE_MINIMAL_XFER_SIZE         "pmix.strg.minxfer"      // double
#define PMIX_STORAGE_OBJECTS_USED              "pmix.strg.objuse"       // uint64_t
#define PMIX_STORAGE_OBJECT_LIMIT              "pmix.strg.obj"          // uint64_t
#define PMIX_STORAGE_PATH                      "pmix.strg.path"         // char*
#define PMIX_STORAGE_PERSISTENCE               "pmix.strg.persist"      // pmix_storage_persistence_t
#define PMIX_STORAGE_SUGGESTED_XFER_SIZE       "pmix.strg.sxfer"        // double
#define PMIX_STORAGE_TYPE                      "pmix.strg.type"         // char*
#define PMIX_STORAGE_VERSION                   "pmix.strg.ver"          // char*

/* Programming models announcing themselves to each other. */
#define PMIX_MODEL_AFFINITY_POLICY             "pmix.mdl.tap"           // char*
#define PMIX_MODEL_CPU_TYPE                    "pmix.mdl.cputype"       // char*
#define PMIX_MODEL_LIBRARY_NAME                "pmix.mdl.name"          // char*
#define PMIX_MODEL_LIBRARY_VERSION             "pmix.mld.vrs"           // char*
#define PMIX_MODEL_NUM_CPUS                    "pmix.mdl.ncpu"          // uint64_t
#define PMIX_MODEL_NUM_THREADS                 "pmix.mdl.nthrds"        // uint64_t
#define PMIX_MODEL_PHASE_NAME                  "pmix.mdl.phase"         // char*
#define PMIX_MODEL_PHASE_TYPE                  "pmix.mdl.ptype"         // char*
#define PMIX_PROGRAMMING_MODEL                 "pmix.pgm.model"         // char*
#define PMIX_THREADING_MODEL                   "pmix.threads"           // char*

#endif
