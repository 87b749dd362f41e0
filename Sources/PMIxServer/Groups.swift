import Bytes
import PMIxWire

// Process groups: named sets of processes. Constructing and destructing one are collectives that end at the host; the
// server remembers who belongs to which group, because later collectives may name a group instead of its members.
extension Server {
    func constructGroup(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let name = try unpacker.string()
        let procs = try unpacker.procs()
        let infos = try unpacker.infos()
        guard host.group != nil else { return replyGroup(request, .notSupported, [], nil) }
        guard let name, !name.isEmpty else { return replyGroup(request, .badParameter, [], nil) }
        join(request, .construct(name), procs, infos)
    }

    /// From release 5 on the members are named; the count is followed by a pack even when it is 0.
    func destructGroup(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let name = try unpacker.string()
        if request.peer.release.major >= 5 {
            _ = try unpacker.size()
            _ = try unpacker.items(.proc)
        }
        let infos = try unpacker.infos()
        guard host.group != nil else { return request.reply(.notSupported) }
        guard let name, let members = groups[name] else { return request.reply(.notFound) }
        join(request, .destruct(name), members, infos)
    }

    func concludeGroup(_ collective: Collective) {
        let (name, destructs): (Text, Bool)
        switch collective.name.kind {
        case .construct(let text): (name, destructs) = (text, false)
        case .destruct(let text): (name, destructs) = (text, true)
        default: return
        }
        guard let group = host.group else { return replyGroup(collective, .notSupported, [], nil) }
        let members = collective.name.procs
        var infos = collective.hostInfos
        // What the local members show to other nodes, for the members there.
        if !destructs { infos.append(Info(.groupEndpoints, .bytes(contribution(collective)))) }
        ask({ group(destructs, name, members, infos, $0) }) { [self] status, results in
            let final = results[.groupMembership]?.asProcs ?? members
            if status.isSuccess { groups[name] = destructs ? nil : final }
            replyGroup(collective, status, final, results[.groupContextID]?.asUnsigned)
        }
    }

    private func replyGroup(_ collective: Collective, _ status: Status, _ members: [Proc], _ contextID: UInt64?) {
        for caller in collective.callers {
            if case .construct = collective.name.kind {
                replyGroup(caller, status, members, contextID)
            } else {
                caller.reply(status)
            }
        }
    }

    /// The answer to a construct has three forms, told apart by the caller's release alone.
    private func replyGroup(_ request: Request, _ status: Status, _ members: [Proc], _ contextID: UInt64?) {
        let release = request.peer.release
        var answer = request.answer(status)
        switch release.major {
        case ..<5: answer.size(contextID ?? .max)
        case 5:
            guard status.isSuccess else { break }
            answer.procs(members)
            answer.size(contextID ?? .max)
        default:
            guard status.isSuccess else { break }
            answer.procs(members)
            answer.one(.bool, .unsigned(contextID == nil ? 0 : 1))
            if let contextID { answer.size(contextID) }
            if release >= Release(6, 1, 0) { answer.size(0) }
        }
        request.reply(answer)
    }

    /// Groups that form by invitation exist once their leader says so: that event names the group and its members.
    func recordGroup(_ event: Event) {
        guard event.status == .groupConstructComplete, let name = event.infos[.groupName]?.asText, !name.isEmpty,
            let members = event.targets, !members.isEmpty
        else { return }
        groups[name] = members
    }
}

extension Status {
    static let groupConstructComplete = Status(rawValue: -166)
}
