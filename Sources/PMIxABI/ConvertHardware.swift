// The types that describe machines, from C to Swift and back; topologies and sets of processors have their own file.
import Bytes
import CLibc
import CPMIx
import PMIxWire

extension Cell {
    static func hardware(_ type: DataType, at cell: UnsafeRawPointer) throws(Status) -> Content {
        switch type {
        case .cpuset: .text(Hwloc.list(ofCPUSet: cell.load(as: pmix_cpuset_t.self)))
        case .topology: .topology(Hwloc.value(of: cell.load(as: pmix_topology_t.self)))
        case .coordinate: .coordinate(coordinate(cell.load(as: pmix_coord_t.self)))
        case .regattr: .attribute(attribute(at: cell))
        case .geometry: .geometry(geometry(cell.load(as: pmix_geometry_t.self)))
        case .deviceDistance: .distance(distance(cell.load(as: pmix_device_distance_t.self)))
        case .endpoint: .endpoint(endpoint(cell.load(as: pmix_endpoint_t.self)))
        case .device: .device(device(cell.load(as: pmix_device_t.self)))
        case .resourceUnit:
            .resourceUnit(
                type: cell.load(as: pmix_resource_unit_t.self).type,
                count: UInt64(UInt(bitPattern: cell.load(as: pmix_resource_unit_t.self).count)))
        case .nodePID: .nodePID(nodePID(cell.load(as: pmix_node_pid_t.self)))
        default: try statistics(type, at: cell)
        }
    }

    private static func coordinate(_ source: pmix_coord_t) -> Coordinate {
        var dimensions: [UInt32] = []
        if let coord = source.coord, source.dims > 0 {
            for index in 0..<source.dims { dimensions.append(coord[index]) }
        }
        return Coordinate(view: source.view, dimensions: dimensions)
    }

    private static func attribute(at cell: UnsafeRawPointer) -> RegisteredAttribute {
        let source = cell.assumingMemoryBound(to: pmix_regattr_t.self)
        return RegisteredAttribute(
            name: Text(copying: source.pointee.name),
            string: Text(field: cell + Fields.attributeKey, most: Fields.keyMost), type: source.pointee.type,
            description: [Text](argv: source.pointee.description))
    }

    private static func geometry(_ source: pmix_geometry_t) -> Geometry {
        var coordinates: [Coordinate] = []
        if let places = source.coordinates, source.ncoords > 0 {
            for index in 0..<source.ncoords { coordinates.append(coordinate(places[index])) }
        }
        return Geometry(
            fabric: UInt64(UInt(bitPattern: source.fabric)), uuid: Text(copying: source.uuid),
            osName: Text(copying: source.osname), coordinates: coordinates)
    }

    private static func distance(_ source: pmix_device_distance_t) -> DeviceDistance {
        DeviceDistance(
            uuid: Text(copying: source.uuid), osName: Text(copying: source.osname), type: source.type,
            minimum: source.mindist, maximum: source.maxdist)
    }

    private static func endpoint(_ source: pmix_endpoint_t) -> Endpoint {
        Endpoint(
            uuid: Text(copying: source.uuid), osName: Text(copying: source.osname),
            bytes: [UInt8](copying: source.endpt.bytes, count: source.endpt.size))
    }

    private static func device(_ source: pmix_device_t) -> Device {
        Device(uuid: Text(copying: source.uuid), osName: Text(copying: source.osname), type: source.type)
    }

    private static func nodePID(_ source: pmix_node_pid_t) -> NodePID {
        NodePID(
            host: Text(copying: source.hostname), nodeID: source.nodeid, pid: UInt32(bitPattern: source.pid))
    }
}

