// What a broker is started with.
import CLibc

public struct Settings: Sendable {
    public var socketPath: String
    public var runDirectory: String
    public var stateDirectory: String?
    public var version: String
    public var hostName: String
    public var allowsGuests = false
    /// Whether root may do what the owner may.
    public var allowsRootOwner = false
    /// A client that leaves more unread is cut.
    public var mostQueuedBytes = 64 << 20
    public var heartbeatMilliseconds: UInt64 = 2000
    /// Messages of this urgency or more go to stderr as well, unless it is quiet.
    public var logLevel = 3
    public var isQuiet = false

    public init(socketPath: String, runDirectory: String, version: String, hostName: String) {
        self.socketPath = socketPath
        self.runDirectory = runDirectory
        self.version = version
        self.hostName = hostName
    }

    public var uri: String { "local://" + socketPath }
}

enum Clock {
    /// Since the epoch.
    static var seconds: Double {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }
}
