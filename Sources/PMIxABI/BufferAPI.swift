// Buffers that programs pack and unpack, and single objects copied and printed. The bytes are those of messages, so that a
// buffer can be read by a peer with any library. An array is given by the address of its first cell, with two exceptions that
// the API has from of old: a REGEX is given by its address, and a single STRING to copy or print by its own.
import Bytes
import CLibc
import CPMIx
import PMIxClient
import PMIxServer
import PMIxWire

/// The array behind a pointer of the API.
private enum Cells {
    static func stride(_ type: DataType) throws(Status) -> Int {
        if type == .regex { return MemoryLayout<UnsafeRawPointer>.stride }
        guard let stride = Cell.byteCount(type) else { throw .unknownDataType }
        return stride
    }

    static func read(_ type: DataType, at start: UnsafeRawPointer?, count: Int) throws(Status) -> [Content] {
        let stride = try stride(type)
        var contents: [Content] = []
        guard let start else { return contents }
        contents.reserveCapacity(count)
        for index in 0..<count { contents.append(try read(type, at: start + index * stride)) }
        return contents
    }

    private static func read(_ type: DataType, at cell: UnsafeRawPointer) throws(Status) -> Content {
        switch type {
        case .regex:
            guard let expression = cell.load(as: UnsafePointer<CChar>?.self) else { return .bytes([0]) }
            return .bytes([UInt8](copying: expression, count: Regex.byteCount(expression)))
        case .dataBuffer:
            // All of it travels, also what has been unpacked here.
            let buffer = cell.load(as: pmix_data_buffer_t.self)
            return .bytes([UInt8](copying: buffer.base_ptr, count: buffer.bytes_used))
        default: return try Cell.read(type, at: cell)
        }
    }

    /// Over whatever was there. Addresses do not travel: their places stay as they are.
    static func write(_ contents: [Content], _ type: DataType, at start: UnsafeMutableRawPointer) throws(Status) {
        let stride = try stride(type)
        if type == .pointer { return }
        for index in contents.indices {
            let cell = start + index * stride
            memset(cell, 0, stride)
            if type == .regex {
                guard case .bytes(let bytes) = contents[index] else { continue }
                cell.storeBytes(of: bytes.newBlock(), as: UnsafeMutablePointer<CChar>?.self)
            } else {
                Cell.write(contents[index], type, at: cell)
            }
        }
    }
}

// MARK: - Whose bytes

private struct Readers {
    /// How this process writes buffers for its like.
    let own: Dialect
    /// How whoever the buffer goes to, or comes from, does.
    let peer: Dialect

    /// NULL is oneself. Of other jobs the codec is known to their server, if to anybody.
    init(_ proc: UnsafePointer<pmix_proc_t>?) throws(Status) {
        let (client, server) = Library.shared.roles
        if let server {
            own = Dialect(integers: .flex, isDescribed: server.options.isDescribed)
        } else {
            own = client?.dialect ?? .server
        }
        guard let proc, let client else {
            peer = own
            return
        }
        let name = Proc(copying: proc)
        if name.nspace == client.identity.nspace || name.nspace == client.link?.server.nspace {
            peer = own
        } else {
            peer = Dialect(integers: try Readers.integers(of: name.nspace), isDescribed: own.isDescribed)
        }
    }

    private static func integers(of nspace: Namespace) throws(Status) -> Dialect.Integers {
        let status = Proc(nspace, .wildcard).lend { proc -> (pmix_status_t, UnsafeMutablePointer<pmix_value_t>?) in
            var found: UnsafeMutablePointer<pmix_value_t>?
            return (PMIx_Get(proc, staticText("pmix.bfrops.mod"), nil, 0, &found), found)
        }
        defer { destroyValue(status.1) }
        guard status.0 == PMIX_SUCCESS, let found = status.1, let name = try Value(copying: found).asText else {
            throw .notFound
        }
        let known = Dialect(module: name, isDescribed: false)
        return (known ?? Dialect(module: Release(parsing: name).module, isDescribed: false))?.integers ?? .flex
    }
}

