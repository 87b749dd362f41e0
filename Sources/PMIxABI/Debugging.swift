import Bytes
import PMIxClient
import PMIxWire

extension Status {
    fileprivate static let debuggerRelease = Status(rawValue: -3)
}

extension Library {
    /// A rank that its job wants stopped in init says that it is there and stays until a debugger lets it go. A server
    /// that is lost meanwhile ends the wait, and the init with it.
    func waitForDebugger(_ client: Client, _ infos: [Info]) throws(Status) {
        let wildcard = Client.Wanted(
            Proc(client.identity.nspace, .wildcard), .stopInInit, [Info(.optional, .bool(true))])
        guard let directive = infos[.stopInInit] ?? client.find(wildcard), directive.concerns(client.identity.rank)
        else { return }
        var handler: EventHandlers.ID?
        let outcome = client.awaitStatus { finished in
            let body: EventHandlers.Body = { invocation in
                finished(invocation.event.status == .debuggerRelease ? .success : .unreachable)
                invocation.complete(.actionComplete, [])
            }
            client.register([.debuggerRelease, .lostConnection], [], body) { status, id in
                guard status == .success else { return finished(status) }
                handler = id
                // A host that takes no events may let the process go all the same.
                client.notify(client.stopped) { if $0 == .unreachable { finished($0) } }
            }
        }
        if let handler { _ = client.deregister(handler) }
        if outcome == .success { return }
        lifecycleFailed(client)
        throw outcome
    }

    private func lifecycleFailed(_ client: Client) {
        set(nil)
        initCount = 0
        client.finalize()
    }
}

extension Client {
    fileprivate var stopped: Event {
        let infos = [Info(.eventNonDefault, .bool(true)), Info(.breakpoint, .string("pmix-init"))]
        return Event(.readyForDebug, source: identity, range: .resourceManager, infos: infos)
    }
}
