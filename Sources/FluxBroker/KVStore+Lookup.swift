// Reading keys: the walk from a root through directories and links, and what is made of the object at its end.
import Flux

/// How an object is wanted.
struct LookupFlags: OptionSet {
    let rawValue: Int
    static let directory = LookupFlags(rawValue: 1)
    static let link = LookupFlags(rawValue: 2)
    static let watch = LookupFlags(rawValue: 4)
    static let waitForCreation = LookupFlags(rawValue: 8)
    static let treeObject = LookupFlags(rawValue: 16)
    static let append = LookupFlags(rawValue: 32)
    static let full = LookupFlags(rawValue: 64)
    static let unique = LookupFlags(rawValue: 128)
    static let appended = LookupFlags(rawValue: 256)
    static let stream = LookupFlags(rawValue: 512)
    static let sentinel = LookupFlags(rawValue: 1024)
}

extension KVStore {
    /// What stands under a key, as the flags want it.
    /// - Parameter mayEnter: whether the asker may follow a link into that namespace.
    /// - Throws: ENOENT, EISDIR, ENOTDIR, EINVAL, ELOOP, ENOTSUP for a namespace that is not there, EPERM.
    func lookup(
        _ root: BlobReference, _ key: String, _ flags: LookupFlags, mayEnter: (Namespace) -> Bool
    ) throws(KVSFailure) -> TreeObject {
        guard !key.isEmpty else { throw KVSFailure(2) }
        let isLinkWanted = flags.contains(.link) || flags.contains(.treeObject)
        guard let object = try walk(root, KVStore.path(key), isLinkWanted, 0, mayEnter) else { throw KVSFailure(2) }
        if flags.contains(.treeObject) { return object }
        switch object {
        case .directoryReference(let reference):
            try check(isDirectory: true, flags)
            guard let entries = try directory(reference) else { throw KVSFailure(131) }
            return .directory(entries)
        case .directory:
            try check(isDirectory: true, flags)
            return object
        case .valueReferences(let references):
            try check(isDirectory: false, flags)
            var bytes: [UInt8] = []
            for reference in references { bytes += try blob(reference) }
            return .value(Base64.encode(bytes))
        case .value:
            try check(isDirectory: false, flags)
            return object
        case .link:
            guard !flags.contains(.directory) else { throw KVSFailure(20) }
            return object
        }
    }

    private func check(isDirectory: Bool, _ flags: LookupFlags) throws(KVSFailure) {
        guard !flags.contains(.link) else { throw KVSFailure(22) }
        guard flags.contains(.directory) == isDirectory else { throw KVSFailure(isDirectory ? 21 : 20) }
    }

    private func walk(
        _ root: BlobReference, _ path: [String], _ isLinkWanted: Bool, _ links: Int, _ mayEnter: (Namespace) -> Bool
    ) throws(KVSFailure) -> TreeObject? {
        var object = TreeObject.directoryReference(root)
        for (place, name) in path.enumerated() {
            let entries: Directory
            switch object {
            case .directoryReference(let reference):
                guard let found = try directory(reference) else { throw KVSFailure(place == 0 ? 22 : 131) }
                entries = found
            case .directory(let found): entries = found
            case .value, .valueReferences, .link: return nil
            }
            guard let entry = entries[name] else { return nil }
            let isLast = place == path.count - 1
            guard case .link(let target, let namespace) = entry, !(isLast && isLinkWanted) else {
                object = entry
                continue
            }
            guard links < KVStore.mostLinks else { throw KVSFailure(40) }
            var base = root
            if let namespace {
                let other = try self.namespace(namespace)
                guard mayEnter(other) else { throw KVSFailure(1) }
                base = other.root
            }
            guard let end = try walk(base, KVStore.path(target), isLinkWanted && isLast, links + 1, mayEnter) else {
                return nil
            }
            object = end
        }
        return object
    }
}
