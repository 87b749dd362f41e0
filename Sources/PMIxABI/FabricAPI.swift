// Fabrics. What is known of one comes from the host, and hangs on the caller's pmix_fabric_t until it is deregistered.
import Bytes
import CLibc
import CPMIx
import PMIxClient
import PMIxServer
import PMIxWire
import Sockets
import Reactor

private typealias FabricPointer = UnsafeMutablePointer<pmix_fabric_t>

@c @implementation
public func PMIx_Fabric_register(
    _ fabric: UnsafeMutablePointer<pmix_fabric_t>!, _ directives: UnsafePointer<pmix_info_t>!, _ ndirs: Int
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        guard let fabric else { throw .badParameter }
        let infos = try [Info](copying: directives, count: ndirs)
        show(try Service.registerFabric(infos).perform(client), in: fabric)
    }
}

@c @implementation
public func PMIx_Fabric_register_nb(
    _ fabric: UnsafeMutablePointer<pmix_fabric_t>!, _ directives: UnsafePointer<pmix_info_t>!, _ ndirs: Int,
    _ cbfunc: pmix_op_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        guard let fabric else { throw .badParameter }
        let infos = try [Info](copying: directives, count: ndirs)
        try begin(.registerFabric(infos), client, fabric, cbfunc, cbdata)
    }
}

@c @implementation
public func PMIx_Fabric_update(_ fabric: UnsafeMutablePointer<pmix_fabric_t>!) -> pmix_status_t {
    withClient { (client) throws(Status) in
        guard let fabric else { throw .badParameter }
        show(try Service.updateFabric(UInt64(UInt(bitPattern: fabric.pointee.index))).perform(client), in: fabric)
    }
}

@c @implementation
public func PMIx_Fabric_update_nb(
    _ fabric: UnsafeMutablePointer<pmix_fabric_t>!, _ cbfunc: pmix_op_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        guard let fabric else { throw .badParameter }
        try begin(.updateFabric(UInt64(UInt(bitPattern: fabric.pointee.index))), client, fabric, cbfunc, cbdata)
    }
}

@c @implementation
public func PMIx_Fabric_deregister(_ fabric: UnsafeMutablePointer<pmix_fabric_t>!) -> pmix_status_t {
    withClient { (_) throws(Status) in
        guard let fabric else { throw .badParameter }
        show([], in: fabric)
        fabric.pointee.module = nil
    }
}

/// There is nobody to tell, so that it is done on return.
@c @implementation
public func PMIx_Fabric_deregister_nb(
    _ fabric: UnsafeMutablePointer<pmix_fabric_t>!, _ cbfunc: pmix_op_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    let status = PMIx_Fabric_deregister(fabric)
    return status == PMIX_SUCCESS ? PMIX_OPERATION_SUCCEEDED : status
}

private func begin(
    _ service: Service, _ client: Client, _ fabric: FabricPointer, _ cbfunc: pmix_op_cbfunc_t?,
    _ cbdata: UnsafeMutableRawPointer?
) throws(Status) {
    let cell = UInt(bitPattern: fabric)
    try service.begin(client) { result in
        // Safety: the caller keeps its pmix_fabric_t in place until the callback has run.
        if case .success(let infos) = result, let fabric = FabricPointer(bitPattern: cell) { show(infos, in: fabric) }
        cbfunc?(result.map { _ in () }.status.rawValue, cbdata)
    }
}

/// What was known before is replaced. An index that the host tells is the fabric's; without, it stays what it was.
private func show(_ infos: [Info], in fabric: FabricPointer) {
    if fabric.pointee.ninfo > 0 { freeInfos(fabric.pointee.info, fabric.pointee.ninfo) }
    (fabric.pointee.info, fabric.pointee.ninfo) = infos.newCArray()
    if let index = infos[.fabricIndex]?.asUnsigned { fabric.pointee.index = Int(truncatingIfNeeded: index) }
}
