// The services `kvs` and `kvs-watch`: requests in JSON on one side, the store on the other.
import Flux
import JSON

final class KVSService {
    let store: KVStore
    private let instanceOwner: UInt32
    private var versionWaiters: [(namespace: String, sequence: Int, request: Request)] = []
    private(set) var watches: [KVSWatch] = []
    private var commitCount = 0

    init(_ store: KVStore, instanceOwner: UInt32) {
        self.store = store
        self.instanceOwner = instanceOwner
    }

    func register(_ services: Services) {
        services.add("kvs.commit", .user) { [unowned self] in try commit($0) }
        services.add("kvs.lookup", .user) { [unowned self] in try lookup($0, isPlus: false) }
        services.add("kvs.lookup-plus", .user) { [unowned self] in try lookup($0, isPlus: true) }
        services.add("kvs.getroot", .user) { [unowned self] in try getroot($0) }
        services.add("kvs.wait-version", .user) { [unowned self] in try waitVersion($0) }
        services.add("kvs.namespace-create", .owner) { [unowned self] in try create($0) }
        services.add("kvs.namespace-remove", .owner) { [unowned self] in try remove($0) }
        services.add("kvs.namespace-list", .user) { [unowned self] in list($0) }
        services.add("kvs.stats-get", .any) { [unowned self] in stats($0) }
        services.add("kvs.stats-clear", .owner) { $0.respond() }
        services.add("kvs.dropcache", .owner) { $0.respond() }
        services.add("kvs.disconnect", .any) { [unowned self] in disconnect($0) }
        services.add("kvs-watch.lookup", .user) { [unowned self] in try watch($0) }
        services.add("kvs-watch.cancel", .user) { [unowned self] in cancel($0) }
        services.add("kvs-watch.disconnect", .any) { [unowned self] in disconnect($0) }
        services.add("kvs-watch.stats-get", .any) { [unowned self] in watchStats($0) }
        services.add("kvs-watch.stats-clear", .owner) { $0.respond() }
    }

    // MARK: Rights

    func mayEnter(_ request: Request, _ namespace: Namespace) -> Bool {
        request.isOwner || request.userID == namespace.owner
    }

    /// The namespace that a request names, if its sender may use it.
    func namespace(_ request: Request, _ name: String) throws(ServiceFailure) -> Namespace {
        let namespace = try translate { () throws(KVSFailure) in try store.namespace(name) }
        guard mayEnter(request, namespace) else { throw ServiceFailure(1) }
        return namespace
    }

    private func translate<Result>(_ body: () throws(KVSFailure) -> Result) throws(ServiceFailure) -> Result {
        do throws(KVSFailure) { return try body() } catch { throw ServiceFailure(error.code, error.text) }
    }

    // MARK: Commits

    private func commit(_ request: Request) throws(ServiceFailure) {
        let body = try request.object()
        guard let name = body["namespace"]?.string, body["flags"]?.integer != nil, let list = body["ops"], list.isArray
        else { throw ServiceFailure.malformed }
        let before = try namespace(request, name)
        var operations: [KVSOperation] = []
        for element in list.elements {
            guard let key = element["key"]?.string, let flags = element["flags"]?.integer,
                let entry = element["dirent"]
            else { throw ServiceFailure.malformed }
            let object = TreeObject(entry)
            guard object != nil || entry.isNull else { throw ServiceFailure(22) }
            let isAppend = LookupFlags(rawValue: Int(truncatingIfNeeded: flags)).contains(.append)
            operations.append(KVSOperation(key: key, isAppend: isAppend, object: object))
        }
        let after = try translate { () throws(KVSFailure) in try store.commit(before.name, operations) }
        commitCount += 1
        request.respond(.object([("rootref", .string(after.root.text)), ("rootseq", .integer(after.sequence))]))
        changed(after, Set(operations.map { KVStore.normalize($0.key) }))
    }

