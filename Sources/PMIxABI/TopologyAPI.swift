// Topologies, sets of processors and what follows from them. All is computed in this process, with hwloc, which is loaded
// by the first of these calls; without it they are not supported.
import Bytes
import CLibc
import CPMIx
import PMIxClient
import PMIxServer
import PMIxWire
import Sockets
import Reactor
import Topology

@c @implementation
public func PMIx_Load_topology(_ topo: UnsafeMutablePointer<pmix_topology_t>!) -> pmix_status_t {
    withClient { (client) throws(Status) in
        guard let topo else { throw .badParameter }
        try requireSource(topo.pointee.source)
        let machine = try Machine.shared.topology(client)
        if topo.pointee.source == nil { topo.pointee.source = try source().newCString() }
        topo.pointee.topology = UnsafeMutableRawPointer(machine.topology)
    }
}

@c @implementation
public func PMIx_Get_cpuset(
    _ cpuset: UnsafeMutablePointer<pmix_cpuset_t>!, _ ref: pmix_bind_envelope_t
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        guard let cpuset, Int32(ref) <= PMIX_CPUBIND_THREAD else { throw .badParameter }
        try requireSource(cpuset.pointee.source)
        let machine = try Machine.shared.topology(client)
        let whose: Topology.Whose = Int32(ref) == PMIX_CPUBIND_THREAD ? .thread : .process
        try store(try orStatus { () throws(TopologyError) in try machine.binding(of: whose) }, into: cpuset)
    }
}

@c @implementation
public func PMIx_Parse_cpuset_string(
    _ cpuset_string: UnsafePointer<CChar>!, _ cpuset: UnsafeMutablePointer<pmix_cpuset_t>!
) -> pmix_status_t {
    withClient { (_) throws(Status) in
        guard let text = Text(copying: cpuset_string), let cpuset else { throw .badParameter }
        try store(try orStatus { () throws(TopologyError) in try CPUSet(sourced: text) }, into: cpuset)
    }
}

@c @implementation
public func PMIx_Get_relative_locality(
    _ locality1: UnsafePointer<CChar>!, _ locality2: UnsafePointer<CChar>!,
    _ locality: UnsafeMutablePointer<pmix_locality_t>!
) -> pmix_status_t {
    withClient { (_) throws(Status) in
        guard let first = Text(copying: locality1), let second = Text(copying: locality2), let locality else {
            throw .badParameter
        }
        guard let shared = Locality.shared(first, second) else { throw .notSupported }
        locality.pointee = shared.rawValue
    }
}

@c @implementation
public func PMIx_server_generate_locality_string(
    _ cpuset: UnsafePointer<pmix_cpuset_t>!, _ locality: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        guard let cpuset, let locality else { throw .badParameter }
        // A process that is not bound has no locality.
        guard let processors = try processors(cpuset) else {
            locality.pointee = nil
            return
        }
        let machine = try Machine.shared.topology(client)
        locality.pointee = Locality.string(of: processors, in: machine).newCString()
    }
}

@c @implementation
public func PMIx_server_generate_cpuset_string(
    _ cpuset: UnsafePointer<pmix_cpuset_t>!, _ cpuset_string: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!
) -> pmix_status_t {
    withClient { (_) throws(Status) in
        guard let cpuset, let cpuset_string, let processors = try processors(cpuset) else { throw .badParameter }
        cpuset_string.pointee = processors.sourcedList.newCString()
    }
}

@c @implementation
public func PMIx_server_generate_cpuset(
    _ cpuset_string: UnsafePointer<CChar>!, _ cpuset: UnsafeMutablePointer<pmix_cpuset_t>!
) -> pmix_status_t {
    PMIx_Parse_cpuset_string(cpuset_string, cpuset)
}

// MARK: - Distances

@c @implementation
public func PMIx_Compute_distances(
    _ topo: UnsafeMutablePointer<pmix_topology_t>!, _ cpuset: UnsafeMutablePointer<pmix_cpuset_t>!,
    _ info: UnsafeMutablePointer<pmix_info_t>!, _ ninfo: Int,
    _ distances: UnsafeMutablePointer<UnsafeMutablePointer<pmix_device_distance_t>?>!,
    _ ndist: UnsafeMutablePointer<Int>!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        guard let distances, let ndist else { throw .badParameter }
        distances.pointee = nil
        ndist.pointee = 0
        let question = try DistanceQuestion(client, topo, cpuset, try [Info](copying: info, count: ninfo))
        if let found = try question.answer() {
            (distances.pointee, ndist.pointee) = newArray(found)
        } else {
            (distances.pointee, ndist.pointee) = newArray(try client.perform(question.exchange(client)))
        }
    }
}

