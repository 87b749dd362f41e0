import Bytes
import CPMIx
import PMIxClient
import PMIxServer
import PMIxWire
import Reactor
import Sockets

@c @implementation
public func PMIx_Register_event_handler(
    _ codes: UnsafeMutablePointer<pmix_status_t>!, _ ncodes: Int, _ info: UnsafeMutablePointer<pmix_info_t>!,
    _ ninfo: Int, _ evhdlr: pmix_notification_fn_t!, _ cbfunc: pmix_hdlr_reg_cbfunc_t!,
    _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    var id: pmix_status_t = 0
    let status = withClient { (client) throws(Status) in
        guard let evhdlr, ncodes == 0 || codes != nil else { throw .badParameter }
        let statuses = (0..<max(ncodes, 0)).map { Status(rawValue: codes[$0]) }
        let directives = try [Info](copying: info, count: ninfo)
        let body = EventHandlers.body(evhdlr)
        guard cbfunc == nil else {
            return client.register(statuses, directives, body) { status, id in cbfunc?(status.rawValue, id, cbdata) }
        }
        id = try client.registerBlocking(statuses, directives, body)
    }
    // Without a callback the return value is the handler's number.
    return status == PMIX_SUCCESS ? id : status
}

@c @implementation
public func PMIx_Deregister_event_handler(
    _ evhdlr_ref: Int, _ cbfunc: pmix_op_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let status = client.deregister(evhdlr_ref)
        guard let cbfunc else {
            if status != .success { throw status }
            return
        }
        client.loop.post { cbfunc(status.rawValue, cbdata) }
    }
}

@c @implementation
public func PMIx_Notify_event(
    _ status: pmix_status_t, _ source: UnsafePointer<pmix_proc_t>!, _ range: pmix_data_range_t,
    _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int, _ cbfunc: pmix_op_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let event = Event(
            Status(rawValue: status), source: Proc(checking: source) ?? client.identity,
            range: DataRange(rawValue: range), infos: try [Info](copying: info, count: ninfo))
        let send = { (finished: @escaping (Status) -> Void) in
            if let server = Library.shared.server {
                server.notify(event, done: finished)
            } else {
                client.notify(event, finished)
            }
        }
        if cbfunc != nil { return send(done(cbfunc, cbdata)) }
        // The caller may hold a lock that its handlers take, as Python does: nobody else has to be waited for.
        if event.range == .processLocal && Library.shared.server == nil { return try client.tellOwnHandlers(event) }
        let outcome = client.awaitStatus(send)
        if outcome != .success { throw outcome }
    }
}

extension EventHandlers {
    /// A C handler as a closure: what it is lent stays until it says it has done, from whatever thread.
    static func body(
        _ evhdlr:
            @escaping @convention(c) (
                Int, pmix_status_t, UnsafePointer<pmix_proc_t>?, UnsafeMutablePointer<pmix_info_t>?, Int,
                UnsafeMutablePointer<pmix_info_t>?, Int, pmix_event_notification_cbfunc_fn_t?, UnsafeMutableRawPointer?
            ) -> Void
    ) -> EventHandlers.Body {
        { invocation in
            let call = HandlerCall(invocation)
            call.source.lend { source in
                evhdlr(
                    invocation.handler, invocation.event.status.rawValue, source, call.infos.0, call.infos.1,
                    call.results.0, call.results.1, HandlerCall.completed, HandlerCall.running.keep(call))
            }
        }
    }
}

/// One call of a C event handler.
private final class HandlerCall {
    let source: Proc
    let infos: (UnsafeMutablePointer<pmix_info_t>?, Int)
    let results: (UnsafeMutablePointer<pmix_info_t>?, Int)
    private let complete: (Status, [Info]) -> Void

    static let running = Handles<HandlerCall>()

    init(_ invocation: EventHandlers.Invocation) {
        source = invocation.event.source
        infos = invocation.infos.newCArray()
        results = invocation.results.newCArray()
        complete = invocation.complete
    }

    deinit {
        freeInfos(infos.0, infos.1)
        freeInfos(results.0, results.1)
    }

    static let completed: pmix_event_notification_cbfunc_fn_t = {
        status, results, nresults, cbfunc, thiscbdata, pointer in
        let call = running.take(pointer)
        let returned = (try? [Info](copying: results, count: nresults)) ?? []
        cbfunc?(PMIX_SUCCESS, thiscbdata)
        call?.complete(Status(rawValue: status), returned)
    }
}

extension Client {
    func registerBlocking(
        _ codes: [Status], _ directives: [Info], _ body: @escaping EventHandlers.Body
    ) throws(Status) -> pmix_status_t {
        let (status, id) = awaitAnswer(0) { register(codes, directives, body, $0) }
        if status != .success { throw status }
        return pmix_status_t(truncatingIfNeeded: id)
    }

    /// Blocks until `begin`'s operation calls back on the loop. On the loop itself that could never be: `wouldBlock`.
    func awaitStatus(_ begin: (@escaping (Status) -> Void) -> Void) -> Status {
        if loop.isCurrent { return .wouldBlock }
        let outcome = Outcome()
        begin { outcome.set($0) }
        return outcome.wait(stepping: hasThread ? nil : loop)
    }

    /// The same for an operation that brings something along; `nothing` where it never began.
    func awaitAnswer<Answer>(
        _ nothing: Answer, _ begin: (@escaping (Status, Answer) -> Void) -> Void
    ) -> (Status, Answer) {
        var answer = nothing
        let status = awaitStatus { finished in
            begin {
                answer = $1
                finished($0)
            }
        }
        return (status, answer)
    }

    /// The same for infos, or the reason why there are none.
    func awaitInfos(_ begin: (@escaping (Result<[Info], Status>) -> Void) -> Void) throws(Status) -> [Info] {
        let (status, infos) = awaitAnswer([Info]()) { finished in
            begin { result in
                switch result {
                case .success(let infos): finished(.success, infos)
                case .failure(let status): finished(status, [])
                }
            }
        }
        if status != .success { throw status }
        return infos
    }
}
