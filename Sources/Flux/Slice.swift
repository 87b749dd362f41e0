// Bytes that several messages share and C may be lent. A message that was decoded is one block; its topic, payload and
// routes are places in it, and a copy of the message counts a use of the block instead of copying bytes. Behind a text
// stands a NUL.
import Bytes
import CLibc

/// Memory of a fixed size that lives as long as somebody holds it, and does not move. Written once, by whoever makes
/// it.
final class Block: ManagedBuffer<Int, UInt8> {
    static func make(_ count: Int) -> Block {
        // Safety: `create` makes an object of the class it is called on.
        unsafeDowncast(Block.create(minimumCapacity: count) { _ in count }, to: Block.self)
    }

    /// Safety: the elements are part of this object, and neither move nor go while it lives.
    var start: UnsafeMutableRawPointer {
        withUnsafeMutablePointerToElements { UnsafeMutableRawPointer($0) }
    }
}

public struct Slice: Hashable, @unchecked Sendable {
    private let block: Block
    /// For C, as long as a copy of this value lives.
    public let pointer: UnsafeRawPointer
    public let count: Int

    init(_ block: Block, _ pointer: UnsafeRawPointer, _ count: Int) {
        self.block = block
        self.pointer = pointer
        self.count = count
    }

    /// A copy of these bytes, a NUL behind them.
    public init(copying bytes: UnsafeRawBufferPointer) {
        self.init(count: bytes.count) { room in
            room.copyMemory(from: bytes)
        }
    }

    /// Bytes written by `fill`, a NUL behind them.
    public init(count: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Void) {
        block = Block.make(count + 1)
        let start = block.start
        fill(UnsafeMutableRawBufferPointer(start: start, count: count))
        start.storeBytes(of: 0, toByteOffset: count, as: UInt8.self)
        pointer = UnsafeRawPointer(start)
        self.count = count
    }

    public init(_ bytes: [UInt8]) {
        // Safety: the pointer is used within the closure.
        self = bytes.withUnsafeBytes { Slice(copying: $0) }
    }

    public init(_ text: Text) {
        self.init(text.bytes)
    }

    public init(_ string: String) {
        self.init(Array(string.utf8))
    }

    /// The text that stands before a payload's last byte, its NUL.
    var withoutLast: Slice { Slice(block, pointer, count - 1) }

    /// Safety: for the caller, who keeps this value while it reads.
    public var raw: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: pointer, count: count) }

    /// Copied.
    public var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { room, initialized in
            // Safety: both are `count` bytes long, and the new array overlaps nothing.
            UnsafeMutableRawBufferPointer(room).copyMemory(from: raw)
            initialized = count
        }
    }

    public var text: Text { Text(bytes) }
    public var string: String { String(decoding: raw, as: UTF8.self) }

    public var last: UInt8? { count > 0 ? raw[count - 1] : nil }

    public static func == (left: Slice, right: Slice) -> Bool {
        guard left.count == right.count else { return false }
        return left.pointer == right.pointer || memcmp(left.pointer, right.pointer, left.count) == 0
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(bytes: raw)
    }

    public func isSame(as other: [UInt8]) -> Bool {
        count == other.count && other.withUnsafeBytes { memcmp(pointer, $0.baseAddress ?? pointer, count) == 0 }
    }

    /// The bytes up to the first `separator`; all when there is none. Shares the memory; no NUL stands behind it.
    public func prefix(upTo separator: UInt8) -> Slice {
        guard let found = memchr(pointer, Int32(separator), count) else { return self }
        return Slice(block, pointer, UnsafeRawPointer(found) - pointer)
    }
}
