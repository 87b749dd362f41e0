import Bytes

/// How two values relate (`pmix_value_cmp_t`): by order where there is one, and otherwise why there is none.
public enum Comparison: Int32, Sendable {
    case equal = 0
    case firstGreater, secondGreater, differentTypes, incompatible, notAvailable

    fileprivate init<T: Comparable>(_ first: T, _ second: T) {
        self = first < second ? .secondGreater : first > second ? .firstGreater : .equal
    }

    fileprivate init(_ first: [UInt8], _ second: [UInt8]) {
        for (one, other) in zip(first, second) where one != other {
            self = one < other ? .secondGreater : .firstGreater
            return
        }
        self.init(first.count, second.count)
    }

    /// What is not there is less than what is.
    fileprivate init(_ first: Text?, _ second: Text?) {
        guard let first, let second else {
            self.init(first == nil ? 0 : 1, second == nil ? 0 : 1)
            return
        }
        self.init(first.bytes, second.bytes)
    }
}

extension Value {
    public func compared(to other: Value) -> Comparison {
        type == other.type ? content.compared(to: other.content, as: type) : .differentTypes
    }
}

extension Content {
    /// Both have the form of `type`, or are none.
    func compared(to other: Content, as type: DataType) -> Comparison {
        switch (self, other) {
        case (.none, .none): return .equal
        case (.none, _): return .secondGreater
        case (_, .none): return .firstGreater
        case (.unsigned(let first), .unsigned(let second)): return Comparison(first, second)
        case (.signed(let first), .signed(let second)): return Comparison(first, second)
        case (.real(let first), .real(let second)): return Comparison(first, second)
        case (.text(let first), .text(let second)): return Comparison(first, second)
        case (.bytes(let first), .bytes(let second)):
            return first.count == second.count ? Comparison(first, second) : Comparison(first.count, second.count)
        case (.value(let first), .value(let second)): return first.compared(to: second)
        case (.array(let first), .array(let second)):
            guard first.type == second.type else { return .differentTypes }
            return Content.compared(first.elements, second.elements, as: first.type)
        case (.topology(let first), .topology(let second)): return first.compared(to: second)
        default:
            guard let first = parts, let second = other.parts else { return .notAvailable }
            if first.kind != second.kind { return .incompatible }
            // Without a name there is nothing to tell two samples apart by.
            if Content.isSample(type), case .text(nil)? = first.parts.first, case .text(nil)? = second.parts.first {
                return .notAvailable
            }
            return Content.compared(first.parts, second.parts, as: .undefined)
        }
    }

    private static func isSample(_ type: DataType) -> Bool {
        switch type {
        case .procStats, .diskStats, .netStats, .nodeStats, .regattr: true
        default: false
        }
    }

    private static func compared(_ first: [Content], _ second: [Content], as type: DataType) -> Comparison {
        guard first.count == second.count else { return Comparison(first.count, second.count) }
        for (one, other) in zip(first, second) {
            let result = one.compared(to: other, as: type)
            if result != .equal { return result }
        }
        return .equal
    }

    /// The members of a struct in the order in which they decide, and what they can be compared within.
    private var parts: (kind: UInt64, parts: [Content])? {
        switch self {
        case .timeval(let seconds, let microseconds): (0, [.signed(seconds), .signed(microseconds)])
        case .proc(let proc): (0, [.text(proc.nspace), .unsigned(UInt64(proc.rank.rawValue))])
        case .info(let info): (0, [.text(info.key), .value(info.value)])
        case .keyValue(let pair): (0, [.text(pair.key), .value(pair.value)])
        case .published(let data): (0, [.proc(data.proc), .text(data.key), .value(data.value)])
        case .procInfo(let info):
            (
                0,
                [
                    .proc(info.proc), .text(info.host), .text(info.executable), .unsigned(UInt64(info.pid)),
                    .signed(Int64(info.exitCode)),
                ]
            )
        case .envar(let change):
            (0, [.text(change.name), .text(change.value), .unsigned(UInt64(change.separator))])
        case .coordinate(let place): (UInt64(place.view), place.dimensions.map { .unsigned(UInt64($0)) })
        case .geometry(let shape):
            (shape.fabric, [.text(shape.uuid), .text(shape.osName)] + shape.coordinates.map { .coordinate($0) })
        case .distance(let distance):
            (
                distance.type,
                [
                    .text(distance.uuid), .text(distance.osName), .unsigned(UInt64(distance.minimum)),
                    .unsigned(UInt64(distance.maximum)),
                ]
            )
        case .endpoint(let end): (0, [.text(end.uuid), .text(end.osName), .bytes(end.bytes)])
        case .device(let device): (device.type, [.text(device.uuid), .text(device.osName)])
        case .resourceUnit(let kind, let count): (kind, [.unsigned(count)])
        case .nodePID(let process):
            (0, [.text(process.host), .unsigned(UInt64(process.nodeID)), .unsigned(UInt64(process.pid))])
        case .attribute(let attribute):
            (
                0,
                [.text(attribute.name), .text(attribute.string), .unsigned(UInt64(attribute.type))]
                    + attribute.description.map { .text($0) }
            )
        default: statistics
        }
    }

    private var statistics: (kind: UInt64, parts: [Content])? {
        switch self {
        case .procStats(let stats):
            (
                0,
                [
                    .text(stats.node), .proc(stats.proc), .unsigned(UInt64(stats.pid)), .text(stats.command),
                    .unsigned(UInt64(stats.state)), stats.time.content, .real(stats.percentCPU),
                    .signed(Int64(stats.priority)), .signed(Int64(stats.threads)), .real(stats.pss),
                    .real(stats.vsize), .real(stats.rss), .real(stats.peakVsize), .signed(Int64(stats.processor)),
                    stats.sampleTime.content,
                ]
            )
        case .diskStats(let stats): (0, [.text(stats.disk)] + stats.counters.map { .unsigned($0) })
        case .netStats(let stats): (0, [.text(stats.interface)] + stats.counters.map { .unsigned($0) })
        case .nodeStats(let stats):
            (
                0,
                [.text(stats.node)] + stats.figures.map { .real($0) } + [stats.sampleTime.content]
                    + [.array(DataArray(.diskStats, stats.disks.map { .diskStats($0) }))]
                    + [.array(DataArray(.netStats, stats.networks.map { .netStats($0) }))]
            )
        default: nil
        }
    }
}

extension TimePoint {
    fileprivate var content: Content { .timeval(seconds: seconds, microseconds: microseconds) }
}

extension TopologyValue {
    /// By their descriptions, where both are of one source.
    fileprivate func compared(to other: TopologyValue) -> Comparison {
        guard source == other.source else { return .incompatible }
        guard source != nil else { return .notAvailable }
        if address == other.address, xml == other.xml { return .equal }
        return Comparison(described.xml, other.described.xml)
    }
}