    private func changed(_ namespace: Namespace, _ keys: Set<String>) {
        let reached = versionWaiters.filter { $0.namespace == namespace.name && $0.sequence <= namespace.sequence }
        versionWaiters.removeAll { $0.namespace == namespace.name && $0.sequence <= namespace.sequence }
        for waiter in reached { waiter.request.respond(version(namespace)) }
        for watch in watches where watch.namespace == namespace.name { watch.changed(namespace, keys) }
        watches.removeAll { $0.isOver }
    }

    private func version(_ namespace: Namespace) -> JSON {
        .object([("rootseq", .integer(namespace.sequence)), ("rootref", .string(namespace.root.text))])
    }

    // MARK: Reading

    private func lookup(_ request: Request, isPlus: Bool) throws(ServiceFailure) {
        let body = try request.object()
        guard let key = body["key"]?.string, let number = body["flags"]?.integer else { throw ServiceFailure.malformed }
        let flags = LookupFlags(rawValue: Int(truncatingIfNeeded: number))
        let root: BlobReference
        var sequence = 0
        if let given = body["rootdir"] {
            guard case .directoryReference(let reference)? = TreeObject(given) else { throw ServiceFailure(22) }
            // A reference says nothing about whose namespace it comes from.
            guard request.isOwner else { throw ServiceFailure(1) }
            root = reference
        } else {
            guard let name = body["namespace"]?.string else { throw ServiceFailure.malformed }
            let namespace = try namespace(request, name)
            root = namespace.root
            sequence = namespace.sequence
        }
        let found: TreeObject
        do throws(KVSFailure) {
            found = try store.lookup(root, key, flags) { mayEnter(request, $0) }
        } catch {
            guard isPlus, error.code == 2 else { throw ServiceFailure(error.code, error.text) }
            request.respond(
                .object([
                    ("errno", .integer(2)), ("rootref", .string(root.text)), ("rootseq", .integer(sequence)),
                ]))
            return
        }
        let reply = JSON.object([("val", found.json)])
        if isPlus {
            reply["rootref"] = .string(root.text)
            reply["rootseq"] = .integer(sequence)
        }
        request.respond(reply)
    }

    private func getroot(_ request: Request) throws(ServiceFailure) {
        guard let name = try request.object()["namespace"]?.string else { throw ServiceFailure.malformed }
        let namespace = try namespace(request, name)
        request.respond(
            .object([
                ("owner", .integer(namespace.owner)), ("rootseq", .integer(namespace.sequence)),
                ("rootref", .string(namespace.root.text)), ("flags", .integer(namespace.flags)),
                ("namespace", .string(namespace.name)),
            ]))
    }

    private func waitVersion(_ request: Request) throws(ServiceFailure) {
        let body = try request.object()
        guard let wanted = body["rootseq"]?.integer, let name = body["namespace"]?.string else {
            throw ServiceFailure.malformed
        }
        let namespace = try namespace(request, name)
        guard namespace.sequence < wanted else { return request.respond(version(namespace)) }
        versionWaiters.append((name, Int(wanted), request))
    }

    // MARK: Namespaces

    private func create(_ request: Request) throws(ServiceFailure) {
        let body = try request.object()
        guard let name = body["namespace"]?.string, let root = body["rootref"]?.string,
            let owner = body["owner"]?.integer, let flags = body["flags"]?.integer
        else { throw ServiceFailure.malformed }
        guard let reference = BlobReference(root) else { throw ServiceFailure(22, "\(root) is no reference") }
        let user = UInt32(truncatingIfNeeded: owner)
        try translate { () throws(KVSFailure) in
            try store.create(
                name, owner: user == UInt32.max ? request.userID : user, flags: Int(truncatingIfNeeded: flags),
                root: reference)
        }
        request.respond()
        guard let made = store.namespaces[name] else { return }
        for watch in watches where watch.namespace == name { watch.created(made) }
        watches.removeAll { $0.isOver }
    }

