import Bytes

/// How one peer writes its bytes. A peer names a codec module in its handshake; every difference that follows from
/// the name, the buffer type or the release stands in this file and nowhere else.
public struct Dialect: Hashable, Sendable {
    public enum Integers: Sendable {
        /// Variable length, zig-zag for signed: modules v4 and later.
        case flex
        /// Big-endian of the type's width; INT, UINT and SIZE carry a type tag: modules before v4.
        case fixed
    }

    public let integers: Integers
    /// Whether every top-level pack is preceded by type tags (the "fully described" buffers of debug builds).
    public let isDescribed: Bool

    public init(integers: Integers, isDescribed: Bool) {
        self.integers = integers
        self.isDescribed = isDescribed
    }

    /// What blobs between servers are always written in.
    public static let server = Dialect(integers: .flex, isDescribed: false)

    /// With the release that brought each.
    static let modules: [(name: Text, integers: Integers, release: Release)] = [
        ("v41", .flex, Release(4, 2, 0)), ("v4", .flex, Release(4, 0, 0)), ("v3", .fixed, Release(3, 0, 0)),
        ("v21", .fixed, Release(2, 1, 0)), ("v20", .fixed, Release(2, 0, 0)), ("v12", .fixed, Release(1, 2, 0)),
        ("v51", .flex, Release(6, 0, 0)), ("v61", .flex, Release(6, 1, 0)),
    ]

    /// nil for a module name no release has.
    public init?(module: Text, isDescribed: Bool) {
        guard let row = Dialect.modules.first(where: { $0.name == module }) else { return nil }
        self.init(integers: row.integers, isDescribed: isDescribed)
    }

    /// The data store that is offered and named: those in shared memory (ds12, ds21, shmem2) have the layout of one
    /// release each, so they are never taken.
    public static let store: Text = "hash"

    /// What the type BUFFER says of the bytes it holds.
    public var bufferKind: UInt8 { isDescribed ? 2 : 1 }

    /// Where a server's address stands in a client's environment, in the order a client looks, and the module each
    /// name implies.
    public static let uriVariables: [(variable: Text, module: Text)] = [
        ("PMIX_SERVER_URI41", "v41"), ("PMIX_SERVER_URI4", "v4"), ("PMIX_SERVER_URI3", "v3"),
        ("PMIX_SERVER_URI21", "v21"),
        ("PMIX_SERVER_URI2", "v20"), ("PMIX_SERVER_URI51", "v51"), ("PMIX_SERVER_URI61", "v61"),
        ("PMIX_SERVER_URI20", "v20"),
    ]

    /// The names a server of ours sets, in order.
    public static let offeredURIVariables: [Text] = [
        "PMIX_SERVER_URI41", "PMIX_SERVER_URI4", "PMIX_SERVER_URI3", "PMIX_SERVER_URI2", "PMIX_SERVER_URI21",
    ]

    public static let bufferTypeVariable: Text = "PMIX_BFROP_BUFFER_TYPE"
    public static let describedName: Text = "PMIX_BFROP_BUFFER_FULLY_DESC"
    public static let nonDescribedName: Text = "PMIX_BFROP_BUFFER_NON_DESC"
}

/// A release, as far as the wire depends on it. Peers append letters (`4.2.2rc2`), some prepend a `v`: only the
/// digits count.
public struct Release: Hashable, Comparable, Sendable {
    public var major: UInt32
    public var minor: UInt32
    public var patch: UInt32

    public init(_ major: UInt32, _ minor: UInt32, _ patch: UInt32) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// Missing or absurd parts read as 0, so that no text can fail or overflow.
    public init(parsing text: Text) {
        var parts: [UInt32] = []
        var bytes = text.bytes[...]
        if bytes.first == UInt8(ascii: "v") { bytes = bytes.dropFirst() }
        for part in bytes.split(separator: UInt8(ascii: "."), maxSplits: 2) {
            let digits = part.prefix { (0x30...0x39).contains($0) }.prefix(6)
            parts.append(UInt32(truncatingIfNeeded: Text(Array(digits)).decimal ?? 0))
        }
        while parts.count < 3 { parts.append(0) }
        self.init(parts[0], parts[1], parts[2])
    }

