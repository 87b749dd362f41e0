import Bytes
import PMIxWire
import Reactor
import Sockets

/// A get under way: whose data, which key, and what its sender said about how to look for it.
final class Get {
    let request: Request
    let proc: Proc
    let key: Key?
    let infos: [Info]
    let isImmediate: Bool
    let isRefresh: Bool
    let scope: DataScope?
    var timer: Timer?
    var isOver = false

    init(_ request: Request, _ proc: Proc, _ key: Key?, _ infos: [Info]) {
        self.request = request
        self.proc = proc
        self.key = key
        self.infos = infos
        isImmediate = infos.isTrue(.immediate)
        isRefresh = infos.isTrue(.refreshCache)
        scope = infos[.dataScope]?.asUnsigned.flatMap { UInt8(exactly: $0) }.flatMap { DataScope(rawValue: $0) }
    }

    func isAnswered(by table: KeyTable) -> Bool {
        guard let key else { return !table.isEmpty }
        let qualifiers = infos.qualifiers
        return qualifiers.isEmpty ? table[key] != nil : table.find(key, qualifiedBy: qualifiers) != nil
    }

    /// Seconds its sender is willing to wait; nil when it did not say.
    var timeout: UInt64? { infos[.timeout]?.asUnsigned }
}

/// What can be done about a get now.
private enum Verdict {
    /// Objects to answer with: none is a legal answer and means that the key is not there.
    case found([UInt8])
    case failed(Status)
    /// It may come: when the job is registered, the rank connects or commits. With `patience` it has had its chance
    /// already.
    case waits(patience: Bool)
    /// Another node has it, if anybody.
    case elsewhere
}

// A process asks for another's keys. What it asks for may be a job's data, a local rank's, or a remote rank's: the
// last are imported by a fence or fetched through the host, once for however many ask.
extension Server {
    /// GETNB. Old releases give no key.
    func get(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let nspace = try unpacker.string()
        let rank = try unpacker.rank()
        let infos = try unpacker.infos()
        let key = unpacker.isAtEnd ? nil : try unpacker.string()
        guard let nspace, !nspace.isEmpty else { return request.reply(.badParameter) }
        consider(Get(request, Proc(nspace, rank), key, infos))
    }

    private func consider(_ get: Get) {
        switch verdict(get) {
        case .found(let objects): answer(get, objects)
        case .failed(let status): fail(get, status)
        case .waits(let patience): hold(get, patience)
        case .elsewhere: fetch(get)
        }
    }

    private func verdict(_ get: Get) -> Verdict {
        guard let job = jobs[get.proc.nspace] else { return get.isImmediate ? .failed(.notFound) : .elsewhere }
        if get.proc.rank == .wildcard {
            if job.isRegistered { return .found(jobData(job, get)) }
            return get.isImmediate ? .failed(.notFound) : .waits(patience: false)
        }
        if get.proc.rank == .undefined { return anyRank(job, get) }
        if let member = job.members[get.proc.rank] { return local(member, job, get) }
        guard job.isComplete else { return get.isImmediate ? .failed(.notFound) : .waits(patience: false) }
        return remote(job, get)
    }

    // MARK: A job's data

    /// All of it, or one key; nothing when the key is not there.
    private func jobData(_ job: Job, _ get: Get) -> [UInt8] {
        guard let key = get.key else { return wholeJob(job, get.request.peer) }
        let observer = get.request.proc.nspace == job.nspace ? get.request.proc.rank : nil
        let value = job.data.find(key, rank: .wildcard, scope: Scope(get.infos), observer: observer)
        guard let value else { return [] }
        return Shown.object(get.proc, [KeyValue(key, value)], get.request.peer.dialect)
    }

    private func wholeJob(_ job: Job, _ peer: Peer) -> [UInt8] {
        var inside = Packer(peer.dialect, reserving: 1024)
        inside.proc(Proc(job.nspace, .wildcard))
        inside.writer.append(job.jobInfo(for: peer))
        return Shown.object(inside.bytes, peer.dialect)
    }

    /// A requester from another job has nothing to set the rank's keys against: it gets the job's data first.
    private func preceded(_ object: [UInt8], _ job: Job, _ get: Get) -> [UInt8] {
        if get.request.proc.nspace == job.nspace || !job.isRegistered { return object }
        return wholeJob(job, get.request.peer) + object
    }

