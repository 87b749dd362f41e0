import Bytes
import PMIxWire
import Reactor
import Sockets

/// The event handlers of this process and the order they are called in: the one that asked to be first of all, those for one code, those
/// for several, the default ones, the one that asked to be last of all. A chain goes on when a handler completes, from whatever thread.
public final class EventHandlers: @unchecked Sendable {
    public typealias ID = Int

    /// What a handler is told. It must call `complete` once, with what it did and what the next ones should know.
    public struct Invocation {
        public let handler: ID
        public let event: Event
        /// The event's infos, then this handler's name and return object if it gave any.
        public let infos: [Info]
        /// What the handlers before this one returned.
        public let results: [Info]
        public let complete: (Status, [Info]) -> Void
    }

    public typealias Body = (Invocation) -> Void

    final class Handler {
        let id: ID
        let codes: [Status]
        let name: Text?
        let range: DataRange
        let sources: [Proc]?
        let affected: [Proc]?
        let returnObject: Value?
        let isOneShot: Bool
        let body: Body

        init(_ id: ID, _ codes: [Status], _ directives: [Info], _ body: @escaping Body) {
            self.id = id
            self.codes = codes
            name = directives[.eventHandlerName]?.asText
            range = DataRange(rawValue: UInt8(truncatingIfNeeded: directives[.range]?.asUnsigned ?? 0))
            sources = directives[.eventCustomRange]?.asProcs
            affected = (directives[.eventAffectedProcs] ?? directives[.eventAffectedProc])?.asProcs
            returnObject = directives[.eventReturnObject]
            isOneShot = directives.isTrue(.eventOneShot)
            self.body = body
        }
    }

    enum Category { case first, single, multiple, byDefault, last }

    private let identity: Proc
    private let loop: Loop
    private let lock = Lock()
    private var lists: [Category: [Handler]] = [:]  // lock
    private var nextID = 0  // lock
    private var cache: [(event: Event, deadline: Deadline)] = []  // lock

    /// As the servers keep events for clients to come: so many, so long.
    private static let cachedEvents = 512
    private static let cachedSeconds: UInt64 = 120

    init(_ identity: Proc, _ loop: Loop) {
        self.identity = identity
        self.loop = loop
    }

    // MARK: Registration

    /// No codes: a default handler. `badParameter` when the directives contradict each other or name a handler that is not there.
    public func register(_ codes: [Status], _ directives: [Info], _ body: @escaping Body) throws(Status) -> ID {
        lock.lock()
        defer { lock.unlock() }
        let handler = Handler(nextID, codes, directives, body)
        try insert(handler, directives)
        nextID += 1
        replay(to: handler)
        return handler.id
    }

    private func insert(_ handler: Handler, _ directives: [Info]) throws(Status) {
        if directives.isTrue(.eventHandlerFirst) { return try occupy(.first, handler) }
        if directives.isTrue(.eventHandlerLast) { return try occupy(.last, handler) }
        let category: Category = handler.codes.isEmpty ? .byDefault : handler.codes.count == 1 ? .single : .multiple
        var list = lists[category] ?? []
        if let name = directives[.eventHandlerBefore]?.asText {
            guard let position = list.firstIndex(where: { $0.name == name }) else { throw .badParameter }
            list.insert(handler, at: position)
        } else if let name = directives[.eventHandlerAfter]?.asText {
            guard let position = list.firstIndex(where: { $0.name == name }) else { throw .badParameter }
            list.insert(handler, at: position + 1)
        } else if directives.isTrue(.eventHandlerAppend) || directives.isTrue(.eventHandlerLastInCategory) {
            list.append(handler)
        } else {
            list.insert(handler, at: 0)
        }
        lists[category] = list
    }

    /// There is one first and one last of all.
    private func occupy(_ category: Category, _ handler: Handler) throws(Status) {
        guard lists[category]?.isEmpty ?? true else { throw Status.eventRegistration }
        lists[category] = [handler]
    }

    /// The codes nobody else handles; nil when there is no such handler.
    public func deregister(_ id: ID) -> [Status]? {
        lock.lock()
        defer { lock.unlock() }
        for (category, list) in lists {
            guard let position = list.firstIndex(where: { $0.id == id }) else { continue }
            let codes = Handler.wireCodes(list[position].codes)
            lists[category]?.remove(at: position)
            return codes.filter { code in !isHandled(code) }
        }
        return nil
    }

