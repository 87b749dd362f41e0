import CLibc
import CSpread
import Spread

private func time(_ time: sp_time) -> EventTime {
    EventTime(seconds: Int64(time.sec), microseconds: Int64(time.usec))
}

private func time(_ time: EventTime) -> sp_time {
    let micro = time.microseconds
    let rest = micro % 1_000_000
    // Microseconds count upwards before the epoch too.
    return sp_time(
        sec: Int(micro / 1_000_000) - (rest < 0 ? 1 : 0), usec: Int(rest < 0 ? rest + 1_000_000 : rest))
}

@c @implementation
public func E_get_time() -> sp_time { time(EventTime.clock(CLOCK_REALTIME)) }

@c @implementation
public func E_get_time_monotonic() -> sp_time { time(EventTime.clock(CLOCK_MONOTONIC)) }

@c @implementation
public func E_add_time(_ moment: sp_time, _ delta: sp_time) -> sp_time { time(time(moment).adding(time(delta))) }

@c @implementation
public func E_neg_time(_ moment: sp_time) -> sp_time {
    let micro = time(moment).microseconds
    return time(EventTime(seconds: 0, microseconds: micro == .min ? .max : -micro))
}

@c @implementation
public func E_sub_time(_ moment: sp_time, _ delta: sp_time) -> sp_time { E_add_time(moment, E_neg_time(delta)) }

@c @implementation
public func E_compare_time(_ left: sp_time, _ right: sp_time) -> Int32 {
    let (left, right) = (time(left), time(right))
    return left == right ? 0 : left < right ? -1 : 1
}

@c @implementation
public func E_delay(_ length: sp_time) {
    let micro = time(length).microseconds
    guard micro > 0 else { return }
    var left = timespec(tv_sec: Int(micro / 1_000_000), tv_nsec: Int(micro % 1_000_000) * 1000)
    var rest = timespec()
    while nanosleep(&left, &rest) != 0, clibc_errno() == EINTR { left = rest }
}

@c @implementation
public func E_init() -> Int32 {
    EventLoop.shared.removeAll()
    return 0
}

private typealias TimerFunction = @convention(c) (Int32, UnsafeMutableRawPointer?) -> Void

private func key(_ function: TimerFunction?, _ code: Int32, _ data: UnsafeMutableRawPointer?) -> EventKey {
    EventKey(
        function: function.map { UInt(bitPattern: unsafeBitCast($0, to: Int.self)) } ?? 0, code: code,
        data: UInt(bitPattern: data))
}

@c @implementation
public func E_queue(
    _ function: (@convention(c) (Int32, UnsafeMutableRawPointer?) -> Void)?, _ code: Int32,
    _ data: UnsafeMutableRawPointer?, _ delay: sp_time
) -> Int32 {
    guard let function else { return -1 }
    EventLoop.shared.queue(key(function, code, data), after: time(delay)) { function(code, data) }
    return 0
}

@c @implementation
public func E_in_queue(
    _ function: (@convention(c) (Int32, UnsafeMutableRawPointer?) -> Void)?, _ code: Int32,
    _ data: UnsafeMutableRawPointer?
) -> Int32 {
    EventLoop.shared.isQueued(key(function, code, data)) ? 1 : 0
}

@c @implementation
public func E_dequeue(
    _ function: (@convention(c) (Int32, UnsafeMutableRawPointer?) -> Void)?, _ code: Int32,
    _ data: UnsafeMutableRawPointer?
) -> Int32 {
    EventLoop.shared.dequeue(key(function, code, data)) ? 0 : -1
}

@c @implementation
public func E_attach_fd(
    _ descriptor: Int32, _ kind: Int32,
    _ function: (@convention(c) (Int32, Int32, UnsafeMutableRawPointer?) -> Void)?, _ code: Int32,
    _ data: UnsafeMutableRawPointer?, _ priority: Int32
) -> Int32 {
    guard let function else { return -1 }
    return EventLoop.shared.attach(descriptor, kind, priority: priority) { function(descriptor, code, data) }
}

@c @implementation
public func E_detach_fd(_ descriptor: Int32, _ kind: Int32) -> Int32 {
    EventLoop.shared.detach(descriptor, kind) ? 0 : -1
}

@c @implementation
public func E_detach_fd_priority(_ descriptor: Int32, _ kind: Int32, _ priority: Int32) -> Int32 {
    EventLoop.shared.detach(descriptor, kind, priority: priority) ? 0 : -1
}

@c @implementation
public func E_activate_fd(_ descriptor: Int32, _ kind: Int32) -> Int32 {
    EventLoop.shared.setActive(descriptor, kind, true) ? 0 : -1
}

@c @implementation
public func E_deactivate_fd(_ descriptor: Int32, _ kind: Int32) -> Int32 {
    EventLoop.shared.setActive(descriptor, kind, false) ? 0 : -1
}

@c @implementation
public func E_set_active_threshold(_ priority: Int32) -> Int32 {
    EventLoop.shared.setThreshold(priority) ? priority : -1
}

@c @implementation
public func E_num_active(_ priority: Int32) -> Int32 { EventLoop.shared.activeCount(priority) ?? -1 }

@c @implementation
public func E_handle_events() { EventLoop.shared.run() }

@c @implementation
public func E_exit_events() { EventLoop.shared.leave() }

@c @implementation
public func E_exit_events_async_safe() { EventLoop.shared.leave() }
