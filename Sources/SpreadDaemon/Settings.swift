import Sockets

/// What a daemon is told when it starts.
public struct Settings: Sendable {
    public var name: String
    public var port: UInt16
    public var socketDirectory: String
    public var addresses: [Address]
    public var maxMessages = 1000
    public var maxBytes = 160 << 20
    public var maxSessions = 8000
    public var handshakeMilliseconds: UInt64 = 5000
    /// What clients may be known by.
    public var methods = ["NULL"]
    /// Who may come by TCP; empty: everybody.
    public var networks: [Network] = []

    public init(name: String, port: UInt16, socketDirectory: String, addresses: [Address]) {
        self.name = name
        self.port = port
        self.socketDirectory = socketDirectory
        self.addresses = addresses
    }

    public var socketPath: String { "\(socketDirectory)/\(port)" }
    public var statusPath: String { "\(socketDirectory)/\(port).status" }

    /// Whether a client from there may come in. The method IP, or any network, asks where from; what comes through the
    /// file system is of this machine.
    func permits(_ host: String?, _ chosen: [String]) -> Bool {
        guard let host else { return true }
        if networks.isEmpty { return !chosen.contains("IP") || host == "127.0.0.1" || host == "::1" }
        return networks.contains { $0.contains(host) }
    }
}

/// Addresses that begin with the same bits.
public struct Network: Equatable, Sendable {
    private let octets: [UInt8]
    private let bitCount: Int

    /// "10.0.0.0/8", "fd00::/8", or one address; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let octets = Address.octets(String(parts[0])) else { return nil }
        var bitCount = octets.count * 8
        if parts.count == 2 {
            guard let bits = Int(parts[1]), bits >= 0, bits <= bitCount else { return nil }
            bitCount = bits
        }
        self.octets = octets
        self.bitCount = bitCount
    }

    func contains(_ host: String) -> Bool {
        guard let other = Address.octets(host), other.count == octets.count else { return false }
        for bit in 0..<bitCount where (other[bit / 8] ^ octets[bit / 8]) & (0x80 >> UInt8(bit % 8)) != 0 {
            return false
        }
        return true
    }
}
