import Sockets

/// A descriptor that is read piece by piece, the next one only when it is asked for. It is never closed. On the loop.
public final class Inlet {
    private let loop: Loop
    private let descriptor: Int32
    private var watcher: Watcher?
    private var timer: Timer?
    private var waiting: (([UInt8]) -> Void)?

    private static let portion = 4096
    /// How often a program in the background looks whether it may read its terminal again.
    private static let pauseMilliseconds: UInt64 = 500

    public init(_ loop: Loop, _ descriptor: Int32) {
        self.loop = loop
        self.descriptor = descriptor
    }

    /// `next` gets what there is, nothing at the end or when it cannot be read.
    public func read(_ next: @escaping ([UInt8]) -> Void) {
        waiting = next
        if watcher == nil { watcher = Watcher(loop, descriptor, .readable) { [unowned(unsafe) self] in readable() } }
        watcher?.enable()
        // Files cannot be watched: they are always ready.
        if watcher?.isEnabled != true { loop.post { [self] in readable() } }
    }

    private func readable() {
        guard let next = waiting else { return }
        watcher?.disable()
        let bytes: [UInt8]
        do throws(Errno) {
            bytes = try OutputFiles.read(descriptor, atMost: Inlet.portion)
        } catch {
            guard error.isAgain else { return end(next) }
            timer = Timer(loop, milliseconds: Inlet.pauseMilliseconds) { [unowned(unsafe) self] in read(next) }
            return
        }
        if bytes.isEmpty { return end(next) }
        waiting = nil
        next(bytes)
    }

    private func end(_ next: ([UInt8]) -> Void) {
        close()
        next([])
    }

    public func close() {
        watcher?.cancel()
        timer?.cancel()
        watcher = nil
        timer = nil
        waiting = nil
    }
}
