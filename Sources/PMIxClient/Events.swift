import Bytes
import PMIxWire
import Reactor
import Sockets

// Hearing of events and telling of them. Handlers and their order are this process's affair (EventHandlers); the server only learns
// which codes anyone here cares for.
extension Client {
    /// Registers a handler and, for codes the server does not know of yet, tells it. Calls back on the loop.
    public func register(
        _ codes: [Status], _ directives: [Info], _ body: @escaping EventHandlers.Body,
        _ done: @escaping (Status, EventHandlers.ID) -> Void
    ) {
        let id: EventHandlers.ID
        do throws(Status) {
            id = try handlers.register(codes, directives, body)
        } catch {
            return loop.post { done(error, 0) }
        }
        let forServer = directives.filter { !EventKeys.local.contains($0.key) }
        let news = lock.withLock {
            let news = announced.insertNew(EventHandlers.Handler.wireCodes(codes))
            _ = primary?.told.insertNew(news)
            return news
        }
        guard isConnected, !news.isEmpty || !forServer.isEmpty else { return loop.post { done(.success, id) } }
        var packer = Packer(dialect, command: .registerEvents)
        packer.list(.status, codes.map { .signed(Int64($0.rawValue)) })
        packer.infos(forServer)
        begin(Exchange(packer)) { [self] result in
            guard case .failure(let reason) = result else { return done(.success, id) }
            _ = handlers.deregister(id)
            forget(news)
            done(reason, 0)
        }
    }

    /// `notFound` when there is no such handler.
    public func deregister(_ id: EventHandlers.ID) -> Status {
        guard let unhandled = handlers.deregister(id) else { return .notFound }
        forget(unhandled)
        if !unhandled.isEmpty, let link {
            var packer = Packer(dialect, command: .deregisterEvents)
            for code in unhandled { packer.status(code) }
            link.tell(packer.bytes, tag: Tag.firstDynamic)
        }
        return .success
    }

    private func forget(_ codes: [Status]) {
        lock.withLock {
            announced.remove(codes)
            for link in attached { link.told.remove(codes) }
        }
    }

    /// A server that becomes the one that counts learns what the process cares for.
    func announceHandlers(to link: Link) {
        let news = lock.withLock { link.told.insertNew(announced.all) }
        if news.isEmpty { return }
        var packer = Packer(link.dialect, command: .registerEvents)
        packer.list(.status, news.map { .signed(Int64($0.rawValue)) })
        packer.infos([])
        link.request(packer.bytes) { _ in }
    }

    /// Tells this process's handlers, then, unless the range ends here, the server. Calls back on the loop.
    public func notify(_ event: Event, _ done: @escaping (Status) -> Void) {
        if event.targets != nil && event.range != .custom && event.range != .undefined {
            return loop.post { done(.badParameter) }
        }
        if event.range == .processLocal {
            return handlers.deliver(event) { _ in done(.success) }
        }
        guard isConnected else { return loop.post { done(.unreachable) } }
        if event.reaches(identity) { handlers.deliver(event) }
        // The leader of a group to be has its own way of ending it.
        if event.status == .groupConstructAbort { loop.post { [self] in follow(event, []) } }
        send(event, done)
    }

    /// Begins to tell this process's handlers of an event that goes no further.
    public func tellOwnHandlers(_ event: Event) throws(Status) {
        if event.targets != nil { throw .badParameter }
        handlers.deliver(event)
    }

    /// The server's part of a notification.
    func send(_ event: Event, _ done: @escaping (Status) -> Void) {
        var packer = Packer(dialect, command: .notify)
        packer.status(event.status)
        packer.byte(event.range.rawValue, .dataRange)
        packer.infos(event.infos)
        begin(Exchange(packer)) { result in
            if case .failure(let reason) = result { done(reason) } else { done(.success) }
        }
    }

    /// A message of a server that answers nothing. On the loop.
    func receive(_ message: Message, _ dialect: Dialect, _ release: Release) {
        switch message.tag {
        case Tag.notify:
            // A server's malformed notification harms nobody but itself.
            guard let event = try? Event(message: message.payload, dialect) else { return }
            guard event.isOfGroups else { return handlers.deliver(event) }
            handlers.deliver(event) { [self] results in follow(event, results) }
        case Tag.output: receiveOutput(message.payload, dialect, release)
        default: break
        }
    }

    /// A server is gone. On the loop.
    func lost(_ server: Proc) {
        let event = Event(
            .lostConnection, source: server, range: .processLocal, infos: [Info(.eventAffectedProc, .proc(server))])
        handlers.deliver(event)
        failInvitations(.lostConnection)
    }
}

enum EventKeys {
    /// What concerns the order and reach of handlers within their process.
    static let local: [Key] = [
        .eventHandlerName, .eventHandlerFirst, .eventHandlerLast, .eventHandlerFirstInCategory,
        .eventHandlerLastInCategory,
        .eventHandlerBefore, .eventHandlerAfter, .eventHandlerPrepend, .eventHandlerAppend, .eventReturnObject,
        .eventOneShot, .range, .eventCustomRange,
    ]
}

/// The codes a server has been told of, or would be.
struct AnnouncedCodes {
    private var codes: Set<Status> = []

    var all: [Status] { Array(codes) }

    /// Those of `more` that were not in it.
    mutating func insertNew(_ more: [Status]) -> [Status] {
        more.filter { codes.insert($0).inserted }
    }

    mutating func remove(_ gone: [Status]) {
        for code in gone { codes.remove(code) }
    }
}
