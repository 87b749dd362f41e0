import Bytes
import PMIxWire

/// Files a process wants removed when it, or its whole job, has gone: however it went. Only what its own user owns is
/// touched.
struct Cleanup {
    enum Owner: Equatable {
        case connection(UInt32)
        case job(Namespace)
    }

    let owner: Owner
    let uid: UInt32
    private let files: [Text]
    private let directories: [Text]
    private let removal: ServerFiles.Removal

    static func isMeant(by directives: [Info]) -> Bool {
        directives.contains { $0.key == .registerCleanup || $0.key == .registerCleanupDirectory }
    }

    init(_ owner: Owner, uid: UInt32, _ directives: [Info]) {
        self.owner = owner
        self.uid = uid
        func paths(_ key: Key) -> [Text] {
            directives.filter { $0.key == key }.flatMap { $0.value.asText?.split(UInt8(ascii: ",")) ?? [] }
        }
        files = paths(.registerCleanup)
        directories = paths(.registerCleanupDirectory)
        removal = ServerFiles.Removal(
            uid: uid, isRecursive: directives.isTrue(.cleanupRecursive),
            onlyEmpty: directives.isTrue(.cleanupEmptyOnly), leavesTop: directives.isTrue(.cleanupLeaveTop),
            ignored: paths(.cleanupIgnore))
    }

    func perform() {
        for file in files { removal.removeFile(file) }
        for directory in directories { removal.removeDirectory(directory) }
    }
}

extension Server {
    /// No targets: the process that asks. A whole job: when the job is deregistered.
    func registerCleanup(_ peer: Peer, _ targets: [Proc], _ directives: [Info]) -> Status {
        if targets.isEmpty {
            cleanups.append(Cleanup(.connection(peer.index), uid: peer.uid, directives))
            return .success
        }
        for target in targets {
            // Nobody orders removals on behalf of somebody else's job.
            guard target.nspace == peer.proc.nspace else { return .noPermissions }
            if target.rank == .wildcard {
                cleanups.append(Cleanup(.job(target.nspace), uid: peer.uid, directives))
                continue
            }
            let connections = openPeers.filter { $0.proc == target && $0.uid == peer.uid }
            guard !connections.isEmpty else { return .notFound }
            for one in connections { cleanups.append(Cleanup(.connection(one.index), uid: one.uid, directives)) }
        }
        return .success
    }

    func cleanUp(after peer: Peer) {
        perform { $0 == .connection(peer.index) }
    }

    func cleanUp(after nspace: Namespace) {
        perform { $0 == .job(nspace) }
    }

    private func perform(_ isDue: (Cleanup.Owner) -> Bool) {
        let (due, kept) = cleanups.partitioned { isDue($0.owner) }
        cleanups = kept
        for cleanup in due { cleanup.perform() }
    }
}
