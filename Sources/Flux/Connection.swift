// What a handle and its clones have in common: the connector, what was received and put back, tags, counters.
import Bytes
import CLibc
import Sockets

public struct HandleFlags: OptionSet, Sendable {
    public let rawValue: Int32

    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    public static let trace = HandleFlags(rawValue: 1)
    public static let clone = HandleFlags(rawValue: 2)
    public static let nonblock = HandleFlags(rawValue: 4)
    public static let matchDebug = HandleFlags(rawValue: 8)
    public static let noSubscriptions = HandleFlags(rawValue: 16)
    public static let trackRPCs = HandleFlags(rawValue: 32)
    public static let noRequeue = HandleFlags(rawValue: 64)

    public static let all = HandleFlags(rawValue: 127)
    /// What may still change while the handle is in use.
    public static let changeable = HandleFlags(rawValue: 31)
}

public struct MessageCounters {
    public struct Counts {
        public var request: Int32 = 0
        public var response: Int32 = 0
        public var event: Int32 = 0
        public var control: Int32 = 0

        mutating func count(_ type: MessageType) {
            switch type {
            case .request: request &+= 1
            case .response: response &+= 1
            case .event: event &+= 1
            case .control: control &+= 1
            }
        }
    }

    public var sent = Counts()
    public var received = Counts()

    public init() {}
}

final class Connection {
    let connector: Connector
    /// Put back by somebody, to be received before anything new.
    let requeued: MessageQueue?
    var tags = TagPool()
    var counters = MessageCounters()
    private(set) var receivedCount: UInt64 = 0
    private var tracker: Tracker?
    private var descriptor: Int32 = -1
    private var isClosing = false
    private var start: UInt64?

    /// Told about lost connections; 0 means that it made a new one.
    var onError: (() -> Int32)?
    private var isTellingError = false

    init(_ connector: Connector, flags: HandleFlags) {
        self.connector = connector
        requeued = flags.contains(.noRequeue) ? nil : MessageQueue()
        tracker = flags.contains(.trackRPCs) ? Tracker() : nil
    }

    /// From now on nothing is sent.
    func beginClosing() {
        isClosing = true
        tracker = nil
    }

    func close(flags: HandleFlags) {
        do {
            try connector.stream?.flush(isBlocking: true)
        } catch {
            // Nobody is there to read it.
        }
        if descriptor >= 0 { CLibc.close(descriptor) }
        descriptor = -1
        connector.close()
        if flags.contains(.matchDebug) {
            let taken = tags.count - 1 - tags.availableCount
            if taken > 0 { Trace.say("MATCHDEBUG: pool destroy with \(taken) allocated") }
        }
        requeued?.removeAll()
    }

    /// Whether whoever failed may try again.
    private func recovers(from reason: Errno) -> Bool {
        guard let onError, !isTellingError else { return false }
        isTellingError = true
        defer { isTellingError = false }
        clibc_set_errno(reason.code)
        return onError() >= 0
    }

    // MARK: Sending

    func send(_ message: Message, isGiven: Bool, flags: HandleFlags) throws(Errno) {
        guard connector.canSend, !isClosing else { throw Errno(code: ENOSYS) }
        counters.sent.count(message.type)
        trace(message, flags)
        while true {
            do {
                if isGiven, tracker == nil {
                    try connector.send(giving: message, isBlocking: !flags.contains(.nonblock))
                } else {
                    try connector.send(message, isBlocking: !flags.contains(.nonblock))
                }
                break
            } catch {
                guard !error.isAgain, recovers(from: error) else { throw error }
            }
        }
        tracker?.update(message)
    }

    /// As `send`, for what may go out a little later together with others: whether it should now.
    func enqueue(_ message: Message, flags: HandleFlags) throws(Errno) -> Bool {
        guard let local = connector as? LocalConnector, !isClosing else { throw Errno(code: ENOSYS) }
        counters.sent.count(message.type)
        trace(message, flags)
        let isTime = try local.enqueue(message)
        tracker?.update(message)
        return isTime
    }

