import CLaunch
import CLibc
import Ordering
import Reactor
import Sockets

/// A node's daemon: sessions on one side, the ordered group on the other. Everything happens on its loop.
public final class Daemon {
    public let settings: Settings
    let loop: Loop
    let pool = BlockPool(capacity: Session.blockByteCount, keeping: 16)
    private let group: OrderedGroup
    private let delivery: Delivery
    private let log: (String) -> Void
    private var listeners: [(socket: Socket, watcher: Watcher)] = []
    private var signals: Watcher?
    private var sessions: [Int: Session] = [:]
    private var nextNumber = 1
    private var dirty: [Session] = []
    private var held: [Session] = []
    private var holding: Timer?
    /// Set when a message goes to someone who is far behind.
    var isCrowded = false
    /// Whether nothing is behind the message that is being delivered: waiting for more to send with it would be vain.
    var isLast = false
    private(set) var cutCount = 0
    private var lastCuts: [String] = []
    private static let mostCuts = 16
    private var configuration: Configuration?

    /// nil when the system refuses a loop.
    public init?(_ settings: Settings, _ group: OrderedGroup, log: @escaping (String) -> Void) {
        guard let loop = Loop() else { return nil }
        self.loop = loop
        self.settings = settings
        self.group = group
        self.log = log
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        // Two lives of a daemon never share the first word, or the second has moved on.
        let process = UInt32(truncatingIfNeeded: now.tv_nsec) ^ UInt32(bitPattern: getpid()) << 12
        delivery = Delivery(Groups(process: process, time: UInt32(truncatingIfNeeded: now.tv_sec)))
        group.onDeliver = { [unowned self] message, _ in delivery.deliver(message) }
        group.onConfiguration = { [unowned self] in configuration = $0 }
    }

    // MARK: Life

    /// Why a daemon does not start.
    public struct Failure: Error {
        public let text: String
    }

    /// Where clients come in: the file system first.
    public func open() throws(Failure) {
        try listen(settings.socketPath) { () throws(Errno) in
            try Socket.listen(atPath: settings.socketPath, mode: 0o777)
        } accept: { [unowned self] in
            accept($0)
        }
        do throws(Failure) {
            try listen(settings.statusPath) { () throws(Errno) in
                try Socket.listen(atPath: settings.statusPath, mode: 0o666)
            } accept: { [unowned self] in
                tell($0)
            }
            for address in settings.addresses {
                try listen("\(address.host) port \(address.port)") { () throws(Errno) in
                    try Socket.listen(onlyOn: address)
                } accept: { [unowned self] in
                    accept($0)
                }
            }
        } catch {
            closeListeners()
            throw error
        }
        group.join()
    }

    /// Serves until SIGTERM or SIGINT; SIGUSR1 has the state logged.
    public func run() {
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGTERM, SIGINT, SIGUSR1] { sigaddset(&set, number) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
        // Whoever reads the log may go: that ends nothing here.
        var quiet = sigset_t()
        sigemptyset(&quiet)
        sigaddset(&quiet, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &quiet, nil)
        let descriptor = launch_signals(&set)
        signals = Watcher(loop, descriptor, .readable) { [unowned self] in
            while case let number = launch_next_signal(descriptor), number != 0 {
                if number == SIGUSR1 {
                    for line in state { log(line) }
                } else {
                    log("ends: \(sessions.count) sessions are closed")
                    loop.stop()
                }
            }
        }
        signals?.enable()
        loop.run()
        for session in sessions.values { session.close() }
        sessions = [:]
        signals?.cancel()
        close(descriptor)
        closeListeners()
    }

    private func closeListeners() {
        for listener in listeners { listener.watcher.cancel() }
        if !listeners.isEmpty { unlink(settings.socketPath) }
        if listeners.count > 1 { unlink(settings.statusPath) }
        listeners = []
    }

    private func listen(
        _ place: String, _ make: () throws(Errno) -> Socket, accept: @escaping (Socket) -> Void
    ) throws(Failure) {
        do throws(Errno) {
            let socket = try make()
            let watcher = Watcher(loop, socket.descriptor, .readable) { accept(socket) }
            watcher.enable()
            listeners.append((socket, watcher))
        } catch {
            throw Failure(text: "cannot listen on \(place): \(error.text)")
        }
    }

    private static let acceptedAtOnce = 64

    private func accept(_ listener: Socket) {
        for _ in 0..<Daemon.acceptedAtOnce {
            do {
                let socket = try listener.accept()
                let session = Session(self, socket, number: nextNumber)
                sessions[nextNumber] = session
                nextNumber += 1
            } catch {
                if !error.isAgain { pause(listener, error) }
                return
            }
        }
    }

    /// Without descriptors the listener would be ready for ever.
    private func pause(_ listener: Socket, _ reason: Errno) {
        log("accepts nobody for a while: \(reason.text)")
        guard let watcher = listeners.first(where: { $0.socket === listener })?.watcher else { return }
        watcher.disable()
        pauses.append(
            Timer(loop, milliseconds: 200) { [unowned self] in
                pauses = []
                for listener in listeners { listener.watcher.enable() }
            })
    }
    private var pauses: [Timer] = []

    // MARK: Sessions

