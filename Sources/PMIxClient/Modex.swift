import Bytes
import PMIxWire
import Reactor
import Sockets

// Put, commit and get: a process shows its values, its server keeps them, peers fetch them.
extension Client {
    // MARK: Put

    /// Keeps a value under this process's name until `commit`. It is visible to this process at once.
    public func put(_ scope: DataScope, _ key: Key, _ value: Value) throws(Status) {
        guard scope != .undefined else { throw .badParameter }
        lock.withLock {
            own.ranks[identity.rank, default: KeyTable()][key] = value
            if scope != .global { uncommitted.isGlobal = false }
            if scope == .local || scope == .global { uncommitted.local[key] = value }
            if scope == .remote || scope == .global { uncommitted.remote[key] = value }
        }
    }

    /// Keeps a value about any process for this process alone.
    public func store(_ proc: Proc, _ key: Key, _ value: Value) {
        withData(proc.nspace) { data in
            if proc.rank == .wildcard {
                data.job[key] = value
            } else {
                data.ranks[proc.rank, default: KeyTable()][key] = value
            }
        }
    }

    // MARK: Commit

    /// Sends what was put since the last commit. It does not wait: whoever wants to know that peers can see the values fences, on the same
    /// connection and so after this. A refusal is reported by the next commit.
    public func commit() throws(Status) {
        guard let link else { throw .unreachable }
        let (batch, failure) = lock.withLock {
            defer {
                uncommitted = Uncommitted()
                commitFailure = nil
            }
            return (uncommitted, commitFailure)
        }
        if let failure { throw failure }
        guard link.isConnected else { throw .unreachable }
        let exchange = Exchange(commitRequest(batch))
        begin(exchange) { [self] result in
            if case .failure(let reason) = result { lock.withLock { commitFailure = reason } }
        }
    }

    private func commitRequest(_ batch: Uncommitted) -> Packer {
        let local = packed(batch.local)
        let remote = batch.isGlobal ? local : packed(batch.remote)
        var packer = Packer(dialect, command: .commit, reserving: local.count + remote.count + 64)
        for (scope, bytes) in [(DataScope.local, local), (.remote, remote)] where !bytes.isEmpty {
            packer.byte(scope.rawValue, .scope)
            packer.one(.buffer, .buffer(kind: dialect.bufferKind, bytes))
        }
        return packer
    }

    private func packed(_ table: KeyTable) -> [UInt8] {
        if table.isEmpty { return [] }
        var packer = Packer(dialect, reserving: 1024)
        for pair in table.entries { packer.keyValue(pair.key, pair.value) }
        return packer.bytes
    }

    // MARK: Get

    /// What a get asks for.
    public struct Wanted: Sendable {
        public var proc: Proc
        /// nil: everything there is.
        public var key: Key?
        public var directives: [Info]

        public init(_ proc: Proc, _ key: Key?, _ directives: [Info]) {
            self.proc = proc
            self.key = key
            self.directives = directives
        }
    }

    final class Fetch {
        let wanted: Wanted
        let done: (Result<Value, Status>) -> Void

        init(_ wanted: Wanted, _ done: @escaping (Result<Value, Status>) -> Void) {
            self.wanted = wanted
            self.done = done
        }
    }

    /// The value if this process has it. Never waits.
    public func find(_ wanted: Wanted) -> Value? {
        if wanted.directives.isEmpty, let key = wanted.key, wanted.proc.nspace == identity.nspace {
            return lock.withLock {
                // Straight to the table: calling a function on `own` would copy it first.
                let rank = wanted.proc.rank
                let value = rank == .wildcard ? own.job[key] : own.ranks[rank]?[key]
                return value ?? own.find(key, rank: rank, scope: nil, observer: identity.rank)
            }
        }
        if wanted.directives.isTrue(.refreshCache) { return nil }
        let scope = Scope(wanted.directives)
        let observer = wanted.proc.nspace == identity.nspace ? identity.rank : nil
        return withKnown(wanted.proc.nspace) { data in
            guard let key = wanted.key else { return data.everything(wanted.proc.rank) }
            let qualifiers = wanted.directives.qualifiers
            if !qualifiers.isEmpty { return data.ranks[wanted.proc.rank]?.find(key, qualifiedBy: qualifiers) }
            return data.find(key, rank: wanted.proc.rank, scope: scope, observer: observer)
        }
    }

    private func withKnown(_ nspace: Namespace, _ body: (NamespaceData) -> Value?) -> Value? {
        lock.withLock {
            if nspace == own.nspace { return body(own) }
            return known[nspace].flatMap(body)
        }
    }

    /// Whether only this process's own store may answer.
    private func isLocalOnly(_ wanted: Wanted) -> Bool {
        if wanted.directives.isTrue(.optional) { return true }
        if wanted.directives.isTrue(.refreshCache) { return false }
        // What a group calls its members becomes known with the group.
        if wanted.directives.contains(where: { $0.isQualifier }) { return false }
        let isReserved = wanted.key?.isReserved ?? false
        // The job's own data came whole at init, and nobody can know more of this process's keys than it does itself.
        return isReserved ? wanted.proc.nspace == identity.nspace : wanted.proc == identity
    }

    /// Blocks unless the value is at hand.
    public func get(_ wanted: Wanted) throws(Status) -> Value {
        if let value = find(wanted) { return value }
        if isLocalOnly(wanted) || link == nil {
            guard let value = ofConnection(wanted) else { throw .notFound }
            return value
        }
        try perform(fetch(wanted))
        guard let value = found(wanted) else { throw .notFound }
        return value
    }

