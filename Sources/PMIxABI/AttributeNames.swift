// The names that keys have in C, and back. Lookups ignore case, as the original's do; a key with several names gives the
// first of them here.
import Bytes
import CLibc
import CPMIx
import PMIxWire

@c @implementation
public func PMIx_Get_attribute_name(_ attrstring: UnsafePointer<CChar>!) -> UnsafePointer<CChar>! {
    AttributeNames.find(attrstring, among: .keys)
}

@c @implementation
public func PMIx_Get_attribute_string(_ attribute: UnsafePointer<CChar>!) -> UnsafePointer<CChar>! {
    AttributeNames.find(attribute, among: .names)
}

enum AttributeNames {
    enum Column {
        case names, keys
    }

    /// The other column's text; what is not in the table comes back as it is.
    static func find(_ text: UnsafePointer<CChar>?, among column: Column) -> UnsafePointer<CChar>? {
        guard let text else { return staticText("") }
        var name = staticText(table)
        let end = name + table.utf8CodeUnitCount
        while name < end {
            let key = name + strlen(name) + 1
            if strcasecmp(column == .names ? name : key, text) == 0 { return column == .names ? key : name }
            name = key + strlen(key) + 1
        }
        return text
    }
}

extension AttributeNames {
    /// The name a key has in C; nil where it has none.
    static func name(of key: Text) -> Text? {
        other(key, among: .keys)
    }

    /// An attribute as a host names it, by name or by key. One that is in no table is both.
    static func attribute(named text: Text) -> RegisteredAttribute {
        if let key = other(text, among: .names) {
            return RegisteredAttribute(
                name: text, string: key, type: AttributeTable.type(of: key).rawValue,
                description: AttributeDescriptions.describing(key))
        }
        return RegisteredAttribute(
            name: name(of: text) ?? text, string: text, type: AttributeTable.type(of: text).rawValue,
            description: AttributeDescriptions.describing(text))
    }

    private static func other(_ text: Text, among column: Column) -> Text? {
        let string = text.newCString()
        defer { free(string) }
        guard let found = find(string, among: column), found != UnsafePointer(string) else { return nil }
        return Text(copying: found)
    }
}

