// A request on its way, and the future of its response.
import Bytes
import CLibc
import Sockets

public struct RPCFlags: OptionSet, Sendable {
    public let rawValue: Int32

    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    public static let noResponse = RPCFlags(rawValue: 1)
    public static let streaming = RPCFlags(rawValue: 2)

    /// - Throws: EINVAL for bits that mean nothing.
    public init(checking flags: Int32) throws(Errno) {
        guard flags & ~3 == 0 else { throw Errno(code: EINVAL) }
        self.init(rawValue: flags)
    }
}

public final class RPC: Future {
    public let nodeid: UInt32
    public private(set) var matchtag: UInt32 = Matchtag.none
    private let flags: RPCFlags
    private var isSent = false
    /// The response has come, of a stream the last one.
    private var isAnswered = false
    /// One for each context that waits.
    private var handlers: [MessageHandler] = []

    private init(nodeid: UInt32, flags: RPCFlags) {
        self.nodeid = nodeid
        self.flags = flags
        super.init(nil)
    }

    // MARK: Sending

    /// Sends a request that nobody else has, after completing it.
    public static func send(
        _ request: Message, on handle: Handle, nodeid: UInt32, flags: RPCFlags
    ) throws(Errno) -> RPC {
        let rpc = RPC(nodeid: nodeid, flags: flags)
        do {
            try rpc.send(request, on: handle)
            return rpc
        } catch {
            rpc.dropUse()
            throw error
        }
    }

    private func send(_ request: Message, on handle: Handle) throws(Errno) {
        guard request.type == .request else { throw Errno(code: EINVAL) }
        if !flags.contains(.noResponse) { matchtag = try handle.allocateTag() }
        setHandle(handle)
        request.matchtag = matchtag
        var node = nodeid
        if node == NodeID.upstream {
            request.flags.insert(.upstream)
            node = try handle.rank()
        }
        if flags.contains(.streaming) { request.flags.insert(.streaming) }
        if flags.contains(.noResponse) { request.flags.insert(.noResponse) }
        request.nodeid = node
        try handle.send(request)
        isSent = true
        if flags.contains(.noResponse) { fulfill(nil, free: nil) }
    }

    // MARK: Receiving

    public override func begin() {
        guard matchtag != Matchtag.none else { return }
        do throws(Errno) {
            guard let handle = try currentHandle() as? Handle else { throw Errno(code: EINVAL) }
            let match = Match(types: Int32(MessageType.response.rawValue), matchtag: matchtag)
            let handler = try handle.dispatcher().add(match) { [unowned(unsafe) self] _, handler, message in
                // Safety: the handler is taken out when this goes.
                if take(message) { handler.stop() }
            }
            handler.allow(.all)
            handler.start()
            handlers.append(handler)
        } catch {
            fulfill(failure: error, nil)
        }
    }

    public override func feed(until deadline: Deadline) throws(Errno) -> Bool {
        guard matchtag != Matchtag.none, isSent, let handle = handle as? Handle else { return false }
        while !isReady {
            guard let message = try handle.receiveResponse(to: matchtag, deadline) else { return false }
            // One without any role is for nobody: as the dispatcher has it.
            guard !message.credentials.roles.isEmpty else { continue }
            if take(message) { stopHandlers() }
        }
        return true
    }

    private func stopHandlers() {
        for handler in handlers { handler.stop() }
    }

    /// - Returns: whether it was the last one.
    private func take(_ message: Message) -> Bool {
        do {
            _ = try message.topicOfResponse()
            fulfill(Unmanaged.passRetained(message).toOpaque(), free: RPC.drop)
            isAnswered = !flags.contains(.streaming)
        } catch {
            isAnswered = true
            fulfill(failure: error, message.errorTextIfAny())
        }
        return isAnswered
    }

    // Safety: the value of a fulfilled RPC holds the message, as above.
    private static func drop(_ message: UnsafeMutableRawPointer) {
        Unmanaged<Message>.fromOpaque(message).release()
    }

    // MARK: The end

    public override func tearDown() {
        for handler in handlers { handler.remove() }
        handlers = []
        finish()
        super.tearDown()
    }

    /// Gives the tag back, unless a response may still come.
    private func finish() {
        guard matchtag != Matchtag.none, let handle = handle as? Handle else { return }
        if isAnswered || !isSent {
            handle.freeTag(matchtag)
            matchtag = Matchtag.none
        } else if handle.flags.contains(.matchDebug) {
            let what = flags.contains(.streaming) ? "unterminated streaming RPC" : "unfulfilled RPC"
            Trace.say("MATCHDEBUG: \(what) leaks matchtag=\(matchtag)")
        }
    }
}

extension Message {
    fileprivate func errorTextIfAny() -> [UInt8]? {
        do {
            return try errorText().bytes
        } catch {
            return nil
        }
    }
}

extension Future {
    /// The response of an RPC, or of what has taken over its result.
    /// - Throws: EINVAL for one that never has a response.
    public final func response() throws(Errno) -> Message {
        guard let value = try get() else { throw Errno(code: EINVAL) }
        // Safety: this is asked of futures that are fulfilled with messages, by the contract of their makers.
        return Unmanaged<Message>.fromOpaque(value).takeUnretainedValue()
    }
}

extension Handle {
    public func rpc(
        _ topic: Slice, payload: Slice? = nil, nodeid: UInt32 = NodeID.any, flags: RPCFlags = []
    ) throws(Errno) -> RPC {
        try RPC.send(.request(topic: topic, payload: payload), on: self, nodeid: nodeid, flags: flags)
    }

    /// Copies the request first.
    public func rpc(copying request: Message, nodeid: UInt32, flags: RPCFlags) throws(Errno) -> RPC {
        try RPC.send(request.copy(), on: self, nodeid: nodeid, flags: flags)
    }
}

extension Future {
    /// The RPC that this is, or whose result it has taken over.
    public final var rpc: RPC? {
        var future: Future? = self
        while let one = future {
            if let rpc = one as? RPC { return rpc }
            future = one.source
        }
        return nil
    }
}
