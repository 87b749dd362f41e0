// What a reactor watches: the part that all kinds share, and the kinds that hang on a phase of the turn alone.

/// An active watcher is held by its reactor; the reactor is held by all of them.
public class Watcher {
    public let reactor: Reactor
    private let handler: ((Watcher, Int32) -> Void)?

    public internal(set) var isActive = false
    public private(set) var isReferenced = true
    /// Where in the list of its kind.
    var place = 0
    var pendingPlace = -1
    var pendingLevel = 0
    /// Priority as a place among the levels.
    var level = Reactor.usualLevel

    public init(_ reactor: Reactor, _ handler: ((Watcher, Int32) -> Void)?) {
        self.reactor = reactor
        self.handler = handler
    }

    public func start() {
        guard !isActive else { return }
        enter()
        reactor.activate(self)
    }

    public func stop() {
        reactor.forgetPending(self)
        guard isActive else { return }
        leave()
        reactor.deactivate(self)
    }

    /// Tells the reactor what to look for, and no longer.
    func enter() {}
    func leave() {}

    /// Whether it is due in this turn.
    var isPending: Bool { pendingPlace >= 0 }

    func invoke(_ events: Int32) {
        handler?(self, events)
    }

    /// Makes it keep the loop running again.
    public func reference() {
        guard !isReferenced else { return }
        isReferenced = true
        if isActive { reactor.count(1) }
    }

    public func unreference() {
        guard isReferenced else { return }
        isReferenced = false
        if isActive { reactor.count(-1) }
    }

    /// -2 to 2, others are cut; only for watchers of the check phase.
    public func setPriority(_ priority: Int32) {}

    /// When a watcher of times is due; nil for others.
    public var nextWakeup: Double? { nil }
}

/// Watchers of a kind. The last one takes the place of one that leaves: that order shows.
struct WatcherList {
    private(set) var items: [Watcher] = []

    mutating func add(_ watcher: Watcher) {
        watcher.place = items.count
        items.append(watcher)
    }

    mutating func remove(_ watcher: Watcher) {
        let last = items.removeLast()
        guard last !== watcher else { return }
        last.place = watcher.place
        items[watcher.place] = last
    }
}

/// Before the loop waits.
public final class PrepareWatcher: Watcher {
    override func enter() {
        reactor.prepares.add(self)
    }

    override func leave() {
        reactor.prepares.remove(self)
    }
}

/// After the loop has waited.
public final class CheckWatcher: Watcher {
    override func enter() {
        reactor.checks.add(self)
    }

    override func leave() {
        reactor.checks.remove(self)
    }

    public override func setPriority(_ priority: Int32) {
        level = Reactor.usualLevel + Int(min(max(priority, -2), 2))
    }
}

/// When there is nothing else to do; the loop does not wait.
public final class IdleWatcher: Watcher {
    override func enter() {
        reactor.idles.add(self)
    }

    override func leave() {
        reactor.idles.remove(self)
    }
}

/// In each check phase, which the loop does not wait for: a check watcher and an idle one in one.
class PostWatcher: Watcher {
    override func enter() {
        reactor.checks.add(self)
        reactor.waitingPosts += 1
    }

    override func leave() {
        reactor.checks.remove(self)
        reactor.waitingPosts -= 1
    }
}
