import Bytes
import CZlib

/// The compressed forms of values (types 42 and 59) and of release 6.1's modex: the length of the original as 32 bits,
/// least significant byte first, then a zlib stream. The only file that touches zlib.
public enum Deflate {
    /// No original may be larger, whatever its length field says.
    public static let largest = 1 << 30
    /// The format cannot expand by more than 1032; a length beyond this is a lie and is not allocated for.
    public static let steepest = 1100

    private static let lengthByteCount = 4
    private static let level: Int32 = 9

    /// NOT_SUPPORTED where libz is missing, UNPACK_FAILURE for bytes that are no such stream or do not keep their
    /// length.
    public static func decompress(_ payload: [UInt8]) throws(Status) -> [UInt8] {
        let length = try announced(payload)
        guard let zlib = czlib(), let uncompress = zlib.pointee.uncompress else { throw .notSupported }
        var outcome = Z_DATA_ERROR
        let original = [UInt8](unsafeUninitializedCapacity: length) { buffer, initialized in
            var written = uLongf(length)
            // Safety: zlib writes at most `written` bytes and reads exactly the payload after the length, both alive
            // here.
            outcome = payload.withUnsafeBufferPointer { source in
                guard let from = source.baseAddress else { return Z_DATA_ERROR }
                var none: UInt8 = 0
                let count = uLong(source.count - lengthByteCount)
                guard let to = buffer.baseAddress else {
                    return uncompress(&none, &written, from + lengthByteCount, count)
                }
                return uncompress(to, &written, from + lengthByteCount, count)
            }
            initialized = outcome == Z_OK ? Int(written) : 0
        }
        guard outcome != Z_MEM_ERROR else { throw .noMemory }
        guard outcome == Z_OK, original.count == length else { throw .unpackFailure }
        return original
    }

    /// OUT_OF_RESOURCE for more than a reader would accept.
    public static func compress(_ original: [UInt8]) throws(Status) -> [UInt8] {
        guard original.count <= largest else { throw .outOfResource }
        guard let zlib = czlib(), let bound = zlib.pointee.compressBound, let compress = zlib.pointee.compress2 else {
            throw .notSupported
        }
        var writer = ByteWriter()
        writer.littleEndian(UInt32(original.count))
        let capacity = bound(uLong(original.count))
        var outcome = Z_MEM_ERROR
        let stream = [UInt8](unsafeUninitializedCapacity: Int(capacity)) { buffer, initialized in
            var written = uLongf(capacity)
            // Safety: the bound is never 0, so the buffer has an address; an empty original is read nowhere.
            outcome = original.withUnsafeBufferPointer { source in
                compress(buffer.baseAddress, &written, source.baseAddress, uLong(source.count), level)
            }
            initialized = outcome == Z_OK ? Int(written) : 0
        }
        guard outcome == Z_OK else { throw .noMemory }
        writer.append(stream)
        return writer.bytes
    }

    private static func announced(_ payload: [UInt8]) throws(Status) -> Int {
        do throws(Malformed) {
            var reader = ByteReader(payload.span.bytes)
            let length = Int(try reader.littleEndian(UInt32.self))
            guard length <= largest, length <= steepest * reader.remaining else { throw .count }
            return length
        } catch {
            throw .unpackFailure
        }
    }
}

extension DataType {
    var isCompressed: Bool { self == .compressedString || self == .compressedByteObject }
}

extension KeyValue {
    public mutating func expand() {
        if value.type.isCompressed { value = value.expanded }
    }
}

extension Value {
    /// What its reader should get: whoever asked for text wants text. What cannot be expanded stays as it is.
    public var expanded: Value {
        guard type.isCompressed else { return self }
        do throws(Status) {
            return try decompressed()
        } catch {
            return self
        }
    }

    /// This value as its sender had it: a compressed string or byte object expanded, anything else itself.
    public func decompressed() throws(Status) -> Value {
        guard case .bytes(let payload) = content else { return self }
        switch type {
        case .compressedString:
            var text = try Deflate.decompress(payload)
            // Senders differ on whether the NUL is counted.
            while text.last == 0 { text.removeLast() }
            guard !text.contains(0) else { throw .unpackFailure }
            return .string(Text(text))
        case .compressedByteObject: return .bytes(try Deflate.decompress(payload))
        default: return self
        }
    }
}
