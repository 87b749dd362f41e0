import CLibc
import PMIxServer
import PMIxWire

// Job control: what processes and tools may do to others of this session.
extension JobHost {
    /// No targets: the caller's own job.
    func control(_ asker: Proc, _ procs: [Proc], _ directives: [Info]) -> Status {
        let targets = procs.isEmpty ? job(asker.nspace)?.ranks ?? [] : procs.flatMap { ranks($0) }
        guard !targets.isEmpty else { return .notFound }
        var isDone = false
        for directive in directives where directive.value.asBool ?? true {
            switch directive.key {
            case .controlPause: pause(targets, SIGSTOP, true)
            case .controlResume: pause(targets, SIGCONT, false)
            case .controlKill, .controlCancel: kill(targets)
            case .controlTerminate: end(targets)
            case .controlSignal:
                guard let number = directive.value.asUnsigned, (1...64).contains(number) else { return .badParameter }
                for target in targets { signal(target, Int32(number)) }
            default:
                if directive.isRequired { return .notSupported }
                continue
            }
            isDone = true
        }
        return isDone ? .success : .notSupported
    }

    private func pause(_ targets: [HostedRank], _ number: Int32, _ pauses: Bool) {
        for target in targets {
            signal(target, number)
            target.job.isPaused = pauses
        }
    }
}
