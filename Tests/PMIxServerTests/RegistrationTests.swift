import Bytes
import PMIxWire
import Sockets
import Testing

@testable import PMIxServer

/// What peers ask to hear of, and what they say themselves.
struct RegistrationTests {
    private let code = Status(rawValue: -1101)
    private let second = Status(rawValue: -1102)
    private let nodeDown = Status(rawValue: -231)

    private func host() -> Host {
        var host = Host()
        host.notifyEvent = { _, _ in .operationSucceeded }
        return host
    }

    private func affected(_ rank: UInt32) -> Info {
        Info(.eventAffectedProc, .proc(Proc("job", Rank(rank))))
    }

    @Test("EVREG-1 every code of a registration is registered, each once however often it is asked for")
    func codes() throws {
        let fixture = try Fixture(host: host())
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        #expect(try one.status(of: one.register([code, second])) == .success)
        #expect(try one.status(of: one.register([second])) == .success)
        for each in [code, second] {
            #expect(try zero.status(of: zero.notify(each, .global)) == .success)
            #expect(try one.event().status == each)
        }
        #expect(try one.hasNothing())
    }

    @Test("EVREG-2 the processes it cares about are given once, one or several")
    func twoKindsOfAffected() throws {
        let fixture = try Fixture(host: host())
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        let several = Info(.eventAffectedProcs, .procs([Proc("job", Rank(0))]))
        #expect(try one.status(of: one.register([code], [affected(0), several])) == .badParameter)
        #expect(try one.status(of: one.register([code], [affected(0), affected(1)])) == .badParameter)
        #expect(try zero.status(of: zero.notify(code, .global, [affected(0)])) == .success)
        #expect(try one.hasNothing())
        #expect(try one.status(of: one.register([second], [several])) == .success)
        #expect(try zero.status(of: zero.notify(second, .global, [affected(1)])) == .success)
        #expect(try zero.status(of: zero.notify(second, .global, [affected(0)])) == .success)
        #expect(try one.event().affected == [Proc("job", Rank(0))])
    }

    @Test("EVREG-3 codes that only a host can watch, and none that does: refused, and with them the others")
    func unwatched() throws {
        let fixture = try Fixture(host: host())
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        #expect(try one.status(of: one.register([code, nodeDown])) == .notSupported)
        #expect(try zero.status(of: zero.notify(code, .global)) == .success)
        #expect(try one.hasNothing())
    }

    @Test(
        "EVREG-4 the host is told of all codes and infos; what it says is the answer",
        arguments: [
            (Status.success, true), (.operationSucceeded, false), (.noPermissions, true), (.noPermissions, false),
        ])
    func watched(_ status: Status, _ calls: Bool) throws {
        let seen = Awaited<([Status], [Info])>()
        var host = host()
        host.registerEvents = { codes, infos, done in
            seen.set((codes, infos))
            if calls { done(status) }
            return calls ? .success : status
        }
        let fixture = try Fixture(host: host)
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        #expect(try one.status(of: one.register([code, nodeDown], [affected(1)])) == status.onWire)
        #expect(seen.value?.0 == [code, nodeDown])
        #expect(seen.value?.1.map { $0.key } == [.eventAffectedProc])
        #expect(try zero.status(of: zero.notify(code, .global)) == .success)
        #expect(try one.hasNothing() == !status.isSuccess)
    }

