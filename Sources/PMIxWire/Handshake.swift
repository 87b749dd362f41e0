import Bytes

/// The first message on a connection, from the connecting side. Its 16-byte header is the only one in host byte order.
/// Field order: facts PMIx wire 2.1.
public struct Handshake: Sendable {
    /// Who connects (the flag byte).
    public enum Kind: UInt8, Sendable {
        case client = 0
        /// Tools and launchers of releases before 3: user and group only.
        case legacyTool, legacyLauncher
        case toolNeedingID, toolWithID, clientTool
        case launcherNeedingID, launcherWithID, clientLauncher
        case singleton
        case scheduler

        public var hasUser: Bool { self != .client }

        public var hasProc: Bool {
            switch self {
            case .legacyTool, .legacyLauncher, .toolNeedingID, .launcherNeedingID: false
            default: true
            }
        }

        /// Whether the answer begins with a name for the peer. Legacy peers get none.
        public var needsID: Bool { self == .toolNeedingID || self == .launcherNeedingID }

        public var isLauncher: Bool {
            self == .launcherNeedingID || self == .launcherWithID || self == .clientLauncher
        }
    }

    public var security: Text
    public var credential: [UInt8]
    public var kind: Kind
    public var uid: UInt32 = 0
    public var gid: UInt32 = 0
    public var proc: Proc?
    public var version: Text
    public var module: Text
    public var isDescribed: Bool
    public var store: Text
    public var infos: [Info] = []

    public init(
        security: Text, credential: [UInt8], kind: Kind, proc: Proc?, version: Text, module: Text, isDescribed: Bool,
        store: Text
    ) {
        self.security = security
        self.credential = credential
        self.kind = kind
        self.proc = proc
        self.version = version
        self.module = module
        self.isDescribed = isDescribed
        self.store = store
    }

    /// Larger handshakes are refused before anything is read.
    public static let largest: UInt32 = 131_072

    /// The payload's length from the 16 bytes before it.
    public static func payloadByteCount(header: [UInt8]) throws(Malformed) -> Int {
        var reader = ByteReader(header.span.bytes)
        try reader.skip(8)
        let length = try reader.hostOrder(UInt32.self)
        guard length > 0, length <= largest else { throw .count }
        return Int(length)
    }

    public init(payload: [UInt8]) throws(Malformed) {
        var reader = ByteReader(payload.span.bytes)
        security = Text(try reader.untilNUL())
        let length = try reader.bigEndian(UInt32.self)
        guard length <= UInt32(reader.remaining) else { throw .pastEnd }
        credential = try reader.take(Int(length))
        let flag = try reader.byte()
        guard let kind = Kind(rawValue: flag) else { throw .type(UInt16(flag)) }
        self.kind = kind
        if kind.hasUser {
            uid = try reader.bigEndian(UInt32.self)
            gid = try reader.bigEndian(UInt32.self)
        }
        if kind.hasProc {
            let nspace = Text(try reader.untilNUL())
            proc = Proc(nspace, Rank(try reader.bigEndian(UInt32.self)))
        }
        version = Text(try reader.untilNUL())
        // Releases 2.0 end here and mean this module and store.
        if reader.isAtEnd {
            (module, isDescribed, store) = ("v20", false, Dialect.store)
            return
        }
        module = Text(try reader.untilNUL())
        let described = try reader.byte()
        guard described == 1 || described == 2 else {
            isDescribed = false
            store = Dialect.store
            trace("refused for buffers of type " + Text(String(described)) + ", which nobody has")
            throw .type(UInt16(described))
        }
        isDescribed = described == 2
        store = reader.isAtEnd ? Dialect.store : Text(try reader.untilNUL())
        infos = Handshake.infos(reader.rest(), module: module, isDescribed: isDescribed)
    }

