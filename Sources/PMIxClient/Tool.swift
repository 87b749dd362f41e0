import Bytes
import PMIxWire
import Reactor
import Sockets

extension Key {
    static let toolNspace: Key = "pmix.tool.nspace"
    static let toolRank: Key = "pmix.tool.rank"
    static let toolDoNotConnect: Key = "pmix.tool.nocon"
    static let toolConnectOptional: Key = "pmix.tool.conopt"
    static let toolAttachmentFile: Key = "pmix.tool.attach"
    static let launcher: Key = "pmix.tool.launcher"
    public static let launcherRendezvousFile: Key = "pmix.tool.lncrnd"
    static let connectToSystem: Key = "pmix.cnct.sys"
    static let connectSystemFirst: Key = "pmix.cnct.sys.first"
    static let connectMaxRetries: Key = "pmix.tool.mretries"
    static let connectRetryDelay: Key = "pmix.tool.retry"
    static let serverProcess: Key = "pmix.srvr.pidinfo"
    static let commandLine: Key = "pmix.cmd.line"
    static let rankOffset: Key = "pmix.offset"
    public static let primaryServer: Key = "pmix.pri.srvr"
    static let serverScheduler: Key = "pmix.srv.sched"
    static let waitForConnection: Key = "pmix.wait.conn"
    public static let progressThreadName: Key = "pmix.evname"
}

/// A tool as its init describes it: who it is, which server it wants, and how badly.
public struct Tool: Sendable {
    enum Target: Sendable {
        case address(Text)
        case file(Text)
        case system
        case process(UInt32)
        case nspace(Namespace)
        /// The server that started this process.
        case parent(Rendezvous)
        /// Whatever single server of this node can be found.
        case nearby
    }

    enum Need: Sendable { case required, optional, none }

    let need: Need
    public let isLauncher: Bool
    let isScheduler: Bool
    /// nil: the server assigns one.
    let identity: Proc?
    /// The identity comes from the environment, so a server knows this process as its client.
    let isClient: Bool
    /// Tried in this order.
    let targets: [Target]
    let search: ServerSearch
    let retries: UInt64
    let retryMilliseconds: UInt64
    /// What the server is told of this tool.
    let infos: [Info]
    /// All that the caller said.
    public let given: [Info]
    private static let longestWait: UInt64 = 86_400

    /// `badParameter` when half an identity is given, or an address that is none.
    public init(_ infos: [Info]) throws(Status) {
        need = infos.isTrue(.toolDoNotConnect) ? .none : infos.isTrue(.toolConnectOptional) ? .optional : .required
        isLauncher = infos.isTrue(.launcher)
        isScheduler = infos.isTrue(.serverScheduler)
        self.given = infos
        let given = try Tool.givenIdentity(infos)
        let inherited = given == nil && need != .none ? try Tool.inheritedIdentity() : nil
        identity = given ?? inherited
        isClient = inherited != nil
        targets = need == .none ? [] : try Tool.targets(infos)
        search = ServerSearch(infos)
        retries = Tool.retries(infos)
        retryMilliseconds = Tool.delay(infos)
        self.infos = Tool.description(infos, isLauncher: isLauncher)
    }

    /// A tool that is up already and wants one more server. Its name is what it is.
    init(attaching infos: [Info], as identity: Proc, isLauncher: Bool) throws(Status) {
        need = .required
        self.isLauncher = isLauncher
        isScheduler = infos.isTrue(.serverScheduler)
        given = infos
        self.identity = identity
        isClient = false
        targets = try Tool.targets(infos)
        search = ServerSearch(infos)
        retries = Tool.retries(infos)
        retryMilliseconds = Tool.delay(infos)
        self.infos = Tool.description(infos, isLauncher: isLauncher)
    }

    /// The servers that have left word where they are, for whoever wants to choose among them.
    public static func nearby(_ infos: [Info]) -> [(address: Text, path: Text)] {
        ServerSearch(infos).nearby()
    }

    private static func retries(_ infos: [Info]) -> UInt64 {
        infos[.connectMaxRetries]?.asUnsigned ?? TransportParameter.number("max_retries") ?? 0
    }

    private static func delay(_ infos: [Info]) -> UInt64 {
        let given = infos[.connectRetryDelay]?.asUnsigned ?? TransportParameter.number("connection_wait_time")
        let seconds = min(given ?? 0, longestWait)
        return seconds == 0 ? shortestDelay : seconds * 1000
    }

    private static let shortestDelay: UInt64 = 10

    /// An empty nspace is as good as none: some callers always pass the pair.
    private static func givenIdentity(_ infos: [Info]) throws(Status) -> Proc? {
        let name = infos[.toolNspace]
        let number = infos[.toolRank]
        if name == nil && number == nil { return nil }
        guard let nspace = name?.asText, let rank = number?.asRank else { throw .badParameter }
        if nspace.isEmpty { return nil }
        guard rank.isValid, nspace.count < HandshakeReply.nspaceByteCount else { throw .badParameter }
        return Proc(nspace, rank)
    }

