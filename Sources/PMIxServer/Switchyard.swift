import Bytes
import PMIxWire

// From a message to the operation it asks for. Bytes that cannot be read as what they claim to be cost their sender a
// status; the frames are intact, so the connection goes on.
extension Server {
    func dispatch(_ message: Message, from peer: Peer) {
        if message.tag < Tag.firstDynamic {
            if message.tag == Tag.heartbeat { heard(from: peer) }
            return
        }
        let request = Request(peer: peer, tag: message.tag)
        // An empty message is what a peer gets for a lost connection; sent the other way it means no more.
        if peer.hasFinalized { return request.reply(.notInitialized) }
        if message.payload.isEmpty { return request.reply(.lostConnection) }
        do throws(Malformed) {
            try message.payload.unpack(peer.dialect) { (unpacker) throws(Malformed) in
                try perform(request, &unpacker)
            }
        } catch {
            Trace.misfit(
                "a request cannot be read", Text(peer.proc.description), release: peer.version, module: peer.module,
                isDescribed: peer.dialect.isDescribed)
            request.reply(Status(error))
        }
    }

    private func perform(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        guard let command = Command(rawValue: try unpacker.byte(.command)) else {
            return request.reply(.notSupported)
        }
        switch command {
        case .request: jobInfo(request)
        case .abort: try abort(request, &unpacker)
        case .commit: try commit(request, &unpacker)
        case .fence: try collect(.fence, request, &unpacker)
        case .connect: try collect(.connect, request, &unpacker)
        case .disconnect: try collect(.disconnect, request, &unpacker)
        case .get: try get(request, &unpacker)
        case .finalize: finalize(request)
        case .publish: try publish(request, &unpacker)
        case .lookup: try lookup(request, &unpacker)
        case .unpublish: try unpublish(request, &unpacker)
        case .spawn: try spawn(request, &unpacker)
        case .notify: try notify(request, &unpacker)
        case .registerEvents: try registerEvents(request, &unpacker)
        case .deregisterEvents: try deregisterEvents(request, &unpacker)
        default: try performMore(command, request, &unpacker)
        }
    }

    private func performMore(_ command: Command, _ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        switch command {
        case .query: try query(request, &unpacker)
        case .log: try log(request, &unpacker)
        case .allocate: try allocate(request, &unpacker)
        case .jobControl: try jobControl(request, &unpacker)
        case .monitor: try monitor(request, &unpacker)
        case .getCredential: try getCredential(request, &unpacker)
        case .validateCredential: try validateCredential(request, &unpacker)
        case .pullOutput: try pullOutput(request, &unpacker)
        case .pushInput: try pushInput(request, &unpacker)
        case .deregisterOutput: try deregisterOutput(request, &unpacker)
        case .constructGroup: try constructGroup(request, &unpacker)
        case .leaveGroup: try leaveGroup(request, &unpacker)
        case .destructGroup: try destructGroup(request, &unpacker)
        case .registerFabric, .updateFabric, .deviceDistances, .sessionControl, .resourceBlock:
            try performForHost(command, request, &unpacker)
        case .refreshCache: try refreshCache(request, &unpacker)
        case .resolvePeers: try resolvePeers(request, &unpacker)
        case .resolveNodes: try resolveNodes(request, &unpacker)
        default: request.reply(.notSupported)
        }
    }
}
