// connector.h, and what finds a program's own connector.
import Bytes
import CFlux
import CLibc
import Flux
import Sockets

@c @implementation
public func flux_handle_create(
    _ impl: UnsafeMutableRawPointer?, _ ops: UnsafePointer<flux_handle_ops>?, _ flags: Int32
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        guard let ops else { throw .invalid }
        let connector = ForeignConnector(operations(ops.pointee, impl))
        return lend(Handle(connector, flags: HandleFlags(rawValue: flags)))
    }
}

@c @implementation
public func flux_handle_destroy(_ hp: OpaquePointer?) {
    flux_close(hp)
}

/// The failure that a function of the program's has just told by errno.
private func check(_ result: Int32) throws(Errno) {
    guard result >= 0 else { throw Errno(code: clibc_errno()) }
}

private func operations(_ table: flux_handle_ops, _ impl: UnsafeMutableRawPointer?) -> ConnectorOperations {
    var made = ConnectorOperations()
    if let send = table.send {
        made.send = { message, flags throws(Errno) in try check(send(impl, lend(message), flags)) }
    }
    if let sendNew = table.send_new {
        made.sendNew = { message, flags throws(Errno) in try give(message, flags, impl, sendNew) }
    }
    if let receive = table.recv {
        made.receive = { flags throws(Errno) in
            guard let message = release(receive(impl, flags), as: Message.self) else {
                throw Errno(code: clibc_errno())
            }
            return message
        }
    }
    if let pollDescriptor = table.pollfd {
        made.pollDescriptor = { () throws(Errno) in
            let descriptor = pollDescriptor(impl)
            try check(descriptor)
            return descriptor
        }
    }
    if let pollEvents = table.pollevents {
        made.pollEvents = { () throws(Errno) in
            let events = pollEvents(impl)
            try check(events)
            return events
        }
    }
    if let reconnect = table.reconnect { made.reconnect = { () throws(Errno) in try check(reconnect(impl)) } }
    if let destroy = table.impl_destroy { made.close = { destroy(impl) } }
    addOptions(table, impl, &made)
    return made
}

private func addOptions(
    _ table: flux_handle_ops, _ impl: UnsafeMutableRawPointer?, _ made: inout ConnectorOperations
) {
    if let setOption = table.setopt {
        made.setOption = { name, value throws(Errno) in
            let name = Slice(name)
            try check(withExtendedLifetime(name) { setOption(impl, name.cString, value.baseAddress, value.count) })
        }
    }
    if let getOption = table.getopt {
        made.getOption = { name, room throws(Errno) in
            let name = Slice(name)
            try check(withExtendedLifetime(name) { getOption(impl, name.cString, room.baseAddress, room.count) })
        }
    }
}

private func give(
    _ message: Message, _ flags: Int32, _ impl: UnsafeMutableRawPointer?,
    _ sendNew: (UnsafeMutableRawPointer?, UnsafeMutablePointer<OpaquePointer?>?, Int32) -> Int32
) throws(Errno) {
    var copy: OpaquePointer? = retain(message)
    let result = sendNew(impl, &copy, flags)
    let reason = clibc_errno()
    // Taken over, it is NULL now.
    release(copy, as: Message.self)
    guard result >= 0 else { throw Errno(code: reason) }
}

// MARK: Shared objects

private let connectorFolder: Text = "/usr/lib/flux/connectors"

/// Opens a scheme that a shared object brings.
func openForeign(
    _ scheme: Text, _ path: Text?, _ flags: HandleFlags, _ problem: inout OpenProblem
) throws(Errno) -> Handle {
    let object = try load(scheme, &problem)
    guard let start = dlsym(object.handle, "connector_init") else {
        problem.text = object.path + ": missing connector_init symbol"
        dlclose(object.handle)
        throw .invalid
    }
    typealias Start =
        @convention(c) (
            UnsafePointer<CChar>?, Int32, UnsafeMutablePointer<flux_error_t>?
        ) -> OpaquePointer?
    // Safety: the name is that of a function of this type, by the contract of connectors.
    let make = unsafeBitCast(start, to: Start.self)
    var error = flux_error_t()
    let place = path.map { Slice($0) }
    guard let made = borrow(make(place?.cString, flags.rawValue, &error), as: Handle.self) else {
        let reason = Errno(code: clibc_errno())
        let text = withUnsafeBytes(of: &error.text) { Array($0.prefix { $0 != 0 }) }
        if !text.isEmpty { problem.text = Text(text) }
        dlclose(object.handle)
        throw reason
    }
    made.onClosed = { dlclose(object.handle) }
    return made
}

private func load(
    _ scheme: Text, _ problem: inout OpenProblem
) throws(Errno) -> (handle: UnsafeMutableRawPointer, path: Text) {
    let folders = bytes(getenv("FLUX_CONNECTOR_PATH")).map { Text($0) } ?? connectorFolder
    for folder in folders.split(UInt8(ascii: ":")) where !scheme.bytes.contains(UInt8(ascii: "/")) {
        let path = folder + "/" + scheme + ".so"
        let name = Slice(path)
        guard access(name.cString, F_OK) == 0 else { continue }
        guard let handle = dlopen(name.cString, RTLD_LAZY | RTLD_LOCAL) else {
            problem.text = "dlopen: " + path + ": " + Text(bytes(dlerror()) ?? [])
            throw .invalid
        }
        return (handle, path)
    }
    problem.text = "Unable to find connector name '" + scheme + "'"
    throw .missing
}
