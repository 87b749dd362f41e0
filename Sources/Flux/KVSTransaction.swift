// What is to be done to the key-value store at once: entries set, added to and removed, in order.
import Bytes
import CLibc
import JSON
import Sockets

public struct KVSFlags: OptionSet, Sendable {
    public let rawValue: Int32

    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    public static let directory = KVSFlags(rawValue: 1)
    public static let link = KVSFlags(rawValue: 2)
    public static let watch = KVSFlags(rawValue: 4)
    public static let waitCreate = KVSFlags(rawValue: 8)
    public static let entry = KVSFlags(rawValue: 16)
    public static let append = KVSFlags(rawValue: 32)
    public static let watchFull = KVSFlags(rawValue: 64)
    public static let watchUnique = KVSFlags(rawValue: 128)
    public static let watchAppend = KVSFlags(rawValue: 256)
    public static let stream = KVSFlags(rawValue: 512)
    public static let sentinel = KVSFlags(rawValue: 1024)
    /// These mean something together with `watch` only.
    static let watchKinds: KVSFlags = [.watchFull, .watchUnique, .watchAppend, .sentinel]
    /// What the service that watches answers.
    static let awaiting: KVSFlags = [.watch, .waitCreate, .stream]
}

public final class KVSTransaction {
    private var operations = JSON.array()

    public init() {}

    public var isEmpty: Bool { operations.count == 0 }

    public func removeAll() {
        operations = .array()
    }

    /// - Throws: EINVAL for an empty key, flags that mean nothing here, and what is no entry.
    private func add(_ key: [UInt8], _ flags: Int32, allowed: KVSFlags = [], _ entry: JSON) throws(Errno) {
        guard flags & ~allowed.rawValue == 0, !key.isEmpty, entry.isNull || Dirent.isValid(entry) else {
            throw Errno(code: EINVAL)
        }
        operations.append(KVSTransaction.operation(try .text(key), flags, entry))
    }

    private static func operation(_ key: JSON, _ flags: Int32, _ entry: JSON) -> JSON {
        .object([("key", key), ("flags", .integer(flags)), ("dirent", entry)])
    }

    public func put(_ key: [UInt8], _ flags: Int32, value: [UInt8]) throws(Errno) {
        try add(key, flags, allowed: .append, Dirent.value(value))
    }

    /// - Throws: EPROTO for what is no entry.
    public func put(_ key: [UInt8], _ flags: Int32, entry text: [UInt8]) throws(Errno) {
        guard let entry = JSON(parsing: text), Dirent.isValid(entry) else { throw Errno(code: EPROTO) }
        try add(key, flags, entry)
    }

    public func makeDirectory(_ key: [UInt8], _ flags: Int32) throws(Errno) {
        try add(key, flags, Dirent.directory())
    }

    public func remove(_ key: [UInt8], _ flags: Int32) throws(Errno) {
        try add(key, flags, .null)
    }

    public func link(_ key: [UInt8], _ flags: Int32, namespace: [UInt8]?, target: [UInt8]) throws(Errno) {
        var space: JSON?
        if let namespace { space = try .text(namespace) }
        try add(key, flags, Dirent.link(namespace: space, target: try .text(target)))
    }

    var all: JSON { operations }

    /// Makes one of all that is added to a key.
    /// - Throws: EINVAL when something else is done to a key that was added to.
    func compact() throws(Errno) {
        guard operations.count > 1 else { return }
        var kept: [(operation: JSON, added: [UInt8]?)] = []
        var places: [Text: Int] = [:]
        for operation in operations.elements {
            guard let key = operation["key"]?.bytes, let entry = operation["dirent"] else { throw Errno(code: EINVAL) }
            let isAppend = operation["flags"]?.integer == Int64(KVSFlags.append.rawValue)
            if let place = places[Text(key)] {
                guard isAppend, var added = kept[place].added else { throw Errno(code: EINVAL) }
                added.add(try Dirent.bytes(of: entry))
                kept[place].added = added
            } else if isAppend {
                places[Text(key)] = kept.count
                kept.append((operation, try Dirent.bytes(of: entry)))
            } else {
                kept.append((operation, nil))
            }
        }
        let compacted = JSON.array()
        for (operation, added) in kept {
            if let added, let key = operation["key"] {
                compacted.append(KVSTransaction.operation(key, KVSFlags.append.rawValue, Dirent.value(added)))
            } else {
                compacted.append(operation)
            }
        }
        operations = compacted
    }
}
