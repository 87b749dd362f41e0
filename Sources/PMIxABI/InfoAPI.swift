// Infos, and lists of infos that grow until they become an array. A list is C memory: an array with room to spare.
import Bytes
import CLibc
import CPMIx
import PMIxWire

@c @implementation
public func PMIx_Info_load(
    _ info: UnsafeMutablePointer<pmix_info_t>!, _ key: UnsafePointer<CChar>!, _ data: UnsafeRawPointer!,
    _ type: pmix_data_type_t
) -> pmix_status_t {
    guard let info, let key else { return PMIX_ERR_BAD_PARAM }
    // The original cuts a key that is too long, and hosts do pass such keys.
    memset(info, 0, Fields.infoValue)
    memcpy(info, key, strnlen(key, Fields.keyMost))
    return PMIx_Value_load(value(of: info), data, type)
}

@c @implementation
public func PMIx_Info_xfer(
    _ dest: UnsafeMutablePointer<pmix_info_t>!, _ src: UnsafePointer<pmix_info_t>!
) -> pmix_status_t {
    guard let dest, let src else { return PMIX_ERR_BAD_PARAM }
    if src.pointee.flags & Info.persistent != 0 {
        memmove(dest, src, MemoryLayout<pmix_info_t>.size)
        return PMIX_SUCCESS
    }
    memset(dest, 0, Fields.infoValue)
    memcpy(dest, src, strnlen(UnsafeRawPointer(src).assumingMemoryBound(to: CChar.self), Fields.keyMost))
    dest.pointee.flags = src.pointee.flags
    let source = UnsafeRawPointer(src) + Fields.infoValue
    return PMIx_Value_xfer(value(of: dest), source.assumingMemoryBound(to: pmix_value_t.self))
}

private func value(of info: UnsafeMutablePointer<pmix_info_t>) -> UnsafeMutablePointer<pmix_value_t> {
    (UnsafeMutableRawPointer(info) + Fields.infoValue).assumingMemoryBound(to: pmix_value_t.self)
}

// MARK: - Lists

private struct InfoList {
    var infos: UnsafeMutablePointer<pmix_info_t>?
    var count = 0
    var capacity = 0

    /// A place for one more info, not initialized and not counted; nil without memory.
    mutating func place() -> UnsafeMutablePointer<pmix_info_t>? {
        if count == capacity {
            let more = max(8, capacity * 2)
            guard let block = realloc(infos, more * MemoryLayout<pmix_info_t>.stride) else { return nil }
            infos = block.assumingMemoryBound(to: pmix_info_t.self)
            capacity = more
        }
        return infos.map { $0 + count }
    }
}

extension InfoList {
    /// The value under this key.
    fileprivate func value(_ key: UnsafePointer<CChar>) -> UnsafeMutablePointer<pmix_value_t>? {
        guard let infos else { return nil }
        for index in 0..<count {
            let held = UnsafeRawPointer(infos + index).assumingMemoryBound(to: CChar.self)
            if PMIx_Check_key(held, key) { return PMIxABI.value(of: infos + index) }
        }
        return nil
    }

    /// Before the value is replaced: one that is only lent is forgotten, and the info owns what it gets.
    fileprivate func own(_ value: UnsafeMutablePointer<pmix_value_t>) {
        let cell = UnsafeMutableRawPointer(value) - Fields.infoValue
        let info = cell.assumingMemoryBound(to: pmix_info_t.self)
        guard info.pointee.flags & Info.persistent != 0 else { return }
        info.pointee.flags &= ~Info.persistent
        value.initialize(to: pmix_value_t())
    }
}

