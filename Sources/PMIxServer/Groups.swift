import Bytes
import PMIxWire
import Sockets

/// A process group: a set of processes under a name, which later collectives may give in place of them.
struct Group {
    /// In the order of who was first to construct it: a rank together with the group's name is a place in it.
    var members: [Proc]
    /// The end of a member that has not left is told to the others, and is no flaw of what they do together.
    var tellsOfLosses = false
}

/// Whom a collective is about, with the groups that were named.
struct Participants {
    var procs: [Proc]
    var groups: [Text] = []
}

// Constructing and destructing a group are collectives. They end at the host, unless everybody lives here and nobody wants
// what only a host can give; the server remembers who belongs to which group.
extension Server {
    func constructGroup(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let name = try unpacker.string()
        let procs = try unpacker.procs()
        let infos = try unpacker.infos()
        guard let name, !name.isEmpty, !procs.isEmpty, let participants = expand(procs) else {
            return replyGroup(request, .badParameter)
        }
        let wanted = Collective.Name(.construct(name), participants.procs)
        // Members that do not agree on who is one would wait for each other for ever.
        let disagree = gathering.keys.contains { $0.kind == wanted.kind && $0.procs != wanted.procs }
        if disagree { return replyGroup(request, .invalidArgument) }
        takeShown(infos, of: request.peer)
        join(request, .construct(name), procs, infos.filter { $0.key != .procData })
    }

    /// Where the members are named, the count is followed by a pack even when it is 0.
    func destructGroup(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let name = try unpacker.string()
        if request.peer.release.has(.groupEndHasMembers) {
            _ = try unpacker.size()
            _ = try unpacker.items(.proc)
        }
        let infos = try unpacker.infos()
        guard let name, let group = groups[name] else { return request.reply(.notFound) }
        join(request, .destruct(name), group.members, infos)
    }

    /// Members of release 6 send what they have put along with the call.
    private func takeShown(_ infos: [Info], of peer: Peer) {
        guard let member = peer.member else { return }
        let shown = infos.filter { $0.key == .procData }.flatMap { $0.value.asInfos ?? [] }
        let pairs = shown.filter { $0.key != .procID && $0.key != .dataScope }.map { KeyValue($0.key, $0.value) }
        if !pairs.isEmpty { lock.withLock { member.remote.add(pairs) } }
    }

    // MARK: All local members have called

    func concludeConstruct(_ collective: Collective, _ name: Text) {
        let isLocal = collective.infos.isTrue(.groupLocalOnly)
        if isLocal || (collective.isLocalOnly && !collective.infos.isTrue(.groupAssignContextID)) {
            return constructed(name, collective, collective.status, [])
        }
        guard let group = host.group else { return answer(collective, .notSupported) }
        var infos = collective.hostInfos
        // Unless they do not want to be kept together by it, members see after the call what each of them shows.
        if collective.infos[.embedBarrier]?.asBool ?? true {
            let blob = GroupBlob(modex: contribution(collective), infos: collective.groupInfos)
            infos.append(Info(.groupEndpoints, .bytes(blob.write())))
        }
        atHost.append(collective)
        ask({ group(false, name, collective.procs, infos, $0) }) { [self] status, results in
            constructed(name, collective, status == .operationSucceeded ? collective.status : status, results)
        }
    }

    private func constructed(_ name: Text, _ collective: Collective, _ outcome: Status, _ results: [Info]) {
        var status = outcome
        let contextID = results[.groupContextID]?.asUnsigned
        var told = collective.groupInfos
        if status.isSuccess, let bytes = results[.groupEndpoints]?.asBytes {
            do throws(Malformed) {
                let blob = try GroupBlob(bytes)
                told += blob.infos
                status = takeIn(blob.modex, collective)
            } catch {
                status = Status(error)
            }
        }
        guard status.isSuccess else { return answer(collective, status) }
        for one in told { keep(one.infos, of: one.proc, contextID) }
        let members = (results[.groupMembership]?.asProcs ?? collective.procs).filter { !collective.hasLost($0) }
        groups[name] = Group(
            members: members, tellsOfLosses: collective.infos.isTrue(.groupNotifyTermination))
        replyGroup(collective, status, contextID)
        if members.count < collective.procs.count {
            tellGroup(.groupMembershipUpdate, name, to: members, [Info(.groupMembership, .procs(members))])
        }
    }

