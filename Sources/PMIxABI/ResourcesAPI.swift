// What a host tells its server about itself and the node: functions and their attributes, resources, inventories.
import Bytes
import CLibc
import CPMIx
import PMIxClient
import PMIxServer
import PMIxWire
import Sockets
import Reactor

@c @implementation
public func PMIx_Register_attributes(
    _ function: UnsafeMutablePointer<CChar>!, _ attrs: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!
) -> pmix_status_t {
    withClient { (_) throws(Status) in
        guard let name = Text(copying: function), !name.isEmpty else { throw .badParameter }
        try AttributeRegistry.shared.register(name, [Text](argv: attrs))
    }
}

/// Without a callback there is nobody to tell.
@c @implementation
public func PMIx_server_collect_inventory(
    _ directives: UnsafeMutablePointer<pmix_info_t>!, _ ndirs: Int, _ cbfunc: pmix_info_cbfunc_t!,
    _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withServer { (server, client) throws(Status) in
        _ = try [Info](copying: directives, count: ndirs)
        let finished = doneInfos(cbfunc, cbdata)
        let inventory = Inventory.collect(client, host: server.options.hostname)
        client.loop.post { finished(.success(inventory)) }
    }
}

@c @implementation
public func PMIx_server_deliver_inventory(
    _ info: UnsafeMutablePointer<pmix_info_t>!, _ ninfo: Int, _ directives: UnsafeMutablePointer<pmix_info_t>!,
    _ ndirs: Int, _ cbfunc: pmix_op_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withServer { (server, client) throws(Status) in
        let infos = try [Info](copying: info, count: ninfo)
        _ = try [Info](copying: directives, count: ndirs)
        try complete(client, cbfunc, cbdata) { server.deliverInventory(infos, done: $0) }
    }
}

@c @implementation
public func PMIx_server_register_resources(
    _ info: UnsafeMutablePointer<pmix_info_t>!, _ ninfo: Int, _ cbfunc: pmix_op_cbfunc_t!,
    _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withServer { (server, client) throws(Status) in
        let infos = try [Info](copying: info, count: ninfo)
        try complete(client, cbfunc, cbdata) { server.registerResources(infos, done: $0) }
    }
}

@c @implementation
public func PMIx_server_deregister_resources(
    _ info: UnsafeMutablePointer<pmix_info_t>!, _ ninfo: Int, _ cbfunc: pmix_op_cbfunc_t!,
    _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withServer { (server, client) throws(Status) in
        let infos = try [Info](copying: info, count: ninfo)
        try complete(client, cbfunc, cbdata) { server.deregisterResources(infos.map { $0.key }, done: $0) }
    }
}

@c @implementation
public func PMIx_server_collect_job_info(
    _ procs: UnsafeMutablePointer<pmix_proc_t>!, _ nprocs: Int, _ dbuf: UnsafeMutablePointer<pmix_data_buffer_t>!
) -> pmix_status_t {
    withServer { (server, client) throws(Status) in
        guard procs != nil, nprocs > 0, let dbuf else { throw .badParameter }
        let names = [Proc](copying: procs, count: nprocs)
        let (status, packed) = client.awaitAnswer([]) { server.collectJobs(of: names, done: $0) }
        if status != .success { throw status }
        var payload = pmix_byte_object_t()
        packed.store(into: &payload)
        _ = PMIx_Data_load(dbuf, &payload)
    }
}
