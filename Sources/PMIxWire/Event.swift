import Bytes

/// How far an event reaches (`pmix_data_range_t`).
public struct DataRange: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    public static let undefined = DataRange(rawValue: 0)
    public static let resourceManager = DataRange(rawValue: 1)
    public static let local = DataRange(rawValue: 2)
    public static let namespace = DataRange(rawValue: 3)
    public static let session = DataRange(rawValue: 4)
    public static let global = DataRange(rawValue: 5)
    public static let custom = DataRange(rawValue: 6)
    public static let processLocal = DataRange(rawValue: 7)
    public static let invalid = DataRange(rawValue: 255)
}

/// Something that happened, on its way to whoever asked to hear of it.
public struct Event: Sendable {
    public var status: Status
    public var source: Proc
    public var range: DataRange
    public var infos: [Info]

    public init(_ status: Status, source: Proc, range: DataRange, infos: [Info]) {
        self.status = status
        self.source = source
        self.range = range
        self.infos = infos
    }

    /// Whom a custom range names; nil when nobody is named.
    public var targets: [Proc]? { infos[.eventCustomRange]?.asProcs }

    /// The processes the event is about; nil when it is about none in particular.
    public var affected: [Proc]? { (infos[.eventAffectedProcs] ?? infos[.eventAffectedProc])?.asProcs }

    /// Whether default handlers are passed over.
    public var isNonDefault: Bool { infos.isTrue(.eventNonDefault) }

    public var isCacheable: Bool { !infos.isTrue(.eventDoNotCache) }

    /// Whether the range lets `proc` hear of it.
    public func reaches(_ proc: Proc) -> Bool {
        switch range {
        case .undefined, .global, .session, .local: true
        case .namespace: proc.nspace == source.nspace
        case .custom: targets?.contains { $0.covers(proc) } ?? false
        case .processLocal: proc == source
        default: false
        }
    }

    /// Whether a registration that names the processes it cares about cares about this event. Naming none means all.
    public func concerns(_ interest: [Proc]?) -> Bool {
        guard let interest, let affected else { return true }
        return interest.contains { wanted in affected.contains { wanted.covers($0) || $0.covers(wanted) } }
    }

    // MARK: Tag 0

    public func message(_ dialect: Dialect, _ release: Release) -> [UInt8] {
        var packer = Packer(dialect, command: .notify)
        packer.status(status)
        packer.proc(source)
        packer.infos(infos)
        if release.has(.eventHasRange) { packer.byte(range.rawValue, .dataRange) }
        return packer.bytes
    }

    /// The range is absent from releases before 4 and from some replays.
    public init(message: [UInt8], _ dialect: Dialect) throws(Malformed) {
        self = try message.unpack(dialect) { (unpacker) throws(Malformed) in
            guard try unpacker.byte(.command) == Command.notify.rawValue else { throw .type(DataType.command.rawValue) }
            let status = try unpacker.status()
            let source = try unpacker.proc()
            let infos = try unpacker.infos()
            let range = unpacker.isAtEnd ? DataRange.undefined.rawValue : try unpacker.byte(.dataRange)
            return Event(status, source: source, range: DataRange(rawValue: range), infos: infos)
        }
    }
}
