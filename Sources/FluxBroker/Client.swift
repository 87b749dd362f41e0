// A program's connection: bytes become messages on one side, messages bytes on the other.
import CLibc
import Flux
import Reactor
import class Reactor.Watcher
import Sockets

final class Client {
    let identity: Slice
    let credentials: Credentials
    let processID: Int32
    private unowned let broker: Broker
    private let socket: Socket
    private var reading: Watcher?
    private var writing: Watcher?
    private let frames = FrameReader()
    private let output = FrameWriter()
    private var isBlocked = false
    private var isDirty = false
    private(set) var isGone = false

    /// How often it has subscribed to each topic.
    private var subscriptions: [[UInt8]: Int] = [:]
    /// Services that want to know when it goes: the first request to each.
    private(set) var farewells: [Farewell: Message] = [:]
    private(set) var services: Set<String> = []
    private(set) var receivedCount = 0
    private(set) var sentCount = 0

    struct Farewell: Hashable {
        let service: String
        let nodeid: UInt32
        let isUpstream: Bool
    }

    init(_ broker: Broker, _ socket: Socket, _ credentials: Credentials, processID: Int32) {
        self.broker = broker
        self.socket = socket
        self.credentials = credentials
        self.processID = processID
        identity = Slice(Client.makeIdentity())
        // The byte that lets it in.
        let welcome: [UInt8] = [0]
        welcome.withUnsafeBytes { output.append($0) }
        reading = Watcher(broker.loop, socket.descriptor, .readable) { [unowned self] in readable() }
        writing = Watcher(broker.loop, socket.descriptor, .writable) { [unowned self] in flush() }
        reading?.enable()
        flush()
    }

    /// A UUID of version 4, in text.
    private static func makeIdentity() -> String {
        var bytes = (0..<16).map { _ in UInt8.random(in: 0...255) }
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for (place, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(place) { text.append(UInt8(ascii: "-")) }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    // MARK: Receiving

    private static let portion = 64 * 1024

    /// One portion at a time, so that a busy client leaves room for the others.
    private func readable() {
        defer { broker.flush() }
        do throws(Errno) {
            let room = frames.room(atLeast: 4096)
            let count = try socket.receive(
                into: UnsafeMutableRawBufferPointer(rebasing: room.prefix(Client.portion)))
            guard count > 0 else { return broker.lose(self, frames.isMidFrame ? "it went in mid-message" : nil) }
            frames.received(count)
            while !isGone, let message = try frames.next() {
                receivedCount += 1
                broker.received(message, from: self)
            }
            // Who does not take its answers may not ask for more.
            if !isGone, output.count > Broker.pausingByteCount { reading?.disable() }
        } catch {
            if !error.isAgain { broker.lose(self, error.code == ECONNRESET ? nil : error.text) }
        }
    }

    // MARK: Sending

    func send(_ message: Message) {
        guard !isGone else { return }
        do throws(Errno) {
            try output.append(message)
        } catch {
            return broker.log(.warning, "a message for client \(processID) cannot be sent: \(error.text)")
        }
        queued()
    }

    /// A message that goes to many is encoded once.
    func send(frame: FrameWriter) {
        guard !isGone else { return }
        output.append(frame.unsent)
        queued()
    }

    private func queued() {
        sentCount += 1
        guard !isDirty else { return }
        isDirty = true
        broker.hasOutput(self)
    }

    func flush() {
        isDirty = false
        guard !isGone else { return }
        do throws(Errno) {
            while !output.isEmpty {
                let count = try socket.send(output.unsent)
                if count == 0 { break }
                output.sent(count)
            }
        } catch {
            return broker.lose(self, nil)
        }
        let isBehind = !output.isEmpty
        if isBehind != isBlocked {
            isBlocked = isBehind
            if isBehind { writing?.enable() } else { writing?.disable() }
        }
        if output.count > broker.settings.mostQueuedBytes {
            return broker.lose(self, "it does not read: \(output.count) bytes wait for it")
        }
        if output.count <= Broker.pausingByteCount { reading?.enable() }
    }

    var queuedByteCount: Int { output.count }

    func close() {
        isGone = true
        reading?.cancel()
        writing?.cancel()
        reading = nil
        writing = nil
        socket.shutdown()
    }

    // MARK: What it has

    func subscribe(_ topic: [UInt8]) {
        subscriptions[topic, default: 0] += 1
    }

    func unsubscribe(_ topic: [UInt8]) -> Bool {
        guard let count = subscriptions[topic] else { return false }
        subscriptions[topic] = count > 1 ? count - 1 : nil
        return true
    }

    func wants(_ topic: UnsafeRawBufferPointer) -> Bool {
        subscriptions.keys.contains { $0.count <= topic.count && zip($0, topic).allSatisfy { $0 == $1 } }
    }

    /// Services that answered a request hear when the client goes.
    func remember(_ farewell: Farewell, _ message: @autoclosure () -> Message) {
        if farewells[farewell] == nil { farewells[farewell] = message() }
    }

    func serve(_ service: String) { services.insert(service) }
    func unserve(_ service: String) { services.remove(service) }
}