    public func get(_ wanted: Wanted, _ done: @escaping (Result<Value, Status>) -> Void) {
        if let value = find(wanted) { return loop.post { done(.success(value)) } }
        if isLocalOnly(wanted) || link == nil {
            let value = ofConnection(wanted)
            return loop.post { done(value.map { .success($0) } ?? .failure(.notFound)) }
        }
        let fetch = Fetch(wanted, done)
        // One answer brings all keys of a process: who asks for another key of it meanwhile waits for that answer.
        let isFirst = lock.withLock {
            guard wanted.directives.isEmpty else { return true }
            fetches[wanted.proc, default: []].append(fetch)
            return fetches[wanted.proc]?.count == 1
        }
        if isFirst { begin(self.fetch(wanted)) { [self] result in finish(fetch, result) } }
    }

    /// What a process knows of its server, and of itself, because it is connected.
    private func ofConnection(_ wanted: Wanted) -> Value? {
        let isAnyone = wanted.proc.rank == .undefined
        guard wanted.proc.nspace == identity.nspace, isAnyone || wanted.proc.rank == identity.rank else { return nil }
        switch wanted.key {
        case .procID: return isAnyone ? .proc(identity) : nil
        case .serverURI: return link.map { .string($0.uri) }
        case .serverNspace: return link.map { .string($0.server.nspace) }
        case .serverRank: return link.map { .rank($0.server.rank) }
        default: return nil
        }
    }

    private func finish(_ first: Fetch, _ result: Result<Void, Status>) {
        let shared = lock.withLock {
            first.wanted.directives.isEmpty ? fetches.removeValue(forKey: first.wanted.proc) ?? [] : [first]
        }
        for fetch in shared {
            if let value = found(fetch.wanted) {
                fetch.done(.success(value))
            } else if case .failure(let reason) = result {
                fetch.done(.failure(reason))
            } else if fetch === first {
                fetch.done(.failure(.notFound))
            } else {
                // Its key came later than the answer that was under way.
                begin(self.fetch(fetch.wanted)) { [self] in finishAlone(fetch, $0) }
            }
        }
    }

    private func finishAlone(_ fetch: Fetch, _ result: Result<Void, Status>) {
        if let value = found(fetch.wanted) { return fetch.done(.success(value)) }
        if case .failure(let reason) = result { return fetch.done(.failure(reason)) }
        fetch.done(.failure(.notFound))
    }

    private func found(_ wanted: Wanted) -> Value? {
        var again = wanted
        again.directives.removeAll { $0.key == .refreshCache }
        return find(again)
    }

    /// Asks the server for all it knows of a process and stores it.
    private func fetch(_ wanted: Wanted) -> Exchange<Void> {
        var packer = Packer(dialect, command: .get)
        packer.string(wanted.proc.nspace)
        packer.rank(wanted.proc.rank)
        // What qualifies a reserved key came with the group that it is of, or never will.
        let isLate = wanted.key?.isReserved ?? false && !wanted.directives.qualifiers.isEmpty
        packer.infos(isLate ? wanted.directives + [Info(.immediate, .bool(true))] : wanted.directives)
        packer.string(wanted.key)
        return Exchange(packer, deadline: wanted.directives.deadline) { [self] (unpacker) throws(Malformed) in
            try readShown(&unpacker)
        }
    }

    /// What processes have shown, one object each, to the end of an answer.
    func readShown(_ unpacker: inout Unpacker, ofOthers others: Bool = false) throws(Malformed) {
        while !unpacker.isAtEnd { try storeShown(try unpacker.byteObject(), others) }
    }

    /// One process's keys, or with rank WILDCARD its job's. `others`: what this process has shown itself it knows.
    private func storeShown(_ object: [UInt8], _ others: Bool) throws(Malformed) {
        var fresh: NamespaceData?
        try object.unpack(dialect) { (unpacker) throws(Malformed) in
            let proc = try unpacker.proc()
            if others && proc == identity { return }
            var data = NamespaceData(proc.nspace)
            if proc.rank == .wildcard {
                try data.read(&unpacker)
            } else {
                var pairs = try unpacker.keyValuesToEnd()
                for place in pairs.indices { pairs[place].expand() }
                data.ranks[proc.rank] = KeyTable(pairs)
            }
            fresh = data
        }
        if let fresh { absorb(fresh.nspace, fresh) }
    }
}

extension NamespaceData {
    /// All keys of a rank, or of the job, as an array of infos; nil when there are none.
    func everything(_ rank: Rank) -> Value? {
        let entries = rank == .wildcard ? job.entries : ranks[rank]?.entries ?? []
        return entries.isEmpty ? nil : .infos(entries.map { Info($0.key, $0.value) })
    }

    mutating func merge(_ other: NamespaceData) {
        job.merge(other.job)
        for (rank, table) in other.ranks {
            // Taken out while it grows: one owner, and one look at the dictionary.
            guard var known = ranks.removeValue(forKey: rank) else {
                ranks[rank] = table
                continue
            }
            known.merge(table)
            ranks[rank] = known
        }
        for node in other.nodes { mergeNode(node) }
        for app in other.apps { mergeApp(app) }
        for session in other.sessions { mergeSession(session) }
    }
}
