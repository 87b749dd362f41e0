// What a reactor and a future need to know of a handle, which is the only one.
import CLibc
import Sockets

/// What a descriptor or a handle is ready for, as FLUX_POLLIN and its siblings.
public enum Poll {
    public static let input: Int32 = 1
    public static let output: Int32 = 2
    public static let error: Int32 = 4
}

open class Pollable: Counted {
    /// A descriptor that becomes readable when what `pollEvents` says changes.
    open func pollDescriptor() throws(Errno) -> Int32 { throw Errno(code: ENOTSUP) }

    /// What can be done now without waiting.
    open func pollEvents() throws(Errno) -> Int32 { throw Errno(code: ENOTSUP) }

    /// The part of `pollEvents` that needs no system call.
    open func queuedEvents() -> Int32 { 0 }

    /// A descriptor that is readable while there is something to receive beyond what `queuedEvents` says; nil when there is
    /// no such one and `pollDescriptor` has to do.
    open func plainSocket() -> Int32? { nil }

    /// Writes what was kept back so that several messages go in one piece.
    open func flushUnsent() {}

    /// Grows with each message received.
    open var receivedCount: UInt64 { 0 }

    open func currentReactor() throws(Errno) -> Reactor { throw Errno(code: ENOTSUP) }

    /// Another handle on the same connection, which dispatches on a reactor of its own.
    open func clone(on reactor: Reactor) throws(Errno) -> Pollable { throw Errno(code: ENOTSUP) }

    /// Gives what a clone received and did not want back to where it came from.
    open func requeueUnmatched() {}
}
