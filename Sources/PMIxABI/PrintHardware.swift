// What is printed in a form of its own: hardware, statistics, blocks of bytes.
import Bytes
import CLibc
import CPMIx
import PMIxWire
import Topology

extension Printer {
    /// nil for what is printed as any other value is.
    func hardware(_ type: DataType, _ content: Content) throws(Status) -> Text? {
        let start = lead + "Data type: "
        switch (type, content) {
        case (.localityType, .unsigned): return start + "PMIX_LOCALITY\tValue: " + plain(type, content)
        case (.deviceType, .unsigned): return start + "PMIX_DEVICE_TYPE\tValue: " + plain(type, content)
        case (.cpuset, .text(let list)):
            guard let list else { throw .notSupported }
            return start + "PMIX_CPUSET\tValue: " + list
        case (.topology, .topology(let value)):
            guard value.source?.hasPrefix(Hwloc.source) == true, let live = try? Topology(lent: value.address) else {
                throw .notSupported
            }
            return start + "PMIX_TOPO\tValue: " + Text(live.outline())
        case (.envar, .envar(let change)):
            let separator = Text([change.separator == 0 ? UInt8(ascii: " ") : change.separator])
            return start + "PMIX_ENVAR\tName: " + (change.name ?? "NULL") + "\tValue: " + (change.value ?? "NULL")
                + "\tSeparator: " + separator
        case (.coordinate, .coordinate(let place)): return text(place)
        case (.regattr, .attribute(let attribute)):
            let key = attribute.string.flatMap { $0.isEmpty ? nil : $0 } ?? "NULL"
            return start + "PMIX_REGATTR\tName: " + (attribute.name ?? "NULL") + "\tString: " + key
        case (.geometry, .geometry(let shape)):
            var text = start + "PMIX_GEOMETRY\tValue: Fabric: " + Text(decimal: shape.fabric) + " UUID: "
            text = text + (shape.uuid ?? "NULL") + " OSName: " + (shape.osName ?? "NULL")
            for place in shape.coordinates { text = text + "\n" + self.text(place) }
            return text
        case (.deviceDistance, .distance(let distance)):
            return start + "PMIX_DEVICE_DIST\tValue: UUID: " + (distance.uuid ?? "NULL") + " OSName: "
                + (distance.osName ?? "NULL") + " Type: " + Printer.deviceName(distance.type) + " Min: "
                + Text(decimal: distance.minimum) + " Max: " + Text(decimal: distance.maximum)
        case (.endpoint, .endpoint(let end)):
            return start + "PMIX_ENDPOINT\tValue: " + (end.uuid ?? "NULL") + "(" + (end.osName ?? "NULL")
                + ") #bytes: " + Text(decimal: end.bytes.count)
        default: return bytes(type, content) ?? statistics(content) ?? later(content)
        }
    }

    static func deviceName(_ type: UInt64) -> Text {
        Text(copying: PMIx_Device_type_string(type)) ?? "UNKNOWN"
    }

    private func text(_ place: Coordinate) -> Text {
        let views: [Text] = ["UNDEF", "LOGICAL", "PHYSICAL"]
        let view = Int(place.view) < views.count ? views[Int(place.view)] : "UNRECOGNIZED"
        return lead + "Data type: PMIX_COORD\tView: " + view + "\tDims: " + Text(decimal: place.dimensions.count)
    }

    private func bytes(_ type: DataType, _ content: Content) -> Text? {
        guard case .bytes(let bytes) = content else { return nil }
        switch type {
        case .regex: return lead + "Data type: PMIX_REGEX\tName: " + Text(Array(bytes.prefix { $0 != 0 }))
        case .dataBuffer: return lead + "PMIX_DATA_BUFFER NumBytesUsed: " + Text(decimal: bytes.count)
        default:
            let name: Text = type == .compressedByteObject ? "PMIX_COMPRESSED_BYTE_OBJECT" : "PMIX_BYTE_OBJECT"
            return lead + "Data type: " + name + "\tSize: " + Text(decimal: bytes.count)
        }
    }

    /// What later releases have.
    private func later(_ content: Content) -> Text? {
        switch content {
        case .device(let device):
            lead + "Data type: PMIX_DEVICE\tValue: UUID: " + (device.uuid ?? "NULL") + " OSName: "
                + (device.osName ?? "NULL") + " Type: " + Printer.deviceName(device.type)
        case .resourceUnit(let kind, let count):
            lead + "Data type: PMIX_RESOURCE_UNIT\tValue: Type: " + Printer.deviceName(kind) + " Count: "
                + Text(decimal: count)
        case .nodePID(let process):
            lead + "Data type: PMIX_NODE_PID\tValue: Host: " + (process.host ?? "NULL") + " Nodeid: "
                + Text(decimal: process.nodeID) + " Pid: " + Text(decimal: process.pid)
        default: nil
        }
    }

    // MARK: Statistics

    /// With two places, in at least so many columns.
    private func figure(_ value: Double, _ columns: Int) -> Text {
        let digits = Decimal.format(value, places: 2)
        return Text([UInt8](repeating: UInt8(ascii: " "), count: max(0, columns - digits.count)) + digits)
    }

    private func statistics(_ content: Content) -> Text? {
        switch content {
        case .procStats(let stats): text(stats)
        case .diskStats(let stats):
            lead + "PMIX_DISK_STATS Disk: " + (stats.disk ?? "(null)") + "\n"
                + counters(
                    stats.counters,
                    [
                        ["NumReadsCompleted", "NumReadsMerged", "NumSectorsRead", "MillisecReading"],
                        ["NumWritesCompleted", "NumWritesMerged", "NumSectorsWrote", "MillisecWriting"],
                        ["NumIOsInProgress", "MillisecondsIO", "WeightedMillisecsIO"],
                    ])
        case .netStats(let stats):
            lead + "PMIX_NET_STATS Interface: " + (stats.interface ?? "(null)") + "\n"
                + counters(
                    stats.counters,
                    [
                        ["NumBytesRecvd", "NumPacketsRecv", "NumRecvErrors"],
                        ["NumBytesSent", "NumPacketsSent", "NumSendErrors"],
                    ])
        case .nodeStats(let stats): text(stats)
        default: nil
        }
    }

