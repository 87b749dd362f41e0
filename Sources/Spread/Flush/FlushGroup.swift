import Bytes

/// A view that Spread reported and the members have yet to agree to.
struct PendingView {
    let identity: MembershipBody.GroupIdentity
    let members: [GroupName]
    var cause: UInt32
    let changed: GroupName
    /// Who came along from the view before it.
    var survivors: Set<GroupName>
}

/// What one connection knows of one group: a machine without input or output of its own. Each event appends to `toUser`
/// what the user gets, and to `toGroup` what is multicast.
struct FlushGroup {
    enum Membership { case joining, joined, leaving }
    enum Phase { case steady, authorize, agree, verify }
    typealias Identity = MembershipBody.GroupIdentity

    let name: GroupName
    let me: GroupName
    var membership = Membership.joining
    /// Joining members agree to every view unasked.
    var phase = Phase.agree
    private(set) var identity: Identity?
    private(set) var members: [GroupName] = []
    /// Members of the view that Spread has reported gone.
    private var gone: Set<GroupName> = []
    private var isTransitional = false
    private(set) var pending: [PendingView] = []
    private var latest: [GroupName] = []
    /// Who agreed, by view: possibly before the view itself is reported.
    private var agreements: [(identity: Identity, names: Set<GroupName>, age: Int)] = []
    private var receipts: [(identity: Identity, names: Set<GroupName>)] = []
    private var postponed: [FlushMessage] = []

    var toUser: [FlushMessage] = []
    var toGroup: [(type: Int16, identity: Identity)] = []

    /// Agreements to views never heard of are forgotten after so many views, and no more of them than that are kept.
    private static let patience = 200

    init(name: GroupName, me: GroupName) {
        self.name = name
        self.me = me
    }

    // MARK: What Spread reports

    mutating func view(_ message: OwnedMessage) {
        guard let view = FlushGroup.read(message) else { return }
        let lost = Set(latest).subtracting(view.survivors)
        latest = view.members
        for place in agreements.indices { agreements[place].age += 1 }
        agreements.removeAll { $0.age > FlushGroup.patience }
        let wasEmpty = pending.isEmpty
        pending.append(view)
        let discarded = discard(lost)
        if membership == .joining {
            if wasEmpty || discarded { agreeToNext() }
        } else if phase == .agree, discarded {
            agreeToNext()
        } else if phase == .steady || phase == .verify, membership == .joined {
            phase = .authorize
            toUser.append(FlushMessage(service: FlushWire.flushRequest, sender: name))
        }
        gone.formUnion(lost.intersection(members))
        if !gone.isEmpty { transition() }
        installIfAgreed()
    }

    /// The first loss in a view is told once.
    mutating func transition() {
        guard membership != .joining, !isTransitional else { return }
        isTransitional = true
        toUser.append(FlushMessage(service: Service.transition, sender: name))
    }

    /// Drops pending views that someone left without having agreed to; whether the next one to agree to is another.
    private mutating func discard(_ lost: Set<GroupName>) -> Bool {
        guard !lost.isEmpty else { return false }
        let first = pending.first?.identity
        var place = 0
        while place + 1 < pending.count {
            let view = pending[place]
            let agreed = agreements.first { $0.identity == view.identity }?.names ?? []
            guard view.members.contains(where: { lost.contains($0) && !agreed.contains($0) }) else {
                place += 1
                continue
            }
            pending.remove(at: place)
            pending[place].cause = Service.causedByNetwork
            pending[place].survivors.formIntersection(view.survivors)
        }
        let isOther = pending.first?.identity != first
        if isOther { postponed = [] }
        return isOther
    }

    // MARK: What members say

    mutating func agreement(_ sender: GroupName, _ identity: Identity) {
        if let place = agreements.firstIndex(where: { $0.identity == identity }) {
            agreements[place].names.insert(sender)
        } else {
            if agreements.count >= FlushGroup.patience { agreements.removeFirst() }
            agreements.append((identity, [sender], 0))
        }
        installIfAgreed()
    }

    mutating func receipt(_ sender: GroupName, _ identity: Identity) {
        guard identity == self.identity || identity == pending.first?.identity else { return }
        if let place = receipts.firstIndex(where: { $0.identity == identity }) {
            receipts[place].names.insert(sender)
        } else {
            receipts.append((identity, [sender]))
        }
        settleIfReceived()
    }