    /// A reserved key the host registered for this very rank: no process has to show it.
    private func registered(_ job: Job, _ get: Get) -> [UInt8]? {
        guard let key = get.key, key.isReserved, let value = job.data.ranks[get.proc.rank]?[key] else { return nil }
        return Shown.object(get.proc, [KeyValue(key, value)], get.request.peer.dialect)
    }

    // MARK: A rank of this node

    private func local(_ member: Member, _ job: Job, _ get: Get) -> Verdict {
        let dialect = get.request.peer.dialect
        if let object = shown(member, get, dialect) { return .found(preceded(object, job, get)) }
        if let object = registered(job, get) { return .found(preceded(object, job, get)) }
        if let key = get.key, member.local.table[key] != nil || member.remote.table[key] != nil {
            // It is there, but not for the one who asks.
            return .failed(.notFound)
        }
        if get.isImmediate { return .failed(.notFound) }
        if get.isRefresh { return .found([]) }
        switch member.standing {
        case .expected: return .waits(patience: false)
        case .connected, .finalized: return .waits(patience: true)
        case .lost: return .failed(.notFound)
        }
    }

    private func shown(_ member: Member, _ get: Get, _ dialect: Dialect) -> [UInt8]? {
        func has(_ shown: Shown) -> Bool {
            guard get.key != nil else { return member.hasCommitted }
            return get.isAnswered(by: shown.table)
        }
        // Packing fills a cache within the tables, which other threads read.
        return lock.withLock {
            member.local.open()
            member.remote.open()
            switch get.scope {
            case .remote: return has(member.remote) ? member.remote.object(dialect) : nil
            case .global where !has(member.local): return has(member.remote) ? member.remote.object(dialect) : nil
            default: return has(member.local) ? member.local.object(dialect) : nil
            }
        }
    }

    private func anyRank(_ job: Job, _ get: Get) -> Verdict {
        guard let key = get.key else { return .failed(.badParameter) }
        let dialect = get.request.peer.dialect
        for member in job.members.values where member.local.table[key] != nil {
            return .found(preceded(lock.withLock { member.local.object(dialect) }, job, get))
        }
        for rank in job.imported.keys where job.imported[rank]?.table[key] != nil {
            return .found(preceded(imported(rank, job, dialect), job, get))
        }
        if let value = job.data.find(key, rank: .undefined, scope: Scope(get.infos), observer: nil) {
            return .found(Shown.object(get.proc, [KeyValue(key, value)], dialect))
        }
        return .failed(.notFound)
    }

    // MARK: A rank of another node

    private func remote(_ job: Job, _ get: Get) -> Verdict {
        let shown = job.imported[get.proc.rank]
        let isThere = shown.map { get.key == nil || get.isAnswered(by: $0.table) } ?? false
        if isThere && !get.isRefresh {
            return .found(preceded(imported(get.proc.rank, job, get.request.peer.dialect), job, get))
        }
        if let object = registered(job, get) { return .found(preceded(object, job, get)) }
        return get.isImmediate && !get.isRefresh ? .failed(.notFound) : .elsewhere
    }

    private func imported(_ rank: Rank, _ job: Job, _ dialect: Dialect) -> [UInt8] {
        lock.withLock { job.imported[rank, default: Shown(Proc(job.nspace, rank))].object(dialect) }
    }

    private func fetch(_ get: Get) {
        guard let modex = host.directModex else { return fail(get, .notFound) }
        let proc = get.proc
        startTimer(get, get.timeout)
        if fetches[proc] != nil {
            fetches[proc]?.append(get)
            return
        }
        fetches[proc] = [get]
        var infos = get.infos
        if let key = get.key { infos.append(Info(.requiredKey, .string(key))) }
        let upcall = Upcall<[UInt8]>(self) { [self] status, data in fetched(proc, status, data) }
        upcall.returned(modex(proc, infos, upcall.complete), [])
    }

    private func fetched(_ proc: Proc, _ status: Status, _ data: [UInt8]) {
        let waiting = fetches.removeValue(forKey: proc) ?? []
        var shown = Shown(proc)
        var outcome = status == .operationSucceeded ? .notFound : status
        do throws(Malformed) {
            shown.add(try KeyValue.unpack(data))
        } catch {
            if outcome == .success { outcome = Status(error) }
        }
        if outcome != .success {
            for get in waiting { fail(get, outcome) }
            return
        }
        if let job = jobs[proc.nspace], proc.rank.isValid {
            lock.withLock { job.imported[proc.rank, default: Shown(proc)].add(shown.table.entries) }
        }
        for get in waiting { deliver(get, &shown) }
    }

