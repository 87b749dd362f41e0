import CLibc

/// What the library says when asked: one line on stderr for each thing worth knowing, with MUSTER_TRACE set. Silent otherwise.
public enum Trace {
    public static let isOn = getenv("MUSTER_TRACE") != nil

    /// Hears what would be said, whether or not it is. Set before anything else is done.
    nonisolated(unsafe) public static var listener: ((String) -> Void)?

    public static func say(_ text: @autoclosure () -> String) {
        if let listener { listener(text()) }
        guard isOn else { return }
        let line = Array(("muster[" + String(getpid()) + "]: " + text() + "\n").utf8)
        _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    }
}
