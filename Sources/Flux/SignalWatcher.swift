// Signals without a handler: a watched one is blocked in the thread and read from a descriptor.
import CLibc

public final class SignalWatcher: Watcher {
    public let number: Int32

    public init(_ reactor: Reactor, number: Int32, _ handler: ((Watcher, Int32) -> Void)?) {
        self.number = number
        super.init(reactor, handler)
    }

    public static func isSignal(_ number: Int32) -> Bool {
        var set = sigset_t()
        sigemptyset(&set)
        return sigaddset(&set, number) == 0
    }

    override func enter() {
        reactor.signals.add(self)
    }

    override func leave() {
        reactor.signals.remove(self)
    }
}

/// The signals of one reactor.
final class SignalSet {
    private unowned(unsafe) let reactor: Reactor
    private var watchers: [SignalWatcher] = []
    /// Those that this set has blocked; others were blocked before, and stay so.
    private var blocked: [Int32] = []
    private var descriptor: Int32 = -1
    private var source: DescriptorWatcher?

    init(reactor: Reactor) {
        self.reactor = reactor
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    func add(_ watcher: SignalWatcher) {
        let isFirst = !watchers.contains { $0.number == watcher.number }
        watchers.append(watcher)
        guard isFirst else { return }
        var only = sigset_t()
        var before = sigset_t()
        sigemptyset(&only)
        sigaddset(&only, watcher.number)
        pthread_sigmask(SIG_BLOCK, &only, &before)
        if sigismember(&before, watcher.number) == 0 { blocked.append(watcher.number) }
        listen()
    }

    func remove(_ watcher: SignalWatcher) {
        guard let place = watchers.firstIndex(where: { $0 === watcher }) else { return }
        watchers.remove(at: place)
        guard !watchers.contains(where: { $0.number == watcher.number }) else { return }
        listen()
        guard let own = blocked.firstIndex(of: watcher.number) else { return }
        blocked.remove(at: own)
        var only = sigset_t()
        sigemptyset(&only)
        sigaddset(&only, watcher.number)
        pthread_sigmask(SIG_UNBLOCK, &only, nil)
    }

    /// Makes the descriptor one of what is watched now.
    private func listen() {
        if watchers.isEmpty {
            source?.stop()
            source = nil
            close(descriptor)
            descriptor = -1
            return
        }
        var all = sigset_t()
        sigemptyset(&all)
        for watcher in watchers { sigaddset(&all, watcher.number) }
        descriptor = signalfd(descriptor, &all, Int32(SFD_NONBLOCK | SFD_CLOEXEC))
        guard source == nil, descriptor >= 0 else { return }
        let made = DescriptorWatcher(reactor, descriptor: descriptor, events: Poll.input) {
            [unowned(unsafe) self] _, _ in
            receive()
        }
        made.unreference()
        made.level = Reactor.levels - 1
        made.start()
        source = made
    }

    private func receive() {
        var info = signalfd_siginfo()
        while read(descriptor, &info, MemoryLayout<signalfd_siginfo>.size) == MemoryLayout<signalfd_siginfo>.size {
            for watcher in watchers.reversed() where watcher.number == Int32(bitPattern: info.ssi_signo) {
                reactor.feed(watcher, 0)
            }
        }
    }
}
