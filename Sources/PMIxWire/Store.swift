import Bytes

/// Keys and values in the order they came. Tables are small (a rank has a dozen keys), so they are searched in place; an index
/// appears only when one grows.
public struct KeyTable: Sendable {
    public private(set) var entries: [KeyValue] = []
    private var index: [Key: Int] = [:]

    // Comparing lengths and bytes is that much cheaper than hashing one text.
    private static let indexedFrom = 64

    public init() {}

    public init(_ pairs: [KeyValue]) {
        merge(pairs)
    }

    public var isEmpty: Bool { entries.isEmpty }

    public subscript(key: Key) -> Value? {
        get { position(of: key).map { entries[$0].value } }
        set {
            guard let newValue else { return remove(key) }
            if let position = place(of: key, newValue) {
                entries[position].value = newValue
            } else {
                entries.append(KeyValue(key, newValue))
                if entries.count >= KeyTable.indexedFrom { extendIndex() }
            }
        }
    }

    /// Takes over what another table has.
    public mutating func merge(_ other: KeyTable) {
        merge(other.entries)
    }

    public mutating func merge(_ pairs: [KeyValue]) {
        // Only at first: an exact reservation for each of many small parts would copy all of them each time.
        if entries.isEmpty { entries.reserveCapacity(pairs.count) }
        for pair in pairs { self[pair.key] = pair.value }
    }

    public mutating func removeAll() {
        entries = []
        index = [:]
    }

    private func position(of key: Key) -> Int? {
        if !index.isEmpty { return index[key] }
        return entries.firstIndex { $0.key == key }
    }

    /// Of values that are qualified there are as many as there are qualifications.
    private func place(of key: Key, _ value: Value) -> Int? {
        guard let position = position(of: key) else { return nil }
        return key == .qualifiedValue ? place(ofQualified: value) : position
    }

    private mutating func extendIndex() {
        if index.isEmpty {
            for (position, entry) in entries.enumerated() { index[entry.key] = position }
        } else {
            index[entries[entries.count - 1].key] = entries.count - 1
        }
    }

    private mutating func remove(_ key: Key) {
        guard let position = position(of: key) else { return }
        entries.remove(at: position)
        index = [:]
        if entries.count >= KeyTable.indexedFrom { extendIndex() }
    }
}

/// A part of a job with keys of its own: a node (by id and name), an application or a session (by number).
public struct Realm: Sendable {
    public var number: UInt32?
    public var name: Text?
    public var aliases: [Text] = []
    public var keys = KeyTable()

    public init(number: UInt32? = nil, name: Text? = nil) {
        self.number = number
        self.name = name
    }

    func isNamed(_ text: Text) -> Bool {
        name == text || aliases.contains(text)
    }
}

/// All that is known about one namespace: what its host registered, and what its processes have shown.
public struct NamespaceData: Sendable {
    public let nspace: Namespace
    public var job = KeyTable()
    public var ranks: [Rank: KeyTable] = [:]
    public var nodes: [Realm] = []
    public var apps: [Realm] = []
    public var sessions: [Realm] = []

    public init(_ nspace: Namespace) {
        self.nspace = nspace
    }

    public var jobSize: UInt32? { job[.jobSize]?.asUInt32 }
}

/// Where a key is to be looked for, when the caller says so (PMIX_NODE_INFO and its like), and for whom.
public struct Scope: Sendable {
    public enum Kind: Sendable { case job, node, app, session }

    public var kind: Kind
    public var number: UInt32?
    public var name: Text?

    public init(_ kind: Kind, number: UInt32? = nil, name: Text? = nil) {
        self.kind = kind
        self.number = number
        self.name = name
    }

    /// What the directives of a get ask for; nil when they leave it to the key.
    public init?(_ directives: [Info]) {
        if directives.isTrue(.nodeInfo) {
            self.init(.node, number: directives[.nodeID]?.asUInt32, name: directives[.hostname]?.asText)
        } else if directives.isTrue(.appInfo) {
            self.init(.app, number: directives[.appNumber]?.asUInt32)
        } else if directives.isTrue(.sessionInfo) {
            self.init(.session, number: directives[.sessionID]?.asUInt32)
        } else {
            return nil
        }
    }
}

