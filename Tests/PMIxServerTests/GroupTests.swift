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
                $0.infos([Info(.groupAssignContextID, .bool(true))])
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
        "GROUP-2 a group's construct is answered in the form the caller's release reads",
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
            $0.infos([Info(.groupAssignContextID, .bool(true))])
        }
        #expect(try zero.request(construct) == bytes)
    }

    private func construct(_ client: RawClient, _ members: [Proc], _ infos: [Info] = []) -> Packer {
        client.command(.constructGroup) {
            $0.string("grp")
            $0.procs(members)
            $0.infos(infos)
        }
    }

    private let pair = [Proc("job", Rank(0)), Proc("job", Rank(1))]

    @Test("GROUP-9 endpoint data of other nodes, as releases 4 give them, are stored before the members are told")
    func endpoints() throws {
        // As recorded: rank 1 has committed k.put and told its local id.
        let far = Proc("job", Rank(1))
        let modex = ModexBlob.write(ranks: [(1, [KeyValue("k.put", .string("hello"))])])
        let blob = GroupBlob(modex: modex, infos: [(far, [Info("pmix.grp.lclid", .size(1001))])])
        let handedOver = Awaited<[UInt8]>()
        var host = Host()
        host.group = { _, _, _, infos, done in
            handedOver.set(infos[.groupEndpoints]?.asBytes ?? [])
            done(.success, [Info(.groupContextID, .size(7)), Info(.groupEndpoints, .bytes(blob.write()))])
            return .success
        }
        let fixture = try Fixture(local: 1, size: 2, host: host)
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        let told = [Info(.groupInfo, .infos([Info("pmix.grp.lclid", .size(1000))]))]
        #expect(try zero.status(of: construct(zero, pair, told)) == .success)
        // What this node hands over is one part with the modex and one with the infos.
        let given = try GroupBlob(try #require(handedOver.value))
        #expect(given.infos.count == 1)
        #expect(given.infos.first?.proc == Proc("job", Rank(0)))
        let within = Info(.groupContextID, .size(7), flags: Info.qualifier)
        let immediate = Info(.immediate, .bool(true))
        let found = try zero.found(try zero.request(zero.get(far, "pmix.grp.lclid", [within, immediate])))
        #expect(found.status == .success)
        let pairs = found.objects.flatMap { $0.pairs }
        #expect(KeyTable(pairs).find("pmix.grp.lclid", qualifiedBy: [within])?.asUnsigned == 1001)
        #expect(KeyTable(pairs)["k.put"]?.asText == "hello")
        #expect(try zero.status(of: zero.get(far, "pmix.grp.lclid", [immediate])) == .notFound)
    }

    @Test("the endpoint data are the bytes a server of release 4 makes of them")
    func recordedBlob() throws {
        let recorded: [UInt8] =
            [0x02, 0x9e, 0x03, 0x02, 0x04, 0x02, 0x02, 0x02, 0x01, 0x02, 0xa0, 0x03, 0x02, 0x23, 0x02, 0x21]
            + [0x02, 0x0e] + Array("testns".utf8) + [0x00, 0x00, 0x02, 0x01]
            + [0x02, 0x1e] + Array("pmix.grp.lclid".utf8) + [0x00, 0x00, 0x04, 0xe8, 0x07]
        let blob = try GroupBlob(recorded)
        #expect(blob.infos.first?.proc == Proc("testns", Rank(0)))
        #expect(blob.infos.first?.infos["pmix.grp.lclid"]?.asUnsigned == 1000)
        #expect(blob.modex == [0x02, 0x02, 0x02, 0x01])
        #expect(blob.write() == recorded)
        for count in 1..<recorded.count {
            // A piece of it is read or refused, nothing else.
            _ = try? GroupBlob(Array(recorded[..<count]))
        }
    }

    @Test("a member of release 6 sends what it has put along, and is told what the members told")
    func releaseSix() throws {
        var host = Host()
        host.group = { _, _, _, infos, done in
            done(infos[.procData] == nil ? .success : .badParameter, [])
            return .success
        }
        let fixture = try Fixture(local: 1, size: 2, host: host)
        defer { fixture.stop() }
        let zero = try fixture.client(0, version: "6.1.0")
        let own = Proc("job", Rank(0))
        let put = Info(
            .procData, .infos([Info(.procID, .proc(own)), Info(.dataScope, .uint16(2)), Info("k", .string("v"))]))
        let told = Info(.groupInfo, .infos([Info(.procID, .proc(own)), Info("mine", .size(5))]))
        let reply = try zero.request(construct(zero, pair, [put, told]))
        let (members, infos) = try reply.unpack(zero.dialect) { (unpacker) throws(Malformed) -> ([Proc], [Info]) in
            _ = try unpacker.status()
            let members = try unpacker.procs()
            _ = try unpacker.one(.bool)
            var infos: [Info] = []
            for _ in 0..<(try unpacker.size()) { infos.append(try unpacker.info()) }
            return (members, infos)
        }
        #expect(members == pair)
        #expect(infos.count == 1)
        #expect(infos.first?.value.asInfos?["mine"]?.asUnsigned == 5)
        #expect(fixture.server.find(own, key: "k", scope: nil)?.asText == "v")
    }

    @Test("GROUP-17 a member on another node leaves: the host's event takes it out of the group")
    func remoteDeparture() throws {
        var host = Host()
        host.group = { _, _, _, _, done in
            done(.success, [])
            return .success
        }
        host.fence = { procs, _, _, done in
            done(procs.count == 1 ? .success : .error, [])
            return .success
        }
        let fixture = try Fixture(local: 1, size: 2, host: host)
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        #expect(try zero.status(of: construct(zero, pair)) == .success)
        #expect(try zero.status(of: zero.fence([Proc("grp", .wildcard)])) == .error)
        let left = Event(
            .groupLeft, source: pair[1], range: .custom,
            infos: [Info(.eventCustomRange, .proc(pair[0])), Info(.groupName, .string("grp"))])
        #expect(fixture.wait { fixture.server.notify(left, done: $0) } == .success)
        #expect(try zero.status(of: zero.fence([Proc("grp", .wildcard)])) == .success)
    }

    @Test("GROUP-18 PSET-3 the host answers first, the server what the host leaves open")
    func hostFirst() throws {
        var host = Host()
        host.query = { _, queries, done in
            let isCount = queries.first?.keys == ["pmix.qry.psetnum"]
            done(isCount ? .success : .notFound, isCount ? [Info("pmix.qry.psetnum", .size(41))] : [])
            return .success
        }
        let fixture = try Fixture(local: 1, host: host)
        defer { fixture.stop() }
        #expect(fixture.wait { fixture.server.defineProcessSet("some", [self.pair[0]], done: $0) } == .success)
        let zero = try fixture.client(0)
        func ask(_ key: Text) throws -> (Status, [Info]) {
            let query = zero.command(.query) { $0.list(.query, [.query(Query(keys: [key]))]) }
            return try zero.request(query).unpack(zero.dialect) { (unpacker) throws(Malformed) in
                let status = try unpacker.status()
                return (status, try unpacker.infos())
            }
        }
        #expect(try ask("pmix.qry.psetnum").1.first?.value.asUnsigned == 41)
        #expect(try ask("pmix.qry.psets").1.first?.value.asText == "some")
        #expect(try ask("no.such.key").0 == .notFound)
    }

    @Test("the members of a job that is no more are members of nothing")
    func forgottenJob() throws {
        let fixture = try Fixture(local: 2)
        defer { fixture.stop() }
        let (zero, one) = (try fixture.client(0), try fixture.client(1))
        let tag = try zero.send(construct(zero, pair))
        #expect(try one.status(of: construct(one, pair)) == .success)
        #expect(try zero.status(to: tag) == .success)
        #expect(fixture.wait { fixture.server.deregisterNamespace("job", done: $0) } == .success)
        let count = fixture.server.supplement([Query(keys: ["pmix.qry.pgrpnum"])], .notFound, [])
        #expect(count.1.first?.value.asUnsigned == 0)
    }
}
