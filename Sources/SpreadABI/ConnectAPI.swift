import CLibc
import CSpread
import Sockets
import Spread

@c @implementation
public func SP_version(
    _ major: UnsafeMutablePointer<Int32>?, _ minor: UnsafeMutablePointer<Int32>?, _ patch: UnsafeMutablePointer<Int32>?
) -> Int32 {
    guard let major, let minor, let patch else { return 0 }
    major.pointee = Int32(Handshake.version.0)
    minor.pointee = Int32(Handshake.version.1)
    patch.pointee = Int32(Handshake.version.2)
    return 1
}

@c @implementation
public func SP_set_auth_method(
    _ name: UnsafePointer<CChar>?, _ function: (@convention(c) (Int32, UnsafeMutableRawPointer?) -> Int32)?,
    _ data: UnsafeMutableRawPointer?
) -> Int32 {
    guard let method = method(name, function, data) else { return 0 }
    AuthenticationMethods.shared.all = [method]
    return 1
}

@c @implementation
public func SP_set_auth_methods(
    _ count: Int32, _ names: UnsafeMutablePointer<UnsafePointer<CChar>?>?,
    _ functions: UnsafeMutablePointer<(@convention(c) (Int32, UnsafeMutableRawPointer?) -> Int32)?>?,
    _ data: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int32 {
    guard (0...Int32(Handshake.methodCount)).contains(count) else { return 0 }
    var methods: [AuthenticationMethod] = []
    for place in 0..<Int(count) {
        guard let names, let functions, let made = method(names[place], functions[place], data?[place]) else {
            return 0
        }
        methods.append(made)
    }
    AuthenticationMethods.shared.all = methods
    return 1
}

private func method(
    _ name: UnsafePointer<CChar>?, _ function: AuthenticationFunction?, _ data: UnsafeMutableRawPointer?
) -> AuthenticationMethod? {
    guard let name, let function, strlen(name) < Handshake.methodByteCount else { return nil }
    return AuthenticationMethod(name: bytes(name)) { function($0, data) != 0 }
}

@c @implementation
public func SP_connect(
    _ daemon: UnsafePointer<CChar>?, _ privateName: UnsafePointer<CChar>?, _ priority: Int32, _ membership: Int32,
    _ mbox: UnsafeMutablePointer<mailbox>?, _ privateGroup: UnsafeMutablePointer<CChar>?
) -> Int32 {
    connect(daemon, privateName, priority, membership, mbox, privateGroup, .never)
}

@c @implementation
public func SP_connect_timeout(
    _ daemon: UnsafePointer<CChar>?, _ privateName: UnsafePointer<CChar>?, _ priority: Int32, _ membership: Int32,
    _ mbox: UnsafeMutablePointer<mailbox>?, _ privateGroup: UnsafeMutablePointer<CChar>?, _ limit: sp_time
) -> Int32 {
    guard limit.sec >= 0, limit.usec >= 0 else { return SpreadError.illegalTime.code }
    if limit.sec == 0, limit.usec == 0 {
        return connect(daemon, privateName, priority, membership, mbox, privateGroup, .never)
    }
    let seconds = UInt64(min(limit.sec, 1 << 30))
    let rest = UInt64(min(limit.usec, 1 << 40))
    let deadline = Deadline(milliseconds: max(seconds * 1000 + rest / 1000, 1))
    return connect(daemon, privateName, priority, membership, mbox, privateGroup, deadline)
}

private func connect(
    _ daemon: UnsafePointer<CChar>?, _ privateName: UnsafePointer<CChar>?, _ priority: Int32, _ membership: Int32,
    _ mbox: UnsafeMutablePointer<mailbox>?, _ privateGroup: UnsafeMutablePointer<CChar>?, _ deadline: Deadline
) -> Int32 {
    status { () throws(SpreadError) in
        guard let mbox else { throw .illegalSession }
        let made = try ConnectRequest(
            daemon: bytes(daemon), privateName: bytes(privateName), priority: priority, membership: membership != 0,
            deadline: deadline
        ).connect()
        mbox.pointee = made.descriptor
        if let privateGroup { made.privateGroup.write(to: privateGroup) }
        return 1
    }
}

@c @implementation
public func SP_disconnect(_ mbox: mailbox) -> Int32 {
    status { () throws(SpreadError) in
        try Mailboxes.shared.disconnect(mbox, sayingGoodbye: true)
        return 0
    }
}

@c @implementation
public func SP_kill(_ mbox: mailbox) {
    try? Mailboxes.shared.disconnect(mbox, sayingGoodbye: false)
}

@c @implementation
public func SP_poll(_ mbox: mailbox) -> Int32 {
    Mailboxes.shared[mbox]?.readableByteCount() ?? SpreadError.illegalSession.code
}
