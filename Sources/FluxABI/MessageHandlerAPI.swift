// msg_handler.h and method.h.
import Bytes
import CFlux
import CLibc
import Flux
import Sockets

private func add(
    _ handle: Handle, _ match: Flux.Match, _ cb: @escaping flux_msg_handler_f, _ arg: UnsafeMutableRawPointer?
) throws(Errno) -> MessageHandler {
    try handle.dispatcher().add(match) { handle, handler, message in
        cb(lend(handle), lend(handler), lend(message), arg)
    }
}

@c @implementation
public func flux_msg_handler_create(
    _ h: OpaquePointer?, _ match: flux_match, _ cb: flux_msg_handler_f?, _ arg: UnsafeMutableRawPointer?
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        guard let cb else { throw .invalid }
        return retain(try add(try handle(h), Match(match), cb, arg))
    }
}

@c @implementation
public func flux_msg_handler_destroy(_ mh: OpaquePointer?) {
    keepingErrno { release(mh, as: MessageHandler.self)?.remove() }
}

@c @implementation
public func flux_msg_handler_start(_ mh: OpaquePointer?) {
    borrow(mh, as: MessageHandler.self)?.start()
}

@c @implementation
public func flux_msg_handler_stop(_ mh: OpaquePointer?) {
    borrow(mh, as: MessageHandler.self)?.stop()
}

@c @implementation
public func flux_msg_handler_allow_rolemask(_ mh: OpaquePointer?, _ rolemask: UInt32) {
    borrow(mh, as: MessageHandler.self)?.allow(Roles(rawValue: rolemask))
}

@c @implementation
public func flux_msg_handler_deny_rolemask(_ mh: OpaquePointer?, _ rolemask: UInt32) {
    borrow(mh, as: MessageHandler.self)?.deny(Roles(rawValue: rolemask))
}

// MARK: Tables

/// The array that C gets, ended by NULL.
private func array(_ handlers: [MessageHandler]) throws(Errno) -> UnsafeMutablePointer<OpaquePointer?> {
    let size = MemoryLayout<OpaquePointer?>.stride
    guard let room = calloc(handlers.count + 1, size) else { throw .outOfMemory }
    let array = room.bindMemory(to: OpaquePointer?.self, capacity: handlers.count + 1)
    for (place, handler) in handlers.enumerated() { array[place] = retain(handler) }
    return array
}

private func isEnd(_ spec: flux_msg_handler_spec) -> Bool {
    spec.typemask == 0 && spec.topic_glob == nil && spec.cb == nil && spec.rolemask == 0
}

@c @implementation
public func flux_msg_handler_addvec_ex(
    _ h: OpaquePointer?, _ service_name: UnsafePointer<CChar>?, _ tab: UnsafePointer<flux_msg_handler_spec>?,
    _ arg: UnsafeMutableRawPointer?, _ hp: UnsafeMutablePointer<UnsafeMutablePointer<OpaquePointer?>?>?
) -> Int32 {
    status { () throws(Errno) in
        guard let tab, let hp else { throw .invalid }
        let handle = try handle(h)
        let service = bytes(service_name)
        var made: [MessageHandler] = []
        do throws(Errno) {
            var place = 0
            while !isEnd(tab[place]) {
                made.append(try addOne(tab[place], of: service, on: handle, arg))
                place += 1
            }
            hp.pointee = try array(made)
        } catch {
            for handler in made { handler.remove() }
            throw error
        }
    }
}

private func addOne(
    _ spec: flux_msg_handler_spec, of service: [UInt8]?, on handle: Handle, _ arg: UnsafeMutableRawPointer?
) throws(Errno) -> MessageHandler {
    guard let cb = spec.cb else { throw .invalid }
    var topic = slice(spec.topic_glob)
    if let service { topic = Slice(service + [UInt8(ascii: ".")] + (topic?.bytes ?? [])) }
    let match = Flux.Match(types: Int32(spec.typemask), glob: TopicGlob(topic))
    let handler = try add(handle, match, cb, arg)
    handler.allow(Roles(rawValue: spec.rolemask))
    handler.start()
    return handler
}

@c @implementation
public func flux_msg_handler_addvec(
    _ h: OpaquePointer?, _ tab: UnsafePointer<flux_msg_handler_spec>?, _ arg: UnsafeMutableRawPointer?,
    _ msg_handlers: UnsafeMutablePointer<UnsafeMutablePointer<OpaquePointer?>?>?
) -> Int32 {
    flux_msg_handler_addvec_ex(h, nil, tab, arg, msg_handlers)
}

@c @implementation
public func flux_msg_handler_delvec(_ msg_handlers: UnsafeMutablePointer<OpaquePointer?>?) {
    guard let msg_handlers else { return }
    keepingErrno {
        var place = 0
        while let handler = msg_handlers[place] {
            release(handler, as: MessageHandler.self)?.remove()
            msg_handlers[place] = nil
            place += 1
        }
        free(msg_handlers)
    }
}

@c @implementation
public func flux_dispatch_requeue(_ h: OpaquePointer?) -> Int32 {
    status { () throws(Errno) in
        let handle = try handle(h)
        guard handle.isClone else { throw .invalid }
        handle.requeueUnmatched()
    }
}

@c @implementation
public func flux_get_handle_watcher(_ h: OpaquePointer?) -> OpaquePointer? {
    pointer { () throws(Errno) in try handle(h).dispatcher().watcher.map { lend($0) } }
}

@c @implementation
public func flux_register_default_methods(
    _ h: OpaquePointer?, _ service_name: UnsafePointer<CChar>?,
    _ msg_handlers: UnsafeMutablePointer<UnsafeMutablePointer<OpaquePointer?>?>?
) -> Int32 {
    status { () throws(Errno) in
        guard let msg_handlers, let service = bytes(service_name) else { throw .invalid }
        msg_handlers.pointee = try array(try handle(h).addDefaultMethods(service: service))
    }
}
