// What requests and answers are made of: four verbs for each struct, and what fills some of them. None of this touches
// the library's state.
import Bytes
import CLibc
import CPMIx
import PMIxWire

// MARK: - pmix_app_t

@c @implementation
public func PMIx_App_construct(_ p: UnsafeMutablePointer<pmix_app_t>!) {
    Cell.construct(.app, p)
}

@c @implementation
public func PMIx_App_destruct(_ p: UnsafeMutablePointer<pmix_app_t>!) {
    Cell.destruct(.app, p)
}

@c @implementation
public func PMIx_App_create(_ n: Int) -> UnsafeMutablePointer<pmix_app_t>! {
    Cell.create(.app, n)
}

@c @implementation
public func PMIx_App_free(_ p: UnsafeMutablePointer<pmix_app_t>!, _ n: Int) {
    Cell.freeArray(.app, p, n)
}

@c @implementation
public func PMIx_App_info_create(_ p: UnsafeMutablePointer<pmix_app_t>!, _ n: Int) {
    guard let p else { return }
    p.pointee.info = Cell.create(.info, n)
    p.pointee.ninfo = p.pointee.info == nil ? 0 : n
}

@c @implementation
public func PMIx_App_release(_ p: UnsafeMutablePointer<pmix_app_t>!) {
    Cell.freeArray(.app, p, 1)
}

// MARK: - pmix_info_t

@c @implementation
public func PMIx_Info_construct(_ p: UnsafeMutablePointer<pmix_info_t>!) {
    Cell.construct(.info, p)
}

@c @implementation
public func PMIx_Info_destruct(_ p: UnsafeMutablePointer<pmix_info_t>!) {
    Cell.destruct(.info, p)
}

@c @implementation
public func PMIx_Info_create(_ n: Int) -> UnsafeMutablePointer<pmix_info_t>! {
    Cell.create(.info, n)
}

@c @implementation
public func PMIx_Info_free(_ p: UnsafeMutablePointer<pmix_info_t>!, _ n: Int) {
    Cell.freeArray(.info, p, n)
}

// MARK: - pmix_pdata_t

@c @implementation
public func PMIx_Pdata_construct(_ p: UnsafeMutablePointer<pmix_pdata_t>!) {
    Cell.construct(.pdata, p)
}

@c @implementation
public func PMIx_Pdata_destruct(_ p: UnsafeMutablePointer<pmix_pdata_t>!) {
    Cell.destruct(.pdata, p)
}

@c @implementation
public func PMIx_Pdata_create(_ n: Int) -> UnsafeMutablePointer<pmix_pdata_t>! {
    Cell.create(.pdata, n)
}

@c @implementation
public func PMIx_Pdata_free(_ p: UnsafeMutablePointer<pmix_pdata_t>!, _ n: Int) {
    Cell.freeArray(.pdata, p, n)
}

@c @implementation
public func PMIx_Pdata_load(
    _ dest: UnsafeMutablePointer<pmix_pdata_t>!, _ p: UnsafePointer<pmix_proc_t>!, _ key: UnsafePointer<CChar>!,
    _ value: UnsafeRawPointer!, _ type: pmix_data_type_t
) {
    guard let dest else { return }
    _ = PMIx_Value_load(begin(dest, p, key), value, type)
}

@c @implementation
public func PMIx_Pdata_xfer(_ dest: UnsafeMutablePointer<pmix_pdata_t>!, _ src: UnsafeMutablePointer<pmix_pdata_t>!) {
    guard let dest, let src else { return }
    let source = UnsafeMutableRawPointer(src)
    let proc = source.assumingMemoryBound(to: pmix_proc_t.self)
    let key = (source + Fields.publishedKey).assumingMemoryBound(to: CChar.self)
    let value = (source + Fields.publishedValue).assumingMemoryBound(to: pmix_value_t.self)
    _ = PMIx_Value_xfer(begin(dest, proc, key), value)
}

/// Overwrites all of `dest` unseen; its value is still to be made.
private func begin(
    _ dest: UnsafeMutablePointer<pmix_pdata_t>, _ proc: UnsafePointer<pmix_proc_t>?, _ key: UnsafePointer<CChar>?
) -> UnsafeMutablePointer<pmix_value_t> {
    Cell.construct(.pdata, dest)
    let cell = UnsafeMutableRawPointer(dest)
    if let proc { memcpy(cell, proc, MemoryLayout<pmix_proc_t>.size) }
    Memory.fill(cell + Fields.publishedKey, most: Fields.keyMost, from: key)
    return (cell + Fields.publishedValue).assumingMemoryBound(to: pmix_value_t.self)
}

// MARK: - pmix_proc_t

@c @implementation
public func PMIx_Proc_construct(_ p: UnsafeMutablePointer<pmix_proc_t>!) {
    Cell.construct(.proc, p)
}

@c @implementation
public func PMIx_Proc_destruct(_ p: UnsafeMutablePointer<pmix_proc_t>!) {
    Cell.destruct(.proc, p)
}

@c @implementation
public func PMIx_Proc_create(_ n: Int) -> UnsafeMutablePointer<pmix_proc_t>! {
    Cell.create(.proc, n)
}

