// flog.h, what has no variable arguments.
import CFlux
import CLibc
import Flux
import FluxC
import Sockets

@c @implementation
public func flux_log_set_appname(_ h: OpaquePointer?, _ s: UnsafePointer<CChar>?) {
    borrow(h, as: Handle.self)?.logContext.setAppname(bytes(s) ?? [])
}

@c @implementation
public func flux_log_set_procid(_ h: OpaquePointer?, _ s: UnsafePointer<CChar>?) {
    borrow(h, as: Handle.self)?.logContext.setProcid(bytes(s) ?? [])
}

@c @implementation
public func flux_log_set_hostname(_ h: OpaquePointer?, _ s: UnsafePointer<CChar>?) {
    borrow(h, as: Handle.self)?.logContext.setHostname(bytes(s) ?? [])
}

@c @implementation
public func flux_log_set_redirect(_ h: OpaquePointer?, _ fun: flux_log_f?, _ arg: UnsafeMutableRawPointer?) {
    borrow(h, as: Handle.self)?.logContext.redirect = fun.map { fun in
        { line in fun(line.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: line.count), arg) }
    }
}

@c @implementation
public func flux_strerror(_ errnum: Int32) -> UnsafePointer<CChar>? {
    UnsafePointer(strerror(errnum))
}

@c @implementation
public func muster_log(_ h: OpaquePointer?, _ level: Int32, _ text: UnsafePointer<CChar>?) -> Int32 {
    status { () throws(Errno) in try handle(h).write(level, bytes(text) ?? []) }
}

@c @implementation
public func muster_log_level(_ level: Int32) -> UnsafePointer<CChar>? {
    cString(LogLevel.name(level))
}
