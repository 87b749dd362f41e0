// A result that comes later, or several, one after the other: who waits for it blocks, with a reactor that exists for that
// alone, or has a continuation called by the reactor it runs anyway.
import Bytes
import CLibc
import Sockets

open class Future: Counted {
    public typealias Free = (UnsafeMutableRawPointer) -> Void

    public enum Outcome {
        case value(UnsafeMutableRawPointer?, Free?)
        case failure(Errno, Slice?)
    }

    /// Looks for what will fulfill the future: run once before anybody waits in one way or the other.
    private let starter: ((Future) -> Void)?
    private var current: Outcome?
    private var fatal: (reason: Errno, text: Slice?)?
    private var later = Queue<Outcome>()
    private var things: Aux?
    /// The one whose result this one has taken over.
    private(set) var source: Future?

    private var waiting: WaitingContext?
    private var following: FollowingContext?
    private var ownReactor: Reactor?
    private var ownHandle: Pollable?

    /// What its maker keeps with it.
    public final var attachment: FutureAttachment?
    /// Set for those made of others.
    var composite: Composite?
    /// The link to the future that comes after this one, and from one that does to the one before.
    var chain: Chain?
    var precedingChain: Chain?

    public init(_ starter: ((Future) -> Void)? = nil) {
        self.starter = starter
    }

    open override func tearDown() {
        source?.dropUse()
        source = nil
        precedingChain?.nextIsGone()
        things?.removeAll()
        composite?.tearDown()
        chain?.previousIsGone()
        discard(current)
        current = nil
        waiting?.tearDown()
        waiting = nil
        following?.tearDown()
        following = nil
        while let outcome = later.removeFirst() { discard(outcome) }
        ownHandle?.dropUse()
        ownHandle = nil
        super.tearDown()
    }

    // MARK: For those that bring results

    /// Called before the first wait in each context; `currentHandle` and `currentReactor` say where to look.
    open func begin() {
        starter?(self)
    }

    /// Waits for the result without a reactor, if that can be done: false when it cannot.
    open func feed(until deadline: Deadline) throws(Errno) -> Bool { false }

    public final func fulfill(_ value: UnsafeMutableRawPointer?, free: Free?) {
        add(.value(value, free))
    }

    public final func fulfill(failure reason: Errno, _ text: [UInt8]?) {
        add(.failure(reason, text.map { Slice($0) }))
    }

    /// Ends it for good, whatever else was there or comes.
    public final func fail(_ reason: Errno, _ text: [UInt8]?) {
        if fatal == nil { fatal = (reason, text.map { Slice($0) }) }
        post()
    }

    private func add(_ outcome: Outcome) {
        guard fatal == nil else {
            discard(outcome)
            return
        }
        if current == nil { current = outcome } else { later.append(outcome) }
        post()
    }

    /// Wakes whoever waits.
    private func post() {
        waiting?.timer?.stop()
        waiting?.reactor.stop()
        following?.post.start()
    }

    private func discard(_ outcome: Outcome?) {
        if case .value(let value?, let free?) = outcome { free(value) }
    }

    /// Takes over what `other` has.
    /// - Throws: EAGAIN when that has nothing yet, EEXIST when an earlier result came from a third one.
    public final func fulfill(with other: Future) throws(Errno) {
        guard other !== self else { throw Errno(code: EINVAL) }
        if let source, source !== other { throw Errno(code: EEXIST) }
        if let fatal = other.fatal {
            if self.fatal == nil { self.fatal = fatal }
            post()
        } else if let outcome = other.current {
            if case .value(let value, _) = outcome { other.current = .value(value, nil) }
            add(outcome)
        } else {
            throw Errno(code: EAGAIN)
        }
        if source == nil {
            source = other
            other.addUse()
        }
    }

    // MARK: For those that take them

    public final var isReady: Bool { current != nil || fatal != nil }

    /// The reason of a failure and its text, of a future that has failed.
    public final var failure: (reason: Errno, text: Slice?)? {
        if let fatal { return fatal }
        if case .failure(let reason, let text) = current { return (reason, text) }
        return nil
    }

    /// What it was fulfilled with; waits as long as that takes.
    public final func get() throws(Errno) -> UnsafeMutableRawPointer? {
        try wait(-1)
        if let failure { throw failure.reason }
        if case .value(let value, _) = current { return value }
        return nil
    }

    /// Drops the result; the next one takes its place.
    public final func reset() {
        let old = current
        current = nil
        discard(old)
        if let following {
            following.post.stop()
            following.restartTimer()
        }
        guard let next = later.removeFirst() else { return }
        current = next
        post()
    }

    // MARK: Where

    public final var reactor: Reactor? { ownReactor }
    public final var handle: Pollable? { ownHandle }

    public final func setReactor(_ reactor: Reactor?) {
        ownReactor = reactor
    }

    /// Also gives it the handle's reactor if it has none.
    public final func setHandle(_ handle: Pollable?) {
        handle?.addUse()
        ownHandle?.dropUse()
        ownHandle = handle
        guard let handle, ownReactor == nil else { return }
        do throws(Errno) {
            ownReactor = try handle.currentReactor()
        } catch {
            // Some handles have none before somebody gives them one; the future then has none either.
        }
    }

    /// The reactor that whoever waits now will run.
    public final func currentReactor() throws(Errno) -> Reactor {
        if let waiting, waiting.isRunning { return waiting.reactor }
        guard let ownReactor else { throw Errno(code: EINVAL) }
        return ownReactor
    }

