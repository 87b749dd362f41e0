import Bytes
import CLibc
import Sockets

/// A connection of the flush layer. What happens to its groups happens inside `receive`; senders and one receiver may work
/// at once. Locks are taken in the order receiving, ordering, state; input and output happen outside of `state`.
public final class FlushMailbox: @unchecked Sendable {
    public let mailbox: Mailbox
    private let receiving = Lock()
    /// Keeps the agreement to a view behind everything that was sent before it.
    private let ordering = Lock()
    private let state = Lock()
    private var groups: [GroupName: FlushGroup] = [:]  // state
    private var queue: [FlushMessage] = []  // state

    init(mailbox: Mailbox) {
        self.mailbox = mailbox
    }

    func resetAfterFork() {
        receiving.resetAfterFork()
        ordering.resetAfterFork()
        state.resetAfterFork()
    }

    /// Whoever waits in a receive has returned when this does.
    public func waitForReceiver() {
        receiving.lock()
        receiving.unlock()
    }

    public var queuedCount: Int32 { state.withLock { Int32(truncatingIfNeeded: queue.count) } }

    /// Bytes of what is queued and of what the socket has.
    public func readableByteCount() -> Int32 {
        let queued = state.withLock {
            queue.reduce(0) { $0 + $1.body.count + $1.groups.count * GroupName.byteCount + MessageHeader.byteCount }
        }
        return Int32(clamping: queued + Int(mailbox.readableByteCount()))
    }

    // MARK: Groups

    public func join(_ text: UnsafePointer<CChar>?) throws(SpreadError) {
        guard let text, GroupName.isLegal(text) else { throw .illegalGroup }
        let name = GroupName(text: text)
        let isNew = state.withLock {
            guard groups[name] == nil else { return false }
            groups[name] = FlushGroup(name: name, me: mailbox.privateGroup)
            return true
        }
        guard isNew else { throw .illegalGroup }
        do throws(SpreadError) {
            try mailbox.join(text)
        } catch {
            state.withLock { groups[name] = nil }
            throw error
        }
    }

    public func leave(_ text: UnsafePointer<CChar>?) throws(SpreadError) {
        guard let text, GroupName.isLegal(text) else { throw .illegalGroup }
        ordering.lock()
        defer { ordering.unlock() }
        let name = GroupName(text: text)
        let isMember = state.withLock {
            guard groups[name]?.membership == .joined else { return false }
            groups[name]?.membership = .leaving
            return true
        }
        guard isMember else { throw .illegalGroup }
        try mailbox.leave(text)
    }

    public func flush(_ text: UnsafePointer<CChar>?) throws(SpreadError) {
        guard let text else { throw .illegalGroup }
        let name = GroupName(text: text)
        ordering.lock()
        defer { ordering.unlock() }
        state.lock()
        guard var group = groups[name] else {
            state.unlock()
            throw .illegalGroup
        }
        do throws(SpreadError) {
            try group.flush()
        } catch {
            state.unlock()
            throw error
        }
        let said = group.toGroup
        group.toGroup = []
        groups[name] = group
        state.unlock()
        try say(said, to: name)
    }

    /// Under `ordering`.
    private func say(
        _ messages: [(type: Int16, identity: MembershipBody.GroupIdentity)], to group: GroupName
    ) throws(SpreadError) {
        for message in messages {
            let body = FlushWire.bytes(message.identity)
            _ = try FlushMailbox.send(mailbox, Service.fifo, [group], message.type, [], body)
        }
    }

    // MARK: Sending

    /// `receivers` is nil for a message to the whole group.
    public func multicast(
        _ type: UInt32, _ group: GroupName, to receivers: [GroupName]?, _ messageType: Int16,
        _ body: [UnsafeRawBufferPointer]
    ) throws(SpreadError) -> Int32 {
        guard type & FlushWire.forbidden == 0 else { throw .illegalService }
        guard messageType >= FlushWire.firstUserType else { throw .illegalMessageType }
        ordering.lock()
        defer { ordering.unlock() }
        let view = try check(group, receivers)
        guard (type & Service.regular).nonzeroBitCount == 1 else { throw .illegalService }
        let isVulnerable = view != nil && type & 0x07 != 0
        var behind: [UInt8] = []
        if isVulnerable, let view { behind = FlushWire.appendage(messageType, view) }
        if receivers != nil { behind += FlushWire.padded(group) }
        let service = receivers == nil ? type & ~FlushWire.subgroup : type | FlushWire.subgroup
        let sent = try FlushMailbox.send(
            mailbox, service, receivers ?? [group], isVulnerable ? FlushWire.vulnerable : messageType, body, behind)
        return sent - Int32(truncatingIfNeeded: behind.count)
    }

