import PMIxWire
import Reactor
import Sockets

/// One call into the host: the only place that knows what a host's return code means (see `Host`).
///
/// A host may answer from any thread, before it returns, long after, twice or never. What comes out of here is one
/// outcome, on the loop. An answer that is already there when the call returns is used at once: no detour through the
/// inbox.
final class Upcall<Answer>: @unchecked Sendable {
    private enum State {
        case calling
        case answered(Status, Answer)
        case pending
        case over
    }

    private struct Target {
        let server: Server
        let resolve: (Status, Answer) -> Void
    }

    private let lock = Lock()
    private var state = State.calling  // lock
    /// Let go of when the outcome is known: the host may keep what it was given for as long as it likes.
    private var target: Target?  // lock

    init(_ server: Server, _ resolve: @escaping (Status, Answer) -> Void) {
        target = Target(server: server, resolve: resolve)
    }

    /// What the host calls. Any thread.
    func complete(_ status: Status, _ answer: Answer) {
        lock.lock()
        switch state {
        case .calling:
            state = .answered(status, answer)
            lock.unlock()
        case .pending:
            state = .over
            let server = target?.server
            lock.unlock()
            // A loop that has ended would keep the work for ever.
            guard let server, !server.lock.withLock({ server.hasStopped }) else { return finish(nil) }
            server.loop.post { [self] in finish((status, answer)) }
        case .answered, .over: lock.unlock()
        }
    }

    /// What the host returned. `empty` stands for the answer of a host that gives none.
    func returned(_ result: Status, _ empty: Answer) {
        lock.lock()
        let before = state
        if case .calling = before, result == .success {
            state = .pending
            return lock.unlock()
        }
        state = .over
        lock.unlock()
        if case .answered(let status, let answer) = before, result == .success {
            finish((status, answer))
        } else {
            finish((result, empty))
        }
    }

    private func finish(_ outcome: (Status, Answer)?) {
        lock.lock()
        let target = target
        self.target = nil
        lock.unlock()
        guard let target, let (status, answer) = outcome else { return }
        if target.server.lock.withLock({ target.server.hasStopped }) { return }
        target.resolve(status, answer)
    }
}

extension Server {
    /// Calls a host function that answers with a status. On the loop.
    public func ask(_ call: (@escaping Host.Done) -> Status, _ resolve: @escaping (Status) -> Void) {
        let upcall = Upcall<Void>(self) { status, _ in resolve(status) }
        upcall.returned(call { upcall.complete($0, ()) }, ())
    }

    /// Calls a host function that answers with a status and a list. On the loop.
    public func ask<Element>(
        _ call: (@escaping (Status, [Element]) -> Void) -> Status, _ resolve: @escaping (Status, [Element]) -> Void
    ) {
        let upcall = Upcall<[Element]>(self, resolve)
        upcall.returned(call(upcall.complete), [])
    }
}
