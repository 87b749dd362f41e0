import Bytes

/// The 16 bytes before every message after the handshake: big-endian, the last word padding that is never swapped.
public struct Header: Sendable {
    /// Which of the server's clients this is; informational.
    public var index: UInt32
    public var tag: UInt32
    public var byteCount: UInt32

    public init(index: UInt32, tag: UInt32, byteCount: UInt32) {
        self.index = index
        self.tag = tag
        self.byteCount = byteCount
    }

    public static let byteCount = 16

    public init(from reader: inout ByteReader) throws(Malformed) {
        index = try reader.bigEndian(UInt32.self)
        tag = try reader.bigEndian(UInt32.self)
        byteCount = try reader.bigEndian(UInt32.self)
        try reader.skip(4)
    }

    public func write(to writer: inout ByteWriter) {
        writer.bigEndian(index)
        writer.bigEndian(tag)
        writer.bigEndian(byteCount)
        writer.bigEndian(UInt32(0))
    }
}

/// What a message is for, where it is not the answer to a request.
public enum Tag {
    public static let notify: UInt32 = 0
    public static let heartbeat: UInt32 = 1
    public static let output: UInt32 = 2
    /// Requests count upward from here; an answer carries its request's tag.
    public static let firstDynamic: UInt32 = 100
}

/// A message as it lies in the stream.
public struct Message: Sendable {
    public var tag: UInt32
    public var payload: [UInt8]

    public init(tag: UInt32, payload: [UInt8]) {
        self.tag = tag
        self.payload = payload
    }

    public func framed(index: UInt32) -> [UInt8] {
        var bytes = head(index: index, reserving: Header.byteCount + payload.count)
        bytes.add(payload)
        return bytes
    }

    /// The header alone, for those who send the payload from where it is.
    public func head(index: UInt32, reserving capacity: Int = Header.byteCount) -> [UInt8] {
        var writer = ByteWriter(reserving: capacity)
        Header(index: index, tag: tag, byteCount: UInt32(truncatingIfNeeded: payload.count)).write(to: &writer)
        return writer.bytes
    }
}

/// Cuts a byte stream into messages. It holds at most one unfinished message, and makes room for little more than has
/// arrived: a length is only what a peer says.
public struct Framing: Sendable {
    /// An array with room: its first `filled` bytes have arrived.
    private struct Space: Sendable {
        var bytes: [UInt8] = []
        var filled = 0

        mutating func add(_ received: [UInt8], _ range: Range<Int>) {
            bytes.put(received, range, at: filled)
            filled += range.count
        }

        /// Moves `range` to the front of an array with room for `count`.
        mutating func move(_ range: Range<Int>, room count: Int) {
            let old = bytes
            bytes = [UInt8](room: count)
            filled = 0
            add(old, range)
        }
    }

    /// A message whose payload is not all here, gathered in the array it will leave in.
    private struct Unfinished: Sendable {
        let tag: UInt32
        let length: Int
        var payload = Space()

        var isWhole: Bool { payload.filled == length }

        mutating func makeRoom() {
            let filled = payload.filled
            if filled == payload.bytes.count {
                payload.move(0..<filled, room: min(length, max(Framing.trusted, filled * 2)))
            }
        }
    }

    /// What has not become part of a message begins at `consumed`.
    private var pending = Space()
    private var consumed = 0
    private var unfinished: Unfinished?
    private let largest: UInt32

    /// Messages longer than `largest` bytes end the stream.
    public init(largest: UInt32 = Framing.defaultLargest) {
        self.largest = largest
    }

    public static let defaultLargest: UInt32 = 1 << 30
    /// Room is made for this much of a message on the word of its header, and for more as it arrives.
    private static let trusted = 1 << 16
    /// What most messages fit in.
    private static let ordinary = 4096

    /// Takes the next bytes of the stream: a range of what was received.
    public mutating func append(_ received: [UInt8], _ range: Range<Int>) {
        var rest = range
        while var message = unfinished, !message.isWhole, !rest.isEmpty {
            unfinished = nil
            message.makeRoom()
            let end = min(rest.upperBound, rest.lowerBound + message.payload.bytes.count - message.payload.filled)
            message.payload.add(received, rest.lowerBound..<end)
            rest = end..<rest.upperBound
            unfinished = message
        }
        if rest.isEmpty { return }
        makeRoom(rest.count)
        pending.add(received, rest)
    }

    /// Lets `read` put the next bytes of the stream into an array, from a position on; it returns their count.
    public mutating func receive<E: Error>(_ read: (inout [UInt8], Int) throws(E) -> Int) throws(E) -> Int {
        guard var message = unfinished, !message.isWhole else {
            makeRoom(1)
            let count = try read(&pending.bytes, pending.filled)
            pending.filled += count
            return count
        }
        // Taken out, so that there is one owner and nothing is copied.
        unfinished = nil
        defer { unfinished = message }
        message.makeRoom()
        let count = try read(&message.payload.bytes, message.payload.filled)
        message.payload.filled += count
        return count
    }

    /// The next whole message, nil while more bytes are needed.
    public mutating func next() throws(Malformed) -> Message? {
        if let message = unfinished {
            guard message.isWhole else { return nil }
            unfinished = nil
            return Message(tag: message.tag, payload: message.payload.bytes)
        }
        let start = consumed + Header.byteCount
        guard start <= pending.filled else { return nil }
        var reader = ByteReader(pending.bytes.span.bytes.extracting(consumed..<start))
        let header = try Header(from: &reader)
        guard header.byteCount <= largest else { throw .count }
        let length = Int(header.byteCount)
        if length <= pending.filled - start {
            consumed = start + length
            return Message(tag: header.tag, payload: pending.bytes.part(start..<consumed))
        }
        var message = Unfinished(tag: header.tag, length: length)
        message.payload = pending
        message.payload.move(
            start..<pending.filled, room: min(length, max(Framing.trusted, pending.filled - start)))
        unfinished = message
        consumed = pending.filled
        return nil
    }

    /// Room for `count` more bytes; what has become messages is dropped, and so is an array larger than is ordinary.
    private mutating func makeRoom(_ count: Int) {
        if consumed == pending.filled && pending.bytes.count <= Framing.ordinary {
            consumed = 0
            pending.filled = 0
        }
        if pending.filled + count <= pending.bytes.count { return }
        let left = consumed..<pending.filled
        pending.move(left, room: max(Framing.ordinary, left.count + count))
        consumed = 0
    }
}
