import CLibc
import Sockets

/// The mailboxes a process has, by descriptor.
public final class Mailboxes: @unchecked Sendable {
    public static let shared = Mailboxes()

    private let lock = Lock()
    private var all: [Int32: Mailbox] = [:]  // lock

    private init() {
        // A forked child inherits locks that threads it does not have may hold.
        pthread_atfork(nil, nil) { Mailboxes.shared.startOver() }
    }

    public subscript(_ descriptor: Int32) -> Mailbox? {
        lock.withLock { all[descriptor] }
    }

    public func find(_ descriptor: Int32) throws(SpreadError) -> Mailbox {
        guard let mailbox = self[descriptor] else { throw .illegalSession }
        return mailbox
    }

    func add(_ mailbox: Mailbox) throws(SpreadError) {
        let isFull = lock.withLock {
            if let stale = all[mailbox.descriptor] {
                stale.abandon()
            } else if all.count >= Limits.mailboxes {
                return true
            }
            all[mailbox.descriptor] = mailbox
            return false
        }
        if isFull { throw .quota }
    }

    /// Ends a connection. Calls in progress return; the descriptor is closed after the last of them.
    public func disconnect(_ descriptor: Int32, sayingGoodbye: Bool) throws(SpreadError) {
        guard let mailbox = lock.withLock({ all.removeValue(forKey: descriptor) }) else { throw .illegalSession }
        mailbox.trace?.ends()
        if sayingGoodbye { mailbox.sayGoodbye() }
        mailbox.fail()
    }

    private func startOver() {
        lock.resetAfterFork()
        for mailbox in all.values {
            mailbox.sending.resetAfterFork()
            mailbox.receiving.resetAfterFork()
        }
    }
}
