// Queries. A process answers from what it knows itself and asks its server, or as a server its host, for the rest.
import Bytes
import CPMIx
import PMIxClient
import PMIxServer
import PMIxWire
import Sockets
import Reactor

@c @implementation
public func PMIx_Query_info(
    _ queries: UnsafeMutablePointer<pmix_query_t>!, _ nqueries: Int,
    _ results: UnsafeMutablePointer<UnsafeMutablePointer<pmix_info_t>?>!, _ nresults: UnsafeMutablePointer<Int>!
) -> pmix_status_t {
    withRoles { (client, server) throws(Status) in
        guard let results, let nresults else { throw .badParameter }
        let questions = try QuestionList(queries, nqueries, client, server)
        if let server {
            let (status, answer) = client.awaitAnswer([]) { questions.ask(server, $0) }
            (results.pointee, nresults.pointee) = answer.newCArray()
            if status != .success { throw status }
            return
        }
        let (status, infos) = try questions.complete { (rest) throws(Status) in try client.perform(client.query(rest)) }
        (results.pointee, nresults.pointee) = infos.newCArray()
        if status != .success { throw status }
    }
}

@c @implementation
public func PMIx_Query_info_nb(
    _ queries: UnsafeMutablePointer<pmix_query_t>!, _ nqueries: Int, _ cbfunc: pmix_info_cbfunc_t!,
    _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withRoles { (client, server) throws(Status) in
        guard let cbfunc else { throw .badParameter }
        let questions = try QuestionList(queries, nqueries, client, server)
        let done = { (status: Status, infos: [Info]) in
            let (array, count) = infos.newCArray()
            let token = array == nil ? nil : LentInfos.keep(array, count)
            cbfunc(status.rawValue, array, count, cbdata, array == nil ? nil : LentInfos.release, token)
        }
        if let server { return questions.ask(server, done) }
        if questions.rest.isEmpty {
            return client.loop.post { done(questions.status(.success), questions.answers) }
        }
        guard client.isConnected || !questions.answers.isEmpty else { throw .unreachable }
        client.begin(client.query(questions.rest)) { result in
            let (status, infos) = questions.completed(result)
            done(status, infos)
        }
    }
}

/// Queries, split into the answers that this process has and what is left to ask.
private struct QuestionList {
    var answers: [Info] = []
    var rest: [Query] = []

    /// The client's data may answer; a server's process asks its server.
    init(
        _ queries: UnsafeMutablePointer<pmix_query_t>?, _ count: Int, _ client: Client, _ server: Server?
    ) throws(Status) {
        guard queries != nil, count > 0 else { throw .badParameter }
        let all = try [Query](copying: queries, count: count)
        if all.contains(where: { $0.keys.isEmpty }) { throw .badParameter }
        for query in all {
            if query.keys[0] == "pmix.qry.asrvrs" {
                answers += ServerSearch(QuestionList.folders(of: server)).available()
            } else if server != nil {
                rest.append(query)
            } else {
                split(query, client)
            }
        }
    }

    /// A server's process looks where its own files are.
    private static func folders(of server: Server?) -> [Info] {
        guard let options = server?.options else { return [] }
        return [
            Info("pmix.sys.tmpdir", .string(options.systemDirectory)),
            Info("pmix.srvr.tmpdir", .string(options.serverDirectory)),
        ]
    }

    /// A rank knows what its own functions heed; what servers and hosts do, they say.
    private mutating func split(_ query: Query, _ client: Client) {
        guard query.keys[0] == .queryAttributeSupport else {
            guard let known = client.known(query) else { return rest.append(query) }
            answers += known
            return
        }
        answers += AttributeRegistry.shared.answers(to: query, from: [.client, .tool])
        var others = query
        others.qualifiers.removeAll { qualifier in
            AttributeLevel.own.contains { $0.isNamed(by: qualifier.key) }
        }
        let isForOthers = others.qualifiers.contains { qualifier in
            AttributeLevel.others.contains { $0.isNamed(by: qualifier.key) }
        }
        if isForOthers { rest.append(others) }
    }

    /// A server's process knows no more than its server does.
    func ask(_ server: Server, _ done: @escaping (Status, [Info]) -> Void) {
        server.loop.post {
            if rest.isEmpty { return done(status(.success), answers) }
            server.query(rest, for: server.identity) { done(status($0.onWire), answers + $1) }
        }
    }

    /// What the whole comes to when the rest came to `other`.
    func status(_ other: Status) -> Status {
        if rest.isEmpty { return answers.isEmpty ? .notFound : .success }
        if other == .success || answers.isEmpty { return other }
        return .queryPartialSuccess
    }

    func completed(_ result: Result<Client.QueryAnswer, Status>) -> (Status, [Info]) {
        switch result {
        case .success(let answer): (status(answer.isWhole ? .success : .queryPartialSuccess), answers + answer.infos)
        case .failure(let reason): (status(reason), answers)
        }
    }

    func complete(
        _ ask: ([Query]) throws(Status) -> Client.QueryAnswer
    ) throws(Status) -> (Status, [Info]) {
        if rest.isEmpty { return (status(.success), answers) }
        do throws(Status) {
            return completed(.success(try ask(rest)))
        } catch {
            return completed(.failure(error))
        }
    }
}

extension Client {
    /// The answers, if this process has every one of them itself.
    fileprivate func known(_ query: Query) -> [Info]? {
        let qualifiers = query.qualifiers
        if qualifiers.isTrue(.queryRefreshCache) || qualifiers.isTrue(.refreshCache) { return nil }
        if let host = qualifiers[.hostname]?.asText, host != Process.hostname { return nil }
        let subject = query.subject(identity)
        var answers: [Info] = []
        for key in query.keys {
            guard let value = find(.init(subject, key, [])) else { return nil }
            answers.append(Info(key, value))
        }
        return answers
    }
}

extension AttributeLevel {
    fileprivate static let own: [AttributeLevel] = [.client, .tool]
    fileprivate static let others: [AttributeLevel] = [.server, .host]
}
