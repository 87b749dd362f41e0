// An instance of Flux in one process: rank 0 of size 1. Clients come in on a unix socket; what they send goes to the
// services of the broker or to those that other clients have registered. Everything happens on one loop.
import CLibc
import Flux
import JSON
import Reactor
import class Reactor.Watcher
import Sockets

public final class Broker {
    public let settings: Settings
    let loop: Loop
    let services = Services()
    private(set) var clients: [Slice: Client] = [:]
    private var serving: [String: Client] = [:]
    private var dirty: [Client] = []
    private var listener: (socket: Socket, watcher: Watcher)?
    /// Requests that a client's service has yet to answer, so that nobody waits for one that is gone.
    private var outstanding: [Pending: (server: Client, request: Message)] = [:]
    private(set) var sequence: UInt32 = 0
    private(set) var connectCount = 0
    var counts = MessageCounts()
    let own: Credentials
    let started: Double
    let attributes: AttributeService
    let logs: LogService
    private let kvs: KVSService
    private var extras: [AnyObject] = []
    private var pulse: Timer?

    /// Beyond these a client is not read from until it has read.
    static let pausingByteCount = 1 << 20

    private struct Pending: Hashable {
        let routes: [Slice]
        let matchtag: UInt32
    }

    public struct Failure: Error {
        public let text: String

        public init(text: String) {
            self.text = text
        }
    }

    public init(_ settings: Settings) throws(Failure) {
        guard let loop = Loop() else { throw Failure(text: "the system refuses an event loop") }
        self.loop = loop
        self.settings = settings
        own = Credentials(userid: getuid(), roles: [.owner, .local])
        started = Clock.seconds
        attributes = AttributeService(settings)
        logs = LogService(settings)
        do throws(BackingFailure) {
            var backing: Database?
            if let directory = settings.stateDirectory { backing = try Database(directory: directory) }
            kvs = KVSService(try KVStore(ContentStore(backing), owner: getuid()), instanceOwner: getuid())
        } catch {
            throw Failure(text: error.text)
        }
        attributes.register(services)
        logs.register(services)
        kvs.register(services)
        for extra in [BrokerService(self), ContentService(kvs.store.content)] as [any ServiceProvider] {
            extra.register(services)
            extras.append(extra)
        }
    }

    // MARK: Life

    /// Where clients come in.
    public func open() throws(Failure) {
        do throws(Errno) {
            // Everyone may knock; who comes in is decided by the user that knocks.
            let socket = try Socket.listen(atPath: settings.socketPath, mode: 0o777)
            let watcher = Watcher(loop, socket.descriptor, .readable) { [unowned self] in accept() }
            watcher.enable()
            listener = (socket, watcher)
        } catch {
            throw Failure(text: "cannot listen on \(settings.socketPath): \(error.text)")
        }
        beat()
    }

    /// Serves until `stop`.
    public func run() {
        loop.run()
        for client in clients.values { client.close() }
        clients = [:]
        listener?.watcher.cancel()
        if listener != nil { unlink(settings.socketPath) }
        listener = nil
        pulse?.cancel()
    }

    public func stop() {
        loop.stop()
    }

    /// Runs `work` on the broker's loop.
    public func post(_ work: @escaping () -> Void) {
        loop.post(work)
    }

    /// Calls back on the broker's loop while a descriptor is readable.
    public func watch(_ descriptor: Int32, _ handler: @escaping () -> Void) -> Watcher {
        let watcher = Watcher(loop, descriptor, .readable, handler)
        watcher.enable()
        return watcher
    }

    func log(_ level: LogService.Level, _ text: String) {
        logs.say(level, text)
    }

    /// The heartbeat that programs synchronize with.
    private func beat() {
        pulse = Timer(loop, milliseconds: settings.heartbeatMilliseconds) { [unowned self] in
            publish(Slice("heartbeat.pulse"), nil, isPrivate: false, own, from: nil)
            flush()
            beat()
        }
    }

    // MARK: Clients

    private static let acceptedAtOnce = 64

    private func accept() {
        guard let listener else { return }
        for _ in 0..<Broker.acceptedAtOnce {
            do throws(Errno) {
                admit(try listener.socket.accept())
            } catch {
                if !error.isAgain { pause(error) }
                return
            }
        }
    }

    /// Without descriptors the listener would be ready for ever.
    private func pause(_ reason: Errno) {
        log(.error, "accepts nobody for a while: \(reason.text)")
        listener?.watcher.disable()
        loop.post { [unowned self] in
            pausing = Timer(loop, milliseconds: 200) { [unowned self] in
                pausing = nil
                listener?.watcher.enable()
            }
        }
    }
    private var pausing: Timer?

