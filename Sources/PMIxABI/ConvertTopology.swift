// hwloc's objects at the boundary. A set of processors is text inside (hwloc's list form) and a bitmap in C. A live
// topology stays an address inside, lent by whoever gave it; what goes to C is a duplicate of its own. Without hwloc
// (Sources/CHwloc) what would need it is NULL.
import Bytes
import CHwloc
import CLibc
import CPMIx
import PMIxWire
import Topology

enum Hwloc {
    static let source: Text = "hwloc"

    /// Whether the object behind a pmix_cpuset_t or pmix_topology_t is hwloc's; both begin with the name of its source,
    /// which may go on with a version.
    static func isSource(of cell: UnsafeRawPointer) -> Bool {
        isSource(cell.load(as: UnsafePointer<CChar>?.self))
    }

    private static func isSource(_ name: UnsafePointer<CChar>?) -> Bool {
        guard let name else { return false }
        return source.bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return false }
            return strncasecmp(name, start.assumingMemoryBound(to: CChar.self), bytes.count) == 0
        }
    }

    static func list(ofCPUSet cpuset: pmix_cpuset_t) -> Text? {
        guard let bitmap = cpuset.bitmap, isSource(cpuset.source), let functions = chwloc() else { return nil }
        var string: UnsafeMutablePointer<CChar>?
        _ = functions.pointee.bitmap_list_asprintf?(&string, OpaquePointer(bitmap))
        defer { free(string) }
        return Text(copying: string)
    }

    static func newCPUSet(_ list: Text?) -> pmix_cpuset_t {
        var cpuset = pmix_cpuset_t(source: source.newCString(), bitmap: nil)
        guard let list, isCredible(list), let functions = chwloc(), let bitmap = functions.pointee.bitmap_alloc?()
        else { return cpuset }
        let string = list.newCString()
        defer { free(string) }
        if functions.pointee.bitmap_list_sscanf?(bitmap, string) == 0 {
            cpuset.bitmap = UnsafeMutableRawPointer(bitmap)
        } else {
            functions.pointee.bitmap_free?(bitmap)
        }
        return cpuset
    }

    /// hwloc has a bit for each number, and takes any number for one: the text may be a peer's.
    private static func isCredible(_ list: Text) -> Bool {
        var number = 0
        for byte in list.bytes {
            number = (0x30...0x39).contains(byte) ? number * 10 + Int(byte - 0x30) : 0
            if number > 1 << 20 { return false }
        }
        return true
    }

    static func destroy(cpuset: UnsafeMutablePointer<pmix_cpuset_t>) {
        guard isSource(cpuset.pointee.source) else { return }
        if let bitmap = cpuset.pointee.bitmap { chwloc()?.pointee.bitmap_free?(OpaquePointer(bitmap)) }
        free(cpuset.pointee.source)
        cpuset.initialize(to: pmix_cpuset_t())
    }

    static func value(of topology: pmix_topology_t) -> TopologyValue {
        TopologyValue(
            source: Text(copying: topology.source), xml: nil, support: [], address: UInt(bitPattern: topology.topology))
    }

    /// A duplicate of the live topology, or one made from the XML a peer sent.
    static func newTopology(_ value: TopologyValue) -> pmix_topology_t {
        var result = pmix_topology_t(source: value.source.newCString(), topology: nil)
        guard isSource(result.source) else {
            result.topology = UnsafeMutableRawPointer(bitPattern: value.address)
            return result
        }
        if let live = OpaquePointer(bitPattern: value.address) {
            var copy: OpaquePointer?
            if chwloc()?.pointee.topology_dup?(&copy, live) == 0 { result.topology = UnsafeMutableRawPointer(copy) }
        } else if let xml = value.xml {
            let made = load(xml)
            if let made, let live = try? Topology(borrowing: made) { live.set(support: value.support) }
            result.topology = UnsafeMutableRawPointer(made)
        }
        return result
    }

    private static func load(_ xml: Text) -> OpaquePointer? {
        guard let functions = chwloc()?.pointee else { return nil }
        var topology: OpaquePointer?
        guard functions.topology_init?(&topology) == 0 else { return nil }
        let string = xml.newCString()
        defer { free(string) }
        // Devices are part of what the peer described.
        if functions.topology_set_io_types_filter?(topology, HWLOC_TYPE_FILTER_KEEP_IMPORTANT) == 0,
            functions.topology_set_xmlbuffer?(topology, string, Int32(clamping: xml.count + 1)) == 0,
            functions.topology_load?(topology) == 0
        {
            return topology
        }
        functions.topology_destroy?(topology)
        return nil
    }

    static func destroy(topology: UnsafeMutablePointer<pmix_topology_t>) {
        guard isSource(topology.pointee.source) else { return }
        // This machine's own is what PMIx_Load_topology lends to everybody.
        if let live = topology.pointee.topology, !Machine.shared.owns(live) {
            chwloc()?.pointee.topology_destroy?(OpaquePointer(live))
        }
        free(topology.pointee.source)
        topology.initialize(to: pmix_topology_t())
    }
}
