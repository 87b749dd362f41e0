import Bytes

public typealias Namespace = Text

/// A process's number within its namespace, or one of the reserved values above `lastValid`.
public struct Rank: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    public init(_ value: UInt32) {
        rawValue = value
    }

    public static let undefined = Rank(UInt32.max)
    public static let wildcard = Rank(UInt32.max - 1)
    public static let localNode = Rank(UInt32.max - 2)
    public static let invalid = Rank(UInt32.max - 3)
    public static let localPeers = Rank(UInt32.max - 4)

    /// Whether this names one process.
    public var isValid: Bool { rawValue < UInt32.max - 50 }
}

/// The name of a process: PMIx Standard 3.2.5, `pmix_proc_t`.
public struct Proc: Hashable, Sendable {
    public var nspace: Namespace
    public var rank: Rank

    public init(_ nspace: Namespace, _ rank: Rank) {
        self.nspace = nspace
        self.rank = rank
    }

    /// Whether `other` is this process or one that this name stands for.
    public func covers(_ other: Proc) -> Bool {
        nspace == other.nspace && (rank == other.rank || rank == .wildcard)
    }

    public var description: String { nspace.description + ":" + rank.description }
}

extension Rank {
    public var description: String {
        switch self {
        case .wildcard: "WILDCARD"
        case .undefined: "UNDEF"
        default: String(rawValue)
        }
    }
}
