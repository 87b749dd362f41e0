import Bytes
import CHwloc

/// The machine as hwloc sees it, or as a text describes it. Loading one reads a good part of /sys: it is done when somebody
/// asks, never before. Immutable once made, so that threads may share it.
public final class Topology: @unchecked Sendable {
    /// Which version of hwloc's format an export is in.
    public enum XMLFormat: Sendable {
        case version1, version2
    }

    public enum Whose: Sendable {
        /// The calling thread.
        case thread
        /// The whole of the calling process.
        case process
        case other(pid: Int32)
    }

    let functions: chwloc
    /// hwloc's own object, lent for as long as this one lives.
    public let topology: hwloc_topology_t
    private let isOwned: Bool

    /// This machine.
    public convenience init() throws(TopologyError) {
        try self.init { _, _ in 0 }
    }

    /// What an earlier export says, possibly of another machine. `isThisSystem`: the caller knows that it is of this one, so that
    /// processes can be asked for their binding.
    public convenience init(xml: [UInt8], isThisSystem: Bool = false) throws(TopologyError) {
        // hwloc wants the NUL counted.
        var text = xml
        if text.last != 0 { text.append(0) }
        guard let size = Int32(exactly: text.count) else { throw .malformed }
        try self.init { functions, topology in
            if isThisSystem {
                _ = functions.topology_set_flags(topology, UInt(HWLOC_TOPOLOGY_FLAG_IS_THISSYSTEM.rawValue))
            }
            return text.withUnsafeBytes {
                functions.topology_set_xmlbuffer(topology, $0.baseAddress?.assumingMemoryBound(to: CChar.self), size)
            }
        }
    }

    /// A regular machine by description, `pack:2 core:4 pu:2`.
    public convenience init(synthetic description: Text) throws(TopologyError) {
        try self.init { functions, topology in
            (description.bytes + [0]).withUnsafeBytes {
                functions.topology_set_synthetic(topology, $0.baseAddress?.assumingMemoryBound(to: CChar.self))
            }
        }
    }

    /// A live topology that stays the property of whoever lent it, and outlives this object.
    public init(borrowing topology: hwloc_topology_t) throws(TopologyError) {
        functions = try hwloc()
        self.topology = topology
        isOwned = false
    }

    /// The same by its address.
    public convenience init(lent address: UInt) throws(TopologyError) {
        guard let topology = hwloc_topology_t(bitPattern: address) else { throw .refused }
        try self.init(borrowing: topology)
    }

    /// A copy of a live topology that belongs to somebody else.
    public init(copying topology: hwloc_topology_t) throws(TopologyError) {
        functions = try hwloc()
        var copy: hwloc_topology_t?
        guard functions.topology_dup(&copy, topology) == 0, let copy else { throw .refused }
        self.topology = copy
        isOwned = true
    }

    private init(_ describe: (chwloc, hwloc_topology_t) -> Int32) throws(TopologyError) {
        functions = try hwloc()
        var made: hwloc_topology_t?
        guard functions.topology_init(&made) == 0, let made else { throw .refused }
        topology = made
        isOwned = true
        guard functions.topology_set_io_types_filter(made, HWLOC_TYPE_FILTER_KEEP_IMPORTANT) == 0,
            describe(functions, made) == 0, functions.topology_load(made) == 0
        else { throw .refused }
    }

    deinit {
        if isOwned { functions.topology_destroy(topology) }
    }

    /// `hwloc:2.9.0`: where our topologies come from.
    public static func source() throws(TopologyError) -> Text {
        let version = try hwloc().get_api_version()
        let parts = [version >> 16, version >> 8 & 0xff, version & 0xff].map { Text(decimal: $0) }
        return CPUSet.sourceName + ":" + .joined(parts, separator: UInt8(ascii: "."))
    }

