import Sockets

/// A descriptor that is written to without waiting for whoever reads it: a terminal, a pipe, a file. What it does not take
/// now is queued and goes when it can. The descriptor keeps its mode, which other processes may share. On the loop.
public final class Outlet {
    private let loop: Loop
    private let descriptor: Int32
    private let isOwned: Bool
    private let portion: Int
    private var queue: [UInt8] = []
    private var watcher: Watcher?
    private var isBroken = false

    /// Queued bytes beyond which the writer waits after all: memory has an end too.
    private static let mostQueued = 64 << 20
    private static let pipePortion = 4096
    private static let filePortion = 1 << 20
    /// How long a reader that does not read is waited for at the end.
    private static let patienceMilliseconds: Int32 = 2000

    /// `isOwned`: closed with this object's `close`.
    public init(_ loop: Loop, _ descriptor: Int32, isOwned: Bool) {
        self.loop = loop
        self.descriptor = descriptor
        self.isOwned = isOwned
        portion = OutputFiles.isRegular(descriptor) ? Outlet.filePortion : Outlet.pipePortion
    }

    public func write(_ bytes: [UInt8]) {
        if isBroken || bytes.isEmpty { return }
        queue += bytes
        pour(waiting: queue.count > Outlet.mostQueued ? -1 : 0)
        guard !queue.isEmpty, !isBroken else { return }
        if watcher == nil { watcher = Watcher(loop, descriptor, .writable) { [unowned(unsafe) self] in poured() } }
        watcher?.enable()
    }

    private func poured() {
        pour(waiting: 0)
        if queue.isEmpty || isBroken { watcher?.disable() }
    }

    /// Writes until all is gone or the descriptor takes no more within `waiting` milliseconds.
    private func pour(waiting: Int32) {
        var sent = 0
        do throws(Errno) {
            while sent < queue.count, OutputFiles.takesMore(descriptor, milliseconds: waiting) {
                sent += try OutputFiles.write(descriptor, queue, from: sent, atMost: portion)
            }
        } catch {
            // Nobody reads any more, or the disk is full: there is no one to tell.
            if !error.isAgain { isBroken = true }
        }
        queue = isBroken ? [] : Array(queue[sent...])
    }

    /// Lets go of the descriptor, after what is queued.
    public func close() {
        pour(waiting: Outlet.patienceMilliseconds)
        watcher?.cancel()
        watcher = nil
        isBroken = true
        queue = []
        if isOwned { OutputFiles.close(descriptor) }
    }
}
