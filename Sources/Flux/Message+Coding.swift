// A message as bytes: parts, each with its size in front. One byte says a size below 255; 255 announces four bytes
// that do. Order: the routes and an empty part behind them, the topic, the payload, each if its flag is set; then the
// fixed part.
import CLibc
import Sockets

/// Where a part lies in the bytes being decoded.
private typealias Part = Range<Int>

/// The parts of a message in turn.
private struct PartReader {
    let bytes: UnsafeRawBufferPointer
    var offset = 0

    /// - Throws: EINVAL when its size, or what it announces, goes past the end.
    mutating func next() throws(Errno) -> Part? {
        guard offset < bytes.count else { return nil }
        var size = Int(bytes[offset])
        offset += 1
        if size == 0xff {
            guard bytes.count - offset >= 4 else { throw Errno(code: EINVAL) }
            let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
            size = Int(UInt32(bigEndian: word))
            offset += 4
        }
        guard bytes.count - offset >= size else { throw Errno(code: EINVAL) }
        defer { offset += size }
        return offset..<offset + size
    }
}

extension Message {
    /// Copies what it needs into memory of its own.
    /// - Throws: EINVAL for a part that goes past the end, EPROTO for parts that are missing or a fixed part that is
    ///   none.
    public convenience init(decoding bytes: UnsafeRawBufferPointer) throws(Errno) {
        let found = try Message.last(of: bytes)
        let proto = try ProtoFrame(decoding: UnsafeRawBufferPointer(rebasing: bytes[found]))
        self.init(proto)
        // The parts before the fixed one are whole: `last` has walked over them.
        var parts = PartReader(bytes: bytes)
        let routesEnd = try Message.routes(proto, &parts)
        let topicPart = proto.flags.contains(.topic) ? try parts.next() : nil
        let payloadPart = proto.flags.contains(.payload) ? try parts.next() : nil
        // Whatever stands before it, the fixed part has to follow.
        guard parts.offset < bytes.count else { throw Errno(code: EPROTO) }
        let end = payloadPart?.upperBound ?? topicPart?.upperBound ?? routesEnd
        guard end > 0, topicPart != nil || payloadPart != nil || routesEnd > 1 else { return }
        let body = Message.block(bytes, count: end, aligning: payloadPart?.lowerBound ?? 0)
        if routesEnd > 1 { routes = try Message.slices(of: bytes, to: routesEnd, in: body) }
        if let topicPart { topic = body.text(topicPart) }
        if let payloadPart { payload = Slice(body.block, body.start + payloadPart.lowerBound, payloadPart.count) }
    }

    /// The last part, when the parts before it and itself fill the bytes.
    private static func last(of bytes: UnsafeRawBufferPointer) throws(Errno) -> Part {
        var parts = PartReader(bytes: bytes)
        var last: Part?
        while let part = try parts.next() { last = part }
        guard let last else { throw Errno(code: EPROTO) }
        return last
    }

    /// Reads over the routes and the empty part behind them; where they end.
    private static func routes(_ proto: ProtoFrame, _ parts: inout PartReader) throws(Errno) -> Int {
        guard proto.flags.contains(.route) else { return 0 }
        while let part = try parts.next(), !part.isEmpty {}
        return parts.offset
    }

    /// A copy of the first bytes, in which the part at `offset` lies as malloc's memory would, and a NUL fits behind
    /// the last.
    private static func block(
        _ bytes: UnsafeRawBufferPointer, count: Int, aligning offset: Int
    ) -> DecodedBody {
        let block = Block.make(count + 16)
        let shift = -(Int(bitPattern: block.start) + offset) & 15
        let start = block.start + shift
        start.copyMemory(from: bytes.baseAddress ?? UnsafeRawPointer(start), byteCount: count)
        return DecodedBody(block: block, start: start)
    }

    private static func slices(
        of bytes: UnsafeRawBufferPointer, to end: Int, in body: DecodedBody
    ) throws(Errno) -> [Slice] {
        var parts = PartReader(bytes: UnsafeRawBufferPointer(rebasing: bytes[0..<end]))
        var routes: [Slice] = []
        while let part = try parts.next(), !part.isEmpty { routes.append(body.text(part)) }
        return routes
    }

    // MARK: Encoding

    /// How many bytes `encode` writes.
    public var encodedByteCount: Int {
        var count = 1 + ProtoFrame.byteCount
        if hasRoutes {
            for route in routes { count += Message.partByteCount(route.count) }
            count += 1
        }
        if flags.contains(.topic) { count += Message.partByteCount(topic?.count ?? 0) }
        if hasPayload { count += Message.partByteCount(payload?.count ?? 0) }
        return count
    }

    /// Writes at the start of `room`.
    /// - Throws: EINVAL when that is too small, EMSGSIZE for a part whose size nobody could read.
    public func encode(into room: UnsafeMutableRawBufferPointer) throws(Errno) {
        guard let start = room.baseAddress, room.count >= encodedByteCount else { throw Errno(code: EINVAL) }
        guard payload?.count ?? 0 <= Int(UInt32.max), topic?.count ?? 0 <= Int(UInt32.max) else {
            throw Errno(code: EMSGSIZE)
        }
        var place = start
        if hasRoutes {
            for route in routes { Message.put(route, &place) }
            Message.put(nil, &place)
        }
        if flags.contains(.topic) { Message.put(topic, &place) }
        if hasPayload { Message.put(payload, &place) }
        place.storeBytes(of: UInt8(ProtoFrame.byteCount), as: UInt8.self)
        proto.encode(into: place + 1)
    }

    private static func partByteCount(_ count: Int) -> Int { count + (count < 0xff ? 1 : 5) }

    /// Safety: the caller has made room for all parts.
    private static func put(_ part: Slice?, _ place: inout UnsafeMutableRawPointer) {
        let count = part?.count ?? 0
        if count < 0xff {
            place.storeBytes(of: UInt8(count), as: UInt8.self)
            place += 1
        } else {
            place.storeBytes(of: 0xff, as: UInt8.self)
            place.storeBytes(of: UInt32(count).bigEndian, toByteOffset: 1, as: UInt32.self)
            place += 5
        }
        guard let part else { return }
        place.copyMemory(from: part.pointer, byteCount: count)
        place += count
    }
}

/// The copy that a decoded message keeps of its parts.
private struct DecodedBody {
    let block: Block
    let start: UnsafeMutableRawPointer

    /// A text that ends where C would see its end. The NUL overwrites the first byte of the next part's size, which
    /// has been read already; behind the last part there is room for it.
    func text(_ part: Part) -> Slice {
        let first = start + part.lowerBound
        first.storeBytes(of: 0, toByteOffset: part.count, as: UInt8.self)
        return Slice(block, first, strnlen(first.assumingMemoryBound(to: CChar.self), part.count))
    }
}
