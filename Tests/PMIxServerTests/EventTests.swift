import Bytes
import PMIxWire
import Sockets
import Testing

@testable import PMIxServer

struct EventTests {
    private let code = Status(rawValue: -1101)
    private let nodeDown = Status(rawValue: -231)

    private func deaf() -> Host {
        var host = Host()
        host.notifyEvent = { _, _ in .operationSucceeded }
        return host
    }

    @Test("an event reaches those who registered its code, not its source, not others")
    func codes() throws {
        let fixture = try Fixture(local: 3, host: deaf())
        defer { fixture.stop() }
        let clients = try (0..<3).map { try fixture.client($0) }
        for client in clients[..<2] { #expect(try client.status(of: client.register([code])) == .success) }
        let infos = [Info("user.data", .uint32(77))]
        #expect(try clients[0].status(of: clients[0].notify(code, .namespace, infos)) == .success)
        let event = try clients[1].event()
        #expect(event.status == code && event.source == Proc("job", Rank(0)) && event.range == .namespace)
        #expect(event.infos.map { $0.key } == ["user.data", .serverNotified])
        #expect(try clients[0].hasNothing())
        #expect(try clients[2].hasNothing())
        #expect(fixture.events.isEmpty)
    }

    @Test("DIAL-12 a peer of release 3 gets no range, whatever the others get")
    func range() throws {
        let fixture = try Fixture(local: 3, host: deaf())
        defer { fixture.stop() }
        let clients = [
            try fixture.client(0), try fixture.client(1, version: "3.2.5a1", module: "v3"), try fixture.client(2),
        ]
        for client in clients { #expect(try client.status(of: client.register([code])) == .success) }
        #expect(try clients[0].status(of: clients[0].notify(code, .namespace)) == .success)
        #expect(try clients[1].event().range == .undefined)
        #expect(try clients[2].event().range == .namespace)
    }

    @Test("S20 a peer that registered only for everything hears everything but what is not for default handlers")
    func defaults() throws {
        let fixture = try Fixture(host: deaf())
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        #expect(try one.status(of: one.register([])) == .success)
        let nonDefault = [Info(.eventNonDefault, .bool(true))]
        #expect(try zero.status(of: zero.notify(code, .session, nonDefault)) == .success)
        #expect(try one.hasNothing())
        #expect(try zero.status(of: zero.notify(code, .session)) == .success)
        #expect(try one.event().status == code)
        #expect(fixture.events.count == 2)
    }

    @Test("EVREG-11 the host is told unless the event is local, and its status is the answer")
    func host() throws {
        let seen = Awaited<Event>()
        var host = Host()
        host.notifyEvent = { event, done in
            seen.set(event)
            done(.noPermissions)
            return .success
        }
        let fixture = try Fixture(host: host)
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        #expect(try zero.status(of: zero.notify(code, .local)) == .success)
        #expect(seen.count == 0)
        #expect(try zero.status(of: zero.notify(code, .global)) == .noPermissions)
        #expect(seen.value?.infos[.serverNotified] != nil)
        let mute = try Fixture()
        defer { mute.stop() }
        let other = try mute.client(0)
        #expect(try other.status(of: other.notify(code, .global)) == .success)
    }

    @Test("an event that has been through a server already is not sent round again")
    func marked() throws {
        let fixture = try Fixture(host: deaf())
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        #expect(try one.status(of: one.register([code])) == .success)
        #expect(try zero.status(of: zero.notify(code, .global, [Info(.serverNotified, .bool(true))])) == .success)
        #expect(try one.hasNothing())
    }

    @Test("a custom range reaches the processes it names; naming some with another range is a bad parameter")
    func custom() throws {
        let fixture = try Fixture(local: 3, host: deaf())
        defer { fixture.stop() }
        let clients = try (0..<3).map { try fixture.client($0) }
        for client in clients { #expect(try client.status(of: client.register([code])) == .success) }
        let targets = [Info(.eventCustomRange, .procs([Proc("job", Rank(2))]))]
        #expect(try clients[0].status(of: clients[0].notify(code, .custom, targets)) == .success)
        #expect(try clients[2].event().status == code)
        #expect(try clients[1].hasNothing())
        #expect(try clients[0].status(of: clients[0].notify(code, .global, targets)) == .badParameter)
        #expect(try clients[0].status(of: clients[0].notify(code, DataRange(rawValue: 99))) == .badParameter)
    }

    @Test("a namespace range does not reach other jobs")
    func namespaces() throws {
        let fixture = try Fixture(local: 1, host: deaf())
        defer { fixture.stop() }
        fixture.announce(1, "second")
        #expect(fixture.register(local: 1, size: 1, "second") == .success)
        let (here, there) = (try fixture.client(0), try fixture.client(0, "second"))
        #expect(try there.status(of: there.register([code])) == .success)
        #expect(try here.status(of: here.notify(code, .namespace)) == .success)
        #expect(try there.hasNothing())
        #expect(try here.status(of: here.notify(code, .session)) == .success)
        #expect(try there.event().status == code)
    }

    @Test("processes an event is about and those a registration cares about must meet")
    func affected() throws {
        let fixture = try Fixture(host: deaf())
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        let interest = [Info(.eventAffectedProc, .proc(Proc("job", Rank(5))))]
        #expect(try one.status(of: one.register([code], interest)) == .success)
        let other = [Info(.eventAffectedProc, .proc(Proc("job", Rank(6))))]
        #expect(try zero.status(of: zero.notify(code, .global, other)) == .success)
        #expect(try one.hasNothing())
        #expect(try zero.status(of: zero.notify(code, .global, interest)) == .success)
        #expect(try one.event().status == code)
    }

    @Test("CONN-5 what happened before a peer came, or asked, reaches it once, after the reply")
    func replay() throws {
        let fixture = try Fixture(local: 3, host: deaf())
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        #expect(try zero.status(of: zero.notify(code, .global)) == .success)
        #expect(try zero.status(of: zero.notify(code, .global, [Info(.eventDoNotCache, .bool(true))])) == .success)
        let late = try fixture.client(2)
        #expect(try late.event().status == code)
        #expect(try late.status(of: late.register([code])) == .success)
        #expect(try late.hasNothing())
        try one.send(one.register([code]))
        let reply = try one.receive()
        #expect(reply.tag != Tag.notify)
        #expect(try one.event().status == code)
        #expect(try one.status(of: one.register([code])) == .success)
        #expect(try one.hasNothing())
    }

    @Test("the cache keeps the newest, only so long, and nothing for targets that have all heard")
    func cache() throws {
        let fixture = try Fixture(host: deaf()) {
            $0.maxEvents = 3
            $0.eventSeconds = 1
        }
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        for number in 1...5 {
            #expect(try zero.status(of: zero.notify(Status(rawValue: Int32(-2000 - number)), .global)) == .success)
        }
        let one = try fixture.client(1)
        #expect(try (1...3).map { _ in try one.event().status.rawValue } == [-2003, -2004, -2005])
        #expect(try one.status(of: one.register([code])) == .success)
        let targets = [Info(.eventCustomRange, .procs([Proc("job", Rank(1))]))]
        #expect(try zero.status(of: zero.notify(code, .custom, targets)) == .success)
        #expect(try one.event().status == code)
        #expect(fixture.server.events.count == 3)
        Pause.milliseconds(1100)
        let again = try fixture.client(1)
        #expect(try again.hasNothing())
    }

    @Test("EVREG-7 DEREGEVENTS is never answered, and what it ends is not delivered")
    func deregister() throws {
        let fixture = try Fixture(host: deaf())
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        let second = Status(rawValue: -1102)
        #expect(try one.status(of: one.register([code, second])) == .success)
        try one.send(one.command(.deregisterEvents) { $0.status(code) })
        try one.send(one.command(.deregisterEvents))
        try one.send(one.command(.deregisterEvents) { $0.writer.append([9, 9, 9]) })
        #expect(try one.hasNothing())
        #expect(try zero.status(of: zero.notify(code, .global)) == .success)
        #expect(try zero.status(of: zero.notify(second, .global)) == .success)
        #expect(try one.event().status == second)
    }

    @Test("EVREG-4 each registration of such codes is the host's; EVREG-8 it is told when nobody hears them any more")
    func environmental() throws {
        let (registered, deregistered) = (Awaited<[Status]>(), Awaited<[Status]>())
        var host = Host()
        host.registerEvents = { codes, _, done in
            registered.set(codes)
            done(.success)
            return .success
        }
        host.deregisterEvents = { codes, _ in
            deregistered.set(codes)
            return .operationSucceeded
        }
        let fixture = try Fixture(host: host)
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        #expect(try zero.status(of: zero.register([nodeDown])) == .success)
        #expect(try one.status(of: one.register([nodeDown])) == .success)
        #expect(registered.all == [[nodeDown], [nodeDown]])
        try zero.send(zero.command(.deregisterEvents) { $0.status(nodeDown) })
        #expect(try zero.hasNothing())
        #expect(deregistered.count == 0)
        try zero.send(zero.command(.deregisterEvents) { $0.status(nodeDown) })
        try one.send(one.command(.deregisterEvents) { $0.status(nodeDown) })
        #expect(try one.hasNothing())
        #expect(deregistered.all == [[nodeDown]])
        #expect(try zero.status(of: zero.register([nodeDown])) == .success)
        #expect(try zero.status(of: zero.command(.finalize)) == .success)
        #expect(deregistered.all == [[nodeDown], [nodeDown]])
        let bare = try Fixture()
        defer { bare.stop() }
        let client = try bare.client(0)
        #expect(try client.status(of: client.register([nodeDown])) == .notSupported)
        #expect(try client.status(of: client.register([code])) == .success)
    }

    @Test("what the host's process notifies reaches clients and its own handlers, and not its upcall")
    func fromHost() throws {
        let seen = Awaited<Event>()
        var host = Host()
        host.notifyEvent = { event, _ in
            seen.set(event)
            return .operationSucceeded
        }
        let fixture = try Fixture(host: host)
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        #expect(try zero.status(of: zero.register([code])) == .success)
        let event = Event(code, source: Proc("server", Rank(0)), range: .session, infos: [])
        #expect(fixture.wait { fixture.server.notify(event, done: $0) } == .success)
        #expect(try zero.event().status == code)
        #expect(fixture.events.map { $0.status } == [code])
        let own = Event(code, source: Proc("server", Rank(0)), range: .processLocal, infos: [])
        #expect(fixture.wait { fixture.server.notify(own, done: $0) } == .success)
        #expect(try zero.hasNothing())
        #expect(fixture.events.count == 2)
        #expect(seen.count == 0)
    }

    @Test("an event of a local process that the host sends to all nodes is heard once here")
    func echo() throws {
        let told = Awaited<Event>()
        var host = Host()
        host.notifyEvent = { event, done in
            told.set(event)
            done(.success)
            return .success
        }
        let fixture = try Fixture(host: host)
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        #expect(try one.status(of: one.register([code])) == .success)
        #expect(try zero.status(of: zero.notify(code, .session)) == .success)
        #expect(try one.event().status == code)
        let event = try #require(told.value)
        #expect(fixture.wait { fixture.server.notify(event, done: $0) } == .success)
        #expect(try one.hasNothing())
        // What comes from another node has the same mark.
        var distant = event
        distant.source = Proc("job", Rank(7))
        #expect(fixture.wait { fixture.server.notify(distant, done: $0) } == .success)
        #expect(try one.event().source == Proc("job", Rank(7)))
        #expect(fixture.events.count == 2)
    }

    @Test("FINAL-1 and FINAL-3: who has finalized hears nothing more, and its end is no event")
    func finalized() throws {
        let finalized = Awaited<Host.Object>()
        var host = deaf()
        host.clientFinalized = { _, object, done in
            finalized.set(object)
            done(.noPermissions)
            return .success
        }
        let fixture = try Fixture(host: host)
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        #expect(try one.status(of: one.register([code])) == .success)
        #expect(try one.status(of: one.command(.finalize)) == .noPermissions)
        #expect(finalized.value == 7001)
        #expect(try zero.status(of: zero.notify(code, .namespace)) == .success)
        one.socket.shutdown()
        fixture.settle()
        #expect(try zero.hasNothing())
        #expect(fixture.events.isEmpty)
    }
}
