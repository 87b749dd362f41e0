import Bytes

/// Writes packed items for one peer, the mirror of `Unpacker`.
public struct Packer {
    public var writer: ByteWriter
    public let dialect: Dialect
    /// Whether addresses of live topologies are good now, so that their descriptions can be written. Of what was
    /// stored nobody knows: the lender may have destroyed it.
    public var describesTopologies = false

    public init(_ dialect: Dialect, reserving capacity: Int = 64) {
        writer = ByteWriter(reserving: capacity)
        self.dialect = dialect
    }

    public var bytes: [UInt8] { writer.bytes }

    // MARK: Top-level items

    public mutating func head(_ type: DataType, count: Int) {
        if dialect.isDescribed { tag(.int32) }
        signed(Int64(count), 4)
        if dialect.isDescribed { tag(type) }
    }

    public mutating func one(_ type: DataType, _ content: Content) {
        head(type, count: 1)
        write(content, as: type)
    }

    public mutating func items(_ type: DataType, _ values: [Content]) {
        head(type, count: values.count)
        elements(type, values)
    }

    public mutating func list(_ type: DataType, _ values: [Content]) {
        size(values.count)
        if !values.isEmpty { items(type, values) }
    }

    public mutating func size(_ value: Int) {
        size(UInt64(clamping: value))
    }

    public mutating func size(_ value: UInt64) { one(.size, .unsigned(value)) }
    public mutating func uint32(_ value: UInt32) { one(.uint32, .unsigned(UInt64(value))) }
    public mutating func status(_ value: Status) { one(.status, .signed(Int64(value.rawValue))) }
    public mutating func rank(_ value: Rank) { one(.procRank, .unsigned(UInt64(value.rawValue))) }
    public mutating func string(_ value: Text?) { one(.string, .text(value)) }
    public mutating func byte(_ value: UInt8, _ type: DataType = .byte) { one(type, .unsigned(UInt64(value))) }
    public mutating func byteObject(_ value: [UInt8]) { one(.byteObject, .bytes(value)) }
    // The types all traffic is made of are written without the box a `Content` would put them in.

    public mutating func proc(_ value: Proc) {
        head(.proc, count: 1)
        proc(inside: value)
    }

    public mutating func info(_ value: Info) {
        head(.info, count: 1)
        info(inside: value)
    }

    public mutating func procs(_ values: [Proc]) {
        size(values.count)
        if values.isEmpty { return }
        head(.proc, count: values.count)
        for value in values { proc(inside: value) }
    }

    public mutating func infos(_ values: [Info]) {
        size(values.count)
        if values.isEmpty { return }
        head(.info, count: values.count)
        for value in values { info(inside: value) }
    }

    public mutating func keyValue(_ key: Key, _ value: Value) {
        head(.keyValue, count: 1)
        string(inside: key)
        self.value(inside: value)
    }

    // MARK: Inside an item

    mutating func tag(_ type: DataType) {
        unsigned(UInt64(type.rawValue), 2)
    }
}
