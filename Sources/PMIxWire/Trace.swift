import Bytes
import CLibc

/// What the library says when MUSTER_TRACE asks for it, a line at a time; silent otherwise. The variable has words with
/// commas between them: `reasons` for why a server is not found or does not take us, `wire` for every message, `1` for
/// both, a path to append to instead of stderr. Nothing, and `0`, ask for nothing.
public enum Trace {
    private struct Choice {
        var reasons = false
        var wire = false
        var descriptor: Int32 = 2

        init() {
            // A program with more rights than its caller takes no paths from it.
            guard let value = secure_getenv("MUSTER_TRACE") else { return }
            for word in Text(bytes(value)).split(UInt8(ascii: ",")) where word != "0" {
                if word.bytes.contains(UInt8(ascii: "/")) {
                    open(word)
                } else {
                    if word != "wire" { reasons = true }
                    if word != "reasons" { wire = true }
                }
            }
            if descriptor != 2 && !reasons && !wire { (reasons, wire) = (true, true) }
        }

        private func bytes(_ string: UnsafePointer<CChar>) -> [UInt8] {
            Array(UnsafeRawBufferPointer(start: string, count: strlen(string)))
        }

        private mutating func open(_ path: Text) {
            var name = path.bytes
            name.append(0)
            let found = name.withUnsafeBytes { bytes -> Int32 in
                // Safety: the bytes end with the NUL just added.
                guard let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return -1 }
                return clibc_open(start, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            }
            if found >= 0 { descriptor = found }
        }
    }

    private static let choice = Choice()

    public static var isWired: Bool { choice.wire }
    public static var isHeard: Bool { choice.reasons || listener != nil }

    /// Hears the reasons, whether or not they are said. Set before anything else is done.
    nonisolated(unsafe) public static var listener: ((String) -> Void)?

    /// What headers call a plain value or a key, where there is somebody who knows. Set before anything else is done.
    nonisolated(unsafe) public static var words: (plain: (DataType, Content) -> Text, key: (Key) -> Text)?

    @inline(never)
    public static func say(_ text: @autoclosure () -> String) {
        guard isHeard else { return }
        let text = text()
        listener?(text)
        if choice.reasons { write(Text("]: " + text), isCut: false) }
    }

    /// The whole line at once, so that those of several processes do not mix.
    @inline(never)
    static func write(_ text: Text, isCut: Bool) {
        var line = Text("muster[" + String(getpid())).bytes
        line.add(text.bytes)
        if isCut { for _ in 0..<3 { line.append(UInt8(ascii: ".")) } }
        line.append(UInt8(ascii: "\n"))
        _ = line.withUnsafeBytes { CLibc.write(choice.descriptor, $0.baseAddress, $0.count) }
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
