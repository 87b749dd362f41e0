import Bytes

/// Reads one peer's packed items. A top-level item is a count and then that many values of one type; in a described
/// buffer both are preceded by type tags. Throws `Malformed` on anything else, and never allocates more than the
/// bytes present explain.
public struct Unpacker: ~Escapable {
    public var reader: ByteReader
    public let dialect: Dialect
    private var depth = 0
    /// No bytes explain how many pointers there are: more than this nobody means.
    private var pointersLeft: UInt64 = 1 << 16

    static let deepest = 64

    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan, _ dialect: Dialect) {
        reader = ByteReader(bytes)
        self.dialect = dialect
    }

    public var isAtEnd: Bool { reader.isAtEnd }

    // MARK: Top-level items

    /// The head of a pack of `type`: how many values follow.
    public mutating func count(of type: DataType) throws(Malformed) -> Int {
        if dialect.isDescribed { try expect(.int32) }
        let count = try signed(4)
        guard count >= 0, count <= Int64(reader.remaining) else { throw .count }
        if dialect.isDescribed { try expect(type) }
        return Int(count)
    }

    /// The one value of a pack of one.
    public mutating func one(_ type: DataType) throws(Malformed) -> Content {
        guard try count(of: type) == 1 else { throw .count }
        return try content(of: type)
    }

    public mutating func items(_ type: DataType) throws(Malformed) -> [Content] {
        let count = try count(of: type)
        return try elements(type, count: UInt64(count))
    }

    /// The form most lists have: a SIZE, then, unless it is 0, one pack of that many values.
    public mutating func list(_ type: DataType) throws(Malformed) -> [Content] {
        let count = try listCount(of: type)
        return count == 0 ? [] : try elements(type, count: UInt64(count))
    }

    public mutating func size() throws(Malformed) -> UInt64 {
        guard case .unsigned(let value) = try one(.size) else { throw .type(DataType.size.rawValue) }
        return value
    }

    public mutating func uint32() throws(Malformed) -> UInt32 {
        guard case .unsigned(let value) = try one(.uint32) else { throw .type(DataType.uint32.rawValue) }
        return UInt32(truncatingIfNeeded: value)
    }

    public mutating func status() throws(Malformed) -> Status {
        guard case .signed(let value) = try one(.status) else { throw .type(DataType.status.rawValue) }
        return Status(rawValue: Int32(truncatingIfNeeded: value))
    }

    public mutating func rank() throws(Malformed) -> Rank {
        guard case .unsigned(let value) = try one(.procRank) else { throw .type(DataType.procRank.rawValue) }
        return Rank(UInt32(truncatingIfNeeded: value))
    }

    public mutating func string() throws(Malformed) -> Text? {
        guard case .text(let text) = try one(.string) else { throw .type(DataType.string.rawValue) }
        return text
    }

    public mutating func byte(_ type: DataType = .byte) throws(Malformed) -> UInt8 {
        guard case .unsigned(let value) = try one(type) else { throw .type(type.rawValue) }
        return UInt8(truncatingIfNeeded: value)
    }

    public mutating func byteObject() throws(Malformed) -> [UInt8] {
        guard case .bytes(let bytes) = try one(.byteObject) else { throw .type(DataType.byteObject.rawValue) }
        return bytes
    }

    // The types all traffic is made of are read without the box a `Content` would put them in.

    public mutating func proc() throws(Malformed) -> Proc {
        guard try count(of: .proc) == 1 else { throw .count }
        return try procInside()
    }

    public mutating func info() throws(Malformed) -> Info {
        guard try count(of: .info) == 1 else { throw .count }
        return try infoInside()
    }

    public mutating func keyValue() throws(Malformed) -> KeyValue {
        guard try count(of: .keyValue) == 1 else { throw .count }
        return try keyValueInside()
    }

    /// Every KVAL up to the end of the bytes.
    public mutating func keyValuesToEnd() throws(Malformed) -> [KeyValue] {
        var pairs: [KeyValue] = []
        pairs.reserveCapacity(min(reader.remaining / 64, 64))
        while !isAtEnd { pairs.append(try keyValue()) }
        return pairs
    }

    /// Checks that there is nothing but KVALs up to the end, without keeping any. Whether a value is compressed.
    public mutating func skipKeyValuesToEnd() throws(Malformed) -> Bool {
        var hasCompressed = false
        while !isAtEnd {
            guard try count(of: .keyValue) == 1 else { throw .count }
            try skipString()
            if try skipValue().isCompressed { hasCompressed = true }
        }
        return hasCompressed
    }

    public mutating func procs() throws(Malformed) -> [Proc] {
        let count = try listCount(of: .proc)
        var procs: [Proc] = []
        procs.reserveCapacity(count)
        for _ in 0..<count { procs.append(try procInside()) }
        return procs
    }

    public mutating func infos() throws(Malformed) -> [Info] {
        let count = try listCount(of: .info)
        var infos: [Info] = []
        infos.reserveCapacity(count)
        for _ in 0..<count { infos.append(try infoInside()) }
        return infos
    }

    /// The SIZE of a list and the head of its pack, which must agree.
    private mutating func listCount(of type: DataType) throws(Malformed) -> Int {
        let announced = try size()
        if announced == 0 { return 0 }
        let count = try count(of: type)
        guard UInt64(count) == announced else { throw .count }
        return count
    }

    // MARK: Inside an item

    /// `count` values back to back. The reservation cannot exceed the bytes that are left: every value takes at least
    /// one.
    mutating func elements(_ type: DataType, count: UInt64) throws(Malformed) -> [Content] {
        if type == .pointer { return try pointers(count) }
        guard count <= UInt64(reader.remaining) else { throw .count }
        switch type {
        case .int, .uint, .size, .pid: return try numbers(type, count: Int(count))
        default: break
        }
        var values: [Content] = []
        values.reserveCapacity(Int(count))
        for _ in 0..<count { values.append(try content(of: type)) }
        return values
    }

    /// Addresses mean nothing here, so however many there were, one byte stands for them.
    private mutating func pointers(_ count: UInt64) throws(Malformed) -> [Content] {
        guard count <= pointersLeft else { throw .count }
        pointersLeft -= count
        _ = try reader.byte()
        return [Content](repeating: .unsigned(0), count: Int(count))
    }

    mutating func tag() throws(Malformed) -> DataType {
        let code = UInt16(truncatingIfNeeded: try unsigned(2))
        guard let type = DataType(rawValue: code) else { throw .type(code) }
        return type
    }

    private mutating func expect(_ type: DataType) throws(Malformed) {
        let found = try tag()
        guard found == type else { throw .type(found.rawValue) }
    }

    mutating func enter() throws(Malformed) {
        guard depth < Unpacker.deepest else { throw .depth }
        depth += 1
    }

    mutating func leave() {
        depth -= 1
    }
}

extension [UInt8] {
    /// Decodes these bytes, whole: what `body` leaves unread is not looked at.
    public func unpack<T>(_ dialect: Dialect, _ body: (inout Unpacker) throws(Malformed) -> T) throws(Malformed) -> T {
        var unpacker = Unpacker(span.bytes, dialect)
        return try body(&unpacker)
    }
}
