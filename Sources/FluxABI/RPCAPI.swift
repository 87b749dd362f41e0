// rpc.h, what has no variable arguments.
import Bytes
import CFlux
import CLibc
import Flux
import FluxC
import Sockets

@c @implementation
public func flux_rpc(
    _ h: OpaquePointer?, _ topic: UnsafePointer<CChar>?, _ s: UnsafePointer<CChar>?, _ nodeid: UInt32, _ flags: Int32
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        guard let topic = slice(topic) else { throw .invalid }
        let flags = try RPCFlags(checking: flags)
        return lend(try handle(h).rpc(topic, payload: payload(s), nodeid: nodeid, flags: flags))
    }
}

@c @implementation
public func flux_rpc_raw(
    _ h: OpaquePointer?, _ topic: UnsafePointer<CChar>?, _ data: UnsafeRawPointer?, _ len: Int, _ nodeid: UInt32,
    _ flags: Int32
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        guard let topic = slice(topic) else { throw .invalid }
        let flags = try RPCFlags(checking: flags)
        return lend(try handle(h).rpc(topic, payload: payload(data, len), nodeid: nodeid, flags: flags))
    }
}

@c @implementation
public func flux_rpc_message(
    _ h: OpaquePointer?, _ msg: OpaquePointer?, _ nodeid: UInt32, _ flags: Int32
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        let flags = try RPCFlags(checking: flags)
        return lend(try handle(h).rpc(copying: try message(msg), nodeid: nodeid, flags: flags))
    }
}

@c @implementation
public func muster_rpc_send(
    _ h: OpaquePointer?, _ request: OpaquePointer?, _ nodeid: UInt32, _ flags: Int32
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        let flags = try RPCFlags(checking: flags)
        return lend(try RPC.send(try message(request), on: try handle(h), nodeid: nodeid, flags: flags))
    }
}

@c @implementation
public func flux_rpc_get(
    _ f: OpaquePointer?, _ s: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> Int32 {
    status { () throws(Errno) in
        let message = try response(f)
        _ = try message.topicOfResponse()
        if let s { s.pointee = try message.textPayload()?.cString }
    }
}

@c @implementation
public func flux_rpc_get_raw(
    _ f: OpaquePointer?, _ data: UnsafeMutablePointer<UnsafeRawPointer?>?, _ len: UnsafeMutablePointer<Int>?
) -> Int32 {
    status { () throws(Errno) in
        let message = try response(f)
        _ = try message.topicOfResponse()
        let payload = message.hasPayload ? message.payload : nil
        data?.pointee = payload?.pointer
        len?.pointee = payload?.count ?? 0
    }
}

private func response(_ f: OpaquePointer?) throws(Errno) -> Message {
    guard let future = borrow(f, as: Future.self) else { throw .invalid }
    return try future.response()
}

@c @implementation
public func flux_rpc_get_matchtag(_ f: OpaquePointer?) -> UInt32 {
    borrow(f, as: Future.self)?.rpc?.matchtag ?? Matchtag.none
}

@c @implementation
public func flux_rpc_get_nodeid(_ f: OpaquePointer?) -> UInt32 {
    borrow(f, as: Future.self)?.rpc?.nodeid ?? NodeID.any
}
