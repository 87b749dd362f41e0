import Bytes
import PMIxWire
import Reactor

// What a host tells about its node as a whole, and what it collects of it to tell others.
extension Server {
    // MARK: Resources

    /// Data of no job in particular: every job that is registered from now on has them too. From any thread.
    public func registerResources(_ infos: [Info], done: @escaping Host.Done) {
        loop.post { [self] in
            for info in infos { resources[info.key] = info.value }
            done(.success)
        }
    }

    /// Keys that are not registered are no error. From any thread.
    public func deregisterResources(_ keys: [Key], done: @escaping Host.Done) {
        loop.post { [self] in
            for key in keys { resources[key] = nil }
            done(.success)
        }
    }

    // MARK: Inventories

    /// What nodes have, this one among them, as their servers collected it: whoever asks about a node is told. What comes
    /// later of a node goes before; what is of no node is another's business. From any thread.
    public func deliverInventory(_ infos: [Info], done: @escaping Host.Done) {
        loop.post { [self] in
            for info in infos where info.key == .nodeArray {
                guard let node = info.value.asInfos, let host = node[.hostname]?.asText else { continue }
                var table = inventories[host] ?? KeyTable()
                for info in node { table[info.key] = info.value }
                inventories[host] = table
            }
            done(.success)
        }
    }

    // MARK: Job data for other servers

    /// The data of these processes' jobs, one object each: the namespace, then its keys. From any thread.
    public func collectJobs(of procs: [Proc], done: @escaping (Status, [UInt8]) -> Void) {
        loop.post { [self] in
            var names: [Namespace] = []
            for proc in procs where !names.contains(proc.nspace) { names.append(proc.nspace) }
            var packer = Packer(Dialect.server, reserving: 1024)
            for name in names {
                guard let job = jobs[name], job.isRegistered else { return done(.notFound, []) }
                packer.byteObject(Job.packedName(name, Dialect.server) + job.jobInfo(Dialect.server, Release.ours))
            }
            done(.success, packer.bytes)
        }
    }
}
