// Who gets a message: the handler of a response's tag, the newest handler of a request's topic, else the newest one that
// matches; of events all that match.
import Bytes
import CLibc
import Sockets

public final class MessageHandler {
    public typealias Callback = (Handle, MessageHandler, Message) -> Void

    fileprivate var dispatcher: Dispatcher?
    let match: Match
    public private(set) var roles: Roles = .owner
    private let callback: Callback
    public fileprivate(set) var isRunning = false

    fileprivate init(_ match: Match, _ callback: @escaping Callback) {
        self.match = match
        self.callback = callback
    }

    public func start() {
        guard !isRunning, let dispatcher else { return }
        isRunning = true
        dispatcher.handlerStarted()
    }

    public func stop() {
        guard isRunning else { return }
        isRunning = false
        dispatcher?.handlerStopped()
    }

    /// Takes it out for good.
    public func remove() {
        guard let dispatcher else { return }
        dispatcher.remove(self)
        stop()
        self.dispatcher = nil
    }

    public func allow(_ roles: Roles) {
        self.roles.formUnion(roles)
    }

    /// The owner cannot be denied.
    public func deny(_ roles: Roles) {
        self.roles.subtract(roles)
        self.roles.insert(.owner)
    }

    fileprivate func call(_ handle: Handle, _ message: Message) {
        guard message.credentials.roles.isDisjoint(with: roles) else {
            callback(handle, self, message)
            return
        }
        guard message.type == .request, !message.isNoResponse else { return }
        let text: StaticString =
            roles.isSubset(of: .owner)
            ? "Request requires owner credentials" : "Request rejected due to insufficient privilege"
        handle.tryToRespond(to: message, error: EPERM, text: text.withUTF8Buffer { Array($0) })
    }
}

public final class Dispatcher {
    private unowned(unsafe) var handle: Handle?
    private let reactor: Reactor
    public private(set) var watcher: HandleWatcher?
    private var runningCount = 0
    /// By the tag of the response.
    private var responses = TagTable<MessageHandler>()
    /// By the topic of the request, the newest last.
    private var methods: [Slice: [MessageHandler]] = [:]
    /// All others, the newest last.
    private var handlers: [MessageHandler] = []
    /// A clone's, in the order of arrival.
    private var unmatched: [Message] = []

    init(_ handle: Handle) throws(Errno) {
        self.handle = handle
        reactor = try handle.currentReactor()
        // The cycle ends in tearDown.
        watcher = try HandleWatcher(reactor, handle, events: Poll.input) { [self] _, events in ready(events) }
    }

    /// The handle goes; handlers may stay with those who made them, but get nothing any more.
    func tearDown() {
        requeueUnmatched()
        watcher?.stop()
        watcher = nil
        handle = nil
        responses.removeAll()
        methods = [:]
        handlers = []
    }

    // MARK: Handlers

    /// A new handler, not running yet.
    /// - Throws: EEXIST when the tag has one.
    public func add(_ match: Match, _ callback: @escaping MessageHandler.Callback) throws(Errno) -> MessageHandler {
        let handler = MessageHandler(match, callback)
        if isOfResponse(match) {
            guard responses[match.matchtag] == nil else { throw Errno(code: EEXIST) }
            responses[match.matchtag] = handler
        } else if let topic = topicOfMethod(match) {
            methods[topic, default: []].append(handler)
        } else {
            handlers.append(handler)
        }
        handler.dispatcher = self
        return handler
    }

    fileprivate func remove(_ handler: MessageHandler) {
        if isOfResponse(handler.match) {
            if responses[handler.match.matchtag] === handler { responses[handler.match.matchtag] = nil }
        } else if let topic = topicOfMethod(handler.match) {
            methods[topic]?.removeAll { $0 === handler }
            if methods[topic]?.isEmpty == true { methods[topic] = nil }
        } else {
            handlers.removeAll { $0 === handler }
        }
    }

