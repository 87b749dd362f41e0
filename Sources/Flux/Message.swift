// A message of Flux in memory. What it carries is shared with its copies and with the frame it was decoded from;
// setting something replaces that part alone. C counts its users as Swift does.
import Bytes
import CLibc
import JSON
import Sockets

public final class Message {
    var proto: ProtoFrame
    public internal(set) var topic: Slice?
    public internal(set) var payload: Slice?
    /// As on the wire: the most recent hop first, the original sender last.
    public internal(set) var routes: [Slice] = []
    /// What the payload says, once somebody has asked.
    var parsed: JSON?
    private var extras: Aux?
    /// Why the last pack or unpack failed; nil when it did not.
    public var lastError: Slice?

    public init(_ type: MessageType) {
        proto = ProtoFrame(type: type)
    }

    init(_ proto: ProtoFrame) {
        self.proto = proto
    }

    /// The same message without what was hung on it; without the payload unless that is wanted.
    public func copy(withPayload isWithPayload: Bool = true) -> Message {
        let copy = Message(proto)
        copy.topic = topic
        copy.routes = routes
        if isWithPayload {
            copy.payload = payload
        } else {
            copy.proto.flags.remove(.payload)
        }
        return copy
    }

    /// What a caller hangs on it. Made when somebody first asks.
    public var aux: Aux {
        if let extras { return extras }
        let made = Aux()
        extras = made
        return made
    }

    /// What was hung on it stays behind when it goes to others.
    func clearAux() {
        extras = nil
    }

    // MARK: The fixed part

    public var type: MessageType { proto.type }

    /// Makes it a message of another type, with what such a one starts with.
    public func setType(_ type: MessageType) {
        proto.type = type
        proto.setUpWords()
    }

    /// - Throws: `code` unless it is of one of the types.
    public func require(_ one: MessageType, _ other: MessageType? = nil, else code: Int32) throws(Errno) {
        guard type == one || type == other else { throw Errno(code: code) }
    }

    public var flags: MessageFlags {
        get { proto.flags }
        set { proto.flags = newValue }
    }

    public var isNoResponse: Bool { flags.contains(.noResponse) }
    public var isStreaming: Bool { flags.contains(.streaming) }

    public func setNoResponse() {
        proto.flags.remove(.streaming)
        proto.flags.insert(.noResponse)
    }

    public func setStreaming() {
        proto.flags.remove(.noResponse)
        proto.flags.insert(.streaming)
    }

    public var credentials: Credentials {
        get { proto.credentials }
        set { proto.credentials = newValue }
    }

    /// Of a request.
    public var nodeid: UInt32 {
        get { proto.word1 }
        set { proto.word1 = newValue }
    }

    /// Of a response.
    public var errnum: Int32 {
        get { Int32(bitPattern: proto.word1) }
        set { proto.word1 = UInt32(bitPattern: newValue) }
    }

    /// Of an event.
    public var sequence: UInt32 {
        get { proto.word1 }
        set { proto.word1 = newValue }
    }

    /// Of a request or a response; 0 is none.
    public var matchtag: UInt32 {
        get { proto.word2 }
        set { proto.word2 = newValue }
    }

    /// Of a control message.
    public var controlType: Int32 {
        get { Int32(bitPattern: proto.word1) }
        set { proto.word1 = UInt32(bitPattern: newValue) }
    }

    /// Of a control message.
    public var controlStatus: Int32 {
        get { Int32(bitPattern: proto.word2) }
        set { proto.word2 = UInt32(bitPattern: newValue) }
    }

    // MARK: Topic

    /// nil takes it away.
    /// - Throws: EINVAL for a control message, which has none.
    public func setTopic(_ topic: Slice?) throws(Errno) {
        guard type != .control else { throw Errno(code: EINVAL) }
        self.topic = topic
        if topic == nil {
            proto.flags.remove(.topic)
        } else {
            proto.flags.insert(.topic)
        }
    }

    /// - Throws: EPROTO when it has none.
    public func requireTopic() throws(Errno) -> Slice {
        guard flags.contains(.topic), let topic else { throw Errno(code: EPROTO) }
        return topic
    }
}
