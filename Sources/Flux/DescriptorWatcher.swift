// Watchers of file descriptors, and the one that waits for them all: a handful with poll(2), which needs nothing set up,
// more with epoll.
import CLibc

public final class DescriptorWatcher: Watcher {
    public let descriptor: Int32
    let events: Int32
    fileprivate var entry: DescriptorEntry?

    public init(
        _ reactor: Reactor, descriptor: Int32, events: Int32, _ handler: ((Watcher, Int32) -> Void)?
    ) {
        self.descriptor = descriptor
        self.events = events & (Poll.input | Poll.output)
        super.init(reactor, handler)
    }

    override func enter() {
        entry = reactor.descriptors.add(self, entry)
    }

    override func leave() {
        if let entry { reactor.descriptors.remove(self, entry) }
    }
}

/// All that watch one descriptor. Stays listed for a while after the last one has gone: many come back before the next wait.
private final class DescriptorEntry {
    let descriptor: Int32
    var watchers: [DescriptorWatcher] = []
    var isListed = false
    var isChanged = false
    /// What epoll has been told.
    var known: UInt32?
    /// The number may belong to another file than it did.
    var isNew = true

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    var wanted: Int32 {
        var all: Int32 = 0
        for watcher in watchers { all |= watcher.events }
        return all
    }
}

final class DescriptorSet {
    /// Up to so many descriptors are asked about one by one.
    private static let few = 8

    private var entries: [Int32: DescriptorEntry] = [:]
    private var changed: [DescriptorEntry] = []
    private var asked: [pollfd] = []
    private var answers: [epoll_event] = []
    private var epoll: Int32 = -1

    deinit {
        if epoll >= 0 { close(epoll) }
    }

    fileprivate func add(_ watcher: DescriptorWatcher, _ old: DescriptorEntry?) -> DescriptorEntry {
        let entry: DescriptorEntry
        if let old, old.isListed {
            entry = old
        } else {
            entry = entries[watcher.descriptor] ?? DescriptorEntry(watcher.descriptor)
            entry.isListed = true
            entries[watcher.descriptor] = entry
        }
        if old == nil { entry.isNew = true }
        entry.watchers.append(watcher)
        change(entry)
        return entry
    }

    fileprivate func remove(_ watcher: DescriptorWatcher, _ entry: DescriptorEntry) {
        guard let place = entry.watchers.firstIndex(where: { $0 === watcher }) else { return }
        entry.watchers.remove(at: place)
        change(entry)
    }

    private func change(_ entry: DescriptorEntry) {
        guard !entry.isChanged else { return }
        entry.isChanged = true
        changed.append(entry)
    }

    /// Waits so many seconds for any of them, and puts the watchers of those that are ready onto the reactor's pile.
    func wait(_ seconds: Double, _ reactor: Reactor) {
        if !changed.isEmpty { settle(reactor) }
        if epoll >= 0 {
            waitForMany(seconds, reactor)
        } else if !asked.isEmpty || seconds > 0 {
            waitForFew(seconds, reactor)
        }
    }

    /// Forgets descriptors that nobody watches, and tells the system what is new.
    private func settle(_ reactor: Reactor) {
        let all = changed
        changed.removeAll(keepingCapacity: true)
        for entry in all {
            entry.isChanged = false
            if entry.watchers.isEmpty {
                entry.isListed = false
                if epoll >= 0, entry.known != nil { epoll_ctl(epoll, EPOLL_CTL_DEL, entry.descriptor, nil) }
                entry.known = nil
                entries[entry.descriptor] = nil
            }
        }
        if epoll >= 0 {
            for entry in all { tell(entry, reactor) }
        } else if entries.count > DescriptorSet.few {
            epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
            for entry in epoll < 0 ? [] : Array(entries.values) { tell(entry, reactor) }
        }
        if epoll < 0 {
            listAsked(reactor)
        }
    }

    // MARK: A few

