// An event loop with the order of events that libev has, because programs see it: a turn runs the prepare watchers, waits,
// collects what is due (descriptors, timers, periodics, idle ones when nothing else is), adds the check watchers, and then
// works off the pile from its top: what was added last runs first, higher priorities before lower.
import CLibc
import Sockets

/// A reactor belongs to one thread at a time.
public final class Reactor {
    /// Of -2 to 2 as places in `pending`.
    static let levels = 5
    static let usualLevel = 2
    /// Periodic watchers go by a clock that may be set while the loop sleeps: it looks again after so long.
    private static let longestSleep = 59.743

    /// So many turns without sleep a message may be kept back.
    private static let longestDelay = 64

    private struct Pending {
        var watcher: Watcher?
        var events: Int32
    }

    var prepares = WatcherList()
    var checks = WatcherList()
    var idles = WatcherList()
    var timers = TimeHeap()
    var periodics = TimeHeap()
    let descriptors = DescriptorSet()
    lazy var signals = SignalSet(reactor: self)
    /// Periodics whose program wants no more of them; stopped when the next turn begins.
    var ending: [PeriodicWatcher] = []
    /// How many continuations wait for the next check: the loop must not sleep.
    var waitingPosts = 0
    /// Active watchers that keep the loop running.
    private var activeCount = 0

    private var pending = [[Pending]](repeating: [], count: Reactor.levels)
    private var topLevel = 0
    private var isStopped = false
    private var depth = 0
    /// Handles that keep back what they were given to send, and the turns that they have done so.
    private var unsent: [Pollable] = []
    private var unsentTurns = 0
    private var failure: Errno?

    /// The clocks as they were when the current turn woke up.
    private(set) var monotonic = Clock.monotonic
    private(set) var wall = Clock.wall

    public init() {}

    // MARK: Running

    public enum Mode { case untilIdle, oneTurn, oneTurnWithoutWaiting }

    /// Runs until no referenced watcher is active, or somebody stops it: how many are still active then.
    /// - Throws: the reason with which it was stopped.
    public func run(_ mode: Mode = .untilIdle) throws(Errno) -> Int {
        depth += 1
        defer {
            depth -= 1
            flush()
        }
        isStopped = false
        failure = nil
        invokePending()
        repeat {
            endPeriodics()
            if !prepares.items.isEmpty {
                for watcher in prepares.items { feed(watcher, 0) }
                invokePending()
            }
            if isStopped { break }
            let time = waitingTime(mode)
            if !unsent.isEmpty { flushBefore(time) }
            descriptors.wait(time, self)
            updateTime()
            collect()
            invokePending()
        } while activeCount > 0 && !isStopped && mode == .untilIdle
        if let failure { throw failure }
        return activeCount
    }

    public func stop() {
        failure = nil
        isStopped = true
    }

    public func stop(failing reason: Errno) {
        failure = reason
        isStopped = true
    }

    /// Whether a callback has asked to stop: who works off a queue inside one callback looks here.
    public var isStopping: Bool { isStopped }

    public var isRunning: Bool { depth > 0 }

    /// Has a handle flushed before the loop sleeps, and soon if it does not.
    public func flushLater(_ handle: Pollable) {
        unsent.append(handle)
    }

    private func flushBefore(_ time: Double) {
        unsentTurns += 1
        if time > 0 || unsentTurns >= Reactor.longestDelay { flush() }
    }

    private func flush() {
        unsentTurns = 0
        let all = unsent
        unsent = []
        for handle in all { handle.flushUnsent() }
    }

    private func waitingTime(_ mode: Mode) -> Double {
        if mode == .oneTurnWithoutWaiting || activeCount <= 0 || waitingPosts > 0 || !idles.items.isEmpty { return 0 }
        if timers.isEmpty && periodics.isEmpty { return .infinity }
        updateTime()
        var time = Reactor.longestSleep
        if let first = timers.firstTime { time = min(time, first - monotonic) }
        if let first = periodics.firstTime { time = min(time, first - wall) }
        return max(time, 0)
    }

