// Samples of processes, disks, networks and nodes, from C to Swift and back.
import Bytes
import CLibc
import CPMIx
import PMIxWire

extension Cell {
    static func statistics(_ type: DataType, at cell: UnsafeRawPointer) throws(Status) -> Content {
        switch type {
        case .procStats: .procStats(ProcStats(copying: cell.assumingMemoryBound(to: pmix_proc_stats_t.self)))
        case .diskStats: .diskStats(disk(at: cell))
        case .netStats: .netStats(network(at: cell))
        case .nodeStats: .nodeStats(NodeStats(copying: cell.assumingMemoryBound(to: pmix_node_stats_t.self)))
        default: throw .unknownDataType
        }
    }

    /// A name, then so many counters of 64 bits: disks and networks lie alike.
    private static func counters(_ count: Int, after cell: UnsafeRawPointer) -> [UInt64] {
        (1...count).map { cell.load(fromByteOffset: 8 * $0, as: UInt64.self) }
    }

    fileprivate static func disk(at cell: UnsafeRawPointer) -> DiskStats {
        DiskStats(
            disk: Text(copying: cell.load(as: UnsafePointer<CChar>?.self)),
            counters: counters(DiskStats.counterCount, after: cell))
    }

    fileprivate static func network(at cell: UnsafeRawPointer) -> NetStats {
        NetStats(
            interface: Text(copying: cell.load(as: UnsafePointer<CChar>?.self)),
            counters: counters(NetStats.counterCount, after: cell))
    }

    static func statistics(_ content: Content, _ type: DataType, at cell: UnsafeMutableRawPointer) {
        switch (type, content) {
        case (.procStats, .procStats(let stats)):
            stats.store(into: cell.assumingMemoryBound(to: pmix_proc_stats_t.self))
        case (.diskStats, .diskStats(let stats)): store(stats.disk, stats.counters, DiskStats.counterCount, at: cell)
        case (.netStats, .netStats(let stats)): store(stats.interface, stats.counters, NetStats.counterCount, at: cell)
        case (.nodeStats, .nodeStats(let stats)):
            stats.store(into: cell.assumingMemoryBound(to: pmix_node_stats_t.self))
        default: break
        }
    }

    fileprivate static func store(_ name: Text?, _ counters: [UInt64], _ most: Int, at cell: UnsafeMutableRawPointer) {
        cell.storeBytes(of: name.newCString(), as: UnsafeMutablePointer<CChar>?.self)
        for (index, counter) in counters.prefix(most).enumerated() {
            cell.storeBytes(of: counter, toByteOffset: 8 * (index + 1), as: UInt64.self)
        }
    }

    static func destroyStatistics(_ type: DataType, at cell: UnsafeMutableRawPointer) {
        switch type {
        case .procStats:
            let stats = cell.assumingMemoryBound(to: pmix_proc_stats_t.self)
            drop(&stats.pointee.node)
            drop(&stats.pointee.cmd)
        case .diskStats, .netStats: drop(at: cell)
        case .nodeStats:
            let stats = cell.assumingMemoryBound(to: pmix_node_stats_t.self)
            drop(&stats.pointee.node)
            drop(.diskStats, &stats.pointee.diskstats, &stats.pointee.ndiskstats)
            drop(.netStats, &stats.pointee.netstats, &stats.pointee.nnetstats)
        default: break
        }
    }
}

extension TimePoint {
    fileprivate init(_ time: timeval) {
        self.init(seconds: Int64(time.tv_sec), microseconds: Int64(time.tv_usec))
    }

    fileprivate var timeval: timeval {
        CLibc.timeval(tv_sec: Int(seconds), tv_usec: Int(microseconds))
    }
}

