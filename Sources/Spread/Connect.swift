import Bytes
import CLibc
import Sockets

/// A way to prove who one is: a name the daemon knows and what runs on the connected socket.
public struct AuthenticationMethod: @unchecked Sendable {
    public let name: [UInt8]
    public let run: (Int32) -> Bool

    public init(name: [UInt8], run: @escaping (Int32) -> Bool) {
        self.name = name
        self.run = run
    }

    public static let none = AuthenticationMethod(name: Array("NULL".utf8)) { _ in true }
}

/// The methods of the connections made from now on.
public final class AuthenticationMethods: @unchecked Sendable {
    public static let shared = AuthenticationMethods()
    private let lock = Lock()
    private var methods = [AuthenticationMethod.none]  // lock

    public var all: [AuthenticationMethod] {
        get { lock.withLock { methods } }
        set { lock.withLock { methods = newValue } }
    }
}

/// What a program asks for when it connects.
public struct ConnectRequest {
    public let daemon: [UInt8]
    public let privateName: [UInt8]
    public let priority: Int32
    public let membership: Bool
    public let deadline: Deadline
    /// The release, major times 100 and minor, before which a daemon is none for the caller.
    public let oldestDaemon: Int

    public init(
        daemon: [UInt8], privateName: [UInt8], priority: Int32, membership: Bool, deadline: Deadline,
        oldestDaemon: Int = 0
    ) {
        self.daemon = daemon
        self.privateName = privateName
        self.priority = priority
        self.membership = membership
        self.deadline = deadline
        self.oldestDaemon = oldestDaemon
    }

    /// Connects, and lists the mailbox.
    public func connect() throws(SpreadError) -> Mailbox {
        let text = daemon.isEmpty ? Array("4803".utf8) : daemon
        do throws(SpreadError) {
            return try connect(text)
        } catch {
            MailboxTrace.refused(self, text, error)
            throw error
        }
    }

    private func connect(_ text: [UInt8]) throws(SpreadError) -> Mailbox {
        let target = try ConnectString(text)
        let descriptor = try Dialing(deadline: deadline).open(target)
        let welcome: Greeter.Welcome
        do throws(SpreadError) {
            welcome = try Greeter(descriptor: descriptor, deadline: deadline).greet(self)
        } catch {
            close(descriptor)
            throw error
        }
        // From here on the mailbox closes the descriptor.
        let path = target.host == nil ? Dialing.path(target.port) + Array(".status".utf8) : nil
        let trace = MailboxTrace.wanted(welcome.group, descriptor, statusPath: path)
        let mailbox = Mailbox(descriptor: descriptor, privateGroup: welcome.group, trace)
        try Mailboxes.shared.add(mailbox)
        trace?.connected(text, welcome.version)
        return mailbox
    }
}

/// Getting a connected socket.
struct Dialing {
    let deadline: Deadline

