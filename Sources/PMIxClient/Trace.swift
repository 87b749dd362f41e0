import CLibc

/// What the library says when asked: one line on stderr for each thing worth knowing, with MUSTER_TRACE set. Silent otherwise.
public enum Trace {
    public static let isOn = getenv("MUSTER_TRACE") != nil

    public static func say(_ text: @autoclosure () -> String) {
        guard isOn else { return }
        let line = Array(("muster[" + String(getpid()) + "]: " + text() + "\n").utf8)
        _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    }
}