    @Test("EVREG-5 what happened before comes after the reply, if code, kind, range and affected processes allow it")
    func cached() throws {
        let fixture = try Fixture(local: 3, host: host())
        defer { fixture.stop() }
        let (zero, one, two) = (try fixture.client(0), try fixture.client(1), try fixture.client(2))
        let nonDefault = Info(.eventNonDefault, .bool(true))
        let forTwo = Info(.eventCustomRange, .proc(Proc("job", Rank(2))))
        #expect(try zero.status(of: zero.notify(code, .global, [affected(0)])) == .success)
        #expect(try zero.status(of: zero.notify(second, .global, [nonDefault])) == .success)
        #expect(try zero.status(of: zero.notify(second, .custom, [forTwo])) == .success)
        let tag = try one.send(one.register([]))
        #expect(try one.receive().tag == tag)
        #expect(try one.event().status == code)
        #expect(try one.hasNothing())
        #expect(try one.status(of: one.register([second])) == .success)
        #expect(try one.event().isNonDefault)
        #expect(try one.hasNothing())
        #expect(try two.status(of: two.register([code], [affected(1)])) == .success)
        #expect(try two.hasNothing())
        #expect(try two.status(of: two.register([second])) == .success)
        #expect(try two.event().isNonDefault)
        #expect(try two.event().targets == [Proc("job", Rank(2))])
        // EVREG-6: a new connection hears of all that is kept. What was for one that has heard of it is not; and the source
        // never hears of its own.
        let again = try fixture.client(2)
        #expect(try [again.event().status, again.event().status] == [code, second])
        #expect(try again.status(of: again.register([second])) == .success)
        #expect(try again.hasNothing())
        #expect(try zero.status(of: zero.register([code, second])) == .success)
        #expect(try zero.hasNothing())
    }

    @Test("EVREG-7 what is deregistered is deregistered for that peer and those codes, whatever else is in the message")
    func deregistration() throws {
        let fixture = try Fixture(local: 3, host: host())
        defer { fixture.stop() }
        let (zero, one, two) = (try fixture.client(0), try fixture.client(1), try fixture.client(2))
        for client in [one, two] { #expect(try client.status(of: client.register([code, second])) == .success) }
        try one.send(
            one.command(.deregisterEvents) {
                $0.status(Status(rawValue: -9999))
                $0.status(code)
            })
        // One that cannot be read to its end changes nothing and is not answered.
        try one.send(
            one.command(.deregisterEvents) {
                $0.status(second)
                $0.head(.status, count: 7)
            })
        #expect(try zero.status(of: zero.notify(code, .global)) == .success)
        #expect(try zero.status(of: zero.notify(second, .global)) == .success)
        #expect(try one.event().status == second)
        #expect(try one.hasNothing())
        #expect(try two.event().status == code)
        #expect(try two.event().status == second)
    }

    @Test("EVREG-9 what another server has passed on goes no further; EVREG-10 the host gets it with our mark")
    func marks() throws {
        let seen = Awaited<Event>()
        var host = Host()
        host.notifyEvent = { event, _ in
            seen.set(event)
            return .operationSucceeded
        }
        let fixture = try Fixture(host: host)
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        #expect(try one.status(of: one.register([code])) == .success)
        #expect(try zero.status(of: zero.notify(code, .global, [Info(.serverNotified, .bool(true))])) == .success)
        #expect(try zero.status(of: zero.notify(code, .local)) == .success)
        #expect(seen.count == 0)
        #expect(try one.event().range == .local)
        #expect(try zero.status(of: zero.notify(code, .namespace, [Info("mine", .uint32(1))])) == .success)
        #expect(seen.value?.infos.map { $0.key } == ["mine", .serverNotified])
        #expect(seen.value?.source == Proc("job", Rank(0)))
        #expect(try one.event().range == .namespace)
    }

    @Test("EVREG-12 a registration or a notification that ends early is told, and nothing comes of it")
    func truncated() throws {
        let fixture = try Fixture(host: host())
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        let registration = one.command(.registerEvents) { $0.list(.status, [.signed(Int64(code.rawValue))]) }
        #expect(try one.status(of: registration) == .readPastEnd)
        let notification = zero.command(.notify) { $0.status(code) }
        #expect(try zero.status(of: notification) == .readPastEnd)
        #expect(try zero.status(of: zero.notify(code, .global)) == .success)
        #expect(try one.hasNothing())
    }
}
