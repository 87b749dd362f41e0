// request.h, response.h and control.h.
import CFlux
import CLibc
import Flux
import Sockets

@c @implementation
public func flux_request_decode(
    _ msg: OpaquePointer?, _ topic: UnsafeMutablePointer<UnsafePointer<CChar>?>?,
    _ s: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> Int32 {
    status { () throws(Errno) in
        let message = try message(msg)
        let found = try message.topic(ofA: .request)
        let text = try message.textPayload()
        topic?.pointee = found.cString
        s?.pointee = text?.cString
    }
}

@c @implementation
public func flux_request_decode_raw(
    _ msg: OpaquePointer?, _ topic: UnsafeMutablePointer<UnsafePointer<CChar>?>?,
    _ data: UnsafeMutablePointer<UnsafeRawPointer?>?, _ len: UnsafeMutablePointer<Int>?
) -> Int32 {
    status { () throws(Errno) in
        guard let data, let len else { throw .invalid }
        let message = try message(msg)
        topic?.pointee = try message.topic(ofA: .request).cString
        let payload = message.hasPayload ? message.payload : nil
        data.pointee = payload?.pointer
        len.pointee = payload?.count ?? 0
    }
}

@c @implementation
public func flux_request_encode(_ topic: UnsafePointer<CChar>?, _ s: UnsafePointer<CChar>?) -> OpaquePointer? {
    pointer { () throws(Errno) in
        guard let topic = slice(topic) else { throw .invalid }
        return retain(Message.request(topic: topic, payload: payload(s)))
    }
}

@c @implementation
public func flux_request_encode_raw(
    _ topic: UnsafePointer<CChar>?, _ data: UnsafeRawPointer?, _ len: Int
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        guard let topic = slice(topic) else { throw .invalid }
        return retain(Message.request(topic: topic, payload: payload(data, len)))
    }
}

// MARK: Responses

@c @implementation
public func flux_response_decode(
    _ msg: OpaquePointer?, _ topic: UnsafeMutablePointer<UnsafePointer<CChar>?>?,
    _ s: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> Int32 {
    status { () throws(Errno) in
        let message = try message(msg)
        let found = try message.topicOfResponse()
        if let s { s.pointee = try message.textPayload()?.cString }
        topic?.pointee = found.cString
    }
}

@c @implementation
public func flux_response_decode_raw(
    _ msg: OpaquePointer?, _ topic: UnsafeMutablePointer<UnsafePointer<CChar>?>?,
    _ data: UnsafeMutablePointer<UnsafeRawPointer?>?, _ len: UnsafeMutablePointer<Int>?
) -> Int32 {
    status { () throws(Errno) in
        let message = try message(msg)
        topic?.pointee = try message.topicOfResponse().cString
        let payload = message.hasPayload ? message.payload : nil
        data?.pointee = payload?.pointer
        len?.pointee = payload?.count ?? 0
    }
}

@c @implementation
public func flux_response_decode_error(
    _ msg: OpaquePointer?, _ errstr: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> Int32 {
    status { () throws(Errno) in
        guard let errstr else { throw .invalid }
        errstr.pointee = try message(msg).errorText().cString
    }
}

private func response(
    _ topic: UnsafePointer<CChar>?, errnum: Int32, payload: Slice?
) throws(Errno) -> OpaquePointer {
    guard let topic = slice(topic) else { throw .invalid }
    let message = Message.make(.response, topic: topic, payload: payload)
    message.errnum = errnum
    return retain(message)
}

@c @implementation
public func flux_response_encode(_ topic: UnsafePointer<CChar>?, _ s: UnsafePointer<CChar>?) -> OpaquePointer? {
    pointer { () throws(Errno) in try response(topic, errnum: 0, payload: payload(s)) }
}

@c @implementation
public func flux_response_encode_raw(
    _ topic: UnsafePointer<CChar>?, _ data: UnsafeRawPointer?, _ len: Int
) -> OpaquePointer? {
    pointer { () throws(Errno) in try response(topic, errnum: 0, payload: payload(data, len)) }
}

@c @implementation
public func flux_response_encode_error(
    _ topic: UnsafePointer<CChar>?, _ errnum: Int32, _ errstr: UnsafePointer<CChar>?
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        guard errnum != 0 else { throw .invalid }
        return try response(topic, errnum: errnum, payload: payload(errstr))
    }
}

@c @implementation
public func flux_response_derive(_ request: OpaquePointer?, _ errnum: Int32) -> OpaquePointer? {
    pointer { () throws(Errno) in retain(try Message.response(to: try message(request), errnum: errnum)) }
}

// MARK: Answering

private func respond(
    _ h: OpaquePointer?, _ request: OpaquePointer?, errnum: Int32 = 0, payload: () throws(Errno) -> Slice?
) -> Int32 {
    status { () throws(Errno) in
        let handle = try handle(h)
        let request = try message(request)
        guard !request.isNoResponse else { return }
        let response = try Message.response(to: request, errnum: errnum)
        response.setPayload(try payload())
        try handle.send(response, isGiven: true)
    }
}

@c @implementation
public func flux_respond(
    _ h: OpaquePointer?, _ request: OpaquePointer?, _ s: UnsafePointer<CChar>?
) -> Int32 {
    respond(h, request) { () throws(Errno) in payload(s) }
}

@c @implementation
public func flux_respond_raw(
    _ h: OpaquePointer?, _ request: OpaquePointer?, _ data: UnsafeRawPointer?, _ len: Int32
) -> Int32 {
    respond(h, request) { () throws(Errno) in
        guard data == nil || len >= 0 else { throw .invalid }
        return payload(data, Int(len))
    }
}

@c @implementation
public func flux_respond_error(
    _ h: OpaquePointer?, _ request: OpaquePointer?, _ errnum: Int32, _ errstr: UnsafePointer<CChar>?
) -> Int32 {
    respond(h, request, errnum: errnum == 0 ? EINVAL : errnum) { () throws(Errno) in payload(errstr) }
}

// MARK: Control messages

@c @implementation
public func flux_control_encode(_ type: Int32, _ status: Int32) -> OpaquePointer? {
    let message = Message(.control)
    message.controlType = type
    message.controlStatus = status
    return retain(message)
}

@c @implementation
public func flux_control_decode(
    _ msg: OpaquePointer?, _ type: UnsafeMutablePointer<Int32>?, _ status: UnsafeMutablePointer<Int32>?
) -> Int32 {
    flux_msg_get_control(msg, type, status)
}