    /// What may follow the named fields: nothing, one stray zero (4.2.2), or an array of infos. It only ever adds
    /// information, so bytes that are none of these are dropped rather than refused.
    private static func infos(_ bytes: [UInt8], module: Text, isDescribed: Bool) -> [Info] {
        guard bytes.count > 1, let dialect = Dialect(module: module, isDescribed: isDescribed) else { return [] }
        do throws(Malformed) {
            return try bytes.unpack(dialect) { (unpacker) throws(Malformed) in try unpacker.infos() }
        } catch {
            return []
        }
    }

    public func trace(_ what: Text) {
        let who = proc.map { Text($0.description) } ?? "a tool"
        Trace.misfit(what, who, release: version, module: module, isDescribed: isDescribed)
    }

    /// Header and payload.
    public func bytes() -> [UInt8] {
        var writer = ByteWriter(reserving: 128)
        writer.untilNUL(security.bytes)
        writer.bigEndian(UInt32(truncatingIfNeeded: credential.count))
        writer.append(credential)
        writer.byte(kind.rawValue)
        if kind.hasUser {
            writer.bigEndian(uid)
            writer.bigEndian(gid)
        }
        if kind.hasProc, let proc {
            writer.untilNUL(proc.nspace.bytes)
            writer.bigEndian(proc.rank.rawValue)
        }
        writer.untilNUL(version.bytes)
        writer.untilNUL(module.bytes)
        writer.byte(isDescribed ? 2 : 1)
        writer.untilNUL(store.bytes)
        if !infos.isEmpty, let dialect = Dialect(module: module, isDescribed: isDescribed) {
            var packer = Packer(dialect)
            packer.infos(infos)
            writer.append(packer.bytes)
        }
        var framed = ByteWriter(reserving: writer.count + Header.byteCount)
        framed.hostOrder(UInt32.max)
        framed.hostOrder(UInt32.max)
        framed.hostOrder(UInt32(truncatingIfNeeded: writer.count))
        framed.hostOrder(UInt32(0))
        framed.append(writer.bytes)
        return framed.bytes
    }
}

/// What the server answers. Plain big-endian words, no codec: facts PMIx wire 2.2.
public enum HandshakeReply {
    /// A nspace field's width, NUL-padded.
    public static let nspaceByteCount = 256

    public static func refusal(_ status: Status) -> [UInt8] {
        var writer = ByteWriter()
        writer.bigEndian(status.rawValue)
        return writer.bytes
    }

    public static func client(index: UInt32) -> [UInt8] {
        var writer = ByteWriter()
        writer.bigEndian(Status.success.rawValue)
        writer.bigEndian(index)
        return writer.bytes
    }

    public static func tool(assigned: Proc?, server: Proc) -> [UInt8] {
        var writer = ByteWriter()
        writer.bigEndian(Status.success.rawValue)
        if let assigned { write(assigned, to: &writer) }
        write(server, to: &writer)
        writer.bigEndian(Status.success.rawValue)
        return writer.bytes
    }

    private static func write(_ proc: Proc, to writer: inout ByteWriter) {
        let name = Array(proc.nspace.bytes.prefix(nspaceByteCount - 1))
        writer.append(name + [UInt8](repeating: 0, count: nspaceByteCount - name.count))
        writer.bigEndian(proc.rank.rawValue)
    }

    public static func readProc(_ reader: inout ByteReader) throws(Malformed) -> Proc {
        let field = try reader.take(nspaceByteCount)
        guard let end = field.firstIndex(of: 0) else { throw .string }
        return Proc(Text(Array(field[..<end])), Rank(try reader.bigEndian(UInt32.self)))
    }
}

/// The `native` credential: who the sender says it is, in host byte order.
public struct NativeCredential: Sendable {
    public var uid: UInt32
    public var gid: UInt32

    public init(uid: UInt32, gid: UInt32) {
        self.uid = uid
        self.gid = gid
    }

    public init(from bytes: [UInt8]) throws(Malformed) {
        var reader = ByteReader(bytes.span.bytes)
        uid = try reader.hostOrder(UInt32.self)
        gid = try reader.hostOrder(UInt32.self)
    }

    public var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.hostOrder(uid)
        writer.hostOrder(gid)
        return writer.bytes
    }
}
