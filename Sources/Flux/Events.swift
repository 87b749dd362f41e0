// Events: told to everybody who asked for the beginning of their topic.
import Bytes
import CLibc
import JSON
import Sockets

extension Handle {
    /// From now on, events whose topic begins like this.
    public func subscribe(_ topic: [UInt8], flags: RPCFlags = []) throws(Errno) -> RPC {
        try rpc(Slice("event.subscribe"), json: .object([("topic", .string(topic))]), flags: flags)
    }

    public func unsubscribe(_ topic: [UInt8], flags: RPCFlags = []) throws(Errno) -> RPC {
        try rpc(Slice("event.unsubscribe"), json: .object([("topic", .string(topic))]), flags: flags)
    }

    /// Has the broker of rank 0 give the event its number and tell it to all.
    /// - Parameter flags: of the message; `isPrivate` alone.
    public func publish(_ topic: [UInt8], flags: Int32, payload: UnsafeRawBufferPointer?) throws(Errno) -> RPC {
        guard flags & ~Int32(MessageFlags.isPrivate.rawValue) == 0 else { throw Errno(code: EINVAL) }
        let body = JSON.object([("topic", .string(topic)), ("flags", .integer(flags))])
        if let payload { body["payload"] = .string(Base64.encode(Array(payload))) }
        return try rpc(Slice("event.publish"), json: body, nodeid: 0)
    }

    // MARK: Services

    /// Requests to topics of this service come to this handle from now on.
    public func register(service: [UInt8]) throws(Errno) -> RPC {
        try rpc(Slice("service.add"), json: .object([("service", .string(service))]))
    }

    public func unregister(service: [UInt8]) throws(Errno) -> RPC {
        try rpc(Slice("service.remove"), json: .object([("service", .string(service))]))
    }
}
