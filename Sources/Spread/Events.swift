import CLibc
import Sockets
import Synchronization

/// A moment or a time between moments, in microseconds.
public struct EventTime: Comparable, Sendable {
    public let microseconds: Int64

    public init(seconds: Int64, microseconds: Int64) {
        let whole = seconds.multipliedReportingOverflow(by: 1_000_000)
        self.init(whole.overflow ? (seconds < 0 ? .min : .max) : whole.partialValue, plus: microseconds)
    }

    private init(_ first: Int64, plus second: Int64) {
        let sum = first.addingReportingOverflow(second)
        microseconds = sum.overflow ? (second < 0 ? .min : .max) : sum.partialValue
    }

    public func adding(_ other: EventTime) -> EventTime { EventTime(microseconds, plus: other.microseconds) }

    public static func clock(_ clock: clockid_t) -> EventTime {
        var now = timespec()
        clock_gettime(clock, &now)
        return EventTime(seconds: Int64(now.tv_sec), microseconds: Int64(now.tv_nsec) / 1000)
    }

    public static func < (left: EventTime, right: EventTime) -> Bool { left.microseconds < right.microseconds }
}

/// What tells two callbacks of C apart: the function, its code and its data.
public struct EventKey: Equatable, Sendable {
    public let function: UInt
    public let code: Int32
    public let data: UInt

    public init(function: UInt, code: Int32, data: UInt) {
        self.function = function
        self.code = code
        self.data = data
    }
}

/// The event loop over poll(2): expired timers first, then everything ready of the highest ready priority above low, then one
/// of low priority, each in its turn.
public final class EventLoop: @unchecked Sendable {
    public static let shared = EventLoop()
    public static let priorities: Int32 = 3
    public static let kinds: Int32 = 3
    public static let most = 2000

    private struct Watch {
        let descriptor: Int32
        let kind: Int32
        var priority: Int32
        var isActive: Bool
        var run: () -> Void
        /// Distinguishes a watch from one that took its place while callbacks ran.
        var serial: UInt64
    }

    private struct Timer {
        let key: EventKey
        let moment: EventTime
        let run: () -> Void
    }

    private let lock = Lock()
    private var watches: [Watch] = []  // lock
    private var timers: [Timer] = []  // lock, earliest first
    private var threshold: Int32 = 0  // lock
    private var serial: UInt64 = 0  // lock
    private var lastLow: UInt64 = 0  // lock
    private let isLeaving = Atomic<Bool>(false)

    public func removeAll() {
        let old = lock.withLock { () -> ([Watch], [Timer]) in
            defer {
                watches = []
                timers = []
                threshold = 0
            }
            return (watches, timers)
        }
        _ = old
    }

    // MARK: Timers

    public func queue(_ key: EventKey, after delay: EventTime, _ run: @escaping () -> Void) {
        let moment = EventTime.clock(CLOCK_MONOTONIC).adding(delay)
        lock.withLock {
            timers.removeAll { $0.key == key }
            let place = timers.firstIndex { moment < $0.moment } ?? timers.count
            timers.insert(Timer(key: key, moment: moment, run: run), at: place)
        }
    }

    public func isQueued(_ key: EventKey) -> Bool {
        lock.withLock { timers.contains { $0.key == key } }
    }

    public func dequeue(_ key: EventKey) -> Bool {
        lock.withLock {
            let count = timers.count
            timers.removeAll { $0.key == key }
            return timers.count < count
        }
    }

    // MARK: Descriptors

    /// 0 for a new one, 1 when it took another's place, -1 when it is refused.
    public func attach(
        _ descriptor: Int32, _ kind: Int32, priority: Int32, _ run: @escaping () -> Void
    ) -> Int32 {
        guard descriptor >= 0, (0..<EventLoop.kinds).contains(kind), (0..<EventLoop.priorities).contains(priority)
        else {
            return -1
        }
        return lock.withLock {
            serial += 1
            if let place = find(descriptor, kind, priority) {
                watches[place].run = run
                watches[place].isActive = true
                watches[place].serial = serial
                return 1
            }
            guard watches.count < EventLoop.most else { return -1 }
            watches.append(
                Watch(
                    descriptor: descriptor, kind: kind, priority: priority, isActive: true, run: run, serial: serial))
            return 0
        }
    }

