import Bytes
import PMIxWire
import Reactor
import Sockets

extension Server {
    /// COMMIT: for each scope a buffer of keys. What is committed replaces what was committed under the same key
    /// before.
    func commit(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        var batches: [Batch] = []
        while !unpacker.isAtEnd {
            guard let scope = DataScope(rawValue: try unpacker.byte(.scope)), scope != .undefined, scope != .internal
            else { return request.reply(.badParameter) }
            batches.append(try Batch(scope, &unpacker, after: batches.last))
        }
        guard let member = request.peer.member else { return request.reply(.notFound) }
        try lock.withLock { () throws(Malformed) in
            try keep(batches.filter { $0.scope != .remote }, in: &member.local)
            try keep(batches.filter { $0.scope != .local }, in: &member.remote)
        }
        member.hasCommitted = true
        request.reply(.success)
        payModex(member.proc)
        reconsiderGets(of: member.proc)
    }

    /// One scope's buffer. It says for itself whether it is described; its integers are the peer's.
    private struct Batch {
        let scope: DataScope
        let bytes: [UInt8]
        let dialect: Dialect
        /// Ranks of later releases compress long texts, whoever reads them. No reader but ours expands them.
        let isCompressed: Bool

        /// Keys for everybody come twice, in equal buffers, and are looked at once.
        init(_ scope: DataScope, _ unpacker: inout Unpacker, after other: Batch?) throws(Malformed) {
            guard case .buffer(let kind, let bytes) = try unpacker.one(.buffer) else {
                throw .type(DataType.buffer.rawValue)
            }
            guard kind == 1 || kind == 2 else { throw .type(UInt16(kind)) }
            self.scope = scope
            self.bytes = bytes
            let dialect = Dialect(integers: unpacker.dialect.integers, isDescribed: kind == 2)
            self.dialect = dialect
            if let other, dialect == other.dialect, bytes.isSame(as: other.bytes) {
                isCompressed = other.isCompressed
            } else {
                isCompressed = try bytes.unpack(dialect) { (inside) throws(Malformed) in
                    try inside.skipKeyValuesToEnd()
                }
            }
        }

        func pairs() throws(Malformed) -> [KeyValue] {
            try bytes.unpack(dialect) { (inside) throws(Malformed) in try inside.keyValuesToEnd() }
        }
    }

    private func keep(_ batches: [Batch], in shown: inout Shown) throws(Malformed) {
        for batch in batches where !batch.bytes.isEmpty {
            if shown.isEmpty && !batch.isCompressed {
                shown.begin(batch.bytes, batch.dialect)
            } else {
                shown.add(try batch.pairs())
            }
        }
    }

    // MARK: What other servers ask for

    /// What a rank of this node shows to other nodes, packed for the host to carry there: `.wildcard` means the job's
    /// data. Waits until the rank is registered and has committed once; `notFound` when that can no longer happen.
    public func requestModex(_ proc: Proc, done: @escaping Host.DoneWithData) {
        loop.post { [self] in
            owedModex[proc, default: []].append(done)
            payModex(proc)
        }
    }

    func payModex(_ proc: Proc) {
        guard owedModex[proc] != nil else { return }
        do throws(Status) {
            guard let bytes = try modex(proc) else { return }
            for done in owedModex.removeValue(forKey: proc) ?? [] { done(.success, bytes) }
        } catch {
            failModex(of: proc, error)
        }
    }

    /// nil while it may still come.
    private func modex(_ proc: Proc) throws(Status) -> [UInt8]? {
        guard let job = jobs[proc.nspace] else { return nil }
        if proc.rank == .wildcard {
            return job.isRegistered ? job.jobInfo(.server, .ours) : nil
        }
        guard let member = job.members[proc.rank] else {
            if job.isComplete { throw .notFound }
            return nil
        }
        if member.hasCommitted { return KeyValue.pack(member.remote.table.entries) }
        if member.standing == .lost { throw .notFound }
        return nil
    }

    func failModex(of proc: Proc, _ status: Status) {
        for done in owedModex.removeValue(forKey: proc) ?? [] { done(status, []) }
    }
}
