import Bytes
import PMIxWire
import Sockets

/// What has been shown since the last fence, sent to all its callers along with their status, so that nobody has to fetch it.
///
/// Only a collecting fence begins this. Peers of ours say in their greeting that they read on after the status; for all others
/// the same answer ends there, and they fetch.
struct News {
    private let objects: (Dialect) -> [[UInt8]]
    private var packed: [Dialect: [UInt8]] = [:]

    init(_ objects: @escaping (Dialect) -> [[UInt8]]) {
        self.objects = objects
    }

    /// The answer to one caller, packed once for each dialect.
    mutating func answer(to caller: Request) -> [UInt8] {
        let dialect = caller.peer.dialect
        if let known = packed[dialect] { return known }
        let all = objects(dialect)
        var answer = caller.answer(.success, reserving: all.reduce(16) { $0 + $1.count })
        for object in all { answer.writer.append(object) }
        packed[dialect] = answer.bytes
        return answer.bytes
    }
}

extension Server {
    /// More than this goes to nobody unasked: a job that shows so much is not one whose every rank reads it all.
    private static let mostNews = 1 << 20

    /// nil when there is nothing to tell. A fence that does not collect brings up to date what an earlier one that did has sent.
    func news(of collective: Collective) -> News? {
        guard collective.callers.contains(where: { $0.peer.takesNews }) else { return nil }
        var members: [Member] = []
        var remote: [(job: Job, rank: Rank)] = []
        for job in collective.nspaces.compactMap({ jobs[$0] }) {
            for member in job.members.values where isNews(member.local, member.proc, collective) {
                members.append(member)
            }
            for (rank, shown) in job.imported where isNews(shown, shown.proc, collective) { remote.append((job, rank)) }
        }
        let byteCount = lock.withLock {
            members.reduce(0) { $0 + $1.local.object(.server).count }
                + remote.reduce(0) { $0 + ($1.job.imported[$1.rank]?.object(.server).count ?? 0) }
        }
        // Alone one knows one's own.
        if members.count + remote.count < 2 && collective.callers.count < 2 { return nil }
        guard byteCount > 0, byteCount <= Server.mostNews else { return nil }
        lock.withLock {
            for member in members { member.local.markShared() }
            for (job, rank) in remote { job.imported[rank]?.markShared() }
        }
        return News { [self] dialect in
            lock.withLock {
                members.map { $0.local.object(dialect) }
                    + remote.map { $0.job.imported[$0.rank]?.object(dialect) ?? [] }
            }
        }
    }

    private func isNews(_ shown: Shown, _ proc: Proc, _ collective: Collective) -> Bool {
        shown.isNews && (collective.isCollecting || shown.wasShared) && collective.includes(proc)
    }
}
