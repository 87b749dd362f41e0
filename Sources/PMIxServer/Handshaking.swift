import Bytes
import PMIxWire
import Sockets

// Who may come in.
extension Server {
    func consider(_ handshake: Handshake, from peer: Peer) {
        guard let dialect = Dialect(module: handshake.module, isDescribed: handshake.isDescribed) else {
            return peer.refuse(.notSupported, handshake)
        }
        do throws(Status) {
            let claimed = try authenticate(handshake)
            if handshake.kind == .client {
                try considerClient(handshake, claimed, dialect, peer)
            } else {
                try considerTool(handshake, claimed, dialect, peer)
            }
        } catch {
            peer.refuse(error, handshake)
        }
    }

    /// Who the credential says the peer is; nil when the way of proving says nothing.
    private func authenticate(_ handshake: Handshake) throws(Status) -> NativeCredential? {
        guard options.securityModules.contains(handshake.security) else { throw .notSupported }
        switch handshake.security {
        case "none": return nil
        case "native":
            do throws(Malformed) {
                return try NativeCredential(from: handshake.credential)
            } catch {
                throw .invalidCredential
            }
        case "munge": return try Munge.decode(handshake.credential)
        default: throw .notSupported
        }
    }

    private func considerClient(
        _ handshake: Handshake, _ claimed: NativeCredential?, _ dialect: Dialect, _ peer: Peer
    ) throws(Status) {
        guard let proc = handshake.proc, let job = jobs[proc.nspace], let member = job.members[proc.rank] else {
            throw .notFound
        }
        try check(claimed, handshake.infos, uid: member.uid, gid: member.gid)
        peer.identify(handshake, proc, dialect, member)
        if let connected = host.clientConnected {
            let status = connected(proc, member.object, handshake.infos, nil)
            guard status.isSuccess else { throw status }
        }
        welcome(peer, HandshakeReply.client(index: peer.index))
    }

    /// The credential, and what releases 5 and 6 say of themselves beside it, must name the user expected.
    func check(_ claimed: NativeCredential?, _ infos: [Info], uid: UInt32, gid: UInt32) throws(Status) {
        if let claimed, claimed.uid != uid || claimed.gid != gid { throw .invalidCredential }
        if let said = infos[.userID]?.asUInt32, said != uid { throw .invalidCredential }
        if let said = infos[.groupID]?.asUInt32, said != gid { throw .invalidCredential }
    }

    /// The peer is in: it gets the reply, then what happened before it came, and only then is it listened to.
    func welcome(_ peer: Peer, _ reply: [UInt8]) {
        if let member = peer.member {
            member.connectionCount += 1
            member.standing = .connected
        }
        if let job = jobs[peer.proc.nspace], job.codecVersion == nil {
            lock.withLock { job.codecVersion = peer.release.has(.codecIsNamed) ? peer.module : peer.version }
            job.changed()
        }
        peer.open(reply)
        if peer.isTool { outputs.addDefault(for: peer, source: identity) }
        replayEvents(to: peer)
        reconsiderGets(of: peer.proc)
        peer.listen()
    }

    /// The answer to REQ.
    func jobInfo(_ request: Request) {
        guard let job = jobs[request.proc.nspace] else { return request.reply(.notFound) }
        var answer = Packer(request.peer.dialect)
        answer.string(job.nspace)
        answer.writer.append(job.jobInfo(for: request.peer))
        request.reply(answer)
    }
}
