import Bytes
import PMIxWire
import Sockets

extension Key {
    /// An attribute of ours: what processes wait for each other in.
    public static let pending: Key = "muster.pending"
    public static let pendingCollective: Key = "muster.pending.collective"
    public static let pendingOperation: Key = "muster.pending.operation"
    public static let pendingProcs: Key = "muster.pending.procs"
    public static let pendingArrived: Key = "muster.pending.arrived"
    public static let pendingMissing: Key = "muster.pending.missing"
    public static let pendingSeconds: Key = "muster.pending.seconds"
    public static let pendingAtHost: Key = "muster.pending.at.host"
    public static let pendingElsewhere: Key = "muster.pending.elsewhere"
    /// Another: the processes that this server has been told of.
    public static let serverProcesses: Key = "muster.processes"
}

extension Collective.Kind {
    fileprivate var word: Text {
        switch self {
        case .fence: "fence"
        case .connect: "connect"
        case .disconnect: "disconnect"
        case .construct: "group construct"
        case .destruct: "group destruct"
        }
    }

    fileprivate var group: Text? {
        switch self {
        case .construct(let name), .destruct(let name): name
        default: nil
        }
    }
}

// What nobody else can tell of a job that does not go on: who has called, and who has not.
extension Server {
    /// Every fence, connect, disconnect and group that has begun and not ended, of one job or of all; the oldest first.
    func pending(_ qualifiers: [Info]) -> Value {
        let nspace = qualifiers[.nspace]?.asText ?? qualifiers[.procID]?.asProc?.nspace
        let gathering = gathering.values.flatMap { $0 }
        let all = (gathering + atHost).filter { one in nspace.map { one.concerns($0) } ?? true }
        let sorted = all.sorted { $0.begun < $1.begun }
        return .infos(sorted.map { Info(.pendingCollective, .infos(describe($0))) })
    }

    private func describe(_ collective: Collective) -> [Info] {
        let seconds = (Deadline.now - min(collective.begun, Deadline.now)) / 1_000_000_000
        var infos = [Info(.pendingOperation, .string(collective.name.kind.word))]
        if let group = collective.name.kind.group { infos.append(Info(.groupName, .string(group))) }
        infos += [
            Info(.pendingProcs, .procs(collective.procs)),
            Info(.pendingArrived, .procs(collective.callers.map { $0.proc })),
            Info(.pendingMissing, .procs(missing(in: collective))),
            Info(.pendingSeconds, .uint32(UInt32(clamping: seconds))),
            Info(.pendingAtHost, .bool(atHost.contains { $0 === collective })),
            Info(.pendingElsewhere, .size(countElsewhere(collective))),
        ]
        return infos
    }

    /// How many participants other nodes have, as far as the jobs' sizes are known here.
    private func countElsewhere(_ collective: Collective) -> Int {
        var count = 0
        for proc in collective.name.procs {
            guard let job = jobs[proc.nspace], job.isComplete else { continue }
            if proc.rank != .wildcard {
                if job.members[proc.rank] == nil { count += 1 }
            } else if let size = job.data.jobSize {
                count += max(0, Int(size) - job.members.count)
            }
        }
        return count
    }

    /// The ranks of this node, of one job or of all, and how far they are with this server. Their host knows more.
    func processes(_ qualifiers: [Info]) -> Value {
        var table: [Content] = []
        for job in jobs.values where !job.isOfGuests && job.nspace == qualifiers[.nspace]?.asText ?? job.nspace {
            for member in job.members.values {
                table.append(
                    .procInfo(
                        ProcInfo(
                            proc: member.proc, host: options.hostname, executable: nil, pid: 0,
                            state: member.standing.state)))
            }
        }
        return Value(.dataArray, .array(DataArray(.procInfo, table)))
    }

    /// Ranks of this node that are waited for, and whole jobs whose ranks are not all known here yet.
    private func missing(in collective: Collective) -> [Proc] {
        var missing: [Proc] = []
        for proc in collective.name.procs {
            guard let job = jobs[proc.nspace], job.isComplete else {
                if collective.isGathering { missing.append(proc) }
                continue
            }
            let members = job.members.values.filter { proc.covers($0.proc) && collective.misses($0) }
            missing += members.map { $0.proc }.sorted { $0.rank.rawValue < $1.rank.rawValue }
        }
        return missing
    }
}

extension Member.Standing {
    /// As `pmix_proc_state_t` has it.
    fileprivate var state: UInt8 {
        switch self {
        case .expected: 1
        case .connected: 6
        case .finalized: 4
        case .lost: 56
        }
    }
}
