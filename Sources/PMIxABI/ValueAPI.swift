// Values: load, unload, copy, destruct. A copy from C to C takes the same way as everything else, through Swift's
// `Content`, except for what is quicker or must not be copied: numbers, strings, byte objects, processes, and foreign
// topologies.
import Bytes
import CLibc
import CPMIx
import PMIxWire

private typealias Union = UnsafeMutableRawPointer

@c @implementation
public func PMIx_Value_load(
    _ val: UnsafeMutablePointer<pmix_value_t>!, _ data: UnsafeRawPointer!, _ type: pmix_data_type_t
) -> pmix_status_t {
    guard let val else { return PMIX_ERR_BAD_PARAM }
    memset(val, 0, MemoryLayout<pmix_value_t>.size)
    val.pointee.type = type
    guard let code = DataType(rawValue: type), Cell.place(code) != .nowhere else {
        return PMIX_ERR_UNKNOWN_DATA_TYPE
    }
    guard let data else {
        // A key that is only named is a flag that is set.
        val.pointee.data.flag = code == .bool
        return PMIX_SUCCESS
    }
    let union = UnsafeMutableRawPointer(val) + Fields.valueUnion
    switch code {
    case .string: return copy(string: data.assumingMemoryBound(to: CChar.self), to: union).rawValue
    case .pointer:
        union.storeBytes(of: data, as: UnsafeRawPointer.self)
        return PMIX_SUCCESS
    case .regex:
        // An expression is given like a string, and may hold NULs.
        let count = Regex.byteCount(data.assumingMemoryBound(to: CChar.self))
        return copy(bytes: data, count: count, to: union).rawValue
    default: return copy(code, from: data, to: union).rawValue
    }
}

@c @implementation
public func PMIx_Value_xfer(
    _ dest: UnsafeMutablePointer<pmix_value_t>!, _ src: UnsafePointer<pmix_value_t>!
) -> pmix_status_t {
    guard let dest, let src else { return PMIX_ERR_BAD_PARAM }
    memset(dest, 0, MemoryLayout<pmix_value_t>.size)
    dest.pointee.type = src.pointee.type
    guard let type = DataType(rawValue: src.pointee.type) else { return PMIX_ERR_UNKNOWN_DATA_TYPE }
    let source = UnsafeRawPointer(src) + Fields.valueUnion
    let target = UnsafeMutableRawPointer(dest) + Fields.valueUnion
    switch Cell.place(type) {
    case .nowhere: return PMIX_ERR_UNKNOWN_DATA_TYPE
    case .inline: return copy(type, from: source, to: target).rawValue
    case .boxed:
        if let box = source.load(as: UnsafeRawPointer?.self) { return copy(type, from: box, to: target).rawValue }
        Cell.writeUnion(.none, type, at: target)
        return PMIX_SUCCESS
    }
}

@c @implementation
public func PMIx_Value_destruct(_ val: UnsafeMutablePointer<pmix_value_t>!) {
    guard let val else { return }
    destructValue(val)
}

/// The object at `cell` into a zeroed union.
private func copy(_ type: DataType, from cell: UnsafeRawPointer, to union: Union) -> Status {
    switch type {
    case .undefined: return .success
    case .string:
        guard let string = cell.load(as: UnsafePointer<CChar>?.self) else { return .success }
        return copy(string: string, to: union)
    case .byteObject, .compressedString, .compressedByteObject, .regex:
        let object = cell.load(as: pmix_byte_object_t.self)
        return copy(bytes: object.bytes, count: object.size, to: union)
    case .topology, .cpuset:
        if !Hwloc.isSource(of: cell) {
            // Nobody here can duplicate it, so all who point to it share it, and nobody frees it.
            union.storeBytes(of: cell, as: UnsafeRawPointer.self)
            return .success
        }
    case .proc:
        guard let box = Memory.copy(cell, MemoryLayout<pmix_proc_t>.size) else { return .noMemory }
        union.storeBytes(of: box, as: UnsafeMutableRawPointer.self)
        return .success
    case .envar: break
    default:
        if Cell.place(type) == .inline, let count = Cell.byteCount(type) {
            memcpy(union, cell, count)
            return .success
        }
    }
    do {
        Cell.writeUnion(try Cell.read(type, at: cell), type, at: union)
        return .success
    } catch {
        return error
    }
}

private func copy(string: UnsafePointer<CChar>, to union: Union) -> Status {
    guard let copy = strdup(string) else { return .noMemory }
    union.storeBytes(of: copy, as: UnsafeMutablePointer<CChar>.self)
    return .success
}

