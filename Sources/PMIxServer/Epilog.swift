import Bytes
import PMIxWire

/// What is to be removed when a process, or its whole job, has gone: however it went.
public struct Epilog {
    public private(set) var files: [Text] = []
    public private(set) var directories: [Directory] = []
    public private(set) var ignored: [Text] = []

    public struct Directory {
        public let path: Text
        public var isRecursive: Bool
        public var onlyEmpty: Bool
        public var leavesTop: Bool

        public init(path: Text, isRecursive: Bool, onlyEmpty: Bool, leavesTop: Bool) {
            self.path = path
            self.isRecursive = isRecursive
            self.onlyEmpty = onlyEmpty
            self.leavesTop = leavesTop
        }
    }

    public init(files: [Text] = [], directories: [Directory] = [], ignored: [Text] = []) {
        self.files = files
        self.directories = directories
        self.ignored = ignored
    }

    /// Nothing is both to be removed and to be left. What was asked for before holds; a directory named again gets the
    /// stronger directives.
    mutating func add(_ wish: CleanupWish) throws(Status) {
        let kept = ignored + wish.ignored
        let doomed = files + wish.files + directories.map { $0.path } + wish.directories
        guard !doomed.contains(where: { kept.contains($0) }) else { throw .conflictingCleanupDirectives }
        for path in wish.files where !files.contains(path) { files.append(path) }
        for path in wish.ignored where !ignored.contains(path) { ignored.append(path) }
        for path in wish.directories {
            guard let place = directories.firstIndex(where: { $0.path == path }) else {
                directories.append(wish.directory(path))
                continue
            }
            let more = wish.directory(path)
            directories[place].isRecursive = directories[place].isRecursive || more.isRecursive
            directories[place].onlyEmpty = directories[place].onlyEmpty || more.onlyEmpty
            directories[place].leavesTop = directories[place].leavesTop || more.leavesTop
        }
    }

    func perform(uid: UInt32, gid: UInt32) {
        var removal = Removal(uid: uid, gid: gid, ignored: ignored)
        for file in files { removal.removeFile(file) }
        for directory in directories {
            removal.isRecursive = directory.isRecursive
            removal.onlyEmpty = directory.onlyEmpty
            removal.leavesTop = directory.leavesTop
            removal.removeDirectory(directory.path)
        }
    }
}

/// The directives of one request, as far as they are about cleaning up.
struct CleanupWish {
    private(set) var files: [Text] = []
    private(set) var directories: [Text] = []
    private(set) var ignored: [Text] = []
    private var isRecursive = false
    private var onlyEmpty = false
    private var leavesTop = false
    /// How many directives these are; nothing is asked for without any.
    private(set) var count = 0

    init(_ directives: [Info]) throws(Status) {
        for info in directives {
            switch info.key {
            case .registerCleanup: files += try CleanupWish.paths(info.value)
            case .registerCleanupDirectory: directories += try CleanupWish.paths(info.value)
            case .cleanupIgnore: ignored += try CleanupWish.paths(info.value)
            case .cleanupRecursive: isRecursive = info.value.asBool ?? false
            case .cleanupEmptyOnly: onlyEmpty = info.value.asBool ?? false
            case .cleanupLeaveTop: leavesTop = info.value.asBool ?? false
            default: continue
            }
            count += 1
        }
    }

    /// A path's last slashes mean nothing, and two forms of one path are to be seen as that.
    private static func paths(_ value: Value) throws(Status) -> [Text] {
        guard let text = value.asText else { throw .badParameter }
        return text.split(UInt8(ascii: ",")).map { path in
            var bytes = path.bytes
            while bytes.count > 1 && bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
            return Text(bytes)
        }
    }

    func directory(_ path: Text) -> Epilog.Directory {
        Epilog.Directory(path: path, isRecursive: isRecursive, onlyEmpty: onlyEmpty, leavesTop: leavesTop)
    }
}

/// Whose end is waited for, and whose rights the removal has.
public struct Cleanup {
    public enum Owner: Equatable {
        case connection(UInt32)
        case job(Namespace)
    }

    public let owner: Owner
    public let uid: UInt32
    public let gid: UInt32
    public var epilog: Epilog

    public init(owner: Owner, uid: UInt32, gid: UInt32, _ epilog: Epilog = Epilog()) {
        self.owner = owner
        self.uid = uid
        self.gid = gid
        self.epilog = epilog
    }
}

extension Server {
    /// Directives to clean up after processes are for this server; all others are for the host.
    func jobControl(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let targets = try unpacker.procs()
        let directives = try unpacker.infos()
        do throws(Status) {
            let wish = try CleanupWish(directives)
            if wish.count > 0 { try register(wish, request.peer, targets) }
            if wish.count > 0 && wish.count == directives.count { return request.reply(.success) }
        } catch {
            return request.reply(error)
        }
        guard let jobControl = host.jobControl else { return request.reply(.notSupported) }
        ask({ jobControl(request.proc, targets, directives, $0) }) { request.reply($0, $1) }
    }

    /// No targets are the caller's whole job, whose end is its deregistration. Others' ends may be waited for, too: what is
    /// removed then is the caller's own, with the caller's rights.
    private func register(_ wish: CleanupWish, _ peer: Peer, _ targets: [Proc]) throws(Status) {
        var owners: [(owner: Cleanup.Owner, uid: UInt32, gid: UInt32)] = []
        for target in targets.isEmpty ? [Proc(peer.proc.nspace, .wildcard)] : targets {
            if target.rank == .wildcard {
                owners.append((.job(target.nspace), peer.uid, peer.gid))
                continue
            }
            // Ranks that are not here are passed over, as OpenPMIx does: others may be.
            for one in openPeers where one.proc == target && one.uid == peer.uid {
                owners.append((.connection(one.index), one.uid, one.gid))
            }
        }
        if owners.isEmpty { throw .notFound }
        // All of it or nothing.
        var changed = cleanups
        for (owner, uid, gid) in owners {
            if let place = changed.firstIndex(where: { $0.owner == owner && $0.uid == uid }) {
                try changed[place].epilog.add(wish)
            } else {
                var cleanup = Cleanup(owner: owner, uid: uid, gid: gid)
                try cleanup.epilog.add(wish)
                changed.append(cleanup)
            }
        }
        cleanups = changed
        guard let onCleanup else { return }
        for cleanup in cleanups where owners.contains(where: { $0.owner == cleanup.owner && $0.uid == cleanup.uid }) {
            onCleanup(cleanup, false)
        }
    }

    func cleanUp(after peer: Peer) {
        perform { $0 == .connection(peer.index) }
    }

    func cleanUp(after nspace: Namespace) {
        perform { $0 == .job(nspace) }
    }

    func cleanUp() {
        perform { _ in true }
    }

    private func perform(_ isDue: (Cleanup.Owner) -> Bool) {
        let (due, kept) = cleanups.partitioned { isDue($0.owner) }
        cleanups = kept
        for cleanup in due {
            cleanup.perform()
            onCleanup?(cleanup, true)
        }
    }
}

extension Cleanup {
    public func perform() {
        epilog.perform(uid: uid, gid: gid)
    }
}
