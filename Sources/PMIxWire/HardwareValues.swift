import Bytes

// The value types that describe machines: network places, distances, statistics. Field names follow the Standard's
// members.

/// How many devices of a type (`pmix_resource_unit_t`).
public struct ResourceUnit: Sendable {
    public var type: UInt64
    public var count: UInt64

    public init(type: UInt64, count: UInt64) {
        self.type = type
        self.count = count
    }
}

public struct Coordinate: Sendable {
    public var view: UInt8
    public var dimensions: [UInt32]

    public init(view: UInt8, dimensions: [UInt32]) {
        self.view = view
        self.dimensions = dimensions
    }
}

public struct RegisteredAttribute: Sendable {
    public var name: Text?
    public var string: Text?
    public var type: UInt16
    public var description: [Text]

    public init(name: Text?, string: Text?, type: UInt16, description: [Text]) {
        self.name = name
        self.string = string
        self.type = type
        self.description = description
    }
}

public struct Geometry: Sendable {
    public var fabric: UInt64
    public var uuid: Text?
    public var osName: Text?
    public var coordinates: [Coordinate]

    public init(fabric: UInt64, uuid: Text?, osName: Text?, coordinates: [Coordinate]) {
        self.fabric = fabric
        self.uuid = uuid
        self.osName = osName
        self.coordinates = coordinates
    }
}

public struct DeviceDistance: Sendable {
    public var uuid: Text?
    public var osName: Text?
    public var type: UInt64
    public var minimum: UInt16
    public var maximum: UInt16

    public init(uuid: Text?, osName: Text?, type: UInt64, minimum: UInt16, maximum: UInt16) {
        self.uuid = uuid
        self.osName = osName
        self.type = type
        self.minimum = minimum
        self.maximum = maximum
    }
}

public struct Endpoint: Sendable {
    public var uuid: Text?
    public var osName: Text?
    public var bytes: [UInt8]

    public init(uuid: Text?, osName: Text?, bytes: [UInt8]) {
        self.uuid = uuid
        self.osName = osName
        self.bytes = bytes
    }
}

/// A topology: its XML on the wire, or the address of a live one that a host lends within the process.
public struct TopologyValue: Sendable {
    public var source: Text?
    public var xml: Text?
    /// hwloc's three support structures, as many bytes as the sender's build has.
    public var support: [UInt8]
    public var address: UInt = 0

    public init(source: Text?, xml: Text?, support: [UInt8], address: UInt = 0) {
        self.source = source
        self.xml = xml
        self.support = support
        self.address = address
    }

    /// A description that promises nothing of what the machine supports; nil for none.
    public init(xml: Text?) {
        self.init(source: nil, xml: xml, support: [UInt8](repeating: 0, count: TopologyValue.supportByteCount))
    }
}

public struct TimePoint: Sendable {
    public var seconds: Int64
    public var microseconds: Int64

    public init(seconds: Int64 = 0, microseconds: Int64 = 0) {
        self.seconds = seconds
        self.microseconds = microseconds
    }
}

public struct ProcStats: Sendable {
    public var node: Text?
    public var proc = Proc("", .undefined)
    public var pid: UInt32 = 0
    public var command: Text?
    public var state: UInt8 = 0
    public var time = TimePoint()
    /// Kept within the process only, as is `peakVsize`: no release writes them.
    public var percentCPU: Double = 0
    public var priority: Int32 = 0
    public var threads: Int16 = 0
    public var pss: Double = 0
    public var vsize: Double = 0
    public var rss: Double = 0
    public var peakVsize: Double = 0
    public var processor: Int16 = 0
    public var sampleTime = TimePoint()

    public init() {}
}

/// Eleven counters in the Standard's order, from reads completed to weighted milliseconds of I/O.
public struct DiskStats: Sendable {
    public var disk: Text?
    public var counters: [UInt64]

    public init(disk: Text?, counters: [UInt64]) {
        self.disk = disk
        self.counters = counters
    }

    public static let counterCount = 11
}

/// Six counters in the Standard's order: received bytes, packets, errors, then the same sent.
public struct NetStats: Sendable {
    public var interface: Text?
    public var counters: [UInt64]

    public init(interface: Text?, counters: [UInt64]) {
        self.interface = interface
        self.counters = counters
    }

    public static let counterCount = 6
}

/// Load averages and memory figures: eleven numbers in the Standard's order, from `la` to `mapped`.
public struct NodeStats: Sendable {
    public var node: Text?
    public var figures: [Double]
    public var sampleTime = TimePoint()
    public var disks: [DiskStats]
    public var networks: [NetStats]

    public init(node: Text?, figures: [Double], disks: [DiskStats], networks: [NetStats]) {
        self.node = node
        self.figures = figures
        self.disks = disks
        self.networks = networks
    }

    public static let figureCount = 11
}

public struct Device: Sendable {
    public var uuid: Text?
    public var osName: Text?
    public var type: UInt64

    public init(uuid: Text?, osName: Text?, type: UInt64) {
        self.uuid = uuid
        self.osName = osName
        self.type = type
    }
}

public struct NodePID: Sendable {
    public var host: Text?
    public var nodeID: UInt32
    public var pid: UInt32

    public init(host: Text?, nodeID: UInt32, pid: UInt32) {
        self.host = host
        self.nodeID = nodeID
        self.pid = pid
    }
}