    /// The description another process can be given, without a NUL.
    public func xml(_ format: XMLFormat = .version2) throws(TopologyError) -> [UInt8] {
        var text: UnsafeMutablePointer<CChar>?
        var size: Int32 = 0
        let flags = format == .version1 ? UInt(HWLOC_TOPOLOGY_EXPORT_XML_FLAG_V1.rawValue) : 0
        guard functions.topology_export_xmlbuffer(topology, &text, &size, flags) == 0, let text else { throw .refused }
        defer { functions.free_xmlbuffer(topology, text) }
        // Safety: hwloc has just written `size` bytes there, the NUL among them.
        return Array(UnsafeRawBufferPointer(start: text, count: max(0, Int(size) - 1)))
    }

    /// What hwloc can do with it, which an export leaves out: the bytes of three structures, one behind the other.
    public func support() -> [UInt8] {
        guard let support = functions.topology_get_support(topology)?.pointee else { return [] }
        // Safety: all three belong to the topology and are as large as their types.
        return Array(UnsafeRawBufferPointer(start: support.discovery, count: Topology.discoverySize))
            + Array(UnsafeRawBufferPointer(start: support.cpubind, count: Topology.processorSize))
            + Array(UnsafeRawBufferPointer(start: support.membind, count: Topology.memorySize))
    }

    /// Takes over what another process said its hwloc can do; bytes of another size than ours are none of this format.
    public func set(support bytes: [UInt8]) {
        let sizes = Topology.discoverySize + Topology.processorSize + Topology.memorySize
        guard bytes.count == sizes, let support = functions.topology_get_support(topology)?.pointee else { return }
        bytes.withUnsafeBytes { whole in
            guard let start = whole.baseAddress else { return }
            // Safety: as above, and the bytes are as many as the three together.
            UnsafeMutableRawPointer(support.discovery)?.copyMemory(from: start, byteCount: Topology.discoverySize)
            let processors = start + Topology.discoverySize
            UnsafeMutableRawPointer(support.cpubind)?.copyMemory(from: processors, byteCount: Topology.processorSize)
            let memory = processors + Topology.processorSize
            UnsafeMutableRawPointer(support.membind)?.copyMemory(from: memory, byteCount: Topology.memorySize)
        }
    }

    private static let discoverySize = MemoryLayout<hwloc_topology_discovery_support>.size
    private static let processorSize = MemoryLayout<hwloc_topology_cpubind_support>.size
    private static let memorySize = MemoryLayout<hwloc_topology_membind_support>.size

    /// Every processor there is.
    public func processors() throws(TopologyError) -> CPUSet {
        try CPUSet(copying: try set(functions.topology_get_topology_cpuset(topology)))
    }

    /// The processors this process may use at all.
    public func allowedProcessors() throws(TopologyError) -> CPUSet {
        try CPUSet(copying: try set(functions.topology_get_allowed_cpuset(topology)))
    }

    /// Where a thread or process of this machine is bound at the moment.
    public func binding(of whose: Whose) throws(TopologyError) -> CPUSet {
        let bound = try CPUSet()
        let status: Int32
        switch whose {
        case .thread:
            status = functions.get_cpubind(topology, bound.bitmap, Int32(HWLOC_CPUBIND_THREAD.rawValue))
        case .process:
            status = functions.get_cpubind(topology, bound.bitmap, Int32(HWLOC_CPUBIND_PROCESS.rawValue))
        case .other(let pid):
            status = functions.get_proc_cpubind(topology, pid, bound.bitmap, 0)
        }
        guard status == 0 else { throw .refused }
        return bound
    }

    /// The objects of one kind, in hwloc's logical order; none when the machine has no such level.
    func objects(_ type: hwloc_obj_type_t) -> [UnsafeMutablePointer<hwloc_obj>] {
        let depth = functions.get_type_depth(topology, type)
        guard depth != Int32(HWLOC_TYPE_DEPTH_UNKNOWN.rawValue), depth != Int32(HWLOC_TYPE_DEPTH_MULTIPLE.rawValue)
        else {
            return []
        }
        var found: [UnsafeMutablePointer<hwloc_obj>] = []
        for index in 0..<functions.get_nbobjs_by_depth(topology, depth) {
            if let object = functions.get_obj_by_depth(topology, depth, index) { found.append(object) }
        }
        return found
    }

    private func set(_ borrowed: OpaquePointer?) throws(TopologyError) -> OpaquePointer {
        guard let borrowed else { throw .refused }
        return borrowed
    }
}