    /// The handle that goes with that reactor.
    public final func currentHandle() throws(Errno) -> Pollable {
        guard let ownHandle else { throw Errno(code: EINVAL) }
        guard let waiting, waiting.isRunning else { return ownHandle }
        if let clone = waiting.clone { return clone }
        let made = try ownHandle.clone(on: waiting.reactor)
        waiting.clone = made
        return made
    }

    // MARK: Waiting

    /// Waits until it is ready, but so many seconds at most; less than none means without end.
    /// - Throws: ETIMEDOUT, and the future stays as it is; EDEADLK when nothing will ever fulfill it.
    public final func wait(_ seconds: Double) throws(Errno) {
        if isReady { return }
        guard seconds != 0 else { throw .timedOut }
        if waiting == nil, try feed(until: Deadline(after: seconds)) {
            guard isReady else { throw Errno(code: EDEADLK) }
            return
        }
        try runReactor(seconds)
        guard isReady else { throw Errno(code: EDEADLK) }
    }

    private func runReactor(_ seconds: Double) throws(Errno) {
        let context = waiting ?? WaitingContext()
        waiting = context
        context.setTimer(seconds)
        context.isRunning = true
        defer {
            context.timer?.stop()
            context.clone?.requeueUnmatched()
            context.isRunning = false
        }
        if !context.hasBegun {
            context.hasBegun = true
            begin()
        }
        if !isReady { _ = try context.reactor.run() }
    }

    // MARK: Continuing

    /// Has `continuation` called from the reactor once it is ready. After so many seconds it fails with ETIMEDOUT, if there
    /// are any.
    public final func then(_ seconds: Double, _ continuation: @escaping (Future) -> Void) throws(Errno) {
        guard let reactor = ownReactor else { throw Errno(code: EINVAL) }
        if let following, following.reactor !== reactor {
            following.tearDown()
            self.following = nil
        }
        let context = following ?? FollowingContext(self, reactor)
        following = context
        if isReady { context.post.start() }
        context.timeout = seconds
        context.restartTimer()
        context.continuation = continuation
        if !context.hasBegun {
            context.hasBegun = true
            begin()
        }
    }

    // MARK: What hangs on it

    public final var aux: Aux {
        if let things { return things }
        let made = Aux()
        things = made
        return made
    }

    /// What hangs on it under a name, or on the one whose result it took over.
    public final func auxValue(_ name: Text) throws(Errno) -> UnsafeMutableRawPointer {
        do throws(Errno) {
            guard let things else { throw Errno(code: ENOENT) }
            return try things.value(name)
        } catch {
            guard let source else { throw error }
            return try source.auxValue(name)
        }
    }

    /// What a maker keeps with it, or with the one whose result it took over.
    public final var anyAttachment: FutureAttachment? { attachment ?? source?.anyAttachment }

    /// The parts of it, or of the one whose result it took over.
    public final var parts: Composite? { composite ?? source?.parts }

    /// The chain that it begins, or the one whose result it took over does.
    final var begunChain: Chain? { chain ?? source?.begunChain }
}

/// What a blocked caller needs: made when somebody blocks for the first time.
private final class WaitingContext {
    let reactor = Reactor()
    var clone: Pollable?
    var timer: TimerWatcher?
    var hasBegun = false
    var isRunning = false

    func setTimer(_ seconds: Double) {
        timer?.stop()
        guard seconds > 0 else { return }
        reactor.updateTime()
        let made = TimerWatcher(reactor, after: seconds, repeat: 0) { watcher, _ in
            watcher.reactor.stop(failing: .timedOut)
        }
        made.start()
        timer = made
    }

    func tearDown() {
        timer?.stop()
        clone?.dropUse()
        clone = nil
    }
}

/// What a continuation needs.
private final class FollowingContext {
    let reactor: Reactor
    let post: PostWatcher
    private unowned(unsafe) let future: Future
    private var timer: TimerWatcher?
    var timeout = -1.0
    var continuation: ((Future) -> Void)?
    var hasBegun = false

    init(_ future: Future, _ reactor: Reactor) {
        self.future = future
        self.reactor = reactor
        post = FuturePost(reactor, future)
    }

    func restartTimer() {
        timer?.stop()
        guard timeout > 0 else { return }
        let timer = TimerWatcher(reactor, after: timeout, repeat: 0) { [unowned(unsafe) future] _, _ in
            future.fulfill(failure: .timedOut, nil)
        }
        timer.start()
        self.timer = timer
    }

    func tearDown() {
        post.stop()
        timer?.stop()
        continuation = nil
    }

    /// The future may be gone when it returns.
    func fire() {
        timer?.stop()
        post.stop()
        continuation?(future)
    }
}

extension Future {
    fileprivate func continueNow() {
        following?.fire()
    }
}

/// Continues a future.
private final class FuturePost: PostWatcher {
    private unowned(unsafe) let future: Future

    init(_ reactor: Reactor, _ future: Future) {
        self.future = future
        super.init(reactor, nil)
    }

    override func invoke(_ events: Int32) {
        future.continueNow()
    }
}

extension Deadline {
    /// So many seconds from now; less than none means never.
    init(after seconds: Double) {
        guard seconds >= 0, seconds < 1e9 else {
            self = .never
            return
        }
        self.init(milliseconds: UInt64((seconds * 1000).rounded(.up)))
    }
}
