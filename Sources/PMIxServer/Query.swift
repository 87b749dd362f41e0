import Bytes
import PMIxWire

// Queries: this server answers what it knows, and hands the rest to its host. Seed pmix_server_query.
extension Server {
    func query(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let queries = try unpacker.list(.query).compactMap { if case .query(let query) = $0 { query } else { nil } }
        query(queries, for: request.proc) { request.reply($0, $1) }
    }

    /// On the loop.
    public func query(_ queries: [Query], for proc: Proc, _ done: @escaping Host.DoneWithInfos) {
        guard !queries.isEmpty, !queries.contains(where: { $0.keys.isEmpty }) else { return done(.badParameter, []) }
        let aboutAttributes = queries.filter { $0.keys[0] == .queryAttributeSupport }
        if !aboutAttributes.isEmpty {
            let found = aboutAttributes.flatMap { onAttributeQuery?($0) ?? [] }
            let rest = queries.filter { $0.keys[0] != .queryAttributeSupport }
            if rest.isEmpty { return done(found.isEmpty ? .notFound : .success, found) }
            return query(rest, for: proc) { status, infos in
                let missing = !status.isSuccess || found.isEmpty
                if infos.isEmpty && found.isEmpty { return done(status.isSuccess ? .notFound : status, []) }
                done(missing ? .queryPartialSuccess : .success, found + infos)
            }
        }
        if let answers = known(queries, to: proc) { return done(.success, answers) }
        let supplemented = { [self] (status: Status, infos: [Info]) in
            let (status, infos) = supplement(queries, status, infos)
            done(status, infos)
        }
        guard let query = host.query else { return supplemented(.notSupported, []) }
        ask({ query(proc, queries, $0) }, supplemented)
    }

    /// The answers, if this server has every one of them itself.
    private func known(_ queries: [Query], to asker: Proc) -> [Info]? {
        var answers: [Info] = []
        for query in queries {
            let qualifiers = query.qualifiers
            if qualifiers.isTrue(.queryRefreshCache) || qualifiers.isTrue(.refreshCache) { return nil }
            let host = qualifiers[.hostname]?.asText
            let isHere = host == nil || host == options.hostname
            let subject = query.subject(asker)
            for key in query.keys {
                var value = isHere ? answer(key, qualifiers) ?? find(subject, key: key, scope: Scope(qualifiers)) : nil
                if value == nil, let host { value = inventories[host]?[key] }
                guard let value else { return nil }
                answers.append(Info(key, value))
            }
        }
        return answers
    }

    /// What is the same whoever asks.
    private func answer(_ key: Key, _ qualifiers: [Info]) -> Value? {
        switch key {
        case .pending: pending(qualifiers)
        case .serverProcesses: processes(qualifiers)
        case .queryStableABI, .queryProvisionalABI: .string("0.0")
        default: nil
        }
    }
}
