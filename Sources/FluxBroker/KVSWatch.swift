// One request that follows a key: what it is told now and at every commit, until it is over.
import Flux
import JSON

final class KVSWatch {
    let request: Request
    let namespace: String
    private unowned let service: KVSService
    private let key: String
    private let name: String
    private let flags: LookupFlags
    private var last: TreeObject?
    /// Blobs of the value that were told already, for those who follow what is appended.
    private var toldCount = 0
    private var hasTold = false
    private var hasToldSentinel = false
    private(set) var isOver = false

    init(_ service: KVSService, _ request: Request, key: String, namespace: String, _ flags: LookupFlags) {
        self.service = service
        self.request = request
        self.key = key
        self.namespace = namespace
        self.flags = flags
        name = KVStore.normalize(key)
    }

    private var isWatching: Bool { flags.contains(.watch) || flags.contains(.stream) }
    private var isByBlobs: Bool { flags.contains(.appended) || flags.contains(.stream) }

    // MARK: What happens

    /// The namespace is there, from the start or since now.
    func created(_ namespace: Namespace) {
        guard service.mayEnter(request, namespace) else { return end(1) }
        look(namespace, isFirst: true)
    }

    func changed(_ namespace: Namespace, _ keys: Set<String>) {
        guard !isOver, flags.contains(.full) || keys.contains(name) else { return }
        look(namespace, isFirst: false)
    }

    func removed() {
        end(95)
    }

    func cancel() {
        end(61)
    }

    // MARK: What is told

    private func look(_ namespace: Namespace, isFirst: Bool) {
        var wanted = flags
        if isByBlobs { wanted.insert(.treeObject) }
        let object: TreeObject
        do throws(KVSFailure) {
            object = try service.store.lookup(namespace.root, key, wanted) { service.mayEnter(request, $0) }
        } catch {
            guard error.code == 2, !hasTold, flags.contains(.waitForCreation) else {
                return end(error.code, error.text)
            }
            if isFirst { tellSentinel() }
            return
        }
        if isByBlobs {
            tellBlobs(object)
        } else if !flags.isDisjoint(with: [.full, .unique]), hasTold, last == object {
            // Nothing new.
        } else {
            if !flags.isDisjoint(with: [.full, .unique]) { last = object }
            tell(object)
        }
        if isFirst, !isOver { tellSentinel() }
        if hasTold, !isOver, !isWatching { isOver = true }
    }

    private func tell(_ object: TreeObject) {
        hasTold = true
        request.respond(.object([("val", object.json)]))
    }

    private func tellSentinel() {
        guard flags.contains(.sentinel), !hasToldSentinel else { return }
        hasToldSentinel = true
        request.respond()
    }

    /// What was appended since the last time, one blob at a time; a stream ends after the first telling.
    private func tellBlobs(_ object: TreeObject) {
        switch object {
        case .value:
            guard !hasTold else { return end(22, "value of key watched with WATCH_APPEND overwritten") }
            tell(object)
            toldCount = 1
        case .valueReferences(let references):
            guard references.count >= toldCount else {
                return end(22, "key watched with WATCH_APPEND shortened")
            }
            for reference in references[toldCount...] {
                do throws(KVSFailure) {
                    tell(.value(Base64.encode(try service.store.blob(reference))))
                } catch {
                    return end(error.code, error.text)
                }
            }
            toldCount = references.count
        case .directory, .directoryReference:
            return end(21, "a directory cannot be followed by what is appended to it")
        case .link:
            return end(22, "a link cannot be followed by what is appended to it")
        }
        if flags.contains(.stream) {
            tellSentinel()
            end(61)
        }
    }

    private func end(_ code: Int32, _ text: String? = nil) {
        guard !isOver else { return }
        isOver = true
        request.fail(code, text)
    }
}
