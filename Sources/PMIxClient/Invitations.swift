import Bytes
import PMIxWire
import Reactor
import Sockets

/// A group that this process is getting together: whom it has asked, and who has not answered.
final class Invitation {
    let name: Text
    let infos: [Info]
    /// This process first, unless it named itself elsewhere.
    var members: [Proc]
    var pending: Set<Proc>
    var timer: Timer?
    let done: (Result<[Info], Status>) -> Void

    init(_ name: Text, _ members: [Proc], _ pending: Set<Proc>, _ infos: [Info], _ done: @escaping GroupDone) {
        self.name = name
        self.members = members
        self.pending = pending
        self.infos = infos
        self.done = done
    }
}

/// An invitation this process has accepted: the group is there when its leader says so.
final class Joining {
    let name: Text
    var leader: Proc
    var timer: Timer?
    let done: (Result<[Info], Status>) -> Void

    init(_ name: Text, _ leader: Proc, _ done: @escaping GroupDone) {
        self.name = name
        self.leader = leader
        self.done = done
    }
}

/// An invitation that came here.
struct Received {
    var leader: Proc
    let procs: [Proc]
    /// Who led before, and is lost.
    var former: [Proc] = []
}

public typealias GroupDone = (Result<[Info], Status>) -> Void

/// What is under way in a process. On the loop.
struct Invitations {
    var led: [Invitation] = []
    var joining: [Joining] = []
    /// Whom invitations that came here were sent to, and by whom.
    var received: [Text: Received] = [:]
    /// The codes the server knows that this process hears.
    var listensFor: Set<Status> = []
}

// Groups that form by invitation. It is all events: the leader invites, the invited accept or decline, the leader says
// what the group is; the servers pass them on, remember the group, and tell who was lost on the way. What handlers of the
// program return counts, so these events are looked at when their handlers have run.
extension Client {
    // MARK: Inviting

    /// Calls back on the loop, when everybody has answered and the group is there, or it cannot be.
    public func invite(_ name: Text, _ procs: [Proc], _ infos: [Info], _ done: @escaping GroupDone) {
        loop.post { [self] in
            guard let invited = ranks(procs) else { return done(.failure(.badParameter)) }
            guard led(name) == nil else { return done(.failure(.exists)) }
            let members = invited.contains(identity) ? invited : [identity] + invited
            let pending = Set(invited.filter { $0 != identity })
            let invitation = Invitation(name, members, pending, infos, done)
            lead(invitation) { [self] in
                let told = infos.filter { $0.key != .timeout && $0.key != .groupAssignContextID }
                send(groupEvent(.groupInvited, name, to: procs, told)) { [self] status in
                    if status != .success { return end(invitation, .failure(status)) }
                    if invitation.pending.isEmpty { complete(invitation) }
                }
            }
        }
    }

    /// Listens for answers, and only then has them asked for.
    private func lead(_ invitation: Invitation, _ ask: @escaping () -> Void) {
        invitations.led.append(invitation)
        invitation.timer = deadline(of: invitation.infos) { [self] in
            tell(.groupConstructAbort, invitation)
            end(invitation, .failure(.timeout))
        }
        let codes: [Status] = [
            .groupInviteAccepted, .groupInviteDeclined, .groupInviteFailed, .groupMemberFailed, .groupConstructAbort,
        ]
        listen(codes) { [self] status in
            if status == .success { ask() } else { end(invitation, .failure(status)) }
        }
    }

    private func deadline(of infos: [Info], _ expire: @escaping () -> Void) -> Timer? {
        guard let seconds = infos[.timeout]?.asUnsigned, seconds > 0 else { return nil }
        let milliseconds = seconds.multipliedReportingOverflow(by: 1000)
        return Timer(loop, milliseconds: milliseconds.overflow ? .max : milliseconds.partialValue, expire)
    }

    /// Every process on its own, since every one has to answer. nil where nobody knows how many there are.
    private func ranks(_ procs: [Proc]) -> [Proc]? {
        var all: [Proc] = []
        for proc in procs {
            if proc.rank != .wildcard {
                all.append(proc)
                continue
            }
            guard let size = find(Wanted(proc, .jobSize, []))?.asUInt32 else { return nil }
            for rank in 0..<size { all.append(Proc(proc.nspace, Rank(rank))) }
        }
        var seen: Set<Proc> = []
        return all.filter { seen.insert($0).inserted }
    }

