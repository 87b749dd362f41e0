import Bytes
import CHwloc
import Testing

@testable import Topology

private let hasHwloc = chwloc() != nil
/// 2 packages, each with one NUMA node, one L3, two L2, four cores of two hardware threads.
private let machine: Text = "pack:2 numa:1 l3:1 l2:2 l1:2 core:1 pu:2"

@Suite(.enabled(if: hasHwloc, "hwloc is not installed"))
struct TopologyTests {
    @Test(
        "a locality string names every level the processors lie in",
        arguments: [
            ("0", "SK0:L30:L20:L10:CR0:HT0:NM0"),
            ("0-3", "SK0:L30:L20:L10-1:CR0-1:HT0-3:NM0"),
            ("8", "SK1:L31:L22:L14:CR4:HT8:NM1"),
            ("0,8", "SK0-1:L30-1:L20,2:L10,4:CR0,4:HT0,8:NM0-1"),
        ])
    func localityString(list: String, expected: String) throws {
        let topology = try Topology(synthetic: machine)
        #expect(Locality.string(of: try CPUSet(list: Text(list)), in: topology) == Text(expected))
    }

    @Test("processors of no object have no locality")
    func noLocality() throws {
        let topology = try Topology(synthetic: machine)
        #expect(Locality.string(of: try CPUSet(), in: topology) == nil)
        #expect(Locality.string(of: try CPUSet(list: "99"), in: topology) == nil)
    }

    @Test("an export makes the same topology", arguments: [Topology.XMLFormat.version1, .version2])
    func export(format: Topology.XMLFormat) throws {
        let topology = try Topology(synthetic: machine)
        let copy = try Topology(xml: try topology.xml(format))
        #expect(try copy.processors().list == "0-15")
        let set = try CPUSet(list: "4-5")
        #expect(Locality.string(of: set, in: copy) == Locality.string(of: set, in: topology))
    }

    @Test("what is no export is refused")
    func badXML() {
        #expect(throws: TopologyError.refused) { try Topology(xml: Array("<topology".utf8)) }
        #expect(throws: TopologyError.refused) { try Topology(xml: []) }
        #expect(throws: TopologyError.refused) { try Topology(synthetic: "no such thing") }
    }

    @Test("this process is bound to some of the processors of this machine")
    func binding() throws {
        let topology = try Topology()
        let processors = try topology.processors()
        for whose in [Topology.Whose.thread, .process] {
            let bound = try topology.binding(of: whose)
            #expect(!bound.isEmpty)
            #expect(bound.intersects(processors))
        }
        #expect(try Topology.source().hasPrefix("hwloc:2."))
    }

    @Test("a set knows its list, with and without its source")
    func sets() throws {
        let set = try CPUSet(list: "0-3,8")
        #expect(set.list == "0-3,8")
        #expect(set.sourcedList == "hwloc:0-3,8")
        #expect(set.count == 5)
        #expect(set.contains(8) && !set.contains(4))
        #expect(try CPUSet(sourced: "hwloc:0-3,8").list == set.list)
        #expect(try CPUSet(sourced: "hwloc:").isEmpty)
    }

    @Test("a set's text is checked")
    func badSets() {
        #expect(throws: TopologyError.malformed) { try CPUSet(sourced: "0-3") }
        #expect(throws: TopologyError.otherSource) { try CPUSet(sourced: "other:0-3") }
        #expect(throws: TopologyError.malformed) { try CPUSet(sourced: "hwloc:zz") }
        #expect(throws: TopologyError.malformed) { try CPUSet(list: "0-4000000000") }
        #expect(throws: TopologyError.malformed) { try CPUSet(list: "-") }
        #expect(throws: TopologyError.malformed) { try CPUSet(list: "0-3-") }
        #expect(throws: TopologyError.malformed) { try CPUSet(list: "0,-") }
    }

    @Test(
        "a device is nearer to the processors of its package",
        arguments: [
            ("0", [6, 13]), ("0-1", [6, 12]), ("0-7", [6, 9]), ("8", [13, 6]),
        ] as [(String, [UInt16])])
    func distances(list: String, expected: [UInt16]) throws {
        let topology = try Topology(xml: try withDevices(in: machine))
        let distances = try #require(topology.deviceDistances(from: try CPUSet(list: Text(list))))
        #expect(distances.map(\.minimum) == expected)
        #expect(distances.map(\.maximum) == expected)
        #expect(distances.map(\.uuid) == ["ipv4://52:54:00:00:00:00", "ipv4://52:54:00:00:00:01"])
        #expect(distances.map(\.osName) == ["eth0", "eth1"])
    }

    private static func cards() throws -> Topology {
        let tests = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let file = try #require(fopen("/" + tests + "/CTests/pmix/vectors/devices.xml", "r"))
        defer { fclose(file) }
        var text = [UInt8](repeating: 0, count: 1 << 16)
        let count = fread(&text, 1, text.count, file)
        return try Topology(xml: Array(text.prefix(count)))
    }

