import Bytes
import PMIxWire
import Sockets
import Testing

@testable import PMIxServer

struct SeenModex: Sendable {
    let proc: Proc
    let infos: [Info]
    let complete: @Sendable (Status, [UInt8]) -> Void
}

struct GetTests {
    private let immediate = [Info(.immediate, .bool(true))]

    private func host(_ seen: Awaited<SeenModex>, _ answer: @escaping (Host.DoneWithData) -> Status) -> Host {
        var host = Host()
        host.directModex = { proc, infos, done in
            nonisolated(unsafe) let complete = done
            seen.set(SeenModex(proc: proc, infos: infos) { complete($0, $1) })
            return answer(done)
        }
        return host
    }

    private func data(_ key: Key, _ text: Text) -> [UInt8] {
        KeyValue.pack([KeyValue(key, .string(text))])
    }

    @Test("COMMIT-1 a peer of this node sees local and global keys, all in one answer", arguments: ["v41", "v3"])
    func scopes(_ module: String) throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let zero = try fixture.client(0, module: Text(module))
        let one = try fixture.client(1)
        #expect(try zero.status(of: zero.commit(1, [("near", "n"), ("all", "a")])) == .success)
        #expect(try zero.status(of: zero.commit(2, [("far", "f"), ("all", "a")])) == .success)
        let answer = try one.found(try one.request(one.get(Proc("job", Rank(0)), "near")))
        #expect(answer.status == .success)
        #expect(answer.objects.map { $0.proc } == [Proc("job", Rank(0))])
        #expect(answer.objects.first?.pairs.map { $0.key } == ["near", "all"])
        // GET-6 and GET-11
        #expect(try one.status(of: one.get(Proc("job", Rank(0)), "far")) == .notFound)
        let remote = [Info(.dataScope, Value(.scope, .unsigned(2)))]
        #expect(try one.value("far", in: try one.request(one.get(Proc("job", Rank(0)), "far", remote))) == "f")
    }

    @Test("a later commit replaces and adds")
    func recommit() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        let get = one.get(Proc("job", Rank(0)), "k")
        #expect(try zero.status(of: zero.commit(3, [("k", "old")])) == .success)
        #expect(try one.value("k", in: try one.request(get)) == "old")
        #expect(try zero.status(of: zero.commit(3, [("k", "new"), ("l", "more")])) == .success)
        let answer = try one.request(get)
        #expect(try one.value("k", in: answer) == "new")
        #expect(try one.value("l", in: answer) == "more")
    }

    @Test("COMMIT-4 a commit of nothing succeeds; a scope nobody knows does not")
    func emptyCommit() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        #expect(try zero.status(of: zero.command(.commit)) == .success)
        #expect(try zero.status(of: zero.commit(77, [("k", "v")])) == .badParameter)
    }

    @Test("COMMIT-3 a commit answers who waits, once each, even one who asks from a callback (S13)")
    func waiters() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        let tag = try one.send(one.get(Proc("job", Rank(0)), "k", [Info(.timeout, .uint32(5))]))
        let (first, second) = (Awaited<[UInt8]>(), Awaited<[UInt8]>())
        let proc = Proc("job", Rank(0))
        fixture.server.requestModex(proc) { [server = fixture.server] _, bytes in
            first.set(bytes)
            server.requestModex(proc) { _, bytes in second.set(bytes) }
        }
        #expect(try one.hasNothing())
        #expect(first.count == 0)
        #expect(try zero.status(of: zero.commit(3, [("k", "v")])) == .success)
        #expect(try one.value("k", in: try one.answer(to: tag)) == "v")
        #expect(first.value == data("k", "v"))
        #expect(second.value == data("k", "v"))
        #expect(first.count == 1 && second.count == 1)
    }

    @Test("a modex request ends when the rank can no longer commit")
    func lostModex() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let (nobody, lost) = (Awaited<Status>(), Awaited<Status>())
        fixture.server.requestModex(Proc("job", Rank(5))) { status, _ in nobody.set(status) }
        #expect(nobody.value == .notFound)
        let one = try fixture.client(1)
        fixture.server.requestModex(Proc("job", Rank(1))) { status, _ in lost.set(status) }
        fixture.settle()
        #expect(lost.count == 0)
        one.socket.shutdown()
        #expect(lost.value == .notFound)
    }

    @Test("a modex request of the job gives its data")
    func modexOfJob() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let bytes = Awaited<[UInt8]>()
        fixture.server.requestModex(Proc("job", .wildcard)) { _, data in bytes.set(data) }
        let pairs = try KeyValue.unpack(try #require(bytes.value))
        #expect(pairs.contains { $0.key == .jobSize })
    }

    @Test("GET-2 a get of the wildcard rank is answered with the job's data, or with no object")
    func jobData() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        let job = Proc("job", .wildcard)
        let one = try zero.found(try zero.request(zero.get(job, .jobSize)))
        #expect(one.objects.first?.pairs.first?.value.asUInt32 == 2)
        let missing = try zero.found(try zero.request(zero.get(job, "pmix.nsdir")))
        #expect(missing.status == .success && missing.objects.isEmpty)
        let all = try zero.found(try zero.request(zero.get(job, nil)))
        #expect(all.objects.first?.pairs.contains { $0.key == .procBlob } == true)
        let node = [Info(.nodeInfo, .bool(true)), Info(.hostname, .string(nil))]
        #expect(try zero.value(.localPeers, in: try zero.request(zero.get(job, .localPeers, node))) == "0,1")
    }

    @Test("GET-3 a get waits until the job is registered, unless it is immediate")
    func unregistered() throws {
        let fixture = try Fixture(registers: false)
        defer { fixture.stop() }
        fixture.announce(1)
        let zero = try fixture.client(0)
        #expect(try zero.status(of: zero.get(Proc("job", .wildcard), .jobSize, immediate)) == .notFound)
        let tag = try zero.send(zero.get(Proc("job", .wildcard), .jobSize))
        #expect(try zero.hasNothing())
        #expect(fixture.register(local: 1, size: 1) == .success)
        #expect(try zero.found(try zero.answer(to: tag)).objects.count == 1)
    }

    @Test("GET-4 and GET-5: a rank that is not there yet is waited for, a missing key for two seconds")
    func missing() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        let peer = Proc("job", Rank(1))
        #expect(try zero.status(of: zero.get(peer, "k", immediate)) == .notFound)
        #expect(try zero.status(of: zero.get(peer, "k", [Info(.timeout, .uint32(1))])) == .timeout)
        let tag = try zero.send(zero.get(peer, "k"))
        #expect(try zero.hasNothing())
        let start = Deadline.now
        let one = try fixture.client(1)
        #expect(try zero.status(to: tag) == .timeout)
        #expect(Deadline.now - start > 1_500_000_000)
        #expect(try one.status(of: one.command(.commit)) == .success)
    }

    @Test("a get ends when the rank it waits for is lost")
    func lostTarget() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        let tag = try zero.send(zero.get(Proc("job", Rank(1)), "k", [Info(.timeout, .uint32(0))]))
        #expect(try zero.hasNothing())
        one.socket.shutdown()
        #expect(try zero.status(to: tag) == .notFound)
    }

    @Test(
        "GET-7 the host is asked once for a rank, and all who want it get its answer",
        arguments: [Status.success, .noPermissions])
    func remote(_ status: Status) throws {
        let seen = Awaited<SeenModex>()
        let fixture = try Fixture(local: 2, size: 3, host: host(seen) { _ in .success })
        defer { fixture.stop() }
        let clients = [try fixture.client(0), try fixture.client(1)]
        let tags = try clients.map { try $0.send($0.get(Proc("job", Rank(2)), "k")) }
        let modex = try #require(seen.value)
        #expect(modex.proc == Proc("job", Rank(2)))
        #expect(modex.infos[.requiredKey]?.asText == "k")
        for client in clients { #expect(try client.hasNothing()) }
        modex.complete(status, data("k", "v"))
        for (client, tag) in zip(clients, tags) {
            let answer = try client.answer(to: tag)
            #expect(try client.status(in: answer) == status)
            if status == .success { #expect(try client.value("k", in: answer) == "v") }
        }
        #expect(seen.count == 1)
    }

    @Test("GET-10 what was fetched is kept until a refresh; GET-12 an immediate get does not fetch")
    func refresh() throws {
        let seen = Awaited<SeenModex>()
        let fixture = try Fixture(
            local: 1, size: 2,
            host: host(seen) { done in
                done(.success, KeyValue.pack([KeyValue("k", .string("v"))]))
                return .success
            })
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        let far = Proc("job", Rank(1))
        #expect(try zero.status(of: zero.get(far, "k", immediate)) == .notFound)
        #expect(seen.count == 0)
        for _ in 0..<3 { #expect(try zero.value("k", in: try zero.request(zero.get(far, "k"))) == "v") }
        #expect(seen.count == 1)
        let anew = [Info(.refreshCache, .bool(true))]
        #expect(try zero.status(of: zero.get(far, "k", anew)) == .success)
        #expect(seen.count == 2)
        #expect(try zero.status(of: zero.get(far, "other")) == .notFound)
    }

    @Test("GET-9 and GET-1: nobody to ask, and a job nobody knows")
    func unknown() throws {
        let fixture = try Fixture(local: 1, size: 2)
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        #expect(try zero.status(of: zero.get(Proc("job", Rank(1)), "k")) == .notFound)
        #expect(try zero.status(of: zero.get(Proc("nowhere", Rank(0)), "k")) == .notFound)
        let seen = Awaited<SeenModex>()
        let asking = try Fixture(
            local: 1,
            host: host(seen) { done in
                done(.success, KeyValue.pack([KeyValue("k", .string("far away"))]))
                return .success
            })
        defer { asking.stop() }
        let client = try asking.client(0)
        #expect(try client.status(of: client.get(Proc("nowhere", Rank(0)), "k", immediate)) == .notFound)
        #expect(seen.count == 0)
        #expect(try client.value("k", in: try client.request(client.get(Proc("nowhere", Rank(0)), "k"))) == "far away")
    }

    @Test("a fetch has the timeout of its sender, and the host's late answer harms nobody")
    func lateModex() throws {
        let seen = Awaited<SeenModex>()
        let fixture = try Fixture(local: 1, size: 2, host: host(seen) { _ in .success })
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        let far = Proc("job", Rank(1))
        #expect(try zero.status(of: zero.get(far, "k", [Info(.timeout, .uint32(1))])) == .timeout)
        seen.value?.complete(.success, data("k", "v"))
        fixture.settle()
        #expect(try zero.hasNothing())
        #expect(try zero.value("k", in: try zero.request(zero.get(far, "k", immediate))) == "v")
    }

    @Test("GET-8 a requester of another job gets the job's data before the rank's")
    func otherJob() throws {
        let fixture = try Fixture(local: 1)
        defer { fixture.stop() }
        fixture.announce(1, "second")
        #expect(fixture.register(local: 1, size: 1, "second") == .success)
        let (here, there) = (try fixture.client(0), try fixture.client(0, "second"))
        #expect(try here.status(of: here.commit(3, [("k", "v")])) == .success)
        let answer = try there.found(try there.request(there.get(Proc("job", Rank(0)), "k")))
        #expect(answer.objects.map { $0.proc } == [Proc("job", .wildcard), Proc("job", Rank(0))])
    }

    @Test(
        "DIAL-19 a compressed string reaches any peer as what it was",
        arguments: [("4.2.2", "v3"), ("4.2.2", "v41"), ("5.0.11", "v41"), ("6.1.0", "v61")] as [(Text, Text)])
    func compressed(version: Text, module: Text) throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1, version: version, module: module))
        let long = [UInt8](repeating: UInt8(ascii: "A"), count: 9000)
        let value = Value(.compressedString, .bytes(try Deflate.compress(long + [0])))
        let commit = zero.command(.commit) { packer in
            var inside = Packer(.server)
            inside.keyValue("big", value)
            for scope in [UInt8(1), 2] {
                packer.byte(scope, .scope)
                packer.one(.buffer, .buffer(kind: 1, inside.bytes))
            }
        }
        #expect(try zero.status(of: commit) == .success)
        #expect(fixture.server.find(Proc("job", Rank(0)), key: "big", scope: nil)?.asText?.bytes == long)
        #expect(try one.value("big", in: try one.request(one.get(Proc("job", Rank(0)), "big")))?.bytes == long)
    }

    @Test("the server's own process finds what it registered, stored, and was shown, from any thread")
    func ownProcess() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        #expect(try zero.status(of: zero.commit(3, [("k", "v")])) == .success)
        let proc = Proc("job", Rank(0))
        #expect(fixture.server.find(proc, key: "k", scope: nil)?.asText == "v")
        #expect(fixture.server.find(Proc("job", .wildcard), key: .jobSize, scope: nil)?.asUInt32 == 2)
        #expect(fixture.server.find(proc, key: "mine", scope: nil) == nil)
        fixture.server.store(proc, key: "mine", value: .string("kept"))
        #expect(fixture.server.find(proc, key: "mine", scope: nil)?.asText == "kept")
        #expect(fixture.server.find(proc, key: nil, scope: nil)?.asInfos?[.hostname]?.asText == "here")
    }

    @Test("REFRESH_CACHE and the questions of release 5 about who is where are answered")
    func newerQuestions() throws {
        let fixture = try Fixture(local: 2, size: 3)
        defer { fixture.stop() }
        let zero = try fixture.client(0, version: "5.0.11")
        #expect(try zero.status(of: zero.commit(2, [("far", "f")])) == .success)
        let refresh = try zero.request(
            zero.command(.refreshCache) {
                $0.string("job")
                $0.rank(Rank(0))
            })
        #expect(refresh == [2, 0] + data("far", "f"))
        let peers = try zero.request(
            zero.command(.resolvePeers) {
                $0.string("here")
                $0.string("job")
            })
        let procs = try peers.unpack(.server) { (unpacker) throws(Malformed) -> [Proc] in
            _ = try unpacker.status()
            return try unpacker.procs()
        }
        #expect(procs == [Proc("job", Rank(0)), Proc("job", Rank(1))])
        let nodes = try zero.request(zero.command(.resolveNodes) { $0.string("job") })
        #expect(nodes == [2, 0, 2, 22] + Array("here,there".utf8) + [0])
    }
}
