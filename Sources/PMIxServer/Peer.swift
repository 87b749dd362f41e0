import Bytes
import PMIxWire
import Reactor
import Sockets

/// One connection: first a handshake, then messages. Everything here belongs to the loop's thread.
///
/// What is sent goes straight into the socket; only what the socket does not take is queued. A peer that does not
/// read its answers is not read from either, and is cut off when what is queued for it grows beyond all reason.
final class Peer {
    enum Stage {
        /// Nothing complete has arrived yet.
        case greeting
        /// It has said who it is, and the host is thinking about it.
        case considered
        case open
        case closed
    }

    let server: Server
    let index: UInt32
    private let socket: Socket
    private(set) var stage = Stage.greeting

    // Who this is: set once, when the handshake is accepted.
    private(set) var proc = Proc("", .undefined)
    private(set) var uid: UInt32 = 0
    private(set) var gid: UInt32 = 0
    private(set) var kind = Handshake.Kind.client
    private(set) var dialect = Dialect.server
    private(set) var release = Release.ours
    /// Whether it reads on after the status of a fence: peers of ours do.
    private(set) var takesNews = false
    private(set) var version: Text = ""
    private(set) var module: Text = ""
    private(set) var member: Member?
    private var trace: WireTrace?

    var hasFinalized = false
    var interests: [EventInterest] = []
    var isTool: Bool { kind != .client && kind != .singleton }

    private var greeting: [UInt8] = []
    private var framing = Framing()
    private var output: [UInt8] = []
    private var sent = 0
    // Their closures hold this object; `close` breaks the circle.
    private var reading: Watcher?
    private var writing: Watcher?
    private var patience: Timer?

    private static let greetingMilliseconds: UInt64 = 30_000
    /// Queued output beyond which a peer is not read from, and beyond which it is given up.
    private static let pausedByteCount = 1 << 20
    private static let lostByteCount = 256 << 20

    init(_ server: Server, _ socket: Socket, index: UInt32) {
        self.server = server
        self.socket = socket
        self.index = index
    }

    func begin() {
        reading = Watcher(server.loop, socket.descriptor, .readable) { [self] in readable() }
        reading?.enable()
        patience = Timer(server.loop, milliseconds: Peer.greetingMilliseconds) { [self] in server.dismiss(self) }
    }

    func close() {
        stage = .closed
        trace?.lost()
        reading?.cancel()
        writing?.cancel()
        patience?.cancel()
        reading = nil
        writing = nil
        patience = nil
        socket.shutdown()
    }

    // MARK: Reading

    private func readable() {
        let count: Int
        do throws(Errno) {
            count = try socket.receive(into: &server.buffer, .refused)
        } catch {
            if !error.isAgain { server.lost(self) }
            return
        }
        if count == 0 { return server.lost(self) }
        switch stage {
        case .greeting:
            greeting.add(server.buffer, 0..<count)
            greet()
        case .considered, .open:
            framing.append(server.buffer, 0..<count)
            serveMessages()
        case .closed: break
        }
    }

    /// Looks for the whole handshake; what follows it in the same bytes are messages.
    private func greet() {
        guard greeting.count >= Header.byteCount else { return }
        let handshake: Handshake
        do throws(Malformed) {
            let length = try Handshake.payloadByteCount(header: Array(greeting[..<Header.byteCount]))
            let end = Header.byteCount + length
            guard greeting.count >= end else { return }
            handshake = try Handshake(payload: Array(greeting[Header.byteCount..<end]))
            framing.append(greeting, end..<greeting.count)
        } catch {
            return refuse(Status(error))
        }
        greeting = []
        stage = .considered
        // From here it is the host that takes its time.
        patience?.cancel()
        patience = nil
        reading?.disable()
        server.consider(handshake, from: self)
    }

    private func serveMessages() {
        do throws(Malformed) {
            while stage == .open, let message = try framing.next() {
                trace?.received(message.payload, tag: message.tag)
                server.dispatch(message, from: self)
            }
        } catch {
            // The stream has lost its frames: nothing after this can be understood.
            server.lost(self)
        }
    }

    // MARK: The handshake's outcome

    func identify(_ handshake: Handshake, _ proc: Proc, _ dialect: Dialect, _ member: Member?) {
        self.proc = proc
        self.dialect = dialect
        self.member = member
        uid = member?.uid ?? handshake.uid
        gid = member?.gid ?? handshake.gid
        kind = handshake.kind
        version = handshake.version
        module = handshake.module
        release = Release(parsing: handshake.version)
        takesNews = handshake.version == Release.greeting
        trace = WireTrace.wanted(server.identity, proc, dialect, release, isServer: true)
        trace?.connected()
    }

    func refuse(_ status: Status, _ handshake: Handshake? = nil) {
        guard stage != .closed else { return }
        if let handshake {
            handshake.trace("refused with status " + Text(String(status.rawValue)))
        }
        let readsStatus = handshake.map { Release(parsing: $0.version).has(.refusalHasStatus) } ?? true
        if readsStatus { transmit(HandshakeReply.refusal(status)) }
        server.dismiss(self)
    }

    /// Answers the handshake; from here on the peer is served.
    func open(_ reply: [UInt8]) {
        guard stage == .considered else { return }
        stage = .open
        transmit(reply)
    }

    /// Begins reading messages, with those that came along with the handshake.
    func listen() {
        guard stage == .open else { return }
        reading?.enable()
        serveMessages()
    }

    // MARK: Writing

    func send(_ payload: [UInt8], tag: UInt32) {
        guard stage == .open else { return }
        trace?.sent(payload, tag: tag)
        transmit(Message(tag: tag, payload: payload).head(index: 0), payload)
    }

    private func transmit(_ head: [UInt8], _ payload: [UInt8] = []) {
        guard output.isEmpty else {
            output.add(head)
            output.add(payload)
            return limitOutput()
        }
        do throws(Errno) {
            let count = try socket.send(head, payload)
            if count < head.count + payload.count { queue(head, payload, from: count) }
        } catch {
            // The end of the stream follows and is handled where it is read, outside of whoever is sending.
            reading?.enable()
        }
    }

    private func queue(_ head: [UInt8], _ payload: [UInt8], from start: Int) {
        guard stage == .open else { return }
        output = head.part(min(start, head.count)..<head.count)
        output.add(payload, max(0, start - head.count)..<payload.count)
        sent = 0
        if writing == nil {
            writing = Watcher(server.loop, socket.descriptor, .writable) { [self] in writable() }
        }
        writing?.enable()
        limitOutput()
    }

    private func limitOutput() {
        if output.count - sent > Peer.lostByteCount { socket.shutdown() }
        if output.count - sent > Peer.pausedByteCount && !isLost { reading?.disable() } else { reading?.enable() }
    }

    /// Whether it has not read what was sent.
    var isBehind: Bool { !output.isEmpty }

    private var isLost: Bool { output.count - sent > Peer.lostByteCount }

    private func writable() {
        do throws(Errno) {
            sent += try socket.send(output, from: sent)
        } catch {
            writing?.disable()
            reading?.enable()
            return
        }
        if sent == output.count {
            output = []
            sent = 0
            writing?.disable()
            server.outputs.proceed(self)
        } else if sent > Peer.pausedByteCount && sent > output.count / 2 {
            // A queue that never drains must not keep what it has sent.
            output = output.part(sent..<output.count)
            sent = 0
        }
        limitOutput()
    }
}
