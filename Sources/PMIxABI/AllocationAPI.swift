// Resources: allocations and sessions, which are the host's, and credentials.
import Bytes
import CLibc
import CPMIx
import PMIxClient
import PMIxServer
import PMIxWire
import Sockets
import Reactor

@c @implementation
public func PMIx_Allocation_request(
    _ directive: pmix_alloc_directive_t, _ info: UnsafeMutablePointer<pmix_info_t>!, _ ninfo: Int,
    _ results: UnsafeMutablePointer<UnsafeMutablePointer<pmix_info_t>?>!, _ nresults: UnsafeMutablePointer<Int>!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        guard info != nil || ninfo == 0 else { throw .badParameter }
        let request = Service.allocate(directive, try [Info](copying: info, count: ninfo))
        let answer = try request.perform(client)
        guard let results, let nresults else { return }
        (results.pointee, nresults.pointee) = answer.newCArray()
    }
}

@c @implementation
public func PMIx_Allocation_request_nb(
    _ directive: pmix_alloc_directive_t, _ info: UnsafeMutablePointer<pmix_info_t>!, _ ninfo: Int,
    _ cbfunc: pmix_info_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let request = Service.allocate(directive, try [Info](copying: info, count: ninfo))
        try request.begin(client, doneInfos(cbfunc, cbdata))
    }
}

/// Without a callback it waits, and success is OPERATION_SUCCEEDED.
@c @implementation
public func PMIx_Session_control(
    _ sessionID: UInt32, _ directives: UnsafePointer<pmix_info_t>!, _ ndirs: Int, _ cbfunc: pmix_info_cbfunc_t!,
    _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let request = Service.controlSession(sessionID, try [Info](copying: directives, count: ndirs))
        guard cbfunc == nil else { return try request.begin(client, doneInfos(cbfunc, cbdata)) }
        _ = try request.perform(client)
        throw .operationSucceeded
    }
}

@c @implementation
public func PMIx_Resource_block(
    _ directive: pmix_resource_block_directive_t, _ block: UnsafeMutablePointer<CChar>!,
    _ units: UnsafePointer<pmix_resource_unit_t>!, _ nunits: Int, _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        _ = try (try blocking(directive, block, units, nunits, info, ninfo)).perform(client)
    }
}

@c @implementation
public func PMIx_Resource_block_nb(
    _ directive: pmix_resource_block_directive_t, _ block: UnsafeMutablePointer<CChar>!,
    _ units: UnsafePointer<pmix_resource_unit_t>!, _ nunits: Int, _ info: UnsafePointer<pmix_info_t>!,
    _ ninfo: Int, _ cbfunc: pmix_op_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let request = try blocking(directive, block, units, nunits, info, ninfo)
        try request.begin(client) { result in cbfunc?(result.map { _ in () }.status.rawValue, cbdata) }
    }
}

private func blocking(
    _ directive: pmix_resource_block_directive_t, _ block: UnsafePointer<CChar>?,
    _ units: UnsafePointer<pmix_resource_unit_t>?, _ count: Int, _ info: UnsafePointer<pmix_info_t>?, _ ninfo: Int
) throws(Status) -> Service {
    guard let name = Text(copying: block), units != nil || count == 0 else { throw .badParameter }
    var things: [ResourceUnit] = []
    if let units, count > 0 {
        for index in 0..<count {
            let unit = units[index]
            things.append(ResourceUnit(type: unit.type, count: UInt64(UInt(bitPattern: unit.count))))
        }
    }
    return .resourceBlock(directive, name, things, try [Info](copying: info, count: ninfo))
}

// MARK: - Credentials

@c @implementation
public func PMIx_Get_credential(
    _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int, _ credential: UnsafeMutablePointer<pmix_byte_object_t>!
) -> pmix_status_t {
    withRoles { (client, server) throws(Status) in
        guard let credential else { throw .badParameter }
        let infos = try [Info](copying: info, count: ninfo)
        let made: [UInt8]
        if let server {
            let (status, bytes) = client.awaitAnswer([]) { finished in
                server.makeCredential(infos) { status, bytes, _ in finished(status, bytes) }
            }
            if !status.isSuccess { throw status }
            made = bytes
        } else {
            made = try client.perform(client.credential(infos)).bytes
        }
        made.store(into: &credential.pointee)
    }
}

@c @implementation
public func PMIx_Get_credential_nb(
    _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int, _ cbfunc: pmix_credential_cbfunc_t!,
    _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withRoles { (client, server) throws(Status) in
        guard let cbfunc else { throw .badParameter }
        let infos = try [Info](copying: info, count: ninfo)
        let done = { (status: Status, bytes: [UInt8], infos: [Info]) in
            let loans = Loans()
            let (array, count) = loans.lend(infos)
            let object = status.isSuccess ? loans.lend(object: bytes) : nil
            withExtendedLifetime(loans) { cbfunc(status.onWire.rawValue, object, array, count, cbdata) }
        }
        if let server { return server.makeCredential(infos, done) }
        guard client.isConnected else { throw .unreachable }
        client.begin(client.credential(infos)) { result in
            switch result {
            case .success(let credential): done(.success, credential.bytes, credential.infos)
            case .failure(let reason): done(reason, [], [])
            }
        }
    }
}

@c @implementation
public func PMIx_Validate_credential(
    _ cred: UnsafePointer<pmix_byte_object_t>!, _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int,
    _ results: UnsafeMutablePointer<UnsafeMutablePointer<pmix_info_t>?>!, _ nresults: UnsafeMutablePointer<Int>!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        guard let cred, let results, let nresults else { throw .badParameter }
        let infos = try [Info](copying: info, count: ninfo)
        let request = Service.validateCredential([UInt8](copying: cred), infos)
        (results.pointee, nresults.pointee) = try request.perform(client).newCArray()
    }
}

@c @implementation
public func PMIx_Validate_credential_nb(
    _ cred: UnsafePointer<pmix_byte_object_t>!, _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int,
    _ cbfunc: pmix_validation_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        guard let cred, let cbfunc else { throw .badParameter }
        let infos = try [Info](copying: info, count: ninfo)
        let request = Service.validateCredential([UInt8](copying: cred), infos)
        try request.begin(client) { result in
            guard case .success(let infos) = result else {
                return cbfunc(result.map { _ in () }.status.rawValue, nil, 0, cbdata)
            }
            let loans = Loans()
            let (array, count) = loans.lend(infos)
            withExtendedLifetime(loans) { cbfunc(PMIX_SUCCESS, array, count, cbdata) }
        }
    }
}