    /// Sends what waits for company.
    /// - Throws: why the connection is lost, after whoever was to be told could do nothing about it.
    func flush(isBlocking: Bool) throws(Errno) {
        guard let stream = connector.stream, stream.hasUnsent else { return }
        do {
            try stream.flush(isBlocking: isBlocking)
        } catch {
            guard recovers(from: error) else { throw error }
        }
    }

    // MARK: Receiving

    /// The next one that is wanted; others are put back behind everything that was there.
    func receive(_ match: Match, flags: HandleFlags) throws(Errno) -> Message {
        var others: [Message] = []
        do {
            while true {
                let message = try receiveAny(flags)
                if message.matches(match) {
                    for other in others { try requeue(other, atHead: false) }
                    note(message, flags)
                    return message
                }
                others.append(message)
            }
        } catch {
            guard error.isAgain else { throw error }
            for other in others { try requeue(other, atHead: false) }
            throw Errno(code: EAGAIN)
        }
    }

    private func receiveAny(_ flags: HandleFlags) throws(Errno) -> Message {
        if let message = requeued?.removeFirst() { return message }
        guard connector.canReceive else { throw Errno(code: ENOSYS) }
        if !connector.hasReceived { try flush(isBlocking: !flags.contains(.nonblock)) }
        while true {
            do {
                let message = try connector.receive(isBlocking: !flags.contains(.nonblock))
                receivedCount &+= 1
                // More came with it than was asked for: whoever waits on the descriptor has to hear of that.
                if descriptor >= 0, connector.stream?.hasReceived == true { requeued?.wake() }
                return message
            } catch {
                guard !error.isAgain, recovers(from: error) else { throw error }
            }
        }
    }

    /// The response to a request of ours, read without a loop; nil when this connector cannot do that.
    func receiveResponse(to tag: UInt32, _ deadline: Deadline, flags: HandleFlags) throws(Errno) -> Message? {
        guard connector.stream != nil else { return nil }
        while true {
            if let message = requeued?.removeResponse(to: tag) {
                note(message, flags)
                return message
            }
            do {
                try flush(isBlocking: true)
                guard let message = try connector.stream?.receiveResponse(to: tag, deadline) else { return nil }
                receivedCount &+= 1
                if descriptor >= 0, connector.hasReceived { requeued?.wake() }
                note(message, flags)
                return message
            } catch {
                guard !error.isTimeout, recovers(from: error) else { throw error }
            }
        }
    }

    private func note(_ message: Message, _ flags: HandleFlags) {
        counters.received.count(message.type)
        trace(message, flags)
        tracker?.update(message)
    }

    /// - Throws: EINVAL on a handle that was opened without this.
    func requeue(_ message: Message, atHead isAtHead: Bool) throws(Errno) {
        guard let requeued else { throw Errno(code: EINVAL) }
        if isAtHead { try requeued.prepend(message) } else { try requeued.append(message) }
    }

    // MARK: Waiting

    var queuedEvents: Int32 {
        requeued?.isEmpty == false || connector.hasReceived ? Poll.input : 0
    }

    func pollDescriptor() throws(Errno) -> Int32 {
        if descriptor >= 0 { return descriptor }
        let made = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard made >= 0 else { throw Errno(code: clibc_errno()) }
        do {
            if let requeued { try watch(try requeued.pollDescriptor(), Int32(POLLIN), in: made) }
            if let other = try connector.pollDescriptor() { try watch(other, connector.pollMask, in: made) }
        } catch {
            CLibc.close(made)
            throw error
        }
        descriptor = made
        return made
    }

    private func watch(_ other: Int32, _ mask: Int32, in epoll: Int32) throws(Errno) {
        var event = epoll_event()
        event.events = EPOLLET.rawValue
        if mask & Int32(POLLIN) != 0 { event.events |= EPOLLIN.rawValue }
        if mask & Int32(POLLOUT) != 0 { event.events |= EPOLLOUT.rawValue }
        event.data.fd = other
        guard epoll_ctl(epoll, EPOLL_CTL_ADD, other, &event) == 0 else { throw Errno(code: clibc_errno()) }
    }

