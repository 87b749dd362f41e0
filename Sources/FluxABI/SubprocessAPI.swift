import Bytes
import CFlux
import CLibc
import Flux
import FluxC
import Sockets

private func subprocess(_ pointer: OpaquePointer?) throws(Errno) -> Subprocess {
    guard let subprocess: Subprocess = borrow(pointer) else { throw .invalid }
    return subprocess
}

extension Subprocess.Callbacks {
    /// Safety: the raw pointer is C's `flux_subprocess_ops_t`.
    fileprivate init(_ given: UnsafeRawPointer?) {
        self.init()
        guard let given = given?.assumingMemoryBound(to: flux_subprocess_ops_t.self).pointee else { return }
        if let function = given.on_completion { completion = { function(lend($0)) } }
        if let function = given.on_state_change {
            stateChange = { function(lend($0), flux_subprocess_state_t(UInt32($1.rawValue))) }
        }
        if let function = given.on_channel_out { channelOutput = { function(lend($0), $1.cString) } }
        if let function = given.on_stdout { standardOutput = { function(lend($0), $1.cString) } }
        if let function = given.on_stderr { standardError = { function(lend($0), $1.cString) } }
        if let function = given.on_credit { credit = { function(lend($0), $1.cString, Int32(clamping: $2)) } }
    }
}

private func hook(
    _ function: flux_subprocess_hook_f?, _ argument: UnsafeMutableRawPointer?
) -> ((Subprocess) -> Void)? {
    guard let function else { return nil }
    return { function(lend($0), argument) }
}

// MARK: Starting

@c @implementation
public func flux_local_exec(
    _ r: OpaquePointer?, _ flags: Int32, _ cmd: OpaquePointer?, _ ops: UnsafePointer<flux_subprocess_ops_t>?
) -> OpaquePointer? {
    muster_local_exec(r, flags, cmd, ops, nil)
}

@c @implementation
public func muster_local_exec(
    _ r: OpaquePointer?, _ flags: Int32, _ cmd: OpaquePointer?, _ ops: UnsafeRawPointer?, _ hooks: UnsafeRawPointer?
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        guard let reactor: Reactor = borrow(r) else { throw .invalid }
        let hooks = hooks?.assumingMemoryBound(to: flux_subprocess_hooks_t.self).pointee
        return lend(
            try Subprocess.run(
                command(cmd), on: reactor, flags: flags, Subprocess.Callbacks(ops),
                hook: hook(hooks?.pre_exec, hooks?.pre_exec_arg),
                started: hook(hooks?.post_fork, hooks?.post_fork_arg)))
    }
}

@c @implementation
public func flux_rexec(
    _ h: OpaquePointer?, _ rank: Int32, _ flags: Int32, _ cmd: OpaquePointer?,
    _ ops: UnsafePointer<flux_subprocess_ops_t>?
) -> OpaquePointer? {
    muster_rexec(h, cString("rexec"), rank, flags, cmd, ops)
}

@c @implementation
public func muster_rexec(
    _ h: OpaquePointer?, _ service_name: UnsafePointer<CChar>?, _ rank: Int32, _ flags: Int32, _ cmd: OpaquePointer?,
    _ ops: UnsafeRawPointer?
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        lend(
            try Subprocess.execute(
                command(cmd), on: handle(h), service: given(service_name), rank: rank, flags: flags,
                Subprocess.Callbacks(ops)))
    }
}

@c @implementation
public func flux_rexec_attach(
    _ h: OpaquePointer?, _ service_name: UnsafePointer<CChar>?, _ rank: Int32, _ flags: Int32, _ pid: pid_t,
    _ label: UnsafePointer<CChar>?, _ ops: UnsafePointer<flux_subprocess_ops_t>?
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        lend(
            try Subprocess.attach(
                pid, label: bytes(label), on: handle(h), service: given(service_name), rank: rank, flags: flags,
                Subprocess.Callbacks(ops)))
    }
}

@c @implementation
public func flux_rexec_bg(
    _ h: OpaquePointer?, _ service_name: UnsafePointer<CChar>?, _ rank: Int32, _ flags: Int32, _ cmd: OpaquePointer?
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        lend(
            try Subprocess.executeInBackground(
                command(cmd), on: handle(h), service: bytes(service_name) ?? Array("rexec".utf8), rank: rank,
                flags: flags))
    }
}