    /// Data is for the view it was sent in, and for nobody before or after it.
    mutating func data(_ data: FlushData) {
        let sender = data.message.sender
        if let view = data.view, view != identity {
            guard phase == .agree, let next = pending.first, next.identity == view, next.members.contains(sender) else {
                return
            }
            postponed.append(data.message)
            return
        }
        guard members.contains(sender), !gone.contains(sender) else { return }
        toUser.append(data.message)
    }

    // MARK: What the user asks for

    mutating func flush() throws(SpreadError) {
        guard membership == .joined else { throw .illegalGroup }
        guard phase == .authorize else { throw .illegalState }
        phase = .agree
        agreeToNext()
    }

    // MARK: From one view to the next

    private mutating func agreeToNext() {
        guard membership != .leaving, let next = pending.first else { return }
        toGroup.append((FlushWire.agreed, next.identity))
    }

    private mutating func installIfAgreed() {
        guard phase == .agree, let next = pending.first,
            let place = agreements.firstIndex(where: { $0.identity == next.identity }),
            agreements[place].names.isSuperset(of: next.members)
        else { return }
        agreements.remove(at: place)
        pending.removeFirst()
        install(next)
    }

    private mutating func install(_ next: PendingView) {
        let isFirst = identity == nil
        toUser.append(FlushGroup.message(next, name, me, before: isFirst ? nil : members))
        if membership == .joining { membership = .joined }
        identity = next.identity
        members = next.members
        receipts.removeAll { $0.identity != next.identity }
        gone = []
        isTransitional = false
        for later in pending { gone.formUnion(Set(members).subtracting(later.survivors)) }
        if pending.isEmpty {
            phase = .verify
            if membership == .joined { toGroup.append((FlushWire.installed, next.identity)) }
        } else {
            phase = .authorize
            if membership == .joined { toUser.append(FlushMessage(service: FlushWire.flushRequest, sender: name)) }
        }
        if !gone.isEmpty { transition() }
        // Also of those who left meanwhile: who had the view earlier has delivered them (VS-2).
        toUser += postponed
        postponed = []
        settleIfReceived()
    }

    private mutating func settleIfReceived() {
        guard phase == .verify, let identity, let found = receipts.first(where: { $0.identity == identity }),
            found.names.isSuperset(of: members)
        else { return }
        phase = .steady
    }

    // MARK: Views as messages

    private static func read(_ message: OwnedMessage) -> PendingView? {
        message.body.withUnsafeBytes { bytes -> PendingView? in
            let body = MembershipBody([bytes])
            guard let identity = try? body.identity(), let own = try? body.ownSet() else { return nil }
            var names: [GroupName] = []
            for place in 0..<Int(own.memberCount) {
                guard let name = try? body.name(at: Int(own.offset) + place * GroupName.byteCount) else { return nil }
                names.append(name)
            }
            let causes = Service.causedByJoin | Service.causedByLeave | Service.causedByDisconnect
            let cause = message.service & causes
            let isNetwork = cause == 0 || message.service & Service.causedByNetwork != 0
            var survivors = Set(isNetwork ? names : message.groups)
            if !isNetwork { survivors.subtract(names) }
            return PendingView(
                identity: identity, members: message.groups, cause: isNetwork ? Service.causedByNetwork : cause,
                changed: names.first ?? GroupName(), survivors: survivors)
        }
    }

    /// `before` is nil for a connection's first view.
    private static func message(
        _ view: PendingView, _ name: GroupName, _ me: GroupName, before: [GroupName]?
    ) -> FlushMessage {
        var listed = [view.changed]
        if view.cause == Service.causedByNetwork {
            listed = before.map { $0.filter { $0 == me || view.survivors.contains($0) } } ?? [me]
        }
        var writer = ByteWriter()
        writer.append(FlushWire.bytes(view.identity))
        writer.hostOrder(Int32(truncatingIfNeeded: listed.count))
        for member in listed { writer.append(FlushWire.padded(member)) }
        return FlushMessage(
            service: Service.regularMembership | view.cause, sender: name, groups: view.members,
            type: Int16(clamping: view.members.firstIndex(of: me) ?? -1), body: writer.bytes)
    }
}