private func copy(bytes: UnsafeRawPointer?, count: Int, to union: Union) -> Status {
    guard let bytes, count != 0 else { return .success }
    guard let copy = Memory.copy(bytes, count) else { return .noMemory }
    let object = pmix_byte_object_t(bytes: copy.assumingMemoryBound(to: CChar.self), size: count)
    union.storeBytes(of: object, as: pmix_byte_object_t.self)
    return .success
}

// MARK: - Unload

/// N.B. the bytes of a byte object are not copied: the value and the caller have the same block, and one of them frees it.
/// The original wants *data set even where it makes a new block, except for strings; here only what is written into the
/// caller's object needs one.
@c @implementation
public func PMIx_Value_unload(
    _ val: UnsafeMutablePointer<pmix_value_t>!, _ data: UnsafeMutablePointer<UnsafeMutableRawPointer?>!,
    _ sz: UnsafeMutablePointer<Int>!
) -> pmix_status_t {
    guard let val, let data, let sz else { return PMIX_ERR_BAD_PARAM }
    guard let type = DataType(rawValue: val.pointee.type), type != .undefined, Cell.place(type) != .nowhere else {
        return data.pointee == nil ? PMIX_ERR_BAD_PARAM : PMIX_ERR_UNKNOWN_DATA_TYPE
    }
    let union = UnsafeMutableRawPointer(val) + Fields.valueUnion
    switch type {
    case .string, .byteObject, .compressedString, .compressedByteObject, .regex, .pointer:
        return unloadBlock(type, union, data, sz).rawValue
    case .proc, .procNamespace: return unloadName(type, union, data.pointee, sz).rawValue
    case .envar: return unloadStruct(type, union, data, sz).rawValue
    default:
        guard Cell.place(type) == .inline else {
            guard let box = union.load(as: UnsafeRawPointer?.self) else { return PMIX_ERR_BAD_PARAM }
            return unloadStruct(type, box, data, sz).rawValue
        }
        guard let target = data.pointee, let count = Cell.byteCount(type) else { return PMIX_ERR_BAD_PARAM }
        memcpy(target, union, count)
        sz.pointee = count
        return PMIX_SUCCESS
    }
}

private func unloadBlock(
    _ type: DataType, _ union: UnsafeRawPointer, _ data: UnsafeMutablePointer<UnsafeMutableRawPointer?>,
    _ size: UnsafeMutablePointer<Int>
) -> Status {
    if type == .pointer {
        data.pointee = union.load(as: UnsafeMutableRawPointer?.self)
        size.pointee = MemoryLayout<UnsafeMutableRawPointer>.size
        return .success
    }
    if type == .string {
        guard let string = union.load(as: UnsafePointer<CChar>?.self) else {
            data.pointee = nil
            size.pointee = 0
            return .success
        }
        guard let copy = strdup(string) else { return .noMemory }
        data.pointee = UnsafeMutableRawPointer(copy)
        size.pointee = strlen(copy)
        return .success
    }
    let object = union.load(as: pmix_byte_object_t.self)
    data.pointee = UnsafeMutableRawPointer(object.bytes)
    size.pointee = object.bytes == nil ? 0 : object.size
    return .success
}

/// A process or a namespace goes into the caller's object.
private func unloadName(
    _ type: DataType, _ union: UnsafeRawPointer, _ target: UnsafeMutableRawPointer?, _ size: UnsafeMutablePointer<Int>
) -> Status {
    guard let target, let box = union.load(as: UnsafeRawPointer?.self) else { return .badParameter }
    if type == .proc {
        memcpy(target, box, MemoryLayout<pmix_proc_t>.size)
        size.pointee = MemoryLayout<pmix_proc_t>.size
    } else {
        let name = Text(field: box, most: Fields.nspaceMost)
        name.fill(field: target, most: Fields.nspaceMost)
        size.pointee = name.count
    }
    return .success
}

private func unloadStruct(
    _ type: DataType, _ cell: UnsafeRawPointer, _ data: UnsafeMutablePointer<UnsafeMutableRawPointer?>,
    _ size: UnsafeMutablePointer<Int>
) -> Status {
    let content: Content
    do { content = try Cell.read(type, at: cell) } catch { return error }
    guard let count = Cell.byteCount(type), let block = Memory.zeroed(1, count) else { return .noMemory }
    Cell.write(content, type, at: block)
    data.pointee = block
    size.pointee = count
    return .success
}