@c @implementation
public func flux_rexec_wait(
    _ h: OpaquePointer?, _ service_name: UnsafePointer<CChar>?, _ rank: Int32, _ pid: pid_t,
    _ label: UnsafePointer<CChar>?
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        lend(
            try Subprocess.wait(
                for: pid, label: bytes(label), on: handle(h), service: bytes(service_name) ?? Array("rexec".utf8),
                rank: rank))
    }
}

@c @implementation
public func flux_subprocess_destroy(_ p: OpaquePointer?) {
    guard let subprocess: Subprocess = borrow(p), !subprocess.isInHook else { return }
    keepingErrno { subprocess.dropUse() }
}

// MARK: Streams

@c @implementation
public func flux_subprocess_stream_start(_ p: OpaquePointer?, _ stream: UnsafePointer<CChar>?) {
    guard let name = bytes(stream) else { return }
    borrow(p, as: Subprocess.self)?.setFlowing(name, true)
}

@c @implementation
public func flux_subprocess_stream_stop(_ p: OpaquePointer?, _ stream: UnsafePointer<CChar>?) {
    guard let name = bytes(stream) else { return }
    borrow(p, as: Subprocess.self)?.setFlowing(name, false)
}

@c @implementation
public func flux_subprocess_write(
    _ p: OpaquePointer?, _ stream: UnsafePointer<CChar>?, _ buf: UnsafePointer<CChar>?, _ len: Int
) -> Int32 {
    number { () throws(Errno) in
        let name = try given(stream)
        guard let buf, let count = Int32(exactly: len), count > 0 else { throw .invalid }
        try subprocess(p).write(name, Array(UnsafeRawBufferPointer(start: buf, count: len)))
        return count
    }
}

@c @implementation
public func flux_subprocess_close(_ p: OpaquePointer?, _ stream: UnsafePointer<CChar>?) -> Int32 {
    status { () throws(Errno) in try subprocess(p).close(given(stream)) }
}

private func read(
    _ p: OpaquePointer?, _ stream: UnsafePointer<CChar>?, _ bufp: UnsafeMutablePointer<UnsafePointer<CChar>?>?,
    _ amount: Subprocess.Amount
) -> Int32 {
    number { () throws(Errno) in
        let data = try subprocess(p).read(given(stream), amount)
        if data.count > 0 { bufp?.pointee = data.cString }
        return Int32(clamping: data.count)
    }
}