extension Cell {
    static func hardware(_ content: Content, _ type: DataType, at cell: UnsafeMutableRawPointer) {
        switch (type, content) {
        case (.cpuset, .text(let list)): cell.storeBytes(of: Hwloc.newCPUSet(list), as: pmix_cpuset_t.self)
        case (.topology, .topology(let value)):
            cell.storeBytes(of: Hwloc.newTopology(value), as: pmix_topology_t.self)
        case (.coordinate, .coordinate(let value)): cell.storeBytes(of: newCoordinate(value), as: pmix_coord_t.self)
        case (.regattr, .attribute(let value)):
            let target = cell.assumingMemoryBound(to: pmix_regattr_t.self)
            target.pointee.name = value.name.newCString()
            value.string?.fill(field: cell + Fields.attributeKey, most: Fields.keyMost)
            target.pointee.type = value.type
            target.pointee.description = value.description.newArgv()
        case (.geometry, .geometry(let value)): cell.storeBytes(of: newGeometry(value), as: pmix_geometry_t.self)
        case (.deviceDistance, .distance(let value)):
            let distance = pmix_device_distance_t(
                uuid: value.uuid.newCString(), osname: value.osName.newCString(), type: value.type,
                mindist: value.minimum, maxdist: value.maximum)
            cell.storeBytes(of: distance, as: pmix_device_distance_t.self)
        case (.endpoint, .endpoint(let value)):
            var endpoint = pmix_endpoint_t(
                uuid: value.uuid.newCString(), osname: value.osName.newCString(), endpt: pmix_byte_object_t())
            value.bytes.store(into: &endpoint.endpt)
            cell.storeBytes(of: endpoint, as: pmix_endpoint_t.self)
        case (.device, .device(let value)):
            let device = pmix_device_t(
                uuid: value.uuid.newCString(), osname: value.osName.newCString(), type: value.type)
            cell.storeBytes(of: device, as: pmix_device_t.self)
        case (.resourceUnit, .resourceUnit(let kind, let count)):
            let unit = pmix_resource_unit_t(type: kind, count: Int(truncatingIfNeeded: count))
            cell.storeBytes(of: unit, as: pmix_resource_unit_t.self)
        case (.nodePID, .nodePID(let value)):
            let node = pmix_node_pid_t(
                hostname: value.host.newCString(), nodeid: value.nodeID, pid: Int32(bitPattern: value.pid))
            cell.storeBytes(of: node, as: pmix_node_pid_t.self)
        default: statistics(content, type, at: cell)
        }
    }

    private static func newCoordinate(_ value: Coordinate) -> pmix_coord_t {
        let block = value.dimensions.withUnsafeBytes { Memory.copy($0.baseAddress, $0.count) }
        return pmix_coord_t(
            view: value.view, coord: block?.assumingMemoryBound(to: UInt32.self),
            dims: block == nil ? 0 : value.dimensions.count)
    }

    private static func newGeometry(_ value: Geometry) -> pmix_geometry_t {
        let block = Memory.zeroed(value.coordinates.count, MemoryLayout<pmix_coord_t>.stride)
        let places = block?.assumingMemoryBound(to: pmix_coord_t.self)
        if let places {
            for index in value.coordinates.indices { places[index] = newCoordinate(value.coordinates[index]) }
        }
        return pmix_geometry_t(
            fabric: Int(truncatingIfNeeded: value.fabric), uuid: value.uuid.newCString(),
            osname: value.osName.newCString(), coordinates: places,
            ncoords: places == nil ? 0 : value.coordinates.count)
    }
}

extension Cell {
    static func destroyHardware(_ type: DataType, at cell: UnsafeMutableRawPointer) {
        switch type {
        case .cpuset: Hwloc.destroy(cpuset: cell.assumingMemoryBound(to: pmix_cpuset_t.self))
        case .topology: Hwloc.destroy(topology: cell.assumingMemoryBound(to: pmix_topology_t.self))
        case .coordinate:
            let coordinate = cell.assumingMemoryBound(to: pmix_coord_t.self)
            free(coordinate.pointee.coord)
            coordinate.initialize(to: pmix_coord_t())
        case .regattr:
            let attribute = cell.assumingMemoryBound(to: pmix_regattr_t.self)
            drop(&attribute.pointee.name)
            drop(&attribute.pointee.description)
        case .geometry:
            let geometry = cell.assumingMemoryBound(to: pmix_geometry_t.self)
            drop(&geometry.pointee.uuid)
            drop(&geometry.pointee.osname)
            drop(.coordinate, &geometry.pointee.coordinates, &geometry.pointee.ncoords)
        case .deviceDistance, .device:
            // Both begin with the same two strings.
            drop(at: cell)
            drop(at: cell + Fields.secondPointer)
        case .endpoint:
            let endpoint = cell.assumingMemoryBound(to: pmix_endpoint_t.self)
            drop(&endpoint.pointee.uuid)
            drop(&endpoint.pointee.osname)
            dropBytes(at: cell + Fields.endpointBytes)
        case .nodePID: drop(at: cell)
        default: destroyStatistics(type, at: cell)
        }
    }
}
