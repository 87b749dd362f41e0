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
        var writer = ByteWriter(reserving: Header.byteCount + payload.count)
        Header(index: index, tag: tag, byteCount: UInt32(truncatingIfNeeded: payload.count)).write(to: &writer)
        writer.append(payload)
        return writer.bytes
    }
}

/// Cuts a byte stream into messages. It holds at most one unfinished message, and no more memory than bytes have
/// arrived.
public struct Framing: Sendable {
    private var pending: [UInt8] = []
    private var consumed = 0
    private let largest: UInt32

    /// Messages longer than `largest` bytes end the stream.
    public init(largest: UInt32 = Framing.defaultLargest) {
        self.largest = largest
    }

    public static let defaultLargest: UInt32 = 1 << 30

    /// Takes the next bytes of the stream: a range of what was received.
    public mutating func append(_ received: [UInt8], _ range: Range<Int>) {
        if consumed == pending.count {
            pending.removeAll(keepingCapacity: pending.capacity <= Framing.keptByteCount)
            consumed = 0
        }
        pending.add(received, range)
    }

    /// More than this is given back once the message that needed it is out.
    private static let keptByteCount = 4096

    /// The next whole message, nil while more bytes are needed.
    public mutating func next() throws(Malformed) -> Message? {
        let available = pending.count - consumed
        guard available >= Header.byteCount else { return nil }
        let (tag, length) = try peek()
        guard length <= largest else { throw .count }
        guard available - Header.byteCount >= Int(length) else {
            compact()
            return nil
        }
        let start = consumed + Header.byteCount
        let payload = pending.part(start..<start + Int(length))
        consumed = start + Int(length)
        return Message(tag: tag, payload: payload)
    }

    private func peek() throws(Malformed) -> (tag: UInt32, length: UInt32) {
        let start = consumed
        var reader = ByteReader(pending.span.bytes.extracting(start..<start + Header.byteCount))
        let header = try Header(from: &reader)
        return (header.tag, header.byteCount)
    }

    private mutating func compact() {
        guard consumed > 0 else { return }
        pending = pending.part(consumed..<pending.count)
        consumed = 0
    }
}
