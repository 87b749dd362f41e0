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
        guard let chosen = choice.best(of: InterfaceAddress.all()) else {
            Complaint.say("no network interface to listen on is left by what was included, excluded and disabled")
            throw .unavailable
        }
        let port = chosen.family == .v4 ? options.portIPv4 : options.portIPv6
        do throws(Errno) {
            return try Socket.listen(on: Address(family: chosen.family, host: chosen.host, port: port))
        } catch {
            Complaint.say("cannot listen on \(chosen.host) port \(port): \(error.text)")
            throw error
        }
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

extension Errno {
    /// No address to listen on (EADDRNOTAVAIL).
    static let unavailable = Errno(code: 99)
}
