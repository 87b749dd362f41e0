import Bytes
import PMIxWire
import Reactor
import Sockets

// A tool's servers: it may be connected to several, and one of them, the primary, is the one its requests go to. Events come
// from all of them.
extension Client {
    /// Those it is connected to, the primary first.
    public var servers: [Proc] {
        let (first, all) = lock.withLock { (primary, attached) }
        let others = all.filter { $0 !== first }
        return ((first.map { [$0] } ?? []) + others).filter { $0.isConnected }.map { $0.server }
    }

    /// Connects to one more server, which becomes the primary if it is to, or if there is none. One that is attached already
    /// is not connected to again. Blocks. `unreachable` when there is no such server.
    public func attach(_ infos: [Info]) throws(Status) -> Proc {
        if infos.isEmpty { throw .badParameter }
        let wanted = try Tool(attaching: infos, as: identity, isLauncher: tool?.isLauncher ?? false)
        dropLost()
        let link: Link
        switch try wanted.connect(connectedLink) {
        case .attached(let known): link = known
        case .server(let connection, let rendezvous): link = try join(connection, rendezvous)
        }
        if infos.isTrue(.primaryServer) || !isConnected { makePrimary(link) }
        lock.withLock { attachment.broadcast() }
        return link.server
    }

    private func join(_ connection: Connector.Connected, _ rendezvous: Rendezvous) throws(Status) -> Link {
        let link = try attach(connection, rendezvous, asPrimary: false)
        do throws(Status) {
            try requestToolJob(of: link)
            return link
        } catch {
            drop(link)
            throw error == .lostConnection ? .unreachable : error
        }
    }

    /// Leaves a server. When it was the primary there is none until another is chosen. `notFound` when it is none of ours.
    public func detach(from server: Proc) throws(Status) {
        guard let link = connectedLink(to: server) else { throw .notFound }
        link.sayGoodbye()
        drop(link)
    }

    /// Makes an attached server the primary, or with this process's own name none. Without `waitForConnection` it must be
    /// attached already (`unreachable`); with it, this waits for another thread to attach it, as long as `timeout` says.
    public func setServer(_ server: Proc, _ infos: [Info]) throws(Status) {
        if server == identity { return lock.withLock { primary = nil } }
        let seconds = infos[.timeout]?.asUnsigned ?? 0
        let deadline = seconds == 0 ? Deadline.never : Deadline(seconds: seconds)
        while true {
            if let link = connectedLink(to: server) { return makePrimary(link) }
            guard infos.isTrue(.waitForConnection) else { throw .unreachable }
            if deadline.hasPassed { throw .timeout }
            lock.lock()
            if !attached.contains(where: { $0.server == server && $0.isConnected }) {
                _ = attachment.wait(lock, until: deadline)
            }
            lock.unlock()
        }
    }

    private func dropLost() {
        let (first, all) = lock.withLock { (primary, attached) }
        for link in all where link !== first && !link.isConnected { drop(link) }
    }

    private func connectedLink(to server: Proc) -> Link? {
        lock.withLock { attached }.first { $0.server == server && $0.isConnected }
    }

    private func makePrimary(_ link: Link) {
        lock.withLock { primary = link }
        remember(link.server)
        announceHandlers(to: link)
    }

    /// The link's callbacks refer to this client, so it is closed on the loop, where they run.
    private func drop(_ link: Link) {
        lock.withLock {
            attached.removeAll { $0 === link }
            if primary === link { primary = nil }
        }
        let close = { link.close() }
        if loop.isCurrent { close() } else { loop.post(close) }
    }
}
