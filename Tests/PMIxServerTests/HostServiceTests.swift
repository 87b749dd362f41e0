import Bytes
import PMIxWire
import Testing

@testable import PMIxServer

/// The requests behind which only the host stands, as bytes: commands 17, 20, 21, 30 to 32, 34 and 35.
@Suite struct HostServiceTests {
    private static let commands: [Command] = [
        .allocate, .getCredential, .validateCredential, .registerFabric, .updateFabric, .deviceDistances,
        .resourceBlock, .sessionControl,
    ]

    private func items(_ command: Command) -> [RawClient.Item] {
        let infos = [Info("some.thing", .string("x"))]
        return switch command {
        case .allocate: [.one(.allocDirective, .unsigned(1)), .infos(infos)]
        case .validateCredential: [.one(.byteObject, .bytes([1, 2, 3])), .infos(infos)]
        case .updateFabric: [.size(9)]
        case .deviceDistances:
            [.one(.topology, .topology(TopologyValue(xml: nil))), .one(.cpuset, .text("0-1")), .infos(infos)]
        case .resourceBlock:
            [
                .one(.resourceBlockDirective, .unsigned(2)), .string("blk"),
                .list(.resourceUnit, [.resourceUnit(type: 4, count: 3)]), .infos(infos),
            ]
        case .sessionControl: [.uint32(77), .infos(infos)]
        default: [.infos(infos)]
        }
    }

    /// A host that answers each with a success, and notes what it was asked.
    private func willing(_ seen: Awaited<Text>) -> Host {
        var host = Host()
        host.allocate = { _, directive, infos, done in
            seen.set("allocate " + Text(decimal: directive))
            done(.success, infos)
            return .success
        }
        host.getCredential = { proc, _, done in
            seen.set("credential " + Text(decimal: proc.rank.rawValue))
            done(.success, [7, 8], [])
            return .success
        }
        host.validateCredential = { _, bytes, infos, done in
            seen.set("validate " + Text(decimal: bytes.count))
            done(.success, infos)
            return .success
        }
        host.fabric = { _, updates, infos, done in
            seen.set((updates ? "update " : "register ") + (infos.first?.key ?? ""))
            done(.success, infos)
            return .success
        }
        host.resourceBlock = { _, directive, name, units, _, done in
            seen.set("block " + Text(decimal: directive) + (name ?? "") + Text(decimal: units.first?.count ?? 0))
            done(.success)
            return .success
        }
        host.controlSession = { _, session, infos, done in
            seen.set("session " + Text(decimal: session))
            done(.success, infos)
            return .success
        }
        return host
    }

    @Test("ALLOC-1 CRED-1 CRED-2 FABRIC-1 FABRIC-2 BLOCK-1 SESSION-1 each request reaches the host with its fields")
    func reachHost() throws {
        let seen = Awaited<Text>()
        let fixture = try Fixture(host: willing(seen))
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        for command in Self.commands where command != .deviceDistances {
            #expect(try zero.status(of: zero.command(command, items(command))) == .success, "\(command)")
        }
        #expect(
            seen.all == [
                "allocate 1", "credential 0", "validate 3", "register some.thing", "update pmix.fab.idx", "block 2blk3",
                "session 77",
            ])
    }

    @Test("TOPO-7 distances are asked of this machine, or of the one described")
    func distances() throws {
        let fixture = try Fixture(prepare: { server in
            server.onDistances = { topology, list, infos throws(Status) in
                guard infos.first?.key == "some.thing", topology.xml == nil else { throw .badParameter }
                if list == "7" { throw .notFound }
                return [DeviceDistance(uuid: "id", osName: "eth9", type: 4, minimum: 3, maximum: 5)]
            }
        })
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        let payload = try zero.request(zero.command(.deviceDistances, items(.deviceDistances)))
        let found = try payload.unpack(zero.dialect) { (unpacker) throws(Malformed) -> [Content] in
            _ = try unpacker.status()
            return try unpacker.list(.deviceDistance)
        }
        guard case .distance(let distance)? = found.first else { throw Status.typeMismatch }
        #expect(distance.osName == "eth9" && distance.minimum == 3 && distance.maximum == 5 && found.count == 1)
        var none = items(.deviceDistances)
        none[1] = .one(.cpuset, .text("7"))
        #expect(try zero.status(of: zero.command(.deviceDistances, none)) == .notFound)
    }

    @Test("what is cut off anywhere is told, and the next request is served")
    func truncated() throws {
        let fixture = try Fixture(host: willing(Awaited<Text>()))
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        for command in Self.commands {
            let whole = zero.command(command, items(command)).bytes
            for length in 2..<whole.count {
                var part = Packer(zero.dialect)
                part.writer.append(Array(whole[..<length]))
                #expect(try zero.status(of: part) != .success, "\(command) of \(length) bytes")
            }
        }
        #expect(try zero.status(of: zero.command(.sessionControl, items(.sessionControl))) == .success)
    }

    @Test("counts that the bytes do not explain are refused")
    func hostileCounts() throws {
        let fixture = try Fixture(host: willing(Awaited<Text>()))
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        // An index is a number like any other.
        for command in Self.commands where command != .updateFabric {
            var packer = zero.command(command)
            for _ in 0..<4 { packer.size(UInt64.max) }
            #expect(try zero.status(of: packer) != .success, "\(command)")
        }
    }

    @Test("CRED-3 a credential that no host checks is refused to peers")
    func nobodyChecks() throws {
        let fixture = try Fixture()
        defer { fixture.stop() }
        let zero = try fixture.client(0)
        for command in Self.commands where command != .deviceDistances {
            #expect(try zero.status(of: zero.command(command, items(command))) == .notSupported, "\(command)")
        }
    }

    @Test("RES-1 RES-2 resources are among the data of the jobs registered while they are")
    func resources() throws {
        let fixture = try Fixture(registers: false)
        defer { fixture.stop() }
        let server = fixture.server
        #expect(fixture.wait { server.registerResources([Info("our.own", .uint32(5))], done: $0) } == .success)
        #expect(fixture.register(local: 1, size: 1, "first") == .success)
        #expect(fixture.wait { server.deregisterResources(["our.own"], done: $0) } == .success)
        #expect(fixture.register(local: 1, size: 1, "second") == .success)
        #expect(server.find(Proc("first", .wildcard), key: "our.own", scope: nil)?.asUInt32 == 5)
        #expect(server.find(Proc("second", .wildcard), key: "our.own", scope: nil) == nil)
    }
}