    /// The release we declare ourselves to be on the wire: peers choose their dialect by it.
    public static let ours = Release(4, 2, 2)
    public static let oursText: Text = "4.2.2"
    /// What our clients say in their greeting. Peers read the digits; ours know by the rest that the client takes more than the
    /// original would (see the server's `News`).
    public static let greeting: Text = "4.2.2-muster"

    public static func < (left: Release, right: Release) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }

    public var text: Text {
        Text(decimal: major) + "." + Text(decimal: minor) + "." + Text(decimal: patch)
    }
}

/// What the release of a peer decides beside its codec, one row a difference. Nothing else compares releases.
public enum Difference: CaseIterable, Sendable {
    /// A greeting is refused with a status. The clients of 4.2.2 overlook it and go on as if they had been let in; from
    /// there on the connection just ends, which all of them understand.
    case refusalHasStatus
    /// A singleton (flag 9) is answered in two words, as a rank is; elsewhere as a tool.
    case singletonReadsIndex
    /// Servers know schedulers (flag 10).
    case knowsSchedulers
    /// A tool that has found the server's file speaks to it in the fixed codec.
    case speaksFixed
    /// Job data have a session's keys one by one, for want of session arrays.
    case sessionsAreBare
    /// `pmix.bfrops.mod` is the name of a codec; later it is a release.
    case codecIsNamed
    /// Job data within an answer (CONNECT, 10) are a BUFFER, not a BYTE_OBJECT.
    case jobsAreBuffers
    /// LOG (15) begins with a TIME.
    case logHasTime
    /// An event (tag 0) ends with its range.
    case eventHasRange
    /// Output (tag 2) has the reader's number of its registration, and infos.
    case outputHasHandler
    /// The answer to GROUP_CONSTRUCT (24) is a status, and for a success the members and more; before, a number.
    case groupAnswerHasMembers
    /// ... whose number is optional, with a BOOL before it; before, absent is the largest.
    case groupAnswerHasFlag
    /// ... and which ends with what members told of themselves.
    case groupAnswerHasInfos
    /// GROUP_DESTRUCT (28) names the members.
    case groupEndHasMembers
    /// Servers know no groups as participants of a collective.
    case groupsAreNotKnown

    /// From which release on, before which, and in which again.
    var releases: (from: Release, before: Release, again: Release) {
        switch self {
        case .refusalHasStatus, .speaksFixed, .sessionsAreBare, .codecIsNamed: (.first, Release(4, 0, 0), .never)
        case .singletonReadsIndex: (Release(5, 0, 9), Release(6, 0, 0), Release(6, 1, 0))
        case .jobsAreBuffers: (.first, Release(2, 1, 0), .never)
        case .logHasTime: (Release(3, 0, 0), .never, .never)
        case .eventHasRange, .outputHasHandler: (Release(4, 0, 0), .never, .never)
        case .knowsSchedulers, .groupAnswerHasMembers, .groupEndHasMembers, .groupsAreNotKnown:
            (Release(5, 0, 0), .never, .never)
        case .groupAnswerHasFlag: (Release(6, 0, 0), .never, .never)
        case .groupAnswerHasInfos: (Release(6, 1, 0), .never, .never)
        }
    }
}

extension Release {
    fileprivate static let first = Release(0, 0, 0)
    fileprivate static let never = Release(.max, 0, 0)

    public func has(_ difference: Difference) -> Bool {
        let row = difference.releases
        return self >= row.from && self < row.before || self >= row.again
    }

    /// The codec of a server that is known by its release alone.
    public var module: Text { has(.speaksFixed) ? "v3" : "v41" }

    /// Of a server that is known by its codec alone.
    public init(implied module: Text) {
        self = Dialect.modules.first { $0.name == module }?.release ?? .ours
    }
}
