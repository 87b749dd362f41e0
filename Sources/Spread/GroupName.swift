import CLibc

/// A name as the wire carries it: at most 31 bytes, padded with NUL to 32.
public struct GroupName: Hashable, Sendable {
    public static let byteCount = 32
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// The 32 bytes at a place. Nothing after the first NUL counts, and the last byte is taken as one.
    public init(wire place: UnsafeRawPointer) {
        self.init(place, strnlen(place.assumingMemoryBound(to: CChar.self), GroupName.byteCount - 1))
    }

    /// A C string, cut to 31 bytes.
    public init(text place: UnsafePointer<CChar>) {
        self.init(UnsafeRawPointer(place), strnlen(place, GroupName.byteCount - 1))
    }

    public init(_ bytes: [UInt8]) {
        self = bytes.withUnsafeBytes { buffer in
            guard let start = buffer.baseAddress else { return GroupName() }
            return GroupName(start, min(buffer.count, GroupName.byteCount - 1))
        }
    }

    public init() {
        words = (0, 0, 0, 0)
    }

    /// `count` is at most 31.
    private init(_ place: UnsafeRawPointer, _ count: Int) {
        var padded: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &padded) { _ = memcpy($0.baseAddress.unsafelyUnwrapped, place, count) }
        words = padded
    }

    public func write(to place: UnsafeMutableRawPointer) {
        withUnsafeBytes(of: words) { place.copyMemory(from: $0.baseAddress.unsafelyUnwrapped, byteCount: $0.count) }
    }

    public var bytes: [UInt8] {
        withUnsafeBytes(of: words) { whole in Array(whole.prefix { $0 != 0 }) }
    }

    /// '#' begins the names of connections and no other.
    public var isPrivate: Bool { withUnsafeBytes(of: words) { $0.contains(UInt8(ascii: "#")) } }

    /// 1 to 31 bytes, none of them blank, control, '!', '"' or '#'.
    public static func isLegal(_ text: UnsafePointer<CChar>) -> Bool {
        let count = strnlen(text, byteCount)
        guard count > 0, count < byteCount else { return false }
        return UnsafeBufferPointer(start: text, count: count).allSatisfy { (36...126).contains($0) }
    }

    public static func == (left: GroupName, right: GroupName) -> Bool { left.words == right.words }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}