@c @implementation
public func flux_subprocess_read(
    _ p: OpaquePointer?, _ stream: UnsafePointer<CChar>?, _ bufp: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> Int32 {
    read(p, stream, bufp, .all)
}

@c @implementation
public func flux_subprocess_read_line(
    _ p: OpaquePointer?, _ stream: UnsafePointer<CChar>?, _ bufp: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> Int32 {
    read(p, stream, bufp, .line)
}

@c @implementation
public func flux_subprocess_read_trimmed_line(
    _ p: OpaquePointer?, _ stream: UnsafePointer<CChar>?, _ bufp: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> Int32 {
    read(p, stream, bufp, .trimmedLine)
}

@c @implementation
public func flux_subprocess_getline(
    _ p: OpaquePointer?, _ stream: UnsafePointer<CChar>?, _ bufp: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> Int32 {
    read(p, stream, bufp, .lineOrRest)
}

@c @implementation
public func flux_subprocess_read_stream_closed(_ p: OpaquePointer?, _ stream: UnsafePointer<CChar>?) -> Bool {
    guard let name = bytes(stream) else { return false }
    return borrow(p, as: Subprocess.self)?.hasEnded(name) ?? false
}

@c @implementation
public func flux_subprocess_channel_incref(_ p: OpaquePointer?, _ name: UnsafePointer<CChar>?) {
    guard let name = bytes(name) else { return }
    borrow(p, as: Subprocess.self)?.holdEnd(name, true)
}

@c @implementation
public func flux_subprocess_channel_decref(_ p: OpaquePointer?, _ name: UnsafePointer<CChar>?) {
    guard let name = bytes(name) else { return }
    borrow(p, as: Subprocess.self)?.holdEnd(name, false)
}

// MARK: States

@c @implementation
public func flux_subprocess_kill(_ p: OpaquePointer?, _ signum: Int32) -> OpaquePointer? {
    pointer { () throws(Errno) in lend(try subprocess(p).kill(signum)) }
}

@c @implementation
public func flux_subprocess_state(_ p: OpaquePointer?) -> flux_subprocess_state_t {
    guard let subprocess: Subprocess = borrow(p) else {
        clibc_set_errno(EINVAL)
        return flux_subprocess_state_t(UInt32.max)
    }
    return flux_subprocess_state_t(UInt32(subprocess.state.rawValue))
}

@c @implementation
public func flux_subprocess_state_string(_ state: flux_subprocess_state_t) -> UnsafePointer<CChar>? {
    switch state {
    case FLUX_SUBPROCESS_INIT: cString("Init")
    case FLUX_SUBPROCESS_RUNNING: cString("Running")
    case FLUX_SUBPROCESS_EXITED: cString("Exited")
    case FLUX_SUBPROCESS_FAILED: cString("Failed")
    case FLUX_SUBPROCESS_STOPPED: cString("Stopped")
    default: nil
    }
}

@c @implementation
public func flux_subprocess_active(_ p: OpaquePointer?) -> Bool {
    borrow(p, as: Subprocess.self)?.isActive ?? false
}

@c @implementation
public func flux_subprocess_rank(_ p: OpaquePointer?) -> Int32 {
    number { () throws(Errno) in try subprocess(p).rank() }
}

@c @implementation
public func flux_subprocess_fail_errno(_ p: OpaquePointer?) -> Int32 {
    number { () throws(Errno) in try subprocess(p).failureReason().code }
}

@c @implementation
public func flux_subprocess_fail_error(_ p: OpaquePointer?) -> UnsafePointer<CChar>? {
    guard let subprocess: Subprocess = borrow(p) else { return cString("there is no subprocess") }
    return lent(subprocess.failureText) ?? cString("the subprocess has not failed")
}

@c @implementation
public func flux_subprocess_status(_ p: OpaquePointer?) -> Int32 {
    number { () throws(Errno) in try subprocess(p).exitStatus() }
}

@c @implementation
public func flux_subprocess_exit_code(_ p: OpaquePointer?) -> Int32 {
    number { () throws(Errno) in
        let status = try subprocess(p).exitStatus()
        guard clibc_exited(status) else { throw .invalid }
        return clibc_exit_status(status)
    }
}

@c @implementation
public func flux_subprocess_signaled(_ p: OpaquePointer?) -> Int32 {
    number { () throws(Errno) in
        let status = try subprocess(p).exitStatus()
        guard clibc_was_signaled(status) else { throw .invalid }
        return clibc_term_signal(status)
    }
}

@c @implementation
public func flux_subprocess_pid(_ p: OpaquePointer?) -> pid_t {
    number { () throws(Errno) in
        guard let process = try subprocess(p).processID else { throw .invalid }
        return process
    }
}

@c @implementation
public func flux_subprocess_get_cmd(_ p: OpaquePointer?) -> OpaquePointer? {
    pointer { () throws(Errno) in lend(try subprocess(p).command) }
}

@c @implementation
public func flux_subprocess_get_reactor(_ p: OpaquePointer?) -> OpaquePointer? {
    pointer { () throws(Errno) in lend(try subprocess(p).reactor) }
}

@c @implementation
public func flux_subprocess_aux_set(
    _ p: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ ctx: UnsafeMutableRawPointer?, _ free: flux_free_f?
) -> Int32 {
    status { () throws(Errno) in
        let subprocess = try subprocess(p)
        guard !subprocess.isInHook else { throw .invalid }
        try subprocess.aux.set(bytes(name).map { Text($0) }, ctx, free: freeing(free))
    }
}

@c @implementation
public func flux_subprocess_aux_get(_ p: OpaquePointer?, _ name: UnsafePointer<CChar>?) -> UnsafeMutableRawPointer? {
    pointer { () throws(Errno) in
        let subprocess = try subprocess(p)
        guard !subprocess.isInHook else { throw .invalid }
        return try subprocess.aux.value(Text(given(name)))
    }
}
