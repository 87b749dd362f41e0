import Bytes
import PMIxClient
import PMIxServer
import PMIxWire
import Reactor
import Sockets

extension Library {
    func initializeServer(_ host: Host, _ infos: [Info]) throws(Status) {
        lifecycle.lock()
        defer { lifecycle.unlock() }
        if let client {
            if hosted == nil { guard client.tool != nil else { throw .notInitialized } }
            // A tool that is begun as a server as well brings the functions its server calls.
            if client.tool != nil { try take(host, client) }
            initCount += 1
            return
        }
        let options = try Server.Options(infos)
        let (loop, startsThread) = try Library.progress(infos)
        guard let client = Client(options.identity, adopting: loop, startsThread: startsThread) else {
            throw .outOfResource
        }
        Machine.shared.adopt(infos)
        do throws(Status) {
            set(client, try Library.started(Server(options, loop: client.loop, host: host), client))
        } catch {
            client.close()
            throw error
        }
        initCount = 1
        client.meetParent()
    }

    private static func started(_ server: Server, _ client: Client) throws(Status) -> Server {
        server.onLocalEvent = { [handlers = client.handlers] event in handlers.deliver(event) }
        server.onAttributeQuery = { AttributeRegistry.shared.answers(to: $0, from: [.server, .host]) }
        // Safety: the server stops, and calls nothing any more, before the client can go.
        server.onDistances = { [unowned(unsafe) client] value, list, infos throws(Status) in
            try DistanceQuestion(client, value, list, infos).answer() ?? []
        }
        try server.start()
        return server
    }

    /// A launcher listens from its init on; what it cannot do itself it passes on to the server it is connected to.
    func startLauncher(_ client: Client, _ infos: [Info]) throws(Status) {
        var options = try Server.Options(infos)
        options.identity = client.identity
        let server = Server(options, loop: client.loop, host: Library.relaying(Host(), client))
        set(client, try Library.started(server, client))
        registerFiles(of: server, client)
    }

    /// Should this process end badly, the server it is connected to removes its contact files.
    private func registerFiles(of server: Server, _ client: Client) {
        if server.contactPaths.isEmpty || !client.isConnected { return }
        let files = Text.joined(server.contactPaths, separator: UInt8(ascii: ","))
        let request = client.controlJob([client.identity], [Info("pmix.reg.cleanup", .string(files))])
        client.begin(request) { _ in }
    }

    /// The functions of a tool's server, which is begun if there is none yet.
    func take(_ host: Host, _ client: Client) throws(Status) {
        let complete = Library.relaying(host, client)
        if let server = hosted { return server.adopt(complete, stepping: !client.hasThread) }
        var options = try Server.Options(client.tool?.given ?? [])
        options.identity = client.identity
        let server = Server(options, loop: client.loop, host: complete)
        set(client, try Library.started(server, client))
        registerFiles(of: server, client)
    }

    /// A host that cannot spawn leaves it to the server the tool is connected to.
    private static func relaying(_ host: Host, _ client: Client) -> Host {
        guard host.spawn == nil else { return host }
        var relaying = host
        // Safety: the server stops, and calls nothing any more, before the client can go.
        relaying.spawn = { [unowned(unsafe) client] _, infos, apps, done in
            guard client.isConnected else { return .notSupported }
            client.begin(client.spawn(infos, apps)) { result in
                switch result {
                case .success(let nspace): done(.success, nspace)
                case .failure(let reason): done(reason, nil)
                }
            }
            return .success
        }
        return relaying
    }

    func finalizeServer() throws(Status) {
        guard hosted != nil else { throw .notInitialized }
        try finalize([])
    }
}

extension Server.Options {
    /// What the infos of an init say, then the environment, then what is usual. Throws what an init says to infos it
    /// cannot follow.
    init(_ infos: [Info]) throws(Status) {
        let nspace = infos[.serverNspace]?.asText ?? Process.variable("PMIX_SERVER_NAMESPACE") ?? "pmix-server"
        let number = Process.variable("PMIX_SERVER_RANK")?.decimal.flatMap { UInt32(exactly: $0) }
        let rank = infos[.serverRank]?.asRank ?? Rank(number ?? UInt32(bitPattern: Process.pid))
        self.init(
            identity: Proc(nspace, rank), hostname: infos[.hostname]?.asText ?? Process.hostname,
            uid: Process.effectiveUser, gid: Process.effectiveGroup)
        let temporary = Process.variable("TMPDIR") ?? Process.variable("TEMP") ?? Process.variable("TMP") ?? "/tmp"
        systemDirectory =
            infos[.systemTemporaryDirectory]?.asText ?? Process.variable("PMIX_SYSTEM_TMPDIR") ?? temporary
        serverDirectory =
            infos[.serverTemporaryDirectory]?.asText ?? Process.variable("PMIX_SERVER_TMPDIR") ?? temporary
        supportsTools = infos.isTrue(.serverToolSupport)
        supportsSystem = infos.isTrue(.serverSystemSupport)
        supportsSession = infos.isTrue(.serverSessionSupport)
        launcherRendezvousFile =
            infos[.launcherRendezvousFile]?.asText ?? Process.variable("PMIX_LAUNCHER_RENDEZVOUS_FILE")
            ?? Process.variable("PMIX_LAUNCHER_RNDZ_FILE")
        isGateway = infos.isTrue("pmix.srv.gway")
        writesOutput = infos.isTrue("pmix.iof.local")
        let cached = Process.variable("PMIX_MCA_pmix_max_iof_cache")?.decimal
        if let cached, let most = Int(exactly: cached) { maxCachedOutput = most }
        try readTransport(infos)
        isDescribed =
            Process.variable("PMIX_MCA_bfrops_base_default_type") == "2"
            || Process.variable(Dialect.bufferTypeVariable) == Dialect.describedName
        if let wanted = Process.variable("PMIX_MCA_psec") {
            securityModules = Self.securityModules(wanted)
            if securityModules.isEmpty {
                // Falling back to a weaker proof than was asked for would let in whom it was to keep out.
                Complaint.say("PMIX_MCA_psec=\(wanted.description): no such way of proving who one is can be used here")
                throw .silent
            }
        } else {
            securityModules = Self.securityModules(Process.variable("PMIX_SECURITY_MODE"))
            if securityModules.isEmpty { securityModules = ["native"] }
        }
    }

