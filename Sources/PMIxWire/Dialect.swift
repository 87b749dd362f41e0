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

    private static let modules: [(name: Text, integers: Integers)] = [
        ("v41", .flex), ("v4", .flex), ("v3", .fixed), ("v21", .fixed), ("v20", .fixed), ("v12", .fixed),
        ("v51", .flex), ("v61", .flex),
    ]

    /// nil for a module name no release has.
    public init?(module: Text, isDescribed: Bool) {
        guard let row = Dialect.modules.first(where: { $0.name == module }) else { return nil }
        self.init(integers: row.integers, isDescribed: isDescribed)
    }

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

    /// A singleton (flag 9) of these releases reads two words; the others read a tool's reply.
    public var singletonReadsIndex: Bool {
        self >= Release(5, 0, 9) && !(major == 6 && minor == 0)
    }
}
