import CLibc

/// An IPv4 or IPv6 endpoint.
public struct Address: Sendable {
    public enum Family: Sendable { case v4, v6 }

    public let family: Family
    /// The numeric address without brackets.
    public let host: String
    public let port: UInt16

    public init(family: Family, host: String, port: UInt16) {
        self.family = family
        self.host = host
        self.port = port
    }

    public static func loopback(port: UInt16 = 0) -> Address {
        Address(family: .v4, host: "127.0.0.1", port: port)
    }

    /// Calls `body` with the socket address; nil when the host is no numeric address of the family.
    func withSocketAddress<T>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> T) -> T? {
        switch family {
        case .v4:
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else { return nil }
            return withUnsafePointer(to: &address) {
                // Safety: every sockaddr_in begins as a sockaddr does.
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        case .v6:
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            guard inet_pton(AF_INET6, host, &address.sin6_addr) == 1 else { return nil }
            return withUnsafePointer(to: &address) {
                // Safety: every sockaddr_in6 begins as a sockaddr does.
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        }
    }

    /// The bytes of a numeric address, 4 or 16; nil for anything else.
    public static func octets(_ host: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, host, &bytes) == 1 { return Array(bytes[..<4]) }
        return inet_pton(AF_INET6, host, &bytes) == 1 ? bytes : nil
    }

    /// fe80::/10 of RFC 4291: the same on every link.
    public var isOfOneLink: Bool {
        guard family == .v6, let bytes = Address.octets(host) else { return false }
        return bytes[0] == 0xfe && bytes[1] & 0xc0 == 0x80
    }

    var domain: Int32 { family == .v4 ? AF_INET : AF_INET6 }
}

/// An address of one of this machine's interfaces that is up.
public struct InterfaceAddress: Sendable {
    public let name: String
    public let isLoopback: Bool
    public let address: Address

    /// In the kernel's order.
    public static func all() -> [InterfaceAddress] {
        var head: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&head) == 0 else { return [] }
        defer { freeifaddrs(head) }
        var found: [InterfaceAddress] = []
        var next = head
        while let entry = next?.pointee {
            next = entry.ifa_next
            guard entry.ifa_flags & UInt32(IFF_UP) != 0, let raw = entry.ifa_addr,
                let address = Address(raw)
            else { continue }
            let isLoopback = entry.ifa_flags & UInt32(IFF_LOOPBACK) != 0
            found.append(
                InterfaceAddress(name: String(cString: entry.ifa_name), isLoopback: isLoopback, address: address))
        }
        return found
    }
}

extension Address {
    init?(_ raw: UnsafePointer<sockaddr>) {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let capacity = socklen_t(INET6_ADDRSTRLEN)
        switch Int32(raw.pointee.sa_family) {
        case AF_INET:
            // Safety: the family says which struct this is.
            var address = UnsafeRawPointer(raw).load(as: sockaddr_in.self)
            guard inet_ntop(AF_INET, &address.sin_addr, &text, capacity) != nil else { return nil }
            self.init(family: .v4, host: Address.string(text), port: UInt16(bigEndian: address.sin_port))
        case AF_INET6:
            var address = UnsafeRawPointer(raw).load(as: sockaddr_in6.self)
            guard inet_ntop(AF_INET6, &address.sin6_addr, &text, capacity) != nil else { return nil }
            self.init(family: .v6, host: Address.string(text), port: UInt16(bigEndian: address.sin6_port))
        default: return nil
        }
    }

    private static func string(_ text: [CChar]) -> String {
        String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
