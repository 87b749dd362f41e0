import Bytes
import PMIxWire

// Publishing is the host's business; the server adds who asks. The user id on the wire is not believed: the peer's is
// known.
extension Server {
    func publish(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        _ = try unpacker.uint32()
        let infos = try unpacker.infos()
        guard let publish = host.publish else { return request.reply(.notSupported) }
        ask({ publish(request.proc, signed(infos, request), $0) }) { request.reply($0) }
    }

    func lookup(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        _ = try unpacker.uint32()
        let keys = try strings(&unpacker)
        let infos = try unpacker.infos()
        guard let lookup = host.lookup else { return request.reply(.notSupported) }
        guard !keys.isEmpty else { return request.reply(.badParameter) }
        ask({ lookup(request.proc, keys, signed(infos, request), $0) }) { (status, found: [PublishedValue]) in
            // A host that is done without an answer has found nothing.
            let isEmpty = status == .operationSucceeded || (status == .success && found.isEmpty)
            if isEmpty { return request.reply(.notFound) }
            guard status == .success || status == .partialSuccess else { return request.reply(status) }
            var answer = request.answer(status)
            answer.list(.pdata, found.map { .published($0) })
            request.reply(answer)
        }
    }

    func unpublish(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        _ = try unpacker.uint32()
        let keys = try strings(&unpacker)
        let infos = try unpacker.infos()
        guard let unpublish = host.unpublish else { return request.reply(.notSupported) }
        ask({ unpublish(request.proc, keys, signed(infos, request), $0) }) { request.reply($0) }
    }

    private func signed(_ infos: [Info], _ request: Request) -> [Info] {
        infos + [Info(.userID, .uint32(request.peer.uid))]
    }

    /// A count, then each string as an item of its own.
    private func strings(_ unpacker: inout Unpacker) throws(Malformed) -> [Text] {
        let count = try unpacker.size()
        guard count <= UInt64(unpacker.reader.remaining) else { throw .count }
        var texts: [Text] = []
        for _ in 0..<count {
            guard let text = try unpacker.string() else { throw .string }
            texts.append(text)
        }
        return texts
    }
}
