import Bytes
import PMIxWire

/// What each command's request and answer are made of: facts PMIx wire 5, with the differences between releases.
indirect enum Part: Sendable {
    /// A pack of one value.
    case one(DataType)
    /// SIZE, then one pack of that many unless it is 0.
    case list(DataType)
    /// SIZE, then one pack of that many even if it is 0.
    case always(DataType)
    /// SIZE, then as many packs of one.
    case packs(DataType)
    /// BOOL, and these if it is true.
    case flag([Part])
    case optional([Part])
    case repeated([Part])
    /// A BYTE_OBJECT with these inside.
    case object([Part])
    /// A BUFFER with these inside, in the integers of its message and a buffer type of its own.
    case buffer([Part])
    /// KVALs to the end, some of which hold more KVALs.
    case data
}

enum Conversation {
    static func notification(server: Release) -> [Part] {
        [.one(.command), .one(.status), .one(.proc), .list(.info)]
            + (server.has(.eventHasRange) ? [.one(.dataRange)] : [])
    }

    static func output(server: Release) -> [Part] {
        [.one(.proc), .one(.iofChannel)]
            + (server.has(.outputHasHandler) ? [.one(.size), .list(.info)] : []) + [.one(.byteObject)]
    }

    /// What follows the COMMAND.
    static func request(_ command: Command, client: Release) -> [Part] {
        switch command {
        case .request, .finalize, .joinGroup, .inviteGroup, .requestSystemInfo: []
        case .abort: [.one(.status), .one(.string), .list(.proc)]
        case .commit: [.repeated([.one(.scope), .buffer([.data])])]
        case .fence, .disconnect, .jobControl: [.list(.proc), .list(.info)]
        case .connect: [.list(.proc), .list(.info), .repeated([.one(.info)])]
        case .get: [.one(.string), .one(.procRank), .list(.info), .optional([.one(.string)])]
        case .publish: [.one(.uint32), .list(.info)]
        case .lookup, .unpublish: [.one(.uint32), .packs(.string), .list(.info)]
        case .spawn: [.list(.info), .list(.app)]
        case .notify: [.one(.status), .one(.dataRange), .list(.info)]
        case .registerEvents: [.list(.status), .list(.info)]
        case .deregisterEvents: [.repeated([.one(.status)])]
        case .query: [.list(.query)]
        case .log: (client.has(.logHasTime) ? [.one(.time)] : []) + [.list(.info), .list(.info)]
        case .allocate: [.one(.allocDirective), .list(.info)]
        case .monitor: [.one(.info), .one(.status), .list(.info)]
        case .getCredential, .registerFabric: [.list(.info)]
        case .validateCredential: [.one(.byteObject), .list(.info)]
        case .pullOutput: [.list(.proc), .list(.info), .one(.iofChannel), .optional([.one(.size)])]
        case .pushInput: [.list(.proc), .list(.info), .optional([.one(.byteObject)])]
        case .constructGroup: [.one(.string), .list(.proc), .list(.info)]
        case .leaveGroup: [.one(.string), .list(.info)]
        case .destructGroup:
            [.one(.string)] + (client.has(.groupEndHasMembers) ? [.always(.proc)] : []) + [.list(.info)]
        case .deregisterOutput: [.list(.info), .one(.size)]
        case .updateFabric: [.one(.size)]
        case .deviceDistances: [.one(.topology), .one(.cpuset), .list(.info)]
        case .refreshCache: [.one(.string), .one(.procRank)]
        case .resourceBlock: [.one(.resourceBlockDirective), .one(.string), .list(.resourceUnit), .list(.info)]
        case .sessionControl: [.one(.uint32), .list(.info)]
        case .resolvePeers: [.one(.string), .one(.string)]
        case .resolveNodes: [.one(.string)]
        }
    }

    /// The whole answer. Any may be a STATUS alone.
    static func answer(_ command: Command, server: Release) -> [Part] {
        if command == .request { return [.one(.string), .data] }
        return [.one(.status), .optional(payload(command, server: server))]
    }

    private static func payload(_ command: Command, server: Release) -> [Part] {
        switch command {
        case .get: [.repeated([.object([.one(.proc), .data])])]
        case .refreshCache: [.data]
        case .lookup: [.list(.pdata)]
        case .query, .allocate, .jobControl, .monitor, .validateCredential, .registerFabric, .updateFabric,
            .sessionControl:
            [.list(.info)]
        case .deviceDistances: [.list(.deviceDistance)]
        case .resolvePeers: [.list(.proc)]
        case .resolveNodes: [.one(.string)]
        case .getCredential: [.one(.byteObject), .optional([.list(.info)])]
        case .spawn: [.one(.string), .data]
        case .pullOutput: [.one(.size)]
        case .connect: [.repeated([.object([.one(.string), .data])])]
        case .constructGroup: group(server)
        default: []
        }
    }
}