    private func isHandled(_ code: Status) -> Bool {
        lists.values.contains { $0.contains { Handler.wireCodes($0.codes).contains(code) } }
    }

    func removeAll() {
        lock.withLock {
            lists = [:]
            cache = []
        }
    }

    // MARK: Delivery

    /// Calls every handler the event is for, in order; `finally` with what they returned when the chain has ended, on the loop.
    /// Any thread.
    public func deliver(_ event: Event, finally: @escaping ([Info]) -> Void = { _ in }) {
        loop.post { [self] in
            let chain = lock.withLock { matching(event) }
            if chain.isEmpty { return keep(event, finally) }
            Chain(event, chain, loop) { [self] handler in
                if handler.isOneShot { _ = deregister(handler.id) }
            }.proceed(finally)
        }
    }

    private func keep(_ event: Event, _ finally: ([Info]) -> Void) {
        lock.withLock {
            guard event.isCacheable else { return }
            cache.removeAll { $0.deadline.hasPassed }
            if cache.count >= EventHandlers.cachedEvents { cache.removeFirst() }
            cache.append((event, Deadline(seconds: EventHandlers.cachedSeconds)))
        }
        finally([])
    }

    /// Events that came before anyone wanted them.
    private func replay(to handler: Handler) {
        var kept: [(event: Event, deadline: Deadline)] = []
        for entry in cache where !entry.deadline.hasPassed {
            if wants(handler, entry.event) {
                let event = entry.event
                loop.post { [loop] in Chain(event, [handler], loop) { _ in }.proceed { _ in } }
            } else {
                kept.append(entry)
            }
        }
        cache = kept
    }

    private func matching(_ event: Event) -> [Handler] {
        var chain: [Handler] = []
        for category in [Category.first, .single, .multiple, .byDefault, .last] {
            for handler in lists[category] ?? [] where wants(handler, event) { chain.append(handler) }
        }
        return chain
    }

    private func wants(_ handler: Handler, _ event: Event) -> Bool {
        if handler.codes.isEmpty {
            if event.isNonDefault { return false }
        } else if !handler.codes.contains(event.status) {
            return false
        }
        return event.concerns(handler.affected) && accepts(handler, event.source)
    }

    /// A handler's range says whose events it wants.
    private func accepts(_ handler: Handler, _ source: Proc) -> Bool {
        switch handler.range {
        case .namespace: source.nspace == identity.nspace
        case .processLocal: source == identity
        case .custom: handler.sources?.contains { $0.covers(source) } ?? false
        default: true
        }
    }

    /// One event on its way through the handlers.
    private final class Chain {
        private let event: Event
        private let handlers: [Handler]
        private let loop: Loop
        private let willCall: (Handler) -> Void
        private var position = 0
        private var results: [Info] = []

        init(_ event: Event, _ handlers: [Handler], _ loop: Loop, willCall: @escaping (Handler) -> Void) {
            self.event = event
            self.handlers = handlers
            self.loop = loop
            self.willCall = willCall
        }

        func proceed(_ finally: @escaping ([Info]) -> Void) {
            guard position < handlers.count else { return finally(results) }
            let handler = handlers[position]
            position += 1
            willCall(handler)
            var infos = event.infos
            if let name = handler.name { infos.append(Info(.eventHandlerName, .string(name))) }
            if let object = handler.returnObject { infos.append(Info(.eventReturnObject, object)) }
            var isCompleted = false
            handler.body(
                Invocation(handler: handler.id, event: event, infos: infos, results: results) { [self] status, more in
                    // Posted even from the loop itself: a handler may complete before it returns.
                    loop.post { [self] in
                        if isCompleted { return }
                        isCompleted = true
                        results.append(Info(handler.name ?? "UNKNOWN", .status(status)))
                        results += more
                        if status == .actionComplete { return finally(results) }
                        proceed(finally)
                    }
                })
        }
    }
}

extension EventHandlers.Handler {
    /// The codes a server is told: a default handler's is the wildcard.
    static func wireCodes(_ codes: [Status]) -> [Status] {
        codes.isEmpty ? [.anyEvent] : codes
    }
}
