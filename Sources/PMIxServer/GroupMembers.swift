import Bytes
import PMIxWire

// Members that leave a group or end without having left it, and what the others are told of that.
extension Server {
    func leaveGroup(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let name = try unpacker.string()
        _ = try unpacker.infos()
        let proc = request.proc
        guard let name, groups[name]?.members.contains(where: { $0.covers(proc) }) ?? false else {
            return request.reply(.notFound)
        }
        let others = depart(proc, from: name)
        request.reply(.success)
        tellGroup(.groupLeft, name, to: others, [Info(.eventAffectedProc, .proc(proc))], source: proc)
    }

    /// Takes the process out; those that remain. Collectives over the group that are under way go on without it, at peace if
    /// they asked for that.
    @discardableResult
    private func depart(_ proc: Proc, from name: Text) -> [Proc] {
        guard let group = groups[name] else { return [] }
        let others = group.members.flatMap { rest(of: $0, without: proc) }
        groups[name]?.members = others
        if others.isEmpty { groups[name] = nil }
        let member = jobs[proc.nspace]?.members[proc.rank]
        for collective in collectives(over: name, with: proc) {
            drop(proc, from: collective)
            guard let member, !collective.hasHeard(member) else { continue }
            collective.excuse(member, quietly: collective.infos.isTrue(.groupFaultTolerant))
            if collective.isComplete { conclude(collective) }
        }
        return others
    }

    private func collectives(over group: Text, with proc: Proc) -> [Collective] {
        gathering.values.flatMap { $0 }.filter { $0.isOver(group: group) && $0.includes(proc) }
    }

    /// Those who have yet to call will name the group as it is then, and mean this very collective.
    private func drop(_ proc: Proc, from collective: Collective) {
        let others = collective.procs.flatMap { rest(of: $0, without: proc) }
        if others.isEmpty { return }
        gathering[collective.name]?.removeAll { $0 === collective }
        if gathering[collective.name]?.isEmpty ?? false { gathering[collective.name] = nil }
        collective.rename(others)
        gathering[collective.name, default: []].append(collective)
    }

    /// What is left of a member without this process: who leaves the whole of a job leaves each other rank of it behind.
    private func rest(of member: Proc, without proc: Proc) -> [Proc] {
        if member == proc { return [] }
        guard member.covers(proc), let size = jobs[proc.nspace]?.data.jobSize else { return [member] }
        return (0..<size).map { Proc(proc.nspace, Rank($0)) }.filter { $0 != proc }
    }

    /// A connection has ended without a goodbye.
    func tellGroups(lossOf peer: Peer) {
        guard let member = peer.member, member.connectionCount <= 1 else { return }
        let proc = member.proc
        for collective in gathering.values.flatMap({ $0 }) {
            guard case .construct(let name) = collective.name.kind, collective.includes(proc),
                !collective.hasHeard(member)
            else { continue }
            tell(collective, name, lossOf: member)
        }
        for (name, group) in groups where group.tellsOfLosses && group.members.contains(where: { $0.covers(proc) }) {
            let others = group.members.flatMap { rest(of: $0, without: proc) }
            groups[name]?.members = others
            tellGroup(lossOf: proc, name, to: others)
            for collective in collectives(over: name, with: proc) {
                drop(proc, from: collective)
                if !collective.hasHeard(member) { collective.excuse(member, quietly: false) }
            }
        }
        tellInvitations(lossOf: proc)
    }

    private func tell(_ collective: Collective, _ name: Text, lossOf member: Member) {
        guard collective.told.insert(member.proc).inserted else { return }
        let leader = collective.leader.map { [$0] }
        tellGroup(lossOf: member.proc, name, to: leader ?? collective.procs)
        if !collective.isOptional { return }
        collective.excuse(member, quietly: true)
        collective.forgiveLosses()
    }

    /// Members of a group to be that were gone before anybody called.
    func tellEarlyLosses(_ collective: Collective) {
        guard case .construct(let name) = collective.name.kind else { return }
        for proc in collective.procs {
            guard let job = jobs[proc.nspace] else { continue }
            let named = proc.rank == .wildcard ? Array(job.members.values) : job.members[proc.rank].map { [$0] } ?? []
            for member in named where member.standing == .lost && !collective.hasHeard(member) {
                tell(collective, name, lossOf: member)
            }
        }
    }

    func tellGroup(lossOf proc: Proc, _ name: Text, to members: [Proc]) {
        tellGroup(
            .groupMemberFailed, name, to: members.filter { $0 != proc }, [Info(.eventAffectedProc, .proc(proc))])
    }

    /// An event for members of a group, wherever they live.
    func tellGroup(_ code: Status, _ name: Text, to members: [Proc], _ more: [Info], source: Proc? = nil) {
        if members.isEmpty { return }
        let infos = [
            Info(.eventCustomRange, .procs(members)), Info(.eventNonDefault, .bool(true)),
            Info(.groupName, .string(name)),
        ]
        var event = Event(code, source: source ?? identity, range: .custom, infos: infos + more)
        deliver(event)
        if event.reachesServer(identity) { onLocalEvent?(event) }
        guard !isLocal(members), let notify = host.notifyEvent else { return }
        event.infos.append(Info(.serverNotified, .bool(true)))
        ask({ notify(event, $0) }) { _ in }
    }

    /// Whether all of these live on this node.
    func isLocal(_ procs: [Proc]) -> Bool {
        procs.allSatisfy { proc in
            if proc == identity { return true }
            guard let job = jobs[proc.nspace] else { return false }
            return proc.rank == .wildcard ? job.isLocalOnly : job.members[proc.rank] != nil
        }
    }

    /// What events say about groups, whether they come from a client or through the host from another node. Groups that form
    /// by invitation exist once their leader says so: that event names the group and its members.
    func recordGroup(_ event: Event) {
        if event.status == .groupInviteDeclined { return recordRefusal(event) }
        guard let name = event.infos[.groupName]?.asText, !name.isEmpty else { return }
        switch event.status {
        case .groupInvited: recordInvitation(event, name)
        case .groupLeaderSelected: invitations[name]?.leader = event.source
        case .groupConstructAbort: invitations[name] = nil
        case .groupConstructComplete:
            invitations[name] = nil
            guard let members = event.infos[.groupMembership]?.asProcs ?? event.targets, !members.isEmpty else {
                return
            }
            groups[name] = Group(members: members, tellsOfLosses: event.infos.isTrue(.groupNotifyTermination))
        case .groupLeft: depart(event.affected?.first ?? event.source, from: name)
        default: break
        }
    }

    /// The job is no more, and nobody of it is a member of anything.
    func forgetMembers(of nspace: Namespace) {
        for (name, group) in groups where group.members.contains(where: { $0.nspace == nspace }) {
            let others = group.members.filter { $0.nspace != nspace }
            groups[name]?.members = others
            if others.isEmpty { groups[name] = nil }
        }
    }
}
