import Bytes
import PMIxWire
import Reactor
import Sockets

/// The connection to one server. Any thread sends; at any moment at most one thread reads.
///
/// Normally the loop reads, when the gate says there is something. A caller that blocks for its answer takes the reading over: it shuts
/// the gate, receives on its own thread until its answer is there, and hands the reading to the next blocked caller, or back to the loop. So a
/// blocking call costs its two system calls and no thread switch, and one made from a callback on the loop's thread works like any other.
/// What such a reader finds for others it passes on: answers to their waits, everything with user code behind it to the loop.
public final class Link: @unchecked Sendable {
    public typealias Outcome = Result<[UInt8], Status>

    /// Someone blocked for an answer.
    private final class Wait {
        var outcome: Outcome?  // lock
        let condition = Condition()
    }

    private enum Answer {
        case wait(Wait)
        /// Runs on the loop.
        case handler((Outcome) -> Void)
    }

    private enum Reading { case nobody, loop, caller }

    public let dialect: Dialect
    public let server: Proc
    public var serverRelease: Release { rendezvous.release }
    public var uri: Text { rendezvous.uri.text }
    private let rendezvous: Rendezvous
    private let index: UInt32
    private let socket: Socket
    private let gate: Gate
    private let loop: Loop
    private var gateWatcher: Watcher?  // loop
    private var outputWatcher: Watcher?  // loop

    private let lock = Lock()
    private var answers: [UInt32: Answer] = [:]  // lock
    private var lastTag = Tag.firstDynamic  // lock
    private var reading = Reading.caller  // lock; `start` gives it up
    private var gateIsOpen = false  // lock
    private var blocked: [Wait] = []  // lock
    private var output: [UInt8] = []  // lock; what the socket has not taken yet
    private var failure: Status?  // lock
    private var isClosing = false  // lock
    /// Says what goes over the connection, where that is wanted. Set before `start`.
    var trace: WireTrace?
    /// The event codes this server has been told of. Under the client's lock.
    var told = AnnouncedCodes()

    private var framing = Framing()  // whoever reads

    /// Messages that answer nothing: tag and payload, on the loop. Set before `start`.
    public var onMessage: ((Message) -> Void)?
    /// The server is gone without our having asked: once, on the loop. Set before `start`.
    public var onLoss: (() -> Void)?

    /// A connection whose handshake is done. nil when the system has no descriptor left.
    public init?(
        _ socket: Socket, _ rendezvous: Rendezvous, dialect: Dialect, index: UInt32, server: Proc, loop: Loop
    ) {
        guard let gate = Gate(socket) else { return nil }
        self.socket = socket
        self.gate = gate
        self.dialect = dialect
        self.index = index
        self.server = server
        self.rendezvous = rendezvous
        self.loop = loop
    }

    /// Lets the loop read. Until then only blocking exchanges work.
    public func start() {
        loop.post { [self] in
            if lock.withLock({ isClosing }) { return }
            gateWatcher = Watcher(loop, gate.descriptor, .readable) { [unowned(unsafe) self] in loopReads() }
            outputWatcher = Watcher(loop, socket.descriptor, .writable) { [unowned(unsafe) self] in loopWrites() }
            gateWatcher?.enable()
        }
        lock.lock()
        passReadingOn()
        lock.unlock()
    }

    public var isConnected: Bool {
        lock.withLock { failure == nil } && !socket.isInherited
    }

    /// The status for bytes that are not what the server's release writes.
    func cannotRead(_ error: Malformed) -> Status {
        rendezvous.trace("an answer cannot be read")
        return Status(error)
    }

    /// Whether this process got the connection from its parent by fork.
    public var isInherited: Bool { socket.isInherited }

    // MARK: Sending

    /// Sends a request and blocks for its answer. Any thread, the loop's included.
    public func exchange(_ request: [UInt8], _ deadline: Deadline) -> Outcome {
        let wait = Wait()
        lock.lock()
        defer { lock.unlock() }
        if let reason = unusable { return .failure(reason) }
        // Before sending: the answer may be there before anything else is done, and must not wake the loop.
        if reading == .nobody { shutGate() }
        let tag = send(request)
        answers[tag] = .wait(wait)
        while wait.outcome == nil && !deadline.hasPassed {
            if reading == .nobody {
                read(for: wait, deadline)
            } else {
                blocked.append(wait)
                _ = wait.condition.wait(lock, until: deadline)
                blocked.removeAll { $0 === wait }
            }
        }
        // Woken to read, but done or out of time: the next one reads.
        if reading == .nobody { passReadingOn() }
        if let outcome = wait.outcome { return outcome }
        answers[tag] = nil
        return .failure(.timeout)
    }

    /// Sends a request; `handler` gets the answer on the loop.
    public func request(_ request: [UInt8], _ handler: @escaping (Outcome) -> Void) {
        lock.lock()
        defer { lock.unlock() }
        if let reason = unusable {
            loop.post { handler(.failure(reason)) }
            return
        }
        answers[send(request)] = .handler(handler)
    }

    /// Sends a message that has no answer.
    public func tell(_ payload: [UInt8], tag: UInt32) {
        lock.lock()
        defer { lock.unlock() }
        if unusable == nil { transmit(Message(tag: tag, payload: payload)) }
    }

