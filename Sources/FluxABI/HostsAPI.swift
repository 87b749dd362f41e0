// hosts.h, stats.h and sync.h.
import Bytes
import CFlux
import CLibc
import Flux
import FluxC
import Sockets

@c @implementation
public func flux_get_hostbyrank(_ h: OpaquePointer?, _ rank: UInt32) -> UnsafePointer<CChar>? {
    if rank == NodeID.any { return cString("any") }
    if rank == NodeID.upstream { return cString("upstream") }
    let host: UnsafePointer<CChar>? = pointer { () throws(Errno) in lent(try HostMap.of(try handle(h)).host(of: rank)) }
    return host ?? cString("(null)")
}

@c @implementation
public func flux_get_rankbyhost(_ h: OpaquePointer?, _ host: UnsafePointer<CChar>?) -> Int32 {
    number { () throws(Errno) in
        let host = try given(host)
        guard let rank = try HostMap.of(try handle(h)).rank(of: host) else { throw .missing }
        return Int32(clamping: rank)
    }
}

@c @implementation
public func flux_hostmap_lookup(
    _ h: OpaquePointer?, _ targets: UnsafePointer<CChar>?, _ errp: UnsafeMutablePointer<flux_error_t>?
) -> UnsafeMutablePointer<CChar>? {
    pointer { () throws(Errno) in
        let found: [UInt8]
        do throws(ConfError) {
            found = try lookUp(h, targets)
        } catch {
            fill(errp, error.text)
            throw error.code
        }
        return try allocated(found)
    }
}

private func lookUp(_ h: OpaquePointer?, _ targets: UnsafePointer<CChar>?) throws(ConfError) -> [UInt8] {
    let map: HostMap
    let wanted: [UInt8]
    do throws(Errno) {
        wanted = try given(targets)
        map = try HostMap.of(try handle(h))
    } catch {
        throw ConfError(error)
    }
    return try map.lookUp(wanted)
}

// MARK: Numbers

private func statistics(_ h: OpaquePointer?) -> Statistics? {
    borrow(h, as: Handle.self).flatMap { Statistics.of($0) }
}

@c @implementation
public func flux_stats_count(_ h: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ count: Int) {
    if let name = bytes(name) { statistics(h)?.count(name, count) }
}

@c @implementation
public func flux_stats_gauge_set(_ h: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ value: Int) {
    if let name = bytes(name) { statistics(h)?.gauge(name, value, isIncrement: false) }
}

@c @implementation
public func flux_stats_gauge_inc(_ h: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ inc: Int) {
    if let name = bytes(name) { statistics(h)?.gauge(name, inc, isIncrement: true) }
}

@c @implementation
public func flux_stats_timing(_ h: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ ms: Double) {
    if let name = bytes(name) { statistics(h)?.timing(name, ms) }
}

@c @implementation
public func flux_stats_set_period(_ h: OpaquePointer?, _ period: Double) {
    statistics(h)?.setPeriod(period)
}

@c @implementation
public func muster_stats_set_prefix(_ h: OpaquePointer?, _ prefix: UnsafePointer<CChar>?) {
    if let prefix = bytes(prefix) { statistics(h)?.setPrefix(prefix) }
}

@c @implementation
public func flux_stats_enabled(_ h: OpaquePointer?, _ metric: UnsafePointer<CChar>?) -> Bool {
    statistics(h) != nil
}

// MARK: Heartbeats

@c @implementation
public func flux_sync_create(_ h: OpaquePointer?, _ minimum: Double) -> OpaquePointer? {
    pointer { () throws(Errno) in lend(try Heartbeat.future(try handle(h), minimum: minimum)) }
}
