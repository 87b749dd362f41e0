import Bytes
import PMIxWire

/// A peer's request that awaits its answer. Answers go out in whatever order they are ready; the tag pairs them.
struct Request {
    let peer: Peer
    let tag: UInt32

    var proc: Proc { peer.proc }

    func reply(_ status: Status) {
        peer.send(answer(status).bytes, tag: tag)
    }

    func reply(_ packer: Packer) {
        peer.send(packer.bytes, tag: tag)
    }

    /// The begin of an answer, for what follows the status.
    func answer(_ status: Status, reserving capacity: Int = 16) -> Packer {
        var packer = Packer(peer.dialect, reserving: capacity)
        packer.status(status.onWire)
        return packer
    }

    /// As `reply`, but a failure is told by its status alone.
    func answer(with status: Status, _ infos: [Info]) {
        status.isSuccess ? reply(status, infos) : reply(status)
    }

    /// The form most answers with content have: the infos follow whatever the status is.
    func reply(_ status: Status, _ infos: [Info]) {
        var packer = answer(status)
        packer.infos(infos)
        reply(packer)
    }
}