// MARK: - Bytes of a buffer

private enum DataBuffer {
    static func unread(_ buffer: pmix_data_buffer_t) -> UnsafeRawBufferPointer {
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        guard let base = buffer.base_ptr, buffer.bytes_used > 0 else { return none }
        let consumed = buffer.unpack_ptr.map { $0 - base } ?? 0
        guard consumed >= 0, consumed < buffer.bytes_used else { return none }
        return UnsafeRawBufferPointer(start: base + consumed, count: buffer.bytes_used - consumed)
    }

    static func append(
        _ bytes: UnsafeRawBufferPointer, to buffer: UnsafeMutablePointer<pmix_data_buffer_t>
    ) throws(Status) {
        guard let start = bytes.baseAddress, bytes.count > 0 else { return }
        let held = buffer.pointee
        let used = held.base_ptr == nil ? 0 : held.bytes_used
        let consumed = held.base_ptr.flatMap { base in held.unpack_ptr.map { $0 - base } } ?? 0
        var base = held.base_ptr
        if base == nil || held.bytes_allocated < used + bytes.count {
            let room = max(used + bytes.count, max(128, held.bytes_allocated * 2))
            guard let block = realloc(base, room) else { throw .outOfResource }
            base = block.assumingMemoryBound(to: CChar.self)
            buffer.pointee.base_ptr = base
            buffer.pointee.bytes_allocated = room
        }
        guard let base else { throw .outOfResource }
        memcpy(base + used, start, bytes.count)
        buffer.pointee.bytes_used = used + bytes.count
        buffer.pointee.pack_ptr = base + used + bytes.count
        buffer.pointee.unpack_ptr = base + consumed
    }
}

