import CLibc

/// A mutex. Held for a few instructions at a time and never while user code runs.
public final class Lock: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    public init() {
        mutex = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    public func withLock<T, E: Error>(_ body: () throws(E) -> T) throws(E) -> T {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }

    public func lock() { pthread_mutex_lock(mutex) }
    public func unlock() { pthread_mutex_unlock(mutex) }

    /// In the child of a fork the thread that held it may be gone: start it anew.
    public func resetAfterFork() { pthread_mutex_init(mutex, nil) }
}

/// A place to wait for something another thread makes true; always used with the lock that guards it.
public final class Condition: @unchecked Sendable {
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    public init() {
        condition = .allocate(capacity: 1)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        condition.deallocate()
    }

    public func signal() { pthread_cond_signal(condition) }
    public func broadcast() { pthread_cond_broadcast(condition) }

    /// Waits with `lock` held. false when the deadline passed first.
    public func wait(_ lock: Lock, until deadline: Deadline) -> Bool {
        lock.wait(on: condition, until: deadline)
    }
}

extension Lock {
    fileprivate func wait(on condition: UnsafeMutablePointer<pthread_cond_t>, until deadline: Deadline) -> Bool {
        guard let nanoseconds = deadline.nanoseconds else {
            pthread_cond_wait(condition, mutex)
            return true
        }
        var moment = timespec(
            tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        return pthread_cond_timedwait(condition, mutex, &moment) != ETIMEDOUT
    }
}

/// A moment on the monotonic clock, or never.
public struct Deadline: Sendable {
    /// nil: never.
    public let nanoseconds: UInt64?

    public static let never = Deadline(nanoseconds: nil)

    private init(nanoseconds: UInt64?) {
        self.nanoseconds = nanoseconds
    }

    /// So many seconds from now; 0 or more than a century means never, as timeouts in PMIx do.
    public init(seconds: UInt64) {
        guard seconds > 0, seconds < 3_000_000_000 else {
            self = .never
            return
        }
        self.init(nanoseconds: Deadline.now + seconds * 1_000_000_000)
    }

    public init(milliseconds: UInt64) {
        self.init(nanoseconds: Deadline.now + min(milliseconds, 1 << 40) * 1_000_000)
    }

    public static var now: UInt64 {
        var moment = timespec()
        clock_gettime(CLOCK_MONOTONIC, &moment)
        return UInt64(moment.tv_sec) * 1_000_000_000 + UInt64(moment.tv_nsec)
    }

    /// How long from now; nil for never.
    public var milliseconds: UInt64? {
        guard let nanoseconds else { return nil }
        let now = Deadline.now
        return nanoseconds <= now ? 0 : (nanoseconds - now + 999_999) / 1_000_000
    }

    public var hasPassed: Bool {
        guard let nanoseconds else { return false }
        return Deadline.now >= nanoseconds
    }

    /// What poll(2) takes: milliseconds rounded up, -1 for never.
    public var pollMilliseconds: Int32 {
        guard let nanoseconds else { return -1 }
        let now = Deadline.now
        if nanoseconds <= now { return 0 }
        return Int32(clamping: (nanoseconds - now + 999_999) / 1_000_000)
    }
}
