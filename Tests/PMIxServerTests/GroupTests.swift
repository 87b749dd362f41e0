import Bytes
import PMIxWire
import Testing

@testable import PMIxServer

struct GroupTests {
    @Test("FENCE-3 a group's name stands for its members, a place it does not have is a bad parameter (S8)")
    func groups() throws {
        var host = Host()
        host.group = { destructs, _, _, _, done in
            done(.success, destructs ? [] : [Info("pmix.grp.ctxid", .size(99))])
            return .success
        }
        let fixture = try Fixture(host: host)
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        let members = [Proc("job", Rank(0)), Proc("job", Rank(1))]
        func construct(_ client: RawClient) -> Packer {
            client.command(.constructGroup) {
                $0.string("grp")
                $0.procs(members)
                $0.infos([])
            }
        }
        let tag = try zero.send(construct(zero))
        #expect(try one.request(construct(one)) == [0x02, 0x00, 0x02, 0x63])
        _ = try zero.status(to: tag)
        let fence = try zero.send(zero.fence([Proc("grp", .wildcard)]))
        #expect(try one.status(of: one.fence([Proc("grp", Rank(1)), Proc("grp", Rank(0))])) == .success)
        #expect(try zero.status(to: fence) == .success)
        #expect(try zero.status(of: zero.fence([Proc("grp", Rank(2))])) == .badParameter)
    }

    @Test(
        "a group's construct is answered in the form the caller's release reads",
        arguments: [
            ("4.2.2", [0x02, 0x00, 0x02, 0x63]),
            ("5.0.11", [0x02, 0x00, 0x02, 0x01, 0x02, 0x08, 0x6a, 0x6f, 0x62, 0x00, 0x00, 0x02, 0x63]),
            ("6.0.0", [0x02, 0x00, 0x02, 0x01, 0x02, 0x08, 0x6a, 0x6f, 0x62, 0x00, 0x00, 0x02, 0x01, 0x02, 0x63]),
        ] as [(String, [UInt8])])
    func groupReplies(_ version: String, _ bytes: [UInt8]) throws {
        var host = Host()
        host.group = { _, _, _, _, done in
            done(.success, [Info("pmix.grp.ctxid", .size(99))])
            return .success
        }
        let fixture = try Fixture(local: 1, host: host)
        defer { fixture.stop() }
        let zero = try fixture.client(0, version: Text(version))
        let construct = zero.command(.constructGroup) {
            $0.string("grp")
            $0.procs([Proc("job", Rank(0))])
            $0.infos([])
        }
        #expect(try zero.request(construct) == bytes)
    }
}
