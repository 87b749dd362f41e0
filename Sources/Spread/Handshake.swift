import Bytes

/// Where a daemon is: a port, and a host unless it is on this machine.
public struct ConnectString: Equatable, Sendable {
    public let port: UInt16
    /// nil: a socket in the file system.
    public let host: [UInt8]?

    /// "port" or "port@host"; the port modulo 65536, blanks before it and anything from a blank on are passed over.
    public init(_ text: [UInt8]) throws(SpreadError) {
        guard text.count < 64 + 7 else { throw .illegalSpread }
        var position = 0
        while position < text.count, ConnectString.isBlank(text[position]) { position += 1 }
        var port: UInt16 = 0
        let first = position
        while position < text.count, (48...57).contains(text[position]) {
            port = port &* 10 &+ UInt16(text[position] - 48)
            position += 1
        }
        guard position > first else { throw .illegalSpread }
        self.port = port
        var rest: [UInt8] = []
        while position < text.count, !ConnectString.isBlank(text[position]) {
            rest.append(text[position])
            position += 1
        }
        guard let mark = rest.first else {
            host = nil
            return
        }
        guard mark == UInt8(ascii: "@"), rest.count > 1 else { throw .illegalSpread }
        host = Array(rest[1...])
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
}

/// The bytes of the handshake, as the client sends them and reads them.
public enum Handshake {
    public static let version: (UInt8, UInt8, UInt8) = (5, 0, 1)
    public static let methodByteCount = 30
    public static let methodCount = 3

    public static func greeting(name: [UInt8], priority: Int32, membership: Bool) -> [UInt8] {
        let name = Array(name.prefix(Limits.privateName))
        let flags: UInt8 = (priority > 0 ? 0x10 : 0) | (membership ? 1 : 0)
        return [version.0, version.1, version.2, flags, UInt8(truncatingIfNeeded: name.count)] + name
    }

    public static func choice(_ methods: [[UInt8]]) -> [UInt8] {
        var bytes: [UInt8] = []
        for place in 0..<methodCount {
            let method = place < methods.count ? Array(methods[place].prefix(methodByteCount - 1)) : []
            bytes.add(method)
            for _ in method.count..<methodByteCount { bytes.append(0) }
        }
        return bytes
    }

    /// A first byte that stands for an error: those have the sign bit.
    public static func refusal(_ byte: UInt8) -> SpreadError? {
        byte >= 0x80 ? SpreadError(code: Int32(Int8(bitPattern: byte))) : nil
    }

    /// A daemon from before 3.1.0 is not served, and before 3.8.0 none knew priorities.
    public static func isServed(_ major: UInt8, _ minor: UInt8, priority: Int32, oldest: Int = 0) -> Bool {
        guard major < 0x80, minor < 0x80 else { return false }
        let version = Int(major) * 100 + Int(minor)
        return version >= max(priority > 0 ? 308 : 301, oldest)
    }
}
