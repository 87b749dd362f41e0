import CEvent
import CLibc
import Sockets
import Synchronization

/// An event loop over libevent. Watchers and timers are made and cancelled on the loop's own thread; from any other thread there is `post`.
public final class Loop: @unchecked Sendable {
    let base: OpaquePointer
    private let isOwned: Bool
    private let owner = Atomic<pthread_t>(0)  // whoever runs it; 0 is no thread
    private let inbox: Inbox

    /// A loop of our own; nil when the system refuses one.
    public convenience init?() {
        guard let base = Loop.newBase() else { return nil }
        self.init(base: base, isOwned: true)
    }

    /// A loop that a host runs (`PMIX_EVENT_BASE`): we only add to it.
    public convenience init?(adopting base: OpaquePointer) {
        self.init(base: base, isOwned: false)
    }

    private init?(base: OpaquePointer, isOwned: Bool) {
        self.base = base
        self.isOwned = isOwned
        guard let inbox = Inbox(base) else {
            if isOwned { event_base_free(base) }
            return nil
        }
        self.inbox = inbox
    }

    deinit {
        inbox.close()
        if isOwned { event_base_free(base) }
    }

    private static func newBase() -> OpaquePointer? {
        // Only one thread ever touches a base of ours, so libevent needs no locks; the inbox has its own wake-up.
        guard let configuration = event_config_new() else { return nil }
        defer { event_config_free(configuration) }
        event_config_set_flag(configuration, Int32(EVENT_BASE_FLAG_NOLOCK.rawValue))
        return event_base_new_with_config(configuration)
    }

    /// Runs `work` on the loop, in the order of posting, and never inside the caller.
    public func post(_ work: @escaping () -> Void) {
        inbox.post(work)
    }

    /// Whether the caller runs on this loop.
    public var isCurrent: Bool {
        owner.load(ordering: .relaxed) == pthread_self()
    }

    /// Runs until `stop`. The calling thread becomes the loop's.
    public func run() {
        owner.store(pthread_self(), ordering: .relaxed)
        _ = event_base_loop(base, EVLOOP_NO_EXIT_ON_EMPTY)
        // Nothing stays behind: posted work holds references, and someone may wait for it.
        inbox.finish()
        owner.store(0, ordering: .relaxed)
    }

    /// What is ready now, without waiting: for hosts that drive progress themselves.
    public func step() {
        guard !isCurrent else { return }
        owner.store(pthread_self(), ordering: .relaxed)
        _ = event_base_loop(base, EVLOOP_NONBLOCK)
        owner.store(0, ordering: .relaxed)
    }

    /// Does what has been posted, for a loop without a thread that nobody will step again.
    public func settle() {
        inbox.finish()
    }

    /// Ends `run` once what is posted so far has been done.
    public func stop() {
        post { [unowned(unsafe) self] in event_base_loopbreak(base) }
    }
}
