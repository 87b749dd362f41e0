import Bytes
import PMIxWire
import Sockets
import Testing

@testable import PMIxServer

struct RequestTests {
    private func publish(_ client: RawClient, _ infos: [Info]) -> Packer {
        client.command(.publish) {
            $0.uint32(4711)
            $0.infos(infos)
        }
    }

    private func lookup(_ client: RawClient, _ keys: [Text]) -> Packer {
        client.command(.lookup) {
            $0.uint32(0)
            $0.size(keys.count)
            for key in keys { $0.string(key) }
            $0.infos([Info(.wait, .bool(true))])
        }
    }

    @Test("PUB-2 the host gets the infos and the user it knows, whatever the wire says; PUB-3 no infos are legal (S10)")
    func publishing() throws {
        let seen = Awaited<[Info]>()
        var host = Host()
        host.publish = { _, infos, done in
            seen.set(infos)
            done(.success)
            return .success
        }
        let fixture = try Fixture(host: host)
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        #expect(try zero.status(of: publish(zero, [Info("k", .string("v"))])) == .success)
        #expect(seen.all[0].map { $0.key } == ["k", .userID])
        #expect(seen.all[0].last?.value.asUInt32 == Fixture.uid)
        #expect(try zero.status(of: publish(zero, [])) == .success)
        #expect(seen.all[1].map { $0.key } == [.userID])
    }

