import Bytes
import CHwloc

/// What two processes share, as bits (`pmix_locality_t`).
public struct Locality: OptionSet, Hashable, Sendable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    public static let hardwareThread = Locality(rawValue: 0x0001)
    public static let core = Locality(rawValue: 0x0002)
    public static let l1Cache = Locality(rawValue: 0x0004)
    public static let l2Cache = Locality(rawValue: 0x0008)
    public static let l3Cache = Locality(rawValue: 0x0010)
    public static let package = Locality(rawValue: 0x0020)
    public static let numa = Locality(rawValue: 0x0040)
    public static let node = Locality(rawValue: 0x4000)
    public static let nonlocal = Locality(rawValue: 0x8000)

    private struct Level {
        let name: Text
        let type: hwloc_obj_type_t
        let bit: Locality
    }

    /// The levels of a locality string, in the order they are written.
    private static let levels = [
        Level(name: "SK", type: HWLOC_OBJ_PACKAGE, bit: .package),
        Level(name: "L3", type: HWLOC_OBJ_L3CACHE, bit: .l3Cache),
        Level(name: "L2", type: HWLOC_OBJ_L2CACHE, bit: .l2Cache),
        Level(name: "L1", type: HWLOC_OBJ_L1CACHE, bit: .l1Cache),
        Level(name: "CR", type: HWLOC_OBJ_CORE, bit: .core),
        Level(name: "HT", type: HWLOC_OBJ_PU, bit: .hardwareThread),
        Level(name: "NM", type: HWLOC_OBJ_NUMANODE, bit: .numa),
    ]

    /// Which objects of each level the processors lie in, `SK0:L30:L20:L10:CR0:HT0-1:NM0`; nil when they lie in none.
    public static func string(of processors: CPUSet, in topology: Topology) -> Text? {
        var parts: [Text] = []
        for level in levels {
            let touched = topology.objects(level.type).filter {
                guard let cpuset = $0.pointee.cpuset else { return false }
                return topology.functions.bitmap_intersects(cpuset, processors.bitmap) != 0
            }
            guard !touched.isEmpty else { continue }
            parts.append(level.name + IndexRanges(touched.map { $0.pointee.logical_index }).text)
        }
        return parts.isEmpty ? nil : .joined(parts, separator: UInt8(ascii: ":"))
    }

    /// What the processes with these two locality strings share; both are on this node. nil when a string is from another
    /// source than hwloc. A level that either string lacks, or that cannot be read, is not shared.
    public static func shared(_ first: Text, _ second: Text) -> Locality? {
        guard let ours = places(first), let theirs = places(second) else { return nil }
        var shared: Locality = .node
        for index in levels.indices {
            guard let here = ours[index], let there = theirs[index] else { continue }
            if here.intersects(there) { shared.insert(levels[index].bit) }
        }
        return shared
    }

    /// The indices per level, in the order of `levels`. Hosts write the string with its source in front and without.
    private static func places(_ string: Text) -> [IndexRanges?]? {
        var parts = string.split(UInt8(ascii: ":"))[...]
        if parts.first == CPUSet.sourceName {
            parts = parts.dropFirst()
        } else if let first = parts.first, !levels.contains(where: { first.hasPrefix($0.name) }) {
            return nil
        }
        var places = [IndexRanges?](repeating: nil, count: levels.count)
        for part in parts {
            guard let level = levels.firstIndex(where: { part.hasPrefix($0.name) }) else { continue }
            places[level] = IndexRanges(part.bytes.dropFirst(2))
        }
        return places
    }
}
