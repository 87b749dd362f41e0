// Names of codes, and of the library. The texts are interface: programs print and compare them, so they are the
// original's, letter by letter (N.B. the blank at the end of a channel's names).
import Bytes
import CLibc
import CPMIx
import PMIxWire

/// A literal as C's `const char *`: it lives as long as the library, and ends in a NUL.
func staticText(_ text: StaticString) -> UnsafePointer<CChar> {
    UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}

/// Programs written for OpenPMIx look for a first character above '2', and for nothing else.
@c @implementation
public func PMIx_Get_version() -> UnsafePointer<CChar>! {
    staticText("Muster 0.1.0 (as OpenPMIx 4.2.2, PMIx Standard: 4.2, Stable ABI: 0.0, Provisional ABI: 0.0)")
}

@c @implementation
public func PMIx_Proc_state_string(_ state: pmix_proc_state_t) -> UnsafePointer<CChar>! {
    let text: StaticString =
        switch state {
        case 0: "UNDEFINED"
        case 1: "PREPPED FOR LAUNCH"
        case 2: "LAUNCH UNDERWAY"
        case 3: "PROC READY FOR RESTART"
        case 4: "PROC MARKED FOR TERMINATION"
        case 5: "PROC EXECUTING"
        case 6: "PROC HAS CONNECTED TO LOCAL PMIX SERVER"
        case 15: "PROC HAS NOT TERMINATED"
        case 20: "PROC HAS TERMINATED"
        case 50: "PROC ERROR"
        case 51: "PROC KILLED BY CMD"
        case 52: "PROC ABNORMALLY ABORTED"
        case 53: "PROC FAILED TO START"
        case 54: "PROC ABORTED BY SIGNAL"
        case 55: "PROC TERMINATED WITHOUT CALLING PMIx_Finalize"
        case 56: "PROC LOST COMMUNICATION"
        case 57: "PROC SENSOR BOUND EXCEEDED"
        case 58: "PROC CALLED PMIx_Abort"
        case 59: "PROC FAILED TO REPORT HEARTBEAT"
        case 60: "PROC WAITING TO MIGRATE"
        case 61: "PROC CANNOT BE RESTARTED"
        case 62: "PROC TERMINATED WITH NON-ZERO STATUS"
        case 63: "PROC FAILED TO LAUNCH"
        default: "UNKNOWN STATE"
        }
    return staticText(text)
}

@c @implementation
public func PMIx_Job_state_string(_ state: pmix_job_state_t) -> UnsafePointer<CChar>! {
    let text: StaticString =
        switch state {
        case 0: "UNDEFINED"
        case 1: "PREPPED FOR LAUNCH"
        case 2: "LAUNCHING"
        case 3: "RUNNING"
        case 4: "SUSPENDED"
        case 5: "CONNECTED"
        case 15: "UNTERMINATED"
        case 20: "TERMINATED"
        case 50: "TERMINATED WITH ERROR"
        default: "UNKNOWN"
        }
    return staticText(text)
}

@c @implementation
public func PMIx_Scope_string(_ scope: pmix_scope_t) -> UnsafePointer<CChar>! {
    let text: StaticString =
        switch scope {
        case 0: "UNDEFINED"
        case 1: "SHARE ON LOCAL NODE ONLY"
        case 2: "SHARE ON REMOTE NODES ONLY"
        case 3: "SHARE ACROSS ALL NODES"
        case 4: "STORE INTERNALLY"
        default: "UNKNOWN SCOPE"
        }
    return staticText(text)
}

@c @implementation
public func PMIx_Persistence_string(_ persist: pmix_persistence_t) -> UnsafePointer<CChar>! {
    let text: StaticString =
        switch persist {
        case 0: "INDEFINITE"
        case 1: "DELETE ON FIRST ACCESS"
        case 2: "RETAIN UNTIL PUBLISHING PROCESS TERMINATES"
        case 3: "RETAIN UNTIL APPLICATION OF PUBLISHING PROCESS TERMINATES"
        case 4: "RETAIN UNTIL ALLOCATION OF PUBLISHING PROCESS TERMINATES"
        case 255: "INVALID"
        default: "UNKNOWN PERSISTENCE"
        }
    return staticText(text)
}

