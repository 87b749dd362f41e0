import Bytes
import CFlux
import CLibc
import Flux
import JSON
import Sockets

@c @implementation
public func flux_module_debug_test(_ h: OpaquePointer?, _ flag: Int32, _ clear: Bool) -> Bool {
    borrow(h, as: Handle.self)?.testDebugFlag(flag, clears: clear) ?? false
}

@c @implementation
public func flux_module_set_running(_ h: OpaquePointer?) -> Int32 {
    status { () throws(Errno) in try handle(h).setModuleRunning() }
}

@c @implementation
public func flux_module_config_request_decode(
    _ msg: OpaquePointer?, _ conf: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
    status { () throws(Errno) in
        let message = try message(msg)
        _ = try message.topic(ofA: .request)
        let object = try message.json()
        conf?.pointee = lend(Conf(object.copy))
    }
}

/// Runs a step of a module's; what went wrong goes to C in words.
private func telling(
    _ error: UnsafeMutablePointer<flux_error_t>?, _ h: OpaquePointer?,
    _ body: (Handle, inout String) throws(Errno) -> Void
) -> Int32 {
    status { () throws(Errno) in
        guard let handle: Handle = borrow(h) else {
            tell(error, Array(Errno.invalid.text.utf8))
            throw .invalid
        }
        var problem = ""
        do throws(Errno) {
            try body(handle, &problem)
        } catch let reason {
            tell(error, Array((problem + ": " + reason.text).utf8))
            throw reason
        }
    }
}

@c @implementation
public func flux_module_initialize(
    _ h: OpaquePointer?, _ args: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
    _ error: UnsafeMutablePointer<flux_error_t>?
) -> Int32 {
    telling(error, h) { (handle, problem) throws(Errno) in
        let arguments = try handle.initializeModule(&problem)
        guard let args else { return }
        args.pointee = nil
        if let arguments { args.pointee = try allocated(arguments) }
    }
}

@c @implementation
public func flux_module_register_handlers(
    _ h: OpaquePointer?, _ error: UnsafeMutablePointer<flux_error_t>?
) -> Int32 {
    telling(error, h) { (handle, problem) throws(Errno) in try handle.addModuleHandlers(&problem) }
}

@c @implementation
public func flux_module_finalize(
    _ h: OpaquePointer?, _ errnum: Int32, _ error: UnsafeMutablePointer<flux_error_t>?
) -> Int32 {
    telling(error, h) { (handle, problem) throws(Errno) in try handle.finalizeModule(errnum: errnum, &problem) }
}
