import CPMIx
import PMIxClient
import PMIxWire
import Sockets
import Reactor

@c @implementation
public func PMIx_tool_init(
    _ proc: UnsafeMutablePointer<pmix_proc_t>!, _ info: UnsafeMutablePointer<pmix_info_t>!, _ ninfo: Int
) -> pmix_status_t {
    code { () throws(Status) in
        try Library.shared.initializeTool(try [Info](copying: info, count: ninfo), proc)
    }
}

@c @implementation
public func PMIx_tool_finalize() -> pmix_status_t {
    code { () throws(Status) in try Library.shared.finalize([]) }
}

extension Library {
    /// Counted together with the other inits: whatever this process is by then, it stays that.
    func initializeTool(_ infos: [Info], _ proc: UnsafeMutablePointer<pmix_proc_t>?) throws(Status) {
        lifecycle.lock()
        defer { lifecycle.unlock() }
        if let client {
            initCount += 1
            if let proc { client.identity.store(into: proc) }
            return
        }
        let (loop, startsThread) = try Library.progress(infos)
        let client = try Tool(infos).start(adopting: loop, startsThread: startsThread)
        set(client)
        initCount = 1
        if let proc { client.identity.store(into: proc) }
    }
}
