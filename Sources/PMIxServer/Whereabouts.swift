import Bytes
import PMIxWire
import Sockets

// Who runs where, for the server's own process. Any thread.
extension Server {
    /// The processes of a job on a node: of all jobs when `nspace` is nil, on this node when `node` is. `notFound` when there are none.
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
}
