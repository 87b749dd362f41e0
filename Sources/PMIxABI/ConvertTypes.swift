// How objects of each type lie in C memory. A cell is one object as an element of an array holds it; the union of a
// value holds the same cell, or for the boxed types a pointer to it. CTests/abi/layout.c holds the numbers to the header.
import CPMIx
import PMIxWire

/// Offsets of members behind large character fields, which the importer shows only as tuples of so many elements.
enum Fields {
    static let keyMost = 511
    static let nspaceMost = 255
    static let valueUnion = 8
    static let procRank = 256
    static let infoValue = 520
    static let publishedKey = 260
    static let publishedValue = 776
    static let attributeKey = 8
    static let secondPointer = 8
    static let endpointBytes = 16
    static let leastDistance = 24
    static let nodeNumber = 8
}

enum Cell {
    /// The size of one element of an array; nil where C has no public struct for the type.
    static func byteCount(_ type: DataType) -> Int? {
        switch type {
        case .bool, .byte, .int8, .uint8, .persistence, .scope, .dataRange, .command, .procState, .allocDirective,
            .jobState, .linkState, .resourceBlockDirective:
            1
        case .int16, .uint16, .dataType, .iofChannel, .localityType, .storageAccessType: 2
        case .int, .int32, .uint, .uint32, .pid, .float, .status, .procRank, .infoDirectives: 4
        case .size, .int64, .uint64, .double, .time, .string, .pointer, .deviceType, .storageMedium, .storageAccess,
            .storagePersistence:
            8
        case .timeval: MemoryLayout<timeval>.stride
        case .byteObject, .compressedString, .compressedByteObject, .regex: MemoryLayout<pmix_byte_object_t>.stride
        default: structByteCount(type)
        }
    }

    private static func structByteCount(_ type: DataType) -> Int? {
        switch type {
        case .value: MemoryLayout<pmix_value_t>.stride
        case .proc: MemoryLayout<pmix_proc_t>.stride
        case .app: MemoryLayout<pmix_app_t>.stride
        case .info: MemoryLayout<pmix_info_t>.stride
        case .pdata: MemoryLayout<pmix_pdata_t>.stride
        case .query: MemoryLayout<pmix_query_t>.stride
        case .procInfo: MemoryLayout<pmix_proc_info_t>.stride
        case .dataArray: MemoryLayout<pmix_data_array_t>.stride
        case .envar: MemoryLayout<pmix_envar_t>.stride
        case .coordinate: MemoryLayout<pmix_coord_t>.stride
        case .regattr: MemoryLayout<pmix_regattr_t>.stride
        case .cpuset: MemoryLayout<pmix_cpuset_t>.stride
        case .geometry: MemoryLayout<pmix_geometry_t>.stride
        case .deviceDistance: MemoryLayout<pmix_device_distance_t>.stride
        case .endpoint: MemoryLayout<pmix_endpoint_t>.stride
        case .topology: MemoryLayout<pmix_topology_t>.stride
        case .procNamespace: Fields.nspaceMost + 1
        case .procStats: MemoryLayout<pmix_proc_stats_t>.stride
        case .diskStats: MemoryLayout<pmix_disk_stats_t>.stride
        case .netStats: MemoryLayout<pmix_net_stats_t>.stride
        case .nodeStats: MemoryLayout<pmix_node_stats_t>.stride
        case .dataBuffer: MemoryLayout<pmix_data_buffer_t>.stride
        case .device: MemoryLayout<pmix_device_t>.stride
        case .resourceUnit: MemoryLayout<pmix_resource_unit_t>.stride
        case .nodePID: MemoryLayout<pmix_node_pid_t>.stride
        default: nil
        }
    }

    /// Where the union of a value has the object.
    enum Place {
        case inline
        case boxed
        /// The union has no arm for the type.
        case nowhere
    }

    static func place(_ type: DataType) -> Place {
        switch type {
        case .proc, .procInfo, .dataArray, .coordinate, .regattr, .cpuset, .geometry, .deviceDistance, .endpoint,
            .topology, .procNamespace, .procStats, .diskStats, .netStats, .nodeStats, .dataBuffer, .device,
            .resourceUnit,
            .nodePID:
            .boxed
        case .value, .app, .info, .pdata, .buffer, .keyValue, .query, .infoArray: .nowhere
        default: .inline
        }
    }
}
