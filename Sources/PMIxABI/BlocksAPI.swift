// What holds blocks of memory: byte objects, changes to the environment, data arrays, data buffers. None of this touches
// the library's state.
import CLibc
import CPMIx
import PMIxWire

// MARK: - pmix_byte_object_t

@c @implementation
public func PMIx_Byte_object_construct(_ b: UnsafeMutablePointer<pmix_byte_object_t>!) {
    Cell.construct(.byteObject, b)
}

@c @implementation
public func PMIx_Byte_object_destruct(_ b: UnsafeMutablePointer<pmix_byte_object_t>!) {
    Cell.destruct(.byteObject, b)
}

@c @implementation
public func PMIx_Byte_object_create(_ n: Int) -> UnsafeMutablePointer<pmix_byte_object_t>! {
    Cell.create(.byteObject, n)
}

@c @implementation
public func PMIx_Byte_object_free(_ b: UnsafeMutablePointer<pmix_byte_object_t>!, _ n: Int) {
    Cell.freeArray(.byteObject, b, n)
}

@c @implementation
public func PMIx_Byte_object_load(
    _ b: UnsafeMutablePointer<pmix_byte_object_t>!, _ d: UnsafeMutablePointer<CChar>!, _ sz: Int
) {
    b?.initialize(to: pmix_byte_object_t(bytes: d, size: d == nil ? 0 : sz))
}

// MARK: - pmix_envar_t

@c @implementation
public func PMIx_Envar_construct(_ e: UnsafeMutablePointer<pmix_envar_t>!) {
    Cell.construct(.envar, e)
}

@c @implementation
public func PMIx_Envar_destruct(_ e: UnsafeMutablePointer<pmix_envar_t>!) {
    Cell.destruct(.envar, e)
}

@c @implementation
public func PMIx_Envar_create(_ n: Int) -> UnsafeMutablePointer<pmix_envar_t>! {
    Cell.create(.envar, n)
}

@c @implementation
public func PMIx_Envar_free(_ e: UnsafeMutablePointer<pmix_envar_t>!, _ n: Int) {
    Cell.freeArray(.envar, e, n)
}

@c @implementation
public func PMIx_Envar_load(
    _ e: UnsafeMutablePointer<pmix_envar_t>!, _ var: UnsafeMutablePointer<CChar>!,
    _ value: UnsafeMutablePointer<CChar>!, _ separator: CChar
) {
    guard let e else { return }
    if let name = `var` { e.pointee.envar = strdup(name) }
    if let value { e.pointee.value = strdup(value) }
    e.pointee.separator = separator
}

// MARK: - pmix_data_array_t

@c @implementation
public func PMIx_Data_array_init(_ p: UnsafeMutablePointer<pmix_data_array_t>!, _ type: pmix_data_type_t) {
    p?.initialize(to: pmix_data_array_t(type: type, size: 0, array: nil))
}

@c @implementation
public func PMIx_Data_array_construct(
    _ p: UnsafeMutablePointer<pmix_data_array_t>!, _ num: Int, _ type: pmix_data_type_t
) {
    guard let p else { return }
    let array = DataType(rawValue: type).flatMap { Cell.newArray($0, num) }
    p.initialize(to: pmix_data_array_t(type: type, size: array == nil ? 0 : num, array: array))
}

@c @implementation
public func PMIx_Data_array_create(_ n: Int, _ type: pmix_data_type_t) -> UnsafeMutablePointer<pmix_data_array_t>! {
    guard n != 0, let array: UnsafeMutablePointer<pmix_data_array_t> = Cell.create(.dataArray, 1) else { return nil }
    PMIx_Data_array_construct(array, n, type)
    if array.pointee.array == nil, DataType(rawValue: type).flatMap({ Cell.byteCount($0) }) != nil {
        free(array)
        return nil
    }
    return array
}

@c @implementation
public func PMIx_Data_array_free(_ p: UnsafeMutablePointer<pmix_data_array_t>!) {
    freeDataArray(p)
}

// MARK: - pmix_data_buffer_t

@c @implementation
public func PMIx_Data_buffer_construct(_ b: UnsafeMutablePointer<pmix_data_buffer_t>!) {
    Cell.construct(.dataBuffer, b)
}

@c @implementation
public func PMIx_Data_buffer_destruct(_ b: UnsafeMutablePointer<pmix_data_buffer_t>!) {
    Cell.destruct(.dataBuffer, b)
}

@c @implementation
public func PMIx_Data_buffer_create() -> UnsafeMutablePointer<pmix_data_buffer_t>! {
    Cell.create(.dataBuffer, 1)
}

@c @implementation
public func PMIx_Data_buffer_release(_ b: UnsafeMutablePointer<pmix_data_buffer_t>!) {
    Cell.freeArray(.dataBuffer, b, 1)
}

@c @implementation
public func PMIx_Data_buffer_load(
    _ b: UnsafeMutablePointer<pmix_data_buffer_t>!, _ bytes: UnsafeMutablePointer<CChar>!, _ sz: Int
) {
    var payload = pmix_byte_object_t(bytes: bytes, size: sz)
    _ = PMIx_Data_load(b, &payload)
}

@c @implementation
public func PMIx_Data_buffer_unload(
    _ b: UnsafeMutablePointer<pmix_data_buffer_t>!, _ bytes: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!,
    _ sz: UnsafeMutablePointer<Int>!
) {
    guard let bytes, let sz else { return }
    var payload = pmix_byte_object_t()
    _ = PMIx_Data_unload(b, &payload)
    bytes.pointee = payload.bytes
    sz.pointee = payload.size
}