@c @implementation
public func PMIx_Compute_distances_nb(
    _ topo: UnsafeMutablePointer<pmix_topology_t>!, _ cpuset: UnsafeMutablePointer<pmix_cpuset_t>!,
    _ info: UnsafeMutablePointer<pmix_info_t>!, _ ninfo: Int, _ cbfunc: pmix_device_dist_cbfunc_t!,
    _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        guard let cbfunc else { throw .badParameter }
        let question = try DistanceQuestion(client, topo, cpuset, try [Info](copying: info, count: ninfo))
        let done = { (result: Result<[DeviceDistance], Status>) in
            switch result {
            case .success(let found):
                let (array, count) = newArray(found)
                cbfunc(PMIX_SUCCESS, array, count, cbdata, LentDistances.release, LentDistances.keep(array, count))
            case .failure(let reason): cbfunc(reason.rawValue, nil, 0, cbdata, nil, nil)
            }
        }
        if let found = try question.answer() { return client.loop.post { done(.success(found)) } }
        guard client.isConnected else { throw .unreachable }
        client.begin(question.exchange(client), done)
    }
}

private func newArray(_ distances: [DeviceDistance]) -> (UnsafeMutablePointer<pmix_device_distance_t>?, Int) {
    let size = MemoryLayout<pmix_device_distance_t>.stride
    guard let block = Memory.zeroed(distances.count, size) else { return (nil, 0) }
    for (index, distance) in distances.enumerated() {
        Cell.hardware(.distance(distance), .deviceDistance, at: block + index * size)
    }
    return (block.assumingMemoryBound(to: pmix_device_distance_t.self), distances.count)
}

/// Arrays of distances that C has until it calls the release function it got with them.
private struct LentDistances {
    let array: UnsafeMutablePointer<pmix_device_distance_t>?
    let count: Int

    private static let lent = Handles<LentDistances>()

    static func keep(
        _ array: UnsafeMutablePointer<pmix_device_distance_t>?, _ count: Int
    ) -> UnsafeMutableRawPointer? {
        lent.keep(LentDistances(array: array, count: count))
    }

    static let release: @convention(c) (UnsafeMutableRawPointer?) -> Void = { pointer in
        guard let distances = lent.take(pointer) else { return }
        Cell.freeArray(.deviceDistance, distances.array, distances.count)
    }
}

// MARK: - Common parts

private func source() throws(Status) -> Text {
    try orStatus { () throws(TopologyError) in try Topology.source() }
}

/// A caller who names a source wants that one and no other; our own may go with its version or without.
private func requireSource(_ name: UnsafePointer<CChar>?) throws(Status) {
    guard let name = Text(copying: name) else { return }
    if name == CPUSet.sourceName { return }
    guard name == (try source()) else { throw .notSupported }
}

/// The processors of a set as C has it; nil where it has none.
func processors(_ cpuset: UnsafePointer<pmix_cpuset_t>) throws(Status) -> CPUSet? {
    guard cpuset.pointee.source != nil else { throw .badParameter }
    guard Hwloc.isSource(of: cpuset) else { throw .notSupported }
    guard let bitmap = cpuset.pointee.bitmap else { return nil }
    return try orStatus { () throws(TopologyError) in try CPUSet(copying: OpaquePointer(bitmap)) }
}

/// A source that is there already was checked, or comes from PMIX_CPUSET_CONSTRUCT, and stays.
private func store(_ processors: CPUSet, into cpuset: UnsafeMutablePointer<pmix_cpuset_t>) throws(Status) {
    let bitmap = try orStatus { () throws(TopologyError) in try processors.copy() }
    if cpuset.pointee.source == nil { cpuset.pointee.source = CPUSet.sourceName.newCString() }
    cpuset.pointee.bitmap = UnsafeMutableRawPointer(bitmap)
}
