import Bytes
import CPMIx
import PMIxClient
import PMIxServer
import PMIxWire
import Reactor
import Sockets

@c @implementation
public func PMIx_tool_init(
    _ proc: UnsafeMutablePointer<pmix_proc_t>!, _ info: UnsafeMutablePointer<pmix_info_t>!, _ ninfo: Int
) -> pmix_status_t {
    code { () throws(Status) in
        try Library.shared.initializeTool(try [Info](copying: info, count: ninfo), proc)
    }
}

// MARK: - Servers

@c @implementation
public func PMIx_tool_attach_to_server(
    _ myproc: UnsafeMutablePointer<pmix_proc_t>!, _ server: UnsafeMutablePointer<pmix_proc_t>!,
    _ info: UnsafeMutablePointer<pmix_info_t>!, _ ninfo: Int
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let infos = try [Info](copying: info, count: ninfo)
        let reached = try client.attach(infos)
        if let myproc { client.identity.store(into: myproc) }
        if let server { reached.store(into: server) }
    }
}

@c @implementation
public func PMIx_tool_connect_to_server(
    _ proc: UnsafeMutablePointer<pmix_proc_t>!, _ info: UnsafeMutablePointer<pmix_info_t>!, _ ninfo: Int
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        _ = try client.attach(try [Info](copying: info, count: ninfo))
        if let proc { client.identity.store(into: proc) }
    }
}

@c @implementation
public func PMIx_tool_disconnect(_ server: UnsafePointer<pmix_proc_t>!) -> pmix_status_t {
    withClient { (client) throws(Status) in
        guard let server = Proc(checking: server) else { throw .badParameter }
        try client.detach(from: server)
    }
}

@c @implementation
public func PMIx_tool_get_servers(
    _ servers: UnsafeMutablePointer<UnsafeMutablePointer<pmix_proc_t>?>!, _ nservers: UnsafeMutablePointer<Int>!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        guard let servers, let nservers else { throw .badParameter }
        let found = client.servers
        (servers.pointee, nservers.pointee) = found.newCArray()
        if found.isEmpty { throw .unreachable }
    }
}

@c @implementation
public func PMIx_tool_set_server(
    _ server: UnsafePointer<pmix_proc_t>!, _ info: UnsafeMutablePointer<pmix_info_t>!, _ ninfo: Int
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        guard let server = Proc(checking: server) else { throw .badParameter }
        try client.setServer(server, try [Info](copying: info, count: ninfo))
    }
}

@c @implementation
public func PMIx_tool_is_connected() -> Bool {
    Library.shared.client.map { !$0.servers.isEmpty } ?? false
}

@c @implementation
public func PMIx_tool_set_server_module(_ module: UnsafeMutablePointer<pmix_server_module_t>!) -> pmix_status_t {
    withClient { (client) throws(Status) in
        guard let module, client.tool != nil else { throw .badParameter }
        try Library.shared.become(Host(module.pointee), client)
    }
}

// MARK: - The end

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
        let tool = try Tool(infos)
        let client = try tool.start(adopting: loop, startsThread: startsThread)
        set(client)
        do throws(Status) {
            if tool.isLauncher { try startLauncher(client, infos) }
        } catch {
            set(nil)
            client.finalize()
            throw error
        }
        initCount = 1
        client.meetParent()
        try waitForDebugger(client, infos)
        if let proc { client.identity.store(into: proc) }
    }
    /// What a tool's server asks is from now on asked of `host`.
    func become(_ host: Host, _ client: Client) throws(Status) {
        lifecycle.lock()
        defer { lifecycle.unlock() }
        try take(host, client)
    }
}
