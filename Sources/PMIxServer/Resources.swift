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

    /// What this node has beyond what every library finds out for itself: nothing, as long as no fabric is known here.
    public func collectInventory(_ done: @escaping ([Info]) -> Void) {
        loop.post { done([]) }
    }

    /// Another node's inventory. It is for those who assign parts of it to jobs, and here the host does.
    public func deliverInventory(_ infos: [Info], done: @escaping Host.Done) {
        loop.post { done(.success) }
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
