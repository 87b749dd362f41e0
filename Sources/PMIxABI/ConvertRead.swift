// From C to Swift: the content of one cell.
import Bytes
import CLibc
import CPMIx
import PMIxWire

extension Cell {
    /// The content of a value's union; NULL behind a boxed type is no content.
    static func readUnion(_ type: DataType, at union: UnsafeRawPointer) throws(Status) -> Content {
        switch place(type) {
        case .inline: return try read(type, at: union)
        case .nowhere: throw .unknownDataType
        case .boxed:
            guard let box = union.load(as: UnsafeRawPointer?.self) else { return .none }
            return try read(type, at: box)
        }
    }

    static func read(_ type: DataType, at cell: UnsafeRawPointer) throws(Status) -> Content {
        switch type {
        case .undefined: return .none
        case .bool: return .unsigned(cell.load(as: UInt8.self) == 0 ? 0 : 1)
        case .byte, .uint8, .persistence, .scope, .dataRange, .command, .procState, .allocDirective, .jobState,
            .linkState, .resourceBlockDirective:
            return .unsigned(UInt64(cell.load(as: UInt8.self)))
        case .uint16, .dataType, .iofChannel, .localityType, .storageAccessType:
            return .unsigned(UInt64(cell.load(as: UInt16.self)))
        case .uint, .uint32, .pid, .procRank, .infoDirectives: return .unsigned(UInt64(cell.load(as: UInt32.self)))
        case .size, .uint64, .time, .pointer, .deviceType, .storageMedium, .storageAccess, .storagePersistence:
            return .unsigned(cell.load(as: UInt64.self))
        case .int8: return .signed(Int64(cell.load(as: Int8.self)))
        case .int16: return .signed(Int64(cell.load(as: Int16.self)))
        case .int, .int32, .status: return .signed(Int64(cell.load(as: Int32.self)))
        case .int64: return .signed(cell.load(as: Int64.self))
        case .float: return .real(Double(cell.load(as: Float.self)))
        case .double: return .real(cell.load(as: Double.self))
        case .timeval:
            let time = cell.load(as: timeval.self)
            return .timeval(seconds: Int64(time.tv_sec), microseconds: Int64(time.tv_usec))
        case .string: return .text(Text(copying: cell.load(as: UnsafePointer<CChar>?.self)))
        case .procNamespace: return .text(Text(field: cell, most: Fields.nspaceMost))
        case .byteObject, .compressedString, .compressedByteObject: return .bytes(bytes(at: cell))
        case .regex: return .bytes(Regex.terminated(bytes(at: cell)))
        default: return try composite(type, at: cell)
        }
    }

    private static func composite(_ type: DataType, at cell: UnsafeRawPointer) throws(Status) -> Content {
        switch type {
        case .value: return .value(try Value(copying: cell.assumingMemoryBound(to: pmix_value_t.self)))
        case .proc: return .proc(Proc(copying: cell.assumingMemoryBound(to: pmix_proc_t.self)))
        case .info: return .info(try Info(copying: cell.assumingMemoryBound(to: pmix_info_t.self)))
        case .pdata: return .published(try PublishedValue(copying: cell.assumingMemoryBound(to: pmix_pdata_t.self)))
        case .app: return .app(try App(copying: cell.assumingMemoryBound(to: pmix_app_t.self)))
        case .query: return .query(try Query(copying: cell.assumingMemoryBound(to: pmix_query_t.self)))
        case .procInfo: return .procInfo(ProcInfo(copying: cell.assumingMemoryBound(to: pmix_proc_info_t.self)))
        case .dataArray: return .array(try DataArray(copying: cell.assumingMemoryBound(to: pmix_data_array_t.self)))
        case .envar:
            let envar = cell.load(as: pmix_envar_t.self)
            return .envar(
                EnvironmentChange(
                    name: Text(copying: envar.envar), value: Text(copying: envar.value),
                    separator: UInt8(bitPattern: envar.separator)))
        case .dataBuffer: return .bytes(unread(cell.load(as: pmix_data_buffer_t.self)))
        default: return try hardware(type, at: cell)
        }
    }

    static func bytes(at cell: UnsafeRawPointer) -> [UInt8] {
        let object = cell.load(as: pmix_byte_object_t.self)
        return [UInt8](copying: object.bytes, count: object.size)
    }

