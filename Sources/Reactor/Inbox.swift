import CEvent
import CLibc
import Sockets

/// Work from other threads, done on the loop in order. One eventfd write wakes the loop for any number of posts.
final class Inbox: @unchecked Sendable {
    private let lock = Lock()
    private var queue: [() -> Void] = []  // lock
    private let descriptor: Int32
    private var event: OpaquePointer?

    init?(_ base: OpaquePointer) {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard descriptor >= 0 else { return nil }
        // Safety: the event is freed in `close`, before this object can go.
        event = event_new(
            base, descriptor, Int16(EV_READ | EV_PERSIST),
            { _, _, context in
                guard let context else { return }
                Unmanaged<Inbox>.fromOpaque(context).takeUnretainedValue().drain()
            },
            Unmanaged.passUnretained(self).toOpaque())
        guard event != nil, event_add(event, nil) == 0 else {
            close()
            return nil
        }
    }

    func close() {
        if let event { event_free(event) }
        event = nil
        CLibc.close(descriptor)
    }

    func post(_ work: @escaping () -> Void) {
        let wasEmpty = lock.withLock {
            queue.append(work)
            return queue.count == 1
        }
        if wasEmpty {
            var one: UInt64 = 1
            _ = write(descriptor, &one, 8)
        }
    }

    /// Does what was posted up to the loop's end; what that work posts in turn as well.
    func finish() {
        while lock.withLock({ !queue.isEmpty }) { drain() }
    }

    private func drain() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, 8)
        let work = lock.withLock {
            defer { queue = [] }
            return queue
        }
        for item in work { item() }
    }
}
