import Bytes
import PMIxWire
import Sockets
import Testing

@testable import PMIxServer

struct HandshakingTests {
    @Test("CONN-1 a rank of an unknown job is refused, with the reason if its release reads one")
    func unknownJob() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        for proc in [Proc("other", Rank(0)), Proc("job", Rank(9))] {
            for version in ["4.2.2", "5.0.11", "6.1.0"] as [Text] {
                #expect(try RawClient(fixture.address, .client(proc, version: version)).refusal() == nil)
            }
            let old = try RawClient(fixture.address, .client(proc, version: "3.2.5", module: "v3"))
            #expect(old.refusal() == .notFound)
        }
        _ = try fixture.client(0)
    }

    @Test("CONN-2 a credential of another user is refused, and the same rank can still come in (S24)")
    func wrongUser() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let liar = try RawClient(fixture.address, .client(Proc("job", Rank(0)), version: "3.2.5", uid: 5))
        #expect(liar.refusal() == .invalidCredential)
        #expect(try RawClient(fixture.address, .client(Proc("job", Rank(0)), uid: 5)).refusal() == nil)
        _ = try fixture.client(0)
    }

    @Test("a credential that is too short, and a way of proving that is not offered, are refused")
    func badCredentials() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        var short = Handshake.client(Proc("job", Rank(0)), version: "3.2.5")
        short.credential = [1, 2, 3]
        #expect(try RawClient(fixture.address, short).refusal() == .invalidCredential)
        var open = Handshake.client(Proc("job", Rank(0)), version: "3.2.5")
        open.security = "none"
        open.credential = []
        #expect(try RawClient(fixture.address, open).refusal() == .notSupported)
        let lenient = try Fixture { $0.securityModules = ["none"] }
        defer { lenient.stop() }
        #expect(try RawClient(lenient.address, open).handshakeStatus() == .success)
    }

    @Test(
        "a codec nobody has is refused; every codec of the field is taken",
        arguments: ["v12", "v20", "v21", "v3", "v4", "v41", "v51", "v61"])
    func codecs(_ name: String) throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let unknown = try RawClient(fixture.address, .client(Proc("job", Rank(0)), version: "3.2.5", module: "v99"))
        #expect(unknown.refusal() == .notSupported)
        let client = try fixture.client(0, module: Text(name))
        #expect(try client.status(of: client.command(.commit)) == .success)
    }

    @Test("what is no handshake is refused, and its connection closed")
    func garbage() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let nonsense = [
            [UInt8](repeating: 0xff, count: 16), [UInt8](repeating: 0, count: 16), Array("GET / HTTP/1.1\r\n\r\n".utf8),
        ]
        for bytes in nonsense {
            let socket = try RawClient.silent(fixture.address)
            try socket.sendAll(bytes, Deadline(seconds: 5))
            #expect(try socket.receiveAll(4, Deadline(seconds: 5)).count == 4)
        }
        // The length in network order would be far beyond any handshake.
        let swapped = try RawClient.silent(fixture.address)
        try swapped.sendAll([UInt8](repeating: 0xff, count: 8) + [0, 0, 0, 51, 0, 0, 0, 0], Deadline(seconds: 5))
        #expect(try swapped.receiveAll(4, Deadline(seconds: 5)).count == 4)
        _ = try fixture.client(0)
    }

    @Test("every prefix of a handshake is waited out or refused, and harms nobody")
    func prefixes() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let whole = Handshake.client(Proc("job", Rank(0))).bytes()
        for count in stride(from: 0, to: whole.count, by: 3) {
            let socket = try RawClient.silent(fixture.address)
            try socket.sendAll(Array(whole[..<count]), Deadline(seconds: 5))
            socket.shutdown()
        }
        let slow = try RawClient.silent(fixture.address)
        for byte in whole { try slow.sendAll([byte], Deadline(seconds: 5)) }
        #expect(try slow.receiveAll(8, Deadline(seconds: 5)).prefix(4) == [0, 0, 0, 0])
    }

    @Test("CONN-3 a rank may have several connections, and loses none of them to the end of another")
    func twice() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let first = try fixture.client(0)
        let second = try fixture.client(0)
        second.socket.shutdown()
        #expect(fixture.awaitEvent()?.status == .lostConnection)
        let other = try fixture.client(1)
        let tag = try first.send(first.fence())
        #expect(try other.status(of: other.fence()) == .success)
        #expect(try first.status(to: tag) == .success)
    }

    @Test("CONN-4 a host that does not want the rank has it refused", arguments: ["4.2.2", "3.2.5"])
    func unwanted(_ version: String) throws {
        var host = Host()
        host.clientConnected = { proc, object, _, _ in
            #expect(object == 7000)
            return proc.rank == Rank(0) ? .noPermissions : .success
        }
        let fixture = try Fixture(host: host)
        defer { fixture.stop() }
        let client = try RawClient(fixture.address, .client(Proc("job", Rank(0)), version: Text(version)))
        #expect(client.refusal() == (version == "3.2.5" ? .noPermissions : nil))
    }

    @Test("REQ answers with the job's name and data, and CONN-6 the first client's version")
    func jobInfo() throws {
        let fixture = try Fixture(local: 2, size: 3)
        defer { fixture.stop() }
        let client = try fixture.client(1, version: "4.2.2rc2")
        let data = try client.request(client.command(.request)).unpack(client.dialect) {
            (unpacker) throws(Malformed) -> NamespaceData in
            var data = NamespaceData(try unpacker.string() ?? "")
            try data.read(&unpacker)
            return data
        }
        #expect(data.nspace == "job")
        #expect(data.jobSize == 3)
        #expect(data.job[.codecModule]?.asText == "4.2.2rc2")
        #expect(data.ranks[Rank(2)]?[.hostname]?.asText == "there")
        let later = try fixture.client(0, version: "5.0.8")
        let bytes = try later.request(later.command(.request))
        #expect(bytes == (try client.request(client.command(.request))))
    }

    @Test("messages that arrive glued to the handshake are served")
    func glued() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let socket = try RawClient.silent(fixture.address)
        let request = Packer(.server, command: .commit)
        let message = Message(tag: 101, payload: request.bytes).framed(index: 0)
        try socket.sendAll(Handshake.client(Proc("job", Rank(0))).bytes() + message, Deadline(seconds: 5))
        let answer = try socket.receiveAll(8 + 16 + 2, Deadline(seconds: 5))
        #expect(answer.suffix(2) == [2, 0])
    }

    @Test("a tool gets an identity from the host, which hears its version and user")
    func tools() throws {
        let seen = Awaited<[Info]>()
        var host = Host()
        host.toolConnected = { infos, done in
            seen.set(infos)
            done(.success, Proc("toolns", Rank(3)))
        }
        let fixture = try Fixture(host: host)
        defer { fixture.stop() }
        let tool = try RawClient(fixture.address, .tool(.toolNeedingID))
        #expect(try tool.handshakeStatus() == .success)
        let names = try tool.read(260 + 260)
        var reader = ByteReader(names.span.bytes)
        #expect(try HandshakeReply.readProc(&reader) == Proc("toolns", Rank(3)))
        #expect(try HandshakeReply.readProc(&reader) == Proc("server", Rank(0)))
        #expect(try tool.handshakeStatus() == .success)
        #expect(seen.value?.map { $0.key.description } == ["pmix.version", "pmix.euid", "pmix.egid"])
        #expect(try tool.status(of: tool.get(Proc("job", .wildcard), .jobSize)) == .success)
    }

    @Test("without a host's word a nameless tool is refused, one with a name let in")
    func toolsWithoutHost() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        #expect(try RawClient(fixture.address, .tool(.toolNeedingID)).refusal() == nil)
        #expect(try RawClient(fixture.address, .tool(.toolNeedingID, version: "3.2.5")).refusal() == .notSupported)
        let named = try RawClient(fixture.address, .tool(.toolWithID, Proc("mytool", Rank(0))))
        #expect(try named.handshakeStatus() == .success)
        #expect(try named.read(264).count == 264)
        let intruder = try RawClient(fixture.address, .tool(.toolWithID, Proc("job", Rank(9))))
        #expect(intruder.refusal() == nil)
    }

    @Test(
        "a singleton is answered in the form its release reads",
        arguments: [("4.2.2", 264), ("5.0.8", 264), ("5.0.11", 4), ("6.0.0", 264), ("6.1.0", 4)])
    func singletons(_ version: String, _ byteCount: Int) throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let single = try RawClient(fixture.address, .tool(.singleton, Proc("single", Rank(0)), version: Text(version)))
        #expect(try single.handshakeStatus() == .success)
        #expect(try single.read(byteCount).count == byteCount)
        #expect(try single.status(of: single.commit(3, [("k", "v")])) == .success)
        #expect(try single.status(of: single.fence([Proc("single", .wildcard)])) == .success)
    }
}
