import Bytes
import PMIxWire

// Requests that are passed to the host as they are. Where the host has no such function the answer is NOT_SUPPORTED.
extension Server {
    // MARK: Queries

    func query(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let queries = try unpacker.list(.query).compactMap { if case .query(let query) = $0 { query } else { nil } }
        guard !queries.isEmpty else { return request.reply(.badParameter) }
        if let answers = known(queries, to: request.proc) { return request.reply(.success, answers) }
        let reply = { [self] (status: Status, answers: [Info]) in
            let (status, answers) = supplement(queries, status, answers)
            request.reply(status, answers)
        }
        guard let query = host.query else { return reply(.notSupported, []) }
        ask({ query(request.proc, queries, $0) }, reply)
    }

    /// The answers, if this server has every one of them itself.
    private func known(_ queries: [Query], to asker: Proc) -> [Info]? {
        var answers: [Info] = []
        for query in queries {
            let directives = query.qualifiers
            if directives.isTrue(.refreshCache) || query.keys.isEmpty { return nil }
            var proc = directives[.procID]?.asProc ?? Proc(asker.nspace, .wildcard)
            if let nspace = directives[.nspace]?.asText { proc.nspace = nspace }
            if let rank = directives[.rank]?.asRank { proc.rank = rank }
            if let host = directives[.hostname]?.asText, host != options.hostname { return nil }
            for key in query.keys {
                guard let value = find(proc, key: key, scope: Scope(directives)) else { return nil }
                answers.append(Info(key, value))
            }
        }
        return answers
    }

    // MARK: Logging

    func log(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        var time: UInt64 = 0
        if request.peer.release.major >= 3, case .unsigned(let seconds) = try unpacker.one(.time) { time = seconds }
        let data = try unpacker.infos()
        var directives = try unpacker.infos()
        guard let log = host.log else { return request.reply(.notSupported) }
        directives.append(Info(.logSource, .proc(request.proc)))
        if time > 0 { directives.append(Info(.logTimestamp, Value(.time, .unsigned(time)))) }
        ask({ done in
            log(request.proc, data, directives, done)
            return .success
        }) { request.reply($0) }
    }

    // MARK: Resources and jobs

    func allocate(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let directive = try unpacker.byte(.allocDirective)
        let infos = try unpacker.infos()
        guard let allocate = host.allocate else { return request.reply(.notSupported) }
        ask({ allocate(request.proc, directive, infos, $0) }) { request.reply($0, $1) }
    }

    /// Directives to clean up after a process are for this server; all others are for the host.
    func jobControl(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let targets = try unpacker.procs()
        let directives = try unpacker.infos()
        if Cleanup.isMeant(by: directives) {
            request.reply(registerCleanup(request.peer, targets, directives))
            return
        }
        guard let jobControl = host.jobControl else { return request.reply(.notSupported) }
        ask({ jobControl(request.proc, targets, directives, $0) }) { request.reply($0, $1) }
    }

    func monitor(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let subject = try unpacker.info()
        let code = try unpacker.status()
        let directives = try unpacker.infos()
        if let status = startMonitor(request.peer, subject, code, directives) { return request.reply(status) }
        guard let monitor = host.monitor else { return request.reply(.notSupported) }
        ask({ monitor(request.proc, subject, code, directives, $0) }) { request.reply($0, $1) }
    }

    // MARK: Credentials

    func getCredential(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let infos = try unpacker.infos()
        guard let getCredential = host.getCredential else { return request.reply(.notSupported) }
        let upcall = Upcall<(bytes: [UInt8], infos: [Info])>(self) { status, credential in
            guard status.isSuccess else { return request.reply(status) }
            var answer = request.answer(status)
            answer.byteObject(credential.bytes)
            answer.infos(credential.infos)
            request.reply(answer)
        }
        upcall.returned(getCredential(request.proc, infos) { upcall.complete($0, ($1, $2)) }, ([], []))
    }

    func validateCredential(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let credential = try unpacker.byteObject()
        let infos = try unpacker.infos()
        guard let validate = host.validateCredential else { return request.reply(.notSupported) }
        ask({ validate(request.proc, credential, infos, $0) }) { request.reply($0, $1) }
    }

    // MARK: Fabric

    func fabric(_ request: Request, updates: Bool, _ unpacker: inout Unpacker) throws(Malformed) {
        // An update names the fabric by an index that is this library's own invention; the host knows it by who asks.
        if updates { _ = try unpacker.size() }
        let infos = updates ? [] : try unpacker.infos()
        guard let fabric = host.fabric else { return request.reply(.notSupported) }
        ask({ fabric(request.proc, updates, infos, $0) }) { request.reply($0, $1) }
    }
}
