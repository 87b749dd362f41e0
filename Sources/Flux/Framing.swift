// Messages on a stream: eight bytes, a mark in the sender's own byte order and the length of what follows in network
// order, then the message. Both ends keep one buffer for many messages; neither reserves more than twice of what has
// arrived or is waiting to go.
import CLibc
import Sockets

enum Frame {
    static let mark: UInt32 = 0xffee_0012
    static let headerByteCount = 8
}

/// A queue of bytes in one piece of memory: taken from the front, added behind.
struct ByteQueue: ~Copyable {
    private var memory: UnsafeMutableRawPointer?
    private var capacity = 0
    private var start = 0
    private var end = 0

    init() {}

    deinit {
        free(memory)
    }

    var count: Int { end - start }

    /// Safety: until the queue is changed.
    var contents: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: memory.map { UnsafeRawPointer($0) + start }, count: count)
    }

    /// Room behind what is there, at least so much. Safety: until the queue is changed.
    mutating func room(atLeast needed: Int) -> UnsafeMutableRawBufferPointer {
        if capacity - end < needed { makeRoom(needed) }
        return UnsafeMutableRawBufferPointer(start: memory.map { $0 + end }, count: capacity - end)
    }

    /// So much of the room has been written.
    mutating func added(_ count: Int) {
        end += count
    }

    mutating func removeFirst(_ count: Int) {
        start += count
        guard start == end else { return }
        start = 0
        end = 0
        // Memory that one large message needed is not kept for the small ones.
        if capacity > ByteQueue.keptByteCount {
            free(memory)
            memory = nil
            capacity = 0
        }
    }

    mutating func removeAll() {
        removeFirst(count)
    }

    private static let keptByteCount = 256 * 1024

    private mutating func makeRoom(_ needed: Int) {
        let kept = count
        if kept > 0, let memory, capacity - kept >= needed, start >= kept {
            memory.copyMemory(from: memory + start, byteCount: kept)
        } else {
            let larger = max(capacity * (capacity - kept < needed ? 2 : 1), kept + needed, 4096)
            guard let moved = malloc(larger) else { fatalError("out of memory") }
            if let memory { moved.copyMemory(from: memory + start, byteCount: kept) }
            free(memory)
            memory = moved
            capacity = larger
        }
        start = 0
        end = kept
    }
}

/// Messages out of a stream. Whoever reads the stream puts what arrived into `room` and then takes messages out.
public final class FrameReader {
    private var queue = ByteQueue()

    public init() {}

    /// Where the next bytes are to be written. Safety: until the next call.
    public func room(atLeast needed: Int = 4096) -> UnsafeMutableRawBufferPointer {
        queue.room(atLeast: needed)
    }

    /// So many bytes of the room were written.
    public func received(_ count: Int) {
        queue.added(count)
    }

    /// Part of a message has arrived, and its rest has not.
    public var isMidFrame: Bool { queue.count > 0 }

    /// The next message that has arrived in full.
    /// - Throws: EPROTO for a wrong mark, else what decoding throws. The stream is of no use after that.
    public func next() throws(Errno) -> Message? {
        let bytes = queue.contents
        guard bytes.count >= 4 else { return nil }
        guard bytes.loadUnaligned(as: UInt32.self) == Frame.mark else { throw Errno(code: EPROTO) }
        guard bytes.count >= Frame.headerByteCount else { return nil }
        let length = Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
        guard bytes.count - Frame.headerByteCount >= length else { return nil }
        let end = Frame.headerByteCount + length
        let body = UnsafeRawBufferPointer(rebasing: bytes[Frame.headerByteCount..<end])
        let message = try Message(decoding: body)
        queue.removeFirst(end)
        return message
    }
}

/// Messages on their way into a stream. Whoever writes the stream takes `unsent` and says how much of it went.
public final class FrameWriter {
    private var queue = ByteQueue()

    public init() {}

    /// Safety: until the next call.
    public var unsent: UnsafeRawBufferPointer { queue.contents }
    public var count: Int { queue.count }
    public var isEmpty: Bool { queue.count == 0 }

    public func sent(_ count: Int) {
        queue.removeFirst(count)
    }

    public func removeAll() {
        queue.removeAll()
    }

    /// - Throws: EMSGSIZE for a message that is longer than a frame can say.
    public func append(_ message: Message) throws(Errno) {
        let length = message.encodedByteCount
        guard let word = UInt32(exactly: length) else { throw Errno(code: EMSGSIZE) }
        let whole = Frame.headerByteCount + length
        let room = queue.room(atLeast: whole)
        guard let start = room.baseAddress else { throw Errno(code: ENOMEM) }
        start.storeBytes(of: Frame.mark, as: UInt32.self)
        start.storeBytes(of: word.bigEndian, toByteOffset: 4, as: UInt32.self)
        try message.encode(into: UnsafeMutableRawBufferPointer(rebasing: room[Frame.headerByteCount..<whole]))
        queue.added(whole)
    }

    /// Bytes that are no message, such as the answer to a connection.
    public func append(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count > 0 else { return }
        queue.room(atLeast: bytes.count).copyMemory(from: bytes)
        queue.added(bytes.count)
    }
}
