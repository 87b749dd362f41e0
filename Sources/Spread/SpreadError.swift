/// Why a call failed, as the interface numbers it.
public struct SpreadError: Error, Equatable, Sendable {
    public let code: Int32

    public init(code: Int32) {
        self.code = code
    }

    public static let illegalSpread = SpreadError(code: -1)
    public static let couldNotConnect = SpreadError(code: -2)
    public static let quota = SpreadError(code: -3)
    public static let version = SpreadError(code: -7)
    public static let closed = SpreadError(code: -8)
    public static let authentication = SpreadError(code: -9)
    public static let illegalSession = SpreadError(code: -11)
    public static let illegalService = SpreadError(code: -12)
    public static let illegalMessage = SpreadError(code: -13)
    public static let illegalGroup = SpreadError(code: -14)
    public static let bufferTooShort = SpreadError(code: -15)
    public static let groupsTooShort = SpreadError(code: -16)
    public static let tooLong = SpreadError(code: -17)
    /// A call after the one that told of the broken connection.
    public static let brokenSession = SpreadError(code: -18)
    public static let illegalTime = SpreadError(code: -20)

    /// What a code says: a text that ends with NUL and stays.
    public static func text(_ code: Int32) -> StaticString {
        switch code {
        case 1: "the session was accepted"
        case -1: "the name of the Spread daemon is not legal"
        case -2: "no Spread daemon answers there"
        case -3: "there are too many sessions already"
        case -4: "the connection has no name"
        case -5: "the private name is not legal"
        case -6: "the private name is in use already"
        case -7: "the daemon's version and the library's do not fit"
        case -8: "the connection was closed by the daemon"
        case -9: "the daemon refused the authentication"
        case -11: "this mailbox is not connected"
        case -12: "the service type is not legal"
        case -13: "the message is not legal"
        case -14: "the group name is not legal"
        case -15: "the buffer is too short for the message"
        case -16: "the array is too short for the groups"
        case -17: "the message is too long"
        case -18: "the connection failed before"
        case -19: "the library has a defect"
        case -20: "the time is not legal"
        case -24: "a parameter is not legal"
        case -25: "the call would have to wait"
        case -26: "the message type is the library's own"
        case -27: "the group's state does not allow this"
        case -28: "the receivers are not members of the view"
        default: "an error without a name"
        }
    }
}

// The flush layer's own.
extension SpreadError {
    public static let illegalParameter = SpreadError(code: -24)
    public static let wouldBlock = SpreadError(code: -25)
    public static let illegalMessageType = SpreadError(code: -26)
    public static let illegalState = SpreadError(code: -27)
    public static let illegalReceivers = SpreadError(code: -28)
}