    private func isOfResponse(_ match: Match) -> Bool {
        match.types == Int32(MessageType.response.rawValue) && match.matchtag != Matchtag.none
    }

    private func topicOfMethod(_ match: Match) -> Slice? {
        guard match.types == Int32(MessageType.request.rawValue), case .exact(let topic) = match.glob else {
            return nil
        }
        return topic
    }

    fileprivate func handlerStarted() {
        runningCount += 1
        if runningCount == 1 { watcher?.start() }
    }

    fileprivate func handlerStopped() {
        runningCount -= 1
        if runningCount == 0 { watcher?.stop() }
    }

    // MARK: Messages

    private func ready(_ events: Int32) {
        // A callback may close the handle.
        guard let handle else { return }
        withExtendedLifetime(handle) {
            do throws(Errno) {
                guard events & Poll.input != 0 else { throw Errno.closed }
                let message = try handle.receive(flags: .nonblock)
                if !deliver(message, handle) { try refuse(message, handle) }
            } catch {
                guard !error.isAgain else { return }
                reactor.stop(failing: error)
            }
        }
    }

    private func deliver(_ message: Message, _ handle: Handle) -> Bool {
        switch message.type {
        case .response:
            if message.matchtag != Matchtag.none, message.routes.isEmpty, let handler = responses[message.matchtag],
                handler.isRunning, message.matches(handler.match)
            {
                handler.call(handle, message)
                return true
            }
        case .request:
            if let topic = message.topic, let handler = methods[topic]?.last, handler.isRunning {
                handler.call(handle, message)
                return true
            }
        case .event, .control:
            break
        }
        // A callback may add handlers and take them away.
        let now = handlers
        for handler in now.reversed() where handler.isRunning && message.matches(handler.match) {
            handler.call(handle, message)
            if message.type != .event { return true }
        }
        return false
    }

    /// Nobody wanted it.
    private func refuse(_ message: Message, _ handle: Handle) throws(Errno) {
        guard self.handle != nil else { return }
        if handle.isClone {
            unmatched.append(message)
            return
        }
        switch message.type {
        case .request:
            guard !message.isNoResponse else { return }
            let topic = message.topic?.string ?? "unknown"
            try handle.respond(to: message, error: ENOSYS, text: Array("Unknown service method '\(topic)'".utf8))
        case .response:
            reclaimTag(message, handle)
        case .control:
            if handle.flags.contains(.trace) { Trace.say("nomatch: control 'unknown'") }
        case .event:
            break
        }
    }

    /// Of a future that went away before its response came: that of streams ends with an error alone.
    private func reclaimTag(_ message: Message, _ handle: Handle) {
        guard message.matchtag != Matchtag.none, message.routes.isEmpty else { return }
        if message.isStreaming, message.errnum == 0 { return }
        handle.freeTag(message.matchtag)
        if handle.flags.contains(.matchDebug) { Trace.say("MATCHDEBUG: reclaimed matchtag=\(message.matchtag)") }
    }

    /// Gives back what a clone did not want, in its order, before everything else.
    public func requeueUnmatched() {
        let all = unmatched
        unmatched = []
        guard let handle else { return }
        for message in all.reversed() {
            do {
                try handle.requeue(message, atHead: true)
            } catch {
                // A handle that was opened without a place to put things.
            }
        }
    }
}

extension Handle {
    /// Answers a request, with a text about the error if there is one.
    public func respond(to request: Message, error: Int32 = 0, text: [UInt8]? = nil) throws(Errno) {
        guard !request.isNoResponse else { return }
        let response = try Message.response(to: request, errnum: error)
        if let text { response.setText(text) }
        try send(response)
    }

    func tryToRespond(to request: Message, error: Int32, text: [UInt8]?) {
        do {
            try respond(to: request, error: error, text: text)
        } catch {
            // The asker is gone.
        }
    }
}