    /// Everybody has answered.
    private func complete(_ invitation: Invitation) {
        invitation.timer?.cancel()
        guard invitation.infos.isTrue(.groupAssignContextID) else { return announce(invitation, []) }
        // The id is the host's to give, for a group that so far has one member.
        let wanted = [
            Info(.groupAssignContextID, .bool(true)), Info(.groupMembership, .procs(invitation.members)),
        ]
        begin(constructGroup(invitation.name, [identity], wanted)) { [self] result in
            switch result {
            case .success(let results): announce(invitation, results.filter { $0.key == .groupContextID })
            case .failure(let reason):
                tell(.groupConstructAbort, invitation)
                end(invitation, .failure(reason))
            }
        }
    }

    private func announce(_ invitation: Invitation, _ id: [Info]) {
        let results = id + [Info(.groupMembership, .procs(invitation.members))]
        let passedOn = invitation.infos.filter { $0.key == .groupNotifyTermination }
        let event = groupEvent(.groupConstructComplete, invitation.name, to: invitation.members, results + passedOn)
        keepGroup(invitation.name, invitation.members)
        handlers.deliver(event)
        send(event) { [self] status in
            end(invitation, status == .success ? .success(results) : .failure(status))
        }
    }

    /// An event for everybody who takes part, but this process.
    private func tell(_ code: Status, _ invitation: Invitation) {
        let others = invitation.members.filter { $0 != identity }
        if !others.isEmpty { send(groupEvent(code, invitation.name, to: others)) { _ in } }
    }

    private func end(_ invitation: Invitation, _ result: Result<[Info], Status>) {
        guard invitations.led.contains(where: { $0 === invitation }) else { return }
        invitations.led.removeAll { $0 === invitation }
        invitation.timer?.cancel()
        invitation.timer = nil
        invitation.done(result)
    }

    private func led(_ name: Text) -> Invitation? {
        invitations.led.first { $0.name == name }
    }

    // MARK: Joining

    /// Calls back on the loop: when the leader has heard of a refusal; when the group is there or cannot be, else. `leader` nil:
    /// whoever sent the invitation.
    public func join(
        _ name: Text, leader: Proc?, accepts: Bool, _ infos: [Info], _ done: @escaping GroupDone
    ) {
        loop.post { [self] in
            guard let leader = current(leader, of: name) else { return done(.failure(.badParameter)) }
            let told = infos.filter { $0.key != .timeout }
            guard accepts else {
                invitations.received[name] = nil
                return send(groupEvent(.groupInviteDeclined, name, to: [leader], told)) { status in
                    done(status == .success ? .success([]) : .failure(status))
                }
            }
            guard joining(name) == nil else { return done(.failure(.exists)) }
            let joining = Joining(name, leader, done)
            invitations.joining.append(joining)
            joining.timer = deadline(of: infos) { [self] in end(joining, .failure(.timeout)) }
            accept(joining, told)
        }
    }

    /// Who leads the group now, if this process has been told.
    private func current(_ leader: Proc?, of name: Text) -> Proc? {
        guard let received = invitations.received[name] else { return leader }
        return leader.map { received.former.contains($0) } ?? true ? received.leader : leader
    }

    private func accept(_ joining: Joining, _ infos: [Info]) {
        let codes: [Status] = [
            .groupConstructComplete, .groupConstructAbort, .groupLeaderFailed, .groupLeaderSelected,
        ]
        listen(codes) { [self] status in
            if status != .success { return end(joining, .failure(status)) }
            send(groupEvent(.groupInviteAccepted, joining.name, to: [joining.leader], infos)) { [self] status in
                if status != .success { end(joining, .failure(status)) }
            }
        }
    }

    private func end(_ joining: Joining, _ result: Result<[Info], Status>) {
        guard invitations.joining.contains(where: { $0 === joining }) else { return }
        invitations.joining.removeAll { $0 === joining }
        invitations.received[joining.name] = nil
        joining.timer?.cancel()
        joining.timer = nil
        joining.done(result)
    }

    private func joining(_ name: Text) -> Joining? {
        invitations.joining.first { $0.name == name }
    }

    // MARK: Following events

    /// Has the server send these codes here, whether or not the program listens for them.
    private func listen(_ codes: [Status], _ then: @escaping (Status) -> Void) {
        let news = codes.filter { !invitations.listensFor.contains($0) }
        if news.isEmpty { return then(.success) }
        register(news, [], { $0.complete(.noActionTaken, []) }) { [self] status, _ in
            if status == .success { invitations.listensFor.formUnion(news) }
            then(status)
        }
    }

