import Bytes
import PMIxWire
import Reactor
import Sockets

/// A fence, connect or disconnect on its way: who takes part, who has called so far, and who is still missing on this
/// node.
///
/// A collective gathers until no local rank is missing. When every participant lives here that ends it; otherwise the
/// host is called, once, and its answer ends it. All callers get the same status, each under the tag of its own
/// request. A caller that is lost while the collective gathers is not waited for; once the host has it, nothing
/// changes it any more.
final class Collective {
    enum Kind: Hashable {
        case fence, connect, disconnect
        case construct(Text), destruct(Text)
    }

    /// Calls with the same name meet: the same operation over the same set of processes, in whatever order they were
    /// given.
    struct Name: Hashable {
        let kind: Kind
        let procs: [Proc]

        init(_ kind: Kind, _ procs: [Proc]) {
            self.kind = kind
            self.procs = procs.count < 2 ? procs : procs.sorted(by: Name.precedes)
        }

        private static func precedes(_ left: Proc, _ right: Proc) -> Bool {
            if left.nspace == right.nspace { return left.rank.rawValue < right.rank.rawValue }
            return left.nspace.bytes.lexicographicallyPrecedes(right.nspace.bytes)
        }
    }

    private(set) var name: Name
    /// The processes in the order of the first caller: a group numbers its members by it.
    private(set) var procs: [Proc]
    /// Those of the first caller who gave any: they are what the host is told.
    private(set) var infos: [Info]
    /// The groups that some of the processes were named by.
    private let groupNames: [Text]
    private let collects: Bool
    private(set) var callers: [Request] = []
    /// What the callers hear if nobody else decides.
    private(set) var status = Status.success
    var timer: Timer?
    /// When the first called, in nanoseconds of the monotonic clock.
    let begun = Deadline.now

    // The members themselves are kept, so that no other can take the place of one that is deregistered meanwhile.
    private var arrived: [ObjectIdentifier: Member] = [:]
    private var missing: Set<ObjectIdentifier> = []
    private var excused: Set<ObjectIdentifier> = []
    /// Every namespace is registered, so that `missing` means something.
    private var isCounted = false
    private(set) var isLocalOnly = true

    // Of the construction of a group: what members told to the others with the call, who leads, whether the loss of one is no
    // failure, and who was lost.
    private(set) var groupInfos: [(proc: Proc, infos: [Info])] = []
    private(set) var leader: Proc?
    private(set) var isOptional = false
    private var lost: Set<Proc> = []
    /// Whose loss its members have been told of.
    var told: Set<Proc> = []

    init(_ name: Name, _ participants: Participants, _ infos: [Info]) {
        self.name = name
        procs = participants.procs
        groupNames = participants.groups
        self.infos = infos
        collects = infos.isTrue(.collectData)
    }

    var isComplete: Bool { isCounted && missing.isEmpty }
    var isCollecting: Bool { name.kind == .fence && collects }

    /// Each once.
    var nspaces: Set<Namespace> { Set(name.procs.map { $0.nspace }) }

    func concerns(_ nspace: Namespace) -> Bool {
        name.procs.contains { $0.nspace == nspace }
    }

    /// Somebody of this node has yet to call.
    var isGathering: Bool { !isComplete }

    func misses(_ member: Member) -> Bool { missing.contains(ObjectIdentifier(member)) }

    func includes(_ proc: Proc) -> Bool {
        name.procs.contains { $0.covers(proc) }
    }

    /// Whether this very connection has called. Most ask for a rank that has not: that takes no search.
    func hasHeard(_ peer: Peer) -> Bool {
        guard let member = peer.member, arrived[ObjectIdentifier(member)] != nil else { return false }
        return callers.contains { $0.peer === peer }
    }

    func hasHeard(_ member: Member) -> Bool { arrived[ObjectIdentifier(member)] != nil }

    func add(_ request: Request, _ infos: [Info]) {
        callers.append(request)
        if self.infos.isEmpty { self.infos = infos }
        if case .construct = name.kind { addMember(request.proc, infos) }
        if name.kind == .fence && infos.isTrue(.collectData) != collects { status = .invalidArgument }
        guard let member = request.peer.member else { return }
        arrived[ObjectIdentifier(member)] = member
        missing.remove(ObjectIdentifier(member))
    }

    private func addMember(_ proc: Proc, _ infos: [Info]) {
        let told = infos.filter { $0.key == .groupInfo }.flatMap { $0.value.asInfos ?? [] }
        if !told.isEmpty { groupInfos.append((proc, told.filter { $0.key != .procID })) }
        if leader == nil && infos.isTrue(.groupLeader) { leader = proc }
        if infos.isTrue(.groupOptional) { isOptional = true }
    }

