// The key-value store: namespaces, each a tree of directories whose root is one reference. A commit makes new directories
// from the changed leaf up to a new root; whoever holds the old root still reads what stood there.
import Flux
import Sockets

/// Why a request about keys fails.
struct KVSFailure: Error, Equatable {
    let code: Int32
    var text: String?

    init(_ code: Int32, _ text: String? = nil) {
        self.code = code
        self.text = text
    }
}

struct Namespace {
    let name: String
    let owner: UInt32
    let flags: Int
    var root: BlobReference
    var sequence: Int

    var record: NamespaceRecord {
        NamespaceRecord(name: name, owner: owner, flags: flags, root: root, sequence: sequence)
    }
}

/// One operation of a commit; no object takes the key away.
struct KVSOperation {
    let key: String
    let isAppend: Bool
    let object: TreeObject?
}

final class KVStore {
    let content: ContentStore
    private(set) var namespaces: [String: Namespace] = [:]
    static let primary = "primary"

    /// A value whose text is longer moves out of its directory into a blob.
    static let longestInline = 72
    static let mostLinks = 10
    /// Of a key. Directories that a commit changes are stored from the leaves up, one inside the other.
    static let mostNames = 512

    init(_ content: ContentStore, owner: UInt32) throws(BackingFailure) {
        self.content = content
        for record in try content.savedNamespaces() {
            namespaces[record.name] = Namespace(
                name: record.name, owner: record.owner, flags: record.flags, root: record.root,
                sequence: record.sequence)
        }
        guard namespaces[KVStore.primary] == nil else { return }
        let root = content.store(Directory())
        let made = Namespace(name: KVStore.primary, owner: owner, flags: 0, root: root, sequence: 0)
        namespaces[made.name] = made
        try content.save([made.record])
    }

    // MARK: Namespaces

    func create(_ name: String, owner: UInt32, flags: Int, root: BlobReference) throws(KVSFailure) {
        guard namespaces[name] == nil else { throw KVSFailure(17) }
        let empty = content.store(Directory())
        let found = root == empty ? Directory() : try directory(root)
        guard found != nil else { throw KVSFailure(22, "\(root.text) is no directory") }
        let made = Namespace(name: name, owner: owner, flags: flags, root: root, sequence: 0)
        do { try content.save([made.record]) } catch { throw KVSFailure(5, error.text) }
        namespaces[name] = made
    }

    func remove(_ name: String) throws(KVSFailure) {
        guard namespaces[name] != nil else { throw KVSFailure(95) }
        guard name != KVStore.primary else { throw KVSFailure(95) }
        do { try content.remove(namespace: name) } catch { throw KVSFailure(5, error.text) }
        namespaces[name] = nil
    }

    func namespace(_ name: String) throws(KVSFailure) -> Namespace {
        guard let namespace = namespaces[name] else { throw KVSFailure(95) }
        return namespace
    }

    // MARK: Keys

    /// A key's names; empty for the root. Dots that separate nothing count for nothing.
    static func path(_ key: String) -> [String] {
        key.utf8.split(separator: UInt8(ascii: ".")).map { String(decoding: Array($0), as: UTF8.self) }
    }

    static func normalize(_ key: String) -> String {
        let path = path(key)
        return path.isEmpty && !key.isEmpty ? "." : path.joined(separator: ".")
    }

    func directory(_ reference: BlobReference) throws(KVSFailure) -> Directory? {
        do { return try content.directory(reference) } catch { throw KVSFailure(5, error.text) }
    }

    func blob(_ reference: BlobReference) throws(KVSFailure) -> [UInt8] {
        let bytes: [UInt8]?
        do { bytes = try content.load(reference) } catch { throw KVSFailure(5, error.text) }
        guard let bytes else { throw KVSFailure(2, "\(reference.text) is not there") }
        return bytes
    }

    // MARK: Commits

