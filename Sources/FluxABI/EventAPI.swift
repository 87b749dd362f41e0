// event.h, what has no variable arguments.
import Bytes
import CFlux
import CLibc
import Flux
import JSON
import Sockets

private func topicBytes(_ topic: UnsafePointer<CChar>?) throws(Errno) -> [UInt8] {
    guard let topic = bytes(topic) else { throw .invalid }
    return topic
}

/// Waits for the broker's word, unless this is a test that wants none.
private func settle(
    _ h: OpaquePointer?, _ topic: UnsafePointer<CChar>?,
    _ body: (Handle, [UInt8]) throws(Errno) -> RPC
) -> Int32 {
    status { () throws(Errno) in
        let handle = try handle(h)
        if handle.flags.contains(.noSubscriptions) { return }
        let rpc = try body(handle, try topicBytes(topic))
        defer { rpc.dropUse() }
        _ = try rpc.get()
    }
}

@c @implementation
public func flux_event_subscribe(_ h: OpaquePointer?, _ topic: UnsafePointer<CChar>?) -> Int32 {
    settle(h, topic) { handle, topic throws(Errno) in try handle.subscribe(topic) }
}

@c @implementation
public func flux_event_unsubscribe(_ h: OpaquePointer?, _ topic: UnsafePointer<CChar>?) -> Int32 {
    settle(h, topic) { handle, topic throws(Errno) in try handle.unsubscribe(topic) }
}

@c @implementation
public func flux_event_subscribe_ex(
    _ h: OpaquePointer?, _ topic: UnsafePointer<CChar>?, _ flags: Int32
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        lend(try handle(h).subscribe(try topicBytes(topic), flags: try RPCFlags(checking: flags)))
    }
}

@c @implementation
public func flux_event_unsubscribe_ex(
    _ h: OpaquePointer?, _ topic: UnsafePointer<CChar>?, _ flags: Int32
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        lend(try handle(h).unsubscribe(try topicBytes(topic), flags: try RPCFlags(checking: flags)))
    }
}

// MARK: Messages

@c @implementation
public func flux_event_decode(
    _ msg: OpaquePointer?, _ topic: UnsafeMutablePointer<UnsafePointer<CChar>?>?,
    _ s: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> Int32 {
    status { () throws(Errno) in
        let message = try message(msg)
        let found = try message.topic(ofA: .event)
        let text = try message.textPayload()
        topic?.pointee = found.cString
        s?.pointee = text?.cString
    }
}

@c @implementation
public func flux_event_decode_raw(
    _ msg: OpaquePointer?, _ topic: UnsafeMutablePointer<UnsafePointer<CChar>?>?,
    _ data: UnsafeMutablePointer<UnsafeRawPointer?>?, _ len: UnsafeMutablePointer<Int>?
) -> Int32 {
    status { () throws(Errno) in
        guard let data, let len else { throw .invalid }
        let message = try message(msg)
        topic?.pointee = try message.topic(ofA: .event).cString
        let payload = message.hasPayload ? message.payload : nil
        data.pointee = payload?.pointer
        len.pointee = payload?.count ?? 0
    }
}

@c @implementation
public func flux_event_encode(_ topic: UnsafePointer<CChar>?, _ s: UnsafePointer<CChar>?) -> OpaquePointer? {
    pointer { () throws(Errno) in
        guard let topic = slice(topic) else { throw .invalid }
        return retain(Message.event(topic: topic, payload: payload(s)))
    }
}

@c @implementation
public func flux_event_encode_raw(
    _ topic: UnsafePointer<CChar>?, _ data: UnsafeRawPointer?, _ len: Int
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        guard let topic = slice(topic) else { throw .invalid }
        return retain(Message.event(topic: topic, payload: payload(data, len)))
    }
}

// MARK: Publishing

@c @implementation
public func flux_event_publish(
    _ h: OpaquePointer?, _ topic: UnsafePointer<CChar>?, _ flags: Int32, _ s: UnsafePointer<CChar>?
) -> OpaquePointer? {
    flux_event_publish_raw(h, topic, flags, s, s.map { strlen($0) + 1 } ?? 0)
}

@c @implementation
public func flux_event_publish_raw(
    _ h: OpaquePointer?, _ topic: UnsafePointer<CChar>?, _ flags: Int32, _ data: UnsafeRawPointer?, _ len: Int
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        guard len >= 0 else { throw .invalid }
        let payload = data.map { UnsafeRawBufferPointer(start: $0, count: len) }
        return lend(try handle(h).publish(try topicBytes(topic), flags: flags, payload: payload))
    }
}

@c @implementation
public func flux_event_publish_get_seq(_ f: OpaquePointer?, _ seq: UnsafeMutablePointer<Int32>?) -> Int32 {
    status { () throws(Errno) in
        guard let future = borrow(f, as: Future.self) else { throw .invalid }
        guard let number = try future.response().json()["seq"]?.integer else { throw .malformed }
        seq?.pointee = Int32(truncatingIfNeeded: number)
    }
}
