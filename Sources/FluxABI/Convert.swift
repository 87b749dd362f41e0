// What C passes as a text or as bytes, in Swift, and back.
import CFlux
import CLibc
import Flux
import Sockets

/// A copy of C's text; nil for NULL.
func slice(_ text: UnsafePointer<CChar>?) -> Slice? {
    guard let text else { return nil }
    return Slice(copying: UnsafeRawBufferPointer(start: text, count: strlen(text)))
}

/// A copy of C's text with its NUL, as a payload; nil for NULL.
func payload(_ text: UnsafePointer<CChar>?) -> Slice? {
    guard let text else { return nil }
    return Slice(copying: UnsafeRawBufferPointer(start: text, count: strlen(text) + 1))
}

/// A copy of C's bytes; nil for NULL.
func payload(_ bytes: UnsafeRawPointer?, _ count: Int) -> Slice? {
    guard let bytes, count > 0 else { return nil }
    return Slice(copying: UnsafeRawBufferPointer(start: bytes, count: count))
}

extension Slice {
    /// As C reads it. Safety: as long as somebody keeps the slice.
    var cString: UnsafePointer<CChar> { pointer.assumingMemoryBound(to: CChar.self) }
}

/// The text of a literal. Safety: it stays as long as the library does, and ends with NUL.
func cString(_ literal: StaticString) -> UnsafePointer<CChar> {
    UnsafeRawPointer(literal.utf8Start).assumingMemoryBound(to: CChar.self)
}

/// A text that the caller frees.
func allocated(_ text: [UInt8]) throws(Errno) -> UnsafeMutablePointer<CChar> {
    guard let room = malloc(text.count + 1) else { throw .outOfMemory }
    text.withUnsafeBytes { bytes in
        if let start = bytes.baseAddress { room.copyMemory(from: start, byteCount: bytes.count) }
    }
    room.storeBytes(of: 0, toByteOffset: text.count, as: UInt8.self)
    return room.assumingMemoryBound(to: CChar.self)
}

/// The message behind C's pointer.
/// - Throws: EINVAL for NULL.
func message(_ pointer: OpaquePointer?) throws(Errno) -> Message {
    guard let message = borrow(pointer, as: Message.self) else { throw .invalid }
    return message
}

extension Flux.Match {
    init(_ match: flux_match) {
        self.init(types: Int32(match.typemask), matchtag: match.matchtag, glob: TopicGlob(slice(match.topic_glob)))
    }
}

extension flux_msg_cred {
    init(_ credentials: Credentials) {
        self.init(userid: credentials.userid, rolemask: credentials.roles.rawValue)
    }

    var credentials: Credentials { Credentials(userid: userid, roles: Roles(rawValue: rolemask)) }
}

/// What frees a value that C hands over.
func freeing(_ function: flux_free_f?) -> ((UnsafeMutableRawPointer) -> Void)? {
    guard let function else { return nil }
    return { function($0) }
}

/// A text that must be there.
func given(_ text: UnsafePointer<CChar>?) throws(Errno) -> [UInt8] {
    guard let text = bytes(text) else { throw .invalid }
    return text
}

/// The texts of a list that NULL ends.
func list(_ texts: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> [[UInt8]] {
    guard var next = texts else { return [] }
    var all: [[UInt8]] = []
    while let text = bytes(next.pointee) {
        all.append(text)
        next += 1
    }
    return all
}

/// A text that C reads as long as somebody keeps the slice; NULL for none.
func lent(_ slice: Slice?) -> UnsafePointer<CChar>? {
    slice?.cString
}

/// What a caller's error says, cut to its room; nothing for NULL.
func fill(_ error: UnsafeMutablePointer<flux_error_t>?, _ text: String) {
    guard let error else { return }
    withUnsafeMutableBytes(of: &error.pointee.text) { room in
        let bytes = Array(text.utf8.prefix(room.count - 1))
        room.copyBytes(from: bytes)
        room[bytes.count] = 0
    }
}
