import Bytes

public typealias Key = Text

/// A keyed value with directives (`pmix_info_t`).
public struct Info: Sendable {
    public var key: Key
    public var flags: UInt32
    public var value: Value

    public init(_ key: Key, _ value: Value, flags: UInt32 = 0) {
        self.key = key
        self.value = value
        self.flags = flags
    }

    public static let required: UInt32 = 1
    /// Marks the last element of an array made by PMIX_INFO_CREATE; it travels, so it is kept.
    public static let arrayEnd: UInt32 = 2
    public static let processed: UInt32 = 4
    public static let qualifier: UInt32 = 8
    /// The value's content belongs to whoever lent it.
    public static let persistent: UInt32 = 16

    public var isRequired: Bool { flags & Info.required != 0 }
    public var isQualifier: Bool { flags & Info.qualifier != 0 }
}

extension [Info] {
    /// The first value under this key.
    public subscript(key: Key) -> Value? {
        first { $0.key == key }?.value
    }

    /// Whether the flag is there and does not say false.
    public func isTrue(_ key: Key) -> Bool {
        self[key]?.asBool ?? false
    }
}

public struct KeyValue: Sendable {
    public var key: Key
    public var value: Value

    public init(_ key: Key, _ value: Value) {
        self.key = key
        self.value = value
    }
}

/// A value and who published it (`pmix_pdata_t`).
public struct PublishedValue: Sendable {
    public var proc: Proc
    public var key: Key
    public var value: Value

    public init(proc: Proc, key: Key, value: Value) {
        self.proc = proc
        self.key = key
        self.value = value
    }
}

/// Elements of one type; the type stands once (`pmix_data_array_t`).
public struct DataArray: Sendable {
    public var type: DataType
    public var elements: [Content]

    public init(_ type: DataType, _ elements: [Content]) {
        self.type = type
        self.elements = elements
    }
}

/// One program of a job to spawn (`pmix_app_t`).
public struct App: Sendable {
    public var command: Text?
    public var arguments: [Text] = []
    public var environment: [Text] = []
    public var directory: Text?
    public var processCount: Int32 = 0
    public var infos: [Info] = []

    public init() {}
}

/// Keys asked for, and what narrows the question (`pmix_query_t`).
public struct Query: Sendable {
    public var keys: [Text] = []
    public var qualifiers: [Info] = []

    public init(keys: [Text] = [], qualifiers: [Info] = []) {
        self.keys = keys
        self.qualifiers = qualifiers
    }

    /// Whom it is about: what it does not say is the asker's job, and all of it.
    public func subject(_ asker: Proc) -> Proc {
        var proc = qualifiers[.procID]?.asProc ?? Proc(asker.nspace, .wildcard)
        if let nspace = qualifiers[.nspace]?.asText { proc.nspace = nspace }
        if let rank = qualifiers[.rank]?.asRank { proc.rank = rank }
        return proc
    }
}

public struct ProcInfo: Sendable {
    public var proc: Proc
    public var host: Text?
    public var executable: Text?
    public var pid: UInt32
    /// Not on the wire: only this process and its host see it.
    public var exitCode: Int32 = 0
    public var state: UInt8

    public init(proc: Proc, host: Text?, executable: Text?, pid: UInt32, state: UInt8) {
        self.proc = proc
        self.host = host
        self.executable = executable
        self.pid = pid
        self.state = state
    }
}

public struct EnvironmentChange: Sendable {
    public var name: Text?
    public var value: Text?
    public var separator: UInt8

    public init(name: Text?, value: Text?, separator: UInt8) {
        self.name = name
        self.value = value
        self.separator = separator
    }
}
