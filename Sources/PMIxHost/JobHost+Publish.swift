import Bytes
import PMIxServer
import PMIxWire
import Reactor

/// A lookup that waits for keys to be published.
final class WaitingLookup {
    let asker: Proc
    let keys: [Key]
    let infos: [Info]
    /// How many keys are enough.
    let enough: Int
    let done: (Status, [PublishedValue]) -> Void
    var timer: Timer?

    init(
        _ asker: Proc, _ keys: [Key], _ infos: [Info], enough: Int, _ done: @escaping (Status, [PublishedValue]) -> Void
    ) {
        self.asker = asker
        self.keys = keys
        self.infos = infos
        self.enough = enough
        self.done = done
    }
}

extension JobHost {
    func publish(_ proc: Proc, _ infos: [Info]) -> Status {
        let status = published.publish(proc, infos)
        guard status == .success else { return status }
        for lookup in lookups where published.count(lookup.asker, lookup.keys, lookup.infos) >= lookup.enough {
            lookups.removeAll { $0 === lookup }
            answer(lookup)
        }
        return .operationSucceeded
    }

    func lookup(
        _ proc: Proc, _ keys: [Key], _ infos: [Info], _ done: @escaping (Status, [PublishedValue]) -> Void
    ) -> Status {
        var enough = 0
        // As a flag it means all of them, as a number so many.
        if let wait = infos[.wait] {
            let number = wait.type == .bool ? 0 : Int(clamping: wait.asUnsigned ?? 0)
            if wait.asBool ?? true || wait.type != .bool { enough = number > 0 ? min(number, keys.count) : keys.count }
        }
        let lookup = WaitingLookup(proc, keys, infos, enough: enough, done)
        if published.count(proc, keys, infos) >= enough {
            answer(lookup)
            return .success
        }
        lookups.append(lookup)
        if let seconds = infos[.timeout]?.asUnsigned, seconds > 0 {
            lookup.timer = Timer(loop, milliseconds: min(seconds, 1 << 40) * 1000) { [unowned self, unowned lookup] in
                let done = lookup.done
                lookups.removeAll { $0 === lookup }
                done(.timeout, [])
            }
        }
        return .success
    }

    private func answer(_ lookup: WaitingLookup) {
        lookup.timer?.cancel()
        let found = published.lookup(lookup.asker, lookup.keys, lookup.infos)
        if found.isEmpty { return lookup.done(.notFound, []) }
        lookup.done(found.count == lookup.keys.count ? .success : .partialSuccess, found)
    }
}
