import Bytes

// How a namespace's data come in and go out: from the infos a host registers, and as the answer to REQ (facts PMIx wire 6.1).

extension NamespaceData {
    // MARK: From a host

    /// Takes over what a host registers. Values keep the types the host gave them. Node and process maps are expanded into what
    /// clients ask for: each node's peers, each process's host.
    public mutating func register(_ infos: [Info]) throws(Status) {
        var nodeNames: [Text]?
        var nodeRanks: [[UInt32]]?
        for info in infos {
            switch info.key {
            case .nodeMap: nodeNames = try NamespaceData.decoded(info, NodeMap.nodes)
            case .procMap: nodeRanks = try NamespaceData.decoded(info, NodeMap.ranks)
            case .procData: try registerProc(info)
            case .nodeArray: registerRealm(info, numbered: .nodeID, into: &nodes)
            case .appArray: registerRealm(info, numbered: .appNumber, into: &apps)
            case .sessionArray: registerRealm(info, numbered: .sessionID, into: &sessions)
            case .jobArray:
                for pair in info.value.asInfos ?? [] { job[pair.key] = pair.value }
            default: job[info.key] = info.value
            }
        }
        if let nodeNames { expand(nodeNames, nodeRanks ?? []) }
        if job[.maxProcs] == nil, let size = job[.jobSize] { job[.maxProcs] = size }
    }

    private static func decoded<T>(
        _ info: Info, _ decode: (Text) throws(Malformed) -> T
    ) throws(Status) -> T {
        guard let text = info.value.asText else { throw .badParameter }
        do throws(Malformed) {
            return try decode(text)
        } catch {
            throw .badParameter
        }
    }

    private mutating func registerProc(_ info: Info) throws(Status) {
        guard let infos = info.value.asInfos, let rank = infos[.rank]?.asRank else { throw .badParameter }
        var table = ranks[rank] ?? KeyTable()
        for pair in infos where pair.key != .rank { table[pair.key] = pair.value }
        ranks[rank] = table
    }

    private func registerRealm(_ info: Info, numbered: Key, into realms: inout [Realm]) {
        guard let infos = info.value.asInfos else { return }
        var realm = Realm(number: infos[numbered]?.asUInt32)
        if numbered == .nodeID {
            realm.name = infos[.hostname]?.asText
            realm.aliases = infos[.hostnameAliases]?.asText?.split(UInt8(ascii: ",")) ?? []
        }
        for pair in infos { realm.keys[pair.key] = pair.value }
        NamespaceData.merge(realm, into: &realms)
    }

    private mutating func expand(_ names: [Text], _ nodeRanks: [[UInt32]]) {
        if job[.nodeList] == nil { job[.nodeList] = .string(.joined(names, separator: UInt8(ascii: ","))) }
        if job[.numNodes] == nil { job[.numNodes] = .uint32(UInt32(clamping: names.count)) }
        for (position, name) in names.enumerated() {
            let number = UInt32(clamping: position)
            var node = Realm(number: number, name: name)
            node.keys[.hostname] = .string(name)
            node.keys[.nodeID] = .uint32(number)
            if position < nodeRanks.count {
                let peers = nodeRanks[position]
                node.keys[.localPeers] = .string(.joined(peers.map { Text(decimal: $0) }, separator: UInt8(ascii: ",")))
                if let leader = peers.min() { node.keys[.localLeader] = .rank(Rank(leader)) }
                node.keys[.localSize] = .uint32(UInt32(clamping: peers.count))
                for peer in peers { place(Rank(peer), number, name) }
            }
            mergeNode(node)
        }
    }

    private mutating func place(_ rank: Rank, _ number: UInt32, _ name: Text) {
        var table = ranks[rank] ?? KeyTable()
        if table[.hostname] == nil { table[.hostname] = .string(name) }
        if table[.nodeID] == nil { table[.nodeID] = .uint32(number) }
        ranks[rank] = table
    }

    // MARK: The answer to REQ

    /// nspace, job keys, session, node and application arrays, then a blob for each rank.
    public func write(to packer: inout Packer, peer: Release, codecVersion: Text) {
        packer.string(nspace)
        for pair in job.entries { packer.keyValue(pair.key, pair.value) }
        if job[.codecModule] == nil { packer.keyValue(.codecModule, .string(codecVersion)) }
        for session in sessions {
            if peer.has(.sessionsAreBare) {
                for pair in session.keys.entries where pair.key != .sessionID { packer.keyValue(pair.key, pair.value) }
            } else {
                packer.keyValue(.sessionArray, session.array)
            }
        }
        for node in nodes { packer.keyValue(.nodeArray, node.array) }
        for app in apps { packer.keyValue(.appArray, app.array) }
        for rank in ranks.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
            guard let table = ranks[rank], !table.isEmpty else { continue }
            var blob = Packer(packer.dialect)
            blob.rank(rank)
            for pair in table.entries { blob.keyValue(pair.key, pair.value) }
            packer.keyValue(.procBlob, .bytes(blob.bytes))
        }
    }

    /// Everything after the nspace: of a REQ answer, a spawn's or a connect's job info.
    public mutating func read(_ unpacker: inout Unpacker) throws(Malformed) {
        while !unpacker.isAtEnd {
            let pair = try unpacker.keyValue()
            switch pair.key {
            case .procBlob: try readRank(pair.value, unpacker.dialect)
            case .nodeArray: registerRealm(Info(pair.key, pair.value), numbered: .nodeID, into: &nodes)
            case .appArray: registerRealm(Info(pair.key, pair.value), numbered: .appNumber, into: &apps)
            case .sessionArray: registerRealm(Info(pair.key, pair.value), numbered: .sessionID, into: &sessions)
            case .jobArray:
                for info in pair.value.asInfos ?? [] { job[info.key] = info.value }
            default: readJobKey(pair)
            }
        }
    }

    /// Release 3 servers name a node's array by the node.
    private mutating func readJobKey(_ pair: KeyValue) {
        guard !pair.key.isReserved, let infos = pair.value.asInfos else {
            job[pair.key] = pair.value
            return
        }
        var node = Realm(number: infos[.nodeID]?.asUInt32, name: pair.key)
        for info in infos { node.keys[info.key] = info.value }
        if node.keys[.hostname] == nil { node.keys[.hostname] = .string(pair.key) }
        mergeNode(node)
    }

    private mutating func readRank(_ value: Value, _ dialect: Dialect) throws(Malformed) {
        guard let bytes = value.asBytes else { throw .type(value.type.rawValue) }
        let (rank, pairs) = try bytes.unpack(dialect) { (inner) throws(Malformed) in
            (try inner.rank(), try inner.keyValuesToEnd())
        }
        var table = ranks[rank] ?? KeyTable()
        for pair in pairs { table[pair.key] = pair.value }
        ranks[rank] = table
    }
}

extension Realm {
    var array: Value { .infos(keys.entries.map { Info($0.key, $0.value) }) }
}