    private static func inheritedIdentity() throws(Status) -> Proc? {
        let name = Process.variable("PMIX_NAMESPACE")
        let number = Process.variable("PMIX_RANK")
        if name == nil && number == nil { return nil }
        guard let name, !name.isEmpty, let rank = number?.decimal.flatMap({ UInt32(exactly: $0) }) else {
            throw .badParameter
        }
        return Proc(name, Rank(rank))
    }

    private static func named(_ infos: [Info]) throws(Status) -> Target? {
        guard let info = infos.first(where: { $0.key == .tcpURI || $0.key == .serverURI }) else { return nil }
        guard let text = info.value.asText else { throw .badParameter }
        return target(text)
    }

    /// An address, a file with one, or an address after the names of the variables it would have been in.
    private static func target(_ text: Text) -> Target {
        if text.hasPrefix("file:") { return .file(Text(Array(text.bytes.dropFirst(5)))) }
        let parts = text.split(UInt8(ascii: ";"))
        return .address(parts.count == 3 ? parts[1] + ";" + parts[2] : text)
    }

    /// Where a process that nobody started looks.
    static func singletonTarget(_ infos: [Info]) throws(Status) -> Target {
        try named(infos) ?? TransportParameter.text("server_uri").map(target) ?? .system
    }

    /// The first directive there is settles it; only the system's server can come before another.
    private static func targets(_ infos: [Info]) throws(Status) -> [Target] {
        if let target = try named(infos) { return [target] }
        if let value = infos[.toolAttachmentFile] {
            guard let path = value.asText else { throw .badParameter }
            return [.file(path)]
        }
        if infos.isTrue(.connectToSystem) { return [.system] }
        var targets: [Target] = infos.isTrue(.connectSystemFirst) ? [.system] : []
        if let value = infos[.serverProcess] {
            guard let process = value.asUInt32 else { throw .badParameter }
            targets.append(.process(process))
        } else if let value = infos[.serverNspace] {
            guard let nspace = value.asText else { throw .badParameter }
            targets.append(.nspace(nspace))
        } else if let text = TransportParameter.text("server_uri") {
            targets.append(target(text))
        } else if let parent = try Rendezvous.fromEnvironment() {
            targets.append(.parent(parent))
        } else {
            targets.append(.nearby)
        }
        return targets
    }

    /// What the search has used up means nothing to the server; the rest it gets, and then what we have to say.
    static func description(_ infos: [Info], isLauncher: Bool) -> [Info] {
        let used: [Key] = [
            .connectToSystem, .connectSystemFirst, .serverProcess, .serverNspace, .toolAttachmentFile,
            .launcherRendezvousFile,
        ]
        // An address of this process means nothing in another one.
        var description = infos.filter { !used.contains($0.key) && $0.value.type != .pointer }
        description.append(Info(.processID, Value(.pid, .unsigned(UInt64(UInt32(bitPattern: Process.pid))))))
        if isLauncher { description.append(Info(.launcher, .bool(true))) }
        if let command = Process.command { description.append(Info(.commandLine, .string(command))) }
        return description
    }

    func kind(ofClient isClient: Bool) -> Handshake.Kind {
        if identity == nil { return isLauncher ? .launcherNeedingID : .toolNeedingID }
        if isClient { return isLauncher ? .clientLauncher : .clientTool }
        return isLauncher ? .launcherWithID : .toolWithID
    }
}

// MARK: Starting

extension Tool {
    /// Connects, unless it is not to, and learns what the server knows of this tool. `unreachable` without a server, when one is needed.
    public func start(adopting loop: Loop?, startsThread: Bool) throws(Status) -> Client {
        guard need != .none else { return try unconnected(loop, startsThread) }
        do throws(Status) {
            return try connected(loop, startsThread)
        } catch {
            guard need == .optional, error == .unreachable else { throw error }
            return try unconnected(loop, startsThread)
        }
    }

    private func unconnected(_ loop: Loop?, _ startsThread: Bool) throws(Status) -> Client {
        let identity = self.identity ?? Proc(search.hosts[0] + ":" + Text(decimal: Process.pid), Rank(0))
        guard let client = Client(identity, adopting: loop, startsThread: startsThread) else { throw .outOfResource }
        client.tool = self
        client.completeOwnJob()
        return client
    }

    private func connected(_ loop: Loop?, _ startsThread: Bool) throws(Status) -> Client {
        guard case .server(let connection, let rendezvous) = try connect() else { throw .unreachable }
        guard let client = Client(connection.assigned, adopting: loop, startsThread: startsThread) else {
            throw .outOfResource
        }
        client.tool = self
        do throws(Status) {
            try client.requestToolJob(of: try client.attach(connection, rendezvous))
        } catch {
            client.close()
            throw error == .lostConnection ? .unreachable : error
        }
        client.completeOwnJob()
        client.remember(rendezvous.uri)
        return client
    }

