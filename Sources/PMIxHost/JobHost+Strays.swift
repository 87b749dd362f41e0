import Bytes
import CLaunch
import CLibc
import PMIxWire
import Reactor

// What processes have started and put into groups and sessions of its own. Whoever of it loses its parent becomes a child
// of muster's.
extension JobHost {
    /// Each time all there are get killed, and then their children are ours.
    private static let rounds = 200
    private static let roundMicroseconds: UInt32 = 1000
    private static let mostChildren = 4096
    private static let burialMilliseconds: UInt64 = 500

    private func strays() -> [Int32] {
        let children = [Int32](unsafeUninitializedCapacity: JobHost.mostChildren) { room, count in
            guard let start = room.baseAddress else { return }
            count = launch_children(start, JobHost.mostChildren)
        }
        return children.filter { ranksByProcess[$0] == nil && $0 != guardProcess }
    }

    /// Kills what a job has left behind; nil: what any has.
    func sweep(_ job: HostedJob?) {
        for _ in 0..<JobHost.rounds {
            var left = strays()
            if let job, !left.isEmpty {
                System.withCString("PMIX_NAMESPACE=" + job.nspace) { name in
                    left = left.filter { launch_was_given($0, name) != 0 }
                }
            }
            if left.isEmpty { return }
            for stray in left { _ = CLibc.kill(stray, SIGKILL) }
            usleep(JobHost.roundMicroseconds)
            for stray in left { _ = launch_reap_ended(stray) }
        }
    }

    /// Those that end while their job goes on, a while after they do, all at once.
    func buryLater() {
        guard burial == nil else { return }
        burial = Timer(loop, milliseconds: JobHost.burialMilliseconds) { [unowned self] in
            burial = nil
            for stray in strays() { _ = launch_reap_ended(stray) }
        }
    }
}