@c @implementation
public func PMIx_Data_range_string(_ range: pmix_data_range_t) -> UnsafePointer<CChar>! {
    let text: StaticString =
        switch range {
        case 0: "UNDEFINED"
        case 1: "INTENDED FOR HOST RESOURCE MANAGER ONLY"
        case 2: "AVAIL ON LOCAL NODE ONLY"
        case 3: "AVAIL TO PROCESSES IN SAME JOB ONLY"
        case 4: "AVAIL TO PROCESSES IN SAME ALLOCATION ONLY"
        case 5: "AVAIL TO ANYONE WITH AUTHORIZATION"
        case 6: "AVAIL AS SPECIFIED IN DIRECTIVES"
        case 7: "AVAIL ON LOCAL PROC ONLY"
        case 255: "INVALID"
        default: "UNKNOWN"
        }
    return staticText(text)
}

/// Codes in the order of `DataType`, so that the index is the code; what releases after 4.2 added stays unknown.
private let dataTypeNames: [StaticString] = [
    "UNKNOWN", "PMIX_BOOL", "PMIX_BYTE", "PMIX_STRING", "PMIX_SIZE", "PMIX_PID", "PMIX_INT", "PMIX_INT8", "PMIX_INT16",
    "PMIX_INT32", "PMIX_INT64", "PMIX_UINT", "PMIX_UINT8", "PMIX_UINT16", "PMIX_UINT32", "PMIX_UINT64", "PMIX_FLOAT",
    "PMIX_DOUBLE", "PMIX_TIMEVAL", "PMIX_TIME", "PMIX_STATUS", "PMIX_VALUE", "PMIX_PROC", "PMIX_APP", "PMIX_INFO",
    "PMIX_PDATA", "PMIX_BUFFER", "PMIX_BYTE_OBJECT", "PMIX_KVAL", "PMIX_MODEX", "PMIX_PERSIST", "PMIX_POINTER",
    "PMIX_SCOPE", "PMIX_DATA_RANGE", "PMIX_COMMAND", "PMIX_INFO_DIRECTIVES", "PMIX_DATA_TYPE", "PMIX_PROC_STATE",
    "PMIX_PROC_INFO", "PMIX_DATA_ARRAY", "PMIX_PROC_RANK", "PMIX_QUERY", "PMIX_COMPRESSED_STRING",
    "PMIX_ALLOC_DIRECTIVE", "PMIX_INFO_ARRAY", "PMIX_IOF_CHANNEL", "PMIX_ENVAR", "PMIX_COORD", "PMIX_REGATTR",
    "PMIX_REGEX", "PMIX_JOB_STATE", "PMIX_LINK_STATE", "PMIX_PROC_CPUSET", "PMIX_GEOMETRY", "PMIX_DEVICE_DIST",
    "PMIX_ENDPOINT", "PMIX_TOPO", "PMIX_DEVTYPE", "PMIX_LOCTYPE", "PMIX_COMPRESSED_BYTE_OBJECT", "PMIX_PROC_NSPACE",
    "PMIX_PROC_STATS", "PMIX_DISK_STATS", "PMIX_NET_STATS", "PMIX_NODE_STATS", "PMIX_DATA_BUFFER", "PMIX_STOR_MEDIUM",
    "PMIX_STOR_ACCESS", "PMIX_STOR_PERSIST", "PMIX_STOR_ACCESS_TYPE", "PMIX_DEVICE", "PMIX_RESBLOCK_DIRECTIVE",
    "PMIX_RESOURCE_UNIT", "PMIX_NODE_PID",
]

@c @implementation
public func PMIx_Data_type_string(_ type: pmix_data_type_t) -> UnsafePointer<CChar>! {
    staticText(Int(type) < dataTypeNames.count ? dataTypeNames[Int(type)] : "UNKNOWN")
}

