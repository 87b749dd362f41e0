import Bytes
import CLibc
import PMIxWire
import Reactor
import Sockets

/// A server's address as it is passed around: `nspace.rank;tcp4://host:port`.
public struct ServerURI: Sendable {
    public var server: Proc
    public var address: Address

    /// nil for anything else: exactly two parts, a numeric rank after the last dot, a tcp4 or tcp6 address.
    public init?(_ text: Text) {
        let parts = text.bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        guard parts.count == 2, let dot = parts[0].lastIndex(of: UInt8(ascii: ".")) else { return nil }
        guard let number = Text(Array(parts[0][(dot + 1)...])).decimal, let rank = UInt32(exactly: number) else {
            return nil
        }
        guard let address = ServerURI.address(Array(parts[1])) else { return nil }
        server = Proc(Text(Array(parts[0][..<dot])), Rank(rank))
        self.address = address
    }

    private static func address(_ bytes: [UInt8]) -> Address? {
        let scheme = Text(Array(bytes.prefix(7)))
        let family: Address.Family
        if scheme == "tcp4://" {
            family = .v4
        } else if scheme == "tcp6://" {
            family = .v6
        } else {
            return nil
        }
        let rest = bytes.dropFirst(7)
        guard let colon = rest.lastIndex(of: UInt8(ascii: ":")),
            let number = Text(Array(rest[(colon + 1)...])).decimal, let port = UInt16(exactly: number)
        else { return nil }
        var host = rest[..<colon]
        if host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]") { host = host.dropFirst().dropLast() }
        return Address(family: family, host: String(decoding: host, as: UTF8.self), port: port)
    }
}

/// Everything a connecting process must know about the server before the first byte.
public struct Rendezvous: Sendable {
    public var uri: ServerURI
    /// The codec module the variable's name stands for.
    public var module: Text
    public var release: Release
    public var isDescribed: Bool
    /// Security modules the server takes, in its order.
    public var security: [Text]

    func trace(_ what: Text) {
        Trace.misfit(what, "server " + uri.text, release: release.text, module: module, isDescribed: isDescribed)
    }

    /// What a server's setup_fork left in the environment; nil when no server is named there. Throws `badParameter` when one is named in a
    /// way that cannot be followed.
    public static func fromEnvironment() throws(Status) -> Rendezvous? {
        for (variable, module) in Dialect.uriVariables {
            guard let text = Process.variable(variable) else { continue }
            guard let uri = ServerURI(text) else {
                Trace.say("\(variable.description) is no server address: \(text.description)")
                throw .badParameter
            }
            return Rendezvous(uri, module)
        }
        if Trace.isHeard { traceUnknown() }
        return nil
    }

    /// A server of a release to come may have left its address under a name that is not known here.
    private static func traceUnknown() {
        guard var next = clibc_environ() else { return }
        while let entry = next.pointee {
            let text = Text(String(cString: entry))
            if text.hasPrefix("PMIX_SERVER_URI") {
                return Trace.misfit(
                    "no address that is known here", "server " + text, release: serverRelease(.ours).text,
                    module: "unknown", isDescribed: isDescribed)
            }
            next += 1
        }
    }

    private static func serverRelease(_ implied: Release) -> Release {
        Process.variable("PMIX_VERSION").map { Release(parsing: $0) } ?? implied
    }

    private static var isDescribed: Bool { Process.variable(Dialect.bufferTypeVariable) == Dialect.describedName }

    public init(_ uri: ServerURI, _ module: Text) {
        self.uri = uri
        self.module = module
        release = Rendezvous.serverRelease(Release(implied: module))
        isDescribed = Rendezvous.isDescribed
        let modules = Process.variable("PMIX_SECURITY_MODE")?.split(UInt8(ascii: ",")) ?? []
        security = modules.isEmpty ? ["native"] : modules
    }
}

/// The connecting side of a handshake.
struct Connector {
    let rendezvous: Rendezvous
    let kind: Handshake.Kind
    /// nil: the server assigns one.
    let proc: Proc?
    let infos: [Info]

    /// How long a server may take to answer a connection before it counts as unreachable.
    static let patience: UInt64 = 60

    /// The same as the environment has it, where 0 is for ever.
    static var handshakeDeadline: Deadline {
        let seconds = TransportParameter.number("handshake_wait_time") ?? patience
        return seconds == 0 ? .never : Deadline(seconds: min(seconds, UInt64(UInt32.max)))
    }

    struct Connected {
        let socket: Socket
        let index: UInt32
        let assigned: Proc
        let server: Proc
    }

    /// `unreachable` when there is no server at the address or it refuses us; the trace says which.
    func connect() throws(Status) -> Connected {
        let credential = try self.credential()
        var greeting = Handshake(
            security: credential.module, credential: credential.bytes, kind: kind, proc: proc,
            version: kind == .client ? Release.greeting : Release.oursText,
            module: rendezvous.module, isDescribed: rendezvous.isDescribed, store: Dialect.store)
        greeting.uid = Process.effectiveUser
        greeting.gid = Process.effectiveGroup
        greeting.infos = infos
        let retries = TransportParameter.number("handshake_max_retries") ?? 0
        var retry: UInt64 = 0
        var refusal: Status?
        while true {
            do throws(Errno) {
                return try attempt(greeting.bytes(), &refusal)
            } catch {
                // Only a server that is silent may have more to say the next time.
                if error.isTimeout && retry < retries {
                    retry += 1
                    continue
                }
                let reason = refusal.map { "refused with status " + Text(String($0.rawValue)) } ?? Text(error.text)
                rendezvous.trace("cannot be reached, " + reason)
                throw .unreachable
            }
        }
    }

