// The directives of an info: setting and asking for single bits.
import CPMIx
import PMIxWire

private func set(_ info: UnsafeMutablePointer<pmix_info_t>?, _ flag: UInt32) {
    info?.pointee.flags |= flag
}

private func has(_ info: UnsafePointer<pmix_info_t>?, _ flag: UInt32) -> Bool {
    info.map { $0.pointee.flags & flag != 0 } ?? false
}

@c @implementation
public func PMIx_Info_required(_ p: UnsafeMutablePointer<pmix_info_t>!) {
    set(p, Info.required)
}

@c @implementation
public func PMIx_Info_optional(_ p: UnsafeMutablePointer<pmix_info_t>!) {
    guard let p else { return }
    p.pointee.flags &= ~Info.required
}

@c @implementation
public func PMIx_Info_processed(_ p: UnsafeMutablePointer<pmix_info_t>!) {
    set(p, Info.processed)
}

@c @implementation
public func PMIx_Info_set_end(_ p: UnsafeMutablePointer<pmix_info_t>!) {
    set(p, Info.arrayEnd)
}

@c @implementation
public func PMIx_Info_qualifier(_ p: UnsafeMutablePointer<pmix_info_t>!) {
    set(p, Info.qualifier)
}

@c @implementation
public func PMIx_Info_persistent(_ p: UnsafeMutablePointer<pmix_info_t>!) {
    set(p, Info.persistent)
}

@c @implementation
public func PMIx_Info_is_required(_ p: UnsafePointer<pmix_info_t>!) -> Bool {
    has(p, Info.required)
}

@c @implementation
public func PMIx_Info_is_optional(_ p: UnsafePointer<pmix_info_t>!) -> Bool {
    p != nil && !has(p, Info.required)
}

@c @implementation
public func PMIx_Info_was_processed(_ p: UnsafePointer<pmix_info_t>!) -> Bool {
    has(p, Info.processed)
}

@c @implementation
public func PMIx_Info_is_end(_ p: UnsafePointer<pmix_info_t>!) -> Bool {
    has(p, Info.arrayEnd)
}

@c @implementation
public func PMIx_Info_is_qualifier(_ p: UnsafePointer<pmix_info_t>!) -> Bool {
    has(p, Info.qualifier)
}

@c @implementation
public func PMIx_Info_is_persistent(_ p: UnsafePointer<pmix_info_t>!) -> Bool {
    has(p, Info.persistent)
}
