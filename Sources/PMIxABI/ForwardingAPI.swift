import Bytes
import CLibc
import CPMIx
import PMIxClient
import PMIxServer
import PMIxWire
import Reactor

@c @implementation
public func PMIx_IOF_pull(
    _ procs: UnsafePointer<pmix_proc_t>!, _ nprocs: Int, _ directives: UnsafePointer<pmix_info_t>!, _ ndirs: Int,
    _ channel: pmix_iof_channel_t, _ cbfunc: pmix_iof_cbfunc_t!, _ regcbfunc: pmix_hdlr_reg_cbfunc_t!,
    _ regcbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    var number: pmix_status_t = 0
    let status = withRoles { (client, server) throws(Status) in
        guard procs != nil || nprocs == 0 else { throw .badParameter }
        let sources = [Proc](copying: procs, count: nprocs)
        let infos = try [Info](copying: directives, count: ndirs)
        let body = cbfunc.map { outputBody($0) }
        let pull = { (done: @escaping (Status, UInt64) -> Void) in
            if let server {
                server.pullOutput(sources, infos, channel, body, done)
            } else {
                client.pullOutput(sources, infos, channel, body, done)
            }
        }
        guard server != nil || client.isConnected else { throw .unreachable }
        if let regcbfunc { return pull { regcbfunc($0.rawValue, Int(truncatingIfNeeded: $1), regcbdata) } }
        let (outcome, id) = client.awaitAnswer(0, pull)
        number = pmix_status_t(truncatingIfNeeded: id)
        if outcome != .success { throw outcome }
    }
    // Without a callback the return value is the registration's number.
    return status == PMIX_SUCCESS ? number : status
}

/// Everything is lent for the length of the call.
private func outputBody(
    _ cbfunc:
        @escaping @convention(c) (
            Int, pmix_iof_channel_t, UnsafeMutablePointer<pmix_proc_t>?, UnsafeMutablePointer<pmix_byte_object_t>?,
            UnsafeMutablePointer<pmix_info_t>?, Int
        ) -> Void
) -> Client.OutputBody {
    { id, output in
        let loans = Loans()
        let (infos, count) = loans.lend(output.infos)
        let payload = loans.lend(object: output.bytes)
        cbfunc(
            Int(truncatingIfNeeded: id), output.channels, loans.lend(output.source), payload, infos, count)
        withExtendedLifetime(loans) {}
    }
}

@c @implementation
public func PMIx_IOF_deregister(
    _ iofhdlr: Int, _ directives: UnsafePointer<pmix_info_t>!, _ ndirs: Int, _ cbfunc: pmix_op_cbfunc_t!,
    _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withRoles { (client, server) throws(Status) in
        guard iofhdlr > 0 else { throw .badParameter }
        let infos = try [Info](copying: directives, count: ndirs)
        let id = UInt64(iofhdlr)
        if let server {
            let stop = { (finished: @escaping (Status) -> Void) in server.stopOutput(id, infos, finished) }
            return try finish(client, cbfunc, cbdata, stop)
        }
        guard client.isConnected else { throw .unreachable }
        guard cbfunc == nil, client.gathersOutput(id) else {
            return try client.stopOutput(id, infos, cbfunc == nil ? nil : done(cbfunc, cbdata))
        }
        // What comes last is delivered on the loop.
        let outcome = client.awaitStatus { finished in
            do throws(Status) { try client.stopOutput(id, infos, finished) } catch { finished(error) }
        }
        if outcome != .success { throw outcome }
    }
}

@c @implementation
public func PMIx_IOF_push(
    _ targets: UnsafePointer<pmix_proc_t>!, _ ntargets: Int, _ bo: UnsafeMutablePointer<pmix_byte_object_t>!,
    _ directives: UnsafePointer<pmix_info_t>!, _ ndirs: Int, _ cbfunc: pmix_op_cbfunc_t!,
    _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withRoles { (client, server) throws(Status) in
        guard targets != nil || ntargets == 0 else { throw .badParameter }
        let procs = [Proc](copying: targets, count: ntargets)
        let infos = try [Info](copying: directives, count: ndirs)
        let bytes = [UInt8](copying: bo)
        if let server {
            let push = { (finished: @escaping (Status) -> Void) in server.pushInput(procs, infos, bytes, finished) }
            return try finish(client, cbfunc, cbdata, push)
        }
        guard client.isConnected else { throw .unreachable }
        if infos.isTrue(.pushInput) {
            client.forwardInput(procs, infos)
            if let cbfunc { client.loop.post { cbfunc(PMIX_SUCCESS, cbdata) } }
            return
        }
        let exchange = client.pushInput(procs, infos, bytes)
        if cbfunc != nil { return client.begin(exchange, doneVoid(cbfunc, cbdata)) }
        try client.perform(exchange)
    }
}

/// What a server's own process asks of its host: behind the caller's back with a callback, else the caller waits.
private func finish(
    _ client: Client, _ cbfunc: pmix_op_cbfunc_t?, _ cbdata: UnsafeMutableRawPointer?,
    _ begin: (@escaping (Status) -> Void) -> Void
) throws(Status) {
    if cbfunc != nil { return begin(done(cbfunc, cbdata)) }
    let status = client.awaitStatus(begin)
    if status != .success { throw status }
}

/// A sign of life for the server's monitoring, if there is a server. N.B. headers before release 6 have it as a macro.
@c @implementation
public func PMIx_Heartbeat() {
    Library.shared.client?.heartbeat()
}
