import Bytes
import PMIxWire
import Reactor
import Sockets

// Who runs where, from the job data this process has.
extension Client {
    /// The processes of a namespace on a node: of all known namespaces when `nspace` is nil, on this process's own node when `node` is.
    /// `notFound` when the node or the namespace is unknown.
    public func peers(on node: Text?, of nspace: Namespace?) throws(Status) -> [Proc] {
        let names = lock.withLock { nspace.map { [$0] } ?? [own.nspace] + Array(known.keys) }
        let host = node ?? ownHost
        var procs: [Proc] = []
        for name in names {
            let ranks = lock.withLock { () -> [Rank]? in
                let data = name == own.nspace ? own : known[name]
                return data?.peers(on: host)
            }
            for rank in ranks ?? [] { procs.append(Proc(name, rank)) }
        }
        if procs.isEmpty { throw .notFound }
        return procs
    }

    /// The nodes a namespace's processes are on, comma-separated.
    public func nodes(of nspace: Namespace?) throws(Status) -> Text {
        let names = lock.withLock { nspace.map { [$0] } ?? [own.nspace] + Array(known.keys) }
        var nodes: [Text] = []
        for name in names {
            let found = lock.withLock { (name == own.nspace ? own : known[name])?.nodeNames ?? [] }
            for node in found where !nodes.contains(node) { nodes.append(node) }
        }
        if nodes.isEmpty { throw .notFound }
        return .joined(nodes, separator: UInt8(ascii: ","))
    }

    private var ownHost: Text {
        let registered = lock.withLock { own.ranks[identity.rank]?[.hostname]?.asText }
        return registered ?? Process.hostname
    }
}
