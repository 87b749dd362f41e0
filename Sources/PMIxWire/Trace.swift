import Bytes
import CLibc

/// What the library says when asked: one line on stderr for each thing worth knowing, with MUSTER_TRACE set. Silent otherwise.
public enum Trace {
    public static let isOn = getenv("MUSTER_TRACE") != nil

    /// Hears what would be said, whether or not it is. Set before anything else is done.
    nonisolated(unsafe) public static var listener: ((String) -> Void)?

    public static var isHeard: Bool { isOn || listener != nil }

    public static func say(_ text: @autoclosure () -> String) {
        if let listener { listener(text()) }
        guard isOn else { return }
        let line = Array(("muster[" + String(getpid()) + "]: " + text() + "\n").utf8)
        _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    }

    /// The line about a peer that one cannot talk to: how it speaks, and how one could.
    public static func misfit(_ what: Text, _ who: Text, release: Text, module: Text, isDescribed: Bool) {
        guard isHeard else { return }
        let ours: Text = .joined(Dialect.modules.map { $0.name }, separator: UInt8(ascii: " "))
        let peer: Text = what + ": " + who + ", release " + release + ", codec " + module
        let buffers: Text = isDescribed ? ", described buffers" : ", plain buffers"
        let here: Text = "; here: release " + Release.oursText + ", codecs " + ours + ", plain or described buffers"
        say((peer + buffers + here).description)
    }
}
