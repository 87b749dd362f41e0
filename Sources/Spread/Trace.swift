import Bytes
import CLibc

/// What the library says when MUSTER_TRACE asks for it, a line at a time; silent otherwise. The variable has words with
/// commas between them: `wire` for every message, `reasons` for why a connection is refused or ends, `1` for both, a path
/// to append to instead of stderr. Nothing, and `0`, ask for nothing.
enum Trace {
    private struct Choice {
        var reasons = false
        var wire = false
        var descriptor: Int32 = 2

        init() {
            // A program with more rights than its caller takes no paths from it.
            guard let value = secure_getenv("MUSTER_TRACE") else { return }
            let text = Array(UnsafeRawBufferPointer(start: value, count: strlen(value)))
            for word in Text(text).split(UInt8(ascii: ",")) where word != "0" {
                if word.bytes.contains(UInt8(ascii: "/")) {
                    open(word.bytes)
                } else {
                    if word != "wire" { reasons = true }
                    if word != "reasons" { wire = true }
                }
            }
            if descriptor != 2 && !reasons && !wire { (reasons, wire) = (true, true) }
        }

        private mutating func open(_ path: [UInt8]) {
            let found = (path + [0]).withUnsafeBytes { bytes -> Int32 in
                // Safety: the bytes end with the NUL just added.
                guard let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return -1 }
                return clibc_open(start, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            }
            if found >= 0 { descriptor = found }
        }
    }

    private static let choice = Choice()

    static var isWired: Bool { choice.wire }
    static var isHeard: Bool { choice.reasons || choice.wire }

    /// The whole line at once, so that those of several processes do not mix.
    @inline(never)
    static func write(_ line: TraceLine) {
        var bytes = line.bytes
        bytes.append(UInt8(ascii: "\n"))
        let reason = clibc_errno()
        _ = bytes.withUnsafeBytes { CLibc.write(choice.descriptor, $0.baseAddress, $0.count) }
        clibc_set_errno(reason)
    }
}

/// A line in the making: when, who, to or from the daemon, and then the words.
struct TraceLine {
    private(set) var bytes: [UInt8] = []

    /// `mark` is "->" for what is said, "<-" for what is heard, "--" for what happens to the connection.
    init(_ who: GroupName, _ mark: StaticString, mailbox: Int32) {
        say("muster[")
        add(getpid())
        say("] ")
        var clock = [CChar](repeating: 0, count: 32)
        let count = clock.withUnsafeMutableBufferPointer { clibc_clock($0.baseAddress, $0.count) }
        for place in 0..<max(0, min(Int(count), clock.count - 1)) { bytes.append(UInt8(bitPattern: clock[place])) }
        say(" ")
        add(who)
        if mailbox >= 0 {
            say("(")
            add(mailbox)
            say(")")
        }
        say(" ")
        say(mark)
        say(" ")
    }

    mutating func say(_ words: StaticString) {
        words.withUTF8Buffer { for byte in $0 { bytes.append(byte) } }
    }

    /// Bytes of others: what a terminal might take for an order is shown as a dot.
    mutating func add(_ text: [UInt8]) {
        for byte in text { bytes.append((32...126).contains(byte) ? byte : UInt8(ascii: ".")) }
    }

    mutating func add(_ name: GroupName) { add(name.bytes) }

    mutating func add(_ number: some BinaryInteger) {
        var digits: [UInt8] = []
        var left = number.magnitude
        repeat {
            digits.append(UInt8(truncatingIfNeeded: left % 10) + UInt8(ascii: "0"))
            left /= 10
        } while left > 0
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        for digit in digits.reversed() { bytes.append(digit) }
    }

    /// "1 member", "2 members".
    mutating func add(_ count: Int, _ thing: StaticString) {
        add(count)
        say(" ")
        say(thing)
        if count != 1 { say("s") }
    }

    private static let mostNames = 8

    /// A blank before each; not more than a few of them.
    mutating func add(_ names: [GroupName], of count: Int) {
        for name in names.prefix(TraceLine.mostNames) {
            say(" ")
            add(name)
        }
        let left = count - min(names.count, TraceLine.mostNames)
        guard left > 0 else { return }
        say(" and ")
        add(left)
        say(" more")
    }
}

// The words of a message.
extension TraceLine {
    private static let services: [(UInt32, StaticString)] = [
        (0x01, "UNRELIABLE"), (0x02, "RELIABLE"), (0x04, "FIFO"), (0x08, "CAUSAL"), (0x10, "AGREED"), (0x20, "SAFE"),
    ]
    private static let causes: [(UInt32, StaticString)] = [
        (Service.causedByJoin, "join"), (Service.causedByLeave, "leave"),
        (Service.causedByDisconnect, "disconnect"), (Service.causedByNetwork, "network"),
    ]

    private mutating func bits(_ type: UInt32, _ words: [(UInt32, StaticString)], orElse nothing: StaticString) {
        var isFirst = true
        for (bit, word) in words where type & bit != 0 {
            if !isFirst { say("+") }
            isFirst = false
            say(word)
        }
        if isFirst { say(nothing) }
    }

    mutating func service(_ type: UInt32) {
        bits(type, TraceLine.services, orElse: "no service")
        if type & Service.selfDiscard != 0 { say(", not to oneself,") }
    }

    mutating func cause(_ type: UInt32) {
        bits(type, TraceLine.causes, orElse: "no cause")
    }

    /// What follows the groups of data: sizes, and what the flush layer of a member says to the others.
    mutating func content(_ header: MessageHeader, _ body: [UInt8]) {
        say(", ")
        add(Int(header.dataByteCount), "byte")
        say(", type ")
        add(header.messageType)
        let words: StaticString
        switch header.messageType {
        case FlushWire.agreed: words = ": agrees to the view"
        case FlushWire.installed: words = ": has the view"
        case FlushWire.vulnerable: words = ": for its own view alone"
        default: words = ""
        }
        say(words)
        let isOther = header.isFromOtherOrder
        guard header.messageType < FlushWire.vulnerable,
            let identity = FlushWire.identity(body, at: 0, swapped: isOther)
        else {
            if isOther { say(", of the other byte order") }
            return
        }
        say(" ")
        add(identity)
    }

    mutating func add(_ identity: MembershipBody.GroupIdentity) {
        add(UInt32(bitPattern: identity.process))
        say(".")
        add(UInt32(bitPattern: identity.time))
        say(".")
        add(identity.index)
    }

    /// A membership message: which, why, who is in the group now, who came or went.
    mutating func membership(_ message: OwnedMessage) {
        let body = message.body.withUnsafeBytes { bytes in MembershipBodySummary(MembershipBody([bytes])) }
        if message.service & Service.regularMembership != 0 {
            say("view of ")
            add(message.sender)
            say(" by ")
            cause(message.service)
            if let identity = body.identity {
                say(", ")
                add(identity)
            }
            if let changed = body.changed, message.service & Service.causedByNetwork == 0 {
                say(", of")
                add([changed], of: 1)
            }
            say(": ")
            add(message.groups.count, "member")
            add(message.groups, of: message.groups.count)
        } else if message.service & Service.transition != 0 {
            say("transition in ")
            add(message.sender)
        } else {
            say("has left ")
            add(message.sender)
        }
    }
}

/// What a line says of a view.
private struct MembershipBodySummary {
    let identity: MembershipBody.GroupIdentity?
    let changed: GroupName?

    init(_ body: MembershipBody) {
        identity = try? body.identity()
        changed = (try? body.ownSet()).flatMap { $0.memberCount > 0 ? try? body.name(at: Int($0.offset)) : nil }
    }
}
