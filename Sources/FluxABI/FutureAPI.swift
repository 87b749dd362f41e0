import Bytes
import CFlux
import CLibc
import Flux
import Sockets

/// The future behind a pointer.
private func future(_ pointer: OpaquePointer?) throws(Errno) -> Future {
    guard let future: Future = borrow(pointer) else { throw .invalid }
    return future
}

/// What calls a program's callback.
private func calling(_ callback: flux_continuation_f?, _ argument: UnsafeMutableRawPointer?) -> ((Future) -> Void)? {
    guard let callback else { return nil }
    return { callback(lend($0), argument) }
}

// MARK: For whoever wants the result

@c @implementation
public func flux_future_then(
    _ f: OpaquePointer?, _ timeout: Double, _ cb: flux_continuation_f?, _ arg: UnsafeMutableRawPointer?
) -> Int32 {
    status { () throws(Errno) in
        guard let continuation = calling(cb, arg) else { throw .invalid }
        try future(f).then(timeout, continuation)
    }
}

@c @implementation
public func flux_future_wait_for(_ f: OpaquePointer?, _ timeout: Double) -> Int32 {
    status { () throws(Errno) in try future(f).wait(timeout) }
}

@c @implementation
public func flux_future_is_ready(_ f: OpaquePointer?) -> Bool {
    borrow(f, as: Future.self)?.isReady ?? false
}

@c @implementation
public func flux_future_reset(_ f: OpaquePointer?) {
    borrow(f, as: Future.self)?.reset()
}

@c @implementation
public func flux_future_destroy(_ f: OpaquePointer?) {
    keepingErrno { borrow(f, as: Future.self)?.dropUse() }
}

@c @implementation
public func flux_future_incref(_ f: OpaquePointer?) {
    borrow(f, as: Future.self)?.addUse()
}

@c @implementation
public func flux_future_decref(_ f: OpaquePointer?) {
    flux_future_destroy(f)
}

@c @implementation
public func flux_future_aux_get(_ f: OpaquePointer?, _ name: UnsafePointer<CChar>?) -> UnsafeMutableRawPointer? {
    pointer { () throws(Errno) in
        guard let name = bytes(name) else { throw .invalid }
        return try future(f).auxValue(Text(name))
    }
}

@c @implementation
public func flux_future_aux_set(
    _ f: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ aux: UnsafeMutableRawPointer?, _ destroy: flux_free_f?
) -> Int32 {
    status { () throws(Errno) in try future(f).aux.set(bytes(name).map { Text($0) }, aux, free: freeing(destroy)) }
}

// MARK: For whoever brings it

@c @implementation
public func flux_future_create(_ cb: flux_future_init_f?, _ arg: UnsafeMutableRawPointer?) -> OpaquePointer? {
    lend(Future(calling(cb, arg)))
}

@c @implementation
public func flux_future_get(_ f: OpaquePointer?, _ result: UnsafeMutablePointer<UnsafeRawPointer?>?) -> Int32 {
    status { () throws(Errno) in
        let value = try future(f).get()
        result?.pointee = UnsafeRawPointer(value)
    }
}

@c @implementation
public func flux_future_fulfill(
    _ f: OpaquePointer?, _ result: UnsafeMutableRawPointer?, _ free_fn: flux_free_f?
) {
    borrow(f, as: Future.self)?.fulfill(result, free: freeing(free_fn))
}

@c @implementation
public func flux_future_fulfill_error(_ f: OpaquePointer?, _ errnum: Int32, _ errstr: UnsafePointer<CChar>?) {
    borrow(f, as: Future.self)?.fulfill(failure: Errno(code: errnum), bytes(errstr))
}

@c @implementation
public func flux_future_fatal_error(_ f: OpaquePointer?, _ errnum: Int32, _ errstr: UnsafePointer<CChar>?) {
    borrow(f, as: Future.self)?.fail(Errno(code: errnum), bytes(errstr))
}

@c @implementation
public func flux_future_fulfill_with(_ f: OpaquePointer?, _ p: OpaquePointer?) -> Int32 {
    status { () throws(Errno) in try future(f).fulfill(with: future(p)) }
}

