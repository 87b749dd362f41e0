import Bytes
import PMIxWire
import Sockets

// What a client asks of its server, one function an operation: the request's fields in order, and how its answer is read.
// Facts PMIx wire 5 has the table.
extension Client {
    /// NULL processes mean everybody in the caller's namespace.
    private func participants(_ procs: [Proc]) -> [Proc] {
        procs.isEmpty ? [Proc(identity.nspace, .wildcard)] : withoutGroups(procs)
    }

    public func fence(_ procs: [Proc], _ infos: [Info]) -> Exchange<Void> {
        var packer = Packer(dialect, command: .fence)
        packer.procs(participants(procs))
        packer.infos(infos)
        // A server of ours may send what the participants have shown along with the status.
        return Exchange(packer, deadline: infos.deadline) { [self] (unpacker) throws(Malformed) in
            try readShown(&unpacker, ofOthers: true)
        }
    }

    public func abort(_ status: Status, _ message: Text?, _ procs: [Proc]) -> Exchange<Void> {
        var packer = Packer(dialect, command: .abort)
        packer.status(status)
        packer.string(message)
        packer.procs(procs)
        return Exchange(packer)
    }

    // MARK: Published data

    public func publish(_ infos: [Info]) -> Exchange<Void> {
        var packer = Packer(dialect, command: .publish)
        packer.uint32(Process.effectiveUser)
        packer.infos(infos)
        return Exchange(packer, deadline: infos.deadline)
    }

    public func lookup(_ keys: [Key], _ infos: [Info]) -> Exchange<[PublishedValue]> {
        var packer = Packer(dialect, command: .lookup)
        packer.uint32(Process.effectiveUser)
        packer.size(keys.count)
        for key in keys { packer.string(key) }
        packer.infos(infos)
        return Exchange(packer, deadline: infos.deadline) { (unpacker) throws(Malformed) in
            try unpacker.list(.pdata).compactMap { if case .published(let value) = $0 { value } else { nil } }
        }
    }

    /// No keys: everything this process has published.
    public func unpublish(_ keys: [Key], _ infos: [Info]) -> Exchange<Void> {
        var packer = Packer(dialect, command: .unpublish)
        packer.uint32(Process.effectiveUser)
        packer.size(keys.count)
        for key in keys { packer.string(key) }
        packer.infos(infos)
        return Exchange(packer, deadline: infos.deadline)
    }

    // MARK: Jobs

    /// Answers the new namespace, whose job data are known from then on if the server sent them.
    public func spawn(_ infos: [Info], _ apps: [App]) -> Exchange<Namespace> {
        var packer = Packer(dialect, command: .spawn)
        packer.infos(infos)
        packer.list(.app, apps.map { .app($0) })
        return Exchange(packer, deadline: infos.deadline) { [self] (unpacker) throws(Malformed) in
            // A host may be done without having said what it called the job.
            guard let nspace = try unpacker.string() else { return "" }
            try readJob(nspace, &unpacker)
            show(nspace, infos)
            return nspace
        }
    }

    public func connect(_ procs: [Proc], _ infos: [Info]) -> Exchange<Void> {
        var packer = Packer(dialect, command: .connect)
        packer.procs(participants(procs))
        packer.infos(infos)
        return Exchange(packer, deadline: infos.deadline) { [self] (unpacker) throws(Malformed) in
            try readJobs(&unpacker)
        }
    }

    /// Jobs that somebody else's answer tells of, one object each.
    func readJobs(_ unpacker: inout Unpacker) throws(Malformed) {
        while !unpacker.isAtEnd {
            let object = try unpacker.byteObject()
            try object.unpack(dialect) { (inner) throws(Malformed) in
                guard let nspace = try inner.string() else { throw .string }
                try readJob(nspace, &inner)
            }
        }
    }

    public func disconnect(_ procs: [Proc], _ infos: [Info]) -> Exchange<Void> {
        var packer = Packer(dialect, command: .disconnect)
        packer.procs(participants(procs))
        packer.infos(infos)
        return Exchange(packer, deadline: infos.deadline)
    }

    func readJob(_ nspace: Namespace, _ unpacker: inout Unpacker) throws(Malformed) {
        if unpacker.isAtEnd { return }
        var data = NamespaceData(nspace)
        try data.read(&unpacker)
        absorb(nspace, data)
    }

    // MARK: Services of the host

    /// What queries have found, which may be not all that was asked for.
    public struct QueryAnswer {
        public var isWhole: Bool
        public var infos: [Info]
    }

    public func query(_ queries: [Query]) -> Exchange<QueryAnswer> {
        var packer = Packer(dialect, command: .query)
        packer.list(.query, queries.map { .query($0) })
        let limits = queries.flatMap { $0.qualifiers.filter { $0.key == .timeout } }
        var exchange = Exchange<QueryAnswer>(packer, deadline: limits.deadline) { (unpacker) throws(Malformed) in
            QueryAnswer(isWhole: true, infos: try Client.optionalInfos(&unpacker))
        }
        exchange.readPartial = { (unpacker) throws(Malformed) in
            QueryAnswer(isWhole: false, infos: try Client.optionalInfos(&unpacker))
        }
        return exchange
    }