extension NamespaceData {
    /// The value of `key` for `rank` (a rank, `.wildcard` for the job, `.undefined` for whoever has it).
    /// `observer` is the process that asks: "the node" and "the application" are its own unless `scope` names others.
    public func find(_ key: Key, rank: Rank, scope: Scope?, observer: Rank?) -> Value? {
        // A realm that does not have the key leaves the question as if no realm had been named.
        if let scope, scope.kind != .job, let value = find(key, in: scope, observer: observer ?? rank) { return value }
        switch rank {
        case .wildcard: return job[key] ?? findInRealms(key, observer: observer)
        case .undefined:
            if let value = observer.flatMap({ ranks[$0]?[key] }) { return value }
            for table in ranks.values { if let value = table[key] { return value } }
            return job[key] ?? findInRealms(key, observer: observer)
        default:
            if let value = ranks[rank]?[key] { return value }
            // The job's own keys are asked for under `.wildcard`: under a rank they would pass for that rank's.
            return key.isReserved ? findInRealms(key, observer: rank) : nil
        }
    }

    private func findInRealms(_ key: Key, observer: Rank?) -> Value? {
        find(key, in: Scope(.node), observer: observer) ?? find(key, in: Scope(.app), observer: observer)
            ?? find(key, in: Scope(.session), observer: observer)
    }

    private func find(_ key: Key, in scope: Scope, observer: Rank?) -> Value? {
        let own = observer.flatMap { ranks[$0] }
        switch scope.kind {
        case .node:
            let number = scope.number ?? (scope.name == nil ? (own?[.nodeID] ?? job[.nodeID])?.asUInt32 : nil)
            let name = scope.name ?? (scope.number == nil ? (own?[.hostname] ?? job[.hostname])?.asText : nil)
            let node = nodes.first { node in
                if let name, node.name != nil { return node.isNamed(name) }
                if let number { return node.number == number }
                return false
            }
            return (node ?? (nodes.count == 1 && scope.number == nil && scope.name == nil ? nodes[0] : nil))?.keys[key]
        case .app:
            let number = scope.number ?? own?[.appNumber]?.asUInt32
            return (apps.first { $0.number == number } ?? (number == nil || apps.count == 1 ? apps.first : nil))?.keys[
                key]
        case .session:
            return (sessions.first { $0.number == scope.number } ?? (scope.number == nil ? sessions.first : nil))?.keys[
                key]
        case .job: return job[key]
        }
    }

    public mutating func mergeNode(_ node: Realm) { NamespaceData.merge(node, into: &nodes) }
    public mutating func mergeApp(_ app: Realm) { NamespaceData.merge(app, into: &apps) }
    public mutating func mergeSession(_ session: Realm) { NamespaceData.merge(session, into: &sessions) }

    static func merge(_ realm: Realm, into realms: inout [Realm]) {
        let known = realms.firstIndex { other in
            if let number = realm.number, other.number == number { return true }
            if let name = realm.name { return other.isNamed(name) }
            return realm.number == nil && other.number == nil
        }
        guard let known else { return realms.append(realm) }
        if realms[known].number == nil { realms[known].number = realm.number }
        if realms[known].name == nil { realms[known].name = realm.name }
        for alias in realm.aliases where !realms[known].aliases.contains(alias) { realms[known].aliases.append(alias) }
        realms[known].keys.merge(realm.keys)
    }
}

extension NamespaceData {
    /// The ranks on a node, in order; nil when none are known to be there.
    public func peers(on host: Text) -> [Rank]? {
        let node = nodes.first { $0.name == host || $0.aliases.contains(host) }
        if let list = node?.keys[.localPeers]?.asText {
            return list.split(UInt8(ascii: ",")).compactMap { $0.decimal.map { Rank(UInt32(truncatingIfNeeded: $0)) } }
        }
        let placed = ranks.filter { $0.value[.hostname]?.asText == host }.map { $0.key }
        return placed.isEmpty ? nil : placed.sorted { $0.rawValue < $1.rawValue }
    }

    /// The nodes of the job, in the order of its map.
    public var nodeNames: [Text] {
        if let list = job[.nodeList]?.asText { return list.split(UInt8(ascii: ",")) }
        return nodes.compactMap { $0.name }
    }
}