@c @implementation
public func flux_future_has_error(_ f: OpaquePointer?) -> Bool {
    borrow(f, as: Future.self)?.failure != nil
}

@c @implementation
public func flux_future_error_string(_ f: OpaquePointer?) -> UnsafePointer<CChar>? {
    guard let failure = borrow(f, as: Future.self)?.failure else { return nil }
    if let text = failure.text { return text.cString }
    return UnsafePointer(strerror(failure.reason.code))
}

@c @implementation
public func flux_future_set_flux(_ f: OpaquePointer?, _ h: OpaquePointer?) {
    borrow(f, as: Future.self)?.setHandle(borrow(h))
}

@c @implementation
public func flux_future_get_flux(_ f: OpaquePointer?) -> OpaquePointer? {
    pointer { () throws(Errno) in lend(try future(f).currentHandle()) }
}

@c @implementation
public func flux_future_set_reactor(_ f: OpaquePointer?, _ r: OpaquePointer?) {
    borrow(f, as: Future.self)?.setReactor(borrow(r))
}

@c @implementation
public func flux_future_get_reactor(_ f: OpaquePointer?) -> OpaquePointer? {
    pointer { () throws(Errno) in lend(try future(f).currentReactor()) }
}

// MARK: Of several

@c @implementation
public func flux_future_wait_all_create() -> OpaquePointer? {
    lend(Composite.all())
}

@c @implementation
public func flux_future_wait_any_create() -> OpaquePointer? {
    lend(Composite.any())
}

/// What a future of several consists of.
private func parts(_ pointer: OpaquePointer?) throws(Errno) -> Composite {
    guard let parts = try future(pointer).parts else { throw .invalid }
    return parts
}

@c @implementation
public func flux_future_push(_ cf: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ f: OpaquePointer?) -> Int32 {
    status { () throws(Errno) in
        let child = try future(f)
        try parts(cf).push(bytes(name).map { Text($0) }, child)
        try child.aux.set("flux::parent", cf.map { UnsafeMutableRawPointer($0) }, free: nil)
    }
}

@c @implementation
public func flux_future_first_child(_ cf: OpaquePointer?) -> UnsafePointer<CChar>? {
    pointer { () throws(Errno) in try parts(cf).first().map { $0.cString } }
}

@c @implementation
public func flux_future_next_child(_ cf: OpaquePointer?) -> UnsafePointer<CChar>? {
    pointer { () throws(Errno) in try parts(cf).next().map { $0.cString } }
}

@c @implementation
public func flux_future_get_child(_ cf: OpaquePointer?, _ name: UnsafePointer<CChar>?) -> OpaquePointer? {
    pointer { () throws(Errno) in
        guard let name = bytes(name) else { throw .invalid }
        return lend(try parts(cf).child(Text(name)))
    }
}

// MARK: One after the other

@c @implementation
public func flux_future_and_then(
    _ f: OpaquePointer?, _ cb: flux_continuation_f?, _ arg: UnsafeMutableRawPointer?
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        guard let next = try future(f).andThen(calling(cb, arg)) else { throw .invalid }
        return lend(next)
    }
}

@c @implementation
public func flux_future_or_then(
    _ f: OpaquePointer?, _ cb: flux_continuation_f?, _ arg: UnsafeMutableRawPointer?
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        guard let next = try future(f).orThen(calling(cb, arg)) else { throw .invalid }
        return lend(next)
    }
}

@c @implementation
public func flux_future_continue(_ prev: OpaquePointer?, _ f: OpaquePointer?) -> Int32 {
    status { () throws(Errno) in try future(prev).proceed(with: borrow(f)) }
}

@c @implementation
public func flux_future_continue_error(_ prev: OpaquePointer?, _ errnum: Int32, _ errstr: UnsafePointer<CChar>?) {
    _ = status { () throws(Errno) in try future(prev).proceed(failing: Errno(code: errnum), bytes(errstr)) }
}

@c @implementation
public func flux_future_fulfill_next(
    _ prev: OpaquePointer?, _ result: UnsafeMutableRawPointer?, _ free_fn: flux_free_f?
) -> Int32 {
    status { () throws(Errno) in try future(prev).fulfillNext(result, free: freeing(free_fn)) }
}
