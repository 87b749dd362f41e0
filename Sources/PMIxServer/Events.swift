import Bytes
import PMIxWire
import Reactor

/// What one registration of a peer cares about. No codes of its own in the request means any code, kept as `.anyEvent`.
struct EventInterest {
    var codes: Set<Status>
    let affected: [Proc]?

    func wants(_ event: Event) -> Bool {
        (codes.contains(event.status) || (!event.isNonDefault && codes.contains(.anyEvent))) && event.concerns(affected)
    }
}

// Events travel from whoever notifies to every peer that has asked for their kind, once, but never back to the
// source. Handler order and the ranges of handlers are each process's own affair; the event's range is judged here.
extension Server {
    // MARK: Registering

    func registerEvents(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        var codes = Server.codes(try unpacker.list(.status))
        let infos = try unpacker.infos()
        // One list of processes to care about: which of two it would be, nobody could say.
        let lists = infos.filter { $0.key == .eventAffectedProc || $0.key == .eventAffectedProcs }
        guard lists.count < 2 else { return request.reply(.badParameter) }
        let environmental = codes.filter { $0.isEnvironmental }
        if codes.isEmpty { codes = [.anyEvent] }
        let affected = lists.first?.value.asProcs
        let interest = EventInterest(codes: Set(codes), affected: affected)
        if environmental.isEmpty { return accept(interest, request, .success) }
        // Each time: whose ends a process wants to hear of stands in the infos, and the host may grant it to one only.
        guard let register = host.registerEvents else { return request.reply(.notSupported) }
        ask({ register(codes, infos, $0) }) { [self] in accept(interest, request, $0) }
    }

    private static func codes(_ contents: [Content]) -> [Status] {
        contents.compactMap {
            if case .signed(let code) = $0 { Status(rawValue: Int32(truncatingIfNeeded: code)) } else { nil }
        }
    }

    /// The reply goes first: what happened before is then no surprise.
    private func accept(_ interest: EventInterest, _ request: Request, _ status: Status) {
        request.reply(status)
        guard status.isSuccess, request.peer.stage == .open, !request.peer.hasFinalized else { return }
        request.peer.interests.append(interest)
        for event in events.pending(for: request.peer, where: { interest.wants($0) }) {
            request.peer.send(event)
        }
    }

    /// The peer does not hear any more of these codes, and of none without them. A host that watches for some of them is
    /// told when nobody here does.
    func deafen(_ peer: Peer, to codes: Set<Status>? = nil) {
        let before = peer.interests.reduce(into: Set<Status>()) { $0.formUnion($1.codes) }
        for place in peer.interests.indices { peer.interests[place].codes.subtract(codes ?? before) }
        peer.interests.removeAll { $0.codes.isEmpty }
        let unheard = before.filter { code in
            code.isEnvironmental && !peers.values.contains { $0.interests.contains { $0.codes.contains(code) } }
        }
        if !unheard.isEmpty, let deregister = host.deregisterEvents { ask({ deregister(Array(unheard), $0) }) { _ in } }
    }

    /// DEREGEVENTS: codes up to the end, perhaps none. Never answered.
    func deregisterEvents(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        var gone: [Status] = []
        do throws(Malformed) {
            while !unpacker.isAtEnd { gone += Server.codes(try unpacker.items(.status)) }
        } catch {
            return
        }
        deafen(request.peer, to: Set(gone))
    }

    // MARK: Notifying

    /// NOTIFY from a client.
    func notify(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let status = try unpacker.status()
        let range = DataRange(rawValue: try unpacker.byte(.dataRange))
        var event = Event(status, source: request.proc, range: range, infos: try unpacker.infos())
        // Another server has passed this on already: it has been everywhere.
        if event.infos[.serverNotified] != nil { return request.reply(.success) }
        guard isPossible(event) else { return request.reply(.badParameter) }
        event.infos.append(Info(.serverNotified, .bool(true)))
        if status == .readyForDebug {
            guard let whole = gather(event) else { return request.reply(.success) }
            event = whole
        }
        recordGroup(event)
        deliver(event)
        if event.reachesServer(identity) { onLocalEvent?(event) }
        if range == .local || range == .processLocal { return request.reply(.success) }
        // Who is here has been told; a host that carries events no further does not make that a failure.
        guard let notify = host.notifyEvent else { return request.reply(.success) }
        ask({ notify(event, $0) }) { request.reply($0) }
    }

