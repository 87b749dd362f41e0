import CLibc

/// A stream socket, closed with its last reference. Every call retries EINTR, none raises SIGPIPE, every descriptor is close-on-exec:
/// here and nowhere else.
///
/// The descriptor stays in blocking mode and each call says whether it may wait: a thread that is ready to wait for an answer then
/// needs one system call, not poll and read.
public final class Socket: @unchecked Sendable {
    public let descriptor: Int32
    private let creator = getpid()

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// In a forked child the connection belongs to the parent.
    public var isInherited: Bool { getpid() != creator }

    // MARK: Making

    public static func connect(to address: Address, deadline: Deadline) throws(Errno) -> Socket {
        let descriptor = socket(address.domain, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .last }
        let made = Socket(descriptor: descriptor)
        made.setBlocking(false)
        let result = address.withSocketAddress { clibc_connect(descriptor, $0, $1) }
        guard let result else { throw Errno(code: EADDRNOTAVAIL) }
        if result != 0 {
            let reason = Errno.last
            guard reason.code == EINPROGRESS || reason.code == EINTR else { throw reason }
            try made.finishConnecting(deadline)
        }
        made.setBlocking(true)
        made.setNoDelay()
        return made
    }

    private func finishConnecting(_ deadline: Deadline) throws(Errno) {
        try wait(for: Int16(POLLOUT), deadline)
        var reason: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &reason, &length) == 0 else { throw .last }
        guard reason == 0 else { throw Errno(code: reason) }
    }

    /// A listening socket. Accepting never waits.
    public static func listen(on address: Address) throws(Errno) -> Socket {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(address.domain, kind, 0)
        guard descriptor >= 0 else { throw .last }
        let made = Socket(descriptor: descriptor)
        if address.port != 0 {
            var on: Int32 = 1
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        }
        guard let result = address.withSocketAddress({ clibc_bind(descriptor, $0, $1) }) else {
            throw Errno(code: EADDRNOTAVAIL)
        }
        guard result == 0, CLibc.listen(descriptor, SOMAXCONN) == 0 else { throw .last }
        return made
    }

    /// The next connection; EAGAIN when there is none.
    public func accept() throws(Errno) -> Socket {
        while true {
            let accepted = clibc_accept(descriptor, Int32(SOCK_CLOEXEC.rawValue))
            if accepted >= 0 {
                let made = Socket(descriptor: accepted)
                made.setNoDelay()
                return made
            }
            let reason = Errno.last
            if reason.code != EINTR && reason.code != ECONNABORTED { throw reason }
        }
    }

    /// Where this socket listens.
    public func localAddress() throws(Errno) -> Address {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let address = withUnsafeMutablePointer(to: &storage) {
            // Safety: sockaddr_storage is made to hold any sockaddr.
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                clibc_getsockname(descriptor, $0, &length) == 0 ? Address($0) : nil
            }
        }
        guard let address else { throw .last }
        return address
    }

    private func setNoDelay() {
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    private func setBlocking(_ blocking: Bool) {
        let flags = clibc_fcntl(descriptor, F_GETFL, 0)
        _ = clibc_fcntl(descriptor, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK)
    }

    // MARK: Moving bytes

    public enum Waiting: Sendable { case allowed, refused }

    /// Receives what is there into `buffer[start...]`: the count, 0 at the end of the stream. EAGAIN when nothing is there and waiting is
    /// refused.
    public func receive(into buffer: inout [UInt8], from start: Int = 0, _ waiting: Waiting) throws(Errno) -> Int {
        let flags = waiting == .refused ? Int32(MSG_DONTWAIT) : 0
        while true {
            let count = recvPart(&buffer, from: start, flags)
            if count >= 0 { return count }
            let reason = Errno.last
            if reason.code != EINTR { throw reason }
        }
    }

    /// Sends what the socket takes of `bytes[start...]`: the count, possibly 0, never waiting.
    public func send(_ bytes: [UInt8], from start: Int) throws(Errno) -> Int {
        let flags = Int32(MSG_DONTWAIT | MSG_NOSIGNAL)
        while true {
            let count = bytes.withUnsafeBytes { whole in
                let part = UnsafeRawBufferPointer(rebasing: whole[start...])
                return CLibc.send(descriptor, part.baseAddress, part.count, flags)
            }
            if count >= 0 { return count }
            let reason = Errno.last
            if reason.isAgain { return 0 }
            if reason.code != EINTR { throw reason }
        }
    }

    /// Sends what the socket takes of two pieces, one after the other, in one call: the count of both, possibly 0, never waiting.
    public func send(_ head: [UInt8], _ payload: [UInt8]) throws(Errno) -> Int {
        if payload.isEmpty { return try send(head, from: 0) }
        while true {
            let count = head.withUnsafeBytes { head in
                payload.withUnsafeBytes { payload in
                    clibc_send_two(
                        descriptor, head.baseAddress, head.count, payload.baseAddress, payload.count,
                        Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
                }
            }
            if count >= 0 { return count }
            let reason = Errno.last
            if reason.isAgain { return 0 }
            if reason.code != EINTR { throw reason }
        }
    }

    /// Sends everything, waiting as long as the deadline allows.
    public func sendAll(_ bytes: [UInt8], _ deadline: Deadline) throws(Errno) {
        var sent = 0
        while sent < bytes.count {
            let count = try send(bytes, from: sent)
            if count == 0 { try wait(for: Int16(POLLOUT), deadline) }
            sent += count
        }
    }

    /// Receives exactly `count` bytes, waiting as long as the deadline allows.
    public func receiveAll(_ count: Int, _ deadline: Deadline) throws(Errno) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var received = 0
        while received < count {
            try wait(for: Int16(POLLIN), deadline)
            let more = recvPart(&bytes, from: received, Int32(MSG_DONTWAIT))
            if more == 0 { throw .closed }
            if more < 0 {
                let reason = Errno.last
                guard reason.isAgain || reason.code == EINTR else { throw reason }
                continue
            }
            received += more
        }
        return bytes
    }

    private func recvPart(_ bytes: inout [UInt8], from start: Int, _ flags: Int32) -> Int {
        bytes.withUnsafeMutableBytes { whole in
            let part = UnsafeMutableRawBufferPointer(rebasing: whole[start...])
            return recv(descriptor, part.baseAddress, part.count, flags)
        }
    }

    public func waitReadable(_ deadline: Deadline) throws(Errno) {
        try wait(for: Int16(POLLIN), deadline)
    }

    /// Waits until there is something to receive (or the end of the stream), room to send if asked, or the deadline passes.
    public func waitReady(writable: Bool, _ deadline: Deadline) -> (isReadable: Bool, isWritable: Bool) {
        let events = Int16(POLLIN) | (writable ? Int16(POLLOUT) : 0)
        var entry = pollfd(fd: descriptor, events: events, revents: 0)
        guard poll(&entry, 1, deadline.pollMilliseconds) > 0 else { return (false, false) }
        let isOver = entry.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0
        return (entry.revents & Int16(POLLIN) != 0 || isOver, entry.revents & Int16(POLLOUT) != 0)
    }

    private func wait(for events: Int16, _ deadline: Deadline) throws(Errno) {
        var entry = pollfd(fd: descriptor, events: events, revents: 0)
        while true {
            let ready = poll(&entry, 1, deadline.pollMilliseconds)
            if ready > 0 { return }
            if ready == 0 {
                if deadline.hasPassed { throw .timedOut }
                continue
            }
            let reason = Errno.last
            if reason.code != EINTR { throw reason }
        }
    }

    /// Ends both directions: whoever waits in a call on this socket returns.
    public func shutdown() {
        _ = CLibc.shutdown(descriptor, Int32(SHUT_RDWR))
    }
}
