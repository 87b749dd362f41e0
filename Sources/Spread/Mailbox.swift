import Bytes
import CLibc
import Sockets
import Synchronization

/// A connection to a daemon. The caller's thread does the reading and writing, one sender and one receiver at a time; the
/// descriptor is closed with the last reference, so that no call in progress can end on somebody else's.
public final class Mailbox: @unchecked Sendable {
    public let descriptor: Int32
    public let privateGroup: GroupName
    let sending = Lock()
    let receiving = Lock()
    /// The header of a message that did not fit, and its old type when it is a reject. Under `receiving`.
    var pending: Incoming?
    let trace: MailboxTrace?
    private let isBroken = Atomic<Bool>(false)
    /// The program closed the descriptor itself, and the system gave the number away again.
    private let isAbandoned = Atomic<Bool>(false)

    init(descriptor: Int32, privateGroup: GroupName, _ trace: MailboxTrace?) {
        self.descriptor = descriptor
        self.privateGroup = privateGroup
        self.trace = trace
    }

    deinit {
        if !isAbandoned.load(ordering: .relaxed) { close(descriptor) }
    }

    func abandon() { isAbandoned.store(true, ordering: .relaxed) }

    func checkUsable() throws(SpreadError) {
        if isBroken.load(ordering: .relaxed) { throw .brokenSession }
    }

    var hasFailed: Bool { isBroken.load(ordering: .relaxed) }

    /// From now on no call gets through. Whoever waits in one returns.
    func fail() {
        isBroken.store(true, ordering: .relaxed)
        _ = shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// The same, for a connection that somebody else ended.
    func lose(isInside: Bool) {
        if !hasFailed { trace?.lost(isInside: isInside) }
        fail()
    }

    /// The count of bytes that can be read at once.
    public func readableByteCount() -> Int32 {
        var count: Int32 = 0
        guard clibc_ioctl(descriptor, UInt(FIONREAD), &count) == 0 else { return SpreadError.illegalSession.code }
        return count
    }

    /// Whether a receive would find something: a message's beginning, or the connection's end.
    public func isReadable() -> Bool {
        if receiving.withLock({ pending != nil }) { return true }
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) > 0
    }

    // MARK: Sending

    public func join(_ group: UnsafePointer<CChar>?) throws(SpreadError) {
        try control(Service.join, group)
    }

    public func leave(_ group: UnsafePointer<CChar>?) throws(SpreadError) {
        try control(Service.leave, group)
    }

    private func control(_ type: UInt32, _ group: UnsafePointer<CChar>?) throws(SpreadError) {
        guard let group, GroupName.isLegal(group) else { throw .illegalGroup }
        try send(type, [GroupName(text: group)], 0, [])
    }

    /// Sends a message to groups: the count of the body's bytes.
    public func multicast(
        _ type: UInt32, _ groups: [GroupName], _ messageType: Int16, _ body: [UnsafeRawBufferPointer]
    ) throws(SpreadError) -> Int32 {
        try checkUsable()
        guard type & Service.regular != 0 else { throw .illegalService }
        guard groups.count <= Limits.groups else { throw .illegalGroup }
        var size = 0
        for piece in body {
            guard piece.count <= Limits.payload - size else { throw .tooLong }
            size += piece.count
        }
        guard size + groups.count * GroupName.byteCount <= Limits.payload else { throw .tooLong }
        try send(type, groups, messageType, body, size)
        return Int32(truncatingIfNeeded: size)
    }

    /// The last message of a connection. Whether it gets out is nobody's concern.
    func sayGoodbye() {
        try? send(Service.kill, [privateGroup], 0, [])
    }

    private func send(
        _ type: UInt32, _ groups: [GroupName], _ messageType: Int16, _ body: [UnsafeRawBufferPointer], _ size: Int = 0
    ) throws(SpreadError) {
        try checkUsable()
        let count = MessageHeader.byteCount + groups.count * GroupName.byteCount
        var head = [UInt8](room: count)
        let header = MessageHeader(
            type: type, name: privateGroup, groupCount: Int32(truncatingIfNeeded: groups.count),
            messageType: messageType, dataByteCount: Int32(truncatingIfNeeded: size))
        let isSent = head.withUnsafeMutableBytes { room -> Bool in
            let start = room.baseAddress.unsafelyUnwrapped
            header.write(to: start)
            for (place, group) in groups.enumerated() {
                group.write(to: start + MessageHeader.byteCount + place * GroupName.byteCount)
            }
            var pieces = [iovec(iov_base: start, iov_len: count)]
            // Safety: sendmsg only reads what its pieces point to.
            for piece in body where piece.count > 0 {
                let memory = UnsafeMutableRawPointer(mutating: piece.baseAddress)
                pieces.append(iovec(iov_base: memory, iov_len: piece.count))
            }
            sending.lock()
            defer { sending.unlock() }
            trace?.sent(header, groups, body)
            return move(&pieces, sending: true)
        }
        guard isSent else {
            lose(isInside: false)
            throw .closed
        }
    }

    // MARK: Moving bytes

    /// Sends or receives all of the pieces; false when the connection ended first.
    func move(_ pieces: inout [iovec], sending: Bool) -> Bool {
        var first = 0
        while first < pieces.count {
            let moved = once(&pieces, from: first, sending)
            if moved <= 0 {
                if moved < 0, retries(sending) { continue }
                return false
            }
            advance(&pieces, &first, by: moved)
        }
        return true
    }

    private func once(_ pieces: inout [iovec], from first: Int, _ sending: Bool) -> Int {
        pieces.withUnsafeMutableBufferPointer { all in
            var message = msghdr()
            message.msg_iov = all.baseAddress.map { $0 + first }
            message.msg_iovlen = all.count - first
            return sending
                ? sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL))
                : recvmsg(descriptor, &message, Int32(MSG_WAITALL))
        }
    }

    /// After a failed call: whether it is worth another. A program may have made the descriptor non-blocking.
    private func retries(_ sending: Bool) -> Bool {
        let reason = clibc_errno()
        if reason == EINTR { return true }
        guard reason == EAGAIN || reason == EWOULDBLOCK else { return false }
        var entry = pollfd(fd: descriptor, events: Int16(sending ? POLLOUT : POLLIN), revents: 0)
        return poll(&entry, 1, -1) >= 0 || clibc_errno() == EINTR
    }

    private func advance(_ pieces: inout [iovec], _ first: inout Int, by count: Int) {
        var count = count
        while first < pieces.count, count >= pieces[first].iov_len {
            count -= pieces[first].iov_len
            first += 1
        }
        guard count > 0, first < pieces.count else { return }
        pieces[first].iov_base = pieces[first].iov_base.map { $0 + count }
        pieces[first].iov_len -= count
    }
}
