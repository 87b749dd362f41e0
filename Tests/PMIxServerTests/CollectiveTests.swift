import Bytes
import PMIxWire
import Sockets
import Testing

@testable import PMIxServer

/// What a host was asked to fence.
struct SeenFence: Sendable {
    let procs: [Proc]
    let infos: [Info]
    let data: [UInt8]
    let complete: @Sendable (Status, [UInt8]) -> Void
}

struct CollectiveTests {
    private func host(_ seen: Awaited<SeenFence>, _ answer: @escaping (Host.DoneWithData, [UInt8]) -> Status) -> Host {
        var host = Host()
        host.fence = { procs, infos, data, done in
            nonisolated(unsafe) let done = done
            seen.set(SeenFence(procs: procs, infos: infos, data: data) { done($0, $1) })
            return answer(done, data)
        }
        return host
    }

    private func both(_ fixture: Fixture) throws -> (RawClient, RawClient) {
        (try fixture.client(0), try fixture.client(1))
    }

    @Test("a fence of local ranks ends when the last has called, without the host")
    func local() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let (zero, one) = try both(fixture)
        let tag = try zero.send(zero.fence())
        #expect(try zero.hasNothing())
        #expect(try one.status(of: one.fence()) == .success)
        #expect(try zero.status(to: tag) == .success)
    }

    @Test("FENCE-1 a fence of nobody is a bad parameter, and so is one its caller has no part in")
    func nobody() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        #expect(try zero.status(of: zero.fence([])) == .badParameter)
        #expect(try zero.status(of: zero.fence([Proc("job", Rank(1))])) == .badParameter)
    }

    @Test("FENCE-2 the order in which processes are named does not matter, the operation does")
    func identity() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let (zero, one) = try both(fixture)
        let (first, second) = (Proc("job", Rank(0)), Proc("job", Rank(1)))
        let tag = try zero.send(zero.fence([first, second]))
        let connecting = try one.send(
            one.command(.connect) {
                $0.procs([first, second])
                $0.infos([])
            })
        #expect(try one.hasNothing())
        #expect(try one.status(of: one.fence([second, first])) == .success)
        #expect(try zero.status(to: tag) == .success)
        let last = zero.command(.connect) {
            $0.procs([second, first])
            $0.infos([])
        }
        #expect(try zero.status(of: last) == .success)
        #expect(try one.status(to: connecting) == .success)
    }

    @Test("a second fence of one rank belongs to the next round")
    func rounds() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let (zero, one) = try both(fixture)
        let first = try zero.send(zero.fence())
        let second = try zero.send(zero.fence())
        #expect(try one.status(of: one.fence()) == .success)
        #expect(try zero.status(to: first) == .success)
        #expect(try zero.hasNothing())
        #expect(try one.status(of: one.fence()) == .success)
        #expect(try zero.status(to: second) == .success)
    }

    @Test("FENCE-4 nothing ends before the job is registered and every local rank has called")
    func registration() throws {
        let fixture = try Fixture(registers: false)
        defer { fixture.stop() }
        fixture.announce(1)
        let zero = try fixture.client(0)
        let tag = try zero.send(zero.fence())
        #expect(try zero.hasNothing())
        #expect(fixture.register(local: 2, size: 2) == .success)
        #expect(try zero.hasNothing())
        fixture.announce(2)
        #expect(try zero.hasNothing())
        let one = try fixture.client(1)
        #expect(try one.status(of: one.fence()) == .success)
        #expect(try zero.status(to: tag) == .success)
    }

    @Test("FENCE-5 and COMMIT-1: the host gets the first caller's infos, two of ours, and the remote keys of all")
    func wide() throws {
        let seen = Awaited<SeenFence>()
        let fixture = try Fixture(local: 2, size: 3, host: host(seen) { _, _ in .success })
        defer { fixture.stop() }
        let (zero, one) = try both(fixture)
        #expect(try zero.status(of: zero.commit(1, [("near", "n")])) == .success)
        #expect(try zero.status(of: zero.commit(2, [("far", "f")])) == .success)
        let collect = [Info(.collectData, .bool(true))]
        let tag = try zero.send(zero.fence([Proc("job", .wildcard)], collect))
        let other = try one.send(one.fence([Proc("job", .wildcard)], collect))
        let fence = try #require(seen.value)
        #expect(fence.procs == [Proc("job", .wildcard)])
        #expect(fence.infos.map { $0.key } == [.collectData, .sortedProcs, .localCollectiveStatus])
        let shown = try ModexBlob.read(fence.data)
        #expect(shown.map { $0.owner } == [.relative(0), .relative(1)])
        #expect(shown.first?.pairs.map { $0.key } == ["far"])
        #expect(try zero.hasNothing())
        let remote = ModexBlob.write(ranks: [(relative: 2, pairs: [KeyValue("theirs", .string("t"))])])
        fence.complete(.success, fence.data + remote)
        #expect(try zero.status(to: tag) == .success)
        #expect(try one.status(to: other) == .success)
        #expect(seen.count == 1)
        // FENCE-10: what came back is there without asking the host.
        let get = zero.get(Proc("job", Rank(2)), "theirs", [Info(.immediate, .bool(true))])
        #expect(try zero.value("theirs", in: try zero.request(get)) == "t")
    }

    @Test("FENCE-6 COLLECT_DATA is honoured by its value: false sends nothing")
    func collectFalse() throws {
        let seen = Awaited<SeenFence>()
        let fixture = try Fixture(
            local: 1, size: 2,
            host: host(seen) { done, data in
                done(.success, data)
                return .success
            })
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        #expect(try zero.status(of: zero.commit(2, [("far", "f")])) == .success)
        let plain = [Info(.collectData, .bool(false))]
        #expect(try zero.status(of: zero.fence([Proc("job", .wildcard)], plain)) == .success)
        #expect(seen.value?.data == [])
    }

    @Test("FENCE-6 callers who disagree about collecting all hear of it (S3)")
    func disagreement() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let (zero, one) = try both(fixture)
        let tag = try zero.send(zero.fence([Proc("job", .wildcard)], [Info(.collectData, .bool(true))]))
        #expect(try one.status(of: one.fence()) == .invalidArgument)
        #expect(try zero.status(to: tag) == .invalidArgument)
    }

    @Test(
        "FENCE-7 the timeout ends it for all, whatever its type (S6, S7)",
        arguments: [Value(.int, .signed(1)), .uint32(1), .size(1)])
    func timeout(_ seconds: Value) throws {
        let fixture = try Fixture(local: 3)
        defer { fixture.stop() }
        let (zero, one) = try both(fixture)
        let tag = try zero.send(zero.fence([Proc("job", .wildcard)], [Info(.timeout, seconds)]))
        #expect(try one.status(of: one.fence()) == .timeout)
        #expect(try zero.status(to: tag) == .timeout)
    }

    @Test("FENCE-7 a timer is gone once the host has the fence")
    func timeoutWithHost() throws {
        let seen = Awaited<SeenFence>()
        let fixture = try Fixture(local: 1, size: 2, host: host(seen) { _, _ in .success })
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        let tag = try zero.send(zero.fence([Proc("job", .wildcard)], [Info(.timeout, .uint32(1))]))
        let fence = try #require(seen.value)
        Pause.milliseconds(1200)
        #expect(try zero.hasNothing())
        fence.complete(.success, [])
        #expect(try zero.status(to: tag) == .success)
    }

    @Test("FENCE-8 without a host function everyone is told so")
    func absent() throws {
        let fixture = try Fixture(local: 2, size: 3)
        defer { fixture.stop() }
        let (zero, one) = try both(fixture)
        let tag = try zero.send(zero.fence())
        #expect(try one.status(of: one.fence()) == .notSupported)
        #expect(try zero.status(to: tag) == .notSupported)
    }

    @Test(
        "FENCE-9 OPERATION_SUCCEEDED is success for all (S2); a failure reaches all (S1)",
        arguments: [Status.operationSucceeded, .noPermissions])
    func atOnce(_ result: Status) throws {
        let seen = Awaited<SeenFence>()
        let fixture = try Fixture(local: 2, size: 3, host: host(seen) { _, _ in result })
        defer { fixture.stop() }
        let (zero, one) = try both(fixture)
        let tag = try zero.send(zero.fence())
        #expect(try one.status(of: one.fence()) == result.onWire)
        #expect(try zero.status(to: tag) == result.onWire)
    }

    @Test("a host that answers twice, or answers and fails as well, is heard once")
    func twice() throws {
        let seen = Awaited<SeenFence>()
        let fixture = try Fixture(
            local: 1, size: 2,
            host: host(seen) { done, _ in
                done(.success, [])
                done(.error, [])
                return .success
            })
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        #expect(try zero.status(of: zero.fence()) == .success)
        seen.value?.complete(.error, [])
        fixture.settle()
        #expect(try zero.hasNothing())
    }

    @Test("bytes a host brings that are no modex fail the fence, not the server")
    func garbage() throws {
        let seen = Awaited<SeenFence>()
        let fixture = try Fixture(
            local: 1, size: 2,
            host: host(seen) { done, _ in
                done(.success, [0xff, 0xfe, 0xfd])
                return .success
            })
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        #expect(try zero.status(of: zero.fence()) != .success)
        #expect(try zero.status(of: zero.command(.commit)) == .success)
    }

    @Test("FENCE-11 a truncated request gets READ_PAST_END and the connection goes on")
    func truncated() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        #expect(try zero.status(of: zero.command(.fence)) == .readPastEnd)
        #expect(try zero.status(of: zero.command(.commit)) == .success)
    }

    @Test("CONN-7 a rank lost while a fence gathers is not waited for, and the others hear of the loss")
    func loss() throws {
        let fixture = try Fixture(local: 3)
        defer { fixture.stop() }
        let (zero, one) = try both(fixture)
        let victim = try fixture.client(2)
        let first = try zero.send(zero.fence())
        let second = try one.send(one.fence())
        #expect(try zero.hasNothing())
        victim.socket.shutdown()
        #expect(try zero.status(to: first) == .partialSuccess)
        #expect(try one.status(to: second) == .partialSuccess)
        let event = try #require(fixture.awaitEvent())
        #expect(event.status == .lostConnection)
        #expect(event.source == Proc("job", Rank(2)))
        #expect(event.range == .processLocal)
        // A fence begun after the loss does not wait either.
        let next = try zero.send(zero.fence())
        #expect(try one.status(of: one.fence()) == .partialSuccess)
        #expect(try zero.status(to: next) == .partialSuccess)
    }

    @Test("CONN-7 the host is told of the loss once, and decides")
    func lossWithHost() throws {
        let seen = Awaited<SeenFence>()
        let fixture = try Fixture(
            local: 2, size: 3,
            host: host(seen) { done, data in
                done(.success, data)
                return .success
            })
        defer { fixture.stop() }
        let (zero, victim) = try both(fixture)
        let tag = try zero.send(zero.fence())
        victim.socket.shutdown()
        #expect(try zero.status(to: tag) == .success)
        let local = seen.value?.infos[.localCollectiveStatus]
        #expect(local.flatMap { if case .signed(let code) = $0.content { Int(code) } else { nil } } == -52)
        #expect(seen.count == 1)
    }

    @Test("CONN-8 a fence the host has is left alone when a rank is lost")
    func lossDuringHost() throws {
        let seen = Awaited<SeenFence>()
        let fixture = try Fixture(local: 2, size: 3, host: host(seen) { _, _ in .success })
        defer { fixture.stop() }
        let (zero, victim) = try both(fixture)
        let tag = try zero.send(zero.fence())
        try victim.send(victim.fence())
        let fence = try #require(seen.value)
        victim.socket.shutdown()
        #expect(fixture.awaitEvent()?.status == .lostConnection)
        #expect(try zero.hasNothing())
        fence.complete(.success, [])
        #expect(try zero.status(to: tag) == .success)
        #expect(seen.count == 1)
    }

    @Test("who has finalized may come back, and is waited for until its host says that it has ended")
    func finalized() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let (zero, one) = try both(fixture)
        let tag = try zero.send(zero.fence())
        #expect(try one.status(of: one.command(.finalize)) == .success)
        #expect(try zero.hasNothing())
        let again = try fixture.client(1)
        #expect(try again.status(of: again.fence()) == .success)
        #expect(try zero.status(to: tag) == .success)
        #expect(try again.status(of: again.command(.finalize)) == .success)
        let last = try zero.send(zero.fence())
        #expect(try zero.hasNothing())
        #expect(fixture.wait { fixture.server.deregisterClient(Proc("job", Rank(1)), done: $0) } == .success)
        #expect(try zero.status(to: last) == .success)
    }

    @Test("a finalize in the middle of one's own fence ends it for the others; alone it leaves nothing behind")
    func finalizeInside() throws {
        let fixture = try Fixture(local: 3)
        defer { fixture.stop() }
        let clients = try (0..<3).map { try fixture.client($0) }
        try clients[0].send(clients[0].fence())
        let tag = try clients[1].send(clients[1].fence())
        for client in clients[..<2] { #expect(try client.hasNothing()) }
        _ = try clients[0].status(of: clients[0].command(.finalize))
        #expect(try clients[2].status(of: clients[2].fence()) == .partialSuccess)
        #expect(try clients[1].status(to: tag) == .partialSuccess)
        try clients[1].send(clients[1].fence())
        _ = try clients[1].status(of: clients[1].command(.finalize))
        fixture.settle()
        #expect(fixture.server.gathering.isEmpty)
    }

    @Test("a job that is deregistered ends the collectives other jobs wait in")
    func deregistered() throws {
        let fixture = try Fixture(local: 1)
        defer { fixture.stop() }
        fixture.announce(1, "second")
        #expect(fixture.register(local: 1, size: 1, "second") == .success)
        let zero = try fixture.client(0)
        let tag = try zero.send(zero.fence([Proc("job", .wildcard), Proc("second", .wildcard)]))
        #expect(try zero.hasNothing())
        #expect(fixture.wait { fixture.server.deregisterNamespace("second", done: $0) } == .success)
        #expect(try zero.status(to: tag) == .lostConnection)
    }

    @Test("CONNECT/DISCONNECT-2 those who connect are told about each other's jobs")
    func connect() throws {
        let fixture = try Fixture(local: 1)
        defer { fixture.stop() }
        fixture.announce(1, "second")
        #expect(fixture.register(local: 1, size: 1, "second") == .success)
        let here = try fixture.client(0)
        let there = try fixture.client(0, "second")
        let procs = [Proc("job", .wildcard), Proc("second", .wildcard)]
        func connect(_ client: RawClient) -> Packer {
            client.command(.connect) {
                $0.procs(procs)
                $0.infos([])
            }
        }
        let tag = try here.send(connect(here))
        _ = try there.request(connect(there))
        let name = try here.answer(to: tag).unpack(here.dialect) { (unpacker) throws(Malformed) -> Text? in
            _ = try unpacker.status()
            return try unpacker.byteObject().unpack(.server) { (inside) throws(Malformed) in try inside.string() }
        }
        #expect(name == "second")
    }

    @Test("a fence of 64 ranks, many times")
    func many() throws {
        let fixture = try Fixture(local: 64)
        defer { fixture.stop() }
        let clients = try (0..<64).map { try fixture.client($0) }
        for _ in 0..<20 {
            let tags = try clients.map { try $0.send($0.fence()) }
            for (client, tag) in zip(clients, tags) { #expect(try client.status(to: tag) == .success) }
        }
    }
}
