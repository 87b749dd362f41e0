import CLibc
import Sockets

/// Lets a loop watch a socket in a way any thread can suspend at once.
///
/// The socket sits in an epoll set of its own, and the loop watches that set's descriptor. Taking the socket out of the set is one
/// system call, safe while the loop waits, and does not wake it; telling libevent the same would. So a caller about to block for an
/// answer shuts the gate, reads the socket itself and opens it again: no thread hand-off on the way out or back.
public final class Gate: @unchecked Sendable {
    public let descriptor: Int32
    private let socket: Socket

    /// Shut. nil when the system has no descriptor left.
    public init?(_ socket: Socket) {
        self.socket = socket
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { return nil }
        var event = epoll_event()
        guard epoll_ctl(descriptor, EPOLL_CTL_ADD, socket.descriptor, &event) == 0 else {
            close(descriptor)
            return nil
        }
    }

    deinit {
        close(descriptor)
    }

    public func open() { set(EPOLLIN.rawValue) }
    public func shut() { set(0) }

    private func set(_ events: UInt32) {
        var event = epoll_event()
        event.events = events
        _ = epoll_ctl(descriptor, EPOLL_CTL_MOD, socket.descriptor, &event)
    }
}
