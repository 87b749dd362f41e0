import CLibc

// What a daemon that carries many streams needs beside Socket's own calls: reading into memory it shares out, writing
// from many places at once, sockets in the file system.
extension Socket {
    /// Receives what is there, never waiting: the count, 0 at the end of the stream. EAGAIN when nothing is there.
    public func receive(into room: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
        while true {
            let count = recv(descriptor, room.baseAddress, room.count, Int32(MSG_DONTWAIT))
            if count >= 0 { return count }
            let reason = Errno.last
            if reason.code != EINTR { throw reason }
        }
    }

    /// Sends what the socket takes of the pieces, one after the other: the count, possibly 0, never waiting.
    public func send(_ pieces: UnsafeMutableBufferPointer<iovec>) throws(Errno) -> Int {
        var message = msghdr()
        message.msg_iov = pieces.baseAddress
        message.msg_iovlen = pieces.count
        while true {
            let count = sendmsg(descriptor, &message, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
            if count >= 0 { return count }
            let reason = Errno.last
            if reason.isAgain { return 0 }
            if reason.code != EINTR { throw reason }
        }
    }

    /// Sends what the socket takes of the bytes: the count, possibly 0, never waiting.
    public func send(_ bytes: UnsafeRawBufferPointer) throws(Errno) -> Int {
        while true {
            let count = CLibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
            if count >= 0 { return count }
            let reason = Errno.last
            if reason.isAgain { return 0 }
            if reason.code != EINTR { throw reason }
        }
    }

    /// Who is at the other end of a socket in the file system, as the system knows it; nil of any other.
    public func peerCredentials() -> (user: UInt32, process: Int32)? {
        var peer = ucred()
        var length = socklen_t(MemoryLayout<ucred>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0, peer.uid != uid_t.max else {
            return nil
        }
        return (peer.uid, peer.pid)
    }

    /// How much the system keeps for a stream in each direction.
    public func setBufferByteCount(_ count: Int32) {
        var count = count
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &count, size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &count, size)
    }

    public func keepAlive() {
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    /// A listening socket; one on an IPv6 address leaves IPv4 to others. Accepting never waits.
    public static func listen(onlyOn address: Address) throws(Errno) -> Socket {
        let made = try listeningSocket(address.domain)
        var on: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(made.descriptor, SOL_SOCKET, SO_REUSEADDR, &on, size)
        if address.family == .v6 { setsockopt(made.descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &on, size) }
        guard let result = address.withSocketAddress({ clibc_bind(made.descriptor, $0, $1) }) else {
            throw Errno(code: EADDRNOTAVAIL)
        }
        guard result == 0, CLibc.listen(made.descriptor, SOMAXCONN) == 0 else { throw .last }
        return made
    }

    /// A listening socket in the file system, open to the users that `mode` says. A socket that nobody listens on is in
    /// nobody's way; anything else of that name is EADDRINUSE.
    public static func listen(atPath path: String, mode: UInt32) throws(Errno) -> Socket {
        try removeAbandoned(path)
        let made = try listeningSocket(AF_UNIX)
        let result = try withLocalAddress(path) { clibc_bind(made.descriptor, $0, $1) }
        guard result == 0 else { throw .last }
        guard chmod(path, mode) == 0, CLibc.listen(made.descriptor, SOMAXCONN) == 0 else { throw .last }
        return made
    }

    public static func connect(toPath path: String) throws(Errno) -> Socket {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .last }
        let made = Socket(descriptor: descriptor)
        let result = try withLocalAddress(path) { clibc_connect(descriptor, $0, $1) }
        guard result == 0 else { throw .last }
        return made
    }

    /// The numeric address at the other end; nil for one on this machine's file system.
    public func peerHost() -> String? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) {
            // Safety: sockaddr_storage is made to hold any sockaddr.
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                clibc_getpeername(descriptor, $0, &length) == 0 ? Address($0)?.host : nil
            }
        }
    }

    private static func listeningSocket(_ domain: Int32) throws(Errno) -> Socket {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(domain, kind, 0)
        guard descriptor >= 0 else { throw .last }
        return Socket(descriptor: descriptor)
    }

    private static func removeAbandoned(_ path: String) throws(Errno) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard clibc_is_socket(status.st_mode) else { throw Errno(code: EADDRINUSE) }
        do {
            _ = try connect(toPath: path)
        } catch {
            guard error == .refused else { throw error }
            guard unlink(path) == 0 else { throw .last }
            return
        }
        throw Errno(code: EADDRINUSE)
    }

    private static func withLocalAddress<T>(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> T
    ) throws(Errno) -> T {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard bytes.count < room.count, !bytes.isEmpty else { return false }
            room.copyBytes(from: bytes)
            return true
        }
        guard fits else { throw Errno(code: ENAMETOOLONG) }
        return withUnsafePointer(to: &address) {
            // Safety: every sockaddr_un begins as a sockaddr does.
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