    private func remove(_ request: Request) throws(ServiceFailure) {
        guard let name = try request.object()["namespace"]?.string else { throw ServiceFailure.malformed }
        // Taking away what is not there is no mistake; the primary one stays.
        if store.namespaces[name] != nil || name == KVStore.primary {
            try translate { () throws(KVSFailure) in try store.remove(name) }
        }
        request.respond()
        let waiting = versionWaiters.filter { $0.namespace == name }
        versionWaiters.removeAll { $0.namespace == name }
        for waiter in waiting { waiter.request.fail(95) }
        for watch in watches where watch.namespace == name { watch.removed() }
        watches.removeAll { $0.isOver }
    }

    private func list(_ request: Request) {
        let all = store.namespaces.values.sorted { $0.name < $1.name }.map { namespace in
            JSON.object([
                ("namespace", .string(namespace.name)), ("owner", .integer(namespace.owner)),
                ("flags", .integer(namespace.flags)),
            ])
        }
        request.respond(.object([("namespaces", .array(all))]))
    }

    // MARK: Watching

    private func watch(_ request: Request) throws(ServiceFailure) {
        let body = try request.object()
        guard let key = body["key"]?.string, let name = body["namespace"]?.string, let number = body["flags"]?.integer
        else { throw ServiceFailure.malformed }
        let flags = LookupFlags(rawValue: Int(truncatingIfNeeded: number))
        guard request.isStreaming || flags.isDisjoint(with: [.watch, .stream]) else {
            throw ServiceFailure(71, "KVS watch request rejected without streaming RPC flag")
        }
        guard !flags.contains(.sentinel) || flags.contains(.appended) else {
            throw ServiceFailure(22, "the initial sentinel is for those who follow what is appended")
        }
        let watch = KVSWatch(self, request, key: key, namespace: name, flags)
        if let namespace = store.namespaces[name] {
            watch.created(namespace)
        } else if !flags.contains(.waitForCreation) {
            throw ServiceFailure(95)
        }
        if !watch.isOver { watches.append(watch) }
    }

    private func cancel(_ request: Request) {
        guard let matchtag = request.json?["matchtag"]?.integer else { return }
        for watch in watches where watch.request.isOf(sender: request, matchtag: matchtag) { watch.cancel() }
        watches.removeAll { $0.isOver }
        // Said without wanting an answer; who wants one all the same gets it.
        request.respond()
    }

    private func disconnect(_ request: Request) {
        versionWaiters.removeAll { $0.request.isOf(sender: request) }
        watches.removeAll { $0.request.isOf(sender: request) }
    }

    // MARK: Figures

    private func stats(_ request: Request) {
        let namespaces = JSON.object(
            store.namespaces.values.sorted { $0.name < $1.name }.map { namespace in
                (
                    namespace.name,
                    .object([
                        ("#versionwaiters", .integer(versionWaiters.count { $0.namespace == namespace.name })),
                        ("#no-op stores", .integer(0)), ("#transactions", .integer(0)),
                        ("#readytransactions", .integer(0)), ("store revision", .integer(namespace.sequence)),
                    ])
                )
            })
        let cache = JSON.object([
            ("obj size total (MiB)", .real(Double(store.content.byteCount) / 1_048_576)),
            ("#obj", .integer(store.content.count)), ("#obj dirty", .integer(0)), ("#obj incomplete", .integer(0)),
            ("#faults", .integer(0)),
        ])
        request.respond(
            .object([("cache", cache), ("namespace", namespaces), ("transaction-count", .integer(commitCount))]))
    }

    private func watchStats(_ request: Request) {
        let names = Set(watches.map { $0.namespace })
        let namespaces = JSON.object(
            names.sorted().compactMap { name in
                store.namespaces[name].map { namespace in
                    (
                        name,
                        .object([
                            ("owner", .integer(namespace.owner)), ("rootseq", .integer(namespace.sequence)),
                            ("rootref", .string(namespace.root.text)),
                            ("watchers", .integer(watches.count { $0.namespace == name })),
                        ])
                    )
                }
            })
        request.respond(
            .object([
                ("watchers", .integer(watches.count)), ("namespace-count", .integer(names.count)),
                ("namespaces", namespaces),
            ]))
    }
}
