import Bytes
import CLibc
import Sockets

/// Says what goes over one mailbox. There is none of these unless it was asked for.
final class MailboxTrace: @unchecked Sendable {
    private let name: GroupName
    private let mailbox: Int32
    /// Where the daemon tells its state; nil when it is reached by TCP.
    private let statusPath: [UInt8]?
    // What waited for the program when it last read, and before it had last caught up. Under `receiving`.
    private var waiting: Int32 = 0
    private var waitedBefore: Int32 = 0

    /// nil when nobody wants to know.
    static func wanted(_ name: GroupName, _ mailbox: Int32, statusPath: [UInt8]?) -> MailboxTrace? {
        Trace.isHeard ? MailboxTrace(name, mailbox, statusPath) : nil
    }

    private init(_ name: GroupName, _ mailbox: Int32, _ statusPath: [UInt8]?) {
        self.name = name
        self.mailbox = mailbox
        self.statusPath = statusPath
    }

    private func begin(_ mark: StaticString) -> TraceLine { TraceLine(name, mark, mailbox: mailbox) }

    // MARK: The connection

    func connected(_ target: [UInt8], _ version: [UInt8]) {
        guard Trace.isWired else { return }
        var line = begin("--")
        line.say("connected to ")
        line.add(target)
        line.say(", daemon ")
        for (place, part) in version.enumerated() {
            if place > 0 { line.say(".") }
            line.add(part)
        }
        Trace.write(line)
    }

    @inline(never)
    static func refused(_ request: ConnectRequest, _ target: [UInt8], _ reason: SpreadError) {
        guard Trace.isHeard else { return }
        var line = TraceLine(GroupName(request.privateName), "--", mailbox: -1)
        line.say("not connected to ")
        line.add(target)
        line.say(": ")
        line.say(SpreadError.text(reason.code))
        Trace.write(line)
    }

    func ends() {
        guard Trace.isWired else { return }
        var line = begin("--")
        line.say("disconnects")
        Trace.write(line)
    }

    /// The connection is gone, and this program did not end it.
    @inline(never)
    func lost(isInside: Bool) {
        var line = begin("--")
        line.say("the daemon ended the connection")
        if isInside { line.say(", in the middle of a message") }
        let unread = max(waiting, waitedBefore)
        if let reason = daemonsReason() {
            line.say("; it says: ")
            line.add(reason)
        } else if unread >= MailboxTrace.much {
            line.say("; ")
            line.add(unread)
            line.say(" bytes waited for this program: a daemon cuts who reads too slowly")
        }
        Trace.write(line)
    }

    private static let much: Int32 = 16384

    func willRead(_ readable: Int32) {
        if readable > 0 {
            waiting = max(waiting, readable)
        } else if waiting > 0 {
            (waitedBefore, waiting) = (waiting, 0)
        }
    }

    /// Why the daemon cut this connection, from the state it tells to whoever asks.
    private func daemonsReason() -> [UInt8]? {
        guard let statusPath else { return nil }
        let deadline = Deadline(milliseconds: 500)
        guard let descriptor = try? Dialing(deadline: deadline).open(path: statusPath) else { return nil }
        defer { close(descriptor) }
        var state: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 4096)
        while state.count < 1 << 16 {
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, deadline.pollMilliseconds) > 0 else { break }
            let count = room.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT)) }
            guard count > 0 else { break }
            state.add(room, 0..<count)
        }
        let beginning = Text("cut ") + Text(name.bytes) + Text(": ")
        let line = Text(state).split(UInt8(ascii: "\n")).last { $0.hasPrefix(beginning) }
        return line.map { $0.bytes.part(beginning.count..<$0.count) }
    }

    // MARK: Messages

    @inline(never)
    func sent(_ header: MessageHeader, _ groups: [GroupName], _ body: [UnsafeRawBufferPointer]) {
        guard Trace.isWired else { return }
        var line = begin("->")
        switch header.type {
        case Service.join: line.say("join")
        case Service.leave: line.say("leave")
        case Service.kill: line.say("goodbye")
        default:
            line.service(header.type)
            line.say(" to")
        }
        if header.type != Service.kill { line.add(groups, of: groups.count) }
        if header.type & Service.regular != 0 { line.content(header, MailboxTrace.beginning(body)) }
        Trace.write(line)
    }

    /// Data that went to the caller's memory. There may have been more groups than `groups`.
    @inline(never)
    func received(_ incoming: Incoming, _ groups: [GroupName], _ body: [UInt8]) {
        guard Trace.isWired else { return }
        var line = begin("<-")
        describe(incoming, &line)
        line.say(" to")
        line.add(groups, of: Int(incoming.header.groupCount))
        line.content(incoming.header, body)
        Trace.write(line)
    }

    @inline(never)
    func received(_ incoming: Incoming, _ message: OwnedMessage) {
        guard Trace.isWired else { return }
        guard incoming.isMembership else { return received(incoming, message.groups, message.body) }
        var line = begin("<-")
        line.membership(message)
        Trace.write(line)
    }

    /// A message that stays where it is, because the program's buffers are too small.
    @inline(never)
    func tooShort(_ incoming: Incoming) {
        guard Trace.isWired else { return }
        var line = begin("<-")
        describe(incoming, &line)
        line.say(" waits: it needs room for ")
        line.add(Int(incoming.header.groupCount), "group")
        line.say(" and ")
        line.add(Int(incoming.header.dataByteCount), "byte")
        Trace.write(line)
    }

    private func describe(_ incoming: Incoming, _ line: inout TraceLine) {
        if incoming.header.type & Service.reject != 0 { line.say("refused: ") }
        if incoming.isMembership {
            line.say("membership by ")
            line.cause(incoming.service)
        } else {
            line.service(incoming.service)
        }
        line.say(" from ")
        line.add(incoming.header.name)
    }

    /// As much as the flush layer's own messages have.
    static func beginning(_ body: [UnsafeRawBufferPointer]) -> [UInt8] {
        var bytes: [UInt8] = []
        for piece in body {
            for byte in piece.prefix(FlushWire.identityByteCount - bytes.count) { bytes.append(byte) }
        }
        return bytes
    }
}
