// Blobs under their names. In memory, and on disk as well where there is a directory for it.
import JSON

/// Where blobs and the namespaces' roots outlive the process.
protocol Backing: AnyObject {
    func load(_ reference: BlobReference) throws(BackingFailure) -> [UInt8]?
    /// All of it or none.
    func save(_ blobs: [(BlobReference, [UInt8])], _ roots: [NamespaceRecord]) throws(BackingFailure)
    func remove(namespace: String) throws(BackingFailure)
    func namespaces() throws(BackingFailure) -> [NamespaceRecord]
}

struct BackingFailure: Error {
    let text: String
}

/// What is kept of a namespace beside its blobs.
struct NamespaceRecord {
    let name: String
    let owner: UInt32
    let flags: Int
    let root: BlobReference
    let sequence: Int
}

final class ContentStore {
    private var blobs: [BlobReference: [UInt8]] = [:]
    private var directories: [BlobReference: Directory] = [:]
    private let backing: Backing?
    /// Stored but not yet on disk.
    private var unsaved: [(BlobReference, [UInt8])] = []

    init(_ backing: Backing?) {
        self.backing = backing
    }

    var count: Int { blobs.count }
    var byteCount: Int { blobs.values.reduce(0) { $0 + $1.count } }

    func store(_ bytes: [UInt8]) -> BlobReference {
        let reference = BlobReference(of: bytes)
        if blobs[reference] == nil {
            blobs[reference] = bytes
            if backing != nil { unsaved.append((reference, bytes)) }
        }
        return reference
    }

    func store(_ directory: Directory) -> BlobReference {
        let reference = store(TreeObject.encode(directory))
        directories[reference] = directory
        return reference
    }

    func load(_ reference: BlobReference) throws(BackingFailure) -> [UInt8]? {
        if let bytes = blobs[reference] { return bytes }
        guard let bytes = try backing?.load(reference) else { return nil }
        // What a disk gives back is believed when it has the hash that it was stored under.
        guard BlobReference(of: bytes) == reference else {
            throw BackingFailure(text: "\(reference.text) is damaged")
        }
        blobs[reference] = bytes
        return bytes
    }

    /// nil when there is no such blob, or it is no directory.
    func directory(_ reference: BlobReference) throws(BackingFailure) -> Directory? {
        if let known = directories[reference] { return known }
        guard let bytes = try load(reference), let json = JSON(parsing: bytes),
            case .directory(let entries)? = TreeObject(json)
        else { return nil }
        directories[reference] = entries
        return entries
    }

    /// Puts on disk what was stored since the last time, together with the roots that refer to it.
    func save(_ roots: [NamespaceRecord]) throws(BackingFailure) {
        try backing?.save(unsaved, roots)
        unsaved = []
    }

    func remove(namespace: String) throws(BackingFailure) {
        try backing?.remove(namespace: namespace)
    }

    func savedNamespaces() throws(BackingFailure) -> [NamespaceRecord] {
        try backing?.namespaces() ?? []
    }
}
