import Bytes
import CLibc
import PMIxWire
import Reactor
import Sockets

// Credentials: the host's, or, where it makes none, munge's. What `native` says proves nothing away from the connection
// it was said on, so that it is none to hand out.
extension Server {
    /// Makes a credential for this process. From any thread, on which the host is called; `done` is called on the loop.
    public func makeCredential(_ infos: [Info], _ done: @escaping (Status, [UInt8], [Info]) -> Void) {
        makeCredential(for: identity, infos) { [self] status, bytes, infos in
            loop.post { done(status, bytes, infos) }
        }
    }

    func getCredential(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let infos = try unpacker.infos()
        makeCredential(for: request.proc, infos) { status, bytes, infos in
            guard status.isSuccess else { return request.reply(status) }
            var answer = request.answer(status)
            answer.byteObject(bytes)
            answer.infos(infos)
            request.reply(answer)
        }
    }

    func validateCredential(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let credential = try unpacker.byteObject()
        let infos = try unpacker.infos()
        validate(credential, infos, for: request.proc) { request.answer(with: $0, $1) }
    }

    private func makeCredential(
        for proc: Proc, _ infos: [Info], _ done: @escaping (Status, [UInt8], [Info]) -> Void
    ) {
        guard let getCredential = host.getCredential else {
            // It would be this server's own: peers who are somebody else have to ask munge themselves.
            guard proc == identity, let made = Munge.isWanted(infos) ? Munge.encode() : nil else {
                return done(.notSupported, [], [])
            }
            return done(.success, made, [Info(.credentialType, .string("munge"))])
        }
        let upcall = Upcall<(bytes: [UInt8], infos: [Info])>(self) { done($0, $1.bytes, $1.infos) }
        upcall.returned(getCredential(proc, infos) { upcall.complete($0, ($1, $2)) }, ([], []))
    }

    /// Of a peer's on the loop, of this process's on the thread that asks.
    public func validate(
        _ credential: [UInt8], _ infos: [Info], for proc: Proc, _ done: @escaping Host.DoneWithInfos
    ) {
        if let validate = host.validateCredential { return ask({ validate(proc, credential, infos, $0) }, done) }
        let types = Munge.types(infos)
        guard types.isEmpty || types.contains("munge") || types.contains("native") else {
            return done(.notSupported, [])
        }
        guard Munge.isWanted(infos), let owner = try? Munge.decode(credential) else {
            // A peer asks the host, which does not do that; this process asked nobody but us.
            return done(proc == identity ? .invalidCredential : .notSupported, [])
        }
        done(.success, [Info(.userID, .uint32(owner.uid)), Info(.groupID, .uint32(owner.gid))])
    }
}

extension Munge {
    /// The kinds of credential a caller takes; none named: all.
    static func types(_ infos: [Info]) -> [Text] {
        infos[.credentialType]?.asText?.split(UInt8(ascii: ",")) ?? []
    }

    static func isWanted(_ infos: [Info]) -> Bool {
        let types = types(infos)
        return types.isEmpty || types.contains("munge")
    }
}

extension Key {
    static let credentialType: Key = "pmix.sec.ctype"
}
