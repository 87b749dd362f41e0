import CFlux
import CLibc
import Flux
import Sockets

@c @implementation
public func flux_reactor_create(_ flags: Int32) -> OpaquePointer? {
    pointer { () throws(Errno) in
        guard flags == 0 else { throw .invalid }
        return retain(Reactor())
    }
}

@c @implementation
public func flux_reactor_destroy(_ r: OpaquePointer?) {
    flux_reactor_decref(r)
}

@c @implementation
public func flux_reactor_incref(_ r: OpaquePointer?) {
    if let reactor: Reactor = borrow(r) { _ = retain(reactor) }
}

@c @implementation
public func flux_reactor_decref(_ r: OpaquePointer?) {
    keepingErrno { release(r, as: Reactor.self) }
}

@c @implementation
public func flux_reactor_run(_ r: OpaquePointer?, _ flags: Int32) -> Int32 {
    let noWait = Int32(FLUX_REACTOR_NOWAIT)
    let once = Int32(FLUX_REACTOR_ONCE)
    return number { () throws(Errno) in
        guard let reactor: Reactor = borrow(r), flags & ~(noWait | once) == 0 else { throw .invalid }
        let mode: Reactor.Mode =
            flags & noWait != 0 ? .oneTurnWithoutWaiting : flags & once != 0 ? .oneTurn : .untilIdle
        return Int32(clamping: try reactor.run(mode))
    }
}

@c @implementation
public func flux_reactor_stop(_ r: OpaquePointer?) {
    borrow(r, as: Reactor.self)?.stop()
}

@c @implementation
public func flux_reactor_stop_error(_ r: OpaquePointer?) {
    borrow(r, as: Reactor.self)?.stop(failing: Errno(code: clibc_errno()))
}

@c @implementation
public func flux_reactor_now(_ r: OpaquePointer?) -> Double {
    guard let reactor: Reactor = borrow(r) else {
        clibc_set_errno(EINVAL)
        return -1
    }
    return reactor.now
}

@c @implementation
public func flux_reactor_now_update(_ r: OpaquePointer?) {
    borrow(r, as: Reactor.self)?.updateTime()
}

@c @implementation
public func flux_reactor_time() -> Double {
    Reactor.time
}