    private func attempt(_ greeting: [UInt8], _ refusal: inout Status?) throws(Errno) -> Connected {
        let deadline = Connector.handshakeDeadline
        let socket = try Socket.connect(to: rendezvous.uri.address, deadline: deadline)
        try socket.sendAll(greeting, deadline)
        return try reply(socket, deadline, &refusal)
    }

    /// The first of the server's security modules that this side has.
    private func credential() throws(Status) -> (module: Text, bytes: [UInt8]) {
        for module in rendezvous.security {
            if module == "native" {
                let user = NativeCredential(uid: Process.effectiveUser, gid: Process.effectiveGroup)
                return (module, user.bytes)
            }
            if module == "munge", let bytes = Munge.encode() { return (module, bytes) }
            if module == "none" { return (module, []) }
        }
        let offered = rendezvous.security.map { $0.description }.joined(separator: ",")
        Trace.say("server \(rendezvous.uri.server.description) offers only security modules not had here: \(offered)")
        throw .unreachable
    }

    private func reply(_ socket: Socket, _ deadline: Deadline, _ refusal: inout Status?) throws(Errno) -> Connected {
        let status = try word(socket, deadline)
        guard status == 0 else {
            refusal = Status(rawValue: Int32(bitPattern: status))
            throw .refused
        }
        if kind == .client || (kind == .singleton && rendezvous.release.has(.singletonReadsIndex)) {
            let index = try word(socket, deadline)
            return Connected(
                socket: socket, index: index, assigned: proc ?? rendezvous.uri.server, server: rendezvous.uri.server)
        }
        let assigned = kind.needsID ? try name(socket, deadline) : nil
        let server = try name(socket, deadline)
        guard try word(socket, deadline) == 0 else { throw .refused }
        return Connected(socket: socket, index: 0, assigned: assigned ?? proc ?? server, server: server)
    }

    private func word(_ socket: Socket, _ deadline: Deadline) throws(Errno) -> UInt32 {
        let bytes = try socket.receiveAll(4, deadline)
        return bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }

    private func name(_ socket: Socket, _ deadline: Deadline) throws(Errno) -> Proc {
        let bytes = try socket.receiveAll(HandshakeReply.nspaceByteCount + 4, deadline)
        var reader = ByteReader(bytes.span.bytes)
        do throws(Malformed) {
            return try HandshakeReply.readProc(&reader)
        } catch {
            throw .refused
        }
    }
}

extension Client {
    /// Joins a server as a process that nobody started: the one `infos` name, or the system's. It asks for no job, being
    /// one of its own. `unreachable` when there is no such server or it does not want us.
    public static func joinAlone(
        _ infos: [Info], as identity: Proc, adopting loop: Loop?, startsThread: Bool
    ) throws(Status) -> Client {
        let rendezvous = try ServerSearch(infos).locate(try Tool.singletonTarget(infos))
        let connector = Connector(
            rendezvous: rendezvous, kind: .singleton, proc: identity, infos: Tool.description([], isLauncher: false))
        let connected = try connector.connect()
        guard let client = Client(identity, adopting: loop, startsThread: startsThread) else { throw .outOfResource }
        do throws(Status) {
            try client.attach(connected, rendezvous)
        } catch {
            client.close()
            throw error
        }
        client.completeOwnJob()
        client.remember(rendezvous.uri)
        return client
    }

    /// Joins the server that `rendezvous` names. The result knows what the server knows of this process's job.
    ///
    /// Throws `unreachable` when there is none there or it refuses us, the server's own status when it will not tell us our job, and
    /// a decoding status when the two do not understand each other.
    public static func join(
        _ rendezvous: Rendezvous, as identity: Proc, adopting loop: Loop?, startsThread: Bool
    ) throws(Status) -> Client {
        let connector = Connector(rendezvous: rendezvous, kind: .client, proc: identity, infos: [])
        let connected = try connector.connect()
        guard let client = Client(identity, adopting: loop, startsThread: startsThread) else { throw .outOfResource }
        do throws(Status) {
            try client.attach(connected, rendezvous)
            try client.requestJob()
        } catch {
            client.close()
            throw error
        }
        return client
    }

    @discardableResult
    func attach(
        _ connected: Connector.Connected, _ rendezvous: Rendezvous, asPrimary isPrimary: Bool = true
    ) throws(Status) -> Link {
        guard let dialect = Dialect(module: rendezvous.module, isDescribed: rendezvous.isDescribed),
            let link = Link(
                connected.socket, rendezvous, dialect: dialect, index: connected.index, server: connected.server,
                loop: loop)
        else { throw .outOfResource }
        // Safety: the link is closed, and lets go of both, before the client can go.
        let release = rendezvous.release
        link.trace = WireTrace.wanted(identity, connected.server, dialect, release, isServer: false)
        link.trace?.connected()
        link.onMessage = { [unowned(unsafe) self] in receive($0, dialect, release) }
        link.onLoss = { [unowned(unsafe) self] in lost(connected.server) }
        lock.withLock {
            attached.append(link)
            if isPrimary { primary = link }
        }
        link.start()
        return link
    }

    /// REQ: the one answer that begins with no status. A server that refuses sends a status instead of our nspace.
    private func requestJob() throws(Status) {
        guard let link else { throw .unreachable }
        let request = Packer(dialect, command: .request)
        let payload = try link.exchange(request.bytes, Connector.handshakeDeadline).get()
        do throws(Malformed) {
            try payload.unpack(dialect) { (unpacker) throws(Malformed) in
                guard let nspace = try unpacker.string(), nspace == identity.nspace else { throw .string }
                try readJob(nspace, &unpacker)
            }
        } catch {
            let refusal = try? payload.unpack(dialect) { (unpacker) throws(Malformed) in try unpacker.status() }
            if let refusal, payload.count <= 16 { throw refusal }
            throw link.cannotRead(error)
        }
    }
}