    /// PMIx_Notify_event called by the host's own process: for this node's clients and for the handlers of this
    /// process. It does not go back to the host's `notifyEvent`.
    public func notify(_ event: Event, done: @escaping Host.Done) {
        loop.post { [self] in
            guard isPossible(event) else { return done(.badParameter) }
            // Everybody here was told before the host, which sends events to all nodes, its own among them.
            if isEcho(event) { return done(.success) }
            recordGroup(event)
            if event.range != .processLocal { deliver(event) }
            if event.range == .processLocal || event.reachesServer(identity) { onLocalEvent?(event) }
            done(.success)
        }
    }

    /// Whether a process of this very server has told the event, and this server has passed it on.
    private func isEcho(_ event: Event) -> Bool {
        guard event.infos[.serverNotified] != nil else { return false }
        return jobs[event.source.nspace]?.members[event.source.rank] != nil
    }

    /// Something this server has found out by itself.
    func announce(_ event: Event) {
        deliver(event)
        onLocalEvent?(event)
    }

    /// Targets go with a custom range, and the other way round.
    private func isPossible(_ event: Event) -> Bool {
        guard event.range.isDefined else { return false }
        return event.range == .custom || event.range == .undefined || event.targets == nil
    }

    /// To every peer that wants it, and into the cache for those who come to want it.
    func deliver(_ event: Event) {
        var messages: [Dialect: [UInt8]] = [:]
        var told: Set<UInt32> = []
        for peer in openPeers where event.isFor(peer) && peer.interests.contains(where: { $0.wants(event) }) {
            if peer.release.has(.eventHasRange) {
                let message = messages[peer.dialect] ?? event.message(peer.dialect, peer.release)
                messages[peer.dialect] = message
                peer.send(message, tag: Tag.notify)
            } else {
                peer.send(event)
            }
            told.insert(peer.index)
        }
        if event.isCacheable && event.range != .resourceManager {
            events.keep(event, told: told, outstanding: outstanding(event, told))
        }
    }

    /// How many of the named targets have not been told; nil when they cannot be counted.
    private func outstanding(_ event: Event, _ told: Set<UInt32>) -> Int? {
        guard let targets = event.targets else { return nil }
        var count = 0
        for target in targets {
            if target.rank != .wildcard {
                count += 1
            } else if let job = jobs[target.nspace], job.isComplete {
                count += job.members.count
            } else {
                return nil
            }
        }
        return count - told.count
    }

    /// What a peer that just connected has missed. It cannot have said what it wants; its library sorts that out.
    func replayEvents(to peer: Peer) {
        for event in events.pending(for: peer, where: { _ in true }) {
            peer.send(event)
        }
    }
}

extension Event {
    /// Whether the event may be shown to this peer at all. A notification is never echoed to its source.
    func isFor(_ peer: Peer) -> Bool {
        peer.proc != source && reaches(peer.proc)
    }

    /// A server hears what resource managers tell each other, too.
    func reachesServer(_ identity: Proc) -> Bool {
        range == .resourceManager || reaches(identity)
    }
}

extension Peer {
    fileprivate func send(_ event: Event) {
        send(event.message(dialect, release), tag: Tag.notify)
    }
}

extension DataRange {
    var isDefined: Bool { rawValue <= DataRange.processLocal.rawValue }
}

extension Status {
    /// The codes of nodes and their surroundings, which only a host can know of.
    var isEnvironmental: Bool { (-330 ... -230).contains(rawValue) }
}
