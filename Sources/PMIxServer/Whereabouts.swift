import Bytes
import PMIxWire
import Sockets

// Who runs where, from what is registered: for the server's own process, and for clients of releases that ask for it.
extension Server {
    // MARK: This process's questions, from any thread

    /// The processes of a job on a node: of all jobs when `nspace` is nil, on this node when `node` is. `notFound`
    /// when there are none.
    public func peers(on node: Text?, of nspace: Namespace?) throws(Status) -> [Proc] {
        let found = lock.withLock { () -> [Proc] in
            asked(nspace).flatMap { job in
                (job.data.peers(on: node ?? options.hostname) ?? []).map { Proc(job.nspace, $0) }
            }
        }
        if found.isEmpty { throw .notFound }
        return found
    }

    /// The nodes a job's processes are on, comma-separated.
    public func nodes(of nspace: Namespace?) throws(Status) -> Text {
        var names: [Text] = []
        for name in lock.withLock({ asked(nspace).flatMap { $0.data.nodeNames } }) where !names.contains(name) {
            names.append(name)
        }
        if names.isEmpty { throw .notFound }
        return .joined(names, separator: UInt8(ascii: ","))
    }

    private func asked(_ nspace: Namespace?) -> [Job] {
        guard let nspace else { return Array(jobs.values) }
        return jobs[nspace].map { [$0] } ?? []
    }

    // MARK: Clients' questions

    func resolvePeers(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let node = try unpacker.string()
        let nspace = try unpacker.string()
        do throws(Status) {
            let procs = try peers(on: Server.given(node), of: Server.given(nspace))
            var answer = request.answer(.success)
            answer.procs(procs)
            request.reply(answer)
        } catch {
            request.reply(error)
        }
    }

    func resolveNodes(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let nspace = try unpacker.string()
        do throws(Status) {
            let names = try nodes(of: Server.given(nspace))
            var answer = request.answer(.success)
            answer.string(names)
            request.reply(answer)
        } catch {
            request.reply(error)
        }
    }

    /// An empty name says as little as none.
    private static func given(_ name: Text?) -> Text? {
        name.flatMap { $0.isEmpty ? nil : $0 }
    }
}
