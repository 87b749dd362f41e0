// What the broker says of itself. What never changes is asked for once.
import Bytes
import CLibc
import JSON
import Sockets

/// A handle's attributes: those that stay, and those whose text was lent until the next question.
public final class AttributeCache {
    private var fixed: [Text: Slice] = [:]
    private var passing: [Text: Slice] = [:]
    /// Names in the order of their coming.
    private var names: [Text] = []
    private var iteration: [Slice] = []
    private var place = 0

    func value(_ name: Text) -> Slice? { fixed[name] }

    /// nil forgets it.
    public func keep(_ value: [UInt8]?, for name: Text) {
        guard let value else {
            fixed[name] = nil
            names.removeAll { $0 == name }
            return
        }
        if fixed[name] == nil { names.append(name) }
        fixed[name] = Slice(value)
    }

    func lend(_ value: [UInt8], for name: Text) -> Slice {
        let text = Slice(value)
        passing[name] = text
        return text
    }

    /// Begins to go through the names.
    public func firstName() -> Slice? {
        iteration = names.map { Slice($0) }
        place = 0
        return nextName()
    }

    public func nextName() -> Slice? {
        guard place < iteration.count else { return nil }
        defer { place += 1 }
        return iteration[place]
    }
}

extension Handle {
    private static let immutable: Int64 = 1

    /// The value of an attribute, valid until it is asked for again.
    public func attribute(_ name: Text) throws(Errno) -> Slice {
        if name == "parent-uri", let remote = getenv("FLUX_PROXY_REMOTE") {
            return try parentURI(through: Array(UnsafeRawBufferPointer(start: remote, count: strlen(remote))))
        }
        return try ownAttribute(name)
    }

    private func ownAttribute(_ name: Text) throws(Errno) -> Slice {
        if let known = attributes.value(name) { return known }
        let body = JSON.object([("name", .string(name.bytes))])
        let rpc = try rpc(Slice("attr.get"), json: body)
        defer { rpc.dropUse() }
        let answer = try rpc.response().json()
        guard let value = answer["value"]?.bytes, let flags = answer["flags"]?.integer else {
            throw Errno(code: EPROTO)
        }
        guard flags & Handle.immutable != 0 else { return attributes.lend(value, for: name) }
        attributes.keep(value, for: name)
        return attributes.value(name) ?? attributes.lend(value, for: name)
    }

    /// Behind a proxy the enclosing instance is reached through the host that the proxy went to.
    private func parentURI(through remote: [UInt8]) throws(Errno) -> Slice {
        let name: Text = "parent-remote-uri"
        if let known = attributes.value(name) { return known }
        let value = try ownAttribute("parent-uri")
        var bytes = value.bytes
        let local = Array("local://".utf8)
        if bytes.starts(with: local) {
            bytes = Array("ssh://".utf8) + remote + bytes.part(local.count..<bytes.count)
        }
        attributes.keep(bytes, for: name)
        return attributes.value(name) ?? value
    }

    /// - Throws: what the broker says; the text of that is in `problem`.
    public func setAttribute(
        _ name: [UInt8], _ value: [UInt8], isForced: Bool, _ problem: inout [UInt8]
    ) throws(Errno) {
        let body = JSON.object([("name", .string(name)), ("value", .string(value))])
        if isForced { body["force"] = .bool(true) }
        let rpc = try rpc(Slice("attr.set"), json: body)
        defer { rpc.dropUse() }
        do {
            _ = try rpc.response()
        } catch {
            problem = rpc.failure?.text?.bytes ?? []
            throw error
        }
    }

    private func number(_ name: Text) throws(Errno) -> UInt32 {
        UInt32(truncatingIfNeeded: strtoul(try attribute(name).characters, nil, 10))
    }

    public func rank() throws(Errno) -> UInt32 { try number("rank") }
    public func size() throws(Errno) -> UInt32 { try number("size") }

    /// When the instance began, by the clock of rank 0: seconds since 1970.
    public func startTime() throws(Errno) -> Double {
        let body = JSON.object([("name", .string("broker.starttime"))])
        let rpc = try rpc(Slice("attr.get"), json: body, nodeid: 0)
        defer { rpc.dropUse() }
        guard let value = try rpc.response().json()["value"]?.bytes else { throw Errno(code: EPROTO) }
        return withExtendedLifetime(Slice(value)) { clibc_strtod($0.characters, nil) }
    }

    public func rpc(
        _ topic: Slice, json: JSON, nodeid: UInt32 = NodeID.any, flags: RPCFlags = []
    ) throws(Errno) -> RPC {
        let request = Message.request(topic: topic)
        request.setJSON(json)
        return try RPC.send(request, on: self, nodeid: nodeid, flags: flags)
    }
}

extension Slice {
    /// As C's functions want a text. Safety: as long as somebody keeps this.
    var characters: UnsafePointer<CChar> { pointer.assumingMemoryBound(to: CChar.self) }
}
