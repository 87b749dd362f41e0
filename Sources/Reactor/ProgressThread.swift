import CLibc
import Sockets

/// The thread that runs a loop. All signals are blocked in it: they are the program's, not the library's.
public final class ProgressThread: @unchecked Sendable {
    public let loop: Loop
    private var thread = pthread_t()

    /// nil when the system refuses a thread.
    public init?(_ loop: Loop) {
        self.loop = loop
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, ProgressThread.stackByteCount)
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        // Safety: balanced in the thread's first statement.
        let context = Unmanaged.passRetained(loop).toOpaque()
        let result = pthread_create(
            &thread, &attributes,
            { context in
                if let context { Unmanaged<Loop>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, context)
        pthread_sigmask(SIG_SETMASK, &before, nil)
        guard result == 0 else {
            Unmanaged<Loop>.fromOpaque(context).release()
            return nil
        }
    }

    /// Untouched pages cost nothing; user callbacks run here and may be deep.
    private static let stackByteCount = 8 << 20

    /// Does what is posted and ends. From the thread itself it only asks for the end.
    public func stop() {
        loop.stop()
        if loop.isCurrent {
            pthread_detach(thread)
        } else {
            pthread_join(thread, nil)
        }
    }
}
