import CLibc
import Sockets

/// One of muster's own streams. Whoever reads it may be slow: a thread of its own writes, so that nothing is lost and the
/// loop never waits. The lines of different writers never mix.
final class OutputSink: @unchecked Sendable {
    private let descriptor: Int32
    private let lock = Lock()
    private let condition = Condition()
    private var queue: [UInt8] = []  // lock
    private var isWriting = false  // lock
    private var isEnding = false  // lock
    private var isBroken = false  // lock
    private var reason: Errno?  // lock
    private var thread: pthread_t?
    /// Called from the writing thread when there is room again.
    private let onRoom: () -> Void

    // The caller's thread.
    private var lastWriter: ObjectIdentifier?
    private var isMidLine = false

    static let most = 4 << 20
    private static let portion = 1 << 16

    init(_ descriptor: Int32, onRoom: @escaping () -> Void) {
        self.descriptor = descriptor
        self.onRoom = onRoom
    }

    /// Too much waits already: whoever reads what goes here should pause.
    var isFull: Bool { lock.withLock { queue.count > OutputSink.most } }
    /// Nobody reads it any more.
    var hasFailed: Bool { lock.withLock { isBroken } }
    /// Why something was lost, other than that nobody wanted it.
    var loss: Errno? { lock.withLock { reason?.code == EPIPE ? nil : reason } }

    /// What has no newline at its end gets one before another writes, unless it is a piece of something endless.
    func write(_ bytes: [UInt8], from writer: ObjectIdentifier, isPiece: Bool = false) {
        guard let last = bytes.last else { return }
        let interrupts = isMidLine && lastWriter != writer
        lastWriter = writer
        isMidLine = !isPiece && last != UInt8(ascii: "\n")
        lock.withLock {
            if isBroken { return }
            if interrupts { queue.append(UInt8(ascii: "\n")) }
            queue += bytes
            condition.signal()
        }
        if thread == nil { start() }
    }

    /// What is no line and stands for itself.
    func writeRaw(_ bytes: [UInt8]) {
        lock.withLock {
            if isBroken { return }
            queue += bytes
            condition.signal()
        }
        if thread == nil { start() }
    }

    private func start() {
        var thread = pthread_t()
        // Safety: balanced in the thread's first statement.
        let context = Unmanaged.passRetained(self).toOpaque()
        let result = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<OutputSink>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, context)
        if result == 0 {
            self.thread = thread
        } else {
            Unmanaged<OutputSink>.fromOpaque(context).release()
        }
    }

    private func run() {
        while true {
            lock.lock()
            while queue.isEmpty && !isEnding { _ = condition.wait(lock, until: .never) }
            let bytes = queue
            queue = []
            lock.unlock()
            if bytes.isEmpty { return }
            if !put(bytes) {
                lock.withLock {
                    isBroken = true
                    queue = []
                }
            }
            if bytes.count > OutputSink.most / 2 || lock.withLock({ isBroken }) { onRoom() }
        }
    }

    private func put(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { whole in
                let part = UnsafeRawBufferPointer(rebasing: whole[sent..<min(sent + OutputSink.portion, bytes.count)])
                return CLibc.write(descriptor, part.baseAddress, part.count)
            }
            if count >= 0 {
                sent += count
                continue
            }
            let reason = Errno(code: clibc_errno())
            if reason.isAgain {
                // Another process has made the stream non-blocking.
                var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&entry, 1, -1)
            } else if reason.code != EINTR {
                lock.withLock { self.reason = reason }
                return false
            }
        }
        return true
    }

    /// Returns when everything has been written.
    func finish() {
        guard let thread else { return }
        lock.withLock {
            isEnding = true
            condition.signal()
        }
        pthread_join(thread, nil)
        self.thread = nil
    }
}
