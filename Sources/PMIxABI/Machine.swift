// The topology of this machine, and what is answered from it.
import Bytes
import CPMIx
import PMIxClient
import PMIxServer
import PMIxWire
import Reactor
import Sockets
import Topology

/// One topology for the whole process, made when it is first asked for and kept to the end: what C was given of it may be
/// in use anywhere.
final class Machine: @unchecked Sendable {
    static let shared = Machine()

    private let lock = Lock()
    private var made: Topology?  // lock
    /// Those that `made` was before a host brought another: C may still have them.
    private var former: [Topology] = []  // lock

    /// What a server shared with its ranks, or else what hwloc finds out.
    func topology(_ client: Client) throws(Status) -> Topology {
        lock.lock()
        defer { lock.unlock() }
        if let made { return made }
        let described = Machine.described(client)
        let topology = try orStatus { () throws(TopologyError) in
            if let described { return described }
            return try Topology()
        }
        made = topology
        return topology
    }

    /// The topology that a host brings to its init. It is copied: infos are the host's to free.
    func adopt(_ infos: [Info]) {
        guard let value = infos[.topology], case .topology(let lent) = value.content else { return }
        guard lent.source?.hasPrefix(CPUSet.sourceName) ?? false, let live = OpaquePointer(bitPattern: lent.address),
            let copy = try? Topology(copying: live)
        else { return }
        lock.withLock {
            if let made { former.append(made) }
            made = copy
        }
    }

    /// Whether this is ours, which nobody else destroys.
    func owns(_ topology: UnsafeMutableRawPointer) -> Bool {
        let isSame = { (one: Topology) in UnsafeMutableRawPointer(one.topology) == topology }
        return lock.withLock { made.map(isSame) ?? false || former.contains(where: isSame) }
    }

    func resetAfterFork() {
        lock.resetAfterFork()
    }

    private static func described(_ client: Client) -> Topology? {
        let job = Proc(client.identity.nspace, .wildcard)
        for key in [Key.topologyXML2, .topologyXML1] {
            guard let xml = client.find(.init(job, key, []))?.asText else { continue }
            if let topology = try? Topology(xml: xml.bytes, isThisSystem: true) { return topology }
        }
        return nil
    }
}

/// How far devices are from a process: what was asked, and where from.
struct DistanceQuestion {
    private let topology: Topology
    private let processors: CPUSet
    private let infos: [Info]
    private let isThisMachine: Bool
    private let host = Process.hostname

    /// NULL topology: this machine; NULL processors: those that this process is bound to.
    init(
        _ client: Client, _ topo: UnsafePointer<pmix_topology_t>?, _ cpuset: UnsafePointer<pmix_cpuset_t>?,
        _ infos: [Info]
    ) throws(Status) {
        let machine = try Machine.shared.topology(client)
        topology = try DistanceQuestion.given(topo) ?? machine
        isThisMachine = topology === machine || topology.topology == machine.topology
        if let cpuset {
            guard let given = try PMIxABI.processors(cpuset) else { throw .badParameter }
            processors = given
        } else {
            processors = try orStatus { () throws(TopologyError) in try machine.binding(of: .process) }
        }
        self.infos = infos
    }

    /// What a rank of another process asks: a description of its machine, or none for this one.
    init(_ client: Client, _ value: TopologyValue, _ list: Text?, _ infos: [Info]) throws(Status) {
        let machine = try Machine.shared.topology(client)
        topology = try orStatus { () throws(TopologyError) in
            guard let xml = value.xml else { return machine }
            return try Topology(xml: xml.bytes)
        }
        processors = try orStatus { () throws(TopologyError) in try CPUSet(list: list ?? "") }
        self.infos = infos
        isThisMachine = true
    }

    private static func given(_ topo: UnsafePointer<pmix_topology_t>?) throws(Status) -> Topology? {
        guard let topo, let live = topo.pointee.topology else { return nil }
        guard Hwloc.isSource(of: topo) else { throw .notSupported }
        return try orStatus { () throws(TopologyError) in try Topology(borrowing: OpaquePointer(live)) }
    }

    /// The distances to the devices asked for; nil when this process knows of none.
    func answer() throws(Status) -> [DeviceDistance]? {
        var types: UInt64?
        for info in infos where info.key == .deviceType {
            guard let wanted = info.value.asUnsigned else { throw .badParameter }
            types = (types ?? 0) | wanted
        }
        let names = infos.filter { $0.key == .deviceID }.compactMap { $0.value.asText }
        let found = topology.deviceDistances(from: processors, types: types ?? Topology.knownDevices, host: host) ?? []
        let wanted = found.filter { device in
            names.isEmpty || names.contains { $0 == device.uuid || $0 == device.osName }
        }
        return wanted.isEmpty
            ? nil
            : wanted.map {
                DeviceDistance(
                    uuid: $0.uuid, osName: $0.osName, type: $0.type, minimum: $0.minimum, maximum: $0.maximum)
            }
    }

    /// The same question to the server, which may know more. What is this machine here is so there.
    func exchange(_ client: Client) -> Exchange<[DeviceDistance]> {
        let xml = isThisMachine ? nil : (try? topology.xml()).map { Text($0) }
        return client.deviceDistances(xml, processors.list, infos)
    }
}

/// hwloc's errors as those of the field.
func orStatus<T>(_ body: () throws(TopologyError) -> T) throws(Status) -> T {
    do throws(TopologyError) {
        return try body()
    } catch {
        switch error {
        case .unavailable, .otherSource: throw .notSupported
        case .malformed: throw .badParameter
        case .refused: throw .error
        }
    }
}

extension Key {
    fileprivate static let topology: Key = "pmix.topo2"
    fileprivate static let topologyXML1: Key = "pmix.hwlocxml1"
    static let topologyXML2: Key = "pmix.hwlocxml2"
    fileprivate static let deviceType: Key = "pmix.dev.type"
    fileprivate static let deviceID: Key = "pmix.dev.id"
}
