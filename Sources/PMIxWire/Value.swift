import Bytes

/// A typed value (`pmix_value_t`): the type code, and content of the form that code has.
public struct Value: Sendable {
    public var type: DataType
    public var content: Content

    public init(_ type: DataType, _ content: Content) {
        self.type = type
        self.content = content
    }

    public static let undefined = Value(.undefined, .none)
}

/// What a value holds. Codes that differ only in name or width share a case: width and wire form follow from the type
/// code, which stands beside the content in `Value` or once for all elements in `DataArray`.
public enum Content: Sendable {
    case none
    /// BOOL, BYTE, SIZE, PID, TIME, the UINTs, and every code that is one of these by another name; POINTER (an
    /// address here only).
    case unsigned(UInt64)
    /// INT, INT8...INT64, STATUS.
    case signed(Int64)
    case real(Double)
    case timeval(seconds: Int64, microseconds: Int64)
    /// STRING, PROC_NSPACE, PROC_CPUSET; nil is C's NULL.
    case text(Text?)
    /// BYTE_OBJECT, COMPRESSED_*, REGEX (with its own framing), DATA_BUFFER.
    case bytes([UInt8])
    case proc(Proc)
    indirect case value(Value)
    indirect case info(Info)
    indirect case keyValue(KeyValue)
    indirect case published(PublishedValue)
    indirect case app(App)
    indirect case query(Query)
    indirect case procInfo(ProcInfo)
    indirect case array(DataArray)
    indirect case buffer(kind: UInt8, [UInt8])
    indirect case envar(EnvironmentChange)
    indirect case coordinate(Coordinate)
    indirect case attribute(RegisteredAttribute)
    indirect case geometry(Geometry)
    indirect case distance(DeviceDistance)
    indirect case endpoint(Endpoint)
    indirect case topology(TopologyValue)
    indirect case procStats(ProcStats)
    indirect case diskStats(DiskStats)
    indirect case netStats(NetStats)
    indirect case nodeStats(NodeStats)
    indirect case device(Device)
    indirect case resourceUnit(type: UInt64, count: UInt64)
    indirect case nodePID(NodePID)
}

extension Value {
    public static func bool(_ value: Bool) -> Value { Value(.bool, .unsigned(value ? 1 : 0)) }
    public static func string(_ value: Text?) -> Value { Value(.string, .text(value)) }
    public static func uint16(_ value: UInt16) -> Value { Value(.uint16, .unsigned(UInt64(value))) }
    public static func uint32(_ value: UInt32) -> Value { Value(.uint32, .unsigned(UInt64(value))) }
    public static func uint64(_ value: UInt64) -> Value { Value(.uint64, .unsigned(value)) }
    public static func size(_ value: Int) -> Value { Value(.size, .unsigned(UInt64(clamping: value))) }
    public static func status(_ value: Status) -> Value { Value(.status, .signed(Int64(value.rawValue))) }
    public static func rank(_ value: Rank) -> Value { Value(.procRank, .unsigned(UInt64(value.rawValue))) }
    public static func proc(_ value: Proc) -> Value { Value(.proc, .proc(value)) }
    public static func bytes(_ value: [UInt8]) -> Value { Value(.byteObject, .bytes(value)) }
    public static func infos(_ values: [Info]) -> Value {
        Value(.dataArray, .array(DataArray(.info, values.map { .info($0) })))
    }
    public static func procs(_ values: [Proc]) -> Value {
        Value(.dataArray, .array(DataArray(.proc, values.map { .proc($0) })))
    }
}

/// Reading a value as what the caller needs, whatever width its sender gave it: hosts disagree on the types of the
/// same key.
extension Value {
    /// A flag: absent (UNDEF) means true, as in an info that only names its key; text as PMIx_Value_true reads it.
    public var asBool: Bool? {
        switch content {
        case .none: return true
        case .unsigned(let value): return value != 0
        case .signed(let value): return value != 0
        case .text(let text):
            guard let text, let first = text.bytes.first else { return true }
            if let number = text.decimal { return number != 0 }
            return first == UInt8(ascii: "t") || first == UInt8(ascii: "T") || first == UInt8(ascii: "y")
                || first == UInt8(ascii: "Y")
        default: return nil
        }
    }

    /// A number that is not negative.
    public var asUnsigned: UInt64? {
        switch content {
        case .unsigned(let value): value
        case .signed(let value): value < 0 ? nil : UInt64(value)
        case .real(let value): value >= 0 && value < 1.8e19 ? UInt64(value) : nil
        default: nil
        }
    }

    public var asStatus: Status? {
        guard type == .status, case .signed(let code) = content else { return nil }
        return Status(rawValue: Int32(truncatingIfNeeded: code))
    }

    public var asUInt32: UInt32? { asUnsigned.flatMap { UInt32(exactly: $0) } }

    public var asRank: Rank? { asUInt32.map { Rank($0) } }

    public var asText: Text? {
        switch content {
        case .text(let text): text
        case .bytes(let bytes) where type == .regex: Text(Array(bytes.prefix { $0 != 0 }))
        default: nil
        }
    }

    public var asBytes: [UInt8]? {
        if case .bytes(let bytes) = content { bytes } else { nil }
    }

    public var asProc: Proc? {
        if case .proc(let proc) = content { proc } else { nil }
    }

    /// The infos of an array of INFO.
    public var asInfos: [Info]? {
        guard case .array(let array) = content, array.type == .info else { return nil }
        return array.elements.compactMap { if case .info(let info) = $0 { info } else { nil } }
    }

    /// The processes of an array of PROC, or the one this value is.
    public var asProcs: [Proc]? {
        switch content {
        case .proc(let proc): [proc]
        case .array(let array) where array.type == .proc:
            array.elements.compactMap { if case .proc(let proc) = $0 { proc } else { nil } }
        default: nil
        }
    }

    /// Which ranks a debugger's directive means: all of them, one, or a list.
    public func concerns(_ rank: Rank) -> Bool {
        if type == .bool { return asBool ?? false }
        if case .array(let list) = content { return list.elements.contains { Value(list.type, $0).concerns(rank) } }
        return asRank.map { $0 == rank || $0 == .wildcard } ?? false
    }
}
