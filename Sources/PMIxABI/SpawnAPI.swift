import Bytes
import CPMIx
import PMIxClient
import PMIxServer
import PMIxWire

@c @implementation
public func PMIx_Spawn(
    _ job_info: UnsafePointer<pmix_info_t>!, _ ninfo: Int, _ apps: UnsafePointer<pmix_app_t>!, _ napps: Int,
    _ nspace: UnsafeMutablePointer<CChar>!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let name = try client.perform(try spawning(client, job_info, ninfo, apps, napps))
        if let nspace { name.fill(field: nspace, most: Fields.nspaceMost) }
    }
}

@c @implementation
public func PMIx_Spawn_nb(
    _ job_info: UnsafePointer<pmix_info_t>!, _ ninfo: Int, _ apps: UnsafePointer<pmix_app_t>!, _ napps: Int,
    _ cbfunc: pmix_spawn_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let exchange = try spawning(client, job_info, ninfo, apps, napps)
        guard client.isConnected else { throw .unreachable }
        client.begin(exchange) { result in
            switch result {
            case .success(let name):
                Proc(name, .wildcard).lend { lent in
                    // Safety: a process begins with its nspace field.
                    cbfunc?(PMIX_SUCCESS, UnsafeMutableRawPointer(lent).assumingMemoryBound(to: CChar.self), cbdata)
                }
            case .failure(let reason): cbfunc?(reason.rawValue, nil, cbdata)
            }
        }
    }
}

private func spawning(
    _ client: Client, _ job_info: UnsafePointer<pmix_info_t>?, _ ninfo: Int, _ apps: UnsafePointer<pmix_app_t>?,
    _ napps: Int
) throws(Status) -> Exchange<Namespace> {
    guard apps != nil, napps > 0 else { throw .badParameter }
    let infos = try [Info](copying: job_info, count: ninfo)
    return client.spawn(infos, try [App](copying: apps, count: napps))
}

// MARK: - Connect and disconnect

@c @implementation
public func PMIx_Connect(
    _ procs: UnsafePointer<pmix_proc_t>!, _ nprocs: Int, _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let (targets, infos) = try participants(procs, nprocs, info, ninfo)
        try client.perform(client.connect(targets, infos))
    }
}

@c @implementation
public func PMIx_Connect_nb(
    _ procs: UnsafePointer<pmix_proc_t>!, _ nprocs: Int, _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int,
    _ cbfunc: pmix_op_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let (targets, infos) = try participants(procs, nprocs, info, ninfo)
        guard client.isConnected else { throw .unreachable }
        client.begin(client.connect(targets, infos), doneVoid(cbfunc, cbdata))
    }
}

@c @implementation
public func PMIx_Disconnect(
    _ procs: UnsafePointer<pmix_proc_t>!, _ nprocs: Int, _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let (targets, infos) = try participants(procs, nprocs, info, ninfo)
        try client.perform(client.disconnect(targets, infos))
    }
}

@c @implementation
public func PMIx_Disconnect_nb(
    _ ranges: UnsafePointer<pmix_proc_t>!, _ nprocs: Int, _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int,
    _ cbfunc: pmix_op_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let (targets, infos) = try participants(ranges, nprocs, info, ninfo)
        guard client.isConnected else { throw .unreachable }
        client.begin(client.disconnect(targets, infos), doneVoid(cbfunc, cbdata))
    }
}

private func participants(
    _ procs: UnsafePointer<pmix_proc_t>?, _ nprocs: Int, _ info: UnsafePointer<pmix_info_t>?, _ ninfo: Int
) throws(Status) -> ([Proc], [Info]) {
    guard procs != nil, nprocs > 0 else { throw .badParameter }
    return ([Proc](copying: procs, count: nprocs), try [Info](copying: info, count: ninfo))
}

// MARK: - Who is where

@c @implementation
public func PMIx_Resolve_peers(
    _ nodename: UnsafePointer<CChar>!, _ nspace: UnsafePointer<CChar>!,
    _ procs: UnsafeMutablePointer<UnsafeMutablePointer<pmix_proc_t>?>!, _ nprocs: UnsafeMutablePointer<Int>!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        guard let procs, let nprocs else { throw .badParameter }
        procs.pointee = nil
        nprocs.pointee = 0
        let name = Text(nspace: nspace).flatMap { $0.isEmpty ? nil : $0 }
        let node = Text(copying: nodename)
        let found: [Proc]
        if let server = Library.shared.server {
            found = try server.peers(on: node, of: name)
        } else {
            found = try client.peers(on: node, of: name)
        }
        (procs.pointee, nprocs.pointee) = found.newCArray()
    }
}

@c @implementation
public func PMIx_Resolve_nodes(
    _ nspace: UnsafePointer<CChar>!, _ nodelist: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        guard let nodelist else { throw .badParameter }
        nodelist.pointee = nil
        let name = Text(nspace: nspace).flatMap { $0.isEmpty ? nil : $0 }
        if let server = Library.shared.server {
            nodelist.pointee = try server.nodes(of: name).newCString()
        } else {
            nodelist.pointee = try client.nodes(of: name).newCString()
        }
    }
}
