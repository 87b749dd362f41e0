// message.h, first half: making, bytes, type and flags, topic, payload.
import Bytes
import CFlux
import CLibc
import Flux
import FluxC
import JSON
import Sockets

@c @implementation
public func flux_match_init(
    _ typemask: Int32, _ matchtag: UInt32, _ topic_glob: UnsafePointer<CChar>?
) -> flux_match {
    flux_match(typemask: typemask, matchtag: matchtag, topic_glob: topic_glob)
}

@c @implementation
public func flux_match_free(_ m: flux_match) {
    keepingErrno { free(UnsafeMutableRawPointer(mutating: m.topic_glob)) }
}

@c @implementation
public func flux_msg_cmp(_ msg: OpaquePointer?, _ match: flux_match) -> Bool {
    guard let message = borrow(msg, as: Message.self) else { return false }
    return message.matches(Match(match))
}

@c @implementation
public func flux_msg_cmp_matchtag(_ msg: OpaquePointer?, _ matchtag: UInt32) -> Bool {
    guard let message = borrow(msg, as: Message.self) else { return false }
    return message.hasMatchtag(matchtag)
}

// MARK: Making

private func messageType(_ type: Int32) throws(Errno) -> MessageType {
    guard let byte = UInt8(exactly: type), let type = MessageType(rawValue: byte) else { throw .invalid }
    return type
}

@c @implementation
public func flux_msg_create(_ type: Int32) -> OpaquePointer? {
    pointer { () throws(Errno) in retain(Message(try messageType(type))) }
}

@c @implementation
public func flux_msg_destroy(_ msg: OpaquePointer?) {
    keepingErrno { release(msg, as: Message.self) }
}

@c @implementation
public func flux_msg_decref(_ msg: OpaquePointer?) {
    flux_msg_destroy(msg)
}

@c @implementation
public func flux_msg_incref(_ msg: OpaquePointer?) -> OpaquePointer? {
    pointer { () throws(Errno) in retain(try message(msg)) }
}

@c @implementation
public func flux_msg_copy(_ msg: OpaquePointer?, _ payload: Bool) -> OpaquePointer? {
    pointer { () throws(Errno) in retain(try message(msg).copy(withPayload: payload)) }
}

@c @implementation
public func flux_msg_aux_set(
    _ msg: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ aux: UnsafeMutableRawPointer?, _ destroy: flux_free_f?
) -> Int32 {
    status { () throws(Errno) in
        try message(msg).aux.set(bytes(name).map { Text($0) }, aux, free: freeing(destroy))
    }
}

@c @implementation
public func flux_msg_aux_get(_ msg: OpaquePointer?, _ name: UnsafePointer<CChar>?) -> UnsafeMutableRawPointer? {
    pointer { () throws(Errno) in
        guard let name = bytes(name) else { throw .invalid }
        return try message(msg).aux.value(Text(name))
    }
}

// MARK: Bytes

@c @implementation
public func flux_msg_encode_size(_ msg: OpaquePointer?) -> Int {
    guard let message = borrow(msg, as: Message.self) else {
        clibc_set_errno(EINVAL)
        return -1
    }
    return message.encodedByteCount
}

@c @implementation
public func flux_msg_encode(_ msg: OpaquePointer?, _ buf: UnsafeMutableRawPointer?, _ size: Int) -> Int32 {
    status { () throws(Errno) in
        guard let buf, size >= 0 else { throw .invalid }
        try message(msg).encode(into: UnsafeMutableRawBufferPointer(start: buf, count: size))
    }
}

@c @implementation
public func flux_msg_decode(_ buf: UnsafeRawPointer?, _ size: Int) -> OpaquePointer? {
    pointer { () throws(Errno) in
        guard let buf, size >= 0 else { throw .invalid }
        return retain(try Message(decoding: UnsafeRawBufferPointer(start: buf, count: size)))
    }
}

// MARK: Type and flags

@c @implementation
public func flux_msg_set_type(_ msg: OpaquePointer?, _ type: Int32) -> Int32 {
    status { () throws(Errno) in try message(msg).setType(try messageType(type)) }
}

@c @implementation
public func flux_msg_get_type(_ msg: OpaquePointer?, _ type: UnsafeMutablePointer<Int32>?) -> Int32 {
    status { () throws(Errno) in
        let found = try message(msg).type
        type?.pointee = Int32(found.rawValue)
    }
}

@c @implementation
public func flux_msg_typestr(_ type: Int32) -> UnsafePointer<CChar>? {
    for one in [MessageType.request, .response, .event, .control] where type & Int32(one.rawValue) != 0 {
        return cString(one.name)
    }
    return cString("unknown")
}

@c @implementation
public func flux_msg_has_flag(_ msg: OpaquePointer?, _ flag: Int32) -> Bool {
    guard let message = borrow(msg, as: Message.self) else { return false }
    return Int32(message.flags.rawValue) & flag != 0
}