    /// `time`: when it happened, seconds since 1970; 0 leaves that to the host.
    public func log(_ data: [Info], _ directives: [Info], time: UInt64) -> Exchange<[Info]> {
        var packer = Packer(dialect, command: .log)
        if serverRelease.has(.logHasTime) { packer.one(.time, .unsigned(time)) }
        packer.infos(data)
        packer.infos(directives)
        // A status is all there is to say, and what follows it is not looked at.
        return Exchange(packer, deadline: directives.deadline) { (_) throws(Malformed) in [] }
    }

    public func controlJob(_ targets: [Proc], _ infos: [Info]) -> Exchange<[Info]> {
        var packer = Packer(dialect, command: .jobControl)
        packer.procs(targets)
        packer.infos(infos)
        return Exchange(packer, deadline: infos.deadline, Client.optionalInfos)
    }

    public func monitor(_ what: Info, _ alert: Status, _ infos: [Info]) -> Exchange<[Info]> {
        var packer = Packer(dialect, command: .monitor)
        packer.info(what)
        packer.status(alert)
        packer.infos(infos)
        return Exchange(packer, deadline: infos.deadline, Client.optionalInfos)
    }

    public func allocate(_ directive: UInt8, _ infos: [Info]) -> Exchange<[Info]> {
        var packer = Packer(dialect, command: .allocate)
        packer.byte(directive, .allocDirective)
        packer.infos(infos)
        return Exchange(packer, deadline: infos.deadline, Client.optionalInfos)
    }

    public func controlSession(_ session: UInt32, _ infos: [Info]) -> Exchange<[Info]> {
        var packer = Packer(dialect, command: .sessionControl)
        packer.uint32(session)
        packer.infos(infos)
        return Exchange(packer, deadline: infos.deadline, Client.optionalInfos)
    }

    public func resourceBlock(
        _ directive: UInt8, _ name: Text?, _ units: [ResourceUnit], _ infos: [Info]
    ) -> Exchange<[Info]> {
        var packer = Packer(dialect, command: .resourceBlock)
        packer.byte(directive, .resourceBlockDirective)
        packer.string(name)
        packer.list(.resourceUnit, units.map { .resourceUnit(type: $0.type, count: $0.count) })
        packer.infos(infos)
        return Exchange(packer, deadline: infos.deadline) { (_) throws(Malformed) in [] }
    }

    public func credential(_ infos: [Info]) -> Exchange<(bytes: [UInt8], infos: [Info])> {
        var packer = Packer(dialect, command: .getCredential)
        packer.infos(infos)
        return Exchange(packer, deadline: infos.deadline) { (unpacker) throws(Malformed) in
            let bytes = try unpacker.byteObject()
            return (bytes, try Client.optionalInfos(&unpacker))
        }
    }

    public func validate(_ credential: [UInt8], _ infos: [Info]) -> Exchange<[Info]> {
        var packer = Packer(dialect, command: .validateCredential)
        packer.byteObject(credential)
        packer.infos(infos)
        return Exchange(packer, deadline: infos.deadline, Client.optionalInfos)
    }

    public func registerFabric(_ infos: [Info]) -> Exchange<[Info]> {
        var packer = Packer(dialect, command: .registerFabric)
        packer.infos(infos)
        return Exchange(packer, deadline: infos.deadline, Client.optionalInfos)
    }

    public func updateFabric(_ index: UInt64) -> Exchange<[Info]> {
        var packer = Packer(dialect, command: .updateFabric)
        packer.size(index)
        return Exchange(packer, Client.optionalInfos)
    }

    /// nil: the topology of this machine, which is the server's too.
    public func deviceDistances(_ xml: Text?, _ processors: Text, _ infos: [Info]) -> Exchange<[DeviceDistance]> {
        var packer = Packer(dialect, command: .deviceDistances)
        packer.one(.topology, .topology(TopologyValue(xml: xml)))
        packer.one(.cpuset, .text(processors))
        packer.infos(infos)
        return Exchange(packer, deadline: infos.deadline) { (unpacker) throws(Malformed) in
            try unpacker.list(.deviceDistance).compactMap { if case .distance(let found) = $0 { found } else { nil } }
        }
    }

    /// A sign of life: a message without a byte.
    public func heartbeat() {
        link?.tell([], tag: Tag.heartbeat)
    }

    /// Servers answer many of these with a status alone.
    private static func optionalInfos(_ unpacker: inout Unpacker) throws(Malformed) -> [Info] {
        unpacker.isAtEnd ? [] : try unpacker.infos()
    }
}
