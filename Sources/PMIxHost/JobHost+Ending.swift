import Bytes
import CLaunch
import CLibc
import PMIxServer
import PMIxWire
import Reactor

// How processes and jobs end, by themselves or because they have to.
extension JobHost {
    /// Between the request to end and the end.
    private static let patienceMilliseconds: UInt64 = 2000
    /// What ended processes have left running may finish what it writes.
    private static let leftoverMilliseconds: UInt64 = 1000
    /// After everything has been killed nothing is written any more but by those that hid.
    private static let drainMilliseconds: UInt64 = 200

    /// A process whose connection has broken is about to end, most likely, and its end says more.
    private static let brokenMilliseconds: UInt64 = 1000

    // MARK: A process has ended

    func ended(_ rank: HostedRank, _ outcome: HostedRank.Outcome) {
        guard rank.outcome == nil else { return }
        rank.outcome = outcome
        let failure = rank.launch?.failure
        rank.launch = nil
        rank.endWatcher?.cancel()
        rank.endWatcher = nil
        rank.ending = nil
        rank.input?.close()
        published.forget(rank.proc)
        if let failure {
            rank.outcome = .cancelled
            neverStarted(rank, failure)
        } else {
            judge(rank)
        }
        progress?.show()
        consider(rank.job)
    }

    private func neverStarted(_ rank: HostedRank, _ why: String) {
        if rank.isExpectedToEnd || rank.job.isEnding { return }
        fail("\(rank.title) could not be started: \(why)", 126, rank.job)
    }

    /// Whether this end is a failure of the whole job. Those that wait for a process that is lost often fail as well, and
    /// may be seen to end before it: while one that broke off earlier still runs they are not blamed.
    private func judge(_ rank: HostedRank) {
        if rank.isExpectedToEnd || rank.job.isEnding { return }
        if let failure = failure(of: rank) {
            let earlier = suspects.prefix { $0 !== rank }
            if earlier.contains(where: { $0.isRunning && !$0.isExpectedToEnd }) { return deferred.append(rank) }
            return fail(rank, failure.status, rank.title + " " + failure.message, failure.code)
        }
        acquit(rank)
    }

    /// It was not this one: those who failed meanwhile are judged for themselves.
    private func acquit(_ rank: HostedRank) {
        guard suspects.contains(where: { $0 === rank }) else { return }
        suspects.removeAll { $0 === rank }
        let waiting = deferred
        deferred = []
        for one in waiting { judge(one) }
    }

    private func failure(of rank: HostedRank) -> (status: Status, message: String, code: Int32)? {
        switch rank.outcome {
        case .killed(let number):
            (.jobAbortedBySignal, "was killed by \(System.name(ofSignal: number))", 128 + number)
        case .exited(let code) where code != 0:
            (.jobEndedNonZero, "exited with status \(code)", code)
        case .exited where rank.hasConnected && !rank.hasFinalized:
            (.jobEndedWithoutSync, "exited after PMIx_Init without PMIx_Finalize", 1)
        case .exited where !rank.hasConnected && rank.job.ranks.contains { $0.hasConnected && !$0.hasFinalized }:
            (.jobEndedWithoutSync, "exited without PMIx_Init, which others have called", 1)
        default: nil
        }
    }

    /// One that ended before any other had called PMIx_Init is missing from now on.
    func lookForAbsent(_ job: HostedJob) {
        guard !job.isEnding, let absent = job.ranks.first(where: { $0.hasEnded && !$0.hasConnected }) else { return }
        judge(absent)
    }

    /// What the server has found out: here the connections that ended without a word.
    func heard(_ event: Event) {
        if event.status == .debuggerRelease { releaseHeld(event) }
        guard event.status == .lostConnection, let proc = event.affected?.first, let rank = rank(proc) else { return }
        rank.connectionCount -= 1
        guard rank.connectionCount <= 0, !rank.hasFinalized else { return }
        suspects.append(rank)
        after(milliseconds: JobHost.brokenMilliseconds) { [unowned self, unowned rank] in
            guard rank.isRunning, rank.connectionCount <= 0, !rank.isExpectedToEnd, !rank.job.isEnding else {
                return acquit(rank)
            }
            fail(rank, .jobEndedWithoutSync, "\(rank.title) broke its connection without PMIx_Finalize", 1)
        }
    }

    private func fail(_ rank: HostedRank, _ status: Status, _ message: String, _ code: Int32) {
        rank.job.ending = status
        fail(message, code, rank.job)
    }

    /// The first failure is the reason that is told, and the exit status. `job`: whose it is, nil for muster's own.
    func fail(_ message: String, _ code: Int32, _ job: HostedJob? = nil) {
        if let job, job.isSeparate {
            say(message + "; its job ends")
            return end(job)
        }
        if exitCode == nil {
            exitCode = code
            say(jobs.contains { !$0.hasEnded } ? message + "; the job ends" : message)
        }
        for job in jobs where !job.isSeparate { end(job) }
    }

