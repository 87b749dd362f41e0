import PMIxWire
import Sockets

/// Events kept for peers that were not there, or had not asked, when they happened. So many at most, so long at most;
/// the oldest goes first. Each peer gets each event once.
struct EventCache {
    private struct Entry {
        let event: Event
        let deadline: Deadline
        var told: Set<UInt32>
        /// Named targets that have not been told yet; nil when they cannot be counted.
        var outstanding: Int?
    }

    private let capacity: Int
    private let seconds: UInt64
    private var entries: [Entry] = []

    init(capacity: Int, seconds: UInt64) {
        self.capacity = capacity
        self.seconds = seconds
    }

    var count: Int { entries.count }

    mutating func keep(_ event: Event, told: Set<UInt32>, outstanding: Int?) {
        if let outstanding, outstanding <= 0 { return }
        guard capacity > 0 else { return }
        expire()
        if entries.count >= capacity { entries.removeFirst(entries.count - capacity + 1) }
        let entry = Entry(event: event, deadline: Deadline(seconds: seconds), told: told, outstanding: outstanding)
        entries.append(entry)
    }

    /// What this peer has not been told yet, marked as told.
    mutating func pending(for peer: Peer, where wanted: (Event) -> Bool) -> [Event] {
        if entries.isEmpty { return [] }
        expire()
        var found: [Event] = []
        for place in entries.indices {
            let event = entries[place].event
            guard event.isFor(peer), wanted(event), entries[place].told.insert(peer.index).inserted else { continue }
            if let outstanding = entries[place].outstanding { entries[place].outstanding = outstanding - 1 }
            found.append(event)
        }
        entries.removeAll { ($0.outstanding ?? 1) <= 0 }
        return found
    }

    /// The peer has gone: events meant for it alone have nobody left to go to.
    mutating func forget(_ peer: Peer) {
        entries.removeAll { entry in
            guard let targets = entry.event.targets else { return false }
            return targets.allSatisfy { $0 == peer.proc }
        }
    }

    private mutating func expire() {
        entries.removeAll { $0.deadline.hasPassed }
    }
}