    private func text(_ stats: ProcStats) -> Text {
        let first =
            lead + "PMIX_PROC_STATS SAMPLED AT: "
            + Printer.time(stats.sampleTime.seconds, stats.sampleTime.microseconds) + "\n" + lead + "node: "
            + (stats.node ?? "(null)") + " proc: " + Printer.bracketed(stats.proc) + " pid: "
            + Text(decimal: Int32(bitPattern: stats.pid))
        let second =
            " cmd: " + (stats.command ?? "(null)") + " state: " + Text([stats.state]) + " pri: "
            + Text(decimal: stats.priority) + " #threads: " + Text(decimal: stats.threads) + " Processor: "
            + Text(decimal: stats.processor) + "\n"
        let third =
            lead + "\ttime: " + Printer.time(stats.time.seconds, stats.time.microseconds) + " cpu: "
            + figure(stats.percentCPU, 5) + "  PSS: " + figure(stats.pss, 8) + "  VMsize: " + figure(stats.vsize, 8)
        return first + second + third + " PeakVMSize: " + figure(stats.peakVsize, 8) + " RSS: " + figure(stats.rss, 8)
            + "\n"
    }

    private func text(_ stats: NodeStats) -> Text {
        let names: [[(Text, Int)]] = [
            [("Total Mem", 3), ("Free Mem", 4), ("Buffers", 5), ("Cached", 6)],
            [("SwapCached", 7), ("SwapTotal", 8), ("SwapFree", 9), ("Mapped", 10)],
        ]
        let figures = stats.figures + [Double](repeating: 0, count: NodeStats.figureCount)
        var text =
            lead + "PMIX_NODE_STATS SAMPLED AT: "
            + Printer.time(stats.sampleTime.seconds, stats.sampleTime.microseconds) + "\tNode: "
            + (stats.node ?? "(null)") + "\n"
        for row in names {
            text = text + lead
            for (column, cell) in row.enumerated() {
                text = text + (column == 0 ? "" : " ") + cell.0 + ": " + figure(figures[cell.1], 5)
            }
            text = text + "\n"
        }
        return text + lead + "\tla: " + figure(figures[0], 5) + "\tla5: " + figure(figures[1], 5) + "\tla15: "
            + figure(figures[2], 5) + "\n"
    }

    private func counters(_ values: [UInt64], _ rows: [[Text]]) -> Text {
        var text: Text = ""
        var index = 0
        for row in rows {
            text = text + lead
            for (column, name) in row.enumerated() {
                let value = index < values.count ? values[index] : 0
                text = text + (column == 0 ? "" : " ") + name + ": " + Text(String(value, radix: 16))
                index += 1
            }
            text = text + "\n"
        }
        return text
    }

    /// `[nspace,rank]`.
    static func bracketed(_ proc: Proc) -> Text {
        let rank: Text =
            proc.rank == .undefined ? "UNDEF" : proc.rank == .wildcard ? "WILDCARD" : Text(decimal: proc.rank.rawValue)
        return "[" + proc.nspace + "," + rank + "]"
    }
}

/// The requests of the protocol by the names that people know.
enum CommandNames {
    private static let names: [StaticString] = [
        "REQUEST INIT INFO", "ABORT", "COMMIT", "FENCE", "GET", "FINALIZE", "PUBLISH", "LOOKUP", "UNPUBLISH", "SPAWN",
        "CONNECT", "DISCONNECT", "NOTIFY", "REGISTER EVENT HANDLER", "DEREGISTER EVENT HANDLER", "QUERY", "LOG",
        "ALLOCATE", "JOB CONTROL", "MONITOR", "UNKNOWN", "UNKNOWN", "IOF PULL", "IOF PUSH", "GROUP CONSTRUCT",
        "GROUP JOIN", "GROUP INVITE", "GROUP LEAVE", "GROUP DESTRUCT", "IOF DEREG", "FABRIC REGISTER", "FABRIC UPDATE",
        "COMPUTE DEVICE DIST",
    ]

    static func text(_ command: UInt8) -> Text {
        Text(copying: staticText(Int(command) < names.count ? names[Int(command)] : "UNKNOWN")) ?? ""
    }
}

/// A program to spawn, on many lines.
enum AppText {
    static func of(_ app: App) throws(Status) -> Text {
        var lines: [Text] = ["CMD: " + (app.command ?? "(null)")]
        lines += listed("ARGV", app.arguments)
        lines += listed("ENV", app.environment)
        lines.append("    CWD: " + (app.directory ?? "NULL"))
        lines.append("    MAXPROCS: " + Text(decimal: app.processCount))
        lines.append(app.infos.isEmpty ? "    INFO: NONE" : "    INFO:")
        for (index, info) in app.infos.enumerated() {
            lines.append("        INFO[" + Text(decimal: index) + "]: " + (try Printer(nil).text(.info, .info(info))))
        }
        return Text.joined(lines, separator: UInt8(ascii: "\n"))
    }

    private static func listed(_ name: Text, _ strings: [Text]) -> [Text] {
        var lines: [Text] = ["    " + name + ":"]
        if strings.isEmpty { lines.append("        NONE") }
        for (index, string) in strings.enumerated() {
            lines.append("        " + name + "[" + Text(decimal: index) + "]: " + string)
        }
        return lines
    }
}
