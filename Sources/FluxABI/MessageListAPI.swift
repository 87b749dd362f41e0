// msglist.h.
import CFlux
import CLibc
import Flux
import Sockets

private func list(_ pointer: OpaquePointer?) throws(Errno) -> MessageList {
    guard let list = borrow(pointer, as: MessageList.self) else { throw .invalid }
    return list
}

@c @implementation
public func flux_msglist_create() -> OpaquePointer? {
    retain(MessageList())
}

@c @implementation
public func flux_msglist_destroy(_ l: OpaquePointer?) {
    keepingErrno { release(l, as: MessageList.self) }
}

@c @implementation
public func flux_msglist_push(_ l: OpaquePointer?, _ msg: OpaquePointer?) -> Int32 {
    status { () throws(Errno) in try list(l).prepend(try message(msg)) }
}

@c @implementation
public func flux_msglist_append(_ l: OpaquePointer?, _ msg: OpaquePointer?) -> Int32 {
    status { () throws(Errno) in try list(l).append(try message(msg)) }
}

@c @implementation
public func flux_msglist_first(_ l: OpaquePointer?) -> OpaquePointer? {
    pointer { () throws(Errno) in try list(l).first().map { lend($0) } }
}

@c @implementation
public func flux_msglist_next(_ l: OpaquePointer?) -> OpaquePointer? {
    pointer { () throws(Errno) in try list(l).next().map { lend($0) } }
}

@c @implementation
public func flux_msglist_last(_ l: OpaquePointer?) -> OpaquePointer? {
    pointer { () throws(Errno) in try list(l).last().map { lend($0) } }
}

@c @implementation
public func flux_msglist_delete(_ l: OpaquePointer?) {
    keepingErrno { _ = borrow(l, as: MessageList.self)?.removeCurrent() }
}

@c @implementation
public func flux_msglist_pop(_ l: OpaquePointer?) -> OpaquePointer? {
    pointer { () throws(Errno) in try list(l).pop().map { retain($0) } }
}

@c @implementation
public func flux_msglist_count(_ l: OpaquePointer?) -> Int32 {
    Int32(clamping: borrow(l, as: MessageList.self)?.count ?? 0)
}