    func open(_ target: ConnectString) throws(SpreadError) -> Int32 {
        guard let host = target.host else { return try open(path: Dialing.path(target.port)) }
        var name = host
        if name.first == UInt8(ascii: "["), name.last == UInt8(ascii: "]") { name = Array(name[1..<(name.count - 1)]) }
        let text = (name + [0]).map { CChar(bitPattern: $0) }
        let port = String(target.port).utf8.map { CChar(bitPattern: $0) } + [0]
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(text, port, &hints, &found) == 0 else { throw .illegalSpread }
        defer { freeaddrinfo(found) }
        var next = found
        while let entry = next?.pointee {
            next = entry.ai_next
            guard let address = entry.ai_addr else { continue }
            if let descriptor = connected(entry.ai_family, address, entry.ai_addrlen) {
                var on: Int32 = 1
                let size = socklen_t(MemoryLayout<Int32>.size)
                setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, size)
                setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, size)
                return descriptor
            }
        }
        throw .couldNotConnect
    }

    /// Of the socket of this machine's daemon.
    static func path(_ port: UInt16) -> [UInt8] {
        let folder = secure_getenv("MUSTER_SPREAD_SOCKET_DIR").map { String(cString: $0) } ?? "/tmp"
        return Array((folder + "/" + String(port)).utf8)
    }

    func open(path: [UInt8]) throws(SpreadError) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard path.count < room.count else { return false }
            for (place, byte) in path.enumerated() { room[place] = byte }
            return true
        }
        guard fits else { throw .couldNotConnect }
        let descriptor = withUnsafePointer(to: &address) {
            // Safety: every sockaddr_un begins as a sockaddr does.
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connected(AF_UNIX, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard let descriptor else { throw .couldNotConnect }
        return descriptor
    }

    private func connected(_ family: Int32, _ address: UnsafePointer<sockaddr>, _ size: socklen_t) -> Int32? {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        setBuffers(descriptor)
        // A deadline for connect(2) itself: it holds for a full backlog of a local socket as well.
        setSendLimit(descriptor, deadline.milliseconds)
        guard clibc_connect(descriptor, address, size) == 0 || finishes(descriptor) else {
            close(descriptor)
            return nil
        }
        setSendLimit(descriptor, nil)
        return descriptor
    }

    /// A signal does not end a connect: it goes on by itself.
    private func finishes(_ descriptor: Int32) -> Bool {
        guard clibc_errno() == EINTR else { return false }
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        while poll(&entry, 1, deadline.pollMilliseconds) <= 0 {
            if deadline.hasPassed { return false }
        }
        var reason: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &reason, &length) == 0 && reason == 0
    }

    /// nil: none. A deadline that has passed leaves a moment, for 0 would mean none.
    private func setSendLimit(_ descriptor: Int32, _ milliseconds: UInt64?) {
        var limit = timeval()
        if let milliseconds {
            let left = Int(clamping: max(milliseconds, 1))
            limit.tv_sec = left / 1000
            limit.tv_usec = left % 1000 * 1000
        }
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    private func setBuffers(_ descriptor: Int32) {
        var count: Int32 = 200 * 1024
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &count, size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &count, size)
    }
}

/// The client's half of the handshake. The daemon of old reads each step at once or not at all, so each is one write.
struct Greeter {
    let descriptor: Int32
    let deadline: Deadline

    /// What the daemon is, and the private group it gave.
    struct Welcome {
        let version: [UInt8]
        let group: GroupName
    }

    func greet(_ request: ConnectRequest) throws(SpreadError) -> Welcome {
        let priority = request.priority
        try send(
            Handshake.greeting(name: request.privateName, priority: priority, membership: request.membership))
        let listed = try receive(1)[0]
        if let refusal = Handshake.refusal(listed) { throw refusal }
        _ = try receive(Int(listed))
        let methods = AuthenticationMethods.shared.all
        try send(Handshake.choice(methods.map { $0.name }))
        for method in methods {
            guard method.run(descriptor) else { throw .authentication }
        }
        let answer = try receive(1)[0]
        if let refusal = Handshake.refusal(answer) { throw refusal }
        guard answer == 1 else { throw .closed }
        let version = try receive(3)
        guard Handshake.isServed(version[0], version[1], priority: priority, oldest: request.oldestDaemon) else {
            throw .version
        }
        let length = try receive(1)[0]
        guard length > 0, length < UInt8(GroupName.byteCount) else { throw .closed }
        return Welcome(version: version, group: GroupName(try receive(Int(length))))
    }

    private func send(_ bytes: [UInt8]) throws(SpreadError) {
        let sent = bytes.withUnsafeBytes { CLibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard sent == bytes.count else { throw .closed }
    }

    private func receive(_ count: Int) throws(SpreadError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&entry, 1, deadline.pollMilliseconds) <= 0 {
                if deadline.hasPassed { throw .closed }
                continue
            }
            let more = bytes.withUnsafeMutableBytes { room in
                let part = UnsafeMutableRawBufferPointer(rebasing: room[done...])
                return recv(descriptor, part.baseAddress, part.count, Int32(MSG_DONTWAIT))
            }
            if more > 0 {
                done += more
            } else if more == 0 || (clibc_errno() != EINTR && clibc_errno() != EAGAIN) {
                throw .closed
            }
        }
        return bytes
    }
}
