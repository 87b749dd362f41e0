import CLibc

/// A name as the protocol carries it: at most 31 bytes, padded with NUL to 32. Four words, so that comparing and
/// hashing cost next to nothing.
public struct Name: Hashable, Comparable, Sendable, CustomStringConvertible {
    static let byteCount = 32
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// The 32 bytes at a place, which must be padded.
    init(at place: UnsafeRawPointer) {
        words = (
            place.loadUnaligned(as: UInt64.self), place.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
            place.loadUnaligned(fromByteOffset: 16, as: UInt64.self),
            place.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
        )
    }

    /// Cut to 31 bytes.
    public init(_ text: some Collection<UInt8>) {
        var padded = [UInt8](repeating: 0, count: Name.byteCount)
        for (place, byte) in zip(0..<31, text) { padded[place] = byte }
        self = padded.withUnsafeBytes { Name(at: $0.baseAddress.unsafelyUnwrapped) }
    }

    public init(_ text: String) {
        self.init(Array(text.utf8))
    }

    /// Makes the 32 bytes at a place what a name is: bytes after the first NUL say nothing, and the last one is NUL.
    static func pad(_ place: UnsafeMutableRawPointer) {
        let length = min(31, strnlen(place.assumingMemoryBound(to: CChar.self), byteCount))
        memset(place + length, 0, byteCount - length)
    }

    func write(to place: UnsafeMutableRawPointer) {
        place.storeBytes(of: words.0, as: UInt64.self)
        place.storeBytes(of: words.1, toByteOffset: 8, as: UInt64.self)
        place.storeBytes(of: words.2, toByteOffset: 16, as: UInt64.self)
        place.storeBytes(of: words.3, toByteOffset: 24, as: UInt64.self)
    }

    public var bytes: [UInt8] {
        withUnsafeBytes(of: words) { Array($0.prefix { $0 != 0 }) }
    }

    public var description: String { String(decoding: bytes, as: UTF8.self) }

    /// Private groups begin with a mark that no other name may have.
    var isPrivate: Bool { UInt8(truncatingIfNeeded: words.0) == UInt8(ascii: "#") }

    /// 1 to 31 bytes of those that the original's library lets through.
    var isGroupName: Bool {
        let bytes = bytes
        return !bytes.isEmpty && bytes.allSatisfy { Name.allowed.contains($0) }
    }

    /// What names of clients and groups are made of: no blank, no control, no '#'.
    static let allowed: ClosedRange<UInt8> = 36...126

    public static func == (left: Name, right: Name) -> Bool { left.words == right.words }

    public static func < (left: Name, right: Name) -> Bool {
        (left.words.0.bigEndian, left.words.1.bigEndian, left.words.2.bigEndian, left.words.3.bigEndian)
            < (right.words.0.bigEndian, right.words.1.bigEndian, right.words.2.bigEndian, right.words.3.bigEndian)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        if words.2 | words.3 != 0 {
            hasher.combine(words.2)
            hasher.combine(words.3)
        }
    }
}