@c @implementation
public func flux_msg_set_flag(_ msg: OpaquePointer?, _ flag: Int32) -> Int32 {
    status { () throws(Errno) in try message(msg).flags.formUnion(try MessageFlags(checking: flag)) }
}

@c @implementation
public func flux_msg_clear_flag(_ msg: OpaquePointer?, _ flag: Int32) -> Int32 {
    status { () throws(Errno) in try message(msg).flags.subtract(try MessageFlags(checking: flag)) }
}

@c @implementation
public func flux_msg_set_private(_ msg: OpaquePointer?) -> Int32 {
    status { () throws(Errno) in try message(msg).flags.insert(.isPrivate) }
}

@c @implementation
public func flux_msg_is_private(_ msg: OpaquePointer?) -> Bool {
    borrow(msg, as: Message.self)?.flags.contains(.isPrivate) ?? true
}

@c @implementation
public func flux_msg_set_streaming(_ msg: OpaquePointer?) -> Int32 {
    status { () throws(Errno) in try message(msg).setStreaming() }
}

@c @implementation
public func flux_msg_is_streaming(_ msg: OpaquePointer?) -> Bool {
    borrow(msg, as: Message.self)?.isStreaming ?? true
}

@c @implementation
public func flux_msg_set_noresponse(_ msg: OpaquePointer?) -> Int32 {
    status { () throws(Errno) in try message(msg).setNoResponse() }
}

@c @implementation
public func flux_msg_is_noresponse(_ msg: OpaquePointer?) -> Bool {
    borrow(msg, as: Message.self)?.isNoResponse ?? true
}

// MARK: Topic

@c @implementation
public func flux_msg_set_topic(_ msg: OpaquePointer?, _ topic: UnsafePointer<CChar>?) -> Int32 {
    status { () throws(Errno) in try message(msg).setTopic(slice(topic)) }
}

@c @implementation
public func flux_msg_get_topic(
    _ msg: OpaquePointer?, _ topic: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> Int32 {
    status { () throws(Errno) in
        guard let topic else { throw .invalid }
        topic.pointee = try message(msg).requireTopic().cString
    }
}

// MARK: Payload

@c @implementation
public func flux_msg_set_payload(_ msg: OpaquePointer?, _ buf: UnsafeRawPointer?, _ size: Int) -> Int32 {
    status { () throws(Errno) in
        let message = try message(msg)
        if let buf, size > 0, let old = message.payload, message.hasPayload {
            let isInside = buf >= old.pointer && buf < old.pointer + old.count
            guard !isInside || (buf == old.pointer && size == old.count) else { throw .invalid }
        }
        message.setPayload(payload(buf, size))
    }
}

@c @implementation
public func flux_msg_get_payload(
    _ msg: OpaquePointer?, _ buf: UnsafeMutablePointer<UnsafeRawPointer?>?, _ size: UnsafeMutablePointer<Int>?
) -> Int32 {
    status { () throws(Errno) in
        let payload = try message(msg).requirePayload()
        buf?.pointee = payload.pointer
        size?.pointee = payload.count
    }
}

@c @implementation
public func flux_msg_has_payload(_ msg: OpaquePointer?) -> Bool {
    borrow(msg, as: Message.self)?.hasPayload ?? false
}

@c @implementation
public func flux_msg_set_string(_ msg: OpaquePointer?, _ s: UnsafePointer<CChar>?) -> Int32 {
    status { () throws(Errno) in try message(msg).setPayload(payload(s)) }
}

@c @implementation
public func flux_msg_get_string(_ msg: OpaquePointer?, _ s: UnsafeMutablePointer<UnsafePointer<CChar>?>?) -> Int32 {
    status { () throws(Errno) in
        let text = try message(msg).textPayload()
        s?.pointee = text?.cString
    }
}

@c @implementation
public func flux_msg_last_error(_ msg: OpaquePointer?) -> UnsafePointer<CChar>? {
    guard let message = borrow(msg, as: Message.self) else { return cString("there is no message") }
    return message.lastError?.cString ?? cString("")
}

// MARK: What FluxC asks for

@c @implementation
public func muster_msg_json(_ msg: OpaquePointer?) -> UnsafeMutableRawPointer? {
    pointer { () throws(Errno) in UnsafeMutableRawPointer(try message(msg).json().value) }
}

@c @implementation
public func muster_msg_set_text(_ msg: OpaquePointer?, _ text: UnsafePointer<CChar>?, _ length: Int) -> Int32 {
    status { () throws(Errno) in
        try message(msg).setText(UnsafeRawBufferPointer(start: text, count: length))
    }
}

@c @implementation
public func muster_msg_set_last_error(_ msg: OpaquePointer?, _ text: UnsafePointer<CChar>?) {
    borrow(msg, as: Message.self)?.lastError = slice(text)
}