extension ProcStats {
    init(copying stats: UnsafePointer<pmix_proc_stats_t>) {
        self.init()
        node = Text(copying: stats.pointee.node)
        proc = Proc(copying: (UnsafeRawPointer(stats) + 8).assumingMemoryBound(to: pmix_proc_t.self))
        pid = UInt32(bitPattern: stats.pointee.pid)
        command = Text(copying: stats.pointee.cmd)
        state = UInt8(bitPattern: stats.pointee.state)
        time = TimePoint(stats.pointee.time)
        percentCPU = Double(stats.pointee.percent_cpu)
        priority = stats.pointee.priority
        threads = Int16(bitPattern: stats.pointee.num_threads)
        pss = Double(stats.pointee.pss)
        vsize = Double(stats.pointee.vsize)
        rss = Double(stats.pointee.rss)
        peakVsize = Double(stats.pointee.peak_vsize)
        processor = Int16(bitPattern: stats.pointee.processor)
        sampleTime = TimePoint(stats.pointee.sample_time)
    }

    func store(into stats: UnsafeMutablePointer<pmix_proc_stats_t>) {
        stats.pointee.node = node.newCString()
        proc.store(into: (UnsafeMutableRawPointer(stats) + 8).assumingMemoryBound(to: pmix_proc_t.self))
        stats.pointee.pid = Int32(bitPattern: pid)
        stats.pointee.cmd = command.newCString()
        stats.pointee.state = CChar(bitPattern: state)
        stats.pointee.time = time.timeval
        stats.pointee.percent_cpu = Float(percentCPU)
        stats.pointee.priority = priority
        stats.pointee.num_threads = UInt16(bitPattern: threads)
        stats.pointee.pss = Float(pss)
        stats.pointee.vsize = Float(vsize)
        stats.pointee.rss = Float(rss)
        stats.pointee.peak_vsize = Float(peakVsize)
        stats.pointee.processor = UInt16(bitPattern: processor)
        stats.pointee.sample_time = sampleTime.timeval
    }
}

extension NodeStats {
    init(copying stats: UnsafePointer<pmix_node_stats_t>) {
        let source = stats.pointee
        // The figures lie one behind the other, `la` first.
        let figures = UnsafeRawPointer(stats) + 8
        self.init(
            node: Text(copying: source.node),
            figures: (0..<NodeStats.figureCount).map { Double(figures.load(fromByteOffset: 4 * $0, as: Float.self)) },
            disks: [], networks: [])
        sampleTime = TimePoint(source.sample_time)
        if let start = source.diskstats, source.ndiskstats > 0 {
            for index in 0..<source.ndiskstats { disks.append(Cell.disk(at: start + index)) }
        }
        if let start = source.netstats, source.nnetstats > 0 {
            for index in 0..<source.nnetstats { networks.append(Cell.network(at: start + index)) }
        }
    }

    func store(into stats: UnsafeMutablePointer<pmix_node_stats_t>) {
        stats.pointee.node = node.newCString()
        let target = UnsafeMutableRawPointer(stats) + 8
        for (index, figure) in figures.prefix(NodeStats.figureCount).enumerated() {
            target.storeBytes(of: Float(figure), toByteOffset: 4 * index, as: Float.self)
        }
        stats.pointee.sample_time = sampleTime.timeval
        if let block = Memory.zeroed(disks.count, MemoryLayout<pmix_disk_stats_t>.stride) {
            let cells = block.assumingMemoryBound(to: pmix_disk_stats_t.self)
            for index in disks.indices {
                Cell.store(disks[index].disk, disks[index].counters, DiskStats.counterCount, at: cells + index)
            }
            stats.pointee.diskstats = cells
            stats.pointee.ndiskstats = disks.count
        }
        if let block = Memory.zeroed(networks.count, MemoryLayout<pmix_net_stats_t>.stride) {
            let cells = block.assumingMemoryBound(to: pmix_net_stats_t.self)
            for index in networks.indices {
                Cell.store(
                    networks[index].interface, networks[index].counters, NetStats.counterCount, at: cells + index)
            }
            stats.pointee.netstats = cells
            stats.pointee.nnetstats = networks.count
        }
    }
}