@c @implementation
public func PMIx_Alloc_directive_string(_ directive: pmix_alloc_directive_t) -> UnsafePointer<CChar>! {
    let text: StaticString =
        switch directive {
        case 1: "NEW"
        case 2: "EXTEND"
        case 3: "RELEASE"
        case 4: "REACQUIRE"
        default: "UNSPECIFIED"
        }
    return staticText(text)
}

/// One text per combination of the four channels, so that none has to be made, kept or shared between threads.
private let channelNames: [StaticString] = [
    "NONE", "STDIN ", "STDOUT ", "STDIN STDOUT ", "STDERR ", "STDIN STDERR ", "STDOUT STDERR ", "STDIN STDOUT STDERR ",
    "STDDIAG ", "STDIN STDDIAG ", "STDOUT STDDIAG ", "STDIN STDOUT STDDIAG ", "STDERR STDDIAG ",
    "STDIN STDERR STDDIAG ", "STDOUT STDERR STDDIAG ", "STDIN STDOUT STDERR STDDIAG ",
]

@c @implementation
public func PMIx_IOF_channel_string(_ channel: pmix_iof_channel_t) -> UnsafePointer<CChar>! {
    staticText(channelNames[Int(channel & 15)])
}

@c @implementation
public func PMIx_Link_state_string(_ state: pmix_link_state_t) -> UnsafePointer<CChar>! {
    staticText(state == 1 ? "INACTIVE" : state == 2 ? "ACTIVE" : "UNKNOWN")
}

/// N.B. the codes are bits, but only single ones have a name.
@c @implementation
public func PMIx_Device_type_string(_ type: pmix_device_type_t) -> UnsafePointer<CChar>! {
    let text: StaticString =
        switch type {
        case 1: "BLOCK"
        case 2: "GPU"
        case 4: "NETWORK"
        case 8: "OPENFABRICS"
        case 16: "DMA"
        case 32: "COPROCESSOR"
        default: "UNKNOWN"
        }
    return staticText(text)
}

@c @implementation
public func PMIx_Info_directives_string(_ directives: pmix_info_directives_t) -> UnsafeMutablePointer<CChar>! {
    // What only qualifies a key is neither required nor processed on its own.
    if directives & Info.qualifier != 0 { return Text("QUALIFIER").newCString() }
    var text: Text = directives & Info.required != 0 ? "REQUIRED" : "OPTIONAL"
    if directives & Info.processed != 0 { text = text + ":PROCESSED" }
    if directives & Info.arrayEnd != 0 { text = text + ":END" }
    return text.newCString()
}

@c @implementation
public func PMIx_Value_comparison_string(_ cmp: pmix_value_cmp_t) -> UnsafePointer<CChar>! {
    let text: StaticString =
        switch Comparison(rawValue: Int32(truncatingIfNeeded: cmp.rawValue)) {
        case .equal: "EQUAL"
        case .firstGreater: "VALUE1 GREATER"
        case .secondGreater: "VALUE2 GREATER"
        case .differentTypes: "DIFFERENT TYPES"
        case .notAvailable: "COMPARISON NOT AVAILABLE"
        case .incompatible: "INCOMPATIBLE OBJECTS"
        case nil: "UNKNOWN VALUE"
        }
    return staticText(text)
}

@c @implementation
public func PMIx_Group_operation_string(_ op: pmix_group_operation_t) -> UnsafePointer<CChar>! {
    let text: StaticString =
        switch op {
        case PMIX_GROUP_CONSTRUCT: "CONSTRUCT"
        case PMIX_GROUP_DESTRUCT: "DESTRUCT"
        case PMIX_GROUP_NONE: "NONE"
        default: "UNKNOWN VALUE"
        }
    return staticText(text)
}

@c @implementation
public func PMIx_Resource_block_directive_string(
    _ directive: pmix_resource_block_directive_t
) -> UnsafePointer<CChar>! {
    let text: StaticString =
        switch directive {
        case 1: "DEFINE"
        case 2: "EXTEND"
        case 3: "REMOVE"
        case 4: "DELETE"
        default: "UNSPECIFIED"
        }
    return staticText(text)
}