    /// An event whose handlers have run. On the loop.
    func follow(_ event: Event, _ results: [Info]) {
        switch event.status {
        case .groupInviteAccepted, .groupInviteDeclined, .groupInviteFailed, .groupMemberFailed:
            answered(event, results)
        case .groupInvited:
            guard let name = event.infos[.groupName]?.asText else { return }
            invitations.received[name] = Received(leader: event.source, procs: event.targets ?? [])
        case .groupLeft, .groupMembershipUpdate: changed(event)
        default:
            guard let name = event.infos[.groupName]?.asText else { return }
            if event.status == .groupLeaderSelected, let before = invitations.received[name]?.leader {
                invitations.received[name]?.former.append(before)
                invitations.received[name]?.leader = event.source
            }
            if event.status == .groupConstructAbort, let invitation = led(name) {
                return end(invitation, .failure(.groupConstructAbort))
            }
            guard let joining = joining(name) else { return }
            followLeader(event, joining, results)
        }
    }

    /// Somebody this process has invited has answered, or never will. Servers and members of OpenPMIx do not always say which
    /// group it is about.
    private func answered(_ event: Event, _ results: [Info]) {
        let isLoss = event.status == .groupMemberFailed || event.status == .groupInviteFailed
        let proc = isLoss ? event.affected?.first ?? event.source : event.source
        let name = event.infos[.groupName]?.asText
        let concerned = invitations.led.first {
            (name ?? $0.name) == $0.name && (isLoss ? $0.members.contains(proc) : $0.pending.contains(proc))
        }
        guard let invitation = concerned else { return }
        if results.contains(where: { $0.value.asStatus == .groupConstructAbort }) {
            tell(.groupConstructAbort, invitation)
            return end(invitation, .failure(.groupConstructAbort))
        }
        let wasAwaited = invitation.pending.remove(proc) != nil
        if event.status != .groupInviteAccepted { invitation.members.removeAll { $0 == proc } }
        if wasAwaited && invitation.pending.isEmpty { complete(invitation) }
    }

    private func followLeader(_ event: Event, _ joining: Joining, _ results: [Info]) {
        switch event.status {
        case .groupConstructComplete:
            let members = event.infos[.groupMembership]?.asProcs ?? event.targets ?? []
            keepGroup(joining.name, members)
            let id = event.infos.filter { $0.key == .groupContextID }
            end(joining, .success(id + [Info(.groupMembership, .procs(members))]))
        case .groupConstructAbort: end(joining, .failure(.groupConstructAbort))
        case .groupLeaderFailed: replaceLeader(joining, results)
        case .groupLeaderSelected:
            joining.leader = event.source
            accept(joining, [])
        default: break
        }
    }

    /// The leader is lost. One handler among all that were invited may say that its process leads from here on; a program
    /// that does not listen for this has given up.
    private func replaceLeader(_ joining: Joining, _ results: [Info]) {
        let invited = ranks(invitations.received[joining.name]?.procs ?? []) ?? []
        let others = invited.filter { $0 != joining.leader && $0 != identity }
        if results.contains(where: { $0.value.asStatus == .groupConstructAbort }) {
            if !others.isEmpty { send(groupEvent(.groupConstructAbort, joining.name, to: others)) { _ in } }
            return end(joining, .failure(.groupConstructAbort))
        }
        guard results.isTrue(.groupLeader) else {
            // Ours is one of the results.
            if results.count < 2 { end(joining, .failure(.groupLeaderFailed)) }
            return
        }
        invitations.joining.removeAll { $0 === joining }
        joining.timer?.cancel()
        let invitation = Invitation(joining.name, [identity] + others, Set(others), [], joining.done)
        lead(invitation) { [self] in
            if others.isEmpty { return complete(invitation) }
            let mine = [Info(.groupLeader, .bool(true))]
            send(groupEvent(.groupLeaderSelected, joining.name, to: others, mine)) { [self] status in
                if status != .success { end(invitation, .failure(status)) }
            }
        }
    }

    private func changed(_ event: Event) {
        guard let name = event.infos[.groupName]?.asText else { return }
        let members = event.infos[.groupMembership]?.asProcs
        let gone = event.affected?.first ?? event.source
        lock.withLock {
            guard let known = groups[name] else { return }
            groups[name] = members ?? known.filter { $0 != gone }
        }
    }

    /// The server is gone, and with it everybody else. On the loop.
    func failInvitations(_ reason: Status) {
        for invitation in invitations.led { end(invitation, .failure(reason)) }
        for joining in invitations.joining { end(joining, .failure(reason)) }
    }
}

extension Event {
    /// Whether this is about how groups form and change.
    var isOfGroups: Bool { (-170 ... -159).contains(status.rawValue) }
}
