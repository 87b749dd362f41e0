import CFlux
import CLibc
import Flux
import Sockets

// MARK: All kinds

@c @implementation
public func flux_watcher_set_priority(_ w: OpaquePointer?, _ priority: Int32) {
    borrow(w, as: Watcher.self)?.setPriority(priority)
}

@c @implementation
public func flux_watcher_start(_ w: OpaquePointer?) {
    borrow(w, as: Watcher.self)?.start()
}

@c @implementation
public func flux_watcher_stop(_ w: OpaquePointer?) {
    borrow(w, as: Watcher.self)?.stop()
}

@c @implementation
public func flux_watcher_destroy(_ w: OpaquePointer?) {
    keepingErrno { release(w, as: Watcher.self)?.stop() }
}

@c @implementation
public func flux_watcher_ref(_ w: OpaquePointer?) {
    borrow(w, as: Watcher.self)?.reference()
}

@c @implementation
public func flux_watcher_unref(_ w: OpaquePointer?) {
    borrow(w, as: Watcher.self)?.unreference()
}

@c @implementation
public func flux_watcher_is_active(_ w: OpaquePointer?) -> Bool {
    borrow(w, as: Watcher.self)?.isActive ?? false
}

@c @implementation
public func flux_watcher_is_referenced(_ w: OpaquePointer?) -> Bool {
    borrow(w, as: Watcher.self)?.isReferenced ?? true
}

@c @implementation
public func flux_watcher_next_wakeup(_ w: OpaquePointer?) -> Double {
    guard let time = borrow(w, as: Watcher.self)?.nextWakeup else {
        clibc_set_errno(EINVAL)
        return -1
    }
    return time
}

/// What calls a program's callback.
private func calling(_ callback: flux_watcher_f?, _ argument: UnsafeMutableRawPointer?) -> ((Watcher, Int32) -> Void)? {
    guard let callback else { return nil }
    return { watcher, events in callback(lend(watcher.reactor), lend(watcher), events, argument) }
}

/// A watcher for C, or NULL with errno.
private func making(_ r: OpaquePointer?, _ body: (Reactor) throws(Errno) -> Watcher) -> OpaquePointer? {
    pointer { () throws(Errno) in
        guard let reactor: Reactor = borrow(r) else { throw .invalid }
        return retain(try body(reactor))
    }
}

/// A watcher that has to be of a kind.
private func kind<Kind: Watcher>(_ w: OpaquePointer?, _: Kind.Type) -> Kind? {
    borrow(w, as: Watcher.self) as? Kind
}

// MARK: Handles and descriptors

@c @implementation
public func flux_handle_watcher_create(
    _ r: OpaquePointer?, _ h: OpaquePointer?, _ events: Int32, _ cb: flux_watcher_f?, _ arg: UnsafeMutableRawPointer?
) -> OpaquePointer? {
    making(r) { (reactor) throws(Errno) in
        guard let handle: Pollable = borrow(h) else { throw .invalid }
        return try HandleWatcher(reactor, handle, events: events, calling(cb, arg))
    }
}

@c @implementation
public func flux_handle_watcher_get_flux(_ w: OpaquePointer?) -> OpaquePointer? {
    pointer { () throws(Errno) in
        guard let watcher = kind(w, HandleWatcher.self) else { throw .invalid }
        return lend(watcher.handle)
    }
}

@c @implementation
public func flux_fd_watcher_create(
    _ r: OpaquePointer?, _ fd: Int32, _ events: Int32, _ cb: flux_watcher_f?, _ arg: UnsafeMutableRawPointer?
) -> OpaquePointer? {
    making(r) { DescriptorWatcher($0, descriptor: fd, events: events, calling(cb, arg)) }
}

@c @implementation
public func flux_fd_watcher_get_fd(_ w: OpaquePointer?) -> Int32 {
    number { () throws(Errno) in
        guard let watcher = kind(w, DescriptorWatcher.self) else { throw .invalid }
        return watcher.descriptor
    }
}

// MARK: Times

@c @implementation
public func flux_timer_watcher_create(
    _ r: OpaquePointer?, _ after: Double, _ repeat: Double, _ cb: flux_watcher_f?, _ arg: UnsafeMutableRawPointer?
) -> OpaquePointer? {
    making(r) { (reactor) throws(Errno) in
        guard after >= 0, `repeat` >= 0 else { throw .invalid }
        return TimerWatcher(reactor, after: after, repeat: `repeat`, calling(cb, arg))
    }
}

