// Messages waiting in order, with a descriptor for those who wait for them. It becomes readable when the queue stops being
// empty, or stops being full; asking for the events makes it unreadable again.
import CLibc
import Sockets

final class MessageQueue {
    /// For queues between threads.
    private let lock: Lock?
    private var items = MessageDeque()
    private var descriptor: Int32 = -1
    private var isRaised = false
    private var events = Poll.output
    /// 0 is none.
    private(set) var limit = 0

    init(isShared: Bool = false) {
        lock = isShared ? Lock() : nil
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    private func locked<T, E: Error>(_ body: () throws(E) -> T) throws(E) -> T {
        guard let lock else { return try body() }
        return try lock.withLock(body)
    }

    var count: Int { locked { items.count } }
    var isEmpty: Bool { locked { items.isEmpty } }

    func setLimit(_ limit: Int32) throws(Errno) {
        guard limit >= 0 else { throw Errno(code: EINVAL) }
        locked { self.limit = Int(limit) }
    }

    /// - Throws: EAGAIN when it is full.
    func append(_ message: Message) throws(Errno) {
        try add { $0.append(message) }
    }

    func prepend(_ message: Message) throws(Errno) {
        try add { $0.prepend(message) }
    }

    private func add(_ body: (inout MessageDeque) -> Void) throws(Errno) {
        try locked { () throws(Errno) in
            guard limit == 0 || items.count < limit else { throw Errno(code: EAGAIN) }
            body(&items)
            if events & Poll.input == 0 {
                events |= Poll.input
                raise()
            }
            if limit != 0, items.count >= limit { events &= ~Poll.output }
        }
    }

    func removeFirst() -> Message? {
        locked {
            guard let message = items.removeFirst() else { return nil }
            tookOne()
            return message
        }
    }

    /// The first one that answers a request with this tag of our own.
    func removeResponse(to tag: UInt32) -> Message? {
        locked {
            guard let message = items.removeResponse(to: tag) else { return nil }
            tookOne()
            return message
        }
    }

    private func tookOne() {
        if events & Poll.output == 0, limit == 0 || items.count < limit {
            events |= Poll.output
            raise()
        }
        if items.isEmpty { events &= ~Poll.input }
    }

    func removeAll() {
        while removeFirst() != nil {}
    }

    // MARK: Waiting

    func pollDescriptor() throws(Errno) -> Int32 {
        try locked { () throws(Errno) in
            if descriptor < 0 {
                isRaised = events != 0
                descriptor = eventfd(isRaised ? 1 : 0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
                guard descriptor >= 0 else { throw Errno(code: clibc_errno()) }
            }
            return descriptor
        }
    }

    func pollEvents() -> Int32 {
        locked {
            if isRaised, descriptor >= 0 {
                eventfd_read(descriptor, &ignored)
                isRaised = false
            }
            return events
        }
    }

    private var ignored: eventfd_t = 0

    /// Wakes whoever waits, for a reason that lies elsewhere.
    func wake() {
        locked { raise() }
    }

    private func raise() {
        guard descriptor >= 0, !isRaised else { return }
        isRaised = true
        eventfd_write(descriptor, 1)
    }
}

/// Messages taken from the front and added at both ends.
struct MessageDeque {
    /// Put in front of the others, the first one last.
    private var heads: [Message] = []
    private var tails: [Message?] = []
    private var start = 0

    var count: Int { heads.count + tails.count - start }
    var isEmpty: Bool { start == tails.count && heads.isEmpty }

    mutating func append(_ message: Message) {
        tails.append(message)
    }

    mutating func prepend(_ message: Message) {
        heads.append(message)
    }

    mutating func removeFirst() -> Message? {
        if let message = heads.popLast() { return message }
        guard start < tails.count else { return nil }
        let message = tails[start]
        tails[start] = nil
        start += 1
        shrink()
        return message
    }

    mutating func removeResponse(to tag: UInt32) -> Message? {
        for place in heads.indices.reversed() where heads[place].isOwnResponse(to: tag) {
            return heads.remove(at: place)
        }
        for place in start..<tails.count where tails[place]?.isOwnResponse(to: tag) == true {
            if place == start { return removeFirst() }
            return tails.remove(at: place)
        }
        return nil
    }

    private mutating func shrink() {
        if start == tails.count {
            tails.removeAll(keepingCapacity: start <= 1024)
            start = 0
        } else if start > 64, start * 2 > tails.count {
            tails.removeFirst(start)
            start = 0
        }
    }
}

extension Message {
    func isOwnResponse(to tag: UInt32) -> Bool {
        type == .response && matchtag == tag && routes.isEmpty
    }
}
