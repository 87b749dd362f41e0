import Bytes
import PMIxWire
import Reactor
import Sockets

/// The one socket peers connect to. Its watcher belongs to the loop.
final class Listener {
    private let server: Server
    private let socket: Socket
    let uri: Text
    // Its closure holds this object; `end` breaks the circle.
    private var watcher: Watcher?
    private var pause: Timer?

    private static let pauseMilliseconds: UInt64 = 100

    init(_ server: Server) throws(Errno) {
        self.server = server
        socket = try Listener.listen(server.options)
        let address = try socket.localAddress()
        let host = address.family == .v4 ? address.host : "[" + address.host + "]"
        uri = Text((address.family == .v4 ? "tcp4://" : "tcp6://") + host + ":" + String(address.port))
    }

    private static func listen(_ options: Server.Options) throws(Errno) -> Socket {
        let choice = InterfaceChoice(options)
        guard let chosen = choice.best(of: InterfaceAddress.all()) else { throw .unavailable }
        let port = chosen.family == .v4 ? options.portIPv4 : options.portIPv6
        return try Socket.listen(on: Address(family: chosen.family, host: chosen.host, port: port))
    }

    func begin() {
        watcher = Watcher(server.loop, socket.descriptor, .readable) { [self] in accept() }
        watcher?.enable()
    }

    func end() {
        watcher?.cancel()
        pause?.cancel()
        watcher = nil
        pause = nil
        socket.shutdown()
    }

    private func accept() {
        while watcher != nil {
            do throws(Errno) {
                server.admit(try socket.accept())
            } catch {
                // Out of descriptors, most likely: the connection stays in the backlog, so looking again at once
                // would spin.
                if !error.isAgain { rest() }
                return
            }
        }
    }

    private func rest() {
        watcher?.disable()
        pause = Timer(server.loop, milliseconds: Listener.pauseMilliseconds) { [self] in
            pause = nil
            watcher?.enable()
        }
    }
}

/// Which of the machine's addresses to listen on: loopback unless peers of other machines are wanted, then the first
/// that is not.
struct InterfaceChoice {
    private let options: Server.Options

    init(_ options: Server.Options) {
        self.options = options
    }

    func best(of addresses: [InterfaceAddress]) -> Address? {
        let candidates = addresses.filter(isCandidate)
        let loopback = candidates.first { $0.isLoopback }
        let outward = candidates.first { !$0.isLoopback }
        return (options.allowsRemote ? outward ?? loopback : loopback ?? outward)?.address
    }

    private func isCandidate(_ one: InterfaceAddress) -> Bool {
        guard one.address.family == .v4 ? options.usesIPv4 : options.usesIPv6 else { return false }
        // Bridges to virtual machines lead nowhere a peer could be.
        if one.name.hasPrefix("vir") { return false }
        if !options.includedInterfaces.isEmpty { return options.includedInterfaces.contains { matches($0, one) } }
        return !options.excludedInterfaces.contains { matches($0, one) }
    }

    /// A name, or an IPv4 network as address/bits.
    private func matches(_ pattern: Text, _ one: InterfaceAddress) -> Bool {
        let parts = pattern.split(UInt8(ascii: "/"))
        guard parts.count == 2 else { return pattern == Text(one.name) }
        guard let network = InterfaceChoice.number(parts[0]), let own = InterfaceChoice.number(Text(one.address.host)),
            let bits = parts[1].decimal, bits <= 32
        else { return false }
        let mask = bits == 0 ? 0 : UInt32.max << (32 - UInt32(bits))
        return network & mask == own & mask
    }

    /// An IPv4 address; the places left out at its end are 0.
    private static func number(_ text: Text) -> UInt32? {
        let parts = text.split(UInt8(ascii: "."))
        guard (1...4).contains(parts.count) else { return nil }
        var value: UInt32 = 0
        for place in 0..<4 {
            var part: UInt64 = 0
            if place < parts.count {
                guard let given = parts[place].decimal, given <= 255 else { return nil }
                part = given
            }
            value = value << 8 | UInt32(part)
        }
        return value
    }
}

extension Errno {
    /// No address to listen on (EADDRNOTAVAIL).
    static let unavailable = Errno(code: 99)
}
