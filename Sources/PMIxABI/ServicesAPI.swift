import Bytes
import CLibc
import CPMIx
import PMIxClient
import PMIxServer
import PMIxWire

// What a process asks of its host through its server. A server's own process asks its host directly.

@c @implementation
public func PMIx_Log(
    _ data: UnsafePointer<pmix_info_t>!, _ ndata: Int, _ directives: UnsafePointer<pmix_info_t>!, _ ndirs: Int
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        _ = try (try logging(data, ndata, directives, ndirs)).perform(client)
    }
}

@c @implementation
public func PMIx_Log_nb(
    _ data: UnsafePointer<pmix_info_t>!, _ ndata: Int, _ directives: UnsafePointer<pmix_info_t>!, _ ndirs: Int,
    _ cbfunc: pmix_op_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let request = try logging(data, ndata, directives, ndirs)
        try request.begin(client) { result in
            if case .failure(let reason) = result {
                cbfunc?(reason.rawValue, cbdata)
            } else {
                cbfunc?(PMIX_SUCCESS, cbdata)
            }
        }
    }
}

private func logging(
    _ data: UnsafePointer<pmix_info_t>?, _ ndata: Int, _ directives: UnsafePointer<pmix_info_t>?, _ ndirs: Int
) throws(Status) -> Service {
    guard data != nil, ndata > 0 else { throw .badParameter }
    return .log(try [Info](copying: data, count: ndata), try [Info](copying: directives, count: ndirs))
}

@c @implementation
public func PMIx_Job_control(
    _ targets: UnsafePointer<pmix_proc_t>!, _ ntargets: Int, _ directives: UnsafePointer<pmix_info_t>!, _ ndirs: Int,
    _ results: UnsafeMutablePointer<UnsafeMutablePointer<pmix_info_t>?>!, _ nresults: UnsafeMutablePointer<Int>!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let request = try control(targets, ntargets, directives, ndirs)
        let answer = try request.perform(client)
        guard let results, let nresults else { return }
        (results.pointee, nresults.pointee) = answer.newCArray()
    }
}

@c @implementation
public func PMIx_Job_control_nb(
    _ targets: UnsafePointer<pmix_proc_t>!, _ ntargets: Int, _ directives: UnsafePointer<pmix_info_t>!, _ ndirs: Int,
    _ cbfunc: pmix_info_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        try (try control(targets, ntargets, directives, ndirs)).begin(client, doneInfos(cbfunc, cbdata))
    }
}

private func control(
    _ targets: UnsafePointer<pmix_proc_t>?, _ ntargets: Int, _ directives: UnsafePointer<pmix_info_t>?, _ ndirs: Int
) throws(Status) -> Service {
    guard directives != nil, ndirs > 0 else { throw .badParameter }
    let infos = try [Info](copying: directives, count: ndirs)
    return .jobControl([Proc](copying: targets, count: ntargets), infos)
}

@c @implementation
public func PMIx_Process_monitor(
    _ monitor: UnsafePointer<pmix_info_t>!, _ error: pmix_status_t, _ directives: UnsafePointer<pmix_info_t>!,
    _ ndirs: Int, _ results: UnsafeMutablePointer<UnsafeMutablePointer<pmix_info_t>?>!,
    _ nresults: UnsafeMutablePointer<Int>!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        guard let request = try monitoring(client, monitor, error, directives, ndirs) else { return }
        let answer = try request.perform(client)
        guard let results, let nresults else { return }
        (results.pointee, nresults.pointee) = answer.newCArray()
    }
}

@c @implementation
public func PMIx_Process_monitor_nb(
    _ monitor: UnsafePointer<pmix_info_t>!, _ error: pmix_status_t, _ directives: UnsafePointer<pmix_info_t>!,
    _ ndirs: Int, _ cbfunc: pmix_info_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        guard let request = try monitoring(client, monitor, error, directives, ndirs) else {
            throw .operationSucceeded
        }
        try request.begin(client, doneInfos(cbfunc, cbdata))
    }
}

/// nil when it was a heartbeat, which is on its way.
private func monitoring(
    _ client: Client, _ monitor: UnsafePointer<pmix_info_t>?, _ error: pmix_status_t,
    _ directives: UnsafePointer<pmix_info_t>?, _ ndirs: Int
) throws(Status) -> Service? {
    guard let monitor else { throw .badParameter }
    let what = try Info(copying: monitor)
    if what.key == .sendHeartbeat {
        guard client.isConnected else { throw .unreachable }
        client.heartbeat()
        return nil
    }
    return .monitor(what, Status(rawValue: error), try [Info](copying: directives, count: ndirs))
}

/// A request that ends at a host, from wherever it starts.
enum Service {
    case log([Info], [Info])
    case jobControl([Proc], [Info])
    case monitor(Info, Status, [Info])
    case allocate(UInt8, [Info])
    case controlSession(UInt32, [Info])
    case resourceBlock(UInt8, Text?, [ResourceUnit], [Info])
    case validateCredential([UInt8], [Info])
    case registerFabric([Info])
    case updateFabric(UInt64)

    func perform(_ client: Client) throws(Status) -> [Info] {
        guard let server = Library.shared.server else { return try client.perform(exchange(client)) }
        return try client.awaitInfos { server.ask(self, $0) }
    }

    func begin(_ client: Client, _ done: @escaping (Result<[Info], Status>) -> Void) throws(Status) {
        if let server = Library.shared.server { return server.ask(self, done) }
        guard client.isConnected else { throw .unreachable }
        client.begin(exchange(client), done)
    }

    private func exchange(_ client: Client) -> Exchange<[Info]> {
        switch self {
        case .log(let data, let directives):
            client.log(data, directives, time: directives.isTrue(.generateLogTime) ? now : 0)
        case .jobControl(let targets, let infos): client.controlJob(targets, infos)
        case .monitor(let what, let alert, let infos): client.monitor(what, alert, infos)
        case .allocate(let directive, let infos): client.allocate(directive, infos)
        case .controlSession(let session, let infos): client.controlSession(session, infos)
        case .resourceBlock(let directive, let name, let units, let infos):
            client.resourceBlock(directive, name, units, infos)
        case .validateCredential(let bytes, let infos): client.validate(bytes, infos)
        case .registerFabric(let infos): client.registerFabric(infos)
        case .updateFabric(let index): client.updateFabric(index)
        }
    }

    /// Asked for by the directives; otherwise a text has no time of its own.
    private var now: UInt64 { UInt64(clamping: time(nil)) }
}

extension Key {
    fileprivate static let generateLogTime: Key = "pmix.log.gtstmp"
}
