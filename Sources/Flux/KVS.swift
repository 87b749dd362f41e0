// What a client asks of the key-value store beside looking something up.
import Bytes
import CLibc
import JSON
import Sockets

public enum KVS {
    /// Of a caller who names none.
    static var namespace: [UInt8] {
        guard let name = getenv("FLUX_KVS_NAMESPACE") else { return Array("primary".utf8) }
        return Array(UnsafeRawBufferPointer(start: name, count: strlen(name)))
    }

    // MARK: Namespaces

    /// The blob of an empty directory, which every instance has.
    private static func emptyDirectory(_ handle: Handle) throws(Errno) -> [UInt8] {
        switch try handle.attribute("content.hash").bytes {
        case Array("sha1".utf8):
            return Array("sha1-c0a9faf907dda6216fd73bf81d0b3b21a1a8cb91".utf8)
        case Array("sha256".utf8):
            return Array("sha256-61b85efa2a76db9377692c700b4e1edfc480bf224e0e9764b76f8082159d0ca0".utf8)
        default:
            throw Errno(code: EINVAL)
        }
    }

    /// - Parameter root: the blob of its first directory; nil for an empty one.
    public static func create(
        _ handle: Handle, namespace: [UInt8], root: [UInt8]?, owner: UInt32
    ) throws(Errno) -> RPC {
        let body = JSON.object([("namespace", try .text(namespace))])
        if let root {
            body["rootref"] = try .text(root)
        } else {
            body["rootref"] = try .text(try emptyDirectory(handle))
        }
        body["owner"] = .integer(Int32(bitPattern: owner))
        body["flags"] = .integer(0)
        return try handle.rpc(Slice("kvs.namespace-create"), json: body, nodeid: 0)
    }

    public static func remove(_ handle: Handle, namespace: [UInt8]) throws(Errno) -> RPC {
        try handle.rpc(
            Slice("kvs.namespace-remove"), json: .object([("namespace", try .text(namespace))]), nodeid: 0)
    }

    // MARK: Versions

    public static func version(_ handle: Handle, namespace: [UInt8]?) throws(Errno) -> Int32 {
        let body = JSON.object([("namespace", try .text(namespace ?? self.namespace))])
        let rpc = try handle.rpc(Slice("kvs.getroot"), json: body)
        defer { rpc.dropUse() }
        guard let number = try rpc.response().json()["rootseq"]?.integer else { throw Errno(code: EPROTO) }
        return Int32(truncatingIfNeeded: number)
    }

    public static func await(_ handle: Handle, namespace: [UInt8]?, version: Int32) throws(Errno) {
        let body = JSON.object([
            ("rootseq", .integer(version)), ("namespace", try .text(namespace ?? self.namespace)),
        ])
        let rpc = try handle.rpc(Slice("kvs.wait-version"), json: body)
        defer { rpc.dropUse() }
        _ = try rpc.get()
    }

    // MARK: Roots

    public static func root(_ handle: Handle, namespace: [UInt8]?) throws(Errno) -> RPC {
        let body = JSON.object([("namespace", try .text(namespace ?? self.namespace)), ("flags", .integer(0))])
        let rpc = try handle.rpc(Slice("kvs.getroot"), json: body)
        try KVSRoot(isCommit: false).hang(on: rpc)
        return rpc
    }

    private static let compact: Int32 = 2

    public static func commit(
        _ handle: Handle, namespace: [UInt8]?, flags: Int32, _ transaction: KVSTransaction
    ) throws(Errno) -> RPC {
        if flags & compact != 0 { try transaction.compact() }
        let body = JSON.object([
            ("namespace", try .text(namespace ?? self.namespace)), ("flags", .integer(flags & ~compact)),
            ("ops", transaction.all),
        ])
        let rpc = try handle.rpc(Slice("kvs.commit"), json: body)
        try KVSRoot(isCommit: true).hang(on: rpc)
        return rpc
    }

