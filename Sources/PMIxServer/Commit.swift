import Bytes
import PMIxWire
import Reactor
import Sockets

extension Server {
    /// COMMIT: for each scope a buffer of keys. What is committed replaces what was committed under the same key
    /// before.
    func commit(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        var local: [KeyValue] = []
        var remote: [KeyValue] = []
        var last = Batch()
        while !unpacker.isAtEnd {
            let scope = DataScope(rawValue: try unpacker.byte(.scope))
            let pairs = try committed(&unpacker, &last)
            switch scope {
            case .local: local += pairs
            case .remote: remote += pairs
            case .global:
                local += pairs
                remote += pairs
            default: return request.reply(.badParameter)
            }
        }
        guard let member = request.peer.member else { return request.reply(.notFound) }
        // One buffer, for everybody, in the very form that the rank's peers read.
        let isWhole =
            last.count == 1 && local.count == last.pairs.count && (last.kind == 2) == request.peer.dialect.isDescribed
        lock.withLock {
            if isWhole {
                member.local.add(local, packed: last.bytes, request.peer.dialect)
            } else if !local.isEmpty {
                member.local.add(local)
            }
            if !remote.isEmpty { member.remote.add(remote) }
        }
        member.hasCommitted = true
        request.reply(.success)
        payModex(member.proc)
        reconsiderGets(of: member.proc)
    }

    /// The buffer read last, and what was in it.
    private struct Batch {
        var kind: UInt8 = 0
        var bytes: [UInt8] = []
        var pairs: [KeyValue] = []
        /// How many different ones there were.
        var count = 0
    }

    /// A buffer says for itself whether it is described; its integers are the peer's. Keys for everybody come twice, in equal
    /// buffers, and are read once.
    private func committed(_ unpacker: inout Unpacker, _ last: inout Batch) throws(Malformed) -> [KeyValue] {
        guard case .buffer(let kind, let bytes) = try unpacker.one(.buffer) else {
            throw .type(DataType.buffer.rawValue)
        }
        guard kind == 1 || kind == 2 else { throw .type(UInt16(kind)) }
        if kind == last.kind && bytes == last.bytes { return last.pairs }
        let dialect = Dialect(integers: unpacker.dialect.integers, isDescribed: kind == 2)
        let pairs = try bytes.unpack(dialect) { (inside) throws(Malformed) in try inside.keyValuesToEnd() }
        last = Batch(kind: kind, bytes: bytes, pairs: pairs, count: last.count + 1)
        return pairs
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
