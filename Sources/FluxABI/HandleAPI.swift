// handle.h.
import Bytes
import CFlux
import CLibc
import Flux
import Sockets

/// The handle behind C's pointer.
/// - Throws: EINVAL for NULL.
func handle(_ pointer: OpaquePointer?) throws(Errno) -> Handle {
    guard let handle = borrow(pointer, as: Handle.self) else { throw .invalid }
    return handle
}

/// Tells in words what went wrong, cut to fit, if anybody wants to know.
func tell(_ error: UnsafeMutablePointer<flux_error_t>?, _ text: [UInt8]) {
    guard let error else { return }
    withUnsafeMutableBytes(of: &error.pointee.text) { room in
        let count = min(text.count, room.count - 1)
        text.withUnsafeBytes { room.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        room[count] = 0
    }
}

// MARK: Opening

@c @implementation
public func flux_open(_ uri: UnsafePointer<CChar>?, _ flags: Int32) -> OpaquePointer? {
    flux_open_ex(uri, flags, nil)
}

@c @implementation
public func flux_open_ex(
    _ uri: UnsafePointer<CChar>?, _ flags: Int32, _ error: UnsafeMutablePointer<flux_error_t>?
) -> OpaquePointer? {
    tell(error, [])
    let told = error
    return pointer { () throws(Errno) in
        var problem = OpenProblem()
        do throws(Errno) {
            let uri = bytes(uri).map { Text($0) }
            return lend(try Handle.open(uri, flags: flags, &problem, foreign: openForeign))
        } catch {
            tell(told, (problem.text ?? Text(error.text)).bytes)
            throw error
        }
    }
}

@c @implementation
public func flux_close(_ h: OpaquePointer?) {
    keepingErrno { borrow(h, as: Handle.self)?.dropUse() }
}

@c @implementation
public func flux_incref(_ h: OpaquePointer?) -> OpaquePointer? {
    borrow(h, as: Handle.self)?.addUse()
    return h
}

@c @implementation
public func flux_decref(_ h: OpaquePointer?) {
    flux_close(h)
}

@c @implementation
public func flux_clone(_ orig: OpaquePointer?) -> OpaquePointer? {
    pointer { () throws(Errno) in lend(Handle(cloning: try handle(orig))) }
}

@c @implementation
public func flux_get_reactor(_ h: OpaquePointer?) -> OpaquePointer? {
    pointer { () throws(Errno) in lend(try handle(h).currentReactor()) }
}

@c @implementation
public func flux_set_reactor(_ h: OpaquePointer?, _ r: OpaquePointer?) -> Int32 {
    status { () throws(Errno) in
        guard let reactor = borrow(r, as: Reactor.self) else { throw .invalid }
        try handle(h).setReactor(reactor)
    }
}

@c @implementation
public func flux_reconnect(_ h: OpaquePointer?) -> Int32 {
    status { () throws(Errno) in try handle(h).reconnect() }
}

// MARK: Options, aux, flags

@c @implementation
public func flux_opt_set(
    _ h: OpaquePointer?, _ option: UnsafePointer<CChar>?, _ val: UnsafeRawPointer?, _ len: Int
) -> Int32 {
    status { () throws(Errno) in
        guard let option = bytes(option), val != nil || len == 0 else { throw .invalid }
        try handle(h).setOption(Text(option), UnsafeRawBufferPointer(start: val, count: len))
    }
}

@c @implementation
public func flux_opt_get(
    _ h: OpaquePointer?, _ option: UnsafePointer<CChar>?, _ val: UnsafeMutableRawPointer?, _ len: Int
) -> Int32 {
    status { () throws(Errno) in
        guard let option = bytes(option), val != nil || len == 0 else { throw .invalid }
        try handle(h).getOption(Text(option), into: UnsafeMutableRawBufferPointer(start: val, count: len))
    }
}

@c @implementation
public func flux_comms_error_set(_ h: OpaquePointer?, _ fun: flux_comms_error_f?, _ arg: UnsafeMutableRawPointer?) {
    guard let handle = borrow(h, as: Handle.self) else { return }
    let origin = lend(handle.origin)
    handle.setErrorCallback(fun.map { fun in { fun(origin, arg) } })
}

@c @implementation
public func flux_aux_get(_ h: OpaquePointer?, _ name: UnsafePointer<CChar>?) -> UnsafeMutableRawPointer? {
    pointer { () throws(Errno) in
        guard let name = bytes(name) else { throw .invalid }
        return try handle(h).aux.value(Text(name))
    }
}

@c @implementation
public func flux_aux_set(
    _ h: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ aux: UnsafeMutableRawPointer?, _ destroy: flux_free_f?
) -> Int32 {
    status { () throws(Errno) in
        try handle(h).aux.set(bytes(name).map { Text($0) }, aux, free: freeing(destroy))
    }
}

@c @implementation
public func flux_flags_set(_ h: OpaquePointer?, _ flags: Int32) {
    borrow(h, as: Handle.self)?.setFlags(HandleFlags(rawValue: flags))
}

@c @implementation
public func flux_flags_unset(_ h: OpaquePointer?, _ flags: Int32) {
    borrow(h, as: Handle.self)?.unsetFlags(HandleFlags(rawValue: flags))
}

@c @implementation
public func flux_flags_get(_ h: OpaquePointer?) -> Int32 {
    borrow(h, as: Handle.self)?.flags.rawValue ?? 0
}

// MARK: Tags

@c @implementation
public func flux_matchtag_alloc(_ h: OpaquePointer?) -> UInt32 {
    do {
        return try handle(h).allocateTag()
    } catch {
        clibc_set_errno(error.code)
        return Matchtag.none
    }
}

@c @implementation
public func flux_matchtag_free(_ h: OpaquePointer?, _ matchtag: UInt32) {
    borrow(h, as: Handle.self)?.freeTag(matchtag)
}

@c @implementation
public func flux_matchtag_avail(_ h: OpaquePointer?) -> UInt32 {
    UInt32(clamping: borrow(h, as: Handle.self)?.availableTagCount ?? 0)
}

// MARK: Messages

/// What a call may say about waiting.
private func callFlags(_ flags: Int32) throws(Errno) -> HandleFlags {
    guard flags & ~HandleFlags.nonblock.rawValue == 0 else { throw .invalid }
    return HandleFlags(rawValue: flags)
}

@c @implementation
public func flux_send(_ h: OpaquePointer?, _ msg: OpaquePointer?, _ flags: Int32) -> Int32 {
    status { () throws(Errno) in try handle(h).send(try message(msg), flags: try callFlags(flags)) }
}

@c @implementation
public func flux_send_new(
    _ h: OpaquePointer?, _ msg: UnsafeMutablePointer<OpaquePointer?>?, _ flags: Int32
) -> Int32 {
    status { () throws(Errno) in
        guard let msg, isUnique(msg.pointee, as: Message.self) else { throw .invalid }
        try handle(h).send(try message(msg.pointee), isGiven: true, flags: try callFlags(flags))
        release(msg.pointee, as: Message.self)
        msg.pointee = nil
    }
}

@c @implementation
public func flux_recv(_ h: OpaquePointer?, _ match: flux_match, _ flags: Int32) -> OpaquePointer? {
    pointer { () throws(Errno) in
        retain(try handle(h).receive(Match(match), flags: try callFlags(flags)))
    }
}

@c @implementation
public func flux_requeue(_ h: OpaquePointer?, _ msg: OpaquePointer?, _ flags: Int32) -> Int32 {
    status { () throws(Errno) in
        guard flags == 1 || flags == 2 else { throw .invalid }
        try handle(h).requeue(try message(msg), atHead: flags == 1)
    }
}

@c @implementation
public func flux_pollevents(_ h: OpaquePointer?) -> Int32 {
    number { () throws(Errno) in try handle(h).pollEvents() }
}

@c @implementation
public func flux_pollfd(_ h: OpaquePointer?) -> Int32 {
    number { () throws(Errno) in try handle(h).pollDescriptor() }
}

@c @implementation
public func flux_get_msgcounters(_ h: OpaquePointer?, _ mcs: UnsafeMutablePointer<flux_msgcounters_t>?) {
    guard let handle = borrow(h, as: Handle.self), let mcs else { return }
    let sent = handle.counters.sent
    let received = handle.counters.received
    mcs.pointee = flux_msgcounters_t(
        request_tx: sent.request, request_rx: received.request, response_tx: sent.response,
        response_rx: received.response, event_tx: sent.event, event_rx: received.event, control_tx: sent.control,
        control_rx: received.control)
}

@c @implementation
public func flux_clr_msgcounters(_ h: OpaquePointer?) {
    borrow(h, as: Handle.self)?.counters = MessageCounters()
}