    private func admit(_ socket: Socket) {
        guard let peer = socket.peerCredentials() else { return }
        let roles: Roles
        if peer.user == own.userid || peer.user == 0 && settings.allowsRootOwner {
            roles = [.owner, .local]
        } else if settings.allowsGuests {
            roles = [.user, .local]
        } else {
            // The byte says why not.
            _ = try? socket.send([UInt8(EPERM)], from: 0)
            log(.warning, "user \(peer.user) may not come in")
            return
        }
        connectCount += 1
        let client = Client(self, socket, Credentials(userid: peer.user, roles: roles), processID: peer.process)
        clients[client.identity] = client
    }

    func lose(_ client: Client, _ reason: String?) {
        guard clients.removeValue(forKey: client.identity) != nil else { return }
        if let reason { log(.error, "client \(client.processID) is cut: \(reason)") }
        client.close()
        for service in client.services { serving[service] = nil }
        for (pending, waiting) in outstanding where waiting.server === client {
            outstanding[pending] = nil
            let response = response(to: waiting.request)
            response.errnum = ECONNRESET
            response.setText(Array("the client that serves this has gone".utf8))
            answer(response)
        }
        outstanding = outstanding.filter { $0.key.routes.first != client.identity }
        for (farewell, first) in client.farewells { sendFarewell(farewell, first, client) }
    }

    private func sendFarewell(_ farewell: Client.Farewell, _ first: Message, _ client: Client) {
        let message = Message(.request)
        try? message.setTopic(Slice(farewell.service + ".disconnect"))
        message.setNoResponse()
        message.enableRoutes()
        message.credentials = first.credentials
        message.nodeid = first.nodeid
        message.matchtag = first.matchtag
        for route in first.routes.reversed() { try? message.pushRoute(route) }
        dispatch(message, from: client)
    }

    func hasOutput(_ client: Client) {
        dirty.append(client)
    }

    /// Sends what has been queued since the last time: one write for each client, however many messages.
    func flush() {
        while !dirty.isEmpty {
            let batch = dirty
            dirty = []
            for client in batch { client.flush() }
        }
    }

    // MARK: Messages

    func received(_ message: Message, from client: Client) {
        // Guests are who they are; owners may speak for others.
        let said = message.credentials
        let isTrusted = client.credentials.roles.contains(.owner)
        message.credentials = Credentials(
            userid: isTrusted && said.userid != Credentials.unknownUser ? said.userid : client.credentials.userid,
            roles: isTrusted && !said.roles.isEmpty ? said.roles : client.credentials.roles)
        counts.received(message.type)
        switch message.type {
        case .request:
            message.enableRoutes()
            try? message.pushRoute(client.identity)
            dispatch(message, from: client)
        case .response: returned(message, from: client)
        case .event:
            guard let topic = message.topic else { return }
            publish(
                topic, message.payload, isPrivate: message.flags.contains(.isPrivate), message.credentials, from: client
            )
        case .control: break
        }
    }

    private func dispatch(_ message: Message, from client: Client) {
        guard let topic = message.topic, topic.count > 0 else {
            return Request(message, topic: "", self).fail(EPROTO)
        }
        let text = topic.string
        let request = Request(message, topic: text, self)
        if connect(request, client) { return }
        guard message.nodeid == NodeID.any || message.nodeid == 0, !message.flags.contains(.upstream) else {
            return request.fail(EHOSTUNREACH)
        }
        let service = topic.prefix(upTo: UInt8(ascii: ".")).string
        if let server = serving[service] {
            remember(request, service: text, client)
            forward(message, to: server)
        } else if services.has(service) || services.names.contains(where: { text.hasPrefix($0 + ".") }) {
            remember(request, service: text, client)
            if !services.call(topic, request) { request.fail(ENOSYS, "Unknown service method '\(text)'") }
        } else {
            request.fail(ENOSYS, "No service matching \(String(text.prefix(63))) is registered")
        }
    }

    private func remember(_ request: Request, service topic: String, _ client: Client) {
        let message = request.message
        guard !message.isNoResponse, let dot = topic.lastIndex(of: ".") else { return }
        let farewell = Client.Farewell(
            service: String(topic[..<dot]), nodeid: message.nodeid, isUpstream: message.flags.contains(.upstream))
        client.remember(farewell, message.copy(withPayload: false))
    }

