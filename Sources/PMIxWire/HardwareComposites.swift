import Bytes

// The composite types that describe machines. Order of fields: facts PMIx wire 4.3, numbers 47-48, 53-56, 61-64, 70-73.

extension Unpacker {
    mutating func hardware(_ type: DataType) throws(Malformed) -> Content {
        switch type {
        case .coordinate: return .coordinate(try coordinateInside())
        case .regattr: return .attribute(try attributeInside())
        case .geometry: return .geometry(try geometryInside())
        case .deviceDistance:
            let uuid = try stringInside()
            let osName = try stringInside()
            let kind = try unsigned(8)
            let minimum = UInt16(truncatingIfNeeded: try unsigned(2))
            let maximum = UInt16(truncatingIfNeeded: try unsigned(2))
            return .distance(
                DeviceDistance(uuid: uuid, osName: osName, type: kind, minimum: minimum, maximum: maximum))
        case .endpoint:
            let uuid = try stringInside()
            let osName = try stringInside()
            return .endpoint(Endpoint(uuid: uuid, osName: osName, bytes: try countedBytes()))
        case .topology: return .topology(try topologyInside())
        case .procStats: return .procStats(try procStatsInside())
        case .diskStats: return .diskStats(try diskStatsInside())
        case .netStats: return .netStats(try netStatsInside())
        case .nodeStats: return .nodeStats(try nodeStatsInside())
        case .device:
            let uuid = try stringInside()
            let osName = try stringInside()
            return .device(Device(uuid: uuid, osName: osName, type: try unsigned(8)))
        case .resourceUnit:
            let kind = try unsigned(8)
            return .resourceUnit(type: kind, count: try sizeInside())
        case .nodePID:
            let host = try stringInside()
            let node = UInt32(truncatingIfNeeded: try unsigned(4))
            return .nodePID(NodePID(host: host, nodeID: node, pid: try pidInside()))
        default: throw .type(type.rawValue)
        }
    }

    private mutating func attributeInside() throws(Malformed) -> RegisteredAttribute {
        let name = try stringInside()
        let string = try stringInside()
        let code = UInt16(truncatingIfNeeded: try unsigned(2))
        let lines = try strings(try signed(4))
        return RegisteredAttribute(name: name, string: string, type: code, description: lines)
    }

    private mutating func geometryInside() throws(Malformed) -> Geometry {
        let fabric = try sizeInside()
        let uuid = try stringInside()
        let osName = try stringInside()
        let count = try sizeInside()
        guard count <= UInt64(reader.remaining) else { throw .count }
        var coordinates: [Coordinate] = []
        for _ in 0..<count { coordinates.append(try coordinateInside()) }
        return Geometry(fabric: fabric, uuid: uuid, osName: osName, coordinates: coordinates)
    }

    private mutating func coordinateInside() throws(Malformed) -> Coordinate {
        let view = try reader.byte()
        let count = try sizeInside()
        guard count <= UInt64(reader.remaining) else { throw .count }
        var dimensions: [UInt32] = []
        for _ in 0..<count { dimensions.append(UInt32(truncatingIfNeeded: try unsigned(4))) }
        return Coordinate(view: view, dimensions: dimensions)
    }

    private mutating func topologyInside() throws(Malformed) -> TopologyValue {
        guard let xml = try stringInside() else { return TopologyValue(source: nil, xml: nil, support: []) }
        // The three structs that follow have no length of their own; hwloc 2 has 32 bytes, and nothing follows them
        // in any command.
        let support = try reader.take(min(TopologyValue.supportByteCount, reader.remaining))
        return TopologyValue(source: "hwloc", xml: xml, support: support)
    }

    private mutating func timePointInside() throws(Malformed) -> TimePoint {
        let seconds = try signed(8)
        return TimePoint(seconds: seconds, microseconds: try signed(8))
    }

