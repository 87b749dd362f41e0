import Bytes
import PMIxWire
import Sockets

// Processes no host started for us: tools, launchers, singletons. The host decides whether they are welcome and may
// name them; without a word from the host those that bring a name of their own are let in.
extension Server {
    func considerTool(
        _ handshake: Handshake, _ claimed: NativeCredential?, _ dialect: Dialect, _ peer: Peer
    ) throws(Status) {
        let known = handshake.named.flatMap { jobs[$0.nspace]?.members[$0.rank] }
        if let known {
            try check(claimed, handshake.infos, uid: known.uid, gid: known.gid)
        } else {
            try check(claimed, handshake.infos, uid: handshake.uid, gid: handshake.gid)
            // A job's ranks are the host's to announce: nobody joins one by saying so.
            let job = handshake.named.flatMap { jobs[$0.nspace] }
            if let job, job.isRegistered, !job.isOfGuests { throw .notFound }
        }
        guard let connected = host.toolConnected else {
            guard let proc = handshake.named else { throw .notSupported }
            return try acceptTool(handshake, proc, dialect, peer)
        }
        let upcall = Upcall<Proc>(self) { [self] status, proc in
            guard peer.stage == .considered else { return }
            guard status.isSuccess else { return peer.refuse(status, handshake) }
            do throws(Status) {
                try acceptTool(handshake, handshake.named ?? proc, dialect, peer)
            } catch {
                peer.refuse(error, handshake)
            }
        }
        connected(toolInfos(handshake), upcall.complete)
        upcall.returned(.success, Proc("", .undefined))
    }

    private func toolInfos(_ handshake: Handshake) -> [Info] {
        var infos = handshake.infos
        infos.append(Info(.versionInfo, .string(handshake.version)))
        if infos[.userID] == nil { infos.append(Info(.userID, .uint32(handshake.uid))) }
        if infos[.groupID] == nil { infos.append(Info(.groupID, .uint32(handshake.gid))) }
        if let proc = handshake.named {
            infos.append(Info(.nspace, .string(proc.nspace)))
            infos.append(Info(.rank, .rank(proc.rank)))
        }
        return infos
    }

    private func acceptTool(_ handshake: Handshake, _ proc: Proc, _ dialect: Dialect, _ peer: Peer) throws(Status) {
        guard !proc.nspace.isEmpty, proc.rank.isValid else { throw .badParameter }
        let member = toolMember(handshake, proc)
        peer.identify(handshake, proc, dialect, member)
        let readsIndex = handshake.kind == .singleton && peer.release.has(.singletonReadsIndex)
        let isAssigned = handshake.kind == .toolNeedingID || handshake.kind == .launcherNeedingID
        let reply =
            readsIndex
            ? HandshakeReply.client(index: peer.index)
            : HandshakeReply.tool(assigned: isAssigned ? proc : nil, server: identity)
        welcome(peer, reply)
    }

    /// A tool is a job of its own, of the ranks that have connected under its name.
    private func toolMember(_ handshake: Handshake, _ proc: Proc) -> Member {
        let job = knownJob(proc.nspace)
        if let member = job.members[proc.rank] { return member }
        let member = Member(proc, uid: handshake.uid, gid: handshake.gid, object: 0)
        member.isGuest = true
        add(member, to: job)
        if !job.isRegistered || job.isOfGuests {
            job.isOfGuests = true
            job.localCount = job.members.count
            job.checkComplete()
        }
        return member
    }

    /// What a guest brought along goes with it.
    func forgetTool(_ peer: Peer) {
        guard let member = peer.member, member.isGuest, member.connectionCount <= 0,
            let job = jobs[member.proc.nspace]
        else { return }
        failGets(of: member.proc, .notFound)
        let isLast = lock.withLock {
            job.members[member.proc.rank] = nil
            guard job.isOfGuests && job.members.isEmpty else { return false }
            jobs[job.nspace] = nil
            return true
        }
        if isLast { cleanUp(after: job.nspace) }
    }
}

extension Handshake {
    /// Who it says it is. OpenPMIx's tools that have a server's address in their environment and no name say they are nobody;
    /// the host names them, though there is no place in the reply to tell them.
    fileprivate var named: Proc? { proc.flatMap { $0.nspace.isEmpty ? nil : $0 } }
}
