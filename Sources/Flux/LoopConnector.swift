// `loop://`: what is sent is received by the same handle. For tests, so it says of itself that it is rank 0 of 1.
import Bytes
import CLibc
import JSON
import Sockets

public final class LoopConnector: Connector {
    private let queue = MessageQueue()
    private var credentials = Credentials(userid: getuid(), roles: .owner)
    private var isAttributeRedirected = false
    /// Whose attributes a redirected request is about.
    unowned(unsafe) var handle: Handle?

    override func send(_ message: Message, isBlocking: Bool) throws(Errno) {
        if isAttributeRedirected, message.type == .request, let topic = message.topic,
            topic.raw.starts(with: "attr.".utf8)
        {
            return try redirect(message, topic)
        }
        let copy = message.copy()
        var sender = copy.credentials
        if sender.userid == Credentials.unknownUser { sender.userid = credentials.userid }
        if sender.roles == [] { sender.roles = credentials.roles }
        copy.credentials = sender
        try queue.append(copy)
    }

    override func receive(isBlocking: Bool) throws(Errno) -> Message {
        guard let message = queue.removeFirst() else { throw Errno(code: EAGAIN) }
        return message
    }

    override func pollDescriptor() throws(Errno) -> Int32? { try queue.pollDescriptor() }
    override var pollMask: Int32 { Int32(POLLIN) }
    override func pollEvents() throws(Errno) -> Int32 { queue.pollEvents() }
    override var hasReceived: Bool { !queue.isEmpty }

    /// Answers a request about an attribute from the handle's own.
    private func redirect(_ request: Message, _ topic: Slice) throws(Errno) {
        guard let handle else { throw Errno(code: ENOSYS) }
        if topic.isSame(as: Array("attr.get".utf8)) {
            return try handle.respond(to: request, error: ENOENT)
        }
        let isSetting = topic.isSame(as: Array("attr.set".utf8))
        guard isSetting || topic.isSame(as: Array("attr.rm".utf8)) else { throw Errno(code: ENOSYS) }
        let body = try request.json()
        guard let name = body["name"]?.bytes else { throw Errno(code: EPROTO) }
        let value = body["value"]?.bytes
        if isSetting, value == nil { throw Errno(code: EPROTO) }
        handle.attributes.keep(isSetting ? value : nil, for: Text(name))
        try handle.respond(to: request)
    }

    override func getOption(_ name: Text, into room: UnsafeMutableRawBufferPointer) throws(Errno) {
        if name == ConnectorOption.userid {
            try ConnectorOption.write(credentials.userid, into: room)
        } else if name == ConnectorOption.rolemask {
            try ConnectorOption.write(credentials.roles.rawValue, into: room)
        } else if name == ConnectorOption.countLimit {
            try ConnectorOption.write(Int32(clamping: queue.limit), into: room)
        } else if name == ConnectorOption.pollEvents {
            try ConnectorOption.write(Int32(POLLIN), into: room)
        } else {
            throw Errno(code: EINVAL)
        }
    }

    override func setOption(_ name: Text, _ value: UnsafeRawBufferPointer) throws(Errno) {
        if name == ConnectorOption.userid {
            credentials.userid = try ConnectorOption.read(value, as: UInt32.self)
        } else if name == ConnectorOption.rolemask {
            credentials.roles = Roles(rawValue: try ConnectorOption.read(value, as: UInt32.self))
        } else if name == ConnectorOption.countLimit {
            try queue.setLimit(try ConnectorOption.read(value, as: Int32.self))
        } else if name == ConnectorOption.attributeRedirect, value.baseAddress == nil, value.count == 0 {
            isAttributeRedirected = true
        } else {
            throw Errno(code: EINVAL)
        }
    }

    override func close() {
        queue.removeAll()
    }
}