private func list(_ ptr: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<InfoList>? {
    ptr?.assumingMemoryBound(to: InfoList.self)
}

@c @implementation
public func PMIx_Info_list_start() -> UnsafeMutableRawPointer! {
    guard let block = malloc(MemoryLayout<InfoList>.size) else { return nil }
    block.assumingMemoryBound(to: InfoList.self).initialize(to: InfoList())
    return block
}

@c @implementation
public func PMIx_Info_list_add(
    _ ptr: UnsafeMutableRawPointer!, _ key: UnsafePointer<CChar>!, _ value: UnsafeRawPointer!, _ type: pmix_data_type_t
) -> pmix_status_t {
    guard let list = list(ptr), let key else { return PMIX_ERR_BAD_PARAM }
    guard let info = list.pointee.place() else { return PMIX_ERR_NOMEM }
    let status = PMIx_Info_load(info, key, value, type)
    if status == PMIX_SUCCESS { list.pointee.count += 1 }
    return status
}

@c @implementation
public func PMIx_Info_list_prepend(
    _ ptr: UnsafeMutableRawPointer!, _ key: UnsafePointer<CChar>!, _ value: UnsafeRawPointer!, _ type: pmix_data_type_t
) -> pmix_status_t {
    let status = PMIx_Info_list_add(ptr, key, value, type)
    guard status == PMIX_SUCCESS, let list = list(ptr)?.pointee, let infos = list.infos else { return status }
    var last = infos[list.count - 1]
    let stride = MemoryLayout<pmix_info_t>.stride
    memmove(infos + 1, infos, (list.count - 1) * stride)
    memcpy(infos, &last, stride)
    return PMIX_SUCCESS
}

@c @implementation
public func PMIx_Info_list_add_value(
    _ ptr: UnsafeMutableRawPointer!, _ key: UnsafePointer<CChar>!, _ value: UnsafePointer<pmix_value_t>!
) -> pmix_status_t {
    guard let list = list(ptr), let key, let value else { return PMIX_ERR_BAD_PARAM }
    guard let info = list.pointee.place() else { return PMIX_ERR_NOMEM }
    memset(info, 0, MemoryLayout<pmix_info_t>.size)
    memcpy(info, key, strnlen(key, Fields.keyMost))
    let status = PMIx_Value_xfer(PMIxABI.value(of: info), value)
    if status == PMIX_SUCCESS { list.pointee.count += 1 }
    return status
}

/// Where the key is there, `replace` gets its emptied value, if it is to be overwritten; otherwise `add` is asked.
private func unique(
    _ ptr: UnsafeMutableRawPointer?, _ key: UnsafePointer<CChar>?, _ overwrite: Bool,
    _ replace: (UnsafeMutablePointer<pmix_value_t>) -> pmix_status_t, _ add: () -> pmix_status_t
) -> pmix_status_t {
    guard let list = list(ptr), let key else { return PMIX_ERR_BAD_PARAM }
    guard let held = list.pointee.value(key) else { return add() }
    guard overwrite else { return PMIX_SUCCESS }
    // The new value may be the old one: it is copied before that goes.
    var fresh = pmix_value_t()
    let status = replace(&fresh)
    guard status == PMIX_SUCCESS else { return status }
    list.pointee.own(held)
    PMIx_Value_destruct(held)
    held.pointee = fresh
    return PMIX_SUCCESS
}

@c @implementation
public func PMIx_Info_list_add_unique(
    _ ptr: UnsafeMutableRawPointer!, _ key: UnsafePointer<CChar>!, _ value: UnsafeRawPointer!, _ type: pmix_data_type_t,
    _ overwrite: Bool
) -> pmix_status_t {
    unique(ptr, key, overwrite, { PMIx_Value_load($0, value, type) }, { PMIx_Info_list_add(ptr, key, value, type) })
}

@c @implementation
public func PMIx_Info_list_add_value_unique(
    _ ptr: UnsafeMutableRawPointer!, _ key: UnsafePointer<CChar>!, _ value: UnsafePointer<pmix_value_t>!,
    _ overwrite: Bool
) -> pmix_status_t {
    guard let value else { return PMIX_ERR_BAD_PARAM }
    return unique(
        ptr, key, overwrite, { PMIx_Value_xfer($0, value) }, { PMIx_Info_list_add_value(ptr, key, value) })
}

@c @implementation
public func PMIx_Info_list_xfer_unique(
    _ ptr: UnsafeMutableRawPointer!, _ info: UnsafePointer<pmix_info_t>!, _ overwrite: Bool
) -> pmix_status_t {
    guard let info else { return PMIX_ERR_BAD_PARAM }
    let cell = UnsafeRawPointer(info)
    let value = (cell + Fields.infoValue).assumingMemoryBound(to: pmix_value_t.self)
    return unique(
        ptr, cell.assumingMemoryBound(to: CChar.self), overwrite, { PMIx_Value_xfer($0, value) },
        { PMIx_Info_list_xfer(ptr, info) })
}

/// A cursor is the number of an info, so that none dangles while the list grows; 0, the first, is NULL.
@c @implementation
public func PMIx_Info_list_get_info(
    _ ptr: UnsafeMutableRawPointer!, _ prev: UnsafeMutableRawPointer!,
    _ next: UnsafeMutablePointer<UnsafeMutableRawPointer?>!
) -> UnsafeMutablePointer<pmix_info_t>! {
    next?.pointee = nil
    let index = UInt(bitPattern: prev)
    guard let list = list(ptr)?.pointee, let infos = list.infos, index < UInt(list.count) else { return nil }
    if index + 1 < UInt(list.count) { next?.pointee = UnsafeMutableRawPointer(bitPattern: index + 1) }
    return infos + Int(index)
}

@c @implementation
public func PMIx_Info_list_get_size(_ ptr: UnsafeMutableRawPointer!) -> Int {
    list(ptr)?.pointee.count ?? 0
}

@c @implementation
public func PMIx_Info_list_xfer(
    _ ptr: UnsafeMutableRawPointer!, _ info: UnsafePointer<pmix_info_t>!
) -> pmix_status_t {
    guard let list = list(ptr), let info else { return PMIX_ERR_BAD_PARAM }
    guard let place = list.pointee.place() else { return PMIX_ERR_NOMEM }
    let status = PMIx_Info_xfer(place, info)
    if status == PMIX_SUCCESS { list.pointee.count += 1 }
    return status
}

@c @implementation
public func PMIx_Info_list_insert(
    _ ptr: UnsafeMutableRawPointer!, _ info: UnsafeMutablePointer<pmix_info_t>!
) -> pmix_status_t {
    guard let list = list(ptr), let info else { return PMIX_ERR_BAD_PARAM }
    guard let place = list.pointee.place() else { return PMIX_ERR_NOMEM }
    memcpy(place, info, MemoryLayout<pmix_info_t>.size)
    place.pointee.flags |= Info.persistent
    list.pointee.count += 1
    return PMIX_SUCCESS
}

@c @implementation
public func PMIx_Info_list_convert(
    _ ptr: UnsafeMutableRawPointer!, _ par: UnsafeMutablePointer<pmix_data_array_t>!
) -> pmix_status_t {
    guard let list = list(ptr)?.pointee, let par else { return PMIX_ERR_BAD_PARAM }
    par.initialize(to: pmix_data_array_t(type: DataType.info.rawValue, size: 0, array: nil))
    guard list.count > 0, let infos = list.infos else { return PMIX_ERR_EMPTY }
    guard let block = Memory.zeroed(list.count, MemoryLayout<pmix_info_t>.stride) else { return PMIX_ERR_NOMEM }
    let copies = block.assumingMemoryBound(to: pmix_info_t.self)
    for index in 0..<list.count {
        let status = PMIx_Info_xfer(copies + index, infos + index)
        if status != PMIX_SUCCESS {
            freeInfos(copies, index)
            return status
        }
    }
    par.pointee.array = block
    par.pointee.size = list.count
    return PMIX_SUCCESS
}

@c @implementation
public func PMIx_Info_list_release(_ ptr: UnsafeMutableRawPointer!) {
    guard let list = list(ptr) else { return }
    freeInfos(list.pointee.infos, list.pointee.count)
    free(list)
}
