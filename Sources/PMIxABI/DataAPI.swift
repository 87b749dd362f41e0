// Arrays, buffers and topologies that C code holds: loading and freeing. What is in a buffer: BufferAPI.swift.
import CLibc
import CPMIx
import PMIxWire

@c @implementation
public func PMIx_Data_array_destruct(_ d: UnsafeMutablePointer<pmix_data_array_t>!) {
    guard let d else { return }
    destructArray(d)
}

@c @implementation
public func PMIx_Data_load(
    _ buffer: UnsafeMutablePointer<pmix_data_buffer_t>!, _ payload: UnsafeMutablePointer<pmix_byte_object_t>!
) -> pmix_status_t {
    guard let buffer else { return PMIX_ERR_BAD_PARAM }
    guard let payload else { return PMIX_SUCCESS }
    free(buffer.pointee.base_ptr)
    buffer.initialize(to: pmix_data_buffer_t())
    if let base = payload.pointee.bytes, payload.pointee.size > 0 {
        let count = payload.pointee.size
        buffer.pointee = pmix_data_buffer_t(
            base_ptr: base, pack_ptr: base + count, unpack_ptr: base, bytes_allocated: count, bytes_used: count)
    } else {
        free(payload.pointee.bytes)
    }
    payload.initialize(to: pmix_byte_object_t())
    return PMIX_SUCCESS
}

@c @implementation
public func PMIx_Data_unload(
    _ buffer: UnsafeMutablePointer<pmix_data_buffer_t>!, _ payload: UnsafeMutablePointer<pmix_byte_object_t>!
) -> pmix_status_t {
    guard let buffer, let payload else { return PMIX_ERR_BAD_PARAM }
    payload.initialize(to: pmix_byte_object_t())
    let held = buffer.pointee
    let consumed = held.unpack_ptr.flatMap { next in held.base_ptr.map { next - $0 } } ?? 0
    let left = held.bytes_used - consumed
    if let base = held.base_ptr, consumed >= 0, left > 0 {
        if consumed > 0 {
            guard let copy = Memory.copy(base + consumed, left) else { return PMIX_ERR_NOMEM }
            payload.pointee.bytes = copy.assumingMemoryBound(to: CChar.self)
            free(base)
        } else {
            payload.pointee.bytes = base
        }
        payload.pointee.size = left
    } else {
        free(held.base_ptr)
    }
    buffer.initialize(to: pmix_data_buffer_t())
    return PMIX_SUCCESS
}

@c @implementation
public func PMIx_Topology_destruct(_ topo: UnsafeMutablePointer<pmix_topology_t>!) {
    guard let topo else { return }
    Hwloc.destroy(topology: topo)
}
