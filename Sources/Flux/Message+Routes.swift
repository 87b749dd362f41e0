// The hops a message has made: each broker and connector puts the identity of where a request came from on top, and
// takes it off the response on its way back.
import Bytes
import CLibc
import Sockets

extension Message {
    public var hasRoutes: Bool { flags.contains(.route) }

    public func enableRoutes() {
        proto.flags.insert(.route)
    }

    public func disableRoutes() {
        clearRoutes()
        proto.flags.remove(.route)
    }

    public func clearRoutes() {
        routes = []
    }

    /// - Throws: EPROTO unless routes are enabled.
    public func pushRoute(_ identity: Slice) throws(Errno) {
        try requireRoutes()
        routes.insert(identity, at: 0)
    }

    /// Takes off what was pushed last; nothing happens when there is nothing.
    /// - Throws: EPROTO unless routes are enabled.
    public func deleteLastRoute() throws(Errno) {
        try requireRoutes()
        if !routes.isEmpty { routes.removeFirst() }
    }

    /// - Throws: EPROTO unless routes are enabled.
    public func routeCount() throws(Errno) -> Int {
        try requireRoutes()
        return routes.count
    }

    /// A request's sender, a response's receiver.
    public var firstRoute: Slice? { hasRoutes ? routes.last : nil }

    /// A request's last hop, a response's next.
    public var lastRoute: Slice? { hasRoutes ? routes.first : nil }

    public func isSameFirstRoute(as other: Message) -> Bool { firstRoute == other.firstRoute }

    /// For people: the first hop first, eight bytes of each, "!" between them.
    /// - Throws: EPROTO unless routes are enabled.
    public func routeText() throws(Errno) -> [UInt8] {
        try requireRoutes()
        var text: [UInt8] = []
        for route in routes.reversed() {
            if !text.isEmpty { text.append(UInt8(ascii: "!")) }
            for byte in route.raw.prefix(8) { text.append(byte) }
        }
        return text
    }

    private func requireRoutes() throws(Errno) {
        guard hasRoutes else { throw Errno(code: EPROTO) }
    }
}