    /// What a member told to the others holds within this group, if the group has a number to tell it by.
    private func keep(_ infos: [Info], of proc: Proc, _ contextID: UInt64?) {
        guard let job = jobs[proc.nspace] else { return }
        let qualifiers = contextID.map { [Info(.groupContextID, Value(.size, .unsigned($0)))] }
        let pairs = infos.filter { $0.key != .procID }.map { info in
            qualifiers.map { KeyValue(info, qualifiedBy: $0) } ?? KeyValue(info.key, info.value)
        }
        if pairs.isEmpty { return }
        lock.withLock {
            if let member = job.members[proc.rank] {
                member.local.add(pairs)
                member.remote.add(pairs)
            } else {
                job.imported[proc.rank, default: Shown(proc)].add(pairs)
            }
        }
        reconsiderGets(of: proc)
    }

    func concludeDestruct(_ collective: Collective, _ name: Text) {
        if groups[name]?.tellsOfLosses ?? false { collective.forgiveLosses() }
        let finish = { [self] (status: Status) in
            if status.isSuccess { groups[name] = nil }
            answer(collective, status.isSuccess ? collective.status : status)
        }
        guard let group = host.group else { return finish(collective.isLocalOnly ? .success : .notSupported) }
        let infos = collective.infos + [collective.localStatus]
        atHost.append(collective)
        ask({ group(true, name, collective.procs, infos, $0) }) { status, _ in finish(status) }
    }

    // MARK: Answers

    func replyGroup(_ collective: Collective, _ status: Status, _ contextID: UInt64?) {
        guard case .construct(let name) = collective.name.kind else { return }
        leaveHost(collective)
        let members = groups[name]?.members ?? []
        let infos = collective.groupInfos.map { one in
            Info(.groupInfo, .infos([Info(.procID, .proc(one.proc))] + one.infos))
        }
        for caller in collective.callers {
            replyGroup(caller, status, Constructed(members: members, contextID: contextID, infos: infos))
        }
    }

    private struct Constructed {
        var members: [Proc] = []
        var contextID: UInt64?
        var infos: [Info] = []
    }

    /// The answer to a construct has four forms, told apart by the caller's release alone.
    private func replyGroup(_ request: Request, _ status: Status, _ group: Constructed = Constructed()) {
        let release = request.peer.release
        var answer = request.answer(status)
        let hasMembers = release.has(.groupAnswerHasMembers)
        if hasMembers && !status.isSuccess { return request.reply(answer) }
        if hasMembers { answer.procs(group.members) }
        if release.has(.groupAnswerHasFlag) {
            answer.one(.bool, .unsigned(group.contextID == nil ? 0 : 1))
            if let contextID = group.contextID { answer.size(contextID) }
        } else {
            answer.size(group.contextID ?? .max)
            if hasMembers { tellJobs(group.members, request, &answer) }
        }
        if release.has(.groupAnswerHasInfos) {
            answer.size(group.infos.count)
            for info in group.infos { answer.info(info) }
        }
        request.reply(answer)
    }

    // MARK: Names that stand for several

    /// A group's name stands for its members, with a rank for the one at that place; some ranks stand for processes of this
    /// node. nil for a place that a group does not have.
    func expand(_ procs: [Proc]) -> Participants? {
        if groups.isEmpty && !procs.contains(where: { $0.rank == .localPeers || $0.rank == .localNode }) {
            return Participants(procs: procs)
        }
        var all = Participants(procs: [])
        for proc in procs {
            if let group = groups[proc.nspace] {
                guard let named = members(group, proc.rank) else { return nil }
                all.procs += named
                all.groups.append(proc.nspace)
            } else {
                all.procs += here(proc) ?? [proc]
            }
        }
        var seen: Set<Proc> = []
        all.procs = all.procs.filter { seen.insert($0).inserted }
        return all
    }

    private func members(_ group: Group, _ rank: Rank) -> [Proc]? {
        if rank == .wildcard { return group.members }
        guard let place = Int(exactly: rank.rawValue), place < group.members.count else { return nil }
        return [group.members[place]]
    }

    /// The processes of this node that the rank stands for; nil when it stands for itself.
    private func here(_ proc: Proc) -> [Proc]? {
        let ranks: [Proc]
        switch proc.rank {
        case .localPeers: ranks = jobs[proc.nspace]?.members.values.map { $0.proc } ?? []
        case .localNode: ranks = jobs.values.flatMap { $0.members.values.map { $0.proc } }
        default: return nil
        }
        return Collective.Name(.fence, ranks).procs
    }
}
