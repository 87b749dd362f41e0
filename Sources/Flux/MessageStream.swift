// Messages on a connected descriptor. What arrives is read in large pieces, so one call may bring many messages; what is sent
// goes out at once, except from a callback of a loop that has more messages at hand: then it waits for the others.
import CLibc
import Sockets

final class MessageStream {
    private static let pieceByteCount = 64 * 1024
    /// Beyond so many bytes nothing waits for company.
    private static let deferredByteCount = 16 * 1024

    private(set) var descriptor: Int32
    private var isSocket = true
    private let reader = FrameReader()
    private let writer = FrameWriter()
    private(set) var received = MessageDeque()
    /// Why nothing more will be received.
    private var failure: Errno?

    /// Takes over the descriptor: the other side says first whether we are welcome.
    /// - Throws: what it says, ECONNRESET when it goes away instead; the descriptor stays the caller's then.
    init(welcomed descriptor: Int32) throws(Errno) {
        self.descriptor = descriptor
        var word: UInt8 = 0
        while true {
            let count = read(descriptor, &word, 1)
            if count == 1 { break }
            if count == 0 { throw .closed }
            let reason = Errno(code: clibc_errno())
            if reason.isAgain {
                try wait(for: POLLIN, .never)
            } else if reason.code != EINTR {
                throw reason
            }
        }
        guard word == 0 else { throw Errno(code: Int32(word)) }
        var kind: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        isSocket = getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &kind, &size) == 0
        if !isSocket {
            let flags = clibc_fcntl(descriptor, F_GETFL, 0)
            _ = clibc_fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
        }
    }

    func close() {
        guard descriptor >= 0 else { return }
        CLibc.close(descriptor)
        descriptor = -1
    }

    /// Goes on under the number that the older stream had, which others may be watching.
    func take(over older: Int32) throws(Errno) {
        guard older >= 0, descriptor >= 0, older != descriptor else { return }
        let moved = dup3(descriptor, older, O_CLOEXEC)
        guard moved >= 0 else { throw Errno(code: clibc_errno()) }
        CLibc.close(descriptor)
        descriptor = moved
    }

    // MARK: Receiving

    var hasReceived: Bool { !received.isEmpty || failure != nil }

    func receive(isBlocking: Bool) throws(Errno) -> Message {
        while true {
            if let message = received.removeFirst() { return message }
            if let failure { throw failure }
            try fill(isBlocking ? .never : nil)
        }
    }

    /// The response to the request with this tag; others stay where they are.
    /// - Throws: ETIMEDOUT.
    func receiveResponse(to tag: UInt32, _ deadline: Deadline) throws(Errno) -> Message {
        while true {
            if let message = received.removeResponse(to: tag) { return message }
            if let failure { throw failure }
            let before = received.count
            repeat { try fill(deadline) } while received.count == before && failure == nil
        }
    }

    /// Reads once what is there; waits for something until the deadline, if there is one.
    /// - Throws: EAGAIN, ETIMEDOUT. What ends the stream comes after the messages before it.
    private func fill(_ deadline: Deadline?) throws(Errno) {
        let isEndless = deadline.map { $0.nanoseconds == nil } ?? false
        let count = readPiece(isBlocking: isEndless && isSocket)
        if count < 0 {
            let reason = Errno(code: clibc_errno())
            if reason.code == EINTR { return }
            guard reason.isAgain else {
                failure = reason
                return
            }
            guard let deadline else { throw reason }
            try wait(for: POLLIN, deadline)
        } else if count == 0 {
            failure = .closed
        } else {
            reader.received(count)
            takeApart()
        }
    }

    private func readPiece(isBlocking: Bool) -> Int {
        let room = reader.room(atLeast: MessageStream.pieceByteCount)
        guard isSocket else { return read(descriptor, room.baseAddress, room.count) }
        return recv(descriptor, room.baseAddress, room.count, isBlocking ? 0 : Int32(MSG_DONTWAIT))
    }

    private func takeApart() {
        do {
            while let message = try reader.next() { received.append(message) }
        } catch {
            failure = error
        }
    }

    private func wait(for events: Int32, _ deadline: Deadline) throws(Errno) {
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        while true {
            let ready = poll(&entry, 1, deadline.pollMilliseconds)
            if ready > 0 { return }
            if ready == 0 {
                if deadline.hasPassed { throw .timedOut }
            } else if clibc_errno() != EINTR {
                throw Errno(code: clibc_errno())
            }
        }
    }

    // MARK: Sending

    var hasUnsent: Bool { !writer.isEmpty }
    var unsentCount: Int { writer.count }

    /// Puts a message behind what waits already.
    /// - Returns: whether it should wait no longer.
    func enqueue(_ message: Message) throws(Errno) -> Bool {
        try writer.append(message)
        return writer.count >= MessageStream.deferredByteCount
    }

    /// Sends all of it, or refuses it with EAGAIN. Of what the system takes only in part the rest waits here.
    func send(_ message: Message, isBlocking: Bool) throws(Errno) {
        if isBlocking {
            try writer.append(message)
            return try flush(isBlocking: true)
        }
        if hasUnsent {
            try flush(isBlocking: false)
            guard !hasUnsent else { throw Errno(code: EAGAIN) }
        }
        try writer.append(message)
        let whole = writer.count
        try flush(isBlocking: false)
        if writer.count == whole {
            writer.removeAll()
            throw Errno(code: EAGAIN)
        }
    }

    func flush(isBlocking: Bool) throws(Errno) {
        while hasUnsent {
            let unsent = writer.unsent
            let count = write(unsent)
            if count >= 0 {
                writer.sent(count)
                continue
            }
            let reason = Errno(code: clibc_errno())
            if reason.code == EINTR { continue }
            guard reason.isAgain else {
                writer.removeAll()
                throw reason
            }
            guard isBlocking else { return }
            try waitToSend()
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        if isSocket {
            let flags = Int32(MSG_DONTWAIT | MSG_NOSIGNAL)
            return CLibc.send(descriptor, bytes.baseAddress, bytes.count, flags)
        }
        return CLibc.write(descriptor, bytes.baseAddress, bytes.count)
    }

    /// Keeps on receiving, for the other side may be waiting for that.
    private func waitToSend() throws(Errno) {
        let events = failure == nil ? POLLIN | POLLOUT : POLLOUT
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        guard poll(&entry, 1, -1) > 0 else {
            if clibc_errno() == EINTR { return }
            throw Errno(code: clibc_errno())
        }
        guard Int32(entry.revents) & POLLOUT == 0, Int32(entry.revents) & POLLIN != 0 else { return }
        do {
            try fill(nil)
        } catch {
            // Nothing there after all.
        }
    }

    // MARK: Waiting

    func pollEvents() -> Int32 {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN | POLLOUT), revents: 0)
        guard poll(&entry, 1, 0) >= 0 else { return Poll.error }
        let ready = Int32(entry.revents)
        var events = hasReceived ? Poll.input : 0
        if ready & POLLIN != 0 { events |= Poll.input }
        if ready & POLLOUT != 0 { events |= Poll.output }
        if ready & (POLLERR | POLLHUP | POLLNVAL) != 0 { events |= Poll.error }
        return events
    }
}