    /// What unpacking has not consumed yet: positions mean nothing outside the buffer.
    private static func unread(_ buffer: pmix_data_buffer_t) -> [UInt8] {
        guard let base = buffer.base_ptr else { return [] }
        let consumed = buffer.unpack_ptr.map { $0 - base } ?? 0
        guard consumed >= 0 else { return [] }
        return [UInt8](copying: base + consumed, count: buffer.bytes_used - consumed)
    }
}

/// A regular expression of nodes or processes carries its own framing: text up to a NUL, or `blob` NUL, the name of a
/// component NUL, the decimal size of what follows, a colon, and so many bytes.
enum Regex {
    private static let blob = Array("blob\0".utf8)

    /// With the NUL that the wire form needs and that callers do not always count.
    static func terminated(_ bytes: [UInt8]) -> [UInt8] {
        bytes.isEmpty || bytes.starts(with: blob) || bytes.contains(0) ? bytes : bytes + [0]
    }

    /// How many bytes an expression has that is given by its address alone.
    static func byteCount(_ expression: UnsafePointer<CChar>) -> Int {
        let head = strlen(expression) + 1
        guard head == blob.count, memcmp(expression, blob, blob.count) == 0 else { return head }
        var end = head + strlen(expression + head) + 1
        var size = 0
        while (0x30...0x39).contains(UInt8(bitPattern: expression[end])), size < 1 << 32 {
            size = size * 10 + Int(UInt8(bitPattern: expression[end]) - 0x30)
            end += 1
        }
        return UInt8(bitPattern: expression[end]) == UInt8(ascii: ":") ? end + 1 + size : head
    }
}

extension Proc {
    init(copying proc: UnsafePointer<pmix_proc_t>) {
        let cell = UnsafeRawPointer(proc)
        let rank = cell.load(fromByteOffset: Fields.procRank, as: UInt32.self)
        self.init(Text(field: cell, most: Fields.nspaceMost), Rank(rank))
    }
}

extension Info {
    init(copying info: UnsafePointer<pmix_info_t>) throws(Status) {
        let cell = UnsafeRawPointer(info)
        let value = (cell + Fields.infoValue).assumingMemoryBound(to: pmix_value_t.self)
        self.init(Text(field: cell, most: Fields.keyMost), try Value(copying: value), flags: info.pointee.flags)
    }
}

extension PublishedValue {
    init(copying data: UnsafePointer<pmix_pdata_t>) throws(Status) {
        let cell = UnsafeRawPointer(data)
        let value = (cell + Fields.publishedValue).assumingMemoryBound(to: pmix_value_t.self)
        self.init(
            proc: Proc(copying: cell.assumingMemoryBound(to: pmix_proc_t.self)),
            key: Text(field: cell + Fields.publishedKey, most: Fields.keyMost), value: try Value(copying: value))
    }
}

extension App {
    init(copying app: UnsafePointer<pmix_app_t>) throws(Status) {
        self.init()
        let source = app.pointee
        command = Text(copying: source.cmd)
        arguments = [Text](argv: source.argv)
        environment = [Text](argv: source.env)
        directory = Text(copying: source.cwd)
        processCount = source.maxprocs
        infos = try [Info](copying: source.info, count: source.ninfo)
    }
}

extension Query {
    init(copying query: UnsafePointer<pmix_query_t>) throws(Status) {
        let source = query.pointee
        self.init(
            keys: [Text](argv: source.keys), qualifiers: try [Info](copying: source.qualifiers, count: source.nqual))
    }
}

extension ProcInfo {
    init(copying info: UnsafePointer<pmix_proc_info_t>) {
        self.init(
            proc: Proc(copying: UnsafeRawPointer(info).assumingMemoryBound(to: pmix_proc_t.self)),
            host: Text(copying: info.pointee.hostname), executable: Text(copying: info.pointee.executable_name),
            pid: UInt32(bitPattern: info.pointee.pid), state: info.pointee.state)
        exitCode = info.pointee.exit_code
    }
}

extension DataArray {
    /// N.B. an array without elements keeps even a type that nobody knows out of the way: it becomes UNDEF.
    init(copying array: UnsafePointer<pmix_data_array_t>) throws(Status) {
        let source = array.pointee
        let type = DataType(rawValue: source.type)
        guard let start = source.array, source.size > 0 else {
            self.init(type ?? .undefined, [])
            return
        }
        guard let type, let stride = Cell.byteCount(type) else { throw .unknownDataType }
        var elements: [Content] = []
        elements.reserveCapacity(Swift.min(source.size, 4096))
        for index in 0..<source.size {
            elements.append(try Cell.read(type, at: UnsafeRawPointer(start) + index * stride))
        }
        self.init(type, elements)
    }
}
