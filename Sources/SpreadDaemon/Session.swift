import CLibc
import Ordering
import Reactor
import Sockets

/// A client's connection. Messages stay where they were received, and that is where the receivers' sockets take them
/// from: one copy in, none between.
final class Session: Subscriber {
    enum State {
        case greeting
        case choosing(Handshake.Greeting)
        case serving
        case ended
    }

    let number: Int
    let host: String?
    private(set) var state = State.greeting
    // Safety: the daemon has the sessions and outlives them.
    private unowned(unsafe) let daemon: Daemon
    private var socket: Socket?
    private var reading: Watcher?
    private var writing: Watcher?
    private var deadline: Timer?

    // Of `block`, what is before `filled` was received and what is before `parsed` was dealt with.
    private var block: Block?
    private var filled = 0
    private var parsed = 0

    private(set) var output = OutputQueue()
    private var isBlocked = false
    private var isDirty = false
    /// Whether so much waits for this client that those who send to it had better wait too.
    private(set) var isCongested = false
    // Messages sent to others in that state since this client last had to wait.
    private var crowding = 0
    // Messages for a client that does not read, gathered so that few of them do not hold on to many large blocks.
    private var aside: Block?
    private var asideFilled = 0

    private(set) var receivedCount: UInt64 = 0
    private(set) var sentCount: UInt64 = 0

    init(_ daemon: Daemon, _ socket: Socket, number: Int) {
        self.daemon = daemon
        self.socket = socket
        self.number = number
        host = socket.peerHost()
        super.init(Name([]), wantsMembership: false)
        socket.setBufferByteCount(Session.kernelByteCount)
        socket.keepAlive()
        reading = Watcher(daemon.loop, socket.descriptor, .readable) { [unowned self] in readable() }
        writing = Watcher(daemon.loop, socket.descriptor, .writable) { [unowned self] in writable() }
        deadline = Timer(daemon.loop, milliseconds: daemon.settings.handshakeMilliseconds) { [unowned self] in
            daemon.end(self, "it did not say who it is in time")
        }
        reading?.enable()
    }

    static let kernelByteCount: Int32 = 200 * 1024
    static let blockByteCount = 512 * 1024
    private static let asideByteCount = 64 * 1024
    private static let smallByteCount = 4096
    /// Sent at once, so that the receiver works while the rest is being dealt with.
    private static let eagerByteCount = 128 * 1024

    var isServing: Bool {
        if case .serving = state { return true }
        return false
    }

    var title: String {
        isServing || !name.bytes.isEmpty ? name.description : "connection \(number)"
    }

    // MARK: Receiving

    private func readable() {
        // Whatever happens here, others may be told of it.
        defer { daemon.flush() }
        guard let socket else { return }
        let block = self.block ?? daemon.pool.take()
        self.block = block
        let room = UnsafeMutableRawBufferPointer(start: block.memory + filled, count: block.capacity - filled)
        do {
            let count = try socket.receive(into: room)
            guard count > 0 else {
                daemon.end(self, isServing ? nil : "it went before it had said who it is")
                return
            }
            filled += count
        } catch {
            guard !error.isAgain else {
                recycle()
                return
            }
            daemon.end(self, isServing ? nil : error.text)
            return
        }
        proceed()
    }

    /// Deals with what has been received.
    private func proceed() {
        switch state {
        case .greeting, .choosing: introduce()
        case .serving: break
        case .ended: return
        }
        consume()
        daemon.flush()
        recycle()
    }

    private func consume() {
        while isServing, let block, filled - parsed >= Header.byteCount {
            let header = Header(at: block.memory + parsed)
            let action: UInt32
            do throws(Header.Fault) {
                action = try header.peek(from: name)
            } catch {
                daemon.end(self, error.text)
                return
            }
            let size = header.plainByteCount
            guard filled - parsed >= size else { return }
            header.bringHome(action)
            let message = Slice(block, parsed, parsed + size)
            parsed += size
            receivedCount += 1
            daemon.isCrowded = false
            daemon.isLast = parsed == filled
            daemon.submit(message, header, action, self)
            if daemon.isCrowded, isServing, isTooFast() { return }
        }
    }

    /// Makes room for what comes next, and gives back what nobody needs.
    private func recycle() {
        guard block != nil else { return }
        let left = filled - parsed
        if left == 0 {
            // Receivers that still hold the block keep what they have; the rest of it may be filled on.
            if isKnownUniquelyReferenced(&block) || Session.blockByteCount - filled < Header.largestMessage {
                block = nil
                filled = 0
                parsed = 0
            }
        } else if Session.blockByteCount - parsed < Header.largestMessage, let old = block {
            let fresh = daemon.pool.take()
            fresh.memory.copyMemory(from: old.memory + parsed, byteCount: left)
            block = fresh
            filled = left
            parsed = 0
        }
    }

    // MARK: Coming in

