// The small vocabulary of RFC 3: kinds of messages, their flags, and who sent them.
import CLibc
import Sockets

public enum MessageType: UInt8, Sendable {
    case request = 1
    case response = 2
    case event = 4
    case control = 8

    public static let mask: Int32 = 0x0f

    public var name: StaticString {
        switch self {
        case .request: "request"
        case .response: "response"
        case .event: "event"
        case .control: "control"
        }
    }
}

public struct MessageFlags: OptionSet, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    public static let topic = MessageFlags(rawValue: 0x01)
    public static let payload = MessageFlags(rawValue: 0x02)
    public static let noResponse = MessageFlags(rawValue: 0x04)
    public static let route = MessageFlags(rawValue: 0x08)
    public static let upstream = MessageFlags(rawValue: 0x10)
    public static let isPrivate = MessageFlags(rawValue: 0x20)
    public static let streaming = MessageFlags(rawValue: 0x40)
    public static let user1 = MessageFlags(rawValue: 0x80)

    /// What a caller may set at once: a request cannot both want no response and many.
    /// - Throws: EINVAL.
    public init(checking flags: Int32) throws(Errno) {
        guard let byte = UInt8(exactly: flags) else { throw Errno(code: EINVAL) }
        self.init(rawValue: byte)
        if contains([.noResponse, .streaming]) { throw Errno(code: EINVAL) }
    }
}

public enum NodeID {
    public static let any = UInt32.max
    /// Never on the wire: whoever sends replaces it by the own rank and the flag `upstream`.
    public static let upstream = UInt32.max - 1
}

public struct Roles: OptionSet, Hashable, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    public static let owner = Roles(rawValue: 1)
    public static let user = Roles(rawValue: 2)
    public static let local = Roles(rawValue: 4)
    public static let admin = Roles(rawValue: 8)
    public static let all = Roles(rawValue: .max)
}

/// Who sent a message, and as what. Clients leave it to the broker to say so.
public struct Credentials: Hashable, Sendable {
    public static let unknownUser = UInt32.max
    public static let unknown = Credentials(userid: unknownUser, roles: [])

    public var userid: UInt32
    public var roles: Roles

    public init(userid: UInt32, roles: Roles) {
        self.userid = userid
        self.roles = roles
    }

    /// The owner may all, a user what is their own.
    /// - Throws: EPERM.
    public func authorize(_ owner: UInt32) throws(Errno) {
        if roles.contains(.owner) { return }
        let isKnown = userid != Credentials.unknownUser
        guard roles.contains(.user), isKnown, userid == owner else { throw Errno(code: EPERM) }
    }
}
