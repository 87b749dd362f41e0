// conf.h and conf_builtin.h.
import CFlux
import CJansson
import CLibc
import Flux
import FluxC
import JSON
import Sockets

private func conf(_ pointer: OpaquePointer?) throws(Errno) -> Conf {
    guard let conf = borrow(pointer, as: Conf.self) else { throw .invalid }
    return conf
}

/// What the body returns, or NULL with errno and a line about it.
private func explained<Result>(
    _ error: UnsafeMutablePointer<flux_error_t>?, _ body: () throws(ConfError) -> Result?
) -> Result? {
    do {
        return try body()
    } catch let reason {
        fill(error, reason.text)
        clibc_set_errno(reason.code.code)
        return nil
    }
}

@c @implementation
public func flux_conf_create() -> OpaquePointer? {
    lend(Conf())
}

@c @implementation
public func flux_conf_copy(_ conf: OpaquePointer?) -> OpaquePointer? {
    pointer { () throws(Errno) in lend(try FluxABI.conf(conf).copy()) }
}

@c @implementation
public func flux_conf_incref(_ conf: OpaquePointer?) -> OpaquePointer? {
    borrow(conf, as: Conf.self)?.addUse()
    return conf
}

@c @implementation
public func flux_conf_decref(_ conf: OpaquePointer?) {
    keepingErrno { borrow(conf, as: Conf.self)?.dropUse() }
}

@c @implementation
public func flux_conf_parse(
    _ path: UnsafePointer<CChar>?, _ error: UnsafeMutablePointer<flux_error_t>?
) -> OpaquePointer? {
    explained(error) { () throws(ConfError) in
        guard let path else { throw ConfError(.invalid) }
        return lend(try Conf.parse(String(cString: path)))
    }
}

@c @implementation
public func flux_conf_update(
    _ conf: OpaquePointer?, _ value: UnsafePointer<CChar>?, _ error: UnsafeMutablePointer<flux_error_t>?
) -> Int32 {
    let done: Bool? = explained(error) { () throws(ConfError) in
        guard let conf = borrow(conf, as: Conf.self), let value = bytes(value) else { throw ConfError(.invalid) }
        try conf.update(value)
        return true
    }
    return done == nil ? -1 : 0
}

// MARK: What a handle keeps

@c @implementation
public func flux_get_conf(_ h: OpaquePointer?) -> OpaquePointer? {
    pointer { () throws(Errno) in
        let handle = try handle(h)
        if let kept = handle.configuration { return lend(kept) }
        let made = Conf()
        handle.setConfiguration(made)
        return lend(made)
    }
}

@c @implementation
public func flux_set_conf_new(_ h: OpaquePointer?, _ conf: OpaquePointer?) -> Int32 {
    status { () throws(Errno) in try handle(h).setConfiguration(borrow(conf, as: Conf.self)) }
}

@c @implementation
public func muster_conf_json(_ conf: OpaquePointer?) -> UnsafeMutableRawPointer? {
    borrow(conf, as: Conf.self).map { UnsafeMutableRawPointer($0.object.value) }
}

@c @implementation
public func muster_conf_adopt(_ json: UnsafeMutableRawPointer?) -> OpaquePointer? {
    guard let json else { return nil }
    return lend(Conf(JSON(adopting: json.assumingMemoryBound(to: json_t.self))))
}

@c @implementation
public func muster_error_fill(_ error: UnsafeMutableRawPointer?, _ text: UnsafePointer<CChar>?) {
    fill(error?.assumingMemoryBound(to: flux_error_t.self), text.map { String(cString: $0) } ?? "")
}

// MARK: Places

@c @implementation
public func flux_conf_builtin_get(
    _ key: UnsafePointer<CChar>?, _ hint: flux_conf_builtin_hint
) -> UnsafePointer<CChar>? {
    pointer { () throws(Errno) in
        guard let key = bytes(key), let place = Places.named(key), hint != FLUX_CONF_INTREE || key != Places.rundir
        else { throw .invalid }
        return cString(place)
    }
}
