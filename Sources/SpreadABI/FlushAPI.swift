import CLibc
import CSpread
import Sockets
import Spread
import Synchronization

private let isInitialized = Atomic<Bool>(false)

@c @implementation
public func FL_lib_init() -> Int32 {
    isInitialized.exchange(true, ordering: .relaxed) ? SpreadError.illegalState.code : 0
}

@c @implementation
public func FL_version(
    _ major: UnsafeMutablePointer<Int32>?, _ minor: UnsafeMutablePointer<Int32>?, _ patch: UnsafeMutablePointer<Int32>?
) {
    major?.pointee = 2
    minor?.pointee = 0
    patch?.pointee = 0
}

/// What a call on a connection returns; one whose connection is gone ends it (FL-5).
private func call(_ mbox: mailbox, _ body: (FlushMailbox) throws(SpreadError) -> Int32) -> Int32 {
    status { () throws(SpreadError) in
        let found = try FlushMailboxes.shared.find(mbox)
        do throws(SpreadError) {
            return try body(found)
        } catch {
            guard error == .closed || error == .brokenSession || error == .illegalSession else { throw error }
            try? FlushMailboxes.shared.disconnect(found)
            throw error == .brokenSession ? .closed : error
        }
    }
}

@c @implementation
public func FL_connect(
    _ daemon: UnsafePointer<CChar>?, _ user: UnsafePointer<CChar>?, _ priority: Int32,
    _ mbox: UnsafeMutablePointer<mailbox>?, _ privateGroup: UnsafeMutablePointer<CChar>?
) -> Int32 {
    status { () throws(SpreadError) in
        guard let mbox else { throw .illegalParameter }
        let request = ConnectRequest(
            daemon: bytes(daemon), privateName: bytes(user), priority: priority, membership: true, deadline: .never,
            oldestDaemon: FlushWire.oldestDaemon)
        let made = try FlushMailboxes.shared.connect(request).mailbox
        mbox.pointee = made.descriptor
        if let privateGroup { made.privateGroup.write(to: privateGroup) }
        return 1
    }
}

@c @implementation
public func FL_disconnect(_ mbox: mailbox) -> Int32 {
    status { () throws(SpreadError) in
        let found = try FlushMailboxes.shared.find(mbox)
        try FlushMailboxes.shared.disconnect(found)
        found.waitForReceiver()
        return 0
    }
}

@c @implementation
public func FL_join(_ mbox: mailbox, _ group: UnsafePointer<CChar>?) -> Int32 {
    call(mbox) { (found) throws(SpreadError) in
        try found.join(group)
        return 0
    }
}

@c @implementation
public func FL_leave(_ mbox: mailbox, _ group: UnsafePointer<CChar>?) -> Int32 {
    call(mbox) { (found) throws(SpreadError) in
        try found.leave(group)
        return 0
    }
}

@c @implementation
public func FL_flush(_ mbox: mailbox, _ group: UnsafePointer<CChar>?) -> Int32 {
    call(mbox) { (found) throws(SpreadError) in
        try found.flush(group)
        return 0
    }
}

/// The group of a multicast.
private func name(_ group: UnsafePointer<CChar>?) throws(SpreadError) -> GroupName {
    guard let group else { throw .illegalGroup }
    return GroupName(text: group)
}

/// The receivers of a subgroup cast.
private func receivers(_ names: UnsafePointer<CChar>?, _ count: Int32) throws(SpreadError) -> [GroupName] {
    guard count >= 0, names != nil || count == 0 else { throw .illegalParameter }
    guard count <= Int32(Limits.groups) else { throw .illegalReceivers }
    return (0..<Int(count)).compactMap { place in
        names.map { GroupName(wire: UnsafeRawPointer($0 + place * GroupName.byteCount)) }
    }
}

private func receiver(_ name: UnsafePointer<CChar>?) throws(SpreadError) -> [GroupName] {
    guard let name else { throw .illegalReceivers }
    return [GroupName(text: name)]
}

/// The original needs an element for itself.
private func flushPieces(_ message: UnsafePointer<scatter>?) throws(SpreadError) -> [UnsafeRawBufferPointer] {
    guard let message, message.pointee.num_elements <= Int(FL_MAX_SCATTER_ELEMENTS) else { throw .illegalMessage }
    return try pieces(message)
}

@c @implementation
public func FL_multicast(
    _ mbox: mailbox, _ type: service, _ group: UnsafePointer<CChar>?, _ messageType: Int16, _ count: Int32,
    _ message: UnsafePointer<CChar>?
) -> Int32 {
    call(mbox) { (found) throws(SpreadError) in
        try found.multicast(
            UInt32(bitPattern: type), try name(group), to: nil, messageType, try piece(message, count))
    }
}

@c @implementation
public func FL_scat_multicast(
    _ mbox: mailbox, _ type: service, _ group: UnsafePointer<CChar>?, _ messageType: Int16,
    _ message: UnsafePointer<scatter>?
) -> Int32 {
    call(mbox) { (found) throws(SpreadError) in
        try found.multicast(
            UInt32(bitPattern: type), try name(group), to: nil, messageType, try flushPieces(message))
    }
}

