// A directory of the key-value store as it was when it was read, and walking the names in it.
import Bytes
import CLibc
import JSON
import Sockets

public final class KVSDirectory {
    public let handle: Handle?
    /// The snapshot it was read from; nil for what is current.
    public let root: Slice?
    public let key: Slice
    private let entry: JSON
    private let entries: JSON

    /// - Throws: EINVAL for what is no directory.
    public init(_ handle: Handle?, root: Slice?, key: Slice, entry: JSON) throws(Errno) {
        guard Dirent.isValid(entry), let entries = Dirent.data(of: entry, "dir") else { throw Errno(code: EINVAL) }
        self.handle = handle
        self.root = root
        self.key = key
        self.entry = entry
        self.entries = entries
    }

    public func copy() throws(Errno) -> KVSDirectory {
        try KVSDirectory(handle, root: root, key: key, entry: entry)
    }

    public var count: Int { entries.count }

    public func has(_ name: String) -> Bool { entries[name] != nil }

    public func hasDirectory(_ name: String) -> Bool { entries[name].map { Dirent.isDirectory($0) } ?? false }

    public func hasLink(_ name: String) -> Bool {
        entries[name].map { Dirent.data(of: $0, "symlink") != nil } ?? false
    }

    /// The whole key of a name in it.
    public func key(of name: [UInt8]) -> [UInt8] {
        let point = UInt8(ascii: ".")
        var whole = key.bytes
        if whole == [point] { return name }
        if !whole.isEmpty, whole.last != point { whole.append(point) }
        whole.add(name)
        return whole
    }

    var names: [Slice] {
        entries.names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { Slice($0) }
    }
}

public final class KVSIterator {
    private let names: [Slice]
    private var place = 0

    public init(_ directory: KVSDirectory) {
        names = directory.names
    }

    public func rewind() {
        place = 0
    }

    /// nil behind the last.
    public func next() -> Slice? {
        guard place < names.count else { return nil }
        defer { place += 1 }
        return names[place]
    }
}
