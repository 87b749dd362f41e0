import Bytes
import PMIxWire
import Reactor
import Sockets

// What the host tells about jobs, and what this process asks about them itself.
extension Server {
    /// Registers a job, or more about one that is known. `localCount` ranks of it live on this node.
    public func registerNamespace(_ nspace: Namespace, localCount: Int, infos: [Info], done: @escaping Host.Done) {
        loop.post { [self] in
            guard !nspace.isEmpty, localCount >= 0 else { return done(.badParameter) }
            let job = knownJob(nspace)
            var data = job.data
            do throws(Status) {
                try data.register(infos.filter { $0.key != .registerNoData })
            } catch {
                return done(error)
            }
            for pair in resources.entries where data.job[pair.key] == nil { data.job[pair.key] = pair.value }
            lock.withLock { job.data = data }
            job.localCount = localCount
            let format = OutputFormat(infos)
            if format.isGiven { job.outputFormat = format }
            job.changed()
            settle(job)
            done(.success)
        }
    }

    /// Announces a local rank, so that it may connect. May come before its job is registered.
    public func registerClient(
        _ proc: Proc, uid: UInt32, gid: UInt32, object: Host.Object, done: @escaping Host.Done
    ) {
        loop.post { [self] in
            guard !proc.nspace.isEmpty, proc.rank.isValid else { return done(.badParameter) }
            let job = knownJob(proc.nspace)
            if let known = job.members[proc.rank] {
                // The host's last word counts; a rank that is already in has proved what held then.
                (known.uid, known.gid, known.object) = (uid, gid, object)
                return done(.success)
            }
            add(Member(proc, uid: uid, gid: gid, object: object), to: job)
            settle(job)
            done(.success)
        }
    }

    func add(_ member: Member, to job: Job) {
        lock.withLock { job.members[member.proc.rank] = member }
    }

    /// The rank has ended: its connections are closed without a word to anyone.
    public func deregisterClient(_ proc: Proc, done: @escaping Host.Done) {
        loop.post { [self] in
            guard let job = jobs[proc.nspace], job.members[proc.rank] != nil else { return done(.success) }
            expel(proc)
            lock.withLock { job.members[proc.rank] = nil }
            reconsiderCollectives(of: proc.nspace)
            done(.success)
        }
    }

    public func deregisterNamespace(_ nspace: Namespace, done: @escaping Host.Done) {
        loop.post { [self] in
            guard let job = jobs[nspace] else {
                cleanUp(after: nspace)
                return done(.success)
            }
            for member in job.members.values { expel(member.proc) }
            lock.withLock {
                jobs[nspace] = nil
                kept = kept.filter { $0.key.nspace != nspace }
            }
            for proc in gets.keys where proc.nspace == nspace { failGets(of: proc, .notFound) }
            for proc in owedModex.keys where proc.nspace == nspace { failModex(of: proc, .notFound) }
            cleanUp(after: nspace)
            outputs.forget(nspace)
            writer?.finish(nspace)
            failCollectives(of: nspace)
            forgetMembers(of: nspace)
            done(.success)
        }
    }

    private func expel(_ proc: Proc) {
        for peer in peers.values where peer.stage == .open && peer.proc == proc {
            if !peer.hasFinalized { leave(peer, as: .finalized) }
            dismiss(peer)
            cleanUp(after: peer)
        }
        jobs[proc.nspace]?.members[proc.rank]?.standing = .finalized
        failGets(of: proc, .notFound)
        failModex(of: proc, .notFound)
    }

    func knownJob(_ nspace: Namespace) -> Job {
        if let job = jobs[nspace] { return job }
        let job = Job(nspace)
        lock.withLock { jobs[nspace] = job }
        return job
    }

    /// More is known of the job than before: whoever waited for that goes on.
    func settle(_ job: Job) {
        job.checkComplete()
        reconsiderCollectives(of: job.nspace)
        for proc in gets.keys where proc.nspace == job.nspace { reconsiderGets(of: proc) }
        for proc in owedModex.keys where proc.nspace == job.nspace { payModex(proc) }
    }

    // MARK: This process's own questions

    /// What PMIx_Get finds in the server's process. Any thread. Without a key: all there is, as an array of infos.
    public func find(_ proc: Proc, key: Key?, scope: Scope?) -> Value? {
        lock.withLock {
            let own = kept[proc]
            guard let key else { return everything(proc, own) }
            if let value = own?[key] { return value }
            guard let job = jobs[proc.nspace] else { return nil }
            if let value = job.data.find(key, rank: proc.rank, scope: scope, observer: nil) { return value }
            if key == .codecModule { return .string(job.codecVersion ?? Release.oursText) }
            let member = job.members[proc.rank]
            let shown = member?.local.table[key] ?? member?.remote.table[key]
            return (shown ?? job.imported[proc.rank]?.table[key])?.expanded
        }
    }

    private func everything(_ proc: Proc, _ own: KeyTable?) -> Value? {
        var all = KeyTable()
        let job = jobs[proc.nspace]
        let registered = proc.rank == .wildcard ? job?.data.job : job?.data.ranks[proc.rank]
        let member = job?.members[proc.rank]
        for table in [registered, job?.imported[proc.rank]?.table, member?.remote.table, member?.local.table, own] {
            for pair in table?.entries ?? [] { all[pair.key] = pair.value }
        }
        return all.isEmpty ? nil : .infos(all.entries.map { Info($0.key, $0.value) })
    }

    /// Keeps a value for this process's own gets. Any thread.
    public func store(_ proc: Proc, key: Key, value: Value) {
        lock.withLock { kept[proc, default: KeyTable()][key] = value }
    }
}