    // MARK: Copies

    /// Puts what stands under one key under another as well; with `isMove` removes the first afterwards. Both may be in
    /// different namespaces, so these are two transactions.
    public static func copy(
        _ handle: Handle, from: (namespace: [UInt8]?, key: [UInt8]), to: (namespace: [UInt8]?, key: [UInt8]),
        flags: Int32, isMove: Bool
    ) throws(Errno) -> Future {
        let found = try KVSLookup.start(handle, namespace: from.namespace, .entry, from.key)
        let put = try step(after: found, to.namespace, flags) { previous, transaction throws(Errno) in
            let entry = try KVSLookup.of(previous).text(previous)
            try transaction.put(to.key, 0, entry: entry.bytes)
        }
        guard isMove else { return put }
        return try step(after: put, from.namespace, flags) { previous, transaction throws(Errno) in
            _ = try previous.get()
            try transaction.remove(from.key, 0)
        }
    }

    /// The future of what `fill` has done once `previous` is ready.
    private static func step(
        after previous: Future, _ namespace: [UInt8]?, _ flags: Int32,
        _ fill: @escaping (Future, KVSTransaction) throws(Errno) -> Void
    ) throws(Errno) -> Future {
        let next = previous.andThen { previous in
            do throws(Errno) {
                guard let handle = try previous.currentHandle() as? Handle else { throw Errno(code: EINVAL) }
                let transaction = KVSTransaction()
                try fill(previous, transaction)
                try previous.proceed(with: try commit(handle, namespace: namespace, flags: flags, transaction))
            } catch {
                fail(previous, error)
            }
            previous.dropUse()
        }
        guard let next else {
            previous.dropUse()
            throw Errno(code: EINVAL)
        }
        return next
    }

    private static func fail(_ future: Future, _ reason: Errno) {
        do {
            try future.proceed(failing: reason, nil)
        } catch {
            // Nobody waits for the next one any more.
        }
    }
}

/// What hangs on the future of a commit or a question for the root.
public final class KVSRoot {
    private static let name = Text("flux::kvs-root")
    private let isCommit: Bool
    private var message: Message?
    private var blob: Slice?
    private var entry: Slice?
    public private(set) var sequence: Int32 = 0
    public private(set) var owner: UInt32 = 0

    init(isCommit: Bool) {
        self.isCommit = isCommit
    }

    func hang(on future: Future) throws(Errno) {
        // Safety: the future holds one reference until it is torn down.
        try future.aux.set(KVSRoot.name, Unmanaged.passRetained(self).toOpaque()) {
            Unmanaged<KVSRoot>.fromOpaque($0).release()
        }
    }

    /// Of a future that has an answer.
    /// - Throws: EINVAL for a future of something else, else what the answer says.
    public static func of(_ future: Future) throws(Errno) -> KVSRoot {
        let root: KVSRoot
        do throws(Errno) {
            root = Unmanaged<KVSRoot>.fromOpaque(try future.auxValue(name)).takeUnretainedValue()
        } catch {
            throw Errno(code: EINVAL)
        }
        let current = try future.response()
        if current !== root.message { try root.read(current) }
        return root
    }

    private func read(_ current: Message) throws(Errno) {
        let body = try current.json()
        guard let blob = body["rootref"]?.bytes, let sequence = body["rootseq"]?.integer else {
            throw Errno(code: EPROTO)
        }
        if !isCommit {
            guard let owner = body["owner"]?.integer, body["flags"]?.integer != nil else { throw Errno(code: EPROTO) }
            self.owner = UInt32(truncatingIfNeeded: owner)
        }
        self.sequence = Int32(truncatingIfNeeded: sequence)
        self.blob = Slice(blob)
        entry = Slice(Dirent.reference(toDirectory: .string(blob)).text(isSorted: true))
        message = current
    }

    public var blobText: Slice? { blob }
    public var entryText: Slice? { entry }
}
