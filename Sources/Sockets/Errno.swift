import CLibc

/// A failed system call's reason.
public struct Errno: Error, Hashable, Sendable {
    public let code: Int32

    public init(code: Int32) {
        self.code = code
    }

    static var last: Errno { Errno(code: clibc_errno()) }

    public var isAgain: Bool { code == EAGAIN || code == EWOULDBLOCK }
    public var isTimeout: Bool { code == ETIMEDOUT }

    public static let timedOut = Errno(code: ETIMEDOUT)
    public static let refused = Errno(code: ECONNREFUSED)
    /// The peer closed the connection.
    public static let closed = Errno(code: ECONNRESET)

    public var text: String {
        guard let message = strerrordesc_np(code) else { return "error " + String(code) }
        return String(cString: message)
    }
}
