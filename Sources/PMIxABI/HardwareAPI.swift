// What describes machines and fabrics: four verbs for each struct. None of this touches the library's state.
import CPMIx
import PMIxWire

// MARK: - pmix_coord_t

@c @implementation
public func PMIx_Coord_construct(_ m: UnsafeMutablePointer<pmix_coord_t>!) {
    Cell.construct(.coordinate, m)
}

@c @implementation
public func PMIx_Coord_destruct(_ m: UnsafeMutablePointer<pmix_coord_t>!) {
    Cell.destruct(.coordinate, m)
}

@c @implementation
public func PMIx_Coord_create(_ dims: Int, _ number: Int) -> UnsafeMutablePointer<pmix_coord_t>! {
    guard let coords: UnsafeMutablePointer<pmix_coord_t> = Cell.create(.coordinate, number) else { return nil }
    coords.pointee.dims = dims
    coords.pointee.coord = Cell.create(.uint32, dims)
    return coords
}

@c @implementation
public func PMIx_Coord_free(_ m: UnsafeMutablePointer<pmix_coord_t>!, _ n: Int) {
    Cell.freeArray(.coordinate, m, n)
}

// MARK: - pmix_cpuset_t

@c @implementation
public func PMIx_Cpuset_construct(_ cpuset: UnsafeMutablePointer<pmix_cpuset_t>!) {
    Cell.construct(.cpuset, cpuset)
}

@c @implementation
public func PMIx_Cpuset_destruct(_ cpuset: UnsafeMutablePointer<pmix_cpuset_t>!) {
    Cell.destruct(.cpuset, cpuset)
}

@c @implementation
public func PMIx_Cpuset_create(_ n: Int) -> UnsafeMutablePointer<pmix_cpuset_t>! {
    Cell.create(.cpuset, n)
}

@c @implementation
public func PMIx_Cpuset_free(_ cpuset: UnsafeMutablePointer<pmix_cpuset_t>!, _ n: Int) {
    Cell.freeArray(.cpuset, cpuset, n)
}

// MARK: - pmix_device_t

@c @implementation
public func PMIx_Device_construct(_ d: UnsafeMutablePointer<pmix_device_t>!) {
    Cell.construct(.device, d)
}

@c @implementation
public func PMIx_Device_destruct(_ d: UnsafeMutablePointer<pmix_device_t>!) {
    Cell.destruct(.device, d)
}

@c @implementation
public func PMIx_Device_create(_ n: Int) -> UnsafeMutablePointer<pmix_device_t>! {
    Cell.create(.device, n)
}

@c @implementation
public func PMIx_Device_free(_ d: UnsafeMutablePointer<pmix_device_t>!, _ n: Int) {
    Cell.freeArray(.device, d, n)
}

// MARK: - pmix_device_distance_t

@c @implementation
public func PMIx_Device_distance_construct(_ d: UnsafeMutablePointer<pmix_device_distance_t>!) {
    Cell.construct(.deviceDistance, d)
}

@c @implementation
public func PMIx_Device_distance_destruct(_ d: UnsafeMutablePointer<pmix_device_distance_t>!) {
    Cell.destruct(.deviceDistance, d)
}

@c @implementation
public func PMIx_Device_distance_create(_ n: Int) -> UnsafeMutablePointer<pmix_device_distance_t>! {
    Cell.create(.deviceDistance, n)
}

@c @implementation
public func PMIx_Device_distance_free(_ d: UnsafeMutablePointer<pmix_device_distance_t>!, _ n: Int) {
    Cell.freeArray(.deviceDistance, d, n)
}

// MARK: - pmix_endpoint_t

@c @implementation
public func PMIx_Endpoint_construct(_ e: UnsafeMutablePointer<pmix_endpoint_t>!) {
    Cell.construct(.endpoint, e)
}

@c @implementation
public func PMIx_Endpoint_destruct(_ e: UnsafeMutablePointer<pmix_endpoint_t>!) {
    Cell.destruct(.endpoint, e)
}

@c @implementation
public func PMIx_Endpoint_create(_ n: Int) -> UnsafeMutablePointer<pmix_endpoint_t>! {
    Cell.create(.endpoint, n)
}

@c @implementation
public func PMIx_Endpoint_free(_ e: UnsafeMutablePointer<pmix_endpoint_t>!, _ n: Int) {
    Cell.freeArray(.endpoint, e, n)
}

// MARK: - pmix_geometry_t

@c @implementation
public func PMIx_Geometry_construct(_ g: UnsafeMutablePointer<pmix_geometry_t>!) {
    Cell.construct(.geometry, g)
}

@c @implementation
public func PMIx_Geometry_destruct(_ g: UnsafeMutablePointer<pmix_geometry_t>!) {
    Cell.destruct(.geometry, g)
}

@c @implementation
public func PMIx_Geometry_create(_ n: Int) -> UnsafeMutablePointer<pmix_geometry_t>! {
    Cell.create(.geometry, n)
}

@c @implementation
public func PMIx_Geometry_free(_ g: UnsafeMutablePointer<pmix_geometry_t>!, _ n: Int) {
    Cell.freeArray(.geometry, g, n)
}

// MARK: - pmix_node_pid_t

@c @implementation
public func PMIx_Node_pid_construct(_ d: UnsafeMutablePointer<pmix_node_pid_t>!) {
    Cell.construct(.nodePID, d)
}

@c @implementation
public func PMIx_Node_pid_destruct(_ d: UnsafeMutablePointer<pmix_node_pid_t>!) {
    Cell.destruct(.nodePID, d)
}

@c @implementation
public func PMIx_Node_pid_create(_ n: Int) -> UnsafeMutablePointer<pmix_node_pid_t>! {
    Cell.create(.nodePID, n)
}

@c @implementation
public func PMIx_Node_pid_free(_ d: UnsafeMutablePointer<pmix_node_pid_t>!, _ n: Int) {
    Cell.freeArray(.nodePID, d, n)
}

// MARK: - pmix_resource_unit_t

@c @implementation
public func PMIx_Resource_unit_construct(_ d: UnsafeMutablePointer<pmix_resource_unit_t>!) {
    Cell.construct(.resourceUnit, d)
}

@c @implementation
public func PMIx_Resource_unit_destruct(_ d: UnsafeMutablePointer<pmix_resource_unit_t>!) {
    Cell.destruct(.resourceUnit, d)
}

@c @implementation
public func PMIx_Resource_unit_create(_ n: Int) -> UnsafeMutablePointer<pmix_resource_unit_t>! {
    Cell.create(.resourceUnit, n)
}

@c @implementation
public func PMIx_Resource_unit_free(_ d: UnsafeMutablePointer<pmix_resource_unit_t>!, _ n: Int) {
    Cell.freeArray(.resourceUnit, d, n)
}

// MARK: - pmix_topology_t

@c @implementation
public func PMIx_Topology_construct(_ t: UnsafeMutablePointer<pmix_topology_t>!) {
    Cell.construct(.topology, t)
}

@c @implementation
public func PMIx_Topology_create(_ n: Int) -> UnsafeMutablePointer<pmix_topology_t>! {
    Cell.create(.topology, n)
}

@c @implementation
public func PMIx_Topology_free(_ t: UnsafeMutablePointer<pmix_topology_t>!, _ n: Int) {
    Cell.freeArray(.topology, t, n)
}

// MARK: - pmix_fabric_t

@c @implementation
public func PMIx_Fabric_construct(_ d: UnsafeMutablePointer<pmix_fabric_t>!) {
    d?.initialize(to: pmix_fabric_t())
}