    private mutating func procStatsInside() throws(Malformed) -> ProcStats {
        var stats = ProcStats()
        stats.node = try stringInside()
        stats.proc = try procInside()
        stats.pid = try pidInside()
        stats.command = try stringInside()
        stats.state = try reader.byte()
        stats.time = try timePointInside()
        stats.priority = Int32(truncatingIfNeeded: try signed(4))
        stats.threads = Int16(truncatingIfNeeded: try signed(2))
        stats.pss = try realInside()
        stats.vsize = try realInside()
        stats.rss = try realInside()
        stats.processor = Int16(truncatingIfNeeded: try signed(2))
        stats.sampleTime = try timePointInside()
        return stats
    }

    private mutating func counters(_ count: Int) throws(Malformed) -> [UInt64] {
        var values: [UInt64] = []
        for _ in 0..<count { values.append(try unsigned(8)) }
        return values
    }

    private mutating func diskStatsInside() throws(Malformed) -> DiskStats {
        let disk = try stringInside()
        return DiskStats(disk: disk, counters: try counters(DiskStats.counterCount))
    }

    private mutating func netStatsInside() throws(Malformed) -> NetStats {
        let interface = try stringInside()
        return NetStats(interface: interface, counters: try counters(NetStats.counterCount))
    }

    private mutating func nodeStatsInside() throws(Malformed) -> NodeStats {
        let node = try stringInside()
        var figures: [Double] = []
        for _ in 0..<NodeStats.figureCount { figures.append(try realInside()) }
        let time = try timePointInside()
        let diskCount = try sizeInside()
        guard diskCount <= UInt64(reader.remaining) else { throw .count }
        var disks: [DiskStats] = []
        for _ in 0..<diskCount { disks.append(try diskStatsInside()) }
        let netCount = try sizeInside()
        guard netCount <= UInt64(reader.remaining) else { throw .count }
        var networks: [NetStats] = []
        for _ in 0..<netCount { networks.append(try netStatsInside()) }
        var stats = NodeStats(node: node, figures: figures, disks: disks, networks: networks)
        stats.sampleTime = time
        return stats
    }
}

extension TopologyValue {
    /// sizeof of hwloc 2's discovery, cpubind and membind support structs together.
    static let supportByteCount = 6 + 11 + 15
}

extension Packer {
    mutating func hardware(_ content: Content, _ type: DataType) {
        switch (type, content) {
        case (.coordinate, .coordinate(let value)): coordinate(inside: value)
        case (.regattr, .attribute(let value)): attribute(inside: value)
        case (.geometry, .geometry(let value)): geometry(inside: value)
        case (.deviceDistance, .distance(let value)):
            string(inside: value.uuid)
            string(inside: value.osName)
            unsigned(value.type, 8)
            unsigned(UInt64(value.minimum), 2)
            unsigned(UInt64(value.maximum), 2)
        case (.endpoint, .endpoint(let value)):
            string(inside: value.uuid)
            string(inside: value.osName)
            counted(value.bytes)
        case (.topology, .topology(let lent)):
            let value = describesTopologies ? lent.described : lent
            string(inside: value.xml)
            if value.xml != nil { writer.append(value.support) }
        case (.procStats, .procStats(let value)): procStats(inside: value)
        case (.diskStats, .diskStats(let value)): disk(inside: value)
        case (.netStats, .netStats(let value)): net(inside: value)
        case (.nodeStats, .nodeStats(let value)): nodeStats(inside: value)
        case (.device, .device(let value)):
            string(inside: value.uuid)
            string(inside: value.osName)
            unsigned(value.type, 8)
        case (.resourceUnit, .resourceUnit(let kind, let count)):
            unsigned(kind, 8)
            size(inside: count)
        case (.nodePID, .nodePID(let value)):
            string(inside: value.host)
            unsigned(UInt64(value.nodeID), 4)
            pid(inside: value.pid)
        default: absent(type)
        }
    }

    private mutating func attribute(inside value: RegisteredAttribute) {
        string(inside: value.name)
        string(inside: value.string)
        unsigned(UInt64(value.type), 2)
        signed(Int64(value.description.count), 4)
        for line in value.description { string(inside: line) }
    }

    private mutating func geometry(inside value: Geometry) {
        size(inside: value.fabric)
        string(inside: value.uuid)
        string(inside: value.osName)
        size(inside: UInt64(value.coordinates.count))
        for place in value.coordinates { coordinate(inside: place) }
    }