    /// The private group of a new client: its name must be free here.
    func privateGroup(_ wanted: [UInt8], _ session: Session) throws(Handshake.Refusal) -> Name {
        guard delivery.subscribers.count < settings.maxSessions else { throw .quota }
        let mark = UInt8(ascii: "#")
        let ending = [mark] + Array(settings.name.utf8)
        if !wanted.isEmpty {
            let name = Name([mark] + wanted + ending)
            guard delivery.subscribers[name] == nil else { throw .nameInUse }
            return name
        }
        while true {
            let invented = Array("r\(UInt16.random(in: 0...9998))-\(session.number % 1000)".utf8.prefix(9))
            let name = Name([mark] + invented + ending)
            if delivery.subscribers[name] == nil { return name }
        }
    }

    func admit(_ session: Session) {
        delivery.add(session)
    }

    /// A client's message, at its place in the order as soon as the group has one for it.
    func submit(_ message: Slice, _ header: Header, _ action: UInt32, _ session: Session) {
        switch action {
        case ServiceType.kill: end(session, nil)
        case ServiceType.join, ServiceType.leave:
            guard header.groupCount > 0 else { return }
            guard header.group(0).isGroupName else {
                end(session, "a group name that is none")
                return
            }
            group.multicast(message, .agreed)
        default: group.multicast(message, Daemon.guarantee(action))
        }
    }

    private static func guarantee(_ service: UInt32) -> Guarantee {
        switch service {
        case ServiceType.fifo: .fifo
        case ServiceType.causal: .causal
        case ServiceType.agreed: .agreed
        case ServiceType.safe: .safe
        default: .reliable
        }
    }

    /// The session is over; the others learn it at its place in the order. A reason is for the log.
    func end(_ session: Session, _ reason: String?, isSlow: Bool = false) {
        if case .ended = session.state { return }
        if let reason {
            log("\(session.title) is cut: \(reason)")
            cutCount += 1
            if lastCuts.count == Daemon.mostCuts { lastCuts.removeFirst() }
            lastCuts.append("cut \(session.title): \(reason)")
        }
        let wasServing = session.isServing
        session.close()
        sessions[session.number] = nil
        if isSlow { resume() }
        guard wasServing, delivery.subscribers[session.name] === session else { return }
        var writer = MessageWriter(ServiceType.kill, session.name, groups: 1, data: 0)
        writer.name(session.name)
        group.multicast(writer.message, .agreed)
    }

    // MARK: Sending

    func willFlush(_ session: Session) {
        dirty.append(session)
    }

    /// Everybody who has been given something is sent it.
    func flush() {
        var next = 0
        // One who is found gone makes others dirty.
        while next < dirty.count {
            dirty[next].flush()
            next += 1
        }
        dirty.removeAll(keepingCapacity: true)
    }

    // MARK: Senders that are too fast

    private static let holdMilliseconds: UInt64 = 10

    /// The sender waits until the one behind has caught up, but never long: who does not read at all is soon cut.
    func hold(_ session: Session) {
        held.append(session)
        guard holding == nil else { return }
        holding = Timer(loop, milliseconds: Daemon.holdMilliseconds) { [unowned self] in release() }
    }

    func resume() {
        guard !held.isEmpty, holding != nil else { return }
        loop.post { [unowned self] in release() }
    }

    private func release() {
        holding?.cancel()
        holding = nil
        let waiting = held
        held = []
        for session in waiting { session.goOn() }
    }

    // MARK: State

    /// Lines for people.
    public var state: [String] {
        let clients = sessions.values.filter(\.isServing).sorted { $0.name < $1.name }
        var lines = [
            "daemon \(settings.name) on \(settings.socketPath), \(clients.count) sessions, "
                + "\(sessions.count - clients.count) on their way in, \(delivery.groups.count) groups, \(cutCount) cut"
        ]
        lines += lastCuts
        for client in clients {
            let host = client.host ?? "this machine"
            let waiting = "\(client.output.messageCount) waiting (\(client.output.byteCount) bytes)"
            lines.append(
                "session \(client.name) from \(host): \(client.receivedCount) messages received, "
                    + "\(client.sentCount) sent, \(waiting)")
        }
        for group in delivery.groups.all {
            lines.append("group \(group.name): " + group.members.map(\.name.description).joined(separator: " "))
        }
        return lines
    }

    /// The state, to whoever asks.
    private func tell(_ listener: Socket) {
        while let asker = try? listener.accept() {
            let number = nextNumber
            nextNumber += 1
            answers[number] = Answer(loop, asker, state) { [unowned self] in answers[number] = nil }
        }
    }
    private var answers: [Int: Answer] = [:]
}

/// The state on its way to someone who asked.
private final class Answer {
    private let socket: Socket
    private let bytes: [UInt8]
    private var sent = 0
    private let done: () -> Void
    private var watcher: Watcher?
    private var deadline: Timer?

    init(_ loop: Loop, _ socket: Socket, _ lines: [String], _ done: @escaping () -> Void) {
        self.socket = socket
        self.done = done
        bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
        watcher = Watcher(loop, socket.descriptor, .writable) { [unowned self] in writable() }
        deadline = Timer(loop, milliseconds: 5000) { done() }
        watcher?.enable()
    }

    private func writable() {
        do {
            sent += try socket.send(bytes, from: sent)
            if sent == bytes.count { done() }
        } catch {
            done()
        }
    }
}
