import Bytes
import PMIxWire

/// One namespace as this server knows it: what the host registered, its local ranks, and what ranks anywhere have
/// shown.
///
/// Belongs to the loop, except `data` and the tables, which other threads read with the server's lock.
final class Job {
    let nspace: Namespace
    var data: NamespaceData
    /// How many ranks live on this node; nil until the namespace is registered.
    var localCount: Int?
    /// Nobody registered it: tools and singletons brought the name along.
    var isOfGuests = false
    /// Registered, with every local rank announced. Stays so when ranks leave.
    private(set) var isComplete = false
    var members: [Rank: Member] = [:]
    /// What ranks of other nodes have shown, as far as it came here.
    var imported: [Rank: Shown] = [:]
    /// How what its processes write is shown on this node.
    var outputFormat = OutputFormat()
    /// What `pmix.bfrops.mod` says to every rank: fixed by the first that connects.
    var codecVersion: Text?
    /// Which ranks have come to a debugger's breakpoint.
    var stopped: [Text: Set<Rank>] = [:]
    private var jobInfo: [JobInfoForm: [UInt8]] = [:]

    private struct JobInfoForm: Hashable {
        let dialect: Dialect
        let isOld: Bool
    }

    init(_ nspace: Namespace) {
        self.nspace = nspace
        data = NamespaceData(nspace)
    }

    var isRegistered: Bool { localCount != nil }

    /// Whether every rank of the job lives here. Without a known size there may be others.
    var isLocalOnly: Bool {
        if isOfGuests { return true }
        guard let localCount, let size = data.jobSize else { return false }
        return Int(size) == localCount
    }

    func checkComplete() {
        if let localCount, members.count >= localCount { isComplete = true }
    }

    func changed() {
        jobInfo = [:]
    }

    /// The job's data for one kind of peer, packed once: KVALs, without the nspace that precedes them in some answers.
    func jobInfo(for peer: Peer) -> [UInt8] {
        jobInfo(peer.dialect, peer.release)
    }

    func jobInfo(_ dialect: Dialect, _ release: Release) -> [UInt8] {
        let form = JobInfoForm(dialect: dialect, isOld: release.has(.sessionsAreBare))
        if let known = jobInfo[form] { return known }
        var packer = Packer(dialect, reserving: 1024)
        data.write(to: &packer, peer: release, codecVersion: codecVersion ?? Release.oursText)
        let name = Job.packedName(nspace, dialect)
        let pairs = Array(packer.bytes.dropFirst(name.count))
        jobInfo[form] = pairs
        return pairs
    }

    static func packedName(_ nspace: Namespace, _ dialect: Dialect) -> [UInt8] {
        var packer = Packer(dialect)
        packer.string(nspace)
        return packer.bytes
    }
}

/// A rank on this node, known before it connects and after it has gone.
final class Member {
    enum Standing { case expected, connected, finalized, lost }

    let proc: Proc
    var uid: UInt32
    var gid: UInt32
    var object: Host.Object
    var standing = Standing.expected
    /// A rank may have several: its forked children connect as itself.
    var connectionCount = 0
    var hasCommitted = false
    /// A tool or singleton: no host announced it, and it is forgotten when it goes.
    var isGuest = false
    /// What the ranks of this node may see, and what those of other nodes may.
    var local: Shown
    var remote: Shown

    init(_ proc: Proc, uid: UInt32, gid: UInt32, object: Host.Object) {
        self.proc = proc
        self.uid = uid
        self.gid = gid
        self.object = object
        local = Shown(proc)
        remote = Shown(proc)
    }
}

/// The keys a rank has shown, and their packed form for each dialect that asked: a get's answer is then a copy.
///
/// Most commits are only ever handed on: the first that a rank makes stays as it came until somebody asks for one key.
struct Shown {
    /// KVALs that have been checked to be nothing else.
    private struct Unread {
        let bytes: [UInt8]
        let dialect: Dialect

        // Checked before they were kept, so they cannot fail to decode.
        var pairs: [KeyValue] {
            (try? bytes.unpack(dialect) { (inside) throws(Malformed) in try inside.keyValuesToEnd() }) ?? []
        }
    }

    let proc: Proc
    private var read = KeyTable()
    private var unread: Unread?
    private var packed: [Dialect: [UInt8]] = [:]
    /// Something has been added since it last went out with a fence.
    private(set) var isNews = false
    private(set) var wasShared = false

    init(_ proc: Proc, _ pairs: [KeyValue] = []) {
        self.proc = proc
        read = KeyTable(pairs)
    }

    var isEmpty: Bool { unread == nil && read.isEmpty }

    /// What may be asked for again is worth an `open` before.
    var table: KeyTable { unread.map { KeyTable($0.pairs) } ?? read }

    mutating func open() {
        if let unread { _ = object(unread.dialect) }
        read = table
        unread = nil
    }

    mutating func add(_ pairs: [KeyValue]) {
        read = table
        unread = nil
        read.merge(pairs)
        packed = [:]
        isNews = true
    }

    /// The first that a rank shows: `bytes` are checked KVALs, and go into answers as they are.
    mutating func begin(_ bytes: [UInt8], _ dialect: Dialect) {
        unread = Unread(bytes: bytes, dialect: dialect)
        packed = [:]
        isNews = true
    }

    mutating func markShared() {
        isNews = false
        wasShared = true
    }

    /// One object of a get's answer: the process, then all its keys.
    mutating func object(_ dialect: Dialect) -> [UInt8] {
        if let known = packed[dialect] { return known }
        let bytes = unread.flatMap { $0.dialect == dialect ? wrapped($0) : nil }
        let object = bytes ?? Shown.object(proc, table.entries, dialect)
        packed[dialect] = object
        return object
    }

    /// What came, with the process before it.
    private func wrapped(_ unread: Unread) -> [UInt8] {
        var inside = Packer(unread.dialect, reserving: unread.bytes.count + 64)
        inside.proc(proc)
        inside.writer.append(unread.bytes)
        return Shown.object(inside.bytes, unread.dialect)
    }

    static func object(_ proc: Proc, _ pairs: [KeyValue], _ dialect: Dialect) -> [UInt8] {
        var inside = Packer(dialect, reserving: 256)
        inside.proc(proc)
        for pair in pairs { inside.keyValue(pair.key, pair.value.expanded) }
        return object(inside.bytes, dialect)
    }

    static func object(_ bytes: [UInt8], _ dialect: Dialect) -> [UInt8] {
        var outside = Packer(dialect, reserving: bytes.count + 16)
        outside.byteObject(bytes)
        return outside.bytes
    }
}
