import Bytes
import PMIxWire
import Reactor

/// A job muster runs: its processes, who asked for it, how far it is. On the loop.
final class HostedJob {
    let nspace: Namespace
    /// 1 for the command line's, then counting.
    let number: Int
    let description: JobDescription
    /// The process that asked for it.
    let parent: Proc?
    /// How many processes the jobs before it have.
    let offset: Int
    var ranks: [HostedRank] = []
    /// Its own end and its parent's are no business of each other.
    var isSeparate = false
    /// Its parent wants to hear when it has ended.
    var notifiesParent = false
    /// Somebody is to see its output over PMIx.
    var isForwarded = false
    /// Channels that whoever asked for the job shows, so that muster does not.
    var shownElsewhere: UInt16 = 0
    var isPaused = false
    /// nil while it runs: how it ended.
    var ending: Status?
    /// It has been told to end.
    var isEnding = false
    // The steps after its processes have ended.
    var isWaitingForLeftovers = false
    var isClosed = false
    var isRetired = false

    init(_ nspace: Namespace, number: Int, _ description: JobDescription, parent: Proc?, offset: Int) {
        self.nspace = nspace
        self.number = number
        self.description = description
        self.parent = parent
        self.offset = offset
        var next = 0
        for (place, program) in description.programs.enumerated() {
            for position in 0..<program.count {
                let proc = Proc(nspace, Rank(UInt32(next)))
                ranks.append(HostedRank(proc, self, program: place, position: position))
                next += 1
            }
        }
    }

    /// All its processes have ended, and everything they wrote has been read.
    var isOver: Bool { ranks.allSatisfy { $0.isOver } }
    var hasEnded: Bool { ranks.allSatisfy { $0.hasEnded } }

    func rank(_ rank: Rank) -> HostedRank? {
        Int(rank.rawValue) < ranks.count ? ranks[Int(rank.rawValue)] : nil
    }
}

/// One process of a job.
final class HostedRank {
    enum Outcome: Equatable {
        case exited(Int32)
        case killed(Int32)
        /// It was never started.
        case cancelled
    }

    let proc: Proc
    unowned let job: HostedJob
    let program: Int
    /// Its place among the processes of its program.
    let position: Int
    var pid: Int32 = 0
    /// Until it is known to run its program.
    var launch: Launch?
    var outcome: Outcome?
    /// It has been stopped before its program's first instruction.
    var isHeld = false
    var hasConnected = false
    /// Its forked children connect under its name, too.
    var connectionCount = 0
    var hasFinalized = false
    /// Muster ended it, or was told that it would end: whatever its outcome is, it is no failure.
    var isExpectedToEnd = false
    /// Tells of its end.
    var ending: System.Descriptor?
    var endWatcher: Watcher?
    var openStreams = 0
    var input: RankInput?
    var streams: [RankStream] = []

    init(_ proc: Proc, _ job: HostedJob, program: Int, position: Int) {
        self.proc = proc
        self.job = job
        self.program = program
        self.position = position
    }

    var stopsOnExec: Bool { job.description.stops[.stopOnExec]?.concerns(proc.rank) ?? false }
    var localRank: Int { Int(proc.rank.rawValue) }
    var isRunning: Bool { pid > 0 && outcome == nil }
    var hasEnded: Bool { outcome != nil }
    var isOver: Bool { outcome != nil && openStreams == 0 }

    /// For people.
    var title: String {
        let name = job.description.programs[program].name.description
        let process = pid > 0 ? ", pid \(pid)" : ""
        let nspace = job.number == 1 ? "" : " of " + job.nspace.description
        return "rank \(proc.rank.rawValue)\(nspace) (\(name)\(process))"
    }

    /// `pmix_proc_state_t`.
    var state: UInt8 {
        switch outcome {
        case nil: pid == 0 ? 1 : hasConnected && !hasFinalized ? 6 : 5
        case .exited(0): hasConnected && !hasFinalized ? 55 : 20
        case .exited: 62
        case .killed: isExpectedToEnd ? 51 : 54
        case .cancelled: 53
        }
    }

    var exitStatus: Int32 {
        switch outcome {
        case .exited(let code): code
        case .killed(let number): 128 + number
        case nil, .cancelled: 0
        }
    }
}
