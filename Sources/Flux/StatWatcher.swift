// Watches what stat(2) says of a path: looks at it now and then, and at once when the system says that it changed.
import CLibc

public final class StatWatcher: Watcher {
    private static let usualInterval = 5.0
    private static let shortestInterval = 0.1

    private let path: [CChar]
    /// Without a file its count of links is 0.
    public private(set) var current = stat()
    public private(set) var previous = stat()
    private var timer: TimerWatcher?
    private var notices: DescriptorWatcher?
    private var notifier: Int32 = -1

    /// An interval of 0 means the usual one.
    public init(_ reactor: Reactor, path: [UInt8], interval: Double, _ handler: ((Watcher, Int32) -> Void)?) {
        self.path = path.map { CChar(bitPattern: $0) } + [0]
        super.init(reactor, handler)
        let interval = interval > 0 ? max(interval, StatWatcher.shortestInterval) : StatWatcher.usualInterval
        timer = TimerWatcher(reactor, after: interval, repeat: interval) { [unowned(unsafe) self] _, _ in look() }
        timer?.unreference()
    }

    override func enter() {
        current = read()
        previous = current
        listen()
        timer?.again()
    }

    override func leave() {
        timer?.stop()
        notices?.stop()
        notices = nil
        if notifier >= 0 { close(notifier) }
        notifier = -1
    }

    deinit {
        if notifier >= 0 { close(notifier) }
    }

    private func read() -> stat {
        var found = stat()
        guard lstat(path, &found) == 0 else { return stat() }
        if found.st_nlink == 0 { found.st_nlink = 1 }
        return found
    }

    private func look() {
        let found = read()
        guard differs(found, current) else { return }
        previous = current
        current = found
        reactor.feed(self, 0)
    }

    private func differs(_ a: stat, _ b: stat) -> Bool {
        a.st_dev != b.st_dev || a.st_ino != b.st_ino || a.st_mode != b.st_mode || a.st_nlink != b.st_nlink
            || a.st_uid != b.st_uid || a.st_gid != b.st_gid || a.st_rdev != b.st_rdev || a.st_size != b.st_size
            || a.st_atim.tv_sec != b.st_atim.tv_sec || a.st_atim.tv_nsec != b.st_atim.tv_nsec
            || a.st_mtim.tv_sec != b.st_mtim.tv_sec || a.st_mtim.tv_nsec != b.st_mtim.tv_nsec
            || a.st_ctim.tv_sec != b.st_ctim.tv_sec || a.st_ctim.tv_nsec != b.st_ctim.tv_nsec
    }

    // MARK: Notices

    private func listen() {
        notifier = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard notifier >= 0 else { return }
        watchPath()
        let made = DescriptorWatcher(reactor, descriptor: notifier, events: Poll.input) { [unowned(unsafe) self] _, _ in
            hear()
        }
        made.unreference()
        made.start()
        notices = made
    }

    /// The file itself, or while there is none the nearest folder in which it, or its own folder, can appear.
    private func watchPath() {
        let changes = IN_ATTRIB | IN_MODIFY | IN_DELETE_SELF | IN_MOVE_SELF | IN_CREATE | IN_DELETE | IN_DONT_FOLLOW
        if inotify_add_watch(notifier, path, UInt32(changes)) >= 0 { return }
        var end = path.count - 1
        while true {
            while end > 0, path[end - 1] != CChar(bitPattern: UInt8(ascii: "/")) { end -= 1 }
            while end > 1, path[end - 1] == CChar(bitPattern: UInt8(ascii: "/")) { end -= 1 }
            let folder = end == 0 ? [CChar(bitPattern: UInt8(ascii: ".")), 0] : Array(path[..<end]) + [0]
            let arrivals = IN_DELETE_SELF | IN_MOVE_SELF | IN_CREATE | IN_MOVED_TO
            if inotify_add_watch(notifier, folder, UInt32(arrivals)) >= 0 || end <= 1 { return }
        }
    }

    private func hear() {
        var ignored = [UInt8](repeating: 0, count: 4096)
        while CLibc.read(notifier, &ignored, ignored.count) > 0 {}
        watchPath()
        look()
    }
}