    /// Of one priority, or of all of them.
    public func detach(_ descriptor: Int32, _ kind: Int32, priority: Int32? = nil) -> Bool {
        lock.withLock {
            let count = watches.count
            watches.removeAll {
                $0.descriptor == descriptor && $0.kind == kind && (priority == nil || $0.priority == priority)
            }
            return watches.count < count
        }
    }

    public func setActive(_ descriptor: Int32, _ kind: Int32, _ isActive: Bool) -> Bool {
        lock.withLock {
            var found = false
            for place in watches.indices where watches[place].descriptor == descriptor && watches[place].kind == kind {
                watches[place].isActive = isActive
                found = true
            }
            return found
        }
    }

    public func setThreshold(_ priority: Int32) -> Bool {
        guard (0..<EventLoop.priorities).contains(priority) else { return false }
        lock.withLock { threshold = priority }
        return true
    }

    public func activeCount(_ priority: Int32) -> Int32? {
        guard (0..<EventLoop.priorities).contains(priority) else { return nil }
        return lock.withLock { Int32(watches.count { $0.priority == priority && $0.isActive }) }
    }

    private func find(_ descriptor: Int32, _ kind: Int32, _ priority: Int32) -> Int? {
        watches.firstIndex { $0.descriptor == descriptor && $0.kind == kind && $0.priority == priority }
    }

    // MARK: Running

    /// From any thread and from signal handlers: the loop ends after the callback in progress, within a tenth of a second.
    public func leave() { isLeaving.store(true, ordering: .relaxed) }

    public func run() {
        isLeaving.store(false, ordering: .relaxed)
        while !isLeaving.load(ordering: .relaxed) {
            if runTimer() { continue }
            runReady()
        }
    }

    private func runTimer() -> Bool {
        let now = EventTime.clock(CLOCK_MONOTONIC)
        let due = lock.withLock { () -> Timer? in
            guard let first = timers.first, first.moment <= now else { return nil }
            return timers.removeFirst()
        }
        due?.run()
        return due != nil
    }

    private func runReady() {
        let (looked, wait) = lock.withLock {
            (watches.filter { $0.isActive && $0.priority >= threshold }, milliseconds())
        }
        var entries = looked.map { pollfd(fd: $0.descriptor, events: EventLoop.events($0.kind), revents: 0) }
        guard poll(&entries, nfds_t(entries.count), wait) > 0 else { return }
        var ready: [Watch] = []
        for place in looked.indices where entries[place].revents != 0 { ready.append(looked[place]) }
        let highest = ready.map { $0.priority }.max() ?? 0
        if highest > 0 {
            for watch in ready where watch.priority == highest {
                perform(watch)
                if isLeaving.load(ordering: .relaxed) { return }
            }
        }
        let low = ready.filter { $0.priority == 0 }
        // In the order they were attached, the one after the last that ran.
        let last = lock.withLock { lastLow }
        let after = low.filter { $0.serial > last }
        guard let next = (after.isEmpty ? low : after).min(by: { $0.serial < $1.serial }) else { return }
        lock.withLock { lastLow = next.serial }
        perform(next)
    }

    /// Unless a callback before it took it away.
    private func perform(_ watch: Watch) {
        let isThere = lock.withLock { watches.contains { $0.serial == watch.serial && $0.isActive } }
        if isThere { watch.run() }
    }

    private func milliseconds() -> Int32 {
        guard let first = timers.first else { return 100 }
        let left = first.moment.microseconds - EventTime.clock(CLOCK_MONOTONIC).microseconds
        return Int32(clamping: max(0, min(left / 1000 + (left % 1000 > 0 ? 1 : 0), 100)))
    }

    private static func events(_ kind: Int32) -> Int16 {
        switch kind {
        case 0: Int16(POLLIN)
        case 1: Int16(POLLOUT)
        default: Int16(POLLPRI)
        }
    }
}
