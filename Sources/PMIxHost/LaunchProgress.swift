import PMIxWire
import Reactor

/// A line on the terminal that says how far the start of many processes is. It appears only when that takes long enough
/// to be wondered about, and goes before anything else is written.
final class LaunchProgress {
    private unowned let host: JobHost
    private var isVisible = false
    private var isOver = false
    private var isDue = false
    private var timer: Timer?

    private static let firstMilliseconds: UInt64 = 500
    private static let nextMilliseconds: UInt64 = 100

    init(_ host: JobHost) {
        self.host = host
        wait(LaunchProgress.firstMilliseconds)
    }

    private func wait(_ milliseconds: UInt64) {
        timer = Timer(host.loop, milliseconds: milliseconds) { [unowned self] in
            timer = nil
            isDue = true
            show()
        }
    }

    /// Something has changed.
    func show() {
        guard !isOver else { return }
        let ranks = host.jobs.first?.ranks ?? []
        let started = ranks.count { $0.pid > 0 }
        let connected = ranks.count { $0.hasConnected }
        if !ranks.isEmpty && (started == ranks.count && connected == ranks.count)
            || ranks.contains(where: { $0.hasEnded })
        {
            return clear()
        }
        guard isDue else { return }
        isDue = false
        isVisible = true
        let text = "\r\u{1b}[Kmuster: \(started) of \(ranks.count) started, \(connected) in PMIx_Init"
        host.errors.writeRaw(Array(text.utf8))
        wait(LaunchProgress.nextMilliseconds)
    }

    func clear() {
        guard !isOver else { return }
        isOver = true
        timer?.cancel()
        timer = nil
        if isVisible { host.errors.writeRaw(Array("\r\u{1b}[K".utf8)) }
    }
}
