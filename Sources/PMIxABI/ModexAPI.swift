import Bytes
import CLibc
import CPMIx
import PMIxClient
import PMIxServer
import PMIxWire
import Reactor

@c @implementation
public func PMIx_Put(
    _ scope: pmix_scope_t, _ key: UnsafePointer<CChar>!, _ val: UnsafeMutablePointer<pmix_value_t>!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        guard let key = Text(key: key), !key.isEmpty, let val, let scope = DataScope(rawValue: scope) else {
            throw .badParameter
        }
        try client.put(scope, key, try Value(copying: val))
    }
}

@c @implementation
public func PMIx_Commit() -> pmix_status_t {
    withClient { (client) throws(Status) in try client.commit() }
}

@c @implementation
public func PMIx_Store_internal(
    _ proc: UnsafePointer<pmix_proc_t>!, _ key: UnsafePointer<CChar>!, _ val: UnsafeMutablePointer<pmix_value_t>!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        guard let key = Text(key: key), let val else { throw .badParameter }
        let value = try Value(copying: val)
        let about = Proc(checking: proc) ?? client.identity
        if let server = Library.shared.server {
            server.store(about, key: key, value: value)
        } else {
            client.store(about, key, value)
        }
    }
}

@c @implementation
public func PMIx_Fence(
    _ procs: UnsafePointer<pmix_proc_t>!, _ nprocs: Int, _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        try client.perform(try fence(client, procs, nprocs, info, ninfo))
    }
}

@c @implementation
public func PMIx_Fence_nb(
    _ procs: UnsafePointer<pmix_proc_t>!, _ nprocs: Int, _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int,
    _ cbfunc: pmix_op_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let exchange = try fence(client, procs, nprocs, info, ninfo)
        guard client.isConnected else { throw .unreachable }
        client.begin(exchange, doneVoid(cbfunc, cbdata))
    }
}

private func fence(
    _ client: Client, _ procs: UnsafePointer<pmix_proc_t>?, _ nprocs: Int, _ info: UnsafePointer<pmix_info_t>?,
    _ ninfo: Int
) throws(Status) -> Exchange<Void> {
    if procs == nil && nprocs != 0 { throw .badParameter }
    return client.fence([Proc](copying: procs, count: nprocs), try [Info](copying: info, count: ninfo))
}

@c @implementation
public func PMIx_Get(
    _ proc: UnsafePointer<pmix_proc_t>!, _ key: UnsafePointer<CChar>!, _ info: UnsafePointer<pmix_info_t>!,
    _ ninfo: Int, _ val: UnsafeMutablePointer<UnsafeMutablePointer<pmix_value_t>?>!
) -> pmix_status_t {
    withRoles { (client, server) throws(Status) in
        guard let val else { throw .badParameter }
        let wanted = try wanted(client, proc, key, info, ninfo)
        let value: Value
        if let server {
            value = try find(server, wanted)
        } else {
            value = try client.get(wanted)
        }
        if wanted.directives.isTrue(.getStaticValues), let place = val.pointee {
            value.store(into: place)
        } else if wanted.directives.isTrue(.getPointerValues) {
            val.pointee = Library.shared.lent.pointer(to: value, of: wanted)
        } else {
            val.pointee = value.newC()
        }
    }
}

@c @implementation
public func PMIx_Get_nb(
    _ proc: UnsafePointer<pmix_proc_t>!, _ key: UnsafePointer<CChar>!, _ info: UnsafePointer<pmix_info_t>!,
    _ ninfo: Int, _ cbfunc: pmix_value_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        guard let cbfunc else { throw .badParameter }
        let wanted = try wanted(client, proc, key, info, ninfo)
        let answer = { (result: Result<Value, Status>) in
            switch result {
            case .success(let value):
                let lent = value.newC()
                cbfunc(PMIX_SUCCESS, lent, cbdata)
                destroyValue(lent)
            case .failure(let reason): cbfunc(reason.rawValue, nil, cbdata)
            }
        }
        if let server = Library.shared.server {
            let value = try find(server, wanted)
            client.loop.post { answer(.success(value)) }
        } else {
            client.get(wanted, answer)
        }
    }
}

/// A NULL process is whoever in the caller's job has the key.
private func wanted(
    _ client: Client, _ proc: UnsafePointer<pmix_proc_t>?, _ key: UnsafePointer<CChar>?,
    _ info: UnsafePointer<pmix_info_t>?, _ ninfo: Int
) throws(Status) -> Client.Wanted {
    if proc == nil && key == nil { throw .badParameter }
    if info == nil && ninfo != 0 { throw .badParameter }
    let about =
        proc.map { Proc(copying: $0, near: client.identity) } ?? Proc(client.identity.nspace, .undefined)
    var name: Key?
    if let key {
        guard let text = Text(key: key), !text.isEmpty else { throw .badParameter }
        name = text
    }
    return Client.Wanted(about, name, try [Info](copying: info, count: ninfo))
}

/// A server's own process looks into what its host registered and its clients committed.
private func find(_ server: Server, _ wanted: Client.Wanted) throws(Status) -> Value {
    if let value = server.find(wanted.proc, key: wanted.key, scope: Scope(wanted.directives)) { return value }
    let isAnyone = wanted.proc.rank == .undefined && wanted.proc.nspace == server.identity.nspace
    switch wanted.key {
    case .procID where isAnyone: return .proc(server.identity)
    case .serverURI where isAnyone || wanted.proc == server.identity: return .string(server.uri)
    case "pmix.mysrvr.uri" where isAnyone || wanted.proc == server.identity: return .string(server.uri)
    default: throw .notFound
    }
}