    func pollEvents() throws(Errno) -> Int32 {
        let epoll = try pollDescriptor()
        try flush(isBlocking: false)
        // What is pending counts as seen: the descriptor speaks again when something new happens.
        var event = epoll_event()
        while epoll_wait(epoll, &event, 1, 0) == 1 {}
        var events = try connector.pollEvents()
        if events & Poll.error != 0, recovers(from: .closed) { events &= ~Poll.error }
        if let requeued { events |= requeued.pollEvents() & Poll.input }
        return events
    }

    // MARK: A new connection

    func reconnect(flags: HandleFlags) throws(Errno) {
        guard connector.canReconnect else { throw Errno(code: ENOSYS) }
        if descriptor >= 0 {
            do {
                if let old = try connector.pollDescriptor(), old >= 0 {
                    epoll_ctl(descriptor, EPOLL_CTL_DEL, old, nil)
                }
            } catch {
                // It is not connected any more.
            }
        }
        trace("trying to reconnect", flags)
        do {
            try connector.reconnect()
        } catch {
            trace("reconnect failed", flags)
            throw error
        }
        if descriptor >= 0, let new = try connector.pollDescriptor() {
            try watch(new, Int32(POLLIN | POLLOUT), in: descriptor)
        }
        trace("reconnected", flags)
        failTracked(flags)
    }

    /// Requests that the lost connection took along are answered from here.
    private func failTracked(_ flags: HandleFlags) {
        for request in tracker?.removeAll() ?? [] {
            do {
                let response = try Message.response(to: request, errnum: ECONNRESET)
                response.setText(Array("RPC aborted due to broker reconnect".utf8))
                response.credentials = Credentials(userid: 0, roles: .owner)
                try requeue(response, atHead: false)
                trace("responded to tracked rpc topic=\(request.topic?.string ?? "NULL")", flags)
            } catch {
                trace("error responding to tracked rpc topic=\(request.topic?.string ?? "NULL")", flags)
            }
        }
    }

    // MARK: Tracing

    private var elapsed: Double {
        let now = Deadline.now
        let from = start ?? now
        start = from
        return Double(now - from) * 1e-9
    }

    private func trace(_ message: Message, _ flags: HandleFlags) {
        if flags.contains(.trace) { Trace.write(MessageText.of(message, timestamp: elapsed)) }
    }

    private func trace(_ text: @autoclosure () -> String, _ flags: HandleFlags) {
        guard flags.contains(.trace) else { return }
        Trace.say("--------------------------------------\nc \(Trace.fixed(elapsed))\nc \(text())")
    }
}

/// Requests that still expect something, to be failed when their connection goes.
private struct Tracker {
    private struct Key: Hashable {
        let sender: Slice?
        let tag: UInt32
    }

    private var requests: [Key: Message] = [:]

    mutating func update(_ message: Message) {
        let key = Key(sender: message.firstRoute, tag: message.matchtag)
        switch message.type {
        case .response:
            guard key.tag != Matchtag.none, !message.isStreaming || message.errnum != 0 else { return }
            requests[key] = nil
        case .request:
            if !message.isNoResponse, key.tag != Matchtag.none {
                requests[key] = message
            } else if let topic = message.topic, topic.raw.suffix(11).elementsEqual(".disconnect".utf8) {
                requests = requests.filter { key.sender == nil || $0.key.sender != key.sender }
            }
        case .event, .control:
            break
        }
    }

    mutating func removeAll() -> [Message] {
        defer { requests = [:] }
        return requests.values.sorted { $0.matchtag < $1.matchtag }
    }
}

/// What a handle writes to stderr when it was asked to.
enum Trace {
    static func say(_ line: String) {
        write(Array(line.utf8) + [UInt8(ascii: "\n")])
    }

    static func write(_ bytes: [UInt8]) {
        _ = bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, clibc_stderr()) }
    }

    /// With five digits behind the point.
    static func fixed(_ seconds: Double) -> String {
        let units = UInt64(max(seconds, 0) * 100_000)
        let digits = String(units % 100_000)
        return String(units / 100_000) + "." + String(repeating: "0", count: 5 - digits.count) + digits
    }
}
