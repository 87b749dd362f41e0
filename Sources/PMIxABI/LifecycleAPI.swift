import Bytes
import CPMIx
import PMIxClient
import PMIxServer
import PMIxWire
import Reactor
import Sockets

@c @implementation
public func PMIx_Init(
    _ proc: UnsafeMutablePointer<pmix_proc_t>!, _ info: UnsafeMutablePointer<pmix_info_t>!, _ ninfo: Int
) -> pmix_status_t {
    code { () throws(Status) in
        let infos = try [Info](copying: info, count: ninfo)
        try Library.shared.initialize(infos, proc)
    }
}

@c @implementation
public func PMIx_Finalize(_ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int) -> pmix_status_t {
    code { () throws(Status) in
        try Library.shared.finalize(try [Info](copying: info, count: ninfo))
    }
}

@c @implementation
public func PMIx_Initialized() -> Int32 {
    Library.shared.client == nil ? 0 : 1
}

@c @implementation
public func PMIx_Progress() {
    Library.shared.client?.loop.step()
}

@c @implementation
public func PMIx_Progress_thread_stop(_ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int) {
    guard let client = Library.shared.client, let infos = try? [Info](copying: info, count: ninfo) else { return }
    // There is one thread, and it has no name to be asked for by.
    if infos[.progressThreadName] == nil { _ = client.stopThread() }
}

@c @implementation
public func PMIx_Abort(
    _ status: Int32, _ msg: UnsafePointer<CChar>!, _ procs: UnsafeMutablePointer<pmix_proc_t>!, _ nprocs: Int
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let targets = [Proc](copying: procs, count: nprocs)
        try client.perform(client.abort(Status(rawValue: status), Text(copying: msg), targets))
    }
}

extension Library {
    /// The first call joins a server or, without one, becomes a job of its own; every further one counts.
    func initialize(_ infos: [Info], _ proc: UnsafeMutablePointer<pmix_proc_t>?) throws(Status) {
        lifecycle.lock()
        defer { lifecycle.unlock() }
        if let client {
            initCount += 1
            if let proc { client.identity.store(into: proc) }
            client.declareModel(infos)
            return
        }
        let (client, failure) = try Library.join(infos)
        set(client)
        initCount = 1
        if failure == nil { try waitForDebugger(client, infos) }
        if let proc { client.identity.store(into: proc) }
        client.declareModel(infos)
        if let failure { throw failure }
    }

    /// A client always, and why it has no server if it has none.
    private static func join(_ infos: [Info]) throws(Status) -> (Client, Status?) {
        let (loop, startsThread) = try progress(infos)
        let identity = try ownIdentity()
        let isChild = Process.variable("PMIX_NAMESPACE") != nil
        if isChild, let rendezvous = try Rendezvous.fromEnvironment() {
            do throws(Status) {
                return (try Client.join(rendezvous, as: identity, adopting: loop, startsThread: startsThread), nil)
            } catch {
                if error != .unreachable { throw error }
            }
        } else if !isChild {
            do throws(Status) {
                return (try Client.joinAlone(infos, as: identity, adopting: loop, startsThread: startsThread), nil)
            } catch {
                if error != .unreachable { throw error }
            }
        }
        guard let client = Client(identity, adopting: loop, startsThread: startsThread) else { throw .outOfResource }
        return (client, .unreachable)
    }

    /// The name a launcher left in the environment, or a singleton's.
    private static func ownIdentity() throws(Status) -> Proc {
        guard let nspace = Process.variable("PMIX_NAMESPACE") else {
            return Proc("singleton." + Process.hostname + "." + Text(decimal: Process.pid), Rank(0))
        }
        guard let number = Process.variable("PMIX_RANK")?.decimal, let rank = UInt32(exactly: number) else {
            throw .dataValueNotFound
        }
        return Proc(nspace, Rank(rank))
    }

    /// Who drives progress: our thread, a host's event loop, or a host that calls PMIx_Progress.
    static func progress(_ infos: [Info]) throws(Status) -> (Loop?, startsThread: Bool) {
        if let base = infos[.eventBase]?.asUnsigned, let pointer = OpaquePointer(bitPattern: UInt(base)) {
            guard let loop = Loop(adopting: pointer) else { throw .outOfResource }
            return (loop, false)
        }
        return (nil, !infos.isTrue(.externalProgress))
    }

    /// The last of all finalizes ends whatever was begun, of whatever kind it and the first init were.
    func finalize(_ infos: [Info]) throws(Status) {
        lifecycle.lock()
        defer { lifecycle.unlock() }
        guard let client else { throw .notInitialized }
        if initCount > 1 {
            initCount -= 1
            return
        }
        if infos.isTrue(.embedBarrier) && client.isConnected { try? client.perform(client.fence([], [])) }
        let server = hosted
        set(nil)
        initCount = 0
        server?.stop(stepping: !client.hasThread)
        if server != nil { Completions.abandonAll() }
        client.finalize()
    }
}

extension Client {
    /// A programming model that names itself at init is made known to the other libraries in this process.
    func declareModel(_ infos: [Info]) {
        let keys: [Key] = [.programmingModel, .modelLibraryName, .modelLibraryVersion, .threadingModel]
        let model = infos.filter { keys.contains($0.key) }
        if model.isEmpty { return }
        let event = Event(
            .modelDeclared, source: identity, range: .processLocal,
            infos: model + [Info(.eventNonDefault, .bool(true))])
        handlers.deliver(event)
    }
}
