import Bytes
import PMIxWire
import Sockets

// Groups that all members make and end together. (Those that form by invitation: Invitations.swift.)
extension Client {
    /// Answers what the members have to know of the group: its context id, and from later releases its membership.
    public func constructGroup(_ name: Text, _ procs: [Proc], _ infos: [Info]) -> Exchange<[Info]> {
        var packer = Packer(dialect, command: .constructGroup)
        packer.string(name)
        packer.procs(procs)
        packer.infos(infos)
        return Exchange(packer, deadline: infos.deadline) { [self] (unpacker) throws(Malformed) in
            let results = try readGroup(&unpacker)
            keepGroup(name, results[.groupMembership]?.asProcs ?? procs)
            return results
        }
    }

    /// The answer has four forms, told apart by the server's release alone.
    private func readGroup(_ unpacker: inout Unpacker) throws(Malformed) -> [Info] {
        let release = serverRelease
        guard release.has(.groupAnswerHasMembers) else { return [contextID(try unpacker.size())] }
        if unpacker.isAtEnd { return [] }
        let members = try unpacker.procs()
        var results: [Info] = []
        if release.has(.groupAnswerHasFlag) {
            if case .unsigned(1) = try unpacker.one(.bool) { results.append(contextID(try unpacker.size())) }
            if release.has(.groupAnswerHasInfos) && !unpacker.isAtEnd {
                for _ in 0..<(try unpacker.size()) { results.append(try unpacker.info()) }
            }
        } else {
            let id = try unpacker.size()
            if id != .max && id != UInt64(UInt32.max) { results.append(contextID(id)) }
            try readJobs(&unpacker)
        }
        if !members.isEmpty { results.append(Info(.groupMembership, .procs(members))) }
        return results
    }

    private func contextID(_ id: UInt64) -> Info {
        Info(.groupContextID, Value(.size, .unsigned(id)))
    }

    func keepGroup(_ name: Text, _ members: [Proc]) {
        lock.withLock { groups[name] = members }
    }

    public func destructGroup(_ name: Text, _ infos: [Info]) -> Exchange<Void> {
        var packer = Packer(dialect, command: .destructGroup)
        packer.string(name)
        if serverRelease.has(.groupEndHasMembers) {
            // The count is followed by a pack even when it is 0.
            let members = lock.withLock { groups[name] ?? [] }
            packer.size(members.count)
            packer.items(.proc, members.map { .proc($0) })
        }
        packer.infos(infos)
        return Exchange(packer, deadline: infos.deadline) { [self] (_) throws(Malformed) in
            lock.withLock { groups[name] = nil }
        }
    }

    /// To servers that know no groups as participants the members go out in their place. The others replace the name
    /// themselves. A rank that no member has is left to the server, which refuses it.
    func withoutGroups(_ procs: [Proc]) -> [Proc] {
        guard serverRelease.has(.groupsAreNotKnown) else { return procs }
        let groups = lock.withLock { self.groups }
        if groups.isEmpty { return procs }
        var all: [Proc] = []
        for proc in procs {
            guard let members = groups[proc.nspace] else {
                all.append(proc)
                continue
            }
            if proc.rank == .wildcard {
                all += members
            } else if members.count == 1 && members[0].rank == .wildcard {
                all.append(Proc(members[0].nspace, proc.rank))
            } else {
                let position = Int(proc.rank.rawValue)
                all.append(members.indices.contains(position) ? members[position] : proc)
            }
        }
        return all
    }

    // MARK: Leaving

    /// Calls back on the loop when the others are being told. The servers of OpenPMIx know no such request: there the event
    /// goes out from here, to the members this process knows of.
    public func leaveGroup(_ name: Text, _ infos: [Info], _ done: @escaping (Status) -> Void) {
        var packer = Packer(dialect, command: .leaveGroup)
        packer.string(name)
        packer.infos(infos)
        begin(Exchange(packer, deadline: infos.deadline)) { [self] result in
            let members = lock.withLock { groups.removeValue(forKey: name) }
            if result.status != .notSupported { return done(result.status) }
            guard let members else { return done(.notFound) }
            let others = members.filter { $0 != identity }
            if others.isEmpty { return done(.success) }
            let told = [Info(.eventAffectedProc, .proc(identity))] + infos.filter { $0.key != .timeout }
            send(groupEvent(.groupLeft, name, to: others, told), done)
        }
    }

    /// An event for these members of a group, and nobody else.
    func groupEvent(_ code: Status, _ name: Text, to procs: [Proc], _ more: [Info] = []) -> Event {
        let targets: Value = procs.count == 1 ? .proc(procs[0]) : .procs(procs)
        let infos = [
            Info(.eventCustomRange, targets), Info(.eventNonDefault, .bool(true)), Info(.groupName, .string(name)),
        ]
        return Event(code, source: identity, range: .custom, infos: infos + more)
    }
}

extension Result where Failure == Status {
    var status: Status {
        if case .failure(let reason) = self { reason } else { .success }
    }
}
