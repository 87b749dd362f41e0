import Bytes
import CFlux
import CLibc
import Flux
import FluxC
import JSON
import Sockets

// MARK: Numbers and names

/// Writes a text and its NUL into a buffer of C's.
private func fill(_ buffer: UnsafeMutablePointer<CChar>?, _ size: Int, _ text: [UInt8]) throws(Errno) {
    guard let buffer, size > 0 else { throw .invalid }
    guard text.count < size else { throw Errno(code: EOVERFLOW) }
    for (place, byte) in text.enumerated() { buffer[place] = CChar(bitPattern: byte) }
    buffer[text.count] = 0
}

@c @implementation
public func flux_job_id_parse(_ s: UnsafePointer<CChar>?, _ id: UnsafeMutablePointer<flux_jobid_t>?) -> Int32 {
    status { () throws(Errno) in
        guard let id else { throw .invalid }
        id.pointee = try JobID.parse(given(s))
    }
}

@c @implementation
public func flux_job_id_encode(
    _ id: flux_jobid_t, _ type: UnsafePointer<CChar>?, _ buf: UnsafeMutablePointer<CChar>?, _ bufsz: Int
) -> Int32 {
    status { () throws(Errno) in
        guard buf != nil else { throw .invalid }
        let text = JobID.text(id, try JobID.spelling(bytes(type)))
        guard bufsz > 0 else { throw Errno(code: EOVERFLOW) }
        try fill(buf, bufsz, text)
    }
}

private struct Name {
    let number: UInt32
    let long: StaticString
    let longSmall: StaticString
    let short: StaticString
    let shortSmall: StaticString
}

private func name(
    _ number: UInt32, _ format: UnsafePointer<CChar>?, of names: [Name]
) -> UnsafePointer<CChar> {
    let unknown = Name(number: 0, long: "(unknown)", longSmall: "(unknown)", short: "?", shortSmall: "?")
    let name = names.first { $0.number == number } ?? unknown
    switch format.map({ UInt8(bitPattern: $0.pointee) }) {
    case UInt8(ascii: "s"): return cString(name.shortSmall)
    case UInt8(ascii: "S"): return cString(name.short)
    case UInt8(ascii: "l"): return cString(name.longSmall)
    default: return cString(name.long)
    }
}

private func value(_ text: UnsafePointer<CChar>?, of names: [Name]) throws(Errno) -> UInt32 {
    guard let text else { throw .invalid }
    for name in names {
        for spelling in [name.long, name.longSmall, name.short, name.shortSmall]
        where strcmp(text, cString(spelling)) == 0 {
            return name.number
        }
    }
    throw .invalid
}

private let states: [Name] = [
    Name(number: 1, long: "NEW", longSmall: "new", short: "N", shortSmall: "n"),
    Name(number: 2, long: "DEPEND", longSmall: "depend", short: "D", shortSmall: "d"),
    Name(number: 4, long: "PRIORITY", longSmall: "priority", short: "P", shortSmall: "p"),
    Name(number: 8, long: "SCHED", longSmall: "sched", short: "S", shortSmall: "s"),
    Name(number: 16, long: "RUN", longSmall: "run", short: "R", shortSmall: "r"),
    Name(number: 32, long: "CLEANUP", longSmall: "cleanup", short: "C", shortSmall: "c"),
    Name(number: 64, long: "INACTIVE", longSmall: "inactive", short: "I", shortSmall: "i"),
    Name(number: 14, long: "PENDING", longSmall: "pending", short: "PD", shortSmall: "pd"),
    Name(number: 48, long: "RUNNING", longSmall: "running", short: "RU", shortSmall: "ru"),
    Name(number: 62, long: "ACTIVE", longSmall: "active", short: "A", shortSmall: "a"),
]

