import CSpread
import Spread

@c @implementation
public func SP_join(_ mbox: mailbox, _ group: UnsafePointer<CChar>?) -> Int32 {
    status { () throws(SpreadError) in
        try Mailboxes.shared.find(mbox).join(group)
        return 0
    }
}

@c @implementation
public func SP_leave(_ mbox: mailbox, _ group: UnsafePointer<CChar>?) -> Int32 {
    status { () throws(SpreadError) in
        try Mailboxes.shared.find(mbox).leave(group)
        return 0
    }
}

@c @implementation
public func SP_multicast(
    _ mbox: mailbox, _ type: service, _ group: UnsafePointer<CChar>?, _ messageType: Int16, _ count: Int32,
    _ message: UnsafePointer<CChar>?
) -> Int32 {
    status { () throws(SpreadError) in
        let sender = try Mailboxes.shared.find(mbox)
        guard let group else { throw .illegalGroup }
        return try sender.multicast(
            UInt32(bitPattern: type), [GroupName(text: group)], messageType, try piece(message, count))
    }
}

@c @implementation
public func SP_scat_multicast(
    _ mbox: mailbox, _ type: service, _ group: UnsafePointer<CChar>?, _ messageType: Int16,
    _ message: UnsafePointer<scatter>?
) -> Int32 {
    status { () throws(SpreadError) in
        let sender = try Mailboxes.shared.find(mbox)
        guard let group else { throw .illegalGroup }
        return try sender.multicast(
            UInt32(bitPattern: type), [GroupName(text: group)], messageType, try pieces(message))
    }
}

@c @implementation
public func SP_multigroup_multicast(
    _ mbox: mailbox, _ type: service, _ groupCount: Int32, _ groups: UnsafePointer<CChar>?, _ messageType: Int16,
    _ count: Int32, _ message: UnsafePointer<CChar>?
) -> Int32 {
    status { () throws(SpreadError) in
        let sender = try Mailboxes.shared.find(mbox)
        return try sender.multicast(
            UInt32(bitPattern: type), try names(groups, groupCount), messageType, try piece(message, count))
    }
}

@c @implementation
public func SP_multigroup_scat_multicast(
    _ mbox: mailbox, _ type: service, _ groupCount: Int32, _ groups: UnsafePointer<CChar>?, _ messageType: Int16,
    _ message: UnsafePointer<scatter>?
) -> Int32 {
    status { () throws(SpreadError) in
        let sender = try Mailboxes.shared.find(mbox)
        return try sender.multicast(
            UInt32(bitPattern: type), try names(groups, groupCount), messageType, try pieces(message))
    }
}

@c @implementation
public func SP_receive(
    _ mbox: mailbox, _ type: UnsafeMutablePointer<service>?, _ sender: UnsafeMutablePointer<CChar>?, _ most: Int32,
    _ groupCount: UnsafeMutablePointer<Int32>?, _ groups: UnsafeMutablePointer<CChar>?,
    _ messageType: UnsafeMutablePointer<Int16>?, _ mismatch: UnsafeMutablePointer<Int32>?, _ count: Int32,
    _ message: UnsafeMutablePointer<CChar>?
) -> Int32 {
    status { () throws(SpreadError) in
        let receiver = try Mailboxes.shared.find(mbox)
        let place = Outputs(type, sender, groupCount, messageType, mismatch)
        return try place.receive(receiver, most, groups, try room(message, count))
    }
}

@c @implementation
public func SP_scat_receive(
    _ mbox: mailbox, _ type: UnsafeMutablePointer<service>?, _ sender: UnsafeMutablePointer<CChar>?, _ most: Int32,
    _ groupCount: UnsafeMutablePointer<Int32>?, _ groups: UnsafeMutablePointer<CChar>?,
    _ messageType: UnsafeMutablePointer<Int16>?, _ mismatch: UnsafeMutablePointer<Int32>?,
    _ message: UnsafeMutablePointer<scatter>?
) -> Int32 {
    status { () throws(SpreadError) in
        let receiver = try Mailboxes.shared.find(mbox)
        let place = Outputs(type, sender, groupCount, messageType, mismatch)
        return try place.receive(receiver, most, groups, try room(message))
    }
}

/// Where the caller of a receive wants to know what came.
struct Outputs {
    let service: UnsafeMutablePointer<Int32>?
    let sender: UnsafeMutablePointer<CChar>?
    let groupCount: UnsafeMutablePointer<Int32>?
    let messageType: UnsafeMutablePointer<Int16>?
    let mismatch: UnsafeMutablePointer<Int32>?

    init(
        _ service: UnsafeMutablePointer<Int32>?, _ sender: UnsafeMutablePointer<CChar>?,
        _ groupCount: UnsafeMutablePointer<Int32>?, _ messageType: UnsafeMutablePointer<Int16>?,
        _ mismatch: UnsafeMutablePointer<Int32>?
    ) {
        self.service = service
        self.sender = sender
        self.groupCount = groupCount
        self.messageType = messageType
        self.mismatch = mismatch
    }

    func receive(
        _ mailbox: Mailbox, _ most: Int32, _ groups: UnsafeMutablePointer<CChar>?,
        _ body: [UnsafeMutableRawBufferPointer]
    ) throws(SpreadError) -> Int32 {
        guard most >= 0 else { throw .illegalGroup }
        let names = UnsafeMutableRawBufferPointer(
            start: groups, count: groups == nil ? 0 : Int(most) * GroupName.byteCount)
        let receipt = try mailbox.receive(dropping: isDropping, groups: names, body: body)
        write(receipt)
        return receipt.code
    }

    var isDropping: Bool { asked & Service.dropReceive != 0 }
    var isImpatient: Bool { asked & UInt32(DONT_BLOCK) != 0 }
    private var asked: UInt32 { UInt32(bitPattern: service?.pointee ?? 0) }

    func write(_ receipt: Receipt) {
        service?.pointee = Int32(bitPattern: receipt.service)
        if let sender { receipt.sender.write(to: sender) }
        groupCount?.pointee = receipt.groupCount
        messageType?.pointee = receipt.messageType
        mismatch?.pointee = receipt.endianMismatch
    }
}