    /// Those of a list that can be used here, in the order of their strength; after a `^` those it does not name.
    private static func securityModules(_ list: Text?) -> [Text] {
        let isExclusion = list?.hasPrefix("^") ?? false
        let names = list.map { Text(Array($0.bytes.dropFirst(isExclusion ? 1 : 0))).split(UInt8(ascii: ",")) } ?? []
        let isWanted = { (name: Text) -> Bool in
            // Nobody gets in unproven unless that was asked for.
            if names.isEmpty || isExclusion { return name != "none" && !names.contains(name) }
            return names.contains(name)
        }
        let modules: [Text] = ["munge", "native", "none"]
        return modules.filter { isWanted($0) && ($0 != "munge" || Munge.isUsable) }
    }
}

extension Server.Options {
    /// Where to listen, and who is told of it.
    private mutating func readTransport(_ infos: [Info]) throws(Status) {
        reportURI = infos[.tcpReportURI]?.asText ?? TransportParameter.text("report_uri")
        allowsRemote = Self.flag(infos, .serverRemoteConnections, "remote_connections") ?? false
        usesIPv4 = !(Self.flag(infos, .tcpDisableIPv4, "disable_ipv4_family") ?? false)
        usesIPv6 = !(Self.flag(infos, .tcpDisableIPv6, "disable_ipv6_family") ?? true)
        portIPv4 = try Self.port(infos, .tcpPortIPv4, "ipv4_port")
        portIPv6 = try Self.port(infos, .tcpPortIPv6, "ipv6_port")
        let (include, exclude) = (TransportParameter.text("if_include"), TransportParameter.text("if_exclude"))
        try Self.checkChoice(include, exclude, .notAvailable)
        includedInterfaces = Self.list(infos[.tcpInterfacesIncluded]?.asText ?? include)
        excludedInterfaces = Self.list(infos[.tcpInterfacesExcluded]?.asText ?? exclude)
        try Self.checkChoice(
            infos[.tcpInterfacesIncluded]?.asText ?? include, infos[.tcpInterfacesExcluded]?.asText ?? exclude,
            .notInitialized)
    }

    private static func checkChoice(_ include: Text?, _ exclude: Text?, _ status: Status) throws(Status) {
        guard let include, let exclude else { return }
        Complaint.say(
            "interfaces to include (\(include.description)) and to exclude (\(exclude.description)) were given: only one "
                + "of if_include and if_exclude can be")
        throw status
    }

    private static func list(_ text: Text?) -> [Text] {
        (text?.split(UInt8(ascii: ",")) ?? []).filter { !$0.isEmpty }
    }

    private static func flag(_ infos: [Info], _ key: Key, _ name: Text) -> Bool? {
        infos[key] == nil ? TransportParameter.flag(name) : infos.isTrue(key)
    }

    private static func port(_ infos: [Info], _ key: Key, _ name: Text) throws(Status) -> UInt16 {
        guard let value = infos[key] else {
            return TransportParameter.number(name).flatMap { UInt16(exactly: $0) } ?? 0
        }
        guard let number = value.asUnsigned, let port = UInt16(exactly: number) else { throw .badParameter }
        return port
    }
}

extension Server {
    /// A request of the server's own process to its host.
    func ask(_ service: Service, _ done: @escaping (Result<[Info], Status>) -> Void) {
        // A host is called on the thread that asks: it may hold what the loop's thread would wait for (a Python host its
        // interpreter). What comes of it is told on the loop, as everything is.
        let infosDone = { [self] (status: Status, infos: [Info]) in
            loop.post { done(status.isSuccess ? .success(infos) : .failure(status)) }
        }
        switch service {
        case .jobControl(let targets, let infos):
            guard let control = host.jobControl else { return infosDone(.notSupported, []) }
            ask({ control(self.identity, targets, infos, $0) }, infosDone)
        case .monitor(let what, let alert, let infos):
            guard let monitor = host.monitor else { return infosDone(.notSupported, []) }
            ask({ monitor(self.identity, what, alert, infos, $0) }, infosDone)
        case .log(let data, let directives):
            // The server's own channels come before the host.
            loop.post { [self] in log(identity, data, directives) { status in infosDone(status, []) } }
        case .allocate(let directive, let infos): allocate(directive, infos, for: identity, infosDone)
        case .controlSession(let session, let infos): controlSession(session, infos, for: identity, infosDone)
        case .resourceBlock(let directive, let name, let units, let infos):
            resourceBlock(directive, name, units, infos, for: identity) { status in infosDone(status, []) }
        case .validateCredential(let bytes, let infos): validate(bytes, infos, for: identity, infosDone)
        case .registerFabric(let infos): registerFabric(infos, for: identity, infosDone)
        case .updateFabric(let index): updateFabric(index, for: identity, infosDone)
        }
    }
}