    func hasLost(_ proc: Proc) -> Bool { lost.contains(proc) }

    /// The peer has gone. Its call goes with it, and its rank is not waited for, unless another process of the rank
    /// may call or it left without having called by its own will: then it may come back. false when nothing changes
    /// here.
    func withdraw(_ peer: Peer) -> Bool {
        guard let member = peer.member, includes(peer.proc) else { return false }
        let hadCalled = hasHeard(peer)
        callers.removeAll { $0.peer === peer }
        if !hadCalled && (peer.hasFinalized || member.connectionCount > 0) { return false }
        missing.remove(ObjectIdentifier(member))
        if status == .success && !excused.contains(ObjectIdentifier(member)) { status = .partialSuccess }
        return true
    }

    /// This process is not waited for any more, whether or not it comes. `quietly`: that is no flaw of the outcome.
    func excuse(_ member: Member, quietly: Bool) {
        excused.insert(ObjectIdentifier(member))
        lost.insert(member.proc)
        missing.remove(ObjectIdentifier(member))
        if !quietly && status == .success { status = .partialSuccess }
    }

    /// The losses so far have been told in another way.
    func forgiveLosses() {
        if status == .partialSuccess { status = .success }
    }

    /// The processes are others now: who calls from here on names those.
    func rename(_ procs: [Proc]) {
        name = Name(name.kind, procs)
        self.procs = procs
    }

    func isOver(group: Text) -> Bool { groupNames.contains(group) }

    /// Counts the local ranks that are to come, anew.
    func count(in jobs: [Namespace: Job]) {
        isCounted = true
        isLocalOnly = true
        missing = []
        for proc in name.procs {
            guard let job = jobs[proc.nspace], job.isComplete else {
                isCounted = false
                isLocalOnly = false
                continue
            }
            if proc.rank == .wildcard {
                if !job.isLocalOnly { isLocalOnly = false }
                for member in job.members.values { expect(member) }
            } else if let member = job.members[proc.rank] {
                expect(member)
            } else {
                isLocalOnly = false
            }
        }
    }

    private func expect(_ member: Member) {
        let id = ObjectIdentifier(member)
        if excused.contains(id) { return }
        switch member.standing {
        // Who has finalized may come back, and is no less a participant for having left in between.
        case .expected, .connected, .finalized: if arrived[id] == nil { missing.insert(id) }
        case .lost: if arrived[id] == nil && status == .success { status = .partialSuccess }
        }
    }

    /// What the host is told beside the callers' own infos.
    var hostInfos: [Info] {
        infos + [Info(.sortedProcs, .bool(true)), localStatus]
    }

    var localStatus: Info { Info(.localCollectiveStatus, .status(callers.isEmpty ? .lostConnection : status)) }
}

// MARK: - Bringing callers together

extension Server {
    /// FENCE, CONNECT and DISCONNECT: processes and infos. What 6.1 appends to a CONNECT is not needed.
    func collect(_ kind: Collective.Kind, _ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let procs = try unpacker.procs()
        join(request, kind, procs, try unpacker.infos())
    }

    func join(_ request: Request, _ kind: Collective.Kind, _ procs: [Proc], _ infos: [Info]) {
        guard let participants = expand(procs), participants.procs.contains(where: { $0.covers(request.proc) }) else {
            return request.reply(.badParameter)
        }
        let name = Collective.Name(kind, participants.procs)
        let open = gathering[name]?.first { !$0.hasHeard(request.peer) }
        let collective = open ?? begin(name, participants, infos)
        collective.add(request, infos)
        tellEarlyLosses(collective)
        limit(collective, infos)
        if collective.isComplete { conclude(collective) }
    }

    /// A call by somebody who waits in one already starts the next of that name.
    private func begin(_ name: Collective.Name, _ participants: Participants, _ infos: [Info]) -> Collective {
        let collective = Collective(name, participants, infos)
        collective.count(in: jobs)
        gathering[name, default: []].append(collective)
        return collective
    }

    /// The first timeout any caller gives counts for all.
    private func limit(_ collective: Collective, _ infos: [Info]) {
        guard collective.timer == nil, let seconds = infos[.timeout]?.asUnsigned, seconds > 0 else { return }
        collective.timer = Timer(loop, milliseconds: seconds.multipliedClamping(by: 1000)) { [self] in
            end(collective)
            answer(collective, .timeout)
        }
    }