    private func listAsked(_ reactor: Reactor) {
        asked.removeAll(keepingCapacity: true)
        for entry in entries.values {
            if entry.descriptor < 0 {
                giveUp(entry, reactor)
                continue
            }
            let wanted = entry.wanted
            var events: Int16 = 0
            if wanted & Poll.input != 0 { events |= Int16(POLLIN) }
            if wanted & Poll.output != 0 { events |= Int16(POLLOUT) }
            asked.append(pollfd(fd: entry.descriptor, events: events, revents: 0))
        }
    }

    private func waitForFew(_ seconds: Double, _ reactor: Reactor) {
        let ready = poll(&asked, nfds_t(asked.count), milliseconds(seconds))
        guard ready > 0 else { return }
        for answer in asked where answer.revents != 0 {
            guard let entry = entries[answer.fd] else { continue }
            if answer.revents & Int16(POLLNVAL) != 0 {
                giveUp(entry, reactor)
                continue
            }
            let isOver = answer.revents & Int16(POLLERR | POLLHUP) != 0
            let readable = isOver || answer.revents & Int16(POLLIN) != 0
            let writable = isOver || answer.revents & Int16(POLLOUT) != 0
            feed(entry, (readable ? Poll.input : 0) | (writable ? Poll.output : 0), reactor)
        }
    }

    // MARK: Many

    private func tell(_ entry: DescriptorEntry, _ reactor: Reactor) {
        guard !entry.watchers.isEmpty else { return }
        let wanted = entry.wanted
        var events: UInt32 = 0
        if wanted & Poll.input != 0 { events |= EPOLLIN.rawValue }
        if wanted & Poll.output != 0 { events |= EPOLLOUT.rawValue }
        guard entry.isNew || entry.known != events else { return }
        var event = epoll_event()
        event.events = events
        event.data.fd = entry.descriptor
        var result = epoll_ctl(epoll, entry.known == nil ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, entry.descriptor, &event)
        if result < 0, clibc_errno() == ENOENT {
            result = epoll_ctl(epoll, EPOLL_CTL_ADD, entry.descriptor, &event)
        } else if result < 0, clibc_errno() == EEXIST {
            result = epoll_ctl(epoll, EPOLL_CTL_MOD, entry.descriptor, &event)
        }
        entry.isNew = false
        entry.known = result == 0 ? events : nil
        guard result < 0 else { return }
        if clibc_errno() == EPERM {
            // A file that never makes anybody wait: asked about again each turn.
            feed(entry, wanted, reactor)
            change(entry)
        } else {
            giveUp(entry, reactor)
        }
    }

    private func waitForMany(_ seconds: Double, _ reactor: Reactor) {
        let most = 64
        if answers.isEmpty { answers = [epoll_event](repeating: epoll_event(), count: most) }
        // Those that epoll does not take are ready already.
        let time = changed.isEmpty ? milliseconds(seconds) : 0
        let count = epoll_wait(epoll, &answers, Int32(most), time)
        guard count > 0 else { return }
        for answer in answers[..<Int(count)] {
            guard let entry = entries[answer.data.fd] else { continue }
            let isOver = answer.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0
            let readable = isOver || answer.events & EPOLLIN.rawValue != 0
            let writable = isOver || answer.events & EPOLLOUT.rawValue != 0
            feed(entry, (readable ? Poll.input : 0) | (writable ? Poll.output : 0), reactor)
        }
    }

    // MARK: Both

    /// The newest goes onto the pile first, so that the oldest runs first.
    private func feed(_ entry: DescriptorEntry, _ events: Int32, _ reactor: Reactor) {
        for watcher in entry.watchers.reversed() where watcher.events & events != 0 {
            reactor.feed(watcher, watcher.events & events)
        }
    }

    /// Not a descriptor: its watchers hear it once, and are stopped.
    private func giveUp(_ entry: DescriptorEntry, _ reactor: Reactor) {
        for watcher in entry.watchers {
            watcher.stop()
            reactor.feed(watcher, Poll.input | Poll.output | Poll.error)
        }
    }

    /// Rounded up, so that nobody wakes too early.
    private func milliseconds(_ seconds: Double) -> Int32 {
        if seconds == .infinity { return -1 }
        return seconds < 100_000 ? Int32(seconds * 1000 + 0.9999) : 100_000_000
    }
}
