import Bytes
import CFlux
import CLibc
import Flux
import FluxC
import Sockets

/// The command behind a pointer.
func command(_ pointer: OpaquePointer?) throws(Errno) -> Command {
    guard let command: Command = borrow(pointer) else { throw .invalid }
    return command
}

@c @implementation
public func flux_cmd_create(
    _ argc: Int32, _ argv: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
    _ env: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        if let argv {
            guard argc >= 0, argv[Int(argc)] == nil else { throw .invalid }
        }
        return retain(Command(arguments: list(argv), environment: list(env)))
    }
}

@c @implementation
public func flux_cmd_copy(_ cmd: OpaquePointer?) -> OpaquePointer? {
    pointer { () throws(Errno) in retain(Command(copying: try command(cmd))) }
}

@c @implementation
public func flux_cmd_destroy(_ cmd: OpaquePointer?) {
    keepingErrno { release(cmd, as: Command.self) }
}

@c @implementation
public func flux_cmd_argc(_ cmd: OpaquePointer?) -> Int32 {
    number { () throws(Errno) in Int32(clamping: try command(cmd).arguments.count) }
}

@c @implementation
public func flux_cmd_arg(_ cmd: OpaquePointer?, _ n: Int32) -> UnsafePointer<CChar>? {
    pointer { () throws(Errno) in lent(try command(cmd).argument(Int(n))) }
}

@c @implementation
public func flux_cmd_argv_append(_ cmd: OpaquePointer?, _ arg: UnsafePointer<CChar>?) -> Int32 {
    status { () throws(Errno) in try command(cmd).append(given(arg)) }
}

@c @implementation
public func flux_cmd_argv_insert(_ cmd: OpaquePointer?, _ n: Int32, _ arg: UnsafePointer<CChar>?) -> Int32 {
    status { () throws(Errno) in try command(cmd).insert(given(arg), at: Int(n)) }
}

@c @implementation
public func flux_cmd_argv_delete(_ cmd: OpaquePointer?, _ n: Int32) -> Int32 {
    status { () throws(Errno) in try command(cmd).removeArgument(Int(n)) }
}

@c @implementation
public func flux_cmd_stringify(_ cmd: OpaquePointer?) -> UnsafeMutablePointer<CChar>? {
    pointer { () throws(Errno) in try allocated(command(cmd).line) }
}

/// What is behind flux_cmd_setenvf once the value is a text.
@c @implementation
public func muster_cmd_setenv(
    _ cmd: OpaquePointer?, _ overwrite: Int32, _ name: UnsafePointer<CChar>?, _ value: UnsafePointer<CChar>?
) -> Int32 {
    status { () throws(Errno) in try command(cmd).set(given(name), given(value), replacing: overwrite != 0) }
}

@c @implementation
public func flux_cmd_unsetenv(_ cmd: OpaquePointer?, _ name: UnsafePointer<CChar>?) {
    guard let name = bytes(name) else { return }
    borrow(cmd, as: Command.self)?.unset(name)
}

@c @implementation
public func flux_cmd_getenv(_ cmd: OpaquePointer?, _ name: UnsafePointer<CChar>?) -> UnsafePointer<CChar>? {
    pointer { () throws(Errno) in lent(try command(cmd).variable(given(name))) }
}

@c @implementation
public func flux_cmd_env_replace(
    _ cmd: OpaquePointer?, _ env: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
    status { () throws(Errno) in try command(cmd).replaceEnvironment(list(env)) }
}

@c @implementation
public func flux_cmd_setcwd(_ cmd: OpaquePointer?, _ cwd: UnsafePointer<CChar>?) -> Int32 {
    status { () throws(Errno) in try command(cmd).folder = Slice(given(cwd)) }
}

@c @implementation
public func flux_cmd_getcwd(_ cmd: OpaquePointer?) -> UnsafePointer<CChar>? {
    pointer { () throws(Errno) in lent(try command(cmd).folder) }
}

@c @implementation
public func flux_cmd_add_channel(_ cmd: OpaquePointer?, _ name: UnsafePointer<CChar>?) -> Int32 {
    status { () throws(Errno) in try command(cmd).addChannel(given(name)) }
}

@c @implementation
public func flux_cmd_add_message_channel(
    _ cmd: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ uri: UnsafePointer<CChar>?
) -> Int32 {
    status { () throws(Errno) in try command(cmd).addMessageChannel(given(name), address: given(uri)) }
}

@c @implementation
public func flux_cmd_setopt(
    _ cmd: OpaquePointer?, _ var: UnsafePointer<CChar>?, _ val: UnsafePointer<CChar>?
) -> Int32 {
    status { () throws(Errno) in try command(cmd).setOption(given(`var`), given(val)) }
}

@c @implementation
public func flux_cmd_getopt(_ cmd: OpaquePointer?, _ var: UnsafePointer<CChar>?) -> UnsafePointer<CChar>? {
    pointer { () throws(Errno) in lent(try command(cmd).option(given(`var`))) }
}

@c @implementation
public func flux_cmd_set_label(_ cmd: OpaquePointer?, _ label: UnsafePointer<CChar>?) -> Int32 {
    status { () throws(Errno) in try command(cmd).setLabel(bytes(label)) }
}

@c @implementation
public func flux_cmd_get_label(_ cmd: OpaquePointer?) -> UnsafePointer<CChar>? {
    pointer { () throws(Errno) in lent(try command(cmd).label) }
}
