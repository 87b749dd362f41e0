import Bytes
import CLibc
import Sockets

/// A message whose header has been read and whose rest is still in the socket.
struct Incoming {
    let header: MessageHeader
    /// The bits a refused message was sent with.
    let refusedType: UInt32

    var isMembership: Bool { Service.isMembership(header.type) }

    /// As the receiver sees it. Data with membership bits is a forgery: they are taken from it.
    var service: UInt32 {
        let type = header.type | refusedType
        let isData = type & Service.regular != 0 && type & Service.reject == 0
        return isData ? type & ~Service.membership : type
    }
}

/// A whole message in memory of its own.
public struct OwnedMessage {
    public let service: UInt32
    public let sender: GroupName
    public let groups: [GroupName]
    /// Of a regular membership message: the place of this connection among the groups; of another one -1.
    public let messageType: Int16
    public let isFromOtherOrder: Bool
    public let body: [UInt8]
}

/// Where a received message goes, and what a call says about it.
public struct Receipt {
    public var code: Int32 = 0
    public var service: UInt32 = 0
    public var sender = GroupName()
    public var groupCount: Int32 = 0
    public var messageType: Int16 = 0
    public var endianMismatch: Int32 = 0
}

extension Mailbox {
    /// Receives the next message into the caller's memory: `groups` holds whole names. Never reads past the message.
    public func receive(
        dropping: Bool, groups: UnsafeMutableRawBufferPointer, body: [UnsafeMutableRawBufferPointer]
    ) throws(SpreadError) -> Receipt {
        receiving.lock()
        defer { receiving.unlock() }
        let incoming = try peek()
        let header = incoming.header
        var receipt = Receipt()
        receipt.service = incoming.service
        receipt.sender = header.name
        receipt.messageType = header.messageType
        let groupCount = Int(header.groupCount)
        let byteCount = Int(header.dataByteCount)
        let areGroupsShort = groups.count / GroupName.byteCount < groupCount
        let isBodyShort = body.reduce(0) { $0 + $1.count } < byteCount
        receipt.groupCount = areGroupsShort ? -header.groupCount : dropping || !isBodyShort ? header.groupCount : 0
        if !dropping, areGroupsShort || isBodyShort {
            receipt.endianMismatch = isBodyShort ? -header.dataByteCount : 0
            receipt.code = (areGroupsShort ? SpreadError.groupsTooShort : .bufferTooShort).code
            trace?.tooShort(incoming)
            return receipt
        }
        pending = nil
        receipt.code = isBodyShort ? SpreadError.bufferTooShort.code : header.dataByteCount
        if incoming.isMembership {
            let message = try rest(of: incoming)
            receipt.messageType = message.messageType
            deliver(message, groups, body)
            return receipt
        }
        receipt.endianMismatch = header.isFromOtherOrder ? 1 : 0
        try fill(groups, groupCount, body, byteCount)
        if let trace {
            let kept = min(groups.count / GroupName.byteCount, groupCount)
            trace.received(incoming, Mailbox.names(groups, kept), MailboxTrace.beginning(body.map { .init($0) }))
        }
        return receipt
    }

    /// Receives the next message whole.
    public func receiveOwned() throws(SpreadError) -> OwnedMessage {
        receiving.lock()
        defer { receiving.unlock() }
        let incoming = try peek()
        pending = nil
        return try rest(of: incoming)
    }

    /// The next message's header, read once.
    private func peek() throws(SpreadError) -> Incoming {
        if let pending { return pending }
        try checkUsable()
        trace?.willRead(readableByteCount())
        let raw = try read(MessageHeader.byteCount, isStart: true)
        let header = raw.withUnsafeBytes { MessageHeader(wire: $0.baseAddress.unsafelyUnwrapped) }
        var refused: UInt32 = 0
        if header.type & Service.reject != 0 {
            let raw = try read(4).withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
            refused = (header.isSwapped ? raw.byteSwapped : raw) & ~Service.endianMark
        }
        guard header.groupCount >= 0, header.dataByteCount >= 0 else {
            // Where the next message begins, nobody can say.
            fail()
            throw .illegalMessage
        }
        let incoming = Incoming(header: header, refusedType: refused)
        pending = incoming
        return incoming
    }

