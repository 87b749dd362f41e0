// From Swift to C: the content into one zeroed cell, with malloc'd blocks for what it points to. Content that does not
// have the form of the type leaves the cell zero.
import Bytes
import CLibc
import CPMIx
import PMIxWire

extension Content {
    /// The 64 bits of a number, sign-extended; 0 for what is no number.
    fileprivate var bits: UInt64 {
        switch self {
        case .unsigned(let value): value
        case .signed(let value): UInt64(bitPattern: value)
        default: 0
        }
    }

    fileprivate var real: Double {
        if case .real(let value) = self { value } else { 0 }
    }
}

extension Cell {
    /// The content into a value's zeroed union.
    static func writeUnion(_ content: Content, _ type: DataType, at union: UnsafeMutableRawPointer) {
        switch place(type) {
        case .inline: write(content, type, at: union)
        case .nowhere: break
        case .boxed:
            // C code reads a namespace without asking whether there is one.
            if case .none = content, type != .procNamespace { return }
            // Nor is there an object where there is no topology: nobody could tell whose it was to free.
            if case .topology(let value) = content, value.xml == nil, value.address == 0 { return }
            guard let size = byteCount(type), let box = Memory.zeroed(1, size) else { return }
            write(content, type, at: box)
            union.storeBytes(of: box, as: UnsafeMutableRawPointer.self)
        }
    }

    static func write(_ content: Content, _ type: DataType, at cell: UnsafeMutableRawPointer) {
        switch type {
        case .bool: cell.storeBytes(of: content.bits == 0 ? 0 : 1, as: UInt8.self)
        case .float: cell.storeBytes(of: Float(content.real), as: Float.self)
        case .double: cell.storeBytes(of: content.real, as: Double.self)
        case .timeval:
            guard case .timeval(let seconds, let microseconds) = content else { return }
            cell.storeBytes(of: timeval(tv_sec: Int(seconds), tv_usec: Int(microseconds)), as: timeval.self)
        case .string:
            guard case .text(let text?) = content else { return }
            cell.storeBytes(of: text.newCString(), as: UnsafeMutablePointer<CChar>.self)
        case .procNamespace:
            guard case .text(let text?) = content else { return }
            text.fill(field: cell, most: Fields.nspaceMost)
        case .byteObject, .compressedString, .compressedByteObject, .regex:
            if case .bytes(let bytes) = content { store(bytes, at: cell) }
        default:
            // What is left has a struct of its own, or is a number by one of its many names.
            if isNumber(content) { number(content.bits, type, at: cell) } else { composite(content, type, at: cell) }
        }
    }

    private static func isNumber(_ content: Content) -> Bool {
        switch content {
        case .unsigned, .signed: true
        default: false
        }
    }

    private static func number(_ bits: UInt64, _ type: DataType, at cell: UnsafeMutableRawPointer) {
        guard place(type) == .inline else { return }
        switch byteCount(type) {
        case 1: cell.storeBytes(of: UInt8(truncatingIfNeeded: bits), as: UInt8.self)
        case 2: cell.storeBytes(of: UInt16(truncatingIfNeeded: bits), as: UInt16.self)
        case 4: cell.storeBytes(of: UInt32(truncatingIfNeeded: bits), as: UInt32.self)
        case 8: cell.storeBytes(of: bits, as: UInt64.self)
        default: break
        }
    }

    private static func composite(_ content: Content, _ type: DataType, at cell: UnsafeMutableRawPointer) {
        switch (type, content) {
        case (.value, .value(let value)): value.store(into: cell.assumingMemoryBound(to: pmix_value_t.self))
        case (.proc, .proc(let proc)): proc.store(into: cell.assumingMemoryBound(to: pmix_proc_t.self))
        case (.info, .info(let info)): info.store(into: cell.assumingMemoryBound(to: pmix_info_t.self))
        case (.pdata, .published(let data)): data.store(into: cell.assumingMemoryBound(to: pmix_pdata_t.self))
        case (.app, .app(let app)): app.store(into: cell.assumingMemoryBound(to: pmix_app_t.self))
        case (.query, .query(let query)): query.store(into: cell.assumingMemoryBound(to: pmix_query_t.self))
        case (.procInfo, .procInfo(let info)): info.store(into: cell.assumingMemoryBound(to: pmix_proc_info_t.self))
        case (.dataArray, .array(let array)): array.store(into: cell.assumingMemoryBound(to: pmix_data_array_t.self))
        case (.envar, .envar(let change)):
            let envar = pmix_envar_t(
                envar: change.name.newCString(), value: change.value.newCString(),
                separator: CChar(bitPattern: change.separator))
            cell.storeBytes(of: envar, as: pmix_envar_t.self)
        case (.dataBuffer, .bytes(let bytes)):
            guard let block = bytes.newBlock() else { return }
            let buffer = pmix_data_buffer_t(
                base_ptr: block, pack_ptr: block + bytes.count, unpack_ptr: block, bytes_allocated: bytes.count,
                bytes_used: bytes.count)
            cell.storeBytes(of: buffer, as: pmix_data_buffer_t.self)
        default: hardware(content, type, at: cell)
        }
    }