    /// Whether one may send now; the view a message must name when not every member is known to have it.
    private func check(
        _ name: GroupName, _ receivers: [GroupName]?
    ) throws(SpreadError) -> MembershipBody.GroupIdentity? {
        if name.isPrivate {
            guard receivers?.allSatisfy({ $0 == name }) ?? true else { throw .illegalReceivers }
            return nil
        }
        guard let group = state.withLock({ groups[name] }), group.membership == .joined else { throw .illegalGroup }
        guard group.phase != .agree else { throw .illegalState }
        guard receivers?.allSatisfy({ group.members.contains($0) }) ?? true else { throw .illegalReceivers }
        return group.phase == .steady ? nil : group.identity
    }

    private static func send(
        _ mailbox: Mailbox, _ type: UInt32, _ groups: [GroupName], _ messageType: Int16,
        _ body: [UnsafeRawBufferPointer],
        _ behind: [UInt8]
    ) throws(SpreadError) -> Int32 {
        // Typed errors do not pass through withUnsafeBytes here.
        let result = behind.withUnsafeBytes { appendage -> Result<Int32, SpreadError> in
            do throws(SpreadError) {
                return .success(try mailbox.multicast(type, groups, messageType, body + [appendage]))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    // MARK: Receiving

    /// Receives the next message into the caller's memory; how many more are queued comes with it.
    public func receive(
        dropping: Bool, waiting: Bool, groups: UnsafeMutableRawBufferPointer, body: [UnsafeMutableRawBufferPointer]
    ) throws(SpreadError) -> (receipt: Receipt, more: Int32) {
        receiving.lock()
        defer { receiving.unlock() }
        while state.withLock({ queue.isEmpty }) {
            if !waiting, !mailbox.isReadable() { throw .wouldBlock }
            do throws(SpreadError) {
                try process(try mailbox.receiveOwned())
            } catch {
                // A view that no daemon can mean is passed over; without the connection nothing can be.
                guard error == .illegalMessage, !mailbox.hasFailed else { throw error }
            }
        }
        return state.withLock {
            let receipt = deliver(dropping: dropping, groups, body)
            return (receipt, Int32(truncatingIfNeeded: queue.count))
        }
    }

    /// Under `state`, with a message queued.
    private func deliver(
        dropping: Bool, _ names: UnsafeMutableRawBufferPointer, _ body: [UnsafeMutableRawBufferPointer]
    ) -> Receipt {
        let message = queue[0]
        var receipt = Receipt()
        receipt.service = message.service
        receipt.sender = message.sender
        receipt.messageType = message.type
        let room = names.count / GroupName.byteCount
        let groupCount = Int32(truncatingIfNeeded: message.groups.count)
        let byteCount = Int32(truncatingIfNeeded: message.body.count)
        let areGroupsShort = room < message.groups.count
        let isBodyShort = body.reduce(0) { $0 + $1.count } < message.body.count
        receipt.code = byteCount
        if isBodyShort { receipt.code = SpreadError.bufferTooShort.code }
        if areGroupsShort { receipt.code = SpreadError.groupsTooShort.code }
        receipt.groupCount = areGroupsShort ? -groupCount : groupCount
        receipt.endianMismatch = message.isFromOtherOrder ? 1 : 0
        if !dropping, areGroupsShort || isBodyShort {
            if !areGroupsShort { receipt.groupCount = 0 }
            receipt.endianMismatch = isBodyShort ? -byteCount : 0
            return receipt
        }
        queue.removeFirst()
        copy(FlushMailbox.names(message, room), names)
        copy(message.body, body)
        return receipt
    }

    /// As many names as fit; of a subgroup cast the last one that does is always the group.
    private static func names(_ message: FlushMessage, _ room: Int) -> [GroupName] {
        guard room > 0, message.groups.count > room else { return room > 0 ? message.groups : [] }
        var names = Array(message.groups[..<room])
        if message.service & FlushWire.subgroup != 0, let group = message.groups.last { names[room - 1] = group }
        return names
    }

    private func copy(_ names: [GroupName], _ room: UnsafeMutableRawBufferPointer) {
        guard let start = room.baseAddress else { return }
        for (place, name) in names.enumerated() { name.write(to: start + place * GroupName.byteCount) }
    }

    private func copy(_ bytes: [UInt8], _ room: [UnsafeMutableRawBufferPointer]) {
        var done = 0
        for piece in room where done < bytes.count {
            let count = min(piece.count, bytes.count - done)
            bytes.withUnsafeBytes {
                piece.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[done..<(done + count)]))
            }
            done += count
        }
    }

    // MARK: What Spread delivers

    private func process(_ message: OwnedMessage) throws(SpreadError) {
        guard Service.isMembership(message.service) else { return try data(message) }
        if message.service & Service.regularMembership != 0 {
            try change(message.sender) { $0.view(message) }
        } else if message.service & Service.transition != 0 {
            try change(message.sender) { $0.transition() }
        } else {
            state.withLock {
                guard groups.removeValue(forKey: message.sender) != nil else { return }
                queue.append(FlushMessage(service: Service.causedByLeave, sender: message.sender, type: -1))
            }
        }
    }

    private func data(_ message: OwnedMessage) throws(SpreadError) {
        let isRefused = message.service & Service.reject != 0
        guard let first = message.groups.first, message.service & Service.regular != 0, !isRefused else { return }
        let isSubgroup = message.service & FlushWire.subgroup != 0
        if !isSubgroup, message.messageType == FlushWire.agreed || message.messageType == FlushWire.installed {
            guard let identity = FlushWire.identity(message.body, at: 0, swapped: message.isFromOtherOrder) else {
                return
            }
            let isAgreement = message.messageType == FlushWire.agreed
            return try change(first) {
                if isAgreement {
                    $0.agreement(message.sender, identity)
                } else {
                    $0.receipt(message.sender, identity)
                }
            }
        }
        guard let data = FlushData(message) else { return }
        if data.group.isPrivate {
            state.withLock { queue.append(data.message) }
        } else {
            try change(data.group) { $0.data(data) }
        }
    }

    /// Lets an event happen to a group, queues what it has for the user and sends what it has for the others.
    private func change(_ name: GroupName, _ event: (inout FlushGroup) -> Void) throws(SpreadError) {
        let said = state.withLock { () -> [(type: Int16, identity: MembershipBody.GroupIdentity)] in
            guard var group = groups[name] else { return [] }
            event(&group)
            queue += group.toUser
            let said = group.toGroup
            group.toUser = []
            group.toGroup = []
            groups[name] = group
            return said
        }
        guard !said.isEmpty else { return }
        ordering.lock()
        defer { ordering.unlock() }
        try say(said, to: name)
    }
}

/// The connections of the flush layer, by descriptor.
public final class FlushMailboxes: @unchecked Sendable {
    public static let shared = FlushMailboxes()
    private let lock = Lock()
    private var all: [Int32: FlushMailbox] = [:]  // lock