@c @implementation
public func flux_timer_watcher_reset(_ w: OpaquePointer?, _ after: Double, _ repeat: Double) {
    kind(w, TimerWatcher.self)?.reset(after: after, repeat: `repeat`)
}

@c @implementation
public func flux_timer_watcher_again(_ w: OpaquePointer?) {
    kind(w, TimerWatcher.self)?.again()
}

/// What asks a program when it wants to be called next. Its argument is the callback's; a reset has none of its own.
private func rescheduling(_ callback: flux_reschedule_f?, _ argument: UnsafeMutableRawPointer?) -> PeriodicWatcher
    .Reschedule?
{
    guard let callback else { return nil }
    return { watcher, now in callback(lend(watcher), now, argument) }
}

@c @implementation
public func flux_periodic_watcher_create(
    _ r: OpaquePointer?, _ offset: Double, _ interval: Double, _ reschedule_cb: flux_reschedule_f?,
    _ cb: flux_watcher_f?, _ arg: UnsafeMutableRawPointer?
) -> OpaquePointer? {
    making(r) { (reactor) throws(Errno) in
        guard offset >= 0, interval >= 0 else { throw .invalid }
        let watcher = PeriodicWatcher(
            reactor, offset: offset, interval: interval, reschedule: rescheduling(reschedule_cb, arg), calling(cb, arg))
        watcher.argument = arg
        return watcher
    }
}

@c @implementation
public func flux_periodic_watcher_reset(
    _ w: OpaquePointer?, _ next_wakeup: Double, _ interval: Double, _ reschedule_cb: flux_reschedule_f?
) {
    guard let watcher = kind(w, PeriodicWatcher.self) else { return }
    watcher.reset(
        offset: next_wakeup, interval: interval, reschedule: rescheduling(reschedule_cb, watcher.argument))
}

// MARK: Phases of a turn

@c @implementation
public func flux_prepare_watcher_create(
    _ r: OpaquePointer?, _ cb: flux_watcher_f?, _ arg: UnsafeMutableRawPointer?
) -> OpaquePointer? {
    making(r) { PrepareWatcher($0, calling(cb, arg)) }
}

@c @implementation
public func flux_check_watcher_create(
    _ r: OpaquePointer?, _ cb: flux_watcher_f?, _ arg: UnsafeMutableRawPointer?
) -> OpaquePointer? {
    making(r) { CheckWatcher($0, calling(cb, arg)) }
}

@c @implementation
public func flux_idle_watcher_create(
    _ r: OpaquePointer?, _ cb: flux_watcher_f?, _ arg: UnsafeMutableRawPointer?
) -> OpaquePointer? {
    making(r) { IdleWatcher($0, calling(cb, arg)) }
}

// MARK: Signals and files

@c @implementation
public func flux_signal_watcher_create(
    _ r: OpaquePointer?, _ signum: Int32, _ cb: flux_watcher_f?, _ arg: UnsafeMutableRawPointer?
) -> OpaquePointer? {
    making(r) { (reactor) throws(Errno) in
        guard SignalWatcher.isSignal(signum) else { throw .invalid }
        return SignalWatcher(reactor, number: signum, calling(cb, arg))
    }
}

@c @implementation
public func flux_signal_watcher_get_signum(_ w: OpaquePointer?) -> Int32 {
    number { () throws(Errno) in
        guard let watcher = kind(w, SignalWatcher.self) else { throw .invalid }
        return watcher.number
    }
}

@c @implementation
public func flux_stat_watcher_create(
    _ r: OpaquePointer?, _ path: UnsafePointer<CChar>?, _ interval: Double, _ cb: flux_watcher_f?,
    _ arg: UnsafeMutableRawPointer?
) -> OpaquePointer? {
    making(r) { (reactor) throws(Errno) in
        guard let path = bytes(path) else { throw .invalid }
        return StatWatcher(reactor, path: path, interval: interval, calling(cb, arg))
    }
}

@c @implementation
public func flux_stat_watcher_get_rstat(
    _ w: OpaquePointer?, _ stat: UnsafeMutablePointer<stat>?, _ prev: UnsafeMutablePointer<stat>?
) -> Int32 {
    status { () throws(Errno) in
        guard let watcher = kind(w, StatWatcher.self) else { throw .invalid }
        stat?.pointee = watcher.current
        prev?.pointee = watcher.previous
    }
}
