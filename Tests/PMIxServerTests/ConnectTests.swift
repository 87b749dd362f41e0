import Bytes
import PMIxWire
import Sockets
import Testing

@testable import PMIxServer

/// CONNECT and DISCONNECT: collectives that join jobs.
struct ConnectTests {
    private struct Seen: Sendable {
        let isConnect: Bool
        let procs: [Proc]
        let keys: [Key]
    }

    private func host(_ seen: Awaited<Seen>, _ answer: @escaping (@escaping Host.Done) -> Status) -> Host {
        var host = Host()
        host.connect = { procs, infos, done in
            seen.set(Seen(isConnect: true, procs: procs, keys: infos.map { $0.key }))
            return answer(done)
        }
        host.disconnect = { procs, infos, done in
            seen.set(Seen(isConnect: false, procs: procs, keys: infos.map { $0.key }))
            return answer(done)
        }
        return host
    }

    private func command(_ client: RawClient, _ command: Command, _ infos: [Info] = [], _ procs: [Proc]? = nil)
        -> Packer
    {
        client.command(command) {
            $0.procs(procs ?? [Proc("job", .wildcard)])
            $0.infos(infos)
        }
    }

    @Test(
        "CONNECT-7 what the host says reaches every caller (S1), OPERATION_SUCCEEDED as success (S2)",
        arguments: [
            (Status.success, true), (.operationSucceeded, false), (.noPermissions, true), (.noPermissions, false),
        ])
    func outcomes(_ status: Status, _ calls: Bool) throws {
        let seen = Awaited<Seen>()
        let fixture = try Fixture(
            local: 2, size: 3,
            host: host(seen) { done in
                if calls { done(status) }
                return calls ? .success : status
            })
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        for operation in [Command.connect, .disconnect] {
            let tag = try zero.send(command(zero, operation))
            #expect(try one.status(of: command(one, operation)) == status.onWire)
            #expect(try zero.status(to: tag) == status.onWire)
        }
        #expect(seen.all.map { $0.isConnect } == [true, false])
    }

    @Test("CONNECT-5 the host gets the infos of the first who gave any, and those of every collective")
    func infos() throws {
        let seen = Awaited<Seen>()
        let fixture = try Fixture(local: 2, size: 3, host: host(seen) { _ in .operationSucceeded })
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        let tag = try zero.send(command(zero, .connect))
        #expect(try one.status(of: command(one, .connect, [Info("mine", .uint32(1))])) == .success)
        #expect(try zero.status(to: tag) == .success)
        #expect(seen.value?.keys == ["mine", .sortedProcs, .localCollectiveStatus])
        #expect(seen.value?.procs == [Proc("job", .wildcard)])
    }

    @Test("CONNECT-6 connecting and disconnecting the same processes are two things")
    func apart() throws {
        let fixture = try Fixture(local: 2)
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        let connecting = try zero.send(command(zero, .connect))
        let disconnecting = try one.send(command(one, .disconnect))
        #expect(try zero.hasNothing() && one.hasNothing())
        let other = try one.send(command(one, .connect))
        #expect(try zero.status(to: connecting) == .success)
        #expect(try one.status(to: other) == .success)
        #expect(try zero.status(of: command(zero, .disconnect)) == .success)
        #expect(try one.status(to: disconnecting) == .success)
    }

    @Test("CONNECT-8 without a function in the host every caller is told so, unless all are here")
    func absent() throws {
        let fixture = try Fixture(local: 2, size: 3)
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        let tag = try zero.send(command(zero, .connect))
        #expect(try one.status(of: command(one, .connect)) == .notSupported)
        #expect(try zero.status(to: tag) == .notSupported)
        let here = [Proc("job", Rank(0)), Proc("job", Rank(1))]
        let local = try zero.send(command(zero, .connect, [], here))
        #expect(try one.status(of: command(one, .connect, [], here)) == .success)
        #expect(try zero.status(to: local) == .success)
    }

    @Test("CONNECT/DISCONNECT-3 a timeout ends it for all who called, once (S7)")
    func timeouts() throws {
        let fixture = try Fixture(local: 3)
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        for operation in [Command.connect, .disconnect] {
            let tag = try zero.send(command(zero, operation, [Info(.timeout, .uint32(1))]))
            #expect(try one.status(of: command(one, operation)) == .timeout)
            #expect(try zero.status(to: tag) == .timeout)
        }
        #expect(try zero.hasNothing())
    }

    @Test("CONNECT-9 a group's name stands for its members")
    func groups() throws {
        let fixture = try Fixture(local: 2)
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        func construct(_ client: RawClient) -> Packer {
            client.command(.constructGroup) {
                $0.string("grp")
                $0.procs([Proc("job", Rank(0)), Proc("job", Rank(1))])
                $0.infos([])
            }
        }
        let making = try zero.send(construct(zero))
        #expect(try one.status(of: construct(one)) == .success)
        #expect(try zero.status(to: making) == .success)
        let tag = try zero.send(command(zero, .connect, [], [Proc("grp", .wildcard)]))
        let members = [Proc("job", Rank(1)), Proc("job", Rank(0))]
        #expect(try one.status(of: command(one, .connect, [], members)) == .success)
        #expect(try zero.status(to: tag) == .success)
    }
}
