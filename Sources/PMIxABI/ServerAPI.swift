import Bytes
import CLibc
import CPMIx
import PMIxClient
import PMIxServer
import PMIxWire
import Sockets

/// Runs an entry point that only a server's process can have.
func withServer(_ body: (Server, Client) throws(Status) -> Void) -> pmix_status_t {
    guard let server = Library.shared.hosted, let client = Library.shared.client else {
        return Status.notInitialized.rawValue
    }
    return code { () throws(Status) in try body(server, client) }
}

/// With a callback the operation goes on behind the caller's back; without, the caller waits, and success is
/// OPERATION_SUCCEEDED: there is nothing more to come.
func complete(
    _ client: Client, _ cbfunc: pmix_op_cbfunc_t?, _ cbdata: UnsafeMutableRawPointer?,
    _ begin: (@escaping (Status) -> Void) -> Void
) throws(Status) {
    if cbfunc != nil { return begin(done(cbfunc, cbdata)) }
    let status = client.awaitStatus(begin)
    throw status == .success ? .operationSucceeded : status
}

@c @implementation
public func PMIx_server_init(
    _ module: UnsafeMutablePointer<pmix_server_module_t>!, _ info: UnsafeMutablePointer<pmix_info_t>!, _ ninfo: Int
) -> pmix_status_t {
    code { () throws(Status) in
        let infos = try [Info](copying: info, count: ninfo)
        var host = Host()
        if let module { host = try Host(UnsafeRawPointer(module), infos) }
        try Library.shared.initializeServer(host, infos)
    }
}

@c @implementation
public func PMIx_server_finalize() -> pmix_status_t {
    code { () throws(Status) in try Library.shared.finalizeServer() }
}

@c @implementation
public func PMIx_generate_regex(
    _ input: UnsafePointer<CChar>!, _ regex: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!
) -> pmix_status_t {
    code { () throws(Status) in
        guard let list = Text(copying: input), let regex else { throw .badParameter }
        regex.pointee = NodeMap.regex(list).newCString()
    }
}

@c @implementation
public func PMIx_generate_ppn(
    _ input: UnsafePointer<CChar>!, _ ppn: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!
) -> pmix_status_t {
    code { () throws(Status) in
        guard let list = Text(copying: input), let ppn else { throw .badParameter }
        ppn.pointee = NodeMap.ppn(list).newCString()
    }
}

// MARK: - Jobs and their processes

@c @implementation
public func PMIx_server_register_nspace(
    _ nspace: UnsafePointer<CChar>!, _ nlocalprocs: Int32, _ info: UnsafeMutablePointer<pmix_info_t>!, _ ninfo: Int,
    _ cbfunc: pmix_op_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withServer { (server, client) throws(Status) in
        guard let name = Text(nspace: nspace), !name.isEmpty else { throw .badParameter }
        let infos = try [Info](copying: info, count: ninfo)
        try complete(client, cbfunc, cbdata) { finished in
            server.registerNamespace(name, localCount: Int(nlocalprocs), infos: infos, done: finished)
        }
    }
}

@c @implementation
public func PMIx_server_deregister_nspace(
    _ nspace: UnsafePointer<CChar>!, _ cbfunc: pmix_op_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) {
    let status = withServer { (server, client) throws(Status) in
        guard let name = Text(nspace: nspace) else { throw .badParameter }
        try complete(client, cbfunc, cbdata) { finished in server.deregisterNamespace(name, done: finished) }
    }
    report(status, cbfunc, cbdata)
}

@c @implementation
public func PMIx_server_register_client(
    _ proc: UnsafePointer<pmix_proc_t>!, _ uid: uid_t, _ gid: gid_t, _ server_object: UnsafeMutableRawPointer!,
    _ cbfunc: pmix_op_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withServer { (server, client) throws(Status) in
        guard let name = Proc(checking: proc) else { throw .badParameter }
        let object = UInt(bitPattern: server_object)
        try complete(client, cbfunc, cbdata) { finished in
            server.registerClient(name, uid: uid, gid: gid, object: object, done: finished)
        }
    }
}

@c @implementation
public func PMIx_server_deregister_client(
    _ proc: UnsafePointer<pmix_proc_t>!, _ cbfunc: pmix_op_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) {
    let status = withServer { (server, client) throws(Status) in
        guard let name = Proc(checking: proc) else { throw .badParameter }
        try complete(client, cbfunc, cbdata) { finished in server.deregisterClient(name, done: finished) }
    }
    report(status, cbfunc, cbdata)
}

/// These two return nothing: an error found before anything was begun has only the callback to go to.
private func report(_ status: pmix_status_t, _ cbfunc: pmix_op_cbfunc_t?, _ cbdata: UnsafeMutableRawPointer?) {
    if status != PMIX_SUCCESS && status != PMIX_OPERATION_SUCCEEDED { cbfunc?(status, cbdata) }
}

