// message.h, second half: what single types have, who sent a message, its hops, and showing it to people.
import CFlux
import CLibc
import Flux
import Sockets

@c @implementation
public func flux_msg_set_nodeid(_ msg: OpaquePointer?, _ nodeid: UInt32) -> Int32 {
    status { () throws(Errno) in
        guard nodeid != NodeID.upstream else { throw .invalid }
        let message = try message(msg)
        try message.require(.request, else: EINVAL)
        message.nodeid = nodeid
    }
}

@c @implementation
public func flux_msg_get_nodeid(_ msg: OpaquePointer?, _ nodeid: UnsafeMutablePointer<UInt32>?) -> Int32 {
    status { () throws(Errno) in
        let message = try message(msg)
        try message.require(.request, else: EPROTO)
        nodeid?.pointee = message.nodeid
    }
}

@c @implementation
public func flux_msg_set_errnum(_ msg: OpaquePointer?, _ errnum: Int32) -> Int32 {
    status { () throws(Errno) in
        let message = try message(msg)
        try message.require(.response, else: EINVAL)
        message.errnum = errnum
    }
}

@c @implementation
public func flux_msg_get_errnum(_ msg: OpaquePointer?, _ errnum: UnsafeMutablePointer<Int32>?) -> Int32 {
    status { () throws(Errno) in
        let message = try message(msg)
        try message.require(.response, else: EPROTO)
        errnum?.pointee = message.errnum
    }
}

@c @implementation
public func flux_msg_set_seq(_ msg: OpaquePointer?, _ seq: UInt32) -> Int32 {
    status { () throws(Errno) in
        let message = try message(msg)
        try message.require(.event, else: EINVAL)
        message.sequence = seq
    }
}

@c @implementation
public func flux_msg_get_seq(_ msg: OpaquePointer?, _ seq: UnsafeMutablePointer<UInt32>?) -> Int32 {
    status { () throws(Errno) in
        let message = try message(msg)
        try message.require(.event, else: EPROTO)
        seq?.pointee = message.sequence
    }
}

@c @implementation
public func flux_msg_set_control(_ msg: OpaquePointer?, _ type: Int32, _ status: Int32) -> Int32 {
    FluxABI.status { () throws(Errno) in
        let message = try message(msg)
        try message.require(.control, else: EINVAL)
        message.controlType = type
        message.controlStatus = status
    }
}

@c @implementation
public func flux_msg_get_control(
    _ msg: OpaquePointer?, _ type: UnsafeMutablePointer<Int32>?, _ status: UnsafeMutablePointer<Int32>?
) -> Int32 {
    FluxABI.status { () throws(Errno) in
        let message = try message(msg)
        try message.require(.control, else: EPROTO)
        type?.pointee = message.controlType
        status?.pointee = message.controlStatus
    }
}

@c @implementation
public func flux_msg_set_matchtag(_ msg: OpaquePointer?, _ matchtag: UInt32) -> Int32 {
    status { () throws(Errno) in
        let message = try message(msg)
        try message.require(.request, .response, else: EINVAL)
        message.matchtag = matchtag
    }
}

@c @implementation
public func flux_msg_get_matchtag(_ msg: OpaquePointer?, _ matchtag: UnsafeMutablePointer<UInt32>?) -> Int32 {
    status { () throws(Errno) in
        let message = try message(msg)
        try message.require(.request, .response, else: EPROTO)
        matchtag?.pointee = message.matchtag
    }
}

// MARK: Who sent it

@c @implementation
public func flux_msg_set_userid(_ msg: OpaquePointer?, _ userid: UInt32) -> Int32 {
    status { () throws(Errno) in try message(msg).credentials.userid = userid }
}

@c @implementation
public func flux_msg_get_userid(_ msg: OpaquePointer?, _ userid: UnsafeMutablePointer<UInt32>?) -> Int32 {
    status { () throws(Errno) in
        let found = try message(msg).credentials.userid
        userid?.pointee = found
    }
}

@c @implementation
public func flux_msg_set_rolemask(_ msg: OpaquePointer?, _ rolemask: UInt32) -> Int32 {
    status { () throws(Errno) in try message(msg).credentials.roles = Roles(rawValue: rolemask) }
}

