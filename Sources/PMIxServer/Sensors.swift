import Bytes
import PMIxWire
import Reactor

/// A watch over a process, kept by this server at the process's own request: its heartbeats, or a file it should keep
/// changing. Too many intervals in a row without a sign of life are an event.
final class Monitor {
    enum Subject {
        case heartbeat
        case file(Text, watching: FileSigns)
    }

    /// Which of a file's properties count as a sign of life.
    struct FileSigns {
        var size = false
        var accessed = false
        var modified = false
    }

    let peer: Peer
    let name: Text?
    let subject: Subject
    private let code: Status
    private let range: DataRange
    private let milliseconds: UInt64
    private let allowedDrops: UInt64
    private var drops: UInt64 = 0
    private var hasSign = false
    private var last: ServerFiles.Sample?
    private var timer: Timer?

    init(_ peer: Peer, _ subject: Subject, _ code: Status, seconds: UInt64, drops: UInt64, _ directives: [Info]) {
        self.peer = peer
        self.subject = subject
        self.code = code == .success ? Monitor.alert(of: subject) : code
        name = directives[.monitorID]?.asText
        range = directives[.range]?.asUnsigned.map { DataRange(rawValue: UInt8(truncatingIfNeeded: $0)) } ?? .namespace
        milliseconds = seconds.multipliedClamping(by: 1000)
        allowedDrops = drops
    }

    /// What a program hears that has named no code of its own.
    private static func alert(of subject: Subject) -> Status {
        if case .heartbeat = subject { .heartbeatAlert } else { .fileAlert }
    }

    func start() {
        if case .file(let path, _) = subject { last = ServerFiles.sample(path) }
        again()
    }

    private func again() {
        timer = Timer(peer.server.loop, milliseconds: milliseconds) { [self] in check() }
    }

    func cancel() {
        timer?.cancel()
        timer = nil
    }

    func heard() {
        if case .heartbeat = subject { hasSign = true }
    }

    private func check() {
        if case .file(let path, let signs) = subject { look(at: path, signs) }
        drops = hasSign ? 0 : drops + 1
        hasSign = false
        guard drops > allowedDrops else { return again() }
        timer = nil
        var infos: [Info] = []
        if let name { infos.append(Info(.monitorID, .string(name))) }
        peer.server.monitorFailed(self, Event(code, source: peer.proc, range: range, infos: infos))
    }

    private func look(at path: Text, _ signs: FileSigns) {
        let now = ServerFiles.sample(path)
        defer { last = now }
        guard let now, let last else { return }
        hasSign =
            (signs.size && now.byteCount != last.byteCount) || (signs.accessed && now.accessed != last.accessed)
            || (signs.modified && now.modified != last.modified)
    }
}

extension Server {
    /// nil when this is nothing a server watches by itself.
    func startMonitor(_ peer: Peer, _ subject: Info, _ code: Status, _ directives: [Info]) -> Status? {
        switch subject.key {
        case .monitorCancel:
            let name = subject.value.asText
            let (gone, kept) = monitors.partitioned { $0.peer === peer && (name == nil || $0.name == name) }
            if gone.isEmpty && name != nil { return nil }
            for monitor in gone { monitor.cancel() }
            monitors = kept
            return .success
        case .monitorHeartbeat:
            guard let seconds = directives[.monitorHeartbeatTime]?.asUnsigned, seconds > 0 else { return .badParameter }
            let drops = directives[.monitorHeartbeatDrops]?.asUnsigned ?? 0
            return start(Monitor(peer, .heartbeat, code, seconds: seconds, drops: drops, directives))
        case .monitorFile:
            let signs = Monitor.FileSigns(
                size: directives.isTrue(.monitorFileSize), accessed: directives.isTrue(.monitorFileAccess),
                modified: directives.isTrue(.monitorFileModify))
            guard let path = subject.value.asText, signs.size || signs.accessed || signs.modified,
                let seconds = directives[.monitorFileTime]?.asUnsigned, seconds > 0
            else { return .badParameter }
            let drops = directives[.monitorFileDrops]?.asUnsigned ?? 0
            return start(
                Monitor(peer, .file(path, watching: signs), code, seconds: seconds, drops: drops, directives))
        default: return nil
        }
    }

    private func start(_ monitor: Monitor) -> Status {
        monitors.append(monitor)
        monitor.start()
        return .success
    }

    func heard(from peer: Peer) {
        for monitor in monitors where monitor.peer === peer { monitor.heard() }
    }

    func monitorFailed(_ monitor: Monitor, _ event: Event) {
        monitors.removeAll { $0 === monitor }
        announce(event)
    }

    func endMonitors(of peer: Peer) {
        let (gone, kept) = monitors.partitioned { $0.peer === peer }
        for monitor in gone { monitor.cancel() }
        monitors = kept
    }
}

extension Array {
    /// Those that match and those that do not, each in order.
    func partitioned(_ matches: (Element) -> Bool) -> (matching: [Element], others: [Element]) {
        var matching: [Element] = []
        var others: [Element] = []
        for element in self {
            if matches(element) { matching.append(element) } else { others.append(element) }
        }
        return (matching, others)
    }
}