private let results: [Name] = [
    Name(number: 1, long: "COMPLETED", longSmall: "completed", short: "CD", shortSmall: "cd"),
    Name(number: 2, long: "FAILED", longSmall: "failed", short: "F", shortSmall: "f"),
    Name(number: 4, long: "CANCELED", longSmall: "canceled", short: "CA", shortSmall: "ca"),
    Name(number: 8, long: "TIMEOUT", longSmall: "timeout", short: "TO", shortSmall: "to"),
]

@c @implementation
public func flux_job_statetostr(_ state: flux_job_state_t, _ fmt: UnsafePointer<CChar>?) -> UnsafePointer<CChar>? {
    name(UInt32(state.rawValue), fmt, of: states)
}

@c @implementation
public func flux_job_strtostate(
    _ s: UnsafePointer<CChar>?, _ state: UnsafeMutablePointer<flux_job_state_t>?
) -> Int32 {
    status { () throws(Errno) in
        let found = flux_job_state_t(rawValue: try value(s, of: states))
        state?.pointee = found
    }
}

@c @implementation
public func flux_job_resulttostr(_ result: flux_job_result_t, _ fmt: UnsafePointer<CChar>?) -> UnsafePointer<CChar>? {
    name(UInt32(result.rawValue), fmt, of: results)
}

@c @implementation
public func flux_job_strtoresult(
    _ s: UnsafePointer<CChar>?, _ result: UnsafeMutablePointer<flux_job_result_t>?
) -> Int32 {
    status { () throws(Errno) in
        let found = flux_job_result_t(rawValue: try value(s, of: results))
        result?.pointee = found
    }
}

// MARK: Keys

private func write(
    _ buf: UnsafeMutablePointer<CChar>?, _ bufsz: Int32, _ text: () -> [UInt8]
) -> Int32 {
    number { () throws(Errno) in
        guard buf != nil, bufsz > 0 else { throw .invalid }
        let text = text()
        try fill(buf, Int(bufsz), text)
        return Int32(clamping: text.count)
    }
}

/// A dot and the rest of a key.
private func below(_ key: UnsafePointer<CChar>?) -> [UInt8] {
    bytes(key).map { [UInt8(ascii: ".")] + $0 } ?? []
}

@c @implementation
public func flux_job_kvs_key(
    _ buf: UnsafeMutablePointer<CChar>?, _ bufsz: Int32, _ id: flux_jobid_t, _ key: UnsafePointer<CChar>?
) -> Int32 {
    write(buf, bufsz) { JobID.text(id, .key) + below(key) }
}

@c @implementation
public func flux_job_kvs_guest_key(
    _ buf: UnsafeMutablePointer<CChar>?, _ bufsz: Int32, _ id: flux_jobid_t, _ key: UnsafePointer<CChar>?
) -> Int32 {
    write(buf, bufsz) {
        if getenv("FLUX_KVS_NAMESPACE") != nil { return bytes(key) ?? [UInt8(ascii: ".")] }
        return JobID.text(id, .key) + Array(".guest".utf8) + below(key)
    }
}

@c @implementation
public func flux_job_kvs_namespace(
    _ buf: UnsafeMutablePointer<CChar>?, _ bufsz: Int32, _ id: flux_jobid_t
) -> Int32 {
    write(buf, bufsz) { Array("job-".utf8) + JobID.text(id, .decimal) }
}

// MARK: Requests

@c @implementation
public func flux_job_submit(
    _ h: OpaquePointer?, _ jobspec: UnsafePointer<CChar>?, _ urgency: Int32, _ flags: Int32
) -> OpaquePointer? {
    pointer { () throws(Errno) in lend(try handle(h).submitJob(given(jobspec), urgency: urgency, flags: flags)) }
}

@c @implementation
public func flux_job_wait(_ h: OpaquePointer?, _ id: flux_jobid_t) -> OpaquePointer? {
    pointer { () throws(Errno) in lend(try handle(h).waitForJob(id)) }
}