    // MARK: Ending

    /// Asks the processes to end, and kills those that do not.
    func end(_ job: HostedJob) {
        guard !job.isEnding else { return }
        job.isEnding = true
        for rank in job.ranks where rank.outcome == nil && rank.pid == 0 { rank.outcome = .cancelled }
        end(job.ranks)
        consider(job)
    }

    func end(_ ranks: [HostedRank]) {
        let running = ranks.filter { $0.isRunning }
        if running.isEmpty { return }
        for rank in running {
            rank.isExpectedToEnd = true
            signal(rank, SIGTERM)
            signal(rank, SIGCONT)
        }
        after(milliseconds: JobHost.patienceMilliseconds) { [unowned self] in kill(running) }
    }

    func kill(_ ranks: [HostedRank]) {
        for rank in ranks where rank.isRunning {
            rank.isExpectedToEnd = true
            signal(rank, SIGKILL)
        }
    }

    /// To the process and whatever it has started.
    func signal(_ rank: HostedRank, _ number: Int32) {
        if rank.isRunning { _ = launch_signal_group(rank.pid, number) }
    }

    // MARK: A job is over

    /// Looks whether the job, or everything, is over.
    func consider(_ job: HostedJob) {
        guard job.hasEnded, !job.isClosed else { return }
        if job.isOver || job.isEnding { return close(job) }
        guard !job.isWaitingForLeftovers else { return }
        job.isWaitingForLeftovers = true
        after(milliseconds: JobHost.leftoverMilliseconds) { [unowned self, unowned job] in close(job) }
    }

    /// Nothing of it is left running. The processes themselves are let go of only now: until then their numbers, which
    /// their groups have too, were theirs.
    private func close(_ job: HostedJob) {
        guard !job.isClosed else { return }
        job.isClosed = true
        for rank in job.ranks where rank.pid > 0 {
            _ = launch_signal_group(rank.pid, SIGKILL)
            tellGuard(.forget(rank.pid))
            ranksByProcess[rank.pid] = nil
            launch_reap(rank.pid)
        }
        sweep(job)
        if job.isOver { return retire(job) }
        after(milliseconds: JobHost.drainMilliseconds) { [unowned self, unowned job] in
            for rank in job.ranks {
                for stream in rank.streams { stream.end() }
            }
            retire(job)
        }
    }

    func streamEnded(_ rank: HostedRank) {
        if rank.job.isClosed { return retire(rank.job) }
        consider(rank.job)
    }

    private func retire(_ job: HostedJob) {
        guard job.isOver, !job.isRetired else { return }
        job.isRetired = true
        announceEnd(of: job)
        for name in job.description.programs.compactMap({ $0.processSet }) { server.deleteProcessSet(name) { _ in } }
        published.forget(job.nspace)
        server.deregisterNamespace(job.nspace) { _ in }
        if jobs.allSatisfy({ $0.isRetired }) {
            // What was announced is still to be sent.
            loop.post { [self] in finish() }
        }
    }

    /// To the parent if it asked, and to whoever registered for the ends of jobs.
    private func announceEnd(of job: HostedJob) {
        let code = job.ranks.first { $0.exitStatus != 0 && !$0.isExpectedToEnd }?.exitStatus ?? 0
        var infos: [Info] = [
            Info(.eventAffectedProc, .proc(Proc(job.nspace, .wildcard))),
            Info(.jobTermination, .status(job.ending ?? .success)),
            Info(.exitCode, Value(.int, .signed(Int64(code)))),
            // Whoever handles all there is takes it for an error of its own: Open MPI ends the parents.
            Info(.eventNonDefault, .bool(true)),
        ]
        var range = DataRange.session
        if job.notifiesParent, let parent = job.parent {
            range = .custom
            infos.append(Info(.eventCustomRange, .proc(parent)))
        }
        server.notify(Event(.jobTerminated, source: server.identity, range: range, infos: infos)) { _ in }
    }

    // MARK: Signals for muster

    func received(_ number: Int32) {
        let running = jobs.flatMap { $0.ranks }.filter { $0.isRunning }
        switch number {
        case SIGCHLD: buryLater()
        case SIGINT, SIGTERM:
            interruptCount += 1
            if interruptCount > 1 {
                if exitCode == nil { exitCode = 128 + number }
                return killEverything()
            }
            for rank in running { signal(rank, number) }
        case SIGTSTP:
            for rank in running { signal(rank, SIGSTOP) }
            raise(SIGSTOP)
        default:
            for rank in running { signal(rank, number) }
        }
    }

    private func killEverything() {
        for job in jobs {
            job.isEnding = true
            for rank in job.ranks where rank.outcome == nil && rank.pid == 0 { rank.outcome = .cancelled }
            kill(job.ranks)
            consider(job)
        }
    }
}
