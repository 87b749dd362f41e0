import Bytes
import CFlux
import CJansson
import CLibc
import Flux
import FluxC
import JSON
import Sockets

private func jobspec(_ pointer: OpaquePointer?) throws(Errno) -> Jobspec {
    guard let jobspec: Jobspec = borrow(pointer) else { throw .invalid }
    return jobspec
}

/// Runs a check: its text goes to C, with EINVAL.
private func checking(
    _ error: UnsafeMutablePointer<flux_error_t>?, _ body: () throws(Jobspec.Wrong) -> Void
) throws(Errno) {
    do throws(Jobspec.Wrong) {
        try body()
    } catch let wrong {
        tell(error, Array(wrong.text.utf8))
        throw .invalid
    }
}

@c @implementation
public func flux_jobspec1_attr_del(_ jobspec: OpaquePointer?, _ path: UnsafePointer<CChar>?) -> Int32 {
    status { () throws(Errno) in try FluxABI.jobspec(jobspec).removeAttribute(given(path)) }
}

@c @implementation
public func muster_jobspec_attr(_ jobspec: OpaquePointer?, _ path: UnsafePointer<CChar>?) -> UnsafeMutableRawPointer? {
    pointer { () throws(Errno) in
        // Safety: it stays as long as the description that it is a part of.
        UnsafeMutableRawPointer(try FluxABI.jobspec(jobspec).attribute(given(path)).value)
    }
}

@c @implementation
public func muster_jobspec_set_attr(
    _ jobspec: OpaquePointer?, _ path: UnsafePointer<CChar>?, _ json: UnsafeMutableRawPointer?
) -> Int32 {
    status { () throws(Errno) in
        guard let json else { throw .invalid }
        let value = JSON(adopting: json.assumingMemoryBound(to: json_t.self))
        try FluxABI.jobspec(jobspec).setAttribute(given(path), value)
    }
}

@c @implementation
public func flux_jobspec1_attr_check(
    _ jobspec: OpaquePointer?, _ error: UnsafeMutablePointer<flux_jobspec1_error_t>?
) -> Int32 {
    status { () throws(Errno) in
        guard let given: Jobspec = borrow(jobspec) else {
            tell(error, Array("there is no jobspec".utf8))
            throw .invalid
        }
        try checking(error) { () throws(Jobspec.Wrong) in try given.checkAttributes() }
    }
}

@c @implementation
public func flux_jobspec1_check(
    _ jobspec: OpaquePointer?, _ error: UnsafeMutablePointer<flux_jobspec1_error_t>?
) -> Int32 {
    status { () throws(Errno) in
        guard let given: Jobspec = borrow(jobspec) else {
            tell(error, Array("there is no jobspec".utf8))
            throw .invalid
        }
        try checking(error) { () throws(Jobspec.Wrong) in try given.check() }
    }
}

@c @implementation
public func flux_jobspec1_unsetenv(_ jobspec: OpaquePointer?, _ name: UnsafePointer<CChar>?) -> Int32 {
    status { () throws(Errno) in try FluxABI.jobspec(jobspec).removeVariable(given(name)) }
}

@c @implementation
public func flux_jobspec1_setenv(
    _ jobspec: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ value: UnsafePointer<CChar>?, _ overwrite: Int32
) -> Int32 {
    status { () throws(Errno) in
        try FluxABI.jobspec(jobspec).setVariable(given(name), given(value), replacing: overwrite != 0)
    }
}

@c @implementation
public func flux_jobspec1_set_stdin(_ jobspec: OpaquePointer?, _ path: UnsafePointer<CChar>?) -> Int32 {
    status { () throws(Errno) in try FluxABI.jobspec(jobspec).setFile("input.stdin", given(path)) }
}

@c @implementation
public func flux_jobspec1_set_stdout(_ jobspec: OpaquePointer?, _ path: UnsafePointer<CChar>?) -> Int32 {
    status { () throws(Errno) in try FluxABI.jobspec(jobspec).setFile("output.stdout", given(path)) }
}

@c @implementation
public func flux_jobspec1_set_stderr(_ jobspec: OpaquePointer?, _ path: UnsafePointer<CChar>?) -> Int32 {
    status { () throws(Errno) in try FluxABI.jobspec(jobspec).setFile("output.stderr", given(path)) }
}

@c @implementation
public func flux_jobspec1_set_cwd(_ jobspec: OpaquePointer?, _ cwd: UnsafePointer<CChar>?) -> Int32 {
    status { () throws(Errno) in try FluxABI.jobspec(jobspec).setFolder(given(cwd)) }
}

@c @implementation
public func flux_jobspec1_encode(_ jobspec: OpaquePointer?, _ flags: Int) -> UnsafeMutablePointer<CChar>? {
    pointer { () throws(Errno) in
        guard let text = json_dumps(try FluxABI.jobspec(jobspec).json.value, flags) else { throw .outOfMemory }
        return text
    }
}

@c @implementation
public func flux_jobspec1_decode(
    _ s: UnsafePointer<CChar>?, _ error: UnsafeMutablePointer<flux_jobspec1_error_t>?
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        guard let text = bytes(s) else {
            tell(error, Array(Errno.invalid.text.utf8))
            throw .invalid
        }
        var made: Jobspec?
        try checking(error) { () throws(Jobspec.Wrong) in made = try Jobspec(decoding: text) }
        return made.map { retain($0) }
    }
}

@c @implementation
public func flux_jobspec1_from_command(
    _ argc: Int32, _ argv: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
    _ env: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ ntasks: Int32, _ cores_per_task: Int32,
    _ gpus_per_task: Int32, _ nnodes: Int32, _ duration: Double
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        guard argc >= 0, let argv else { throw .invalid }
        var command: [[UInt8]] = []
        for place in 0..<Int(argc) { command.append(try given(argv[place])) }
        return retain(
            try Jobspec(
                command: command, environment: list(env), tasks: Int(ntasks), cores: Int(cores_per_task),
                gpus: Int(gpus_per_task), nodes: Int(nnodes), seconds: duration))
    }
}

@c @implementation
public func flux_jobspec1_destroy(_ jobspec: OpaquePointer?) {
    keepingErrno { release(jobspec, as: Jobspec.self) }
}
