/// Bytes being written, the mirror of `ByteReader`.
public struct ByteWriter {
    public private(set) var bytes: [UInt8] = []

    public init(reserving capacity: Int = 0) {
        if capacity > 0 { bytes.reserveCapacity(capacity) }
    }

    public var count: Int { bytes.count }

    public mutating func byte(_ value: UInt8) {
        bytes.append(value)
    }

    public mutating func append(_ more: [UInt8]) {
        bytes.add(more)
    }

    public mutating func bigEndian<T: FixedWidthInteger & BitwiseCopyable>(_ value: T) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    public mutating func littleEndian<T: FixedWidthInteger & BitwiseCopyable>(_ value: T) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    public mutating func hostOrder<T: FixedWidthInteger & BitwiseCopyable>(_ value: T) {
        withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
    }

    public mutating func untilNUL(_ text: [UInt8]) {
        bytes.add(text)
        bytes.append(0)
    }
}
