import Bytes

/// What a fence carries between servers: each server hands its host one packed object with the keys of its ranks, the
/// host concatenates everyone's, and all get the whole. Always in the server dialect. facts: PMIx wire 6.3.
public struct ModexBlob: Sendable {
    /// Whose keys: releases before 6 number the ranks through all namespaces of the fence, 6.1 names the process.
    public enum Owner: Hashable, Sendable {
        case relative(UInt32)
        case proc(Proc)
    }

    public struct Contribution: Sendable {
        public var owner: Owner
        public var pairs: [KeyValue]

        public init(owner: Owner, pairs: [KeyValue]) {
            self.owner = owner
            self.pairs = pairs
        }
    }

    /// Bits of the byte a server's object begins with.
    private static let collecting: UInt8 = 1
    private static let keymapped: UInt8 = 2

    /// One server's object: keys once, in the order they first occur, and per rank indexes into them.
    public static func write(ranks: [(relative: UInt32, pairs: [KeyValue])]) -> [UInt8] {
        var indexes: [Key: UInt32] = [:]
        var keys: [Content] = []
        for (_, pairs) in ranks {
            for pair in pairs where indexes[pair.key] == nil {
                indexes[pair.key] = UInt32(truncatingIfNeeded: keys.count)
                keys.append(.text(pair.key))
            }
        }
        var inside = Packer(.server, reserving: 1024)
        // Without keys there is nothing to map, and a pack of none is not a thing every reader takes.
        inside.byte(keys.isEmpty ? collecting : collecting | keymapped)
        if !keys.isEmpty {
            inside.uint32(UInt32(truncatingIfNeeded: keys.count))
            inside.items(.string, keys)
        }
        for (relative, pairs) in ranks {
            var rank = Packer(.server, reserving: 256)
            rank.rank(Rank(relative))
            for pair in pairs {
                rank.uint32(indexes[pair.key] ?? 0)
                rank.one(.value, .value(pair.value))
            }
            inside.byteObject(rank.bytes)
        }
        var outer = Packer(.server, reserving: inside.bytes.count + 16)
        outer.byteObject(inside.bytes)
        return outer.bytes
    }

    /// The contributions of every server in the blob, in order, whichever of the shapes each has.
    public static func read(_ bytes: [UInt8]) throws(Malformed) -> [Contribution] {
        try bytes.unpack(.server) { (servers) throws(Malformed) in
            var contributions: [Contribution] = []
            while !servers.isAtEnd {
                let server = try servers.byteObject()
                if let data = try nested(server) {
                    try read(data, named: true, into: &contributions)
                } else {
                    try read(server, named: false, into: &contributions)
                }
            }
            return contributions
        }
    }

    /// Release 6.1 wraps its data once more: a BOOL for compressed, and one object. nil for the shapes of the others,
    /// which begin with a byte that looks the same: 0 with nothing after it, or 1 with objects that are no zlib
    /// stream.
    private static func nested(_ server: [UInt8]) throws(Malformed) -> [UInt8]? {
        try server.unpack(.server) { (unpacker) throws(Malformed) -> [UInt8]? in
            if unpacker.isAtEnd { return nil }
            let first = try unpacker.byte()
            if first > 1 || unpacker.isAtEnd { return nil }
            let object = try unpacker.byteObject()
            if first == 0 { return object }
            guard unpacker.isAtEnd, isStream(object) else { return nil }
            do throws(Status) {
                return try Deflate.decompress(object)
            } catch {
                if error == .unpackFailure { return nil }
                throw .type(DataType.compressedByteObject.rawValue)
            }
        }
    }

    /// Whether the two bytes after the length are a zlib header: deflate with its window, divisible by 31 (RFC 1950
    /// 2.2).
    private static func isStream(_ object: [UInt8]) -> Bool {
        object.count >= 6 && object[4] == 0x78 && (UInt16(object[4]) << 8 | UInt16(object[5])) % 31 == 0
    }

    private static func read(_ data: [UInt8], named: Bool, into all: inout [Contribution]) throws(Malformed) {
        all += try data.unpack(.server) { (unpacker) throws(Malformed) -> [Contribution] in
            if unpacker.isAtEnd { return [] }
            let flags = try unpacker.byte()
            guard flags & ~(collecting | keymapped) == 0 else { throw .type(UInt16(flags)) }
            guard flags & collecting != 0 else {
                guard unpacker.isAtEnd else { throw .count }
                return []
            }
            var keys: [Key]?
            if flags & keymapped != 0 { keys = try keymap(&unpacker) }
            var contributions: [Contribution] = []
            while !unpacker.isAtEnd {
                let rank = try unpacker.byteObject()
                contributions.append(
                    try rank.unpack(.server) { (inside) throws(Malformed) in
                        let owner: Owner
                        if named {
                            owner = .proc(try inside.proc())
                        } else {
                            owner = .relative(try inside.rank().rawValue)
                        }
                        return Contribution(owner: owner, pairs: try pairs(&inside, keys))
                    })
            }
            return contributions
        }
    }

    private static func keymap(_ unpacker: inout Unpacker) throws(Malformed) -> [Key] {
        let announced = try unpacker.uint32()
        if announced == 0 && unpacker.isAtEnd { return [] }
        var keys: [Key] = []
        for key in try unpacker.items(.string) {
            guard case .text(let text?) = key else { throw .string }
            keys.append(text)
        }
        guard keys.count == Int(announced) else { throw .count }
        return keys
    }

    private static func pairs(_ inside: inout Unpacker, _ keys: [Key]?) throws(Malformed) -> [KeyValue] {
        guard let keys else { return try inside.keyValuesToEnd() }
        var pairs: [KeyValue] = []
        while !inside.isAtEnd {
            let index = Int(try inside.uint32())
            guard index < keys.count else { throw .count }
            guard case .value(let value) = try inside.one(.value) else { throw .type(DataType.value.rawValue) }
            pairs.append(KeyValue(keys[index], value))
        }
        return pairs
    }
}

/// The answer to a direct modex: KVALs back to back in the server dialect, nothing around them. facts: PMIx wire 6.5.
extension KeyValue {
    public static func pack(_ pairs: [KeyValue]) -> [UInt8] {
        var packer = Packer(.server, reserving: 256)
        for pair in pairs { packer.keyValue(pair.key, pair.value) }
        return packer.bytes
    }

    public static func unpack(_ bytes: [UInt8]) throws(Malformed) -> [KeyValue] {
        try bytes.unpack(.server) { (unpacker) throws(Malformed) in try unpacker.keyValuesToEnd() }
    }
}
