// Brokers at the other end of a descriptor: of a socket with a path, or of one that was connected by others.
import Bytes
import CLibc
import Sockets

public final class LocalConnector: Connector {
    private var path: Text?
    private var messages: MessageStream
    /// For tests: what messages say about their sender. Brokers believe it of the owner alone.
    private var credentials = Credentials.unknown
    /// A program at the other end, to be waited for.
    private var child: pid_t = 0

    private init(path: Text?, _ messages: MessageStream) {
        self.path = path
        self.messages = messages
        super.init()
    }

    /// `local://PATH`.
    convenience init(path: Text) throws(Errno) {
        self.init(path: path, try LocalConnector.connect(path))
    }

    /// `fd://N`, and what `ssh://` has started: closed with the handle.
    convenience init(descriptor: Int32, child: pid_t = 0) throws(Errno) {
        self.init(path: nil, try MessageStream(welcomed: descriptor))
        self.child = child
    }

    private static func connect(_ path: Text) throws(Errno) -> MessageStream {
        let descriptor = try connectWithRetries(path, retries: try retryCount())
        do {
            return try MessageStream(welcomed: descriptor)
        } catch {
            CLibc.close(descriptor)
            throw error
        }
    }

    private static func retryCount() throws(Errno) -> UInt32 {
        guard let value = getenv("FLUX_LOCAL_CONNECTOR_RETRY_COUNT") else { return 5 }
        var end: UnsafeMutablePointer<CChar>?
        let count = strtol(value, &end, 10)
        guard let end, end.pointee == 0, let count = UInt32(exactly: count) else { throw Errno(code: EINVAL) }
        return count
    }

    /// A broker that is just starting has no socket yet: waits 16 ms, then twice as long each time, 2 s at most.
    private static func connectWithRetries(_ path: Text, retries: UInt32) throws(Errno) -> Int32 {
        let most = MemoryLayout.size(ofValue: sockaddr_un().sun_path)
        guard !path.isEmpty, path.count < most else { throw Errno(code: EINVAL) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { room in
            path.bytes.withUnsafeBytes { room.copyMemory(from: $0) }
        }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Errno(code: clibc_errno()) }
        var delay: UInt32 = 16_000
        var left = retries
        while true {
            let result = withUnsafePointer(to: &address) { address in
                address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    clibc_connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            if result == 0 { return descriptor }
            let reason = Errno(code: clibc_errno())
            if reason.code == EINTR { continue }
            guard left > 0 else {
                CLibc.close(descriptor)
                throw reason
            }
            left -= 1
            usleep(delay)
            delay = min(delay * 2, 2_000_000)
        }
    }

    override var stream: MessageStream? { messages }
    override var canReconnect: Bool { path != nil }
    override var hasReceived: Bool { messages.hasReceived }

    override func send(_ message: Message, isBlocking: Bool) throws(Errno) {
        try messages.send(marked(message), isBlocking: isBlocking)
    }

    /// As `send`, but other messages may come first: whether it is time to flush.
    func enqueue(_ message: Message) throws(Errno) -> Bool {
        try messages.enqueue(marked(message))
    }

    private func marked(_ message: Message) -> Message {
        guard credentials != .unknown else { return message }
        let copy = message.copy()
        copy.credentials = credentials
        return copy
    }

    override func receive(isBlocking: Bool) throws(Errno) -> Message {
        try messages.receive(isBlocking: isBlocking)
    }

    override func pollDescriptor() throws(Errno) -> Int32? { messages.descriptor }

    override func pollEvents() throws(Errno) -> Int32 { messages.pollEvents() }

    override func reconnect() throws(Errno) {
        guard let path else { throw Errno(code: ENOSYS) }
        let made = try LocalConnector.connect(path)
        try made.take(over: messages.descriptor)
        messages = made
    }

    override func setOption(_ name: Text, _ value: UnsafeRawBufferPointer) throws(Errno) {
        guard path != nil else { throw Errno(code: EINVAL) }
        if name == ConnectorOption.userid {
            credentials.userid = try ConnectorOption.read(value, as: UInt32.self)
        } else if name == ConnectorOption.rolemask {
            credentials.roles = Roles(rawValue: try ConnectorOption.read(value, as: UInt32.self))
        } else {
            throw Errno(code: EINVAL)
        }
    }

    override func close() {
        if child > 0 { shutdown(messages.descriptor, Int32(SHUT_WR)) }
        if child > 0 { LocalConnector.wait(for: child) }
        messages.close()
    }

    static func wait(for child: pid_t) {
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, clibc_errno() == EINTR {}
    }
}
