import Bytes
import CLibc
import Sockets

/// Says what goes over one connection. There is none of these unless it was asked for.
public final class WireTrace: @unchecked Sendable {
    private let me: Proc
    private let peer: Proc
    private let dialect: Dialect
    private let release: Release
    private let isServer: Bool
    private let lock = Lock()
    /// The requests that are not answered yet, by tag, and below it, in eight bits, the command.
    private var asked: [UInt64] = []  // lock
    private static let mostAsked = 4096

    /// nil when nobody wants to know.
    @inline(__always)
    public static func wanted(
        _ me: Proc, _ peer: Proc, _ dialect: Dialect, _ release: Release, isServer: Bool
    ) -> WireTrace? {
        Trace.isWired ? WireTrace(me, peer, dialect, release, isServer: isServer) : nil
    }

    /// The release is the peer's.
    init(_ me: Proc, _ peer: Proc, _ dialect: Dialect, _ release: Release, isServer: Bool) {
        self.me = me
        self.peer = peer
        self.dialect = dialect
        self.release = release
        self.isServer = isServer
    }

    /// For each command, by its number, in a line: its name, and the forms of its request and of the answer.
    private static let commands: StaticString =
        """
        job data||sk*
        abort|esP|e
        commit|C*|e
        fence|PI|eJ*
        get|srIs|eJ*
        finalize||e
        publish|gI|e
        lookup|gLI|eY
        unpublish|gLI|e
        spawn|IA|esk*
        connect|PIi*|eM*
        disconnect|PI|e
        notify|evI|e
        register events|EI|e
        deregister events|H*|e
        query|Q|eI
        log|tII|e
        allocate|dI|eI
        job control|PI|eI
        monitor|ieI|eI
        get credential|I|ebI
        validate credential|bI|eI
        pull output|PIcz|ez
        push input|PIb|e
        construct group|sPI|eG
        join group||e
        invite to group||e
        leave group|sI|e
        destruct group|sNI|e
        stop output|Iz|e
        register fabric|I|eI
        update fabric|z|eI
        device distances|xmI|eF
        refresh|sr|ek*
        resource block|lsWI|e
        session control|uI|eI
        system info||e
        resolve peers|ss|eP
        resolve nodes|s|es
        """

    /// The same for what nobody asks for, by its tag.
    private static let untold: StaticString = "event|epIv\nheartbeat|e\noutput|pcKb"

    @inline(never)
    public func connected() {
        var line = begin(" -- ")
        line.say("connected, release ")
        for (place, part) in [release.major, release.minor, release.patch].enumerated() {
            if place > 0 { line.say(".") }
            line.add(number: UInt64(part))
        }
        end(line)
    }

    @inline(never)
    public func lost() {
        var line = begin(" -- ")
        line.say("connection ended")
        end(line)
    }

    @inline(never)
    public func sent(_ payload: [UInt8], tag: UInt32) { end(line(payload, tag, isSent: true)) }

    @inline(never)
    public func received(_ payload: [UInt8], tag: UInt32) { end(line(payload, tag, isSent: false)) }

    func line(_ payload: [UInt8], _ tag: UInt32, isSent: Bool) -> TraceLine {
        var line = begin(isSent ? " -> " : " <- ")
        do throws(Malformed) {
            try payload.unpack(dialect) { (unpacker) throws(Malformed) in
                let form = try head(&line, &unpacker, tag, isSent != isServer)
                line.say(", ")
                line.add(byteCount: payload.count)
                line.say(", tag ")
                line.add(number: UInt64(tag))
                if unpacker.isAtEnd { return }
                line.say(":")
                try line.add(form: form, &unpacker)
                if unpacker.isAtEnd { return }
                line.say(" and more: ")
                line.add(byteCount: unpacker.reader.remaining)
            }
        } catch {
            line.say(" what cannot be read")
        }
        return line
    }

    /// The name of what this is, and the form of what follows.
    private func head(
        _ line: inout TraceLine, _ unpacker: inout Unpacker, _ tag: UInt32, _ isRequest: Bool
    ) throws(Malformed) -> Text {
        if tag < Tag.firstDynamic {
            // An event begins with a command; heartbeats have nothing.
            if tag == Tag.notify && !unpacker.isAtEnd { _ = try unpacker.byte(.command) }
            return describe(WireTrace.untold, tag, 1, &line)
        }
        if !isRequest {
            line.say("answer to ")
            return describe(WireTrace.commands, answered(tag), 2, &line)
        }
        if unpacker.isAtEnd { return describe(WireTrace.commands, UInt32.max, 1, &line) }
        let number = UInt32(try unpacker.byte(.command))
        lock.withLock {
            // Not every server answers everything.
            if asked.count == WireTrace.mostAsked { asked.remove(at: 0) }
            asked.append(UInt64(tag) << 8 | UInt64(number))
        }
        return describe(WireTrace.commands, number, 1, &line)
    }

    private func answered(_ tag: UInt32) -> UInt32 {
        lock.withLock {
            guard let place = asked.firstIndex(where: { $0 >> 8 == UInt64(tag) }) else { return UInt32.max }
            return UInt32(asked.remove(at: place) & 0xff)
        }
    }

    /// Adds the name that stands in a line of the table, and returns a field behind it.
    @inline(never)
    private func describe(_ table: StaticString, _ number: UInt32, _ field: Int, _ line: inout TraceLine) -> Text {
        var fields: [[UInt8]] = [[], [], []]
        var (row, column) = (UInt32(0), 0)
        table.withUTF8Buffer { text in
            for byte in text where row <= number {
                if byte == UInt8(ascii: "\n") {
                    (row, column) = (row + 1, 0)
                } else if byte == UInt8(ascii: "|") {
                    column += 1
                } else if row == number && column < fields.count {
                    fields[column].append(byte)
                }
            }
        }
        fields[0].isEmpty ? line.say("what nobody knows") : line.add(Text(fields[0]))
        return Text(fields[field])
    }

    private func begin(_ arrow: StaticString) -> TraceLine {
        var line = TraceLine(release)
        line.say("] ")
        line.addTime()
        line.say(" ")
        line.add(me)
        line.say(arrow)
        line.add(peer)
        line.say(" ")
        return line
    }

    private func end(_ line: TraceLine) {
        Trace.write(Text(line.bytes), isCut: line.isFull)
    }
}
