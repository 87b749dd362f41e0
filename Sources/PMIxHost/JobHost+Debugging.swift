import CLibc
import PMIxServer
import PMIxWire

// Processes that a debugger wants stopped: at their program's first instruction, in PMIx_Init, or where they stop by
// themselves. Whoever has asked for the job hears when all of them are there.
extension JobHost {
    static let stops: [Key] = [.stopOnExec, .stopInInit, .stopInApp]

    /// Its processes have been started, and those that were to stop at once have.
    func tellOfHeld(_ job: HostedJob) {
        guard job.ranks.contains(where: { $0.isHeld }) else { return }
        tellOfStopped(job, [Info(.breakpoint, .string("exec"))])
    }

    /// The server has gathered what they said.
    func tellOfStopped(_ event: Event) {
        guard let job = job(event.source.nspace) else { return }
        tellOfStopped(job, event.infos.filter { $0.key == .breakpoint })
    }

    private func tellOfStopped(_ job: HostedJob, _ infos: [Info]) {
        guard let parent = job.parent else { return }
        let infos = infos + [Info(.eventNonDefault, .bool(true)), Info(.eventCustomRange, .procs([parent]))]
        let all = Proc(job.nspace, .wildcard)
        server.notify(Event(.readyForDebug, source: all, range: .custom, infos: infos)) { _ in }
    }

    /// In PMIx_Init they hear it themselves.
    func releaseHeld(_ event: Event) {
        for job in jobs {
            for rank in job.ranks where rank.isHeld && event.reaches(rank.proc) {
                rank.isHeld = false
                signal(rank, SIGCONT)
            }
        }
    }
}
