import Bytes
import PMIxWire

// Ranks that a debugger wants stopped say when they are. The host hears it once, for all of them on this node.
extension Server {
    /// nil while some of those that the job wants stopped there are still under way.
    func gather(_ event: Event) -> Event? {
        guard let job = jobs[event.source.nspace], let place = event.infos[.breakpoint]?.asText else { return event }
        let keys: [Key] = place == "pmix-init" ? [.stopInInit] : [.stopInApp, .stopOnExec]
        guard let directive = keys.lazy.compactMap({ job.data.job[$0] }).first else { return event }
        let wanted = job.members.keys.filter { directive.concerns($0) }
        guard wanted.contains(event.source.rank) else { return event }
        job.stopped[place, default: []].insert(event.source.rank)
        guard let arrived = job.stopped[place], wanted.allSatisfy({ arrived.contains($0) }) else { return nil }
        job.stopped[place] = nil
        return Event(event.status, source: Proc(job.nspace, .localPeers), range: event.range, infos: event.infos)
    }
}