    private func forward(_ message: Message, to server: Client) {
        if !message.isNoResponse, message.matchtag != 0 {
            outstanding[Pending(routes: message.routes, matchtag: message.matchtag)] =
                (server, message.copy(withPayload: false))
        }
        counts.sent(.request)
        server.send(message)
    }

    /// A client's service has answered. Who was not asked has nothing to say.
    private func returned(_ message: Message, from client: Client) {
        let pending = Pending(routes: message.routes, matchtag: message.matchtag)
        guard let waiting = outstanding[pending], waiting.server === client else { return }
        if message.errnum != 0 || !waiting.request.isStreaming { outstanding[pending] = nil }
        answer(message)
    }

    /// The beginning of a response: where to, what about, and who says it.
    func response(to request: Message) -> Message {
        let response = request.copy(withPayload: false)
        let matchtag = request.matchtag
        response.setType(.response)
        response.flags = request.flags.subtracting([.payload, .upstream, .noResponse])
        response.matchtag = matchtag
        response.errnum = 0
        response.credentials = own
        return response
    }

    /// Takes a response one hop on.
    func answer(_ response: Message) {
        guard let next = response.lastRoute, let client = clients[next] else { return }
        try? response.deleteLastRoute()
        counts.sent(.response)
        client.send(response)
    }

    // MARK: Events

    /// One counter for all events of the instance. Returns the event's number.
    @discardableResult
    func publish(
        _ topic: Slice, _ payload: Slice?, isPrivate: Bool, _ credentials: Credentials, from client: Client?
    ) -> UInt32 {
        sequence &+= 1
        let event = Message(.event)
        try? event.setTopic(topic)
        event.setPayload(payload)
        event.enableRoutes()
        if let client { try? event.pushRoute(client.identity) }
        if isPrivate { event.flags.insert(.isPrivate) }
        event.credentials = credentials
        event.sequence = sequence
        let frame = FrameWriter()
        for receiver in clients.values where receiver.wants(topic.raw) {
            let its = receiver.credentials
            guard !isPrivate || its.roles.contains(.owner) || its.userid == credentials.userid else { continue }
            if frame.isEmpty { try? frame.append(event) }
            counts.sent(.event)
            receiver.send(frame: frame)
        }
        return sequence
    }

    // MARK: What the connector answers

    /// Subscriptions and services belong to the connection. Whether it was one of these.
    private func connect(_ request: Request, _ client: Client) -> Bool {
        switch request.topic {
        case "event.subscribe", "event.unsubscribe":
            guard let topic = request.json?["topic"]?.bytes else { return refuse(request, EPROTO) }
            if request.topic == "event.subscribe" {
                client.subscribe(topic)
            } else if !client.unsubscribe(topic) {
                return refuse(request, ENOENT)
            }
        case "service.add":
            guard let name = request.json?["service"]?.string else { return refuse(request, EPROTO) }
            if let code = cannotServe(name, client) { return refuse(request, code) }
            serving[name] = client
            client.serve(name)
        case "service.remove":
            guard let name = request.json?["service"]?.string else { return refuse(request, EPROTO) }
            guard serving[name] === client else { return refuse(request, ENOENT) }
            serving[name] = nil
            client.unserve(name)
        default: return false
        }
        request.respond()
        return true
    }

    private func refuse(_ request: Request, _ code: Int32) -> Bool {
        request.fail(code)
        return true
    }

    private func cannotServe(_ name: String, _ client: Client) -> Int32? {
        if name.isEmpty || name.contains(".") { return EINVAL }
        let isGuest = !client.credentials.roles.contains(.owner)
        if isGuest, !name.hasPrefix("\(client.credentials.userid)-") { return EPERM }
        if serving[name] != nil || services.has(name) || Broker.reserved.contains(name) { return EEXIST }
        return nil
    }

    private static let reserved: Set = ["event", "service"]
}

/// A part of the broker that answers topics.
protocol ServiceProvider: AnyObject {
    func register(_ services: Services)
}

/// Messages by their kind, both ways.
struct MessageCounts {
    private(set) var received = [Int](repeating: 0, count: 4)
    private(set) var sent = [Int](repeating: 0, count: 4)

    mutating func received(_ type: MessageType) { received[MessageCounts.place(type)] += 1 }
    mutating func sent(_ type: MessageType) { sent[MessageCounts.place(type)] += 1 }
    mutating func clear() { self = MessageCounts() }

    private static func place(_ type: MessageType) -> Int {
        switch type {
        case .request: 0
        case .response: 1
        case .event: 2
        case .control: 3
        }
    }
}
