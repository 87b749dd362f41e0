// What PMIx_Error_string() says for each code: the texts that users and scripts know from OpenPMIx. The last few are codes
// that only travel inside a library of that family.
import CLibc
import CPMIx

/// The way back, also from the names that the constants have: all the same whether they begin with PMIX_ERR_ or PMIX_, in
/// which case, and with which dashes.
@c @implementation
public func PMIx_Error_code(_ errname: UnsafePointer<CChar>!) -> pmix_status_t {
    guard let errname else { return Int32.min }
    // Two texts differ in nothing but a dash.
    for (code, text) in errorNames where strcasecmp(errname, staticText(text)) == 0 { return code }
    let wanted = withoutPrefix(errname)
    for names in [errorNames, constantNames] {
        for (code, text) in names where isSame(wanted, withoutPrefix(staticText(text))) { return code }
    }
    return Int32.min
}

private func withoutPrefix(_ name: UnsafePointer<CChar>) -> UnsafePointer<CChar> {
    var rest = name
    if startsSame(rest, staticText("PMIX-")) { rest += 5 }
    if startsSame(rest, staticText("ERR-")) { rest += 4 }
    return rest
}

private func folded(_ character: CChar) -> CChar {
    switch UInt8(bitPattern: character) {
    case UInt8(ascii: "a")...UInt8(ascii: "z"): character - 32
    case UInt8(ascii: "_"), UInt8(ascii: " "): CChar(UInt8(ascii: "-"))
    default: character
    }
}

private func startsSame(_ text: UnsafePointer<CChar>, _ start: UnsafePointer<CChar>) -> Bool {
    var index = 0
    while start[index] != 0 {
        if folded(text[index]) != start[index] { return false }
        index += 1
    }
    return true
}

private func isSame(_ one: UnsafePointer<CChar>, _ other: UnsafePointer<CChar>) -> Bool {
    var index = 0
    while folded(one[index]) == folded(other[index]) {
        if one[index] == 0 { return true }
        index += 1
    }
    return false
}

@c @implementation
public func PMIx_Error_string(_ status: pmix_status_t) -> UnsafePointer<CChar>! {
    // Sorted, largest first.
    var low = 0
    var high = errorNames.count
    while low < high {
        let middle = (low + high) / 2
        if errorNames[middle].0 == status { return staticText(errorNames[middle].1) }
        if errorNames[middle].0 > status { low = middle + 1 } else { high = middle }
    }
    return staticText("ERROR STRING NOT FOUND")
}