    private func collect() {
        collectTimers()
        if !periodics.isEmpty { collectPeriodics() }
        if !idles.items.isEmpty, pending[Reactor.usualLevel...].allSatisfy({ $0.isEmpty }) {
            for watcher in idles.items { feed(watcher, 0) }
        }
        for watcher in checks.items { feed(watcher, 0) }
    }

    // MARK: Time

    /// The time of the current turn: seconds since 1970.
    public var now: Double { wall }

    /// Looks at the clocks; when they drifted apart somebody has set one, and periodics are arranged anew.
    public func updateTime() {
        let before = monotonic
        monotonic = Clock.monotonic
        if monotonic - before < 0.5 {
            wall += monotonic - before
            return
        }
        let expected = wall + monotonic - before
        wall = Clock.wall
        if abs(wall - expected) > 1 {
            for watcher in periodics.removeAll() { (watcher as? PeriodicWatcher)?.schedule() }
        }
    }

    /// Timers that are due, so that the earliest runs first.
    private func collectTimers() {
        guard let first = timers.firstTime, first < monotonic else { return }
        var due: [Watcher] = []
        while let first = timers.firstTime, first < monotonic {
            guard let watcher = timers.removeFirst() as? TimerWatcher else { return }
            watcher.expire()
            due.append(watcher)
        }
        for watcher in due.reversed() { feed(watcher, 0) }
    }

    private func collectPeriodics() {
        var due: [Watcher] = []
        while let first = periodics.firstTime, first < wall {
            guard let watcher = periodics.removeFirst() as? PeriodicWatcher else { return }
            watcher.expire()
            due.append(watcher)
        }
        for watcher in due.reversed() { feed(watcher, 0) }
    }

    private func endPeriodics() {
        guard !ending.isEmpty else { return }
        let all = ending
        ending = []
        for watcher in all where watcher.isEnding { watcher.stop() }
    }

    // MARK: Watchers

    func activate(_ watcher: Watcher) {
        watcher.isActive = true
        if watcher.isReferenced { activeCount += 1 }
    }

    func deactivate(_ watcher: Watcher) {
        watcher.isActive = false
        if watcher.isReferenced { activeCount -= 1 }
    }

    func count(_ change: Int) {
        activeCount += change
    }

    /// Puts a watcher onto the pile, or adds to what it is there for.
    func feed(_ watcher: Watcher, _ events: Int32) {
        if watcher.pendingPlace >= 0 {
            pending[watcher.pendingLevel][watcher.pendingPlace].events |= events
            return
        }
        let level = watcher.level
        watcher.pendingLevel = level
        watcher.pendingPlace = pending[level].count
        pending[level].append(Pending(watcher: watcher, events: events))
        topLevel = max(topLevel, level)
    }

    func forgetPending(_ watcher: Watcher) {
        guard watcher.pendingPlace >= 0 else { return }
        pending[watcher.pendingLevel][watcher.pendingPlace].watcher = nil
        watcher.pendingPlace = -1
    }

    /// A callback may stop the loop, run it, or stop and drop any watcher, itself too.
    private func invokePending() {
        while topLevel >= 0 {
            guard let next = pending[topLevel].popLast() else {
                topLevel -= 1
                continue
            }
            guard let watcher = next.watcher else { continue }
            watcher.pendingPlace = -1
            watcher.invoke(next.events)
        }
        topLevel = 0
    }
}

enum Clock {
    static var monotonic: Double { seconds(CLOCK_MONOTONIC) }
    static var wall: Double { seconds(CLOCK_REALTIME) }

    private static func seconds(_ clock: clockid_t) -> Double {
        var moment = timespec()
        clock_gettime(clock, &moment)
        return Double(moment.tv_sec) + Double(moment.tv_nsec) * 1e-9
    }
}

extension Reactor {
    /// The time by the clock itself, of no turn.
    public static var time: Double { Clock.wall }
}
