import Bytes
import PMIxWire

/// What processes have published for others to look up: for whom (range) and for how long (persistence).
///
/// Everything is on one machine and in one session, so ranges that differ in that mean the same here.
public struct PublishedData: Sendable {
    enum Persistence: UInt64, Sendable {
        case indefinite, firstRead, process, application, session
    }

    struct Item: Sendable {
        let publisher: Proc
        let user: UInt64?
        let key: Key
        let value: Value
        let range: DataRange
        let persistence: Persistence
        /// Whom a custom range names.
        let audience: [Proc]

        /// Whether the range lets `proc` see it.
        func isFor(_ proc: Proc) -> Bool {
            switch range {
            case .namespace: proc.nspace == publisher.nspace
            case .processLocal: proc == publisher
            case .custom: proc == publisher || audience.contains { $0.covers(proc) }
            case .resourceManager, .invalid: false
            default: true
            }
        }

        /// Nobody could tell the two apart.
        func isInTheWay(of other: Item) -> Bool {
            guard key == other.key, range == other.range else { return false }
            switch range {
            case .namespace: return publisher.nspace == other.publisher.nspace
            case .processLocal, .custom: return publisher == other.publisher
            default: return true
            }
        }
    }

    private var items: [Item] = []

    public init() {}

    /// All of it or nothing.
    public mutating func publish(_ publisher: Proc, _ infos: [Info]) -> Status {
        let range = infos[.range]?.asUnsigned.map { DataRange(rawValue: UInt8(truncatingIfNeeded: $0)) } ?? .session
        let named = infos[.persistence]?.asUnsigned ?? Persistence.application.rawValue
        guard range.rawValue <= DataRange.processLocal.rawValue, let persistence = Persistence(rawValue: named) else {
            return .badParameter
        }
        var new: [Item] = []
        for info in infos where !info.key.isReserved {
            let item = Item(
                publisher: publisher, user: infos[.userID]?.asUnsigned, key: info.key, value: info.value, range: range,
                persistence: persistence, audience: infos[.eventCustomRange]?.asProcs ?? [])
            if (items + new).contains(where: { $0.isInTheWay(of: item) }) { return .duplicateKey }
            new.append(item)
        }
        if new.isEmpty { return .badParameter }
        items += new
        return .success
    }

    /// How many of the keys the asker could get now.
    public func count(_ asker: Proc, _ keys: [Key], _ infos: [Info]) -> Int {
        keys.count { find(asker, $0, infos) != nil }
    }

    /// What there is under these keys. What may be read once is gone then.
    public mutating func lookup(_ asker: Proc, _ keys: [Key], _ infos: [Info]) -> [PublishedValue] {
        var found: [PublishedValue] = []
        for key in keys {
            guard let place = find(asker, key, infos) else { continue }
            let item = items[place]
            found.append(PublishedValue(proc: item.publisher, key: key, value: item.value))
            if item.persistence == .firstRead { items.remove(at: place) }
        }
        return found
    }

    /// The nearest: what only the asker's own job sees goes before what everybody sees.
    private func find(_ asker: Proc, _ key: Key, _ infos: [Info]) -> Int? {
        let limit = infos[.range]?.asUnsigned.map { DataRange(rawValue: UInt8(truncatingIfNeeded: $0)) }
        let user = infos[.userID]?.asUnsigned
        func fits(_ item: Item) -> Bool {
            guard item.key == key, item.isFor(asker) else { return false }
            if let user, let owner = item.user, user != owner, user != 0 { return false }
            switch limit {
            case .namespace: return item.publisher.nspace == asker.nspace
            case .processLocal: return item.publisher == asker
            default: return true
            }
        }
        let places = items.indices.filter { fits(items[$0]) }
        return places.first { items[$0].range == .processLocal || items[$0].range == .namespace } ?? places.first
    }

    /// No keys: everything the process has published.
    public mutating func unpublish(_ publisher: Proc, _ keys: [Key], _ infos: [Info]) -> Status {
        let limit = infos[.range]?.asUnsigned.map { DataRange(rawValue: UInt8(truncatingIfNeeded: $0)) }
        let before = items.count
        items.removeAll {
            $0.publisher == publisher && (keys.isEmpty || keys.contains($0.key)) && (limit == nil || limit == $0.range)
        }
        return keys.isEmpty || items.count < before ? .success : .notFound
    }

    /// The process has ended.
    public mutating func forget(_ proc: Proc) {
        items.removeAll { $0.publisher == proc && $0.persistence == .process }
    }

    /// The job has ended.
    public mutating func forget(_ nspace: Namespace) {
        items.removeAll {
            $0.publisher.nspace == nspace && ($0.persistence == .process || $0.persistence == .application)
        }
    }
}