    /// What was under way when the server went is lost; what begins later finds none.
    private var unusable: Status? {
        failure != nil || socket.isInherited ? .unreachable : nil
    }

    private func send(_ request: [UInt8]) -> UInt32 {
        repeat {
            lastTag = lastTag == UInt32.max ? Tag.firstDynamic : lastTag + 1
        } while answers[lastTag] != nil
        transmit(Message(tag: lastTag, payload: request))
        return lastTag
    }

    private func transmit(_ message: Message) {
        trace?.sent(message.payload, tag: message.tag)
        let head = message.head(index: index)
        guard output.isEmpty else {
            output.add(head)
            output.add(message.payload)
            return
        }
        // A failure to send shows up again, with its reason, where the connection is read.
        let whole = head.count + message.payload.count
        let sent = (try? socket.send(head, message.payload)) ?? whole
        if sent < whole {
            output = message.framed(index: index).part(sent..<whole)
            loop.post { [self] in outputWatcher?.enable() }
        }
    }

    /// true when nothing is left to send.
    private func flush() -> Bool {
        let sent = (try? socket.send(output, from: 0)) ?? output.count
        output = output.part(sent..<output.count)
        return output.isEmpty
    }

    private func loopWrites() {
        let isEmpty = lock.withLock { output.isEmpty || flush() }
        if isEmpty { outputWatcher?.disable() }
    }

    // MARK: Reading

    private func loopReads() {
        lock.lock()
        guard reading == .nobody, failure == nil else { return lock.unlock() }
        reading = .loop
        lock.unlock()
        receive(.refused)
        lock.lock()
        passReadingOn()
        lock.unlock()
    }

    /// Reads on the caller's thread until `wait` is done. Entered and left with the lock held.
    private func read(for wait: Wait, _ deadline: Deadline) {
        reading = .caller
        shutGate()
        while wait.outcome == nil && !deadline.hasPassed {
            let hasOutput = !output.isEmpty
            lock.unlock()
            if hasOutput || deadline.nanoseconds != nil {
                let state = socket.waitReady(writable: hasOutput, deadline)
                if state.isReadable { receive(.refused) }
            } else {
                receive(.allowed)
            }
            lock.lock()
            if hasOutput && !output.isEmpty { _ = flush() }
        }
        passReadingOn()
    }

    private func shutGate() {
        guard gateIsOpen else { return }
        gate.shut()
        gateIsOpen = false
    }

    /// With the lock held: gives the reading to a blocked caller, else to the loop.
    private func passReadingOn() {
        reading = .nobody
        if let next = blocked.first {
            next.condition.signal()
        } else if !gateIsOpen && failure == nil {
            gateIsOpen = true
            gate.open()
        }
    }

    /// One receive and what it completes. Called by whoever reads, without the lock.
    private func receive(_ waiting: Socket.Waiting) {
        do throws(Errno) {
            let count = try framing.receive { (room, start) throws(Errno) in
                try socket.receive(into: &room, from: start, waiting)
            }
            if count == 0 { return fail(.lostConnection) }
        } catch {
            if !error.isAgain { fail(.lostConnection) }
            return
        }
        do throws(Malformed) {
            while let message = try framing.next() { dispatch(message) }
        } catch {
            fail(.lostConnection)
        }
    }

    private func dispatch(_ message: Message) {
        trace?.received(message.payload, tag: message.tag)
        guard message.tag >= Tag.firstDynamic else {
            loop.post { [self] in onMessage?(message) }
            return
        }
        // An answer nobody waits for any more belongs to a call that timed out.
        guard let answer = lock.withLock({ answers.removeValue(forKey: message.tag) }) else { return }
        complete(answer, .success(message.payload))
    }

    private func complete(_ answer: Answer, _ outcome: Outcome) {
        switch answer {
        case .wait(let wait):
            lock.withLock {
                wait.outcome = outcome
                wait.condition.signal()
            }
        case .handler(let handler):
            loop.post { handler(outcome) }
        }
    }

    /// The connection is over: everyone who waits is told, once.
    private func fail(_ reason: Status) {
        lock.lock()
        guard failure == nil else { return lock.unlock() }
        failure = isClosing ? .unreachable : reason
        let orphans = answers
        answers = [:]
        let wasClosing = isClosing
        shutGate()
        lock.unlock()
        trace?.lost()
        for answer in orphans.values { complete(answer, .failure(reason)) }
        loop.post { [self] in
            gateWatcher?.disable()
            outputWatcher?.disable()
            if !wasClosing { onLoss?() }
        }
    }

    /// FINALIZE. A server that does not answer within two seconds has nothing more to say.
    func sayGoodbye() {
        guard isConnected else { return }
        let goodbye = Packer(dialect, command: .finalize)
        _ = exchange(goodbye.bytes, Deadline(seconds: 2))
    }

    /// Ends the connection from our side. On the loop, or where no loop runs.
    public func close() {
        lock.withLock { isClosing = true }
        if !socket.isInherited { socket.shutdown() }
        fail(.unreachable)
        gateWatcher?.cancel()
        outputWatcher?.cancel()
        gateWatcher = nil
        outputWatcher = nil
        onMessage = nil
        onLoss = nil
    }
}