    /// The rest of a message, in memory that grows with what arrives.
    private func rest(of incoming: Incoming) throws(SpreadError) -> OwnedMessage {
        let header = incoming.header
        let groupBytes = Int(header.groupCount) * GroupName.byteCount
        guard groupBytes + Int(header.dataByteCount) <= Limits.kept else {
            fail()
            throw .illegalMessage
        }
        var names = try read(groupBytes)
        var body = try read(Int(header.dataByteCount))
        let groups = names.withUnsafeMutableBytes { Mailbox.names($0, Int(header.groupCount)) }
        var messageType = header.messageType
        if incoming.isMembership {
            if header.isSwapped { MembershipBody.swap(&body) }
            guard MembershipBody.isSound(body, type: header.type) else { throw .illegalMessage }
            let isRegular = header.type & Service.regularMembership != 0
            let place = isRegular ? groups.firstIndex(of: privateGroup) : nil
            messageType = Int16(clamping: place ?? -1)
        }
        let message = OwnedMessage(
            service: incoming.service, sender: header.name, groups: groups, messageType: messageType,
            isFromOtherOrder: !incoming.isMembership && header.isFromOtherOrder, body: body)
        trace?.received(incoming, message)
        return message
    }

    /// `bytes` has so many.
    private static func names(_ bytes: UnsafeMutableRawBufferPointer, _ count: Int) -> [GroupName] {
        guard let start = bytes.baseAddress else { return [] }
        return (0..<count).map { GroupName(wire: start + $0 * GroupName.byteCount) }
    }

    /// Copies as much as fits.
    private func deliver(
        _ message: OwnedMessage, _ groups: UnsafeMutableRawBufferPointer, _ body: [UnsafeMutableRawBufferPointer]
    ) {
        if let start = groups.baseAddress {
            for (place, name) in message.groups.prefix(groups.count / GroupName.byteCount).enumerated() {
                name.write(to: start + place * GroupName.byteCount)
            }
        }
        var done = 0
        for piece in body where done < message.body.count {
            let count = min(piece.count, message.body.count - done)
            message.body.withUnsafeBytes {
                piece.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[done..<(done + count)]))
            }
            done += count
        }
    }

    /// Reads a message's names and body into the caller's memory, and what does not fit nowhere.
    private func fill(
        _ groups: UnsafeMutableRawBufferPointer, _ groupCount: Int, _ body: [UnsafeMutableRawBufferPointer],
        _ byteCount: Int
    ) throws(SpreadError) {
        var pieces: [iovec] = []
        let kept = min(groups.count / GroupName.byteCount, groupCount)
        if kept > 0 { pieces.append(iovec(iov_base: groups.baseAddress, iov_len: kept * GroupName.byteCount)) }
        if kept < groupCount {
            try take(&pieces)
            try skip((groupCount - kept) * GroupName.byteCount)
        }
        var left = byteCount
        for piece in body where left > 0 && piece.count > 0 {
            let count = min(left, piece.count)
            pieces.append(iovec(iov_base: piece.baseAddress, iov_len: count))
            left -= count
        }
        try take(&pieces)
        try skip(left)
        guard let start = groups.baseAddress else { return }
        for place in 0..<kept {
            (start + (place + 1) * GroupName.byteCount - 1).storeBytes(of: 0, as: UInt8.self)
        }
    }

    private func take(_ pieces: inout [iovec]) throws(SpreadError) {
        guard move(&pieces, sending: false) else {
            lose(isInside: true)
            throw .closed
        }
        pieces.removeAll()
    }

    private func skip(_ count: Int) throws(SpreadError) {
        var left = count
        while left > 0 { left -= try read(min(left, 16384)).count }
    }

    private func read(_ count: Int, isStart: Bool = false) throws(SpreadError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let step = min(count - bytes.count, 65536)
            var part = [UInt8](room: step)
            var left = step
            let isWhole = part.withUnsafeMutableBytes { room in
                var pieces = [iovec(iov_base: room.baseAddress, iov_len: step)]
                defer { left = pieces[0].iov_len }
                return move(&pieces, sending: false)
            }
            guard isWhole else {
                lose(isInside: !isStart || left < step)
                throw .closed
            }
            if bytes.isEmpty, step == count { return part }
            bytes.add(part)
        }
        return bytes
    }
}
