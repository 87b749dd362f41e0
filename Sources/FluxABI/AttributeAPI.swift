// attr.h.
import Bytes
import CFlux
import CLibc
import Flux
import Sockets

@c @implementation
public func flux_attr_get(_ h: OpaquePointer?, _ name: UnsafePointer<CChar>?) -> UnsafePointer<CChar>? {
    pointer { () throws(Errno) in
        guard let name = bytes(name) else { throw .invalid }
        return try handle(h).attribute(Text(name)).cString
    }
}

@c @implementation
public func flux_attr_set(
    _ h: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ val: UnsafePointer<CChar>?
) -> Int32 {
    flux_attr_set_ex(h, name, val, false, nil)
}

@c @implementation
public func flux_attr_set_ex(
    _ h: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ val: UnsafePointer<CChar>?, _ force: Bool,
    _ errp: UnsafeMutablePointer<flux_error_t>?
) -> Int32 {
    status { () throws(Errno) in
        var problem: [UInt8] = []
        do throws(Errno) {
            guard let name = bytes(name), let value = bytes(val) else { throw Errno.invalid }
            try handle(h).setAttribute(name, value, isForced: force, &problem)
        } catch {
            tell(errp, problem.isEmpty ? Array(error.text.utf8) : problem)
            throw error
        }
    }
}

@c @implementation
public func flux_attr_set_cacheonly(
    _ h: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ val: UnsafePointer<CChar>?
) -> Int32 {
    status { () throws(Errno) in
        guard let name = bytes(name) else { throw .invalid }
        try handle(h).attributes.keep(bytes(val), for: Text(name))
    }
}

@c @implementation
public func flux_attr_cache_first(_ h: OpaquePointer?) -> UnsafePointer<CChar>? {
    borrow(h, as: Handle.self)?.attributes.firstName()?.cString
}

@c @implementation
public func flux_attr_cache_next(_ h: OpaquePointer?) -> UnsafePointer<CChar>? {
    borrow(h, as: Handle.self)?.attributes.nextName()?.cString
}

@c @implementation
public func flux_get_rank(_ h: OpaquePointer?, _ rank: UnsafeMutablePointer<UInt32>?) -> Int32 {
    status { () throws(Errno) in
        let found = try handle(h).rank()
        rank?.pointee = found
    }
}

@c @implementation
public func flux_get_size(_ h: OpaquePointer?, _ size: UnsafeMutablePointer<UInt32>?) -> Int32 {
    status { () throws(Errno) in
        let found = try handle(h).size()
        size?.pointee = found
    }
}

@c @implementation
public func flux_get_instance_starttime(_ h: OpaquePointer?, _ starttime: UnsafeMutablePointer<Double>?) -> Int32 {
    status { () throws(Errno) in
        let found = try handle(h).startTime()
        starttime?.pointee = found
    }
}
