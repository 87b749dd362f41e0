// service.h and disconnect.h.
import Bytes
import CFlux
import CLibc
import Flux
import Sockets

@c @implementation
public func flux_service_register(_ h: OpaquePointer?, _ name: UnsafePointer<CChar>?) -> OpaquePointer? {
    pointer { () throws(Errno) in
        guard let name = bytes(name) else { throw .invalid }
        return lend(try handle(h).register(service: name))
    }
}

@c @implementation
public func flux_service_unregister(_ h: OpaquePointer?, _ name: UnsafePointer<CChar>?) -> OpaquePointer? {
    pointer { () throws(Errno) in
        guard let name = bytes(name) else { throw .invalid }
        return lend(try handle(h).unregister(service: name))
    }
}

@c @implementation
public func flux_disconnect_match(_ msg1: OpaquePointer?, _ msg2: OpaquePointer?) -> Bool {
    guard let one = borrow(msg1, as: Message.self), let other = borrow(msg2, as: Message.self) else { return false }
    return one.disconnects(other)
}

@c @implementation
public func flux_cancel_match(_ msg1: OpaquePointer?, _ msg2: OpaquePointer?) -> Bool {
    guard let one = borrow(msg1, as: Message.self), let other = borrow(msg2, as: Message.self) else { return false }
    return one.cancels(other)
}

@c @implementation
public func flux_msglist_disconnect(_ l: OpaquePointer?, _ msg: OpaquePointer?) -> Int32 {
    guard let list = borrow(l, as: MessageList.self), let message = borrow(msg, as: Message.self) else { return 0 }
    return Int32(clamping: list.disconnect(message))
}

@c @implementation
public func flux_msglist_cancel(_ h: OpaquePointer?, _ l: OpaquePointer?, _ msg: OpaquePointer?) -> Int32 {
    number { () throws(Errno) in
        guard let list = borrow(l, as: MessageList.self) else { throw .invalid }
        return Int32(clamping: try handle(h).cancel(try message(msg), in: list))
    }
}
