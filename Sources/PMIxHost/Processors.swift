import Bytes
import CLaunch
import Topology

/// The processors muster may use, in cores, so that ranks can be bound to one each.
struct Processors {
    /// Each core's processors, by the system's numbers.
    let cores: [[Int]]
    let count: Int

    private static let mapSize = 1024

    init() {
        var map = [UInt8](repeating: 0, count: Processors.mapSize)
        let size = launch_processors(&map, map.count)
        let allowed = (0..<size * 8).filter { map[$0 / 8] & (1 << UInt8($0 % 8)) != 0 }
        count = max(1, allowed.count)
        var cores: [[Int]] = []
        var seen: Set<Int> = []
        for processor in allowed where !seen.contains(processor) {
            let core = Processors.siblings(of: processor).filter { allowed.contains($0) }
            cores.append(core.isEmpty ? [processor] : core)
            seen.formUnion(core)
            seen.insert(processor)
        }
        self.cores = cores
    }

    private static func siblings(of processor: Int) -> [Int] {
        let path = Text("/sys/devices/system/cpu/cpu\(processor)/topology/thread_siblings_list")
        var buffer = [UInt8](repeating: 0, count: 256)
        guard let file = try? System.open(path, 0), let count = try? file.read(&buffer) else { return [] }
        let text = String(decoding: buffer[..<count], as: UTF8.self).filter { !$0.isWhitespace }
        return text.split(separator: ",").flatMap { part -> [Int] in
            let ends = part.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, first <= last else { return [] }
            return Array(first...last)
        }
    }

    /// The core of a rank; ranks beyond the last core share from the first on.
    func core(of localRank: Int) -> [Int]? {
        cores.isEmpty ? nil : cores[localRank % cores.count]
    }

    /// As sched_setaffinity takes it.
    static func map(_ processors: [Int]) -> [UInt8] {
        var map = [UInt8](repeating: 0, count: mapSize)
        for processor in processors where processor / 8 < mapSize { map[processor / 8] |= 1 << UInt8(processor % 8) }
        return map
    }

    /// `0,4` as hwloc writes it.
    static func list(_ processors: [Int]) -> Text {
        Text(processors.map { String($0) }.joined(separator: ","))
    }
}

/// Where in the machine a bound rank is, for its peers to compare; nothing without hwloc.
struct Places {
    private let topology = try? Topology()

    func locality(of processors: [Int]) -> Text? {
        guard let topology, let set = try? CPUSet(list: Processors.list(processors)) else { return nil }
        return Locality.string(of: set, in: topology)
    }
}
