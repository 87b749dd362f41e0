import Bytes

/// `pmix_status_t`: the field's own code is the error type of every engine function (PMIx Standard 3.1).
public struct Status: RawRepresentable, Error, Hashable, Sendable {
    public let rawValue: Int32

    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    init(_ value: Int32) {
        rawValue = value
    }

    public static let success = Status(0)
    public static let error = Status(-1)
    /// It has been said already, to people.
    public static let silent = Status(-2)
    public static let exists = Status(-11)
    public static let invalidCredential = Status(-12)
    public static let readyForHandshake = Status(-14)
    public static let wouldBlock = Status(-15)
    public static let unknownDataType = Status(-16)
    public static let typeMismatch = Status(-18)
    public static let inadequateSpace = Status(-19)
    public static let unpackFailure = Status(-20)
    public static let packFailure = Status(-21)
    public static let packMismatch = Status(-22)
    public static let noPermissions = Status(-23)
    public static let readyForDebug = Status(-58)
    public static let timeout = Status(-24)
    public static let unreachable = Status(-25)
    public static let badParameter = Status(-27)
    public static let resourceBusy = Status(-28)
    public static let outOfResource = Status(-29)
    public static let dataValueNotFound = Status(-30)
    /// ERR_INIT: not initialized, or initialized as something else.
    public static let notInitialized = Status(-31)
    public static let noMemory = Status(-32)
    public static let invalidArgument = Status(-33)
    public static let notFound = Status(-46)
    public static let notSupported = Status(-47)
    public static let communicationFailure = Status(-49)
    public static let readPastEnd = Status(-50)
    public static let conflictingCleanupDirectives = Status(-51)
    public static let partialSuccess = Status(-52)
    public static let duplicateKey = Status(-53)
    public static let empty = Status(-60)
    public static let lostConnection = Status(-61)
    public static let existsOutsideScope = Status(-62)
    public static let repeatedRegistration = Status(-171)
    public static let heartbeatAlert = Status(-109)
    public static let fileAlert = Status(-110)
    public static let notAvailable = Status(-64)
    public static let eventRegistration = Status(-144)
    public static let modelDeclared = Status(-147)
    public static let operationInProgress = Status(-156)
    public static let operationSucceeded = Status(-157)
    public static let noActionTaken = Status(-331)
    public static let partialActionTaken = Status(-332)
    public static let actionDeferred = Status(-333)
    public static let actionComplete = Status(-334)

    /// The code a default event handler is registered under.
    public static let anyEvent = Status(Int32.min)

    /// Success as a host says it: done, or done already.
    public var isSuccess: Bool { self == .success || self == .operationSucceeded }

    /// What a peer is told: OPERATION_SUCCEEDED is an agreement between library and host and never leaves the process.
    public var onWire: Status { self == .operationSucceeded ? .success : self }

    /// The code a peer gets for bytes that could not be read.
    public init(_ reason: Malformed) {
        switch reason {
        case .pastEnd: self = .readPastEnd
        case .overflow, .count, .string, .depth: self = .unpackFailure
        case .type: self = .unknownDataType
        }
    }
}
