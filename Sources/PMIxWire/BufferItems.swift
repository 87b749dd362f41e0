import Bytes

// Buffers that programs pack and unpack themselves: one call, one top-level item. facts: PMIx wire 4.1.

extension Unpacker {
    /// The values of the next item, `most` of them where there are more: those behind are lost to the reader. N.B. wherever
    /// it fails, what has been read stays read.
    public mutating func take(
        _ type: DataType, atMost most: Int
    ) throws(Status) -> (values: [Content], isAll: Bool) {
        let packed = try announced(type)
        do throws(Malformed) {
            let count = UInt64(min(packed, most))
            guard type == .pointer || count <= UInt64(reader.remaining) else { throw .pastEnd }
            return (try elements(type, count: count), packed <= most)
        } catch {
            throw Status(error)
        }
    }

    /// How many values of this type the next item says it has.
    private mutating func announced(_ type: DataType) throws(Status) -> Int {
        var isMatch = true
        let packed: Int64
        do throws(Malformed) {
            if dialect.isDescribed, try unsigned(2) != UInt64(DataType.int32.rawValue) { throw .count }
            packed = try signed(4)
            guard packed >= 0 else { throw .count }
            if dialect.isDescribed { isMatch = try unsigned(2) == UInt64(type.rawValue) }
        } catch {
            throw Status(error)
        }
        guard isMatch else { throw .packMismatch }
        return Int(packed)
    }
}