private let errorNames: [(Int32, StaticString)] = [
    (0, "SUCCESS"),
    (-1, "ERROR"),
    (-2, "SILENT_ERROR"),
    (-3, "DEBUGGER-RELEASE"),
    (-4, "PROC_RESTART"),
    (-5, "PROC-CHECKPOINT-ERROR"),
    (-6, "PROC-MIGRATE"),
    (-7, "PROC-ABORTED"),
    (-8, "PROC-ABORT-REQUESTED"),
    (-9, "PROC-ABORTING"),
    (-10, "SERVER FAILED REQUEST"),
    (-11, "EXISTS"),
    (-12, "INVALID-CREDENTIAL"),
    (-13, "HANDSHAKE-FAILED"),
    (-14, "READY-FOR-HANDSHAKE"),
    (-15, "WOULD-BLOCK"),
    (-16, "UNKNOWN-DATA-TYPE"),
    (-17, "PROC-ENTRY-NOT-FOUND"),
    (-18, "TYPE-MISMATCH"),
    (-19, "UNPACK-INADEQUATE-SPACE"),
    (-20, "UNPACK-FAILURE"),
    (-21, "PACK-FAILURE"),
    (-22, "PACK-MISMATCH"),
    (-23, "NO-PERMISSIONS"),
    (-24, "TIMEOUT"),
    (-25, "UNREACHABLE"),
    (-26, "ERR-IN-ERRNO"),
    (-27, "BAD-PARAM"),
    (-28, "RESOURCE-BUSY"),
    (-29, "OUT-OF-RESOURCE"),
    (-30, "DATA-VALUE-NOT-FOUND"),
    (-31, "INIT"),
    (-32, "NO-MEM"),
    (-33, "INVALID-ARG"),
    (-34, "INVALID-KEY"),
    (-35, "INVALID-KEY-LENGTH"),
    (-36, "INVALID-VAL"),
    (-37, "INVALID-VAL-LENGTH"),
    (-38, "INVALID-LENGTH"),
    (-39, "INVALID-NUM-ARGS"),
    (-40, "INVALID-ARGS"),
    (-41, "INVALID-NUM-PARSED"),
    (-42, "INVALID-KEYVAL"),
    (-43, "INVALID-SIZE"),
    (-44, "INVALID-NAMESPACE"),
    (-45, "SERVER-NOT-AVAIL"),
    (-46, "NOT-FOUND"),
    (-47, "NOT-SUPPORTED"),
    (-48, "NOT-IMPLEMENTED"),
    (-49, "COMM-FAILURE"),
    (-50, "UNPACK-PAST-END"),
    (-51, "PMIX CONFLICTING CLEANUP DIRECTIVES"),
    (-52, "PARTIAL SUCCESS"),
    (-53, "DUPLICATE KEY"),
    (-55, "PROCESS SET DEFINED"),
    (-58, "READY-FOR-DEBUG"),
    (-59, "PARAM-VALUE-NOT-SUPPORTED"),
    (-60, "EMPTY"),
    (-61, "LOST_CONNECTION"),
    (-62, "OUTSIDE-SCOPE"),
    (-63, "FATAL"),
    (-64, "NOT_AVAILABLE"),
    (-65, "VALUE_OUT_OF_BOUNDS"),
    (-67, "FILE_OPEN_FAILURE"),
    (-68, "FILE_READ_FAILURE"),
    (-69, "FILE_WRITE_FAILURE"),
    (-70, "SYS_LIMITS_PIPES"),
    (-71, "SYS_LIMITS_CHILDREN"),
    (-72, "PIPE_SETUP_FAILURE"),
    (-73, "EXE NOT ACCESSIBLE"),
    (-74, "WDIR NOT ACCESSIBLE"),
    (-104, "QUERY-PARTIAL-SUCCESS"),
    (-105, "PMIX ALLOC OPERATION COMPLETE"),
    (-106, "PMIX JOB CONTROL CHECKPOINT"),
    (-107, "PMIX JOB CONTROL CHECKPOINT COMPLETE"),
    (-108, "PMIX PRE-EMPTION ALERT"),
    (-109, "PMIX HEARTBEAT ALERT"),
    (-110, "PMIX FILE MONITOR ALERT"),
    (-111, "PROC-TERMINATED"),
    (-112, "INVALID-TERMINATION"),
    (-113, "FABRIC-UPDATE-ENDPOINTS"),
    (-144, "EVENT-REGISTRATION"),
    (-145, "JOB ENDED"),
    (-146, "UPDATE-ENDPOINTS"),
    (-147, "PMIX MODEL DECLARED"),
    (-148, "GDS-ACTION-COMPLETE"),
    (-149, "PROC-HAS-CONNECTED"),
    (-150, "CONNECT-REQUESTED"),
    (-152, "OPENMP-PARALLEL-ENTERED"),
    (-153, "OPENMP-PARALLEL-EXITED"),
    (-155, "LAUNCHER-READY"),
    (-156, "OPERATION-IN-PROGRESS"),
    (-157, "OPERATION-SUCCEEDED"),
    (-158, "INVALID-OPERATION"),
    (-159, "GROUP-INVITED"),
    (-160, "GROUP-LEFT"),
    (-161, "GROUP-INVITE-ACCEPTED"),
    (-162, "GROUP-INVITE-DECLINED"),
    (-163, "GROUP-INVITE-FAILED"),
    (-164, "GROUP-MEMBERSHIP-UPDATE"),
    (-165, "GROUP-CONSTRUCT-ABORT"),
    (-166, "GROUP-CONSTRUCT-COMPLETE"),
    (-167, "GROUP-LEADER-SELECTED"),
    (-168, "GROUP-LEADER-FAILED"),
    (-169, "GROUP-CONTEXT-ID-ASSIGNED"),
    (-170, "GROUP-MEMBER-FAILED"),
    (-171, "REPEAT-ATTRIBUTE-REGISTRATION"),
    (-172, "IOF FAILURE"),
    (-173, "IOF COMPLETE"),
    (-174, "PMIX LAUNCH COMPLETE"),
    (-175, "FABRIC-UPDATED"),
    (-176, "FABRIC-UPDATE-PENDING"),
    (-177, "APPLICATION NOT EXECUTABLE"),
    (-178, "NO EXECUTABLE SPECIFIED"),
    (-179, "JOB FAILED TO MAP"),
    (-180, "JOB CANCELED"),
    (-181, "JOB FAILED TO LAUNCH"),
    (-182, "JOB ABORTED"),
    (-183, "KILLED BY COMMAND"),
    (-184, "ABORTED BY SIGNAL"),
    (-185, "TERMINATED WITHOUT SYNC"),
    (-186, "SENSOR BOUND EXCEEDED"),
    (-187, "NON-ZERO TERMINATION"),
    (-188, "FAILED TO OBTAIN ALLOCATION"),
    (-189, "JOB ABORTED BY SYSTEM EVENT"),
    (-190, "EXECUTABLE NOT FOUND"),
    (-191, "JOB STARTED"),
    (-192, "SESSION STARTED"),
    (-193, "SESSION ENDED"),
    (-200, "PROC TERMINATED WITHOUT SYNC"),
    (-201, "PROC TERMINATED"),
    (-230, "SYSTEM BASE EVENT"),
    (-231, "NODE-DOWN"),
    (-232, "NODE-OFFLINE"),
    (-233, "WORKING DIRECTORY NOT FOUND"),
    (-234, "INSUFFICIENT RESOURCES"),
    (-235, "SYSTEM OPERATION FAILED"),
    (-330, "UNDEFINED-SYSTEM-EVENT"),
    (-331, "EVENT-NO-ACTION-TAKEN"),
    (-332, "EVENT-PARTIAL-ACTION-TAKEN"),
    (-333, "EVENT-ACTION-DEFERRED"),
    (-334, "EVENT-ACTION-COMPLETE"),
    (-400, "PROC-KILLED-BY-CMD"),
    (-401, "PROC-FAILED-TO-START"),
    (-402, "PROC-ABORTED-BY-SIG"),
    (-403, "PROC-SENSOR-BOUND-EXCEEDED"),
    (-404, "PROC-EXIT-NONZERO-TERM"),
    (-1363, "FABRIC_NOT_PARSEABLE"),
    (-1366, "TAKE-NEXT-OPTION"),
    (-1367, "PMIX TEMPORARILY UNAVAILABLE"),
    (Int32.min, "PMIX_ERR_WILDCARD"),
]

