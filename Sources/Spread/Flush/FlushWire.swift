import Bytes

/// What the flush layers of a group's members say to each other: ordinary messages to the group whose type no user may
/// give, with integers in the sender's order.
public enum FlushWire {
    static let agreed: Int16 = -32768
    static let installed: Int16 = -32767
    static let vulnerable: Int16 = -32766
    static let firstUserType: Int16 = -32765
    /// Flush Spread asks for 3.12 (FL-2): older daemons tell no views it can read.
    public static let oldestDaemon = 312

    static let dontBlock: UInt32 = 0x1000_0000
    static let flushRequest: UInt32 = 0x2000_0000
    static let subgroup: UInt32 = 0x4000_0000
    /// What no sender may ask for.
    static let forbidden: UInt32 =
        flushRequest | Service.membership | Service.endianMark | 0x3f_c000 | Service.reject
    static let identityByteCount = 12

    static func bytes(_ identity: MembershipBody.GroupIdentity) -> [UInt8] {
        var writer = ByteWriter(reserving: identityByteCount)
        writer.hostOrder(identity.process)
        writer.hostOrder(identity.time)
        writer.hostOrder(identity.index)
        return writer.bytes
    }

    /// The identity at a place of a body; nil when the body is too short.
    static func identity(_ body: [UInt8], at place: Int, swapped: Bool) -> MembershipBody.GroupIdentity? {
        guard place >= 0, place + identityByteCount <= body.count else { return nil }
        func integer(_ offset: Int) -> Int32 {
            let value = body.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place + offset, as: Int32.self) }
            return swapped ? value.byteSwapped : value
        }
        return MembershipBody.GroupIdentity(process: integer(0), time: integer(4), index: integer(8))
    }

    /// What goes behind the user's bytes of a message that may reach members who are not yet in its view.
    static func appendage(_ type: Int16, _ identity: MembershipBody.GroupIdentity) -> [UInt8] {
        var writer = ByteWriter(reserving: 14)
        writer.hostOrder(type)
        return writer.bytes + bytes(identity)
    }

    static func padded(_ name: GroupName) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: GroupName.byteCount)
        bytes.withUnsafeMutableBytes { name.write(to: $0.baseAddress.unsafelyUnwrapped) }
        return bytes
    }
}

/// A message for the user, complete.
struct FlushMessage {
    var service: UInt32
    var sender: GroupName
    var groups: [GroupName] = []
    var type: Int16 = 0
    var isFromOtherOrder = false
    var body: [UInt8] = []
}

/// Data of a group as it arrived, without what the flush layer put behind it.
struct FlushData {
    let message: FlushMessage
    let group: GroupName
    /// Of a vulnerable message: the view it belongs to.
    let view: MembershipBody.GroupIdentity?

    /// nil when a vulnerable message or a subgroup cast is too short to be one.
    init?(_ received: OwnedMessage) {
        var body = received.body
        var groups = received.groups
        var type = received.messageType
        let isSubgroup = received.service & FlushWire.subgroup != 0
        if isSubgroup {
            guard body.count >= GroupName.byteCount else { return nil }
            let name = body.part((body.count - GroupName.byteCount)..<body.count)
            body.removeLast(GroupName.byteCount)
            groups.append(name.withUnsafeBytes { GroupName(wire: $0.baseAddress.unsafelyUnwrapped) })
        }
        guard let group = groups.last else { return nil }
        self.group = group
        if type == FlushWire.vulnerable {
            let start = body.count - FlushWire.identityByteCount - 2
            guard start >= 0 else { return nil }
            view = FlushWire.identity(body, at: start + 2, swapped: received.isFromOtherOrder)
            let kept = body.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: start, as: Int16.self) }
            type = received.isFromOtherOrder ? kept.byteSwapped : kept
            body.removeLast(body.count - start)
        } else {
            view = nil
        }
        message = FlushMessage(
            service: received.service, sender: received.sender, groups: isSubgroup ? groups : [group], type: type,
            isFromOtherOrder: received.isFromOtherOrder, body: body)
    }
}