    private func introduce() {
        guard let block else { return }
        let bytes = Array(UnsafeRawBufferPointer(start: block.memory + parsed, count: filled - parsed))
        do throws(Handshake.Refusal) {
            switch state {
            case .greeting:
                guard let greeting = try Handshake.greeting(bytes) else { return }
                parsed = filled
                if greeting.choosesMethod {
                    state = .choosing(greeting)
                    answer(Handshake.offer(daemon.settings.methods))
                } else {
                    try enter(greeting)
                }
            case .choosing(let greeting):
                guard let chosen = try Handshake.choice(bytes, from: daemon.settings.methods) else { return }
                parsed += Handshake.choiceByteCount
                guard daemon.settings.permits(host, chosen) else { throw .authentication }
                try enter(greeting)
            case .serving, .ended: break
            }
        } catch {
            answer([UInt8(bitPattern: error.rawValue)])
            daemon.end(self, "it was refused: \(error)")
        }
    }

    private func enter(_ greeting: Handshake.Greeting) throws(Handshake.Refusal) {
        guard greeting.choosesMethod || daemon.settings.permits(host, ["NULL"]) else { throw .authentication }
        let name = try daemon.privateGroup(greeting.name, self)
        self.name = name
        wantsMembership = greeting.wantsMembership
        state = .serving
        deadline?.cancel()
        deadline = nil
        answer(Handshake.acceptance(greeting, name))
        if isServing { daemon.admit(self) }
    }

    /// Bytes of the handshake: a fresh socket takes them at once.
    private func answer(_ bytes: [UInt8]) {
        guard let socket else { return }
        do {
            guard try socket.send(bytes, from: 0) == bytes.count else {
                daemon.end(self, "it takes no answer")
                return
            }
        } catch {
            daemon.end(self, error.text)
        }
    }

    // MARK: Sending

    override func take(_ message: Slice) {
        guard isServing else { return }
        if daemon.isLast, output.isEmpty, !isDirty {
            sendAtOnce(message)
            return
        }
        if isFull {
            flush()
            guard isServing else { return }
            if isFull {
                daemon.end(
                    self,
                    "it does not read: \(output.messageCount) messages of \(output.byteCount) bytes wait for it",
                    isSlow: true)
                return
            }
        }
        output.add(isBlocked && message.count <= Session.smallByteCount ? copyAside(message) : message)
        sentCount += 1
        if isBlocked {
            updateCongestion()
            if isCongested { daemon.isCrowded = true }
        } else if !isDirty {
            isDirty = true
            daemon.willFlush(self)
        } else if output.byteCount >= Session.eagerByteCount {
            flush()
        }
    }

    /// Without a way through the queue.
    private func sendAtOnce(_ message: Slice) {
        guard let socket else { return }
        do {
            sentCount += 1
            let sent = try socket.send(UnsafeRawBufferPointer(start: message.address, count: message.count))
            guard sent < message.count else { return }
            output.add(message, sent: sent)
            isBlocked = true
            writing?.enable()
            updateCongestion()
        } catch {
            daemon.end(self, nil)
        }
    }

    private var isFull: Bool {
        output.messageCount >= daemon.settings.maxMessages || output.byteCount >= daemon.settings.maxBytes
    }

    private func copyAside(_ message: Slice) -> Slice {
        if aside == nil || Session.asideByteCount - asideFilled < message.count {
            aside = Block(capacity: Session.asideByteCount)
            asideFilled = 0
        }
        guard let aside else { return message }
        (aside.memory + asideFilled).copyMemory(from: message.address, byteCount: message.count)
        let start = asideFilled
        asideFilled += message.count
        return Slice(aside, start, asideFilled)
    }

    /// Sends what the socket takes; the rest when it can take more.
    func flush() {
        isDirty = false
        guard let socket, !output.isEmpty else { return }
        do {
            try output.send(through: socket)
        } catch {
            daemon.end(self, nil)
            return
        }
        if output.isEmpty == isBlocked {
            isBlocked = !output.isEmpty
            if isBlocked { writing?.enable() } else { writing?.disable() }
        }
        if output.isEmpty { aside = nil }
        updateCongestion()
    }

    private func writable() {
        flush()
        daemon.flush()
    }

    private func updateCongestion() {
        let (limit, bytes) = (daemon.settings.maxMessages, daemon.settings.maxBytes)
        if isCongested {
            guard output.isEmpty || output.messageCount < limit / 4 && output.byteCount < bytes / 4 else { return }
            isCongested = false
            daemon.resume()
        } else if isBlocked, output.messageCount >= limit / 2 || output.byteCount >= bytes / 2 {
            isCongested = true
        }
    }

    // MARK: Waiting for others

    /// Whether this client, having sent a good deal to someone who is far behind, has to wait a little.
    private func isTooFast() -> Bool {
        crowding += 1
        guard crowding >= max(1, daemon.settings.maxMessages / 10) else { return false }
        crowding = 0
        reading?.disable()
        daemon.hold(self)
        return true
    }

    func goOn() {
        guard isServing else { return }
        reading?.enable()
        proceed()
    }

    // MARK: The end

    /// Nothing is sent or received any more. Whoever reads at the other end gets what the system has taken already.
    func close() {
        state = .ended
        reading?.cancel()
        writing?.cancel()
        deadline?.cancel()
        (reading, writing, deadline) = (nil, nil, nil)
        output.removeAll()
        isCongested = false
        aside = nil
        block = nil
        socket = nil
    }
}
