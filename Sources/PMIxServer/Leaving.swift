import Bytes
import PMIxWire

// The ways a process ends by its own will.
extension Server {
    /// ABORT: no processes stand for the whole job.
    func abort(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let status = try unpacker.status()
        let message = try unpacker.string()
        let procs = try unpacker.procs()
        guard let abort = host.abort else { return request.reply(.notSupported) }
        let object = request.peer.member?.object ?? 0
        ask({ abort(request.proc, object, status, message, procs, $0) }) { request.reply($0) }
    }

    /// FINALIZE: the peer gets away whatever the host says; the end of its connection is then no loss.
    func finalize(_ request: Request) {
        let peer = request.peer
        guard !peer.hasFinalized else { return request.reply(.success) }
        peer.hasFinalized = true
        leave(peer, as: .finalized)
        if let member = peer.member, member.connectionCount <= 0 { tellInvitations(lossOf: member.proc) }
        guard !peer.isTool, let member = peer.member, let finalized = host.clientFinalized else {
            return request.reply(.success)
        }
        ask({ finalized(peer.proc, member.object, $0) }) { request.reply($0) }
    }
}