@c @implementation
public func PMIx_server_setup_fork(
    _ proc: UnsafePointer<pmix_proc_t>!,
    _ env: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>!
) -> pmix_status_t {
    code { () throws(Status) in
        guard let server = Library.shared.launching else { throw .notInitialized }
        guard let name = Proc(checking: proc), let env else { throw .badParameter }
        for variable in server.environment(for: name) {
            guard setVariable(variable.name, variable.value, &env.pointee) else { throw .noMemory }
        }
    }
}

/// Sets one variable in a malloc'd environment of malloc'd strings, which may be NULL and may move. false without memory.
private func setVariable(_ name: Text, _ value: Text, _ environment: inout Argv?) -> Bool {
    let prefix = name + "="
    let entry = prefix + value
    var count = 0
    while let old = environment?[count] {
        if begins(old, with: prefix) {
            environment?[count] = entry.newCString()
            free(old)
            return true
        }
        count += 1
    }
    let byteCount = (count + 2) * MemoryLayout<UnsafeMutableRawPointer>.size
    guard let block = realloc(environment, byteCount) else { return false }
    let grown = block.assumingMemoryBound(to: UnsafeMutablePointer<CChar>?.self)
    grown[count] = entry.newCString()
    grown[count + 1] = nil
    environment = grown
    return true
}

private func begins(_ string: UnsafePointer<CChar>, with prefix: Text) -> Bool {
    prefix.bytes.withUnsafeBytes { bytes in
        guard let start = bytes.baseAddress else { return true }
        return memcmp(string, start, min(bytes.count, strlen(string) + 1)) == 0
    }
}

@c @implementation
public func PMIx_server_setup_application(
    _ nspace: UnsafePointer<CChar>!, _ info: UnsafeMutablePointer<pmix_info_t>!, _ ninfo: Int,
    _ cbfunc: pmix_setup_application_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withServer { (server, _) throws(Status) in
        guard let name = Text(nspace: nspace), let cbfunc else { throw .badParameter }
        let infos = try [Info](copying: info, count: ninfo)
        server.setupApplication(name, infos: infos) { status, result in
            let (array, count) = result.newCArray()
            let token = LentInfos.keep(array, count)
            cbfunc(status.rawValue, array, count, cbdata, { _, token in LentInfos.release(token) }, token)
        }
    }
}

@c @implementation
public func PMIx_server_setup_local_support(
    _ nspace: UnsafePointer<CChar>!, _ info: UnsafeMutablePointer<pmix_info_t>!, _ ninfo: Int,
    _ cbfunc: pmix_op_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withServer { (server, client) throws(Status) in
        guard let name = Text(nspace: nspace) else { throw .badParameter }
        let infos = try [Info](copying: info, count: ninfo)
        try complete(client, cbfunc, cbdata) { finished in
            server.setupLocalSupport(name, infos: infos, done: finished)
        }
    }
}

// MARK: - Data that crosses nodes

@c @implementation
public func PMIx_server_dmodex_request(
    _ proc: UnsafePointer<pmix_proc_t>!, _ cbfunc: pmix_dmodex_response_fn_t!, _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withServer { (server, _) throws(Status) in
        guard let name = Proc(checking: proc), let cbfunc else { throw .badParameter }
        server.requestModex(name) { status, bytes in
            let block = bytes.newBlock()
            cbfunc(status.rawValue, block, bytes.count, cbdata)
            free(block)
        }
    }
}

@c @implementation
public func PMIx_server_IOF_deliver(
    _ source: UnsafePointer<pmix_proc_t>!, _ channel: pmix_iof_channel_t, _ bo: UnsafePointer<pmix_byte_object_t>!,
    _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int, _ cbfunc: pmix_op_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withServer { (server, client) throws(Status) in
        guard let name = Proc(checking: source) else { throw .badParameter }
        let infos = try [Info](copying: info, count: ninfo)
        let bytes = [UInt8](copying: bo)
        try complete(client, cbfunc, cbdata) { finished in
            server.deliverOutput(source: name, channels: channel, bytes: bytes, infos: infos, done: finished)
        }
    }
}

// MARK: - Process sets

@c @implementation
public func PMIx_server_define_process_set(
    _ members: UnsafePointer<pmix_proc_t>!, _ nmembers: Int, _ pset_name: UnsafePointer<CChar>!
) -> pmix_status_t {
    withServer { (server, client) throws(Status) in
        guard let name = Text(copying: pset_name), !name.isEmpty, members != nil, nmembers > 0 else {
            throw .badParameter
        }
        let procs = [Proc](copying: members, count: nmembers)
        try complete(client, nil, nil) { finished in server.defineProcessSet(name, procs, done: finished) }
    }
}

@c @implementation
public func PMIx_server_delete_process_set(_ pset_name: UnsafeMutablePointer<CChar>!) -> pmix_status_t {
    withServer { (server, client) throws(Status) in
        guard let name = Text(copying: pset_name), !name.isEmpty else { throw .badParameter }
        try complete(client, nil, nil) { finished in server.deleteProcessSet(name, done: finished) }
    }
}