@c @implementation
public func flux_job_list(
    _ h: OpaquePointer?, _ max_entries: Int32, _ attrs_json_str: UnsafePointer<CChar>?, _ userid: UInt32,
    _ states: Int32
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        lend(
            try handle(h).listJobs(
                atMost: max_entries, attributes: given(attrs_json_str), user: userid, states: states))
    }
}

@c @implementation
public func flux_job_list_inactive(
    _ h: OpaquePointer?, _ max_entries: Int32, _ since: Double, _ attrs_json_str: UnsafePointer<CChar>?
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        lend(try handle(h).listInactiveJobs(atMost: max_entries, since: since, attributes: given(attrs_json_str)))
    }
}

@c @implementation
public func flux_job_list_id(
    _ h: OpaquePointer?, _ id: flux_jobid_t, _ attrs_json_str: UnsafePointer<CChar>?
) -> OpaquePointer? {
    pointer { () throws(Errno) in lend(try handle(h).list(job: id, attributes: given(attrs_json_str))) }
}

@c @implementation
public func flux_job_raise(
    _ h: OpaquePointer?, _ id: flux_jobid_t, _ type: UnsafePointer<CChar>?, _ severity: Int32,
    _ note: UnsafePointer<CChar>?
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        lend(try handle(h).raise(job: id, type: given(type), severity: severity, note: bytes(note)))
    }
}

@c @implementation
public func flux_job_cancel(
    _ h: OpaquePointer?, _ id: flux_jobid_t, _ reason: UnsafePointer<CChar>?
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        lend(try handle(h).raise(job: id, type: Array("cancel".utf8), severity: 0, note: bytes(reason)))
    }
}

@c @implementation
public func flux_job_kill(_ h: OpaquePointer?, _ id: flux_jobid_t, _ signum: Int32) -> OpaquePointer? {
    pointer { () throws(Errno) in lend(try handle(h).kill(job: id, signal: signum)) }
}

@c @implementation
public func flux_job_set_urgency(_ h: OpaquePointer?, _ id: flux_jobid_t, _ urgency: Int32) -> OpaquePointer? {
    pointer { () throws(Errno) in lend(try handle(h).setUrgency(job: id, urgency)) }
}

@c @implementation
public func flux_job_event_watch(
    _ h: OpaquePointer?, _ id: flux_jobid_t, _ path: UnsafePointer<CChar>?, _ flags: Int32
) -> OpaquePointer? {
    pointer { () throws(Errno) in lend(try handle(h).watchEvents(job: id, path: given(path), flags: flags)) }
}

@c @implementation
public func flux_job_result(_ h: OpaquePointer?, _ id: flux_jobid_t, _ flags: Int32) -> OpaquePointer? {
    pointer { () throws(Errno) in lend(try JobResult.future(of: id, on: handle(h))) }
}

// MARK: Answers

/// The JSON that has answered a request.
private func answer(_ f: OpaquePointer?) throws(Errno) -> JSON {
    guard let future: Future = borrow(f) else { throw .invalid }
    return try future.response().json()
}

private func takeID(_ f: OpaquePointer?, _ id: UnsafeMutablePointer<flux_jobid_t>?) -> Int32 {
    status { () throws(Errno) in
        guard let number = try answer(f)["id"]?.integer else { throw .malformed }
        id?.pointee = UInt64(bitPattern: number)
    }
}

@c @implementation
public func flux_job_submit_get_id(_ f: OpaquePointer?, _ id: UnsafeMutablePointer<flux_jobid_t>?) -> Int32 {
    takeID(f, id)
}

@c @implementation
public func flux_job_wait_get_id(_ f: OpaquePointer?, _ id: UnsafeMutablePointer<flux_jobid_t>?) -> Int32 {
    takeID(f, id)
}