    enum Reached {
        case server(Connector.Connected, Rendezvous)
        /// It is connected to already.
        case attached(Link)
    }

    func connect(_ attached: (Proc) -> Link? = { _ in nil }) throws(Status) -> Reached {
        var retry: UInt64 = 0
        while true {
            for target in targets {
                do throws(Status) {
                    return try connect(to: target, attached)
                } catch {
                    guard error == .unreachable else { throw error }
                }
            }
            if retry >= retries { throw .unreachable }
            retry += 1
            Pause.milliseconds(retryMilliseconds)
        }
    }

    private func connect(to target: Target, _ attached: (Proc) -> Link?) throws(Status) -> Reached {
        let rendezvous = try search.locate(target)
        if let link = attached(rendezvous.uri.server) { return .attached(link) }
        var isParent = false
        if case .parent = target { isParent = true }
        var kind = kind(ofClient: isClient || isParent)
        if isScheduler && kind.hasProc && rendezvous.release.has(.knowsSchedulers) { kind = .scheduler }
        let connector = Connector(rendezvous: rendezvous, kind: kind, proc: identity, infos: infos)
        let connected = try connector.connect()
        guard !connected.assigned.nspace.isEmpty, connected.assigned.rank.isValid else {
            Trace.say("server \(connected.server.description) assigns no name that a process can have")
            throw .unreachable
        }
        return .server(connected, rendezvous)
    }
}

extension Client {
    /// REQ. What it answers is about the job the server counts this tool to, whatever its name; a server may as well know nothing.
    func requestToolJob(of link: Link) throws(Status) {
        let dialect = link.dialect
        let request = Packer(dialect, command: .request)
        let payload = try link.exchange(request.bytes, Connector.handshakeDeadline).get()
        do throws(Malformed) {
            try payload.unpack(dialect) { (unpacker) throws(Malformed) in
                guard let nspace = try unpacker.string(), !nspace.isEmpty else { throw .string }
                try readJob(nspace, &unpacker)
            }
        } catch {
            guard let answer = statusAlone(payload, dialect) else { throw link.cannotRead(error) }
            if !answer.isSuccess && answer != .notFound { throw answer }
        }
    }

    private func statusAlone(_ payload: [UInt8], _ dialect: Dialect) -> Status? {
        try? payload.unpack(dialect) { (unpacker) throws(Malformed) in
            let status = try unpacker.status()
            guard unpacker.isAtEnd else { throw .count }
            return status
        }
    }

    /// A tool is a job of one, as far as its server does not say otherwise.
    func completeOwnJob() {
        let host = Process.hostname
        let rank = Text(decimal: identity.rank.rawValue)
        let job: [(Key, Value)] = [
            (.jobID, .string(identity.nspace)), (.jobSize, .uint32(1)), (.maxProcs, .uint32(1)),
            (.localSize, .uint32(1)), (.nodeSize, .uint32(1)), (.localLeader, .rank(identity.rank)),
            (.localPeers, .string(rank)), (.nodeMap, .string(host)), (.procMap, .string(rank)),
            (.nodeList, .string(host)), (.numNodes, .uint32(1)),
        ]
        let own: [(Key, Value)] = [
            (.hostname, .string(host)), (.appNumber, .uint32(0)), (.rankOffset, .uint32(0)),
            (.localRank, .uint16(0)), (.globalRank, .uint32(0)),
        ]
        withData(identity.nspace) { data in
            for (key, value) in job where data.job[key] == nil { data.job[key] = value }
            var table = data.ranks[identity.rank] ?? KeyTable()
            for (key, value) in own where table[key] == nil { table[key] = value }
            data.ranks[identity.rank] = table
        }
    }

    /// What a tool asks about the server it found.
    func remember(_ uri: ServerURI) {
        guard let link else { return }
        remember(link.server)
        store(identity, .serverURI, .string(uri.text))
    }

    func remember(_ server: Proc) {
        store(identity, .serverNspace, .string(server.nspace))
        store(identity, .serverRank, .rank(server.rank))
    }
}

extension ServerURI {
    var text: Text {
        let isPlain = address.family == .v4
        let host = isPlain ? address.host : "[" + address.host + "]"
        let name = server.nspace + "." + Text(decimal: server.rank.rawValue)
        return name + Text((isPlain ? ";tcp4://" : ";tcp6://") + host + ":" + String(address.port))
    }
}

extension Process {
    /// The name this program was called by.
    static var command: Text? {
        guard let content = try? Files.read(Array("/proc/self/cmdline".utf8), atMost: 4096, links: .followed) else {
            return nil
        }
        return Text(Array(content.bytes.prefix { $0 != 0 }))
    }
}
