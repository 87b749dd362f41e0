/// A position in borrowed bytes. Every read checks first and throws `Malformed`; none can trap, whatever the bytes are.
public struct ByteReader: ~Escapable {
    @usableFromInline let bytes: RawSpan
    @usableFromInline var offset = 0

    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) {
        self.bytes = bytes
    }

    @inlinable public var position: Int { offset }
    @inlinable public var remaining: Int { bytes.byteCount - offset }
    @inlinable public var isAtEnd: Bool { remaining == 0 }

    @inlinable
    public mutating func byte() throws(Malformed) -> UInt8 {
        try need(1)
        defer { offset += 1 }
        return bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// A fixed-width integer in network order.
    @inlinable
    public mutating func bigEndian<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) throws(Malformed) -> T {
        T(bigEndian: try raw(T.self))
    }

    @inlinable
    public mutating func littleEndian<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) throws(Malformed) -> T {
        T(littleEndian: try raw(T.self))
    }

    /// A fixed-width integer in the order of this machine (the handshake header and the native credential have it so).
    @inlinable
    public mutating func hostOrder<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) throws(Malformed) -> T {
        try raw(T.self)
    }

    /// The next `count` bytes, copied.
    public mutating func take(_ count: Int) throws(Malformed) -> [UInt8] {
        try need(count)
        defer { offset += count }
        let span = bytes.extracting(offset..<offset + count)
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            // Safety: both sides are `count` bytes long and do not overlap.
            span.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
            initialized = count
        }
    }

    /// Everything that is left, copied.
    public mutating func rest() -> [UInt8] {
        (try? take(remaining)) ?? []
    }

    public mutating func skip(_ count: Int) throws(Malformed) {
        try need(count)
        offset += count
    }

    /// Past `count` bytes that are a text and its NUL, and have no other.
    public mutating func skipText(_ count: Int) throws(Malformed) {
        try need(count)
        for position in offset..<offset + count {
            let isNUL = bytes.unsafeLoad(fromByteOffset: position, as: UInt8.self) == 0
            guard isNUL == (position == offset + count - 1) else { throw .string }
        }
        offset += count
    }

    /// Bytes up to a NUL, which is consumed and not returned.
    public mutating func untilNUL() throws(Malformed) -> [UInt8] {
        var end = offset
        while end < bytes.byteCount {
            if bytes.unsafeLoad(fromByteOffset: end, as: UInt8.self) == 0 {
                let text = try take(end - offset)
                offset += 1
                return text
            }
            end += 1
        }
        throw .pastEnd
    }

    @inlinable
    func need(_ count: Int) throws(Malformed) {
        guard count >= 0 else { throw .count }
        guard count <= remaining else { throw .pastEnd }
    }

    @inlinable
    mutating func raw<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) throws(Malformed) -> T {
        try need(MemoryLayout<T>.size)
        defer { offset += MemoryLayout<T>.size }
        return bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: T.self)
    }
}