    /// Applies all operations or none. Returns the namespace as it is then.
    func commit(_ name: String, _ operations: [KVSOperation]) throws(KVSFailure) -> Namespace {
        var namespace = try namespace(name)
        guard let directory = try directory(namespace.root) else {
            throw KVSFailure(131, "the root of \(name) cannot be read")
        }
        let root = Draft(directory)
        for operation in operations { try apply(operation, KVStore.path(operation.key), root, links: 0) }
        namespace.root = try close(root)
        namespace.sequence += 1
        do { try content.save([namespace.record]) } catch { throw KVSFailure(5, error.text) }
        namespaces[name] = namespace
        return namespace
    }

    /// A directory while a commit changes it; those below it that change are drafts too.
    private final class Draft {
        var entries: Directory
        var below: [String: Draft] = [:]

        init(_ entries: Directory) {
            self.entries = entries
        }
    }

    private func apply(
        _ operation: KVSOperation, _ path: [String], _ root: Draft, links: Int
    ) throws(KVSFailure) {
        guard let last = path.last else { throw KVSFailure(22) }
        guard path.count <= KVStore.mostNames else {
            throw KVSFailure(36, "a key has more than \(KVStore.mostNames) names")
        }
        var draft = root
        for (place, name) in path.dropLast().enumerated() {
            if case .link(let target, let namespace)? = draft.entries[name], draft.below[name] == nil {
                guard namespace == nil else { throw KVSFailure(22, "a link into another namespace is in the way") }
                guard links < KVStore.mostLinks else { throw KVSFailure(40) }
                let onward = KVStore.path(target) + path[(place + 1)...]
                return try apply(operation, onward, root, links: links + 1)
            }
            guard let next = try step(draft, name, isMaking: operation.object != nil) else { return }
            draft = next
        }
        guard let object = operation.object else {
            draft.entries[last] = nil
            draft.below[last] = nil
            return
        }
        if operation.isAppend {
            try append(object, draft, last)
        } else {
            draft.entries[last] = object
            draft.below[last] = nil
        }
    }

    /// The directory of that name; what is none gives way to one, unless there is nothing to put below it.
    private func step(_ draft: Draft, _ name: String, isMaking: Bool) throws(KVSFailure) -> Draft? {
        if let known = draft.below[name] { return known }
        let entries: Directory
        switch draft.entries[name] {
        case .directoryReference(let reference)?:
            guard let found = try directory(reference) else {
                throw KVSFailure(131, "\(reference.text) cannot be read")
            }
            entries = found
        case .directory(let found)?: entries = found
        case .value?, .valueReferences?, .link?, nil:
            guard isMaking else { return nil }
            entries = [:]
        }
        let next = Draft(entries)
        draft.below[name] = next
        draft.entries[name] = .directory([:])
        return next
    }

    private func append(_ object: TreeObject, _ draft: Draft, _ name: String) throws(KVSFailure) {
        guard case .value(let text) = object else { throw KVSFailure(71) }
        switch draft.entries[name] {
        case nil: draft.entries[name] = object
        case .value(let old)?: draft.entries[name] = .valueReferences([try store(old), try store(text)])
        case .valueReferences(let references)?:
            draft.entries[name] = .valueReferences(references + [try store(text)])
        case .link?: throw KVSFailure(95)
        case .directory?, .directoryReference?: throw KVSFailure(21)
        }
    }

    private func store(_ text: [UInt8]) throws(KVSFailure) -> BlobReference {
        guard let bytes = Base64.decode(text) else { throw KVSFailure(71) }
        return content.store(bytes)
    }

    /// Stores a draft from the leaves up.
    private func close(_ draft: Draft) throws(KVSFailure) -> BlobReference {
        for (name, below) in draft.below { draft.entries[name] = .directoryReference(try close(below)) }
        for (name, entry) in draft.entries {
            switch entry {
            case .directory(let entries): draft.entries[name] = .directoryReference(try close(Draft(entries)))
            case .value(let text) where text.count > KVStore.longestInline:
                draft.entries[name] = .valueReferences([try store(text)])
            case .value, .valueReferences, .directoryReference, .link: break
            }
        }
        return content.store(draft.entries)
    }
}
