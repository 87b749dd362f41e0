import Bytes
import PMIxWire
import Sockets
import Testing

@testable import PMIxServer

struct HostileTests {
    /// A request of every kind, as a client would write it.
    private func requests(_ client: RawClient) -> [Packer] {
        let procs = [Proc("job", .wildcard)]
        let infos = [Info(.collectData, .bool(true)), Info("k", .infos([Info("nested", .string("text"))]))]
        var app = App()
        app.command = "/bin/true"
        app.arguments = ["a", "b"]
        let requests: [(Command, [RawClient.Item])] = [
            (.abort, [.status(.error), .string("x"), .procs(procs)]),
            (.fence, [.procs(procs), .infos(infos)]),
            (.connect, [.procs(procs), .infos(infos)]),
            (.publish, [.uint32(0), .infos(infos)]),
            (.lookup, [.uint32(0), .size(1), .string("k"), .infos(infos)]),
            (.spawn, [.infos(infos), .list(.app, [.app(app)])]),
            (.notify, [.status(.error), .one(.dataRange, .unsigned(3)), .infos(infos)]),
            (.query, [.list(.query, [.query(Query(keys: ["a"], qualifiers: infos))])]),
            (.log, [.one(.time, .unsigned(1)), .infos(infos), .infos([])]),
            (.jobControl, [.procs(procs), .infos(infos)]),
            (.monitor, [.info(infos[0]), .status(.error), .infos(infos)]),
            (.pullOutput, [.procs(procs), .infos(infos), .one(.iofChannel, .unsigned(2)), .size(1)]),
            (.constructGroup, [.string("g"), .procs(procs), .infos(infos)]),
            (.destructGroup, [.string("g"), .infos(infos)]),
            (.resolvePeers, [.string("here"), .string("job")]),
        ]
        return requests.map { client.command($0.0, $0.1) } + [
            client.commit(3, [("a", "b"), ("c", "d")]),
            client.get(Proc("job", Rank(0)), "a", infos),
            client.register([.error]),
        ]
    }

    @Test(
        "every request cut short anywhere is answered or ignored, never fatal",
        arguments: [("v41", false), ("v3", false), ("v41", true), ("v3", true)])
    func truncated(_ module: String, _ isDescribed: Bool) throws {
        let fixture = try Fixture(local: 2)
        defer { fixture.stop() }
        var handshake = Handshake.client(Proc("job", Rank(1)), module: Text(module))
        handshake.isDescribed = isDescribed
        let bad = try RawClient(fixture.address, handshake)
        try bad.enter()
        for request in requests(bad) {
            for count in 1..<request.bytes.count {
                try bad.write(Message(tag: 9000, payload: Array(request.bytes[..<count])).framed(index: 0))
            }
        }
        let good = try fixture.client(0)
        #expect(try good.status(of: good.command(.commit)) == .success)
        #expect(try bad.status(of: bad.command(.commit)) == .success)
    }

    @Test("every request with any byte changed is answered or ignored, never fatal")
    func flipped() throws {
        let fixture = try Fixture(local: 2)
        defer { fixture.stop() }
        let probe = try fixture.client(0)
        for request in requests(probe) {
            let bad = try fixture.client(1)
            for place in request.bytes.indices {
                for change in [0x01, 0x7f, 0x80, 0xff] as [UInt8] {
                    var bytes = request.bytes
                    bytes[place] ^= change
                    try bad.write(Message(tag: 9000, payload: bytes).framed(index: 0))
                }
            }
            try bad.write(Message(tag: 9001, payload: bad.command(.commit).bytes).framed(index: 0))
            _ = try bad.answer(to: 9001)
            bad.socket.shutdown()
        }
        #expect(try probe.status(of: probe.command(.commit)) == .success)
    }

    @Test("a frame longer than any message ends its connection, and no other")
    func oversized() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        try zero.write([0, 0, 0, 0, 0, 0, 0, 101, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0])
        #expect(zero.isClosed())
        #expect(try one.status(of: one.command(.commit)) == .success)
    }

    @Test("empty messages: a heartbeat needs no answer, a request gets LOST_CONNECTION, other tags nothing")
    func empty() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        for tag in [Tag.heartbeat, Tag.notify, Tag.output, 57] {
            try zero.write(Message(tag: tag, payload: []).framed(index: 0))
        }
        #expect(try zero.hasNothing())
        try zero.write(Message(tag: 500, payload: []).framed(index: 0))
        #expect(try zero.status(to: 500) == .lostConnection)
    }

    @Test("two messages in one write are two requests; one in many writes is one")
    func pieces() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        let payload = zero.command(.commit).bytes
        try zero.write(
            Message(tag: 200, payload: payload).framed(index: 0) + Message(tag: 201, payload: payload).framed(index: 0))
        #expect(try zero.status(to: 200) == .success)
        #expect(try zero.status(to: 201) == .success)
        for byte in Message(tag: 202, payload: payload).framed(index: 0) { try zero.write([byte]) }
        #expect(try zero.status(to: 202) == .success)
    }

    @Test("a peer that does not read is not read from, and everyone else is served")
    func unread() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        let long = Text([UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20))
        #expect(try one.status(of: one.commit(3, [("big", long)])) == .success)
        let get = zero.get(Proc("job", Rank(1)), "big")
        var tags: [UInt32] = []
        for _ in 0..<40 { tags.append(try zero.send(get)) }
        #expect(try one.status(of: one.command(.commit)) == .success)
        for tag in tags { #expect(try zero.value("big", in: try zero.answer(to: tag))?.count == 1 << 20) }
    }

    @Test("connections that never say who they are do not keep others out")
    func silent() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let silent = try (0..<50).map { _ in try RawClient.silent(fixture.address) }
        _ = try fixture.client(0)
        #expect(silent.count == 50)
    }

    @Test("a host's completions after the server has stopped are ignored; nobody waits for ever")
    func late() throws {
        let seen = Awaited<@Sendable () -> Void>()
        var host = Host()
        host.publish = { _, _, done in
            nonisolated(unsafe) let done = done
            seen.set { done(.success) }
            return .success
        }
        let fixture = try Fixture(local: 2, size: 3, host: host)
        let zero = try fixture.client(0)
        try zero.send(
            zero.command(.publish) {
                $0.uint32(0)
                $0.infos([])
            })
        try zero.send(zero.fence([Proc("job", .wildcard)], [Info(.timeout, .uint32(60))]))
        try zero.send(zero.get(Proc("job", Rank(1)), "k", [Info(.timeout, .uint32(60))]))
        let modex = Awaited<Status>()
        fixture.server.requestModex(Proc("job", Rank(1))) { status, _ in modex.set(status) }
        let complete = try #require(seen.value)
        #expect(try zero.hasNothing())
        fixture.stop()
        complete()
        #expect(zero.isClosed())
        #expect(modex.value == .unreachable)
    }
}