extension Conversation {
    static func group(_ server: Release) -> [Part] {
        let members: [Part] = server.has(.groupAnswerHasMembers) ? [.list(.proc)] : []
        if !server.has(.groupAnswerHasFlag) {
            let jobs: [Part] = members.isEmpty ? [] : [.repeated([.object([.one(.string), .data])])]
            return members + [.one(.size)] + jobs
        }
        return members + [.flag([.one(.size)])] + (server.has(.groupAnswerHasInfos) ? [.packs(.info)] : [])
    }
}

struct Leftover: Error {
    var at: Int
    var of: Int
}

/// Decodes `bytes` by the parts and writes every item again: what comes back equals `bytes` where the encoding is the
/// sender's. Throws `Malformed` for bytes the decoders refuse, `Leftover` for bytes no part explains.
func rewrite(_ bytes: [UInt8], _ dialect: Dialect, _ parts: [Part]) throws -> [UInt8] {
    var packer = Packer(dialect)
    let position = try bytes.unpack(dialect) { (unpacker) throws(Malformed) in
        try copy(parts, &unpacker, &packer)
        return unpacker.reader.position
    }
    guard position == bytes.count else { throw Leftover(at: position, of: bytes.count) }
    return packer.bytes
}

private func copy(_ parts: [Part], _ unpacker: inout Unpacker, _ packer: inout Packer) throws(Malformed) {
    for part in parts { try copy(part, &unpacker, &packer) }
}

private func copy(_ part: Part, _ unpacker: inout Unpacker, _ packer: inout Packer) throws(Malformed) {
    switch part {
    case .one(let type): packer.one(type, try unpacker.one(type))
    // As the engines read them, and as everything else is read.
    case .list(.proc): packer.procs(try unpacker.procs())
    case .list(.info): packer.infos(try unpacker.infos())
    case .list(let type): packer.list(type, try unpacker.list(type))
    case .always(let type):
        packer.size(try unpacker.size())
        packer.items(type, try unpacker.items(type))
    case .packs(let type):
        let count = try unpacker.size()
        packer.size(count)
        guard count <= UInt64(unpacker.reader.remaining) else { throw .count }
        for _ in 0..<count { packer.one(type, try unpacker.one(type)) }
    case .flag(let parts):
        let flag = try unpacker.byte(.bool)
        packer.byte(flag, .bool)
        if flag != 0 { try copy(parts, &unpacker, &packer) }
    case .optional(let parts):
        if !unpacker.isAtEnd { try copy(parts, &unpacker, &packer) }
    case .repeated(let parts):
        while !unpacker.isAtEnd { try copy(parts, &unpacker, &packer) }
    case .object(let parts):
        packer.byteObject(try inner(unpacker.byteObject(), packer.dialect, parts))
    case .buffer(let parts):
        guard case .buffer(let kind, let bytes) = try unpacker.one(.buffer) else { throw .type(26) }
        let dialect = Dialect(integers: packer.dialect.integers, isDescribed: kind == 2)
        packer.one(.buffer, .buffer(kind: kind, try inner(bytes, dialect, parts)))
    case .data:
        while !unpacker.isAtEnd {
            var pair = try unpacker.keyValue()
            if let parts = blobs[pair.key], let bytes = pair.value.asBytes {
                pair.value.content = .bytes(try inner(bytes, packer.dialect, parts))
            }
            packer.keyValue(pair.key, pair.value)
        }
    }
}

/// Keys whose BYTE_OBJECT is a buffer of its own.
private let blobs: [Key: [Part]] = [
    "pmix.pblob": [.one(.procRank), .data], "PMIX_GDS_SHMEM2_SEG_BLOB": [.data],
]

private func inner(_ bytes: [UInt8], _ dialect: Dialect, _ parts: [Part]) throws(Malformed) -> [UInt8] {
    var packer = Packer(dialect)
    try bytes.unpack(dialect) { (unpacker) throws(Malformed) in
        try copy(parts, &unpacker, &packer)
        guard unpacker.isAtEnd else { throw .count }
    }
    return packer.bytes
}
