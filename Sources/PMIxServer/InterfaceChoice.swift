import Bytes
import Sockets

/// Which of the machine's addresses to listen on: loopback unless peers of other machines are wanted, then the first
/// that is not.
struct InterfaceChoice {
    private let options: Server.Options

    init(_ options: Server.Options) {
        self.options = options
    }

    func best(of addresses: [InterfaceAddress]) -> Address? {
        let included = Pattern.all(options.includedInterfaces, "included", among: addresses)
        let excluded = Pattern.all(options.excludedInterfaces, "excluded", among: addresses)
        let candidates = addresses.filter { one in
            guard isUsable(one) else { return false }
            if !included.isEmpty { return included.contains { $0.matches(one) } }
            return !excluded.contains { $0.matches(one) }
        }
        let loopback = candidates.first { $0.isLoopback }
        let outward = candidates.first { !$0.isLoopback }
        return (options.allowsRemote ? outward ?? loopback : loopback ?? outward)?.address
    }

    private func isUsable(_ one: InterfaceAddress) -> Bool {
        guard one.address.family == .v4 ? options.usesIPv4 : options.usesIPv6 else { return false }
        // Bridges to virtual machines lead nowhere a peer could be, and an address of one link needs that link's name
        // beside it, for which a URI has no place.
        return !one.name.hasPrefix("vir") && !one.address.isOfOneLink
    }

    /// A name, or a network as address/bits.
    private enum Pattern {
        case name(Text)
        case network([UInt8], bits: Int)

        /// What cannot be meant is left out, with a word: the names stay, whether there is such an interface or not.
        static func all(_ texts: [Text], _ role: String, among addresses: [InterfaceAddress]) -> [Pattern] {
            texts.compactMap { text in
                guard let pattern = Pattern(text) else {
                    Complaint.say("\(role) interface \(text.description) is neither a name nor address/bits: ignored")
                    return nil
                }
                if case .network = pattern, !addresses.contains(where: pattern.matches) {
                    Complaint.say("\(role) network \(text.description) has no interface here: ignored")
                    return nil
                }
                return pattern
            }
        }

        private init?(_ text: Text) {
            guard let first = text.bytes.first else { return nil }
            let parts = text.split(UInt8(ascii: "/"))
            if parts.count == 1 {
                let isLetter = (0x41...0x5a).contains(first & 0xdf)
                if !isLetter { return nil }
                self = .name(text)
                return
            }
            guard parts.count == 2, let bits = parts[1].decimal,
                let octets = Address.octets(Pattern.completed(parts[0]).description), bits <= octets.count * 8
            else { return nil }
            self = .network(octets, bits: Int(truncatingIfNeeded: bits))
        }

        /// The places left out at the end of an IPv4 address are 0.
        private static func completed(_ text: Text) -> Text {
            if text.bytes.contains(UInt8(ascii: ":")) { return text }
            let missing = 3 - text.bytes.count { $0 == UInt8(ascii: ".") }
            return missing > 0 ? text + Text([UInt8](repeatingPair: (0x2e, 0x30), count: missing)) : text
        }

        func matches(_ one: InterfaceAddress) -> Bool {
            switch self {
            case .name(let name): return name == Text(one.name)
            case .network(let network, let bits):
                guard let own = Address.octets(one.address.host), own.count == network.count else { return false }
                for place in 0..<own.count {
                    let inside = min(max(bits - place * 8, 0), 8)
                    let mask = UInt8(truncatingIfNeeded: 0xff00 >> inside)
                    if own[place] & mask != network[place] & mask { return false }
                }
                return true
            }
        }
    }
}

extension [UInt8] {
    fileprivate init(repeatingPair pair: (UInt8, UInt8), count: Int) {
        self = []
        for _ in 0..<count { self += [pair.0, pair.1] }
    }
}