    static func store(_ bytes: [UInt8], at cell: UnsafeMutableRawPointer) {
        let block = bytes.newBlock()
        let object = pmix_byte_object_t(bytes: block, size: block == nil ? 0 : bytes.count)
        cell.storeBytes(of: object, as: pmix_byte_object_t.self)
    }
}

extension Value {
    /// Over whatever was there.
    func store(into value: UnsafeMutablePointer<pmix_value_t>) {
        memset(value, 0, MemoryLayout<pmix_value_t>.size)
        let union = UnsafeMutableRawPointer(value) + Fields.valueUnion
        if type == .infoArray {
            // The type has no struct any more; an array of infos is what took its place.
            value.pointee.type = DataType.dataArray.rawValue
            Cell.writeUnion(content, .dataArray, at: union)
            return
        }
        value.pointee.type = type.rawValue
        Cell.writeUnion(content, type, at: union)
    }

    func newC() -> UnsafeMutablePointer<pmix_value_t> {
        let value = Memory.block(MemoryLayout<pmix_value_t>.size).assumingMemoryBound(to: pmix_value_t.self)
        store(into: value)
        return value
    }
}

extension Proc {
    func store(into proc: UnsafeMutablePointer<pmix_proc_t>) {
        nspace.fill(field: proc, most: Fields.nspaceMost)
        proc.pointee.rank = rank.rawValue
    }
}

extension Info {
    func store(into info: UnsafeMutablePointer<pmix_info_t>) {
        let cell = UnsafeMutableRawPointer(info)
        key.fill(field: cell, most: Fields.keyMost)
        // The copy owns its value, whatever lent the first one.
        info.pointee.flags = flags & ~Info.persistent
        value.store(into: (cell + Fields.infoValue).assumingMemoryBound(to: pmix_value_t.self))
    }
}

extension PublishedValue {
    func store(into data: UnsafeMutablePointer<pmix_pdata_t>) {
        let cell = UnsafeMutableRawPointer(data)
        proc.store(into: cell.assumingMemoryBound(to: pmix_proc_t.self))
        key.fill(field: cell + Fields.publishedKey, most: Fields.keyMost)
        value.store(into: (cell + Fields.publishedValue).assumingMemoryBound(to: pmix_value_t.self))
    }
}

extension App {
    func store(into app: UnsafeMutablePointer<pmix_app_t>) {
        let (info, ninfo) = infos.newCArray()
        app.initialize(
            to: pmix_app_t(
                cmd: command.newCString(), argv: arguments.newArgv(), env: environment.newArgv(),
                cwd: directory.newCString(), maxprocs: processCount, info: info, ninfo: ninfo))
    }
}

extension Query {
    func store(into query: UnsafeMutablePointer<pmix_query_t>) {
        let (infos, count) = qualifiers.newCArray()
        query.initialize(to: pmix_query_t(keys: keys.newArgv(), qualifiers: infos, nqual: count))
    }
}

extension ProcInfo {
    func store(into info: UnsafeMutablePointer<pmix_proc_info_t>) {
        proc.store(into: UnsafeMutableRawPointer(info).assumingMemoryBound(to: pmix_proc_t.self))
        info.pointee.hostname = host.newCString()
        info.pointee.executable_name = executable.newCString()
        info.pointee.pid = Int32(bitPattern: pid)
        info.pointee.exit_code = exitCode
        info.pointee.state = state
    }
}

extension DataArray {
    func store(into array: UnsafeMutablePointer<pmix_data_array_t>) {
        array.initialize(to: pmix_data_array_t(type: type.rawValue, size: 0, array: nil))
        guard let stride = Cell.byteCount(type), let block = Memory.zeroed(elements.count, stride) else { return }
        for index in elements.indices {
            Cell.write(elements[index], type, at: block + index * stride)
        }
        array.pointee.array = block
        array.pointee.size = elements.count
    }
}