@c @implementation
public func flux_job_wait_get_status(
    _ f: OpaquePointer?, _ success: UnsafeMutablePointer<Bool>?,
    _ errstr: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> Int32 {
    status { () throws(Errno) in
        let answer = try answer(f)
        guard let isSuccess = answer["success"]?.bool, let text = answer["errstr"]?.lentString else {
            throw .malformed
        }
        success?.pointee = isSuccess
        errstr?.pointee = text
    }
}

@c @implementation
public func flux_job_event_watch_get(
    _ f: OpaquePointer?, _ event: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> Int32 {
    status { () throws(Errno) in
        guard let future: Future = borrow(f) else { throw .invalid }
        let text = try future.watchedEvent()
        event?.pointee = text
    }
}

@c @implementation
public func flux_job_event_watch_cancel(_ f: OpaquePointer?) -> Int32 {
    status { () throws(Errno) in
        guard let future: Future = borrow(f) else { throw .invalid }
        try future.cancelEventWatch()
    }
}

@c @implementation
public func flux_job_result_get(
    _ f: OpaquePointer?, _ json_str: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> Int32 {
    status { () throws(Errno) in
        guard let future: Future = borrow(f) else { throw .invalid }
        let value = try future.get()
        json_str?.pointee = value.map { UnsafePointer($0.assumingMemoryBound(to: CChar.self)) }
    }
}

@c @implementation
public func muster_job_result(_ f: OpaquePointer?) -> UnsafeMutableRawPointer? {
    pointer { () throws(Errno) in
        guard let future: Future = borrow(f), let result = future.anyAttachment as? JobResult else { throw .invalid }
        _ = try future.get()
        return UnsafeMutableRawPointer(result.json.value)
    }
}

@c @implementation
public func flux_job_timeleft(
    _ h: OpaquePointer?, _ errp: UnsafeMutablePointer<flux_error_t>?, _ timeleft: UnsafeMutablePointer<Double>?
) -> Int32 {
    status { () throws(Errno) in
        guard let handle: Handle = borrow(h), let timeleft else {
            tell(errp, Array(Errno.invalid.text.utf8))
            throw .invalid
        }
        var problem = ""
        do throws(Errno) {
            timeleft.pointee = try handle.timeLeft(&problem)
        } catch {
            tell(errp, Array(problem.utf8))
            throw error
        }
    }
}

// MARK: The rest

@c @implementation
public func flux_unwrap_string(
    _ in: UnsafePointer<CChar>?, _ verify: Bool, _ userid: UnsafeMutablePointer<UInt32>?,
    _ error: UnsafeMutablePointer<flux_error_t>?
) -> UnsafeMutablePointer<CChar>? {
    pointer { () throws(Errno) in
        let (payload, user): ([UInt8], UInt32)
        do throws(Errno) {
            (payload, user) = try UnsignedWrap.unwrap(given(`in`))
        } catch let reason {
            tell(error, Array("not wrapped by the mechanism none".utf8))
            throw reason
        }
        guard !verify || user == getuid() else {
            tell(error, Array(("signed by user " + String(user) + ", not by " + String(getuid())).utf8))
            throw .invalid
        }
        let text = try allocated(payload)
        userid?.pointee = user
        return text
    }
}

@c @implementation
public func flux_job_waitstatus_to_exitcode(
    _ waitstatus: Int32, _ errp: UnsafeMutablePointer<flux_error_t>?
) -> Int32 {
    func signal(_ number: Int32) -> [UInt8] { bytes(strsignal(number)) ?? [] }
    if clibc_was_signaled(waitstatus) {
        let number = clibc_term_signal(waitstatus)
        tell(errp, Array("job shell ".utf8) + signal(number))
        return number + 128
    }
    guard clibc_exited(waitstatus) else {
        tell(errp, Array(("unexpected wait(2) status " + String(waitstatus)).utf8))
        clibc_set_errno(EINVAL)
        return -1
    }
    let code = clibc_exit_status(waitstatus)
    if code > 128 {
        tell(errp, Array("task(s) ".utf8) + signal(code - 128))
    } else {
        tell(errp, code > 0 ? Array(("task(s) exited with exit code " + String(code)).utf8) : [])
    }
    return code
}
