// What hangs on the future of a lookup: the question, and what has been read out of the answer that is current.
import Bytes
import CLibc
import JSON
import Sockets

public final class KVSLookup {
    public let key: Slice
    public let flags: KVSFlags
    private let handle: Handle
    private let root: Slice?
    private var message: Message?
    /// nil for the sign that all that is there has been told.
    private var entry: JSON?
    private var cachedValue: Slice?
    private var cachedText: Slice?
    private var cachedJSON: JSON?
    private var cachedDirectory: KVSDirectory?
    private var cachedLink: (namespace: Slice?, target: Slice)?

    private static let name = Text("flux::kvs-lookup")

    private init(_ handle: Handle, _ key: Slice, _ flags: KVSFlags, root: Slice?) {
        self.handle = handle
        self.key = key
        self.flags = flags
        self.root = root
    }

    func hang(on future: Future) throws(Errno) {
        // Safety: the future holds one reference until it is torn down.
        try future.aux.set(KVSLookup.name, Unmanaged.passRetained(self).toOpaque()) {
            Unmanaged<KVSLookup>.fromOpaque($0).release()
        }
    }

    /// - Throws: EINVAL for a future of something else.
    public static func of(_ future: Future) throws(Errno) -> KVSLookup {
        do throws(Errno) {
            return Unmanaged<KVSLookup>.fromOpaque(try future.auxValue(name)).takeUnretainedValue()
        } catch {
            throw Errno(code: EINVAL)
        }
    }

    // MARK: Asking

    private static func isValid(_ flags: KVSFlags, isSnapshot: Bool) -> Bool {
        if isSnapshot, !flags.isDisjoint(with: .awaiting) { return false }
        if !flags.contains(.watch), !flags.isDisjoint(with: .watchKinds) { return false }
        let rest = flags.subtracting(.awaiting).subtracting(.watchKinds)
        return rest == [] || rest == .entry || rest == .directory || rest == [.directory, .entry] || rest == .link
    }

    /// In a namespace; nil for the one of the environment.
    public static func start(
        _ handle: Handle, namespace: [UInt8]?, _ flags: KVSFlags, _ key: [UInt8]
    ) throws(Errno) -> RPC {
        guard !key.isEmpty, isValid(flags, isSnapshot: false) else { throw Errno(code: EINVAL) }
        let body = JSON.object([
            ("key", try .text(key)), ("namespace", try .text(namespace ?? KVS.namespace)),
            ("flags", .integer(flags.rawValue)),
        ])
        let topic = flags.isDisjoint(with: .awaiting) ? Slice("kvs.lookup") : Slice("kvs-watch.lookup")
        let isStreaming = !flags.isDisjoint(with: [.watch, .stream])
        let rpc = try handle.rpc(topic, json: body, flags: isStreaming ? .streaming : [])
        try KVSLookup(handle, Slice(key), flags, root: nil).hang(on: rpc)
        return rpc
    }

    /// Below an entry that was read before.
    public static func start(
        _ handle: Handle, at root: [UInt8], _ flags: KVSFlags, _ key: [UInt8]
    ) throws(Errno) -> RPC {
        guard !key.isEmpty, isValid(flags, isSnapshot: true), let entry = JSON(parsing: root),
            entry.isObject || entry.isArray
        else { throw Errno(code: EINVAL) }
        let body = JSON.object([("key", try .text(key)), ("flags", .integer(flags.rawValue)), ("rootdir", entry)])
        let rpc = try handle.rpc(Slice("kvs.lookup"), json: body)
        try KVSLookup(handle, Slice(key), flags, root: Slice(root)).hang(on: rpc)
        return rpc
    }

    /// Ends a stream of answers.
    public func cancel(_ future: Future) throws(Errno) {
        guard !flags.isDisjoint(with: .awaiting), let rpc = future.rpc,
            let handle = try future.currentHandle() as? Handle
        else { throw Errno(code: EINVAL) }
        let tag = Int32(bitPattern: rpc.matchtag)
        try handle.rpc(Slice("kvs-watch.cancel"), json: .object([("matchtag", .integer(tag))]), flags: .noResponse)
            .dropUse()
    }

    // MARK: The answer

    /// Reads the current answer, if it is another than the one that was read.
    /// - Throws: what the answer says, EPROTO for one that says nothing that can be understood.
    private func update(_ future: Future) throws(Errno) {
        let current = try future.response()
        guard current !== message else { return }
        let new = try entry(in: current)
        if let entry, let new, entry.isSame(as: new) {
            message = current
            return
        }
        message = current
        entry = new
        cachedValue = nil
        cachedText = nil
        cachedJSON = nil
        cachedDirectory = nil
        cachedLink = nil
    }

    private func entry(in message: Message) throws(Errno) -> JSON? {
        if flags.contains(.sentinel), !message.hasPayload { return nil }
        guard let entry = try message.json()["val"], Dirent.isValid(entry) else { throw Errno(code: EPROTO) }
        return entry
    }

    private func someEntry() throws(Errno) -> JSON {
        guard let entry else { throw Errno(code: EINVAL) }
        return entry
    }

    /// The bytes of a value; nil for the sign that there is no more yet.
    public func value(_ future: Future) throws(Errno) -> Slice? {
        try update(future)
        guard let entry else { return nil }
        if let cachedValue { return cachedValue }
        let made = Slice(try Dirent.bytes(of: entry))
        cachedValue = made
        return made
    }

    /// What JSON a value says.
    public func json(_ future: Future) throws(Errno) -> JSON {
        guard let value = try value(future) else { throw Errno(code: EINVAL) }
        if let cachedJSON { return cachedJSON }
        var reason: [UInt8] = []
        guard let made = JSON(parsing: value.raw, reason: &reason) else { throw Errno(code: EINVAL) }
        cachedJSON = made
        return made
    }

    public func text(_ future: Future) throws(Errno) -> Slice {
        try update(future)
        if let cachedText { return cachedText }
        let made = Slice(try someEntry().text(isSorted: true))
        cachedText = made
        return made
    }

    public func directory(_ future: Future) throws(Errno) -> KVSDirectory {
        try update(future)
        if let cachedDirectory { return cachedDirectory }
        let made = try KVSDirectory(handle, root: root, key: key, entry: try someEntry())
        cachedDirectory = made
        return made
    }

    public func link(_ future: Future) throws(Errno) -> (namespace: Slice?, target: Slice) {
        try update(future)
        if let cachedLink { return cachedLink }
        guard let data = Dirent.data(of: try someEntry(), "symlink"), let target = data["target"]?.bytes else {
            throw Errno(code: EINVAL)
        }
        let made = (data["namespace"]?.bytes.map { Slice($0) }, Slice(target))
        cachedLink = made
        return made
    }
}