@c @implementation
public func FL_unicast(
    _ mbox: mailbox, _ type: service, _ group: UnsafePointer<CChar>?, _ to: UnsafePointer<CChar>?,
    _ messageType: Int16, _ count: Int32, _ message: UnsafePointer<CChar>?
) -> Int32 {
    call(mbox) { (found) throws(SpreadError) in
        try found.multicast(
            UInt32(bitPattern: type), try name(group), to: try receiver(to), messageType, try piece(message, count))
    }
}

@c @implementation
public func FL_scat_unicast(
    _ mbox: mailbox, _ type: service, _ group: UnsafePointer<CChar>?, _ to: UnsafePointer<CChar>?,
    _ messageType: Int16, _ message: UnsafePointer<scatter>?
) -> Int32 {
    call(mbox) { (found) throws(SpreadError) in
        try found.multicast(
            UInt32(bitPattern: type), try name(group), to: try receiver(to), messageType, try flushPieces(message))
    }
}

@c @implementation
public func FL_subgroupcast(
    _ mbox: mailbox, _ type: service, _ group: UnsafePointer<CChar>?, _ receiverCount: Int32,
    _ names: UnsafeMutablePointer<CChar>?, _ messageType: Int16, _ count: Int32, _ message: UnsafePointer<CChar>?
) -> Int32 {
    call(mbox) { (found) throws(SpreadError) in
        let all = try receivers(names, receiverCount)
        return try found.multicast(
            UInt32(bitPattern: type), try name(group), to: all, messageType, try piece(message, count))
    }
}

@c @implementation
public func FL_scat_subgroupcast(
    _ mbox: mailbox, _ type: service, _ group: UnsafePointer<CChar>?, _ receiverCount: Int32,
    _ names: UnsafeMutablePointer<CChar>?, _ messageType: Int16, _ message: UnsafePointer<scatter>?
) -> Int32 {
    call(mbox) { (found) throws(SpreadError) in
        let all = try receivers(names, receiverCount)
        return try found.multicast(
            UInt32(bitPattern: type), try name(group), to: all, messageType, try flushPieces(message))
    }
}

@c @implementation
public func FL_receive(
    _ mbox: mailbox, _ type: UnsafeMutablePointer<service>?, _ sender: UnsafeMutablePointer<CChar>?, _ most: Int32,
    _ groupCount: UnsafeMutablePointer<Int32>?, _ groups: UnsafeMutablePointer<CChar>?,
    _ messageType: UnsafeMutablePointer<Int16>?, _ mismatch: UnsafeMutablePointer<Int32>?, _ count: Int32,
    _ message: UnsafeMutablePointer<CChar>?, _ more: UnsafeMutablePointer<Int32>?
) -> Int32 {
    call(mbox) { (found) throws(SpreadError) in
        guard count >= 0 else { throw .illegalParameter }
        let outputs = Outputs(type, sender, groupCount, messageType, mismatch)
        return try receive(found, outputs, most, groups, try room(message, count), more)
    }
}

@c @implementation
public func FL_scat_receive(
    _ mbox: mailbox, _ type: UnsafeMutablePointer<service>?, _ sender: UnsafeMutablePointer<CChar>?, _ most: Int32,
    _ groupCount: UnsafeMutablePointer<Int32>?, _ groups: UnsafeMutablePointer<CChar>?,
    _ messageType: UnsafeMutablePointer<Int16>?, _ mismatch: UnsafeMutablePointer<Int32>?,
    _ message: UnsafeMutablePointer<scatter>?, _ more: UnsafeMutablePointer<Int32>?
) -> Int32 {
    call(mbox) { (found) throws(SpreadError) in
        let outputs = Outputs(type, sender, groupCount, messageType, mismatch)
        return try receive(found, outputs, most, groups, try room(message), more)
    }
}

private func receive(
    _ mailbox: FlushMailbox, _ outputs: Outputs, _ most: Int32, _ groups: UnsafeMutablePointer<CChar>?,
    _ body: [UnsafeMutableRawBufferPointer], _ more: UnsafeMutablePointer<Int32>?
) throws(SpreadError) -> Int32 {
    guard most >= 0 else { throw .illegalParameter }
    let names = UnsafeMutableRawBufferPointer(start: groups, count: groups == nil ? 0 : Int(most) * GroupName.byteCount)
    let (receipt, left) = try mailbox.receive(
        dropping: outputs.isDropping, waiting: !outputs.isImpatient, groups: names, body: body)
    outputs.write(receipt)
    if receipt.code >= 0 { more?.pointee = left }
    return receipt.code
}

@c @implementation
public func FL_poll(_ mbox: mailbox) -> Int32 {
    call(mbox) { (found) throws(SpreadError) in found.readableByteCount() }
}

@c @implementation
public func FL_more_msgs(_ mbox: mailbox) -> Int32 {
    call(mbox) { (found) throws(SpreadError) in found.queuedCount }
}

@c @implementation
public func FL_get_gid_offset_memb_mess() -> Int32 { 0 }

@c @implementation
public func FL_get_num_vs_offset_memb_mess() -> Int32 { 12 }

@c @implementation
public func FL_get_vs_set_offset_memb_mess() -> Int32 { 16 }

@c @implementation
public func FL_error(_ code: Int32) {
    guard (-28 ... -24).contains(code) else { return SP_error(code) }
    let line = "FL_error: (" + String(code) + ") "
    _ = line.withCString { fputs($0, clibc_stdout()) }
    fputs(SP_strerror(code), clibc_stdout())
    fputs("\n", clibc_stdout())
}
