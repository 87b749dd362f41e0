import Bytes

/// The 48 bytes before every message. The type's mark tells the order of its integers; the hint keeps the sender's order all
/// the way, so it tells the receiver whether bodies need swapping.
public struct MessageHeader: Equatable, Sendable {
    public static let byteCount = 48

    /// Without the endian mark.
    public var type: UInt32
    public var name: GroupName
    public var groupCount: Int32
    public var messageType: Int16
    public var dataByteCount: Int32
    /// Of the integers of this header and of a membership's body.
    public var isSwapped = false
    /// Of the sender of a message.
    public var isFromOtherOrder = false

    public init(type: UInt32, name: GroupName, groupCount: Int32, messageType: Int16 = 0, dataByteCount: Int32 = 0) {
        self.type = type
        self.name = name
        self.groupCount = groupCount
        self.messageType = messageType
        self.dataByteCount = dataByteCount
    }

    /// What `place` holds, 48 bytes of it.
    public init(wire place: UnsafeRawPointer) {
        let raw = place.loadUnaligned(as: UInt32.self)
        let hint = place.loadUnaligned(fromByteOffset: 40, as: UInt32.self)
        isSwapped = raw & Service.endianMark != MessageHeader.mark
        isFromOtherOrder = hint & Service.endianMark != MessageHeader.mark
        let swapped = isSwapped
        func integer(_ offset: Int) -> Int32 {
            let value = place.loadUnaligned(fromByteOffset: offset, as: Int32.self)
            return swapped ? value.byteSwapped : value
        }
        type = UInt32(bitPattern: integer(0)) & ~Service.endianMark
        name = GroupName(wire: place + 4)
        groupCount = integer(36)
        let kept = isFromOtherOrder ? hint.byteSwapped : hint
        messageType = Int16(truncatingIfNeeded: kept >> 8)
        dataByteCount = integer(44)
    }

    /// Writes 48 bytes in this machine's order.
    public func write(to place: UnsafeMutableRawPointer) {
        let hint = UInt32(UInt16(bitPattern: messageType)) << 8
        place.storeBytes(of: type & ~Service.endianMark | MessageHeader.mark, as: UInt32.self)
        name.write(to: place + 4)
        place.storeBytes(of: groupCount, toByteOffset: 36, as: Int32.self)
        place.storeBytes(of: hint | MessageHeader.mark, toByteOffset: 40, as: UInt32.self)
        place.storeBytes(of: dataByteCount, toByteOffset: 44, as: Int32.self)
    }

    /// The mark of this machine's order.
    static let mark: UInt32 = UInt32(1).littleEndian == 1 ? Service.endianMark : 0
}
