import CLibc
import Reactor
import Sockets

/// What one process is given to read: what comes is kept until the process takes it. On the loop.
final class RankInput {
    /// Closed when it is let go of.
    private var target: System.Descriptor?
    private let loop: Loop
    private var queue: [UInt8] = []
    private var isEnding = false
    private var watcher: Watcher?
    /// Called when all has been taken, or nobody will take any more.
    var onEmpty: (() -> Void)?
    private(set) var isOver = false

    init(_ loop: Loop, _ target: System.Descriptor) {
        self.loop = loop
        self.target = target
        target.setNonBlocking()
        watcher = Watcher(loop, target.number, .writable) { [unowned self] in pour() }
    }

    var isEmpty: Bool { queue.isEmpty }

    func write(_ bytes: [UInt8]) {
        if isOver || isEnding { return }
        queue += bytes
        pour()
    }

    /// The end of the input follows what was written.
    func end() {
        isEnding = true
        pour()
    }

    private func pour() {
        if isOver { return }
        do throws(Errno) {
            if let target, !queue.isEmpty { queue.removeFirst(try target.write(queue[...])) }
        } catch {
            queue = []
            isEnding = true
        }
        if !queue.isEmpty {
            watcher?.enable()
            return
        }
        watcher?.disable()
        if isEnding { close() }
        onEmpty?()
    }

    func close() {
        isOver = true
        queue = []
        watcher?.cancel()
        watcher = nil
        target = nil
    }
}

/// Muster's own input, passed on to the processes that are to read it, no faster than they do. On the loop.
final class InputSource {
    private let loop: Loop
    private let targets: [RankInput]
    private var watcher: Watcher?
    private var timer: Timer?
    private var isOver = false
    /// A portion is being handed out, or its reading is on its way.
    private var isBusy = false
    private let isWatchable = System.isWatchable(0)

    private static let portion = 1 << 16
    /// How often a muster in the background looks whether it may read the terminal now.
    private static let pauseMilliseconds: UInt64 = 500

    init(_ loop: Loop, _ targets: [RankInput]) {
        self.loop = loop
        self.targets = targets
        for target in targets { target.onEmpty = { [unowned self] in proceed() } }
    }

    /// The next portion, once everybody has taken the last.
    func proceed() {
        guard !isOver, !isBusy else { return }
        if targets.allSatisfy({ $0.isOver }) { return stop() }
        guard targets.allSatisfy({ $0.isEmpty || $0.isOver }) else { return }
        guard isWatchable else {
            isBusy = true
            return loop.post { [self] in read() }
        }
        if watcher == nil { watcher = Watcher(loop, 0, .readable) { [unowned self] in read() } }
        watcher?.enable()
    }

    private func read() {
        guard !isOver else { return }
        watcher?.disable()
        var buffer = [UInt8](repeating: 0, count: InputSource.portion)
        let count = CLibc.read(0, &buffer, buffer.count)
        if count > 0 {
            isBusy = true
            for target in targets { target.write(Array(buffer[..<count])) }
            isBusy = false
            return proceed()
        }
        isBusy = false
        if count < 0, clibc_errno() == EIO || clibc_errno() == EAGAIN || clibc_errno() == EINTR {
            timer = Timer(loop, milliseconds: InputSource.pauseMilliseconds) { [unowned self] in proceed() }
            return
        }
        for target in targets { target.end() }
        stop()
    }

    func stop() {
        isOver = true
        watcher?.cancel()
        watcher = nil
        timer?.cancel()
        timer = nil
    }
}