    @Test("TOPO-8 cards for graphics, networks and fabrics have names")
    func cardsOfAllKinds() throws {
        let distances = try #require(try Self.cards().deviceDistances(from: try CPUSet(list: "0-1"), host: "here"))
        #expect(
            distances.map(\.uuid) == [
                "gpu://here::nvml0", "gpu://here::rsmi0", "ipv4://02:00:00:00:00:01",
                "ipv6://00:00:10:29:fe:80:00:00:00:00:00:00:02:00:00:00:00:00:00:02",
                "fab://0200:0000:0000:0002::0200:0000:0000:0003",
            ])
        #expect(distances.map(\.minimum) == [4, 8, 4, 8, 8])
    }

    @Test("INV-1 a network device is known with its place on the bus")
    func networkDevices() throws {
        let machine = try Self.cards()
        let devices = machine.networkDevices()
        #expect(machine.memory == 2 << 30)
        #expect(devices.map(\.name) == ["eth0", "ib0", "mlx5_0"])
        #expect(devices.map(\.place) == ["0000:01:00:00", "0000:41:00:00", "0000:41:00:00"])
        #expect(devices.map(\.isOpenFabrics) == [false, false, true])
        #expect(devices[2].address == "0200:0000:0000:0002")
        #expect(devices[0].product == "A network card")
    }

    @Test("TOPO-3 a set without an end", arguments: ["0-", "3,8-"])
    func openSets(list: String) throws {
        let set = try CPUSet(list: Text(list))
        #expect(set.list == Text(list))
        #expect(set.contains(70_000) && !set.contains(4) == (list != "0-"))
        #expect(try CPUSet(sourced: set.sourcedList).list == set.list)
    }

    @Test("the type of the devices can be asked for")
    func deviceTypes() throws {
        let topology = try Topology(xml: try withDevices(in: machine))
        let set = try CPUSet(list: "0")
        #expect(topology.deviceDistances(from: set, types: Topology.openFabricsDevices) == [])
        #expect(topology.deviceDistances(from: set, types: Topology.networkDevices)?.count == 2)
    }

    @Test("processors of several packages are near to nothing in particular")
    func noDistances() throws {
        let topology = try Topology(xml: try withDevices(in: machine))
        #expect(topology.deviceDistances(from: try CPUSet(list: "0,8")) == nil)
        #expect(topology.deviceDistances(from: try CPUSet()) == nil)
    }

    /// An export with a network card at the end of each package.
    private func withDevices(in description: Text) throws -> [UInt8] {
        let lines = String(decoding: try Topology(synthetic: description).xml(), as: UTF8.self).split(separator: "\n")
        var text = ""
        var cards = 0
        for line in lines {
            // hwloc indents by two spaces a level; packages stand at the second.
            if line == "    </object>" {
                text += """
                    <object type="Bridge" gp_index="\(900 + cards * 10)" bridge_type="0-1" depth="0" \
                    bridge_pci="000\(cards):[00-00]">
                    <object type="PCIDev" gp_index="\(901 + cards * 10)" pci_busid="000\(cards):00:03.0" \
                    pci_type="0200 [1af4:1041] [1af4:1041] 01" pci_link_speed="0.0">
                    <object type="OSDev" gp_index="\(902 + cards * 10)" name="eth\(cards)" osdev_type="2">
                    <info name="Address" value="52:54:00:00:00:0\(cards)"/>
                    </object></object></object>
                    """
                cards += 1
            }
            text += line + "\n"
        }
        return Array(text.utf8)
    }
}

@Suite struct LocalityTests {
    @Test(
        "processes share the levels on which their strings have an index in common",
        arguments: [
            ("SK0:L30:L20:L10:CR0:HT0:NM0", "SK0:L30:L20:L10:CR0:HT0:NM0", 0x407f),
            ("SK0:L30:L20:L10:CR0:HT0:NM0", "SK0:L30:L20:L10:CR0:HT1:NM0", 0x407e),
            ("SK0:L30:L20:L10:CR0:HT0:NM0", "SK0:L30:L20:L11:CR1:HT2:NM0", 0x4078),
            ("SK0:L30:L20:L10:CR0:HT0:NM0", "SK0:L30:L21:L12:CR2:HT4:NM0", 0x4070),
            ("SK0:L30:L20:L10:CR0:HT0:NM0", "SK1:L31:L22:L14:CR4:HT8:NM1", 0x4000),
            ("hwloc:SK0-1:CR0-3", "hwloc:SK1:CR3", 0x4022),
            ("hwloc:SK0:CR0", "hwloc:CR0:SK1", 0x4002),
            ("hwloc:NM0,2:CR4", "NM2", 0x4040),
            ("hwloc:SKx", "hwloc:SK1:CR3", 0x4000),
            ("hwloc:SK1:XX3:CR4", "hwloc:XX3:CR4", 0x4002),
            ("hwloc:", "SK0", 0x4000),
            ("", "", 0x4000),
        ])
    func shared(first: String, second: String, expected: Int) {
        #expect(Locality.shared(Text(first), Text(second))?.rawValue == UInt16(expected))
        #expect(Locality.shared(Text(second), Text(first))?.rawValue == UInt16(expected))
    }

    @Test("a string of another source says nothing")
    func otherSource() {
        #expect(Locality.shared("other:SK0", "SK0") == nil)
        #expect(Locality.shared("SK0", "other:SK0") == nil)
    }
}