/// Constants whose texts are made of other words than their names.
private let constantNames: [(Int32, StaticString)] = [
    (-5, "ERR-PROC-CHECKPOINT"),
    (-12, "ERR-INVALID-CRED"),
    (-25, "ERR-UNREACH"),
    (-32, "ERR-NOMEM"),
    (-50, "ERR-UNPACK-READ-PAST-END-OF-BUFFER"),
    (-62, "ERR-EXISTS-OUTSIDE-SCOPE"),
    (-55, "PROCESS-SET-DEFINE"),
    (-56, "PROCESS-SET-DELETE"),
    (-106, "JCTRL-CHECKPOINT"),
    (-107, "JCTRL-CHECKPOINT-COMPLETE"),
    (-108, "JCTRL-PREEMPT-ALERT"),
    (-109, "MONITOR-HEARTBEAT-ALERT"),
    (-110, "MONITOR-FILE-ALERT"),
    (-151, "MODEL-RESOURCES"),
    (-171, "ERR-REPEAT-ATTR-REGISTRATION"),
    (-177, "ERR-JOB-APP-NOT-EXECUTABLE"),
    (-178, "ERR-JOB-NO-EXE-SPECIFIED"),
    (-183, "ERR-JOB-KILLED-BY-CMD"),
    (-184, "ERR-JOB-ABORTED-BY-SIG"),
    (-185, "ERR-JOB-TERM-WO-SYNC"),
    (-186, "ERR-JOB-SENSOR-BOUND-EXCEEDED"),
    (-187, "ERR-JOB-NON-ZERO-TERM"),
    (-188, "ERR-JOB-ALLOC-FAILED"),
    (-189, "ERR-JOB-ABORTED-BY-SYS-EVENT"),
    (-190, "ERR-JOB-EXE-NOT-FOUND"),
    (-233, "ERR-JOB-WDIR-NOT-FOUND"),
    (-234, "ERR-JOB-INSUFFICIENT-RESOURCES"),
    (-235, "ERR-JOB-SYS-OP-FAILED"),
    (-191, "EVENT-JOB-START"),
    (-145, "EVENT-JOB-END"),
    (-192, "EVENT-SESSION-START"),
    (-193, "EVENT-SESSION-END"),
    (-8, "ERR-PROC-REQUESTED-ABORT"),
    (-200, "ERR-PROC-TERM-WO-SYNC"),
    (-201, "EVENT-PROC-TERMINATED"),
    (-404, "ERR-EXIT-NONZERO-TERM"),
    (-231, "EVENT-NODE-DOWN"),
    (-232, "EVENT-NODE-OFFLINE"),
    (-330, "EVENT-SYS-OTHER"),
    (-2, "ERR-SILENT"),
    (-42, "ERR-INVALID-KEYVALP"),
    (-58, "DEBUG-WAITING-FOR-NOTIFY"),
    (-74, "ERR-JOB-WDIR-NOT-ACCESSIBLE"),
    (-75, "ERR-SYS-LIMITS-FILES"),
    (-101, "ERR-LOST-CONNECTION-TO-SERVER"),
    (-102, "ERR-LOST-PEER-CONNECTION"),
    (-103, "ERR-LOST-CONNECTION-TO-CLIENT"),
    (-105, "NOTIFY-ALLOC-COMPLETE"),
    (-145, "ERR-JOB-TERMINATED"),
    (-330, "ERR-SYS-OTHER"),
    (-114, "MONITOR-RESUSAGE-UPDATE"),
    (-400, "ERR-LOST-PRECISION"),
    (-401, "ERR-CHANGE-SIGN"),
]
