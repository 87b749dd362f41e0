// A message for people, in the lines that the original's traces have: each begins with the sign of the type.
import Bytes
import CLibc

public struct MessageText {
    private var text = ByteWriter()
    private let message: Message

    /// - Parameter timestamp: in front of the rest unless it is negative.
    public static func of(_ message: Message?, timestamp: Double = -1) -> [UInt8] {
        let rule = "--------------------------------------\n"
        guard let message else { return Array((rule + "NULL").utf8) }
        var made = MessageText(message: message)
        made.add(rule)
        if timestamp >= 0 { made.line(MessageText.fixed(timestamp)) }
        if let topic = message.topic { made.line(topic.string) }
        made.addFixedPart()
        if message.hasRoutes, !message.routes.isEmpty, let routes = try? message.routeText() {
            made.line("|" + String(decoding: routes, as: UTF8.self) + "|")
        }
        made.addPayload()
        return made.text.bytes
    }

    private init(message: Message) {
        self.message = message
    }

    private mutating func add(_ string: String) {
        text.append(Array(string.utf8))
    }

    private mutating func line(_ rest: String) {
        let sign =
            switch message.type {
            case .request: "> "
            case .response: "< "
            case .event: "e "
            case .control: "c "
            }
        add(sign + rest + "\n")
    }

    private mutating func addFixedPart() {
        let head = "flags=" + flags + " userid=" + userid + " rolemask=" + roles + " "
        switch message.type {
        case .request:
            line(head + "nodeid=" + nodeid + " matchtag=" + String(message.matchtag))
        case .response:
            line(head + "errnum=" + String(message.proto.word1) + " matchtag=" + String(message.matchtag))
        case .event:
            line(head + "sequence=" + String(message.sequence))
        case .control:
            line(head + "type=" + String(message.proto.word1) + " status=" + String(message.proto.word2))
        }
    }

    private var flags: String {
        let names: [(MessageFlags, String)] = [
            (.topic, "topic"), (.payload, "payload"), (.noResponse, "noresponse"), (.route, "route"),
            (.upstream, "upstream"), (.isPrivate, "private"), (.streaming, "streaming"),
        ]
        return MessageText.joined(names.filter { message.flags.contains($0.0) }.map { $0.1 })
    }

    private var userid: String {
        let userid = message.credentials.userid
        return userid == Credentials.unknownUser ? "unknown" : String(userid)
    }

    private var roles: String {
        let roles = message.credentials.roles
        if roles.isEmpty { return "none" }
        if roles == .all { return "all" }
        let known: [(Roles, String)] = [(.owner, "owner"), (.user, "user"), (.local, "local"), (.admin, "admin")]
        var names: [String] = []
        for bit in 0..<UInt32(32) where roles.rawValue & 1 << bit != 0 {
            let role = Roles(rawValue: 1 << bit)
            names.append(known.first { $0.0 == role }?.1 ?? "0x" + String(role.rawValue, radix: 16))
        }
        return MessageText.joined(names)
    }

    private var nodeid: String {
        switch message.nodeid {
        case NodeID.any: "any"
        case NodeID.upstream: "upstream"
        default: String(message.nodeid)
        }
    }

    /// A text as it is; bytes in hexadecimal, as many as fit a terminal's line.
    private mutating func addPayload() {
        guard message.hasPayload, let payload = message.payload else { return }
        if payload.last == 0 {
            line(String(decoding: payload.raw.prefix { $0 != 0 }, as: UTF8.self))
            return
        }
        let width = 78
        let isCut = payload.count * 2 > width
        var digits = ""
        for byte in payload.raw.prefix(isCut ? (width - 3) / 2 : payload.count) {
            if byte < 16 { digits += "0" }
            digits += String(byte, radix: 16, uppercase: true)
        }
        line(digits + (isCut ? "..." : ""))
    }

    private static func joined(_ names: [String]) -> String {
        var text = ""
        for name in names { text += (text.isEmpty ? "" : ",") + name }
        return text
    }

    /// With five digits behind the point.
    private static func fixed(_ number: Double) -> String {
        var room = [CChar](repeating: 0, count: 400)
        clibc_format_fixed(&room, room.count, 5, number)
        return String(decoding: room.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