    /// A value whose content does not fit its type, written as C's zeroed struct would be.
    private mutating func absent(_ type: DataType) {
        switch type {
        case .value: value(inside: .undefined)
        case .proc: proc(inside: Proc("", .undefined))
        case .info: info(inside: Info("", .undefined))
        case .keyValue: composite(.keyValue(KeyValue("", .undefined)), type)
        case .pdata: composite(.published(PublishedValue(proc: Proc("", .undefined), key: "", value: .undefined)), type)
        case .app: composite(.app(App()), type)
        case .query: composite(.query(Query()), type)
        case .procInfo:
            composite(
                .procInfo(ProcInfo(proc: Proc("", .undefined), host: nil, executable: nil, pid: 0, state: 0)), type)
        case .dataArray, .infoArray: composite(.array(DataArray(.undefined, [])), type)
        case .buffer: composite(.buffer(kind: 1, []), type)
        case .envar: composite(.envar(EnvironmentChange(name: nil, value: nil, separator: 0)), type)
        case .coordinate: hardware(.coordinate(Coordinate(view: 0, dimensions: [])), type)
        case .regattr: hardware(.attribute(RegisteredAttribute(name: nil, string: nil, type: 0, description: [])), type)
        case .geometry: hardware(.geometry(Geometry(fabric: 0, uuid: nil, osName: nil, coordinates: [])), type)
        case .deviceDistance:
            hardware(.distance(DeviceDistance(uuid: nil, osName: nil, type: 0, minimum: 0, maximum: 0)), type)
        case .endpoint: hardware(.endpoint(Endpoint(uuid: nil, osName: nil, bytes: [])), type)
        case .topology: string(inside: nil)
        case .procStats: procStats(inside: ProcStats())
        case .diskStats: disk(inside: DiskStats(disk: nil, counters: []))
        case .netStats: net(inside: NetStats(interface: nil, counters: []))
        case .nodeStats: nodeStats(inside: NodeStats(node: nil, figures: [], disks: [], networks: []))
        case .device: hardware(.device(Device(uuid: nil, osName: nil, type: 0)), type)
        case .resourceUnit: hardware(.resourceUnit(type: 0, count: 0), type)
        case .nodePID: hardware(.nodePID(NodePID(host: nil, nodeID: 0, pid: 0)), type)
        default: break
        }
    }

    private mutating func coordinate(inside value: Coordinate) {
        writer.byte(value.view)
        size(inside: UInt64(value.dimensions.count))
        for dimension in value.dimensions { unsigned(UInt64(dimension), 4) }
    }

    private mutating func procStats(inside stats: ProcStats) {
        string(inside: stats.node)
        proc(inside: stats.proc)
        pid(inside: stats.pid)
        string(inside: stats.command)
        writer.byte(stats.state)
        timeval(stats.time.seconds, stats.time.microseconds)
        signed(Int64(stats.priority), 4)
        signed(Int64(stats.threads), 2)
        real(inside: stats.pss)
        real(inside: stats.vsize)
        real(inside: stats.rss)
        signed(Int64(stats.processor), 2)
        timeval(stats.sampleTime.seconds, stats.sampleTime.microseconds)
    }

    private mutating func counters(_ values: [UInt64], _ count: Int) {
        for index in 0..<count { unsigned(index < values.count ? values[index] : 0, 8) }
    }

    private mutating func disk(inside stats: DiskStats) {
        string(inside: stats.disk)
        counters(stats.counters, DiskStats.counterCount)
    }

    private mutating func net(inside stats: NetStats) {
        string(inside: stats.interface)
        counters(stats.counters, NetStats.counterCount)
    }

    private mutating func nodeStats(inside stats: NodeStats) {
        string(inside: stats.node)
        for index in 0..<NodeStats.figureCount {
            real(inside: index < stats.figures.count ? stats.figures[index] : 0)
        }
        timeval(stats.sampleTime.seconds, stats.sampleTime.microseconds)
        size(inside: UInt64(stats.disks.count))
        for disk in stats.disks { self.disk(inside: disk) }
        size(inside: UInt64(stats.networks.count))
        for network in stats.networks { net(inside: network) }
    }
}