    @Test("PUB-1 and others: what the host cannot do is not supported")
    func absent() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        #expect(try zero.status(of: publish(zero, [])) == .notSupported)
        #expect(try zero.status(of: lookup(zero, ["k"])) == .notSupported)
        let requests: [(Command, [RawClient.Item])] = [
            (.abort, [.status(.error), .string("x"), .procs([])]),
            (.unpublish, [.uint32(0), .size(0), .infos([])]),
            (.log, [.one(.time, .unsigned(0)), .infos([]), .infos([])]),
            (.allocate, [.one(.allocDirective, .unsigned(1)), .infos([])]),
            (.jobControl, [.procs([]), .infos([Info("pmix.jctrl.kill", .bool(true))])]),
            (.getCredential, [.infos([])]),
            (.validateCredential, [.one(.byteObject, .bytes([1])), .infos([])]),
            (.pushInput, [.procs([]), .infos([])]),
            (
                .constructGroup,
                [
                    .string("g"), .procs([Proc("job", Rank(0))]),
                    .infos([Info(.groupAssignContextID, .bool(true))]),
                ]
            ),
            (.registerFabric, [.infos([])]),
            (.query, [.list(.query, [.query(Query(keys: ["nothing.known"]))])]),
            (.sessionControl, [.uint32(1), .infos([])]),
        ]
        for (command, items) in requests {
            #expect(try zero.status(of: zero.command(command, items)) == .notSupported, "\(command)")
        }
        var unknown = Packer(.server)
        unknown.byte(77, .command)
        #expect(try zero.status(of: unknown) == .notSupported)
    }

    @Test("LOOKUP: keys in order, what is found with its owner, NOT_FOUND for nothing (S12)")
    func lookingUp() throws {
        let seen = Awaited<[Key]>()
        var host = Host()
        host.lookup = { proc, keys, infos, done in
            seen.set(keys)
            #expect(infos.map { $0.key } == [.wait, .userID])
            if keys.first == "done" { return .operationSucceeded }
            let found = keys.filter { $0 == "b" }.map { PublishedValue(proc: proc, key: $0, value: .string("v")) }
            done(.success, found)
            return .success
        }
        let fixture = try Fixture(host: host)
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        let answer = try zero.request(lookup(zero, ["a", "b"]))
        let found = try answer.unpack(.server) { (unpacker) throws(Malformed) -> [PublishedValue] in
            _ = try unpacker.status()
            return try unpacker.list(.pdata).compactMap { if case .published(let one) = $0 { one } else { nil } }
        }
        #expect(seen.value == ["a", "b"])
        #expect(found.map { $0.key } == ["b"] && found.first?.proc == Proc("job", Rank(0)))
        #expect(try zero.status(of: lookup(zero, ["c"])) == .notFound)
        #expect(try zero.status(of: lookup(zero, ["done"])) == .notFound)
        #expect(try zero.status(of: lookup(zero, [])) == .badParameter)
    }

    @Test("UNPUB-1 no keys mean everything of the caller")
    func unpublishing() throws {
        let seen = Awaited<[Key]>()
        var host = Host()
        host.unpublish = { _, keys, _, _ in
            seen.set(keys)
            return .operationSucceeded
        }
        let fixture = try Fixture(host: host)
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        let all = zero.command(.unpublish) {
            $0.uint32(0)
            $0.size(0)
            $0.infos([])
        }
        #expect(try zero.status(of: all) == .success)
        #expect(seen.value == [])
    }

    @Test("ABORT-1, 2 and 3: status, message or none, and the processes or none reach the host")
    func aborting() throws {
        struct Seen: Sendable {
            let object: Host.Object
            let status: Status
            let message: Text?
            let procs: [Proc]
        }
        let seen = Awaited<Seen>()
        var host = Host()
        host.abort = { _, object, status, message, procs, done in
            seen.set(Seen(object: object, status: status, message: message, procs: procs))
            done(.noPermissions)
            return .success
        }
        let fixture = try Fixture(host: host)
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        let abort = zero.command(.abort) {
            $0.status(Status(rawValue: 7))
            $0.string(nil)
            $0.procs([])
        }
        #expect(try zero.status(of: abort) == .noPermissions)
        #expect(seen.value?.object == 7000 && seen.value?.status == Status(rawValue: 7))
        #expect(seen.value?.message == nil && seen.value?.procs == [])
    }

    @Test("SPAWN-4 the answer names the job even when there is none; success brings its data")
    func spawning() throws {
        let seen = Awaited<[Info]>()
        var host = Host()
        host.spawn = { _, infos, apps, done in
            seen.set(infos)
            if apps[0].command == "bad" { return .noPermissions }
            done(.success, "job")
            return .success
        }
        let fixture = try Fixture(host: host)
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        func spawn(_ command: Text) -> Packer {
            var app = App()
            app.command = command
            return zero.command(.spawn) {
                $0.infos([])
                $0.list(.app, [.app(app)])
            }
        }
        #expect(try zero.request(spawn("bad")) == [0x02, 0x2d, 0x02, 0x00])
        let answer = try zero.request(spawn("good"))
        #expect(answer.starts(with: [0x02, 0x00, 0x02, 0x08] + Array("job".utf8) + [0]))
        #expect(answer.count > 20)
        #expect(seen.value?.map { $0.key } == [.requestorIsClient])
    }

    @Test("QUERY-2 what the server knows it answers; QUERY-3 no query is a bad parameter")
    func queries() throws {
        let seen = Awaited<Int>()
        var host = Host()
        host.query = { _, queries, done in
            seen.set(queries.count)
            done(.success, [Info("my.custom", .string("answer"))])
            return .success
        }
        let fixture = try Fixture(host: host)
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        func ask(_ queries: [Query]) -> Packer {
            zero.command(.query) { $0.list(.query, queries.map { .query($0) }) }
        }
        func infos(_ payload: [UInt8]) throws -> [Info] {
            try payload.unpack(.server) { (unpacker) throws(Malformed) in
                _ = try unpacker.status()
                return try unpacker.infos()
            }
        }
        #expect(try infos(try zero.request(ask([Query(keys: [.jobSize])])))[.jobSize]?.asUInt32 == 2)
        #expect(seen.count == 0)
        let mixed = Query(keys: [.jobSize, "my.custom"])
        #expect(try infos(try zero.request(ask([mixed]))).map { $0.key } == ["my.custom"])
        let anew = Query(keys: [.jobSize], qualifiers: [Info(.refreshCache, .bool(true))])
        #expect(try zero.status(of: ask([anew])) == .success)
        #expect(seen.all == [1, 1])
        #expect(try zero.status(of: ask([])) == .badParameter)
        #expect(try zero.status(of: ask([Query()])) == .badParameter)
    }

    @Test("LOG-1 source and time are added, and a host that completes at once is no deadlock (S24)")
    func logging() throws {
        let seen = Awaited<[Info]>()
        var host = Host()
        host.log = { _, _, directives, done in
            seen.set(directives)
            done(.success)
            done(.error)
        }
        let fixture = try Fixture(host: host)
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        let log = zero.command(.log) {
            $0.one(.time, .unsigned(12))
            $0.infos([Info("app.words", .string("hello"))])
            $0.infos([])
        }
        #expect(try zero.status(of: log) == .success)
        #expect(seen.value?.map { $0.key.description } == ["pmix.log.source", "pmix.log.tstmp"])
        #expect(try zero.hasNothing())
    }

    @Test("S14 a rank alone is of the asker's job, and each query stands for itself")
    func queriesApart() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        fixture.server.store(Proc("job", Rank(1)), key: "k", value: .string("of one"))
        fixture.server.store(Proc("job", .wildcard), key: "k", value: .string("of all"))
        let zero = try fixture.client(0)
        let queries = [Query(keys: ["k"], qualifiers: [Info(.rank, .rank(Rank(1)))]), Query(keys: ["k"])]
        let answer = try zero.request(zero.command(.query) { $0.list(.query, queries.map { .query($0) }) })
        let found = try answer.unpack(.server) { (unpacker) throws(Malformed) in
            _ = try unpacker.status()
            return try unpacker.infos()
        }
        #expect(found.map { $0.value.asText } == ["of one", "of all"])
    }

    @Test("SPAWN-3 what the job is given as input is shown to a caller that asked for that")
    func forwardedInput() throws {
        var host = Host()
        host.spawn = { _, _, _, done in
            done(.success, "job")
            return .success
        }
        let fixture = try Fixture(host: host)
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        var app = App()
        app.command = "cat"
        let spawn = zero.command(.spawn) {
            $0.infos([Info("pmix.fwd.stdin", .bool(true))])
            $0.list(.app, [.app(app)])
        }
        #expect(try zero.request(spawn).first == 0x02)
        for (channel, text) in [(2, "output"), (1, "input")] as [(UInt16, String)] {
            _ = fixture.wait {
                fixture.server.deliverOutput(
                    source: Proc("job", Rank(1)), channels: channel, bytes: Array(text.utf8), infos: [], done: $0)
            }
        }
        #expect(try zero.receive().payload.suffix(5) == Array("input".utf8)[...])
        #expect(try zero.hasNothing())
    }

    @Test("IOF-3 when too much waits the oldest goes; S16 no processes are one's own job")
    func cachedOutput() throws {
        var host = Host()
        host.pullOutput = { _, _, _, _ in .operationSucceeded }
        let fixture = try Fixture(host: host) { $0.maxCachedOutput = 2 }
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        for text in ["a", "b", "c"] {
            let status = fixture.wait {
                fixture.server.deliverOutput(
                    source: Proc("job", Rank(1)), channels: 2, bytes: Array(text.utf8), infos: [], done: $0)
            }
            #expect(status == .success)
        }
        try zero.send(zero.command(.pullOutput, [.procs([]), .infos([]), .one(.iofChannel, .unsigned(2)), .size(1)]))
        #expect(try zero.receive().payload == [0x02, 0x00, 0x02, 0x01])
        #expect(try zero.receive().payload.last == UInt8(ascii: "b"))
        #expect(try zero.receive().payload.last == UInt8(ascii: "c"))
        #expect(try zero.hasNothing())
    }

    @Test("IOF-1 a server's own process sees what it pulls, until it stops; IOF-5 and pushes")
    func ownOutput() throws {
        let asked = Awaited<[Info]>()
        let pushed = Awaited<[UInt8]>()
        var host = Host()
        host.pullOutput = { _, infos, _, done in
            asked.set(infos)
            done(.success)
            return .success
        }
        host.pushInput = { _, _, _, bytes, _ in
            pushed.set(bytes)
            return .operationSucceeded
        }
        let fixture = try Fixture(host: host)
        defer { fixture.stop() }
        let came = Awaited<[UInt8]>()
        let number = Awaited<UInt64>()
        fixture.server.pullOutput([Proc("job", .wildcard)], [], 2, { _, output in came.set(output.bytes) }) {
            status, id in
            #expect(status == .success)
            number.set(id)
        }
        func deliver(_ byte: UInt8) {
            _ = fixture.wait {
                fixture.server.deliverOutput(
                    source: Proc("job", Rank(1)), channels: 2, bytes: [byte], infos: [], done: $0)
            }
        }
        let id = try #require(number.value)
        deliver(1)
        #expect(fixture.wait { fixture.server.stopOutput(id, [], $0) } == .success)
        deliver(2)
        #expect(came.all == [[1]])
        #expect(asked.all.map { $0.count } == [0, 1])
        #expect(fixture.wait { fixture.server.stopOutput(id, [], $0) } == .badParameter)
        #expect(fixture.wait { fixture.server.pushInput([Proc("job", Rank(0))], [], [7], $0) } == .success)
        #expect(pushed.value == [7])
    }

    @Test("credentials come with their bytes, or with the status alone")
    func credentials() throws {
        var host = Host()
        host.getCredential = { _, infos, done in
            if infos.isEmpty { return .noPermissions }
            done(.success, Array("cred".utf8), [])
            return .success
        }
        let fixture = try Fixture(host: host)
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        #expect(try zero.request(zero.command(.getCredential) { $0.infos([]) }) == [0x02, 0x2d])
        let answer = try zero.request(zero.command(.getCredential) { $0.infos([Info("x", .bool(true))]) })
        #expect(answer == [0x02, 0x00, 0x02, 0x04] + Array("cred".utf8) + [0x02, 0x00])
    }

    @Test("IOF: output reaches who asked for it, not its source; what nobody asked for waits (S16, S17)")
    func output() throws {
        let seen = Awaited<[Info]>()
        var host = Host()
        host.pullOutput = { _, infos, _, done in
            seen.set(infos)
            done(.success)
            return .success
        }
        let fixture = try Fixture(host: host)
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        func deliver(_ rank: UInt32, _ text: String) {
            let status = fixture.wait {
                fixture.server.deliverOutput(
                    source: Proc("job", Rank(rank)), channels: 2, bytes: Array(text.utf8), infos: [], done: $0)
            }
            #expect(status == .success)
        }
        deliver(1, "early")
        func pull(_ client: RawClient) -> Packer {
            client.command(.pullOutput) {
                $0.procs([Proc("job", .wildcard)])
                $0.infos([])
                $0.one(.iofChannel, .unsigned(2))
                $0.size(9)
            }
        }
        try zero.send(pull(zero))
        let reply = try zero.receive()
        #expect(reply.payload == [0x02, 0x00, 0x02, 0x01])
        let early = try zero.receive()
        #expect(early.tag == Tag.output)
        let head: [UInt8] = [0x02, 0x08] + Array("job".utf8) + [0x00, 0x01, 0x02, 0x02, 0x02, 0x09, 0x02, 0x00]
        #expect(early.payload == head + [0x02, 0x05] + Array("early".utf8))
        #expect(try one.status(of: pull(one)) == .success)
        deliver(1, "late")
        #expect(try zero.receive().payload.suffix(4) == Array("late".utf8)[...])
        #expect(try one.hasNothing())
        let deregister = zero.command(.deregisterOutput) {
            $0.infos([])
            $0.size(1)
        }
        #expect(try zero.status(of: deregister) == .success)
        #expect(seen.all.last?.map { $0.key.description } == ["pmix.iof.stop"])
        #expect(try zero.status(of: deregister) == .notFound)
        deliver(1, "after")
        #expect(try zero.hasNothing())
    }

    @Test("MONITOR-1 a monitor without its attributes is a bad parameter; a missed heartbeat is an event")
    func monitors() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        let alert = Status(rawValue: -109)
        #expect(try one.status(of: one.register([alert])) == .success)
        func monitor(_ infos: [Info]) -> Packer {
            zero.command(.monitor) {
                $0.info(Info("pmix.monitor.mbeat", .bool(true)))
                $0.status(alert)
                $0.infos(infos)
            }
        }
        #expect(try zero.status(of: monitor([])) == .badParameter)
        #expect(try zero.status(of: monitor([Info("pmix.monitor.btime", .uint32(1))])) == .success)
        try zero.write(Message(tag: Tag.heartbeat, payload: []).framed(index: 0))
        let event = try one.event()
        #expect(event.status == alert && event.source == Proc("job", Rank(0)))
        #expect(try zero.hasNothing())
        let file = zero.command(.monitor) {
            $0.info(Info("pmix.monitor.fmon", .string("/tmp/x")))
            $0.status(Status(rawValue: -110))
            $0.infos([])
        }
        #expect(try zero.status(of: file) == .badParameter)
        let other = zero.command(.monitor) {
            $0.info(Info("pmix.monitor.other", .bool(true)))
            $0.status(alert)
            $0.infos([])
        }
        #expect(try zero.status(of: other) == .notSupported)
    }

    @Test("JCTRL-1 what a rank wants cleaned up goes when it goes; JCTRL-11 or when a job does that nobody knows yet")
    func cleaningUp() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let file = "/tmp/muster-leftover-" + Text(decimal: ServerFiles.processID())
        #expect(ServerFiles.write(file, "x", mode: 0o600))
        defer { ServerFiles.remove(file) }
        let uid = try Files.owner(of: file.bytes)
        let rank = Proc("job", Rank(0))
        #expect(
            fixture.wait {
                fixture.server.registerClient(rank, uid: uid, gid: Fixture.gid, object: 0, done: $0)
            } == .success)
        let zero = try RawClient(fixture.address, .client(rank, uid: uid))
        try zero.enter()
        let wish = [Info("pmix.reg.cleanup", .string(file))]
        let second = file + ".other"
        #expect(ServerFiles.write(second, "x", mode: 0o600))
        defer { ServerFiles.remove(second) }
        let other = zero.command(
            .jobControl, [.procs([Proc("other", .wildcard)]), .infos([Info("pmix.reg.cleanup", .string(second))])])
        #expect(try zero.status(of: other) == .success)
        #expect(try zero.request(zero.command(.jobControl, [.procs([rank]), .infos(wish)])) == [0x02, 0x00])
        #expect(ServerFiles.exists(file))
        zero.socket.shutdown()
        #expect(fixture.awaitEvent()?.status == .lostConnection)
        #expect(!ServerFiles.exists(file) && ServerFiles.exists(second))
        #expect(fixture.wait { fixture.server.deregisterNamespace("other", done: $0) } == .success)
        #expect(!ServerFiles.exists(second))
    }

    @Test("a monitor that is cancelled says nothing; a file that keeps changing is alive")
    func cancelledMonitor() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        let alert = Status(rawValue: -109)
        #expect(try one.status(of: one.register([alert])) == .success)
        let attributes = [Info("pmix.monitor.btime", .uint32(1)), Info("pmix.monitor.id", .string("mine"))]
        let beat = Info("pmix.monitor.mbeat", .bool(true))
        #expect(
            try zero.status(of: zero.command(.monitor, [.info(beat), .status(alert), .infos(attributes)])) == .success)
        let cancel = Info("pmix.monitor.cancel", .string("mine"))
        #expect(try zero.status(of: zero.command(.monitor, [.info(cancel), .status(alert), .infos([])])) == .success)
        #expect(
            try zero.status(of: zero.command(.monitor, [.info(cancel), .status(alert), .infos([])])) == .notSupported)
        Pause.milliseconds(1200)
        #expect(try one.hasNothing())
    }
}
