// Watchers of times: after so many seconds of the loop, or at times of day.

public final class TimerWatcher: Watcher {
    private var after: Double
    private var repetition: Double
    /// Due at; of the monotonic clock while active.
    private var time = 0.0

    public init(_ reactor: Reactor, after: Double, repeat: Double, _ handler: ((Watcher, Int32) -> Void)?) {
        self.after = after
        repetition = `repeat`
        super.init(reactor, handler)
    }

    override func enter() {
        begin(reactor.monotonic + after)
    }

    override func leave() {
        reactor.timers.remove(self)
    }

    /// For the next start or `again`; a running one goes on as it is.
    public func reset(after: Double, repeat: Double) {
        self.after = after
        repetition = `repeat`
    }

    /// Starts its repetition over, from now; without one it stops.
    public func again() {
        stop()
        guard repetition > 0 else { return }
        begin(reactor.monotonic + repetition)
        reactor.activate(self)
    }

    private func begin(_ due: Double) {
        time = due
        reactor.timers.add(self, at: due)
    }

    /// It is due, and out of the heap already.
    func expire() {
        guard repetition > 0 else {
            reactor.deactivate(self)
            return
        }
        time = max(time + repetition, reactor.monotonic)
        reactor.timers.add(self, at: time)
    }

    public override var nextWakeup: Double? {
        reactor.now + (isActive ? time - reactor.monotonic : after)
    }
}

public final class PeriodicWatcher: Watcher {
    /// When next, given the time; before that time means never again.
    public typealias Reschedule = (PeriodicWatcher, Double) -> Double

    private static let shortest = 1.0 / 8192
    private var offset: Double
    private var interval: Double
    private var reschedule: Reschedule?
    private var time = 0.0
    private(set) var isEnding = false
    /// What the program wants to see again when it is asked.
    public var argument: UnsafeMutableRawPointer?

    public init(
        _ reactor: Reactor, offset: Double, interval: Double, reschedule: Reschedule?,
        _ handler: ((Watcher, Int32) -> Void)?
    ) {
        self.offset = offset
        self.interval = interval
        self.reschedule = reschedule
        super.init(reactor, handler)
    }

    override func enter() {
        schedule()
    }

    override func leave() {
        isEnding = false
        reactor.periodics.remove(self)
    }

    /// New values, and a new start with them.
    public func reset(offset: Double, interval: Double, reschedule: Reschedule?) {
        stop()
        self.offset = offset
        self.interval = interval
        self.reschedule = reschedule
        start()
    }

    /// Puts it into the heap for its next time.
    func schedule() {
        let now = reactor.wall
        if let reschedule {
            let wasActive = isActive
            time = reschedule(self, now)
            // It should not have touched its watcher, but may have.
            if wasActive && !isActive { return }
            if time < now || time.isNaN {
                isEnding = true
                reactor.ending.append(self)
                time = now + 1e99
            }
        } else if interval > 0 {
            time = next(after: now)
        } else {
            time = offset
        }
        reactor.periodics.add(self, at: time)
    }

    /// It is due, and out of the heap already.
    func expire() {
        if reschedule != nil || interval > 0 {
            schedule()
        } else {
            reactor.deactivate(self)
        }
    }

    private func next(after now: Double) -> Double {
        let step = max(interval, PeriodicWatcher.shortest)
        let due = offset + step * (PeriodicWatcher.whole((now - offset) / step) + 1)
        return due > now ? due : now
    }

    /// The largest whole number that is not above; floor(3) would bring libm along.
    private static func whole(_ number: Double) -> Double {
        guard abs(number) < 9e15 else { return number }
        let cut = Double(Int64(number))
        return cut > number ? cut - 1 : cut
    }

    public override var nextWakeup: Double? { time }
}