@c @implementation
public func PMIx_Data_pack(
    _ target: UnsafePointer<pmix_proc_t>!, _ buffer: UnsafeMutablePointer<pmix_data_buffer_t>!,
    _ src: UnsafeMutableRawPointer!, _ num_vals: Int32, _ type: pmix_data_type_t
) -> pmix_status_t {
    guard let buffer, num_vals == 0 || src != nil && num_vals > 0 else { return PMIX_ERR_BAD_PARAM }
    return code { () throws(Status) in
        let readers = try Readers(target)
        guard let type = DataType(rawValue: type) else { throw .unknownDataType }
        var packer = Packer(readers.peer)
        packer.describesTopologies = true
        packer.items(type, try Cells.read(type, at: src, count: Int(num_vals)))
        var failure: Status?
        packer.bytes.withUnsafeBytes { bytes in
            do throws(Status) { try DataBuffer.append(bytes, to: buffer) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}

@c @implementation
public func PMIx_Data_unpack(
    _ source: UnsafePointer<pmix_proc_t>!, _ buffer: UnsafeMutablePointer<pmix_data_buffer_t>!,
    _ dest: UnsafeMutableRawPointer!, _ max_num_values: UnsafeMutablePointer<Int32>!, _ type: pmix_data_type_t
) -> pmix_status_t {
    guard let buffer, let dest, let max_num_values else { return PMIX_ERR_BAD_PARAM }
    return code { () throws(Status) in
        let readers = try Readers(source)
        let room = max_num_values.pointee
        guard room > 0 else { throw .inadequateSpace }
        max_num_values.pointee = 0
        guard let type = DataType(rawValue: type) else { throw .unknownDataType }
        _ = try Cells.stride(type)
        let unread = DataBuffer.unread(buffer.pointee)
        var unpacker = Unpacker(unread.bytes, readers.peer)
        defer {
            if let start = unread.baseAddress, let base = buffer.pointee.base_ptr {
                buffer.pointee.unpack_ptr = base + (start - UnsafeRawPointer(base)) + unpacker.reader.position
            }
        }
        let taken = try unpacker.take(type, atMost: Int(room))
        try Cells.write(taken.values, type, at: dest)
        max_num_values.pointee = Int32(clamping: taken.values.count)
        guard taken.isAll else { throw .inadequateSpace }
    }
}

@c @implementation
public func PMIx_Data_copy_payload(
    _ dest: UnsafeMutablePointer<pmix_data_buffer_t>!, _ src: UnsafeMutablePointer<pmix_data_buffer_t>!
) -> pmix_status_t {
    guard let dest, let src else { return PMIX_ERR_BAD_PARAM }
    return code { () throws(Status) in
        // A copy of its own, since the two may be one.
        let bytes = [UInt8](DataBuffer.unread(src.pointee))
        var failure: Status?
        bytes.withUnsafeBytes { bytes in
            do throws(Status) { try DataBuffer.append(bytes, to: dest) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}

@c @implementation
public func PMIx_Data_embed(
    _ buffer: UnsafeMutablePointer<pmix_data_buffer_t>!, _ payload: UnsafePointer<pmix_byte_object_t>!
) -> pmix_status_t {
    guard let buffer else { return PMIX_ERR_BAD_PARAM }
    free(buffer.pointee.base_ptr)
    buffer.initialize(to: pmix_data_buffer_t())
    guard let payload, let bytes = payload.pointee.bytes, payload.pointee.size > 0 else { return PMIX_SUCCESS }
    return code { () throws(Status) in
        try DataBuffer.append(UnsafeRawBufferPointer(start: bytes, count: payload.pointee.size), to: buffer)
    }
}

// MARK: - Copies

@c @implementation
public func PMIx_Data_copy(
    _ dest: UnsafeMutablePointer<UnsafeMutableRawPointer?>!, _ src: UnsafeMutableRawPointer!, _ type: pmix_data_type_t
) -> pmix_status_t {
    guard let dest, let src else { return PMIX_ERR_BAD_PARAM }
    return code { () throws(Status) in
        guard let type = DataType(rawValue: type) else { throw .unknownDataType }
        let text = src.assumingMemoryBound(to: CChar.self)
        let copy: UnsafeMutableRawPointer?
        switch type {
        case .string: copy = UnsafeMutableRawPointer(strdup(text))
        case .regex: copy = Memory.copy(src, Regex.byteCount(text))
        case .pointer: copy = Memory.copy(src, MemoryLayout<UnsafeRawPointer>.size)
        default:
            guard let size = Cell.byteCount(type) else { throw .unknownDataType }
            let content = try Cell.read(type, at: src)
            copy = Memory.zeroed(1, size)
            if let copy { Cell.write(content, type, at: copy) }
        }
        guard let copy else { throw .noMemory }
        dest.pointee = copy
    }
}

// MARK: - Compression

/// Shorter blocks are not worth it.
private let leastToCompress = 4096

@c @implementation
public func PMIx_Data_compress(
    _ inbytes: UnsafePointer<UInt8>!, _ size: Int, _ outbytes: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>!,
    _ nbytes: UnsafeMutablePointer<Int>!
) -> Bool {
    guard let inbytes, let outbytes, let nbytes else { return false }
    outbytes.pointee = nil
    nbytes.pointee = 0
    guard size >= leastToCompress, size <= Deflate.largest,
        let packed = try? Deflate.compress([UInt8](copying: inbytes, count: size)), packed.count < size
    else { return false }
    return hand(packed, outbytes, nbytes)
}

@c @implementation
public func PMIx_Data_decompress(
    _ inbytes: UnsafePointer<UInt8>!, _ size: Int, _ outbytes: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>!,
    _ nbytes: UnsafeMutablePointer<Int>!
) -> Bool {
    guard let inbytes, let outbytes, let nbytes else { return false }
    outbytes.pointee = nil
    nbytes.pointee = 0
    guard size > 0, let original = try? Deflate.decompress([UInt8](copying: inbytes, count: size)) else { return false }
    return hand(original, outbytes, nbytes)
}

private func hand(
    _ bytes: [UInt8], _ block: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, _ count: UnsafeMutablePointer<Int>
) -> Bool {
    guard let copy = bytes.newBlock() else { return false }
    block.pointee = UnsafeMutableRawPointer(copy).assumingMemoryBound(to: UInt8.self)
    count.pointee = bytes.count
    return true
}
