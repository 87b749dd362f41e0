/// The variable-length integer of the flex codecs: seven bits a byte, least significant first, the high bit for "more";
/// after eight such bytes a ninth carries the remaining eight bits raw. Signed numbers are zig-zagged first.
extension ByteReader {
    @inlinable
    public mutating func flex() throws(Malformed) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 56 {
            let byte = try byte()
            value |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return value }
            shift += 7
        }
        return value | UInt64(try byte()) << 56
    }
}

extension ByteWriter {
    public mutating func flex(_ value: UInt64) {
        var rest = value
        for _ in 0..<8 {
            if rest < 0x80 {
                byte(UInt8(truncatingIfNeeded: rest))
                return
            }
            byte(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        byte(UInt8(truncatingIfNeeded: rest))
    }
}

public enum ZigZag {
    @inlinable
    public static func encode(_ value: Int64) -> UInt64 {
        UInt64(bitPattern: (value << 1) ^ (value >> 63))
    }

    @inlinable
    public static func decode(_ value: UInt64) -> Int64 {
        Int64(bitPattern: (value >> 1) ^ (0 &- (value & 1)))
    }
}