    /// No longer gathering: later calls of this name start another.
    func end(_ collective: Collective) {
        collective.timer?.cancel()
        collective.timer = nil
        gathering[collective.name]?.removeAll { $0 === collective }
        if gathering[collective.name]?.isEmpty ?? false { gathering[collective.name] = nil }
    }

    /// Every local rank has called, or never will.
    func conclude(_ collective: Collective) {
        end(collective)
        if case .construct(let group) = collective.name.kind { return concludeConstruct(collective, group) }
        if case .destruct(let group) = collective.name.kind { return concludeDestruct(collective, group) }
        if collective.isLocalOnly || collective.status == .invalidArgument {
            return answer(collective, collective.status)
        }
        atHost.append(collective)
        if collective.name.kind == .fence { fence(collective) } else { connect(collective) }
    }

    // MARK: With the host

    private func fence(_ collective: Collective) {
        guard let fence = host.fence else { return answer(collective, .notSupported) }
        let (procs, infos) = (collective.name.procs, collective.hostInfos)
        let data = collective.isCollecting ? contribution(collective) : []
        let upcall = Upcall<[UInt8]>(self) { [self] status, data in
            if status == .operationSucceeded { return answer(collective, collective.status) }
            answer(collective, status == .success ? takeIn(data, collective) : status)
        }
        upcall.returned(fence(procs, infos, data, upcall.complete), [])
    }

    private func connect(_ collective: Collective) {
        let function = collective.name.kind == .connect ? host.connect : host.disconnect
        guard let function else { return answer(collective, .notSupported) }
        let (procs, infos) = (collective.name.procs, collective.hostInfos)
        ask({ function(procs, infos, $0) }) { [self] status in
            answer(collective, status == .operationSucceeded ? collective.status : status)
        }
    }

    // MARK: The end

    func leaveHost(_ collective: Collective) {
        if !atHost.isEmpty { atHost.removeAll { $0 === collective } }
    }

    func answer(_ collective: Collective, _ status: Status) {
        leaveHost(collective)
        if case .construct = collective.name.kind { return replyGroup(collective, status, nil) }
        var news = collective.name.kind == .fence && status.isSuccess ? news(of: collective) : nil
        for caller in collective.callers {
            if caller.peer.takesNews, let bytes = news?.answer(to: caller) {
                caller.peer.send(bytes, tag: caller.tag)
            } else if collective.name.kind == .connect && status.isSuccess {
                caller.reply(connected(caller, collective))
            } else {
                caller.reply(status)
            }
        }
    }

    /// Who connects with other jobs is told about them.
    private func connected(_ caller: Request, _ collective: Collective) -> Packer {
        var answer = caller.answer(.success)
        tellJobs(collective.procs, caller, &answer)
        return answer
    }

    /// What is known of the jobs of these processes, but for the caller's own.
    func tellJobs(_ procs: [Proc], _ caller: Request, _ answer: inout Packer) {
        var told: Set<Namespace> = [caller.proc.nspace]
        for proc in procs where told.insert(proc.nspace).inserted {
            guard let job = jobs[proc.nspace], job.isRegistered else { continue }
            var inside = Packer(caller.peer.dialect, reserving: 1024)
            inside.string(job.nspace)
            inside.writer.append(job.jobInfo(for: caller.peer))
            if caller.peer.release.has(.jobsAreBuffers) {
                answer.one(.buffer, .buffer(kind: caller.peer.dialect.bufferKind, inside.bytes))
            } else {
                answer.byteObject(inside.bytes)
            }
        }
    }

    // MARK: Changes while gathering

    /// The peer takes part in nothing any more. A collective whose last caller left by its own will is forgotten; a
    /// loss is told to the host even then, because other nodes wait.
    func withdraw(_ peer: Peer) {
        for collective in gathering.values.flatMap({ $0 }) where collective.withdraw(peer) {
            if collective.isComplete && !(peer.hasFinalized && collective.callers.isEmpty) {
                conclude(collective)
            } else if collective.callers.isEmpty {
                end(collective)
            }
        }
    }

    /// The job is no more: those of other jobs who waited for it are told.
    func failCollectives(of nspace: Namespace) {
        for collective in gathering.values.flatMap({ $0 }) where collective.concerns(nspace) {
            end(collective)
            answer(collective, .lostConnection)
        }
    }

    /// A job has been registered, or ranks of it have come or gone.
    func reconsiderCollectives(of nspace: Namespace) {
        for collective in gathering.values.flatMap({ $0 }) where collective.concerns(nspace) {
            collective.count(in: jobs)
            if collective.isComplete { conclude(collective) }
        }
    }

    func abandonCollectives() {
        for collective in gathering.values.flatMap({ $0 }) { end(collective) }
    }
}
