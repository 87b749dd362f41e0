// What a handle needs of the thing that moves its messages. The kinds that come with the library stand in files of their own;
// a program's own kind is a table of functions.
import Bytes
import CLibc
import Sockets

public class Connector {
    init() {}

    var canSend: Bool { true }
    var canReceive: Bool { true }
    var canReconnect: Bool { false }

    /// Where messages are kept in one piece of memory with their bytes, there is a shorter way.
    var stream: MessageStream? { nil }

    func send(_ message: Message, isBlocking: Bool) throws(Errno) { throw Errno(code: ENOSYS) }

    /// As above, for a message that nobody else has and the sender has no more use for.
    func send(giving message: Message, isBlocking: Bool) throws(Errno) {
        try send(message, isBlocking: isBlocking)
    }

    /// - Throws: EAGAIN when there is none and waiting is not wanted.
    func receive(isBlocking: Bool) throws(Errno) -> Message { throw Errno(code: ENOSYS) }

    /// A descriptor that changes its readiness with `pollEvents`; nil for a connector that has none.
    func pollDescriptor() throws(Errno) -> Int32? { nil }

    /// Which of its events matter, as poll(2) has them.
    var pollMask: Int32 { Int32(POLLIN | POLLOUT) }

    func pollEvents() throws(Errno) -> Int32 { 0 }

    /// Received from the system, not yet from us.
    var hasReceived: Bool { false }

    func reconnect() throws(Errno) { throw Errno(code: ENOSYS) }

    func setOption(_ name: Text, _ value: UnsafeRawBufferPointer) throws(Errno) { throw Errno(code: EINVAL) }

    func getOption(_ name: Text, into room: UnsafeMutableRawBufferPointer) throws(Errno) { throw Errno(code: EINVAL) }

    func close() {}
}

/// Names of options that a program sets or asks for.
enum ConnectorOption {
    static let userid: Text = "flux::testing_userid"
    static let rolemask: Text = "flux::testing_rolemask"
    static let routerName: Text = "flux::router_name"
    static let sendQueueCount: Text = "flux::send_queue_count"
    static let receiveQueueCount: Text = "flux::recv_queue_count"
    static let pollEvents: Text = "flux::pollfd_events"
    static let countLimit: Text = "flux::message_count_limit"
    static let attributeRedirect: Text = "flux::attr_redirect"

    /// - Throws: EINVAL unless the sizes agree.
    static func read<Value: BitwiseCopyable>(
        _ value: UnsafeRawBufferPointer, as _: Value.Type
    ) throws(Errno) -> Value {
        guard value.baseAddress != nil, value.count == MemoryLayout<Value>.size else { throw Errno(code: EINVAL) }
        return value.loadUnaligned(as: Value.self)
    }

    static func write<Value: BitwiseCopyable>(
        _ value: Value, into room: UnsafeMutableRawBufferPointer
    ) throws(Errno) {
        guard room.baseAddress != nil, room.count == MemoryLayout<Value>.size else { throw Errno(code: EINVAL) }
        room.storeBytes(of: value, as: Value.self)
    }
}

/// A program's own connector: what it left out is nil here.
public struct ConnectorOperations {
    public var send: ((Message, Int32) throws(Errno) -> Void)?
    /// Takes the message over.
    public var sendNew: ((Message, Int32) throws(Errno) -> Void)?
    public var receive: ((Int32) throws(Errno) -> Message)?
    public var pollDescriptor: (() throws(Errno) -> Int32)?
    public var pollEvents: (() throws(Errno) -> Int32)?
    public var reconnect: (() throws(Errno) -> Void)?
    public var setOption: ((Text, UnsafeRawBufferPointer) throws(Errno) -> Void)?
    public var getOption: ((Text, UnsafeMutableRawBufferPointer) throws(Errno) -> Void)?
    public var close: (() -> Void)?

    public init() {}
}

public final class ForeignConnector: Connector {
    private let operations: ConnectorOperations

    public init(_ operations: ConnectorOperations) {
        self.operations = operations
        super.init()
    }

    override var canSend: Bool { operations.send != nil || operations.sendNew != nil }
    override var canReceive: Bool { operations.receive != nil }
    override var canReconnect: Bool { operations.reconnect != nil }

    override func send(_ message: Message, isBlocking: Bool) throws(Errno) {
        guard let send = operations.send else { return try self.send(giving: message.copy(), isBlocking: isBlocking) }
        try send(message, isBlocking ? 0 : HandleFlags.nonblock.rawValue)
    }

    override func send(giving message: Message, isBlocking: Bool) throws(Errno) {
        guard let sendNew = operations.sendNew else { return try send(message, isBlocking: isBlocking) }
        try sendNew(message, isBlocking ? 0 : HandleFlags.nonblock.rawValue)
    }

    override func receive(isBlocking: Bool) throws(Errno) -> Message {
        guard let receive = operations.receive else { throw Errno(code: ENOSYS) }
        return try receive(isBlocking ? 0 : HandleFlags.nonblock.rawValue)
    }

    override func pollDescriptor() throws(Errno) -> Int32? {
        guard let pollDescriptor = operations.pollDescriptor else { return nil }
        return try pollDescriptor()
    }

    override var pollMask: Int32 {
        var mask = super.pollMask
        withUnsafeMutableBytes(of: &mask) { room in
            do throws(Errno) {
                try operations.getOption?(ConnectorOption.pollEvents, room)
            } catch {
                // One that does not know the option has no opinion: all of them matter.
                room.storeBytes(of: Int32(POLLIN | POLLOUT), as: Int32.self)
            }
        }
        return mask
    }

    override func pollEvents() throws(Errno) -> Int32 {
        guard let pollEvents = operations.pollEvents else { return 0 }
        return try pollEvents()
    }

    override func reconnect() throws(Errno) {
        guard let reconnect = operations.reconnect else { throw Errno(code: ENOSYS) }
        try reconnect()
    }

    override func setOption(_ name: Text, _ value: UnsafeRawBufferPointer) throws(Errno) {
        guard let setOption = operations.setOption else { throw Errno(code: EINVAL) }
        try setOption(name, value)
    }

    override func getOption(_ name: Text, into room: UnsafeMutableRawBufferPointer) throws(Errno) {
        guard let getOption = operations.getOption else { throw Errno(code: EINVAL) }
        try getOption(name, room)
    }

    override func close() {
        operations.close?()
    }
}
