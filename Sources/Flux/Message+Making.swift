// The messages that the calls of the interface make, and what they ask of those they take apart.
import CLibc
import Sockets

extension Message {
    /// A request, response or event as a client sends it: routes enabled, none there.
    public static func make(_ type: MessageType, topic: Slice, payload: Slice? = nil) -> Message {
        let message = Message(type)
        message.topic = topic
        message.proto.flags = [.topic, .route]
        message.setPayload(payload)
        return message
    }

    public static func request(topic: Slice, payload: Slice? = nil) -> Message {
        make(.request, topic: topic, payload: payload)
    }

    public static func event(topic: Slice, payload: Slice? = nil) -> Message {
        make(.event, topic: topic, payload: payload)
    }

    /// The response to a request: its topic, tag, routes and flags, from nobody yet, with nothing to say.
    /// - Throws: EINVAL for a request that wants none, EPROTO for what is no request.
    public static func response(to request: Message, errnum: Int32 = 0) throws(Errno) -> Message {
        guard !request.isNoResponse else { throw Errno(code: EINVAL) }
        try request.require(.request, .response, else: EPROTO)
        let response = request.copy(withPayload: false)
        response.setType(.response)
        response.credentials = .unknown
        response.errnum = errnum
        return response
    }

    /// The topic of a message of this type.
    /// - Throws: EPROTO for another type or no topic.
    public func topic(ofA type: MessageType) throws(Errno) -> Slice {
        try require(type, else: EPROTO)
        return try requireTopic()
    }

    /// The topic of a response that is no error.
    /// - Throws: the error that it says; EPROTO for what is no response or has no topic.
    public func topicOfResponse() throws(Errno) -> Slice {
        try require(.response, else: EPROTO)
        guard errnum == 0 else { throw Errno(code: errnum) }
        return try requireTopic()
    }

    /// What an error response says about itself.
    /// - Throws: ENOENT when it is no error or says nothing; EPROTO for what is no response or no text.
    public func errorText() throws(Errno) -> Slice {
        try require(.response, else: EPROTO)
        guard errnum != 0, let text = try textPayload() else { throw Errno(code: ENOENT) }
        return text
    }
}
