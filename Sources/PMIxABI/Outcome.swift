import PMIxWire
import Reactor
import Sockets

/// A status another thread will bring.
final class Outcome: @unchecked Sendable {
    private let lock = Lock()
    private let condition = Condition()
    private var status: Status?  // lock

    func set(_ status: Status) {
        lock.withLock {
            self.status = status
            condition.signal()
        }
    }

    /// Where nobody else drives the loop, the waiting thread does.
    func wait(stepping loop: Loop?) -> Status {
        lock.lock()
        defer { lock.unlock() }
        while true {
            if let status { return status }
            guard let loop else {
                _ = condition.wait(lock, until: .never)
                continue
            }
            lock.unlock()
            loop.step()
            lock.lock()
            if status == nil { _ = condition.wait(lock, until: Deadline(milliseconds: 1)) }
        }
    }
}