    private func deliver(_ get: Get, _ fetched: inout Shown) {
        let dialect = get.request.peer.dialect
        guard let job = jobs[get.proc.nspace], get.proc.rank.isValid else {
            // Nothing else is known of this job, so what the host gave is all there is.
            let isThere = get.key.map { fetched.table[$0] != nil } ?? !fetched.isEmpty
            return isThere ? answer(get, fetched.object(dialect)) : fail(get, .notFound)
        }
        let isThere = get.key == nil || job.imported[get.proc.rank].map { get.isAnswered(by: $0.table) } ?? false
        guard isThere else { return fail(get, .notFound) }
        answer(get, preceded(imported(get.proc.rank, job, dialect), job, get))
    }

    // MARK: Waiting

    /// A key of a local rank that has connected is waited for two seconds unless the sender says otherwise; for what
    /// has not begun yet there is no such bound, since starting takes the time it takes.
    private static let patienceSeconds: UInt64 = 2

    private func hold(_ get: Get, _ patience: Bool) {
        gets[get.proc, default: []].append(get)
        startTimer(get, get.timeout ?? (patience ? Server.patienceSeconds : 0))
    }

    private func startTimer(_ get: Get, _ seconds: UInt64?) {
        guard get.timer == nil, let seconds, seconds > 0 else { return }
        get.timer = Timer(loop, milliseconds: seconds.multipliedClamping(by: 1000)) { [self] in
            remove(get)
            fail(get, .timeout)
        }
    }

    private func remove(_ get: Get) {
        Server.remove(get, from: &gets)
        // A fetch stays listed without waiters: its answer is still worth keeping, and later askers join it.
        fetches[get.proc]?.removeAll { $0 === get }
    }

    private static func remove(_ get: Get, from lists: inout [Proc: [Get]]) {
        lists[get.proc]?.removeAll { $0 === get }
        if lists[get.proc]?.isEmpty ?? false { lists[get.proc] = nil }
    }

    /// Something about this process has changed: those who wait for its keys look again.
    func reconsiderGets(of proc: Proc) {
        guard let waiting = gets.removeValue(forKey: proc) else { return }
        for get in waiting { consider(get) }
    }

    func failGets(of proc: Proc, _ status: Status) {
        for get in gets.removeValue(forKey: proc) ?? [] { fail(get, status) }
    }

    /// The peer will not hear an answer; nor will its own keys come if nobody else shows them.
    func withdrawGets(of peer: Peer) {
        for list in [gets, fetches] {
            for get in list.values.flatMap({ $0 }) where get.request.peer === peer {
                close(get)
                remove(get)
            }
        }
        if let member = peer.member, member.connectionCount <= 0 {
            reconsiderGets(of: member.proc)
            payModex(member.proc)
        }
    }

    func abandonGets() {
        for get in gets.values.flatMap({ $0 }) + fetches.values.flatMap({ $0 }) { close(get) }
        gets = [:]
        fetches = [:]
        for proc in owedModex.keys { failModex(of: proc, .unreachable) }
    }

    // MARK: Answers

    private func close(_ get: Get) {
        get.isOver = true
        get.timer?.cancel()
        get.timer = nil
    }

    private func answer(_ get: Get, _ objects: [UInt8]) {
        if get.isOver { return }
        close(get)
        var packer = get.request.answer(.success, reserving: objects.count + 8)
        packer.writer.append(objects)
        get.request.reply(packer)
    }

    private func fail(_ get: Get, _ status: Status) {
        if get.isOver { return }
        close(get)
        get.request.reply(status)
    }

    // MARK: REFRESH_CACHE

    /// Everything a rank shows, outside of any object: what it shows to others, or what of it came here.
    func refreshCache(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let nspace = try unpacker.string()
        let rank = try unpacker.rank()
        guard let nspace, let job = jobs[nspace] else { return request.reply(.notFound) }
        if rank == .wildcard {
            guard job.isRegistered else { return request.reply(.notFound) }
            var answer = request.answer(.success)
            answer.writer.append(job.jobInfo(for: request.peer))
            return request.reply(answer)
        }
        guard let shown = job.members[rank]?.remote ?? job.imported[rank] else { return request.reply(.notFound) }
        var answer = request.answer(.success)
        for pair in shown.table.entries {
            answer.keyValue(pair.key, pair.value.expanded)
        }
        request.reply(answer)
    }
}

extension UInt64 {
    func multipliedClamping(by factor: UInt64) -> UInt64 {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? .max : product
    }
}