/// Name, NUL, key, NUL, and so on; in one text because it is handed out piece by piece.
private let table: StaticString = """
    PMIX_ABORT_NON_ZERO_TERM\0pmix.abnz\0PMIX_ACCESS_GRPIDS\0pmix.agids\0PMIX_ACCESS_PERMISSIONS\0pmix.aperms\0\
    PMIX_ACCESS_USERIDS\0pmix.auids\0PMIX_ADD_ENVAR\0pmix.envar.add\0PMIX_ADD_HOST\0pmix.addhost\0\
    PMIX_ADD_HOSTFILE\0pmix.addhostfile\0PMIX_AGGREGATE_HELP\0pmix.agg.help\0PMIX_ALLOCATED_NODELIST\0pmix.alist\0\
    PMIX_ALLOC_BANDWIDTH\0pmix.alloc.bw\0PMIX_ALLOC_CPU_LIST\0pmix.alloc.cpulist\0PMIX_ALLOC_FABRIC\0pmix.alloc.net\0\
    PMIX_ALLOC_FABRIC_ENDPTS\0pmix.alloc.endpts\0PMIX_ALLOC_FABRIC_ENDPTS_NODE\0pmix.alloc.endpts.nd\0\
    PMIX_ALLOC_FABRIC_ID\0pmix.alloc.netid\0PMIX_ALLOC_FABRIC_PLANE\0pmix.alloc.netplane\0\
    PMIX_ALLOC_FABRIC_QOS\0pmix.alloc.netqos\0PMIX_ALLOC_FABRIC_SEC_KEY\0pmix.alloc.nsec\0\
    PMIX_ALLOC_FABRIC_TYPE\0pmix.alloc.nettype\0PMIX_ALLOC_ID\0pmix.alloc.id\0PMIX_ALLOC_MEM_SIZE\0pmix.alloc.msize\0\
    PMIX_ALLOC_NODE_LIST\0pmix.alloc.nlist\0PMIX_ALLOC_NUM_CPUS\0pmix.alloc.ncpus\0\
    PMIX_ALLOC_NUM_CPU_LIST\0pmix.alloc.ncpulist\0PMIX_ALLOC_NUM_NODES\0pmix.alloc.nnodes\0\
    PMIX_ALLOC_QUEUE\0pmix.alloc.queue\0PMIX_ALLOC_REQ_ID\0pmix.alloc.reqid\0PMIX_ALLOC_TIME\0pmix.alloc.time\0\
    PMIX_ALL_CLONES_PARTICIPATE\0pmix.clone.part\0PMIX_ANL_MAP\0pmix.anlmap\0PMIX_APPEND_ENVAR\0pmix.envar.appnd\0\
    PMIX_APPLDR\0pmix.aldr\0PMIX_APPNUM\0pmix.appnum\0PMIX_APP_ARGV\0pmix.app.argv\0PMIX_APP_INFO\0pmix.app.info\0\
    PMIX_APP_INFO_ARRAY\0pmix.app.arr\0PMIX_APP_MAP_REGEX\0pmix.apmap.regex\0PMIX_APP_MAP_TYPE\0pmix.apmap.type\0\
    PMIX_APP_RANK\0pmix.apprank\0PMIX_APP_SIZE\0pmix.app.size\0PMIX_ARCH\0pmix.arch\0PMIX_ATTR_UNDEF\0pmix.undef\0\
    PMIX_AVAIL_PHYS_MEMORY\0pmix.pmem\0PMIX_BFROPS_MODULE\0pmix.bfrops.mod\0PMIX_BINDTO\0pmix.bindto\0\
    PMIX_BIND_PROGRESS_THREAD\0pmix.bind.pt\0PMIX_BIND_REQUIRED\0pmix.bind.reqd\0PMIX_BREAKPOINT\0pmix.brkpnt\0\
    PMIX_CLEANUP_EMPTY\0pmix.clnup.empty\0PMIX_CLEANUP_IGNORE\0pmix.clnup.ignore\0\
    PMIX_CLEANUP_LEAVE_TOPDIR\0pmix.clnup.lvtop\0PMIX_CLEANUP_RECURSIVE\0pmix.clnup.recurse\0\
    PMIX_CLIENT_ATTRIBUTES\0pmix.client.attrs\0PMIX_CLIENT_AVG_MEMORY\0pmix.cl.mem.avg\0\
    PMIX_CLIENT_FUNCTIONS\0pmix.client.fns\0PMIX_CLUSTER_ID\0pmix.clid\0PMIX_CMD_LINE\0pmix.cmd.line\0\
    PMIX_COLLECTIVE_ALGO\0pmix.calgo\0PMIX_COLLECTIVE_ALGO_REQD\0pmix.calreqd\0PMIX_COLLECT_DATA\0pmix.collect\0\
    PMIX_COLLECT_GENERATED_JOB_INFO\0pmix.collect.gen\0PMIX_COLOCATE_NPERNODE\0pmix.colnum.node\0\
    PMIX_COLOCATE_NPERPROC\0pmix.colnum.proc\0PMIX_COLOCATE_PROCS\0pmix.colproc\0\
    PMIX_CONNECT_MAX_RETRIES\0pmix.tool.mretries\0PMIX_CONNECT_RETRY_DELAY\0pmix.tool.retry\0\
    PMIX_CONNECT_SYSTEM_FIRST\0pmix.cnct.sys.first\0PMIX_CONNECT_TO_SYSTEM\0pmix.cnct.sys\0\
    PMIX_COSPAWN_APP\0pmix.cospawn\0PMIX_CPUSET\0pmix.cpuset\0PMIX_CPUSET_BITMAP\0pmix.bitmap\0\
    PMIX_CPUS_PER_PROC\0pmix.cpuperproc\0PMIX_CPU_LIST\0pmix.cpulist\0PMIX_CREDENTIAL\0pmix.cred\0\
    PMIX_CRED_TYPE\0pmix.sec.ctype\0PMIX_CRYPTO_KEY\0pmix.sec.key\0PMIX_DAEMON_MEMORY\0pmix.dmn.mem\0\
    PMIX_DATA_SCOPE\0pmix.scope\0PMIX_DEBUGGER_DAEMONS\0pmix.debugger\0PMIX_DEBUG_APP_DIRECTIVES\0pmix.dbg.adirs\0\
    PMIX_DEBUG_DAEMONS_PER_NODE\0pmix.dbg.dpnd\0PMIX_DEBUG_DAEMONS_PER_PROC\0pmix.dbg.dpproc\0\
    PMIX_DEBUG_JOB\0pmix.dbg.job\0PMIX_DEBUG_JOB_DIRECTIVES\0pmix.dbg.jdirs\0\
    PMIX_DEBUG_STOP_IN_APP\0pmix.dbg.notify\0PMIX_DEBUG_STOP_IN_INIT\0pmix.dbg.init\0\
    PMIX_DEBUG_STOP_ON_EXEC\0pmix.dbg.exec\0PMIX_DEBUG_TARGET\0pmix.dbg.tgt\0PMIX_DEVICE_DISTANCES\0pmix.dev.dist\0\
    PMIX_DEVICE_ID\0pmix.dev.id\0PMIX_DEVICE_TYPE\0pmix.dev.type\0PMIX_DISPLAY_ALLOCATION\0pmix.dispalloc\0\
    PMIX_DISPLAY_MAP\0pmix.dispmap\0PMIX_DISPLAY_MAP_DETAILED\0pmix.dispmapdet\0\
    PMIX_DISPLAY_TOPOLOGY\0pmix.disptopo\0PMIX_DO_NOT_LAUNCH\0pmix.dnl\0PMIX_DSTPATH\0pmix.dstpath\0\
    PMIX_EMBED_BARRIER\0pmix.embed.barrier\0PMIX_ENUM_VALUE\0pmix.descr.enum\0\
    PMIX_ENVARS_HARVESTED\0pmix.evar.hvstd\0PMIX_EVENT_ACTION_TIMEOUT\0pmix.evtimeout\0\
    PMIX_EVENT_AFFECTED_PROC\0pmix.evproc\0PMIX_EVENT_AFFECTED_PROCS\0pmix.evaffected\0PMIX_EVENT_BASE\0pmix.evbase\0\
    PMIX_EVENT_CUSTOM_RANGE\0pmix.evrange\0PMIX_EVENT_DO_NOT_CACHE\0pmix.evnocache\0\
    PMIX_EVENT_HDLR_AFTER\0pmix.evafter\0PMIX_EVENT_HDLR_APPEND\0pmix.evappend\0\
    PMIX_EVENT_HDLR_BEFORE\0pmix.evbefore\0PMIX_EVENT_HDLR_FIRST\0pmix.evfirst\0\
    PMIX_EVENT_HDLR_FIRST_IN_CATEGORY\0pmix.evfirstcat\0PMIX_EVENT_HDLR_LAST\0pmix.evlast\0\
    PMIX_EVENT_HDLR_LAST_IN_CATEGORY\0pmix.evlastcat\0PMIX_EVENT_HDLR_NAME\0pmix.evname\0\
    PMIX_EVENT_HDLR_PREPEND\0pmix.evprepend\0PMIX_EVENT_NON_DEFAULT\0pmix.evnondef\0\
    PMIX_EVENT_NO_TERMINATION\0pmix.evnoterm\0PMIX_EVENT_ONESHOT\0pmix.evone\0PMIX_EVENT_PROXY\0pmix.evproxy\0\
    PMIX_EVENT_RETURN_OBJECT\0pmix.evobject\0PMIX_EVENT_SILENT_TERMINATION\0pmix.evsilentterm\0\
    PMIX_EVENT_TERMINATE_JOB\0pmix.evterm.job\0PMIX_EVENT_TERMINATE_NODE\0pmix.evterm.node\0\
    PMIX_EVENT_TERMINATE_PROC\0pmix.evterm.proc\0PMIX_EVENT_TERMINATE_SESSION\0pmix.evterm.sess\0\
    PMIX_EVENT_TEXT_MESSAGE\0pmix.evtext\0PMIX_EVENT_TIMESTAMP\0pmix.evtstamp\0\
    PMIX_EVENT_WANT_TERMINATION\0pmix.evterm\0PMIX_EXEC_AGENT\0pmix.exec.agnt\0PMIX_EXIT_CODE\0pmix.exit.code\0\
    PMIX_EXTERNAL_PROGRESS\0pmix.evext\0PMIX_FABRIC_COORDINATES\0pmix.fab.coord\0\
    PMIX_FABRIC_COST_MATRIX\0pmix.fab.cm\0PMIX_FABRIC_DEVICE\0pmix.fabdev\0PMIX_FABRIC_DEVICES\0pmix.fab.devs\0\
    PMIX_FABRIC_DEVICE_ADDRESS\0pmix.fabdev.addr\0PMIX_FABRIC_DEVICE_BUS_TYPE\0pmix.fabdev.btyp\0\
    PMIX_FABRIC_DEVICE_DRIVER\0pmix.fabdev.driver\0PMIX_FABRIC_DEVICE_FIRMWARE\0pmix.fabdev.fmwr\0\
    PMIX_FABRIC_DEVICE_INDEX\0pmix.fabdev.idx\0PMIX_FABRIC_DEVICE_MTU\0pmix.fabdev.mtu\0\
    PMIX_FABRIC_DEVICE_NAME\0pmix.fabdev.nm\0PMIX_FABRIC_DEVICE_PCI_DEVID\0pmix.fabdev.pcidevid\0\
    PMIX_FABRIC_DEVICE_SPEED\0pmix.fabdev.speed\0PMIX_FABRIC_DEVICE_STATE\0pmix.fabdev.state\0\
    PMIX_FABRIC_DEVICE_TYPE\0pmix.fabdev.type\0PMIX_FABRIC_DEVICE_VENDOR\0pmix.fabdev.vndr\0\
    PMIX_FABRIC_DEVICE_VENDORID\0pmix.fabdev.vendid\0PMIX_FABRIC_DIMS\0pmix.fab.dims\0\
    PMIX_FABRIC_ENDPT\0pmix.fab.endpt\0PMIX_FABRIC_GROUPS\0pmix.fab.grps\0PMIX_FABRIC_IDENTIFIER\0pmix.fab.id\0\
    PMIX_FABRIC_INDEX\0pmix.fab.idx\0PMIX_FABRIC_NUM_DEVICES\0pmix.fab.nverts\0PMIX_FABRIC_PLANE\0pmix.fab.plane\0\
    PMIX_FABRIC_SHAPE\0pmix.fab.shape\0PMIX_FABRIC_SHAPE_STRING\0pmix.fab.shapestr\0\
    PMIX_FABRIC_SWITCH\0pmix.fab.switch\0PMIX_FABRIC_VENDOR\0pmix.fab.vndr\0PMIX_FIRST_ENVAR\0pmix.envar.first\0\
    PMIX_FORKEXEC_AGENT\0pmix.fe.agnt\0PMIX_FWD_STDDIAG\0pmix.fwd.stddiag\0PMIX_FWD_STDERR\0pmix.fwd.stderr\0\
    PMIX_FWD_STDIN\0pmix.fwd.stdin\0PMIX_FWD_STDOUT\0pmix.fwd.stdout\0PMIX_GDS_MODULE\0pmix.gds.mod\0\
    PMIX_GET_POINTER_VALUES\0pmix.get.pntrs\0PMIX_GET_REFRESH_CACHE\0pmix.get.refresh\0\
    PMIX_GET_STATIC_VALUES\0pmix.get.static\0PMIX_GLOBAL_RANK\0pmix.grank\0PMIX_GROUP_ADD_MEMBERS\0pmix.grp.add\0\
    PMIX_GROUP_ASSIGN_CONTEXT_ID\0pmix.grp.actxid\0PMIX_GROUP_CONTEXT_ID\0pmix.grp.ctxid\0\
    PMIX_GROUP_ENDPT_DATA\0pmix.grp.endpt\0PMIX_GROUP_FT_COLLECTIVE\0pmix.grp.ftcoll\0PMIX_GROUP_ID\0pmix.grp.id\0\
    PMIX_GROUP_INFO\0pmix.grp.info\0PMIX_GROUP_LEADER\0pmix.grp.ldr\0PMIX_GROUP_LOCAL_CID\0pmix.grp.lclid\0\
    PMIX_GROUP_LOCAL_ONLY\0pmix.grp.lcl\0PMIX_GROUP_MEMBERSHIP\0pmix.grp.mbrs\0PMIX_GROUP_NAMES\0pmix.pgrp.nm\0\
    PMIX_GROUP_NOTIFY_TERMINATION\0pmix.grp.notterm\0PMIX_GROUP_OPTIONAL\0pmix.grp.opt\0PMIX_GRPID\0pmix.egid\0\
    PMIX_HOMOGENEOUS_SYSTEM\0pmix.homo\0PMIX_HOST\0pmix.host\0PMIX_HOSTFILE\0pmix.hostfile\0\
    PMIX_HOSTNAME\0pmix.hname\0PMIX_HOSTNAME_ALIASES\0pmix.alias\0PMIX_HOSTNAME_KEEP_FQDN\0pmix.fqdn\0\
    PMIX_HOST_ATTRIBUTES\0pmix.host.attrs\0PMIX_HOST_FUNCTIONS\0pmix.host.fns\0\
    PMIX_HWLOC_HOLE_KIND\0pmix.hwlocholek\0PMIX_HWLOC_SHARE_TOPO\0pmix.hwlocsh\0\
    PMIX_HWLOC_SHMEM_ADDR\0pmix.hwlocaddr\0PMIX_HWLOC_SHMEM_FILE\0pmix.hwlocfile\0\
    PMIX_HWLOC_SHMEM_SIZE\0pmix.hwlocsize\0PMIX_HWLOC_XML_V1\0pmix.hwlocxml1\0PMIX_HWLOC_XML_V2\0pmix.hwlocxml2\0\
    PMIX_IMMEDIATE\0pmix.immediate\0PMIX_INDEX_ARGV\0pmix.indxargv\0PMIX_IOF_BUFFERING_SIZE\0pmix.iof.bsize\0\
    PMIX_IOF_BUFFERING_TIME\0pmix.iof.btime\0PMIX_IOF_CACHE_SIZE\0pmix.iof.csize\0PMIX_IOF_COMPLETE\0pmix.iof.cmp\0\
    PMIX_IOF_COPY\0pmix.iof.cpy\0PMIX_IOF_DROP_NEWEST\0pmix.iof.new\0PMIX_IOF_DROP_OLDEST\0pmix.iof.old\0\
    PMIX_IOF_FILE_ONLY\0pmix.iof.fonly\0PMIX_IOF_FILE_PATTERN\0pmix.iof.fpt\0PMIX_IOF_LOCAL_OUTPUT\0pmix.iof.local\0\
    PMIX_IOF_MERGE_STDERR_STDOUT\0pmix.iof.mrg\0PMIX_IOF_OUTPUT_RAW\0pmix.iof.raw\0\
    PMIX_IOF_OUTPUT_TO_DIRECTORY\0pmix.iof.dir\0PMIX_IOF_OUTPUT_TO_FILE\0pmix.iof.file\0\
    PMIX_IOF_PUSH_STDIN\0pmix.iof.stdin\0PMIX_IOF_RANK_OUTPUT\0pmix.iof.rank\0PMIX_IOF_REDIRECT\0pmix.iof.redir\0\
    PMIX_IOF_STOP\0pmix.iof.stop\0PMIX_IOF_TAG_DETAILED_OUTPUT\0pmix.iof.tagdet\0\
    PMIX_IOF_TAG_FULLNAME_OUTPUT\0pmix.iof.tagfull\0PMIX_IOF_TAG_OUTPUT\0pmix.iof.tag\0\
    PMIX_IOF_TIMESTAMP_OUTPUT\0pmix.iof.ts\0PMIX_IOF_XML_OUTPUT\0pmix.iof.xml\0PMIX_JOBID\0pmix.jobid\0\
    PMIX_JOB_CONTINUOUS\0pmix.continuous\0PMIX_JOB_CTRL_CANCEL\0pmix.jctrl.cancel\0\
    PMIX_JOB_CTRL_CHECKPOINT\0pmix.jctrl.ckpt\0PMIX_JOB_CTRL_CHECKPOINT_EVENT\0pmix.jctrl.ckptev\0\
    PMIX_JOB_CTRL_CHECKPOINT_METHOD\0pmix.jctrl.ckmethod\0PMIX_JOB_CTRL_CHECKPOINT_SIGNAL\0pmix.jctrl.ckptsig\0\
    PMIX_JOB_CTRL_ID\0pmix.jctrl.id\0PMIX_JOB_CTRL_KILL\0pmix.jctrl.kill\0PMIX_JOB_CTRL_PAUSE\0pmix.jctrl.pause\0\
    PMIX_JOB_CTRL_PREEMPTIBLE\0pmix.jctrl.preempt\0PMIX_JOB_CTRL_PROVISION\0pmix.jctrl.pvn\0\
    PMIX_JOB_CTRL_PROVISION_IMAGE\0pmix.jctrl.pvnimg\0PMIX_JOB_CTRL_RESTART\0pmix.jctrl.restart\0\
    PMIX_JOB_CTRL_RESUME\0pmix.jctrl.resume\0PMIX_JOB_CTRL_SIGNAL\0pmix.jctrl.sig\0\
    PMIX_JOB_CTRL_TERMINATE\0pmix.jctrl.term\0PMIX_JOB_INFO\0pmix.job.info\0PMIX_JOB_INFO_ARRAY\0pmix.job.arr\0\
    PMIX_JOB_NUM_APPS\0pmix.job.napps\0PMIX_JOB_RECOVERABLE\0pmix.recover\0PMIX_JOB_SIZE\0pmix.job.size\0\
    PMIX_JOB_TERM_STATUS\0pmix.job.term.status\0PMIX_JOB_TIMEOUT\0pmix.job.time\0PMIX_LAUNCHER\0pmix.tool.launcher\0\
    PMIX_LAUNCHER_DAEMON\0pmix.lnch.dmn\0PMIX_LAUNCHER_RENDEZVOUS_FILE\0pmix.tool.lncrnd\0\
    PMIX_LAUNCH_DIRECTIVES\0pmix.lnch.dirs\0PMIX_LOCALITY\0pmix.loc\0PMIX_LOCALITY_STRING\0pmix.locstr\0\
    PMIX_LOCALLDR\0pmix.lldr\0PMIX_LOCAL_COLLECTIVE_STATUS\0pmix.loc.col.st\0PMIX_LOCAL_CPUSETS\0pmix.lcpus\0\
    PMIX_LOCAL_PEERS\0pmix.lpeers\0PMIX_LOCAL_PROCS\0pmix.lprocs\0PMIX_LOCAL_RANK\0pmix.lrank\0\
    PMIX_LOCAL_SIZE\0pmix.local.size\0PMIX_LOCAL_TOPO\0pmix.ltopo\0PMIX_LOG_AGG\0pmix.log.agg\0\
    PMIX_LOG_COMPLETION\0pmix.logcomp\0PMIX_LOG_EMAIL\0pmix.log.email\0PMIX_LOG_EMAIL_ADDR\0pmix.log.emaddr\0\
    PMIX_LOG_EMAIL_MSG\0pmix.log.emmsg\0PMIX_LOG_EMAIL_SENDER_ADDR\0pmix.log.emfaddr\0\
    PMIX_LOG_EMAIL_SERVER\0pmix.log.esrvr\0PMIX_LOG_EMAIL_SRVR_PORT\0pmix.log.esrvrprt\0\
    PMIX_LOG_EMAIL_SUBJECT\0pmix.log.emsub\0PMIX_LOG_GENERATE_TIMESTAMP\0pmix.log.gtstmp\0\
    PMIX_LOG_GLOBAL_DATASTORE\0pmix.log.gstore\0PMIX_LOG_GLOBAL_SYSLOG\0pmix.log.gsys\0\
    PMIX_LOG_JOB_EVENTS\0pmix.log.jev\0PMIX_LOG_JOB_RECORD\0pmix.log.jrec\0PMIX_LOG_KEY\0pmix.log.key\0\
    PMIX_LOG_LOCAL_SYSLOG\0pmix.log.lsys\0PMIX_LOG_MSG\0pmix.log.msg\0PMIX_LOG_ONCE\0pmix.log.once\0\
    PMIX_LOG_PROC_ABNORMAL_TERMINATION\0pmix.logabproc\0PMIX_LOG_PROC_TERMINATION\0pmix.logproc\0\
    PMIX_LOG_SOURCE\0pmix.log.source\0PMIX_LOG_STDERR\0pmix.log.stderr\0PMIX_LOG_STDOUT\0pmix.log.stdout\0\
    PMIX_LOG_SYSLOG\0pmix.log.syslog\0PMIX_LOG_SYSLOG_PRI\0pmix.log.syspri\0PMIX_LOG_TAG_OUTPUT\0pmix.log.tag\0\
    PMIX_LOG_TIMESTAMP\0pmix.log.tstmp\0PMIX_LOG_TIMESTAMP_OUTPUT\0pmix.log.tsout\0PMIX_LOG_VAL\0pmix.log.val\0\
    PMIX_LOG_XML_OUTPUT\0pmix.log.xml\0PMIX_MAPBY\0pmix.mapby\0PMIX_MAPPER\0pmix.mapper\0PMIX_MAP_BLOB\0pmix.mblob\0\
    PMIX_MAX_PROCS\0pmix.max.size\0PMIX_MAX_RESTARTS\0pmix.maxrestarts\0PMIX_MAX_VALUE\0pmix.descr.maxval\0\
    PMIX_MERGE_STDERR_STDOUT\0pmix.mergeerrout\0PMIX_MIN_VALUE\0pmix.descr.minval\0\
    PMIX_MODEL_AFFINITY_POLICY\0pmix.mdl.tap\0PMIX_MODEL_CPU_TYPE\0pmix.mdl.cputype\0\
    PMIX_MODEL_LIBRARY_NAME\0pmix.mdl.name\0PMIX_MODEL_LIBRARY_VERSION\0pmix.mld.vrs\0\
    PMIX_MODEL_NUM_CPUS\0pmix.mdl.ncpu\0PMIX_MODEL_NUM_THREADS\0pmix.mdl.nthrds\0\
    PMIX_MODEL_PHASE_NAME\0pmix.mdl.phase\0PMIX_MODEL_PHASE_TYPE\0pmix.mdl.ptype\0\
    PMIX_MONITOR_APP_CONTROL\0pmix.monitor.appctrl\0PMIX_MONITOR_CANCEL\0pmix.monitor.cancel\0\
    PMIX_MONITOR_FILE\0pmix.monitor.fmon\0PMIX_MONITOR_FILE_ACCESS\0pmix.monitor.faccess\0\
    PMIX_MONITOR_FILE_CHECK_TIME\0pmix.monitor.ftime\0PMIX_MONITOR_FILE_DROPS\0pmix.monitor.fdrop\0\
    PMIX_MONITOR_FILE_MODIFY\0pmix.monitor.fmod\0PMIX_MONITOR_FILE_SIZE\0pmix.monitor.fsize\0\
    PMIX_MONITOR_HEARTBEAT\0pmix.monitor.mbeat\0PMIX_MONITOR_HEARTBEAT_DROPS\0pmix.monitor.bdrop\0\
    PMIX_MONITOR_HEARTBEAT_TIME\0pmix.monitor.btime\0PMIX_MONITOR_ID\0pmix.monitor.id\0\
    PMIX_MYSERVER_URI\0pmix.mysrvr.uri\0PMIX_NODEID\0pmix.nodeid\0PMIX_NODE_INFO\0pmix.node.info\0\
    PMIX_NODE_INFO_ARRAY\0pmix.node.arr\0PMIX_NODE_LIST\0pmix.nlist\0PMIX_NODE_MAP\0pmix.nmap\0\
    PMIX_NODE_MAP_RAW\0pmix.nmap.raw\0PMIX_NODE_OVERSUBSCRIBED\0pmix.ndosub\0PMIX_NODE_RANK\0pmix.nrank\0\
    PMIX_NODE_SIZE\0pmix.node.size\0PMIX_NOHUP\0pmix.nohup\0PMIX_NON_PMI\0pmix.nonpmi\0\
    PMIX_NOTIFY_COMPLETION\0pmix.notecomp\0PMIX_NOTIFY_JOB_EVENTS\0pmix.note.jev\0\
    PMIX_NOTIFY_LAUNCH\0pmix.note.lnch\0PMIX_NOTIFY_PROC_ABNORMAL_TERMINATION\0pmix.noteabproc\0\
    PMIX_NOTIFY_PROC_TERMINATION\0pmix.noteproc\0PMIX_NO_OVERSUBSCRIBE\0pmix.noover\0\
    PMIX_NO_PROCS_ON_HEAD\0pmix.nolocal\0PMIX_NPROC_OFFSET\0pmix.offset\0PMIX_NSDIR\0pmix.nsdir\0\
    PMIX_NSPACE\0pmix.nspace\0PMIX_NUM_ALLOCATED_NODES\0pmix.num.anodes\0PMIX_NUM_NODES\0pmix.num.nodes\0\
    PMIX_NUM_SLOTS\0pmix.num.slots\0PMIX_OPTIONAL\0pmix.optional\0PMIX_OUTPUT_NOCOPY\0pmix.nocopy\0\
    PMIX_OUTPUT_TO_DIRECTORY\0pmix.outdir\0PMIX_OUTPUT_TO_FILE\0pmix.outfile\0PMIX_PACKAGE_RANK\0pmix.pkgrank\0\
    PMIX_PARENT_ID\0pmix.parent\0PMIX_PERSISTENCE\0pmix.persist\0PMIX_PERSONALITY\0pmix.pers\0\
    PMIX_PNET_SETUP_APP\0pmix.pnet.setapp\0PMIX_PPR\0pmix.ppr\0PMIX_PREFIX\0pmix.prefix\0\
    PMIX_PRELOAD_BIN\0pmix.preloadbin\0PMIX_PRELOAD_FILES\0pmix.preloadfiles\0PMIX_PREPEND_ENVAR\0pmix.envar.prepnd\0\
    PMIX_PRIMARY_SERVER\0pmix.pri.srvr\0PMIX_PROCDIR\0pmix.pdir\0PMIX_PROCID\0pmix.procid\0\
    PMIX_PROC_BLOB\0pmix.pblob\0PMIX_PROC_INFO_ARRAY\0pmix.pdata\0PMIX_PROC_MAP\0pmix.pmap\0\
    PMIX_PROC_MAP_RAW\0pmix.pmap.raw\0PMIX_PROC_PID\0pmix.ppid\0PMIX_PROC_STATE_STATUS\0pmix.proc.state\0\
    PMIX_PROC_TERM_STATUS\0pmix.proc.term.status\0PMIX_PROC_URI\0pmix.puri\0PMIX_PROGRAMMING_MODEL\0pmix.pgm.model\0\
    PMIX_PSET_MEMBERS\0pmix.pset.mems\0PMIX_PSET_NAME\0pmix.pset.nm\0PMIX_PSET_NAMES\0pmix.pset.nms\0\
    PMIX_QUALIFIED_VALUE\0pmix.qual.val\0PMIX_QUERY_ALLOC_STATUS\0pmix.query.alloc\0\
    PMIX_QUERY_ATTRIBUTE_SUPPORT\0pmix.qry.attrs\0PMIX_QUERY_AUTHORIZATIONS\0pmix.qry.auths\0\
    PMIX_QUERY_AVAIL_SERVERS\0pmix.qry.asrvrs\0PMIX_QUERY_DEBUG_SUPPORT\0pmix.qry.debug\0\
    PMIX_QUERY_GROUP_MEMBERSHIP\0pmix.qry.pgrpmems\0PMIX_QUERY_GROUP_NAMES\0pmix.qry.pgrp\0\
    PMIX_QUERY_JOB_STATUS\0pmix.qry.jst\0PMIX_QUERY_LOCAL_ONLY\0pmix.qry.local\0\
    PMIX_QUERY_LOCAL_PROC_TABLE\0pmix.qry.lptable\0PMIX_QUERY_MEMORY_USAGE\0pmix.qry.mem\0\
    PMIX_QUERY_NAMESPACES\0pmix.qry.ns\0PMIX_QUERY_NAMESPACE_INFO\0pmix.qry.nsinfo\0\
    PMIX_QUERY_NUM_GROUPS\0pmix.qry.pgrpnum\0PMIX_QUERY_NUM_PSETS\0pmix.qry.psetnum\0\
    PMIX_QUERY_PROC_TABLE\0pmix.qry.ptable\0PMIX_QUERY_PROVISIONAL_ABI_VERSION\0pmix.qry.prabiver\0\
    PMIX_QUERY_PSET_MEMBERSHIP\0pmix.qry.pmems\0PMIX_QUERY_PSET_NAMES\0pmix.qry.psets\0\
    PMIX_QUERY_QUALIFIERS\0pmix.qry.quals\0PMIX_QUERY_QUEUE_LIST\0pmix.qry.qlst\0\
    PMIX_QUERY_QUEUE_STATUS\0pmix.qry.qst\0PMIX_QUERY_REFRESH_CACHE\0pmix.qry.rfsh\0\
    PMIX_QUERY_REPORT_AVG\0pmix.qry.avg\0PMIX_QUERY_REPORT_MINMAX\0pmix.qry.minmax\0\
    PMIX_QUERY_RESULTS\0pmix.qry.res\0PMIX_QUERY_SPAWN_SUPPORT\0pmix.qry.spawn\0\
    PMIX_QUERY_STABLE_ABI_VERSION\0pmix.qry.stabiver\0PMIX_QUERY_STORAGE_LIST\0pmix.strg.list\0\
    PMIX_QUERY_SUPPORTED_KEYS\0pmix.qry.keys\0PMIX_RANGE\0pmix.range\0PMIX_RANK\0pmix.rank\0\
    PMIX_RANKBY\0pmix.rankby\0PMIX_RECONNECT_SERVER\0pmix.cnct.recon\0PMIX_REGISTER_CLEANUP\0pmix.reg.cleanup\0\
    PMIX_REGISTER_CLEANUP_DIR\0pmix.reg.cleanupdir\0PMIX_REGISTER_NODATA\0pmix.reg.nodata\0\
    PMIX_REINCARNATION\0pmix.reinc\0PMIX_REPORT_BINDINGS\0pmix.repbind\0PMIX_REPORT_CHILD_SEP\0pmix.rptchildsep\0\
    PMIX_REQUESTOR_IS_CLIENT\0pmix.req.client\0PMIX_REQUESTOR_IS_TOOL\0pmix.req.tool\0\
    PMIX_REQUIRED_KEY\0pmix.req.key\0PMIX_RM_NAME\0pmix.rm.name\0PMIX_RM_VERSION\0pmix.rm.version\0\
    PMIX_RUNTIME_OPTIONS\0pmix.runopt\0PMIX_SEND_HEARTBEAT\0pmix.monitor.beat\0\
    PMIX_SERVER_ATTRIBUTES\0pmix.srvr.attrs\0PMIX_SERVER_ENABLE_MONITORING\0pmix.srv.monitor\0\
    PMIX_SERVER_FUNCTIONS\0pmix.srvr.fns\0PMIX_SERVER_GATEWAY\0pmix.srv.gway\0PMIX_SERVER_HOSTNAME\0pmix.srvr.host\0\
    PMIX_SERVER_INFO_ARRAY\0pmix.srv.arr\0PMIX_SERVER_NSPACE\0pmix.srv.nspace\0\
    PMIX_SERVER_PIDINFO\0pmix.srvr.pidinfo\0PMIX_SERVER_RANK\0pmix.srv.rank\0\
    PMIX_SERVER_REMOTE_CONNECTIONS\0pmix.srvr.remote\0PMIX_SERVER_SCHEDULER\0pmix.srv.sched\0\
    PMIX_SERVER_SESSION_SUPPORT\0pmix.srvr.sess\0PMIX_SERVER_SHARE_TOPOLOGY\0pmix.srvr.share\0\
    PMIX_SERVER_START_TIME\0pmix.srv.strtime\0PMIX_SERVER_SYSTEM_SUPPORT\0pmix.srvr.sys\0\
    PMIX_SERVER_TMPDIR\0pmix.srvr.tmpdir\0PMIX_SERVER_TOOL_SUPPORT\0pmix.srvr.tool\0PMIX_SERVER_URI\0pmix.srvr.uri\0\
    PMIX_SESSION_ID\0pmix.session.id\0PMIX_SESSION_INFO\0pmix.ssn.info\0PMIX_SESSION_INFO_ARRAY\0pmix.ssn.arr\0\
    PMIX_SETUP_APP_ALL\0pmix.setup.all\0PMIX_SETUP_APP_ENVARS\0pmix.setup.env\0\
    PMIX_SETUP_APP_NONENVARS\0pmix.setup.nenv\0PMIX_SET_ENVAR\0pmix.envar.set\0PMIX_SET_SESSION_CWD\0pmix.ssncwd\0\
    PMIX_SHOW_LAUNCH_PROGRESS\0pmix.showprog\0PMIX_SINGLETON\0pmix.singleton\0\
    PMIX_SINGLE_LISTENER\0pmix.sing.listnr\0PMIX_SOCKET_MODE\0pmix.sockmode\0\
    PMIX_SORTED_PROC_ARRAY\0pmix.sorted.parr\0PMIX_SPAWNED\0pmix.spawned\0PMIX_SPAWN_TIMEOUT\0pmix.sp.time\0\
    PMIX_SPAWN_TOOL\0pmix.spwn.tool\0PMIX_STDIN_TGT\0pmix.stdin\0PMIX_STORAGE_ACCESSIBILITY\0pmix.strg.access\0\
    PMIX_STORAGE_ACCESS_TYPE\0pmix.strg.atype\0PMIX_STORAGE_BW_CUR\0pmix.strg.bwcur\0\
    PMIX_STORAGE_BW_MAX\0pmix.strg.bwmax\0PMIX_STORAGE_CAPACITY_LIMIT\0pmix.strg.cap\0\
    PMIX_STORAGE_CAPACITY_USED\0pmix.strg.capuse\0PMIX_STORAGE_ID\0pmix.strg.id\0\
    PMIX_STORAGE_IOPS_CUR\0pmix.strg.iopscur\0PMIX_STORAGE_IOPS_MAX\0pmix.strg.iopsmax\0\
    PMIX_STORAGE_MEDIUM\0pmix.strg.medium\0PMIX_STORAGE_MINIMAL_XFER_SIZE\0pmix.strg.minxfer\0\
    PMIX_STORAGE_OBJECTS_USED\0pmix.strg.objuse\0PMIX_STORAGE_OBJECT_LIMIT\0pmix.strg.obj\0\
    PMIX_STORAGE_PATH\0pmix.strg.path\0PMIX_STORAGE_PERSISTENCE\0pmix.strg.persist\0\
    PMIX_STORAGE_SUGGESTED_XFER_SIZE\0pmix.strg.sxfer\0PMIX_STORAGE_TYPE\0pmix.strg.type\0\
    PMIX_STORAGE_VERSION\0pmix.strg.ver\0PMIX_SWITCH_PEERS\0pmix.speers\0PMIX_SYSTEM_TMPDIR\0pmix.sys.tmpdir\0\
    PMIX_TAG_OUTPUT\0pmix.tagout\0PMIX_TCP_DISABLE_IPV4\0pmix.tcp.disipv4\0PMIX_TCP_DISABLE_IPV6\0pmix.tcp.disipv6\0\
    PMIX_TCP_IF_EXCLUDE\0pmix.tcp.ifexclude\0PMIX_TCP_IF_INCLUDE\0pmix.tcp.ifinclude\0\
    PMIX_TCP_IPV4_PORT\0pmix.tcp.ipv4\0PMIX_TCP_IPV6_PORT\0pmix.tcp.ipv6\0PMIX_TCP_REPORT_URI\0pmix.tcp.repuri\0\
    PMIX_TCP_URI\0pmix.tcp.uri\0PMIX_TDIR_RMCLEAN\0pmix.tdir.rmclean\0PMIX_THREADING_MODEL\0pmix.threads\0\
    PMIX_TIMEOUT\0pmix.timeout\0PMIX_TIMEOUT_REPORT_STATE\0pmix.tim.state\0PMIX_TIMEOUT_STACKTRACES\0pmix.tim.stack\0\
    PMIX_TIMESTAMP_OUTPUT\0pmix.tsout\0PMIX_TIME_REMAINING\0pmix.time.remaining\0PMIX_TMPDIR\0pmix.tmpdir\0\
    PMIX_TOOL_ATTACHMENT_FILE\0pmix.tool.attach\0PMIX_TOOL_ATTRIBUTES\0pmix.tool.attrs\0\
    PMIX_TOOL_CONNECT_OPTIONAL\0pmix.tool.conopt\0PMIX_TOOL_DO_NOT_CONNECT\0pmix.tool.nocon\0\
    PMIX_TOOL_FUNCTIONS\0pmix.tool.fns\0PMIX_TOOL_NSPACE\0pmix.tool.nspace\0PMIX_TOOL_RANK\0pmix.tool.rank\0\
    PMIX_TOPOLOGY\0pmix.topo\0PMIX_TOPOLOGY2\0pmix.topo2\0PMIX_TOPOLOGY_FILE\0pmix.topo.file\0\
    PMIX_TOPOLOGY_SIGNATURE\0pmix.toposig\0PMIX_TOPOLOGY_XML\0pmix.topo.xml\0PMIX_UNIV_SIZE\0pmix.univ.size\0\
    PMIX_UNSET_ENVAR\0pmix.envar.unset\0PMIX_USERID\0pmix.euid\0PMIX_USOCK_DISABLE\0pmix.usock.disable\0\
    PMIX_VERSION_INFO\0pmix.version\0PMIX_WAIT\0pmix.wait\0PMIX_WAIT_FOR_CONNECTION\0pmix.wait.conn\0\
    PMIX_WDIR\0pmix.wdir\0PMIX_WDIR_USER_SPECIFIED\0pmix.wdir.user\0\
    PMIX_ALLOC_NETWORK\0pmix.alloc.net\0PMIX_ALLOC_NETWORK_ENDPTS\0pmix.alloc.endpts\0\
    PMIX_ALLOC_NETWORK_ENDPTS_NODE\0pmix.alloc.endpts.nd\0PMIX_ALLOC_NETWORK_ID\0pmix.alloc.netid\0\
    PMIX_ALLOC_NETWORK_PLANE\0pmix.alloc.netplane\0PMIX_ALLOC_NETWORK_QOS\0pmix.alloc.netqos\0\
    PMIX_ALLOC_NETWORK_SEC_KEY\0pmix.alloc.nsec\0PMIX_ALLOC_NETWORK_TYPE\0pmix.alloc.nettype\0\
    PMIX_FABRIC_DEVICE_COORDINATES\0pmix.fab.coord\0PMIX_JOB_CTRL_CHECKPOINT_TIMEOUT\0pmix.jctrl.ckptsig\0\
    PMIX_PROC_DATA\0pmix.pdata\0PMIX_QUERY_SUPPORTED_QUALIFIERS\0pmix.qry.quals\0\
    PMIX_ALLOC_BEGIN\0pmix.alloc.begin\0PMIX_ALLOC_CHILD_SEP\0pmix.alloc.sep\0\
    PMIX_ALLOC_DEPENDENCY\0pmix.alloc.depend\0PMIX_ALLOC_EXCLUDE\0pmix.alloc.exclude\0\
    PMIX_ALLOC_IMAGE\0pmix.alloc.image\0PMIX_ALLOC_LEND\0pmix.alloc.lend\0PMIX_ALLOC_MAU\0pmix.alloc.mau\0\
    PMIX_ALLOC_NOSHELL\0pmix.alloc.noshell\0PMIX_ALLOC_NOT_WAITING\0pmix.alloc.notwait\0\
    PMIX_ALLOC_NUM_BLOCKS\0pmix.alloc.nblks\0PMIX_ALLOC_PREEMPTIBLE\0pmix.alloc.preempt\0\
    PMIX_ALLOC_RES_BLOCK\0pmix.alloc.blk\0PMIX_ALLOC_SHARE\0pmix.alloc.share\0\
    PMIX_ALLOC_WAIT_ALL_NODES\0pmix.alloc.waitall\0PMIX_ALLOW_CLIENT_CLONES\0pmix.allow.clones\0\
    PMIX_CONNECTION_ORDER\0pmix.cnct.ord\0PMIX_CONNECT_TO_SCHEDULER\0pmix.cnct.sched\0\
    PMIX_CONNECT_TO_SYS_CONTROLLER\0pmix.cnct.ctrlr\0PMIX_DISK_ID\0pmix.disk.id\0\
    PMIX_DISK_IO_IN_PROGRESS\0pmix.disk.ios\0PMIX_DISK_IO_MILLISEC\0pmix.disk.ioms\0\
    PMIX_DISK_IO_WEIGHTED\0pmix.disk.iowght\0PMIX_DISK_READ_COMPLETED\0pmix.disk.rdscomp\0\
    PMIX_DISK_READ_MERGED\0pmix.disk.rdsmrgd\0PMIX_DISK_READ_MILLISEC\0pmix.disk.rdms\0\
    PMIX_DISK_READ_SECTORS\0pmix.disk.rdsct\0PMIX_DISK_RESOURCE_USAGE\0pmix.disk.res\0\
    PMIX_DISK_SAMPLE_TIME\0pmix.disk.samptime\0PMIX_DISK_WRITE_COMPLETED\0pmix.disk.wtscomp\0\
    PMIX_DISK_WRITE_MERGED\0pmix.disk.wtsmrgd\0PMIX_DISK_WRITE_MILLISEC\0pmix.disk.wtms\0\
    PMIX_DISK_WRITE_SECTORS\0pmix.disk.wtsct\0PMIX_DISPLAY_PARSEABLE_OUTPUT\0pmix.dispparse\0\
    PMIX_DISPLAY_PROCESSORS\0pmix.dispcpus\0PMIX_EVENT_STAYS_LOCAL\0pmix.evlocal\0\
    PMIX_EXTERNAL_AUX_EVENT_BASE\0pmix.evaux\0PMIX_FWD_ENVIRONMENT\0pmix.fwdenv\0PMIX_GPU_SUPPORT\0pmix.gpu.support\0\
    PMIX_GROUP_BOOTSTRAP\0pmix.grp.btstrp\0PMIX_GROUP_FINAL_MEMBERSHIP_ORDER\0pmix.grp.finord\0\
    PMIX_GROUP_INFO_ARRAY\0pmix.grp.infoarray\0PMIX_GROUP_JOB_INFO\0pmix.grp.jinfo\0\
    PMIX_JOB_CTRL_DEFINE_PSET\0pmix.jctrl.defpset\0PMIX_JOB_CTRL_SEP\0pmix.jctrl.sep\0\
    PMIX_MEM_ALLOC_KIND\0pmix.alloc.mkind\0PMIX_MONITOR_DISK_RESOURCE_USAGE\0pmix.monitor.dkresuse\0\
    PMIX_MONITOR_LOCAL_ONLY\0pmix.monitor.local\0PMIX_MONITOR_NET_RESOURCE_USAGE\0pmix.monitor.netresuse\0\
    PMIX_MONITOR_NODE_RESOURCE_USAGE\0pmix.monitor.ndresuse\0PMIX_MONITOR_PROC_RESOURCE_USAGE\0pmix.monitor.presuse\0\
    PMIX_MONITOR_PROXY\0pmix.monitor.proxy\0PMIX_MONITOR_RESOURCE_RATE\0pmix.monitor.resrate\0\
    PMIX_MONITOR_TARGET_DISKS\0pmix.monitor.tgtdks\0PMIX_MONITOR_TARGET_NETS\0pmix.monitor.tgtnets\0\
    PMIX_MONITOR_TARGET_NODEIDS\0pmix.monitor.tgtndids\0PMIX_MONITOR_TARGET_NODES\0pmix.monitor.tgtnode\0\
    PMIX_MONITOR_TARGET_PIDS\0pmix.monitor.tgtpid\0PMIX_MONITOR_TARGET_PROCS\0pmix.monitor.tgtproc\0\
    PMIX_NETWORK_ID\0pmix.net.id\0PMIX_NETWORK_RESOURCE_USAGE\0pmix.net.res\0PMIX_NET_RECVD_BYTES\0pmix.net.rcb\0\
    PMIX_NET_RECVD_ERRS\0pmix.net.rcerr\0PMIX_NET_RECVD_PCKTS\0pmix.net.rcp\0\
    PMIX_NET_SAMPLE_TIME\0pmix.net.samptime\0PMIX_NET_SENT_BYTES\0pmix.net.sntb\0\
    PMIX_NET_SENT_ERRS\0pmix.net.snterr\0PMIX_NET_SENT_PCKTS\0pmix.net.sntp\0PMIX_NODE_LOAD_AVG\0pmix.node.la\0\
    PMIX_NODE_LOAD_AVG15\0pmix.node.la15\0PMIX_NODE_LOAD_AVG5\0pmix.node.la5\0PMIX_NODE_MEM_BUFFERS\0pmix.node.mbuf\0\
    PMIX_NODE_MEM_CACHED\0pmix.node.mcache\0PMIX_NODE_MEM_FREE\0pmix.node.mfree\0\
    PMIX_NODE_MEM_MAPPED\0pmix.node.mmap\0PMIX_NODE_MEM_SWAP_CACHED\0pmix.node.mswpc\0\
    PMIX_NODE_MEM_SWAP_FREE\0pmix.node.mswpfree\0PMIX_NODE_MEM_TOTAL\0pmix.node.mtot\0\
    PMIX_NODE_RESOURCE_USAGE\0pmix.node.res\0PMIX_NODE_SAMPLE_TIME\0pmix.node.samptime\0\
    PMIX_NODE_SWAP_TOTAL\0pmix.node.mswpt\0PMIX_PROC_CPU\0pmix.proc.cpu\0PMIX_PROC_NUM_THREADS\0pmix.proc.nthr\0\
    PMIX_PROC_OS_STATE\0pmix.proc.osstate\0PMIX_PROC_PEAK_VSIZE\0pmix.proc.pkvsize\0\
    PMIX_PROC_PERCENT_CPU\0pmix.proc.pcpu\0PMIX_PROC_PRIORITY\0pmix.proc.pri\0PMIX_PROC_PSS\0pmix.proc.pss\0\
    PMIX_PROC_RESOURCE_USAGE\0pmix.proc.res\0PMIX_PROC_RSS\0pmix.proc.rss\0\
    PMIX_PROC_SAMPLE_TIME\0pmix.proc.samptime\0PMIX_PROC_TIME\0pmix.proc.time\0PMIX_PROC_VSIZE\0pmix.proc.vsize\0\
    PMIX_PROGRESS_THREAD_FLUSH\0pmix.evflush\0PMIX_PROGRESS_THREAD_NAME\0pmix.evname\0\
    PMIX_PTY_TERMIO\0pmix.pty.termio\0PMIX_PTY_WSIZE\0pmix.pty.wsize\0PMIX_QUERY_ALLOCATION\0pmix.query.allc\0\
    PMIX_QUERY_AVAILABLE_SLOTS\0pmix.qry.aslots\0PMIX_QUERY_DEVICES\0pmix.qry.dev\0\
    PMIX_QUERY_MIN_ALLOC_UNIT\0pmix.qry.minau\0PMIX_QUERY_NODE_RESOURCE_USAGE\0pmix.qry.nres\0\
    PMIX_QUERY_PROC_RESOURCE_USAGE\0pmix.qry.pres\0PMIX_QUERY_RESOLVE_NODE\0pmix.qry.node\0\
    PMIX_QUERY_RESOLVE_PEERS\0pmix.qry.peers\0PMIX_QUERY_RES_BLOCKS\0pmix.qry.resblks\0\
    PMIX_QUERY_RES_BLOCK_DEF\0pmix.qry.resdef\0PMIX_REALGID\0pmix.rgid\0PMIX_REALUID\0pmix.ruid\0\
    PMIX_REPORT_PHYSICAL_CPUS\0pmix.repphys.cpus\0PMIX_REQUESTOR\0pmix.requestor\0\
    PMIX_RESOURCE_BLOCK_NAME\0pmix.resblkname\0PMIX_SERVER_ALLOW_FOREIGN_TOOLS\0pmix.srvr.ftools\0\
    PMIX_SERVER_SYS_CONTROLLER\0pmix.srv.ctrlr\0PMIX_SESSION_APP\0pmix.ssn.app\0\
    PMIX_SESSION_COMPLETE\0pmix.ssn.complete\0PMIX_SESSION_CTRL_ID\0pmix.ssnctrl.id\0\
    PMIX_SESSION_EXTEND\0pmix.ssn.xtend\0PMIX_SESSION_INSTANTIATE\0pmix.ssn.inst\0PMIX_SESSION_JOB\0pmix.ssn.job\0\
    PMIX_SESSION_PAUSE\0pmix.ssn.pause\0PMIX_SESSION_PREEMPT\0pmix.ssn.preempt\0\
    PMIX_SESSION_PROVISION\0pmix.ssn.pvn\0PMIX_SESSION_PROVISION_IMAGE\0pmix.ssn.pvnimg\0\
    PMIX_SESSION_PROVISION_NODES\0pmix.ssn.pvnnds\0PMIX_SESSION_RESOURCES\0pmix.ssn.res\0\
    PMIX_SESSION_RESTORE\0pmix.ssn.restore\0PMIX_SESSION_RESUME\0pmix.ssn.resume\0PMIX_SESSION_SEP\0pmix.ssn.sep\0\
    PMIX_SESSION_SIGNAL\0pmix.ssn.sig\0PMIX_SESSION_TERMINATE\0pmix.ssn.terminate\0\
    PMIX_SPAWN_CHILD_SEP\0pmix.spchildsep\0PMIX_SPAWN_PTY\0pmix.spawn.pty\0PMIX_TOPOLOGY_INDEX\0pmix.topo.index\0\
    PMIX_VERSION_NUMERIC\0pmix.vers.num\0
    """