@c @implementation
public func PMIx_Proc_free(_ p: UnsafeMutablePointer<pmix_proc_t>!, _ n: Int) {
    Cell.freeArray(.proc, p, n)
}

@c @implementation
public func PMIx_Proc_load(
    _ p: UnsafeMutablePointer<pmix_proc_t>!, _ nspace: UnsafePointer<CChar>!, _ rank: pmix_rank_t
) {
    guard let p else { return }
    Memory.fill(p, most: Fields.nspaceMost, from: nspace)
    p.pointee.rank = rank
}

// MARK: - pmix_proc_info_t

@c @implementation
public func PMIx_Proc_info_construct(_ p: UnsafeMutablePointer<pmix_proc_info_t>!) {
    Cell.construct(.procInfo, p)
}

@c @implementation
public func PMIx_Proc_info_destruct(_ p: UnsafeMutablePointer<pmix_proc_info_t>!) {
    Cell.destruct(.procInfo, p)
}

@c @implementation
public func PMIx_Proc_info_create(_ n: Int) -> UnsafeMutablePointer<pmix_proc_info_t>! {
    Cell.create(.procInfo, n)
}

@c @implementation
public func PMIx_Proc_info_free(_ p: UnsafeMutablePointer<pmix_proc_info_t>!, _ n: Int) {
    Cell.freeArray(.procInfo, p, n)
}

// MARK: - pmix_query_t

@c @implementation
public func PMIx_Query_construct(_ p: UnsafeMutablePointer<pmix_query_t>!) {
    Cell.construct(.query, p)
}

@c @implementation
public func PMIx_Query_destruct(_ p: UnsafeMutablePointer<pmix_query_t>!) {
    Cell.destruct(.query, p)
}

@c @implementation
public func PMIx_Query_create(_ n: Int) -> UnsafeMutablePointer<pmix_query_t>! {
    Cell.create(.query, n)
}

@c @implementation
public func PMIx_Query_free(_ p: UnsafeMutablePointer<pmix_query_t>!, _ n: Int) {
    Cell.freeArray(.query, p, n)
}

@c @implementation
public func PMIx_Query_qualifiers_create(_ p: UnsafeMutablePointer<pmix_query_t>!, _ n: Int) {
    guard let p else { return }
    p.pointee.qualifiers = Cell.create(.info, n)
    p.pointee.nqual = p.pointee.qualifiers == nil ? 0 : n
}

@c @implementation
public func PMIx_Query_release(_ p: UnsafeMutablePointer<pmix_query_t>!) {
    Cell.freeArray(.query, p, 1)
}

// MARK: - pmix_regattr_t

@c @implementation
public func PMIx_Regattr_construct(_ p: UnsafeMutablePointer<pmix_regattr_t>!) {
    Cell.construct(.regattr, p)
}

@c @implementation
public func PMIx_Regattr_destruct(_ p: UnsafeMutablePointer<pmix_regattr_t>!) {
    Cell.destruct(.regattr, p)
}

@c @implementation
public func PMIx_Regattr_create(_ n: Int) -> UnsafeMutablePointer<pmix_regattr_t>! {
    Cell.create(.regattr, n)
}

@c @implementation
public func PMIx_Regattr_free(_ p: UnsafeMutablePointer<pmix_regattr_t>!, _ n: Int) {
    Cell.freeArray(.regattr, p, n)
}

@c @implementation
public func PMIx_Regattr_load(
    _ info: UnsafeMutablePointer<pmix_regattr_t>!, _ name: UnsafePointer<CChar>!, _ key: UnsafePointer<CChar>!,
    _ type: pmix_data_type_t, _ description: UnsafePointer<CChar>!
) {
    guard let info else { return }
    if let name { info.pointee.name = strdup(name) }
    if let key {
        Memory.fill(UnsafeMutableRawPointer(info) + Fields.attributeKey, most: Fields.keyMost, from: key)
    }
    info.pointee.type = type
    if let description { append(description, to: &info.pointee.description) }
}

@c @implementation
public func PMIx_Regattr_xfer(
    _ dest: UnsafeMutablePointer<pmix_regattr_t>!, _ src: UnsafePointer<pmix_regattr_t>!
) {
    guard let dest, let src else { return }
    memcpy(dest, src, MemoryLayout<pmix_regattr_t>.size)
    dest.pointee.name = src.pointee.name.flatMap { strdup($0) }
    dest.pointee.description = [Text](argv: src.pointee.description).newArgv()
}

// MARK: - pmix_value_t

@c @implementation
public func PMIx_Value_construct(_ p: UnsafeMutablePointer<pmix_value_t>!) {
    Cell.construct(.value, p)
}

@c @implementation
public func PMIx_Value_create(_ n: Int) -> UnsafeMutablePointer<pmix_value_t>! {
    Cell.create(.value, n)
}

@c @implementation
public func PMIx_Value_free(_ p: UnsafeMutablePointer<pmix_value_t>!, _ n: Int) {
    Cell.freeArray(.value, p, n)
}