    private init() {
        pthread_atfork(nil, nil) { FlushMailboxes.shared.startOver() }
    }

    public func find(_ descriptor: Int32) throws(SpreadError) -> FlushMailbox {
        guard let found = lock.withLock({ all[descriptor] }), Mailboxes.shared[descriptor] === found.mailbox else {
            throw .illegalSession
        }
        return found
    }

    public func connect(_ request: ConnectRequest) throws(SpreadError) -> FlushMailbox {
        let made = FlushMailbox(mailbox: try request.connect())
        let old = lock.withLock { all.updateValue(made, forKey: made.mailbox.descriptor) }
        _ = old
        return made
    }

    public func disconnect(_ mailbox: FlushMailbox) throws(SpreadError) {
        let descriptor = mailbox.mailbox.descriptor
        let found = lock.withLock { () -> FlushMailbox? in
            guard all[descriptor] === mailbox else { return nil }
            return all.removeValue(forKey: descriptor)
        }
        guard found != nil, Mailboxes.shared[descriptor] === mailbox.mailbox else { throw .illegalSession }
        try Mailboxes.shared.disconnect(descriptor, sayingGoodbye: true)
    }

    private func startOver() {
        lock.resetAfterFork()
        for mailbox in all.values { mailbox.resetAfterFork() }
    }
}