@c @implementation
public func flux_msg_get_rolemask(_ msg: OpaquePointer?, _ rolemask: UnsafeMutablePointer<UInt32>?) -> Int32 {
    status { () throws(Errno) in
        let found = try message(msg).credentials.roles.rawValue
        rolemask?.pointee = found
    }
}

@c @implementation
public func flux_msg_get_cred(_ msg: OpaquePointer?, _ cred: UnsafeMutablePointer<flux_msg_cred>?) -> Int32 {
    status { () throws(Errno) in
        guard let cred else { throw .invalid }
        cred.pointee = flux_msg_cred(try message(msg).credentials)
    }
}

@c @implementation
public func flux_msg_set_cred(_ msg: OpaquePointer?, _ cred: flux_msg_cred) -> Int32 {
    status { () throws(Errno) in try message(msg).credentials = cred.credentials }
}

@c @implementation
public func flux_msg_cred_authorize(_ cred: flux_msg_cred, _ userid: UInt32) -> Int32 {
    status { () throws(Errno) in try cred.credentials.authorize(userid) }
}

@c @implementation
public func flux_msg_authorize(_ msg: OpaquePointer?, _ userid: UInt32) -> Int32 {
    status { () throws(Errno) in try message(msg).credentials.authorize(userid) }
}

@c @implementation
public func flux_msg_is_local(_ msg: OpaquePointer?) -> Bool {
    borrow(msg, as: Message.self)?.credentials.roles.contains(.local) ?? false
}

// MARK: The hops it has made

@c @implementation
public func flux_msg_route_enable(_ msg: OpaquePointer?) {
    borrow(msg, as: Message.self)?.enableRoutes()
}

@c @implementation
public func flux_msg_route_disable(_ msg: OpaquePointer?) {
    borrow(msg, as: Message.self)?.disableRoutes()
}

@c @implementation
public func flux_msg_route_clear(_ msg: OpaquePointer?) {
    borrow(msg, as: Message.self)?.clearRoutes()
}

@c @implementation
public func flux_msg_route_push(_ msg: OpaquePointer?, _ id: UnsafePointer<CChar>?) -> Int32 {
    status { () throws(Errno) in
        guard let id = slice(id) else { throw .invalid }
        try message(msg).pushRoute(id)
    }
}

@c @implementation
public func flux_msg_route_delete_last(_ msg: OpaquePointer?) -> Int32 {
    status { () throws(Errno) in try message(msg).deleteLastRoute() }
}

@c @implementation
public func flux_msg_route_first(_ msg: OpaquePointer?) -> UnsafePointer<CChar>? {
    pointer { () throws(Errno) in try message(msg).firstRoute?.cString }
}

@c @implementation
public func flux_msg_route_last(_ msg: OpaquePointer?) -> UnsafePointer<CChar>? {
    pointer { () throws(Errno) in try message(msg).lastRoute?.cString }
}

@c @implementation
public func flux_msg_route_count(_ msg: OpaquePointer?) -> Int32 {
    number { () throws(Errno) in Int32(clamping: try message(msg).routeCount()) }
}

@c @implementation
public func flux_msg_route_string(_ msg: OpaquePointer?) -> UnsafeMutablePointer<CChar>? {
    pointer { () throws(Errno) in try allocated(try message(msg).routeText()) }
}

@c @implementation
public func flux_msg_route_match_first(_ msg1: OpaquePointer?, _ msg2: OpaquePointer?) -> Bool {
    borrow(msg1, as: Message.self)?.firstRoute == borrow(msg2, as: Message.self)?.firstRoute
}

// MARK: For people

@c @implementation
public func flux_msg_fprint(_ f: UnsafeMutablePointer<FILE>?, _ msg: OpaquePointer?) {
    flux_msg_fprint_ts(f, msg, -1)
}

@c @implementation
public func flux_msg_fprint_ts(_ f: UnsafeMutablePointer<FILE>?, _ msg: OpaquePointer?, _ timestamp: Double) {
    guard let f else { return }
    let text = MessageText.of(borrow(msg, as: Message.self), timestamp: timestamp)
    text.withUnsafeBytes { _ = fwrite($0.baseAddress, 1, $0.count, f) }
}
